import DemoTenant
import HybridFlow

/// Who commits a fault.
public enum Culprit: Sendable, Equatable {
  /// An attacker on the way of the changed message.
  case attacker
  /// One of the parties itself, and what is the matter with it: `broken`, `careless`.
  case party(Actor, String)
}

extension Culprit {
  /// The one word of a verdict.
  var blame: Blame {
    switch self {
    case .attacker: .attacker
    case .party(.browser, _): .person
    case .party(.application, _): .application
    case .party(.authorizationServer, _), .party(.api, _): .provider
    }
  }
}

extension LabFault {
  /// Who commits it.
  public var culprit: Culprit {
    if let blaming { return blaming }
    return switch deed {
    // Nobody attacks here: a click too many sends the form twice.
    case .attacker(.sentTwice): .party(.browser, "impatient")
    case .attacker: .attacker
    case .application: .party(.application, "careless")
    case .tenant(let actions):
      if actions.contains(where: \.needsNoKeyOfTheTenant) {
        .attacker
      } else if actions.contains(where: { if case .codeDelay = $0 { true } else { false } }) {
        .party(.application, "slow")
      } else {
        .party(.authorizationServer, "broken")
      }
    }
  }

  /// Whether every message stays as it is: only its time is another, or what is made of it.
  public var changesNoMessage: Bool {
    if case .application(let mistakes) = deed, mistakes.contains(where: \.isAboutAccounts) {
      return true
    }
    return culprit == .party(.application, "slow")
  }

  /// Who commits it, in a word or two.
  public var who: String {
    switch culprit {
    case .party(.browser, _): "an impatient person"
    case .party(.application, let how): "a \(how) application"
    case .party(_, let how): "a \(how) server"
    case .attacker:
      if case .tenant = deed { "an attacker on the way" } else { "an attacker in the browser" }
    }
  }
}

extension TenantAction {
  /// Whether an attacker on the way does it: a token written anew without the tenant's key.
  ///
  /// The lab's tenant carries it out for the attacker, because it can hand out such a token.
  fileprivate var needsNoKeyOfTheTenant: Bool {
    let trick: SignatureTrick?
    switch self {
    case .signature(_, let found): trick = found
    case .signedUserinfo(let found, _): trick = found
    case .encryption(_, let found): return found.needsNoKeyOfTheTenant
    case .claims, .header, .text, .answer, .answerWhere, .answerMode, .document, .response, .keys,
      .logoutAnswer, .sameAccessToken, .codeDelay, .loginRepeated:
      trick = nil
    }
    return switch trick {
    case .stranger, .unknownKey, .embeddedKey, .keyAsName, .name, .empty, .unsigned,
      .publicKeyAsSecret, .editedAfterwards:
      true
    case .flippedBit, .otherAlgorithm, nil: false
    }
  }
}

extension EncryptionTrick {
  /// The key for encrypting is public, and whoever carries the token can change its parts.
  fileprivate var needsNoKeyOfTheTenant: Bool {
    switch self {
    case .bareClaims, .flippedTag, .headerAfterwards, .keyPart, .pointOffCurve: true
    case .none, .header, .packed, .password, .rsa15, .signingKey: false
    }
  }
}
