import Foundation
import OpenID
import Testing

extension EndToEnd {
  /// What a run says, and with which code it ends, when something is wrong.
  @Suite(.serialized) struct ExitCodeTests {
    /// Arguments that cannot work, and a word of the advice.
    static let usage: [(arguments: [String], advice: String)] = [
      (["run", "--issuer", "garbage", "--client-id", "x"], "--issuer"),
      (["run", "--issuer", "http://example.com", "--client-id", "x"], "https"),
      (["run", "--issuer", "https://\u{1B}[31m/", "--client-id", "x"], "--issuer"),
      (["run", "--issuer", "https://host.example/"], "--client-id"),
      (["run", "--client-secret", "canary"], "HYBRID_FLOW_CLIENT_SECRET"),
      (["run", "--client-secret=canary"], "HYBRID_FLOW_CLIENT_SECRET"),
      (["run", "--response-type", "code"], "--response-type"),
      (["run", "--wait", "soon"], "--wait"),
      (["run", "--no-such-option"], "--no-such-option"),
      (["no-such-command"], "no-such-command"),
      (["tenant", "--port", "70000"], "--port"),
      (["tenant", "--client", "id=x"], "--client"),
      (
        [
          "run", "--client-secret-file", "/no/such/file", "--issuer", "https://host.example/",
          "--client-id", "x",
        ], "/no/such/file"
      ),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: usage)
    func `what cannot be understood ends with 2 and advice`(
      row: (arguments: [String], advice: String)
    ) async throws {
      let program = try RunningProgram(
        Place.program, row.arguments, environment: ["HYBRID_FLOW_CLIENT_SECRET": ""])
      #expect(try await program.end(within: 10) == .exit(2))
      #expect(program.output == "")
      #expect(program.errors.contains(row.advice), "\(program.errors)")
      #expect(!program.errors.contains("canary"))
      #expect(!program.errors.contains("\u{1B}"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: [["--help"], ["--version"], ["help", "run"]])
    func `help is no failure`(arguments: [String]) async throws {
      let program = try RunningProgram(Place.program, arguments)
      #expect(try await program.end(within: 10) == .exit(0))
      #expect(program.output.contains("hybrid-flow"))
      #expect(program.errors == "")
    }

    @Test(.timeLimit(.minutes(1))) func `nobody at the issuer's port ends with 5`() async throws {
      let registration = try Registration()
      let report = try await RunReport.of(
        ["--issuer", "http://127.0.0.1:\(try Place.freePort())", "--client-id", "x"],
        environment: ["HYBRID_FLOW_CLIENT_SECRET": registration.secret])
      report.expectFailed(
        exit: 5, blame: "environment", code: "environment.cannot_connect", stage: 1)
      report.expectSilence(about: registration.secret)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a provider that takes connections and never answers ends with 5`() async throws {
      let silent = try ListeningSocket()
      let report = try await RunReport.of(
        ["--issuer", "http://127.0.0.1:\(silent.port)", "--client-id", "x", "--timeout", "1"],
        environment: ["HYBRID_FLOW_CLIENT_SECRET": "x"], within: 15)
      report.expectFailed(exit: 5, blame: "environment", code: "environment.timed_out", stage: 1)
      withExtendedLifetime(silent) {}
    }

    @Test(.timeLimit(.minutes(1))) func `a busy port is named, with what to do`() async throws {
      let tenant = try await RunningTenant()
      let taken = try ListeningSocket()
      let report = try await RunReport.of(
        [
          "--issuer", tenant.issuer, "--client-id", Registration.id, "--no-browser",
          "--redirect-uri", "http://127.0.0.1:\(taken.port)/callback", "--wait", "5",
        ], environment: ["HYBRID_FLOW_CLIENT_SECRET": tenant.client.secret])
      report.expectContract()
      #expect(report.ending == .exit(1))
      #expect(report.result["blame"]?.string == "environment")
      #expect(report.result["code"]?.string == "environment.listener")
      #expect(report.errors.contains("\(taken.port)"), "\(report.errors)")
      #expect(report.result["diagnosis"]?["fix"]?.string?.contains("another port") == true)
    }

    @Test(.timeLimit(.minutes(1))) func `no callback within the wait ends with 6`() async throws {
      let tenant = try await RunningTenant()
      let report = try await RunReport.of(
        tenant.connection() + ["--wait", "1", "--no-browser"],
        environment: ["HYBRID_FLOW_CLIENT_SECRET": tenant.client.secret], within: 15)
      report.expectFailed(exit: 6, blame: "person", code: "person.no_callback", stage: 4)
      #expect(report.errors.contains("\(tenant.issuer)authorize?"), "the URL is always shown")
      report.expectSilence(about: tenant.client.secret)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal kills by that signal`(number: Int32) async throws {
      let tenant = try await RunningTenant()
      let program = try RunningProgram(
        Place.program, ["run", "--no-browser"] + tenant.connection(),
        environment: ["HYBRID_FLOW_CLIENT_SECRET": tenant.client.secret])
      _ = try await program.line(after: "  \(tenant.issuer)authorize")
      program.signal(number)
      #expect(try await program.end(within: 10) == .signal(number))
    }

    @Test(.timeLimit(.minutes(1))) func `the tenant ends cleanly`() async throws {
      let tenant = try await RunningTenant()
      tenant.program.signal(SIGTERM)
      #expect(try await tenant.program.end(within: 10) == .exit(0))
      #expect(!tenant.program.output.contains(tenant.client.secret))
    }
  }

  /// The same with a person at a browser.
  @Suite(.serialized, Person.isNeeded)
  struct ExitCodeWithBrowserTests {
    /// One run at a tenant of our own, reached as any other tenant is.
    private func run(
      at tenant: RunningTenant, secret: String? = nil, _ arguments: [String] = [],
      person: [String: String] = [:], within seconds: Double = 30
    ) async throws -> RunReport {
      let report = try await RunReport.of(
        tenant.connection() + arguments + (arguments.contains("--wait") ? [] : ["--wait", "10"]),
        environment: try Person.environment(
          secret: secret ?? tenant.client.secret, more: person, in: tenant.folder),
        within: seconds)
      report.expectSilence(about: tenant.client.secret, secret ?? tenant.client.secret)
      return report
    }

    @Test(
      .timeLimit(.minutes(1)), arguments: ["code id_token", "code token", "code id_token token"])
    func `the tenant serves a run as any provider does`(responseType: String) async throws {
      let tenant = try await RunningTenant()
      let report = try await run(at: tenant, ["--response-type", responseType])
      report.expectPassed()
      // Nobody sees these at a tenant of somebody else's.
      let unseen = report.stages.filter { $0["observed"]?.bool == false }
      #expect(unseen.compactMap { $0["stage"]?.integer } == [3, 4, 7])
      #expect(!tenant.program.output.contains(tenant.client.secret))
      #expect(!tenant.program.output.contains("state="))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["basic", "post"])
    func `a wrong secret ends with 4`(method: String) async throws {
      let tenant = try await RunningTenant()
      let report = try await run(
        at: tenant, secret: "wrong-canary-0123456789", ["--client-auth", method])
      report.expectFailed(exit: 4, blame: "settings", code: "provider.token_error", stage: 7)
      #expect(report.result["message"]?.string?.contains("invalid_client") == true)
    }

    @Test(.timeLimit(.minutes(1))) func `to decline ends with 6`() async throws {
      let tenant = try await RunningTenant()
      let report = try await run(at: tenant, person: ["LAB_DECISION": "decline"])
      report.expectFailed(exit: 6, blame: "person", code: "person.declined", stage: 5)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an unknown redirect URI is named as soon as nothing comes back`() async throws {
      let tenant = try await RunningTenant(redirectURI: "http://127.0.0.1:1/elsewhere")
      let report = try await run(at: tenant, ["--wait", "2"])
      report.expectFailed(exit: 4, blame: "settings", code: "provider.page_error", stage: 4)
    }

    @Test(.timeLimit(.minutes(1))) func `prompt=none without a session ends with 4`() async throws {
      let tenant = try await RunningTenant()
      let report = try await run(at: tenant, ["--prompt", "none"])
      report.expectFailed(
        exit: 4, blame: nil, code: "provider.authorization_error", stage: 5)
    }

    @Test(.timeLimit(.minutes(1))) func `a provider that dies in the middle ends with 5`()
      async throws
    {
      let tenant = try await RunningTenant()
      let report = try await run(
        at: tenant,
        person: ["LAB_SIGNAL_BEFORE_CALLBACK": "KILL:\(tenant.program.processIdentifier)"])
      #expect(report.ending == .exit(5))
      report.expectFailed(
        exit: 5, blame: "environment", code: "environment.cannot_connect", stage: 6)
      // What was there before is still told.
      #expect(report.stages[4]["tokens"]?.elements?.isEmpty == false)
    }

    @Test(.timeLimit(.minutes(1))) func `a provider that freezes in the middle ends with 5`()
      async throws
    {
      let tenant = try await RunningTenant()
      let report = try await run(
        at: tenant, ["--timeout", "1"],
        person: ["LAB_SIGNAL_BEFORE_CALLBACK": "STOP:\(tenant.program.processIdentifier)"])
      report.expectFailed(exit: 5, blame: "environment", code: "environment.timed_out", stage: 6)
    }
  }
}
