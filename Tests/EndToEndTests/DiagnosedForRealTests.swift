import Foundation
import OpenID
import Testing

extension RunReport {
  /// Expects a failed run that one row of the table explains.
  func expectDiagnosis(
    _ id: String, exit: Int32, retry option: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(ending == .exit(exit), "\(result.compactText)", sourceLocation: location)
    let diagnosis = result["diagnosis"]
    #expect(
      diagnosis?["id"]?.string == id, "\(result.compactText)", sourceLocation: location)
    #expect(diagnosis?["fix"]?.string?.isEmpty == false, sourceLocation: location)
    let retry = diagnosis?["retry"]?.string
    if let option {
      #expect(retry?.contains(option) == true, sourceLocation: location)
    } else {
      #expect(retry == nil, sourceLocation: location)
    }
  }
}

extension EndToEnd {
  /// Rows of the table of diagnoses, produced by a server that really answers so.
  ///
  /// `hybrid-flow tenant` speaks like Auth0, and is taken for it by its endpoints.
  @Suite(.serialized, Person.isNeeded)
  struct DiagnosedAtTenantTests {
    /// One way to go wrong: what differs from a run that passes, and what must be said of it.
    struct Case: Sendable, CustomTestStringConvertible {
      var id: String
      var exit: Int32
      var options: [String] = []
      var person: [String: String] = [:]
      var testDescription: String { "\(id) \(options.joined(separator: " "))" }
    }

    static let cases: [Case] = [
      Case(id: "auth0-service-not-found", exit: 4, options: ["--audience", "https://no.example/"]),
      Case(id: "run-not-signed-in", exit: 4, options: ["--prompt", "none"]),
      Case(id: "words-user-declined", exit: 6, person: ["LAB_DECISION": "decline"]),
      Case(id: "run-algorithm", exit: 3, options: ["--id-token-alg", "HS256"]),
      Case(id: "run-algorithm", exit: 3, options: ["--id-token-alg", "ES256"]),
      Case(
        id: "run-fragment-not-handed-over", exit: 6,
        options: ["--response-mode", "fragment", "--wait", "2"]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: cases)
    func `a request or a person that goes wrong`(item: Case) async throws {
      let tenant = try await RunningTenant()
      let wait = item.options.contains("--wait") ? [] : ["--wait", "20"]
      let report = try await RunReport.of(
        tenant.connection() + item.options + wait,
        environment: try Person.environment(
          secret: tenant.client.secret, more: item.person, in: tenant.folder))
      report.expectDiagnosis(item.id, exit: item.exit)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["basic", "post"])
    func `a wrong secret, with the other way to send it`(method: String) async throws {
      let tenant = try await RunningTenant()
      let other = method == "basic" ? "--client-auth post" : "--client-auth basic"
      for (secret, id) in [
        ("wrong", "auth0-client-authentication-failed"),
        (
          "wr/ng +",
          method == "basic" ? "run-secret-encoding" : "auth0-client-authentication-failed"
        ),
      ] {
        let report = try await RunReport.of(
          tenant.connection() + ["--client-auth", method, "--wait", "20"],
          environment: try Person.environment(secret: secret, in: tenant.folder))
        report.expectDiagnosis(id, exit: 4, retry: other)
        report.expectSilence(about: "wr/ng +", tenant.client.secret)
      }
    }

    @Test(.timeLimit(.minutes(1))) func `a code that somebody has used`() async throws {
      let tenant = try await RunningTenant()
      let thief = [
        "LAB_SPEND_CODE_AT": "\(tenant.issuer)oauth/token", "LAB_CLIENT_ID": Registration.id,
        "LAB_SECRET_FILE": "\(tenant.folder.path)/secret",
      ]
      let report = try await RunReport.of(
        tenant.connection() + ["--no-pkce", "--wait", "20"],
        environment: try Person.environment(
          secret: tenant.client.secret, more: thief, in: tenant.folder))
      report.expectDiagnosis("auth0-code-invalid", exit: 4)
    }

    @Test(.timeLimit(.minutes(1))) func `an issuer that is not quite the tenant's`() async throws {
      let tenant = try await RunningTenant()
      let url = try WebURL(tenant.issuer)
      let https = "https://\(url.authority)/"
      for (issuer, id, exit) in [
        (String(tenant.issuer.dropLast()), "run-issuer-name", Int32(3)),
        ("http://localhost:\(url.port)/", "run-issuer-name", 3),
        ("http://127.0.0.1:1/", "run-refused", 5), (https, "next-transport-tls-plain-http", 5),
        ("https://no-such-host.invalid/", "run-name-unknown", 5),
      ] {
        let report = try await RunReport.of(
          [
            "--issuer", issuer, "--client-id", Registration.id, "--redirect-uri",
            tenant.client.redirectURI,
          ], environment: ["HYBRID_FLOW_CLIENT_SECRET": tenant.client.secret])
        report.expectDiagnosis(id, exit: exit)
      }
    }
  }

