import OpenID

/// Whether an ID token belongs to the login that was asked for: nonce, `auth_time`, `acr`.
///
/// OpenID Connect Core 1.0, section 3.1.3.7 (11) to (13).
enum LoginChecks {
  static func all(_ claims: JSONValue, _ evidence: TokenEvidence) -> [Check] {
    let nonce = nonce(claims["nonce"], evidence)
    let rest =
      [signInTime(claims["auth_time"], evidence), strength(claims["acr"], evidence)]
      + (evidence.asked.map { [$0.check(claims, evidence)] } ?? [])
    // Without the request's nonce there is little to say, and it comes last.
    return evidence.nonce.value == nil ? rest + nonce : nonce + rest
  }

  private static func nonce(_ claim: JSONValue?, _ evidence: TokenEvidence) -> [Check] {
    switch evidence.nonce {
    case .known(let sent): nonce(claim, sent: sent ?? "", evidence)
    case .unknown(let why): nonce(claim, unknown: why, evidence)
    }
  }

  private static func nonce(
    _ claim: JSONValue?, sent: String, _ evidence: TokenEvidence
  ) -> [Check] {
    let ids: [CheckID] =
      evidence.channel == .back ? [.nonceMatch, .backNonceMatch] : [.nonceMatch]
    guard !sent.isEmpty else {
      return ([.noncePresent] + ids).map { Check($0, .skip, why: "No nonce was sent.") }
    }
    guard let claim else {
      // The first rule fails; of the others, only that of the back channel requires a nonce.
      return [
        ClaimChecks.absent(.noncePresent, "nonce"),
        Check(.nonceMatch, .skip, why: "not run: the token has no nonce."),
      ]
        + ids.filter { $0 == .backNonceMatch }.map {
          Check(
            $0, .fail, expected: sent, found: "absent",
            why: "Nothing binds the token to this request.")
        }
    }
    let matches = claim.string?.isIdentical(to: sent) == true
    return [
      Check(
        .noncePresent, .pass, expected: "a nonce", found: "a nonce",
        why: "The token is bound to some request.")
    ]
      + ids.map {
        var check = Check(
          $0, matches ? .pass : .fail, expected: sent, found: claim.string ?? claim.compactText,
          why: matches
            ? "The token was made for this request."
            : "The token was made for another request: it is a replay, or a swap.")
        if !matches { check.explain(claim.string.flatMap { Likeness.text($0, to: sent) }) }
        return check
      }
  }

  /// What shows without the request: whether there is a nonce, as the front channel demands.
  private static func nonce(
    _ claim: JSONValue?, unknown why: String, _ evidence: TokenEvidence
  ) -> [Check] {
    guard let claim else {
      let isFront = evidence.channel == .front
      return [
        Check(
          .noncePresent, isFront ? .fail : .warn, expected: "the claim nonce", found: "absent",
          why: isFront
            ? "A token that comes through the browser must have one: it could be a replay."
            : "It is required when one was sent.",
          spec: isFront ? .core("3.3.2.11") : nil)
      ]
    }
    let isText = claim.string != nil
    return [
      Check(
        .noncePresent, isText ? .pass : .fail, expected: "a string", found: claim.typeName,
        why: isText ? "The token is bound to some request." : "The claim is of the wrong type."),
      .undecided(.nonceMatch, "the nonce that was sent", why),
    ]
  }

  private static func signInTime(_ claim: JSONValue?, _ evidence: TokenEvidence) -> Check {
    let maxAge: Int64
    switch evidence.maxAge {
    case .unknown(let why): return .undecided(.authTime, "whether max_age was sent", why)
    case .known(nil): return Check(.authTime, .skip, why: "max_age was not sent.")
    case .known(let sent?): maxAge = sent
    }
    let now = evidence.now.seconds
    let skew = evidence.clockSkewSeconds
    let earliest = TimeChecks.saturatingSubtract(TimeChecks.saturatingSubtract(now, maxAge), skew)
    let latest = TimeChecks.saturatingAdd(now, skew)
    let time = claim?.integer
    let isFresh = time.map { $0 >= earliest && $0 <= latest } ?? false
    return Check(
      .authTime, isFresh ? .pass : .warn,
      expected: "from \(TimeChecks.date(earliest)) to \(TimeChecks.date(latest)), \(skew) s of "
        + "leeway included",
      found: time.map(TimeChecks.date) ?? claim.map { "\($0.typeName): \($0.compactText)" }
        ?? "absent",
      why: isFresh
        ? "The person signed in within max_age."
        : time.map { $0 > latest } == true
          ? "The login lies in the future: compare the clocks."
          : time == nil
            ? "max_age was sent, so auth_time must be there, as a number."
            : "The login is older than max_age.")
  }

  private static func strength(_ claim: JSONValue?, _ evidence: TokenEvidence) -> Check {
    let asked: [String]
    switch evidence.acrValues {
    case .unknown(let why): return .undecided(.acr, "whether acr_values was sent", why)
    case .known(let values): asked = values
    }
    guard !asked.isEmpty else { return Check(.acr, .skip, why: "acr_values was not sent.") }
    let found = claim?.string
    let satisfies = found.map(asked.contains) ?? false
    return Check(
      .acr, satisfies ? .pass : .warn, expected: asked.joined(separator: " or "),
      found: found ?? "absent",
      why: satisfies
        ? "The login was as strong as was asked." : "The login was not the one asked for.")
  }
}

// The rules.
extension CheckID {
  package static let noncePresent = CheckID(
    "nonce-present", .error,
    rule: "nonce is there when one was sent",
    shows: "a token with its nonce stripped off",
    next: "Look whether nonce was sent, and what the provider does with it.",
    spec: .core("3.1.3.7 (11)"))

  package static let nonceMatch = CheckID(
    "nonce-match", .error,
    rule: "nonce is the one that was sent",
    shows: "a replayed ID token",
    next: "Start again; a token with another nonce belongs to another login.",
    spec: .core("3.1.3.7 (11)"))

  package static let authTime = CheckID(
    "auth-time", .warning,
    rule: "auth_time is there and fresh when max_age was sent",
    shows: "an old session passed off as a new login",
    next: "Look whether max_age was sent and the provider asks again.",
    spec: .core("3.1.3.7 (13)"))

  package static let acr = CheckID(
    "acr", .warning,
    rule: "acr is one that was asked for",
    shows: "a weaker login than was wanted",
    next: "Compare acr in the claims with acr_values.",
    spec: .core("3.1.3.7 (12)"))

  package static let backNonceMatch = CheckID(
    "back-nonce-match", .error,
    rule: "the ID token has the nonce that was sent, before anything of the answer is used",
    shows: "an injected code",
    next: "Start again; a code of another login was exchanged.",
    spec: .rfc(9700, "4.5.3.2"))
}

extension LoginChecks {
  static let rules: [CheckID] = [
    .noncePresent, .nonceMatch, .authTime, .acr, .requestAsSent,
  ]
  static let backRules: [CheckID] = [
    .backNonceMatch
  ]
}
