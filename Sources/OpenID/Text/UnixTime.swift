/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
///
/// The flow never reads a clock: time is passed in as data, so that a recording can be replayed.
public struct UnixTime: Sendable, Hashable, Comparable {
  /// Milliseconds since the epoch.
  public var milliseconds: Int64

  /// Makes a moment from milliseconds since the epoch.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Makes a moment from whole seconds since the epoch, as JWT claims count them.
  public init(seconds: Int64) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    milliseconds = overflow ? (seconds < 0 ? .min : .max) : product
  }

  /// Whole seconds since the epoch, rounded down.
  public var seconds: Int64 {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Orders by time.
  public static func < (left: UnixTime, right: UnixTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// Returns the moment this many seconds later.
  public func adding(seconds: Int64) -> UnixTime {
    let step = UnixTime(seconds: seconds).milliseconds
    let (sum, overflow) = milliseconds.addingReportingOverflow(step)
    return UnixTime(milliseconds: overflow ? (step < 0 ? .min : .max) : sum)
  }
}

/// A civil date and time in UTC.
public struct CivilTime: Sendable, Equatable {
  /// The calendar date.
  public var year: Int64, month: Int, day: Int
  /// The time of day.
  public var hour: Int, minute: Int, second: Int

  /// Converts a moment by the proleptic Gregorian calendar.
  public init(_ time: UnixTime) {
    let seconds = time.seconds
    var days = seconds / 86400
    var rest = seconds % 86400
    if rest < 0 {
      rest += 86400
      days -= 1
    }
    // Days are counted from 0000-03-01, so that leap days end a year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = Int(rest / 3600)
    minute = Int(rest % 3600 / 60)
    second = Int(rest % 60)
  }

  /// The date and time as `2026-11-23 16:08:32Z`.
  public var text: String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) \(clock)Z"
  }

  /// The time of day as `16:08:32`.
  public var clock: String { "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))" }

  private func padded(_ number: some BinaryInteger, _ width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}
