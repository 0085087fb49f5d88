import Diagnosis
import HybridFlow
import OpenID
import Testing

/// A run that ends badly, and the row that must explain it.
struct RunCase: Sendable, CustomTestStringConvertible {
  let id: String
  let driver: @Sendable () -> FlowDriver
  var testDescription: String { id }

  init(_ id: String, _ set: @escaping @Sendable (inout FlowDriver) -> Void) {
    self.id = id
    driver = {
      var driver = FlowDriver()
      set(&driver)
      return driver
    }
  }

  private static func refusal(_ code: String, _ description: String? = nil, status: Int = 400)
    -> HTTPResponse
  {
    var json: JSONValue = ["error": .string(code)]
    if let description { json.set("error_description", .string(description)) }
    return HTTPResponse(status: status, mediaType: "application/json", text: json.compactText)
  }

  private static func broken(_ kind: TransportFailure.Kind) -> TransportFailure {
    TransportFailure(kind: kind, message: "No answer from id.example.org:443.")
  }

  private static func refused(_ id: String, _ reason: RefusedRequest.Reason) -> RunCase {
    RunCase(id) {
      $0.callback = nil
      $0.refused = RefusedRequest(
        reason: reason, request: HTTPRequest(method: "POST", target: "/callback"),
        response: HTTPResponse(status: 400), cookieBytes: 20_000)
    }
  }

  static let all: [RunCase] = [
    refused("run-answer-was-http", .plainHTTP),
    refused("run-answer-certificate-refused", .certificateRefused),
    refused("run-answer-old-tls", .oldTLS), refused("run-answer-no-tls", .noTLS),
    refused("run-answer-was-https", .tls), refused("run-answer-with-many-cookies", .cookies),
    refused("run-answer-head-too-large", .headTooLarge),
    refused("run-answer-too-large", .bodyTooLarge),
    refused("run-answer-without-length", .noLength),
    refused("run-answer-for-other-host", .otherHost),
    refused("run-answer-not-http", .malformed), refused("run-answer-incomplete", .tooSlow),
    refused("run-answer-incomplete", .brokenOff),
    RunCase("run-answer-in-fragment") { $0.callback = ("GET", []) },
    RunCase("run-form-post-ignored") {
      $0.callback = ("GET", [FormField("code", "c"), FormField("state", "STATE")])
    },
    RunCase("run-error-by-query") {
      $0.callback = ("GET", [FormField("error", "odd_error"), FormField("state", "STATE")])
    },
    RunCase("run-empty-form") { $0.callback = ("POST", []) },
    RunCase("run-state-unknown") {
      $0.callback = ("POST", [FormField("code", "c"), FormField("state", "old")])
    },
    RunCase("run-no-callback") { $0.callback = nil },
    RunCase("run-code-too-old") {
      $0.pauseSeconds = 70
      $0.tokenResponse = refusal("invalid_grant")
    },
    RunCase("run-secret-encoding") {
      $0.configure = { $0.clientSecret = Secret("a+b/c=%") }
      $0.tokenResponse = refusal("invalid_client", status: 401)
    },
    RunCase("run-api-wants-jwt") {
      $0.tokenResponse = FlowDriver.tokens(issuer: $0.issuer)
      $0.apiResponse = HTTPResponse(
        status: 401,
        headers: ["WWW-Authenticate": "Bearer error=\"invalid_token\""])
    },
    RunCase("run-refresh-token-missing") {
      $0.configure = { $0.scope.append("offline_access") }
      $0.tokenResponse = FlowDriver.tokens(issuer: $0.issuer)
      $0.apiResponse = HTTPResponse(
        status: 200, mediaType: "application/json", text: "{\"sub\":\"ada\"}")
    },
    RunCase("run-second-id-token-missing") {
      $0.tokenResponse = FlowDriver.tokens(issuer: $0.issuer, idToken: false)
    },
    RunCase("run-response-type-short") {
      $0.callback = ("POST", [FormField("code", "c"), FormField("state", "STATE")])
    },
    RunCase("run-token-endpoint-redirects") {
      $0.tokenResponse = HTTPResponse(status: 302, headers: ["Location": "/login"])
    },
    RunCase("run-tls") { $0.tokenFailure = broken(.tls) },
    RunCase("run-name-unknown") { $0.tokenFailure = broken(.cannotResolve) },
    RunCase("run-refused") { $0.tokenFailure = broken(.cannotConnect) },
    RunCase("auth0-confirmation-screen") {
      $0.issuer = Issuer.auth0
      $0.callback = nil
    },
    RunCase("apple-localhost") {
      $0.issuer = Issuer.apple
      $0.callback = nil
    },
    RunCase("auth0-no-refresh-token") {
      $0.issuer = Issuer.auth0
      $0.configure = { $0.scope.append("offline_access") }
      $0.tokenResponse = FlowDriver.tokens(issuer: Issuer.auth0)
    },
    RunCase("auth0-third-party-no-id-token") {
      $0.issuer = Issuer.auth0
      $0.configure = { $0.clientID = "tpc_8sK2" }
      $0.tokenResponse = FlowDriver.tokens(issuer: Issuer.auth0, idToken: false)
    },
    RunCase("auth0-opaque-access-token") {
      $0.issuer = Issuer.auth0
      $0.tokenResponse = FlowDriver.tokens(issuer: Issuer.auth0)
      $0.apiResponse = HTTPResponse(
        status: 401, headers: ["WWW-Authenticate": "Bearer error=\"invalid_token\""])
    },
    RunCase("auth0-exchange-unauthorized") {
      $0.issuer = Issuer.auth0
      $0.tokenResponse = refusal("access_denied", "Unauthorized", status: 401)
    },
    RunCase("auth0-issuer-slash") {
      $0.issuer = "https://demo.eu.auth0.com"
      $0.discoveredIssuer = Issuer.auth0
    },
    RunCase("keycloak-issuer-slash") {
      $0.issuer = Issuer.keycloak + "/"
      $0.discoveredIssuer = Issuer.keycloak
    },
    RunCase("keycloak-hostname") {
      $0.issuer = Issuer.keycloak
      $0.discoveredIssuer = "http://keycloak:8080/realms/demo"
    },
    RunCase("library-issuer-slash") { $0.discoveredIssuer = "https://id.example.org/" },
    RunCase("library-issuer-mismatch") { $0.discoveredIssuer = "https://other.example.org" },
    RunCase("entra-issuer-template") {
      $0.issuer = "https://login.microsoftonline.com/common/v2.0"
      $0.discoveredIssuer = "https://login.microsoftonline.com/{tenantid}/v2.0"
    },
    RunCase("keycloak-code-invalid") {
      $0.issuer = Issuer.keycloak
      $0.tokenResponse = refusal("invalid_grant", "Code not valid")
    },
    RunCase("keycloak-code-expired") {
      $0.issuer = Issuer.keycloak
      $0.pauseSeconds = 70
      $0.tokenResponse = refusal("invalid_grant")
    },
    RunCase("okta-code-expired") {
      $0.issuer = Issuer.okta
      $0.pauseSeconds = 70
      $0.tokenResponse = refusal("invalid_grant")
    },
    RunCase("keycloak-implicit-off") {
      $0.issuer = Issuer.keycloak
      $0.callback = (
        "POST",
        [
          FormField("error", "unauthorized_client"),
          FormField(
            "error_description",
            "Client is not allowed to initiate browser login with given response_type. Implicit"
              + " flow is disabled for the client."), FormField("state", "STATE"),
        ]
      )
    },
    RunCase("library-alg-hs256") {
      $0.configure = { $0.responseType = .codeIDToken }
      $0.callback = (
        "POST",
        [
          FormField("code", "c"), FormField("state", "STATE"),
          FormField(
            "id_token", FlowDriver.idToken(issuer: "https://id.example.org", algorithm: "HS256")),
        ]
      )
    },
    RunCase("auth0-id-token-hs256") {
      $0.issuer = Issuer.auth0
      $0.configure = { $0.responseType = .codeIDToken }
      $0.callback = (
        "POST",
        [
          FormField("code", "c"), FormField("state", "STATE"),
          FormField("id_token", FlowDriver.idToken(issuer: Issuer.auth0, algorithm: "HS256")),
        ]
      )
    },
    RunCase("auth0-custom-domain-mixed") {
      $0.issuer = "https://login.example.com/"
      $0.discoveredIssuer = Issuer.auth0
    },
  ]
}

