import Foundation
import OpenID
import TestSupport
import Testing

/// Exports as their readers see them.
enum Exported {
  /// Runs `hybrid-flow export` to its end and returns what it printed.
  static func text(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> String {
    let program = try RunningProgram(
      Place.program, ["export"] + arguments, environment: environment)
    let ending = try await program.end(within: 60)
    #expect(ending == .exit(0), "\(program.errors)")
    return program.output
  }
}

/// haralyzer, markdown-it-py and Mermaid: software that others wrote.
enum Reader {
  private static let start = "\(Place.labs)/readers/start"

  static let isNeeded: ConditionTrait = .needs("haralyzer: no python3-venv, or no PyPI") {
    await installation.value
  }
  static let mermaidIsNeeded: ConditionTrait = .needs(
    "Mermaid: no node, no python3-venv, or no PyPI"
  ) { await mermaid.value }

  private static let installation = Task<Bool, Never> { await install("--install") }
  private static let mermaid = Task<Bool, Never> { await install("--install-mermaid") }

  private static func install(_ option: String) async -> Bool {
    guard Place.tool("python3") != nil, let program = try? RunningProgram(start, [option]),
      let ending = try? await program.end(within: 300)
    else { return false }
    if ending != .exit(0) { print("no readers:\n\(program.errors)") }
    return ending == .exit(0)
  }

  static func read(_ kind: String, _ text: String) async throws -> JSONValue {
    let folder = try TemporaryFolder()
    let program = try RunningProgram(start, [kind, try folder.write(text, to: "export")])
    let ending = try await program.end(within: 60)
    #expect(ending == .exit(0), "\(program.errors)")
    return try JSONParser.parse(Array(program.output.utf8))
  }
}

extension EndToEnd {
  @Suite(.serialized) struct ExportTests {
    // MARK: Other people's readers

    @Test(
      .timeLimit(.minutes(6)), Reader.isNeeded,
      arguments: [[], ["--lab", "swapped-code"], ["--reveal", "--then", "refresh,logout"]])
    func `haralyzer reads the archive`(arguments: [String]) async throws {
      let text = try await Exported.text(["--format", "har"] + arguments)
      let seen = try await Reader.read("har", text)
      #expect(seen["version"] == "1.2" && seen["creator"] == "hybrid-flow")
      let entries = seen["entries"]?.elements ?? []
      let statuses = Set(entries.compactMap { $0["status"]?.integer })
      #expect(statuses.isSuperset(of: [200, 302, 303]))
      #expect(entries.count > 9)
      #expect(entries.contains { $0["url"]?.string?.contains("/authorize?response_type=") == true })
      #expect(seen["pages"]?.elements?.first?.string?.hasPrefix("1. The person clicks") == true)
      #expect(seen["posts"]?.compactText.contains("password=") == true)
    }

    @Test(
      .timeLimit(.minutes(6)), Reader.isNeeded,
      arguments: ["swapped-code", "none"])
    func `markdown-it-py reads the report`(fault: String) async throws {
      let lab = fault == "none" ? [] : ["--lab", fault]
      let seen = try await Reader.read("markdown", Exported.text(["--format", "markdown"] + lab))
      let headings = seen["headings"]?.strings ?? []
      #expect(
        headings.first
          == (fault == "none" ? "Hybrid flow: passed" : "Hybrid flow: failed at stage 5"))
      #expect(headings.contains("What failed") == (fault != "none"))
      #expect(seen["tables"]?.integer == 1 && seen["links"]?.integer == 0)
      for html in seen["html"]?.strings ?? [] {
        #expect(
          html.wholeMatch(of: /<details>\n<summary><code>[^<>]*<\/code><\/summary>\n|<\/details>\n/)
            != nil, "\(html)")
      }
      let code = seen["code"]?.strings ?? []
      #expect(code.contains { $0.hasPrefix("GET http://") && $0.contains("HTTP/1.1\nHost: ") })
    }

    @Test(
      .timeLimit(.minutes(6)), Reader.mermaidIsNeeded,
      arguments: [[], ["--lab", "swapped-code"], ["--then", "refresh,logout"]])
    func `Mermaid itself parses the diagram`(arguments: [String]) async throws {
      let text = try await Exported.text(["--format", "mermaid"] + arguments)
      let seen = try await Reader.read("mermaid", text)
      #expect(seen["error"] == nil, "\(seen.compactText)")
      let lanes = arguments.contains("--lab") ? ["U", "M", "A", "T", "R"] : ["U", "A", "T", "R"]
      #expect(seen["type"] == "sequence" && seen["actors"]?.strings == lanes)
      let messages = seen["messages"]?.elements ?? []
      #expect(messages.count == text.matches(of: /\n    (?:[UMATR]-|Note)/).count)
      #expect(messages.contains { $0["from"] == "U" && $0["text"] == "3 GET /authorize" })
      if arguments.contains("--lab") {
        #expect(messages.contains { $0["text"]?.string?.contains("\u{2717} c-hash-match") == true })
      }
      // The reader is no yes-man.
      let broken = try await Reader.read("mermaid", text + "    U->>>>A\n")
      #expect(broken["error"]?.string?.contains("Parse error") == true)
    }

