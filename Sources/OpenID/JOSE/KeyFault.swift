/// Something wrong with one published key.
public struct KeyFault: Sendable, Equatable {
  /// How much it matters.
  public enum Weight: Int, Sendable, Comparable {
    /// Worth knowing; nothing goes wrong because of it.
    case harmless
    /// Some clients refuse the key, or take it for another one.
    case doubtful
    /// Nobody can use the key.
    case unusable

    /// The order by harm.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// What is wrong, as a clause without a full stop: `n is base64 with + or /, not base64url`.
  public let what: String
  /// What the publisher has to do, as a sentence.
  public let remedy: String
  /// How much it matters.
  public let weight: Weight
  /// The rule.
  public let spec: SpecReference

  init(_ weight: Weight, _ what: String, _ remedy: String, _ spec: SpecReference) {
    (self.weight, self.what, self.remedy, self.spec) = (weight, what, remedy, spec)
  }

  /// What is wrong, in a sentence.
  public var explanation: String { what.capitalized + "." }
}

/// What a key says that it is for.
public enum KeyPurpose: Sendable, Equatable {
  /// Signatures.
  case signature
  /// Encryption.
  case encryption
  /// Something else, in the key's own word.
  case other(String)
  /// It does not say.
  case unstated
}

extension JSONWebKey {
  /// What the key says that it is for: by `use`, else by `key_ops`, else by `alg`.
  public var purpose: KeyPurpose {
    switch use.map({ Self.meantUse($0) ?? $0 }) {
    case "sig": return .signature
    case "enc": return .encryption
    case let other?: return .other(other)
    case nil: break
    }
    if let operations, !operations.isEmpty {
      let signs = operations.contains { ["verify", "sign"].contains($0) }
      return signs ? .signature : .encryption
    }
    return algorithmName.map { KeyAlgorithm.isEncryption($0) ? .encryption : .signature }
      ?? .unstated
  }

  /// What is wrong with the key, as far as its values show it; empty when nothing is.
  ///
  /// Whether a point is on its curve is not seen here: that takes a calculation. The length of an
  /// RSA key is judged by ``KeySetJudge``. RFC 7517, section 4; RFC 7518, section 6.
  public var faults: [KeyFault] {
    numberFaults + [algorithmFault, useFault].compactMap { $0 } + operationFaults
      + [keyIDFault, certificateFault].compactMap { $0 }
  }

  private var numberFaults: [KeyFault] {
    switch keyType {
    case "RSA": return RSANumbers(self).faults
    case "EC": return curveFaults(["x", "y"])
    case "OKP": return curveFaults(["x"])
    case "AKP": return [KeyMember(self, "pub").fault].compactMap { $0 }
    case "oct": return [KeyMember(self, "k").fault].compactMap { $0 }
    default:
      let meant = ["RSA", "EC", "OKP", "oct"].first { $0.isIdentical(toIgnoringCase: keyType) }
      return [
        KeyFault(
          meant == nil ? .harmless : .unusable,
          "kty is \u{201C}\(keyType)\u{201D}, which is no type of key"
            + (meant.map { "; \($0) is meant, and case counts" } ?? " that is known here"),
          meant.map { "Write kty as \($0)." } ?? "Clients skip a key that they do not know.",
          .rfc(7518, "6.1"))
      ]
    }
  }

  // MARK: Curves

  private func curveFaults(_ names: [String]) -> [KeyFault] {
    guard let curve else {
      return [KeyMember(self, "crv").absent]
    }
    guard let wanted = KeyAlgorithm.curves[curve] else {
      let meant = KeyAlgorithm.meantCurve(curve)
      return [
        KeyFault(
          .unusable,
          "crv is \u{201C}\(curve)\u{201D}, which is no curve of RFC 7518 or RFC 8037"
            + (meant.map { "; \($0) is meant" } ?? ""),
          meant.map { "Write crv as \($0)." } ?? "Use a curve that clients know, such as P-256.",
          .rfc(7518, "6.2.1.1"))
      ]
    }
    guard (wanted.keyType == keyType) else {
      return [
        KeyFault(
          .unusable, "kty is \(keyType), but \(curve) is a curve of the type \(wanted.keyType)",
          "Write kty as \(wanted.keyType).", .rfc(8037, "2"))
      ]
    }
    return names.compactMap { KeyMember(self, $0).coordinateFault(byteCount: wanted.byteCount) }
  }

  // MARK: Words

  private func mistyped(_ name: String, _ wanted: String) -> KeyFault? {
    guard let value = json[name] else { return nil }
    let isWanted = wanted == "text" ? value.string != nil : value.strings != nil
    guard !isWanted else { return nil }
    return KeyFault(
      .unusable, "\(name) is \(value.typePhrase), where a \(wanted) is wanted",
      "Write \(name) as a \(wanted), or leave it out.", .rfc(7517, "4"))
  }

