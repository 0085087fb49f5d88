import Foundation
import OpenID
import Testing

extension EndToEnd {
  /// `hybrid-flow run` at an OpenID provider that others wrote.
  @Suite(
    .serialized, RunningProvider.isNeeded)
  struct RealProviderTests {
    @Test(
      .timeLimit(.minutes(2)),
      arguments: ["code id_token", "code token", "code id_token token"], ["basic", "post"])
    func `every response type passes with either way to send the secret`(
      responseType: String, clientAuth: String
    ) async throws {
      let provider = try await RunningProvider(clientAuth: clientAuth)
      // auto: what the provider's metadata say.
      let report = try await RunReport.of(
        provider.connection() + ["--response-type", responseType, "--wait", "20"],
        environment: try provider.environment())
      report.expectPassed()
      report.expectSilence(about: provider.client.secret)
      let claims = report.stages[7]["tokens"]?.elements?
        .first { $0["use"]?.string == "id_token" }?["claims"]
      #expect(claims?["iss"]?.string == provider.issuer)
      #expect(report.stages[9]["messages"]?.compactText.contains("person@lab.example") == true)
    }

    @Test(.timeLimit(.minutes(2))) func `sign-on only is enough there as well`() async throws {
      let provider = try await RunningProvider()
      let report = try await RunReport.of(
        provider.connection() + ["--sign-on-only", "--wait", "20"],
        environment: try provider.environment())
      report.expectPassed(
        statuses: Array(repeating: "passed", count: 5) + Array(repeating: "skipped", count: 5))
    }

    @Test(.timeLimit(.minutes(2))) func `a wrong secret ends with 4`() async throws {
      let provider = try await RunningProvider()
      let report = try await RunReport.of(
        provider.connection() + ["--wait", "20"],
        environment: try provider.environment(secret: "wrong-canary-0123456789"))
      report.expectFailed(exit: 4, blame: "settings", code: "provider.token_error", stage: 7)
      report.expectSilence(about: "wrong-canary-0123456789", provider.client.secret)
    }

    @Test(.timeLimit(.minutes(2)))
    func `an unregistered redirect URI is named as soon as nothing comes back`()
      async throws
    {
      let provider = try await RunningProvider(redirectURI: "http://127.0.0.1:1/elsewhere")
      let report = try await RunReport.of(
        provider.connection() + ["--wait", "3"], environment: try provider.environment())
      report.expectFailed(exit: 4, blame: "settings", code: "provider.page_error", stage: 4)
      // Only the browser's page names it: an answer to that address would be an open redirector.
      #expect(try await provider.lastPage().contains("edirect"))
    }

    @Test(.timeLimit(.minutes(2))) func `a code that somebody has used ends with 4`() async throws {
      let provider = try await RunningProvider()
      let thief = [
        "LAB_SPEND_CODE_AT": "\(provider.issuer)/token", "LAB_CLIENT_ID": Registration.id,
        "LAB_SECRET_FILE": "\(provider.folder.path)/secret",
      ]
      let report = try await RunReport.of(
        provider.connection() + ["--no-pkce", "--wait", "20"],
        environment: try provider.environment(more: thief))
      report.expectFailed(exit: 4, blame: "settings", code: "provider.token_error", stage: 7)
      #expect(report.result["message"]?.string?.contains("invalid_grant") == true)
      report.expectSilence(about: provider.client.secret)
    }

    @Test(.timeLimit(.minutes(2))) func `a scope that is left out is told`() async throws {
      let provider = try await RunningProvider()
      let report = try await RunReport.of(
        provider.connection() + ["--scope", "openid email unheard:of", "--wait", "20"],
        environment: try provider.environment())
      report.expectPassed()
      let check = report.stages[7]["checks"]?.elements?
        .first { $0["id"]?.string == "scope-granted" }
      #expect(check?["status"]?.string == "warn")
      #expect(check?["why"]?.string?.contains("unheard:of") == true)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a scope that is refused on a page is named as soon as nothing comes back`() async throws {
      let provider = try await RunningProvider(more: ["--deny-unknown-scopes"])
      let report = try await RunReport.of(
        provider.connection() + ["--scope", "openid unheard:of", "--wait", "3"],
        environment: try provider.environment())
      // idpyoidc raises instead of answering: nothing arrives, the page says why.
      report.expectFailed(exit: 4, blame: "settings", code: "provider.page_error", stage: 4)
      #expect(try await provider.lastPage().contains("Scope"))
    }
  }

  /// A certified relying party signs in at `hybrid-flow tenant`.
  @Suite(
    .serialized, Person.isNeeded, RelyingParty.isNeeded)
  struct CertifiedClientTests {
    @Test(.timeLimit(.minutes(1)), arguments: ["code id_token", "code id_token token"])
    func `mod_auth_openidc shows the claims of the person who signed in`(
      responseType: String
    ) async throws {
      let port = try Place.freePort()
      let tenant = try await RunningTenant(
        redirectURI: "http://127.0.0.1:\(port)/private/callback")
      let party = try RunningProgram(
        "\(Place.labs)/relying-party/start",
        [
          "--state-dir", "\(tenant.folder.path)/apache", "--port", "\(port)",
          "--issuer", tenant.issuer, "--client-id", Registration.id,
          "--secret-file", "\(tenant.folder.path)/secret", "--response-type", responseType,
        ])
      let page = try await party.line(after: "ready")
      let person = try RunningProgram(
        try Person.browser(in: tenant.folder), [page],
        environment: ["LAB_USER": "ada@demo.example", "LAB_PASSWORD": "hybrid"])
      let ending = try await person.end(within: 40)
      let log = FileManager.default.contents(atPath: "\(tenant.folder.path)/apache/error.log")
      #expect(
        ending == .exit(0),
        "\(person.output)\n\(String(decoding: log ?? Data(), as: UTF8.self).suffix(3000))")
      let report = try JSONParser.parse(Array(person.output.utf8))
      let text = report["text"]?.string ?? ""
      #expect(text.contains("OIDC_CLAIM_email=ada@demo.example"), "\(text)")
      #expect(text.contains("OIDC_CLAIM_name=Ada Lovelace"))
      #expect(text.contains("REMOTE_USER=auth0|"))
      // The answer came by form post, not by the browser's address line.
      let visits = report["visits"]?.compactText ?? ""
      #expect(
        visits.contains(#""method":"POST","url":"http://127.0.0.1:\#(port)/private/callback""#))
    }
  }
}
