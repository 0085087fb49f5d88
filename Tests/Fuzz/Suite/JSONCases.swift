/// Texts that RFC 8259 allows, forbids or leaves to the reader, each with the section that says so.
///
/// Written from the grammar, in the categories of the public JSON test suites: y, n and i.
enum JSONCases {
  /// Texts with one reason.
  struct Group: Sendable {
    let why: String
    let texts: [String]
  }

  /// What every reader accepts.
  static let accepted: [Group] = [
    Group(
      why: "RFC 8259, 2: any value may stand at the top",
      texts: [
        "0", "-1", "\"\"", "\"a\"", "true", "false", "null", "[]", "{}", "1.5", "\"\\u0041\"",
      ]),
    Group(
      why: "2: white space is space, tab, LF and CR, around any token",
      texts: [
        " 1 ", "\u{9}1\u{9}", "\u{A}1\u{A}", "\u{D}1\u{D}", "[ ]", "{ }", "[ 1 , 2 ]",
        "{ \"a\" : 1 }", "[\u{A}]", "{\u{9}\"a\"\u{D}:\u{A}1 }",
        "  \u{9}\u{A}\u{D}[\u{9}]\u{D}\u{A} ",
      ]),
    Group(
      why: "4: an object has any number of members",
      texts: [
        "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"\":0}", "{\"a\":{}}", "{\"a\":[]}",
        "{\"a\":null,\"b\":null}", "{\"a\\u0000b\":1}",
      ]),
    Group(
      why: "4 and 8.3: names are compared by code points, so these differ",
      texts: [
        "{\"a\":1,\"A\":2}", "{\"e\u{301}\":1,\"\u{E9}\":2}", "{\"a\":1,\"a \":2}",
      ]),
    Group(
      why: "5: an array has any number of elements of any kind",
      texts: [
        "[1]", "[1,2]", "[[]]", "[[],{}]", "[null]", "[1,\"a\",true,null,{},[]]",
        "[[[[[[[[]]]]]]]]", "[\"\"]",
      ]),
    Group(
      why: "6: integers, with minus, zero alone",
      texts: [
        "-0", "10", "-10", "9", "1234567890", "[0]", "[-0]", "[123]", "9223372036854775807",
        "-9223372036854775808", "18446744073709551616",
      ]),
    Group(
      why: "6: fractions have digits on both sides",
      texts: [
        "0.0", "-0.0", "0.1", "10.01", "-1.25", "0.000000000000000000000000000000001",
        "1.7976931348623157",
      ]),
    Group(
      why: "6: exponents, either case, either sign, zeros in front allowed",
      texts: [
        "1e1", "1E1", "1e+1", "1e-1", "1E+1", "1E-1", "0e0", "0e+0", "0E-0", "1.5e10", "-1.5E-10",
        "1e00", "1e007", "1e0001",
      ]),
    Group(
      why: "7: the eight short escapes",
      texts: [
        "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\"", "\"\\f\"", "\"\\n\"", "\"\\r\"", "\"\\t\"",
      ]),
    Group(
      why: "7: four hexadecimal digits of either case",
      texts: [
        "\"\\u0000\"", "\"\\u001f\"", "\"\\u00e9\"", "\"\\u00E9\"", "\"\\uabcd\"", "\"\\uABCD\"",
        "\"\\uFFFF\"", "\"\\ufffe\"", "\"\\uD7FF\"", "\"\\ue000\"", "\"\\u0022\"", "\"\\u005C\"",
      ]),
    Group(
      why: "7: a pair of surrogates is one character",
      texts: [
        "\"\\ud83d\\ude00\"", "\"\\uD800\\uDC00\"", "\"\\uDBFF\\uDFFF\"", "\"x\\ud834\\udd1ey\"",
      ]),
    Group(
      why: "7: everything from U+0020 but quote and backslash may stand for itself",
      texts: [
        "\" \"", "\"/\"", "\"\u{7F}\"", "\"\u{80}\"", "\"\u{E9}\"", "\"\u{20AC}\"",
        "\"\u{2028}\"", "\"\u{2029}\"", "\"\u{FEFF}\"", "\"\u{FFFF}\"", "\"\u{1F600}\"",
        "\"\u{10FFFF}\"", "\"'\"", "\"#//\"",
      ]),
  ]

