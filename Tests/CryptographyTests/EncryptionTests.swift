import OpenID
import Testing

@testable import Cryptography

/// Encrypted tokens: published vectors, every pair both ways, and what must not open.
struct EncryptionTests {
  private static func key(_ json: JSONValue) throws -> DecryptionKey {
    try DecryptionKey(privateJWK: try #require(JSONWebKey(json)))
  }

  private static func opened(_ text: String, _ key: DecryptionKey) throws -> [UInt8]? {
    try? JWE.decrypt(try CompactJWE(text), with: key).get()
  }

  // MARK: - Published vectors

  @Test func `RFC 7516, appendix A.1, RSA-OAEP and A256GCM`() throws {
    let key = try Self.key([
      "kty": "RSA", "e": "AQAB",
      "n": .string(
        "oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqllXI4D"
          + "FqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenS"
          + "ZeyaxziK72UwxrrKoExv6kc5twXTq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfr"
          + "a36C9knDFGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw"),
      "d": .string(
        "kLdtIj6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS1j82E375xxhWMHXyvjYecPT"
          + "9fpwR_M9gV8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vq"
          + "j3kbSCz1XyfCs6_LehBwtxHIyh8Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEt"
          + "E-id-4OJr0h-K-VFs3VSndVTIznSxfyrj8ILL6MG_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ"),
      "p": .string(
        "1r52Xk46c-LsfB5P442p7atdPUrxQSy4mti_tZI3Mgf2EuFVbUoDBvaRQ-SWxkbkmoEzL7JXroSBjSrK3YIQgYdMgyAE"
          + "PTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5MDFuoUYE0hzb2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0"),
      "q": .string(
        "wLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVCOBmUDdaDYVTSNx_8Fyw1YYa9XGrGnDew00J28"
          + "cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9KEBRzk2RatUBnmDZJTIAfwTs0g68UZHvtc"),
      "dp": .string(
        "ZK-YwE7diUh0qR1tR7w8WHtolDx3MZ_OTowiFvgfeQ3SiresXjm9gZ5KLhMXvo-uz-KUJWDxS5pFQ_M0evdo1dKiRTjV"
          + "w_x4NyqyXPM5nULPkcpU827rnpZzAJKpdhWAgqrXGKAECQH0Xt4taznjnd_zVpAmZZq60WPMBMfKcuE"),
      "dq": .string(
        "Dq0gfgJ1DdFGXiLvQEZnuKEN0UUmsJBxkjydc3j4ZYdBiMRAy86x0vHCjywcMlYYg4yoC4YZa9hNVcsjqA3FeiL19rk8"
          + "g6Qn29Tt0cj8qqyFpz9vNDBUfCAiJVeESOjJDZPYHdHY8v1b-o-Z2X5tvLx-TCekf7oxyeKDUqKWjis"),
      "qi": .string(
        "VIMpMYbPf47dT1w_zDUXfPimsSegnMOA1zTaX7aGk_8urY6R8-ZW1FxU7AlWAyLWybqq6t16VFd7hQd0y6flUK4SlOyd"
          + "B61gwanOsXGOAOv82cHq0E3eL4HrtZkUuKvnPrMnsUUFlfUdybVzxyjz9JF_XyaY14ardLSjf4L_FNY"),
    ])
    let token =
      "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ."
      + "OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4"
      + "qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76"
      + "FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYa"
      + "Bcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg."
      + "48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajw"
      + "QzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ"
    #expect(
      try Self.opened(token, key)
        == Array(
          "The true sign of intelligence is not knowledge but imagination.".utf8))
  }

  @Test func `RFC 7516, appendix A.3, A128KW and A128CBC-HS256`() throws {
    let key = try Self.key(["kty": "oct", "k": "GawgguFyGrWKav7AX4VKUg"])
    let token =
      "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0."
      + "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ."
      + "KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ"
    #expect(try Self.opened(token, key) == Array("Live long and prosper.".utf8))
  }

  @Test func `RFC 7518, appendix C, the key that two parties agree on`() throws {
    let own = try Self.key([
      "kty": "EC", "crv": "P-256", "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
      "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
      "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
    ])
    let header: JSONValue = [
      "apu": "QWxpY2U", "apv": "Qm9i",
      "epk": [
        "kty": "EC", "crv": "P-256", "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
      ],
    ]
    guard case .pair(let handle) = own.material else {
      Issue.record("it is a pair")
      return
    }
    let peer = try KeyMaterial.ec(
      try #require(header["epk"].flatMap(JSONWebKey.init)), .p256, private: false)
    let agreed = try KeyManagement.agreed(
      TokenEncryption(.ecdhES, .a128GCM), own: handle, peer: peer, header: header)
    #expect(agreed.map { Base64URL.encode($0) } == "VqqN6vgjbSBcIijNcacQGg")
  }

  @Test func `RFC 3394, section 4.1, a wrapped key`() throws {
    let key = (0..<16).map { UInt8($0) }
    let content: [UInt8] = [
      0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE,
      0xFF,
    ]
    let wrapped = try KeyWrap.wrap(content, with: key)
    #expect(
      Hex.text(wrapped).lowercased() == "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5")
    #expect(KeyWrap.unwrap(wrapped, with: key) == content)
    #expect(KeyWrap.unwrap([0] + wrapped.dropFirst(), with: key) == nil)
  }

