import Cryptography
import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Platform
@testable import Settings

@Suite struct AppleKeyTests {
  private static func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Array(Data(contentsOf: folder.appending(path: "Fixtures/keys/\(name)")))
  }

  private static func key(_ bytes: [UInt8]) throws -> SigningKey {
    let home = try TestHome()
    let file = home.folder + "/key.p8"
    try Data(bytes).write(to: URL(filePath: file))
    return try AppleKeyFile.read(file, keyID: "ABC123DEFG", option: .init(["--apple-key"]))
  }

  /// The same key in other clothes.
  private static let clothes: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
    ("as it is", { $0 }), ("with CRLF", { Array(text($0, "\n", "\r\n").utf8) }),
    ("with a byte order mark", { [0xEF, 0xBB, 0xBF] + $0 }),
    ("with blanks around lines", { Array(text($0, "\n", "  \n\t ").utf8) }),
    ("without a line break at its end", { Array($0.dropLast()) }),
    ("with empty lines and words before it", { Array("Key of the team\n\n".utf8) + $0 + [0x0A] }),
  ]

  private static func text(_ bytes: [UInt8], _ old: String, _ new: String) -> String {
    String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: old, with: new)
  }

  @Test(arguments: clothes.indices)
  func `a key of Apple is read in any clothes`(_ index: Int) throws {
    let bytes = Self.clothes[index].1(try Self.fixture("rfc7515-a3.pkcs8.pem"))
    let key = try Self.key(bytes)
    #expect(key.algorithm == .es256)
    #expect(key.keyID == "ABC123DEFG")
    // RFC 7515, appendix A.3.
    #expect(key.publicJWK.json["x"]?.string == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
  }

  @Test func `the older form of an EC key is read as well`() throws {
    let key = try Self.key(Self.fixture("rfc7515-a3.sec1.pem"))
    #expect(key.publicJWK.json["x"]?.string == "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
  }

  @Test(arguments: [
    ("rfc7515-a3.encrypted.pem", "encrypted with a passphrase"),
    ("rfc7515-a2.pkcs8.pem", "an RSA key"), ("rfc7515-a2.pkcs1.pem", "an RSA key"),
    ("rfc8037.pkcs8.pem", "Ed25519"), ("p384.pkcs8.pem", "on the curve P-384"),
    ("secp256k1.pkcs8.pem", "another curve than P-256"),
    ("rfc7515-a3.public.pem", "a public key"), ("rfc7515-a3.pkcs8.der", "binary (DER)"),
  ])
  func `what is no such key is named`(_ name: String, _ words: String) throws {
    try expectRefusal(try Self.fixture(name), words)
  }

  @Test(arguments: [
    ("", "the file is empty"), ("\n \n", "the file is empty"), ("secret", "no PEM text"),
    ("{\"kty\":\"EC\"}", "it is JSON"), ("MIGHAgEAMBMGByqGSM49", "the first and the last line"),
    ("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----", "damaged"),
    ("-----BEGIN PRIVATE KEY-----\n", "damaged"),
    ("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n", "damaged"),
    ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "a certificate"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n", "for SSH"),
    ("-----BEGIN ODD THING-----\nb3Bl\n-----END ODD THING-----\n", "something else: ODD THING"),
  ])
  func `a damaged or foreign text is named`(_ text: String, _ words: String) throws {
    try expectRefusal(Array(text.utf8), words)
  }

  @Test func `a key that is cut anywhere is refused, and never shown`() throws {
    let whole = try Self.fixture("rfc7515-a3.pkcs8.pem")
    for count in stride(from: 0, to: whole.count - 30, by: 7) {
      try expectRefusal(Array(whole.prefix(count)), "")
    }
  }

  private func expectRefusal(
    _ bytes: [UInt8], _ words: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    do throws(UsageError) {
      let home = try? TestHome()
      let file = (home?.folder ?? "/tmp") + "/key.p8"
      try? Data(bytes).write(to: URL(filePath: file))
      _ = try AppleKeyFile.read(file, keyID: "ABC123DEFG", option: .init(["--apple-key"]))
      Issue.record("it was taken", sourceLocation: location)
    } catch {
      #expect(
        words.isEmpty || error.message.contains(words), "\(error.message)", sourceLocation: location
      )
      #expect(error.message.contains("BEGIN PRIVATE KEY"), sourceLocation: location)
      let body = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter {
        $0.count > 20 && !$0.hasPrefix("-----")
      }
      for line in body {
        #expect(!error.message.contains(line), "the key is in the error", sourceLocation: location)
      }
    }
  }

  // MARK: The options

  private func connection(_ arguments: [String], file name: String = "AuthKey_ABC123DEFG.p8")
    throws -> Connection
  {
    let home = try TestHome()
    let file = home.folder + "/" + name
    try Data(Self.fixture("rfc7515-a3.pkcs8.pem")).write(to: URL(filePath: file))
    chmod(file, 0o600)
    let all = arguments.map { $0 == "FILE" ? file : $0 }
    return try Connection.read(
      Invocation.parse(["check"] + all), secrets: ClientSecretSource(environment: [:]))
  }

  private static let usual = [
    "--preset", "apple", "--client-id", "com.example.web", "--apple-key", "FILE", "--apple-team",
    "DEF123GHIJ",
  ]

  @Test func `the preset and the key make a connection to Apple`() throws {
    let connection = try connection(Self.usual)
    let configuration = connection.configuration
    #expect(configuration.issuer.text == "https://appleid.apple.com")
    #expect(configuration.scope == ["openid", "name", "email"])
    #expect(configuration.responseType == .codeIDToken)
    #expect(configuration.responseMode == .formPost)
    #expect(configuration.appleTeam == "DEF123GHIJ")
    #expect(configuration.clientKey?.keyID == "ABC123DEFG", "from the name of the file")
    #expect(configuration.clientAuthentication == .post)
    #expect(configuration.clientSecret == nil)
    #expect(connection.session.clientKey?.keyID == "ABC123DEFG")
    #expect(connection.warnings == [])
  }

  @Test(arguments: [
    (["--apple-team", "DEF123GHIJ"], "give it with --apple-key FILE.p8"),
    (["--apple-key", "FILE"], "needs --apple-team ID"),
    (["--apple-key", "FILE", "--apple-team", "short"], "10 capital letters and digits"),
    (["--apple-key", "FILE", "--apple-team", "ABC123DEFG"], "that is the id of the team"),
    (
      ["--apple-key", "FILE", "--apple-team", "DEF123GHIJ", "--client-key", "FILE"],
      "exclude each other"
    ),
    (
      ["--apple-key", "FILE", "--apple-team", "DEF123GHIJ", "--client-secret-file", "FILE"],
      "exclude each other"
    ),
    (
      ["--apple-key", "FILE", "--apple-team", "DEF123GHIJ", "--client-auth", "none"],
      "takes its client secret in the form"
    ),
    (["--apple-key", "/no/such/file.p8", "--apple-team", "DEF123GHIJ"], "--apple-key-id"),
    (
      [
        "--apple-key", "/no/such/file.p8", "--apple-team", "DEF123GHIJ", "--apple-key-id",
        "ABC123DEFG",
      ], "Give a readable file"
    ),
  ])
  func `what is missing or wrong beside a key of Apple is said`(
    _ arguments: [String], _ expected: String
  ) throws {
    do {
      _ = try connection(["--preset", "apple", "--client-id", "com.example.web"] + arguments)
      Issue.record("it was taken: \(arguments)")
    } catch let error as UsageError {
      #expect(error.message.contains(expected), "\(error.message)")
    }
  }

  @Test(arguments: [
    (["--client-id", "DEF123GHIJ.com.example"], "as an App ID does"),
    (["--client-id", "com.example.web", "--apple-key-id", "ZZZ123DEFG"], "says ABC123DEFG"),
  ])
  func `what looks wrong and may be right is a warning`(
    _ arguments: [String], _ expected: String
  ) throws {
    let usual = ["--preset", "apple", "--apple-key", "FILE", "--apple-team", "DEF123GHIJ"]
    let warnings = try connection(usual + arguments).warnings
    #expect(warnings.count == 1 && warnings[0].contains(expected), "\(warnings)")
  }

  @Test func `a file that others can read is a warning`() throws {
    let home = try TestHome()
    let file = home.folder + "/AuthKey_ABC123DEFG.p8"
    try Data(Self.fixture("rfc7515-a3.pkcs8.pem")).write(to: URL(filePath: file))
    chmod(file, 0o644)
    let connection = try Connection.read(
      Invocation.parse(["check"] + Self.usual.map { $0 == "FILE" ? file : $0 }),
      secrets: ClientSecretSource(environment: [:]))
    #expect(connection.warnings.count == 1)
    #expect(connection.warnings.first?.contains("chmod 600") == true)
  }

  @Test func `the usual variable does not replace the secret that is signed`() throws {
    let home = try TestHome()
    let file = home.folder + "/AuthKey_ABC123DEFG.p8"
    try Data(Self.fixture("rfc7515-a3.pkcs8.pem")).write(to: URL(filePath: file))
    let connection = try Connection.read(
      Invocation.parse(["check"] + Self.usual.map { $0 == "FILE" ? file : $0 }),
      secrets: ClientSecretSource(environment: ["HYBRID_FLOW_CLIENT_SECRET": "of another"]))
    #expect(connection.configuration.clientSecret == nil)
  }

  @Test(arguments: [
    "http://localhost:8910/callback", "http://127.0.0.1:8910/callback",
    "http://[::1]:8910/callback",
  ])
  func `a redirect URI that Apple does not take is refused before a run`(_ uri: String) throws {
    let arguments =
      ["run", "--preset", "apple", "--client-id", "com.example.web", "--redirect-uri", uri]
    do throws(UsageError) {
      _ = try Connection.read(
        Invocation.parse(arguments), secrets: ClientSecretSource(environment: [:]))
      Issue.record("it was taken")
    } catch {
      #expect(error.message.contains("Apple takes https only. Two ways"), "\(error.message)")
    }
  }
}
