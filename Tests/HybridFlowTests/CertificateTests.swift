import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// A client with a certificate: where it goes, and what is bound to it (RFC 8705).
@Suite struct CertificateTests {
  static let certificate = ClientCertificate(
    der: [1, 2, 3], thumbprint: "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0",
    subject: "CN=client-1", issuer: "CN=authority", begins: UnixTime(seconds: 0),
    ends: UnixTime(seconds: 4_000_000_000))
  static let aliases = "https://mtls.tenant.example/"

  /// A provider with aliases that binds its tokens to this thumbprint; nil leaves them unbound.
  static func provider(
    binding thumbprint: String? = certificate.thumbprint, promises: Bool = true,
    hasAliases: Bool = true
  ) throws -> HonestProvider {
    var provider = try HonestProvider()
    provider.editMetadata = { json in
      json.set("introspection_endpoint", .string(Sample.issuer + "introspect"))
      json.set("pushed_authorization_request_endpoint", .string(Sample.issuer + "par"))
      json.set(
        "token_endpoint_auth_methods_supported", ["client_secret_basic", "tls_client_auth"])
      if promises { json.set("tls_client_certificate_bound_access_tokens", true) }
      guard hasAliases else { return }
      json.set(
        "mtls_endpoint_aliases",
        [
          "token_endpoint": .string(aliases + "token"),
          "userinfo_endpoint": .string(aliases + "userinfo"),
          "introspection_endpoint": .string(aliases + "introspect"),
          "pushed_authorization_request_endpoint": .string(aliases + "par"),
        ])
    }
    let key = provider.backKey
    let token = try bound(to: thumbprint, key)
    provider.editTokens = { $0.set("access_token", .string(token)) }
    let hash = try provider.hash(token, key)
    provider.editBackClaims = { $0.set("at_hash", .string(hash)) }
    return provider
  }

  private static func bound(to thumbprint: String?, _ key: SigningKey) throws -> String {
    var claims: JSONValue = ["sub": "s", "aud": .string(Sample.audience)]
    if let thumbprint { claims.set("cnf", ["x5t#S256": .string(thumbprint)]) }
    return try key.compactJWS(header: key.header(), payload: Array(claims.compactText.utf8))
  }

  static func configuration(_ type: ResponseType = .codeIDToken) throws -> FlowConfiguration {
    var configuration = try Sample.configuration(type)
    configuration.clientSecret = nil
    configuration.clientCertificate = certificate
    return configuration
  }

  private func verdict(of id: CheckID, _ drive: Drive) -> Check? {
    drive.transcript.checks.first { $0.id == id }
  }

  @Test func `the certificate goes to the aliases, and client_id stands in the form`() throws {
    var configuration = try Self.configuration()
    configuration.pushesRequest = .always
    let drive = try Drive.run(configuration, try Self.provider())
    #expect(drive.machine.situation == .finished)
    let requests = drive.pushedRequests + drive.tokenRequests + drive.apiRequests
    #expect(
      requests.map { $0.url?.text }
        == ["par", "token", "userinfo"].map { Self.aliases + $0 })
    #expect(requests.allSatisfy { $0.security?.certificate == Self.certificate })
    let form = try FormEncoding.decode(try #require(drive.tokenRequests.first).body)
    #expect(form["client_id"] == Sample.clientID)
    #expect(form["client_secret"] == nil && form["client_assertion"] == nil)
    #expect(drive.tokenRequests.first?.headers["Authorization"] == nil)
    for id: CheckID in [.mtlsAliasUsed, .accessTokenCnfCertificate, .boundTokenWithCertificate] {
      #expect(verdict(of: id, drive)?.verdict == .pass, "\(id)")
    }
  }

  @Test func `documents for everybody are fetched without it, and so are all without one`() throws {
    let drive = try Drive.run(try Self.configuration(), try Self.provider())
    let early = drive.transcript[.login].messages.compactMap(\.request)
    #expect(early.count == 2 && early.allSatisfy { $0.security == nil })
    let without = try Drive.run(try Sample.configuration(), try Self.provider())
    let all = without.transcript.messages.compactMap(\.request)
    #expect(all.allSatisfy { $0.security == nil })
    #expect(without.tokenRequests.first?.url?.text == Sample.issuer + "oauth/token")
    #expect(!without.transcript.checks.contains { CertificateChecks.rules.contains($0.id) })
  }

  /// What the token has, what is promised, and the verdict.
  struct Binding: Sendable, CustomTestStringConvertible {
    var found: String?
    var promises: Bool
    var verdict: Check.Verdict
    var says: String
    var testDescription: String { "\(found ?? "no cnf"), promised: \(promises)" }
  }

  static let hexadecimal =
    "0380ed2f626650c840b2f263e6d2b29fae12ab39ae5db32b25ad27efad72e6fd"

