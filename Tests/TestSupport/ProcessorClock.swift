import Glibc

/// Measures what this thread works: for ratios, which what else the machine does must not change.
public struct ProcessorClock: Sendable {
  /// Makes a clock.
  public init() {}

  /// The processor time that the work takes.
  public func measure(_ work: () throws -> Void) rethrows -> Duration {
    let start = Self.now
    try work()
    return Self.now - start
  }

  /// What this thread has worked so far.
  public static var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
