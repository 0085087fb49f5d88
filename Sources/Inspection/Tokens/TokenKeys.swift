import HybridFlow
import OpenID

extension PastedToken {
  /// Why nobody but its receiver can verify the signature, whatever key is at hand.
  var whyNotVerifiable: String? {
    // Microsoft signs the header with the SHA-256 of this nonce in the place of the nonce.
    guard use == .accessToken, header?["nonce"] != nil,
      claims?["iss"]?.string.map(Self.isMicrosoft) ?? false
    else { return nil }
    return "the header was changed after it was signed (its nonce shows that), so only "
      + "Microsoft\u{2019}s own API can verify this token"
  }

  private static func isMicrosoft(_ issuer: String) -> Bool {
    ["https://sts.windows.net/", "https://login.microsoftonline.", "https://sts.chinacloudapi."]
      .contains { issuer.begins(with: $0) }
  }

  /// The keys that the token brings along, where its kind is made so.
  ///
  /// RFC 9449, section 4.2: a proof is signed with the key of its header. OpenID Federation 1.0,
  /// section 3.1: a party signs the statement about itself with a key that stands in it.
  var ownKeys: JSONWebKeySet? {
    let list: [JSONValue]
    switch use {
    case .dpopProof: list = [header?["jwk"]].compactMap { $0 }
    case .entityStatement where claims?["iss"]?.string == claims?["sub"]?.string:
      list = claims?["jwks"]?["keys"]?.elements ?? []
    default: return nil
    }
    let keyID = header?["kid"]?.string
    let keys = list.compactMap { json -> JSONWebKey? in
      var json = json
      if use == .dpopProof, let keyID { json.set("kid", .string(keyID)) }
      return JSONWebKey(json)
    }
    return keys.isEmpty ? nil : JSONWebKeySet(keys: keys)
  }

  /// What a verdict on a signature with ``ownKeys`` means.
  func meaning(ofOwn verdict: Check.Verdict) -> String? {
    switch verdict {
    case .pass: return "It was signed with \(ownKeyName); whose that is, it does not say."
    case .fail: return "It was not signed with \(ownKeyName), or was changed afterwards."
    case .warn, .skip: return nil
    }
  }

  /// Which of ``ownKeys`` was used, in words.
  var ownKeyName: String {
    use == .dpopProof ? "the key in its own header" : "a key that stands in it"
  }

  /// Whether it is the JWT that Apple takes in the place of a client secret.
  public var isAppleSecret: Bool { claims.map(AppleSecret.isOne) ?? false }
}
