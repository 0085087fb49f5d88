import Glibc

/// The output of a program, collected on a loop without blocking it.
///
/// The program is started without a shell and detached from the terminal, so that it can neither
/// ask questions there nor write over the screen.
public final class ProgramOutput {
  /// How it ended.
  public enum Ending: Sendable, Equatable {
    /// It ended successfully and had printed these bytes.
    case printed([UInt8])
    /// It could not be started, failed, printed too much or took too long; a sentence without a
    /// full stop.
    case failed(String)
  }

  /// Milliseconds between checks whether the program has ended, after its output has ended.
  static let pauseMilliseconds = 20

  private let loop: PollLoop
  private let bytesMax: Int
  private var process: pid_t = 0
  private var descriptor: Int32 = -1
  private var watch: Watch?
  private var deadline: LoopTimer?
  private var pause: LoopTimer?
  private var bytes: [UInt8] = []
  private var completion: ((Ending) -> Void)?

  /// Starts a program; its result is delivered once, in a later turn of the loop.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments; there is at least one.
  ///   - environment: All of its environment, in which it is looked for as well.
  ///   - bytesMax: More than this ends it.
  ///   - timeoutMilliseconds: Longer than this ends it.
  public init(
    _ words: [String], environment: ChildEnvironment, loop: PollLoop, bytesMax: Int,
    timeoutMilliseconds: Int, _ completion: @escaping (Ending) -> Void
  ) {
    self.loop = loop
    self.bytesMax = bytesMax
    self.completion = completion
    if let reason = start(words, environment) {
      loop.post { [weak self] in self?.finish(.failed(reason)) }
      return
    }
    watch = loop.watch(descriptor, for: .readable) { [weak self] in self?.read() }
    deadline = loop.after(milliseconds: timeoutMilliseconds) { [weak self] in
      self?.finish(.failed("it took longer than \(timeoutMilliseconds / 1000) s"))
    }
  }

  deinit { end() }

  /// Kills the program and all its children; no result is delivered.
  public func cancel() {
    completion = nil
    end()
  }

  private func start(_ words: [String], _ environment: ChildEnvironment) -> String? {
    guard let program = words.first,
      let path = ChildProcess.find(program, environment.variables["PATH"])
    else { return "there is no such program" }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return systemReason(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started = ChildProcess.start(path, words, environment, output: ends[1])
    close(ends[1])
    switch started {
    case .success(let pid): process = pid
    case .failure(let fault):
      close(ends[0])
      return fault.reason
    }
    descriptor = ends[0]
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    return nil
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      if count < 0 { return finish(.failed(systemReason(errno))) }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= bytesMax else {
        return finish(.failed("it printed over \(bytesMax) bytes"))
      }
    }
    closeDescriptor()
    settle()
  }

  /// Its output has ended; its exit status is still unknown.
  private func settle() {
    switch ChildProcess.state(of: process) {
    case .running:
      pause = loop.after(milliseconds: Self.pauseMilliseconds) { [weak self] in self?.settle() }
    case .ended(let success):
      process = 0
      finish(success ? .printed(bytes) : .failed("it ended with a failure"))
    }
  }

  private func finish(_ ending: Ending) {
    let completion = completion
    self.completion = nil
    end()
    completion?(ending)
  }

  private func closeDescriptor() {
    if let watch { loop.unwatch(watch) }
    watch = nil
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  private func end() {
    deadline?.cancel()
    pause?.cancel()
    closeDescriptor()
    bytes = []
    guard process > 0 else { return }
    // It leads its own session, so its children are killed as well.
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = 0
  }
}
