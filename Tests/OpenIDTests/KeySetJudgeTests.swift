import OpenID
import Testing

/// What the one judge of keys says of each slip, without any calculation.
struct KeySetJudgeTests {
  /// A modulus of 2048 bits, of bytes that are not even in the end.
  static let modulus = [UInt8](repeating: 0xC5, count: 255) + [0x01]
  static let rsa: JSONValue = [
    "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k1",
    "n": .string(Base64URL.encode(modulus)), "e": "AQAB",
  ]
  static let ec: JSONValue = [
    "kty": "EC", "use": "sig", "alg": "ES256", "kid": "e1", "crv": "P-256",
    "x": .string(Base64URL.encode([UInt8](repeating: 7, count: 32))),
    "y": .string(Base64URL.encode([UInt8](repeating: 9, count: 32))),
  ]

  static func with(_ key: JSONValue, _ changes: (String, JSONValue?)...) -> JSONValue {
    var key = key
    for (name, value) in changes {
      if let value { key.set(name, value) } else { key.remove(name) }
    }
    return key
  }

  static func judge(
    _ keys: [JSONValue], _ algorithm: SignatureAlgorithm? = .rs256
  ) throws -> [KeySetFinding] {
    KeySetJudge(try JSONWebKeySet(["keys": .array(keys)]), algorithm: algorithm) { _ in nil }
      .findings
  }

  struct Slip: Sendable, CustomStringConvertible {
    let description: String
    let key: JSONValue
    let words: String
    let remedy: String
    init(_ what: String, _ key: JSONValue, _ words: String, _ remedy: String = "") {
      (description, self.key, self.words, self.remedy) = (what, key, words, remedy)
    }
  }

  static let slips: [Slip] = [
    Slip("base64", with(rsa, ("n", "xna+/w")), "n is ordinary base64", "- and _"),
    Slip("padding", with(rsa, ("n", "xnaw==")), "n is padded", "Drop the ="),
    Slip("blanks", with(rsa, ("n", "xna w")), "n has blanks or line breaks", "one piece"),
    Slip("hex", with(rsa, ("n", .string(Hex.text(modulus)))), "n is hexadecimal"),
    Slip("digits", with(rsa, ("n", .string(String(repeating: "7", count: 600)))), "in digits"),
    Slip("a PEM", with(rsa, ("n", "-----BEGIN PUBLIC KEY-----")), "n is PEM"),
    Slip("no e", with(rsa, ("e", nil)), "it has no e"),
    Slip("e as number", with(rsa, ("e", 65537)), "e is a number", "AQAB"),
    Slip("e in digits", with(rsa, ("e", "65537")), "e is written in digits", "AQAB"),
    Slip("e is 1", with(rsa, ("e", "AQ")), "e is 1"),
    Slip("e is even", with(rsa, ("e", "AQAA")), "e is an even number"),
    Slip(
      "n is even",
      with(rsa, ("n", .string(Base64URL.encode([UInt8](repeating: 0xC4, count: 256))))),
      "n is an even number"),
    Slip("cut off", with(rsa, ("n", "xnawa")), "n is cut off"),
    Slip("alg of Java", with(rsa, ("alg", "SHA256withRSA")), "RS256 is meant", "alg as RS256"),
    Slip("alg is a type", with(ec, ("alg", "EC")), "which is no algorithm", "ES256"),
    Slip("alg of others", with(rsa, ("alg", "ES256")), "needs a key of the type EC", "RS256"),
    Slip("alg of a curve", with(ec, ("alg", "ES512")), "needs the curve P-521", "ES256"),
    Slip("alg is null", with(rsa, ("alg", .null)), "alg is null"),
    Slip("use in capitals", with(rsa, ("use", "SIG")), "where sig is wanted"),
    Slip("use as list", with(rsa, ("use", ["sig"])), "use is an array"),
    Slip("use in words", with(rsa, ("use", "signature")), "where sig is wanted"),
    Slip("kid as number", with(rsa, ("kid", 7)), "kid is a number"),
    Slip("kty in small letters", with(rsa, ("kty", "rsa")), "RSA is meant"),
    Slip("a curve of OpenSSL", with(ec, ("crv", "prime256v1")), "P-256 is meant"),
    Slip("no curve", with(ec, ("crv", nil)), "it has no crv"),
    Slip("a curve of OKP", with(ec, ("crv", "Ed25519")), "of the type OKP"),
    Slip(
      "a short coordinate",
      with(ec, ("x", .string(Base64URL.encode([UInt8](repeating: 7, count: 31))))),
      "x has 31 bytes, and P-256 wants 32: leading zeros", "zero bytes in front of x"),
    Slip(
      "a long coordinate",
      with(ec, ("y", .string(Base64URL.encode([0] + [UInt8](repeating: 7, count: 32))))),
      "a zero in front is too many"),
    Slip(
      "a short coordinate of P-521",
      with(
        ec, ("crv", "P-521"), ("alg", "ES512"),
        ("x", .string(Base64URL.encode([UInt8](repeating: 7, count: 65)))),
        ("y", .string(Base64URL.encode([UInt8](repeating: 7, count: 66))))),
      "x has 65 bytes, and P-521 wants 66"),
    Slip(
      "only sign", with(rsa, ("use", nil), ("key_ops", ["sign"])), "names what only the private"),
    Slip("use against key_ops", with(rsa, ("key_ops", ["encrypt"])), "does not have verify"),
  ]

