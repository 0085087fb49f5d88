import Glibc
import Network
import OpenID
import Platform

/// Where the client secret comes from; never from the command line itself.
public struct ClientSecretSource: Sendable {
  /// The environment variable that may hold it.
  public static let variable = "HYBRID_FLOW_CLIENT_SECRET"
  /// The most bytes of a secret.
  public static let secretBytes = 64 * 1024
  /// How long a command may take; it may ask the person for a passphrase.
  public static let commandMilliseconds = 120_000

  /// The environment with the variable and for the command.
  public var environment: [String: String]
  /// The variables known to hold secrets.
  public let variables = SecretVariables()
  /// Asks the person; nil when there is no terminal to ask at.
  public var ask: (@Sendable (_ question: String) -> String?)?

  /// Makes a source.
  public init(
    environment: [String: String], ask: (@Sendable (_ question: String) -> String?)? = nil
  ) {
    self.environment = environment
    self.ask = ask
  }

  /// The secret that the options or the environment name; nil when they name none.
  func named(by invocation: Invocation, usesEnvironment: Bool) throws(UsageError) -> Secret? {
    try origin(for: invocation, usesEnvironment: usesEnvironment).map(secret)
  }

  /// Where the secret is: what the options say, then the profile, then the environment.
  private func origin(
    for invocation: Invocation, usesEnvironment: Bool
  ) throws(UsageError) -> ClientSecretOrigin? {
    if let path = invocation[.clientSecretFile] {
      guard !invocation.has(.clientSecretCommand) else {
        throw UsageError(
          at: .clientSecretFile, " and --client-secret-command exclude each other.")
      }
      return ClientSecretOrigin(.file(path), at: Setting.clientSecretFile.place)
    }
    if let command = invocation[.clientSecretCommand] {
      return ClientSecretOrigin(.command(command), at: Setting.clientSecretCommand.place)
    }
    if let origin = invocation.secretOrigin { return origin }
    // A profile's own variable is withheld from other providers, like its other secrets.
    guard usesEnvironment, invocation.withheld?.isUsualVariable != true,
      environment[Self.variable]?.isEmpty == false
    else { return nil }
    return ClientSecretOrigin(.environment(Self.variable), at: .init([Self.variable]))
  }

  /// Reads the secret from its origin; waits for a command.
  public func secret(at origin: ClientSecretOrigin) throws(UsageError) -> Secret {
    switch origin.source {
    case .file(let path): return try Self.file(path, option: origin.place)
    case .command(let line): return try output(of: line, option: origin.place)
    case .value(let secret): return secret
    case .environment(let name):
      guard let value = environment[name], !value.isEmpty else {
        throw UsageError(at: origin.place, ": the variable \(name) is empty or not there. Set it.")
      }
      return Secret(value)
    }
  }

  /// The secret in a file, without a line break at the end.
  public static func file(_ path: String, option: UsageError.Place) throws(UsageError) -> Secret {
    let bytes = try SystemFiles.read(path, option: option, limitBytes: secretBytes)
    return try secret(bytes, "\(option.text) \(path)")
  }

  package static func secret(_ bytes: [UInt8], _ origin: String) throws(UsageError) -> Secret {
    var text = bytes
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    guard !text.isEmpty, let value = String(validating: text, as: UTF8.self) else {
      throw UsageError("\(origin): there is no secret in it, or it is not UTF-8.")
    }
    return Secret(value)
  }

  /// The words of a command: separated by blanks; quotation marks keep blanks together.
  public static func words(_ line: String, option: UsageError.Place) throws(UsageError) -> [String]
  {
    var words: [String] = []
    var word = ""
    var isOpen = false
    var mark: Unicode.Scalar?
    for character in line.unicodeScalars {
      if let open = mark {
        if character == open { mark = nil } else { word.unicodeScalars.append(character) }
      } else if character == "'" || character == "\"" {
        mark = character
        isOpen = true
      } else if character == " " || character == "\t" {
        if isOpen { words.append(word) }
        word = ""
        isOpen = false
      } else {
        word.unicodeScalars.append(character)
        isOpen = true
      }
    }
    guard mark == nil else { throw UsageError(at: option, ": a quotation mark is not closed.") }
    if isOpen { words.append(word) }
    guard !words.isEmpty else { throw UsageError(at: option, " is empty. Give a command.") }
    return words
  }

  /// The first line that a command prints; the command is run without a shell.
  public func output(of line: String, option: UsageError.Place) throws(UsageError) -> Secret {
    let words = try Self.words(line, option: option)
    let origin = "\(option.text) \(words[0])"
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw UsageError("\(origin): \(SystemFiles.reason(errno)).")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      ChildEnvironment.ofSecretCommand(environment).variables.map {
        strdup($0.key + "=" + $0.value)
      } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, words[0], &actions, nil, &arguments, &variables)
    close(ends[1])
    guard code == 0 else { throw UsageError("\(origin): \(SystemFiles.reason(code)).") }
    let bytes = Self.collect(ends[0])
    if bytes == nil { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard let bytes else {
      throw UsageError(
        "\(origin): it printed over \(Self.secretBytes) bytes, or took longer than "
          + "\(Self.commandMilliseconds / 1000) s.")
    }
    guard status == 0 else { throw UsageError("\(origin): it ended with a failure.") }
    let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
    return try Self.secret(Array(first), origin)
  }

  /// All output of a pipe; nil when it is too much or takes too long.
  private static func collect(_ descriptor: Int32) -> [UInt8]? {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var left = commandMilliseconds
    while left > 0 {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let step = min(left, 1000)
      let ready = poll(&entry, 1, Int32(step))
      if ready == 0 { left -= step }
      if ready < 0, errno != EINTR { return nil }
      guard ready > 0 else { continue }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return all }
      if count < 0, errno == EINTR { continue }
      guard count > 0, all.count + count <= secretBytes else { return nil }
      all += buffer[..<count]
    }
    return nil
  }
}

/// Asks for a secret at the terminal, without showing what is typed.
public enum SecretPrompt {
  /// Returns the answer; nil when standard input is not a terminal or the person gave up.
  public static func ask(_ question: String) -> String? {
    var before = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var quiet = before
    // Signals arrive as keys here, so that nothing ends the program while the echo is off.
    quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0 else { return nil }
    let streams = StandardStreams()
    streams.complain(question)
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    var answered = false
    var interrupted = false
    reading: while read(STDIN_FILENO, &byte, 1) == 1 {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        answered = true
        break reading
      case 0x03, 0x1C:
        interrupted = true
        break reading
      case 0x04: break reading
      case 0x7F, 0x08: _ = bytes.popLast()
      case 0x15: bytes = []
      default: if bytes.count < 4096 { bytes.append(byte) }
      }
    }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    streams.complain("\n")
    if interrupted { raise(SIGINT) }
    return answered && !bytes.isEmpty ? String(validating: bytes, as: UTF8.self) : nil
  }
}
