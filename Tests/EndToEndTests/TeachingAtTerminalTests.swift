import Foundation
import Testing

extension EndToEnd {
  /// Workshop and drill at a real terminal: two keys give the one, letters answer the other.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct TeachingAtTerminalTests {
    @Test(.timeLimit(.minutes(3))) func `two keys lead to a fault and its check`() async throws {
      let terminal = try await TerminalUnderTest(columns: 80, rows: 24)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(["workshop"])
      try await explorer.wait("the first question") {
        $0.contains("The login button") && $0.contains("1/12")
      }
      for _ in 0..<30 {
        let before = try await terminal.screen()
        if before.contains("A swapped code") { break }
        try await terminal.press("Right")
        try await explorer.wait("the next step") { $0 != before }
      }
      try await explorer.wait("the question") { $0.contains("The ID token is genuine") }
      try await terminal.press("PageDown")
      try await explorer.wait("the message") { $0.contains("Which check catches this?") }
      try await terminal.press("Space")
      try await explorer.wait("the check, and the answer") {
        $0.contains("c-hash-match") && $0.contains("Answer")
      }
      try await terminal.press("PageUp")
      try await explorer.wait("the message again") { $0.contains("Which check catches this?") }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(2))) func `a drill is answered, and its result printed`() async throws
    {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(["drill", "--seed", "7", "--count", "1"])
      try await explorer.wait("the run") {
        // The round of this seed is judged at stage 7.
        ExplorerDriver.shows(7, $0) && $0.contains("One fault, or none?")
      }
      try await terminal.press("a")
      try await explorer.wait("the question") { $0.contains("Which check must stop this run?") }
      try await terminal.type("none")
      try await terminal.press("Enter")
      try await explorer.wait("the answer") { $0.contains("Round 1 of 1") }
      try await terminal.press("Enter")
      try await explorer.wait("the score") { $0.contains("The drill is over") }
      try await terminal.press("Enter")
      try await explorer.wait("the honest flow") { !$0.contains("Drill 1 of 1") }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
      #expect(try await terminal.screen().contains("hybrid-flow drill --seed 7 --count 1"))
    }
  }
}
