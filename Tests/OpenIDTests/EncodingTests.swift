import TestSupport
import Testing

@testable import OpenID

@Suite struct EncodingTests {
  /// RFC 4648, section 10.
  private static let vectors = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ]

  @Test(arguments: vectors) func `base64 follows RFC 4648`(plain: String, encoded: String) throws {
    let bytes = Array(plain.utf8)
    let bare = String(encoded.prefix { $0 != "=" })
    #expect(Base64.encode(bytes) == encoded)
    #expect(try Base64.decode(encoded) == bytes)
    #expect(try Base64.decode(bare) == bytes)
    #expect(Base64URL.encode(bytes) == bare)
    #expect(try Base64URL.decode(bare) == bytes)
  }

  @Test func `the two alphabets differ in two characters`() throws {
    let bytes: [UInt8] = [0xFB, 0xEF, 0xFF]
    #expect(Base64.encode(bytes) == "++//")
    #expect(Base64URL.encode(bytes) == "--__")
    #expect(throws: EncodedTextError.invalidByte(0x2B, offset: 0)) { try Base64URL.decode("++//") }
    #expect(throws: EncodedTextError.invalidByte(0x2D, offset: 0)) { try Base64.decode("--__") }
  }

  @Test(arguments: [
    ("Zg==", EncodedTextError.invalidByte(0x3D, offset: 2)), ("Z", .invalidLength(1)),
    ("Zm9vY", .invalidLength(5)), ("Zh", .nonCanonical), ("Zm9", .nonCanonical),
    ("Zm 9", .invalidByte(0x20, offset: 2)), ("Zm9v\n", .invalidByte(0x0A, offset: 4)),
    ("Zm9v\r\n", .invalidByte(0x0D, offset: 4)), ("Zm9%", .invalidByte(0x25, offset: 3)),
    ("Zé", .invalidByte(0xC3, offset: 1)),
  ]) func `base64url refuses what no encoder writes`(text: String, fault: EncodedTextError) {
    #expect(throws: fault) { try Base64URL.decode(text) }
  }

  @Test(arguments: [
    "Zg=", "Z===", "Zm8==", "Zm9v=", "Zm9v==", "=", "==", "====", "Zg===", "Z=g=", "Zh==", "Zm9=",
  ]) func `base64 refuses wrong padding and loose bits`(text: String) {
    #expect(throws: EncodedTextError.self) { try Base64.decode(text) }
  }

  @Test func `every byte string survives both encodings, and no two texts mean the same`() throws {
    var generator = SeededGenerator(seed: 1)
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var meanings: Set<[UInt8]> = []
    for first in letters {
      for second in letters {
        if let bytes = try? Base64URL.decode(String([first, second])) {
          #expect(meanings.insert(bytes).inserted)
        }
      }
    }
    #expect(meanings.count == 256)
  }

  @Test func `form encoding is that of RFC 6749, appendix B`() throws {
    #expect(FormEncoding.encode(" %&+£€") == "+%25%26%2B%C2%A3%E2%82%AC")
    #expect(
      try FormEncoding.decodeComponent("+%25%26%2B%C2%A3%E2%82%AC".utf8, plusIsSpace: true)
        == " %&+£€")
    #expect(FormEncoding.encode("AZaz09*-._~!/") == "AZaz09*-._%7E%21%2F")
    #expect(PercentEncoding.encode("AZaz09*-._~ +é") == "AZaz09%2A-._~%20%2B%C3%A9")
  }

  @Test(arguments: [
    ("", []), ("&&", []), ("a", [FormField("a", "")]), ("a=", [FormField("a", "")]),
    ("=b", [FormField("", "b")]), ("a=b=c", [FormField("a", "b=c")]),
    ("a=1&a=2&&b=+%2b", [FormField("a", "1"), FormField("a", "2"), FormField("b", " +")]),
    ("%61%3D=%26", [FormField("a=", "&")]), ("a;b=1", [FormField("a;b", "1")]),
    ("\u{E9}=1", [FormField("\u{E9}", "1")]),
  ]) func `forms are split before they are decoded`(text: String, fields: [FormField]) throws {
    #expect(try FormEncoding.decode(text) == fields)
  }

  @Test(arguments: ["a=%", "a=%4", "%G0=1", "a=%0G", "a=%%41", "a=%ff", "a=%C3", "%ED%A0%80=1"])
  func `broken escapes and bad UTF-8 are refused, not guessed`(text: String) {
    #expect(throws: EncodedTextError.self) { try FormEncoding.decode(text) }
  }

  @Test func `any fields survive encoding, and repeated names are named once`() throws {
    var generator = SeededGenerator(seed: 2)
    let scalars: [Unicode.Scalar] = [
      "a", "+", "&", "=", "%", " ", "é", "€", "😀", "\u{0}", "\n", ";",
    ]
    for _ in 0..<200 {
      let fields = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        FormField(
          "n" + text(of: scalars, using: &generator), text(of: scalars, using: &generator))
      }
      #expect(try FormEncoding.decode(FormEncoding.encode(fields)) == fields)
      #expect(try FormEncoding.decode(PercentEncoding.query(fields)) == fields)
    }
    let fields = try FormEncoding.decode("b=1&a=1&a=2&b=2&a=3&c=1")
    #expect(fields.repeatedNames == ["a", "b"])
    #expect(fields["a"] == "1")
    #expect(fields["d"] == nil)
  }

  @Test(.timeLimit(.minutes(1))) func `many repeated names take linear time`() throws {
    let names = (0..<60_000).map { FormField("n\($0)", "") }
    #expect((names + names).repeatedNames.count == 60_000)
  }

  @Test func `a name is found by its bytes, not by canonical equivalence`() {
    #expect([FormField("\u{212B}", "1")]["\u{C5}"] == nil)
    #expect([FormField("e\u{301}", "1"), FormField("\u{E9}", "2")].repeatedNames.isEmpty)
  }

  private func text(
    of scalars: [Unicode.Scalar], using generator: inout SeededGenerator
  ) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      text.append(scalars[Int.random(in: scalars.indices, using: &generator)])
    }
    return String(text)
  }

  @Test func `Basic credentials are form-encoded before base64`() throws {
    let cases = [
      (
        "s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw", "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"
      ),
      ("s6BhdRkqt3", "gX1fBat3bV", "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"),
    ]
    for (id, secret, header) in cases {
      #expect(ClientAuthentication.basicHeader(clientID: id, secret: Secret(secret)) == header)
      let read = try #require(ClientAuthentication.readBasicHeader(header))
      #expect(read.clientID == id)
      #expect(read.secret.reveal() == secret)
    }
    let header = ClientAuthentication.basicHeader(clientID: "a:b c", secret: Secret("ü:%+"))
    let read = try #require(ClientAuthentication.readBasicHeader(header))
    #expect(read.clientID == "a:b c")
    #expect(read.secret.reveal() == "ü:%+")
  }

  @Test(arguments: [
    "", "Basic", "Basic ", "Bearer czZCaGRSa3F0MzpnWDFmQmF0M2JW", "Basic !!!!", "Basic YWJj",
    "Basic JTo=", "Basicczo=", "Basic czo= czo=",
  ]) func `what is no Basic header is nil`(header: String) {
    #expect(ClientAuthentication.readBasicHeader(header) == nil)
  }
}
