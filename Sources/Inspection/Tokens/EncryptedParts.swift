import OpenID

/// The five parts of an encrypted token, which can be told apart without any key.
///
/// RFC 7516, section 7.1: header, encrypted key, initialization vector, ciphertext,
/// authentication tag.
public struct EncryptedParts: Sendable, Equatable {
  /// One part.
  public struct Part: Sendable, Equatable {
    /// Its name in the specification.
    public let name: String
    /// Its bytes; nil when it is not base64url.
    public let byteCount: Int?
    /// What is wrong with it, in a sentence; nil when nothing is seen.
    public let fault: String?
    /// What it is for.
    public let meaning: String

    /// Its length in words.
    public var length: String {
      switch byteCount {
      case nil: "not base64url"
      case 0?: "empty"
      case 1?: "1 byte"
      case let count?: "\(count) bytes"
      }
    }
  }

  /// The parts in their order.
  public let parts: [Part]

  /// Divides a token; nil when it has not five parts.
  package init?(_ text: String, header: JSONValue?) {
    let segments = text.split(at: ".", omittingEmptySubsequences: false)
    guard segments.count == 5 else { return nil }
    let algorithm = header?["alg"]?.string ?? ""
    let content = header?["enc"]?.string ?? ""
    let sizes = Self.contents[content]
    let counts = segments.map { (try? Base64URL.decode($0))?.count }
    func part(_ index: Int, _ name: String, _ meaning: String, _ fault: String?) -> Part {
      Part(
        name: name, byteCount: counts[index],
        fault: counts[index] == nil ? "It is not base64url: it was damaged on its way." : fault,
        meaning: meaning)
    }
    func exact(_ index: Int, _ wanted: Int?) -> String? {
      guard let wanted, let count = counts[index], count != wanted else { return nil }
      return "\(content) has \(wanted) bytes here: it was cut off or damaged."
    }
    parts = [
      part(
        0, "header", "how it was encrypted, and for whom",
        header == nil ? "It is no JSON object." : nil),
      part(
        1, "encrypted key", Self.keyMeaning(algorithm),
        Self.keyFault(algorithm, keyBytes: sizes?.key, counts[1])),
      part(2, "initialization vector", "a random start value; no secret", exact(2, sizes?.vector)),
      part(
        3, "ciphertext", "the content; only the receiver\u{2019}s key opens it",
        counts[3] == 0 ? "There is no content." : Self.blockFault(content, counts[3])),
      part(4, "authentication tag", "shows whether anything was changed", exact(4, sizes?.tag)),
    ]
  }

  /// The bytes of key, vector and tag of each content encryption; RFC 7518, section 5.
  private static let contents: [String: (key: Int, vector: Int, tag: Int)] = [
    "A128CBC-HS256": (32, 16, 16), "A192CBC-HS384": (48, 16, 24), "A256CBC-HS512": (64, 16, 32),
    "A128GCM": (16, 12, 16), "A192GCM": (24, 12, 16), "A256GCM": (32, 12, 16),
  ]

  private static func isDirect(_ algorithm: String) -> Bool {
    algorithm == "dir" || algorithm == "ECDH-ES"
  }

  private static func keyMeaning(_ algorithm: String) -> String {
    switch algorithm {
    case "dir": "empty: both sides already have the key of the content"
    case "ECDH-ES": "empty: the receiver computes the key of the content from epk and its own key"
    default: "the key of the content, readable for the receiver alone"
    }
  }

  /// RFC 7518, sections 4.2 to 4.8.
  private static func keyFault(_ algorithm: String, keyBytes: Int?, _ count: Int?) -> String? {
    guard let count else { return nil }
    if isDirect(algorithm) {
      return count == 0 ? nil : "With \(algorithm) it has to be empty."
    }
    if algorithm.begins(with: "RSA") {
      // As long as the modulus, which has whole words in practice.
      return (128...1024).contains(count) && count % 8 == 0
        ? nil : "RSA keys give 256, 384 or 512 bytes here: it was cut off or damaged."
    }
    // AES key wrap adds eight bytes; AES-GCM adds none, its tag stands in the header.
    guard let keyBytes else { return nil }
    let wanted = algorithm.ends(with: "GCMKW") ? keyBytes : keyBytes + 8
    guard algorithm.ends(with: "KW"), count != wanted else { return nil }
    return "\(algorithm) has \(wanted) bytes here: it was cut off or damaged."
  }

  private static func blockFault(_ content: String, _ count: Int?) -> String? {
    guard content.holds("CBC"), let count, count % 16 != 0 else { return nil }
    return "Its length is no multiple of 16 bytes, as \(content) has it: it was cut off or damaged."
  }
}

extension PastedToken {
  /// The five parts, when the token is encrypted.
  public var encryptedParts: EncryptedParts? {
    guard case .encrypted(let header) = form else { return nil }
    return EncryptedParts(text, header: header)
  }
}

extension PastedReader {
  /// The compact form of a JWE in JSON serialization, for its first recipient.
  ///
  /// RFC 7516, section 7.2.
  static func encryptedToken(_ json: JSONValue) -> String? {
    guard let header = json["protected"]?.string, let content = json["ciphertext"]?.string else {
      return nil
    }
    let recipient = json["recipients"]?.elements?.first ?? json
    let parts = [recipient["encrypted_key"], json["iv"], .string(content), json["tag"]]
    return ([header] + parts.map { $0?.string ?? "" }).joined(separator: ".")
  }
}
