import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Testing

@testable import Commands
@testable import Explorer
@testable import Platform
@testable import Preflight
@testable import Settings
@testable import Session

@Suite(.timeLimit(.minutes(1))) struct TenantCheckTests {
  @Test func `nothing is wrong with a good provider, and nothing but GET is sent`() throws {
    let made = try HandMade.good()
    let report = try made.check()
    #expect(report.errors == [])
    #expect(report.warnings == [])
    #expect(report.exitCode == 0)
    #expect(
      Set(report.findings.map(\.id)).isSuperset(of: [
        "tls", "discovery", "issuer-exact", "metadata-complete", "endpoints-https",
        "response-type", "response-mode", "client-auth", "signing-alg", "pkce", "redirect-uri",
        "jwks-private", "jwks-usable", "authorize-probe",
      ]))
    #expect(
      made.requests.map(\.path) == ["/.well-known/openid-configuration", "/jwks", "/authorize"])
    #expect(made.requests.allSatisfy { $0.method == "GET" && $0.headers["Cookie"] == nil })
    let asked = try FormEncoding.decode(try #require(made.requests.last).query)
    #expect(asked["prompt"] == "none")
    #expect((asked["state"] ?? "").utf8.count >= 22 && (asked["nonce"] ?? "").utf8.count >= 22)
  }

  @Test func `the demo tenant passes, at a redirect URI whose port is not fixed`() throws {
    let loop = PollLoop()
    var connection = try Connection.read(
      Invocation.parse(["check"]), secrets: ClientSecretSource(environment: [:]),
      needsSecret: false)
    let tenant = try DemoSetup.start(&connection, loop: loop, keys: [CheckKey.tenant()])
    let sink = Collected()
    let face = CheckCommand(connection, tenant: tenant, loop: loop, sink: sink, isJSON: true)
    #expect(face.run() == .exit(0))
    let lines = try sink.text.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    #expect(lines.dropLast().allSatisfy { $0["type"]?.string == "finding" })
    for line in lines.dropLast() {
      for name in ["id", "severity", "message", "evidence"] {
        #expect(line[name]?.string != nil, "\(name)")
      }
    }
    #expect(lines.last?["type"]?.string == "result")
    #expect(lines.last?["exit"] == 0)
    #expect(lines.last?["status"]?.string == "passed")
  }

  @Test func `the demo tenant does not know another client or redirect URI`() throws {
    for (change, words) in [
      ({ (c: inout FlowConfiguration) in c.clientID = "nobody" }, "client"),
      (
        { (c: inout FlowConfiguration) in
          if let url = try? WebURL("http://localhost:1/else") { c.redirectURI = url }
        }, "redirect"
      ),
    ] {
      let loop = PollLoop()
      var connection = try Connection.read(
        Invocation.parse(["check"]), secrets: ClientSecretSource(environment: [:]),
        needsSecret: false)
      let tenant = try DemoSetup.start(&connection, loop: loop, keys: [CheckKey.tenant()])
      change(&connection.configuration)
      let check = TenantCheck(
        loop: loop, configuration: connection.configuration, options: connection.session)
      var report: CheckReport?
      check.onReport = { report = $0 }
      check.start()
      try #require(loop.run(withinMilliseconds: 10_000) { report != nil })
      #expect(report?.errors == ["authorize-probe"])
      #expect(report?.exitCode == 3)
      #expect(report?.finding("authorize-probe")?.message.contains(words) == true)
      tenant.stop()
    }
  }

  // MARK: Discovery

  struct Broken: Sendable, CustomStringConvertible {
    let description: String
    let edit: @Sendable (inout JSONValue, String) -> Void
    let errors: [String]
    let warnings: [String]
    init(
      _ what: String, errors: [String] = [], warnings: [String] = [],
      _ edit: @escaping @Sendable (inout JSONValue, String) -> Void
    ) {
      description = what
      self.edit = edit
      self.errors = errors
      self.warnings = warnings
    }
  }

  static let broken: [Broken] = [
    Broken("slash", errors: ["issuer-exact"]) { $0.set("issuer", .string($1 + "/")) },
    Broken("https", errors: ["issuer-exact"]) {
      $0.set("issuer", .string("https" + $1.dropFirst(4)))
    },
    Broken("another", errors: ["issuer-exact"]) { json, _ in
      json.set("issuer", "https://else.example")
    },
    Broken("template", errors: ["issuer-exact"]) { json, _ in
      json.set("issuer", "https://login.example/{tenantid}/v2.0")
    },
    Broken("another name of this machine", errors: ["issuer-exact"]) {
      $0.set("issuer", .string("http://localhost" + $1.dropFirst(16)))
    },
    Broken("no issuer", errors: ["issuer-exact"]) { json, _ in json.remove("issuer") },
    Broken("no token endpoint", errors: ["metadata-complete"]) { json, _ in
      json.remove("token_endpoint")
    },
    Broken("no subject types", warnings: ["metadata-complete"]) { json, _ in
      json.remove("subject_types_supported")
    },
    Broken("an endpoint with a fragment", warnings: ["endpoints-fragment"]) {
      $0.set("revocation_endpoint", .string($1 + "/revoke#me"))
    },
    Broken("plain http elsewhere", errors: ["endpoints-https"]) { json, _ in
      json.set("token_endpoint", "http://tenant.example/token")
    },
    Broken("no hybrid", warnings: ["response-type"]) { json, _ in
      json.set("response_types_supported", ["code"])
    },
    Broken("another order", warnings: []) { json, _ in
      json.set("response_types_supported", ["id_token code"])
    },
    Broken("no form_post", warnings: ["response-mode"]) { json, _ in
      json.remove("response_modes_supported")
    },
    Broken("mTLS only", warnings: ["client-auth"]) { json, _ in
      json.set("token_endpoint_auth_methods_supported", ["tls_client_auth"])
    },
    Broken("ES256 only", warnings: ["signing-alg"]) { json, _ in
      json.set("id_token_signing_alg_values_supported", ["ES256"])
    },
    Broken("none", warnings: ["signing-alg"]) { json, _ in
      json.set("id_token_signing_alg_values_supported", ["RS256", "none"])
    },
    Broken("plain PKCE", warnings: ["pkce"]) { json, _ in
      json.set("code_challenge_methods_supported", ["plain"])
    },
    Broken("no openid scope", warnings: ["scope"]) { json, _ in
      json.set("scopes_supported", ["profile", "email"])
    },
  ]

  @Test(arguments: broken)
  func `a deviating document is found out`(_ broken: Broken) throws {
    let made = try HandMade.good()
    made.publish { broken.edit(&$0, made.origin) }
    let report = try made.check()
    #expect(report.errors == broken.errors)
    #expect(report.warnings == broken.warnings)
    #expect(report.exitCode == (broken.errors.isEmpty ? 0 : 3))
    for finding in report.findings where finding.severity != .info {
      #expect(!finding.evidence.isEmpty, "\(finding.id)")
    }
    if broken.description == "another name of this machine" {
      #expect(report.finding("issuer-exact")?.message.contains("two issuers") == true)
    }
    if broken.description == "slash" {
      #expect(report.finding("issuer-exact")?.fix == "Use --issuer \(made.origin)/")
    }
  }

  @Test(arguments: [
    ("/realms/x", "/auth/realms/x"), ("/auth/realms/x", "/realms/x"),
    ("/.well-known/openid-configuration", ""), ("/tenant/wrong", "/tenant"),
  ])
  func `the form of the issuer that works is named`(_ asked: String, _ right: String) throws {
    let made = try HandMade.good()
    made.answers["/.well-known/openid-configuration"] = nil
    made.publish(at: right) { $0.set("issuer", .string(made.origin + right)) }
    let report = try made.check(made.configuration(made.origin + asked))
    #expect(report.errors == ["discovery"])
    #expect(report.finding("discovery")?.fix == "Use --issuer \(made.origin)\(right)")
    #expect(report.exitCode == 5)
    #expect(made.requests.count <= 1 + NearIssuers.maximum)
    #expect(report.finding("discovery")?.blame == .settings)
  }

  @Test(arguments: [
    (200, "text/html", "<html>"), (500, "application/json", "{}"), (404, "text/plain", ""),
  ])
  func `what is no document is no document`(
    _ status: Int, _ type: String, _ body: String
  ) throws {
    let made = try HandMade.good()
    made.answers["/.well-known/openid-configuration"] = HTTPResponse(
      status: status, mediaType: type, text: body)
    let report = try made.check()
    #expect(report.errors == ["discovery"])
    #expect(report.exitCode == 5)
  }

  @Test func `nobody there is said, with what to do`() throws {
    let made = try HandMade.good()
    made.server.stop()
    let report = try made.check()
    #expect(report.errors == ["discovery"])
    #expect(report.exitCode == 5)
    #expect(report.finding("discovery")?.fix?.isEmpty == false)
  }

  @Test func `a request without openid is found out before it is sent`() throws {
    let made = try HandMade.good()
    var configuration = try made.configuration()
    configuration.scope = ["profile"]
    let report = try made.check(configuration)
    #expect(report.errors == ["scope"])
    #expect(report.finding("scope")?.fix == "Add openid to --scope.")
  }

  // MARK: Clock

  @Test(
    arguments: [(0, 0, 0), (30, 0, 1), (-30, 0, 1), (120, 1, 0), (-4000, 1, 0)]
      as [(Int64, Int, Int)])
  func `a clock that is off is found out`(_ seconds: Int64, _ errors: Int, _ warnings: Int) throws {
    let made = try HandMade.good()
    let date = made.loop.now.adding(seconds: seconds)
    made.answers["/.well-known/openid-configuration"]?.headers.add("Date", Self.httpDate(date))
    let report = try made.check()
    let expected: CheckFinding.Severity = errors > 0 ? .error : warnings > 0 ? .warning : .info
    #expect(report.finding("clock-skew")?.severity == expected)
  }

  static func httpDate(_ time: UnixTime) -> String {
    let civil = CivilTime(time)
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let day = civil.day < 10 ? "0\(civil.day)" : "\(civil.day)"
    return "Mon, \(day) \(months[civil.month - 1]) \(civil.year) \(civil.clock) GMT"
  }

  // MARK: Keys

  @Test func `a key set that is not as it should be is found out`() throws {
    let good = try CheckKey.tenant().publicJWK.json
    var leaking = good
    leaking.set("d", "AQAB")
    var short = good
    short.set("n", .string(Base64URL.encode([UInt8](repeating: 0xFF, count: 128))))
    var nameless = good
    nameless.remove("kid")
    var silent = good
    silent.remove("use")
    silent.set("kid", "silent")
    var encryption = good
    encryption.set("use", "enc")
    encryption.set("kid", "enc")
    var twin = good
    twin.set("n", try #require(SigningKey.generate(.rs256, keyID: "key-1").publicJWK.json["n"]))
    let tables: [(String, JSONValue, [String], [String])] = [
      ("leaking", ["keys": [leaking]], ["jwks-private"], []),
      ("short", ["keys": [short]], ["jwks-key-size"], []),
      ("the same twice", ["keys": [good, good]], [], []),
      ("twins", ["keys": [good, twin]], [], ["jwks-kid"]),
      ("nameless", ["keys": [good, nameless]], [], ["jwks-kid"]),
      ("uses", ["keys": [good, silent, encryption]], [], ["jwks-use"]),
      ("only for encryption", ["keys": [encryption]], ["jwks-usable"], []),
      ("empty", ["keys": []], ["jwks-usable"], []),
      ("no set", ["key": []], ["jwks"], []),
    ]
    for (name, set, errors, warnings) in tables {
      let made = try HandMade.good()
      made.answers["/jwks"] = HandMade.json(set)
      let report = try made.check()
      #expect(report.errors == errors, "\(name)")
      #expect(report.warnings == warnings, "\(name)")
    }
  }
}

/// Keeps what a face writes.
final class Collected: TextSink {
  private(set) var text = ""
  func write(_ text: String) -> Bool {
    self.text += text
    return true
  }
  func complain(_ text: String) {}
}
