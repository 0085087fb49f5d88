import Cryptography
import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Diagnosis
@testable import Settings
@testable import Platform
@testable import Commands

@Suite struct PresetTests {
  @Test(arguments: [
    ("auth0 --domain t.eu.auth0.com", "https://t.eu.auth0.com/"),
    ("auth0 --domain https://t.eu.auth0.com/", "https://t.eu.auth0.com/"),
    ("keycloak --domain sso.example.com --realm my", "https://sso.example.com/realms/my"),
    (
      "keycloak --domain http://localhost:8080/auth --realm a/b",
      "http://localhost:8080/auth/realms/a%2Fb"
    ),
    ("okta --domain dev-1.okta.com", "https://dev-1.okta.com/oauth2/default"),
    ("okta --domain dev-1.okta.com --tenant aus1", "https://dev-1.okta.com/oauth2/aus1"),
    ("okta-org --domain dev-1.okta.com/", "https://dev-1.okta.com"),
    ("entra --tenant 1234", "https://login.microsoftonline.com/1234/v2.0"),
    ("google", "https://accounts.google.com"),
  ])
  func `a preset makes the issuer as the provider writes it`(
    _ words: String, _ issuer: String
  ) throws {
    let arguments =
      ["check", "--client-id", "web", "--preset"] + words.split(separator: " ").map(String.init)
    let connection = try Connection.read(
      Invocation.parse(arguments), secrets: ClientSecretSource(environment: [:]),
      needsSecret: false)
    #expect(connection.configuration.issuer.text == issuer)
    #expect(connection.configuration.scope == ["openid", "profile", "email"])
    let preset = ProviderPreset(rawValue: String(words.split(separator: " ")[0]))
    #expect(ProviderPreset(issuer: connection.configuration.issuer) == preset)
  }

  @Test(arguments: [
    (["--preset", "auth1"], "Did you mean auth0?"), (["--preset", "auth0"], "needs --domain"),
    (["--preset", "keycloak", "--domain", "h"], "needs --realm"),
    (["--preset", "entra"], "needs --tenant"), (["--realm", "x"], "is for a preset"),
    (["--preset", "google", "--issuer", "https://x.example"], "exclude each other"),
    (["--preset", "auth0", "--domain", "a b"], "give a host such as"),
    (["--authorization-endpoint", "https://x.example/a"], "needs --issuer URL"),
    (
      ["--issuer", "https://x.example", "--token-endpoint", "https://x.example/t"],
      "needs --authorization-endpoint and --jwks-uri as well"
    ),
    (["--issuer", "https://x.example", "--request-object"], "needs --client-key FILE"),
    (["--issuer", "https://x.example", "--client-auth", "private_key_jwt"], "--client-key FILE"),
    (["--issuer", "https://x.example", "--client-key-id", "x"], "is about a key"),
    (["--issuer", "https://x.example", "--prompt", "none login"], "none stands alone"),
    (["--issuer", "https://x.example", "--claims", "[]"], "give a JSON object"),
    (["--issuer", "https://x.example", "--claims", "{"], "is not JSON"),
    (
      ["--issuer", "https://x.example", "--claims", "{\"userinfo\":1}"], "userinfo is a JSON object"
    ),
    (["--issuer", "https://x.example", "--resource", "r"], "absolute URI without fragment"),
    (["--issuer", "https://x.example", "--resource", "https://r#f"], "without fragment"),
  ])
  func `what is missing or wrong is said`(_ arguments: [String], _ expected: String) throws {
    let clientID = arguments.contains("--issuer") ? ["--client-id", "web"] : []
    do throws(UsageError) {
      _ = try Connection.read(
        Invocation.parse(["check"] + arguments + clientID),
        secrets: ClientSecretSource(environment: [:]), needsSecret: false)
      Issue.record("it was taken: \(arguments)")
    } catch {
      #expect(error.message.contains(expected), "\(error.message)")
    }
  }

  @Test(arguments: ProviderPreset.allCases)
  func `each preset says what to switch on, in 80 columns`(_ preset: ProviderPreset) {
    #expect(preset.consoleSteps.count >= 3)
    #expect(preset.consoleSteps.contains { $0.lowercased().contains("uri") || $0.contains("URL") })
    let lines = preset.help.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    for need in preset.needs { #expect(preset.help.contains(need.setting.name)) }
  }

  @Test func `a provider without discovery is described by hand`() throws {
    let connection = try Connection.read(
      Invocation.parse([
        "run", "--issuer", "https://x.example", "--client-id", "web", "--client-auth", "none",
        "--authorization-endpoint", "https://x.example/a", "--token-endpoint",
        "https://x.example/t", "--jwks-uri", "https://x.example/k",
      ]), secrets: ClientSecretSource(environment: [:]))
    let metadata = try #require(connection.configuration.explicitMetadata)
    #expect(metadata.issuer == "https://x.example")
    #expect(metadata.authorizationEndpoint == "https://x.example/a")
    #expect(metadata.tokenEndpoint == "https://x.example/t")
    #expect(metadata.jwksURI == "https://x.example/k")
    #expect(metadata.userinfoEndpoint == nil)
    #expect(metadata.responseTypes == ["code id_token"])
  }

  // MARK: The client's key

  private static func privateJWK(_ algorithm: SignatureAlgorithm) throws -> String {
    switch algorithm {
    case .es256:
      // RFC 7515, appendix A.3.
      return """
        {"kty":"EC","crv":"P-256","kid":"own","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}
        """
    default: throw UsageError("no such key")
    }
  }

  @Test func `a key is read with its own kid, another one, and another algorithm refused`() throws {
    let home = try TestHome()
    let file = home.folder + "/key.json"
    try home.write(try Self.privateJWK(.es256), to: file)
    let arguments = ["--issuer", "https://x.example", "--client-id", "web", "--client-key", file]
    func read(_ more: String...) throws -> Connection {
      try Connection.read(
        Invocation.parse(["run"] + arguments + more),
        secrets: ClientSecretSource(environment: [:]))
    }
    let own = try read()
    #expect(
      own.configuration.clientKey
        == FlowConfiguration.ClientKey(algorithm: .es256, keyID: "own"))
    #expect(own.configuration.clientSecret == nil, "a key needs no secret beside it")
    #expect(own.configuration.assertionAudience == .issuer)
    let other = try read(
      "--client-key-id", "there", "--client-assertion-audience", "token-endpoint",
      "--request-object")
    #expect(other.configuration.clientKey?.keyID == "there")
    #expect(other.session.clientKey?.keyID == "there")
    #expect(other.configuration.assertionAudience == .tokenEndpoint)
    #expect(other.configuration.signsRequest)
    #expect(throws: UsageError.self) { try read("--client-key-alg", "RS256") }
    #expect(throws: UsageError.self) { try read("--client-key-alg", "HS256") }
    try home.write("{\"keys\": []}", to: file)
    #expect(throws: UsageError.self) { try read() }
    try home.write("nothing", to: file)
    #expect(throws: UsageError.self) { try read() }
  }
}
