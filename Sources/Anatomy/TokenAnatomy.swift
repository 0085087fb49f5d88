import OpenID

/// A signed token from its characters to its claims.
///
/// RFC 7515, section 7.1: each four characters of base64url stand for three bytes; the last ones of
/// a segment may be two for one byte, or three for two.
public struct TokenAnatomy: Sendable, Equatable {
  /// One of the three parts between the dots.
  public struct Segment: Sendable, Equatable {
    /// `header`, `payload` or `signature`.
    public var name: String
    /// The characters as they stand in the token.
    public var characters: [UInt8]
    /// The bytes for which they stand.
    public var bytes: [UInt8]
    /// The members of the JSON object that the bytes are; empty for the signature.
    public var members: [Member]
  }

  /// A member of header or payload.
  public struct Member: Sendable, Equatable {
    /// The name, such as `nonce`.
    public var name: String
    /// Its place in the bytes: name, colon and value.
    public var bytes: Range<Int>
    /// The characters that hold these bytes, in whole groups of four.
    public var characters: Range<Int>
  }

  /// Header, payload and signature.
  public let segments: [Segment]

  /// Takes a token apart; nil when it is none.
  public init?(_ text: String) {
    guard let token = try? CompactJWS(text) else { return nil }
    let parts = text.split(at: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
    guard parts.count == 3,
      let header = try? Base64URL.decode(String(decoding: parts[0], as: UTF8.self))
    else { return nil }
    segments = [
      Segment(name: "header", characters: parts[0], bytes: header, members: Self.members(header)),
      Segment(
        name: "payload", characters: parts[1], bytes: token.payload,
        members: Self.members(token.payload)),
      Segment(
        name: "signature", characters: parts[2], bytes: token.signature, members: []),
    ]
  }

  private static func members(_ bytes: [UInt8]) -> [Member] {
    guard let json = try? JSONParser.parse(bytes), json.members != nil else { return [] }
    var builder = PartBuilder(bytes)
    return builder.jsonUnits(json).filter { $0.kind == .member }.map { unit in
      let content = unit.parts.reversed().drop { part in
        part.kind == .white
          || part.range.count == 1 && bytes[part.range.lowerBound] == UInt8(ascii: ",")
      }
      let end = content.first?.range.upperBound ?? unit.range.upperBound
      let range = unit.range.lowerBound..<end
      let last = (range.upperBound + 2) / 3 * 4
      let most = (bytes.count * 4 + 2) / 3
      return Member(
        name: unit.name, bytes: range, characters: range.lowerBound / 3 * 4..<min(last, most))
    }
  }
}