  @Test(arguments: [
    Binding(found: certificate.thumbprint, promises: true, verdict: .pass, says: "without the key"),
    Binding(found: nil, promises: true, verdict: .fail, says: "promise"),
    Binding(found: nil, promises: false, verdict: .warn, says: "do not promise"),
    Binding(
      found: "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2", promises: true, verdict: .fail,
      says: "another certificate"),
    Binding(found: hexadecimal, promises: true, verdict: .fail, says: "hexadecimal"),
  ])
  func `the binding of the access token is compared with the certificate`(_ row: Binding) throws {
    let drive = try Drive.run(
      try Self.configuration(),
      try Self.provider(binding: row.found, promises: row.promises))
    let check = try #require(verdict(of: .accessTokenCnfCertificate, drive))
    #expect(check.verdict == row.verdict)
    #expect(check.why.contains(row.says), "\(check.why)")
    #expect((drive.transcript.failure == nil) == (row.verdict != .fail))
  }

  @Test func `a server that did not ask was shown nothing, and that is said first`() throws {
    let prepared = try prepared(try Self.provider())
    let security = RequestSecurity(
      version: "TLSv1.3", cipher: "x", certificate: Self.certificate, isAsked: false)
    let check = CertificateChecks.accessToken("opaque", security, prepared).first
    #expect(check?.verdict == .warn && check?.why.contains("did not ask") == true)
    let plain = CertificateChecks.accessToken("opaque", nil, prepared).first
    #expect(plain?.why.contains("plain http") == true)
    let asked = RequestSecurity(certificate: Self.certificate, isAsked: true)
    #expect(CertificateChecks.accessToken("opaque", asked, prepared).first?.verdict == .skip)
  }

  private func prepared(_ provider: HonestProvider) throws -> Prepared {
    let configuration = try Self.configuration()
    let listening = Listening(
      begun: Begun(
        configuration: configuration, secrets: Sample.secrets, startedAt: Sample.start),
      redirectURI: configuration.redirectURI)
    return Prepared(
      listening: listening, metadata: try #require(ProviderMetadata(try provider.metadata())),
      keys: JSONWebKeySet(keys: []), authorizationEndpoint: configuration.issuer,
      tokenEndpoint: configuration.issuer, clientAuthentication: .tlsClientAuth)
  }

  @Test func `an access token through the browser is a bearer token, and a warning says so`() throws
  {
    let drive = try Drive.run(try Self.configuration(.codeIDTokenToken), try Self.provider())
    let check = try #require(verdict(of: .accessTokenFrontUnbound, drive))
    #expect(check.verdict == .warn && check.why.contains("browser"))
  }

  @Test func `without aliases the ordinary address is asked, with the certificate`() throws {
    let drive = try Drive.run(
      try Self.configuration(), try Self.provider(hasAliases: false))
    #expect(drive.tokenRequests.first?.url?.text == Sample.issuer + "oauth/token")
    #expect(drive.tokenRequests.first?.security?.certificate == Self.certificate)
    #expect(verdict(of: .mtlsAliasUsed, drive)?.verdict == .skip)
    #expect(verdict(of: .issuerBoundEndpoint, drive)?.verdict == .pass)
  }

  @Test func `an alias into a private network stops the run before anything is sent`() throws {
    var provider = try Self.provider()
    provider.editMetadata = { json in
      json.set("mtls_endpoint_aliases", ["token_endpoint": "https://192.168.1.1/token"])
    }
    let drive = try Drive.run(try Self.configuration(), provider)
    #expect(drive.transcript.failure?.failedChecks.contains(.discoveryEndpointReach) == true)
  }

  @Test(arguments: [
    (String?.some(certificate.thumbprint), Check.Verdict.pass), (String?.none, .fail),
    ("another", .fail),
  ])
  func `introspection tells the same binding as the token`(
    _ told: String?, _ verdict: Check.Verdict
  ) throws {
    var provider = try Self.provider()
    provider.editIntrospection = { response in
      var json: JSONValue = ["active": true]
      if let told { json.set("cnf", ["x5t#S256": .string(told)]) }
      response = HonestProvider.json(json)
    }
    var drive = try Drive.run(try Self.configuration(), provider)
    _ = try drive.deliver(.actionRequested(.introspect(.accessToken)))
    try drive.run()
    let record = try #require(drive.transcript.afterwards.last?.record)
    #expect(record.checks.first { $0.id == .cnfSameInIntrospection }?.verdict == verdict)
    #expect((record.failure == nil) == (verdict == .pass))
  }

  @Test(arguments: [
    (["tls_client_auth"], ClientAuthenticationMethod.tlsClientAuth),
    (["self_signed_tls_client_auth"], .selfSignedTLSClientAuth),
    (["client_secret_basic"], .tlsClientAuth),
  ])
  func `with nothing but a certificate the method is one of its own`(
    _ offered: [String], _ method: ClientAuthenticationMethod
  ) throws {
    let metadata = try #require(
      ProviderMetadata([
        "token_endpoint_auth_methods_supported": .array(offered.map { .string($0) })
      ]))
    var configuration = try Self.configuration()
    #expect(ConfigurationChecks.authentication(metadata, configuration) == method)
    configuration.clientSecret = Sample.clientSecret
    #expect(ConfigurationChecks.authentication(metadata, configuration) == .basic)
  }
}
