import HybridFlow
import OpenID
import Testing

@testable import Preflight

/// What `check` says of a provider under FAPI 1.0 Advanced.
@Suite struct RulesTests {
  private func findings(
    rules: SecurityRules = .fapi1Advanced, _ edit: (inout JSONValue) -> Void = { _ in }
  ) throws -> [CheckFinding] {
    var json: JSONValue = [
      "issuer": "https://bank.example", "response_types_supported": ["code id_token"],
      "pushed_authorization_request_endpoint": "https://bank.example/par",
      "id_token_signing_alg_values_supported": ["PS256"],
      "request_object_signing_alg_values_supported": ["PS256", "ES256"],
      "token_endpoint_auth_methods_supported": ["tls_client_auth"],
      "tls_client_certificate_bound_access_tokens": true,
    ]
    edit(&json)
    var configuration = FlowConfiguration(
      issuer: try WebURL("https://bank.example"), clientID: "web", clientSecret: nil,
      redirectURI: try WebURL("https://localhost:8910/callback"))
    configuration.askAsFAPI()
    configuration.rules = rules
    let metadata = try #require(ProviderMetadata(json))
    return RulesFindings(metadata: metadata, configuration: configuration).all
  }

  @Test func `a bank has nothing to change, and other rules say nothing`() throws {
    let findings = try findings()
    #expect(findings.map(\.severity).allSatisfy { $0 == .info } && findings.count == 6)
    #expect(try self.findings(rules: .openID).isEmpty)
  }

  @Test(arguments: [
    ("response_types_supported", ["code"], "fapi-response-type"),
    ("id_token_signing_alg_values_supported", ["RS256"], "fapi-id-token-alg"),
    ("request_object_signing_alg_values_supported", ["RS256"], "fapi-request-alg"),
    ("token_endpoint_auth_methods_supported", ["client_secret_basic"], "fapi-client-auth"),
    ("pushed_authorization_request_endpoint", [], "fapi-request-way"),
  ])
  func `what is missing is named, with the way out`(
    member: String, values: [String], id: String
  ) throws {
    let broken = try findings {
      if values.isEmpty {
        $0.remove(member)
      } else {
        $0.set(member, .array(values.map(JSONValue.string)))
      }
    }.filter { $0.severity == .error }
    #expect(broken.map(\.id) == [id])
    #expect(broken.first?.fix?.isEmpty == false)
  }
}
