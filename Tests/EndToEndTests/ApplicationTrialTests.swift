import Foundation
import OpenID
import TestSupport
import Testing

/// `hybrid-flow test-app` against one application.
struct ApplicationTrial {
  /// What it printed about one fault.
  struct Row {
    var verdict: String
    var why: String
    var stage: Int64
    var check: String
  }

  var ending: RunningProgram.Ending
  var lines: [JSONValue]
  var rows: [String: Row] = [:]
  let errors: String

  /// The line of this type.
  func line(_ type: String) -> JSONValue? { lines.first { $0["type"]?.string == type } }

  /// The names of the faults with a verdict.
  func names(_ verdict: String) -> Set<String> {
    Set(rows.filter { $0.value.verdict == verdict }.keys)
  }

  /// Tests the application at `start`, which was told the tenant's port.
  static func run(
    start: String, redirectURI: String, tenantPort: UInt16, secretFile: String,
    _ more: [String] = [], environment: [String: String] = [:], seconds: Double = 60
  ) async throws -> ApplicationTrial {
    let program = try RunningProgram(
      Place.program,
      [
        "test-app", "--json", "--start", start, "--port", "\(tenantPort)", "--client",
        "id=\(Registration.id),secret-file=\(secretFile),redirect-uri=\(redirectURI)",
      ] + more, environment: environment)
    let ending = try await program.end(within: seconds)
    let lines = try program.output.split(separator: "\n").map {
      try JSONParser.parse(Array($0.utf8))
    }
    var trial = ApplicationTrial(ending: ending, lines: lines, errors: program.errors)
    for line in lines where line["type"]?.string == "fault" {
      trial.rows[line["id"]?.string ?? ""] = Row(
        verdict: line["verdict"]?.string ?? "", why: line["why"]?.string ?? "",
        stage: line["stage"]?.integer ?? 0, check: line["check"]?.string ?? "")
    }
    return trial
  }
}

/// An application of `Tests/Labs/careless`, which checks what it is told and nothing else.
final class CarelessApplication {
  let folder: TemporaryFolder
  let secretFile: String
  let client: Registration
  let tenantPort: UInt16
  private let program: RunningProgram
  private let start: String

  init(
    _ name: String = "application.py", checks: String, type: String = "code id_token",
    _ more: [String] = []
  ) async throws {
    folder = try TemporaryFolder()
    client = try Registration()
    secretFile = try folder.write(client.secret, to: "secret")
    tenantPort = try Place.freePort()
    program = try RunningProgram(
      "/usr/bin/env",
      [
        "python3", "\(Place.labs)/careless/\(name)", "--port", "\(client.port)",
        "--issuer", "http://localhost:\(tenantPort)/", "--client-id", Registration.id,
        "--client-secret-file", secretFile, "--response-type", type, "--checks", checks,
      ] + more)
    start = try await program.line(after: "ready")
  }

  /// Tests it.
  func trial(
    _ more: [String] = [], environment: [String: String] = [:]
  ) async throws -> ApplicationTrial {
    try await ApplicationTrial.run(
      start: start, redirectURI: "http://localhost:\(client.port)/callback",
      tenantPort: tenantPort, secretFile: secretFile, more, environment: environment)
  }
}

extension EndToEnd {
  /// Whether the verdicts about applications are true.
  @Suite(.serialized, Person.isNeeded) struct ApplicationTrialTests {
    static let types = ["code id_token", "code token", "code id_token token"]

    @Test(.timeLimit(.minutes(2)), arguments: types)
    func `an application that checks nothing lets everything through`(type: String) async throws {
      let trial = try await CarelessApplication(
        checks: "", type: type, ["--userinfo", "--no-cache"]
      ).trial()
      #expect(trial.ending == .exit(3), "\(trial.errors)")
      #expect(trial.names("unclear") == [])
      for (id, row) in trial.rows where [5, 8].contains(row.stage) {
        // Without any ID token, nobody can be signed in.
        if id == "token-answer-html", type == "code token" { continue }
        #expect(row.verdict != "caught", "\(id): \(row.why)")
      }
      #expect(trial.names("let_through").count > 30)
    }

