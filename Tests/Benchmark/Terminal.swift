import Glibc

/// A program on a pseudo-terminal that answers as xterm does.
final class BenchTerminal {
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  let process: pid_t
  private let master: Int32
  private(set) var output: [UInt8] = []
  private(set) var lastByteAt = 0.0
  let startedAt: Double
  private var hasAnswered = false

  /// nil when the program cannot be started.
  init?(_ words: [String], columns: UInt16 = 120, rows: UInt16 = 36) {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var lock: Int32 = 0
    var number: Int32 = 0
    guard master >= 0, ioctl(master, Self.setLock, &lock) == 0,
      ioctl(master, Self.getNumber, &number) == 0
    else { return nil }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    startedAt = Clock.now
    guard let process = Spawn.start(words, terminal: "/dev/pts/\(number)") else {
      Glibc.close(master)
      return nil
    }
    self.process = process
  }

  deinit { end() }

  private var isOver = false
  func end() {
    guard !isOver else { return }
    isOver = true
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
    Glibc.close(master)
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  func forget() { output = [] }

  func has(_ text: String) -> Bool {
    String(decoding: output, as: UTF8.self).contains(text)
  }

  /// Reads what comes within so many milliseconds; false when nothing did.
  @discardableResult
  func pump(_ milliseconds: Double) -> Bool {
    var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, Int32(max(0, milliseconds.rounded(.up)))) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    lastByteAt = Clock.now
    output += buffer.prefix(count)
    if !hasAnswered, has("\u{1B}]11;?") {
      hasAnswered = true
      send("\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{1B}\\\u{1B}[?62;22c")
    }
    return true
  }

  /// Waits for a text; false when it does not come.
  func wait(for text: String, milliseconds: Double = 10_000) -> Bool {
    let deadline = Clock.now + milliseconds
    while !has(text) {
      guard Clock.now < deadline else { return false }
      pump(50)
    }
    return true
  }

  /// Waits until nothing has come for a while.
  func settle(quiet: Double = 250, first: Double = 1500) {
    var patience = first
    while pump(patience) { patience = quiet }
  }
}

enum Spawn {
  static let environment = [
    "TERM=xterm-256color", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=/nonexistent",
  ]

  /// Starts a program on a terminal, or with files as its standard descriptors.
  static func start(
    _ words: [String], terminal: String? = nil, input: Int32 = -1, output: Int32 = -1
  ) -> pid_t? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own: the first terminal it opens becomes its controlling one.
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(&attributes, newSession)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, terminal ?? "/dev/null", O_RDWR, 0)
    }
    if input >= 0 { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
    if output >= 0 { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    var argv = words.map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var child: pid_t = -1
    return posix_spawn(&child, words[0], &actions, &attributes, &argv, &envp) == 0 ? child : nil
  }

  /// Runs a program to its end; returns milliseconds, or nil when it failed.
  static func run(_ words: [String], input: Int32 = -1, output: Int32 = -1) -> Double? {
    let start = Clock.now
    guard let child = Self.start(words, input: input, output: output) else { return nil }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return status == 0 ? Clock.now - start : nil
  }
}
