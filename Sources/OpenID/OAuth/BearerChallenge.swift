/// One challenge of a `WWW-Authenticate` header.
///
/// RFC 9110, section 11.6.1; RFC 6750, section 3.
public struct AuthenticationChallenge: Sendable, Equatable {
  /// The scheme, such as `Bearer`, as it was written.
  public var scheme: String
  /// The parameters in order, quotes and backslashes resolved.
  public var parameters: [FormField]

  /// Reads the first challenge of a header; nil when it has no scheme.
  public init?(header: String) {
    guard let first = Self.challenges(in: header).first else { return nil }
    self = first
  }

  fileprivate init(scheme: String) {
    self.scheme = scheme
    parameters = []
  }

  /// Reads the challenges of a header until something is not a challenge.
  public static func challenges(in header: String) -> [AuthenticationChallenge] {
    var reader = ChallengeReader(bytes: Array(header.utf8))
    return reader.challenges()
  }

  /// Whether the scheme is this one; case is ignored.
  public func isScheme(_ name: String) -> Bool {
    scheme.asciiLowercased.isIdentical(to: name.asciiLowercased)
  }

  /// The first parameter of this name; case is ignored.
  public subscript(name: String) -> String? {
    let wanted = name.asciiLowercased
    return parameters.first { $0.name.asciiLowercased.isIdentical(to: wanted) }?.value
  }
}

/// Reads challenges from left to right, byte by byte.
private struct ChallengeReader {
  let bytes: [UInt8]
  var offset = 0

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func challenges() -> [AuthenticationChallenge] {
    var found: [AuthenticationChallenge] = []
    while true {
      let start = offset
      skip { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
      let follows = start == 0 || bytes[start..<offset].contains(UInt8(ascii: ","))
      let word = take(while: isTokenByte)
      guard !word.isEmpty else { return found }
      let afterWord = offset
      skipBlanks()
      if next == UInt8(ascii: "="), !found.isEmpty {
        // Some servers omit the comma between parameters.
        offset += 1
        skipBlanks()
        found[found.count - 1].parameters.append(FormField(word, value()))
        continue
      }
      guard follows, next != UInt8(ascii: "=") else { return found }
      found.append(AuthenticationChallenge(scheme: word))
      if next == nil || next == UInt8(ascii: ",") { continue }
      guard offset > afterWord, firstParameter(of: &found) else { return found }
    }
  }

  /// Reads what follows a scheme and a space: a parameter, or credentials in one word.
  private mutating func firstParameter(of found: inout [AuthenticationChallenge]) -> Bool {
    let word = take(while: { isTokenByte($0) || $0 == UInt8(ascii: "/") })
    guard !word.isEmpty else { return false }
    skipBlanks()
    if next == nil || next == UInt8(ascii: ",") { return true }
    guard next == UInt8(ascii: "=") else { return false }
    offset += 1
    // `abc==`: RFC 9110 calls it token68.
    if next == UInt8(ascii: "=") {
      skip { $0 == UInt8(ascii: "=") }
      return true
    }
    skipBlanks()
    found[found.count - 1].parameters.append(FormField(word, value()))
    return true
  }

  private mutating func value() -> String {
    guard next == UInt8(ascii: "\"") else {
      return take(while: { $0 != UInt8(ascii: ",") && $0 != 0x20 && $0 != 0x09 })
    }
    offset += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      offset += 1
      if byte == UInt8(ascii: "\\") {
        guard let escaped = next else { break }
        text.append(escaped)
        offset += 1
      } else {
        text.append(byte)
      }
    }
    if next != nil { offset += 1 }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func take(while holds: (UInt8) -> Bool) -> String {
    let start = offset
    skip(while: holds)
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func skip(while holds: (UInt8) -> Bool) {
    while let byte = next, holds(byte) { offset += 1 }
  }

  private mutating func skipBlanks() { skip { $0 == 0x20 || $0 == 0x09 } }
}

/// Whether a byte may stand in a token.
///
/// RFC 9110, section 5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}
