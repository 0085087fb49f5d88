import CSystem
import Glibc
import OpenID

/// Starts programs without a shell, detached from the terminal.
enum ChildProcess {
  struct Fault: Error {
    var reason: String
  }

  enum State: Equatable {
    case running
    case ended(success: Bool)
  }

  static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

  /// Finds a program as a shell would, but in the given path.
  static func find(_ program: String, _ path: String?) -> String? {
    if program.holds("/") { return isProgram(program) ? program : nil }
    for folder in (path ?? defaultPath).split(at: ":") {
      let candidate = folder + "/" + program
      if isProgram(candidate) { return candidate }
    }
    return nil
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }

  /// Starts a program in its own session, with `/dev/null` for its three descriptors.
  ///
  /// - Parameters:
  ///   - input: What it reads in the place of the first; -1 for nothing.
  ///   - output: Where it writes in the place of the second; -1 for nothing.
  ///   - errors: Where it writes in the place of the third; -1 for nothing.
  static func start(
    _ path: String, _ arguments: [String], _ environment: ChildEnvironment, input: Int32 = -1,
    output: Int32 = -1, errors: Int32 = -1
  ) -> Result<pid_t, Fault> {
    var pid: pid_t = 0
    let code = withCStrings(arguments) { argv in
      withCStrings(environment.variables.map { $0.key + "=" + $0.value }) { envp in
        system_start_detached(path, argv, envp, input, output, errors, &pid)
      }
    }
    return code == 0 ? .success(pid) : .failure(Fault(reason: systemReason(code)))
  }

  /// Starts a browser in its own session that is driven over pipes: it reads commands from its
  /// descriptor 3 and writes messages to its descriptor 4.
  ///
  /// - Parameters:
  ///   - errors: Where it writes complaints; -1 for nowhere.
  ///   - commands: 5 or more.
  ///   - messages: 5 or more.
  static func startDebugged(
    _ path: String, _ arguments: [String], _ environment: ChildEnvironment, errors: Int32,
    commands: Int32, messages: Int32
  ) -> Result<pid_t, Fault> {
    var pid: pid_t = 0
    let code = withCStrings(arguments) { argv in
      withCStrings(environment.variables.map { $0.key + "=" + $0.value }) { envp in
        system_start_debugged(path, argv, envp, errors, commands, messages, &pid)
      }
    }
    return code == 0 ? .success(pid) : .failure(Fault(reason: systemReason(code)))
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { (copies + index).initialize(to: strdup(text)) }
    (copies + texts.count).initialize(to: nil)
    defer {
      for index in texts.indices { free(copies[index]) }
      copies.deallocate()
    }
    return body(copies)
  }

  /// Checks, without waiting, whether a child is still running.
  static func state(of pid: pid_t) -> State {
    var status: Int32 = 0
    switch waitpid(pid, &status, WNOHANG) {
    case 0: return .running
    case pid: return .ended(success: status == 0)
    // Other code has already reaped it: no failure is known.
    default: return .ended(success: true)
    }
  }
}
