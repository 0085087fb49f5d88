/// What is wrong with the form of a published key, so that nobody can use it.
///
/// RFC 7518, section 6: members are base64url without padding, and the coordinates of a curve have
/// its full length.
public enum KeyFault: Sendable, Equatable {
  /// A member is absent.
  case missing(String)
  /// A member is base64 with `+`, `/` or `=`.
  case standardBase64(String)
  /// A member is not base64url.
  case undecodable(String)
  /// A coordinate has another length than the curve's, in bytes.
  case length(String, found: Int, wanted: Int)
  /// The curve is not known here.
  case curve(String)
  /// `alg` is no algorithm that a key can have.
  case algorithm(String)
  /// `use` is neither `sig` nor `enc`.
  case use(String)

  /// What is wrong, in a sentence.
  public var explanation: String {
    switch self {
    case .missing(let name): "It has no \(name), which a key of this kind must have."
    case .standardBase64(let name):
      "Its \(name) is base64 with + / or =, and not base64url: libraries refuse the key."
    case .undecodable(let name): "Its \(name) is not base64url."
    case .length(let name, let found, let wanted):
      "Its \(name) has \(found) bytes, and the curve wants \(wanted): leading zeros belong to it."
    case .curve(let name): "The curve \u{201C}\(name)\u{201D} is not one of RFC 7518 or RFC 8037."
    case .algorithm(let name):
      "alg is \u{201C}\(name)\u{201D}, which is no algorithm: libraries skip the key."
    case .use(let name):
      "use is \u{201C}\(name)\u{201D}, which is neither sig nor enc: libraries skip the key."
    }
  }
}

extension JSONWebKey {
  /// The bytes of a coordinate on each curve.
  private static let coordinateBytes = [
    "P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32, "Ed25519": 32, "Ed448": 57,
    "X25519": 32, "X448": 56,
  ]

  /// What is wrong with the key's form; empty when nothing is.
  public var faults: [KeyFault] {
    var found: [KeyFault] = []
    switch keyType {
    case "RSA": found += ["n", "e"].compactMap { memberFault($0) }
    case "EC": found += curveFaults(["x", "y"])
    case "OKP": found += curveFaults(["x"])
    default: break
    }
    if let name = algorithmName, SignatureAlgorithm(rawValue: name) == nil,
      !Self.isEncryption(name)
    {
      found.append(.algorithm(name))
    }
    if let use, use != "sig", use != "enc" { found.append(.use(use)) }
    return found
  }

  private static func isEncryption(_ name: String) -> Bool {
    ["RSA-OAEP", "RSA1_5", "ECDH-ES", "A128", "A192", "A256", "dir"].contains {
      name.begins(with: $0)
    }
  }

  private func curveFaults(_ names: [String]) -> [KeyFault] {
    guard let curve else { return [.missing("crv")] }
    guard let wanted = Self.coordinateBytes[curve] else { return [.curve(curve)] }
    return names.compactMap { name in
      if let fault = memberFault(name) { return fault }
      let count = bytes(name)?.count ?? 0
      return count == wanted ? nil : .length(name, found: count, wanted: wanted)
    }
  }

  private func memberFault(_ name: String) -> KeyFault? {
    guard let text = json[name]?.string, !text.isEmpty else { return .missing(name) }
    if bytes(name) != nil { return nil }
    return text.holds(anyOf: "+/=") ? .standardBase64(name) : .undecodable(name)
  }
}
