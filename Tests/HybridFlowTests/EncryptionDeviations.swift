import Cryptography
import HybridFlow
import OpenID
import Testing

/// Encrypted ID tokens for the client of the tests, right and wrong.
enum Encrypted {
  static let registered = TokenEncryption(.ecdhES, .a128GCM)
  private static let made = Result { try DecryptionKey.generate(.ec, keyID: "enc-1") }
  private static let foreign = Result { try DecryptionKey.generate(.ec, keyID: "enc-1") }

  static func key() throws -> DecryptionKey { try made.get() }

  /// What a client knows that has registered the encryption.
  static func knowledge() throws -> ClientDecryption {
    ClientDecryption(idTokens: registered, keys: [try key().publicJWK])
  }

  /// A token for the client, with a header that may be altered before the tag is made.
  static func token(
    _ inner: String, for other: JSONWebKey? = nil, kid: String? = "enc-1", cty: String? = "JWT",
    _ alter: (inout JSONValue) -> Void = { _ in }
  ) throws -> String {
    var members: [JSONMember] = []
    if let kid { members.append(JSONMember("kid", .string(kid))) }
    if let cty { members.append(JSONMember("cty", .string(cty))) }
    return try JWE.encrypt(
      Array(inner.utf8), registered, for: .publicKey(try other ?? key().publicJWK),
      members: members, alter: alter)
  }

  static func stranger() throws -> JSONWebKey { try foreign.get().publicJWK }

  /// One part of a token, replaced.
  static func replacing(
    _ index: Int, of token: String, _ change: (Substring) -> String
  ) -> String {
    var parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    parts[index] = change(parts[index][...])
    return parts.joined(separator: ".")
  }

  /// With its first bit flipped.
  static func flipped(_ part: Substring) -> String {
    guard var bytes = try? Base64URL.decode(part), !bytes.isEmpty else { return String(part) }
    bytes[0] ^= 0x80
    return Base64URL.encode(bytes)
  }
}

/// What is wrong with an encrypted ID token, in the first one or in the second.
enum EncryptionDeviations {
  struct Flaw: Sendable {
    let name: String
    let complaint: CheckID
    let isWarning: Bool
    let change: HonestProvider.Edit<String>

    init(
      _ name: String, _ complaint: CheckID, isWarning: Bool = false,
      _ change: @escaping HonestProvider.Edit<String>
    ) {
      (self.name, self.complaint) = (name, complaint)
      (self.isWarning, self.change) = (isWarning, change)
    }
  }

  static let flaws: [Flaw] = [
    Flaw("plain though registered", .idTokenEncryptedAsRegistered) { _ in },
    Flaw("another enc than registered", .idTokenEncAllowlist) {
      $0 = try JWE.encrypt(
        Array($0.utf8), TokenEncryption(.ecdhES, .a256GCM),
        for: .publicKey(Encrypted.key().publicJWK), members: [JSONMember("kid", "enc-1")])
    },
    Flaw("RSA1_5", .idTokenEncAllowlist) {
      $0 = try Encrypted.token($0) { $0.set("alg", "RSA1_5") }
    },
    Flaw("PBES2", .idTokenEncAllowlist) {
      $0 = try Encrypted.token($0) { $0.set("alg", "PBES2-HS256+A128KW") }
    },
    Flaw("zip", .idTokenEncAllowlist) { $0 = try Encrypted.token($0) { $0.set("zip", "DEF") } },
    Flaw("p2c", .idTokenEncAllowlist) { $0 = try Encrypted.token($0) { $0.set("p2c", 1_000_000) } },
    Flaw("crit", .idTokenEncAllowlist) { $0 = try Encrypted.token($0) { $0.set("crit", ["exp"]) } },
    Flaw("a kid of nobody", .idTokenDecrypts) { $0 = try Encrypted.token($0, kid: "other") },
    Flaw("for the key of another", .idTokenDecrypts) {
      $0 = try Encrypted.token($0, for: Encrypted.stranger())
    },
    Flaw("the tag has a bit flipped", .idTokenDecrypts) {
      $0 = Encrypted.replacing(4, of: try Encrypted.token($0), Encrypted.flipped)
    },
    Flaw("the ciphertext has a bit flipped", .idTokenDecrypts) {
      $0 = Encrypted.replacing(3, of: try Encrypted.token($0), Encrypted.flipped)
    },
    Flaw("the header was altered afterwards", .idTokenDecrypts) {
      $0 = Encrypted.replacing(0, of: try Encrypted.token($0)) { part in
        guard let bytes = try? Base64URL.decode(part), var json = try? JSONParser.parse(bytes)
        else { return "" }
        json.set("typ", "JWT")
        return Base64URL.encode(json.compactText.utf8)
      }
    },
    Flaw("an encrypted key where none belongs", .idTokenDecrypts) {
      $0 = Encrypted.replacing(1, of: try Encrypted.token($0)) { _ in "AAAA" }
    },
    Flaw("a point off the curve", .idTokenDecrypts) {
      $0 = try Encrypted.token($0) { header in
        guard var point = header["epk"] else { return }
        point.set("y", point["x"] ?? .null)
        header.set("epk", point)
      }
    },
    Flaw("padded base64url", .idTokenDecrypts) { $0 = try Encrypted.token($0) + "=" },
    Flaw("a header with a name twice", .idTokenDecrypts) {
      $0 = Encrypted.replacing(0, of: try Encrypted.token($0)) { part in
        guard let bytes = try? Base64URL.decode(part) else { return "" }
        return Base64URL.encode(Array(#"{"alg":"dir","#.utf8) + bytes.dropFirst())
      }
    },
    Flaw("bare claims inside", .idTokenNested) {
      $0 = try Encrypted.token(String(decoding: CompactJWS($0).payload, as: UTF8.self))
    },
    Flaw("encrypted twice", .idTokenNested) { $0 = try Encrypted.token(Encrypted.token($0)) },
    Flaw("another cty", .idTokenNested) { $0 = try Encrypted.token($0, cty: "JSON") },
    Flaw("no cty", .idTokenNested, isWarning: true) { $0 = try Encrypted.token($0, cty: nil) },
    Flaw("alg none inside", .idTokenAlgNone) {
      $0 = try Encrypted.token(TokenDeviations.unsigned($0, header: ["alg": "none"]))
    },
    Flaw("a signature inside that is wrong", .idTokenSignature) {
      $0 = try Encrypted.token(TokenDeviations.flipped($0))
    },
  ]

  static let unregistered = Deviation.stop(
    "encrypted without a registration", .callback, [.idTokenEncryptedAsRegistered],
    types: Deviation.withIDToken
  ) { $1.editFrontToken = { $0 = try Encrypted.token($0) } }

  static let all: [Deviation] =
    [unregistered]
    + flaws.flatMap { flaw in
      [deviation(flaw, front: true), deviation(flaw, front: false)]
    }

  private static func deviation(_ flaw: Flaw, front: Bool) -> Deviation {
    let change: Deviation.Change = { own, provider in
      own.decryption = try Encrypted.knowledge()
      let honest: HonestProvider.Edit<String> = { $0 = try Encrypted.token($0) }
      provider.editFrontToken = front ? flaw.change : honest
      provider.editBackToken = front ? honest : flaw.change
    }
    let name = (front ? "first" : "second") + " ID token: " + flaw.name
    return flaw.isWarning
      ? .warn(name, [flaw.complaint], types: [.codeIDTokenToken], change)
      : .stop(
        name, front ? .callback : .tokens, [flaw.complaint], types: [.codeIDTokenToken], change)
  }
}
