import OpenID

/// Why a theme cannot be used; the previous theme stays.
public enum ThemeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file is larger than ``ThemeFile/bytesMax``.
  case tooLarge(bytes: Int)
  /// The file is not JSON.
  case notJSON(JSONError)
  /// The file is JSON, but not an object.
  case notAnObject
  /// A required member is missing.
  case missing(member: String)
  /// The file has another version of the format.
  case unsupportedSchema(String)
  /// A member has the wrong kind of value.
  case wrongValue(member: String, expected: String)
  /// A colour is not in the form `#RRGGBB`.
  case badColor(member: String, text: String)
  /// A role names a colour that is not in the palette.
  case unknownColor(member: String, name: String, nearest: String?)
  /// No theme has this id.
  case unknownTheme(id: String, nearest: String?)
  /// A theme inherits from itself through the listed themes.
  case inheritanceCycle([String])
  /// A theme has more ancestors than ``ThemeLibrary/ancestorsMax``.
  case inheritanceTooDeep([String])

  /// What is wrong and what would be right, safe to display.
  public var description: String {
    switch self {
    case .tooLarge(let bytes):
      "the file has \(bytes) bytes, more than \(ThemeFile.bytesMax)"
    case .notJSON(let fault):
      "not valid JSON at byte \(fault.offset): \(Self.words(for: fault.reason))"
    case .notAnObject: "the file is not a JSON object"
    case .missing(let member): "the member \(Self.quoted(member)) is missing"
    case .unsupportedSchema(let found):
      "schema \(Self.quoted(found)) is not known; this program reads schema 1"
    case .wrongValue(let member, let expected):
      "\(Self.quoted(member)) must be \(expected)"
    case .badColor(let member, let text):
      "\(Self.quoted(member)): \(Self.quoted(text)) is not a colour like #1B212B"
    case .unknownColor(let member, let name, let nearest):
      "\(Self.quoted(member)): the palette has no \(Self.quoted(name))" + Self.hint(nearest)
    case .unknownTheme(let id, let nearest):
      "unknown theme \(Self.quoted(id))" + Self.hint(nearest)
    case .inheritanceCycle(let chain):
      "themes inherit in a circle: " + Self.arrows(chain)
    case .inheritanceTooDeep(let chain):
      "more than \(ThemeLibrary.ancestorsMax) ancestors: " + Self.arrows(chain)
    }
  }

  package static func quoted(_ text: String) -> String {
    let harmless = HarmlessText.line(String(text.prefix(scalars: lettersMax)))
    return "‘\(harmless)\(text.unicodeScalars.count > lettersMax ? "…" : "")’"
  }

  package static func hint(_ nearest: String?) -> String {
    nearest.map { "; did you mean \(quoted($0))?" } ?? ""
  }

  private static let lettersMax = 40

  private static func arrows(_ chain: [String]) -> String {
    chain.map(quoted).joined(separator: " → ")
  }

  private static func words(for reason: JSONError.Reason) -> String {
    switch reason {
    case .tooLarge: "too large"
    case .tooDeep: "nested too deeply"
    case .unexpectedEnd: "it ends too early"
    case .unexpectedByte(let byte):
      byte > 0x20 && byte < 0x7F
        ? "unexpected ‘\(Character(Unicode.Scalar(byte)))’" : "unexpected byte \(byte)"
    case .trailingBytes: "something follows the closing brace"
    case .badNumber: "a number is malformed"
    case .badEscape: "an escape is malformed"
    case .controlCharacter: "a control character stands in a string"
    case .invalidUTF8: "it is not UTF-8"
    case .duplicateName(let name): "\(quoted(name)) stands twice"
    }
  }
}
