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

extension Transcript {
  /// Who caused the run, or an action after it, to go wrong; nil when it did not.
  ///
  /// The failure alone tells only how it was noticed. This also uses what was done on purpose: by
  /// the lab, or by a person who edited a request.
  public var blame: Blame? {
    guard let failure = firstFailure else { return nil }
    switch failure {
    case .person(.declined), .person(.abandoned), .environment(.listener), .environment(.signing):
      return failure.blame
    case .provider, .environment(.transport), .environment(.answerRefused), .person(.noCallback):
      return culprit ?? failure.blame
    }
  }

  private var culprit: Blame? {
    // Only the application sends a code after a check of the response has failed.
    if firstFailure?.failedChecks.contains(.noExchangeBeforeFrontOK) == true {
      return .application
    }
    if let tampering, newestStage >= tampering.stage { return tampering.culprit }
    if case .environment = firstFailure { return nil }
    if stages.contains(where: { $0.draft?.isEdited == true && $0.endedAt != nil }) {
      return .application
    }
    let isLate = self[.verify].serverChecks.contains {
      $0.id == "code-unexpired" && $0.passed == false
    }
    return isLate ? .person : nil
  }
}

extension Tampering {
  /// Who changes the message: the attacker if the browser brings it, else its sender.
  var culprit: Blame {
    switch from {
    case .browser: .attacker
    case .application: .application
    case .authorizationServer, .api: .provider
    }
  }
}
