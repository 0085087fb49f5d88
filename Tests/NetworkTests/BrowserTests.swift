import Foundation
import OpenID
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct BrowserTests {
  static let url = "https://op.example/authorize?a=b&c=$(touch%20x)';`x`|\"\\&state=s"
  /// What a program gets of it: nothing that a shell reads, but what separates the fields.
  static let address =
    "https://op.example/authorize?a=b&c=%24%28touch%20x%29%27%3B%60x%60%7C%22%5C&state=s"

  /// A program that writes its arguments, one a line, and then its descriptors.
  private static let recorder = """
    #!/bin/sh
    for word in "$@"; do echo "$word"; done > "$OUT/part"
    readlink /proc/self/fd/0 /proc/self/fd/2 > "$OUT/descriptors"
    ls /proc/$$/fd > "$OUT/open"
    mv "$OUT/part" "$OUT/arguments"
    """

  private static func launch(
    _ environment: [String: String], settleMilliseconds: Int = patienceMilliseconds,
    isWSL: Bool = false
  ) throws -> BrowserOutcome? {
    let loop = PollLoop()
    var outcome: BrowserOutcome?
    Browser.open(
      try WebURL(url), environment: ChildEnvironment(environment, without: []), loop: loop,
      isWSL: isWSL,
      settleMilliseconds: settleMilliseconds
    ) { outcome = $0 }
    loop.expect("an outcome") { outcome != nil }
    return outcome
  }

  @Test(arguments: [
    ("", [address]), (" --new %s -- 100%%", ["--new", address, "--", "100%"]),
    (" --app=%s %x", ["--app=" + address, "%x"]), (" -p  x", ["-p", "x", address]),
  ])
  func `the URL reaches the program as one argument, with nothing in it for a shell`(
    words: String, expected: [String]
  ) throws {
    let folder = try TemporaryFolder()
    let program = try folder.write("my-browser", Self.recorder, executable: true)
    let outcome = try Self.launch([
      "BROWSER": program + words, "OUT": folder.path, "PATH": "/usr/bin:/bin",
    ])
    #expect(outcome == .opened(program: "my-browser"))
    let lines = folder.read("arguments")?.split(separator: "\n").map(String.init)
    #expect(lines == expected)
    // What it prints goes into a file in memory.
    let descriptors = folder.read("descriptors")?.split(separator: "\n")
    #expect(descriptors?.first == "/dev/null")
    #expect(descriptors?.last?.hasPrefix("/memfd:output") == true)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/x") == false)
  }

  @Test func `the next entry is tried after a missing and a failing one`() throws {
    let folder = try TemporaryFolder()
    let failing = try folder.write("failing", "#!/bin/sh\nexit 3\n", executable: true)
    let broken = try folder.write("broken", "#!/does/not/exist\n", executable: true)
    let plain = try folder.write("plain-file", "no program")
    let good = try folder.write("good", Self.recorder, executable: true)
    let outcome = try Self.launch([
      "BROWSER": "/does/not/exist:\(failing): :\(plain):\(broken):\(good)", "OUT": folder.path,
      "PATH": "/usr/bin:/bin",
    ])
    #expect(outcome == .opened(program: "good"))
    #expect(folder.read("arguments") == Self.address + "\n")
  }

  @Test func `what a failing browser printed is in the reason, its end if it is long`() throws {
    let folder = try TemporaryFolder()
    for (script, end) in [
      ("echo one; echo '  two' >&2; exit 1", "\u{201C}one / two\u{201D}"),
      ("i=0; while [ $i -lt 400 ]; do echo word$i; i=$((i+1)); done; exit 1", "word399\u{201D}"),
      ("exit 1", "ended with a failure"),
    ] {
      let program = try folder.write("failing", "#!/bin/sh\n\(script)\n", executable: true)
      guard case .failed(let reason) = try Self.launch(["BROWSER": program, "PATH": "/bin"]) else {
        Issue.record("it opened")
        continue
      }
      #expect(reason.contains(end), "\(reason)")
      #expect(reason.utf8.count < 500)
    }
  }

  @Test func `more than is kept can be printed, and does no harm`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write(
      "wordy", "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x\nexit 0\n", executable: true)
    #expect(
      try Self.launch(["BROWSER": program, "PATH": "/usr/bin:/bin"]) == .opened(program: "wordy"))
  }

  @Test func `a browser that fails later is told of then, unless nobody asks any more`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write(
      "late", "#!/bin/sh\nwhile [ ! -e \"$OUT/go\" ]; do sleep 0.05; done\necho broke\nexit 4\n",
      executable: true)
    let loop = PollLoop()
    let environment = ChildEnvironment(
      ["BROWSER": program, "OUT": folder.path, "PATH": "/usr/bin:/bin"], without: [])
    var outcome: BrowserOutcome?
    var words: String?
    let launch = Browser.open(
      try WebURL(Self.url), environment: environment, loop: loop, isWSL: false,
      settleMilliseconds: 50
    ) { outcome = $0 }
    launch.onLateFailure = { words = $0 }
    loop.expect("it opens") { outcome != nil }
    #expect(outcome == .opened(program: "late") && words == nil)
    #expect(launch.isRunning)
    _ = try folder.write("go", "")
    loop.expect("its failure") { words != nil }
    #expect(!launch.isRunning)
    #expect(words == "late ended with a failure, and printed \u{201C}broke\u{201D}")
  }

  @Test func `without BROWSER the desktop's opener is found in PATH`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("xdg-open", "#!/bin/sh\nexit 4\n", executable: true)
    _ = try folder.write("sensible-browser", Self.recorder, executable: true)
    for display in ["DISPLAY", "WAYLAND_DISPLAY"] {
      let outcome = try Self.launch([
        "OUT": folder.path, "PATH": "\(folder.path):/usr/bin:/bin", display: "screen",
      ])
      #expect(outcome == .opened(program: "sensible-browser"))
    }
  }

  @Test func `without a display no desktop's opener is tried, for it would draw on a terminal`()
    throws
  {
    let folder = try TemporaryFolder()
    _ = try folder.write("xdg-open", Self.recorder, executable: true)
    let outcome = try Self.launch([
      "OUT": folder.path, "PATH": "\(folder.path):/usr/bin:/bin", "DISPLAY": "",
    ])
    #expect(outcome == .failed(reason: "neither DISPLAY nor WAYLAND_DISPLAY is set"))
    #expect(folder.read("arguments") == nil)
  }

  @Test func `on WSL wslview takes over where the opener of Windows is missing or fails`() throws {
    for opener in [nil, "#!/bin/sh\nexit 1\n"] {
      let folder = try TemporaryFolder()
      if let opener { _ = try folder.write("rundll32.exe", opener, executable: true) }
      _ = try folder.write("wslview", Self.recorder, executable: true)
      let outcome = try Self.launch(
        ["OUT": folder.path, "PATH": "\(folder.path):/usr/bin:/bin"], isWSL: true)
      #expect(outcome == .opened(program: "wslview"))
      #expect(folder.read("arguments") == Self.address + "\n")
    }
  }

  @Test(arguments: [
    "cmd.exe /c start", "/mnt/c/Windows/System32/CMD.EXE /c start %s",
    "powershell.exe -NoProfile -Command Start-Process %s", "pwsh -c %s", "sh -c %s",
    "bash -lc open=%s",
    "env powershell.exe Start %s",
  ])
  func `a shell as browser is not handed the URL, and the reason says so`(entry: String) throws {
    let folder = try TemporaryFolder()
    for name in ["cmd.exe", "powershell.exe", "pwsh"] {
      _ = try folder.write(name, Self.recorder, executable: true)
    }
    let outcome = try #require(
      try Self.launch([
        "BROWSER": entry, "OUT": folder.path, "PATH": "\(folder.path):/usr/bin:/bin",
      ]))
    guard case .failed(let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.contains("a shell, which would read the URL as commands"), "\(reason)")
    #expect(folder.read("arguments") == nil)
  }

  @Test func `a script that a shell runs is a program like any other`() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write("open.sh", Self.recorder, executable: true)
    let outcome = try Self.launch([
      "BROWSER": "sh \(script) %s", "OUT": folder.path, "PATH": "/usr/bin:/bin",
    ])
    #expect(outcome == .opened(program: "sh"))
    #expect(folder.read("arguments") == Self.address + "\n")
  }

  @Test func `on WSL the opener of Windows comes first, and takes the URL as one argument`() throws
  {
    for wslview in [nil, "#!/bin/sh\nexit 1\n"] {
      let folder = try TemporaryFolder()
      if let wslview { _ = try folder.write("wslview", wslview, executable: true) }
      _ = try folder.write("rundll32.exe", Self.recorder, executable: true)
      let outcome = try Self.launch(
        ["OUT": folder.path, "PATH": "\(folder.path):/usr/bin:/bin"], isWSL: true)
      #expect(outcome == .opened(program: "rundll32.exe"))
      #expect(folder.read("arguments") == "url.dll,FileProtocolHandler\n" + Self.address + "\n")
    }
  }

  @Test func `a program that keeps running is a browser`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write(
      "stays", "#!/bin/sh\necho $$ > \"$OUT/pid\"\nexec sleep 30\n", executable: true)
    let outcome = try Self.launch(
      ["BROWSER": program, "OUT": folder.path, "PATH": "/usr/bin:/bin"], settleMilliseconds: 300)
    #expect(outcome == .opened(program: "stays"))
    let text = try #require(folder.read("pid")).trimmingCharacters(in: .whitespacesAndNewlines)
    let pid = try #require(Int32(text))
    // A session of its own: Ctrl-C in the terminal does not reach it.
    #expect(getsid(pid) == pid)
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }

  @Test func `a text browser is left to whoever owns the terminal`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write("w3m", Self.recorder, executable: true)
    let outcome = try Self.launch(["BROWSER": program + " -N", "OUT": folder.path, "PATH": ""])
    let expected = BrowserCommand(arguments: [program, "-N", Self.address], needsTerminal: true)
    #expect(outcome == .needsTerminal(expected))
    #expect(folder.read("arguments") == nil)
  }

  @Test func `when nothing works the reason names what was tried, not the URL`() throws {
    let folder = try TemporaryFolder()
    let failing = try folder.write("failing", "#!/bin/sh\nexit 3\n", executable: true)
    let outcome = try #require(
      try Self.launch(["BROWSER": failing, "PATH": folder.path, "DISPLAY": ":0"]))
    #expect(
      outcome
        == .failed(
          reason: "failing: ended with a failure; xdg-open: not found; sensible-browser: not found")
    )
    #expect(!"\(outcome)".contains("op.example"))
  }

  @Test func `on WSL the opener that is no script comes first, and after BROWSER`() throws {
    let url = try WebURL("https://op.example/")
    let programs = { (environment: [String: String], isWSL: Bool) in
      Browser.commands(for: url, environment: environment, isWSL: isWSL).map(\.program)
    }
    #expect(programs([:], false) == [])
    #expect(programs(["DISPLAY": ":0"], false) == ["xdg-open", "sensible-browser"])
    #expect(
      programs([:], true) == ["rundll32.exe", "wslview", "xdg-open", "sensible-browser"])
    #expect(programs(["BROWSER": "a:b x"], true).prefix(3) == ["a", "b", "rundll32.exe"])
  }
}
