import Foundation
import Testing

extension EndToEnd {
  /// What the programs that are started know of client secrets.
  @Suite(.serialized) struct ChildSecretTests {
    private let home: TemporaryFolder
    private let secrets: [String: String]

    init() throws {
      home = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: "\(home.path)/hybrid-flow", withIntermediateDirectories: false)
      // The second profile lacks what a profile needs: its variable is there all the same.
      _ = try home.write(
        """
        {"profiles": {
          "own": {"issuer": "https://own.example/", "client_id": "a",
            "client_secret": {"env": "OWN_SECRET"}},
          "half": {"client_secret": {"env": "HALF_SECRET"}}}}
        """, to: "hybrid-flow/settings.json")
      secrets = [
        "HYBRID_FLOW_CLIENT_SECRET": "canary-of-the-usual-one", "OWN_SECRET": "canary-of-own",
        "HALF_SECRET": "canary-of-half", "COPIED_SECRET": "canary-of-own",
        "XDG_CONFIG_HOME": home.path,
      ]
    }

    /// A program of this name that writes its environment to a file.
    private func recorder(_ name: String) throws -> String {
      let seen = "\(home.path)/seen"
      let script = try home.write(
        "#!/bin/sh\n/usr/bin/env >\(seen).part\n/bin/mv \(seen).part \(seen)\n", to: name)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
      return script
    }

    private func seen(by name: String) async throws -> String {
      try await waitFor("the environment of \(name)") {
        FileManager.default.contents(atPath: "\(home.path)/seen").map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    }

    @Test(.timeLimit(.minutes(1))) func `the browser gets no variable of a secret`() async throws {
      var environment = secrets
      environment["BROWSER"] = try recorder("my-browser")
      environment["MARK"] = "kept"
      let program = try RunningProgram(
        Place.program, ["run", "--browser", "--wait", "1"], environment: environment)
      #expect(try await program.end(within: 20) == .exit(6), "\(program.errors)")
      let seen = try await seen(by: "the browser")
      #expect(seen.contains("MARK=kept\n"))
      #expect(!seen.contains("canary"), "\(seen)")
    }

    @Test(
      .timeLimit(.minutes(1)),
      arguments: [("wl-copy", ["WAYLAND_DISPLAY": "w", "TMUX": ""]), ("tmux", ["TMUX": "x,1,0"])])
    func `what takes a copy gets no variable of a secret`(
      tool: String, more: [String: String]
    ) async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      _ = try recorder(tool)
      var environment = secrets.merging(more) { $1 }
      environment["PATH"] = home.path
      environment["MARK"] = "kept"
      try await terminal.start(environment: environment)
      try await explorer.walk(to: 2)
      try await terminal.type("y")
      try await explorer.wait("the list") { $0.contains("Authorize URL") }
      try await terminal.type("2")
      let seen = try await seen(by: tool)
      #expect(seen.contains("MARK=kept\n"))
      #expect(!seen.contains("canary"), "\(seen)")
      try await terminal.type("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the command that finds the secret gets what it may need`() async throws {
      var environment = secrets
      _ = try recorder("find-secret")
      environment["PATH"] = home.path
      let program = try RunningProgram(
        Place.program,
        [
          "run", "--issuer", "http://127.0.0.1:9/", "--client-id", "a",
          "--client-secret-command", "find-secret",
        ], environment: environment)
      _ = try await program.end(within: 20)
      #expect(try await seen(by: "the command").contains("OWN_SECRET=canary-of-own\n"))
    }
  }
}
