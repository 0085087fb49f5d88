import Cryptography
import Foundation
import OpenID
import TestSupport
import Testing

/// A client's key at the demo tenant, by the options that register and use it.
@Suite struct ClientKeyCommandTests {
  private func run(_ words: [String]) async throws -> [JSONValue] {
    let result = try await ProgramRunner.run(["run", "--json"] + words)
    #expect(result.status == 0, "\(result.errors)")
    return try result.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
  }

  /// A published private key, which therefore is worth nothing.
  private static func pem(_ name: String) throws -> String {
    String(decoding: try Fixture.bytes("keys/" + name), as: UTF8.self)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("rfc7515-a2.pkcs8.pem", SignatureAlgorithm.rs256),
      ("rfc7515-a2.pkcs1.pem", .ps256), ("rfc7515-a3.pkcs8.pem", .es256),
      ("rfc8037.pkcs8.pem", .edDSA),
    ])
  func `with a key the client signs, and its secret stays at home`(
    _ file: String, _ algorithm: SignatureAlgorithm
  ) async throws {
    try await ProgramRunner.withFile(try Self.pem(file)) { path in
      let lines = try await run([
        "--client-key", path, "--client-key-alg", algorithm.rawValue,
      ])
      let exchange = try #require(lines.first { $0["id"] == "exchange" })
      let values = exchange["values"]?.elements?.compactMap { $0["name"]?.string } ?? []
      #expect(values.contains("client_assertion") && !values.contains("client_secret"))
      let verify = try #require(lines.first { $0["id"] == "verify" })
      let rules = verify["server_checks"]?.elements ?? []
      #expect(rules.contains { $0["id"] == "assertion-signature" && $0["passed"] == true })
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a key that cannot be registered is refused with advice`() async throws {
    let jwk =
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"d\":\"a-private-part\"}"
    let rows: [(text: String, part: String)] = [
      ("no json", "not JSON"), ("{}", "kty"), ("{\"keys\":[]}", "no JSON Web Key"),
      (jwk, "public half"),
      ("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}", "public half"),
      ("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(String(repeating: "_", count: 170))8\"}", "2048"),
      ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}", "the key without kid"),
      ("{\"kty\":\"EC\",\"crv\":\"P-192\",\"x\":\"AA\",\"y\":\"AA\"}", "no signature"),
    ]
    for row in rows {
      try await ProgramRunner.withFile(row.text) { path in
        let result = try await ProgramRunner.run([
          "tenant", "--client", "id=a,jwks-file=\(path),redirect-uri=http://[::1]/",
        ])
        #expect(result.status == 2)
        #expect(result.errors.contains(row.part), "\(row.text.prefix(40)): \(result.errors)")
        #expect(!result.errors.contains("a-private-part"))
      }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `the tenant announces and takes a registered key`() async throws {
    let key = try SigningKey(
      pem: try Fixture.bytes("keys/rfc7515-a3.pkcs8.pem"), algorithm: .es256, keyID: "my-key")
    let keys: JSONValue = ["keys": .array([key.publicJWK.json])]
    try await ProgramRunner.withFile(keys.compactText) { path in
      let tenant = try ProgramRunner.start([
        "tenant", "--port", "0", "--client",
        "id=web,jwks-file=\(path),auth=private_key_jwt,redirect-uri=http://127.0.0.1:0/callback",
      ])
      #expect(await tenant.waitForOutput("discovery "))
      let issuer = try #require(
        tenant.soFar.split(separator: "\n").first?.split(separator: " ").last)
      let check = try await ProgramRunner.withFile(try Self.pem("rfc7515-a3.pkcs8.pem")) { secret in
        try await ProgramRunner.run([
          "check", "--json", "--issuer", String(issuer), "--client-id", "web", "--client-key",
          secret, "--redirect-uri", "http://127.0.0.1:0/callback",
        ])
      }
      #expect(check.output.contains("private_key_jwt"), "\(check.output)\(check.errors)")
      tenant.signal(SIGTERM)
      #expect(try await tenant.finish().status == 0)
    }
  }
}

/// Sign in with Apple from end to end, at a tenant with its habits.
@Suite struct AppleCommandTests {
  @Test(.timeLimit(.minutes(1)))
  func `a run with a key of Apple passes at the demo tenant, and shows neither key nor secret`()
    async throws
  {
    let pem = try String(decoding: Fixture.bytes("keys/rfc7515-a3.pkcs8.pem"), as: UTF8.self)
    try await ProgramRunner.withFile(pem) { path in
      let result = try await ProgramRunner.run([
        "run", "--json", "--apple-key", path, "--apple-team", "DEF123GHIJ", "--apple-key-id",
        "ABC123DEFG", "--then", "refresh,revoke",
      ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("and that is right"))
      #expect(result.output.contains("unsigned-field-not-used"))
      let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
      for text in [result.output, result.errors] {
        #expect(!lines.contains { text.contains($0) })
        #expect(!text.contains("eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQzEyM0RFRkcifQ."))
      }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a tenant with the habits of Apple says what it is, and check takes it`() async throws {
    let pem = try String(decoding: Fixture.bytes("keys/rfc7515-a3.pkcs8.pem"), as: UTF8.self)
    try await ProgramRunner.withFile(pem) { path in
      let tenant = try ProgramRunner.start([
        "tenant", "--port", "0", "--habits", "apple", "--client",
        "id=web,apple-key=\(path),apple-key-id=ABC123DEFG,apple-team=DEF123GHIJ,"
          + "redirect-uri=http://127.0.0.1:8910/callback",
      ])
      #expect(await tenant.waitForOutput("discovery "))
      let issuer = try #require(
        tenant.soFar.split(separator: "\n").first { $0.hasPrefix("issuer") }?
          .split(separator: " ").last)
      let check = try await ProgramRunner.run([
        "check", "--json", "--issuer", String(issuer), "--client-id", "web", "--apple-key", path,
        "--apple-team", "DEF123GHIJ", "--apple-key-id", "ABC123DEFG", "--redirect-uri",
        "http://127.0.0.1:8910/callback",
      ])
      #expect(check.status == 0, "\(check.output)\(check.errors)")
      #expect(check.output.contains("Apple answers it all the same"))
      tenant.signal(SIGTERM)
      #expect(try await tenant.finish().status == 0)
    }
  }
}
