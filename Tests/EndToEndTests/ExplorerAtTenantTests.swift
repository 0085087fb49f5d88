import Foundation
import Testing

extension EndToEnd {
  /// The explorer at a tenant that is not its own, with a person at a browser.
  @Suite(
    .serialized,
    TerminalUnderTest.isNeeded,
    Person.isNeeded)
  struct ExplorerAtTenantTests {
    @Test(.timeLimit(.minutes(1)))
    func `the browser brings the answer, and the secret stays hidden`() async throws {
      let tenant = try await RunningTenant()
      let explorer = try await explorer(at: tenant)
      try await explorer.walk(from: 6, to: 10)
      for screen in explorer.seen {
        #expect(!screen.contains(tenant.client.secret))
        #expect(!RunReport.holdsToken(screen.withoutSpaces))
      }
      try await explorer.terminal.press("q")
      #expect(try await explorer.terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGKILL, SIGSTOP])
    func `a tenant that stops in the middle is a failure on the screen, and no hang`(
      number: Int32
    ) async throws {
      let tenant = try await RunningTenant()
      let explorer = try await explorer(at: tenant)
      tenant.program.signal(number)
      try await explorer.terminal.press("Right")
      let screen = try await explorer.wait("the failure") { $0.contains("✗6") }
      #expect(screen.contains("127.0.0.1"))
      // What was there before can still be looked at.
      try await explorer.terminal.press("5")
      try await explorer.wait("stage 5") {
        ExplorerDriver.shows(5, $0) && $0.contains("POST /callback")
      }
      try await explorer.terminal.press("q")
      #expect(try await explorer.terminal.expectShell() == 0)
    }

    /// Starts the explorer and goes to stage 5, which the browser brings.
    private func explorer(at tenant: RunningTenant) async throws -> ExplorerDriver {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(
        ["explore"] + tenant.connection() + ["--timeout", "2"],
        environment: try Person.environment(secret: tenant.client.secret, in: tenant.folder))
      try await explorer.walk(to: 2)
      try await terminal.press("Right")
      try await explorer.waitForEnd(of: 5)
      return explorer
    }
  }
}
