import Cryptography
import Foundation
import OpenID
import Testing

/// `hybrid-flow decode`, as its user meets it: files, pipes, a real server with keys, wrong things.
@Suite struct DecodeTests {
  private static func key() throws -> SigningKey {
    try SigningKey.generate(.es256, keyID: "published")
  }

  private func decode(
    _ arguments: [String], piping input: String? = nil
  ) async throws -> ProgramRunner.Result {
    try await ProgramRunner.run(["decode"] + arguments, piping: input)
  }

  private func object(_ result: ProgramRunner.Result) throws -> JSONValue {
    try JSONParser.parse(Array(result.output.utf8))
  }

  private func verdict(_ id: String, in json: JSONValue) -> JSONValue? {
    json["checks"]?.elements?.first { $0["id"]?.string == id }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a token in a file is taken apart, and what was not checked is said with its reason`()
    async throws
  {
    let server = try await KeyServer(try Self.key())
    let token = try server.token()
    try await ProgramRunner.withFile(token + "\n") { path in
      let result = try await decode([path])
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(result.output.hasPrefix("! ID token \u{00B7} signed ES256 \u{00B7} SIGNATURE NOT"))
      #expect(result.output.contains("somebody"))
      #expect(result.output.contains("Not checked"))
      let reason = result.output.split(separator: "\n").drop { !$0.hasPrefix("Not checked") }
      let text = reason.joined(separator: " ")
      #expect(text.contains("id-token-signature") && text.contains("--issuer"))
      #expect(text.contains("nonce-match"))
      #expect(!result.output.contains(token), "the token itself is masked")
      #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    #expect(server.asked.isEmpty, "offline means offline")
    server.stop()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pipe is read, with and without a dash`() async throws {
    let body = "code=a-code-of-some-length-0123456789&state=xyz&iss=https%3A%2F%2Fa.example%2F"
    for arguments in [["-"], [], ["-", "--ascii"]] {
      let result = try await decode(arguments, piping: body)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("The body of a form post"))
      #expect(result.output.contains("https://a.example/"))
      #expect(!result.output.contains("a-code-of-some-length"))
      if arguments.contains("--ascii") {
        #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
      }
    }
    let shown = try await decode(["-", "--reveal"], piping: body)
    #expect(shown.output.contains("a-code-of-some-length-0123456789"))
    #expect(shown.errors.contains("--reveal"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `machines get one object`() async throws {
    let body = "error=access_denied&error_description=no%20%1b%5B31m&state=xyz"
    let result = try await decode(["--json"], piping: body)
    #expect(result.status == 0 && result.output.split(separator: "\n").count == 1)
    let json = try object(result)
    #expect(json["kind"]?.string != nil)
    let fields = json["fields"]?.elements?.compactMap { $0["name"]?.string }
    #expect(fields == ["error", "error_description", "state"])
    #expect(!result.output.utf8.contains(0x1B))
    let checks = try #require(json["checks"]?.elements)
    #expect(checks.allSatisfy { $0["status"]?.string != nil && $0["why"]?.string != nil })
  }

