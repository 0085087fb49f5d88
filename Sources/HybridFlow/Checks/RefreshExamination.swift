import OpenID

/// The response to a refresh, and whether its ID token agrees with that of the sign-in.
///
/// OpenID Connect Core 1.0, section 12.2.
struct RefreshExamination: Sendable, Equatable {
  let response: TokenResponse
  let http: HTTPResponse
  let keys: JSONWebKeySet
  let token: IDTokenExamination?

  init(
    _ response: TokenResponse, _ http: HTTPResponse, _ after: Afterwards, _ keys: JSONWebKeySet,
    _ envelope: TokenEnvelope?
  ) {
    self.response = response
    self.http = http
    self.keys = keys
    token = response.idToken.map {
      IDTokenExamination(
        $0, after.configuration, keys: keys,
        hashed: [HashedValue("at_hash", response.accessToken ?? "")], envelope: envelope)
    }
  }

  var tasks: [CryptoTask] { token?.tasks ?? [] }

  func judge(
    _ findings: [CryptoFinding], _ authorized: Authorized, _ after: Afterwards, now: UnixTime
  ) -> (checks: [Check], token: VerifiedIDToken?) {
    // A refresh need not bring an ID token.
    var checks = TokenResponseChecks.response(response, http, authorized.trusted)
      .filter { $0.id != .backIDTokenPresent }
    guard let token else {
      checks.append(
        Check(
          .refreshSameIssSubAud, .skip,
          why: "The answer brought no ID token, and need not: the sign-in stays the one it was."))
      checks.append(rotation(after))
      return (checks, nil)
    }
    var evidence = TokenEvidence(after.requested, channel: .back, now: now)
    evidence.accessToken = .known(response.accessToken)
    checks += SignatureChecks.all(token, findings, evidence)
    if let claims = token.claims {
      checks += ClaimChecks.all(claims, evidence).filter { !Self.ofSignIn.contains($0.id) }
      checks.append(nonce(claims, sent: after.requested.sent("nonce") ?? ""))
      checks.append(sameness(claims, after))
      checks.append(HashChecks(token, claims, findings, evidence).refreshed())
    }
    checks.append(rotation(after))
    return (checks, token.verified(checks, authorized.configuration))
  }

  /// Rules that apply only to a sign-in, not to a refresh.
  private static let ofSignIn: Set<CheckID> = [
    .noncePresent, .nonceMatch, .backNonceMatch, .authTime, .acr,
  ]

  private func nonce(_ claims: JSONValue, sent: String) -> Check {
    guard let value = claims["nonce"] else {
      return Check(
        .nonceMatch, .skip, why: "A refreshed ID token should have no nonce, and has none.")
    }
    let matches = value.string?.isIdentical(to: sent) == true
    return Check(
      .nonceMatch, matches ? .pass : .fail, expected: "no nonce, or \(sent)",
      found: value.string ?? value.compactText,
      why: matches
        ? "It need not be there, but it is that of the sign-in."
        : "It is that of another sign-in.", spec: .core("12.2"))
  }

  /// Whether the claims that must not change are the same, and `iat` is not earlier.
  private func sameness(_ claims: JSONValue, _ after: Afterwards) -> Check {
    let original = after.original.claims
    var different = ["iss", "sub"].filter { claims[$0] != original[$0] }
    if Self.audiences(claims).isSuperset(of: Self.audiences(original)) == false {
      different.append("aud")
    }
    for name in ["auth_time", "azp"] where claims[name] != nil && original[name] != nil {
      if claims[name] != original[name] { different.append(name) }
    }
    if let then = original["iat"]?.integer, let now = claims["iat"]?.integer, now < then {
      different.append("iat, before the sign-in")
    }
    let names = ["iss", "sub", "aud"]
    func text(_ claims: JSONValue) -> String {
      names.map { name in "\(name) \(claims[name].map { $0.string ?? $0.compactText } ?? "absent")"
      }
      .joined(separator: ", ")
    }
    return Check(
      .refreshSameIssSubAud, different.isEmpty ? .pass : .fail, expected: text(original),
      found: text(claims),
      why: different.isEmpty
        ? "The tokens are still about the person who signed in, for this application."
        : "Not as at the sign-in: \(different.joined(separator: "; ")). The tokens are discarded.")
  }

  private static func audiences(_ claims: JSONValue) -> Set<[UInt8]> {
    let list = claims["aud"].flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
    return Set(list.map { Array($0.utf8) })
  }

  /// A refresh token is about to be sent although a refresh has replaced it.
  static let replaced = Check(
    .refreshRotation, .warn, expected: "the newest refresh token", found: "one that was replaced",
    why: "To the tenant it looks stolen: it may revoke all tokens of this sign-in.")

  /// Whether the refresh token was replaced.
  ///
  /// RFC 9700, section 4.14.2.
  private func rotation(_ after: Afterwards) -> Check {
    let old = after.refreshToken ?? ""
    if let next = response.refreshToken, !next.isIdentical(to: old) {
      return Check(
        .refreshRotation, .pass, expected: "a new refresh token", found: "a new refresh token",
        why: "It replaces the old one, which must not be used again: it would look stolen.")
    }
    let found = response.refreshToken == nil ? "none: the old one stays" : "the same one again"
    let isPublic = after.requested.prepared.clientAuthentication == .none
    return Check(
      .refreshRotation, isPublic ? .warn : .skip, expected: "a new refresh token", found: found,
      why: isPublic
        ? "Anyone who copies it can use it unseen: a public client\u{2019}s must rotate or be bound."
        : "Not rotated, which is allowed: only this client can use it, with its own credentials.")
  }
}

// The rules.
extension CheckID {
  package static let refreshSameIssSubAud = CheckID(
    "refresh-same-iss-sub-aud", .error,
    rule: "iss, sub and aud stay the same after a refresh",
    shows: "an account exchanged",
    next: "Log in again; the refreshed token is for somebody or something else.",
    spec: .core("12.2"))

  package static let refreshRotation = CheckID(
    "refresh-rotation", .warning,
    rule: "a new refresh token replaces the old one",
    shows: "a login lost to reuse detection",
    next: "Store the newest refresh token of each answer.",
    spec: .rfc(9700, "4.14"))
}

extension RefreshExamination {
  static let rules: [CheckID] = [
    .refreshSameIssSubAud, .refreshRotation,
  ]
}
