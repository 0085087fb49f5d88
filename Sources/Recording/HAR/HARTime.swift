import OpenID

extension UnixTime {
  /// Reads `2026-11-30T10:15:04.123+01:00`, as HAR files write it.
  ///
  /// RFC 3339, section 5.6.
  init?(har text: String) {
    let bytes = Array(text.utf8)
    func number(_ from: Int, _ count: Int) -> Int? {
      guard from + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[from..<from + count] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A,
      bytes[16] == 0x3A, let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      let base = UnixTime(
        year: Int64(year), month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    var milliseconds = base.milliseconds
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      var scale: Int64 = 100
      for digit in digits.prefix(3) {
        milliseconds += Int64(digit - 0x30) * scale
        scale /= 10
      }
      rest = rest.dropFirst(1 + digits.count)
    }
    if let sign = rest.first, sign == 0x2B || sign == 0x2D {
      let at = rest.startIndex + 1
      let hasColon = at + 2 < bytes.count && bytes[at + 2] == 0x3A
      guard let hours = number(at, 2), let minutes = number(at + (hasColon ? 3 : 2), 2) else {
        return nil
      }
      let offset = Int64(hours * 60 + minutes) * 60_000
      milliseconds += sign == 0x2B ? -offset : offset
    }
    self.init(milliseconds: milliseconds)
  }
}
