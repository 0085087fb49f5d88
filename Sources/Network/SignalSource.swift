import CSystem
import Glibc

/// A signal that a program without a screen handles.
public enum ProcessSignal: Sendable, CaseIterable {
  /// Ctrl-C.
  case interrupt
  /// A request to end.
  case terminate
  /// The terminal was closed.
  case hangUp
  /// The terminal size changed.
  case windowChange
  /// The program was stopped and continues.
  case resume

  /// The system's signal number.
  public var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    case .hangUp: SIGHUP
    case .windowChange: SIGWINCH
    case .resume: SIGCONT
    }
  }

  /// Whether it asks the program to end.
  var isEnding: Bool {
    switch self {
    case .interrupt, .terminate, .hangUp: true
    case .windowChange, .resume: false
    }
  }
}

/// Turns signals into events of the loop; one may be installed at a time.
///
/// The handler writes one byte into a pipe. After the first signal that asks the program to end, it
/// no longer handles these signals: a second one ends the program at once. ``stop()`` restores the
/// old handlers. A signal that was ignored before stays ignored.
public final class SignalSource {
  private let loop: PollLoop
  private let pipe: WakePipe
  private var watch: Watch?

  /// Installs the handlers; the action runs in the loop, once for each signal seen.
  public init(
    loop: PollLoop, signals: [ProcessSignal] = ProcessSignal.allCases,
    action: @escaping (ProcessSignal) -> Void
  ) throws(NetworkError) {
    self.loop = loop
    pipe = try WakePipe()
    guard signals_begin(pipe.writeEnd) else {
      pipe.closeBoth()
      throw .system(call: "sigaction", reason: "signals are already being watched")
    }
    let pipe = pipe
    watch = loop.watch(pipe.readEnd, for: .readable) {
      for number in pipe.drain() {
        for signal in signals where signal.number == Int32(number) { action(signal) }
      }
    }
    for signal in signals { signals_take(signal.number, signal.isEnding) }
  }

  deinit { stop() }

  /// Restores the previous handlers.
  public func stop() {
    guard let watch else { return }
    signals_end()
    loop.unwatch(watch)
    self.watch = nil
    pipe.closeBoth()
  }
}
