import Cryptography
import Foundation
import OpenID
import Testing

/// What people paste, given to `decode`, `explain`, `replay` and `explore` as a shell gives it.
@Suite(.serialized) struct PasteCommandTests {
  private static let code = "Splx8lOBeZQ9QYbYS6WxSbIA"
  private static let nonce = "n-0S6_WzA2Mj0123456789"

  /// A token of a login, and the public key that verifies it.
  private struct Login {
    let key: SigningKey
    let token: String

    init() throws {
      key = try SigningKey.generate(.es256, keyID: "of-the-provider")
      let now = Int64(Date().timeIntervalSince1970)
      let digest = try Digest.hash(Array(PasteCommandTests.code.utf8), .sha256)
      let claims: JSONValue = [
        "iss": "https://op.example", "sub": "ada", "aud": "my-app",
        "iat": .number(JSONNumber(now)), "exp": .number(JSONNumber(now + 600)),
        "nonce": .string(PasteCommandTests.nonce),
        "c_hash": .string(Base64URL.encode(digest.prefix(16))),
      ]
      token = try key.compactJWS(
        header: key.header(type: "JWT"), payload: Array(claims.compactText.utf8))
    }

    var request: String {
      "https://op.example/authorize?response_type=code%20id_token&client_id=my-app&scope=openid"
        + "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_mode=form_post&state=af0ifjsldkj"
        + "&nonce=\(PasteCommandTests.nonce)"
    }

    func form(code: String = PasteCommandTests.code) -> String {
      "code=\(code)&id_token=\(token)&state=af0ifjsldkj"
    }

    func copied(code: String = PasteCommandTests.code) -> String {
      "curl '\(request)' -H 'accept: text/html' ;\n"
        + "curl 'https://app.example/cb' -H 'content-type: application/x-www-form-urlencoded' \\\n"
        + "  --data-raw '\(form(code: code))'"
    }
  }

  private func object(_ result: ProgramRunner.Result) throws -> JSONValue {
    try JSONParser.parse(Array(result.output.utf8))
  }

  private func status(_ id: String, in json: JSONValue) -> String? {
    json["checks"]?.elements?.first { $0["id"]?.string == id }?["status"]?.string
  }

  @Test(.timeLimit(.minutes(1)))
  func `keys of one's own verify, with and without a kid`() async throws {
    let login = try Login()
    var bare = login.key.publicJWK.json
    bare.remove("kid")
    let stranger = try SigningKey.generate(.es256, keyID: "of-the-provider").publicJWK.json
    let set: JSONValue = ["keys": [login.key.publicJWK.json]]
    for (keys, wanted) in [(set, "valid"), (bare, "valid"), (stranger, "invalid")] {
      try await ProgramRunner.withFile(keys.compactText) { file in
        let result = try await ProgramRunner.run(
          ["decode", "--json", "--key", file], piping: login.token)
        let signature = try object(result)["signature"]?.string
        #expect(signature == wanted, "\(result.output)")
        #expect(result.status == (wanted == "valid" ? 0 : 3))
      }
    }
    try await ProgramRunner.withFile("-----BEGIN PRIVATE KEY-----\nMIIE\n") { file in
      let result = try await ProgramRunner.run(["decode", "--key", file], piping: login.token)
      #expect(result.status == 2 && result.errors.contains("private key"), "\(result.errors)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `what belongs to a token is given beside it, and not shown`() async throws {
    let login = try Login()
    try await ProgramRunner.withFile(Self.code + "\n") { file in
      let beside = ["decode", "--json", "--nonce", Self.nonce, "--code"]
      let honest = try await ProgramRunner.run(beside + ["@\(file)"], piping: login.token)
      let json = try object(honest)
      #expect(status("c-hash-match", in: json) == "pass", "\(honest.output)")
      #expect(status("nonce-match", in: json) == "pass")
      #expect(!(honest.output + honest.errors).contains(Self.code))
      let other = try await ProgramRunner.run(beside + ["another-code-0123"], piping: login.token)
      let failed = try object(other)
      #expect(other.status == 3 && status("c-hash-match", in: failed) == "fail")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `the request beside an answer is compared with it`() async throws {
    let login = try Login()
    let result = try await ProgramRunner.run(["decode", "--json"], piping: login.copied())
    let json = try object(result)
    for id in ["state-match", "nonce-match", "c-hash-match"] {
      #expect(status(id, in: json) == "pass", "\(id): \(result.output)")
    }
    let found = json["found"]?.strings ?? []
    #expect(Set(found).isSuperset(of: ["code", "id_token", "state", "nonce", "client_id"]))
    let foreign = login.copied().replacing("&state=af0ifjsldkj&nonce", with: "&state=other1&nonce")
      .replacing("&nonce=\(Self.nonce)", with: "&nonce=of-another-login")
    let other = try object(try await ProgramRunner.run(["decode", "--json"], piping: foreign))
    #expect(status("state-match", in: other) == "warn", "it may be of another login")
    #expect(other["failed"]?.strings == [])
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pasted login is stepped through`() async throws {
    let login = try Login()
    for (text, failed) in [
      (login.copied(), nil), (login.copied(code: "swapped-0123"), "c-hash-match"),
    ] {
      try await ProgramRunner.withFile(text) { file in
        for command in ["replay", "explore"] {
          let result = try await ProgramRunner.run([command, file])
          #expect(result.output.contains("af0ifjsldkj"), "\(result.output)\(result.errors)")
          #expect(result.errors.contains("holds no times"), "\(result.errors)")
          #expect(!result.output.contains(Self.code) && !result.output.contains("swapped-0123"))
          if let failed { #expect(result.output.contains(failed), "\(result.output)") }
        }
      }
    }
    try await ProgramRunner.withFile(login.token) { file in
      let result = try await ProgramRunner.run(["replay", file])
      #expect(result.status == 2 && result.errors.contains("decode"), "\(result.errors)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `explain says what a text is that holds no error`() async throws {
    let login = try Login()
    try await ProgramRunner.withFile(login.form(code: "swapped-0123")) { file in
      let result = try await ProgramRunner.run(["explain", file])
      #expect(result.output.contains("No known error") && result.output.contains("c-hash-match"))
      #expect(!result.output.contains("swapped-0123") && !result.output.contains(login.token))
    }
    let cookie = try await ProgramRunner.run(["explain"], piping: "Cookie: session=abcdefgh")
    #expect(cookie.output.contains("cookie"), "\(cookie.output)")
  }
}
