import Glibc
import OpenID

/// Whether the terminal's background is light or dark.
public enum TerminalBackground: String, Sendable, Hashable {
  case light, dark

  /// The luminance at which black and white text have the same contrast.
  private static let luminanceMidpoint = 0.179
  /// Asks for colour 11, the background; xterm’s “Operating System Commands”.
  static let question = "\u{1B}]11;?\u{1B}\\"
  /// The most bytes of an answer.
  static let answerBytesMax = 64

  /// What `COLORFGBG` says; nil when it says nothing.
  public static func told(by environment: [String: String]) -> TerminalBackground? {
    told(by: environment["COLORFGBG"])
  }

  /// Whether a terminal of this kind can be asked: some print what they do not understand.
  public static func canBeAsked(in environment: [String: String]) -> Bool {
    let name = environment["TERM"] ?? ""
    return !name.isEmpty && name != "linux" && !TerminalName.isDumb(name)
      && !name.begins(with: "screen")
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

  /// Reads the answer between its introducer and its end: `11;rgb:R/G/B`, one to four hexadecimal
  /// digits each; nil for anything else.
  init?(answer: [UInt8]) {
    let mark = Array("11;rgb:".utf8)
    guard answer.starts(with: mark) else { return nil }
    let fields = answer.dropFirst(mark.count)
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
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
    self = luminance > Self.luminanceMidpoint ? .light : .dark
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
