/// A start tag with its attributes.
struct HTMLTag {
  /// The name, lower case.
  var name: String
  /// Names in lower case, values decoded; of a repeated name the first counts.
  var attributes: [FormField]

  subscript(name: String) -> String? { attributes[name] }
  func has(_ name: String) -> Bool { attributes[name] != nil }
}

/// What a page is made of.
enum HTMLToken {
  case text(ArraySlice<UInt8>)
  case start(HTMLTag)
  case end(String)
  /// The content of an element in which tags mean nothing; its end tag is already consumed.
  case raw(HTMLTag, ArraySlice<UInt8>)
}

/// Cuts a page into tags and text.
///
/// Every search starts where the last one ended, so the whole is linear.
struct HTMLTokenizer {
  /// Further attributes of one tag are read and dropped, so that a lookup stays cheap.
  private static let attributesPerTag = 64
  private static let rawElements: Set<String> = [
    "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "template", "xmp",
  ]

  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    // Skips a byte order mark.
    offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.bytes = bytes
  }

  private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The next token; nil at the end of the page.
  mutating func next() -> HTMLToken? {
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "<"), let following = byte(at: offset + 1) else {
        return .text(text())
      }
      switch following {
      case UInt8(ascii: "!"):
        if bytes[(offset + 2)...].starts(with: "--".utf8) { skipComment() } else { skipTag() }
      case UInt8(ascii: "?"): skipTag()
      case UInt8(ascii: "/"):
        if let letter = byte(at: offset + 2), Self.isLetter(letter) {
          offset += 2
          let name = tagName()
          skipTag()
          return .end(name)
        }
        skipTag()
      case _ where Self.isLetter(following):
        return startTag()
      default: return .text(text())
      }
    }
    return nil
  }

  /// Text up to the next `<`; the first byte is always text.
  private mutating func text() -> ArraySlice<UInt8> {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") { offset += 1 }
    return bytes[start..<offset]
  }

  private mutating func skipTag() {
    while let byte = byte(at: offset), byte != UInt8(ascii: ">") { offset += 1 }
    offset += 1
  }

  private mutating func skipComment() {
    offset += 4
    // `<!-->` and `<!--->` are whole comments.
    if byte(at: offset) == UInt8(ascii: ">") {
      offset += 1
      return
    }
    offset -= 2
    while offset < bytes.count {
      if bytes[offset...].starts(with: "-->".utf8) {
        offset += 3
        return
      }
      if bytes[offset...].starts(with: "--!>".utf8) {
        offset += 4
        return
      }
      offset += 1
    }
  }

  private mutating func tagName() -> String {
    let start = offset
    while let byte = byte(at: offset), !Self.isSpace(byte), byte != UInt8(ascii: "/"),
      byte != UInt8(ascii: ">")
    {
      offset += 1
    }
    return Self.lowercased(bytes[start..<offset])
  }

  private mutating func startTag() -> HTMLToken {
    offset += 1
    var tag = HTMLTag(name: tagName(), attributes: [])
    while true {
      while let byte = byte(at: offset), Self.isSpace(byte) || byte == UInt8(ascii: "/") {
        offset += 1
      }
      guard let byte = byte(at: offset) else { break }
      if byte == UInt8(ascii: ">") {
        offset += 1
        break
      }
      let attribute = attribute()
      if tag.attributes.count < Self.attributesPerTag, !tag.has(attribute.name) {
        tag.attributes.append(attribute)
      }
    }
    guard Self.rawElements.contains(tag.name) else { return .start(tag) }
    return .raw(tag, rawText(until: tag.name))
  }

  private mutating func attribute() -> FormField {
    let start = offset
    offset += 1
    while let byte = byte(at: offset), !Self.isSpace(byte), byte != UInt8(ascii: "/"),
      byte != UInt8(ascii: ">"), byte != UInt8(ascii: "=")
    {
      offset += 1
    }
    let name = Self.lowercased(bytes[start..<offset])
    while let byte = byte(at: offset), Self.isSpace(byte) { offset += 1 }
    guard byte(at: offset) == UInt8(ascii: "=") else { return FormField(name, "") }
    offset += 1
    while let byte = byte(at: offset), Self.isSpace(byte) { offset += 1 }
    return FormField(name, attributeValue())
  }

  private mutating func attributeValue() -> String {
    guard let first = byte(at: offset) else { return "" }
    var start = offset
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      start += 1
      offset += 1
      while let byte = byte(at: offset), byte != first { offset += 1 }
      let value = HTMLEntities.decode(bytes[start..<offset], inAttribute: true)
      offset += 1
      return value
    }
    while let byte = byte(at: offset), !Self.isSpace(byte), byte != UInt8(ascii: ">") {
      offset += 1
    }
    return HTMLEntities.decode(bytes[start..<offset], inAttribute: true)
  }

  /// The content up to the end tag of this name, or up to the end of the page.
  private mutating func rawText(until name: String) -> ArraySlice<UInt8> {
    let start = min(offset, bytes.count)
    let wanted = Array(name.utf8)
    while offset < bytes.count {
      let after = offset + 2 + wanted.count
      if bytes[offset] == UInt8(ascii: "<"), byte(at: offset + 1) == UInt8(ascii: "/"),
        after <= bytes.count, Self.matches(bytes[(offset + 2)..<after], wanted),
        byte(at: after).map({ Self.isSpace($0) || $0 == 0x2F || $0 == 0x3E }) ?? true
      {
        let end = offset
        skipTag()
        return bytes[start..<end]
      }
      offset += 1
    }
    return bytes[start...]
  }

  private static func matches(_ slice: ArraySlice<UInt8>, _ lower: [UInt8]) -> Bool {
    slice.elementsEqual(lower) { isLetter($0) ? $0 | 0x20 == $1 : $0 == $1 }
  }

  private static func lowercased(_ slice: ArraySlice<UInt8>) -> String {
    let isUpper = UInt8(ascii: "A")...UInt8(ascii: "Z")
    return String(decoding: slice.map { isUpper.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
  }
}
