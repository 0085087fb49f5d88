import Cryptography
import OpenID
import TestSupport
import Testing

@testable import HybridFlow
@testable import Inspection

/// Tokens that are whole, and were written or copied wrongly.
@Suite struct TokenSlipTests {
  struct Slip: Sendable, CustomStringConvertible {
    let name: String
    /// A word of what has to be said.
    let says: String
    /// Whether the token is refused for it.
    let isFault: Bool
    let make: @Sendable (String) -> String
    var description: String { name }

    init(
      _ name: String, _ says: String, isFault: Bool = false,
      make: @escaping @Sendable (String) -> String
    ) {
      (self.name, self.says, self.isFault, self.make) = (name, says, isFault, make)
    }
  }

  private static func segments(_ text: String, _ change: ([UInt8]) -> String) -> String {
    text.split(separator: ".").map { change((try? Base64URL.decode($0)) ?? []) }
      .joined(separator: ".")
  }

  /// Lines of 76 characters as quoted-printable has them; RFC 2045, section 6.7.
  private static func mailed(_ text: String) -> String {
    var output = ""
    for (index, character) in text.enumerated() {
      if index > 0, index % 75 == 0 { output += "=\n" }
      output += character == "=" ? "=3D" : String(character)
    }
    return output
  }

  static let slips: [Slip] = [
    Slip("padded segments", "padded", isFault: true) { text in
      segments(text) { bytes in
        let text = Base64URL.encode(bytes)
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
      }
    },
    Slip("base64 for base64url", "- and _", isFault: true) { text in
      segments(text) { Base64.encode($0) }
    },
    Slip("encoded once more", "once more", isFault: true) { Base64.encode($0.utf8) },
    Slip("percent-encoded dots", "percent-encoded") {
      $0.replacing(bytes: ".", with: "%2E")
    },
    Slip("percent-encoded twice", "percent-encoded") {
      $0.replacing(bytes: ".", with: "%252E")
    },
    Slip("lines of a mail", "mail") { mailed($0) },
    Slip("a blank where a line ended", "blanks", isFault: true) { text in
      String(text.prefix(40)) + " " + String(text.dropFirst(40))
    },
    Slip("a mark without width", "blanks", isFault: true) { text in
      String(text.prefix(40)) + "\u{200B}" + String(text.dropFirst(40))
    },
  ]

  private static func token() throws -> String {
    // Bytes that base64 writes with + and /.
    let claims: JSONValue = [
      "iss": "https://a.example/", "sub": "somebody", "aud": "app", "iat": 1_700_000_000,
      "exp": 1_700_000_600, "nonce": "n-0S6_WzA2Mj", "name": "\u{BF}\u{FF}\u{3FE}??>>~~",
    ]
    let key = try SigningKey.generate(.es256, keyID: "a")
    for _ in 0..<200 {
      let token = try key.compactJWS(
        header: ["alg": "ES256", "kid": "a"], payload: Array(claims.compactText.utf8))
      // A signature with both signs, so that the two alphabets differ.
      if token.contains("-"), token.contains("_") { return token }
    }
    throw TokenError.missingAlgorithm
  }

  @Test func `soft breaks of a mail are taken out wherever they stand`() throws {
    let token = try Self.token()
    for length in 60..<76 {
      var text = ""
      for (index, character) in token.enumerated() {
        if index > 0, index % length == 0 { text += "=\r\n" }
        text.append(character)
      }
      let found = try PastedReader.read(text).tokens.first
      #expect(found?.slip?.right == token, "\(length)")
    }
  }

