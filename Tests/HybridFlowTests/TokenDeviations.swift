import Cryptography
import HybridFlow
import OpenID
import Testing

/// One deviation for each rule of an ID token, in the first one or in the second.
enum TokenDeviations {
  /// What is wrong with a token, and what else breaks with it in the second one.
  struct Flaw: Sendable {
    enum Change: Sendable {
      case claims(HonestProvider.Edit<JSONValue>)
      case header(HonestProvider.Edit<JSONValue>)
      case text(HonestProvider.Edit<String>)
      case both(Deviation.Change)
    }
    let name: String
    let complaints: Set<CheckID>
    /// Further rules of the second token that speak of the same claim.
    let alsoBehind: Set<CheckID>
    /// The same, when there was a first token to compare with.
    let alsoSecond: Set<CheckID>
    let isWarning: Bool
    let change: Change

    init(
      _ name: String, _ complaints: Set<CheckID>, behind: Set<CheckID> = [],
      second: Set<CheckID> = [], isWarning: Bool = false, _ change: Change
    ) {
      self.name = name
      self.complaints = complaints
      alsoBehind = behind
      alsoSecond = second
      self.isWarning = isWarning
      self.change = change
    }
  }

  static let flaws: [Flaw] = [
    Flaw("two segments", [.idTokenStructure], .text { $0 = "e30.e30" }),
    Flaw("encrypted", [.idTokenStructure], .text { $0 += ".e30.e30" }),
    Flaw("padded base64url", [.idTokenStructure], .text { $0 += "=" }),
    Flaw(
      "alg none and no signature", [.idTokenAlgNone],
      .text { $0 = try unsigned($0, header: ["alg": "none"]) }),
    Flaw(
      "alg NONE and no signature", [.idTokenAlgNone],
      .text { $0 = try unsigned($0, header: ["alg": "NONE"]) }),
    Flaw(
      "HS256 with the public key as secret", [.idTokenAlgAllowlist],
      .text { $0 = try confused($0) }),
    Flaw(
      "another algorithm of the same key", [.idTokenAlgAllowlist],
      .header { $0.set("alg", "PS256") }),
    Flaw(
      "a claim that is true or false is another word", [.idTokenBooleans], isWarning: true,
      .claims { $0.set("email_verified", "yes") }),
    Flaw("crit names an extension", [.idTokenCrit], .header { $0.set("crit", ["b64"]) }),
    Flaw(
      "the header brings a key", [.idTokenNoRemoteKey],
      .header { $0.set("jwk", try TestKeys.other().publicJWK.json) }),
    Flaw(
      "the header points to keys", [.idTokenNoRemoteKey],
      .header { $0.set("jku", "https://evil.example/jwks.json") }),
    Flaw("kid is a number", [.idTokenStructure], .header { $0.set("kid", 5) }),
    Flaw(
      "kid is an address", [.idTokenNoRemoteKey, .idTokenKidKnown],
      .header { $0.set("kid", "https://evil.example/jwks.json") }),
    Flaw(
      "kid is a path", [.idTokenNoRemoteKey, .idTokenKidKnown],
      .header { $0.set("kid", "/etc/passwd") }),
    Flaw(
      "kid is a key", [.idTokenNoRemoteKey, .idTokenKidKnown],
      .header { $0.set("kid", .string(try TestKeys.other().publicJWK.json.compactText)) }),
    Flaw(
      "the header says another sub", [.idTokenHeaderClaims],
      .header { $0.set("sub", "somebody-else") }),
    Flaw(
      "the header says another time", [.idTokenHeaderClaims],
      .header { $0.set("iat", 5) }),
    Flaw("kid is null", [.idTokenStructure], .header { $0.set("kid", .null) }),
    Flaw("typ is an array", [.idTokenStructure], .header { $0.set("typ", ["JWT"]) }),
    Flaw(
      "typ is that of an access token", [.idTokenTyp], isWarning: true,
      .header { $0.set("typ", "at+jwt") }),
    Flaw(
      "typ is that of a logout token, written out", [.idTokenTyp], isWarning: true,
      .header { $0.set("typ", "application/LOGOUT+JWT") }),
    Flaw("kid is unknown", [.idTokenKidKnown], .header { $0.set("kid", "key-9") }),
    Flaw(
      "signed by a stranger under our kid", [.idTokenSignature],
      .both { _, provider in
        provider.frontKey = try TestKeys.other().withAlgorithm(.rs256, keyID: "key-1")
        provider.backKey = provider.frontKey
      }),
    Flaw("one bit of the signature", [.idTokenSignature], .text { $0 = flipped($0) }),
    Flaw(
      "iss with one character more", [.idTokenIss], second: [.secondIDTokenIss],
      .claims { $0.append("iss", "1") }),
    Flaw(
      "iss is missing", [.idTokenIssPresent], second: [.secondIDTokenIss],
      .claims { $0.remove("iss") }),
    Flaw(
      "iss is a number", [.idTokenIssPresent], second: [.secondIDTokenIss],
      .claims { $0.set("iss", 5) }),
    Flaw(
      "sub is missing", [.idTokenSubPresent], second: [.secondIDTokenSub],
      .claims { $0.remove("sub") }),
    Flaw(
      "sub is empty", [.idTokenSubPresent], second: [.secondIDTokenSub],
      .claims { $0.set("sub", "") }),
    Flaw(
      "sub of 256 characters", [.idTokenSubPresent], second: [.secondIDTokenSub],
      .claims { $0.set("sub", .string(String(repeating: "s", count: 256))) }),
    Flaw("aud is missing", [.idTokenAudPresent], .claims { $0.remove("aud") }),
    Flaw("aud is an empty array", [.idTokenAudPresent], .claims { $0.set("aud", []) }),
    Flaw(
      "aud names another client too", [.idTokenAudExtra],
      .claims { $0.set("aud", ["client-1", "client-2"]) }),
    Flaw(
      "aud names another client", [.idTokenAud, .idTokenAudExtra],
      .claims { $0.append("aud", "1") }),
    Flaw(
      "azp names another client", [.idTokenAzp], isWarning: true,
      .claims { $0.set("azp", "client-2") }),
    Flaw("exp is missing", [.idTokenExpPresent], .claims { $0.remove("exp") }),
    Flaw("exp is a string", [.idTokenExpPresent], .claims { $0.set("exp", "1700000000") }),
    Flaw("exp is over", [.idTokenExp], .claims { $0.shift("exp", from: "iat", by: -120) }),
    Flaw("iat is missing", [.idTokenIatPresent], .claims { $0.remove("iat") }),
    Flaw(
      "iat lies ahead", [.idTokenIat], isWarning: true,
      .claims { $0.shift("iat", from: "iat", by: 600) }),
    Flaw(
      "iat is long ago", [.idTokenIat], isWarning: true,
      .claims { $0.shift("iat", from: "iat", by: -7200) }),
    Flaw("nbf lies ahead", [.idTokenNbf], .claims { $0.shift("nbf", from: "iat", by: 600) }),
    Flaw("nbf is a string", [.idTokenNbf], .claims { $0.set("nbf", "1700000000") }),
    Flaw(
      "exp is years away", [.idTokenLifetime], isWarning: true,
      .claims { $0.shift("exp", from: "iat", by: 94_608_000) }),
    Flaw(
      "exp is in milliseconds", [.idTokenLifetime], isWarning: true,
      .claims { $0.set("exp", 1_700_000_000_000) }),
    Flaw(
      "nonce is missing", [.noncePresent], behind: [.backNonceMatch],
      .claims { $0.remove("nonce") }),
    Flaw(
      "nonce with one character more", [.nonceMatch], behind: [.backNonceMatch],
      .claims { $0.append("nonce", "1") }),
    Flaw(
      "the login is older than prompt=login allows", [.requestAsSent],
      second: [.secondIDTokenEventClaims], isWarning: true,
      .both { own, provider in
        own.extraParameters = [FormField("prompt", "login")]
        provider.editFrontClaims = { $0.shift("auth_time", from: "iat", by: -3600) }
        provider.editBackClaims = { $0.shift("auth_time", from: "iat", by: -3600) }
      }),
    Flaw(
      "auth_time is missing though max_age was sent", [.authTime],
      second: [.secondIDTokenEventClaims], isWarning: true,
      .both { own, provider in
        own.maxAgeSeconds = 300
        provider.editFrontClaims = { $0.remove("auth_time") }
        provider.editBackClaims = { $0.remove("auth_time") }
      }),
    Flaw(
      "the login is older than max_age", [.authTime], second: [.secondIDTokenEventClaims],
      isWarning: true,
      .both { own, provider in
        own.maxAgeSeconds = 300
        provider.editFrontClaims = { $0.shift("auth_time", from: "iat", by: -7200) }
        provider.editBackClaims = { $0.shift("auth_time", from: "iat", by: -7200) }
      }),
    Flaw(
      "acr is not one of those asked for", [.acr], second: [.secondIDTokenEventClaims],
      isWarning: true,
      .both { own, provider in
        own.extraParameters = [FormField("acr_values", "strong stronger")]
        provider.editFrontClaims = { $0.set("acr", "weak") }
        provider.editBackClaims = { $0.set("acr", "weak") }
      }),
  ]

