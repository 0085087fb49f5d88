import Foundation
import Testing

extension EndToEnd {
  /// The explorer dies at each stage of the flow, and the shell has its terminal back.
  ///
  /// `HYBRID_FLOW_SIEGE=1` tries every signal at every stage: minutes, not seconds.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct KilledAtEveryStageTests {
    /// How a trap of Swift ends a process: `ud2` of x86, `brk` of ARM.
    #if arch(x86_64)
      static let trap = SIGILL
    #else
      static let trap = SIGTRAP
    #endif

    /// Every signal that ends a process and can be caught, but those that a write asks for.
    static let signals: [Int32] = [
      trap, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGTERM, SIGUSR1, SIGUSR2,
      SIGALRM, SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS, 34, 64,
    ]

    /// A stage and a signal; usually a trap at each stage, and one other signal.
    static let deaths: [(stage: Int, number: Int32)] = (1...10).flatMap { stage in
      let isWhole = ProcessInfo.processInfo.environment["HYBRID_FLOW_SIEGE"] != nil
      let some = [trap, signals[1 + 2 * (stage - 1)]]
      return (isWhole ? signals : some).map { (stage, $0) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: deaths)
    func `killed, it gives the terminal back`(stage: Int, number: Int32) async throws {
      let terminal = try await TerminalUnderTest()
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: stage)
      let screen = try #require(explorer.seen.last)
      #expect(ExplorerDriver.shows(stage, screen))
      kill(try await terminal.programNumber(), number)
      #expect(try await terminal.expectShell() == 128 + Int(number))
    }
  }
}
