import Cryptography
import OpenID

/// The keys of the attacker who forges tokens in the lab.
///
/// They are fixed, because the tenant makes no keys of its own, and because making an RSA key takes
/// a fraction of a second, too long for a response. They are used only here and protect nothing, so
/// they need not be secret.
enum StrangerKey {
  /// The name of one of them when a tenant changes to it as its own next key.
  static let nextKeyID = "next-key"

  /// The attacker's key for the same algorithm and curve.
  static func like(_ key: SigningKey) throws(CryptoError) -> SigningKey {
    guard let jwk = JSONWebKey(json(like: key)) else {
      throw .unusableKey("the stranger\u{2019}s key")
    }
    return try SigningKey(privateJWK: jwk, algorithm: key.algorithm)
  }

  /// The same with its private members, as a careless provider publishes its own.
  static func json(like key: SigningKey) -> JSONValue {
    switch key.algorithm {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: rsa
    case .es256: p256
    case .es384: p384
    case .es512: p521
    case .edDSA: key.publicJWK.curve == "Ed448" ? ed448 : ed25519
    case .hs256, .hs384, .hs512: shared
    }
  }

  /// An RSA key of 1024 bits for the same algorithm; nil for an algorithm of another kind.
  static func weak(like key: SigningKey) throws(CryptoError) -> SigningKey? {
    guard key.algorithm.keyType == "RSA", let jwk = JSONWebKey(weakRSA) else { return nil }
    return try SigningKey(weakRSA: jwk, algorithm: key.algorithm)
  }

  /// RSA, 1024 bits.
  private static let weakRSA: JSONValue = [
    "kty": "RSA",
    "kid": "too-short",
    "e": "AQAB",
    "n": .string(
      "uP2xjcKkdDwakVpGAHpj8qp0PQnuN79TN-3TviZf6gT99kfS5g2MV6wvtRi5chQsjQRIdrV1C4_x-jCOFN2GKVzXIE"
        + "0xrE_q5GRKtXcJf_RZHFjdTb5yYzSlpkqysAqW-3Aad8pdMNqUIMmo6faWCl6wxsLgvnq3h33zwC5ZsJk"),
    "d": .string(
      "WVl_dr76e4HEO0xk3zo-KCkYN5siSh7I7Qyb5w3V6cw7dca_IIqOrJHoAQpOF8GSuxHEhkGipNEDyRnGpmFQuLpCZA"
        + "c6N0lTHR7Ahd_NCQkbab6Mrx4bnMyuhjzOQEa0xcKlc5tvi78_nZKphz2swMJihh2q0Yl3lTtczcPBy7k"),
    "p": "8m-fvyxnwmHGfvttaNMw0ymSOS0OJEvOPPPb2ovPsmBYw8vuqTAnYMKqDeEsvW_uNgGE8AGhHKbe1CPSqoCwfw",
    "q": "w1dK597AT4i1dJ9C4H6apifl6qXFEimZacwyamwIC9O9BtPtjWSOTDGqWGiyPzbphbZSTewsnjjIeMDkZ26S5w",
    "dp": "bsyVNcoVocEN9vryBfZ_WgKl0XvF-tCqcTECSd-cDOn7p4CMksZvOMm-7pj62ZlORWBsYURdXbrmHA5DOamX",
    "dq": .string(
      "sda6IkkAiigrEwafayS4BMdUIYFT3kozGkfGKm86EBJwCFRO9Cf1CNc6f4yporWKeqpXWgvHPzDxCkaKasQXRw"),
    "qi": "L72eRJB69W_FPKKpLC5UKSWZPHP5a4CKxLebty35S1taeMidY81QSPxrZXNCxjJ2Ssjf9xVlrZ6EFF_kKVM_VA",
  ]

