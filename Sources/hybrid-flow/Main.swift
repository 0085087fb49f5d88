import Explorer
import Glibc

@main
struct Main {
  static func main() {
    // A browser or a reader that has gone is an error to handle, not a reason to die.
    signal(SIGPIPE, SIG_IGN)
    let program = Program(streams: StandardStreams())
    switch program.run(Array(CommandLine.arguments.dropFirst())) {
    case .exit(let code): exit(code)
    case .signal(let number):
      signal(number, SIG_DFL)
      raise(number)
      exit(128 + number)
    }
  }
}
