import Explorer
import Glibc

@main
struct Main {
  static func main() {
    // A browser or a reader that has gone is an error to handle, not a reason to die.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that may grow no further.
    signal(SIGXFSZ, SIG_IGN)
    // A picture of the memory would hold every secret of the run.
    var core = rlimit(rlim_cur: 0, rlim_max: 0)
    getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    core.rlim_cur = 0
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    // Whoever started the program may have blocked what is to end it.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    let streams = StandardStreams()
    let arguments = CommandLine.arguments
    // Swift reads them from there. Without, every command would be taken for none.
    guard !arguments.isEmpty else {
      streams.complain("hybrid-flow: the arguments cannot be read: mount /proc.\n")
      _exit(ExitCode.machine)
    }
    switch Program(streams: streams).run(Array(arguments.dropFirst())) {
    // Without the cleaning up of exit(): a key may still be in the making on another thread, and
    // libcrypto would be taken apart under it. Everything was written by then.
    case .exit(let code): _exit(code)
    case .signal(let number):
      signal(number, SIG_DFL)
      raise(number)
      _exit(128 + number)
    }
  }
}
