import Cryptography
import HybridFlow
import OpenID
import Synchronization

/// Bytes that look random and are always the same; for pictures and golden files only.
final class PictureRandomness: Sendable {
  private let counter = Mutex<Int64>(0)

  func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    var output: [UInt8] = []
    while output.count < count {
      let number = counter.withLock { value in
        value += 1
        return value
      }
      output += try Digest.hash(Array("picture \(number)".utf8), .sha256)
    }
    return Array(output.prefix(count))
  }
}

/// The key of a team in runs that are as at Apple: RFC 7515, appendix A.3, so worthless.
enum TeamKey {
  static func make() throws -> SigningKey {
    let json: JSONValue = [
      "kty": "EC", "crv": "P-256", "kid": "ABC123DEFG",
      "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    ]
    guard let key = JSONWebKey(json) else { throw CryptoError.unusableKey("the key of the team") }
    return try SigningKey(privateJWK: key, algorithm: .es256)
  }
}

/// The tenant's key in pictures and golden files.
///
/// It is published here and therefore worthless: no tenant that listens on a port uses it.
enum PictureKey {
  private static var json: JSONValue {
    [
      "kty": "RSA", "kid": "picture-key", "e": "AQAB", "n": .string(modulus),
      "d": .string(exponent),
      "p": .string(firstPrime), "q": .string(secondPrime),
      "dp": .string(firstExponent), "dq": .string(secondExponent), "qi": .string(coefficient),
    ]
  }

  /// The client's keys for encrypted tokens, as worthless: RFC 7518, appendix C has the second.
  static func decryptionKeys(
    _ configuration: FlowConfiguration
  ) throws -> [DecryptionKey.Kind: DecryptionKey] {
    let types = (configuration.decryption?.registered ?? []).map(\.algorithm.keyType)
    var rsa = json
    rsa.set("kid", "picture-enc-rsa")
    let ec: JSONValue = [
      "kty": "EC", "crv": "P-256", "kid": "picture-enc-ec",
      "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
      "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
      "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
    ]
    let pairs: [(DecryptionKey.Kind, JSONValue)] = [(.rsa, rsa), (.ec, ec)]
    var keys: [DecryptionKey.Kind: DecryptionKey] = [:]
    for (kind, json) in pairs where types.contains(json["kty"]?.string ?? "") {
      guard var key = JSONWebKey(json) else { throw CryptoError.unusableKey("the picture key") }
      var named = key.json
      named.set("use", "enc")
      key = JSONWebKey(named) ?? key
      keys[kind] = try DecryptionKey(privateJWK: key)
    }
    return keys
  }

  static func make() throws -> SigningKey {
    guard let key = JSONWebKey(json) else { throw CryptoError.unusableKey("the picture key") }
    return try SigningKey(privateJWK: key, algorithm: .rs256)
  }

  private static let modulus = """
    rGmPipnrIZMDda1j3G1n5AaU5CAoNhFEphgjizdeO-YOWZauxOADDiHGjS1XdTAGtT4Sc6OAN3Cwg5cY\
    3LK1VeHUEeBsZULcv0Gl6RdwjYt3jvQj9xNULKI0gI0LrJ9lC6zfpfhQPw40mxRQZcyOCXATmF4MsmXb\
    m9Z3qdjjhVhoI0eFLlyNLAEueWcxiq3jCtOeZqzePKQ1v85vO4IllC9UvjXb4IP930Gz4q7q1JCdnfnE\
    TWURehCXcvbVUyEw4mk7zRSCaP_vpjO-pgfpWW0F1vs7w3YOze5fCYS38bthD8oclbzNHwEUQ4wpmqG1\
    5nBAvhRPOuvRgqrtEMgAEw
    """

  private static let exponent = """
    PouKyYZ9wG_DFQkCDYBY7GUg1UL_I2IPS8u89S9wTX1vHjvmCcCUCyfgje1xaS8zd8NdUTryc-o69nm1\
    SLbBxraGRrfpyrA_QViQ1eata4O5KxBRDbwi0JBFSI8iOYyXTO15Mo3Kmp1OIyXy5oMW0cCpMyCHLZ56\
    1OUwAtsN6pynafGHLCRhaAsDgV1cGoe7e47Rgpqd0py5Gn95Xa8ULZhhRfjFMW3vMNG7Kxq4gyj2dzQR\
    dOHQtEGBIvpHgg9sZJ8aPRloz_55MuDgpBvGFVKmG59L4WbebbfLvpJVhAutZ054UdH_1fz2HwLqERNe\
    JfkrQl-RkfxJDptGwlC2BQ
    """

  private static let firstPrime = """
    3-KO9890ictmgVMaZrRtb7x3ypiPy-dmqb0uF6rLBqJuyZ5OTUDX4dvNUzwYeSCNVeRovwqkSxmK3xzF\
    RNEc6PPV5SIjADllbWwY6m19bLlPohWIlJq6_BjumNJ37OBKWo6JzKoa1zyoEsPdo8Mzuk9DpoLXkk_k\
    1rI9D8KMqj8
    """

  private static let secondPrime = """
    xSTWlR3Jh2cU-LmZnwd2ac5EQX4YrHo-XOor9vceOXPwp9PxPFKuTgWha2d5IgGcjFoWctGUgeSPjAAU\
    JvwabPDFsMKVJJkrGkEaYyXe1anmeBO4d1pnzqSAGFOdv7sbt75jEcVOdafOHD2wzgS5qYDsqRiPsEls\
    0k6FuNmfLS0
    """

  private static let firstExponent = """
    RgAlaXAQ5QCWxTrBl3k0emo4Hj1DQKLSY6IF5lp9bk6dSybXHqp2lWTPNwYkNMMrzb5Dze-63MxYslfh\
    ihnD60ZKC4F35hsMDoFs7Odc_wCV2HzZHnWenzIAcAHmg0bBmLzWcwqAp-mMN4nMI-blpowf_9ELK_EV\
    ANfr5aCTsKs
    """

  private static let secondExponent = """
    wMIPKcfxN3o70CIxKYQzbKqopFy1pVb1SQYSLKxdGhHZuU8KrU-ubE0nEowerXhj5_thvaxcB1FCZcHh\
    8mhHMkONGBJ5n0pAEbCcK1to8QLpfHjTwadcnnjLYn3HXSOGq3b1CPghifqkFYrgJ-AI5MpRG9kPDXAN\
    fegW6bGm6JU
    """

  private static let coefficient = """
    23uTjB4PiydTmanE-J6CqE2u4IrPJ0GR3uOq7qdZsm5c4_vpskJLQ1AkOtI314PG0MxxKqg-h5RCHOr0\
    QegusFx7YYbxKp9tFl0M-pjlWPCvNZvESzo8YH1TITPjdQUQaLVq55Cs4QGQSQZFU19D7t-e30y-0TmI\
    gMCtpdAzjWM
    """
}