  /// The same at an OpenID provider that others wrote.
  @Suite(
    .serialized, RunningProvider.isNeeded)
  struct DiagnosedAtProviderTests {
    private func report(
      _ provider: RunningProvider, _ options: [String], secret: String? = nil,
      more: [String: String] = [:]
    ) async throws -> RunReport {
      let wait = options.contains("--wait") ? [] : ["--wait", "20"]
      return try await RunReport.of(
        provider.connection() + options + wait,
        environment: try provider.environment(secret: secret, more: more))
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["basic", "post"])
    func `a wrong secret, a used code and a refused prompt`(method: String) async throws {
      let provider = try await RunningProvider(clientAuth: method)
      // The metadata list one method: the offer says so.
      let wrong = try await report(provider, [], secret: "wrong-canary-0123456789")
      let other = method == "basic" ? "post" : "basic"
      wrong.expectDiagnosis("code-invalid-client", exit: 4, retry: "--client-auth \(other)")
      #expect(
        wrong.result["diagnosis"]?["retry"]?.string?.contains("which the metadata do not list")
          == true)
      let thief = [
        "LAB_SPEND_CODE_AT": "\(provider.issuer)/token", "LAB_CLIENT_ID": Registration.id,
        "LAB_SECRET_FILE": "\(provider.folder.path)/secret",
      ]
      if method == "basic" {
        try await report(provider, ["--no-pkce"], more: thief)
          .expectDiagnosis("words-code-unknown", exit: 4)
      }
      try await report(provider, ["--prompt", "none"])
        .expectDiagnosis("run-not-signed-in", exit: 4)
    }

    /// idpyoidc 5.0.0 undoes the base64 of client_secret_basic and not the form encoding.
    @Test(.timeLimit(.minutes(2)))
    func `a right secret with reserved characters: the trap is named, and the way out works`()
      async throws
    {
      let provider = try await RunningProvider(secretEnding: "+/ =%41&")
      let basic = try await report(provider, ["--client-auth", "basic"])
      basic.expectDiagnosis("run-secret-encoding", exit: 4, retry: "--client-auth post")
      basic.expectSilence(about: provider.client.secret)
      let post = try await report(provider, ["--client-auth", "post"])
      post.expectPassed()
    }

    @Test(.timeLimit(.minutes(2)))
    func `what the provider tells on its own page only, and an issuer with a slash too many`()
      async throws
    {
      let elsewhere = try await RunningProvider(redirectURI: "http://127.0.0.1:1/elsewhere")
      try await report(elsewhere, ["--wait", "2"]).expectDiagnosis("registered-uris", exit: 4)
      let strict = try await RunningProvider(more: ["--deny-unknown-scopes"])
      try await report(strict, ["--scope", "openid unheard:of", "--wait", "2"])
        .expectDiagnosis("idpyoidc-scope", exit: 4)
      try await RunReport.of(
        [
          "--issuer", strict.issuer + "/", "--client-id", Registration.id, "--redirect-uri",
          strict.client.redirectURI,
        ], environment: try strict.environment()
      ).expectDiagnosis("run-issuer-name", exit: 3)
    }

    @Test(.timeLimit(.minutes(2))) func `an answer in the fragment`() async throws {
      let provider = try await RunningProvider()
      try await report(provider, ["--response-mode", "fragment", "--wait", "2"])
        .expectDiagnosis("run-fragment-not-handed-over", exit: 6)
    }
  }
}