    @Test(.timeLimit(.minutes(2)), arguments: types)
    func `an application that makes every check catches everything`(type: String) async throws {
      let trial = try await CarelessApplication(
        checks: "all", type: type, ["--userinfo", "--pkce"]
      ).trial()
      #expect(trial.ending == .exit(0), "\(trial.names("let_through")) \(trial.errors)")
      #expect(trial.names("let_through") == [])
      #expect(trial.names("unclear") == [])
      #expect(trial.names("caught").count > 50)
    }

    @Test(.timeLimit(.minutes(2)), arguments: types)
    func `a certification plan is right for the careful, wrong for the careless`(
      type: String
    ) async throws {
      let careful = try await CarelessApplication(
        checks: "all", type: type, ["--userinfo", "--no-cache"]
      ).trial(["--plan", "form-post"])
      let wrong = careful.lines.filter { $0["verdict"]?.string == "wrong" }
      #expect(careful.ending == .exit(0), "\(wrong) \(careful.errors)")
      #expect(careful.line("result")?["wrong"] == 0)
      let careless = try await CarelessApplication(
        checks: "", type: type, ["--userinfo", "--no-cache"]
      ).trial(["--plan", "form-post"])
      #expect(careless.ending == .exit(3), "\(careless.errors)")
      for line in careless.lines where line["type"]?.string == "module" {
        let expected = line["expected"]?.string ?? ""
        let verdict = line["verdict"]?.string ?? ""
        // What it reads in the token, it cannot do without.
        if line["id"]?.string == "oidcc-client-test-missing-sub" { continue }
        let mustRefuse = ["refuse the ID token", "discard userinfo"].contains(expected)
        #expect(
          mustRefuse == (verdict == "wrong"),
          "\(line["id"]?.string ?? ""): \(verdict), \(line["did"]?.string ?? "")")
      }
    }

    /// Faults of every kind, and what one check makes of them.
    static let sample = [
      "swapped-code", "nonce-missing", "nonce-altered", "second-nonce-replayed", "login-csrf",
      "state-altered", "mix-up", "iss-left-out", "forged-signature", "alg-none",
      "hs256-confusion", "second-token-forged", "iss-missing", "aud-of-another-client",
      "c-hash-longer", "s-hash-wrong", "second-at-hash-wrong", "expired", "not-yet-valid",
      "second-token-of-another-person", "token-type-other", "userinfo-of-another-person",
      "parameter-twice", "error-with-code", "double-post", "claim-twice",
    ]
    /// What a specification lets an application overlook.
    static let allowed: Set = ["claim-twice", "s-hash-wrong"]

