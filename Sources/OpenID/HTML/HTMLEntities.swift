/// Character references of HTML.
///
/// HTML Living Standard, section 13.2.5.72. The names are those that login pages use; an unknown
/// one stays as it was written.
public enum HTMLEntities {
  /// Text as it stands between tags or in an attribute, safe in both.
  ///
  /// - Parameter apostrophe: The reference for `'`, of which servers write different ones.
  public static func encode(_ text: String, apostrophe: String = "&#39;") -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += apostrophe
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// The text of bytes with their references decoded; linear in the bytes.
  static func decode(_ bytes: ArraySlice<UInt8>, inAttribute: Bool) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    append(bytes, inAttribute: inAttribute, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends bytes with their references decoded.
  static func append(
    _ bytes: ArraySlice<UInt8>, inAttribute: Bool, to output: inout [UInt8]
  ) {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "&"),
        let (scalar, end) = reference(bytes[(index + 1)...], inAttribute: inAttribute)
      {
        output.append(contentsOf: Array(String(scalar).utf8))
        index = end
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
  }

  /// No name in the table is longer, so no lookup reads further.
  private static let longestReference = 8

  private static func reference(
    _ rest: ArraySlice<UInt8>, inAttribute: Bool
  ) -> (Unicode.Scalar, end: Int)? {
    if rest.first == UInt8(ascii: "#") { return numeric(rest.dropFirst()) }
    let name = rest.prefix(longestReference).prefix(while: isAlphanumeric)
    let end = name.endIndex
    let text = String(decoding: name, as: UTF8.self)
    if end < rest.endIndex, rest[end] == UInt8(ascii: ";") {
      return named[text].map { ($0, end + 1) }
    }
    // Old names work without a semicolon, but `?a=1&copy=2` in a URL has no copyright sign.
    guard withoutSemicolon.contains(text), let scalar = named[text] else { return nil }
    if inAttribute, end < rest.endIndex, rest[end] == UInt8(ascii: "=") || isAlphanumeric(rest[end])
    {
      return nil
    }
    return (scalar, end)
  }

  private static func numeric(_ digits: ArraySlice<UInt8>) -> (Unicode.Scalar, end: Int)? {
    var index = digits.startIndex
    var radix: UInt32 = 10
    if digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X") {
      radix = 16
      index += 1
    }
    let start = index
    var code: UInt32 = 0
    while index < digits.endIndex, let digit = hexValue(digits[index]), UInt32(digit) < radix {
      // Above the Unicode range, more digits change nothing.
      if code <= 0x10FFFF { code = code * radix + UInt32(digit) }
      index += 1
    }
    guard index > start else { return nil }
    if index < digits.endIndex, digits[index] == UInt8(ascii: ";") { index += 1 }
    if let mapped = windows1252[code] { code = mapped }
    return (code == 0 ? "\u{FFFD}" : Unicode.Scalar(code) ?? "\u{FFFD}", index)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static let withoutSemicolon: Set<String> = [
    "amp", "lt", "gt", "quot", "nbsp", "copy", "reg", "AMP", "LT", "GT", "QUOT",
  ]

  private static let named: [String: Unicode.Scalar] = [
    "amp": "&", "AMP": "&", "lt": "<", "LT": "<", "gt": ">", "GT": ">", "quot": "\"",
    "QUOT": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "©", "reg": "®", "trade": "™",
    "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
    "rdquo": "”", "laquo": "«", "raquo": "»", "lsaquo": "‹", "rsaquo": "›", "bull": "•",
    "middot": "·", "times": "×", "larr": "←", "rarr": "→", "uarr": "↑", "darr": "↓", "check": "✓",
    "euro": "€", "pound": "£", "yen": "¥", "sect": "§", "deg": "°", "shy": "\u{AD}",
    "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}", "zwnj": "\u{200C}",
    "zwj": "\u{200D}", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö",
    "Uuml": "Ü", "szlig": "ß", "agrave": "à", "aacute": "á", "acirc": "â", "atilde": "ã",
    "aring": "å", "aelig": "æ", "ccedil": "ç", "egrave": "è", "eacute": "é", "ecirc": "ê",
    "euml": "ë", "igrave": "ì", "iacute": "í", "icirc": "î", "iuml": "ï", "ntilde": "ñ",
    "ograve": "ò", "oacute": "ó", "ocirc": "ô", "otilde": "õ", "oslash": "ø", "ugrave": "ù",
    "uacute": "ú", "ucirc": "û", "colon": ":", "sol": "/", "num": "#", "lpar": "(", "rpar": ")",
    "comma": ",", "period": ".", "equals": "=", "plus": "+", "quest": "?", "excl": "!",
    "commat": "@", "lowbar": "_", "Tab": "\t", "NewLine": "\n",
  ]

  /// What the numbers 128 to 159 mean in HTML, which differs from Unicode.
  private static let windows1252: [UInt32: UInt32] = [
    0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020,
    0x87: 0x2021, 0x88: 0x2C6, 0x89: 0x2030, 0x8A: 0x160, 0x8B: 0x2039, 0x8C: 0x152,
    0x8E: 0x17D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C, 0x94: 0x201D, 0x95: 0x2022,
    0x96: 0x2013, 0x97: 0x2014, 0x98: 0x2DC, 0x99: 0x2122, 0x9A: 0x161, 0x9B: 0x203A,
    0x9C: 0x153, 0x9E: 0x17E, 0x9F: 0x178,
  ]
}
