/// Why a text is not a compact JWE this program reads.
public enum EncryptedTokenError: Error, Sendable, Equatable {
  /// Larger than ``Limit/tokenBytes``.
  case tooLarge(bytes: Int)
  /// Not five parts.
  case partCount(Int)
  /// A part that is not strict base64url.
  case part(String, EncodedTextError)
  /// A header that is not JSON, or has a name twice.
  case json(JSONError)
  /// A header that is JSON, but no object.
  case notAnObject
  /// A header parameter that is missing, or is no text.
  case parameter(String)
}

/// An encrypted token in five parts: header, encrypted key, initialization vector, ciphertext and
/// authentication tag.
///
/// RFC 7516, section 7.1. The parts are kept as received: the tag covers the header's characters,
/// not what they mean.
public struct CompactJWE: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The token as received.
  public let text: String
  /// The JOSE header.
  public let header: JSONValue
  /// The encrypted key; empty where the key needs no transport.
  public let encryptedKey: [UInt8]
  /// The initialization vector.
  public let vector: [UInt8]
  /// The ciphertext.
  public let ciphertext: [UInt8]
  /// The authentication tag.
  public let tag: [UInt8]
  /// What the tag covers besides the ciphertext: the first part as it came.
  public let authenticatedData: [UInt8]
  /// The header's `alg`.
  public let algorithmName: String
  /// The header's `enc`.
  public let contentName: String

  /// The names of the five parts, in order.
  public static let partNames = [
    "header", "encrypted key", "initialization vector", "ciphertext", "authentication tag",
  ]

  /// Reads a token; checks its form only.
  public init(_ text: String) throws(EncryptedTokenError) {
    guard text.utf8.count <= Limit.tokenBytes else { throw .tooLarge(bytes: text.utf8.count) }
    let parts = text.split(at: ".", omittingEmptySubsequences: false)
    guard parts.count == 5 else { throw .partCount(parts.count) }
    var bytes: [[UInt8]] = []
    for (part, name) in zip(parts, Self.partNames) {
      do throws(EncodedTextError) {
        bytes.append(try Base64URL.decode(part))
      } catch {
        throw .part(name, error)
      }
    }
    do throws(JSONError) {
      header = try JSONParser.parse(bytes[0])
    } catch {
      throw .json(error)
    }
    guard case .object = header else { throw .notAnObject }
    guard let algorithm = header["alg"]?.string else { throw .parameter("alg") }
    guard let content = header["enc"]?.string else { throw .parameter("enc") }
    for name in ["kid", "typ", "cty"] {
      if let value = header[name], value.string == nil { throw .parameter(name) }
    }
    (encryptedKey, vector, ciphertext, tag) = (bytes[1], bytes[2], bytes[3], bytes[4])
    (algorithmName, contentName) = (algorithm, content)
    authenticatedData = Array(parts[0].utf8)
    self.text = text
  }

  /// Whether a text has the five parts of an encrypted token, whatever is in them.
  public static func hasForm(_ text: String) -> Bool {
    text.utf8.count { $0 == UInt8(ascii: ".") } == 4
  }

  /// How the key travels, if this program can do it.
  public var algorithm: KeyManagementAlgorithm? {
    KeyManagementAlgorithm(rawValue: algorithmName)
  }
  /// How the content is locked, if this program can do it.
  public var content: ContentEncryptionAlgorithm? {
    ContentEncryptionAlgorithm(rawValue: contentName)
  }
  /// The header's `kid`.
  public var keyID: String? { header["kid"]?.string }
  /// The header's `cty`.
  public var contentType: String? { header["cty"]?.string }

  /// The two algorithms, nothing else.
  public var description: String {
    "JWE (\(algorithmName.prefix(bytes: 20)), \(contentName.prefix(bytes: 20)))"
  }
  /// Nothing: `dump` would print the token otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
