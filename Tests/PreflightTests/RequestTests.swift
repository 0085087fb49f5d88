import HybridFlow
import OpenID
import Testing

@testable import Preflight

/// What is asked for, held against what is offered.
@Suite(.timeLimit(.minutes(1))) struct RequestTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let findings: [String]
    let configure: @Sendable (inout FlowConfiguration) -> Void
    let publish: @Sendable (inout JSONValue) -> Void
    init(
      _ what: String, _ findings: [String],
      _ configure: @escaping @Sendable (inout FlowConfiguration) -> Void = { _ in },
      publishing: @escaping @Sendable (inout JSONValue) -> Void = { _ in }
    ) {
      description = what
      self.findings = findings
      self.configure = configure
      publish = publishing
    }
  }

  private static func sign(_ configuration: inout FlowConfiguration) {
    configuration.signsRequest = true
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: "k")
  }

  private static func ask(_ name: String, _ value: String)
    -> @Sendable (inout FlowConfiguration)
    -> Void
  {
    { $0.extraParameters.append(FormField(name, value)) }
  }

  static let cases: [Case] = [
    Case("nothing", []),
    Case("a signed request", ["request-object"], sign),
    Case("a signed request that is offered", [], sign) {
      $0.set("request_parameter_supported", true)
    },
    Case("another algorithm", ["request-object-alg"], sign) {
      $0.set("request_parameter_supported", true)
      $0.set("request_object_signing_alg_values_supported", ["PS256"])
    },
    Case(
      "signed requests only", ["request-object"],
      publishing: { $0.set("require_signed_request_object", true) }),
    Case("claims", ["claims-parameter"], ask("claims", "{}")),
    Case("claims that are offered", [], ask("claims", "{}")) {
      $0.set("claims_parameter_supported", true)
    },
    Case("an acr", ["acr-values"], ask("acr_values", "silver gold")) {
      $0.set("acr_values_supported", ["silver"])
    },
    Case("an acr that is offered", [], ask("acr_values", "silver")) {
      $0.set("acr_values_supported", ["silver"])
    },
    Case("a prompt", ["prompt"], ask("prompt", "create")) {
      $0.set("prompt_values_supported", ["none", "login"])
    },
    Case("offline access", ["offline-access"], { $0.scope.append("offline_access") }),
    Case(
      "offline access with consent", [],
      {
        $0.scope.append("offline_access")
        $0.extraParameters = [FormField("prompt", "consent")]
      }),
  ]

  @Test(arguments: cases)
  func `a request that the document does not offer is told`(_ example: Case) throws {
    let made = try HandMade.good()
    var json = made.metadata()
    example.publish(&json)
    var configuration = try made.configuration()
    example.configure(&configuration)
    let metadata = try #require(ProviderMetadata(json))
    let found = RequestFindings(metadata: metadata, configuration: configuration).all
    #expect(found.map(\.id) == example.findings)
    #expect(found.allSatisfy { $0.blame == .settings && $0.fix?.isEmpty == false })
  }

  @Test func `a blank or line break at an end of the secret is told before anything else`() throws {
    let made = try HandMade.good()
    for (secret, words) in [
      ("s3cret ", "a blank at its end"), ("\ts3cret", "a blank at its start"),
      ("s3cret\r\n", "a line break at its end"),
      (" s3cret ", "at its start and a blank at its end"),
    ] {
      var configuration = try made.configuration()
      configuration.clientSecret = Secret(secret)
      let first = try #require(try made.check(configuration).findings.first)
      #expect(first.id == "client-secret-blanks" && first.severity == .warning)
      #expect(first.message.contains(words), "\(first.message)")
      #expect(first.blame == .settings)
      #expect(!"\(first)".contains("s3cret"))
    }
  }

  @Test func `a provider with the code flow only is not told to switch something on`() throws {
    let made = try HandMade.good()
    made.publish { $0.set("response_types_supported", ["code"]) }
    let finding = try #require(try made.check().finding("response-type"))
    #expect(finding.blame == .provider)
    #expect(finding.fix?.contains("no hybrid flow") == true)
  }

  @Test func `a key that is wanted and not there is told`() throws {
    let made = try HandMade.good()
    made.publish {
      $0.set("token_endpoint_auth_methods_supported", ["private_key_jwt"])
      $0.remove("id_token_signing_alg_values_supported")
      $0.set("mutual_tls_sender_constrained_access_tokens", true)
    }
    let report = try made.check()
    #expect(report.finding("client-auth")?.fix?.contains("--client-key") == true)
    #expect(report.finding("client-auth")?.severity == .warning)
    #expect(report.finding("signing-alg")?.message.contains("Nothing says") == true)
    #expect(report.finding("mutual-tls")?.severity == .info)
  }

  @Test func `a redirect URI that is registered under another host is found`() throws {
    let made = try HandMade.good()
    var configuration = try made.configuration()
    configuration.redirectURI = try WebURL("http://localhost:8910/callback")
    made.registered = ["http://127.0.0.1:8910/callback"]
    let report = try made.check(configuration)
    #expect(report.finding("authorize-probe")?.blame == .settings)
    let near = try #require(report.finding("redirect-uri-near"))
    #expect(near.fix == "Use --redirect-uri http://127.0.0.1:8910/callback")
    made.registered = []
    #expect(try made.check(configuration).finding("redirect-uri-near") == nil)
    // A provider that fails at prompt=none is asked without it.
    made.registered = ["http://127.0.0.1:8910/callback"]
    made.promptFails = true
    let other = try made.check(configuration)
    #expect(other.finding("redirect-uri-near")?.fix == near.fix)
  }

  @Test func `whose clock is ahead is told with the amount`() throws {
    for (seconds, words) in [
      (600, "10 min behind"), (-600, "10 min ahead of"), (-5400, "90 min ahead of"),
      (30, "30 s behind"),
    ] as [(Int64, String)] {
      let now = UnixTime(seconds: 1_700_000_000)
      let date = TenantCheckTests.httpDate(now.adding(seconds: seconds))
      let finding = try #require(ConnectionFindings.clock(date, now: now, limit: 60))
      #expect(finding.message.contains(words), "\(finding.message)")
      #expect(finding.blame == .environment)
      #expect(finding.severity == (abs(seconds) > 60 ? .error : .warning))
    }
  }
}