  /// The flaw in the first ID token.
  static let first: [Deviation] = flaws.map { flaw in
    let name = "first ID token: " + flaw.name
    guard !flaw.isWarning else {
      return .warn(
        name, flaw.complaints.union(flaw.alsoSecond.intersection([.secondIDTokenEventClaims])),
        types: Deviation.withIDToken
      ) { own, provider in
        try apply(flaw.change, &own, &provider, front: true)
        // An honest second token makes the difference in the login visible.
        if case .both = flaw.change { provider.editBackClaims = { _ in } }
        if flaw.complaints == [.acr] { provider.editBackClaims = { $0.set("acr", "strong") } }
      }
    }
    return .stop(name, .callback, flaw.complaints, types: Deviation.withIDToken) {
      try apply(flaw.change, &$0, &$1, front: true)
    }
  }

  /// The flaw in the second ID token.
  static let second: [Deviation] = flaws.flatMap { flaw in
    [ResponseType.codeToken, .codeIDTokenToken].map { type in
      let alsoSecond = type.hasIDToken ? flaw.alsoSecond : []
      let complaints = flaw.complaints.union(flaw.alsoBehind).union(alsoSecond)
      let name = "second ID token: " + flaw.name
      let change: Deviation.Change = { own, provider in
        let honest = provider.frontKey
        try apply(flaw.change, &own, &provider, front: false)
        provider.frontKey = honest
        if case .both = flaw.change { provider.editFrontClaims = { _ in } }
        if flaw.complaints == [.acr] { provider.editFrontClaims = { $0.set("acr", "strong") } }
      }
      return flaw.isWarning
        ? .warn(name, complaints, types: [type], change)
        : .stop(name, .tokens, complaints, types: [type], change)
    }
  }

