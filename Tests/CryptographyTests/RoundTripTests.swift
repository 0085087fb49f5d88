import Cryptography
import OpenID
import TestSupport
import Testing

struct RoundTripTests {
  @Test(arguments: SignatureAlgorithm.allCases)
  func `what a key signs verifies, whatever its length`(
    _ algorithm: SignatureAlgorithm
  ) throws {
    let (key, check) = try TestKeys.pair(algorithm)
    #expect(key.algorithm == algorithm)
    for count in [0, 1, 55, 56, 64, 1000, 100_000] {
      let input = try Randomness.bytes(count)
      let signature = try key.sign(input)
      #expect(
        try Signature.verify(signature: signature, of: input, algorithm: algorithm, key: check))
      #expect(try key.verify(signature: signature, of: input))
    }
  }

  @Test(arguments: EdwardsCurve.allCases)
  func `both Edwards curves sign`(_ curve: EdwardsCurve) throws {
    let key = try SigningKey.generate(.edDSA, keyID: "ed", edwardsCurve: curve)
    #expect(key.publicJWK.curve == curve.rawValue)
    let signature = try key.sign([1, 2, 3])
    #expect(signature.count == (curve == .ed25519 ? 64 : 114))
    func verifies(_ signature: [UInt8]) throws -> Bool {
      try Signature.verify(
        signature: signature, of: [1, 2, 3], algorithm: .edDSA, key: key.publicJWK)
    }
    #expect(try verifies(signature))
    #expect(try !verifies(signature + [0]))
    #expect(try !verifies(signature.dropLast()))
    #expect(try !verifies([]))
  }

  @Test(.timeLimit(.minutes(1)), arguments: SignatureAlgorithm.allCases)
  func `one changed byte anywhere breaks a signature`(_ algorithm: SignatureAlgorithm) throws {
    let (key, check) = try TestKeys.pair(algorithm)
    let token = try key.compactJWS(header: key.header(type: "JWT"), payload: Array("{}".utf8))
    let jws = try CompactJWS(token)
    #expect(try Signature.verify(jws, algorithm: algorithm, key: check))
    func verifies(_ signature: [UInt8], _ input: [UInt8]) throws -> Bool {
      try Signature.verify(signature: signature, of: input, algorithm: algorithm, key: check)
    }
    for index in jws.signature.indices {
      var signature = jws.signature
      signature[index] ^= 1 << (index % 8)
      #expect(try !verifies(signature, jws.signingInput), "signature byte \(index)")
    }
    for index in jws.signingInput.indices {
      var input = jws.signingInput
      input[index] ^= 1 << (index % 8)
      #expect(try !verifies(jws.signature, input), "input byte \(index)")
    }
    let others: [[UInt8]] = [
      [], [0] + jws.signature, jws.signature + [0], jws.signature.dropLast(),
      Array(jws.signature.dropFirst()), .init(repeating: 0, count: jws.signature.count),
      .init(repeating: 255, count: jws.signature.count),
    ]
    for signature in others { #expect(try !verifies(signature, jws.signingInput)) }
  }

  @Test(arguments: SignatureAlgorithm.allCases)
  func `another key of the same kind refuses`(_ algorithm: SignatureAlgorithm) throws {
    let (key, _) = try TestKeys.pair(algorithm)
    let other =
      algorithm.keyType == "RSA"
      ? try Fixture.vectors().key("oidc_core.public_jwk") : try TestKeys.pair(algorithm).1
    let signature = try key.sign([7])
    #expect(
      try !Signature.verify(signature: signature, of: [7], algorithm: algorithm, key: other))
  }

  @Test(arguments: [SignatureAlgorithm.rs256, .ps256])
  func `the same RSA key does not mix its algorithms`(_ algorithm: SignatureAlgorithm) throws {
    let key = try TestKeys.make(algorithm)
    let signature = try key.sign([7])
    for other in SignatureAlgorithm.allCases where other.keyType == "RSA" {
      let verifies = try Signature.verify(
        signature: signature, of: [7], algorithm: other, key: key.publicJWK)
      #expect(verifies == (other == algorithm))
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [SignatureAlgorithm.rs256, .ps256])
  func `an RSA signature keeps the zero it starts with`(_ algorithm: SignatureAlgorithm) throws {
    let key = try TestKeys.make(algorithm)
    for counter in UInt32(0)..<20_000 {
      let input = withUnsafeBytes(of: counter) { Array($0) }
      let signature = try key.sign(input)
      guard signature[0] == 0 else { continue }
      #expect(try key.verify(signature: signature, of: input))
      #expect(try !key.verify(signature: Array(signature.dropFirst()), of: input))
      #expect(try !key.verify(signature: [0] + signature, of: input))
      return
    }
    Issue.record("no signature in 20000 started with zero")
  }

  @Test func `a salt of another length or mask is refused`() throws {
    let file = try Fixture.json("pss-salt-lengths.json")
    let key = try Fixture.vectors().key("rfc7515.1.key")
    let message = Array(try file.text("message").utf8)
    var valid = 0
    for entry in try file.list("cases") {
      let verifies = try Signature.verify(
        signature: try Base64URL.decode(try entry.text("signature")), of: message,
        algorithm: try #require(SignatureAlgorithm(rawValue: try entry.text("alg"))), key: key)
      #expect(verifies == entry["valid"]?.bool, "\(entry.compactText)")
      valid += verifies ? 1 : 0
    }
    #expect(valid == 2)
  }
}

struct EllipticFormatTests {
  @Test(.timeLimit(.minutes(1)), arguments: [SignatureAlgorithm.es256, .es384, .es512])
  func `a half that starts with zero keeps its place`(_ algorithm: SignatureAlgorithm) throws {
    let key = try TestKeys.make(algorithm)
    let half = try key.sign([]).count / 2
    #expect(half == [.es256: 32, .es384: 48, .es512: 66][algorithm])
    // The top byte of P-521 is 0 or 1; elsewhere one signature in 128 has such a half.
    var found = Set<Int>()
    var counter: UInt32 = 0
    while found.count < 2, counter < 20_000 {
      let input = withUnsafeBytes(of: counter) { Array($0) }
      let signature = try key.sign(input)
      try #require(signature.count == 2 * half)
      for start in [0, half] where signature[start] == 0 && found.insert(start).inserted {
        func verifies(_ signature: [UInt8]) throws -> Bool {
          try Signature.verify(
            signature: signature, of: input, algorithm: algorithm, key: key.publicJWK)
        }
        #expect(try verifies(signature))
        var shortened = signature
        shortened.remove(at: start)
        #expect(try !verifies(shortened))
      }
      counter += 1
    }
    #expect(found == [0, half])
  }

  @Test func `an ECDSA signature in DER is refused`() throws {
    let key = try TestKeys.make(.es256)
    let raw = try key.sign([1])
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var value = Array(bytes.drop { $0 == 0 })
      if value.first.map({ $0 >= 0x80 }) == true { value.insert(0, at: 0) }
      return [0x02, UInt8(value.count)] + value
    }
    let body = integer(raw[..<32]) + integer(raw[32...])
    let der = [0x30, UInt8(body.count)] + body
    func verifies(_ signature: [UInt8]) throws -> Bool {
      try Signature.verify(
        signature: signature, of: [1], algorithm: .es256, key: key.publicJWK)
    }
    #expect(try verifies(raw))
    #expect(try !verifies(der))
    #expect(try !verifies(Array(der.prefix(64))))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a coordinate that starts with zero is written and read in full`() throws {
    for _ in 0..<20_000 {
      let key = try SigningKey.generate(.es256, keyID: "zero")
      let x = try #require(key.publicJWK.bytes("x"))
      try #require(x.count == 32)
      guard x[0] == 0 else { continue }
      let signature = try key.sign([1])
      #expect(
        try Signature.verify(
          signature: signature, of: [1], algorithm: .es256, key: key.publicJWK))
      let short = try key.publicJWK.with("x", bytes: x.dropFirst())
      #expect(throws: CryptoError.unusableKey("x has 31 bytes, the curve needs 32")) {
        try Signature.verify(signature: signature, of: [1], algorithm: .es256, key: short)
      }
      return
    }
    Issue.record("no key in 20000 had such a coordinate")
  }
}
