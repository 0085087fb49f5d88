import Testing

@testable import OpenID

@Suite struct CompactJWSTests {
  /// RFC 7515, appendix A.1.
  private static let example =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
    + "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

  private static func segment(_ text: String) -> String { Base64URL.encode(text.utf8) }

  @Test func `the example of RFC 7515 is read`() throws {
    let token = try CompactJWS(Self.example)
    #expect(token.text == Self.example)
    #expect(token.algorithmName == "HS256")
    #expect(token.algorithm == .hs256)
    #expect(token.type == "JWT")
    #expect(token.keyID == nil)
    #expect(token.signature.count == 32)
    #expect(token.payload.starts(with: Array("{\"iss\":\"joe\",\r\n".utf8)))
    #expect(try token.claims()["exp"]?.integer == 1_300_819_380)
    let dots = Self.example.split(separator: ".")
    #expect(token.signingInput == Array("\(dots[0]).\(dots[1])".utf8))
  }

  @Test func `what is no compact JWS is refused with the reason`() {
    let head = Self.segment(#"{"alg":"RS256"}"#)
    let cases: [(String, TokenError)] = [
      ("", .segmentCount(1)), ("a.b", .segmentCount(2)), ("a.b.c.d.e", .segmentCount(5)),
      ("\(head).e30.AA=", .segment("signature", .invalidByte(0x3D, offset: 2))),
      ("\(head).e31.AA", .segment("payload", .nonCanonical)),
      ("\(head). .AA", .segment("payload", .invalidByte(0x20, offset: 0))),
      ("\(Self.segment("[]")).e30.AA", .notAnObject("header")),
      ("\(Self.segment("{}")).e30.AA", .missingAlgorithm),
      ("\(Self.segment(#"{"alg":1}"#)).e30.AA", .missingAlgorithm),
      ("\(Self.segment(#"{"alg":"RS256","kid":1}"#)).e30.AA", .mistypedParameter("kid")),
      ("\(Self.segment(#"{"alg":"RS256","kid":null}"#)).e30.AA", .mistypedParameter("kid")),
      ("\(Self.segment(#"{"alg":"RS256","typ":[]}"#)).e30.AA", .mistypedParameter("typ")),
      (".e30.AA", .json("header", JSONError(reason: .unexpectedEnd, offset: 0))),
      (
        "\(Self.segment(#"{"alg":"none","alg":"RS256"}"#)).e30.AA",
        .json("header", JSONError(reason: .duplicateName("alg"), offset: 14))
      ),
    ]
    for (text, fault) in cases {
      #expect(throws: fault, "\(text)") { try CompactJWS(text) }
    }
  }

  @Test func `claims must be one object with unique names`() throws {
    let head = Self.segment(#"{"alg":"ES256","kid":"k"}"#)
    #expect(throws: TokenError.notAnObject("payload")) {
      try CompactJWS("\(head).\(Self.segment("1")).").claims()
    }
    #expect(throws: TokenError.self) {
      try CompactJWS("\(head).\(Self.segment(#"{"sub":"a","\u0073ub":"b"}"#)).").claims()
    }
    let token = try CompactJWS("\(head)..")
    #expect(token.payload.isEmpty)
    #expect(token.signature.isEmpty)
    #expect(token.keyID == "k")
    #expect(throws: TokenError.self) { try token.claims() }
  }

  @Test func `none and names of other case are no algorithms`() throws {
    for name in ["none", "None", "rs256", "RS256 ", "ES256K", ""] {
      #expect(try CompactJWS(Self.segment("{\"alg\":\"\(name)\"}") + ".e30.").algorithm == nil)
    }
  }

  @Test func `the size limit holds on both sides`() throws {
    let head = Self.segment(#"{"alg":"RS256"}"#) + "."
    let rest = Limit.tokenBytes - head.utf8.count - 1
    let fill = String(repeating: "A", count: rest - (rest % 4 == 1 ? 1 : 0))
    _ = try CompactJWS(head + fill + "." + (rest % 4 == 1 ? "" : ""))
    #expect(throws: TokenError.tooLarge(bytes: Limit.tokenBytes + 1)) {
      try CompactJWS(String(repeating: ".", count: Limit.tokenBytes + 1))
    }
  }

  @Test func `a token prints its algorithm only`() throws {
    let token = try CompactJWS(Self.example)
    for text in everyPrint(of: token) {
      #expect(!text.contains("eyJ"))
      #expect(!text.contains("joe"))
    }
    #expect("\(token)" == "JWS (HS256)")
  }
}

@Suite struct JSONWebKeyTests {
  /// RFC 7638, section 3.1.
  private static let modulus =
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK"
    + "RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMica"
    + "tASqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XP"
    + "ksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"