  @Test(arguments: slips)
  func `a key that nobody can use says why, and keeps a token from being verified`(
    _ slip: Slip
  ) throws {
    let found = try Self.judge([slip.key], nil)
    let finding = try #require(found.first { $0.weight == .harmful }, "\(found)")
    #expect(finding.rule == .usable)
    #expect(finding.evidence.contains(slip.words), "\(finding.evidence)")
    if !slip.remedy.isEmpty { #expect(finding.remedy?.contains(slip.remedy) == true) }
    // Beside a sound key it only is worth a warning.
    let beside = try Self.judge([Self.with(Self.rsa, ("kid", "sound")), slip.key], nil)
    #expect(!beside.contains { $0.weight == .harmful }, "\(beside)")
    let form = try #require(beside.first { $0.rule == .form })
    #expect(form.evidence.contains("no. 2") && form.evidence.contains(slip.words))
  }

  @Test func `keys of other uses do no harm`() throws {
    let others: [JSONValue] = [
      Self.with(Self.rsa, ("use", "tls"), ("alg", nil), ("kid", "t")),
      Self.with(Self.rsa, ("use", "enc"), ("alg", "RSA-OAEP"), ("kid", "e")),
      ["kty": "PQC", "kid": "p", "use": "sig"],
      Self.with(Self.ec, ("crv", "secp256k1"), ("alg", "ES256K"), ("kid", "s")),
    ]
    for other in others {
      let found = try Self.judge([Self.rsa, other])
      #expect(found.allSatisfy { $0.weight == .harmless }, "\(found)")
    }
    let alone = try Self.judge([others[0]])
    #expect(alone.contains { $0.rule == .usable && $0.weight == .harmful })
  }

  @Test func `names, copies and leaks are told apart`() throws {
    let twin = Self.with(
      Self.rsa, ("n", .string(Base64URL.encode([UInt8](repeating: 0xC7, count: 256)))))
    func weight(_ keys: [JSONValue], _ rule: KeySetFinding.Rule) throws -> KeySetFinding.Weight? {
      try Self.judge(keys).first { $0.rule == rule }?.weight
    }
    #expect(try weight([Self.rsa, twin], .keyID) == .doubtful)
    #expect(try weight([Self.rsa, Self.rsa], .keyID) == .harmless, "the same key twice")
    #expect(try weight([Self.rsa, Self.with(twin, ("use", "enc"))], .keyID) == .harmless)
    #expect(try weight([Self.rsa, Self.with(twin, ("kid", nil))], .keyID) == .doubtful)
    #expect(try weight([Self.with(Self.rsa, ("kid", nil))], .keyID) == .harmless)
    let leak = try #require(
      try Self.judge([Self.rsa, Self.with(Self.rsa, ("d", "AQAB"), ("kid", "bad"))])
        .first { $0.rule == .noPrivate })
    #expect(leak.weight == .harmful && leak.evidence == "bad (no. 2): d")
    #expect(!"\(leak)".contains("AQAB"))
    let shared = try Self.judge([Self.rsa, ["kty": "oct", "k": "c2VjcmV0"]])
    #expect(shared.first { $0.rule == .noPrivate }?.message.contains("shared secret") == true)
    #expect(try Self.judge([]).map(\.rule) == [.usable])
    let own = KeySetJudge(
      JSONWebKeySet(keys: [try #require(JSONWebKey(Self.with(Self.rsa, ("d", "AQAB"))))]),
      isSet: false
    ) { _ in nil }
    #expect(own.findings.first?.message.contains("holds its private part") == true)
  }

  @Test func `what stands in the place of a set is named`() throws {
    for (json, words) in [
      ([Self.rsa], "bare list of keys"), (Self.rsa, "one key, and no set"),
      (["keys": ["a": Self.rsa]], "is an object"), (["issuer": "https://a"], "discovery document"),
      (["k1": "-----BEGIN CERTIFICATE-----"], "PEM by their kid"), (["error": "x"], "an error"),
      ([:], "no array"),
    ] as [(JSONValue, String)] {
      do throws(KeySetError) {
        _ = try JSONWebKeySet(json)
        Issue.record("read: \(json.compactText)")
      } catch {
        #expect(error.explanation.contains(words), "\(error.explanation)")
      }
    }
  }
}
