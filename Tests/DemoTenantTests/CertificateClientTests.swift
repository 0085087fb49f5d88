import Cryptography
import OpenID
import Testing

@testable import DemoTenant

/// Clients with a certificate at the demo tenant: RFC 8705.
@Suite struct CertificateClientTests {
  private static let authority = Result { try ThrowAwayAuthority(name: "authority") }

  private static func issued(
    _ name: String = "client", names: String? = nil
  ) throws -> ClientCertificate {
    try authority.get().identity(of: name, names: names).certificate
  }

  /// The tenant at the time of its certificates, with this registration of its first client.
  private static func world(
    _ registration: CertificateRegistration?, opaque: Bool = false
  ) throws -> World {
    let authority = try authority.get().certificate
    var world = try World {
      $0.takeCertificates(
        MutualTLS(origin: "https://localhost:9443", authority: authority),
        registering: registration)
    }
    world.now = authority.begins.adding(seconds: 7200)
    return world
  }

  private static func token(
    _ world: inout World, _ fields: [FormField], showing certificate: ClientCertificate?
  ) -> HTTPResponse {
    var request = HTTPRequest(
      method: "POST", target: "/oauth/token",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array(FormEncoding.encode(fields).utf8))
    request.security = RequestSecurity(version: "TLSv1.3", certificate: certificate)
    return world.send(request)
  }

  private static func exchange(
    _ world: inout World, showing certificate: ClientCertificate?,
    clientID: String? = TenantSettings.demoClientID, _ changes: [String: String?] = [:]
  ) throws -> HTTPResponse {
    let code = try world.flow(changes)["code"]
    var fields = exchangeFields(code)
    if let clientID { fields.append(FormField("client_id", clientID)) }
    return token(&world, fields, showing: certificate)
  }

