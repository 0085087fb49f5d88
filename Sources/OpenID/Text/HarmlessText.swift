/// Makes text from outside safe to show: on the screen, in files, in pictures, on the clipboard.
///
/// Header values, claims, error descriptions and URLs are untrusted. A control byte moves the
/// cursor, a bidi control makes an address read backwards, an invisible scalar makes two values
/// look equal. Nothing is dropped silently: what is unsafe is replaced by something visible, and
/// counted. Text that is already safe comes back unchanged.
public enum HarmlessText {
  /// Text and how many scalars or bytes of it were replaced.
  public struct Counted: Sendable, Hashable {
    /// The safe text.
    public var text: String
    /// How many scalars were replaced by something visible; spaces for tabs are not counted.
    public var replacements: Int

    /// Makes a pair.
    public init(text: String, replacements: Int) {
      (self.text, self.replacements) = (text, replacements)
    }
  }

  /// The most marks that may stand on one letter; ncurses keeps no more.
  static let mostMarks = 4

  /// One line: controls as pictures, bidi and invisible scalars as code points, tabs as spaces.
  public static func line(_ text: String) -> String {
    isPlain(text) ? text : counted(text).text
  }

  /// The lines of a text, split at its newlines, each made safe.
  public static func lines(_ text: String) -> [String] {
    countedLines(text).map(\.text)
  }

  /// One line from bytes; what is not UTF-8 becomes U+FFFD.
  public static func from(bytes: some Collection<UInt8>) -> String { counted(bytes: bytes).text }

  /// One line from bytes, and how much of it was replaced.
  public static func counted(bytes: some Collection<UInt8>) -> Counted {
    let text = String(decoding: bytes, as: UTF8.self)
    var result = counted(text)
    result.replacements += invalidParts(of: bytes, decoded: text)
    return result
  }

  /// The lines of a text, and how much of each was replaced.
  public static func countedLines(_ text: String) -> [Counted] {
    let parts = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      // CR LF is one newline; a CR anywhere else is made visible.
      let endsLine = index < parts.count - 1 && part.last == 0x0D
      return counted(String(Substring(endsLine ? part.dropLast() : part)))
    }
  }

  /// One line, and how much of it was replaced.
  public static func counted(_ text: String) -> Counted {
    if isPlain(text) { return Counted(text: text, replacements: 0) }
    var writer = Writer()
    for scalar in text.unicodeScalars { writer.take(scalar) }
    return Counted(text: String(writer.output), replacements: writer.replacements)
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  /// How many U+FFFD stand for invalid bytes; a U+FFFD that was sent does not count.
  private static func invalidParts(of bytes: some Collection<UInt8>, decoded: String) -> Int {
    let shown = decoded.unicodeScalars.count { $0 == "\u{FFFD}" }
    guard shown > 0 else { return 0 }
    var sent = 0
    var last: (UInt8, UInt8) = (0, 0)
    for byte in bytes {
      if last == (0xEF, 0xBF), byte == 0xBD { sent += 1 }
      last = (last.1, byte)
    }
    return max(0, shown - sent)
  }

  private struct Writer {
    var output = String.UnicodeScalarView()
    var replacements = 0
    /// Marks on the last letter; above the maximum when there is no letter.
    var marks = mostMarks
    var hasSelector = true

    mutating func take(_ scalar: Unicode.Scalar) {
      switch kind(of: scalar) {
      case .letter:
        output.append(scalar)
        marks = 0
        hasSelector = false
      case .mark(let isSelector):
        // A second variation selector has no visible effect, but can carry hidden bytes.
        guard marks < mostMarks, !(isSelector && hasSelector) else { return reveal(scalar) }
        output.append(scalar)
        marks += 1
        if isSelector { hasSelector = true }
      case .tab:
        take(" ")
      case .picture(let picture):
        output.append(picture)
        replacements += 1
        marks = 0
        hasSelector = false
      case .hidden:
        reveal(scalar)
      }
    }

    /// Writes a scalar as its code point: `⟨U+202E⟩`.
    private mutating func reveal(_ scalar: Unicode.Scalar) {
      let hex = String(scalar.value, radix: 16, uppercase: true)
      let padding = String(repeating: "0", count: max(0, 4 - hex.utf8.count))
      output.append(contentsOf: "⟨U+\(padding)\(hex)⟩".unicodeScalars)
      replacements += 1
      // The marks that follow belonged to the replaced scalar: they are shown as well.
      marks = mostMarks
      hasSelector = true
    }
  }

  private enum Kind {
    case letter
    case mark(isSelector: Bool)
    case tab
    case picture(Unicode.Scalar)
    case hidden
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    let value = scalar.value
    switch value {
    case 0x09: return .tab
    // The pictures stand in the same order as the controls: Unicode block Control Pictures.
    case 0..<0x20: return Unicode.Scalar(0x2400 + value).map(Kind.picture) ?? .hidden
    case 0x7F: return .picture("\u{2421}")
    case 0x20..<0x7F: return .letter
    case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return .mark(isSelector: true)
    default: break
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return .hidden
    case _ where properties.isDefaultIgnorableCodePoint: return .hidden
    case .nonspacingMark, .enclosingMark: return .mark(isSelector: false)
    default: return .letter
    }
  }
}
