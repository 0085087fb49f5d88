import Glibc
import Synchronization

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

/// The descriptor for the signal handler; -1 while no source is installed.
///
/// Read inside a signal handler.
private let wakeDescriptor = Atomic<Int32>(-1)

/// The ending signals that a source handles, one bit for each number.
///
/// Read inside a signal handler.
private let takenEndings = Atomic<UInt64>(0)

/// Turns signals into events of the loop; one may be installed at a time.
///
/// The handler writes one byte into a pipe. After the first signal that asks the program to end, it
/// no longer handles these signals: a second one ends the program at once. ``stop()`` restores the
/// old handlers. A signal that was ignored before stays ignored.
public final class SignalSource {
  private let loop: PollLoop
  private let pipe: WakePipe
  private var previous: [(number: Int32, action: sigaction)] = []
  private var watch: Watch?

  /// Installs the handlers; the action runs in the loop, once for each signal seen.
  public init(
    loop: PollLoop, signals: [ProcessSignal] = ProcessSignal.allCases,
    action: @escaping (ProcessSignal) -> Void
  ) throws(NetworkError) {
    self.loop = loop
    pipe = try WakePipe()
    let (isFirst, _) = wakeDescriptor.compareExchange(
      expected: -1, desired: pipe.writeEnd, ordering: .sequentiallyConsistent)
    guard isFirst else {
      pipe.closeBoth()
      throw .system(call: "sigaction", reason: "signals are already being watched")
    }
    let pipe = pipe
    watch = loop.watch(pipe.readEnd, for: .readable) {
      for number in pipe.drain() {
        for signal in signals where signal.number == Int32(number) { action(signal) }
      }
    }
    for signal in signals {
      var new = sigaction()
      new.__sigaction_handler.sa_handler = { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(wakeDescriptor.load(ordering: .relaxed), &byte, 1)
        let endings = takenEndings.load(ordering: .relaxed)
        if endings & 1 << UInt64(number) != 0 {
          for other in 1..<Int32(64) where endings & 1 << UInt64(other) != 0 {
            Glibc.signal(other, SIG_DFL)
          }
        }
        errno = saved
      }
      new.sa_flags = SA_RESTART
      var old = sigaction()
      // nohup and a shell's background jobs ignore these signals on purpose; that is kept.
      guard sigaction(signal.number, nil, &old) == 0, !Self.isIgnored(old) else { continue }
      if sigaction(signal.number, &new, &old) == 0 { previous.append((signal.number, old)) }
      guard signal.isEnding else { continue }
      _ = takenEndings.bitwiseOr(1 << UInt64(signal.number), ordering: .sequentiallyConsistent)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    // SIG_IGN is the address 1: POSIX compares handlers as addresses.
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  deinit { stop() }

  /// Restores the previous handlers.
  public func stop() {
    guard let watch else { return }
    for (number, action) in previous {
      var old = action
      sigaction(number, &old, nil)
    }
    previous = []
    takenEndings.store(0, ordering: .sequentiallyConsistent)
    wakeDescriptor.store(-1, ordering: .sequentiallyConsistent)
    loop.unwatch(watch)
    self.watch = nil
    pipe.closeBoth()
  }
}
