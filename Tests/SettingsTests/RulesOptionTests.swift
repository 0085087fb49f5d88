import Cryptography
import Foundation
import HybridFlow
import OpenID
import Platform
import Testing

@testable import Settings

/// What `--rules fapi1-advanced` sets by itself, and what contradicts it.
@Suite struct RulesOptionTests {
  private static let own = [
    "--issuer", "https://bank.example", "--client-id", "web",
  ]

  private func connection(
    _ arguments: [String], demo: Bool = false, key: String = "rfc7515-a2.pkcs8.pem"
  ) throws -> Connection {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Fixtures/keys/\(key)").path
    var all = arguments.map { $0 == "KEY" ? file : $0 }
    if !all.contains("--redirect-uri") {
      all += ["--redirect-uri", "https://localhost:8910/callback"]
    }
    return try Connection.read(
      Invocation.parse(["run", "--rules", "fapi1-advanced"] + (demo ? [] : Self.own) + all),
      secrets: ClientSecretSource(environment: [:]))
  }

  @Test func `alone at the demo tenant they set everything that is demanded`() throws {
    let configuration = try connection([], demo: true).configuration
    #expect(configuration.rules == .fapi1Advanced)
    #expect(configuration.responseType == .codeIDToken)
    #expect(configuration.signsRequest && configuration.usesPKCE)
    #expect(configuration.clientAuthentication == .privateKeyJWT)
    #expect(configuration.idTokenAlgorithm == .ps256)
  }

  @Test(arguments: [
    ("rfc7515-a2.pkcs8.pem", SignatureAlgorithm.ps256), ("rfc7515-a3.pkcs8.pem", .es256),
  ])
  func `an RSA key signs with PS256, one of P-256 with ES256`(
    key: String, algorithm: SignatureAlgorithm
  ) throws {
    let connection = try connection(["--client-key", "KEY"], key: key)
    #expect(connection.configuration.clientKey?.algorithm == algorithm)
    #expect(connection.session.clientKey?.algorithm == algorithm)
    #expect(connection.warnings == [])
  }

  @Test(arguments: [
    (["--response-type", "code token"], "allows 'code id_token' alone"),
    (["--no-pkce"], "wants PKCE"), (["--client-secret-file", "KEY"], "no client has a secret"),
    (["--client-secret-command", "true"], "no client has a secret"),
    (["--client-auth", "basic"], "wants private_key_jwt"),
    (["--client-auth", "none"], "wants private_key_jwt"),
    (["--client-key", "KEY", "--client-key-alg", "RS256"], "allows PS256 and ES256 alone"),
    (["--id-token-alg", "RS256"], "allows PS256 and ES256 alone"),
    (["--dpop", "EdDSA"], "allows PS256 and ES256 alone"),
    ([], "needs --client-key FILE"),
  ])
  func `what contradicts them is named, with the rule or the way out`(
    arguments: [String], words: String
  ) throws {
    let key = arguments.contains("--client-key") ? [] : ["--client-key", "KEY"]
    let error = #expect(throws: UsageError.self) {
      _ = try connection(arguments + (arguments.isEmpty ? [] : key))
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "no error")")
  }

  @Test func `a key that fits neither algorithm is named`() throws {
    let error = #expect(throws: UsageError.self) {
      _ = try connection(["--client-key", "KEY"], key: "rfc8037.pkcs8.pem")
    }
    #expect(
      error?.message.contains("wants an RSA key, for PS256, or one of P-256, for ES256") == true,
      "\(error?.message ?? "no error")")
  }

  @Test func `plain http at the redirect URI is a warning, because FAPI wants https`() throws {
    let connection = try connection([
      "--client-key", "KEY", "--redirect-uri", "http://localhost:8910/callback",
    ])
    #expect(connection.warnings.contains { $0.contains("FAPI 1.0 wants https") })
  }
}
