import HybridFlow
import OpenID
import TextUI

/// Where the answer to the question of a stage stands: a view, and a place in it.
struct StageAnswer: Sendable, Equatable {
  /// A place that a view can open at.
  enum Place: Sendable, Equatable {
    /// The beginning of the view.
    case beginning
    /// The values that were just made, and who holds them.
    case values
    /// The parameters of the authorize URL.
    case parameters
    /// The request that brings the answer.
    case answer
    /// What proves who the client is.
    case credentials
    /// What the tenant verified.
    case ledger
    /// What an API answered.
    case body
  }
  var view: DetailView
  var place: Place

  init(_ view: DetailView, _ place: Place = .beginning) { (self.view, self.place) = (view, place) }

  /// The answer to the question in the lesson of a stage.
  static func answer(of stage: Stage) -> StageAnswer {
    switch stage {
    // What must the application remember?
    case .login: StageAnswer(.decoded, .values)
    // Which parameters protect the answer?
    case .authorize: StageAnswer(.wire, .parameters)
    // What can the application see of the login page? Whose page it is stands over it.
    case .prompt: StageAnswer(.page)
    // What does the consent page ask?
    case .authenticate: StageAnswer(.page)
    // Who sends this request?
    case .callback: StageAnswer(.wire, .answer)
    // Why is the code not enough?
    case .exchange: StageAnswer(.wire, .credentials)
    // Which checks would you make?
    case .verify: StageAnswer(.decoded, .ledger)
    // Why look at another ID token?
    case .tokens: StageAnswer(.compare)
    // Which token goes to the API, and how?
    case .api: StageAnswer(.wire, .credentials)
    // What is left for the API?
    case .data: StageAnswer(.decoded, .body)
    }
  }
}

extension ExplorerModel {
  /// Turns to the view in which the question of a stage is answered; it opens there.
  mutating func turn(toAnswerOf stage: Stage) {
    let answer = StageAnswer.answer(of: stage)
    scrolls[ScrollKey(pane: .detail, stage: stage, view: answer.view)] = nil
    focus = .detail
    view = answer.view
  }
}

extension Reader {
  /// Whether a place is the answer to the question that was asked about this stage.
  func answers(_ place: StageAnswer.Place) -> Bool {
    model.isPresenting && !isAction && StageAnswer.answer(of: stage).place == place
  }
}
