import HybridFlow
import OpenID

/// The rules of tokens that are no ID tokens, each kind by its own specification.
struct TokenRules {
  private let name: String
  private let use: PastedToken.Use
  private let header: JSONValue
  private let claims: JSONValue
  private let now: UnixTime
  private let skew: Int64

  init(
    _ name: String, _ use: PastedToken.Use, header: JSONValue, claims: JSONValue, now: UnixTime,
    skew: Int64
  ) {
    (self.name, self.use, self.header, self.claims) = (name, use, header, claims)
    (self.now, self.skew) = (now, skew)
  }

  /// The verdicts, in the order of reading.
  func checks() -> [PastedCheck] {
    var checks = times()
    switch use {
    case .accessToken:
      if header["typ"]?.string?.asciiLowercased.ends(with: "at+jwt") == true {
        checks += required(
          ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"], .rfc(9068, "2.2"))
      }
    case .logoutToken: checks += logout()
    case .clientAssertion: checks += assertion()
    case .requestObject: checks += requestObject()
    case .dpopProof: checks += proof()
    case .userinfo:
      checks += required(["sub"], .core("5.3.2"))
      checks += required(["iss", "aud"], .core("5.3.2"), verdict: .warn)
    case .introspectionJWT:
      checks += required(["iss", "aud", "iat", "token_introspection"], .rfc(9701, "5"))
    case .authorizationGrant: checks += required(["iss", "sub", "aud", "exp"], .rfc(7523, "3"))
    case .keyBinding: checks += required(["iat", "aud", "nonce", "sd_hash"], .rfc(9901, "4.3"))
    case .softwareStatement: checks += required(["iss"], .rfc(7591, "2.3"))
    case .entityStatement:
      checks += required(
        ["iss", "sub", "iat", "exp", "jwks"], SpecReference("OpenID Federation 1.0", "3.1"))
    case .signedMetadata: checks += required(["iss"], .rfc(8414, "2.1"))
    case .securityEvent: checks += required(["iss", "iat", "jti", "events"], .rfc(8417, "2.2"))
    // The flow judges these.
    case .idToken, .responseObject: break
    case .refreshToken, .workload, .sdJWT, .unknown: break
    }
    return checks
  }

  private func check(
    _ id: String, _ verdict: Check.Verdict, _ expected: String, _ found: String, _ why: String,
    _ spec: SpecReference
  ) -> PastedCheck {
    PastedCheck(name, id, verdict, expected: expected, found: found, why: why, spec: spec)
  }

  private func required(
    _ names: [String], _ spec: SpecReference, verdict: Check.Verdict = .fail
  ) -> [PastedCheck] {
    let missing = names.filter { claims[$0] == nil }
    let id = "\(use.rawValue.replacing(bytes: "_", with: "-"))-claims"
    let suffix = verdict == .warn ? "-recommended" : ""
    guard !missing.isEmpty else {
      return [
        check(
          id + suffix, .pass, names.joined(separator: ", "), "all of them",
          "Every claim is there that this kind of token must have.", spec)
      ]
    }
    return [
      check(
        id + suffix, verdict, names.joined(separator: ", "),
        "absent: " + missing.joined(separator: ", "),
        verdict == .warn
          ? "The specification asks for it, and lets it be absent."
          : "This kind of token must have it.", spec)
    ]
  }

  /// RFC 7519, sections 4.1.4 to 4.1.6: seconds since 1970, as a number.
  private func times() -> [PastedCheck] {
    var checks: [PastedCheck] = []
    if let end = claims["exp"] {
      checks.append(
        time("token-exp", end, "a time to come", .rfc(7519, "4.1.4")) { seconds in
          now.seconds < seconds.addingReportingOverflow(skew).partialValue
            ? (true, "It has not expired.") : (false, "It has expired.")
        })
    }
    if let start = claims["nbf"] {
      checks.append(
        time("token-nbf", start, "a time that is past", .rfc(7519, "4.1.5")) { seconds in
          seconds <= now.seconds.addingReportingOverflow(skew).partialValue
            ? (true, "It is valid already.")
            : (false, "It is not valid yet: compare the clocks.")
        })
    }
    return checks
  }

  private func time(
    _ id: String, _ claim: JSONValue, _ expected: String, _ spec: SpecReference,
    _ judge: (Int64) -> (Bool, String)
  ) -> PastedCheck {
    guard let seconds = claim.integer else {
      return check(
        id, .fail, expected, claim.compactText,
        "It has to be a number of seconds; here it is \(claim.typeName).", spec)
    }
    // The year 5000, in seconds.
    guard seconds < 95_617_584_000 else {
      return check(
        id, .fail, expected, claim.compactText,
        "This is a number of milliseconds; a token counts in seconds, so nobody reads the time "
          + "that was meant.", spec)
    }
    let (passes, why) = judge(seconds)
    return check(
      id, passes ? .pass : .fail, expected, CivilTime(UnixTime(seconds: seconds)).text, why, spec)
  }

  /// OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6.
  private func logout() -> [PastedCheck] {
    let spec = SpecReference(
      "OpenID Connect Back-Channel Logout 1.0", "2.4")
    var checks = required(["iss", "aud", "iat", "jti", "events"], spec)
    let names = claims["events"]?.members?.map(\.name) ?? []
    let event = TokenUse.logoutEvent
    checks.append(
      check(
        "logout-token-event", names.contains(event) ? .pass : .fail, event,
        names.isEmpty ? "absent" : names.joined(separator: ", "),
        "The event says that this is a logout.", spec))
    let person = claims["sub"] != nil || claims["sid"] != nil
    checks.append(
      check(
        "logout-token-whom", person ? .pass : .fail, "sub or sid", person ? "there" : "absent",
        person ? "It says who is signed out." : "It does not say who is signed out.", spec))
    let hasNonce = claims["nonce"] != nil
    checks.append(
      check(
        "logout-token-no-nonce", hasNonce ? .fail : .pass, "no nonce",
        hasNonce ? "a nonce" : "no nonce",
        hasNonce
          ? "A logout token must not have one: it could be taken for an ID token."
          : "It cannot be taken for an ID token.", spec))
    if claims["exp"] == nil {
      checks.append(
        check(
          "logout-token-claims-recommended", .warn, "exp", "absent: exp",
          "The text of 2023 demands it; providers that follow the older text leave it out.", spec))
    }
    return checks
  }

  /// RFC 9101, sections 4 and 10.8; OpenID Connect CIBA Core 1.0, section 7.1.1.
  private func requestObject() -> [PastedCheck] {
    let isBackchannel =
      claims["response_type"] == nil
      && ["login_hint", "login_hint_token", "id_token_hint"].contains { claims[$0] != nil }
    var checks =
      isBackchannel
      ? required(
        ["iss", "aud", "exp", "iat", "nbf", "jti"],
        SpecReference("OpenID Connect CIBA Core 1.0", "7.1.1"))
      : required(["client_id", "response_type"], .rfc(9101, "4"))
    let nested = ["request", "request_uri"].filter { claims[$0] != nil }
    checks.append(
      check(
        "request-not-nested", nested.isEmpty ? .pass : .fail, "neither request nor request_uri",
        nested.isEmpty ? "neither" : nested.joined(separator: ", "),
        "A request object holds the parameters themselves.", .rfc(9101, "4")))
    if let subject = claims["sub"]?.string, let client = claims["client_id"]?.string,
      subject.isIdentical(to: client)
    {
      checks.append(
        check(
          "request-no-assertion", .warn, "a sub that is not the client id", "the client id",
          "Anyone who gets it can use it to authenticate as the client: leave sub out.",
          .rfc(9101, "10.8")))
    }
    return checks
  }

  /// RFC 7523, section 3; OpenID Connect Core 1.0, section 9; Apple's documentation.
  private func assertion() -> [PastedCheck] {
    var checks = required(["iss", "sub", "aud", "exp"], .rfc(7523, "3"))
    guard !AppleSecret.isOne(claims) else { return checks + appleSecret() }
    checks += required(["jti"], .core("9"), verdict: .warn)
    if let issuer = claims["iss"]?.string, let subject = claims["sub"]?.string {
      let same = issuer.isIdentical(to: subject)
      checks.append(
        check(
          "client-assertion-subject", same ? .pass : .warn, issuer, subject,
          same
            ? "The client speaks for itself."
            : "OpenID Connect wants the client id in both iss and sub; only a provider that trusts "
              + "this iss takes it.", .core("9")))
    }
    return checks
  }

  private func appleSecret() -> [PastedCheck] {
    let spec = SpecReference("Sign in with Apple documentation", "")
    let algorithm = header["alg"]?.string ?? "none"
    var checks = [
      check(
        "apple-secret-alg", algorithm == "ES256" ? .pass : .fail, "ES256", algorithm,
        "Apple takes ES256 alone, with the key of the team.", spec),
      check(
        "apple-secret-kid", header["kid"] == nil ? .fail : .pass, "kid",
        header["kid"] == nil ? "absent" : "kid",
        "The header has to name the key that Apple gave to the team.", spec),
    ]
    if let start = claims["iat"]?.integer, let end = claims["exp"]?.integer {
      let (length, _) = end.subtractingReportingOverflow(start)
      let fits = length <= AppleSecret.secondsMax
      checks.append(
        check(
          "apple-secret-lifetime", fits ? .pass : .fail,
          "at most \(AppleSecret.secondsMax) seconds", "\(length) seconds",
          fits
            ? "It lives no longer than the six months that Apple allows."
            : "It lives longer than the six months that Apple allows: invalid_client follows.", spec
        ))
    }
    return checks
  }

  /// RFC 9449, section 4.2.
  private func proof() -> [PastedCheck] {
    let spec = SpecReference.rfc(9449, "4.2")
    var checks = required(["jti", "htm", "htu", "iat"], spec)
    let type = header["typ"]?.string ?? "absent"
    checks.append(
      check(
        "dpop-type", type.asciiLowercased == "dpop+jwt" ? .pass : .fail, "dpop+jwt", type,
        "The type keeps a proof apart from every other token.", spec))
    let key = header["jwk"].flatMap(JSONWebKey.init)
    let leaks = header["jwk"]?["d"] != nil
    checks.append(
      check(
        "dpop-key", key != nil && !leaks ? .pass : .fail, "a public key in the header",
        leaks ? "a private key" : key == nil ? "absent" : "a public key",
        leaks
          ? "The private key is given away with every request."
          : key == nil
            ? "Without the key nobody can verify the proof." : "The proof brings its own key.",
        spec))
    return checks
  }
}
