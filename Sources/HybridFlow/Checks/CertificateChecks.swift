import OpenID

/// The client's certificate, and the access tokens that are bound to it: mutual TLS.
///
/// RFC 8705. They are made in runs with a certificate only.
package enum CertificateChecks {
  // MARK: Where the request goes

  /// Whether a request goes to the address for clients with a certificate, where there is one.
  static func alias(_ name: String, _ endpoint: String, _ prepared: Prepared) -> [Check] {
    guard prepared.configuration.clientCertificate != nil else { return [] }
    let metadata = prepared.metadata
    let alias = metadata.aliases.first { $0.name.isIdentical(to: name) }?.url
    guard let alias else {
      return [
        Check(
          .mtlsAliasUsed, .skip, found: endpoint,
          why: "The metadata name no alias for \(name): the ordinary address is the right one.")
      ]
    }
    let isUsed = alias.isIdentical(to: endpoint)
    return [
      Check(
        .mtlsAliasUsed, isUsed ? .pass : .fail, expected: alias, found: endpoint,
        why: isUsed
          ? "The request goes where certificates are asked for."
          : "At the ordinary address nobody asks for a certificate, so none is shown.")
    ]
  }

  // MARK: The access token

  /// Whether an access token of the token endpoint is bound to the certificate that was shown there.
  ///
  /// - Parameter security: Of the request to the token endpoint; nil for plain http.
  static func accessToken(
    _ token: String?, _ security: RequestSecurity?, _ prepared: Prepared
  ) -> [Check] {
    guard let certificate = prepared.configuration.clientCertificate, let token else { return [] }
    let expected = certificate.thumbprint
    func verdict(_ verdict: Check.Verdict, _ found: String?, _ why: String) -> [Check] {
      [
        Check(
          .accessTokenCnfCertificate, verdict, expected: expected, found: found, why: why,
          derivation: derivation(certificate))
      ]
    }
    let promise = prepared.metadata.bindsAccessTokens
    guard let shown = security?.shownCertificate else {
      let why =
        security == nil
        ? "The token endpoint speaks plain http, so no certificate was shown."
        : "The server did not ask for a certificate, so none was shown: is this its address for "
          + "mutual TLS?"
      return verdict(promise ? .warn : .skip, "no certificate was shown", why)
    }
    guard let claims = (try? CompactJWS(token)).flatMap({ try? $0.claims() }) else {
      return verdict(
        .skip, "an opaque token",
        "Only the provider can say what it is bound to: ask with --then introspect.")
    }
    guard let found = ClientCertificate.thumbprint(in: claims) else {
      return verdict(
        promise ? .fail : .warn, claims["cnf"] == nil ? "no cnf" : "cnf without x5t#S256",
        promise
          ? "The metadata promise bound tokens, and this one is not: whoever has it can use it."
          : "Whoever has this token can use it. The metadata do not promise more.")
    }
    guard !found.isIdentical(to: shown.thumbprint) else {
      return verdict(
        .pass, found, "Whoever copies the token cannot use it without the key of the certificate.")
    }
    return verdict(.fail, found, otherThumbprint(found, shown))
  }

  /// Whether a token that somebody has brought is bound to a certificate that they have brought too.
  package static func pasted(_ claims: JSONValue, _ certificate: ClientCertificate) -> Check {
    func verdict(_ verdict: Check.Verdict, _ found: String, _ why: String) -> Check {
      Check(
        .accessTokenCnfCertificate, verdict, expected: certificate.thumbprint, found: found,
        why: why, derivation: derivation(certificate))
    }
    guard let found = ClientCertificate.thumbprint(in: claims) else {
      return verdict(
        .warn, claims["cnf"] == nil ? "no cnf" : "cnf without x5t#S256",
        "The token is bound to no certificate: whoever has it can use it.")
    }
    return found.isIdentical(to: certificate.thumbprint)
      ? verdict(.pass, found, "The token is bound to this certificate.")
      : verdict(.fail, found, otherThumbprint(found, certificate))
  }

  /// Why a thumbprint is another one; the harmless reasons first.
  private static func otherThumbprint(_ found: String, _ shown: ClientCertificate) -> String {
    guard let digest = try? Base64URL.decode(shown.thumbprint) else { return Self.other }
    let written = found.asciiLowercased.split(at: ":").joined()
    if written.isIdentical(to: Hex.text(digest)) {
      return "It is the right SHA-256, written in hexadecimal: base64url without = is wanted."
    }
    if let bytes = try? Base64.decode(found), bytes == digest {
      return "It is the right SHA-256, written in ordinary base64: base64url without = is wanted."
    }
    return Self.other
  }

  private static let other =
    "The token is bound to another certificate: an API that looks will refuse it with ours."

  private static func derivation(_ certificate: ClientCertificate) -> [DerivationStep] {
    [
      DerivationStep("the certificate in DER", "\(certificate.der.count) bytes"),
      DerivationStep("its SHA-256, base64url", certificate.thumbprint),
    ]
  }

  /// What an answer through the browser brings that is bound to nothing.
  static func front(_ received: AnswerReceived) -> [Check] {
    frontAccessToken(received.answer["access_token"], received.requested.configuration)
  }

  /// That an access token which came through the browser is bound to nothing.
  static func frontAccessToken(_ token: String?, _ configuration: FlowConfiguration) -> [Check] {
    let proves = configuration.proofKey != nil
    guard configuration.clientCertificate != nil || proves, let token else { return [] }
    let claims = (try? CompactJWS(token)).flatMap { try? $0.claims() }
    let isBound = claims?["cnf"] != nil
    return [
      Check(
        .accessTokenFrontUnbound, isBound ? .pass : .warn,
        expected: "no access token through the browser, or a bound one",
        found: isBound ? "cnf" : "no cnf",
        why: isBound
          ? "It has a cnf, although nothing is proved at the authorization endpoint."
          : proves
            ? "The browser sends no proof, so this token can be bound to no key: whoever reads it there "
              + "can use it."
            : "The browser shows no certificate of the application, so this token can be bound to none: "
              + "whoever reads it there can use it.")
    ]
  }

  // MARK: The API

  /// Whether the certificate goes along with a bound token.
  static func call(_ authorized: Authorized, _ url: WebURL, isShown: Bool) -> [Check] {
    let claims = (try? CompactJWS(authorized.usedAccessToken)).flatMap { try? $0.claims() }
    guard authorized.configuration.clientCertificate != nil,
      let bound = ClientCertificate.thumbprint(in: claims)
    else { return [] }
    let goes = isShown && url.isHTTPS
    return [
      Check(
        .boundTokenWithCertificate, goes ? .pass : .fail, expected: "the certificate \(bound)",
        found: goes ? "a certificate, if the server asks" : "no certificate",
        why: goes
          ? "The API can compare the certificate with the token."
          : url.isHTTPS
            ? "The token is bound to a certificate, and the call shows none: expect invalid_token."
            : "The API speaks plain http, where no certificate can be shown.")
    ]
  }

  // MARK: Introspection

  /// Whether introspection tells the same certificate as the token, or as the one that was shown.
  static func introspection(_ answer: JSONValue, _ after: Afterwards) -> [Check] {
    guard let certificate = after.configuration.clientCertificate,
      let token = after.authorized?.accessToken, answer["active"]?.bool == true
    else { return [] }
    let claims = (try? CompactJWS(token)).flatMap { try? $0.claims() }
    let own = ClientCertificate.thumbprint(in: claims)
    let expected = claims == nil ? certificate.thumbprint : own
    let found = ClientCertificate.thumbprint(in: answer)
    func verdict(_ verdict: Check.Verdict, _ why: String) -> [Check] {
      [
        Check(
          .cnfSameInIntrospection, verdict, expected: expected ?? "no cnf",
          found: found ?? "no cnf", why: why)
      ]
    }
    switch (expected, found) {
    case (nil, nil): return verdict(.skip, "The access token is bound to no certificate.")
    case (let expected?, let found?) where found.isIdentical(to: expected):
      return verdict(.pass, "An API that asks learns the same as one that reads the token.")
    case (_?, nil):
      return verdict(
        .fail, "An API that asks does not learn that the token is bound, and takes it from anybody."
      )
    case (nil, _?), (_?, _?):
      return verdict(.fail, "An API that asks would want another certificate than ours.")
    }
  }
}