  @Test(.timeLimit(.minutes(1)))
  func `with an issuer its keys are fetched, and decide`() async throws {
    let server = try await KeyServer(try Self.key())
    let issuer = ["--issuer", server.issuer, "--client-id", "my-app", "--json"]
    let honest = try await decode(issuer, piping: try server.token())
    #expect(honest.status == 0 && honest.errors == "", "\(honest.errors)")
    let json = try object(honest)
    for id in ["id-token-signature", "id-token-iss", "id-token-aud", "id-token-exp"] {
      #expect(verdict(id, in: json)?["status"] == "pass", "\(id)")
    }
    #expect(server.asked == ["/.well-known/openid-configuration", "/keys"])

    let stranger = try SigningKey.generate(.es256, keyID: "published")
    let forged = try await decode(issuer, piping: try server.token(signedBy: stranger))
    #expect(forged.status == 3)
    #expect(try object(forged)["failed"]?.strings == ["id-token-signature"])
    let old = try await decode(issuer, piping: try server.token(endsIn: -600))
    #expect(old.status == 3)
    #expect(try object(old)["failed"]?.strings == ["id-token-exp"])
    server.stop()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a damaged ID token ends with 3, and the place of the damage is said`() async throws {
    let server = try await KeyServer(try Self.key())
    server.stop()
    let token = try server.token()
    let cases = [
      (token + "=", "padding"), (token + ".e30", "this has 4"), (token + "+", "sign +"),
      (String(token.dropLast(30)), "cut off"),
      (String(token.prefix(20)) + " " + token.dropFirst(20), "a blank"),
    ]
    for (text, words) in cases {
      let result = try await decode(["--json"], piping: text)
      #expect(result.status == 3, "\(words): \(result.errors)")
      let failed = try #require(try object(result)["checks"]?.elements)
        .filter { $0["status"] == "fail" }.compactMap { $0["why"]?.string }
      #expect(failed.joined().contains(words), "\(failed)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `it begins with what it is, whether the signature was verified, and the claims`()
    async throws
  {
    let server = try await KeyServer(try Self.key())
    let issuer = ["--issuer", server.issuer, "--client-id", "my-app"]
    let token = try server.token()
    let stranger = try SigningKey.generate(.es256, keyID: "published")
    let unsigned =
      Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
      + "." + String(token.split(separator: ".")[1]) + "."
    let form = "code=a-code-of-some-length-0123456789&state=xyz&id_token=" + token
    let dot = " \u{00B7} "
    let rows: [(input: String, arguments: [String], banner: String)] = [
      (
        token, issuer,
        "\u{2713} ID token\(dot)signed ES256\(dot)SIGNATURE VALID (ES256, key published)"
      ),
      (
        token, [],
        "! ID token\(dot)signed ES256\(dot)SIGNATURE NOT VERIFIED: there are no keys; --issuer URL "
          + "fetches them, --key FILE gives them"
      ),
      (
        try server.token(signedBy: stranger), issuer,
        "\u{2717} ID token\(dot)signed ES256\(dot)SIGNATURE NOT VALID"
      ),
      (unsigned, [], "\u{2717} ID token\(dot)NOT SIGNED: alg is none"),
      (
        form, issuer,
        "\u{2717} ID token\(dot)signed ES256\(dot)SIGNATURE VALID (ES256, key published) The body "
          + "of a form post"
      ),
    ]
    for row in rows {
      let output = try await decode(row.arguments, piping: row.input).output
      let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
      let start = output.prefix(400).split { $0.isWhitespace }.joined(separator: " ")
      #expect(start.hasPrefix(row.banner), "\(output)")
      let claims = try #require(lines.firstIndex { $0.hasPrefix("  Claims") }, "\(output)")
      let checks = try #require(lines.firstIndex { $0.hasPrefix("Checks: ") }, "\(output)")
      let others = lines.indices.filter {
        lines[$0].hasPrefix("  Header") || lines[$0].hasPrefix("Fields")
      }
      #expect(claims < 10 && others.allSatisfy { claims < $0 && $0 < checks }, "\(output)")
    }
    server.stop()
  }

  @Test(.timeLimit(.minutes(1)))
  func `an issuer that is not there, or speaks for another, is named`() async throws {
    let server = try await KeyServer(try Self.key(), speakingFor: "https://other.example/")
    let token = try server.token()
    let other = try await decode(["--issuer", server.issuer, "--json"], piping: token)
    #expect(other.status == 3)
    #expect(try object(other)["failed"]?.strings?.contains("discovery-issuer-match") == true)
    server.stop()
    let gone = try await decode(
      ["--issuer", "http://127.0.0.1:1/", "--json", "--timeout", "5"], piping: token)
    #expect(gone.status == 5)
    #expect(gone.errors.contains("--issuer http://127.0.0.1:1/"))
    let why = verdict("id-token-signature", in: try object(gone))
    #expect(why?["status"] == "skip")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a copy of a browser's request is understood`() async throws {
    let text =
      #"curl 'https://app.example/cb' -H 'content-type: application/x-www-form-urlencoded' "#
      + #"--data-raw $'code=a\u0021b&state=x\'y'"#
    let result = try await decode(["--json", "--reveal"], piping: text)
    #expect(result.status == 0, "\(result.errors)")
    let fields = try #require(try object(result)["fields"]?.elements)
    #expect(fields.map { $0["value"]?.string } == ["a!b", "x'y"])
  }

  @Test(.timeLimit(.minutes(1)))
  func `what cannot be read is named, with what to do`() async throws {
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJl"
    let cases: [(arguments: [String], input: String?, part: String)] = [
      ([], "", "empty"), (["/does/not/exist"], nil, "/does/not/exist"),
      (["a-file-that-is-not-there"], nil, "a-file-that-is-not-there"),
      ([token], nil, "in a file or on standard input"),
      (["-"], "just some words that mean nothing", "Nothing is recognised"),
      (["-"], "\u{0}\u{1}\u{2}", "empty"), (["-"], "{\"a\":1}", "JSON"),
      (["-", "--issuer", "garbage"], token, "--issuer garbage"),
      (["-", "--issuer", "http://a.example/"], token, "https"),
      (["-", "--clock-skew", "-5"], token, "--clock-skew"), (["-", "more"], token, "more"),
      (["-"], String(repeating: "x", count: 5_000_000), "Standard input is larger than"),
    ]
    for row in cases {
      let result = try await decode(row.arguments, piping: row.input)
      #expect(result.status == 2 && !result.wasSignalled, "\(row.arguments): \(result.status)")
      #expect(result.output == "")
      #expect(result.errors.contains(row.part), "\(row.arguments): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
      #expect(!result.errors.contains(token), "a token is not repeated")
    }
  }

  /// A code in everything that can be pasted, and in everything that is said about it.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "error=x&%22code=@", "code=x&Code=@&CODE=@&code%5B%5D=@", "https://rp/cb?error=x&whatever=@",
      "https://rp/cb#state=x&error=y&refreshToken=@&n=@",
      #"{"token_type":"Bearer","access_token":"a","deep":[{"my_token":"@"}],"device_secret":"@"}"#,
      #"{"access_token":"a","text":"{\"code\":\"@\"}"}"#, "response=eyJhbGciOiJSUzI1NiJ9.@@.c2ln",
      "eyJhbGciOiJSUzI1NiJ9.@@.c2ln", "curl 'https://rp/cb' --data-raw 'error=x&%22code=@'",
      "curl ^\"http://rp/cb^\" --data-raw ^\"code=@^&state=x^\"", "code=@%zz&state=x",
      "HTTP/1.1 302 Found\r\nLocation: https://rp/cb?error=x&x=@\r\n\r\n",
    ])
  func `no code is shown, whatever it is called`(text: String) async throws {
    let code = "Splx8lOBeZQ9QYbYS6WxSbIA"
    let claims = Base64URL.encode(Array(#"{"iss":"a","code":"\#(code)"}"#.utf8))
    let input = text.replacing("@@", with: claims).replacing("@", with: code)
    for arguments in [[], ["--json"], ["--ascii"]] {
      let result = try await decode(arguments, piping: input)
      let said = result.output + result.errors
      #expect(result.status != 2, "\(said)")
      #expect(!said.contains(code) && !said.contains(claims), "\(said)")
    }
    for arguments in [["explain"], ["explain", "--json"]] {
      let result = try await ProgramRunner.run(arguments, piping: input + "\nAADSTS50011")
      #expect(!(result.output + result.errors).contains(code), "\(result.output)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `an argument that is no file but a code is not repeated`() async throws {
    let result = try await decode(["Splx8lOBeZQ9QYbYS6WxSbIA"])
    #expect(result.status == 2)
    #expect(!result.errors.contains("8lOBeZQ9QYbYS6"), "\(result.errors)")
  }
}