  /// A registration, the certificate that is shown, and the rule that it breaks.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var registration: CertificateRegistration
    var subject = "client"
    var names: String?
    var breaks: String?
    var testDescription: String { name }
  }

  @Test(arguments: [
    Row(name: "the subject", registration: .subject("CN=client")),
    Row(
      name: "another subject", registration: .subject("CN=client"), subject: "client2",
      breaks: "mtls-registered"),
    Row(
      name: "a host name", registration: .alternativeName(.dns, "a.example"),
      names: "DNS:b.example,DNS:a.example"),
    Row(
      name: "another host name", registration: .alternativeName(.dns, "a.example"),
      names: "DNS:b.example", breaks: "mtls-registered"),
    Row(
      name: "no subjectAltName", registration: .alternativeName(.uri, "https://a.example/"),
      breaks: "mtls-registered"),
    Row(
      name: "an address", registration: .alternativeName(.address, "2001:db8::1"),
      names: "IP:2001:db8:0:0:0:0:0:1"),
    Row(
      name: "an e-mail address", registration: .alternativeName(.email, "a@a.example"),
      names: "email:a@a.example"),
  ])
  func `the certificate of an authority has to have what is registered`(_ row: Row) throws {
    let certificate = try Self.issued(row.subject, names: row.names)
    var world = try Self.world(row.registration)
    let response = try Self.exchange(&world, showing: certificate)
    let broken = world.tenant.ledger.filter { !$0.passed }.map(\.rule)
    #expect(response.status == (row.breaks == nil ? 200 : 401), "\(response.bodyText)")
    #expect(row.breaks.map { broken.contains($0) } ?? broken.isEmpty, "\(broken)")
    guard row.breaks == nil else {
      #expect(try json(response)["error"] == "invalid_client")
      return
    }
    let claims = try CompactJWS(try #require(json(response)["access_token"]?.string)).claims()
    #expect(ClientCertificate.thumbprint(in: claims) == certificate.thumbprint)
  }

  @Test func `a certificate of another authority, or one that has expired, is refused`() throws {
    let stranger = try ThrowAwayAuthority(name: "authority").identity(of: "client").certificate
    var world = try Self.world(.subject("CN=client"))
    #expect(try Self.exchange(&world, showing: stranger).status == 401)
    #expect(world.tenant.ledger.last { !$0.passed && $0.rule == "mtls-chain" } != nil)
    let own = try Self.issued()
    world = try Self.world(.subject("CN=client"))
    world.now = own.ends.adding(seconds: 60)
    #expect(try Self.exchange(&world, showing: own).status == 401)
    #expect(
      world.tenant.ledger.last { $0.rule == "mtls-chain" }?.found.contains("expired") == true)
  }

  @Test func `a client that signs its own certificate is known by it, or by its key`() throws {
    let own = try ThrowAwayAuthority.selfSigned("client").certificate
    let other = try ThrowAwayAuthority.selfSigned("client").certificate
    for (shown, status) in [(own, 200), (other, 401)] {
      var world = try Self.world(.selfSigned([own]))
      #expect(try Self.exchange(&world, showing: shown).status == status)
    }
  }

  @Test func `no certificate, no client_id, or a secret instead: invalid_client`() throws {
    let certificate = try Self.issued()
    let rows: [(ClientCertificate?, String?, String)] = [
      (nil, TenantSettings.demoClientID, "mtls-shown"), (certificate, nil, "mtls-client-id"),
      (certificate, "other", "client-authenticated"),
    ]
    for (shown, clientID, rule) in rows {
      var world = try Self.world(.subject("CN=client"))
      let response = try Self.exchange(&world, showing: shown, clientID: clientID)
      #expect(response.status == 401, "\(rule)")
      #expect(try json(response)["error"] == "invalid_client", "\(rule)")
      #expect(world.tenant.ledger.contains { $0.rule == rule && !$0.passed }, "\(rule)")
    }
    var world = try Self.world(.subject("CN=client"))
    #expect(try world.exchange(world.flow()["code"]).status == 401, "a secret")
  }

  /// The call of a resource with a bound token.
  private static func call(
    _ world: inout World, _ path: String, _ token: String?, showing shown: ClientCertificate?
  ) -> HTTPResponse {
    var request = HTTPRequest(
      method: "GET", target: path, headers: ["Authorization": "Bearer \(token ?? "")"])
    if let shown { request.security = RequestSecurity(certificate: shown) }
    return world.send(request)
  }

  @Test(arguments: [false, true])
  func `a bound token is good with its certificate only, a JWT and an opaque one`(
    _ isOpaque: Bool
  ) throws {
    let certificate = try Self.issued()
    let other = try Self.issued("other")
    var world = try Self.world(.subject("CN=client"))
    let response = try Self.exchange(
      &world, showing: certificate, isOpaque ? ["audience": nil, "scope": "openid"] : [:])
    let token = try json(response)["access_token"]?.string
    let paths = isOpaque ? ["/userinfo"] : ["/userinfo", "/api/appointments"]
    for path in paths {
      #expect(Self.call(&world, path, token, showing: certificate).status == 200, "\(path)")
      for shown in [nil, other] {
        let refused = Self.call(&world, path, token, showing: shown)
        #expect(refused.status == 401, "\(path)")
        #expect(refused.headers["WWW-Authenticate"]?.contains("invalid_token") == true)
      }
    }
    var request = HTTPRequest(
      method: "POST", target: "/oauth/introspect",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array(
        FormEncoding.encode([
          FormField("token", token ?? ""), FormField("client_id", TenantSettings.demoClientID),
        ]).utf8))
    request.security = RequestSecurity(certificate: certificate)
    let answer = try json(world.send(request))
    #expect(answer["active"] == true)
    #expect(ClientCertificate.thumbprint(in: answer) == certificate.thumbprint)
  }

  @Test func `another method and a certificate: the tokens are bound all the same`() throws {
    let certificate = try Self.issued()
    var world = try Self.world(nil)
    var request = HTTPRequest(
      method: "POST", target: "/oauth/token",
      headers: [
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": ClientAuthentication.basicHeader(
          clientID: TenantSettings.demoClientID, secret: World.secret),
      ], body: Array(FormEncoding.encode(exchangeFields(try world.flow()["code"])).utf8))
    request.security = RequestSecurity(certificate: certificate)
    let response = world.send(request)
    let claims = try CompactJWS(try #require(json(response)["access_token"]?.string)).claims()
    #expect(ClientCertificate.thumbprint(in: claims) == certificate.thumbprint)
  }

  @Test func `the metadata name the aliases, and no alias for browsers`() throws {
    var world = try Self.world(.subject("CN=client"))
    let metadata = try #require(
      ProviderMetadata(try json(world.get("/.well-known/openid-configuration"))))
    #expect(metadata.bindsAccessTokens)
    #expect(metadata.tokenEndpointAuthMethods.contains("tls_client_auth"))
    #expect(metadata.aliases.allSatisfy { $0.url.hasPrefix("https://localhost:9443/") })
    #expect(metadata.endpoint("token_endpoint", withCertificate: true) != metadata.tokenEndpoint)
    #expect(!metadata.aliases.contains { $0.name == "authorization_endpoint" })
    var plain = try World()
    let without = ProviderMetadata(try json(plain.get("/.well-known/openid-configuration")))
    #expect(without?.bindsTokensToCertificates == false && without?.aliases.isEmpty == true)
  }
}
