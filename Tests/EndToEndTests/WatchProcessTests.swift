import Foundation
import OpenID
import TestSupport
import Testing

extension EndToEnd {
  /// `hybrid-flow watch`, and another process that logs in there.
  @Suite struct WatchProcessTests {
    @Test(.timeLimit(.minutes(2)), Person.isNeeded)
    func `watch prints the stages of another program's login, and none of its secrets`()
      async throws
    {
      let tenant = try await RunningTenant(watches: true)
      let secrets = "\(tenant.folder.path)/secrets"
      let run = try await RunReport.of(
        tenant.connection(),
        environment: Person.environment(
          secret: tenant.client.secret, more: ["LAB_SECRETS": secrets], in: tenant.folder))
      #expect(run.ending == .exit(0), "\(run.errors)")
      _ = try await tenant.program.line(after: "{\"type\":\"result\",\"status\":\"passed\"")
      tenant.program.signal(SIGTERM)
      #expect(try await tenant.program.end() == .exit(0))
      let output = tenant.program.output
      let lines = try output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
      let stages = lines.filter { $0["type"]?.string == "stage" }
      #expect(stages.compactMap { $0["stage"]?.integer } == Array(1...10))
      #expect(stages.allSatisfy { $0["login"]?.integer == 1 })
      #expect(stages.allSatisfy { $0["status"]?.string == "passed" })
      #expect(stages[6]["server_checks"]?.elements?.isEmpty == false)
      let told = output + tenant.program.errors
      #expect(!told.contains(tenant.client.secret))
      let kept = try String(contentsOfFile: secrets, encoding: .utf8)
      for secret in kept.split(separator: "\n") where secret.count > 20 {
        let isThere = told.contains(secret)
        #expect(!isThere)
      }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `without a screen or without a client it says what to do`(hasClient: Bool) async throws {
      let folder = try TemporaryFolder()
      let secret = try folder.write("a-secret", to: "secret")
      let client = "id=a,secret-file=\(secret),redirect-uri=http://127.0.0.1:1/cb"
      let program = try RunningProgram(
        Place.program, ["watch", "--port", "0"] + (hasClient ? ["--client", client] : []))
      #expect(try await program.end() == .exit(2))
      #expect(program.errors.contains(hasClient ? "--json" : "add --client"))
    }
  }
}
