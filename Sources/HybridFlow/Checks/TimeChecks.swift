import OpenID

/// When a token is valid; OpenID Connect Core 1.0, section 3.1.3.7 (9) and (10).
enum TimeChecks {
  /// The age of `iat` above which there is a warning, in seconds.
  static let issuedAgoSecondsMaximum: Int64 = 3600
  /// The time until `exp` above which there is a warning, in seconds: 31 days.
  ///
  /// No specification sets a limit; ID tokens commonly live for minutes or hours.
  static let endsWithinSecondsMaximum: Int64 = 31 * 86_400

  static func all(_ claims: JSONValue, _ evidence: TokenEvidence) -> [Check] {
    end(claims["exp"], evidence) + beginning(claims["iat"], evidence)
      + notBefore(claims["nbf"], evidence)
  }

  private static func end(_ claim: JSONValue?, _ evidence: TokenEvidence) -> [Check] {
    let now = evidence.now.seconds
    let skew = evidence.clockSkewSeconds
    guard let claim else {
      return evidence.isIDToken ? [ClaimChecks.absent(.idTokenExpPresent, "exp")] : []
    }
    guard let exp = claim.integer else {
      return [ClaimChecks.mistyped(.idTokenExpPresent, "number", claim)]
    }
    let lives = now < saturatingAdd(exp, skew)
    let earliest = saturatingSubtract(now, skew)
    let check =
      lives || evidence.kind != .idTokenHint
      ? Check(
        .idTokenExp, lives ? .pass : .fail, expected: "after \(date(earliest))",
        found: date(exp),
        why: lives
          ? "It has not expired; clocks may differ by \(skew) s."
          : "It expired \(ProviderClock.length(saturatingSubtract(now, exp))) ago; clocks may "
            + "differ by \(skew) s." + clock(evidence))
      : Check(
        .idTokenExp, .skip, found: date(exp), why: "A hint may be older than its token is valid.")
    guard evidence.isIDToken else { return [check] }
    return [
      Check(
        .idTokenExpPresent, .pass, expected: "a number", found: claim.compactText,
        why: "The token says when it ends."),
      check, lifetime(exp, now, skew),
    ]
  }

  private static func beginning(_ claim: JSONValue?, _ evidence: TokenEvidence) -> [Check] {
    guard let claim else {
      return evidence.isIDToken ? [ClaimChecks.absent(.idTokenIatPresent, "iat")] : []
    }
    guard let iat = claim.integer else {
      return [ClaimChecks.mistyped(.idTokenIatPresent, "number", claim)]
    }
    let check = age(
      iat, evidence.now.seconds, evidence.clockSkewSeconds,
      begun: evidence.loginStartedAt?.seconds, evidence.judge, clock(evidence))
    guard evidence.isIDToken else { return [check] }
    return [
      Check(
        .idTokenIatPresent, .pass, expected: "a number", found: claim.compactText,
        why: "The token says when it was made."),
      check,
    ]
  }

  private static func notBefore(_ claim: JSONValue?, _ evidence: TokenEvidence) -> [Check] {
    guard let claim else {
      guard evidence.isIDToken else { return [] }
      return [Check(.idTokenNbf, .skip, why: "The token has no nbf, and need not have one.")]
    }
    let skew = evidence.clockSkewSeconds
    let latest = saturatingAdd(evidence.now.seconds, skew)
    let valid = claim.integer.map { $0 <= latest } ?? false
    return [
      Check(
        .idTokenNbf, valid ? .pass : .fail,
        expected: "not after \(date(latest)), \(skew) s of leeway included",
        found: claim.integer.map(date) ?? claim.compactText,
        why: valid
          ? "It is valid already."
          : claim.integer == nil
            ? "nbf must be a number."
            : "It is not valid yet: compare the clocks." + clock(evidence))
    ]
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
          : "Anyone who finds it, in a log or a backup, can use it until then.")
  }

  /// A token made after the login began is not old, even if the person reads slowly.
  private static func age(
    _ iat: Int64, _ now: Int64, _ skew: Int64, begun: Int64?, _ judge: Judge, _ clock: String
  ) -> Check {
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
        ? "It was made \(ProviderClock.length(saturatingSubtract(iat, now))) in the future: compare "
          + "the clocks." + clock
        : isOld
          ? (judge == .reader
            ? "It was made long ago. In a log that is no fault; an application must not take it for "
              + "a login of now." : "It was made long ago: is it a replay?") + clock
          : "It was made for this login.")
  }

  /// What the provider's `Date` says about the clocks, behind another sentence; empty when they
  /// agree, or when no date is known.
  private static func clock(_ evidence: TokenEvidence) -> String {
    guard let clock = evidence.clock else { return "" }
    return " "
      + (clock.sentence(leeway: evidence.clockSkewSeconds)
        ?? "By its Date header the provider\u{2019}s clock agrees with this machine\u{2019}s: the "
        + "time was written wrongly there, or the token is an old one.")
  }

  static func date(_ seconds: Int64) -> String {
    CivilTime(UnixTime(seconds: seconds)).text
  }

  static func saturatingSubtract(_ left: Int64, _ right: Int64) -> Int64 {
    let (difference, overflow) = left.subtractingReportingOverflow(right)
    return overflow ? (right < 0 ? .max : .min) : difference
  }

  static func saturatingAdd(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right < 0 ? .min : .max) : sum
  }
}

// The rules.
extension CheckID {
  package static let idTokenExpPresent = CheckID(
    "id-token-exp-present", .error,
    rule: "exp is there and a number",
    shows: "a token that never ends",
    next: "Compare exp with the clock of this machine.",
    spec: .core("2"))

  package static let idTokenExp = CheckID(
    "id-token-exp", .error,
    rule: "the token has not expired",
    shows: "an old token, or a clock that is wrong",
    next: "Compare exp with the clock of this machine.",
    spec: .core("3.1.3.7 (9)"))

  package static let idTokenLifetime = CheckID(
    "id-token-lifetime", .warning,
    rule: "the token ends within \(TimeChecks.endsWithinSecondsMaximum / 86_400) days",
    shows: "a token that is good for years once it has leaked",
    next: "Let the operator shorten the life of ID tokens.",
    spec: .core("2"))

  package static let idTokenIatPresent = CheckID(
    "id-token-iat-present", .error,
    rule: "iat is there and a number",
    shows: "a token of unknown age",
    next: "Compare iat with the clock of this machine.",
    spec: .core("2"))

  package static let idTokenIat = CheckID(
    "id-token-iat", .warning,
    rule: "iat is neither in the future nor long ago",
    shows: "a replayed token, or a clock that is wrong",
    next: "Compare iat with the clock of this machine.",
    spec: .core("3.1.3.7 (10)"))

  package static let idTokenNbf = CheckID(
    "id-token-nbf", .error,
    rule: "nbf, if there, is not in the future",
    shows: "a token dated ahead, or a clock that is wrong",
    next: "Compare nbf with the clock of this machine.",
    spec: .rfc(7519, "4.1.5"))
}

extension TimeChecks {
  static let rules: [CheckID] = [
    .idTokenExpPresent, .idTokenExp, .idTokenLifetime, .idTokenIatPresent, .idTokenIat, .idTokenNbf,
  ]
}