  @Test func `RFC 7517, appendix C.4, the key that a password makes`() throws {
    let salt: [UInt8] =
      Array("PBES2-HS256+A128KW".utf8) + [0]
      + [217, 96, 147, 112, 150, 117, 70, 247, 127, 8, 155, 137, 174, 42, 80, 215]
    #expect(
      try JWE.passwordKey(
        Secret("Thus from my lips, by yours, my sin is purged."), salt, rounds: 4096)
        == [110, 171, 169, 92, 129, 92, 109, 117, 233, 242, 116, 233, 170, 14, 24, 75])
  }

  @Test func `what is never taken is made, and not opened`() throws {
    let ways: [RefusedKeyManagement] = [
      .rsa15(try Self.rsa.get().publicJWK), .password(Self.secret, rounds: 1000),
    ]
    for way in ways {
      let token = try JWE.encrypt(Array("text".utf8), .a256GCM, by: way)
      #expect(try CompactJWE(token).algorithm == nil)
      #expect(try Self.opened(token, Self.rsa.get()) == nil)
    }
  }

  // MARK: - Every pair

  private static let rsa = Result { try DecryptionKey.generate(.rsa, keyID: "r") }
  private static let ec = Result { try DecryptionKey.generate(.ec, keyID: "e") }
  private static let secret = Secret("a client secret of some length")

  private static func pair(
    _ algorithm: KeyManagementAlgorithm
  ) throws -> (RecipientKey, DecryptionKey) {
    switch algorithm.keyType {
    case "RSA": (.publicKey(try rsa.get().publicJWK), try rsa.get())
    case "EC": (.publicKey(try ec.get().publicJWK), try ec.get())
    default: (.shared(.clientSecret(secret)), try DecryptionKey.clientSecret(secret))
    }
  }

  @Test(arguments: KeyManagementAlgorithm.allCases)
  func `what is locked opens, and nothing that was changed`(
    _ algorithm: KeyManagementAlgorithm
  ) throws {
    let (recipient, key) = try Self.pair(algorithm)
    let content = Array("eyJ.eyJ.c2ln".utf8)
    for enc in ContentEncryptionAlgorithm.allCases {
      let token = try JWE.encrypt(
        content, TokenEncryption(algorithm, enc), for: recipient,
        members: [JSONMember("cty", "JWT")])
      #expect(try Self.opened(token, key) == content, "\(enc.rawValue)")
      let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      for index in 0..<5 {
        var changed = parts
        guard var bytes = try? Base64URL.decode(parts[index]), !bytes.isEmpty else { continue }
        bytes[bytes.count - 1] ^= 1
        changed[index] = Base64URL.encode(bytes)
        let text = changed.joined(separator: ".")
        guard (try? CompactJWE(text)) != nil else { continue }
        #expect(try Self.opened(text, key) == nil, "\(enc.rawValue), part \(index)")
      }
      // A shorter tag is no tag.
      var short = parts
      short[4] = Base64URL.encode(try Base64URL.decode(parts[4]).dropLast())
      #expect(try Self.opened(short.joined(separator: "."), key) == nil)
    }
  }

  @Test func `the failing step is told, and a random key takes the place of a wrong one`() throws {
    let (recipient, key) = try Self.pair(.rsaOAEP256)
    let token = try JWE.encrypt([1, 2, 3], TokenEncryption(.rsaOAEP256, .a256GCM), for: recipient)
    let parts = token.split(separator: ".").map(String.init)
    func step(_ index: Int) throws -> DecryptionStep? {
      var changed = parts
      var bytes = try Base64URL.decode(parts[index])
      bytes[0] ^= 1
      changed[index] = Base64URL.encode(bytes)
      let jwe = try CompactJWE(changed.joined(separator: "."))
      if case .failure(let failure) = try JWE.decrypt(jwe, with: key) { return failure.step }
      return nil
    }
    #expect(try step(1) == .contentKey)
    #expect(try step(3) == .tag)
  }

  @Test func `zip, crit and unknown names open nothing`() throws {
    let (recipient, key) = try Self.pair(.ecdhES)
    for change: (inout JSONValue) -> Void in [
      { $0.set("zip", "DEF") }, { $0.set("crit", ["x"]) }, { $0.set("alg", "RSA1_5") },
      { $0.set("enc", "A512GCM") },
    ] {
      let token = try JWE.encrypt(
        [1], TokenEncryption(.ecdhES, .a128GCM), for: recipient, alter: change)
      #expect(throws: CryptoError.self) { try JWE.decrypt(try CompactJWE(token), with: key) }
    }
  }

  @Test func `keys are read only where their parts belong together, and never print`() throws {
    let (_, key) = try Self.pair(.ecdhES)
    #expect(key.publicJWK.privateMembers.isEmpty)
    #expect("\(key)" == "DecryptionKey (EC)")
    var output = ""
    dump(key, to: &output)
    #expect(!output.contains("material"))
    #expect(throws: CryptoError.self) {
      try Self.key([
        "kty": "EC", "crv": "P-256", "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
        "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
      ])
    }
    #expect(throws: CryptoError.self) { try DecryptionKey(pem: Array("no key".utf8)) }
  }

  @Test func `a registration is read by its names, and ECDH-ES+A128KW is one of them`() {
    #expect(TokenEncryption("RSA-OAEP") == TokenEncryption(.rsaOAEP, .a128CBCHS256))
    #expect(TokenEncryption("ECDH-ES+A128KW") == TokenEncryption(.ecdhESA128KW))
    #expect(TokenEncryption("ECDH-ES+A128GCM") == TokenEncryption(.ecdhES, .a128GCM))
    #expect(TokenEncryption("ECDH-ES+A256KW+A256GCM") == TokenEncryption(.ecdhESA256KW, .a256GCM))
    for text in ["", "RSA1_5", "RSA-OAEP+", "A128GCM", "RSA-OAEP+A128KW", "dir+A128GCM+A128GCM"] {
      #expect(TokenEncryption(text) == nil, "\(text)")
    }
  }
}
