/// Why an encoded text was refused.
public enum EncodedTextError: Error, Sendable, Equatable {
  /// A byte outside the alphabet, with its offset.
  case invalidByte(UInt8, offset: Int)
  /// A length no encoder produces.
  case invalidLength(Int)
  /// Unused bits of the last character are not zero, so two texts would mean the same bytes.
  case nonCanonical
  /// The bytes are not UTF-8.
  case invalidUTF8
}

/// Base64url without padding, as JOSE uses it.
///
/// RFC 7515, section 2 and appendix C.
public enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Encodes bytes; no padding.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: encoded(Array(bytes), with: alphabet), as: UTF8.self)
  }

  /// Decodes strictly: no padding, no line breaks, no foreign characters, zero trailing bits.
  public static func decode(_ text: some StringProtocol) throws(EncodedTextError) -> [UInt8] {
    try decoded(Array(text.utf8), value: value)
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: alphanumericValue(byte)
    }
  }
}

/// Base64 with padding, as HTTP Basic uses it.
///
/// RFC 4648, section 4.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Encodes bytes with padding.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let input = Array(bytes)
    let body = String(decoding: encoded(input, with: alphabet), as: UTF8.self)
    return body + String(repeating: "=", count: (3 - input.count % 3) % 3)
  }

  /// Decodes; padding may be left out, anything else is strict.
  public static func decode(_ text: some StringProtocol) throws(EncodedTextError) -> [UInt8] {
    var input = Array(text.utf8)
    let full = input.count
    while input.last == UInt8(ascii: "="), full - input.count < 2 { input.removeLast() }
    if full != input.count, full % 4 != 0 { throw .invalidLength(full) }
    return try decoded(input, value: value)
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: alphanumericValue(byte)
    }
  }
}

private func alphanumericValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
  case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
  default: nil
  }
}

private func encoded(_ input: [UInt8], with alphabet: [UInt8]) -> [UInt8] {
  var output: [UInt8] = []
  output.reserveCapacity((input.count * 4 + 2) / 3)
  var index = 0
  while index < input.count {
    let first = input[index]
    let second = index + 1 < input.count ? input[index + 1] : 0
    let third = index + 2 < input.count ? input[index + 2] : 0
    output.append(alphabet[Int(first >> 2)])
    output.append(alphabet[Int((first & 3) << 4 | second >> 4)])
    if index + 1 < input.count { output.append(alphabet[Int((second & 15) << 2 | third >> 6)]) }
    if index + 2 < input.count { output.append(alphabet[Int(third & 63)]) }
    index += 3
  }
  return output
}

private func decoded(
  _ input: [UInt8], value: (UInt8) -> UInt8?
) throws(EncodedTextError) -> [UInt8] {
  var output: [UInt8] = []
  output.reserveCapacity(input.count * 3 / 4)
  var buffer: UInt32 = 0
  var bits = 0
  for (offset, byte) in input.enumerated() {
    guard let six = value(byte) else { throw .invalidByte(byte, offset: offset) }
    buffer = buffer << 6 | UInt32(six)
    bits += 6
    if bits >= 8 {
      bits -= 8
      output.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
    }
  }
  // Checked after the bytes: an invalid byte is a better reason than the wrong length it causes.
  if input.count % 4 == 1 { throw .invalidLength(input.count) }
  if bits > 0, buffer & (1 << UInt32(bits) - 1) != 0 { throw .nonCanonical }
  return output
}
