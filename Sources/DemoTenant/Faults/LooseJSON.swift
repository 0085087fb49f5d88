import OpenID

/// JSON as another program writes it: blanks, line breaks and escaped slashes mean nothing.
///
/// RFC 8259, sections 2 and 7.
enum LooseJSON {
  /// The same value, written in another way.
  static func written(_ value: JSONValue) -> String {
    switch value {
    case .object(let members):
      let rows = members.map { " \(text($0.name)) :\t\(written($0.value))" }
      return "{\r\n" + rows.joined(separator: " ,\n") + "\n}"
    case .array(let elements):
      return "[ " + elements.map(written).joined(separator: " , ") + " ]"
    case .string(let string): return text(string)
    default: return value.compactText
    }
  }

  private static func text(_ string: String) -> String {
    var output: [UInt8] = []
    for byte in JSONValue.string(string).compactText.utf8 {
      if byte == UInt8(ascii: "/") { output.append(UInt8(ascii: "\\")) }
      output.append(byte)
    }
    return String(decoding: output, as: UTF8.self)
  }
}
