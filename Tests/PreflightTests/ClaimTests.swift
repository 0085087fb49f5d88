import HybridFlow
import OpenID
import Testing

@testable import Preflight

/// Nothing is said of a provider that its document does not say, and what is absent is called so.
@Suite(.timeLimit(.minutes(1))) struct ClaimTests {
  typealias Severity = CheckFinding.Severity

  struct Document: Sendable, CustomStringConvertible {
    let description: String
    let id: String
    let severity: Severity
    let words: [String]
    let never: [String]
    let edit: @Sendable (inout JSONValue) -> Void
    init(
      _ what: String, _ id: String, _ severity: Severity, _ words: [String], never: [String] = [],
      _ edit: @escaping @Sendable (inout JSONValue) -> Void
    ) {
      description = what
      (self.id, self.severity, self.words, self.never) = (id, severity, words, never)
      self.edit = edit
    }
  }

  static func list(_ name: String, _ values: JSONValue) -> @Sendable (inout JSONValue) -> Void {
    { $0.set(name, values) }
  }

  static func without(_ name: String) -> @Sendable (inout JSONValue) -> Void {
    { $0.remove(name) }
  }

  static let types = "response_types_supported"
  static let methods = "token_endpoint_auth_methods_supported"

  static let documents: [Document] = [
    Document(
      "only code", "response-type", .warning, ["is not listed", "knows only code"],
      never: ["Switch the hybrid flow on"], list(types, ["code"])),
    Document(
      "code and implicit types", "response-type", .warning, ["has no hybrid flow"],
      never: ["Switch the hybrid flow on", "only code"],
      list(types, ["code", "token", "id_token token"])),
    Document("Apple", "response-type", .info, ["not listed", "all the same"]) {
      $0.set(types, ["code"])
      $0.set("claims_supported", ["sub", "real_user_status", "nonce_supported"])
    },
    Document(
      "no types", "response-type", .warning, ["Nothing says"], never: ["is offered"], without(types)
    ),
    Document(
      "no algorithms", "signing-alg", .warning, ["Nothing says"], never: ["RS256 is offered"],
      without("id_token_signing_alg_values_supported")),
    Document(
      "no methods", "client-auth", .info, ["Nothing says", "client_secret_basic by default"],
      never: ["offered"], without(methods)),
    Document(
      "mTLS alone", "client-auth", .warning, ["mutual TLS", "--client-cert"],
      list(methods, ["tls_client_auth"])),
    Document(
      "a key alone", "client-auth", .warning, ["private_key_jwt", "--client-key"],
      list(methods, ["private_key_jwt"])),
    Document(
      "no userinfo", "userinfo", .info, ["stage 9", "--api"], without("userinfo_endpoint")),
    Document(
      "fragment alone", "response-mode", .warning, ["form_post is not listed", "fragment"],
      list("response_modes_supported", ["fragment"])),
    Document(
      "no modes", "response-mode", .warning, ["by default"], without("response_modes_supported")),
    Document(
      "no PKCE", "pkce", .info, ["Nothing says"], never: ["is offered"],
      without("code_challenge_methods_supported")),
    Document(
      "PAR without a place", "par", .error, ["no endpoint"],
      list("require_pushed_authorization_requests", true)),
    Document("PAR", "par", .info, ["pushed"]) {
      $0.set("require_pushed_authorization_requests", true)
      $0.set("pushed_authorization_request_endpoint", "http://127.0.0.1:1/par")
    },
    Document(
      "signed requests alone", "request-object", .warning, ["--request-object"],
      list("require_signed_request_object", true)),
    Document(
      "for machines", "grant-types", .warning, ["authorization_code is not listed"],
      list("grant_types_supported", ["client_credentials"])),
    Document(
      "bound tokens", "mutual-tls", .info, ["certificate"],
      list("mutual_tls_sender_constrained_access_tokens", true)),
  ]

  @Test(arguments: documents)
  func `a document is held against what was given`(_ document: Document) throws {
    let made = try HandMade.good()
    made.publish(document.edit)
    let finding = try #require(try made.check().finding(document.id))
    #expect(finding.severity == document.severity)
    let text = [finding.message, finding.evidence, finding.fix ?? ""].joined(separator: " ")
    for word in document.words { #expect(text.contains(word), "\(text)") }
    for word in document.never { #expect(!text.contains(word), "\(text)") }
  }

  @Test func `a client key of another algorithm is told`() throws {
    let made = try HandMade.good()
    made.publish {
      $0.set("token_endpoint_auth_methods_supported", ["private_key_jwt"])
      $0.set("token_endpoint_auth_signing_alg_values_supported", ["PS256"])
    }
    var configuration = try made.configuration()
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: "k")
    let finding = try #require(try made.check(configuration).finding("client-auth"))
    #expect(finding.message.contains("signs with ES256"))
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .ps256, keyID: "k")
    #expect(try made.check(configuration).finding("client-auth")?.severity == .info)
  }

  @Test func `a refusal of the type is no switch where the document lists none`() throws {
    for (types, words) in [
      (["code"], "nothing to switch on"), (["code", "code id_token"], "Switch the hybrid flow on"),
    ] as [(JSONValue, String)] {
      let made = try HandMade.good()
      made.publish { $0.set("response_types_supported", types) }
      let report = try made.check {
        HandMade.formPost([("error", "unsupported_response_type"), ("state", $0)])
      }
      #expect(report.finding("authorize-probe")?.fix?.contains(words) == true)
    }
  }

  @Test func `what proves nothing is no reason for an exit code`() throws {
    let back = "http://localhost:8910/callback"
    for response in [
      HTTPResponse(status: 302, headers: ["Location": "\(back)?error=login_required"]),
      HTTPResponse(status: 429, mediaType: "text/plain", text: "slow down"),
      HTTPResponse(
        status: 403, mediaType: "text/html", text: "<title>Just a moment...</title><p>wait</p>"),
    ] {
      let made = try HandMade.good()
      let report = try made.check { _ in response }
      #expect(report.errors == [], "\(response.status)")
      #expect(report.exitCode == 0)
    }
    // A foreign state is another matter.
    let made = try HandMade.good()
    let report = try made.check { _ in
      HTTPResponse(status: 302, headers: ["Location": "\(back)?error=login_required&state=other"])
    }
    #expect(report.errors == ["authorize-probe-state"])
  }

  @Test func `a failure at prompt=none gives way to what is said without it`() throws {
    let made = try HandMade.good()
    made.answers["/authorize"] = nil
    made.promptFails = true
    let report = try made.check { _ in
      HTTPResponse(
        status: 400, mediaType: "text/html",
        text: "<title>Error</title><p>Invalid parameter: redirect_uri</p>")
    }
    let finding = try #require(report.finding("authorize-probe"))
    #expect(finding.message.contains("redirect URI"), "\(finding)")
    #expect(!finding.message.contains("fails"))
  }
}
