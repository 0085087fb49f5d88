import OpenID

/// The claims of an ID token, in the order of OpenID Connect Core 1.0, section 3.1.3.7.
public enum ClaimChecks: Sendable {
  /// The age of `iat` above which there is a warning, in seconds.
  static let issuedAgoSecondsMaximum: Int64 = 3600
  /// The time until `exp` above which there is a warning, in seconds: 31 days.
  ///
  /// No specification sets a limit; ID tokens commonly live for minutes or hours.
  static let endsWithinSecondsMaximum: Int64 = 31 * 86_400

  package static func all(_ claims: JSONValue, _ context: IDTokenContext) -> [Check] {
    issuer(claims, context) + subject(claims) + audience(claims, context)
      + times(claims, context) + nonce(claims, context) + event(claims, context)
  }

  private static func issuer(_ claims: JSONValue, _ context: IDTokenContext) -> [Check] {
    let expected = context.configuration.issuer.text
    guard let value = claims["iss"] else { return [absent(.idTokenIssPresent, "iss")] }
    guard let found = value.string else { return [mistyped(.idTokenIssPresent, "string", value)] }
    let matches = found.isIdentical(to: expected)
    return [
      Check(
        .idTokenIssPresent, .pass, expected: "a string", found: "a string",
        why: "The token says who issued it."),
      Check(
        .idTokenIss, matches ? .pass : .fail, expected: expected, found: found,
        why: matches
          ? "The token comes from the tenant that was asked."
          : "The token comes from somebody else."),
    ]
  }

  private static func subject(_ claims: JSONValue) -> [Check] {
    guard let value = claims["sub"] else { return [absent(.idTokenSubPresent, "sub")] }
    guard let found = value.string else { return [mistyped(.idTokenSubPresent, "string", value)] }
    let fits = !found.isEmpty && found.utf8.count <= 255 && found.utf8.allSatisfy { $0 < 0x80 }
    return [
      Check(
        .idTokenSubPresent, fits ? .pass : .fail, expected: "1 to 255 ASCII characters",
        found: found.isEmpty ? "empty" : found,
        why: fits ? "The token says who signed in." : "No subject looks like this.")
    ]
  }

  private static func audience(_ claims: JSONValue, _ context: IDTokenContext) -> [Check] {
    guard let value = claims["aud"] else { return [absent(.idTokenAudPresent, "aud")] }
    guard let audiences = value.string.map({ [$0] }) ?? value.strings, !audiences.isEmpty else {
      return [mistyped(.idTokenAudPresent, "string or array of strings", value)]
    }
    let clientID = context.configuration.clientID
    let isOurs = audiences.contains { $0.isIdentical(to: clientID) }
    let others = audiences.filter { !$0.isIdentical(to: clientID) }
    var checks = [
      Check(
        .idTokenAudPresent, .pass, expected: "a string or an array", found: value.typeName,
        why: "The token says whom it is for."),
      Check(
        .idTokenAud, isOurs ? .pass : .fail, expected: clientID,
        found: audiences.joined(separator: ", "),
        why: isOurs ? "It is for this application." : "It is for another application."),
      Check(
        .idTokenAudExtra, others.isEmpty ? .pass : .fail, expected: "nobody else",
        found: others.isEmpty ? "nobody else" : others.joined(separator: ", "),
        why: others.isEmpty
          ? "It is for nobody else."
          : "Others could use this token as well, and nothing says that they may be trusted."),
    ]
    if let azp = claims["azp"] {
      let matches = azp.string?.isIdentical(to: clientID) == true
      checks.append(
        Check(
          .idTokenAzp, matches ? .pass : .warn, expected: clientID,
          found: azp.string ?? azp.compactText,
          why: matches ? "It was issued to this application." : "It was issued to another party."))
    } else {
      checks.append(
        Check(.idTokenAzp, .skip, why: "The token has no azp, and need not have one."))
    }
    return checks
  }

