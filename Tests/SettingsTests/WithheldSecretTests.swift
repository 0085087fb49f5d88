import Foundation
import OpenID
import Testing

@testable import Settings
@testable import Platform
@testable import HybridFlow

/// What a profile's provider knows goes to nobody else.
@Suite struct WithheldSecretTests {
  private static let canary = "canary-5f1d"
  private static let settings = """
    {"profiles": {
      "file": {"issuer": "https://own.example/", "client_id": "web",
               "client_secret": {"file": "secret.txt"}},
      "usual": {"issuer": "https://own.example/", "client_id": "web",
                "client_secret": {"env": "HYBRID_FLOW_CLIENT_SECRET"}},
      "value": {"issuer": "https://own.example/", "client_id": "web",
                "client_secret": {"value": "\(canary)", "i_know_this_is_readable": true}},
      "command": {"issuer": "https://own.example/", "client_id": "web",
                  "client_secret": {"command": "touch FOLDER/ran"}},
      "realm": {"preset": "keycloak", "domain": "own.example", "realm": "one", "client_id": "web",
                "client_secret": {"file": "secret.txt"}},
      "key": {"issuer": "https://own.example/", "client_id": "web",
              "client_auth": "private_key_jwt", "client_key_file": "/no/such/key.pem"},
      "anywhere": {"client_id": "web", "client_secret": {"file": "secret.txt"}},
      "half": {"preset": "auth0", "client_id": "web", "client_secret": {"file": "secret.txt"}}
    }}
    """

  private func home() throws -> TestHome {
    let home = try TestHome()
    try home.write(
      Self.settings.replacingOccurrences(of: "FOLDER", with: home.folder), to: home.file)
    try home.write(Self.canary, to: home.folder + "/config/hybrid-flow/secret.txt")
    return home
  }

  private func read(
    _ home: TestHome, _ arguments: [String], more: [String: String] = [:],
    asked: (@Sendable (String) -> String?)? = nil
  ) throws -> Connection {
    try Connection.read(
      Invocation.parse(["run", "--profile"] + arguments),
      secrets: ClientSecretSource(
        environment: home.environment.merging(more) { _, new in new }, ask: asked))
  }

  /// Ways to say another provider on the command line.
  static let elsewhere: [[String]] = [
    ["file", "--issuer", "https://other.example/"], ["file", "--issuer", "https://own.example"],
    ["file", "--preset", "google"], ["value", "--issuer", "https://other.example/"],
    ["command", "--issuer", "https://other.example/"],
    ["usual", "--issuer", "https://other.example/"],
    ["realm", "--realm", "two"], ["realm", "--domain", "other.example"],
    ["realm", "--issuer", "https://other.example/"],
    [
      "file", "--authorization-endpoint", "https://own.example/a", "--token-endpoint",
      "https://other.example/t", "--jwks-uri", "https://own.example/k",
    ],
  ]

  @Test(arguments: elsewhere)
  func `the secret is not used elsewhere, and the message says what to do`(
    _ arguments: [String]
  ) throws {
    let home = try home()
    do throws(UsageError) {
      _ = try Connection.read(
        Invocation.parse(["run", "--profile"] + arguments),
        secrets: ClientSecretSource(
          environment: home.environment.merging(
            arguments[0] == "usual" ? ["HYBRID_FLOW_CLIENT_SECRET": Self.canary] : [:]
          ) { _, new in new }))
      Issue.record("it was taken: \(arguments)")
    } catch {
      #expect(error.message.contains("--profile \(arguments[0])"), "\(error.message)")
      #expect(error.message.contains("own.example"), "\(error.message)")
      #expect(error.message.contains("--client-secret-file FILE"), "\(error.message)")
      #expect(!error.message.contains(Self.canary))
    }
    // A command whose output nobody may have is not even run.
    #expect(!FileManager.default.fileExists(atPath: home.folder + "/ran"))
  }

  @Test func `a secret for the other one is used, with a warning when it was not named here`()
    throws
  {
    let home = try home()
    let other = home.folder + "/other.txt"
    try home.write("for-the-other", to: other)
    let named = try read(
      home, ["file", "--issuer", "https://other.example/", "--client-secret-file", other])
    #expect(named.configuration.clientSecret == Secret("for-the-other"))
    #expect(named.warnings.isEmpty)
    let variable = try read(
      home, ["file", "--issuer", "https://other.example/"],
      more: ["HYBRID_FLOW_CLIENT_SECRET": "from-the-variable"])
    #expect(variable.configuration.clientSecret == Secret("from-the-variable"))
    #expect(variable.warnings.count == 1)
    #expect(variable.warnings[0].contains("HYBRID_FLOW_CLIENT_SECRET is used"))
  }

  @Test func `the person is asked, and told why`() throws {
    let connection = try read(home(), ["file", "--issuer", "https://other.example/"]) {
      question in
      question.contains("https://own.example/") && question.contains("https://other.example/")
        ? "typed" : nil
    }
    #expect(connection.configuration.clientSecret == Secret("typed"))
  }

  @Test func `a mere look goes on with a warning`() throws {
    let home = try home()
    let connection = try Connection.read(
      Invocation.parse(["check", "--profile", "file", "--issuer", "https://other.example/"]),
      secrets: ClientSecretSource(environment: home.environment), needsSecret: false)
    #expect(connection.configuration.clientSecret == nil)
    #expect(connection.warnings.count == 1)
  }

  @Test func `the profile's own variable stays withheld beside a key for the other one`() throws {
    let home = try home()
    let key = home.folder + "/key.json"
    // RFC 7515, appendix A.3.
    try home.write(
      """
      {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}
      """, to: key)
    let connection = try read(
      home, ["usual", "--issuer", "https://other.example/", "--client-key", key],
      more: ["HYBRID_FLOW_CLIENT_SECRET": Self.canary])
    #expect(connection.configuration.clientSecret == nil)
  }

  @Test func `a client key is as secret as a secret`() throws {
    let home = try home()
    // The file is not even looked for.
    let complaint = try home.complaint("--profile", "key", "--issuer", "https://other.example/")
    #expect(complaint?.contains("/no/such/key.pem") == false, "\(complaint ?? "")")
    #expect(complaint?.contains("client_auth private_key_jwt needs") == true, "\(complaint ?? "")")
  }

  @Test(arguments: [
    ["file"], ["file", "--issuer", "https://own.example/"], ["realm", "--realm", "one"],
    ["file", "--client-id", "other"], ["anywhere", "--issuer", "https://other.example/"],
    ["half", "--domain", "tenant.eu.auth0.com"],
  ])
  func `at its own provider, or with none of its own, it is used`(_ arguments: [String]) throws {
    let connection = try read(home(), arguments)
    #expect(connection.configuration.clientSecret == Secret(Self.canary))
    #expect(connection.warnings.isEmpty)
  }
}
