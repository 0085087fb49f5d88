/// Why a text is not a compact JWS this program reads.
public enum TokenError: Error, Sendable, Equatable {
  /// Larger than ``Limit/tokenBytes``.
  case tooLarge(bytes: Int)
  /// Not three segments; five make an encrypted token.
  case segmentCount(Int)
  /// A segment that is not strict base64url.
  case segment(String, EncodedTextError)
  /// A segment that is not JSON.
  case json(String, JSONError)
  /// JSON, but not an object.
  case notAnObject(String)
  /// No `alg`, or one that is not a string. RFC 7515, section 4.1.1.
  case missingAlgorithm
  /// A header parameter that is not a string but must be. RFC 7515, sections 4.1.4, 4.1.9, 4.1.10.
  case mistypedParameter(String)
}

/// A signed token in three segments.
///
/// RFC 7515, section 7.1.
///
/// The segments are kept as received: a signature covers the bytes, not what they mean.
public struct CompactJWS: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The token as received.
  public let text: String
  /// The JOSE header.
  public let header: JSONValue
  /// The payload, byte for byte.
  public let payload: [UInt8]
  /// The signature.
  public let signature: [UInt8]
  /// What was signed: the first two segments and the dot between them.
  public let signingInput: [UInt8]
  /// The header's `alg`.
  public let algorithmName: String

  /// Reads a token; checks its form only.
  public init(_ text: String) throws(TokenError) {
    guard text.utf8.count <= Limit.tokenBytes else { throw .tooLarge(bytes: text.utf8.count) }
    let segments = text.split(at: ".", omittingEmptySubsequences: false)
    guard segments.count == 3 else { throw .segmentCount(segments.count) }
    let headerBytes = try Self.decode(segments[0], "header")
    payload = try Self.decode(segments[1], "payload")
    signature = try Self.decode(segments[2], "signature")
    do {
      header = try JSONParser.parse(headerBytes)
    } catch {
      throw .json("header", error)
    }
    guard case .object = header else { throw .notAnObject("header") }
    guard let name = header["alg"]?.string else { throw .missingAlgorithm }
    // A value of the wrong type is not absent: the next reader may convert it.
    for name in ["kid", "typ", "cty"] {
      if let value = header[name], value.string == nil { throw .mistypedParameter(name) }
    }
    algorithmName = name
    signingInput = Array((segments[0] + "." + segments[1]).utf8)
    self.text = text
  }

  private static func decode(
    _ segment: Substring, _ name: String
  ) throws(TokenError) -> [UInt8] {
    do {
      return try Base64URL.decode(segment)
    } catch {
      throw .segment(name, error)
    }
  }

  /// The payload as a JSON object, names unique.
  public func claims() throws(TokenError) -> JSONValue {
    let value: JSONValue
    do {
      value = try JSONParser.parse(payload)
    } catch {
      throw .json("payload", error)
    }
    guard case .object = value else { throw .notAnObject("payload") }
    return value
  }

  /// The algorithm, if this program can check it; `none` is not checked.
  public var algorithm: SignatureAlgorithm? { SignatureAlgorithm(rawValue: algorithmName) }
  /// The header's `kid`.
  public var keyID: String? { header["kid"]?.string }
  /// The header's `typ`.
  public var type: String? { header["typ"]?.string }

  /// The algorithm, nothing else.
  public var description: String { "JWS (\(algorithmName.prefix(bytes: 20)))" }
  /// Nothing: `dump` would print the token otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
