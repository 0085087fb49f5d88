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
