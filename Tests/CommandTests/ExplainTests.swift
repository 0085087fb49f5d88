import Foundation
import OpenID
import Testing

/// `hybrid-flow explain`, as scripts use it.
@Suite struct ExplainTests {
  @Test(arguments: [
    ("AADSTS50011: The redirect URI does not match", "entra"),
    (#"{"error":"access_denied","error_description":"Service not found: https://api/"}"#, "auth0"),
    (
      "error=unauthorized_client&error_description=Client+is+not+allowed+to+initiate+browser+"
        + "login+with+given+response_type.+Implicit+flow+is+disabled+for+the+client.", "keycloak"
    ),
  ])
  func `a pasted error is named with its product, its cause and its fix`(
    text: String, provider: String
  ) async throws {
    let program = try await ProgramRunner.run(["explain", "--json", text])
    #expect(program.status == 0)
    let json = try JSONParser.parse(program.output)
    let first = try #require(json["matches"]?.elements?.first)
    #expect(first["provider"]?.string == provider)
    for name in ["id", "confidence", "cause", "fix", "source"] {
      #expect(first[name]?.string?.isEmpty == false, "\(name)")
    }
  }

  @Test func `values that should agree, blame and basis are told`() async throws {
    let text = #"oidc: expected audience "app-1" got ["app-2"]"#
    let program = try await ProgramRunner.run(["explain", "--json", text])
    let first = try #require(try JSONParser.parse(program.output)["matches"]?.elements?.first)
    #expect(first["blame"]?.string == "settings")
    #expect(first["basis"]?.string?.isEmpty == false)
    let values = try #require(first["values"]?.elements)
    #expect(values.map { $0["name"]?.string } == ["expected", "found"])
    #expect(values.map { $0["text"]?.string } == ["app-1", "app-2"])
    let plain = try await ProgramRunner.run(["explain", text])
    for word in ["Cause:", "Who:", "Expected:", "Found:", "Fix:", "Source:", "high confidence"] {
      #expect(plain.output.contains(word), "\(word)")
    }
    let nobody = try await ProgramRunner.run(["explain", "--json", "error=login_required&state=x"])
    #expect(nobody.output.contains(#""blame":null"#))
  }

  @Test func `an OAuth error that no table has is quoted and taken apart`() async throws {
    let text = "https://a.example/cb?error=tenant_paused&error_description=Ask+the+desk"
    let program = try await ProgramRunner.run(["explain", text])
    #expect(program.output.contains("tenant_paused") && program.output.contains("Ask the desk"))
    #expect(!program.output.contains("Nothing is known"))
  }

  @Test func `secrets in compared values stay masked`() async throws {
    let code = "SplxlOBeZQQYbYS6WxSbIASplxlOBeZQQYbYS6WxSbIA"
    let text = "https://a.example/cb?code=\(code)&state=x\nstate mismatch, expected x, got: \(code)"
    let program = try await ProgramRunner.run(["explain", text])
    #expect(!program.output.contains(code))
  }

  @Test func `a long log is searched, and one that is too long refused by its size`() async throws {
    // ExplainCommand.textBytes.
    let error = "\nAADSTS50011: The redirect URI does not match\n"
    let most = String(repeating: "x", count: 8 * 1024 * 1024 - error.utf8.count) + error
    let program = try await ProgramRunner.run(["explain", "--json"], piping: most)
    #expect(program.status == 0 && program.output.contains("entra"))
    let refused = try await ProgramRunner.run(["explain", "--json"], piping: most + "x")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("larger than 8388608 bytes"))
  }

  @Test func `nothing known is said to be nothing`() async throws {
    let program = try await ProgramRunner.run(["explain", "--json", "ECONNRESET in worker 7"])
    #expect(program.status == 0)
    #expect(program.output == #"{"matches":[]}"# + "\n")
  }
}