  @Test func `the thumbprint's input holds the required members in order`() throws {
    let key = try #require(
      JSONWebKey([
        "kty": "RSA", "n": .string(Self.modulus), "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
      ]))
    #expect(
      key.thumbprintInput
        == Array("{\"e\":\"AQAB\",\"kty\":\"RSA\",\"n\":\"\(Self.modulus)\"}".utf8))
    #expect(key.modulusBits == 2048)
    #expect(key.keyID == "2011-04-29")
    #expect(key.algorithmName == "RS256")
    #expect(key.bytes("e") == [1, 0, 1])
    #expect(key.bytes("absent") == nil)
    let cases: [(JSONValue, String?)] = [
      (
        ["y": "2", "x": "1", "crv": "P-256", "kty": "EC"],
        #"{"crv":"P-256","kty":"EC","x":"1","y":"2"}"#
      ),
      (
        ["kty": "OKP", "x": "1", "crv": "Ed25519", "y": "2"],
        #"{"crv":"Ed25519","kty":"OKP","x":"1"}"#
      ),
      (["kty": "oct", "k": "AA"], #"{"k":"AA","kty":"oct"}"#), (["kty": "EC", "x": "1"], nil),
      (["kty": "RSA", "n": 1, "e": "AQAB"], nil), (["kty": "new"], nil),
    ]
    for (json, input) in cases {
      #expect(JSONWebKey(json)?.thumbprintInput == input.map { Array($0.utf8) }, "\(json)")
    }
  }

  @Test(
    arguments: [
      ([0x80], 8), ([0x00, 0x00, 0x01], 1), ([0x01, 0x00], 9), ([], 0), ([0, 0], 0),
    ] as [([UInt8], Int)]) func `modulus bits do not count leading zeros`(bytes: [UInt8], bits: Int)
  {
    let text = Base64URL.encode(bytes)
    #expect(JSONWebKey(["kty": "RSA", "n": .string(text)])?.modulusBits == bits)
    #expect(JSONWebKey(["kty": "EC", "n": .string(text)])?.modulusBits == nil)
  }

  @Test func `private members are named in their order`() {
    let key = JSONWebKey([
      "q": "x", "kty": "RSA", "n": "x", "e": "x", "d": "x", "p": "x", "dp": "x", "dq": "x",
      "qi": "x",
      "oth": [], "k": "x",
    ])
    #expect(key?.privateMembers == ["q", "d", "p", "dp", "dq", "qi", "oth", "k"])
    #expect(JSONWebKey(["kty": "EC", "x": "d", "kid": "p"])?.privateMembers == [])
  }

  @Test func `a set keeps what it can read and has a limit`() throws {
    let set = try JSONWebKeySet([
      "keys": [["kty": "RSA", "use": "sig", "key_ops": ["verify"]], ["kid": "x"], 1]
    ])
    #expect(set.keys.count == 1)
    #expect(set.ignored == 2)
    #expect(set.keys.first?.use == "sig")
    #expect(set.keys.first?.operations == ["verify"])
    for json in [["keys": "x"], [:], [], "x"] as [JSONValue] {
      #expect(throws: KeySetError.self) { try JSONWebKeySet(json) }
    }
    func many(_ count: Int) -> JSONValue {
      ["keys": .array(Array(repeating: ["kty": "oct"], count: count))]
    }
    #expect(try JSONWebKeySet(many(Limit.keysPerSet)).keys.count == Limit.keysPerSet)
    #expect(throws: KeySetError.tooMany(count: 101)) { try JSONWebKeySet(many(101)) }
    #expect(KeySetError.tooMany(count: 101).explanation == "more than 100 keys: 101")
  }

  @Test func `what nobody may know is found in every entry, read as a key or not`() throws {
    let set = try JSONWebKeySet([
      "keys": [
        ["kty": "RSA", "kid": "a"], ["kty": "oct", "kid": "b", "k": "x"], ["d": "x", "p": "y"],
        ["kty": "AKP", "kid": 7, "priv": "x"], "d",
      ]
    ])
    #expect(set.keys.count == 3 && set.ignored == 2)
    #expect(set.leaks.map(\.members) == [["k"], ["d", "p"], ["priv"]])
    #expect(set.leaks.map(\.keyID) == ["b", nil, nil])
    #expect(JSONWebKeySet(keys: set.keys).leaks.count == 2)
  }

  @Test func `a key whose kid is no string fits nothing`() throws {
    let key = try #require(JSONWebKey(["kty": "RSA", "kid": 7]))
    #expect(!key.fits(.rs256))
    #expect(try #require(JSONWebKey(["kty": "RSA", "kid": "7"])).fits(.rs256))
  }

  @Test func `algorithms fit their keys and digests`() {
    for algorithm in SignatureAlgorithm.allCases {
      #expect(algorithm.isSymmetric == algorithm.rawValue.hasPrefix("HS"))
      let size = algorithm.rawValue.suffix(3)
      let digest = algorithm.hashClaimDigest(curve: nil)
      #expect(algorithm == .edDSA ? digest == .sha512 : digest.byteCount * 8 == Int(size))
    }
    #expect(SignatureAlgorithm.edDSA.hashClaimDigest(curve: "Ed448").byteCount == 114)
    #expect(SignatureAlgorithm.es512.curve == "P-521")
    #expect(SignatureAlgorithm.ps256.keyType == "RSA")
  }
}
