import Glibc
import OpenID

/// Whether the terminal's background is light or dark.
public enum TerminalBackground: String, Sendable, Hashable {
  case light, dark

  /// The time limit for the terminal's answer; most need a few milliseconds.
  public static let timeoutMilliseconds: Int32 = 150
  private static let replyBytesMax = 512
  /// The luminance at which black and white text have the same contrast.
  private static let luminanceMidpoint = 0.179

  /// Reads `COLORFGBG`, then asks the terminal; nil when neither answers.
  ///
  /// Call it before the screen is opened. The screen ignores a later reply.
  ///
  /// - Parameter asks: Whether to ask the terminal at all; some print what they do not understand.
  public static func detect(
    environment: [String: String] = TerminalEnvironment.current(), asks: Bool = true,
    timeoutMilliseconds: Int32 = TerminalBackground.timeoutMilliseconds
  ) -> TerminalBackground? {
    if let told = told(by: environment["COLORFGBG"]) { return told }
    let name = environment["TERM"] ?? ""
    guard asks else { return nil }
    if name.isEmpty || name == "linux" || TerminalName.isDumb(name) || name.begins(with: "screen") {
      return nil
    }
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    return parse(ask(timeoutMilliseconds: timeoutMilliseconds))
  }

  /// The last field of `COLORFGBG`: an index into the sixteen colours.
  static func told(by value: String?) -> TerminalBackground? {
    guard let field = value?.split(at: ";").last, let index = Int(field) else { return nil }
    switch index {
    case 0...6, 8: return .dark
    case 7, 15: return .light
    default: return nil
    }
  }

  /// Asks for colour 11 and then for the device attributes, which nearly every terminal answers:
  /// the second answer ends the wait for the first.
  private static func ask(timeoutMilliseconds: Int32) -> [UInt8] {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return [] }
    var modes = before
    cfmakeraw(&modes)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &modes) == 0 else { return [] }
    defer { _ = tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    let question = Array("\u{1B}]11;?\u{1B}\\\u{1B}[c".utf8)
    guard write(STDOUT_FILENO, question, question.count) == question.count else { return [] }
    var reply: [UInt8] = []
    let deadline = MonotonicClock.milliseconds() + UInt64(max(0, timeoutMilliseconds))
    while !isComplete(reply), reply.count < replyBytesMax {
      let now = MonotonicClock.milliseconds()
      guard now < deadline else { break }
      var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let outcome = poll(&ready, 1, Int32(deadline - now))
      if outcome < 0, errno == EINTR { continue }
      guard outcome > 0 else { break }
      // One byte at a time: input after the reply was typed, and belongs to the screen.
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
      reply.append(byte)
    }
    return reply
  }

  /// Whether the device attributes have arrived: `ESC [ ? … c`.
  static func isComplete(_ reply: [UInt8]) -> Bool {
    guard reply.last == UInt8(ascii: "c"), let start = reply.lastIndex(of: 0x1B) else {
      return false
    }
    return reply.dropFirst(start).starts(with: [0x1B, UInt8(ascii: "["), UInt8(ascii: "?")])
  }

  /// Reads `rgb:R/G/B`, one to four hexadecimal digits each.
  static func parse(_ reply: [UInt8]) -> TerminalBackground? {
    let mark = Array("]11;rgb:".utf8)
    guard reply.count > mark.count else { return nil }
    let starts = 0...(reply.count - mark.count)
    guard let start = starts.first(where: { reply[$0...].starts(with: mark) }) else { return nil }
    let rest = reply[(start + mark.count)...].prefix { $0 != 0x1B && $0 != 0x07 }
    let fields = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard fields.count == 3 else { return nil }
    var parts: [Double] = []
    for field in fields {
      guard (1...4).contains(field.count),
        let value = Int(String(decoding: field, as: UTF8.self), radix: 16), value >= 0
      else { return nil }
      parts.append(Double(value) / Double((1 << (4 * field.count)) - 1))
    }
    let linear = parts.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return luminance > luminanceMidpoint ? .light : .dark
  }
}

/// A clock that never goes back.
enum MonotonicClock {
  static func milliseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(max(0, time.tv_sec)) * 1000 + UInt64(max(0, time.tv_nsec)) / 1_000_000
  }
}
