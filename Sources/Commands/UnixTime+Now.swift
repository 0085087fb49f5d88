import Glibc
import OpenID

extension UnixTime {
  /// The time of this machine, for commands that have no loop with a clock of its own.
  public static var now: UnixTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UnixTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
