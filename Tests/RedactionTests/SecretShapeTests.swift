import OpenID
import Testing
import TestSupport

@testable import Redaction

/// What is long and random, and what only looks as if it were.
@Suite struct SecretShapeTests {
  @Test(arguments: [
    // The codes and tokens of the specifications.
    "SplxlOBeZQQYbYS6WxSbIA", "tGzv3JOkF0XG5Qx2TlKWIA",
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS", "4/0AX4XfWhkq8J2vT0cZp1",
    // UUIDs, also one without letters; hexadecimal; base64; base32.
    "550e8400-e29b-41d4-a716-446655440000", "12345678-1234-1234-1234-123456789012",
    "d41d8cd98f00b204e9800998ecf8427e", "0A1b2C3d4E5f6071", "q83vEjRWeJCrze/+EjRWeA==",
    "JBSWY3DPEHPK3PXPJBSW", "M.R3_BAY.2c9a8e4f-11",
    "e5a1c8d2-7b3f-4e6a-9c0d.1f2e3d4c-5b6a-7980",
    // Letters alone, of one case and of both.
    "xkqzvwbnmtrplkjhgfds", "XKQZVWBNMTRPLKJHGFDS", "qsKBvXnpZdLwRtYmCgHj",
    // Digits alone, if they are many.
    "123456789012345678901234",
    // A word in front does not hide it.
    "prod-session-3f9a1b2c4d5e", "code_8f3k2j9x7q1m5n2p", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
  ])
  func `long and random`(value: String) { #expect(SecretShape.isRandom(value)) }

  @Test(arguments: [
    // Short: one-time passwords, words, numbers.
    "", "123456", "a1B2c3D4e5F6g7H", "98765432109876", "1714560000000000", "123456789012345678901",
    // Words and identifiers.
    "authorization_code", "temporarily_unavailable", "internationalization", "tenant-application",
    "myApplicationCallbackHandler", "parseHTTPRequestURLComponents", "backchannelLogoutSupported",
    "backchannellogoutsupported", "BACKCHANNEL_LOGOUT_URI", "getUserInfoByIdToken",
    "x86_64-unknown-linux-gnu", "com.example.my.application2", "Rechtsschutzversicherung",
    // What the protocols say.
    "openid-profile-email-address", "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "application/x-www-form-urlencoded", "urn:mace:incommon:iap:silver", "B2C_1A_signup_signin",
    "arn:aws:iam::123456789012:role/Admin", "read:users,write:users,read:orders",
    // Texts, addresses, dates, versions.
    "openid profile email offline_access", "AADSTS50011: the address 8f3k2j9x7q1m5n2p is wrong",
    "https://op.example/callback/8f3k2j9x7q1m5n2p8f3k", "com.example.app://8f3k2j9x7q1m5n2p",
    "ada.lovelace1815@demo.example", "a8f3k2j9x7q1m5n2@relay.example",
    "2024-05-01T12:00:00.123456Z", "20240501T120000Z", "2024-05-01T12:00:00+02:00",
    "Wed, 01 May 2024 12:00:00 GMT", "v1.2.3-beta.4+20240101", "build20240501120000",
    "dev-tenant.eu.auth0.com", "de-DE-1996-x-lorem",
  ])
  func `not long, or not random`(value: String) { #expect(!SecretShape.isRandom(value)) }

  /// A code has 22 characters of base64url at least, if its makers read RFC 6749, section 10.10.
  @Test(arguments: [
    ("0123456789abcdef", 32),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 22),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26), ("abcdefghijklmnopqrstuvwxyz0123456789", 25),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 43),
    ("abcdefghijklmnopqrstuvwxyz", 43),
  ])
  func `of 2000 values with 128 bits of chance and more, fewer than one in 100 is missed`(
    alphabet: String, count: Int
  ) {
    var generator = SeededGenerator(seed: 7)
    let letters = Array(alphabet)
    let missed = (0..<2000).count { _ in
      let value = (0..<count).compactMap { _ in letters.randomElement(using: &generator) }
      return !SecretShape.isRandom(String(value))
    }
    #expect(missed < 20, "\(missed)")
  }

  @Test func `a very long value is looked at in part, whatever stands behind`() {
    let words = String(repeating: "words-and-words-", count: 1 << 16)
    #expect(!SecretShape.isRandom(words))
    #expect(SecretShape.isRandom("8f3k2j9x7q1m5n2p" + words))
  }

  @Test(arguments: [
    ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", true), ("eyJhbGciOiJub25lIn0.e30.", true),
    ("eyJlbmMiOiJ4In0.a.b.c.d", true), ("eyJhbGciOiJSUzI1NiJ9.e30", false),
    ("eyJhbGciOiJSUzI1NiJ9", false), ("eyJ one.two.three", false), ("a.b.c", false),
  ])
  func `a JWT is known by its beginning and its dots`(value: String, isJWT: Bool) {
    #expect(SecretShape.isJWT(value) == isJWT)
  }
}
