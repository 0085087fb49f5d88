import HybridFlow
import OpenID
import Testing

@testable import Preflight

/// What `check` says of encrypted ID tokens and request objects.
@Suite struct EncryptionFindingTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    var idTokens: String?
    var requests: String?
    var hasKey = false
    var isDemo = false
    var algorithms: [String]?
    var contents: [String]?
    var severities: [CheckFinding.Severity] = []
    /// What message and remedy say.
    var words: [String] = []
  }

  private static let cases = [
    Case(description: "neither side speaks of it"),
    Case(
      description: "the provider alone", algorithms: ["RSA-OAEP"], severities: [.info],
      words: ["can encrypt ID tokens", "--encryption-key FILE"]),
    Case(
      description: "the provider, and a key", hasKey: true, algorithms: ["RSA-OAEP"],
      severities: [.info], words: ["can encrypt ID tokens"]),
    Case(
      description: "both agree", idTokens: "RSA-OAEP+A256GCM", algorithms: ["RSA-OAEP"],
      contents: ["A256GCM"], severities: [.info], words: ["RSA-OAEP+A256GCM is offered"]),
    Case(
      description: "enc is not said", idTokens: "RSA-OAEP+A256GCM", algorithms: ["RSA-OAEP"],
      severities: [.info], words: ["which enc is not said"]),
    Case(
      description: "nothing is said", idTokens: "RSA-OAEP+A256GCM", severities: [.warning],
      words: ["Nothing says", "leave --id-token-encryption out"]),
    Case(
      description: "another alg of the kind", idTokens: "RSA-OAEP+A256GCM",
      algorithms: ["ECDH-ES", "RSA-OAEP-256"], contents: ["A256GCM"], severities: [.warning],
      words: ["RSA-OAEP is not listed", "--id-token-encryption RSA-OAEP-256+A256GCM."]),
    Case(
      description: "another enc", idTokens: "ECDH-ES+A256GCM", algorithms: ["ECDH-ES"],
      contents: ["A128CBC-HS256"], severities: [.warning],
      words: ["A256GCM is not listed", "--id-token-encryption ECDH-ES+A128CBC-HS256."]),
    Case(
      description: "what is refused here", idTokens: "RSA-OAEP+A256GCM", algorithms: ["RSA1_5"],
      contents: ["A128GCM"], severities: [.warning],
      words: ["RSA-OAEP and A256GCM are not listed", "Nothing that is listed is taken here"]),
    Case(
      description: "a request that is offered", requests: "RSA-OAEP+A256GCM",
      algorithms: ["RSA-OAEP"], contents: ["A256GCM"], severities: [.info],
      words: ["is offered for request objects"]),
    Case(
      description: "a request with another alg", requests: "RSA-OAEP+A256GCM",
      algorithms: ["dir", "ECDH-ES"], contents: ["A256GCM"], severities: [.warning],
      words: ["RSA-OAEP is not listed", "Say --request-object-encryption ECDH-ES+A256GCM."]),
    Case(
      description: "the demo tenant", idTokens: "dir", requests: "ECDH-ES", isDemo: true,
      severities: [.info, .info], words: ["run makes the keys"]),
  ]

  private static func configuration(_ example: Case) throws -> FlowConfiguration {
    var configuration = FlowConfiguration(
      issuer: try WebURL("https://bank.example"), clientID: "web", clientSecret: nil,
      redirectURI: try WebURL("https://localhost:8910/callback"))
    if example.hasKey || example.idTokens != nil {
      configuration.decryption = ClientDecryption(
        idTokens: try example.idTokens.map { try #require(TokenEncryption($0)) })
    }
    configuration.requestEncryption = try example.requests.map { try #require(TokenEncryption($0)) }
    configuration.observesTenant = example.isDemo
    return configuration
  }

  @Test(arguments: cases)
  private func `what is configured is held against the lists`(_ example: Case) throws {
    let kind = example.requests == nil ? "id_token" : "request_object"
    var json: JSONValue = ["issuer": "https://bank.example"]
    for (name, values) in [("alg", example.algorithms), ("enc", example.contents)] {
      guard let values else { continue }
      json.set(
        "\(kind)_encryption_\(name)_values_supported", .array(values.map(JSONValue.string)))
    }
    let metadata = try #require(ProviderMetadata(json))
    let found = EncryptionFindings(
      metadata: metadata, configuration: try Self.configuration(example)
    ).all
    #expect(found.map(\.severity) == example.severities)
    for words in example.words {
      #expect(found.contains { "\($0.message) \($0.fix ?? "")".contains(words) }, "\(found)")
    }
    for finding in found where finding.severity == .warning { #expect(finding.fix != nil) }
  }

  @Test func `a request needs a published key of its kind for encryption`() throws {
    let example = Case(description: "", requests: "RSA-OAEP+A256GCM")
    let configuration = try Self.configuration(example)
    func finding(_ keys: [JSONValue]) throws -> CheckFinding? {
      EncryptionFindings.recipient(
        try JSONWebKeySet(["keys": .array(keys)]), configuration)
    }
    let rsa: JSONValue = ["kty": "RSA", "use": "enc", "kid": "e1", "n": "AQAB", "e": "AQAB"]
    #expect(try finding([rsa])?.severity == .info)
    for (member, value) in [("use", "sig"), ("kty", "EC"), ("alg", "RSA-OAEP-512")] {
      var other = rsa
      other.set(member, .string(value))
      let lack = try #require(try finding([other]))
      #expect(lack.severity == .error && lack.blame == .provider, "\(member)")
      #expect(lack.message.contains("no RSA key with use enc"))
    }
    var plain = configuration
    plain.requestEncryption = nil
    #expect(EncryptionFindings.recipient(try JSONWebKeySet(["keys": [rsa]]), plain) == nil)
  }

  @Test func `check looks at lists and keys`() throws {
    let made = try HandMade.good()
    var configuration = try made.configuration()
    configuration.requestEncryption = TokenEncryption(.rsaOAEP, .a256GCM)
    let report = try made.check(configuration)
    #expect(report.finding("request-object-encryption")?.severity == .warning)
    #expect(report.errors == ["request-object-encryption-key"])
  }
}
