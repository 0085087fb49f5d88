import Foundation
import Glibc
import Testing

/// Terminals that nobody reads: a stopped tmux, an ssh whose other end is gone.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct `A terminal that nobody reads` {
  private static let program =
    PseudoTerminal.probePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/hybrid-flow"

  /// The probe behind a terminal that is full.
  private func stalledProbe() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(columns: 300, rows: 100)
    _ = try terminal.report()
    for _ in 0..<200 where !terminal.isStalled {
      terminal.send("\u{C}")
      _ = terminal.waitUnread(milliseconds: 50) { terminal.isStalled }
    }
    try #require(terminal.isStalled)
    return terminal
  }

  /// Whether a process has a handler for a signal.
  private func catches(_ number: Int32, _ process: pid_t) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let mask = line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
    return mask & 1 << UInt64(number - 1) != 0
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGSEGV])
  func `Signals end the program, and the terminal is put back for whoever reads it later`(
    number: Int32
  ) throws {
    let terminal = try stalledProbe()
    terminal.signal(number)
    #expect(terminal.endingUnread(milliseconds: 2000) == .signal(number))
    #expect(terminal.modes == terminal.modesBefore)
    for mode in ["?2026l", "?2004l", "?1049l", "1000l", "?25h"] {
      #expect(terminal.sees(mode, withinMilliseconds: 5000), "\(mode)")
    }
  }

  @Test func `A second signal waits for nothing`() throws {
    let terminal = try stalledProbe()
    terminal.signal(SIGTERM)
    terminal.signal(SIGHUP)
    let ending = terminal.endingUnread(milliseconds: 2000)
    #expect(ending == .signal(SIGTERM) || ending == .signal(SIGHUP))
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test func `Keys are taken all the same, and once it is read the newest frame comes`() throws {
    let terminal = try stalledProbe()
    for _ in 1...3 {
      terminal.send("u")
      var told = ""
      while told != #"character("u")"# {
        let isTold = terminal.waitUnread(milliseconds: 10_000) { terminal.hasReport }
        try #require(isTold)
        told = try terminal.reportUnread()
      }
    }
    #expect(terminal.sees("another text, another text", withinMilliseconds: 10_000))
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func `The program itself ends as well`(number: Int32) throws {
    let terminal = try PseudoTerminal(
      program: [Self.program], environment: ["HOME": "/nonexistent"], columns: 300, rows: 100)
    for width in 0..<200 where !terminal.isStalled {
      terminal.resize(columns: UInt16(299 - width % 2), rows: 100)
      _ = terminal.waitUnread(milliseconds: 50) { terminal.isStalled }
    }
    try #require(terminal.isStalled)
    terminal.signal(number)
    #expect(terminal.endingUnread(milliseconds: 2000) == .signal(number))
    #expect(terminal.modes == terminal.modesBefore)
    #expect(terminal.sees("?1049l", withinMilliseconds: 5000))
  }

  @Test(arguments: [["run"], ["run", "--plain"], ["tenant", "--port", "0"]], [SIGTERM, SIGINT])
  func `So does what prints without a screen`(arguments: [String], number: Int32) throws {
    let more = arguments[0] == "run" ? ["--browser", "--no-browser", "--wait", "60"] : []
    let uri = arguments[0] == "run" ? ["--redirect-uri", "http://127.0.0.1:0/callback"] : []
    let terminal = try PseudoTerminal(
      program: [Self.program] + arguments + more + uri, environment: ["HOME": "/nonexistent"])
    // Somebody else fills the terminal.
    terminal.fill()
    try #require(terminal.isStalled)
    try #require(
      terminal.waitUnread(milliseconds: 20_000) { catches(number, terminal.processNumber) })
    terminal.signal(number)
    let expected: PseudoTerminal.Ending = arguments[0] == "run" ? .signal(number) : .exit(0)
    #expect(terminal.endingUnread(milliseconds: 2000) == expected)
  }

  /// While a program starts it allocates much: what a handler allocates then can break the heap.
  @Test(arguments: 0..<30) func `So does a run that is told while it starts`(attempt: Int) throws {
    let terminal = try PseudoTerminal(
      program: [
        Self.program, "run", "--plain", "--browser", "--no-browser", "--wait", "60",
        "--redirect-uri", "http://127.0.0.1:0/callback",
      ], environment: ["HOME": "/nonexistent"])
    terminal.fill()
    try #require(
      terminal.waitUnread(milliseconds: 20_000) { catches(SIGTERM, terminal.processNumber) })
    // Another moment of the start each time.
    var spins = attempt * 100_000
    while spins > 0 { spins -= 1 }
    terminal.signal(SIGTERM)
    #expect(terminal.endingUnread(milliseconds: 5000) == .signal(SIGTERM))
  }
}
