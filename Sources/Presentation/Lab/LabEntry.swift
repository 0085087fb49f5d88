import HybridFlow
import Lab
import OpenID

/// A fault as the explorer shows it: in a run of one response type.
@dynamicMemberLookup
public struct LabEntry: Sendable, Equatable {
  private let fault: LabFault
  /// The stage where it must be caught.
  public let stage: Stage

  /// Makes the entry of a fault; a type to which it does not apply gives way to its own.
  public init(_ fault: LabFault, for type: ResponseType) {
    self.fault = fault
    stage = fault.stage(for: fault.shown(with: type))
  }

  /// What the fault says of itself.
  public subscript<Value>(dynamicMember member: KeyPath<LabFault, Value>) -> Value {
    fault[keyPath: member]
  }

  /// A fault is one row of the table, known by its name.
  public static func == (left: LabEntry, right: LabEntry) -> Bool {
    left.id == right.id && left.stage == right.stage
  }

  /// The rank of the match with lower-case words, the lowest first; nil without a match.
  func fit(_ words: String) -> Int? { fault.rank(matching: words) }

  /// The checks that are switched off with it, because the fault breaks their rules too.
  public var companions: [String] { fault.companions.map(\.rawValue).sorted() }

  /// All checks that are switched off together, the main one first.
  public var switched: [String] { [fault.caughtBy] + companions }

  /// The actions after the flow, if the fault shows only there; in words.
  public var afterwards: [String] { fault.then.map(\.title) }

  /// Where it must be caught, in words.
  public var place: String {
    guard let last = afterwards.last else { return "at stage \(stage.number)" }
    return "after the flow, \u{201C}\(last)\u{201D},"
  }

  /// Whether the fault is a code that arrives too late.
  var breaksCodeClock: Bool { fault.caughtBy == "code-unexpired" }

  /// How an application that obeys the check reacts.
  var rightReaction: String {
    let failed = "\(fault.caughtBy) fails, and it "
    guard afterwards.isEmpty else {
      return failed
        + "discards the answer: the sign-in stays what it was, and no new token is used."
    }
    return switch stage {
    case .login:
      failed + "stops before the browser leaves: nobody signs in at a provider set up like this."
    case .authorize: failed + "does not send the request at all."
    case .prompt, .authenticate, .callback:
      failed + "refuses the answer: no token of it is used, and the code never leaves."
    case .exchange: failed + "does not send the request: the code stays at home."
    case .verify, .tokens:
      failed + "throws all tokens of the answer away: nobody is signed in, and no API is called."
    case .api: failed + "does not call the API like this."
    case .data: failed + "throws the answer away and shows nothing of it."
    }
  }
}

extension Lab {
  /// The explorer's entries of all faults.
  public static func entries(for type: ResponseType) -> [LabEntry] {
    faults.map { LabEntry($0, for: type) }
  }
}
