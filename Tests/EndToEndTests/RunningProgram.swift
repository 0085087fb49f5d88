import Foundation

/// What a test waits for did not come, or cannot be had.
struct EndToEndFailure: Error, CustomStringConvertible {
  var description: String
}

/// A folder of its own, gone with the value.
///
/// Its path holds no spaces and no colons.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      "/tmp/hybrid-flow-test-\(ProcessInfo.processInfo.processIdentifier)-"
      + String(UInt32.random(in: .min ... .max), radix: 36)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file only its owner can read, and returns its path.
  func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    return file
  }
}

/// Asks again and again until there is an answer, and gives up at a deadline.
func waitFor<Value>(
  _ what: @autoclosure () -> String, seconds: Double = 30, _ answer: () throws -> Value?
) async throws -> Value {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while true {
    if let value = try answer() { return value }
    guard ContinuousClock.now < deadline else {
      throw EndToEndFailure(description: "after \(seconds) s still no \(what())")
    }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// A process that a test started; ended with the value at the latest, and by its own number.
final class RunningProgram {
  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  private let folder: TemporaryFolder
  let name: String
  let processIdentifier: pid_t
  private var ending: Ending?

  init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
    standardOutput: String? = nil
  ) throws {
    folder = try TemporaryFolder()
    name = ([(executable as NSString).lastPathComponent] + arguments).joined(separator: " ")
    processIdentifier = try Self.spawn(
      [executable] + arguments,
      environment: Self.environment(environment).map { "\($0.key)=\($0.value)" },
      output: standardOutput ?? "\(folder.path)/output", errors: "\(folder.path)/errors")
  }

  deinit {
    guard !look() else { return }
    kill(processIdentifier, SIGCONT)
    kill(processIdentifier, SIGTERM)
    let deadline = ContinuousClock.now + .seconds(3)
    while !look(), ContinuousClock.now < deadline { usleep(10_000) }
    guard ending == nil else { return }
    kill(processIdentifier, SIGKILL)
    waitpid(processIdentifier, nil, 0)
  }

  /// Starts a process whose signals are as a shell would leave them.
  ///
  /// Foundation's Process hands its thread's signal mask down, and the threads that tests run on
  /// block signals: nothing could be stopped.
  private static func spawn(
    _ arguments: [String], environment: [String], output: String, errors: String
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    var actions = posix_spawn_file_actions_t()
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // A group of its own: a Ctrl-C of the person who tests is not its business.
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
    // Other tests of this process hold sockets, which nobody else may keep open.
    for descriptor: Int32 in 3..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    let argumentPointers = arguments.map { strdup($0) }
    let environmentPointers = environment.map { strdup($0) }
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var child: pid_t = 0
    let status = posix_spawn(
      &child, arguments[0], &actions, &attributes, argumentPointers + [nil],
      environmentPointers + [nil])
    guard status == 0 else {
      throw EndToEndFailure(description: "\(arguments[0]): \(String(cString: strerror(status)))")
    }
    return child
  }

  /// Whether it is over.
  private func look() -> Bool {
    guard ending == nil else { return true }
    var status: Int32 = 0
    guard waitpid(processIdentifier, &status, WNOHANG) == processIdentifier else { return false }
    let number = status & 0x7f
    ending = number == 0 ? .exit((status >> 8) & 0xff) : .signal(number)
    return true
  }

  /// What a child gets: nothing of the person's own settings.
  static func environment(_ more: [String: String]) -> [String: String] {
    let own = ProcessInfo.processInfo.environment
    var variables = ["LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "TMPDIR"] {
      variables[name] = own[name]
    }
    for (name, value) in own where name.hasPrefix("PIP_") { variables[name] = value }
    return variables.merging(more) { $1 }
  }

  var output: String { text("output") }
  var errors: String { text("errors") }

  private func text(_ file: String) -> String {
    let data = FileManager.default.contents(atPath: "\(folder.path)/\(file)") ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// Whether it has ended.
  var isOver: Bool { look() }

  func signal(_ number: Int32) {
    // A number that is not its own any more may be somebody else's.
    if !look() { kill(processIdentifier, number) }
  }

  /// Waits for the end; who is not over by then hangs.
  @discardableResult
  func end(within seconds: Double = 30) async throws -> Ending {
    try await waitFor("end of \(name)\n\(output)\n\(errors)", seconds: seconds) {
      look() ? ending : nil
    }
  }

  /// Waits for a line on standard output that begins so; returns the rest of it.
  func line(after prefix: String, within seconds: Double = 30) async throws -> String {
    try await waitFor("\"\(prefix)\" from \(name)\n\(output)\n\(errors)", seconds: seconds) {
      // The last piece may be half a line.
      let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if let line = lines.first(where: { $0.hasPrefix(prefix) }) {
        return line.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces)
      }
      guard !look() else {
        throw EndToEndFailure(description: "\(name) ended early\n\(output)\n\(errors)")
      }
      return nil
    }
  }
}

/// Where things are.
enum Place {
  /// The folder with the programs that were built, the test's own among them.
  private static let products: String = {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(
      decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (own as NSString).deletingLastPathComponent
  }()

  static let program = "\(products)/hybrid-flow"

  static let labs = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Labs").path

  /// The first file of this name on the search path.
  static func tool(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return (path.split(separator: ":") + ["/usr/bin", "/usr/sbin"]).map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }

  /// A port that was free a moment ago.
  static func freePort() throws -> UInt16 {
    let listener = try ListeningSocket()
    return listener.port
  }
}

/// A port in somebody's hands: listens on 127.0.0.1 and says nothing.
final class ListeningSocket {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
          ? getsockname(descriptor, address, &length) : -1
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard status == 0 else { throw EndToEndFailure(description: "no port is free") }
  }

  /// Connections that came and were not taken yet; each is taken and ended.
  var waiting: Int {
    var count = 0
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 0) > 0 {
      let connection = accept(descriptor, nil, nil)
      guard connection >= 0 else { break }
      close(connection)
      count += 1
    }
    return count
  }

  deinit { close(descriptor) }
}
