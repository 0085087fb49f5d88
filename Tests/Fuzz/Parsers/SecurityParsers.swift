import Cryptography

@testable import HybridFlow
@testable import OpenID

extension FuzzParser {
  /// What banks send besides: encrypted tokens, signed answers, certificates, proofs of possession.
  static let security: [FuzzParser] = [
    FuzzParser(
      name: "jwe",
      words: [
        ".", "..", "....", "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", "\"alg\":\"ECDH-ES\"",
        "\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"", "\"alg\":\"A128GCMKW\"", "\"iv\":\"",
        "\"tag\":\"", "\"enc\":\"A256CBC-HS512\"", "\"zip\":\"DEF\"", "\"crit\":[\"exp\"]",
        "\"apu\":\"", "AA", "_-", "=", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0",
      ], check: jwe),
    FuzzParser(
      name: "response",
      words: jsonWords + [
        "\"response\":", "\"iss\":", "\"aud\":[", "\"exp\":", "\"code\":", "\"state\":",
        "\"expires_in\":3600", "\"error\":", "\"id_token\":",
      ], check: response),
    FuzzParser(
      name: "certificate",
      words: [
        "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----",
        "MII", "\u{30}\u{03}", "\0", "CN=", "\n",
      ], check: certificate),
    FuzzParser(
      name: "nonce",
      words: [
        "DPoP error=\"use_dpop_nonce\"", "DPoP ", "error=", "algs=\"ES256\"", ",", "\"", "\n",
        "{\"error\":\"use_dpop_nonce\"}", "https://a.example:443/%7Ea?b#c", "%2f", "%zz",
      ], check: nonce),
  ]

  private static let secret = try? DecryptionKey.clientSecret(
    Secret("a-secret-for-fuzzing-only-0123"))
  private static let pairs = [DecryptionKey.Kind.rsa, .ec].compactMap {
    try? DecryptionKey.generate($0, keyID: "fuzz")
  }

  /// A token that nobody encrypted for these keys is never opened, whatever it says of itself.
  private static func jwe(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let token = try? CompactJWE(text) else { return }
    try demand(token.text == text, "the token's text changed")
    try demand(token.description.utf8.count < 200, "a long description")
    try demand(CompactJWE.hasForm(text), "it reads, and has not the form")
    for key in pairs + [secret].compactMap(\.self) {
      if case .success(let plaintext)? = try? JWE.decrypt(token, with: key) {
        // The secret is in this file, so somebody may have written a token for it.
        try demand(plaintext.count <= token.ciphertext.count, "more came out than went in")
      }
    }
  }

  /// The claims of a signed answer become fields, each name once.
  private static func response(_ bytes: [UInt8]) throws {
    guard let claims = try? JSONParser.parse(bytes) else { return }
    let fields = ResponseJWT.fields(of: claims)
    try demand(
      Set(fields.map(\.name)).count == fields.count, "a field of the answer is there twice")
    _ = ResponseJWT.mistyped(claims)
    let text = String(decoding: bytes, as: UTF8.self)
    _ = (ResponseJWT.claims(in: text), ResponseJWT.state(in: text), ResponseJWT.isEncrypted(text))
  }

  private static func certificate(_ bytes: [UInt8]) throws {
    let read = [try? ClientCertificate(pem: bytes), try? ClientCertificate(der: bytes)]
    for certificate in read.compactMap(\.self) {
      try demand(
        certificate.der.count + certificate.chain.count <= ClientCertificate.bytesMaximum,
        "over the limit")
      for text in [certificate.subject, certificate.issuer] {
        try demand(
          !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F },
          "a control character in a name")
      }
      _ = (certificate.publicKey, certificate.pem)
      for kind in ClientCertificate.NameKind.allCases { _ = certificate.hasName("a.example", kind) }
      _ = certificate.distrust(under: certificate, at: UnixTime(seconds: 1_800_000_000))
    }
  }

  /// What a server says of nonces is read as it stands, and never becomes a line of a header.
  private static func nonce(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    for status in [200, 400, 401] {
      let found = ProofNonce(
        HTTPResponse(
          status: status, headers: ["DPoP-Nonce": text, "WWW-Authenticate": text], body: bytes))
      try demand(
        found.text?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? true, "a nonce with a blank in it"
      )
    }
    guard let url = try? WebURL(text) else { return }
    let target = DPoP.target(url)
    try demand(!target.utf8.contains { $0 == 0x3F || $0 == 0x23 }, "a query in htu")
    try demand(DPoP.isTarget(target, of: url), "htu is not the address itself")
  }
}
