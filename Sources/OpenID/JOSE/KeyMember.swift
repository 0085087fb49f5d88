/// One number of a key, in the notation of base64url.
///
/// RFC 7518, section 2: without padding, blanks or line breaks.
struct KeyMember {
  private let key: JSONWebKey
  private let name: String

  init(_ key: JSONWebKey, _ name: String) { (self.key, self.name) = (key, name) }

  private func fault(_ what: String, _ remedy: String) -> KeyFault {
    KeyFault(.unusable, "\(name) \(what)", remedy, .rfc(7518, "6"))
  }

  /// The fault of a key without it.
  var absent: KeyFault {
    KeyFault(
      .unusable, "it has no \(name), which a key of the type \(key.keyType) must have",
      "Publish the whole public key.", .rfc(7518, "6"))
  }

  /// What is wrong with its notation; nil when nothing is.
  var fault: KeyFault? {
    guard let value = key.json[name] else { return absent }
    guard let text = value.string else {
      let isExponent = name == "e" && value.integer == 65537
      return fault(
        "is \(value.typePhrase), where a text in base64url is wanted",
        isExponent ? "Write 65537 as \u{201C}AQAB\u{201D}." : "Write \(name) in base64url.")
    }
    guard !text.isEmpty else { return fault("is empty", "Publish the whole public key.") }
    if text.holds("-----BEGIN") {
      return fault(
        "is PEM, where only the number is wanted", "Write the number \(name) in base64url.")
    }
    if text.utf8.contains(where: { $0 <= 0x20 }) {
      return fault("has blanks or line breaks in it", "Write \(name) in one piece.")
    }
    if text.holds(anyOf: "+/") {
      return fault(
        "is ordinary base64 (with + or /), not base64url",
        "Write \(name) with - and _ in the place of + and /, and without =.")
    }
    if text.ends(with: "=") {
      return fault("is padded with =, and base64url is not", "Drop the = at the end of \(name).")
    }
    if name == "e", text.isDigits, text.utf8.count > 1 {
      return fault("is written in digits, not in base64url", "Write 65537 as \u{201C}AQAB\u{201D}.")
    }
    guard key.bytes(name) != nil else { return undecodable(text) }
    return nil
  }

  private func undecodable(_ text: String) -> KeyFault {
    let remedy = "Publish the key anew."
    do throws(EncodedTextError) {
      _ = try Base64URL.decode(text)
      return fault("is not base64url", remedy)
    } catch {
      switch error {
      case .invalidByte(_, let offset):
        return fault("is not base64url: character \(offset + 1) is none of its letters", remedy)
      case .invalidLength:
        return fault(
          "is cut off: no base64url text has \(text.utf8.count) characters", remedy)
      case .nonCanonical, .invalidUTF8:
        return fault("is cut off or damaged: its last character has bits too many", remedy)
      }
    }
  }

  /// What is wrong with a number of RSA.
  var numberFault: KeyFault? {
    if let fault { return fault }
    // Digits are letters of base64url too: only their lack of others gives them away.
    guard let text = key.json[name]?.string, text.utf8.count >= 64 else { return nil }
    if text.isDigits { return fault("is written in digits, not in base64url", notation) }
    return Self.isHex(text) ? fault("is hexadecimal, not base64url", notation) : nil
  }

  private var notation: String { "Write the bytes of \(name) in base64url." }

  private static func isHex(_ text: String) -> Bool {
    text.utf8.count.isMultiple(of: 2)
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0.asciiLowercased)
      }
  }

  /// What is wrong with a coordinate of a curve.
  func coordinateFault(byteCount wanted: Int) -> KeyFault? {
    if let fault { return fault }
    guard let count = key.bytes(name)?.count, count != wanted else { return nil }
    let text = key.json[name]?.string ?? ""
    if text.utf8.count == 2 * wanted, Self.isHex(text) {
      return fault("is hexadecimal, not base64url", notation)
    }
    let what = "has \(count) bytes, and \(key.curve ?? "the curve") wants \(wanted)"
    if count == wanted + 1, key.bytes(name)?.first == 0 {
      return fault(
        what + ": a zero in front is too many", "Drop the zero byte at the start of \(name).")
    }
    // A public number is random: one in 256 begins with a zero byte.
    if count < wanted, wanted - count <= 3, key.keyType == "EC" {
      return fault(
        what + ": leading zeros belong to it",
        "Put zero bytes in front of \(name), up to \(wanted) bytes.")
    }
    return fault(what, "Publish the key anew, or name its own curve.")
  }
}