  private static func apply(
    _ change: Flaw.Change, _ own: inout FlowConfiguration, _ provider: inout HonestProvider,
    front: Bool
  ) throws {
    switch change {
    case .claims(let edit) where front: provider.editFrontClaims = edit
    case .claims(let edit): provider.editBackClaims = edit
    case .header(let edit) where front: provider.editFrontHeader = edit
    case .header(let edit): provider.editBackHeader = edit
    case .text(let edit) where front: provider.editFrontToken = edit
    case .text(let edit): provider.editBackToken = edit
    case .both(let change): try change(&own, &provider)
    }
  }

  // MARK: - Altered tokens

  static func unsigned(_ token: String, header: JSONValue) throws -> String {
    let payload = token.split(separator: ".")[1]
    return Base64URL.encode(header.compactText.utf8) + "." + payload + "."
  }

  /// RS256 taken for HS256, the published key being the secret.
  static func confused(_ token: String) throws -> String {
    let publicText = Array(try TestKeys.key(.rs256).publicJWK.json.compactText.utf8)
    let jwk: JSONValue = ["kty": "oct", "k": .string(Base64URL.encode(publicText))]
    guard let key = JSONWebKey(jwk) else { throw Unexpected("no key") }
    let payload = try CompactJWS(token).payload
    return try SigningKey(privateJWK: key, algorithm: .hs256)
      .compactJWS(header: ["alg": "HS256", "kid": "key-1"], payload: payload)
  }

  static func flipped(_ token: String) -> String {
    let parts = token.split(separator: ".")
    let first: Character = parts[2].first == "A" ? "B" : "A"
    return "\(parts[0]).\(parts[1]).\(first)\(parts[2].dropFirst())"
  }
}

extension JSONValue {
  /// Sets a time from another member, so many seconds later.
  mutating func shift(_ name: String, from other: String, by seconds: Int64) {
    set(name, .number(JSONNumber((self[other]?.integer ?? 0) + seconds)))
  }
}
