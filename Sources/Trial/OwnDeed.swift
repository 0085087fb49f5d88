import HybridFlow
import OpenID

/// What the honest logins show of an application's own messages.
///
/// These faults of the lab are an application's own: nobody needs to commit them, only to look.
struct OwnDeed: Sendable {
  /// Judges the honest logins: both visits, the second one later.
  let judge: @Sendable (_ traits: ApplicationTraits, _ visits: [Visit]) -> TrialVerdict

  /// By the name of the fault.
  static let all: [String: OwnDeed] = [
    "no-nonce": OwnDeed { traits, _ in
      traits.request["nonce"] == nil
        ? .letThrough("its request has no nonce") : .caught("its request has a nonce")
    },
    "guessable-nonce": OwnDeed { _, visits in fresh("nonce", visits) },
    "guessable-state": OwnDeed { _, visits in fresh("state", visits) },
    "no-pkce": OwnDeed { traits, _ in
      switch traits.request["code_challenge_method"] {
      case "S256"? where traits.usesPKCE: .caught("its request has a code challenge with S256")
      case _ where traits.usesPKCE: .letThrough("its code challenge is the verifier itself")
      default: .letThrough("its request has no code challenge")
      }
    },
    "openid-not-asked-for": OwnDeed { traits, _ in
      (traits.request["scope"] ?? "").split(at: " ").contains("openid")
        ? .caught("its request asks for openid")
        : .letThrough("its request does not ask for openid")
    },
    "query-asked-for": OwnDeed { traits, _ in
      traits.request["response_mode"] == "query"
        ? .letThrough("it asks for the answer in the query")
        : .caught("it does not ask for a query")
    },
    "jarm-query-with-id-token": OwnDeed { traits, _ in
      traits.request["response_mode"] == ResponseMode.queryJWT.rawValue
        ? .letThrough("it asks for the answer in the query, signed but readable")
        : .caught("it does not ask for a JWT in the query")
    },
    "token-in-url": OwnDeed { _, visits in
      let calls = visits.flatMap(\.tenant.calls)
      if calls.isEmpty { return .notApplicable("no call with an access token was seen") }
      return calls.contains(where: \.isInURL)
        ? .letThrough("it sends the access token in an address")
        : .caught("no access token stood in an address")
    },
    "sends-code-twice": OwnDeed { _, visits in
      if visits.allSatisfy({ $0.tenant.codeExchanges.isEmpty }) {
        return .notApplicable("your application does not redeem the code")
      }
      return visits.contains { $0.tenant.sendsCodeTwice }
        ? .letThrough("it sent the same code twice") : .caught("each code was sent once")
    },
  ]

  /// A value of 128 random bits has 22 characters or more in every common spelling.
  private static let characters = 22
  /// With fewer characters than this, a value has fewer than 64 bits, which can be tried out.
  private static let fewestCharacters = 11

  private static func fresh(_ name: String, _ visits: [Visit]) -> TrialVerdict {
    let values = visits.compactMap { $0.tenant.authorizations.last?[name] }
    guard values.count == visits.count, let shortest = values.map(\.utf8.count).min() else {
      return .notApplicable("its request has no \(name)")
    }
    if Set(values).count < values.count {
      return .letThrough("its \(name) is the same in every login")
    }
    guard shortest >= characters else {
      let why = "its \(name) has \(shortest) characters, fewer than 128 random bits have"
      return shortest < fewestCharacters
        ? .letThrough(why) : .notApplicable("\(why), and too many to be guessed: longer is better")
    }
    return .caught("its \(name) is another one each time, and \(shortest) characters long or more")
  }
}

extension TenantSighting {
  /// Whether one code came to the token endpoint more than once.
  var sendsCodeTwice: Bool {
    let codes = codeExchanges.compactMap { $0.fields["code"] }
    return Set(codes).count < codes.count
  }
}
