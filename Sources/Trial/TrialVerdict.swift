import HybridFlow
import Lab

/// What became of one fault at the application.
public enum TrialVerdict: Sendable, Equatable {
  /// Nobody was signed in, and what must not be sent was not sent; of what is harmless: somebody was
  /// signed in.
  case caught(String)
  /// The application went on where it had to stop, or stopped where it had to go on.
  case letThrough(String)
  /// What was seen allows no verdict.
  case unclear(String)
  /// The fault says nothing about this application, or could not be tried.
  case notApplicable(String)

  /// The word of `--json`.
  public var word: String {
    switch self {
    case .caught: "caught"
    case .letThrough: "let_through"
    case .unclear: "unclear"
    case .notApplicable: "not_applicable"
    }
  }

  /// Why, in a sentence without its full stop.
  public var why: String {
    switch self {
    case .caught(let why), .letThrough(let why), .unclear(let why), .notApplicable(let why): why
    }
  }
}

/// One fault, and what became of it.
public struct TrialResult: Sendable {
  /// The fault.
  public let fault: LabFault
  /// The stage at which it must be caught.
  public let stage: Stage
  /// What became of it.
  public let verdict: TrialVerdict
  /// What was seen, each in a line without a full stop.
  public let seen: [String]
  /// How long it took, in seconds.
  public let seconds: Double
}
