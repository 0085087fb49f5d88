import OpenID

/// What a run waits for now, and what the person can do about it.
public enum Situation: Sendable, Equatable {
  /// Nothing has been started.
  case idle
  /// A stage is done; ``FlowEvent/advanced`` runs this one.
  case ready(next: Stage)
  /// Work is under way that does not need the person.
  case busy(Stage, Work)
  /// The built-in browser shows a page with a form for the person.
  case pageShown(Stage, BrowserPage)
  /// A real browser has the request until the callback, since and until these times.
  case browserAway(Stage, since: UnixTime, until: UnixTime)
  /// Every stage was run, or correctly skipped.
  case finished
  /// The run stopped.
  case failed(Stage, FlowFailure)

  /// What is under way.
  public enum Work: String, Sendable, Equatable {
    case openingListener, fetchingMetadata, fetchingKeys, openingBrowser, loadingPage
    case submittingForm, examiningCallback, exchangingCode, readingLedger, examiningTokens
    case callingAPI, callingUserinfo, signing, pushingRequest
    case refreshing, introspecting, revoking, signingOut
  }

  /// The stage that a screen should show when it follows the run.
  public var stage: Stage? {
    switch self {
    case .idle, .finished: nil
    case .ready(let next): next.previous
    case .busy(let stage, _), .pageShown(let stage, _), .browserAway(let stage, _, _),
      .failed(let stage, _):
      stage
    }
  }
}
