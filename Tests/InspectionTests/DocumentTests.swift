import HybridFlow
import OpenID
import TestSupport
import Testing

@testable import Inspection

/// Pasted keys and metadata, judged as `check` judges them.
struct DocumentTests {
  static func verdicts(_ text: String) throws -> [PastedCheck] {
    PastedExamination(
      try PastedReader.read(text), now: UnixTime(seconds: 1_764_000_000),
      compute: CryptoWork.finding
    ).checks()
  }

  @Test func `a public key or certificate in PEM is read as a key, and judged`() throws {
    for sample in try #require(try Fixture.json("certificates.json").elements) {
      for (label, member) in [("CERTIFICATE", "certificate"), ("PUBLIC KEY", "spki")] {
        let base64 = try sample.text(member)
        let lines = stride(from: 0, to: base64.utf8.count, by: 64).map {
          String(base64.dropFirst($0).prefix(64))
        }
        let body = lines.joined(separator: "\n")
        let text = "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
        let message = try PastedReader.read(text)
        #expect(message.kind == .keySet && message.json == sample["jwk"])
        #expect(message.notes.isEmpty == (label == "PUBLIC KEY"))
        #expect(message.notes.allSatisfy { $0.contains(".example, issued by itself") })
        #expect(try Self.verdicts(text).allSatisfy { $0.verdict == .pass })
      }
    }
    #expect(throws: PastedError.self) {
      try PastedReader.read("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ\n-----END PRIVATE KEY-----")
    }
  }

  @Test func `a point off its curve is found by calculating`() throws {
    let samples = try #require(try Fixture.json("certificates.json").elements)
    for sample in samples where sample["jwk"]?["kty"]?.string == "EC" {
      var key = try #require(sample["jwk"])
      let (x, y) = (key["x"], key["y"])
      key.set("x", try #require(y))
      key.set("y", try #require(x))
      let failed = try Self.verdicts(key.compactText).filter { $0.verdict == .fail }
      #expect(failed.map(\.id) == ["jwks-usable"])
      #expect(failed.first?.found?.contains("is not on the curve") == true)
    }
  }

  @Test func `what a document of a provider lacks is said without an order to switch it on`()
    throws
  {
    let text = #"""
      {"issuer":"https://a.example","authorization_endpoint":"https://a.example/a",
      "response_types_supported":["code"],"scopes_supported":"openid"}
      """#
    let warnings = try Self.verdicts(text).filter { $0.verdict == .warn }
    let ids = warnings.map(\.id)
    for id in ["discovery-types", "discovery-complete", "discovery-response-type"] {
      #expect(ids.contains(id), "\(ids)")
    }
    let type = try #require(warnings.first { $0.id == "discovery-response-type" })
    #expect(type.why.contains("the provider has none") && !type.why.contains("switch"))
    let types = try #require(warnings.first { $0.id == "discovery-types" })
    #expect(types.found == "scopes_supported is a string, where a list of texts is wanted")
  }

  @Test(arguments: [
    ("Set-Cookie: state=abc; Path=/; Secure; HttpOnly; SameSite=None", Check.Verdict.pass, "comes"),
    ("set-cookie: state=abc; samesite=none", .fail, "wants Secure"),
    ("< Set-Cookie: state=abc; SameSite=Lax", .warn, "SameSite=Lax"),
    ("Set-Cookie: state=abc; SameSite=Strict; Secure", .warn, "SameSite=Strict"),
    ("HTTP/1.1 302 Found\r\nSet-Cookie: state=abc; Path=/", .warn, "absent"),
    ("Set-Cookie: __Host-state=abc; Secure; Path=/x; SameSite=None", .fail, "__Host-"),
    ("Set-Cookie: __Secure-state=abc; SameSite=Lax", .fail, "__Secure-"),
  ])
  func `a cookie is told by whether it comes back with a form post`(
    _ text: String, _ verdict: Check.Verdict, _ words: String
  ) throws {
    let message = try PastedReader.read(text)
    #expect(message.kind == .setCookie)
    #expect(!"\(message)".contains("abc"), "the value is not kept")
    let check = try #require(try Self.verdicts(text).first { $0.id == "cookie-form-post" })
    #expect(check.verdict == verdict)
    #expect(check.why.contains(words), "\(check.why)")
  }

  @Test func `a challenge is taken apart`() throws {
    let message = try PastedReader.read(
      #"WWW-Authenticate: Bearer realm="api", error="invalid_token", scope="a b", Basic realm="x""#)
    #expect(message.kind == .challenge)
    #expect(
      message.fields.map(\.name) == ["scheme", "realm", "error", "scope", "scheme", "realm"])
    #expect(message["error"] == "invalid_token")
  }

  @Test func `a document that is damaged says so, and where`() throws {
    let marked = try PastedReader.read("\u{FEFF}{\"issuer\":\"https://a.example\"}")
    #expect(marked.notes.contains { $0.contains("byte order mark") })
    let twice = try PastedReader.read(#"{"issuer":"https://a.example","issuer":"b"}"#)
    #expect(twice.notes.contains { $0.contains("issuer twice") })
    for (text, words) in [
      ("{\n \"issuer\": \"https://a.example\",\n \"jwks_uri\"", "line 3, column 12"),
      (#"[{"kty":"RSA"}]"#, "bare list of keys"), (#"{"keys":{"a":{}}}"#, "is an object"),
    ] {
      do throws(PastedError) {
        let message = try PastedReader.read(text)
        Issue.record("read as \(message.kind): \(text)")
      } catch {
        #expect(error.message.contains(words), "\(error.message)")
      }
    }
  }
}