  /// RSA, 2048 bits.
  private static let rsa: JSONValue = [
    "kty": "RSA",
    "kid": "a-stranger",
    "e": "AQAB",
    "n": .string(
      "32STPNNnQ1i4UlW5n31NHbDJUy692l_wk0BkD5ZGO6aYOqfLrI9efgfEbflBt7G-81RXedmEPuLD7dCZCxetA_Evd-"
        + "9IfQfzaTTztQpd_finVsQw5zW6s8KKc_G0W4BUgqMfG2K0Enr1xjOqT-yMvUfL_rXBxTHeKemjPulanWB5bQqvKnLi"
        + "trf4Gb6mUEJfOwI5J77VUa8Z-tkpvZY-GpIzj_--Lf539CkWXD91UGSynlzfizYVjZfbCp56DxJ6Sqxx3lDqFU1zFK"
        + "4qBosfZgQNdpPUyWhQ535612H5BwpivZvPNd2DVn1hBW-3VzkllQHTbYJtFmWS4BUNb-zXcQ"),
    "d": .string(
      "AhGUBNWQa4gquVcwv0negb3D-JioU0f6egAPTpqk8HHKPjpx399RjRNzM4LfF_1zCtdOfW6T1lzJz0gUY9LK9nrQfb"
        + "GsUAMu54SeK_HaVjJanXBfhmCXvv1yfl311ZTPfELYlEi6jEu3hITIAc9rWlC6gOUTH6CyelDtiMZypxKNRRHzVFtS"
        + "fu8VuaLC3DTgUsc5FcA41YD0aXWhNRrfULEg9qwanGN05CrMOqf6s9lk9vTe93rud82w0pEIGtLxXTDJ8V0ZqDF-4M"
        + "btusoo250jj4N5_kH3fDe_hpZhhky5dwAvSk95JYFu0W11GLzA1SS9kIgcd0LQLUi6K5BZDQ"),
    "p": .string(
      "-RXxMFW1EAcq8X9qOWy_2J4swAy7B-bWoDI3pUaWdGAmzgyoprXya_6BsHUvqZsKlq3RfzOaNSR1UVmmO5oRYJl_OE"
        + "tjgrstwZsB9Kq93cEah-JVWrA_iU_O7V6H0_1a_6UtFevDh5qZYNAqYLYL315bFJFC44A8OLqJcDKc5yU"),
    "q": .string(
      "5ZgN1QWvl0-tHQAv64RbCzYl1y7_rr1kWKsTdHOXRq-el6GWV4W_QJtVEiHWa4Svp7ts6aRbXmiWsB9M1_KBiLDfXG"
        + "zb0ANxAiFVe27tL5AcImU5P8wT-p9mkew0A2hHoZCW8WAFaKQSax96hDqt2oJqM9mYXIiwcGoYFQe2s10"),
    "dp": .string(
      "kDWi8R_99yyfMThakKqkm85gDESSmC2Ofyrzyo2GmBP_A3aSwgo_M0UjYr1F_gUUaU5zJxkCI9haz-F-e61keDAGVt"
        + "pW355tDFUpGbUsvdGKAbgJQLsf3ejF3enH6_UYFUBVTQa1qrHYMRP0JQ_g6c6gHtVHC533v8RHxByZeL0"),
    "dq": .string(
      "wsSXF1tXdhkVVkDOZhFF2uD4gO9R376y3bVjL6rPbhuVgjSGAYFomToslNE3wMYy7SvGXP4ctJ4tFwO2gIss7_R7x0"
        + "BhyLjiqVf12Fxlwa-S7mrIgiJx4G5Q6QFjrnBMM_cg1WsLq5VkOpPdr0bILVHtHkc9RWJ_qx2ViGGez9E"),
    "qi": .string(
      "GXGvqHogqzPk28D8nlIk28zdeDNt-8q5IFCYcm29OLKLbsbrRwiNpLFaUcUPqPaTDHnn_Aa-S4_VotpXTgqR15jw-1"
        + "eViVUsSh83tbWyxwA0Ssy2qzrGcDK0N5HLhdFcHdPZmFR4sFo9aO7GJtITg-AAYIdAyoUAdIAXVG5oIuk"),
  ]

  /// P-256.
  private static let p256: JSONValue = [
    "kty": "EC",
    "kid": "a-stranger",
    "crv": "P-256",
    "x": "cKJV_lMO2ChXCwiS7R85ETnMd39MfQhL64m5AjvXtMw",
    "y": "QUVZIQWARZbGr7GB1l2neZeJQW0MMGDypG8Xj3pTcec",
    "d": "MXuHWwa4JEjCqhEVMxaR1lYV7wx7IvEsWfk_kLm2ABU",
  ]

  /// P-384.
  private static let p384: JSONValue = [
    "kty": "EC",
    "kid": "a-stranger",
    "crv": "P-384",
    "x": "iUVe7XKmfSDk1I-ps9--nnPOFccGGjCRcziisnv84AAOj1KqEA3DLA_xWVzbYySh",
    "y": "Cnz0FI1ev8MB7pjO_RG5bG7OzgfEs9PRZg7Wr2LDMLAqx1RGiX9-62TSk6ib9tXA",
    "d": "Rohre-KhpL0yIhWHLD8o5qb6uY_DvEaDivogrTyFvh2SVwBKhWSgTobeG-SoaCdO",
  ]

  /// P-521.
  private static let p521: JSONValue = [
    "kty": "EC",
    "kid": "a-stranger",
    "crv": "P-521",
    "x": .string(
      "AZya0A8vT3_9SmVhd8IFbEMIjTx2-MS7I6KnSzLZ53AqPgQBbWwJvR3FLi6vH50tBDk5D1eq0GMO2O7MDVu93x-E"),
    "y": .string(
      "AewqzCuMkddrCeGb_z9wV3TEWLkqP-DX6qaDe2lrrhxrI-EB4h5Y1ts5D4iK55HnSbAf80YxedwTUnNQZ-qkDX6Q"),
    "d": .string(
      "AVpiJB8NYGr9RJBAgBKR4O3DAZQFQZtgd_YMPJxekaS6cg3NId12zu_bf1r8So7ECboVBkzfEWisdoUyHANF5jN6"),
  ]

  /// Ed25519.
  private static let ed25519: JSONValue = [
    "kty": "OKP",
    "kid": "a-stranger",
    "crv": "Ed25519",
    "x": "2YGJYEhAs_Ll08beu36RD5xmR07UasKELnpj1Pjv7y8",
    "d": "SRrYdhxjOphamqq4wK66TWJ0TNqwbINaAIZPmG-dwG8",
  ]

  /// Ed448.
  private static let ed448: JSONValue = [
    "kty": "OKP",
    "kid": "a-stranger",
    "crv": "Ed448",
    "x": .string(
      "9ObQdQJIHsFAmsE9U6F2hv4Sj6hLMOZyrzH6uyqE0_kYZZHm7t5BzAIapW2eehGDl3G76BgujC8A"),
    "d": .string(
      "A9CeuP26pN1viKvMAyXa3INLbnUKgJEAc-sKvIFi3WKbYkV0pI8QZmJV5_RcCPBY9H4EoCW4glv1"),
  ]

  /// For HMAC.
  private static let shared: JSONValue = [
    "kty": "oct",
    "kid": "a-stranger",
    "k": .string(
      "xQq1eU93JX-3CGi1jmAWN60FfeGKfCqCXE6K2OAhTmc2weaIltOfPCOx6z7WJxr8NpVR2z7P8p9wa9rAsNlpWw"),
  ]
}
