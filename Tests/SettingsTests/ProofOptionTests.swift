import Cryptography
import Foundation
import HybridFlow
import OpenID
import Platform
import Testing

@testable import Settings

/// `--dpop` and its key, and what stands behind an option whose value may be left out.
@Suite struct ProofOptionTests {
  private static let key = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/keys/rfc7515-a3.pkcs8.pem").path

  private func connection(_ arguments: [String]) throws -> Connection {
    try Connection.read(
      Invocation.parse(["run"] + arguments), secrets: ClientSecretSource(environment: [:]))
  }

  @Test(arguments: [
    ([], nil), (["--dpop"], SignatureAlgorithm.es256), (["--dpop", "PS256"], .ps256),
    (["--dpop=EdDSA"], .edDSA), (["--dpop", "--json"], .es256), (["--json", "--dpop"], .es256),
  ])
  func `the algorithm may be left out`(arguments: [String], expected: SignatureAlgorithm?) throws {
    let connection = try connection(arguments)
    #expect(connection.configuration.proofAlgorithm == expected)
    // The key is made when a run starts.
    #expect(connection.session.proofKey == nil && connection.configuration.proofKey == nil)
  }

  @Test func `a key of one's own signs the proofs`() throws {
    let connection = try connection(["--dpop", "--dpop-key", Self.key])
    #expect(connection.session.proofKey?.algorithm == .es256)
  }

  @Test(arguments: [
    (["--dpop-key", key], "needs --dpop"), (["--dpop", "HS256"], "one word too many"),
    (["--dpop=HS256"], "--dpop HS256"), (["--dpop=none"], "--dpop none"),
    (["--dpop", "--dpop"], "there twice"), (["--dpop", "PS256", "--dpop-key", key], "--dpop-key"),
    (["--dpop", "--dpop-key", "/nowhere"], "--dpop-key /nowhere"),
  ])
  func `what cannot be is said with the option's name`(arguments: [String], words: String) throws {
    let error = #expect(throws: UsageError.self) { _ = try connection(arguments) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "no error")")
  }
}
