import TestSupport
import Testing

@testable import OpenID

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "1", "-1", "10", "0.0", "-0.1", "1e5", "1E+5", "1.5e-7",
    "1e400", "-1e400", "123456789012345678901234567890", "\"\"", "\"a\"", "[]", "{}", " [ ] ",
    "\t\n\r{}\r\n", "[1,2,3]", "[[],{}]", "{\"\":0}", "{\"a\":{\"a\":1}}", "{\"a\":1,\"b\":1}",
    "[null,true,false]", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\\u00e9\\u20AC\"",
    "\"\\uD83D\\uDE00\"", "\"\\u0000\"", "\"\u{7F}\"", "\"\u{2028}\"", "\"é€😀\"", "\"\\uFFFF\"",
    "\"\u{FEFF}\"", "[\"a\" , \"b\"]", "{\"\u{E9}\":1,\"e\u{301}\":2}",
  ]) func `RFC 8259 texts are accepted`(text: String) throws { _ = try JSONParser.parse(text) }

  @Test(arguments: [
    ("", JSONError.Reason.unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1),
    ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
    ("{\"a\":", .unexpectedEnd, 5), ("{", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2),
    ("\"\\", .unexpectedEnd, 2), ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3),
    ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2),
    ("1e+", .unexpectedEnd, 3), ("[1,]", .unexpectedByte(0x5D), 3),
    ("{\"a\":1,}", .unexpectedByte(0x7D), 7), ("[,1]", .unexpectedByte(0x2C), 1),
    ("[1 2]", .unexpectedByte(0x32), 3), ("{a:1}", .unexpectedByte(0x61), 1),
    ("{'a':1}", .unexpectedByte(0x27), 1), ("{\"a\" 1}", .unexpectedByte(0x31), 5),
    ("{1:1}", .unexpectedByte(0x31), 1), ("{\"a\":1 \"b\":2}", .unexpectedByte(0x22), 7),
    ("[}", .unexpectedByte(0x7D), 1), ("NaN", .unexpectedByte(0x4E), 0),
    ("Infinity", .unexpectedByte(0x49), 0), ("nan", .unexpectedByte(0x61), 1),
    ("True", .unexpectedByte(0x54), 0), ("+1", .unexpectedByte(0x2B), 0),
    (".5", .unexpectedByte(0x2E), 0), ("-x", .badNumber, 1), ("01", .badNumber, 1),
    ("-01", .badNumber, 2), ("1.e3", .badNumber, 2), ("1e3.5", .trailingBytes, 3),
    ("0x10", .trailingBytes, 1), ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2),
    ("truex", .trailingBytes, 4), ("[]]", .trailingBytes, 2), ("null\u{0}", .trailingBytes, 4),
    ("\u{FEFF}{}", .unexpectedByte(0xEF), 0), ("\u{A0}1", .unexpectedByte(0xC2), 0),
    ("// x\n1", .unexpectedByte(0x2F), 0), ("1 /* x */", .trailingBytes, 2),
    ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
    ("\"\u{0}\"", .controlCharacter, 1), ("\"\\x41\"", .badEscape, 2), ("\"\\'\"", .badEscape, 2),
    ("\"\\u00G0\"", .badEscape, 5), ("\"\\U0041\"", .badEscape, 2), ("\"\\uD800\"", .badEscape, 7),
    ("\"\\uDC00\"", .badEscape, 7), ("\"\\uD800\\u0041\"", .badEscape, 13),
    ("\"\\uD800\\n\"", .badEscape, 7), ("\"\\uDE00\\uD83D\"", .badEscape, 7),
    ("{\"a\":1,\"a\":2}", .duplicateName("a"), 7),
    ("{\"a\":1,\"\\u0061\":1}", .duplicateName("a"), 7),
    ("[{\"x\":{\"\":1,\"\":1}}]", .duplicateName(""), 12),
  ]) func `anything else is refused where it goes wrong`(
    text: String, reason: JSONError.Reason, offset: Int
  ) {
    #expect(throws: JSONError(reason: reason, offset: offset)) { try JSONParser.parse(text) }
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
    ] as [[UInt8]]) func `strings that are no UTF-8 are refused`(bytes: [UInt8])
  {
    #expect(throws: JSONError(reason: .invalidUTF8, offset: 0)) { try JSONParser.parse(bytes) }
  }

  @Test func `depth is limited, with something inside or not`() throws {
    for inner in ["", "1"] {
      func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)
      }
      _ = try JSONParser.parse(nested(Limit.jsonDepth))
      #expect(throws: JSONError(reason: .tooDeep, offset: Limit.jsonDepth)) {
        try JSONParser.parse(nested(Limit.jsonDepth + 1))
      }
    }
    #expect(throws: JSONError(reason: .tooDeep, offset: Limit.jsonDepth)) {
      try JSONParser.parse(String(repeating: "[", count: 1_000_000))
    }
    let objects = String(repeating: "{\"a\":", count: Limit.jsonDepth)
    _ = try JSONParser.parse(objects + "1" + String(repeating: "}", count: Limit.jsonDepth))
    #expect(throws: JSONError(reason: .tooDeep, offset: 5 * Limit.jsonDepth)) {
      try JSONParser.parse(objects + "{")
    }
  }

  @Test func `size is limited on both sides`() throws {
    let full = "\"" + String(repeating: "a", count: Limit.jsonBytes - 2) + "\""
    #expect(try JSONParser.parse(full).string?.utf8.count == Limit.jsonBytes - 2)
    #expect(throws: JSONError(reason: .tooLarge, offset: Limit.jsonBytes)) {
      try JSONParser.parse(full + " ")
    }
  }

  @Test(
    arguments: [
      ("1311280970", 1_311_280_970), ("1311280970.9", 1_311_280_970), ("-0.5", -1), ("-0", 0),
      ("1e3", 1000), ("1.0", 1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("9223372036854775808", nil), ("1e400", nil), ("-1e400", nil), ("1e19", nil), ("1e-400", 0),
      ("123456789012345678901234567890", nil),
    ] as [(String, Int64?)]) func `numbers keep their digits and convert without a trap`(
      literal: String, integer: Int64?
    ) throws
  {
    let value = try JSONParser.parse(literal)
    #expect(value.integer == integer)
    #expect(value.compactText == literal)
  }

  @Test func `order, digits and escapes survive a round trip`() throws {
    let text = #"{"z":1.50,"a":[true,null,"\"\\\n\r\t\u0000\u001f\u007f\u2028é😀"],"m":{}}"#
    let value = try JSONParser.parse(text)
    #expect(value.compactText == text)
    #expect(value.members?.map(\.name) == ["z", "a", "m"])
    #expect(
      value.prettyText == """
        {
          "z": 1.50,
          "a": [
            true,
            null,
            "\\"\\\\\\n\\r\\t\\u0000\\u001f\\u007f\\u2028é😀"
          ],
          "m": {}
        }
        """)
  }

  @Test func `any value survives writing and reading`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let value = Self.value(depth: 0, using: &generator)
      #expect(try JSONParser.parse(value.compactText) == value)
      #expect(try JSONParser.parse(value.prettyText) == value)
    }
  }

  private static func value(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
    let scalars: [Unicode.Scalar] = [
      "a", "\"", "\\", "/", "\u{0}", "\u{1F}", "\u{7F}", "\u{85}", "é", "\u{301}", "\u{2028}",
      "\u{FFFF}", "😀", "\u{10FFFF}", "\n",
    ]
    func text(_ generator: inout SeededGenerator) -> String {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        view.append(scalars[Int.random(in: scalars.indices, using: &generator)])
      }
      return String(view)
    }
    switch Int.random(in: 0...(depth < 4 ? 6 : 4), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &generator)))
    case 3, 4: return .string(text(&generator))
    case 5:
      let count = Int.random(in: 0...4, using: &generator)
      return .array((0..<count).map { _ in value(depth: depth + 1, using: &generator) })
    default:
      let count = Int.random(in: 0...4, using: &generator)
      return .object(
        (0..<count).map { index in
          JSONMember("\(index)" + text(&generator), value(depth: depth + 1, using: &generator))
        })
    }
  }

  @Test func `any damage is refused or read, never a trap`() throws {
    let text = Array(
      #"{"iss":"https://t","aud":["a","b"],"exp":1.5e3,"x":{"\u00e9\ud83d\ude00":null}}"#.utf8)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<3000 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      if let value = try? JSONParser.parse(bytes) {
        #expect(try JSONParser.parse(value.compactText) == value)
      }
    }
    for end in text.indices {
      #expect(throws: JSONError.self) { try JSONParser.parse(Array(text[..<end])) }
    }
  }

  @Test func `accessors answer for their own kind only`() {
    let value: JSONValue = [
      "s": "t", "n": 7, "b": true, "l": ["x", "y"], "m": ["x", 1], "o": [:],
    ]
    #expect(value["s"]?.string == "t")
    #expect(value["n"]?.integer == 7)
    #expect(value["b"]?.bool == true)
    #expect(value["l"]?.strings == ["x", "y"])
    #expect(value["m"]?.strings == nil)
    #expect(value["m"]?.elements?.count == 2)
    #expect(value["s"]?.integer == nil)
    #expect(value["n"]?.string == nil)
    #expect(value["absent"] == nil)
    #expect(JSONValue.null["s"] == nil)
    #expect(
      [value, "s", 1, true, [], .null].map(\.typeName) == [
        "object", "string", "number", "boolean", "array", "null",
      ])
  }

  @Test func `members are set in place, added at the end and removed`() {
    var value: JSONValue = ["a": 1, "b": 2]
    value.set("a", 3)
    value.set("c", 4)
    value.remove("b")
    #expect(value.compactText == #"{"a":3,"c":4}"#)
    var text: JSONValue = "x"
    text.set("a", 1)
    text.remove("a")
    #expect(text == "x")
  }

  @Test func `texts are compared by their code points`() {
    #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
    #expect(JSONMember("\u{E9}", 1) != JSONMember("e\u{301}", 1))
    #expect(Set([JSONValue.string("\u{E9}"), JSONValue.string("e\u{301}")]).count == 2)
    let value: JSONValue = ["\u{212B}": 1]
    #expect(value["\u{C5}"] == nil)
  }
}
