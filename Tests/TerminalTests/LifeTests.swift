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

  static let endings: [(cause: Cause, ending: PseudoTerminal.Ending)] = [
    (.keys("q"), .exit(0)), (.keys("x"), .exit(0)), (.keys("\u{14}"), .signal(trap)),
    (.signal(SIGINT), .signal(SIGINT)), (.signal(SIGTERM), .signal(SIGTERM)),
    (.signal(SIGHUP), .signal(SIGHUP)), (.signal(SIGQUIT), .signal(SIGQUIT)),
    (.signal(SIGSEGV), .signal(SIGSEGV)), (.signal(SIGABRT), .signal(SIGABRT)),
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
    for mode in ["?2004l", "?1049l", "1000l", "?25h"] {
      #expect(terminal.position(of: mode) != nil, "\(mode)")
    }
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test func `A hang-up ends the process`() throws {
    let terminal = try PseudoTerminal()
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
    _ = try terminal.takeOutput()
    terminal.send("s")
    _ = try terminal.report()
    let written = String(decoding: try terminal.takeOutput(), as: UTF8.self)
    let parts = ["\u{1B}[?2004l", "\u{1B}[?1049l", "outside", "\u{1B}[?2004h", "\u{1B}[?1049h"]
    var rest = written[...]
    for part in parts {
      let range = try #require(rest.firstRange(of: part), "\(part.debugDescription)")
      if part != "\u{1B}[?2004h" { rest = rest[range.upperBound...] }
    }
    #expect(rest.contains("line 7 change 0"))
  }

  @Test(arguments: ["\u{1A}", nil])
  func `Stopped as the shell expects, and continued`(key: String?) throws {
    // Only a shell with job control makes a process group that may be stopped.
    let script = "set -m; \"$0\"; echo \"stopped $?\" >&3; fg >/dev/null; echo \"ended $?\" >&3"
    let terminal = try PseudoTerminal(program: [
      "/bin/bash", "-c", script, PseudoTerminal.probePath,
    ])
    #expect(try terminal.report().hasPrefix("ready"))
    let shell = terminal.modesBefore
    if let key { terminal.send(key) } else { terminal.signalForeground(SIGTSTP) }
    #expect(try terminal.report() == "stopped 148")
    try terminal.see("\u{1B}[?1049l")
    #expect(try terminal.report() == #"control("z")"#)
    #expect(terminal.modesNow != shell)
    terminal.send("q")
    var last = try terminal.report()
    // The return is told as a change of size, because the picture is unknown then.
    if last.hasPrefix("resize") { last = try terminal.report() }
    #expect(last == "ended 0")
    _ = try terminal.ending()
    #expect(terminal.modes == shell)
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