  private static func times(_ claims: JSONValue, _ context: IDTokenContext) -> [Check] {
    let now = context.now.seconds
    let skew = context.configuration.clockSkewSeconds
    var checks: [Check] = []
    if let value = claims["exp"] {
      if let exp = value.integer {
        checks.append(
          Check(
            .idTokenExpPresent, .pass, expected: "a number", found: value.compactText,
            why: "The token says when it ends."))
        let lives = now < saturatingAdd(exp, skew)
        let earliest = saturatingSubtract(now, skew)
        checks.append(
          Check(
            .idTokenExp, lives ? .pass : .fail, expected: "after \(date(earliest))",
            found: date(exp),
            why: lives
              ? "It has not expired; clocks may differ by \(skew) s."
              : "It expired, by more than the \(skew) s that clocks may differ."))
        checks.append(lifetime(exp, now, skew))
      } else {
        checks.append(mistyped(.idTokenExpPresent, "number", value))
      }
    } else {
      checks.append(absent(.idTokenExpPresent, "exp"))
    }
    if let value = claims["iat"] {
      if let iat = value.integer {
        checks.append(
          Check(
            .idTokenIatPresent, .pass, expected: "a number", found: value.compactText,
            why: "The token says when it was made."))
        checks.append(age(iat, now, skew, begun: context.loginStartedAt?.seconds))
      } else {
        checks.append(mistyped(.idTokenIatPresent, "number", value))
      }
    } else {
      checks.append(absent(.idTokenIatPresent, "iat"))
    }
    if let value = claims["nbf"] {
      let latest = saturatingAdd(now, skew)
      let valid = value.integer.map { $0 <= latest } ?? false
      checks.append(
        Check(
          .idTokenNbf, valid ? .pass : .fail,
          expected: "not after \(date(latest)), \(skew) s of leeway included",
          found: value.integer.map(date) ?? value.compactText,
          why: valid
            ? "It is valid already."
            : value.integer == nil
              ? "nbf must be a number." : "It is not valid yet: compare the clocks."))
    } else {
      checks.append(Check(.idTokenNbf, .skip, why: "The token has no nbf, and need not have one."))
    }
    return checks
  }

  private static func lifetime(_ exp: Int64, _ now: Int64, _ skew: Int64) -> Check {
    let latest = saturatingAdd(saturatingAdd(now, endsWithinSecondsMaximum), skew)
    let isNear = exp <= latest
    return Check(
      .idTokenLifetime, isNear ? .pass : .warn,
      expected: "not after \(date(latest)), \(skew) s of leeway included", found: date(exp),
      why: isNear
        ? "It ends before long."
        // A number beyond the year 5000 is more likely in milliseconds.
        : exp > 95_617_584_000
          ? "Nobody means this date: is it written in milliseconds?"
          : "Whoever finds it, in a log or a backup, can use it until then.")
  }

  /// A token made after the login began is not old, even if the person reads slowly.
  private static func age(_ iat: Int64, _ now: Int64, _ skew: Int64, begun: Int64?) -> Check {
    let inFuture = iat > saturatingAdd(now, skew)
    let oldest = saturatingSubtract(
      min(saturatingSubtract(now, issuedAgoSecondsMaximum), begun ?? now), skew)
    let isOld = iat < oldest
    let verdict: Check.Verdict = inFuture || isOld ? .warn : .pass
    return Check(
      .idTokenIat, verdict,
      expected: "from \(date(oldest)) to \(date(saturatingAdd(now, skew))), "
        + "\(skew) s of leeway included", found: date(iat),
      why: inFuture
        ? "It was made in the future: compare the clocks."
        : isOld ? "It was made long ago: is it a replay?" : "It was made for this login.")
  }

  private static func nonce(_ claims: JSONValue, _ context: IDTokenContext) -> [Check] {
    let ids: [CheckID] =
      context.channel == .front ? [.nonceMatch] : [.nonceMatch, .backNonceMatch]
    guard let sent = context.sentNonce, !sent.isEmpty else {
      return ([.noncePresent] + ids).map { Check($0, .skip, why: "No nonce was sent.") }
    }
    guard let value = claims["nonce"] else {
      // The first rule fails; of the others, only that of the back channel requires a nonce.
      return [
        absent(.noncePresent, "nonce"),
        Check(.nonceMatch, .skip, why: "not run: the token has no nonce."),
      ]
        + ids.filter { $0 == .backNonceMatch }.map {
          Check($0, .fail, expected: sent, found: "absent", why: missingNonce)
        }
    }
    let found = value.string ?? value.compactText
    let matches = value.string?.isIdentical(to: sent) == true
    return [
      Check(
        .noncePresent, .pass, expected: "a nonce", found: "a nonce",
        why: "The token is bound to some request.")
    ]
      + ids.map {
        Check(
          $0, matches ? .pass : .fail, expected: sent, found: found,
          why: matches
            ? "The token was made for this request."
            : "The token was made for another request: it is a replay, or a swap.")
      }
  }