// The rules.
extension CheckID {
  package static let mtlsAliasUsed = CheckID(
    "mtls-alias-used", .error,
    rule: "a client with a certificate uses the alias of an endpoint, where there is one",
    shows: "invalid_client, because the certificate was never asked for",
    next: "Take the address from mtls_endpoint_aliases.",
    spec: .rfc(8705, "5"))

  package static let accessTokenFrontUnbound = CheckID(
    "access-token-front-unbound", .warning,
    rule: "with bound tokens, no unbound access token comes through the browser",
    shows: "an access token that anybody can use who reads it in the browser",
    next: "Ask for code id_token: then the only access token comes from the token endpoint.",
    spec: .rfc(9700, "2.1.2"))

  package static let accessTokenCnfCertificate = CheckID(
    "access-token-cnf-certificate", .error,
    rule: "cnf of the access token is the SHA-256 of the certificate that was shown",
    shows: "a token that is not bound, or is bound to another client",
    next:
      "Compare x5t#S256 with: openssl x509 -outform DER | openssl dgst -sha256 -binary, base64url.",
    spec: .rfc(8705, "3.1"))

  package static let boundTokenWithCertificate = CheckID(
    "bound-token-with-certificate", .error,
    rule: "a bound access token is used with its certificate",
    shows: "invalid_token at the API",
    next: "Call the API over TLS with the same certificate as the token endpoint.",
    spec: .rfc(8705, "3"))

  package static let cnfSameInIntrospection = CheckID(
    "cnf-same-in-introspection", .error,
    rule: "introspection tells the same cnf as the access token",
    shows: "an API that is told of another certificate, or of none",
    next: "Ask the provider\u{2019}s maker: both come from the same grant.",
    spec: .rfc(8705, "3.2"))
}

extension CertificateChecks {
  static let rules: [CheckID] = [
    .mtlsAliasUsed, .accessTokenFrontUnbound, .accessTokenCnfCertificate,
    .boundTokenWithCertificate, .cnfSameInIntrospection,
  ]
}
