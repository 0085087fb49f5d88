import Foundation
import Testing

extension EndToEnd {
  /// Requests edited at a real terminal, key by key, and what the demo tenant makes of them.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct EditorAtTerminalTests {
    private func type(_ text: String, _ terminal: TerminalUnderTest) async throws {
      for character in text { try await terminal.press("\(character)") }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [(80, 24), (120, 36), (200, 50)])
    func `another scope is typed, applied and walked to the end`(
      size: (columns: Int, rows: Int)
    ) async throws {
      let terminal = try await TerminalUnderTest(columns: size.columns, rows: size.rows)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 2)
      try await terminal.press("e")
      try await explorer.wait("the editor") { $0.contains("Edit the authorization request") }
      for _ in 0..<4 { try await terminal.press("Down") }
      try await explorer.wait("the meaning of scope") { $0.contains("scope  what is asked for") }
      try await terminal.press("Enter", "C-u")
      try await type("openid", terminal)
      try await explorer.wait("the URL as it is typed") {
        $0.withoutFrame.contains("scope=openid&")
      }
      try await terminal.press("C-s")
      try await explorer.wait("the request, written anew") {
        $0.contains("EDITED") && $0.contains("* Edited by hand: scope changed")
      }
      try await terminal.press("Right")
      try await explorer.waitForEnd(of: 3)
      try await explorer.walk(from: 4, to: 8)
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [[], ["--ascii"]])
    func `a late edit keeps the old stages, marked stale`(arguments: [String]) async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(arguments)
      try await explorer.walk(to: 6)
      try await terminal.press("2")
      try await explorer.wait("stage 2") { ExplorerDriver.shows(2, $0) }
      try await explorer.turn("]", to: "The authorize URL, whole")
      try await terminal.press("e")
      try await explorer.wait("that it has left") { $0.contains("a new run sends it anew") }
      try await terminal.press("Space", "C-s")
      try await explorer.wait("the new run at stage 2") {
        ExplorerDriver.shows(2, $0) && $0.contains("response_type=code%20token&")
          && $0.contains("~  5 ") && $0.contains("stale")
      }
      try await terminal.press("5")
      try await explorer.wait("stage 5 as it was") {
        $0.contains("~ Stale: from before the edit, when response_type was code id_token")
          && $0.contains("POST /callback HTTP/1.1")
      }
      try await terminal.press("2")
      try await explorer.wait("stage 2") { ExplorerDriver.shows(2, $0) }
      try await explorer.walk(from: 3, to: 5)
      let screen = try await explorer.wait("the new answer") { !$0.contains("~  5 ") }
      #expect(screen.contains("~  6 "))
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the verifier is replaced under its mask, and the tenant says invalid_grant`()
      async throws
    {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 5)
      try await terminal.press("e")
      try await explorer.wait("the editor") { $0.contains("Edit the token request") }
      try await terminal.press("Down", "Down", "Down", "Enter")
      try await type("typed-in-the-open", terminal)
      let typed = try await explorer.wait("bullets") { $0.contains("•••••••••••••••••") }
      #expect(!typed.contains("typed-in-the-open"))
      try await terminal.press("C-s")
      try await explorer.wait("the end of the editor") {
        $0.contains("The token request is changed")
      }
      try await explorer.run(6)
      try await terminal.press("Right")
      try await explorer.wait("the tenant's no") {
        $0.contains("invalid_grant") && $0.contains("Stopped at stage 7")
      }
      for screen in explorer.seen { #expect(!screen.contains("typed-in-the-open")) }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }
  }
}

extension String {
  /// Without frames and line breaks, so that a wrapped URL can be searched.
  fileprivate var withoutFrame: String {
    String(filter { !$0.isWhitespace && !"┃│".contains($0) })
  }
}
