import HybridFlow
import OpenID
import TextUI

/// The place of the answer to a stage's question: a view, and a place in it.
struct StageAnswer: Sendable, Equatable {
  /// A place that a view can open at.
  enum Place: Sendable, Equatable {
    /// The beginning of the view.
    case beginning
    /// The new values and their holders.
    case values
    /// The parameters of the authorize URL.
    case parameters
    /// The request with the authorization response.
    case answer
    /// The client's or the token's proof in a request.
    case credentials
    /// The tenant's checks.
    case ledger
    /// The body of an API's response.
    case body
  }
  var view: DetailView
  var place: Place

  init(_ view: DetailView, _ place: Place = .beginning) { (self.view, self.place) = (view, place) }

  /// The place of the answer to a stage's question.
  static func answer(of stage: Stage) -> StageAnswer {
    switch stage {
    // What must the application remember?
    case .login: StageAnswer(.decoded, .values)
    // Which parameters protect the answer?
    case .authorize: StageAnswer(.wire, .parameters)
    // What can the application see of the login page? Its owner is named above it.
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
  /// Shows the view that answers the question of a stage, and opens it there.
  mutating func turn(toAnswerOf stage: Stage) {
    let answer = StageAnswer.answer(of: stage)
    scrolls[ScrollKey(pane: .detail, stage: stage, view: answer.view)] = nil
    focus = .detail
    view = answer.view
  }
}

extension Reader {
  /// Whether a place answers the question of this stage.
  func answers(_ place: StageAnswer.Place) -> Bool {
    model.isPresenting && !isAction && StageAnswer.answer(of: stage).place == place
  }
}
