import CCurl
import Glibc
import OpenID

/// Why the network could not be set up.
public enum NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A system call failed; its name and the system's message.
  case system(call: String, reason: String)

  /// What happened, for a person.
  public var description: String {
    switch self {
    case .system(let call, let reason): "\(call) failed: \(reason)"
    }
  }
}

/// The system's message for an `errno`.
func systemReason(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// What to wait for on a descriptor.
public struct Interest: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int
  /// Makes a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }
  /// Data can be read, or the other side closed.
  public static let readable = Interest(rawValue: 1)
  /// Data can be written.
  public static let writable = Interest(rawValue: 2)
}

/// A watched descriptor; errors and hang-ups are always reported.
public final class Watch {
  /// The descriptor; its owner closes it after ``PollLoop/unwatch(_:)``.
  public let descriptor: Int32
  /// What to wait for; may be changed at any time.
  public var interest: Interest
  /// Whether the watch is active.
  public fileprivate(set) var isActive = true
  fileprivate let action: () -> Void

  fileprivate init(_ descriptor: Int32, _ interest: Interest, _ action: @escaping () -> Void) {
    self.descriptor = descriptor
    self.interest = interest
    self.action = action
  }
}

/// A deadline on the monotonic clock, so that changes of the wall clock do not matter.
public final class LoopTimer {
  fileprivate let deadline: Int64
  fileprivate let action: () -> Void
  /// Whether it has not fired yet.
  public fileprivate(set) var isActive = true

  fileprivate init(deadline: Int64, action: @escaping () -> Void) {
    self.deadline = deadline
    self.action = action
  }

  /// Cancels the deadline; its action will not run.
  public func cancel() { isActive = false }
}

/// The only place that waits: keyboard, signals, listeners, server connections and transfers.
///
/// Everything happens on the thread that calls ``turn(maximumMilliseconds:)``; only a ``Handover``
/// may be used from another.
public final class PollLoop {
  /// Idle connections kept open for all clients of one loop.
  static let mostIdleConnections = 16
  /// The longest single wait, if nothing else limits it.
  static let longestWaitMilliseconds = 60_000

  /// libcurl's handle for all transfers; nil until the first one, because libcurl starts slowly.
  private var multi: UnsafeMutableRawPointer?
  private var watches: [Watch] = []
  private var timers: [LoopTimer] = []
  private var posted: [() -> Void] = []
  private var transfers: [UnsafeMutableRawPointer: (Int32) -> Void] = [:]

  /// Makes a loop; libcurl is started with the first transfer, which reports a failure to start.
  public init() {}

  deinit {
    guard let multi else { return }
    for easy in transfers.keys { ccurl_multi_remove(multi, easy) }
    ccurl_multi_free(multi)
  }

  /// How far ``now`` is ahead of the wall clock, so that a test need not wait.
  public var secondsAhead: Int64 = 0

  /// The wall clock; deadlines do not depend on it.
  public var now: UnixTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UnixTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
      .adding(seconds: secondsAhead)
  }

  /// Milliseconds on a clock that only goes forward, from an arbitrary zero.
  public var monotonicMilliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Runs the action in each turn in which the descriptor is ready, until it is unwatched.
  @discardableResult
  public func watch(
    _ descriptor: Int32, for interest: Interest, _ action: @escaping () -> Void
  ) -> Watch {
    let watch = Watch(descriptor, interest, action)
    watches.append(watch)
    return watch
  }

  /// Ends a watch; may be called inside its own action, and twice.
  public func unwatch(_ watch: Watch) {
    watch.isActive = false
    watches.removeAll { $0 === watch }
  }

  /// Runs the action once, after this time.
  @discardableResult
  public func after(milliseconds: Int, _ action: @escaping () -> Void) -> LoopTimer {
    let delay = Int64(max(0, milliseconds))
    let (deadline, overflow) = monotonicMilliseconds.addingReportingOverflow(delay)
    let timer = LoopTimer(deadline: overflow ? .max : deadline, action: action)
    timers.append(timer)
    return timer
  }

  /// Runs the action in the next turn; actions that it posts run in the turn after.
  public func post(_ action: @escaping () -> Void) { posted.append(action) }

  /// Waits once, at most this long, and runs the actions that became ready.
  public func turn(maximumMilliseconds: Int? = nil) {
    timers.removeAll { !$0.isActive }
    let waited = watches
    var entries = waited.map {
      ccurl_watch(
        descriptor: $0.descriptor, wants_read: $0.interest.contains(.readable),
        wants_write: $0.interest.contains(.writable), is_ready: false)
    }
    let count = UInt32(entries.count)
    let wait = waitMilliseconds(maximumMilliseconds)
    let good = entries.withUnsafeMutableBufferPointer {
      ccurl_multi_wait(multi, $0.baseAddress, count, Int32(wait))
    }
    finishTransfers()
    if good {
      for (watch, entry) in zip(waited, entries) where entry.is_ready && watch.isActive {
        watch.action()
      }
    }
    fireTimers()
    let actions = posted
    posted = []
    for action in actions { action() }
  }

  /// Runs turns until the condition holds; false if the time runs out first.
  public func run(withinMilliseconds limit: Int, until condition: () -> Bool) -> Bool {
    let deadline = monotonicMilliseconds + Int64(limit)
    while !condition() {
      let left = deadline - monotonicMilliseconds
      guard left > 0 else { return false }
      turn(maximumMilliseconds: Int(left))
    }
    return true
  }

  private func waitMilliseconds(_ maximum: Int?) -> Int {
    guard posted.isEmpty else { return 0 }
    var wait = min(max(0, maximum ?? Self.longestWaitMilliseconds), Self.longestWaitMilliseconds)
    let now = monotonicMilliseconds
    for timer in timers { wait = min(wait, Int(max(0, timer.deadline - now))) }
    return wait
  }

  private func fireTimers() {
    let now = monotonicMilliseconds
    let due = timers.filter { $0.isActive && $0.deadline <= now }
    guard !due.isEmpty else { return }
    for timer in due.sorted(by: { $0.deadline < $1.deadline }) where timer.isActive {
      timer.isActive = false
      timer.action()
    }
    timers.removeAll { !$0.isActive }
  }

  private func finishTransfers() {
    guard let multi else { return }
    ccurl_multi_perform(multi)
    var easy: UnsafeMutableRawPointer?
    var code: Int32 = 0
    while ccurl_multi_next_done(multi, &easy, &code) {
      guard let easy, let done = transfers[easy] else { continue }
      remove(transfer: easy)
      done(code)
    }
  }

  /// Starts a prepared transfer; the action gets libcurl's result code at the end.
  func add(transfer easy: UnsafeMutableRawPointer, _ done: @escaping (Int32) -> Void) -> Bool {
    if multi == nil { multi = ccurl_multi_make(Self.mostIdleConnections) }
    guard let multi, ccurl_multi_add(multi, easy) else { return false }
    transfers[easy] = done
    return true
  }

  /// Removes a transfer, finished or not; the caller still owns the handle.
  func remove(transfer easy: UnsafeMutableRawPointer) {
    guard let multi, transfers.removeValue(forKey: easy) != nil else { return }
    ccurl_multi_remove(multi, easy)
  }
}