  @Test(arguments: slips)
  func `a known slip is named, and the claims are read all the same`(_ slip: Slip) throws {
    let examination = PastedExamination(
      try PastedReader.read(slip.make(Self.token())), now: UnixTime(seconds: 1_700_000_100),
      compute: CryptoWork.finding)
    let token = try #require(examination.tokens.first)
    #expect(token.use == .idToken)
    #expect(token.claims?["aud"]?.string == "app")
    let checks = examination.checks()
    let told = checks.filter { $0.verdict == (slip.isFault ? .fail : .warn) }
      .map { "\($0.id): \($0.why)" }.joined(separator: " ")
    #expect(told.contains(slip.says), "\(told)")
    if !slip.isFault { #expect(!checks.contains { $0.verdict == .fail }, "\(checks)") }
  }

  @Test func `a token is found in quoted lines, and behind any name of a log`() throws {
    let token = try Self.token()
    var lines: [String] = []
    var rest = Substring(token)
    while !rest.isEmpty {
      lines.append(String(rest.prefix(70)))
      rest = rest.dropFirst(70)
    }
    for mark in ["> ", ">", "> > "] {
      let text = lines.map { mark + $0 }.joined(separator: "\n")
      #expect(try PastedReader.read(text).tokens.first?.jws?.text == token, "\(mark)")
    }
    let padded = segments(token)
    for (text, right) in [
      ("2026-11-30 INFO token=\(token) user=ada", token), ("We got \(token). Why?", token),
      ("2026-11-30 INFO jwt=\(padded) user=ada", padded),
    ] {
      #expect(try PastedReader.read(text).tokens.first?.text == right, "\(text)")
    }
  }

  private func segments(_ token: String) -> String {
    token.split(separator: ".").map {
      $0 + String(repeating: "=", count: (4 - $0.utf8.count % 4) % 4)
    }.joined(separator: ".")
  }

  /// What is put around a token when it is pasted.
  static let wrappings: [(String, String)] = [
    ("\"", "\""), ("'", "'"), ("`", "`"), ("Bearer ", ""), ("Authorization: Bearer ", ""),
    ("id_token=", ""), ("\u{FEFF}", ""), ("\"", "\","), ("<", ">"), ("\u{201C}", "\u{201D}"),
  ]

  @Test(arguments: wrappings)
  func `what stands around a token does not matter`(_ wrapping: (String, String)) throws {
    let token = try Self.token()
    let message = try PastedReader.read(wrapping.0 + token + wrapping.1)
    #expect(message.tokens.first?.jws?.text == token)
  }

  // MARK: - Hash claims

  private static let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf"

  private static func digest(_ text: String, _ algorithm: DigestAlgorithm) -> [UInt8] {
    if case .digest(let bytes) = CryptoWork.finding(.digest(Array(text.utf8), algorithm)) {
      bytes
    } else {
      []
    }
  }

  /// A wrong `c_hash`, `at_hash` or `s_hash`, and a word of what has to be said of it.
  static let hashes: [(name: String, says: String, make: @Sendable (String) -> String)] = [
    ("the whole digest", "whole hash", { Base64URL.encode(digest($0, .sha256)) }),
    ("another digest", "SHA-512", { Base64URL.encode(digest($0, .sha512).prefix(32)) }),
    ("the right half", "right half", { Base64URL.encode(digest($0, .sha256).suffix(16)) }),
    ("hexadecimal", "hexadecimal", { Hex.text(Array(digest($0, .sha256).prefix(16))) }),
    ("all of it in hexadecimal", "hexadecimal", { Hex.text(digest($0, .sha256)) }),
    (
      "padded", "padding",
      {
        Base64.encode(digest($0, .sha256).prefix(16)).replacing(bytes: "+", with: "-")
          .replacing(bytes: "/", with: "_")
      }
    ),
    (
      "encoded twice", "twice",
      { Base64URL.encode(Base64.encode(digest($0, .sha256).prefix(16)).utf8) }
    ),
    (
      "digits encoded", "hexadecimal digits",
      { Base64URL.encode(Hex.text(Array(digest($0, .sha256).prefix(16))).utf8) }
    ),
  ]

  @Test(arguments: hashes.indices, ["code", "access_token", "state"])
  func `a hash in another notation is no attack`(_ index: Int, _ value: String) throws {
    let slip = Self.hashes[index]
    let (claim, check) =
      [
        "code": ("c_hash", "c-hash-match"), "access_token": ("at_hash", "at-hash-match"),
        "state": ("s_hash", "s-hash-match"),
      ][value] ?? ("", "")
    var claims: JSONValue = [
      "iss": "https://a.example/", "sub": "x", "aud": "app", "iat": 1_700_000_000,
      "exp": 1_700_000_600, "nonce": "n-0S6_WzA2Mj",
    ]
    for name in ["c_hash", "at_hash", "s_hash"] {
      let right = Base64URL.encode(Self.digest(Self.code, .sha256).prefix(16))
      claims.set(name, .string(name == claim ? slip.make(Self.code) : right))
    }
    let token = try SigningKey.generate(.es256, keyID: "a").compactJWS(
      header: ["alg": "ES256", "kid": "a"], payload: Array(claims.compactText.utf8))
    let text =
      "code=\(Self.code)&access_token=\(Self.code)&state=\(Self.code)&id_token=\(token)"
      + "&token_type=Bearer"
    let checks = PastedExamination(
      try PastedReader.read(text), now: UnixTime(seconds: 1_700_000_100),
      compute: CryptoWork.finding
    ).checks()
    let found = try #require(checks.first { $0.id == check })
    #expect(found.verdict != .pass)
    #expect(found.why.contains(slip.says), "\(slip.name): \(found.why)")
    #expect(!found.why.contains("issued with") && !found.why.contains("must not be sent"))
  }
}
