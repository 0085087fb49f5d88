import OpenID

/// Fields as developer tools and programs list them, one a line.
///
/// `name: value`, `name=value`, or name and value on lines of their own; blank lines may stand
/// between them, and a terminal may have broken a long value.
enum PayloadView {
  /// The fields of a list; nil when the text is none.
  static func fields(_ text: String) -> [FormField]? {
    let lines = text.lines.map { String($0).trimmed }.filter { !$0.isEmpty && !isHeading($0) }
    guard lines.count <= 2 * PastedReader.formFields else { return nil }
    return pairs(lines) ?? alternating(lines)
  }

  /// What developer tools write above a list.
  private static func isHeading(_ line: String) -> Bool {
    let words = [
      "form data", "query string parameters", "request payload", "view source", "view decoded",
      "view url-encoded", "payload",
    ]
    return words.contains { line.isIdentical(toIgnoringCase: $0) }
  }

  private static func pairs(_ lines: [String]) -> [FormField]? {
    var fields: [FormField] = []
    for line in lines.map(withoutDeclaration) {
      guard fields.count < PastedReader.formFields, !line.holds("&") else { return nil }
      let tail = line.from(anyOf: ":=\t")
      let name = LoginNames.written(String(line.before(anyOf: ":=\t")).trimmed.withoutQuotes)
      guard !tail.isEmpty, LoginNames.all.contains(name) else {
        // A terminal breaks a long token into several lines.
        guard let last = fields.indices.last, !line.holds(" "), !LoginNames.all.contains(line)
        else { return nil }
        fields[last].value += line
        continue
      }
      let written = String(tail.dropFirst(bytes: 1)).trimmed
      var value = written.withoutQuotes
      // Quotes are those of a program, which has decoded it.
      if tail.begins(with: "="), value.utf8.count == written.utf8.count {
        guard let decoded = try? FormEncoding.decode("v=" + value), decoded.count == 1 else {
          return nil
        }
        value = decoded[0].value
      }
      fields.append(FormField(name, value))
    }
    // One pair alone may be a form, or a sentence.
    return fields.count > 1 || lines.count == 1 && lines[0].holds(": ") && !fields.isEmpty
      ? fields : nil
  }

  /// Without the word with which a shell or a program declares a name.
  private static func withoutDeclaration(_ line: String) -> String {
    for word in ["export ", "set ", "const ", "let ", "var ", "$env:"] {
      if let rest = line.dropping(prefix: word) { return String(rest).trimmed }
    }
    return line
  }

  /// A name on one line, its value on the next.
  private static func alternating(_ lines: [String]) -> [FormField]? {
    guard lines.count.isMultiple(of: 2), !lines.isEmpty else { return nil }
    var fields: [FormField] = []
    for start in stride(from: 0, to: lines.count, by: 2) {
      let name = lines[start].dropping(suffix: ":").map(String.init) ?? lines[start]
      guard LoginNames.all.contains(LoginNames.written(name)) else { return nil }
      fields.append(FormField(LoginNames.written(name), lines[start + 1].withoutQuotes))
    }
    return fields
  }
}

extension UInt8 {
  /// A letter, a digit or an underscore.
  var isASCIIWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension String {
  /// Without quotation marks around it and without a comma at the end.
  var withoutQuotes: String {
    let text = dropping(suffix: ",") ?? self[...]
    for quote in ["\"", "'"] {
      guard let rest = text.dropping(prefix: quote)?.dropping(suffix: quote) else { continue }
      return String(rest)
    }
    return self
  }
}
