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
    case .clientAssertion:
      checks += required(["iss", "sub", "aud", "exp"], .rfc(7523, "3"))
      checks += required(["jti"], .core("9"), verdict: .warn)
    case .requestObject: checks += requestObject()
    case .responseObject:
      checks += required(
        ["iss", "aud", "exp"], SpecReference("JARM", "2.1"))
    case .dpopProof: checks += proof()
    case .userinfo:
      checks += required(["sub"], .core("5.3.2"))
      checks += required(["iss", "aud"], .core("5.3.2"), verdict: .warn)
    case .idToken, .refreshToken, .introspectionJWT, .unknown: break
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

  private func times() -> [PastedCheck] {
    var checks: [PastedCheck] = []
    if let end = claims["exp"]?.integer {
      let lives = now.seconds < end.addingReportingOverflow(skew).partialValue
      checks.append(
        check(
          "token-exp", lives ? .pass : .fail, "a time to come",
          CivilTime(UnixTime(seconds: end)).text,
          lives ? "It has not expired." : "It has expired.", .rfc(7519, "4.1.4")))
    }
    if let start = claims["nbf"]?.integer {
      let valid = start <= now.seconds.addingReportingOverflow(skew).partialValue
      checks.append(
        check(
          "token-nbf", valid ? .pass : .fail, "a time that is past",
          CivilTime(UnixTime(seconds: start)).text,
          valid ? "It is valid already." : "It is not valid yet: compare the clocks.",
          .rfc(7519, "4.1.5")))
    }
    return checks
  }

  /// OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6.
  private func logout() -> [PastedCheck] {
    let spec = SpecReference(
      "OpenID Connect Back-Channel Logout 1.0", "2.4")
    var checks = required(["iss", "aud", "iat", "jti", "events"], spec)
    let names = claims["events"]?.members?.map(\.name) ?? []
    let event = "http://schemas.openid.net/event/backchannel-logout"
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
    return checks
  }

  /// RFC 9101, sections 4 and 10.2.
  private func requestObject() -> [PastedCheck] {
    var checks = required(["client_id", "response_type"], .rfc(9101, "4"))
    let nested = ["request", "request_uri"].filter { claims[$0] != nil }
    checks.append(
      check(
        "request-not-nested", nested.isEmpty ? .pass : .fail, "neither request nor request_uri",
        nested.isEmpty ? "neither" : nested.joined(separator: ", "),
        "A request object holds the parameters themselves.", .rfc(9101, "4")))
    return checks
  }

  /// RFC 9449, section 4.2.
  private func proof() -> [PastedCheck] {
    let spec = SpecReference.rfc(9449, "4.2")
    var checks = required(["jti", "htm", "htu", "iat"], spec)
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