  private static let missingNonce = "Nothing binds the token to this request."

  private static func event(_ claims: JSONValue, _ context: IDTokenContext) -> [Check] {
    var checks: [Check] = []
    if let maxAge = context.sentMaxAge {
      let earliest = saturatingSubtract(
        saturatingSubtract(context.now.seconds, maxAge), context.configuration.clockSkewSeconds)
      let skew = context.configuration.clockSkewSeconds
      let latest = saturatingAdd(context.now.seconds, skew)
      let claim = claims["auth_time"]
      let time = claim?.integer
      let isFresh = time.map { $0 >= earliest && $0 <= latest } ?? false
      checks.append(
        Check(
          .authTime, isFresh ? .pass : .warn,
          expected: "from \(date(earliest)) to \(date(latest)), \(skew) s of leeway included",
          found: time.map(date) ?? claim.map { "\($0.typeName): \($0.compactText)" } ?? "absent",
          why: isFresh
            ? "The person signed in within max_age."
            : time.map { $0 > latest } == true
              ? "The login lies in the future: compare the clocks."
              : time == nil
                ? "max_age was sent, so auth_time must be there, as a number."
                : "The login is older than max_age."
        ))
    } else {
      checks.append(Check(.authTime, .skip, why: "max_age was not sent."))
    }
    if context.sentACRValues.isEmpty {
      checks.append(Check(.acr, .skip, why: "acr_values was not sent."))
    } else {
      let found = claims["acr"]?.string
      let satisfies = found.map(context.sentACRValues.contains) ?? false
      checks.append(
        Check(
          .acr, satisfies ? .pass : .warn,
          expected: context.sentACRValues.joined(separator: " or "), found: found ?? "absent",
          why: satisfies
            ? "The login was as strong as was asked." : "The login was not the one asked for."))
    }
    return checks
  }

  private static func absent(_ id: CheckID, _ name: String) -> Check {
    Check(
      id, .fail, expected: "the claim \(name)", found: "absent",
      why: "Every ID token must have it.")
  }

  private static func mistyped(_ id: CheckID, _ type: String, _ value: JSONValue) -> Check {
    Check(
      id, .fail, expected: type, found: "\(value.typeName): \(value.compactText)",
      why: "The claim is of the wrong type.")
  }

  private static func date(_ seconds: Int64) -> String {
    CivilTime(UnixTime(seconds: seconds)).text
  }

  private static func saturatingSubtract(_ left: Int64, _ right: Int64) -> Int64 {
    let (difference, overflow) = left.subtractingReportingOverflow(right)
    return overflow ? (right < 0 ? .max : .min) : difference
  }

  private static func saturatingAdd(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right < 0 ? .min : .max) : sum
  }
}

// The rules.
extension CheckID {
  public static let idTokenIss = CheckID(
    "id-token-iss", .error,
    rule: "iss is the issuer, byte for byte",
    shows: "the token of another tenant; mix-up",
    next: "Compare iss in the claims with the configured issuer.",
    spec: .core("3.1.3.7 (2)"))

  public static let idTokenIssPresent = CheckID(
    "id-token-iss-present", .error,
    rule: "iss is there and a string",
    shows: "a token nobody answers for",
    next: "Compare iss in the claims with the configured issuer.",
    spec: .core("2"))

  public static let idTokenSubPresent = CheckID(
    "id-token-sub-present", .error,
    rule: "sub is a string of 1 to 255 ASCII characters",
    shows: "a token about nobody",
    next: "Look at sub in the claims, and at mappings of the provider.",
    spec: .core("2"))

  public static let idTokenAudPresent = CheckID(
    "id-token-aud-present", .error,
    rule: "aud is there",
    shows: "a token for anybody",
    next: "Compare aud in the claims with the client id.",
    spec: .core("2"))

