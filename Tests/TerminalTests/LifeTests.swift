import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `The terminal is given back` {
  enum Cause: CustomStringConvertible {
    case keys(String), signal(Int32)
    var description: String {
      switch self {
      case .keys(let keys): "keys \(keys.debugDescription)"
      case .signal(let number): "signal \(number)"
      }
    }
  }

  #if arch(x86_64)
    static let trap = SIGILL
  #else
    static let trap = SIGTRAP
  #endif

  static let endings: [(cause: Cause, ending: PseudoTerminal.Ending)] =
    [
      (.keys("q"), .exit(0)), (.keys("x"), .exit(0)), (.keys("\u{14}"), .signal(trap)),
      (.signal(SIGINT), .signal(SIGINT)), (.signal(SIGTERM), .signal(SIGTERM)),
      (.signal(SIGHUP), .signal(SIGHUP)), (.signal(SIGQUIT), .signal(SIGQUIT)),
      (.signal(SIGSEGV), .signal(SIGSEGV)), (.signal(SIGABRT), .signal(SIGABRT)),
    ] + others.map { (.signal($0), .signal($0)) }

  /// Every other signal that ends a process and can be caught; 34 and 64 are the ends of the
  /// real-time ones.
  static let others: [Int32] = [
    SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGSTKFLT, SIGXCPU,
    SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS, 34, 64,
  ]

  @Test(arguments: endings)
  func `Whatever ends the process`(cause: Cause, ending: PseudoTerminal.Ending) throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    try terminal.see("\u{1B}[?1049h")
    try terminal.see("\u{1B}[?2004h")
    #expect(terminal.modesNow != terminal.modesBefore)
    _ = try terminal.takeOutput()
    switch cause {
    case .keys(let keys): terminal.send(keys)
    case .signal(let number): terminal.signal(number)
    }
    #expect(try terminal.ending() == ending)
    var modes = ["?2004l", "?1049l", "1000l", "?25h"]
    // A signal may come in the middle of a frame.
    if case .signal = cause { modes.append("?2026l") }
    for mode in modes {
      #expect(terminal.position(of: mode) != nil, "\(mode)")
    }
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test(arguments: [[], ["nohup"]])
  func `A terminal that is gone ends the process, even one deaf to hang-ups`(
    arguments: [String]
  ) throws {
    let terminal = try PseudoTerminal(arguments: arguments)
    _ = try terminal.report()
    terminal.hangUp()
    #expect(try terminal.ending() == .signal(SIGHUP))
  }

  @Test(arguments: [("eq", "held back"), ("\u{14}", "a trap on purpose")])
  func `What standard error said meanwhile is told afterwards`(keys: String, said: String) throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    terminal.send(keys)
    _ = try terminal.ending()
    let left = try #require(terminal.position(of: "\u{1B}[?1049l"))
    let told = try #require(terminal.position(of: said))
    #expect(told > left)
  }

  @Test func `Another program gets a normal screen, and the frame comes back`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    let taken = terminal.modesNow
    _ = try terminal.takeOutput()
    terminal.send("s")
    #expect(try terminal.report() == #"character("s")"#)
    #expect(terminal.modesNow == taken)
    let written = String(decoding: try terminal.takeOutput(), as: UTF8.self)
    let parts = ["\u{1B}[?2004l", "\u{1B}[?1049l", "outside", "\u{1B}[?2004h", "\u{1B}[?1049h"]
    var rest = written[...]
    for part in parts {
      let range = try #require(rest.firstRange(of: part), "\(part.debugDescription)")
      if part != "\u{1B}[?2004h" { rest = rest[range.upperBound...] }
    }
    #expect(rest.contains("line 7 change 0"))
  }

  static let stops: [(cause: Cause, status: Int32, told: String)] = [
    (.keys("\u{1A}"), 128 + SIGTSTP, #"control("z")"#),
    (.signal(SIGTSTP), 128 + SIGTSTP, #"control("z")"#),
    // Nobody can see this one coming, so only the way back can be put right.
    (.signal(SIGSTOP), 128 + SIGSTOP, "resize 80x24"),
  ]

  @Test(arguments: stops)
  func `Stopped as the shell expects, and continued`(
    cause: Cause, status: Int32, told: String
  ) throws {
    // Only a shell with job control makes a process group that may be stopped.
    // An interactive one also resets the modes of a terminal that was left in raw mode.
    let script = """
      set -m; "$0"; status=$?; echo "stopped $status" >&3
      if [ $status = 147 ]; then stty sane; fi
      fg >/dev/null; echo "ended $?" >&3
      """
    let terminal = try PseudoTerminal(program: [
      "/bin/bash", "-c", script, PseudoTerminal.probePath,
    ])
    #expect(try terminal.report().hasPrefix("ready"))
    let taken = terminal.modesNow
    _ = try terminal.takeOutput()
    switch cause {
    case .keys(let keys): terminal.send(keys)
    case .signal(let number): terminal.signalForeground(number)
    }
    #expect(try terminal.report() == "stopped \(status)")
    if status == 128 + SIGTSTP { try terminal.see("\u{1B}[?1049l") }
    #expect(try terminal.report() == told)
    try terminal.see("line 7 change 0")
    #expect(terminal.modesNow == taken)
    terminal.send("q")
    var last = try terminal.report()
    // The return is told as a change of size, because the picture is unknown then.
    if last.hasPrefix("resize") { last = try terminal.report() }
    #expect(last == "ended 0")
    _ = try terminal.ending()
    // After SIGSTOP a shell without a person puts back what it found then.
    if status == 128 + SIGTSTP { #expect(terminal.modes == terminal.modesBefore) }
  }

  @Test func `The clipboard is reached by OSC 52, and inside tmux by tmux`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    terminal.send("c")
    try terminal.see("\u{1B}]52;c;Y29kZT1hK2IvY34=\u{7}")

    var template = Array("/tmp/terminal-tests-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
      unlink(folder + "/tmux")
      rmdir(folder)
    }
    let file = try #require(fopen(folder + "/tmux", "w"))
    fputs("#!/bin/sh\necho \"tmux $* $(cat)\" >/proc/$PPID/fd/3\n", file)
    fclose(file)
    chmod(folder + "/tmux", 0o755)
    let inside = try PseudoTerminal(environment: [
      "TMUX": "/x,1,0", "PATH": "\(folder):/usr/bin:/bin",
    ])
    _ = try inside.report()
    inside.send("c")
    #expect(
      Set([try inside.report(), try inside.report()])
        == [#"character("c")"#, "tmux load-buffer -w - code=a+b/c~"])
    let written = String(decoding: try inside.takeOutput(), as: UTF8.self)
    #expect(!written.contains("\u{1B}]52"))
  }
}
