import Glibc

/// Runs a program to its end, without a shell; what it prints is not read.
///
/// What the program leaves running in the background goes on running.
public final class ProgramRun {
  /// The time between two looks at the process.
  static let pauseMilliseconds = 20

  private let loop: PollLoop
  private var process: pid_t = 0
  private var deadline: LoopTimer?
  private var pause: LoopTimer?
  private var completion: ((_ trouble: String?) -> Void)?

  /// Starts it; the completion comes in a later turn of the loop, with nil if it succeeded.
  public init(
    _ words: [String], environment: ChildEnvironment, loop: PollLoop, timeoutMilliseconds: Int,
    _ completion: @escaping (_ trouble: String?) -> Void
  ) {
    self.loop = loop
    self.completion = completion
    guard let program = words.first,
      let path = ChildProcess.find(program, environment.variables["PATH"])
    else {
      loop.post { [weak self] in self?.finish("there is no such program") }
      return
    }
    switch ChildProcess.start(path, words, environment) {
    case .success(let pid): process = pid
    case .failure(let fault):
      loop.post { [weak self] in self?.finish(fault.reason) }
      return
    }
    deadline = loop.after(milliseconds: timeoutMilliseconds) { [weak self] in
      self?.end()
      self?.finish("it did not end within \(timeoutMilliseconds / 1000) s")
    }
    look()
  }

  deinit { end() }

  private func look() {
    switch ChildProcess.state(of: process) {
    case .running:
      pause = loop.after(milliseconds: Self.pauseMilliseconds) { [weak self] in self?.look() }
    case .ended(let success):
      process = 0
      finish(success ? nil : "it ended with a failure")
    }
  }

  private func finish(_ trouble: String?) {
    deadline?.cancel()
    pause?.cancel()
    let completion = completion
    self.completion = nil
    completion?(trouble)
  }

  /// Ends the program itself, and nothing that it has started.
  private func end() {
    guard process > 0 else { return }
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = 0
  }
}
