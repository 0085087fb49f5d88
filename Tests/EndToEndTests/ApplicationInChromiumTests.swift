import Foundation
import OpenID
import TestSupport
import Testing

extension EndToEnd {
  /// `hybrid-flow test-app --browser`: applications whose scripts take part.
  @Suite(.serialized, RealBrowser.isNeeded) struct ApplicationInChromiumTests {
    @Test(.timeLimit(.minutes(2)))
    func `a page application is judged by what its scripts do with a fragment`() async throws {
      let careless = try await CarelessApplication("page.py", checks: "state,nonce")
      let caught: Set = ["nonce-altered", "state-altered"]
      let letThrough: Set = ["swapped-code", "c-hash-longer"]
      let trial = try await careless.trial([
        "--browser", "--only", caught.union(letThrough).sorted().joined(separator: ","),
      ])
      #expect(trial.ending == .exit(3), "\(trial.lines.map(\.compactText)) \(trial.errors)")
      #expect(trial.names("caught") == caught)
      #expect(trial.names("let_through") == letThrough)
      // The address at which it ends is clean.
      let address = trial.line("honest")?["address"]?.string
      #expect(address == "http://localhost:\(careless.client.port)/")
    }

    @Test(.timeLimit(.minutes(2)))
    func `a form post is attacked as in the built-in browser, and nothing is left behind`()
      async throws
    {
      let careless = try await CarelessApplication(checks: "content_type,single_use")
      let caught: Set = ["answer-as-json", "double-post"]
      let letThrough: Set = ["swapped-code", "parameter-twice"]
      let trial = try await careless.trial(
        ["--browser", "--only", caught.union(letThrough).sorted().joined(separator: ",")],
        environment: ["TMPDIR": careless.folder.path])
      #expect(trial.ending == .exit(3), "\(trial.lines.map(\.compactText)) \(trial.errors)")
      #expect(trial.names("caught") == caught)
      #expect(trial.names("let_through") == letThrough)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: careless.folder.path) == ["secret"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `without scripts, or without Chromium, it says what is needed`() async throws {
      let careless = try await CarelessApplication("page.py", checks: "")
      let plain = try await careless.trial(["--only", "nonce-altered"])
      #expect(plain.ending == .exit(6))
      let trial = try await careless.trial(
        ["--browser"], environment: ["PATH": careless.folder.path])
      #expect(trial.ending == .exit(2))
      #expect(trial.errors.contains("Install Chromium"), "\(trial.errors)")
    }
  }
}
