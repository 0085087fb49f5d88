import Cryptography
import OpenID
import Testing

@testable import HybridFlow
@testable import Redaction

/// What the client signs: assertions and request objects; and what it pushes.
@Suite struct ClientKeyTests {
  /// A configuration with a key in the place of a secret.
  static func configuration(_ algorithm: SignatureAlgorithm = .es256) throws -> FlowConfiguration {
    var configuration = try Sample.configuration()
    configuration.clientSecret = nil
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: algorithm, keyID: "client")
    return configuration
  }

  static func provider() throws -> HonestProvider {
    var provider = try HonestProvider()
    provider.editMetadata = { json in
      json.set("pushed_authorization_request_endpoint", .string(Sample.issuer + "par"))
      json.set(
        "token_endpoint_auth_methods_supported", ["client_secret_basic", "private_key_jwt"])
    }
    return provider
  }

  static func drive(
    _ configuration: FlowConfiguration, _ provider: HonestProvider? = nil
  ) throws -> Drive {
    var drive = Drive(configuration, try provider ?? Self.provider())
    if let key = configuration.clientKey { drive.clientKey = try TestKeys.key(key.algorithm) }
    try drive.run()
    drive.expectInvariants()
    return drive
  }

  /// A run that signs its request, pushes it, and proves itself by assertions.
  static func signedRun() throws -> Drive {
    var configuration = try configuration()
    configuration.signsRequest = true
    configuration.pushesRequest = .always
    return try drive(configuration)
  }

  @Test(arguments: [SignatureAlgorithm.rs256, .es256, .ps256])
  func `an assertion proves the client, once, for a minute`(
    _ algorithm: SignatureAlgorithm
  ) throws {
    let drive = try Self.drive(try Self.configuration(algorithm))
    #expect(drive.machine.situation == .finished)
    let form = try FormEncoding.decode(try #require(drive.tokenRequests.first).body)
    #expect(
      form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    #expect(form["client_id"] == Sample.clientID)
    #expect(form["client_secret"] == nil)
    #expect(drive.tokenRequests.first?.headers["Authorization"] == nil)
    let jws = try CompactJWS(try #require(form["client_assertion"]))
    let key = try TestKeys.key(algorithm).publicJWK
    #expect(try Signature.verify(jws, algorithm: algorithm, key: key))
    #expect(jws.keyID == "client")
    let claims = try jws.claims()
    #expect(claims["iss"]?.string == Sample.clientID)
    #expect(claims["sub"]?.string == Sample.clientID)
    #expect(claims["aud"]?.string == Sample.issuer)
    #expect(claims["jti"]?.string == "jti-of-the-run-t")
    let issued = try #require(claims["iat"]?.integer)
    #expect(claims["exp"]?.integer == issued + 60)
    #expect(issued >= Sample.start.seconds)
    let redactor = drive.transcript.redactor()
    #expect(!redactor.mask(form["client_assertion"] ?? "").contains("."))
  }

  @Test(arguments: [
    (FlowConfiguration.AssertionAudience.issuer, Sample.issuer),
    (.tokenEndpoint, Sample.issuer + "oauth/token"),
    (.other("https://else.example"), "https://else.example"),
  ])
  func `the audience of the assertion is a setting`(
    _ audience: FlowConfiguration.AssertionAudience, _ expected: String
  ) throws {
    var configuration = try Self.configuration()
    configuration.assertionAudience = audience
    let drive = try Self.drive(configuration)
    let endpoint = drive.tokenRequests.first?.url?.text ?? ""
    let wanted = audience == .tokenEndpoint ? endpoint : expected
    #expect(drive.signings.map(\.claims["aud"]?.string) == [wanted])
    // It is said before the request leaves, and the run goes on.
    let check = try #require(
      drive.transcript[.exchange].checks.first { $0.id == .assertionAudience })
    #expect(check.verdict == (audience == .issuer ? .pass : .warn))
    #expect(check.expected == Sample.issuer && check.found == wanted)
    #expect(drive.machine.situation == .finished)
  }

  @Test func `a key is preferred where the provider lists it, and used where nothing else is`()
    throws
  {
    var both = try Self.configuration()
    both.clientSecret = Sample.clientSecret
    #expect(try Self.drive(both).signings.count == 1)
    #expect(try Self.drive(both, HonestProvider()).signings.isEmpty)
    #expect(try Self.drive(try Self.configuration(), HonestProvider()).signings.count == 1)
  }

  @Test func `a signed request carries every parameter, and the URL only what it must`() throws {
    var configuration = try Self.configuration()
    configuration.signsRequest = true
    configuration.maxAgeSeconds = 600
    configuration.resources = ["https://a.example", "https://b.example"]
    configuration.extraParameters = [FormField("claims", "{\"userinfo\":{\"email\":null}}")]
    let drive = try Self.drive(configuration)
    let url = try #require(
      drive.effects.compactMap { if case .openBrowser(let url) = $0 { url } else { nil } }.first)
    let fields = try url.queryFields()
    #expect(fields.map(\.name) == ["response_type", "client_id", "scope", "request"])
    let jws = try CompactJWS(try #require(fields["request"]))
    #expect(jws.type == "oauth-authz-req+jwt")
    let claims = try jws.claims()
    #expect(claims["iss"]?.string == Sample.clientID)
    #expect(claims["aud"]?.string == Sample.issuer)
    #expect(claims["max_age"] == 600)
    #expect(claims["resource"]?.strings == ["https://a.example", "https://b.example"])
    #expect(claims["claims"] == ["userinfo": ["email": .null]])
    for name in ["response_type", "response_mode", "redirect_uri", "scope", "state", "nonce"] {
      #expect(claims[name]?.string?.isEmpty == false, "\(name)")
    }
    #expect(claims["request"] == nil)
  }

  @Test func `a pushed request leaves two parameters to the browser`() throws {
    var configuration = try Sample.configuration()
    configuration.pushesRequest = .always
    let drive = try Self.drive(configuration)
    #expect(drive.machine.situation == .finished)
    let pushed = try #require(drive.pushedRequests.first)
    #expect(pushed.headers["Authorization"]?.hasPrefix("Basic ") == true)
    let form = try FormEncoding.decode(pushed.body)
    #expect(form.filter { $0.name == "client_id" }.count == 1)
    #expect(form["state"] == Sample.secrets.state)
    let messages = drive.transcript[.authorize].messages
    #expect(messages.map(\.from) == [.application, .authorizationServer, .application])
    let location = messages.last?.response?.headers["Location"] ?? ""
    #expect(
      try WebURL(location).queryFields().map(\.name) == ["client_id", "request_uri"])
    #expect(!location.contains(Sample.secrets.state))
  }

  @Test func `a provider that demands pushed requests gets them unasked`() throws {
    var provider = try Self.provider()
    let edit = provider.editMetadata
    provider.editMetadata = { json in
      try edit(&json)
      json.set("require_pushed_authorization_requests", true)
    }
    #expect(try Self.drive(try Sample.configuration(), provider).pushedRequests.count == 1)
    #expect(try Self.drive(try Sample.configuration()).pushedRequests.isEmpty)
  }

  @Test(arguments: [
    (
      400, "{\"error\":\"invalid_request\",\"error_description\":\"no\"}", 4 as Int32,
      "provider.par_error"
    ),
    (201, "{\"expires_in\":60}", 5, "provider.unreadable"),
    (404, "<html>", 5, "provider.unreadable"),
    (500, "{}", 5, "provider.unreadable"),
  ])
  func `a refused push ends the run at stage 2`(
    _ status: Int, _ body: String, _ exit: Int32, _ code: String
  ) throws {
    var provider = try Self.provider()
    provider.editPushed = {
      $0 = HTTPResponse(status: status, mediaType: "application/json", text: body)
    }
    var configuration = try Sample.configuration()
    configuration.pushesRequest = .always
    let drive = try Self.drive(configuration, provider)
    #expect(drive.transcript[.authorize].failure?.exitCode == exit)
    #expect(drive.transcript.failure?.code == code)
    #expect(drive.tokenRequests.isEmpty)
  }

  @Test func `without a key nothing is sent unsigned`() throws {
    var unsigned = try Sample.configuration()
    unsigned.signsRequest = true
    var assertion = try Sample.configuration()
    assertion.clientAuthentication = .privateKeyJWT
    var push = assertion
    push.pushesRequest = .always
    for configuration in [unsigned, assertion, push] {
      let drive = try Self.drive(configuration)
      #expect(drive.transcript.failure?.code == "environment.signing")
      #expect(drive.transcript.failure?.exitCode == 1)
      #expect(drive.tokenRequests.isEmpty && drive.pushedRequests.isEmpty)
    }
  }
}