  private var algorithmFault: KeyFault? {
    if let fault = mistyped("alg", "text") { return fault }
    guard let name = algorithmName, ["RSA", "EC", "OKP", "oct", "AKP"].contains(keyType) else {
      return nil
    }
    guard let fitting = KeyAlgorithm.keyTypes(of: name) else {
      let meant = KeyAlgorithm.meant(name)
      return KeyFault(
        .unusable,
        "alg is \u{201C}\(name)\u{201D}, which is no algorithm"
          + (meant.map { "; \($0) is meant" } ?? ""),
        "Write alg as \(meant ?? KeyAlgorithm.example(for: self)), or leave it out: clients skip "
          + "the key.",
        .rfc(7517, "4.4"))
    }
    let curveOfName = SignatureAlgorithm(rawValue: name)?.curve
    let isOtherCurve =
      curveOfName.map { $0 != curve } ?? false && KeyAlgorithm.curves[curve ?? ""] != nil
    guard !fitting.contains(keyType) || isOtherCurve else { return nil }
    return KeyFault(
      .unusable,
      "alg is \(name), which needs "
        + (isOtherCurve ? "the curve \(curveOfName ?? "")" : "a key of the type \(fitting[0])")
        + "; this is \(keyType)\(curve.map { " on \($0)" } ?? "")",
      "Let alg name the algorithm of the key: \(KeyAlgorithm.example(for: self)).",
      .rfc(7518, "3.1"))
  }

  private var useFault: KeyFault? {
    if let fault = mistyped("use", "text") { return fault }
    guard let use, use != "sig", use != "enc" else { return nil }
    if let meant = Self.meantUse(use) {
      return KeyFault(
        .unusable, "use is \u{201C}\(use)\u{201D}, where \(meant) is wanted",
        "Write use as \(meant): clients skip the key.", .rfc(7517, "4.2"))
    }
    return KeyFault(
      .harmless,
      "use is \u{201C}\(use)\u{201D}, neither sig nor enc: it verifies no tokens",
      "Nothing is to be done, if no token is signed with it.", .rfc(7517, "4.2"))
  }

  /// The use that is meant by a word in its place.
  private static func meantUse(_ word: String) -> String? {
    [
      "signature": "sig", "sign": "sig", "signing": "sig", "verify": "sig", "encryption": "enc",
      "encrypt": "enc", "sig": "sig", "enc": "enc",
    ][word.asciiLowercased]
  }

  private var operationFaults: [KeyFault] {
    if let fault = mistyped("key_ops", "list of texts") { return [fault] }
    guard let operations, !operations.isEmpty else { return [] }
    let list = operations.joined(separator: ", ")
    var found: [KeyFault] = []
    let verifies = operations.contains("verify")
    if use == "sig", !verifies {
      found.append(
        KeyFault(
          .unusable, "use is sig, but key_ops (\(list)) does not have verify",
          "Write verify into key_ops, or leave key_ops out.", .rfc(7517, "4.3")))
    } else if use == "enc", verifies {
      found.append(
        KeyFault(
          .doubtful, "use is enc, but key_ops (\(list)) is for signatures",
          "Leave one of them out, or let them agree.", .rfc(7517, "4.3")))
    } else if use == nil, operations.contains("sign"), !verifies {
      found.append(
        KeyFault(
          .unusable,
          "key_ops (\(list)) names what only the private key can do; a public key has verify",
          "Write verify in the place of sign.", .rfc(7517, "4.3")))
    }
    return found
  }

  private var keyIDFault: KeyFault? {
    if let fault = mistyped("kid", "text") { return fault }
    guard let keyID, keyID.trimmingSpace != keyID || keyID.isEmpty else { return nil }
    return KeyFault(
      .doubtful, keyID.isEmpty ? "kid is empty" : "kid has blanks at an end",
      "A token must name it letter by letter: take the blanks out, here and in the tokens.",
      .rfc(7517, "4.5"))
  }
}

/// The numbers of an RSA key.
private struct RSANumbers {
  let key: JSONWebKey

  init(_ key: JSONWebKey) { self.key = key }

  var faults: [KeyFault] {
    ["n", "e"].compactMap { KeyMember(key, $0).numberFault }
      + [modulus, exponent].compactMap { $0 }
  }

  private var modulus: KeyFault? {
    guard KeyMember(key, "n").numberFault == nil, let bytes = key.bytes("n") else { return nil }
    if let last = bytes.last, last & 1 == 0 {
      return KeyFault(
        .unusable, "n is an even number, and no modulus is: it is damaged, or something else",
        "Publish the key anew.", .rfc(7518, "6.3.1.1"))
    }
    guard bytes.first == 0 else { return nil }
    return KeyFault(
      .doubtful, "n begins with a zero byte, which does not belong to it",
      "Drop the byte: strict clients refuse the key.", .rfc(7518, "6.3.1.1"))
  }

  /// With an exponent of 1 every message is its own signature; an even one has no inverse.
  private var exponent: KeyFault? {
    guard KeyMember(key, "e").numberFault == nil, let bytes = key.bytes("e") else { return nil }
    let digits = bytes.drop { $0 == 0 }
    let isOne = digits.elementsEqual([1])
    if digits.isEmpty || isOne || (digits.last ?? 0) & 1 == 0 {
      return KeyFault(
        .unusable,
        isOne
          ? "e is 1: every message would be its own signature"
          : "e is an even number, and no exponent is",
        "Make a new key, with e 65537 (AQAB).", .rfc(8017, "3.1"))
    }
    guard digits.count <= 8 else {
      return KeyFault(
        .unusable, "e has \(digits.count) bytes, which clients refuse",
        "Make a new key, with e 65537 (AQAB).", .rfc(8017, "3.1"))
    }
    return nil
  }
}
