import Foundation
import Testing

extension EndToEnd {
  /// Recordings on a real terminal of the smallest size.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct ReplayTests {
    @Test(.timeLimit(.minutes(2)))
    func `a recording that comes along is gone through to its failure`() async throws {
      let terminal = try await TerminalUnderTest(columns: 80, rows: 24)
      try await terminal.start(["replay", "swapped-code"])
      try await terminal.wait("the first stage") {
        ExplorerDriver.shows(1, $0) && $0.contains("REPLAY · MASKED")
      }
      // Two more presses than stages: the person signs in and consents in stage 4.
      for (stage, words) in [
        (2, "302 /authorize"), (3, "the one place for a password"), (4, "[ Sign in ]"),
        (4, "/u/consent ┃"),
      ] {
        try await terminal.press("Right")
        try await terminal.wait("stage \(stage), \(words)") {
          ExplorerDriver.shows(stage, $0) && $0.contains("REPLAY") && $0.contains(words)
        }
      }
      try await terminal.press("Right")
      try await terminal.wait("the end of stage 4") {
        ExplorerDriver.shows(4, $0) && !$0.contains("/u/consent ┃")
      }
      try await terminal.press("Right")
      let asked = try await terminal.wait("the question") {
        ExplorerDriver.shows(5, $0) && $0.contains("Which check catches this?")
      }
      #expect(!asked.contains("c-hash-match"))
      try await terminal.press("Right")
      let failed = try await terminal.wait("the failure") {
        ExplorerDriver.shows(5, $0) && $0.contains("✗ c-hash-match")
      }
      #expect(failed.contains("REPLAY · MASKED"))
      #expect(!failed.contains("→ next"))
      try await terminal.press("r")
      try await terminal.wait("the beginning") { ExplorerDriver.shows(1, $0) }
      try await terminal.press(">")
      try await terminal.wait("the end") { ExplorerDriver.shows(5, $0) }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a run is recorded, listed, played, compared and deleted`() async throws {
      let terminal = try await TerminalUnderTest(columns: 80, rows: 24)
      let explorer = ExplorerDriver(terminal)
      let state = terminal.folder.path + "/state"
      try await terminal.start(environment: ["XDG_STATE_HOME": state])
      try await explorer.walk(to: 5)
      try await terminal.press("R")
      try await terminal.wait("the mark in the title") { $0.contains(" REC ") }
      try await explorer.run(6)
      try await terminal.press("R")
      try await terminal.wait("no mark in the title") { !$0.contains(" REC ") }
      try await terminal.press("L")
      try await terminal.wait("the list") {
        $0.contains("Your own") && $0.contains("demo-code-id_token.jsonl")
      }
      try await terminal.press("g", "Enter")
      try await terminal.wait("its beginning") {
        ExplorerDriver.shows(1, $0) && $0.contains("REPLAY")
      }
      try await terminal.press(">")
      try await terminal.wait("its end, as far as it was recorded") {
        ExplorerDriver.shows(6, $0) && $0.contains("POST /oauth/token")
      }
      try await terminal.press("L")
      try await terminal.wait("the list again") { $0.contains("the live run") }
      try await terminal.press("G", "c")
      try await terminal.wait("two runs") {
        $0.contains("Two runs side by side") && $0.contains("metadata-of-another-issuer")
      }
      try await terminal.press("Escape")
      try await terminal.wait("the run") { !$0.contains("side by side") }
      try await terminal.press("L", "g", "Enter")
      try await terminal.wait("a live run") {
        ExplorerDriver.shows(1, $0) && !$0.contains("REPLAY") && ExplorerDriver.canGoOn($0)
      }
      let folder = state + "/hybrid-flow"
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
      try await terminal.press("L", "g", "D")
      try await terminal.wait("the question") { $0.contains("deleted with the next D") }
      try await terminal.press("D")
      try await terminal.wait("an empty list") {
        $0.contains("Shipped with the program") && !$0.contains("Your own")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      try await terminal.press("Escape")
      try await terminal.wait("the run below the list") { !$0.contains("Recordings ━") }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }
  }
}