  /// What every reader refuses.
  static let refused: [Group] = [
    Group(
      why: "2: a text is not empty",
      texts: [
        "", " ", "\u{A}", "\u{9}\u{9}",
      ]),
    Group(
      why: "2: one value, and nothing behind it",
      texts: [
        "1 2", "1,", "[] []", "{}{}", "\"\"\"\"", "null null", "true1", "[1]x", "{}]", "1]",
        "\"a\"b", "[]\u{0}", "{}#", "[],",
      ]),
    Group(
      why: "2: no other white space",
      texts: [
        "\u{C}1", "\u{B}1", "[\u{C}]", "\u{A0}1", "[1,\u{A0}2]", "\u{2028}1", "\u{85}1", "\u{0}1",
      ]),
    Group(
      why: "3: words are written in lower case and whole",
      texts: [
        "True", "TRUE", "False", "NULL", "nul", "tru", "fals", "t", "truee", "nulll", "none",
        "undefined", "yes", "[tru]", "{\"a\":nul}",
      ]),
    Group(
      why: "6: JSON has no infinities and no NaN",
      texts: [
        "NaN", "nan", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "-NaN", "[NaN]",
      ]),
    Group(
      why: "6: a number begins with a digit or a minus before one",
      texts: [
        "+1", ".5", "-.5", "-", "--1", "+", "- 1", "-a", "[+1]", "+0", ".", "-.",
      ]),
    Group(
      why: "6: no zeros in front",
      texts: [
        "00", "01", "-01", "-00", "012", "00.5", "[01]", "0123456789",
      ]),
    Group(
      why: "6: a fraction has a digit",
      texts: [
        "1.", "0.", "-1.", "1.e1", "1.a", "[1.]", "1..2", "1.2.3",
      ]),
    Group(
      why: "6: an exponent has a digit, and no fraction",
      texts: [
        "1e", "1E", "1e+", "1e-", "1ee1", "1e1.5", "1e+-1", "0e", "[1e]", "1e 1", "1 e1",
      ]),
    Group(
      why: "6: decimal digits only, ASCII only",
      texts: [
        "0x1", "1a", "1_000", "1,000", "0b1", "0o7", "1f", "\u{FF11}", "\u{661}", "1L",
      ]),
    Group(
      why: "5: brackets match and commas stand between elements",
      texts: [
        "[", "[1", "[1,", "[,", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1:2]", "[1}", "]", "[[]",
        "[[1]", "[]]", "[,]", "[1;2]",
      ]),
    Group(
      why: "4: braces match, every name a string, every value after a colon",
      texts: [
        "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{,\"a\":1}",
        "{\"a\":1,,\"b\":2}", "{\"a\" 1}", "{\"a\",1}", "{\"a\"::1}", "{a:1}", "{'a':1}", "{1:1}",
        "{null:1}", "{\"a\":1 \"b\":2}", "{\"a\":}", "{:1}", "{\"a\":1]", "}", "{[]:1}",
        "{\"a\":1;\"b\":2}", "{\"a\"=1}", "{{}}",
      ]),
    Group(
      why: "7: a string is closed by the quote that opened it",
      texts: [
        "\"", "\"a", "\"\\\"", "\"\\\\\\\"", "'a'", "'", "\u{201C}a\u{201D}", "[\"a]", "{\"a:1}",
        "`a`", "\"a'",
      ]),
    Group(
      why: "7: no other escapes",
      texts: [
        "\"\\a\"", "\"\\v\"", "\"\\0\"", "\"\\x41\"", "\"\\'\"", "\"\\U0041\"", "\"\\e\"",
        "\"\\ \"", "\"\\", "\"\\\u{A}\"", "\"\\1\"",
      ]),
    Group(
      why: "7: four hexadecimal digits, no fewer",
      texts: [
        "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\u 123\"",
        "\"\\u+123\"", "\"\\u{41}\"", "\"\\u00e", "\"\\ug000\"", "\"\\u12\u{E9}3\"",
      ]),
    Group(
      why: "7: control characters are escaped",
      texts: [
        "\"\u{0}\"", "\"\u{1F}\"", "\"\u{A}\"", "\"\u{9}\"", "\"\u{D}\"", "\"a\u{1}b\"",
        "[\"\u{A}\"]", "{\"\u{9}\":1}",
      ]),
    Group(
      why: "2: no comments",
      texts: [
        "//a\u{A}1", "1//a", "/*a*/1", "[1/*a*/]", "#a\u{A}1", "{/**/}", "1 --a",
      ]),
    Group(
      why: "8.1: no byte order mark",
      texts: [
        "\u{FEFF}1", "\u{FEFF}", "\u{FEFF}{}", "[\u{FEFF}]",
      ]),
  ]

  /// What a reader may accept or refuse, and what this one does.
  static let chosen: [(text: String, accepts: Bool, why: String)] = [
    ("\"\\ud800\"", false, "8.2: half a pair is no Unicode; it cannot be kept as UTF-8"),
    ("\"\\udfff\"", false, "8.2: half a pair"),
    ("\"\\ud800a\"", false, "8.2: half a pair"),
    ("\"\\ud800\\n\"", false, "8.2: half a pair before another escape"),
    ("\"\\ud800\\ud800\"", false, "8.2: two first halves"),
    ("\"\\udc00\\ud800\"", false, "8.2: a pair the wrong way round"),
    ("\"\\ud83d\\u0041\"", false, "8.2: half a pair before a letter"),
    ("[\"\\udead\"]", false, "8.2: a second half alone"),
    ("{\"a\":1,\"a\":2}", false, "4: names SHOULD be unique; RFC 7519, 4, requires it"),
    ("{\"a\":1,\"a\":1}", false, "4: equal values are no excuse"),
    ("{\"a\":1,\"\\u0061\":2}", false, "4: the same name, escaped"),
    ("{\"\":1,\"\":2}", false, "4: the empty name twice"),
    ("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}", false, "4: deeper, too"),
    ("1e400", true, "6: too large for a double; the digits are kept as written"),
    ("-1e400", true, "6: likewise"),
    ("1e-400", true, "6: too small for a double"),
    ("1e999999999999", true, "6: an exponent beyond 32 bits"),
    ("123456789012345678901234567890", true, "6: more than 64 bits"),
    ("0.1234567890123456789012345678901234567890", true, "6: more digits than a double"),
    ("-0", true, "6: minus zero"),
    ("\"\\ufdd0\"", true, "8.2: a noncharacter is a character of Unicode"),
    ("\"\\uffff\"", true, "8.2: likewise"),
  ]

  /// Bytes that are not UTF-8, which RFC 8259, 8.1, requires.
  static let notUTF8: [(bytes: [UInt8], why: String)] = [
    ([0x22, 0xFF, 0x22], "a byte that no encoding has"),
    ([0x22, 0x80, 0x22], "a continuation alone"),
    ([0x22, 0xC3, 0x22], "a first byte alone"),
    ([0x22, 0xE2, 0x82, 0x22], "two bytes of three"),
    ([0x22, 0xC0, 0xAF, 0x22], "an overlong slash"),
    ([0x22, 0xE0, 0x80, 0xAF, 0x22], "an overlong slash in three bytes"),
    ([0x22, 0xED, 0xA0, 0x80, 0x22], "half a surrogate pair"),
    ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], "beyond U+10FFFF"),
    ([0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], "five bytes"),
    ([0xFF, 0xFE, 0x31, 0x00], "UTF-16 with its mark"),
    ([0x31, 0x00], "UTF-16, little end first"),
    ([0x00, 0x31], "UTF-16, big end first"),
    ([0x5B, 0xFF, 0x5D], "outside a string"),
    ([0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D], "Latin-1 in a name"),
  ]
}
