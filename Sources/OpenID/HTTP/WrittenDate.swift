/// Dates as HTTP and certificates write them.
extension UnixTime {
  /// Makes a moment from a date and a time of day in UTC, by the proleptic Gregorian calendar.
  ///
  /// Nil for a day that does not exist, and for any value out of range; a leap second is accepted.
  public init?(year: Int64, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    let past = year - 1
    let yearDays = past * 365 + past / 4 - past / 100 + past / 400
    let monthDays = lengths[..<(month - 1)].reduce(0, +)
    // 719162 days lie between 0001-01-01 and 1970-01-01.
    let days = yearDays + Int64(monthDays + day - 1) - 719_162
    self.init(seconds: days * 86400 + Int64(hour * 3600 + minute * 60 + second))
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the only form still in use.
  ///
  /// RFC 9110, section 5.6.7.
  public init?(httpDate text: String) {
    let words = text.split(at: " ", omittingEmptySubsequences: false)
    guard words.count == 6, words[0].utf8.count == 4, words[0].ends(with: ","), words[5] == "GMT"
    else { return nil }
    self.init(day: words[1], month: words[2], year: words[3], clock: words[4])
  }

  /// Reads `Nov  6 08:49:37 1994 GMT`, as libcrypto prints a certificate's dates.
  public init?(certificateDate text: String) {
    let words = text.split(at: " ")
    guard words.count == 5, words[4] == "GMT" else { return nil }
    self.init(day: words[1], month: words[0], year: words[3], clock: words[2])
  }

  private init?(day: Substring, month: Substring, year: Substring, clock: Substring) {
    let parts = clock.split(at: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let index = Self.months.firstIndex(where: { $0 == month }),
      let day = Self.number(day), let year = Self.number(year), let hour = Self.number(parts[0]),
      let minute = Self.number(parts[1]), let second = Self.number(parts[2])
    else { return nil }
    self.init(
      year: Int64(year), month: index + 1, day: day, hour: hour, minute: minute, second: second)
  }

  /// One to four digits and nothing else.
  private static func number(_ text: Substring) -> Int? {
    let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return (1...4).contains(text.utf8.count) && isPlain ? Int(text) : nil
  }
}
