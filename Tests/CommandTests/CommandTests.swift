import Foundation
import OpenID
import Testing

@Suite struct CommandTests {
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (["run", "--issuer", "garbage", "--client-id", "x"], "--issuer garbage"),
      (["run", "--issuer", "http://t.example/", "--client-id", "x"], "https"),
      (["run", "--issuer", "https://t.example/"], "--client-id"),
      (["run", "--client-id", "x"], "--issuer"),
      (["run", "--response-type", "id_token"], "--response-type 'id_token'"),
      (["run", "--wait", "soon"], "--wait soon"),
      (["run", "--timeout", "0"], "1 to 3600"),
      (["run", "--redirect-uri", "http://t.example/cb"], "this machine"),
      (["run", "--redirect-uri", "https://t.example/cb#x"], "has no #"),
      (["run", "--redirect-uri", "https://t.example:0/cb"], "port 0"),
      (["run", "--redirect-uri", "https://t.example/cb"], "Add --paste"),
      (["run", "--allow-http", "http://lan"], "alone"),
      (["run", "--client-secret", "hush-hush"], "HYBRID_FLOW_CLIENT_SECRET"),
      (["run", "--client-secret=hush-hush"], "HYBRID_FLOW_CLIENT_SECRET"),
      (["run", "--respone-type", "x"], "--response-type"),
      (["run", "--port", "1"], "tenant"),
      (["run", "--param", "novalue"], "NAME=VALUE"),
      (["run", "extra"], "extra"),
      (["rnu"], "\"run\""), (["brew"], "no command"), (["lab"], "--all"),
      (["run", "--issuer", "https://t.example/", "--client-id", "x"], "no client secret"),
      (["run", "--issuer"], "needs a value"),
      (["tenant", "--bind", "0.0.0.0"], "--expose"),
      (["tenant", "--client", "id=a"], "redirect URI"),
      (["tenant", "--client", "idd=a"], "Did you mean id"),
      (
        ["tenant", "--client", "id=a,auth=private_key_jwt,redirect-uri=http://[::1]/"], "jwks-file"
      ),
      (["tenant", "--client", "id=a,jwks-file=/does/not/exist"], "/does/not/exist"),
      (["tenant", "--settings", "/does/not/exist"], "/does/not/exist"),
      (["tenant", "--habits", "aple"], "one of apple"),
      (
        [
          "tenant", "--habits", "apple", "--client",
          "id=a,secret-command=echo x,redirect-uri=http://[::1]/",
        ], "needs apple-key=FILE.p8"
      ),
      (
        ["tenant", "--client", "id=a,apple-team=DEF123GHIJ,redirect-uri=http://[::1]/"],
        "its file and the id of its team"
      ),
      (["run", "--preset", "katana"], "--framework katana"),
      (["run", "--preset", "apple", "--client-id", "a"], "Apple takes https only"),
      (["theme"], "theme list"), (["explore"], "terminal"),
      (["explore", "--theme", "nonesuch"], "nonesuch"),
      (["explore", "--lab", "swaped-code"], "Did you mean swapped-code?"),
      (["explore", "--lab", "alg-n"], "Did you mean alg-none"),
      (["--lab", "confusion"], "Did you mean hs256-confusion"),
      (["--lab", "swapped-code", "--issuer", "https://t.example/"], "the demo tenant only"),
      (["--lab", "swapped-code", "--plain"], "hybrid-flow lab swapped-code"),
    ] as [([String], String)])
  func `a mistake is named, with what to do`(arguments: [String], part: String) async throws {
    let result = try await ProgramRunner.run(arguments)
    #expect(result.status == 2 && !result.wasSignalled)
    #expect(result.output == "")
    #expect(result.errors.contains(part), "\(result.errors)")
    #expect(!result.errors.contains("hush-hush"))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `run prints eleven lines of JSON and nothing else`() async throws {
    let result = try await ProgramRunner.run(["run", "--json"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    let lines = try result.output.split(separator: "\n").map {
      try JSONParser.parse(Array($0.utf8))
    }
    #expect(lines.map { $0["type"]?.string } == Array(repeating: "stage", count: 10) + ["result"])
  }

  @Test(.timeLimit(.minutes(1)))
  func `run talks to people without JSON`() async throws {
    let result = try await ProgramRunner.run(["run", "--ascii"])
    #expect(result.status == 0)
    #expect(result.output.contains("10  API answers"))
    #expect(result.output.contains("Passed. 10 of 10 stages"))
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(.timeLimit(.minutes(1)))
  func `the tenant serves others, tells no query, and ends cleanly`() async throws {
    try await ProgramRunner.withFile("a-client-secret-of-some-length\n") { secret in
      let tenant = try ProgramRunner.start([
        "tenant", "--port", "0", "--client",
        "id=web,secret-file=\(secret),redirect-uri=http://127.0.0.1:0/callback,"
          + "redirect-uri=http://localhost:1/cb",
      ])
      #expect(await tenant.waitForOutput("discovery "))
      let issuer = try #require(
        tenant.soFar.split(separator: "\n").first?.split(separator: " ").last)
      let run = try await ProgramRunner.run(
        [
          "run", "--json", "--issuer", String(issuer), "--client-id", "web", "--no-browser",
          "--redirect-uri", "http://127.0.0.1:0/callback", "--wait", "1",
        ],
        environment: ["HYBRID_FLOW_CLIENT_SECRET": "a-client-secret-of-some-length"])
      #expect(run.status == 6, "\(run.errors)")
      #expect(run.errors.contains("\(issuer)authorize?"))
      tenant.signal(SIGTERM)
      let result = try await tenant.finish()
      #expect(result.status == 0 && !result.wasSignalled)
      #expect(result.output.contains("GET /.well-known/openid-configuration 200"))
      #expect(!result.output.contains("?"))
      #expect(!(result.output + result.errors + run.output + run.errors).contains("some-length"))
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [SIGINT, SIGTERM])
  func `a signal kills the run by that signal, after the result`(number: Int32) async throws {
    let program = try ProgramRunner.start(["run", "--json", "--browser", "--no-browser"])
    #expect(await program.waitForOutput("\"id\":\"authorize\""))
    program.signal(number)
    let result = try await program.finish()
    #expect(result.wasSignalled && result.status == number)
    #expect(result.output.contains("\"code\":\"person.abandoned\""))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a command's output is the client secret, and no shell reads the command`() async throws {
    try await ProgramRunner.withFile("not the demo's secret") { file in
      let wrong = try await ProgramRunner.run([
        "run", "--json", "--client-secret-command", "cat '\(file)'",
      ])
      #expect(wrong.status == 4)
      #expect(!(wrong.output + wrong.errors).contains("not the demo's secret"))
      let shell = try await ProgramRunner.run([
        "run", "--client-secret-command", "echo; cat \(file)",
      ])
      #expect(shell.status == 2)
    }
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "", "explore", "run", "check", "export", "tenant", "screenshots", "theme", "paths", "help",
    ])
  func `the help fits on 80 columns and begins with what matters`(command: String) async throws {
    let arguments = command.isEmpty ? ["--help"] : ["help", command]
    let result = try await ProgramRunner.run(arguments)
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.prefix(5).contains(command.isEmpty ? "See a login" : "Examples"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `small commands answer`() async throws {
    #expect(try await ProgramRunner.run(["--version"]).output.hasPrefix("hybrid-flow "))
    #expect(try await ProgramRunner.run(["theme", "list"]).output.contains("calm-dark"))
    let paths = try await ProgramRunner.run(
      ["paths"], environment: ["XDG_CONFIG_HOME": "/somewhere"])
    #expect(paths.output.contains("/somewhere/hybrid-flow/themes"))
  }

  /// The libraries that are loaded when they are needed, not when the program starts.
  @Test(arguments: [
    ("libcurl.so.4", "libcurl4", ["run"]), ("libcrypto.so.3", "libssl3", ["lab", "--all"]),
    ("libssl.so.3", "libssl3", ["run", "--redirect-uri", "https://localhost:0/callback"]),
  ])
  func `a library that is not there is named with its package`(
    file: String, package: String, arguments: [String]
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    // An empty file of that name, found before the real one.
    try Data().write(to: folder.appending(path: file))
    let environment = ["LD_LIBRARY_PATH": folder.path]
    let result = try await ProgramRunner.run(arguments, environment: environment)
    #expect(result.status != 0 && !result.wasSignalled)
    #expect(
      (result.output + result.errors).contains("\(file) cannot be loaded; on Debian, \(package)"))
    // What needs none of them does not miss them.
    #expect(try await ProgramRunner.run(["--version"], environment: environment).status == 0)
  }
}
