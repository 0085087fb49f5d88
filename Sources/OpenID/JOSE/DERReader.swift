/// Reads values in DER, one after the other.
///
/// ITU-T X.690, sections 8.1 and 10.1: definite lengths, tags of one byte, up to 16 MB.
struct DERReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(bytes) }

  /// The next value; nil at the end, or where the bytes are no DER.
  mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
    guard let tag = rest.first, tag & 0x1F != 0x1F, rest.count >= 2 else { return nil }
    var start = rest.startIndex + 2
    var count = Int(rest[rest.startIndex + 1])
    if count >= 0x80 {
      let digits = count & 0x7F
      guard (1...3).contains(digits), start + digits <= rest.endIndex else { return nil }
      count = rest[start..<start + digits].reduce(0) { $0 << 8 | Int($1) }
      start += digits
    }
    guard count <= rest.endIndex - start else { return nil }
    let content = rest[start..<start + count]
    rest = rest[(start + count)...]
    return (tag, content)
  }

  /// The content of the next value, if it has this tag.
  mutating func content(_ tag: UInt8) -> ArraySlice<UInt8>? {
    var copy = self
    guard let value = copy.next(), value.tag == tag else { return nil }
    self = copy
    return value.content
  }

  /// A reader of the next value's content, if it is a sequence.
  mutating func sequence() -> DERReader? { content(0x30).map { DERReader($0) } }
}

/// The public key of a certificate, or of a PEM block.
///
/// RFC 5280, section 4.1.2.7; RFC 8410, section 4; RFC 5480, section 2.
public struct SubjectPublicKey: Sendable, Equatable {
  /// The key; nil when its kind is not known here.
  public let key: JSONWebKey?

  /// Reads `SubjectPublicKeyInfo` in DER; nil when it is none.
  public init?(der: some Sequence<UInt8>) {
    var outer = DERReader(der)
    guard var info = outer.sequence() else { return nil }
    self.init(&info)
  }

  fileprivate init?(_ info: inout DERReader) {
    guard var algorithm = info.sequence(), let name = algorithm.content(0x06),
      let bits = info.content(0x03), bits.first == 0
    else { return nil }
    let bytes = bits.dropFirst()
    switch Array(name) {
    case [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01],
      [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]:
      key = Self.rsa(der: bytes)
    case [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]:
      key = Self.elliptic(bytes, on: algorithm.content(0x06).map { Array($0) } ?? [])
    case [0x2B, 0x65, 0x6E]: key = Self.edwards("X25519", bytes)
    case [0x2B, 0x65, 0x6F]: key = Self.edwards("X448", bytes)
    case [0x2B, 0x65, 0x70]: key = Self.edwards("Ed25519", bytes)
    case [0x2B, 0x65, 0x71]: key = Self.edwards("Ed448", bytes)
    default: key = nil
    }
  }

  /// Reads the numbers of an RSA key alone; nil when they are none.
  ///
  /// RFC 8017, appendix A.1.1.
  public static func rsa(der: some Sequence<UInt8>) -> JSONWebKey? {
    var outer = DERReader(der)
    guard var numbers = outer.sequence(), let n = numbers.content(0x02),
      let e = numbers.content(0x02)
    else { return nil }
    return JSONWebKey([
      "kty": "RSA", "n": .string(Base64URL.encode(n.drop { $0 == 0 })),
      "e": .string(Base64URL.encode(e.drop { $0 == 0 })),
    ])
  }

  private static func elliptic(_ point: ArraySlice<UInt8>, on curve: [UInt8]) -> JSONWebKey? {
    let named: (String, Int)? =
      switch curve {
      case [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]: ("P-256", 32)
      case [0x2B, 0x81, 0x04, 0x00, 0x22]: ("P-384", 48)
      case [0x2B, 0x81, 0x04, 0x00, 0x23]: ("P-521", 66)
      case [0x2B, 0x81, 0x04, 0x00, 0x0A]: ("secp256k1", 32)
      default: nil
      }
    guard let (name, count) = named, point.first == 4, point.count == 2 * count + 1 else {
      return nil
    }
    let numbers = point.dropFirst()
    return JSONWebKey([
      "kty": "EC", "crv": .string(name), "x": .string(Base64URL.encode(numbers.prefix(count))),
      "y": .string(Base64URL.encode(numbers.suffix(count))),
    ])
  }

  private static func edwards(_ curve: String, _ bytes: ArraySlice<UInt8>) -> JSONWebKey? {
    JSONWebKey(["kty": "OKP", "crv": .string(curve), "x": .string(Base64URL.encode(bytes))])
  }
}

/// What a certificate of a key says; nothing in it is verified.
///
/// RFC 5280, section 4.1.
public struct KeyCertificate: Sendable, Equatable {
  /// The common name of its owner, or else the last name that it has; untrusted text.
  public let subject: String?
  /// The same of who signed it.
  public let issuer: String?
  /// From when to when it holds, as `2026-01-31`.
  public let period: (from: String, to: String)?
  /// Its public key.
  public let publicKey: SubjectPublicKey