    static let rows: [(check: String, caught: [String])] = [
      ("state", ["login-csrf", "state-altered"]),
      ("nonce", ["nonce-missing", "nonce-altered", "login-csrf"]),
      ("second_nonce", ["second-nonce-replayed"]),
      ("signature", ["forged-signature"]),
      ("second_signature", ["second-token-forged"]),
      ("alg", ["alg-none", "hs256-confusion"]),
      ("iss", ["iss-missing"]),
      ("aud", ["aud-of-another-client"]),
      ("exp", ["expired"]),
      ("nbf", ["not-yet-valid"]),
      ("c_hash", ["swapped-code", "c-hash-longer"]),
      ("s_hash", ["s-hash-wrong"]),
      ("second_at_hash", ["second-at-hash-wrong"]),
      ("second_sub", ["second-token-of-another-person"]),
      ("second_token_type", ["token-type-other"]),
      ("response_iss", ["mix-up", "iss-left-out"]),
      ("duplicates", ["parameter-twice"]),
      ("error", ["error-with-code"]),
      ("single_use", ["double-post"]),
      ("structure", ["claim-twice"]),
      ("userinfo_sub", ["userinfo-of-another-person", "second-token-of-another-person"]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: rows)
    func `one check catches its own faults and no others`(
      check: String, caught: [String]
    ) async throws {
      let trial = try await CarelessApplication(checks: check, ["--userinfo"])
        .trial(["--only", Self.sample.joined(separator: ",")])
      #expect(trial.names("caught") == Set(caught), "\(trial.errors)")
      let left = Set(Self.sample).subtracting(caught)
      #expect(trial.names("let_through") == left.subtracting(Self.allowed))
      #expect(trial.names("not_applicable") == left.intersection(Self.allowed))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is fetched once is tried after a restart`() async throws {
      let careless = try await CarelessApplication(checks: "")
      let trial = try await careless.trial(["--only", "replaced-keys,metadata-of-another-issuer"])
      #expect(trial.names("not_applicable").count == 2)
      #expect(trial.rows["replaced-keys"]?.why.contains("--restart") == true)

      let port = try Place.freePort()
      let tenantPort = try Place.freePort()
      let folder = try TemporaryFolder()
      let secretFile = try folder.write("a-secret-of-the-test", to: "secret")
      let script = try folder.write(
        """
        #!/bin/sh
        [ -f \(folder.path)/pid ] && kill $(cat \(folder.path)/pid)
        python3 \(Place.labs)/careless/application.py --port \(port) \
        --issuer http://localhost:\(tenantPort)/ --client-id \(Registration.id) \
        --client-secret-file \(secretFile) --checks signature,metadata_issuer \
        >\(folder.path)/log 2>&1 &
        echo $! >\(folder.path)/pid
        """, to: "restart")
      let first = try RunningProgram("/bin/sh", [script])
      #expect(try await first.end() == .exit(0))
      defer {
        let text = try? String(contentsOfFile: "\(folder.path)/pid", encoding: .utf8)
        if let pid = text.flatMap({ pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) {
          kill(pid, SIGTERM)
        }
      }
      _ = try await waitFor("ready line") {
        (try? String(contentsOfFile: "\(folder.path)/log", encoding: .utf8))?
          .contains("ready") == true ? true : nil
      }
      let again = try await ApplicationTrial.run(
        start: "http://localhost:\(port)/", redirectURI: "http://localhost:\(port)/callback",
        tenantPort: tenantPort, secretFile: secretFile,
        [
          "--restart", "/bin/sh \(script)", "--only",
          "replaced-keys,metadata-of-another-issuer,nonce-altered",
        ])
      #expect(again.names("caught") == ["replaced-keys", "metadata-of-another-issuer"])
      #expect(again.names("let_through") == ["nonce-altered"])
      #expect(again.line("result")?["late_failure"] == nil, "\(again.lines)")
    }

    static let misbehaving: [(kind: String, says: String)] = [
      ("never-answers", "no complete answer"),
      ("redirects-in-circles", "over and over"),
      ("500-at-start", "status 500"),
      ("signs-in-without-the-tenant", "without a login at this tenant"),
      ("one-session-for-everyone", "without a login at this tenant"),
      ("changes-its-page-each-time", "the same as after a declined one"),
      ("closes-the-connection", "ended the connection"),
      ("drips", "no complete answer"),
      ("huge-page", "larger than"),
      ("redirects-elsewhere", "http://example.com"),
      ("not-http", "not HTTP"),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: misbehaving)
    func `an application that misbehaves is named, and nothing hangs`(
      kind: String, says: String
    ) async throws {
      let tenantPort = try Place.freePort()
      let client = try Registration()
      let folder = try TemporaryFolder()
      let secretFile = try folder.write(client.secret, to: "secret")
      let program = try RunningProgram(
        "/usr/bin/env",
        [
          "python3", "\(Place.labs)/careless/misbehaving.py", kind, "--port", "\(client.port)",
          "--tenant", "http://localhost:\(tenantPort)/", "--client-id", Registration.id,
        ])
      let start = try await program.line(after: "ready")
      let trial = try await ApplicationTrial.run(
        start: start, redirectURI: "http://localhost:\(client.port)/callback",
        tenantPort: tenantPort, secretFile: secretFile, ["--timeout", "1"])
      #expect(trial.ending == .exit(6), "\(trial.errors)")
      let cause = trial.line("honest")?["diagnosis"]?["cause"]?.string ?? ""
      #expect(cause.contains(says), "\(cause)")
      #expect(trial.rows.isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func `reports are read by others, and hold no secret`() async throws {
      let careless = try await CarelessApplication(checks: "", ["--userinfo"])
      let (junit, markdown) = ("\(careless.folder.path)/r.xml", "\(careless.folder.path)/r.md")
      let trial = try await careless.trial([
        "--only", "swapped-code,nonce-altered,weak-login", "--junit", junit, "--markdown", markdown,
      ])
      #expect(trial.names("let_through") == ["swapped-code", "nonce-altered"])
      let reader = try RunningProgram(
        "/usr/bin/env",
        [
          "python3", "-c",
          "import sys, xml.etree.ElementTree as x\n"
            + "r = x.parse(sys.argv[1]).getroot()\n"
            + "print(r.get('tests'), r.get('failures'), r.get('errors'), r.get('skipped'))",
          junit,
        ])
      #expect(try await reader.end() == .exit(0), "\(reader.errors)")
      #expect(reader.output == "3 2 0 1\n")
      let texts = try [junit, markdown].map { try String(contentsOfFile: $0, encoding: .utf8) }
      for text in texts + [trial.lines.map(\.compactText).joined()] {
        #expect(text.contains("swapped-code"))
        #expect(!text.contains(careless.client.secret))
        // No JWT: neither an ID token nor an access token.
        #expect(!text.contains("eyJ"))
      }
    }
  }

  /// A certified relying party, whose checks are known.
  @Suite(.serialized, RelyingParty.isNeeded) struct CertifiedTrialTests {
    @Test(.timeLimit(.minutes(2)))
    func `mod_auth_openidc catches what a certified client catches`() async throws {
      let tenantPort = try Place.freePort()
      let client = try Registration()
      let folder = try TemporaryFolder()
      let secretFile = try folder.write(client.secret, to: "secret")
      let party = try RunningProgram(
        "\(Place.labs)/relying-party/start",
        [
          "--state-dir", "\(folder.path)/apache", "--port", "\(client.port)",
          "--issuer", "http://localhost:\(tenantPort)/", "--client-id", Registration.id,
          "--secret-file", secretFile,
        ])
      let page = try await party.line(after: "ready")
      let caught: Set = [
        "swapped-code", "replayed-id-token", "nonce-missing", "nonce-altered", "login-csrf",
        "login-csrf-without-state", "stolen-state", "state-altered", "forged-signature",
        "alg-none", "hs256-confusion", "embedded-key", "aud-of-another-client", "iss-missing",
        "expired", "c-hash-missing", "c-hash-longer", "userinfo-of-another-person", "double-post",
      ]
      let letThrough: Set = [
        "second-c-hash-wrong", "second-token-missing", "second-token-forged", "iss-left-out",
        "critical-header",
      ]
      let trial = try await ApplicationTrial.run(
        start: page, redirectURI: "http://127.0.0.1:\(client.port)/private/callback",
        tenantPort: tenantPort, secretFile: secretFile,
        ["--only", caught.union(letThrough).sorted().joined(separator: ",")])
      #expect(trial.names("caught") == caught, "\(trial.lines.first?.compactText ?? trial.errors)")
      #expect(trial.names("let_through") == letThrough)
    }
  }
}