/// The registered algorithms and curves, and what is written in their place.
enum KeyAlgorithm {
  /// The bytes of a coordinate on each curve, and the type of its keys.
  static let curves: [String: (keyType: String, byteCount: Int)] = [
    "P-256": ("EC", 32), "P-384": ("EC", 48), "P-521": ("EC", 66), "secp256k1": ("EC", 32),
    "Ed25519": ("OKP", 32), "Ed448": ("OKP", 57), "X25519": ("OKP", 32), "X448": ("OKP", 56),
  ]

  /// The curve that another name of it means; nil when the name is not known.
  static func meantCurve(_ name: String) -> String? {
    let bare = name.asciiLowercased.replacing(bytes: "-", with: "")
      .replacing(bytes: "_", with: "")
    if let curve = curves.keys.first(where: {
      $0.asciiLowercased.replacing(bytes: "-", with: "") == bare
    }) {
      return curve
    }
    return [
      "prime256v1": "P-256", "secp256r1": "P-256", "nistp256": "P-256", "p256r1": "P-256",
      "secp384r1": "P-384", "nistp384": "P-384", "secp521r1": "P-521", "nistp521": "P-521",
      "p512": "P-521", "curve25519": "X25519",
    ][bare]
  }

  /// The types of key of a registered algorithm; nil when the name is none.
  ///
  /// The registry of RFC 7518, section 7.1, without its prohibited names.
  static func keyTypes(of name: String) -> [String]? {
    switch name {
    case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512": ["RSA"]
    case "RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512": ["RSA"]
    case "ES256", "ES384", "ES512", "ES256K": ["EC"]
    case "EdDSA", "Ed25519", "Ed448": ["OKP"]
    case "ML-DSA-44", "ML-DSA-65", "ML-DSA-87": ["AKP"]
    case "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW": ["EC", "OKP"]
    case "HS256", "HS384", "HS512", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW",
      "A256GCMKW", "dir", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW",
      "A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512":
      ["oct"]
    default: nil
    }
  }

  static func isEncryption(_ name: String) -> Bool {
    ["RSA-OAEP", "RSA1_5", "ECDH-ES", "A128", "A192", "A256", "dir", "PBES2"].contains {
      name.begins(with: $0)
    }
  }

  /// The algorithm that a name of another world means; nil when it cannot be told.
  static func meant(_ name: String) -> String? {
    let bare = name.asciiLowercased.replacing(bytes: "-", with: "")
      .replacing(bytes: "_", with: "")
    if let cased = SignatureAlgorithm.allCases.first(where: {
      $0.rawValue.isIdentical(toIgnoringCase: bare)
    }) {
      return cased.rawValue
    }
    return [
      "sha256withrsa": "RS256", "sha384withrsa": "RS384", "sha512withrsa": "RS512",
      "rsasha256": "RS256", "rsa256": "RS256", "sha256rsa": "RS256", "rsassapss": "PS256",
      "sha256withecdsa": "ES256", "ecdsasha256": "ES256", "rsaoaep256": "RSA-OAEP-256",
    ][bare]
  }

  /// An algorithm that fits a key.
  static func example(for key: JSONWebKey) -> String {
    switch (key.keyType, key.curve) {
    case ("EC", "P-384"): "ES384"
    case ("EC", "P-521"): "ES512"
    case ("EC", "secp256k1"): "ES256K"
    case ("EC", _): "ES256"
    case ("OKP", "X25519"), ("OKP", "X448"): "ECDH-ES"
    case ("OKP", _): "EdDSA"
    default: "RS256"
    }
  }
}
