import Foundation
import OpenID
import Testing

extension EndToEnd {
  /// `hybrid-flow run` on the demo tenant: nothing to set up, nobody to ask.
  @Suite(.serialized) struct RunOnDemoTests {
    /// What each response type brings through the browser.
    static let types: [(type: String, front: [String])] = [
      ("code id_token", ["id_token/front"]),
      ("code token", ["access_token/front"]),
      ("code id_token token", ["access_token/front", "id_token/front"]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: types)
    func `all ten stages pass, one line each, and nothing else is printed`(
      type: (type: String, front: [String])
    ) async throws {
      let report = try await RunReport.of(["--response-type", type.type])
      report.expectPassed()
      #expect(report.errors == "")
      #expect(report.stages.allSatisfy { $0["observed"]?.bool == true })
      #expect(report.tokens(stage: 5).sorted() == type.front)
      let back = Set(report.tokens(stage: 8))
      #expect(back.isSuperset(of: ["id_token/back", "access_token/back"]))
      report.expectSilence(about: "hybrid-flow-explorer:")
    }

    @Test(.timeLimit(.minutes(1))) func `sign-on only ends after stage 5`() async throws {
      let report = try await RunReport.of(["--sign-on-only"])
      report.expectPassed(
        statuses: Array(repeating: "passed", count: 5) + Array(repeating: "skipped", count: 5))
    }

    @Test(.timeLimit(.minutes(1)), arguments: [("basic", true), ("post", false)])
    func `the secret goes where it was asked to go`(
      method: (name: String, inHeader: Bool)
    ) async throws {
      let report = try await RunReport.of(["--client-auth", method.name])
      report.expectPassed()
      let request = try #require(report.stages[5]["messages"]?.elements?.first)
      let headers = (request["headers"]?.elements ?? []).compactMap {
        $0.elements?.first?.string?.lowercased()
      }
      #expect(headers.contains("authorization") == method.inHeader)
      let body = request["body"]?.string ?? ""
      #expect(body.contains("client_secret=") == !method.inHeader)
    }

    @Test(.timeLimit(.minutes(1))) func `values are shown on request, and it is said`() async throws
    {
      let report = try await RunReport.of(["--reveal"])
      report.expectPassed()
      // So the search for tokens that finds nothing elsewhere can find one.
      #expect(RunReport.holdsToken(report.output))
      #expect(report.errors.contains("--reveal"))
      let code = report.stages[4]["values"]?.elements?.first { $0["name"]?.string == "code" }
      #expect(
        code?["value"]?.string?.utf8.count == code?["length"]?.integer.map { Int($0) })
    }

    @Test(.timeLimit(.minutes(1))) func `without --json it is text for people`() async throws {
      let program = try RunningProgram(Place.program, ["run"])
      #expect(try await program.end() == .exit(0))
      let output = program.output
      #expect(output.contains("\n10  "))
      #expect(output.contains("\nPassed. "))
      #expect(!RunReport.holdsToken(output))
      #expect(!output.contains("\u{1B}"), "colours in a file")
      #expect(program.errors == "")
    }

    @Test(.timeLimit(.minutes(1))) func `two runs side by side do not meet`() async throws {
      let programs = try (0..<3).map { _ in try RunningProgram(Place.program, ["run", "--json"]) }
      for program in programs { #expect(try await program.end() == .exit(0)) }
    }

    @Test(Person.isNeeded, .timeLimit(.minutes(1)))
    func `the real browser walks the demo tenant as well`() async throws {
      let folder = try TemporaryFolder()
      let environment = try Person.environment(secret: "", in: folder)
        .filter { $0.key != "HYBRID_FLOW_CLIENT_SECRET" }
      let report = try await RunReport.of(["--browser"], environment: environment)
      report.expectPassed()
    }
  }
}
