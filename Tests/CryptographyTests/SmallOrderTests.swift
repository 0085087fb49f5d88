import Cryptography
import OpenID
import Testing

/// Points of small order, as keys and as the first half of a signature.
///
/// The cases are those of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020): libcrypto
/// alone takes the first kind.
@Suite struct SmallOrderTests {
  /// Every encoding of a point whose order divides 8, in hexadecimal: the canonical ones, those with
  /// the sign of an x that is 0, and those with the prime added.
  static let ed25519 = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ]
  static let ed448 = [
    String(repeating: "00", count: 57), String(repeating: "00", count: 56) + "80",
    "01" + String(repeating: "00", count: 56),
    "fe" + String(repeating: "ff", count: 27) + "fe" + String(repeating: "ff", count: 27) + "00",
    String(repeating: "ff", count: 28) + "fe" + String(repeating: "ff", count: 27) + "00",
    String(repeating: "00", count: 28) + String(repeating: "ff", count: 28) + "00",
  ]

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }

  private static func key(_ curve: EdwardsCurve, _ x: [UInt8]) throws -> JSONWebKey {
    try #require(
      JSONWebKey([
        "kty": "OKP", "crv": .string(curve.rawValue), "x": .string(Base64URL.encode(x)),
      ]))
  }

  @Test(arguments: ed25519.map { (EdwardsCurve.ed25519, $0) } + ed448.map { (.ed448, $0) })
  func `a key of small order is refused, whatever the signature`(
    curve: EdwardsCurve, hex: String
  ) throws {
    let point = Self.bytes(hex)
    let key = try Self.key(curve, point)
    // With S = 0 and the neutral point as R, every message verifies under the neutral key.
    let neutral = Self.bytes(curve == .ed25519 ? Self.ed25519[2] : Self.ed448[2])
    for first in [neutral, point] {
      let signature = first + [UInt8](repeating: 0, count: point.count)
      for message in ["", "one", "another", "a third"] {
        #expect(
          performing: {
            try Signature.verify(
              signature: signature, of: Array(message.utf8), algorithm: .edDSA, key: key)
          }, throws: isUnusableKey)
      }
    }
  }

  @Test(arguments: ed25519)
  func `a signature whose first half is of small order is not valid`(hex: String) throws {
    let honest = try SigningKey.generate(.edDSA, keyID: "a")
    let message = Array("a message".utf8)
    let good = try honest.sign(message)
    #expect(try honest.verify(signature: good, of: message))
    let forged = Self.bytes(hex) + good.suffix(32)
    #expect(try !honest.verify(signature: forged, of: message))
  }

  /// RFC 8032, section 5.1.7.
  ///
  /// S is below the order of the group; else there would be a second signature for each.
  @Test func `a signature with the order added to S is not valid`() throws {
    let honest = try SigningKey.generate(.edDSA, keyID: "a")
    let message = Array("a message".utf8)
    let good = try honest.sign(message)
    let order = Self.bytes("edd3f55c1a631258d69cf7a2def9de14" + "00000000000000000000000000000010")
    var carry = 0
    var larger = Array(good.prefix(32))
    for (digit, addend) in zip(good.suffix(32), order) {
      let sum = Int(digit) + Int(addend) + carry
      larger.append(UInt8(sum & 0xFF))
      carry = sum >> 8
    }
    #expect(carry == 0)
    #expect(try !honest.verify(signature: larger, of: message))
  }

  /// RFC 8032, section 5.1.3.
  ///
  /// `y` is below the prime. 2^255 - 1 is 18 more than the prime, and of no small order.
  @Test(arguments: ["ffffffff", "f0ffffff", "eeffffff"])
  func `a key that is not written as its point is written is refused`(start: String) throws {
    let x = Self.bytes(start + String(repeating: "ff", count: 27) + "7f")
    let key = try Self.key(.ed25519, x)
    #expect(
      performing: {
        try Signature.verify(
          signature: [UInt8](repeating: 1, count: 64), of: [], algorithm: .edDSA, key: key)
      }, throws: isUnusableKey)
  }

  @Test(arguments: EdwardsCurve.allCases)
  func `honest keys and signatures stay good`(curve: EdwardsCurve) throws {
    for number in 0..<50 {
      let key = try SigningKey.generate(.edDSA, keyID: "a", edwardsCurve: curve)
      let message = Array("message \(number)".utf8)
      let signature = try key.sign(message)
      #expect(
        try Signature.verify(
          signature: signature, of: message, algorithm: .edDSA, key: key.publicJWK))
    }
  }
}