  /// Compares what was read.
  public static func == (left: Self, right: Self) -> Bool {
    left.subject == right.subject && left.issuer == right.issuer
      && left.publicKey == right.publicKey && left.period?.from == right.period?.from
      && left.period?.to == right.period?.to
  }

  /// Reads a certificate in DER; nil when it is none.
  public init?(der: some Sequence<UInt8>) {
    var outer = DERReader(der)
    guard var certificate = outer.sequence(), var body = certificate.sequence() else { return nil }
    // The version is left out in the oldest form.
    _ = body.content(0xA0)
    guard body.content(0x02) != nil, body.sequence() != nil, var issuer = body.sequence(),
      var times = body.sequence(), var subject = body.sequence(), var info = body.sequence(),
      let publicKey = SubjectPublicKey(&info)
    else { return nil }
    self.issuer = Self.name(&issuer)
    self.subject = Self.name(&subject)
    let dates = [times.next(), times.next()].map { $0.flatMap { Self.day($0.tag, $0.content) } }
    period = if let from = dates[0], let to = dates[1] { (from, to) } else { nil }
    self.publicKey = publicKey
  }

  private static func name(_ names: inout DERReader) -> String? {
    var last: String?
    while let set = names.content(0x31) {
      var parts = DERReader(set)
      guard var pair = parts.sequence(), let kind = pair.content(0x06), let value = pair.next()
      else { continue }
      last = String(decoding: value.content, as: UTF8.self)
      if Array(kind) == [0x55, 0x04, 0x03] { return last }
    }
    return last
  }

  /// RFC 5280, section 4.1.2.5: two digits of the year in `UTCTime`.
  private static func day(_ tag: UInt8, _ content: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: content, as: UTF8.self)
    guard text.utf8.count >= 10, text.prefix(bytes: 8).isDigits else { return nil }
    if tag == 0x18 {
      return "\(text.prefix(bytes: 4))-\(text.dropFirst(bytes: 4).prefix(bytes: 2))-"
        + "\(text.dropFirst(bytes: 6).prefix(bytes: 2))"
    }
    let year = Int(text.prefix(bytes: 2)) ?? 0
    return "\(year < 50 ? "20" : "19")\(text.prefix(bytes: 2))-"
      + "\(text.dropFirst(bytes: 2).prefix(bytes: 2))-\(text.dropFirst(bytes: 4).prefix(bytes: 2))"
  }
}

extension JSONWebKey {
  /// What is wrong with `x5c`: unreadable, or about another key than this one.
  ///
  /// RFC 7517, section 4.7: the first certificate holds the same key, in base64, not base64url.
  var certificateFault: KeyFault? {
    let spec = SpecReference.rfc(7517, "4.7")
    func fault(_ what: String, _ remedy: String) -> KeyFault {
      KeyFault(.doubtful, what, remedy, spec)
    }
    guard let value = json["x5c"] else { return nil }
    let remedy = "Publish the certificate in DER, in base64, or leave x5c out."
    guard let texts = value.strings else {
      return fault("x5c is \(value.typePhrase), where a list of texts is wanted", remedy)
    }
    guard let first = texts.first else { return fault("x5c is an empty list", remedy) }
    if first.holds("-----BEGIN") {
      return fault("x5c holds PEM, where the certificate in base64 is wanted", remedy)
    }
    guard let der = try? Base64.decode(first.utf8.filter { $0 > 0x20 }.text) else {
      return fault(
        first.holds(anyOf: "-_") ? "x5c is base64url, where base64 is wanted" : "x5c is no base64",
        remedy)
    }
    guard let certificate = KeyCertificate(der: der) else {
      return fault("x5c holds no whole certificate (\(der.count) bytes)", remedy)
    }
    guard let inside = certificate.publicKey.key, inside.keyType == keyType else {
      return certificate.publicKey.key.map {
        fault("x5c holds a key of another type, \($0.keyType)", "Publish the key\u{2019}s own.")
      }
    }
    let names = keyType == "RSA" ? ["n", "e"] : ["crv", "x", "y"]
    let isSame = names.allSatisfy { name in
      guard let here = json[name]?.string, let there = inside.json[name]?.string else {
        return json[name] == nil && inside.json[name] == nil
      }
      // A notation with a fault is told of the number itself.
      guard let one = bytes(name), let other = inside.bytes(name) else { return true }
      return name == "crv" ? here == there : one.drop { $0 == 0 } == other.drop { $0 == 0 }
    }
    guard !isSame else { return nil }
    return fault(
      "x5c holds the certificate of another key",
      "Let the key and its certificate belong together: clients take the one or the other.")
  }
}

extension Sequence where Element == UInt8 {
  fileprivate var text: String { String(decoding: Array(self), as: UTF8.self) }
}