@Suite struct `Runs` {
  @Test(arguments: RunCase.all)
  func `are explained by the row that knows why they failed`(run: RunCase) throws {
    let evidence = try run.driver().evidence()
    let matches = DiagnosisEngine.diagnose(evidence: evidence)
    #expect(matches.first?.id == run.id, "\(matches.map(\.id)) \(evidence.facts)")
  }

  @Test func `that end well have nothing to explain`() throws {
    var driver = FlowDriver()
    driver.tokenResponse = FlowDriver.tokens(issuer: driver.issuer)
    driver.apiResponse = HTTPResponse(
      status: 200, mediaType: "application/json", text: "{\"sub\":\"ada\"}")
    let evidence = try driver.evidence()
    #expect(evidence.failure == nil)
    #expect(DiagnosisEngine.diagnose(evidence: evidence).isEmpty)
    #expect(DiagnosisEngine.fallback(evidence: evidence) == nil)
  }

  @Test func `another provider's words are believed less than the issuer's own`() throws {
    let text = json("invalid_grant", "Incorrect redirect_uri")
    let own = DiagnosisEvidence(pasted: text, issuer: try WebURL(Issuer.keycloak))
    let foreign = DiagnosisEvidence(pasted: text, issuer: try WebURL(Issuer.google))
    #expect(DiagnosisEngine.diagnose(evidence: own).first?.confidence == .high)
    let match = try #require(DiagnosisEngine.diagnose(evidence: foreign).first)
    #expect(match.id == "keycloak-redirect-uri-differs" && match.confidence == .medium)
  }

  @Test func `a hint for one provider is silent at another`() throws {
    let text = form("access_denied", "You can't log in")
    let auth0 = DiagnosisEvidence(pasted: text, issuer: try WebURL(Issuer.auth0))
    let okta = DiagnosisEvidence(pasted: text, issuer: try WebURL(Issuer.okta))
    #expect(DiagnosisEngine.diagnose(evidence: auth0).first?.id == "auth0-action-denied")
    #expect(DiagnosisEngine.diagnose(evidence: okta).map(\.id) == ["code-access-denied"])
  }
}
