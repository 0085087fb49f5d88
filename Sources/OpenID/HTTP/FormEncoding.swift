/// One name and value of a form, query or fragment, in the order it stood on the wire.
public struct FormField: Sendable, Hashable {
  /// The decoded name.
  public var name: String
  /// The decoded value.
  public var value: String

  /// Makes a field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// `application/x-www-form-urlencoded`, as forms, queries and OAuth bodies use it.
///
/// RFC 6749, appendix B; WHATWG URL, section 5.
public enum FormEncoding {
  /// Encodes fields in order.
  ///
  /// Leaves `A-Za-z0-9*-._`, writes space as `+`, the rest as `%XX`.
  public static func encode(_ fields: [FormField]) -> String {
    fields.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
  }

  /// Encodes one name or value.
  public static func encode(_ text: String) -> String {
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: " "): output.append(UInt8(ascii: "+"))
      case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        output.append(byte)
      default: output.append(contentsOf: percentEncoded(byte))
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Decodes a body, query or fragment into fields, keeping order and repeats.
  ///
  /// - Throws: ``EncodedTextError`` for a `%` without two hexadecimal digits, or bytes that are not
  ///   UTF-8. Nothing is guessed.
  public static func decode(_ body: some Sequence<UInt8>) throws(EncodedTextError) -> [FormField] {
    let bytes = Array(body)
    var fields: [FormField] = []
    var start = 0
    for end in 0...bytes.count where end == bytes.count || bytes[end] == UInt8(ascii: "&") {
      if end > start {
        let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
        let name = try decodeComponent(bytes[start..<equals], plusIsSpace: true)
        let value = try decodeComponent(bytes[min(equals + 1, end)..<end], plusIsSpace: true)
        fields.append(FormField(name, value))
      }
      start = end + 1
    }
    return fields
  }

  /// Decodes a text.
  public static func decode(_ text: some StringProtocol) throws(EncodedTextError) -> [FormField] {
    try decode(Array(text.utf8))
  }

  /// Decodes one component: `%XX` to bytes, `+` to space where asked.
  public static func decodeComponent(
    _ bytes: some Sequence<UInt8>, plusIsSpace: Bool
  ) throws(EncodedTextError) -> String {
    var output: [UInt8] = []
    let input = Array(bytes)
    var index = 0
    while index < input.count {
      let byte = input[index]
      if byte == UInt8(ascii: "%") {
        guard index + 2 < input.count, let high = hexValue(input[index + 1]),
          let low = hexValue(input[index + 2])
        else { throw .invalidByte(byte, offset: index) }
        output.append(high << 4 | low)
        index += 3
        continue
      }
      output.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
      index += 1
    }
    guard let text = String(validating: output, as: UTF8.self) else { throw .invalidUTF8 }
    return text
  }
}

/// Percent-encoding for queries.
///
/// RFC 3986, section 2.
public enum PercentEncoding {
  /// Encodes everything but RFC 3986's unreserved characters, space as `%20`.
  public static func encode(_ text: String) -> String {
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        output.append(byte)
      default: output.append(contentsOf: percentEncoded(byte))
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Encodes fields as a query, space as `%20`, which every server reads.
  public static func query(_ fields: [FormField]) -> String {
    fields.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
  }
}

/// The value of a hexadecimal digit; nil for any other byte.
func hexValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

private let hexDigits = Array("0123456789ABCDEF".utf8)

private func percentEncoded(_ byte: UInt8) -> [UInt8] {
  [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
}

extension [FormField] {
  /// The value of the first field of this name.
  public subscript(name: String) -> String? {
    first { $0.name.isIdentical(to: name) }?.value
  }

  /// The names that occur more than once, in the order of their repetition.
  public var repeatedNames: [String] {
    var counts: [[UInt8]: Int] = [:]
    var repeated: [String] = []
    for field in self {
      let name = [UInt8](field.name.utf8)
      let count = counts[name, default: 0] + 1
      counts[name] = count
      if count == 2 { repeated.append(field.name) }
    }
    return repeated
  }
}
