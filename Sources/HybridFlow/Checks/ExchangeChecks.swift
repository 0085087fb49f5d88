import OpenID

/// Checks on the application's token request; stage 6.
package enum ExchangeChecks {
  /// Judges the request before it is sent, by what has happened so far.
  static func all(
    _ trusted: Trusted, fields: [FormField], endpoint: String, _ transcript: Transcript
  ) -> [Check] {
    let requested = trusted.requested
    let metadata = requested.prepared.metadata
    let alias = metadata.endpoint(
      "token_endpoint", withCertificate: requested.configuration.usesAliases)
    let own = [metadata.tokenEndpoint, alias].compactMap(\.self)
    let bound = own.contains { $0.isIdentical(to: endpoint) }
    let isFirst = !transcript[.exchange].messages.contains { $0.request != nil }
    return [
      front(trusted, transcript),
      Check(
        .codeExchangeOnce, isFirst ? .pass : .fail, expected: "the first time",
        found: isFirst ? "the first time" : "sent before",
        why: isFirst
          ? "The code is sent once, and not again after a time-out."
          : "A provider refuses a second use, and should revoke what the first one gave."),
      redirectURI(
        asked: .known(requested.sent("redirect_uri") ?? ""), sent: fields["redirect_uri"] ?? ""),
      Check(
        .issuerBoundEndpoint, bound ? .pass : .fail, expected: alias ?? "absent",
        found: endpoint,
        why: bound
          ? "The code goes to the issuer that was asked."
          : "The code would go to somebody else."),
    ] + CertificateChecks.alias("token_endpoint", endpoint, requested.prepared)
  }

  package static func redirectURI(asked: Known<String>, sent: String) -> Check {
    switch asked {
    case .known(let asked): redirectURI(asked: asked, sent: sent)
    case .unknown(let why):
      .undecided(
        .redirectURISame, found: sent.isEmpty ? nil : sent,
        "the redirect_uri of the first request", why)
    }
  }

  private static func redirectURI(asked: String, sent: String) -> Check {
    let isSame = sent.isIdentical(to: asked)
    return Check(
      .redirectURISame, isSame ? .pass : .fail, expected: asked.isEmpty ? "absent" : asked,
      found: sent.isEmpty ? "absent" : sent,
      why: isSame
        ? "The same text stands in both requests."
        : sent.isEmpty
          ? "The authorization request had a redirect URI, so the token request needs the same."
          : "Two texts for one address: one slash counts.")
  }

  private static func front(_ trusted: Trusted, _ transcript: Transcript) -> Check {
    let failed = transcript[.callback].checks.filter { $0.verdict == .fail && !$0.isOfRefused }
    let expected = "no failed check in stage 5"
    guard let first = failed.first else {
      return Check(
        .noExchangeBeforeFrontOK, .pass, expected: expected, found: expected,
        why: trusted.frontToken == nil
          ? "The answer was checked as far as this response type allows: no ID token guards the code."
          : "The first ID token vouches for the code.")
    }
    let isExperiment = failed.allSatisfy(\.isOff)
    return Check(
      .noExchangeBeforeFrontOK, isExperiment ? .warn : .fail, expected: expected,
      found: first.id.rawValue,
      why: isExperiment
        ? "The check failed and is switched off: the code leaves on a forged word."
        : "Nobody vouches for the code, so it must not leave.")
  }
}

extension ExchangeChecks {
  /// Judges the answer to a wrong code verifier; nil where it shows nothing about the verifier.
  static func enforcement(_ answer: TokenAnswer) -> Check? {
    let expected = "invalid_grant"
    switch answer {
    case .tokens:
      return Check(
        .pkceEnforced, .fail, expected: expected, found: "tokens",
        why: "The tenant gave tokens for a verifier that does not belong to the code challenge: it "
          + "ignores PKCE.")
    case .refused(let error) where error.code == expected:
      return Check(
        .pkceEnforced, .pass, expected: expected, found: error.code,
        why: "The tenant compared the verifier with the code challenge, and refused.")
    case .refused, .unreadable: return nil
    }
  }
}

// The rules.
extension CheckID {
  package static let noExchangeBeforeFrontOK = CheckID(
    "no-exchange-before-front-ok", .error,
    rule: "the code is not sent before every check of stage 5 has passed",
    shows: "an application that acts on a forged answer",
    next: "Look at the failed checks of stage 5.",
    spec: .core("3.3.2.12"))

  package static let codeExchangeOnce = CheckID(
    "code-exchange-once", .error,
    rule: "the code is sent once",
    shows: "invalid_grant, and perhaps tokens revoked",
    next: "Start again: a code works once.",
    spec: .rfc(6749, "4.1.2"))

  package static let redirectURISame = CheckID(
    "redirect-uri-same", .error,
    rule: "redirect_uri is the same in both requests",
    shows: "invalid_grant",
    next: "Send redirect_uri of the authorization request, unchanged.",
    spec: .rfc(6749, "4.1.3"))

  package static let issuerBoundEndpoint = CheckID(
    "issuer-bound-endpoint", .error,
    rule: "the token endpoint is the one of the issuer that was asked",
    shows: "mix-up: the code handed to another provider",
    next: "Take the token endpoint from the issuer\u{2019}s own metadata.",
    spec: .rfc(9700, "4.4"))

  package static let pkceEnforced = CheckID(
    "pkce-enforced", .error,
    rule: "a code that comes with a wrong verifier is refused",
    shows: "a tenant that ignores PKCE, so that a code read in the browser may be redeemed",
    next: "Switch PKCE on for this client at the provider, or ask its maker.",
    spec: .rfc(7636, "4.6"))
}

extension ExchangeChecks {
  static let rules: [CheckID] = [
    .noExchangeBeforeFrontOK, .codeExchangeOnce, .redirectURISame, .issuerBoundEndpoint,
    .pkceEnforced,
  ]
}
