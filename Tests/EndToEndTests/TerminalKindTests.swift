import Foundation
import Testing

extension EndToEnd {
  /// Terminals of every kind, and every way to leave one.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct TerminalKindTests {
    @Test(
      .timeLimit(.minutes(1)),
      arguments: [
        ["TERM": "xterm-256color"], ["TERM": "screen-256color"], ["TERM": "vt100"],
        ["NO_COLOR": "1"], ["LC_ALL": "C"],
      ])
    func `every terminal shows all ten stages`(environment: [String: String]) async throws {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(environment: environment)
      try await explorer.walk(to: 10)
      let screen = try await terminal.screen(colors: true)
      // Colours of the foreground and the background; bold and reverse need none.
      let hasColor = screen.contains(/\u{1B}\[(?:\d+;)*(?:[34][0-7]|[34]8;|9[0-7]|10[0-7])/)
      let isPlain = environment["NO_COLOR"] != nil || environment["TERM"] == "vt100"
      #expect(hasColor == !isPlain)
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `plain ASCII is enough`() async throws {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(["--ascii"], environment: ["TERM": "vt100"])
      try await explorer.walk(to: 10)
      for screen in explorer.seen {
        let others = Set(screen.unicodeScalars.filter { !$0.isASCII })
        #expect(others.isEmpty, "\(screen)")
      }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `to leave at once is no crash`() async throws {
      let terminal = try await TerminalUnderTest()
      for _ in 0..<5 {
        try await terminal.start()
        // The first frame is there before the demo tenant has made its key.
        try await terminal.wait("the first frame") { $0.contains("1/10") }
        try await terminal.press("q")
        #expect(try await terminal.expectShell() == 0)
      }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGHUP, SIGINT])
    func `a signal gives the terminal back, and kills`(number: Int32) async throws {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 2)
      kill(try await terminal.programNumber(), number)
      #expect(try await terminal.expectShell() == 128 + Int(number))
    }

    @Test(.timeLimit(.minutes(1))) func `a trap gives the terminal back, and kills`() async throws {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(environment: ["SWIFT_BACKTRACE": "enable=no"])
      try await explorer.walk(to: 1)
      kill(try await terminal.programNumber(), SIGILL)
      #expect(try await terminal.expectShell() == 128 + Int(SIGILL))
    }

    @Test(.timeLimit(.minutes(1))) func `Ctrl-C quits at once, even in a form`() async throws {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 3)
      try await terminal.press("Right")
      try await explorer.wait("the sign-in form") { $0.contains("[ Sign in ]") }
      try await terminal.press("C-c")
      #expect([0, 130].contains(try await terminal.expectShell()))
    }

    @Test(.timeLimit(.minutes(1))) func `a terminal that cannot be used is refused`() async throws {
      let terminal = try await TerminalUnderTest()
      try await terminal.start(environment: ["TERM": "dumb"])
      let status = try await terminal.expectShell()
      #expect(status == 2)
      #expect(try await terminal.screen().contains("hybrid-flow: "))
    }

    @Test(.timeLimit(.minutes(1))) func `a file is no terminal`() async throws {
      let program = try RunningProgram(Place.program)
      #expect(try await program.end(within: 10) == .exit(2))
      #expect(program.output == "")
      #expect(program.errors.contains("hybrid-flow: "))
      #expect(program.errors.contains("run"), "the advice\n\(program.errors)")
    }
  }
}
