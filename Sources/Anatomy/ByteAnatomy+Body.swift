import OpenID

extension PartBuilder {
  /// The fields of a form, each with the `&` after it.
  mutating func formUnits(end: Int) -> [ByteUnit] {
    var units: [ByteUnit] = []
    while position < end {
      let start = position
      takeField(end: end)
      let name = bytes[start..<end].prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "&") }
      let decoded = try? FormEncoding.decodeComponent(name, plusIsSpace: true)
      units.append(unit(.field, decoded ?? String(decoding: name, as: UTF8.self)))
    }
    return units
  }

  /// One field with the `&` after it.
  mutating func takeField(end: Int) {
    let part = next("&", before: end)
    let equals = next("=", before: part)
    takeEncoded(end: equals, .fieldName)
    take(to: min(equals + 1, part), .mark)
    let value = bytes[position..<part]
    if value.contains(UInt8(ascii: "%")) || value.contains(UInt8(ascii: "+")) {
      takeEncoded(end: part, .fieldValue)
    } else {
      takeValue(end: part, .fieldValue)
    }
    take(to: min(part + 1, end), .mark)
  }

  /// A name or value of a form, with its escapes.
  private mutating func takeEncoded(end: Int, _ kind: BytePart.Kind) {
    while position < end {
      var stop = position
      while stop < end, bytes[stop] != UInt8(ascii: "%"), bytes[stop] != UInt8(ascii: "+") {
        stop += 1
      }
      take(to: stop, kind)
      guard stop < end else { return }
      if bytes[stop] == UInt8(ascii: "+") {
        take(1, .escape, meaning: " ")
      } else {
        takeCharacter(end: end)
      }
    }
  }

  /// The escapes of one character: one, or up to four where UTF-8 needs as many bytes.
  private mutating func takeCharacter(end: Int) {
    var values: [UInt8] = []
    var place = position
    while values.count < 4, place + 2 < end, bytes[place] == UInt8(ascii: "%"),
      let value = UInt8(
        String(decoding: bytes[(place + 1)...(place + 2)], as: UTF8.self), radix: 16)
    {
      values.append(value)
      place += 3
    }
    // A `%` without two digits stands for itself.
    guard let first = values.first else { return take(1, .text) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    let whole = String(validating: values.prefix(length), as: UTF8.self)
    let count = whole == nil ? 1 : length
    take(3 * count, .escape, meaning: whole ?? "byte \(first)")
  }

  /// A page: tags, and the text between them.
  mutating func page() -> ByteUnit {
    while position < bytes.count {
      take(to: next("<", before: bytes.count), .text)
      take(to: min(next(">", before: bytes.count) + 1, bytes.count), .tag)
    }
    return unit(.page)
  }

  /// A body that is one token.
  mutating func token() -> ByteUnit {
    takeValue(end: bytes.count, .text)
    return unit(.text)
  }

  /// A body of which nothing is known.
  mutating func rest() -> ByteUnit {
    take(to: bytes.count, .text)
    return unit(.text)
  }
}

// MARK: JSON

extension PartBuilder {
  /// JSON that was read without an error: a unit for each member of an object, and one for what
  /// stands around them.
  mutating func jsonUnits(_ json: JSONValue) -> [ByteUnit] {
    var units: [ByteUnit] = []
    var names = (json.members ?? []).map(\.name)[...]
    var name: String?
    // Of each open object or array: whether it is an object.
    var open: [Bool] = []
    var expectsName = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        if expectsName, open.count == 1 {
          if !parts.isEmpty { units.append(unit(name == nil ? .punctuation : .member, name ?? "")) }
          name = names.popFirst()
        }
        takeString(expectsName ? .jsonName : .jsonString)
        expectsName = false
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        expectsName = bytes[position] == UInt8(ascii: "{")
        open.append(expectsName)
        take(1, .jsonMark)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = open.popLast()
        if open.isEmpty, let last = name {
          units.append(unit(.member, last))
          name = nil
        }
        take(1, .jsonMark)
      case UInt8(ascii: ","):
        expectsName = open.last ?? false
        take(1, .jsonMark)
      case UInt8(ascii: ":"): take(1, .jsonMark)
      case 0x20, 0x09, 0x0A, 0x0D: take(to: end { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }, .white)
      default: take(to: end { Self.isAfterLiteral($0) }, .jsonLiteral)
      }
    }
    if !parts.isEmpty { units.append(unit(.punctuation)) }
    return units
  }

  /// A string with its quotation marks; its escapes, or its segments when it is a token.
  private mutating func takeString(_ kind: BytePart.Kind) {
    take(1, .jsonMark)
    var close = position
    while close < bytes.count, bytes[close] != UInt8(ascii: "\"") {
      close += bytes[close] == UInt8(ascii: "\\") ? 2 : 1
    }
    close = min(close, bytes.count)
    if !bytes[position..<close].contains(UInt8(ascii: "\\")) {
      takeValue(end: close, kind)
    }
    while position < close {
      take(to: next("\\", before: close), kind)
      guard position < close else { break }
      takeEscape(end: close)
    }
    take(1, .jsonMark)
  }

  /// `\n`, `\u00e9`, or the two halves of a surrogate pair.
  private mutating func takeEscape(end: Int) {
    let isUnicode = position + 1 < end && bytes[position + 1] == UInt8(ascii: "u")
    var length = isUnicode ? 6 : 2
    var text = meaning(of: position..<min(position + length, end))
    if isUnicode, text == nil {
      length = 12
      text = meaning(of: position..<min(position + length, end))
    }
    take(to: min(position + length, end), .escape, meaning: text ?? "?")
  }

  private func meaning(of range: Range<Int>) -> String? {
    let quote = UInt8(ascii: "\"")
    return try? JSONParser.parse([quote] + bytes[range] + [quote]).string
  }

  /// The first place from here on whose byte fulfils a condition.
  private func end(_ condition: (UInt8) -> Bool) -> Int {
    bytes[(position + 1)...].firstIndex(where: condition) ?? bytes.count
  }

  private static func isAfterLiteral(_ byte: UInt8) -> Bool {
    [0x20, 0x09, 0x0A, 0x0D].contains(byte) || [",", "]", "}"].contains(UnicodeScalar(byte))
  }
}
