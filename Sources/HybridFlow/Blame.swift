/// Who caused a run to go wrong.
public enum Blame: String, Sendable, Equatable, CaseIterable {
  /// What was configured here, or registered at the provider for this client.
  case settings
  /// The application broke a rule: a request was edited by hand, or the lab made it err.
  case application
  /// The lab's attacker, in the browser or on the way from it.
  case attacker
  /// The provider breaks a promise or a specification.
  case provider
  /// Network, TLS, proxy, clock or port.
  case environment
  /// The person declined, gave up, did not come back or waited too long.
  case person

  /// In words, for people.
  public var words: String {
    switch self {
    case .settings: "the settings, here or at the provider for this client"
    case .application: "the application: it broke a rule"
    case .attacker: "the attacker"
    case .provider: "the provider"
    case .environment: "the machine or the network"
    case .person: "the person, who declined or let too much time pass"
    }
  }
}

extension Blame {
  /// In two or three words, for the corner of a card.
  public var short: String {
    switch self {
    case .settings: "your settings"
    case .application: "the application"
    case .attacker: "an attacker"
    case .provider: "the provider"
    case .environment: "machine or network"
    case .person: "the person"
    }
  }
}

extension Transcript {
  /// Who made the run, or an action after it, go wrong on purpose: by the lab, or by a request that
  /// was edited; nil when nobody did, and for a failure that has nothing to do with it.
  public var culprit: Blame? {
    guard let failure = firstFailure else { return nil }
    switch failure {
    case .person(.declined), .person(.abandoned), .environment(.listener), .environment(.signing),
      .application:
      return nil
    case .provider, .environment(.transport), .environment(.answerRefused), .person(.noCallback):
      break
    }
    // Only the application sends a code after a check of the response has failed.
    if failure.failedChecks.contains(.noExchangeBeforeFrontOK) { return .application }
    if let tampering, newestStage >= tampering.stage { return tampering.culprit }
    if case .environment = failure { return nil }
    if stages.contains(where: { $0.draft?.isEdited == true && $0.endedAt != nil }) {
      return .application
    }
    let isLate = self[.verify].serverChecks.contains {
      $0.id == "code-unexpired" && $0.passed == false
    }
    return isLate ? .person : nil
  }
}
