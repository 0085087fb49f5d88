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
    ("google", "https://accounts.google.com"), ("apple", "https://appleid.apple.com"),
    ("auth0-fapi --domain t.eu.auth0.com --client-key KEY", "https://t.eu.auth0.com/"),
    ("open-banking-uk --domain auth.bank.example --client-key KEY", "https://auth.bank.example"),
    (
      "open-banking-uk --issuer https://bank.example/as --client-key KEY", "https://bank.example/as"
    ),
    (
      "authentik --domain auth.example.com --tenant shop",
      "https://auth.example.com/application/o/shop/"
    ),
    ("adfs --domain fs.example.com", "https://fs.example.com/adfs"),
    ("pingfederate --domain sso.example.com:9031", "https://sso.example.com:9031"),
    ("wso2 --domain localhost:9443", "https://localhost:9443/oauth2/token"),
    (
      "wso2 --domain is.example.com --tenant shop.example",
      "https://is.example.com/t/shop.example/oauth2/token"
    ),
    ("zitadel --domain shop-1.zitadel.cloud", "https://shop-1.zitadel.cloud"),
    (
      "cognito --tenant eu-central-1_AbCdEf123",
      "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123"
    ),
    ("gitlab", "https://gitlab.com"),
    ("gitlab --domain git.example.com", "https://git.example.com"),
    ("salesforce --domain shop.my.salesforce.com", "https://shop.my.salesforce.com"),
  ])
  func `a preset makes the issuer as the provider writes it`(
    _ words: String, _ issuer: String
  ) throws {
    let home = try TestHome()
    let file = home.folder + "/key.json"
    try home.write(try Self.privateJWK(.ps256), to: file)
    let arguments =
      ["check", "--client-id", "web", "--preset"]
      + words.split(separator: " ").map { $0 == "KEY" ? file : String($0) }
    let connection = try Connection.read(
      Invocation.parse(arguments), secrets: ClientSecretSource(environment: [:]),
      needsSecret: false)
    #expect(connection.configuration.issuer.text == issuer)
    let preset = try #require(ProviderPreset(rawValue: String(words.split(separator: " ")[0])))
    #expect(
      connection.configuration.scope
        == preset.scope.split(separator: " ").map(String.init))
    #expect(connection.configuration.responseType == .codeIDToken)
    #expect(connection.configuration.responseMode == .formPost)
    // These hosts and paths do not tell the product; its compliance level is no matter of a host.
    guard preset != .pingFederate, preset != .auth0FAPI, !preset.isEcosystem,
      words != "gitlab --domain git.example.com"
    else { return }
    #expect(ProviderPreset(issuer: connection.configuration.issuer) == preset)
  }

  @Test(arguments: [
    (["--preset", "auth1"], "Did you mean auth0?"), (["--preset", "auth0"], "needs --domain"),
    (["--preset", "keycloak", "--domain", "h"], "needs --realm"),
    (["--preset", "entra"], "needs --tenant"), (["--realm", "x"], "is for a preset"),
    (["--preset", "google", "--issuer", "https://x.example"], "exclude each other"),
    (["--preset", "auth0", "--domain", "a b"], "give a host such as"),
    (["--preset", "authentik", "--domain", "h"], "needs --tenant"),
    (["--preset", "cognito"], "needs --tenant"),
    (["--preset", "cognito", "--tenant", "pool"], "has the region first"),
    (["--preset", "cognito", "--tenant", "evil.example/_x"], "has the region first"),
    (["--preset", "zitadel"], "needs --domain"), (["--preset", "adfs"], "needs --domain"),
    (["--preset", "salesforce"], "needs --domain"), (["--preset", "wso2"], "needs --domain"),
    (["--preset", "pingfederate"], "needs --domain"),
    (["--preset", "katana"], "a framework, not a provider: --framework katana"),
    (
      ["--preset", "auth0-fapi", "--domain", "h", "--client-id", "web"], "needs --client-key FILE"
    ),
    (["--issuer", "https://x.example", "--framework", "katan"], "Did you mean katana?"),
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

  @Test(arguments: [
    (["--preset", "zitadel", "--domain", "h.example"], "No hybrid flow here: ZITADEL"),
    (["--preset", "cognito", "--tenant", "eu-central-1_A"], "No hybrid flow here: Cognito"),
    (["--preset", "gitlab"], "No hybrid flow here: GitLab"),
    (["--issuer", "https://gitlab.com"], "No hybrid flow here: GitLab"),
    (["--preset", "salesforce", "--domain", "a.my.salesforce.com"], "No hybrid flow here: Sales"),
  ])
  func `where there is no hybrid flow, that and the way out is said before a run`(
    _ arguments: [String], _ expected: String
  ) throws {
    let connection = try Connection.read(
      Invocation.parse(["run", "--client-id", "web", "--client-auth", "none"] + arguments),
      secrets: ClientSecretSource(environment: [:]))
    let warning = try #require(connection.warnings.first)
    #expect(warning.hasPrefix(expected), "\(warning)")
    #expect(warning.contains("Use the code flow with PKCE there"))
  }

  @Test(arguments: [
    ("aspnet-core", [], ["openid", "profile"], false),
    ("katana", [], ["openid", "profile"], true),
    ("katana", ["--preset", "entra", "--tenant", "1"], ["openid", "profile"], true),
    ("katana", ["--scope", "openid email"], ["openid", "email"], true),
  ])
  func `a framework sends what it sends by default, beside any provider`(
    _ name: String, _ more: [String], _ scope: [String], _ signsOnOnly: Bool
  ) throws {
    let issuer = more.contains("--preset") ? [] : ["--issuer", "https://x.example"]
    let connection = try Connection.read(
      Invocation.parse(["check", "--client-id", "web", "--framework", name] + issuer + more),
      secrets: ClientSecretSource(environment: [:]), needsSecret: false)
    let configuration = connection.configuration
    #expect(configuration.scope == scope)
    #expect(configuration.responseType == .codeIDToken && configuration.responseMode == .formPost)
    #expect(!configuration.usesPKCE && configuration.signOnOnly == signsOnOnly)
  }

  @Test func `the level of Auth0 sets what it demands`() throws {
    let home = try TestHome()
    let file = home.folder + "/key.json"
    try home.write(try Self.privateJWK(.ps256), to: file)
    let connection = try Connection.read(
      Invocation.parse([
        "run", "--preset", "auth0-fapi", "--domain", "t.eu.auth0.com", "--client-id", "web",
        "--client-key", file,
      ]), secrets: ClientSecretSource(environment: [:]))
    let configuration = connection.configuration
    #expect(configuration.pushesRequest == .always && configuration.signsRequest)
    #expect(configuration.clientAuthentication == .privateKeyJWT)
    #expect(configuration.clientKey?.algorithm == .ps256)
    #expect(configuration.usesPKCE && configuration.rules == .fapi1Advanced)
    #expect(configuration.idTokenAlgorithm == .ps256)
  }

  @Test func `what banks demand is set by their presets`() throws {
    let home = try TestHome()
    let file = home.folder + "/key.json"
    try home.write(try Self.privateJWK(.ps256), to: file)
    func configuration(_ words: [String]) throws -> FlowConfiguration {
      try Connection.read(
        Invocation.parse(
          ["check", "--client-id", "web", "--client-key", file, "--domain", "auth.bank.example"]
            + words), secrets: ClientSecretSource(environment: [:]), needsSecret: false
      ).configuration
    }
    let uk = try configuration(["--preset", "open-banking-uk"])
    #expect(uk.pushesRequest == .never && uk.signsRequest && uk.rules == .fapi1Advanced)
    let brazil = try configuration([
      "--preset", "open-finance-br", "--id-token-encryption", "none",
      "--request-object-encryption", "RSA-OAEP+A256GCM",
    ])
    #expect(brazil.decryption == nil)
    #expect(brazil.requestEncryption == TokenEncryption(.rsaOAEP, .a256GCM))
    #expect(brazil.extraParameters["claims"]?.contains("urn:brasil:openbanking:loa2") == true)
  }

  @Test func `the list of presets has them all, in 80 columns and a screen`() {
    let lines = PresetHelp.list.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    for topic in PresetHelp.topics.dropFirst() {
      #expect(lines.contains { $0.hasPrefix("  \(topic) ") }, "\(topic)")
    }
  }

  @Test(arguments: FrameworkPreset.allCases)
  func `each framework says what it sends and what follows, in 80 columns`(
    _ framework: FrameworkPreset
  ) {
    let lines = framework.help.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(framework.help.contains("PKCE") && framework.help.contains("form_post"))
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
    case .ps256:
      // RFC 7515, appendix A.2.
      let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      return try String(
        contentsOf: folder.appending(path: "Fixtures/keys/rfc7515-a2.pkcs8.pem"), encoding: .utf8)
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
