import Commands
import Glibc
import HybridFlow
import Platform
import Settings

@main
struct Main {
  static func main() {
    // A closed connection or pipe is an error to handle, not a reason to die.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that has reached its size limit.
    signal(SIGXFSZ, SIG_IGN)
    // A core dump would contain every secret of the run.
    var core = rlimit(rlim_cur: 0, rlim_max: 0)
    getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    core.rlim_cur = 0
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    // The parent process may have blocked the signals that are to end this one.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    // A file opened later must not become standard output by taking its number. Open for reading
    // only: writing to a closed stream stays an error.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    let streams = StandardStreams()
    let arguments = CommandLine.arguments
    // Swift reads them from there. Without them, every command would seem to be missing.
    guard !arguments.isEmpty else {
      streams.complain("hybrid-flow: the arguments cannot be read: mount /proc.\n")
      _exit(ExitCode.machine)
    }
    switch ending(Program(streams: streams).run(Array(arguments.dropFirst())), streams) {
    // Without the cleanup of exit(): another thread may still be making a key, and libcrypto would
    // be taken apart under it. Everything was written by then.
    case .exit(let code): _exit(code)
    case .signal(let number):
      signal(number, SIG_DFL)
      raise(number)
      _exit(128 + number)
    }
  }

  /// The outcome, once everything is written or cannot be.
  private static func ending(_ outcome: RunOutcome, _ streams: StandardStreams) -> RunOutcome {
    var isKilled = false
    if case .signal(let number) = outcome, number != SIGPIPE { isKilled = true }
    if isKilled { streams.isHurried = true }
    let ending = streams.finish()
    if isKilled { return outcome }
    switch ending {
    case .done, .closed: return outcome
    // As any program does when its reader closes the pipe.
    case .closedAtTheEnd: return .signal(SIGPIPE)
    case .failed(let reason):
      streams.complain("hybrid-flow: standard output cannot be written: \(reason).\n")
      return .exit(ExitCode.machine)
    }
  }
}
