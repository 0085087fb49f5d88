import Diagnosis
import HybridFlow
import OpenID
import Testing

@testable import Preflight

/// What `check` knows of products beside their documents.
@Suite struct PresetFindingTests {
  private func findings(
    _ issuer: String, types: [String], more: [JSONMember] = [], preset: ProviderPreset? = nil
  ) throws -> [CheckFinding] {
    var json: JSONValue = [
      "issuer": .string(issuer), "authorization_endpoint": "https://x.example/authorize",
      "token_endpoint": "https://x.example/token", "jwks_uri": "https://x.example/keys",
      "response_types_supported": .array(types.map { .string($0) }),
      "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    ]
    for member in more { json.set(member.name, member.value) }
    let url = try WebURL(issuer)
    let configuration = FlowConfiguration(
      issuer: url, clientID: "web", clientSecret: nil,
      redirectURI: try WebURL("http://localhost:8910/callback"))
    return MetadataFindings(
      metadata: try #require(ProviderMetadata(json)), configuration: configuration,
      preset: preset ?? ProviderPreset(issuer: url)
    ).all
  }

  @Test(arguments: [
    ("https://shop.zitadel.cloud", ["code", "id_token", "id_token token"], "ZITADEL"),
    ("https://gitlab.com", ["code"], "GitLab"),
    (
      "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A", ["code", "token"], "Cognito"
    ),
    ("https://a.my.salesforce.com", ["code", "token", "token id_token"], "Salesforce"),
  ])
  func `a product without the hybrid flow is named, with the way out`(
    _ issuer: String, _ types: [String], _ name: String
  ) throws {
    let finding = try #require(
      findings(issuer, types: types).first { $0.id == "response-type" })
    #expect(finding.severity == .error)
    #expect(finding.message.hasPrefix("No hybrid flow here: \(name)"))
    #expect(finding.fix?.contains("code flow with PKCE") == true)
  }

  @Test func `should such a product learn it, its document counts`() throws {
    let finding = try #require(
      findings("https://gitlab.com", types: ["code", "code id_token"])
        .first { $0.id == "response-type" })
    #expect(finding.severity == .info)
  }

  @Test func `Apple's short document is right as it is`() throws {
    let all = try findings("https://appleid.apple.com", types: ["code"])
    let type = try #require(all.first { $0.id == "response-type" })
    #expect(type.severity == .info)
    let userinfo = try #require(all.first { $0.id == "userinfo" })
    #expect(userinfo.message.contains("that is right") && userinfo.fix == nil)
  }

  @Test(arguments: [
    ("https://shop.example/callback", CheckFinding.Severity.info),
    ("http://localhost:8910/callback", .error), ("https://localhost/callback", .error),
    ("https://127.0.0.1/callback", .error), ("https://192.0.2.1/callback", .error),
    ("https://[::1]/callback", .error), ("https://shop/callback", .error),
    ("http://shop.example/callback", .error),
  ])
  func `Apple takes https and a domain name`(
    _ uri: String, _ severity: CheckFinding.Severity
  ) throws {
    let found = RedirectFindings.all(
      try WebURL(uri), issuer: try WebURL("https://appleid.apple.com"))
    #expect(found.map(\.severity) == [severity])
    #expect((found.first?.fix?.contains("paste the answer") == true) == (severity == .error))
  }
}
