import Testing

@testable import OpenID

/// What makes another `Character` of the delimiter before it.
@Suite struct ByteTextTests {
  static let marks = [
    "", "\u{0301}", "\u{0338}", "\u{20DD}", "\u{FE0F}", "\u{200D}", "\u{1F3FB}", "\u{0903}",
    "\u{E0001}",
  ]
  static let delimiters = [";", "=", ":", " ", "?", "#", "&", "/", ",", ".", "\r", "\n", "://"]

  @Test(arguments: delimiters, marks)
  func `a delimiter is found whatever mark follows it`(delimiter: String, mark: String) {
    let text = "a" + delimiter + mark + "b"
    let rest = mark + "b"
    #expect(text.holds(delimiter))
    #expect(text.cut(at: delimiter)?.before == "a")
    #expect(text.cut(at: delimiter)?.after.isIdentical(to: rest) == true)
    #expect(text.cut(atLast: delimiter)?.after.isIdentical(to: rest) == true)
    #expect(text.before(delimiter) == "a")
    #expect(text.after(delimiter).isIdentical(to: rest))
    #expect(text.split(at: delimiter).map { Array($0.utf8) } == [[0x61], Array(rest.utf8)])
    #expect(text.begins(with: "a" + delimiter))
    #expect(text.dropping(prefix: "a" + delimiter)?.isIdentical(to: rest) == true)
    #expect((delimiter + mark + "b").ends(with: rest))
    #expect(text.replacing(bytes: delimiter, with: "|").isIdentical(to: "a|" + rest))
    if delimiter.utf8.count == 1 {
      #expect(text.before(anyOf: "!" + delimiter) == "a")
      #expect(text.from(anyOf: delimiter).isIdentical(to: delimiter + rest))
      #expect(text.split(atAnyOf: delimiter).count == 2)
      #expect(text.holds(anyOf: delimiter))
    }
  }

  @Test func `plain text is cut as Swift cuts it`() {
    let text = "a=b=c;;d"
    #expect(text.cut(at: "=")?.after == "b=c;;d")
    #expect(text.cut(atLast: "=")?.before == "a=b")
    #expect(text.cut(at: "!") == nil && text.cut(atLast: "!") == nil)
    #expect(text.before("!") == text && text.after("!").isEmpty && text.from(anyOf: "!").isEmpty)
    #expect(text.split(at: ";") == text.split(separator: ";"))
    #expect(
      text.split(at: ";", omittingEmptySubsequences: false)
        == text.split(separator: ";", omittingEmptySubsequences: false))
    for most in 0...4 {
      #expect(text.split(at: "=", maxSplits: most) == text.split(separator: "=", maxSplits: most))
      #expect(
        ";;a;;b;".split(at: ";", maxSplits: most)
          == ";;a;;b;".split(separator: ";", maxSplits: most))
    }
    #expect("".split(at: ";").isEmpty)
    #expect("".split(at: ";", omittingEmptySubsequences: false) == [""])
    #expect("aaab".firstRange(ofBytes: "ab").map { "aaab"[$0] } == "ab")
    #expect("abab".lastRange(ofBytes: "ab").map { "abab"[..<$0.lowerBound] } == "ab")
    #expect(!"abc".holds("") && "abc".begins(with: "") && "abc".ends(with: ""))
    #expect("a/".dropping(suffix: "/") == "a" && "a".dropping(suffix: "/") == nil)
    #expect("abc".replacing(bytes: "", with: "!") == "abc")
    #expect("a".replacing(bytes: "a", with: "aa") == "aa")
  }

  @Test func `blanks are trimmed before a mark and no more than blanks`() {
    #expect(" \t\u{0301}a \t".trimmingBlanks.isIdentical(to: "\u{0301}a"))
    #expect(" \r\n a b\u{00A0} \n".trimmingSpace.isIdentical(to: "a b\u{00A0}"))
    #expect("\n".trimmingBlanks == "\n")
    #expect("  ".trimmingBlanks.isEmpty && "".trimmingSpace.isEmpty)
  }

  @Test func `letters of other scripts do not pass for ASCII`() {
    #expect(!"\u{212A}id".asciiLowercased.isIdentical(to: "kid"))
    #expect(!"\u{212A}".begins(with: "K") && !"a\u{037E}b".holds(";") && !"\u{1FEF}".holds("`"))
    #expect("Set-Cookie".isIdentical(toIgnoringCase: "set-cooKIE"))
    #expect(!"set-coo\u{212A}ie".isIdentical(toIgnoringCase: "set-cookie"))
    #expect("0123456789".isDigits && !"".isDigits && !"1\u{0301}".isDigits && !"\u{0663}".isDigits)
  }

  @Test func `a prefix of bytes ends with a whole scalar`() {
    let text = "a\u{E9}\u{20AC}\u{1F600}"
    #expect(
      (0...11).map { text.prefix(bytes: $0).unicodeScalars.count } == [
        0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4,
      ])
  }

  @Test(arguments: marks) func `pieces of known length are cut before a mark`(mark: String) {
    let text = "ab" + mark + "cd"
    #expect(text.dropFirst(bytes: 2).isIdentical(to: mark + "cd"))
    #expect(("=" + mark).dropFirst(bytes: 1).isIdentical(to: mark))
    #expect(text.dropLast(bytes: 2).isIdentical(to: "ab" + mark))
    #expect("abc".dropFirst(bytes: 9).isEmpty && "abc".dropLast(bytes: 9).isEmpty)
    #expect(text.prefix(scalars: 2) == "ab" && text.suffix(bytes: 2) == "cd")
    #expect(text.suffix(bytes: 3).utf8.count <= 3)
    #expect(("a  " + mark).trimmingBlanksAtEnd.isIdentical(to: mark.isEmpty ? "a" : "a  " + mark))
    #expect(("a\r\n" + mark + "b\n\nc").lines.map { String($0) } == ["a", mark + "b", "c"])
    #expect(("a" + mark + "b").capitalized.isIdentical(to: "A" + mark + "b"))
    #expect((":" + mark).parting(at: ":").after?.isIdentical(to: mark) == true)
    #expect("a".parting(at: ":").before == "a" && "a".parting(at: ":").after == nil)
    #expect(("a?" + mark + "#b").after(anyOf: "#?").isIdentical(to: mark + "#b"))
  }
}
