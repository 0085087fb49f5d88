import Foundation
import Glibc
import Testing

/// The program itself on terminals that are strange, broken or gone.
///
/// Each of them costs next to no work while nothing happens: that is measured as processor time by
/// time, which a busy machine does not change.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct `The program on a strange terminal` {
  private static let program =
    PseudoTerminal.probePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/hybrid-flow"

  private static func start(
    _ arguments: [String] = [], environment: [String: String] = [:], columns: UInt16 = 80,
    rows: UInt16 = 24, detached: PseudoTerminal.Detached = .none
  ) throws -> PseudoTerminal {
    var variables = ["HOME": "/nonexistent"]
    variables.merge(environment) { $1 }
    return try PseudoTerminal(
      program: [program] + arguments, environment: variables, columns: columns, rows: rows,
      detached: detached)
  }

  /// Seconds of work of a process so far.
  private static func work(_ process: pid_t) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ").compactMap { Double($0) }
    // User and system time, after the state and ten numbers.
    guard let fields, fields.count > 12 else { return -1 }
    return (fields[10] + fields[11]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Work by time of a terminal's program once it rests.
  ///
  /// A million cells take their time to draw; who waits in a circle never comes to rest.
  private static func ratio(_ terminal: PseudoTerminal) -> Double {
    var ratio = 1.0
    for _ in 0..<8 where ratio > 0.2 {
      let before = work(terminal.processNumber)
      let clock = ContinuousClock.now
      terminal.linger(milliseconds: 1000)
      let spent = ContinuousClock.now - clock
      let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
      ratio = (work(terminal.processNumber) - before) / seconds
    }
    return ratio
  }

  /// How often the threads of a process went to sleep of their own accord so far.
  private static func sleeps(_ process: pid_t) throws -> Int {
    let folder = "/proc/\(process)/task"
    return try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, thread in
      let status = try String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
      return sum + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
    }
  }

  @Test func `At rest nothing wakes it`() throws {
    let terminal = try Self.start()
    try terminal.see("1/10")
    // A key is still made behind the first frame, and what is said is over after some seconds.
    var woken: [Int] = []
    for _ in 0..<8 where woken.last != 0 {
      let before = try Self.sleeps(terminal.processNumber)
      terminal.linger(milliseconds: 2500)
      woken.append(try Self.sleeps(terminal.processNumber) - before)
    }
    #expect(woken.last == 0, "\(woken)")
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
  }

  @Test(arguments: [(0, 0), (1, 1), (2, 2), (1, 24), (80, 1), (1000, 1000)])
  func `Whatever its size, it is drawn, rests and is left`(columns: Int, rows: Int) throws {
    let terminal = try Self.start(columns: UInt16(columns), rows: UInt16(rows))
    try terminal.see("\u{1B}[?1049h")
    let ratio = Self.ratio(terminal)
    print("terminal | \(columns)x\(rows) | work by time \(ratio)")
    #expect(ratio >= 0 && ratio < 0.3)
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
    #expect(terminal.modes == terminal.modesBefore)
    #expect(terminal.position(of: "?1049l") != nil)
  }

  @Test(arguments: [false, true])
  func `Bytes that are no character do not end it`(isBracketed: Bool) throws {
    let terminal = try Self.start()
    try terminal.see("1/10")
    let noise = [UInt8](repeating: 0xFF, count: 300_000)
    terminal.send(
      isBracketed
        ? Array("\u{1B}[200~".utf8) + noise + Array("\u{1B}[201~".utf8) : noise)
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
    #expect(terminal.position(of: "keyboard is gone") == nil)
  }

  @Test func `Its size may change to anything and back`() throws {
    let terminal = try Self.start()
    try terminal.see("1/10")
    for (columns, rows) in [(1, 1), (1000, 1000), (0, 0), (3, 200), (200, 3), (80, 24)] {
      terminal.resize(columns: UInt16(columns), rows: UInt16(rows))
      terminal.linger(milliseconds: 100)
    }
    #expect(Self.ratio(terminal) < 0.3)
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test(arguments: [
    (["TERM": ""], "TERM"), (["TERM": "dumb"], "dumb"), (["TERM": "no-such-terminal"], "no-such"),
    (["TERM": "../../etc/passwd"], "TERM"),
  ])
  func `One that nobody knows is refused with a word`(
    environment: [String: String], word: String
  ) throws {
    let terminal = try Self.start(environment: environment)
    #expect(try terminal.ending() == .exit(2))
    #expect(terminal.position(of: "hybrid-flow: ") != nil)
    #expect(terminal.position(of: word) != nil)
    #expect(terminal.modes == terminal.modesBefore)
    #expect(terminal.position(of: "?1049h") == nil)
  }

  @Test(arguments: [
    PseudoTerminal.Detached.input, .inputClosed, .output, .outputClosed,
  ])
  func `Without keyboard or screen it ends at once`(detached: PseudoTerminal.Detached) throws {
    let terminal = try Self.start(detached: detached)
    #expect(try terminal.ending() == .exit(2))
    #expect(terminal.position(of: "hybrid-flow: ") != nil)
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test(arguments: [PseudoTerminal.Detached.errors, .errorsClosed])
  func `Without standard error it runs all the same`(detached: PseudoTerminal.Detached) throws {
    let terminal = try Self.start(detached: detached)
    try terminal.see("1/10")
    #expect(Self.ratio(terminal) < 0.3)
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test(arguments: ["", "trap '' HUP;"])
  func `With its terminal it ends, deaf to hang-ups or not`(trap: String) throws {
    let terminal = try PseudoTerminal(
      program: ["/bin/sh", "-c", "\(trap) exec \"$0\"", Self.program],
      environment: ["HOME": "/nonexistent"])
    try terminal.see("1/10")
    terminal.hangUp()
    #expect(try terminal.ending() == .signal(SIGHUP))
  }

  @Test func `Stopped it does nothing, and continued it is there again`() throws {
    let script = """
      set -m; "$0"; echo "stopped $?" >&3; read -r line <&2; fg >/dev/null; echo "ended $?" >&3
      """
    let terminal = try PseudoTerminal(
      program: ["/bin/bash", "-c", script, Self.program], environment: ["HOME": "/nonexistent"])
    try terminal.see("1/10")
    terminal.send("\u{1A}")
    #expect(try terminal.report() == "stopped \(128 + SIGTSTP)")
    try terminal.see("?1049l")
    let left = terminal.output.count
    terminal.linger(milliseconds: 300)
    #expect(terminal.output.count == left)
    terminal.send("\n")
    terminal.linger(milliseconds: 500)
    terminal.send("q")
    #expect(try terminal.report() == "ended 0")
    _ = try terminal.ending()
    #expect(terminal.modes == terminal.modesBefore)
  }

  /// The program behind nohup(1), in a folder of its own.
  private final class DeafProgram {
    let terminal: PseudoTerminal
    private let folder: URL

    init(_ words: String) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      let script = "cd '\(folder.path)' && exec nohup \"$0\" \(words)"
      terminal = try PseudoTerminal(
        program: ["/bin/sh", "-c", script, program], environment: ["HOME": "/nonexistent"])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What nohup caught.
    var output: String {
      let data = FileManager.default.contents(atPath: folder.appending(path: "nohup.out").path)
      return String(decoding: data ?? Data(), as: UTF8.self)
    }
  }

  @Test func `Behind nohup it says that it needs a terminal`() throws {
    let deaf = try DeafProgram("")
    #expect(try deaf.terminal.ending() == .exit(2))
    #expect(deaf.output.contains("hybrid-flow: "))
    #expect(deaf.terminal.modes == deaf.terminal.modesBefore)
  }

  @Test func `Behind nohup a run goes on when the terminal is gone`() throws {
    let deaf = try DeafProgram("run")
    // nohup speaks before it is deaf; what the program prints comes after.
    for _ in 0..<500 where deaf.output.isEmpty { deaf.terminal.linger(milliseconds: 20) }
    deaf.terminal.hangUp()
    #expect(try deaf.terminal.ending() == .exit(0))
    #expect(deaf.output.contains("Passed. 10 of 10 stages"))
  }

  @Test func `Behind nohup a tenant serves on, and rests, when the terminal is gone`() throws {
    let deaf = try DeafProgram("tenant --port 0")
    for _ in 0..<500 where !deaf.output.contains("http://") {
      deaf.terminal.linger(milliseconds: 20)
    }
    deaf.terminal.hangUp()
    #expect(Self.ratio(deaf.terminal) < 0.3)
    deaf.terminal.signal(SIGTERM)
    #expect(try deaf.terminal.ending() == .exit(0))
  }

  /// Every catchable signal, each after another number of keys; the stages themselves are told
  /// apart in `KilledAtEveryStageTests`.
  @Test(arguments: Array(`The terminal is given back`.others.enumerated()))
  func `Killed at any moment it gives the terminal back`(keys: Int, number: Int32) throws {
    let terminal = try Self.start()
    try terminal.see("1/10")
    // The way through the flow: next, sign in, allow.
    for _ in 0..<(keys % 10) {
      terminal.send("\r")
      terminal.linger(milliseconds: 60)
    }
    terminal.signal(number)
    let isIgnored = number == SIGPIPE || number == SIGXFSZ
    if isIgnored {
      terminal.linger(milliseconds: 100)
      terminal.send("\u{3}")
    }
    let ending = try terminal.ending()
    #expect(isIgnored ? ending != .exit(1) : ending == .signal(number))
    #expect(terminal.modes == terminal.modesBefore)
    for mode in ["?2026l", "?2004l", "?1049l", "1000l", "?25h"] {
      #expect(terminal.position(of: mode) != nil, "\(mode)")
    }
  }
}
