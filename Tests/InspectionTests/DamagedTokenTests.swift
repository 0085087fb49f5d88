import Cryptography
import OpenID
import TestSupport
import Testing

@testable import Inspection
@testable import HybridFlow

/// What `decode` says of an ID token that was copied badly.
@Suite struct DamagedTokenTests {
  private static let header: JSONValue = ["alg": "ES256", "kid": "a", "typ": "JWT"]
  private static let claims: JSONValue = [
    "iss": "https://a.example/", "sub": "somebody", "aud": "app", "iat": 1_700_000_000,
    "exp": 1_700_000_600, "nonce": "n-0S6_WzA2Mj",
  ]

  private static func token(
    _ header: JSONValue = header, _ claims: JSONValue = claims
  ) throws -> String {
    try SigningKey.generate(.es256, keyID: "a")
      .compactJWS(header: header, payload: Array(claims.compactText.utf8))
  }

  private static func checks(_ text: String) throws -> [PastedCheck] {
    PastedExamination(
      try PastedReader.read(text), now: UnixTime(seconds: 1_700_000_100),
      compute: CryptoWork.finding
    ).checks()
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    let name: String
    /// The segment and the place, in the words of the verdict.
    let words: [String]
    let make: @Sendable ([String]) -> String
    var testDescription: String { name }

    init(_ name: String, _ words: String..., make: @escaping @Sendable ([String]) -> String) {
      self.name = name
      self.words = words
      self.make = make
    }
  }

  private static func put(_ text: String, _ mark: String, at place: Int) -> String {
    let bytes = Array(text.utf8)
    return String(decoding: bytes[..<place] + Array(mark.utf8) + bytes[place...], as: UTF8.self)
  }

  static let damages: [Damage] = [
    Damage("padding", "signature", "padding", "character 87") { $0.joined(separator: ".") + "=" },
    Damage("two signs of padding", "signature", "padding", "character 87") {
      $0.joined(separator: ".") + "=="
    },
    Damage("padding in the payload", "payload", "padding") { "\($0[0]).\($0[1])=.\($0[2])" },
    Damage("a plus", "signature", "sign +", "character 5") {
      "\($0[0]).\($0[1])." + put(String($0[2].dropLast()), "+", at: 4)
    },
    Damage("a slash", "payload", "sign /", "character 11") {
      "\($0[0])." + put(String($0[1].dropLast()), "/", at: 10) + ".\($0[2])"
    },
    Damage("a fourth segment", "this has 4", "too much") { $0.joined(separator: ".") + ".e30" },
    Damage("a dot at the end", "this has 4", "too much") { $0.joined(separator: ".") + "." },
    Damage("no signature", "this has 2") { "\($0[0]).\($0[1])" },
    Damage("the header alone", "this has 1") { $0[0] },
    Damage("a blank in the header", "header", "a blank", "character 9") {
      put($0[0], " ", at: 8) + ".\($0[1]).\($0[2])"
    },
    Damage("a blank in the payload", "payload", "a blank", "character 21") {
      "\($0[0])." + put($0[1], " ", at: 20) + ".\($0[2])"
    },
    Damage("a blank in the signature", "signature", "a blank", "character 31") {
      "\($0[0]).\($0[1])." + put($0[2], " ", at: 30)
    },
    Damage("a star in the signature", "signature", "sign *", "character 31") {
      "\($0[0]).\($0[1])." + put($0[2], "*", at: 30)
    },
    Damage("cut off in the signature", "signature", "cut off", "48 bytes") {
      "\($0[0]).\($0[1])." + $0[2].prefix(64)
    },
    Damage("cut off in the payload", "this has 2") { "\($0[0])." + $0[1].prefix(40) },
    Damage("one character lost", "signature", "85 characters") {
      "\($0[0]).\($0[1])." + $0[2].prefix(85)
    },
    Damage("the first character lost", "header") {
      String($0[0].dropFirst()) + ".\($0[1]).\($0[2])"
    },
  ]

  @Test(arguments: damages)
  func `a damaged ID token fails, and what is damaged is said`(_ damage: Damage) throws {
    let parts = try Self.token().split(separator: ".").map(String.init)
    let text = damage.make(parts)
    let failed = try Self.checks(text).filter { $0.verdict == .fail }
    #expect(!failed.isEmpty, "\(text)")
    let said = failed.map { "\($0.id): \($0.found ?? "") \($0.why)" }.joined(separator: " ")
    for word in damage.words { #expect(said.contains(word), "\(word) in: \(said)") }
  }

  @Test func `a token that is whole is none, in lines or in a longer text`() throws {
    let token = try Self.token()
    let bytes = Array(token.utf8)
    let wrapped =
      String(decoding: bytes[..<60], as: UTF8.self) + "\n"
      + String(decoding: bytes[60...], as: UTF8.self)
    for text in [token, wrapped, "  \(token)\n", "\(token) is what came", "got \(token) here"] {
      #expect(try Self.checks(text).filter { $0.verdict == .fail }.isEmpty, "\(text)")
    }
  }

  @Test func `a damaged access token only warns: it is its API that reads it`() throws {
    let kinds: [(JSONValue, JSONValue)] = [
      (["alg": "ES256", "typ": "at+jwt"], ["sub": "x"]),
      (["alg": "ES256"], ["sub": "x", "scope": "read", "client_id": "app"]),
    ]
    for (header, claims) in kinds {
      let verdicts = try Self.checks(Self.token(header, claims) + "=")
      #expect(verdicts.filter { $0.verdict == .fail }.isEmpty)
      #expect(verdicts.contains { $0.id == "token-structure" && $0.verdict == .warn })
    }
    // Base64 of JSON that names no algorithm is no damaged token.
    let laravel = Base64URL.encode(#"{"iv":"abc","value":"def","mac":"0123"}"#.utf8)
    #expect(try PastedReader.read(laravel).kind == .opaqueToken)
  }

  @Test func `a length that an algorithm cannot have is told, others are not`() throws {
    for (algorithm, count) in [
      (SignatureAlgorithm.rs256, 256), (.ps512, 512), (.es256, 64), (.es384, 96), (.es512, 132),
      (.edDSA, 64), (.edDSA, 114), (.hs256, 32), (.hs384, 48), (.hs512, 64),
    ] {
      #expect(algorithm.admitsSignature(byteCount: count))
      #expect(!algorithm.admitsSignature(byteCount: 31))
    }
  }
}