  public static let idTokenAud = CheckID(
    "id-token-aud", .error,
    rule: "aud contains our client id",
    shows: "a token made for another application",
    next: "Compare aud in the claims with the client id.",
    spec: .core("3.1.3.7 (3)"))

  public static let idTokenAudExtra = CheckID(
    "id-token-aud-extra", .error,
    rule: "aud names nobody we do not trust",
    shows: "a token shared with another application",
    next: "Look who else is in aud, and why.",
    spec: .core("3.1.3.7 (3)"))

  public static let idTokenAzp = CheckID(
    "id-token-azp", .warning,
    rule: "azp, if there, is our client id",
    shows: "a token issued to another party",
    next: "Compare azp in the claims with the client id.",
    spec: .core("3.1.3.7 (5)"))

  public static let idTokenExpPresent = CheckID(
    "id-token-exp-present", .error,
    rule: "exp is there and a number",
    shows: "a token that never ends",
    next: "Compare exp with the clock of this machine.",
    spec: .core("2"))

  public static let idTokenExp = CheckID(
    "id-token-exp", .error,
    rule: "the token has not expired",
    shows: "an old token, or a clock that is wrong",
    next: "Compare exp with the clock of this machine.",
    spec: .core("3.1.3.7 (9)"))

  public static let idTokenLifetime = CheckID(
    "id-token-lifetime", .warning,
    rule: "the token ends within \(ClaimChecks.endsWithinSecondsMaximum / 86_400) days",
    shows: "a token that is good for years once it has leaked",
    next: "Let the operator shorten the life of ID tokens.",
    spec: .core("2"))

  public static let idTokenIatPresent = CheckID(
    "id-token-iat-present", .error,
    rule: "iat is there and a number",
    shows: "a token of unknown age",
    next: "Compare iat with the clock of this machine.",
    spec: .core("2"))

  public static let idTokenIat = CheckID(
    "id-token-iat", .warning,
    rule: "iat is neither in the future nor long ago",
    shows: "a replayed token, or a clock that is wrong",
    next: "Compare iat with the clock of this machine.",
    spec: .core("3.1.3.7 (10)"))

  public static let idTokenNbf = CheckID(
    "id-token-nbf", .error,
    rule: "nbf, if there, is not in the future",
    shows: "a token dated ahead, or a clock that is wrong",
    next: "Compare nbf with the clock of this machine.",
    spec: .rfc(7519, "4.1.5"))

  public static let noncePresent = CheckID(
    "nonce-present", .error,
    rule: "nonce is there when one was sent",
    shows: "a token with its nonce stripped off",
    next: "Look whether nonce was sent, and what the provider does with it.",
    spec: .core("3.1.3.7 (11)"))

  public static let nonceMatch = CheckID(
    "nonce-match", .error,
    rule: "nonce is the one that was sent",
    shows: "a replayed ID token",
    next: "Start again; a token with another nonce belongs to another login.",
    spec: .core("3.1.3.7 (11)"))

  public static let authTime = CheckID(
    "auth-time", .warning,
    rule: "auth_time is there and fresh when max_age was sent",
    shows: "an old session passed off as a new login",
    next: "Look whether max_age was sent and the provider asks again.",
    spec: .core("3.1.3.7 (13)"))

  public static let acr = CheckID(
    "acr", .warning,
    rule: "acr is one that was asked for",
    shows: "a weaker login than was wanted",
    next: "Compare acr in the claims with acr_values.",
    spec: .core("3.1.3.7 (12)"))

  public static let backNonceMatch = CheckID(
    "back-nonce-match", .error,
    rule: "the ID token has the nonce that was sent, before anything of the answer is used",
    shows: "an injected code",
    next: "Start again; a code of another login was exchanged.",
    spec: .rfc(9700, "4.5.3.2"))
}

extension ClaimChecks {
  static let rules: [CheckID] = [
    .idTokenIss, .idTokenIssPresent, .idTokenSubPresent, .idTokenAudPresent, .idTokenAud,
    .idTokenAudExtra, .idTokenAzp, .idTokenExpPresent, .idTokenExp, .idTokenLifetime,
    .idTokenIatPresent, .idTokenIat, .idTokenNbf, .noncePresent, .nonceMatch, .authTime, .acr,
  ]
  static let backRules: [CheckID] = [
    .backNonceMatch
  ]
}
