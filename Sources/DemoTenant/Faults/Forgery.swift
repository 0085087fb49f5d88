import Cryptography
import OpenID

/// Makes tokens as a forger would.
struct Forgery {
  let key: SigningKey
  let now: UnixTime

  /// A token with this forgery; an honest one without.
  func token(
    _ header: JSONValue, _ payload: [UInt8], _ trick: SignatureTrick?
  ) throws(CryptoError) -> String {
    var header = header
    switch trick {
    case nil: return try key.compactJWS(header: header, payload: payload)
    case .stranger:
      return try StrangerKey.like(key).compactJWS(header: header, payload: payload)
    case .unknownKey:
      header.set("kid", "not-one-of-ours")
      return try StrangerKey.like(key).compactJWS(header: header, payload: payload)
    case .embeddedKey:
      let stranger = try StrangerKey.like(key)
      header.set("jwk", stranger.publicJWK.json)
      return try stranger.compactJWS(header: header, payload: payload)
    case .keyAsName:
      let stranger = try StrangerKey.like(key)
      header.set("kid", .string(stranger.publicJWK.json.compactText))
      return try stranger.compactJWS(header: header, payload: payload)
    case .name(let name):
      header.set("kid", .string(name))
      return try StrangerKey.like(key).compactJWS(header: header, payload: payload)
    case .flippedBit:
      let honest = try key.compactJWS(header: header, payload: payload)
      return rewriting(honest) { $0[$0.count / 2] ^= 1 }
    case .empty:
      return unsigned(header, payload)
    case .unsigned(let name):
      header.set("alg", .string(name))
      header.remove("kid")
      return unsigned(header, payload)
    case .publicKeyAsSecret:
      header.set("alg", "HS256")
      // A careless program uses the public key, as published, as its HMAC secret.
      let secret = Array(key.publicJWK.json.compactText.utf8)
      guard let jwk = JSONWebKey(["kty": "oct", "k": .string(Base64URL.encode(secret))]) else {
        throw .unusableKey("the published key")
      }
      return try SigningKey(privateJWK: jwk, algorithm: .hs256)
        .compactJWS(header: header, payload: payload)
    case .otherAlgorithm:
      let other = try key.withAlgorithm(key.algorithm == .ps256 ? .rs256 : .ps256)
      header.set("alg", .string(other.algorithm.rawValue))
      return try other.compactJWS(header: header, payload: payload)
    case .editedAfterwards(let edits):
      let honest = try key.compactJWS(header: header, payload: payload)
      guard var claims = try? JSONParser.parse(payload) else { return honest }
      edits.forEach { $0.apply(to: &claims, now: now) }
      let parts = honest.split(at: ".")
      return [String(parts[0]), Base64URL.encode(claims.compactText.utf8), String(parts[2])]
        .joined(separator: ".")
    }
  }

  private func unsigned(_ header: JSONValue, _ payload: [UInt8]) -> String {
    Base64URL.encode(header.compactText.utf8) + "." + Base64URL.encode(payload) + "."
  }

  private func rewriting(_ token: String, _ change: (inout [UInt8]) -> Void) -> String {
    guard let jws = try? CompactJWS(token) else { return token }
    var signature = jws.signature
    change(&signature)
    return String(decoding: jws.signingInput, as: UTF8.self) + "." + Base64URL.encode(signature)
  }
}
