import Cryptography
import HybridFlow
import Network
import OpenID
import Testing

@testable import Preflight

/// What a check says of a document that did not come as it should.
@Suite(.timeLimit(.minutes(1))) struct DocumentTests {
  struct Answer: Sendable, CustomStringConvertible {
    let description: String
    let message: [String]
    let evidence: [String]
    let fix: [String]
    let blame: Blame
    let make: @Sendable (HandMade) throws -> HTTPResponse
    init(
      _ what: String, _ message: [String], evidence: [String] = [], fix: [String] = [],
      _ blame: Blame, _ make: @escaping @Sendable (HandMade) throws -> HTTPResponse
    ) {
      description = what
      self.message = message
      self.evidence = evidence
      self.fix = fix
      self.blame = blame
      self.make = make
    }
  }

  static func page(_ status: Int, _ title: String) -> HTTPResponse {
    HTTPResponse(
      status: status, mediaType: "text/html", text: "<html><title>\(title)</title><p>x</p></html>")
  }

  static func text(_ text: String, _ status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, mediaType: "application/json", text: text)
  }

  static func redirect(_ status: Int, _ location: String) -> HTTPResponse {
    HTTPResponse(status: status, headers: ["Location": location])
  }

  static let answers: [Answer] = [
    Answer(
      "moved", ["redirected to http://127.0.0.1:"], evidence: ["301"],
      fix: ["--issuer http://127.0.0.1:", "/new"], .settings
    ) { redirect(301, $0.origin + "/new/.well-known/openid-configuration") },
    Answer(
      "to a login", ["redirected to https://login.example/signin"], evidence: ["302"],
      fix: ["login page"], .settings
    ) { _ in redirect(302, "https://login.example/signin?next=secret") },
    Answer("to nowhere", ["nowhere"], .provider) { _ in HTTPResponse(status: 302) },
    Answer(
      "a bot wall", ["bot wall", "403"], evidence: ["Just a moment"],
      fix: ["/.well-known/openid-configuration"], .provider
    ) { _ in page(403, "Just a moment...") },
    Answer("forbidden", ["does not show it", "403"], .provider) { _ in page(403, "Forbidden") },
    Answer("mutual TLS", ["mutual TLS"], .settings) { _ in
      page(400, "400 No required SSL certificate was sent")
    },
    Answer(
      "a gateway", ["gateway", "502"], evidence: ["502 Bad Gateway"], fix: ["Try again"], .provider
    ) { _ in page(502, "502 Bad Gateway") },
    Answer(
      "unavailable", ["gateway", "503"], fix: ["wait 30 seconds"], .provider
    ) { _ in
      HTTPResponse(status: 503, headers: ["Retry-After": "30", "Content-Type": "text/plain"])
    },
    Answer("a failing server", ["server fails", "500"], .provider) { _ in text("{}", 500) },
    Answer("too many", ["fewer requests"], fix: ["Wait 12 seconds"], .provider) { _ in
      HTTPResponse(status: 429, headers: ["Retry-After": "12"])
    },
    Answer(
      "a page", ["page in HTML", "Welcome"], fix: ["--issuer"], .settings
    ) { _ in page(200, "Welcome") },
    Answer(
      "a byte order mark", ["byte order mark"], fix: ["without BOM"], .provider
    ) { made in
      let json = made.metadata().compactText
      return HTTPResponse(
        status: 200, headers: ["Content-Type": "application/json"],
        body: [0xEF, 0xBB, 0xBF] + Array(json.utf8))
    },
    Answer(
      "cut off", ["cut off"], evidence: ["line 2, column 10", "\u{201C}\"issuer\"\u{201D}"],
      fix: ["Try again"], .provider
    ) { _ in text("{\n \"issuer\"") },
    Answer(
      "a name twice", ["issuer twice"], evidence: ["line 1, column 15"], .provider
    ) { _ in text(#"{"issuer":"a","issuer":"b"}"#) },
    Answer(
      "another notation", ["is not JSON"], evidence: ["line 1, column 2"], .provider
    ) { _ in text("{issuer:1}") },
    Answer("a list", ["no object"], evidence: ["array"], .provider) { _ in text("[1]") },
    Answer(
      "Entra's words", ["tenant"], evidence: ["AADSTS90002", "contoso"], .settings
    ) { _ in
      text(
        #"{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant 'contoso' not found."}"#,
        400)
    },
  ]

  @Test(arguments: answers)
  func `a document that cannot be used says why`(_ answer: Answer) throws {
    let made = try HandMade.good()
    made.answers["/.well-known/openid-configuration"] = try answer.make(made)
    let report = try made.check()
    #expect(report.errors == ["discovery"])
    #expect(report.exitCode == 5)
    let finding = try #require(report.finding("discovery"))
    for word in answer.message { #expect(finding.message.contains(word), "\(finding.message)") }
    for word in answer.evidence { #expect(finding.evidence.contains(word), "\(finding.evidence)") }
    for word in answer.fix { #expect(finding.fix?.contains(word) == true, "\(finding.fix ?? "")") }
    #expect(finding.blame == answer.blame)
    #expect(!"\(finding)".contains("secret"), "a query is not repeated")
  }

  @Test func `members of a wrong type are named, and not called absent`() throws {
    let made = try HandMade.good()
    made.publish {
      $0.set("response_types_supported", "code id_token")
      $0.set("claims_parameter_supported", "true")
      $0.set("something_of_ones_own_supported", true)
    }
    let report = try made.check()
    let finding = try #require(report.finding("metadata-types"))
    #expect(finding.blame == .provider)
    for word in ["response_types_supported is a string", "list", "claims_parameter_supported"] {
      #expect(finding.evidence.contains(word), "\(finding.evidence)")
    }
    #expect(!finding.evidence.contains("ones_own"), "its type is not known")
    #expect(report.finding("response-type")?.evidence.contains("is a string") == true)
  }

  @Test func `a key set that cannot be read says why`() throws {
    for (response, word, blame) in [
      (Self.page(200, "Oops"), "page in HTML", Blame.provider),
      (Self.text("{\"keys\":["), "cut off", .provider),
      (Self.redirect(302, "https://else.example/"), "redirected", .provider),
      (Self.page(502, "Bad"), "gateway", .provider),
    ] {
      let made = try HandMade.good()
      made.answers["/jwks"] = response
      let finding = try #require(try made.check().finding("jwks"))
      #expect(finding.message.contains(word), "\(finding)")
      #expect(finding.blame == blame)
    }
  }

  @Test func `keys are decoded before they are called good`() throws {
    let good = try CheckKey.tenant().publicJWK.json
    let modulus = try #require(JSONWebKey(good)?.bytes("n"))
    var ordinary = good
    ordinary.set("n", .string(Base64.encode(modulus)))
    var other = good
    other.set("use", "tls")
    for (set, words) in [
      (["keys": [ordinary]], ["ordinary base64"]), (["keys": [other]], ["for signatures"]),
      (["keys": []], ["no active key"]),
    ] as [(JSONValue, [String])] {
      let made = try HandMade.good()
      made.answers["/jwks"] = HandMade.json(set)
      let finding = try #require(try made.check().finding("jwks-usable"))
      #expect(finding.severity == .error && finding.blame == .provider)
      for word in words { #expect("\(finding)".contains(word), "\(finding)") }
    }
  }

  @Test func `the address of the discovery document as issuer is told as such`() throws {
    let made = try HandMade.good()
    let address = made.origin + "/.well-known/openid-configuration"
    let finding = try #require(
      try made.check(made.configuration(address)).finding("discovery"))
    #expect(finding.message.contains("address of its discovery document"))
    #expect(finding.fix == "Use --issuer \(made.origin)")
  }

  @Test func `a path that is missing is found where products stand`() throws {
    let made = try HandMade.good()
    made.answers["/.well-known/openid-configuration"] = nil
    made.publish(at: "/o") { $0.set("issuer", .string(made.origin + "/o")) }
    let finding = try #require(try made.check().finding("discovery"))
    #expect(finding.fix == "Use --issuer \(made.origin)/o")
    #expect(finding.blame == .settings)
  }
}
