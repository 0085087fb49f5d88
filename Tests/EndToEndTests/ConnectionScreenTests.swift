import Foundation
import Testing

extension EndToEnd {
  /// From no settings at all to a finished flow at a tenant, on the connection screen alone.
  @Suite(
    .serialized,
    TerminalUnderTest.isNeeded,
    Person.isNeeded)
  struct ConnectionScreenTests {
    @Test(.timeLimit(.minutes(2)), arguments: [(80, 24), (120, 36)])
    func `a profile is added, tested, used, and the flow reaches its end`(
      columns: Int, rows: Int
    ) async throws {
      let tenant = try await RunningTenant()
      let terminal = try await TerminalUnderTest(columns: columns, rows: rows)
      let explorer = ExplorerDriver(terminal)
      let home = terminal.folder.path
      var environment = try Person.environment(secret: "", in: tenant.folder)
      environment["HYBRID_FLOW_CLIENT_SECRET"] = nil
      environment["HOME"] = home
      environment["XDG_CONFIG_HOME"] = "\(home)/config"
      let secretFile = try terminal.folder.write(tenant.client.secret, to: "client-secret")
      try await terminal.start(["explore"], environment: environment)
      try await explorer.wait("the demo tenant") { $0.contains("demo") && $0.contains("q quit") }

      try await terminal.press("c")
      try await explorer.wait("the list") { $0.contains("part of this program") }
      try await terminal.press("a")
      try await explorer.wait("the form") { $0.contains("New profile") }
      try await terminal.press("-l", "work")
      try await terminal.press("Tab", "Tab")
      try await terminal.press("-l", tenant.issuer)
      try await terminal.press("Tab")
      try await terminal.press("-l", Registration.id)
      try await terminal.press("Tab", "Space", "Space", "Tab")
      try await terminal.press("-l", secretFile)
      try await terminal.press("Tab")
      try await terminal.press("-l", tenant.client.redirectURI)
      try await explorer.wait("the redirect URI") { $0.contains("\(tenant.client.port)/callback") }
      try await terminal.press("C-s")
      try await explorer.wait("the list again") { $0.contains("Saved.") }

      try await terminal.press("t")
      try await explorer.wait("the findings") {
        $0.contains("Check of work") && $0.contains("Nothing here keeps a login from working")
      }
      try await terminal.press("Escape")
      try await explorer.wait("the list again") { $0.contains("Connections") }
      try await terminal.press("Enter")
      try await explorer.waitForEnd(of: 1)
      try await explorer.run(2)
      try await terminal.press("Right")
      try await explorer.waitForEnd(of: 5)
      try await explorer.walk(from: 6, to: 10)

      for screen in explorer.seen { #expect(!screen.contains(tenant.client.secret)) }
      let file = "\(home)/config/hybrid-flow/settings.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains("\"issuer\": \"\(tenant.issuer)\""))
      #expect(!text.contains(tenant.client.secret))
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
      #expect(mode as? Int == 0o600)
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a kept theme that has gone keeps nobody out, one that is asked for does`() async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try FileManager.default.createDirectory(
        atPath: "\(terminal.folder.path)/hybrid-flow", withIntermediateDirectories: false)
      _ = try terminal.folder.write("{\"theme\": \"nrod\"}", to: "hybrid-flow/settings.json")
      let environment = ["XDG_CONFIG_HOME": terminal.folder.path]
      try await terminal.start(["explore"], environment: environment)
      try await explorer.wait("why not") { $0.contains("The theme of the settings: ") }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
      try await terminal.start(["explore", "--theme", "nrod"], environment: environment)
      try await explorer.wait("the refusal") { $0.contains("did you mean") }
      #expect(try await terminal.expectShell() == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `broken settings are shown with their place, and a kept theme is not written over them`()
      async throws
    {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      let folder = "\(terminal.folder.path)/hybrid-flow"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false)
      let broken = "{\"profiles\": {\"work\": {\"client_idd\": \"x\"}}}"
      let file = try terminal.folder.write(broken, to: "hybrid-flow/settings.json")
      try await terminal.start(
        ["explore"], environment: ["XDG_CONFIG_HOME": terminal.folder.path])
      try await explorer.waitForEnd(of: 1)
      try await terminal.press("c")
      try await explorer.wait("file, place and reason") { screen in
        let words = screen.filter { !$0.isWhitespace && !"\u{2502}\u{2503}".contains($0) }
        return words.contains("settings.json:profiles.work.client_iddisnosetting.")
          && words.contains("Didyoumeanclient_id?") && screen.contains("demo tenant")
      }
      try await terminal.press("Escape")
      // Esc and a letter in one breath would be Alt and the letter.
      try await explorer.wait("the panes") { !$0.contains("Connections") }
      try await terminal.press("t")
      try await explorer.wait("the themes") { $0.contains("Themes") }
      try await terminal.press("Down", "Enter")
      try await explorer.wait("why not") { $0.contains("not kept:") }
      #expect(try String(contentsOfFile: file, encoding: .utf8) == broken)
      // Mended, it is kept; but not by merely looking at one.
      _ = try terminal.folder.write("{}", to: "hybrid-flow/settings.json")
      try await terminal.press("-l", ":theme nord")
      try await terminal.press("Enter")
      try await explorer.wait("another theme") { $0.contains("Theme Nord") }
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "{}")
      try await terminal.press("t")
      try await explorer.wait("the themes") { $0.contains("Themes") }
      try await terminal.press("Enter")
      try await explorer.wait("the theme is kept") { $0.contains("kept in the settings") }
      #expect(try String(contentsOfFile: file, encoding: .utf8).contains("\"theme\""))
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }
  }
}
