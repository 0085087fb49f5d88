import Glibc

/// A pseudo-terminal with the probe running on it: what a person and a terminal emulator would be.
final class PseudoTerminal {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  /// Which of the probe's standard descriptors are not the terminal.
  enum Detached { case none, input, inputClosed, output, outputClosed, errors, errorsClosed }

  static let patienceMilliseconds: Int32 = 15_000

  /// Linux: TIOCSPTLCK and TIOCGPTN, which Swift does not import.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  private(set) var output: [UInt8] = []
  private var reports: [UInt8] = []
  private let master: Int32
  private var terminal: Int32
  private var isDrained = false
  private let reportReader: Int32
  private var child: pid_t = -1
  let modesBefore: [UInt8]

  static var probePath: String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let whole = String(
      decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return whole.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/terminal-probe"
  }

  init(
    program: [String]? = nil, arguments: [String] = [], environment: [String: String] = [:],
    columns: UInt16 = 80, rows: UInt16 = 24, detached: Detached = .none
  ) throws {
    master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var lock: Int32 = 0
    var number: Int32 = 0
    guard master >= 0, ioctl(master, Self.setLock, &lock) == 0,
      ioctl(master, Self.getNumber, &number) == 0
    else { throw Failure(description: "no pseudo-terminal") }
    let path = "/dev/pts/\(number)"
    // Held open, so that its modes can be read after the probe has gone.
    terminal = Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    var pipes: [Int32] = [-1, -1]
    guard terminal >= 0, pipe(&pipes) == 0 else {
      throw Failure(description: "no descriptors")
    }
    reportReader = pipes[0]
    for descriptor in pipes { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    modesBefore = Self.modes(of: terminal)
    resize(columns: columns, rows: rows)
    var variables = [
      "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
      "PATH": "/usr/bin:/bin",
    ]
    variables.merge(environment) { $1 }
    child = try Self.spawn(
      (program ?? [Self.probePath]) + arguments,
      environment: variables.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" },
      path: path, reports: pipes[1], detached: detached)
    Glibc.close(pipes[1])
  }

  deinit {
    if child > 0 {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    for descriptor in [master, terminal, reportReader] where descriptor >= 0 {
      Glibc.close(descriptor)
    }
  }

  private static func spawn(
    _ words: [String], environment: [String], path: String, reports: Int32, detached: Detached
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t(), none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A session of its own: the first terminal it opens becomes its controlling one.
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(
      &attributes, newSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, reports, 3)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, path, O_RDWR, 0)
    }
    switch detached {
    case .none: break
    case .input:
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    case .output:
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    case .inputClosed: posix_spawn_file_actions_addclose(&actions, STDIN_FILENO)
    case .outputClosed: posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO)
    case .errors:
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    case .errorsClosed: posix_spawn_file_actions_addclose(&actions, STDERR_FILENO)
    }
    var argv = words.map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var child: pid_t = -1
    let failure = posix_spawn(&child, words[0], &actions, &attributes, &argv, &envp)
    guard failure == 0 else { throw Failure(description: "\(words[0]): errno \(failure)") }
    return child
  }

  // MARK: What a person does

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(1024))
      let count = write(master, part, part.count)
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func signal(_ number: Int32) { kill(child, number) }

  /// The number of the process that was started.
  var processNumber: pid_t { child }

  /// Whether a text was written, waiting for it no longer than this.
  func sees(_ text: String, withinMilliseconds limit: Int) -> Bool {
    var waited = 0
    while position(of: text) == nil {
      guard waited < limit else { return false }
      pump(milliseconds: 20)
      waited += 20
    }
    return true
  }

  /// Takes what is written for so long.
  func linger(milliseconds: Int) {
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let until = end.tv_sec * 1000 + end.tv_nsec / 1_000_000 + milliseconds
    var now = timespec()
    repeat {
      pump(milliseconds: 20)
      clock_gettime(CLOCK_MONOTONIC, &now)
    } while now.tv_sec * 1000 + now.tv_nsec / 1_000_000 < until
  }

  /// As `kill -TSTP` on the program that has the terminal.
  func signalForeground(_ number: Int32) { kill(-tcgetpgrp(master), number) }

  /// Whether the terminal takes nothing more, because nobody reads it.
  var isStalled: Bool {
    var entry = pollfd(fd: terminal, events: Int16(POLLOUT), revents: 0)
    return poll(&entry, 1, 0) == 0
  }

  /// Writes to the terminal as another program would, until it takes nothing more.
  func fill() {
    let flags = fcntl(terminal, F_GETFL)
    _ = fcntl(terminal, F_SETFL, flags | O_NONBLOCK)
    let bytes = [UInt8](repeating: 0x2E, count: 256)
    while write(terminal, bytes, bytes.count) > 0 || !isStalled {}
    _ = fcntl(terminal, F_SETFL, flags)
  }

  /// Whether the probe has told something, whatever is on the terminal.
  var hasReport: Bool {
    var entry = pollfd(fd: reportReader, events: Int16(POLLIN), revents: 0)
    return reports.contains(0x0A) || poll(&entry, 1, 0) > 0
  }

  /// The next line the probe tells, without reading the terminal.
  func reportUnread() throws -> String {
    var byte: UInt8 = 0
    while !reports.contains(0x0A), read(reportReader, &byte, 1) == 1 { reports.append(byte) }
    return try report()
  }

  /// Waits for something without reading the terminal; false when it does not come in time.
  func waitUnread(milliseconds: Int, until isDone: () -> Bool) -> Bool {
    for _ in 0..<max(1, milliseconds / 10) {
      // Asked once only when it is so: the end of a child is told once.
      if isDone() { return true }
      poll(nil, 0, 10)
    }
    return isDone()
  }

  /// How it ended, seen without reading the terminal; nil when it has not by then.
  func endingUnread(milliseconds: Int) -> Ending? {
    var status: Int32 = 0
    guard
      waitUnread(
        milliseconds: milliseconds, until: { waitpid(self.child, &status, WNOHANG) == self.child })
    else { return nil }
    child = -1
    modes = Self.modes(of: terminal)
    let signal = status & 0x7F
    return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
  }

  func hangUp() { dup2(reportReader, master) }

  // MARK: What a person sees

  /// The next line the probe tells.
  func report(after sent: String = "") throws -> String {
    try wait(for: "a report after \(sent.debugDescription)") { self.reports.contains(0x0A) }
    let line = reports.prefix { $0 != 0x0A }
    reports.removeFirst(line.count + 1)
    return String(decoding: line, as: UTF8.self)
  }

  /// Waits until the probe has written something.
  func see(_ text: String) throws {
    let bytes = Array(text.utf8)
    try wait(for: text.debugDescription) { Self.find(bytes, in: self.output) != nil }
  }

  /// Where a text stands in what was written; nil when it does not.
  func position(of text: String) -> Int? { Self.find(Array(text.utf8), in: output) }

  /// Takes everything written so far and forgets it.
  ///
  /// A terminal passes bytes on when it pleases, so a mark is asked for and waited for.
  func takeOutput() throws -> [UInt8] {
    send("=")
    while try report() != #"character("=")"# {}
    let mark = Array("\u{1B}]777;mark\u{7}".utf8)
    try wait(for: "the mark") { Self.find(mark, in: self.output) != nil }
    let end = Self.find(mark, in: output) ?? output.count
    defer { output.removeFirst(end + mark.count) }
    return Array(output[..<end])
  }

  /// Waits until the probe is gone and all it wrote is here.
  func ending() throws -> Ending {
    var status: Int32 = 0
    try wait(for: "the end") { waitpid(self.child, &status, WNOHANG) == self.child }
    child = -1
    modes = Self.modes(of: terminal)
    // With the last holder gone the other end reads to its end.
    Glibc.close(terminal)
    terminal = -1
    try wait(for: "the last bytes") { self.isDrained }
    let signal = status & 0x7F
    return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
  }

  /// The terminal's modes at the end of the probe.
  private(set) var modes: [UInt8] = []

  /// The terminal's modes now.
  var modesNow: [UInt8] { Self.modes(of: terminal) }

  private static func modes(of descriptor: Int32) -> [UInt8] {
    var modes = termios()
    guard tcgetattr(descriptor, &modes) == 0 else { return [] }
    return withUnsafeBytes(of: &modes) { Array($0) }
  }

  private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= needle.count else { return nil }
    return (0...(bytes.count - needle.count)).first { bytes[$0...].starts(with: needle) }
  }

  private func wait(for what: String, until isDone: () -> Bool) throws {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let deadline = now.tv_sec + Int(Self.patienceMilliseconds / 1000)
    while !isDone() {
      clock_gettime(CLOCK_MONOTONIC, &now)
      guard now.tv_sec < deadline else {
        let tail = String(decoding: output.suffix(400), as: UTF8.self)
        throw Failure(description: "waited for \(what) in vain; last: \(tail.debugDescription)")
      }
      pump(milliseconds: 20)
    }
  }

  private func pump(milliseconds: Int32) {
    var ready = [master, reportReader].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // What is drained says so at once and for ever.
    if isDrained { ready[0].fd = -1 }
    guard poll(&ready, 2, milliseconds) > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65536)
    for (index, entry) in ready.enumerated() where entry.revents != 0 {
      let count = read(entry.fd, &buffer, buffer.count)
      if count <= 0 {
        if index == 0 { isDrained = true }
        continue
      }
      if index == 0 { output += buffer.prefix(count) } else { reports += buffer.prefix(count) }
    }
  }
}