    // MARK: asciinema

    @Test(
      .timeLimit(.minutes(2)),
      TerminalUnderTest.isNeeded, .needs("asciinema") { Place.tool("asciinema") != nil })
    func `asciinema plays the walk`() async throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/walk.cast"
      _ = try await Exported.text(
        ["--format", "asciicast", "--size", "80x24", "--output", file])
      let terminal = try await TerminalUnderTest(columns: 80, rows: 25)
      try await terminal.shell("clear; asciinema play -s 20 -i 0.3 \(file)")
      let screen = try await terminal.wait("the last frame") {
        $0.contains("API answers") && $0.contains("ready-to-go")
      }
      #expect(screen.contains("Tenant") && screen.contains("demo tenant"))
      // Drawn, not printed: no sequence is left over.
      #expect(!screen.contains("[0m") && !screen.contains("38;5"))
    }

    // MARK: curl

    /// Catches one form post at a redirect URI, and prints its body.
    private static let catcher = """
      import http.server, sys
      class Catch(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              body = self.rfile.read(int(self.headers["Content-Length"])).decode()
              self.send_response(200)
              self.send_header("Content-Length", "0")
              self.end_headers()
              print("caught " + body, flush=True)
          def log_message(self, *words):
              pass
      server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Catch)
      print("ready", flush=True)
      server.handle_request()
      """

    /// RFC 7636, appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    /// Signs in at the URL that the script has as a comment, with a challenge of our own.
    private func freshCode(
      _ script: String, port: UInt16, in folder: TemporaryFolder, environment: [String: String]
    ) async throws -> String {
      let comment = try #require(script.firstMatch(of: /# stage 2, .* redirect to (http\S+)/))
      let url = comment.1.replacing(
        /code_challenge=[^&]+/, with: "code_challenge=\(Self.challenge)")
      let python = try #require(Place.tool("python3"))
      let catcher = try RunningProgram(python, ["-c", Self.catcher, "\(port)"])
      _ = try await catcher.line(after: "ready")
      let person = try RunningProgram(
        try Person.browser(in: folder), [String(url)], environment: environment)
      let answer = try FormEncoding.decode(try await catcher.line(after: "caught "))
      #expect(try await person.end() == .exit(0), "\(person.output)")
      return try #require(answer.first { $0.name == "code" }?.value)
    }

    private func script(_ arguments: [String], _ environment: [String: String], to path: String)
      async throws -> String
    {
      _ = try await Exported.text(
        ["--format", "curl", "--output", path] + arguments, environment: environment)
      return String(
        decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    @Test(
      .timeLimit(.minutes(3)),
      Person.isNeeded, .needs("curl") { Place.tool("curl") != nil },
      arguments: [nil, "canary \"q\" 's' \\ 100%+$(id)`id`&=;: \u{E9}"])
    func `the flow is run by the script, and no argument holds a secret`(
      secret: String?
    ) async throws {
      let tenant = try await RunningTenant(secret: secret)
      let secret = tenant.client.secret
      let environment = try Person.environment(secret: secret, in: tenant.folder)
      let path = "\(tenant.folder.path)/run.sh"
      let text = try await script(
        ["--then", "refresh,revoke", "--scope", "openid profile email offline_access"]
          + tenant.connection(), environment, to: path)
      #expect(!text.contains(secret))
      let code = try await freshCode(
        text, port: tenant.client.port, in: tenant.folder, environment: environment)

      // A curl that looks at its own arguments, as ps would.
      let curl = try #require(Place.tool("curl"))
      let spy = try tenant.folder.write(
        "#!/bin/sh\ntr '\\000' '\\n' </proc/$$/cmdline >>\(tenant.folder.path)/arguments\n"
          + "exec \(curl) \"$@\"\n", to: "curl")
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: spy)
      let usual = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
      let run = try RunningProgram(
        "/bin/sh", [path],
        environment: [
          "PATH": "\(tenant.folder.path):\(usual)", "CLIENT_SECRET": secret, "CODE": code,
          "CODE_VERIFIER": Self.verifier,
        ])
      #expect(try await run.end(within: 60) == .exit(0), "\(run.errors)")
      let statuses = run.errors.matches(of: /HTTP (\d+)/).map { String($0.1) }
      #expect(statuses == Array(repeating: "200", count: 6), "\(run.errors)\n\(run.output)")
      let answers = try run.output.split(separator: "\n").filter { $0.hasPrefix("{") }
        .map { try JSONParser.parse(Array($0.utf8)) }
      let tokens = answers.filter { $0["access_token"] != nil }
      #expect(tokens.count == 2 && tokens.allSatisfy { $0["id_token"] != nil })
      #expect(answers.contains { $0["email"]?.string == "ada@demo.example" })

      let seen = FileManager.default.contents(atPath: "\(tenant.folder.path)/arguments") ?? Data()
      let arguments = String(decoding: seen, as: UTF8.self)
      #expect(arguments.contains("--config"))
      var secrets = [secret, code, Self.verifier]
      for answer in tokens {
        secrets += ["access_token", "refresh_token"].compactMap { answer[$0]?.string }
      }
      #expect(secrets.count == 7)
      for secret in secrets { #expect(!arguments.contains(secret)) }

      // The code was good for one use: the same script says so, and goes no further.
      let again = try RunningProgram(
        "/bin/sh", [path, "6", "9"],
        environment: ["CLIENT_SECRET": secret, "CODE": code, "CODE_VERIFIER": Self.verifier])
      #expect(try await again.end(within: 60) == .exit(2))
      #expect(again.output.contains("invalid_grant"))
      #expect(again.errors.contains("Set ACCESS_TOKEN"))
    }

    @Test(
      .timeLimit(.minutes(3)),
      RunningProvider.isNeeded,
      arguments: ["basic", "post"])
    func `a provider that others wrote answers the script as well`(
      clientAuth: String
    ) async throws {
      let provider = try await RunningProvider(clientAuth: clientAuth)
      let environment = try provider.environment()
      let path = "\(provider.folder.path)/run.sh"
      let text = try await script(provider.connection(), environment, to: path)
      let code = try await freshCode(
        text, port: provider.client.port, in: provider.folder, environment: environment)
      let run = try RunningProgram(
        "/bin/sh", [path],
        environment: [
          "CLIENT_SECRET": provider.client.secret, "CODE": code, "CODE_VERIFIER": Self.verifier,
        ])
      #expect(try await run.end(within: 60) == .exit(0), "\(run.errors)")
      let statuses = run.errors.matches(of: /HTTP (\d+)/).map { String($0.1) }
      #expect(statuses == Array(repeating: "200", count: 4), "\(run.errors)\n\(run.output)")
      #expect(run.output.contains("person@lab.example"))
    }

    // MARK: The command

    @Test(.timeLimit(.minutes(2)))
    func `a failed run is exported as well, and a file that is there stays`() async throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/report.md"
      let words = [
        "export", "--format", "markdown", "--lab", "swapped-code", "--output", file,
      ]
      let first = try RunningProgram(Place.program, words)
      #expect(try await first.end(within: 60) == .exit(0), "\(first.errors)")
      #expect(first.output == "" && first.errors.contains("secrets masked"))
      let text = FileManager.default.contents(atPath: file)
      let second = try RunningProgram(Place.program, words)
      #expect(try await second.end(within: 60) == .exit(2))
      #expect(second.errors.contains("--force"))
      #expect(FileManager.default.contents(atPath: file) == text)
      let third = try RunningProgram(Place.program, words + ["--force"])
      #expect(try await third.end(within: 60) == .exit(0))
      #expect(FileManager.default.contents(atPath: file) != text)
    }

    @Test(
      .timeLimit(.minutes(2)),
      TerminalUnderTest.isNeeded)
    func `the explorer writes a file, masked, once`() async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      try await terminal.start()
      try await terminal.wait("stage 1") {
        $0.contains("Login clicked") && $0.contains("code_verifier")
      }
      let file = "\(terminal.folder.path)/Run.HAR"
      try await terminal.press("E")
      try await terminal.wait("the formats") { $0.contains("A report for a ticket") }
      try await terminal.type("har \(file)")
      try await terminal.press("Enter")
      try await terminal.wait("the word") { $0.contains("is written, secrets masked.") }
      let data = try #require(FileManager.default.contents(atPath: file))
      #expect(try JSONParser.parse(Array(data))["log"]?["version"] == "1.2")
      try await terminal.type(":export har \(file)")
      try await terminal.press("Enter")
      try await terminal.wait("the refusal") { $0.contains("stays as it is") }
      #expect(FileManager.default.contents(atPath: file) == data)
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }
  }
}
