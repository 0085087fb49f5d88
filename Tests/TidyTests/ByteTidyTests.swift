import Foundation
import Testing

/// Text from outside is searched by its bytes: a delimiter with a combining mark behind it is
/// another `Character`.
@Suite struct ByteTidyTests {
  private static let one = #""(?:[^"\\]|\\u\{[0-9A-Fa-f]+\}|\\.)""#

  /// What goes by `Character`, as far as that can be told by text, with what does the same by
  /// bytes.
  private static let refused: [(pattern: String, instead: String)] = [
    (#"\bhasPrefix\("#, "begins(with:)"), (#"\bhasSuffix\("#, "ends(with:)"),
    (#"\b(?:first|last)Index\(of: ""#, "cut(at:), cut(atLast:)"),
    (#"\b(?:first|last)Index(?:\(where:)? \{ !?""#, "before(anyOf:), from(anyOf:)"),
    (#"\bsplit\(separator: ""#, "split(at:)"),
    (#"\bsplit\(whereSeparator: [\\{]"#, "split(atAnyOf:)"),
    (#"\.contains\("# + one + #"\)"#, "holds(_:)"),
    (#"\{ !?\$0 [!=]= "# + one, "before(_:), split(at:), holds(anyOf:)"),
    (#"\{ !?""# + #"[^"]+"\.contains\(\$0\)"#, "holds(anyOf:), split(atAnyOf:)"),
    (#"\.(?:first|last) [!=]= "# + one, "begins(with:), ends(with:)"),
    (#"\.is(?:Whitespace|Letter|Number|Newline|Uppercase|Lowercase|Punctuation)\b(?!\()"#, "bytes"),
    (
      #"\.(?:replacing|firstRange\(of:|ranges\(of:|trimmingPrefix)\(?\s?""#,
      "replacing(bytes:with:)"
    ),
    (#"\.starts\(with: "[^"]*"\)"#, "begins(with:)"),
    (#"\.lowercased\(\)"#, "asciiLowercased"),
    (#"\.uppercased\(\)"#, "capitalized, isIdentical(toIgnoringCase:)"),
    (#"\(\w+: Character\) in\b"#, "bytes"),
  ]

  /// Places that mean a `Character`, each with its reason.
  private static let allowed: [(path: String, line: String)] = [
    // A key that was typed is a Character, and so is its name.
    ("Sources/Presentation/Keys/KeyNames.swift", #""Ctrl-" + character.uppercased()"#)
  ]

  private static let expressions = refused.compactMap { rule in
    (try? NSRegularExpression(pattern: rule.pattern)).map { ($0, rule.instead) }
  }

  /// The lines that go by `Character`, with what to write instead.
  ///
  /// Views of bytes and scalars may be searched with the same words; they stand in the line or in
  /// the one before it.
  static func findings(in lines: [Substring]) -> [(line: Int, instead: String)] {
    var found: [(Int, String)] = []
    for (index, line) in lines.enumerated() where !isComment(line) {
      let text = String(line)
      let whole = NSRange(text.startIndex..., in: text)
      for (expression, instead) in expressions
      where expression.firstMatch(in: text, range: whole) != nil {
        let views = [line] + (index > 0 ? [lines[index - 1]] : [])
        let isView = views.contains { $0.contains("unicodeScalars") || $0.contains("utf8") }
        if !isView { found.append((index + 1, instead)) }
      }
    }
    return found
  }

  private static func isComment(_ line: Substring) -> Bool {
    line.utf8.drop { $0 == UInt8(ascii: " ") }.starts(with: "//".utf8)
  }

  @Test func `outside text is searched by bytes`() {
    #expect(Self.expressions.count == Self.refused.count)
    for file in TidyTests.files where file.path.hasPrefix("Sources/") {
      for (line, instead) in Self.findings(in: file.lines) {
        let text = file.lines[line - 1]
        let isAllowed = Self.allowed.contains { file.path == $0.path && text.contains($0.line) }
        #expect(isAllowed, "\(file.path):\(line) goes by Character; write \(instead)")
      }
    }
  }

  @Test func `every exception is still needed`() {
    for (path, line) in Self.allowed {
      let file = TidyTests.files.first { $0.path == path }
      #expect(file?.text.contains(line) == true, "\(path)")
    }
  }

  @Test(arguments: [
    #"guard let equals = pair.firstIndex(of: "=") else { return }"#,
    #"let end = text.lastIndex(of: "\n")"#, #"for part in line.split(separator: ";") {"#,
    #"let words = text.split(whereSeparator: \.isNewline)"#, #"if authority.contains("@") {"#,
    #"if text.contains("\u{00B7}") {"#, #"let name = line.prefix { $0 != "=" }"#,
    #"let rest = line.drop { $0 == " " }"#, #"let fits = name.allSatisfy { !$0.isLetter }"#,
    #"if header.hasPrefix("Basic ") {"#, #"if path.hasSuffix("/") {"#, #"if text.first == "[" {"#,
    #"while text.last != " " {"#, #"return text.replacing("://", with: "")"#,
    #"let name = header.name.lowercased()"#, #"let verb = method.uppercased()"#,
    #"let isBlank = { (character: Character) in character == " " }"#,
    #"let words = help.prefix { !";:(".contains($0) }"#, #"if text.starts(with: "eyJ") {"#,
    #"if text.firstRange(of: "<form") != nil {"#,
  ]) func `the search sees a line that goes by Character`(line: String) {
    #expect(!Self.findings(in: ["  let a = 1", Substring(line)]).isEmpty)
    #expect(Self.findings(in: ["  let a = 1", Substring("  // " + line)]).isEmpty)
  }

  @Test(arguments: [
    #"let start = text.utf8.firstIndex { $0 == 0x3D }"#, #"for part in line.split(at: ";") {"#,
    #"let scalars = text.unicodeScalars.filter { $0 != "\n" }"#, #"if scopes.contains("openid") {"#,
    #"let index = lines.firstIndex { $0.isEmpty }"#, #"if parts.last == "" {"#,
    #"let word = line.prefix(40)"#,
  ]) func `the search leaves other lines alone`(line: String) {
    #expect(Self.findings(in: [Substring(line)]).isEmpty)
  }
}
