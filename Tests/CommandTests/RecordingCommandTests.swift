import Foundation
import OpenID
import Testing

/// Recordings by the built program, as a shell runs it.
@Suite(.serialized) struct RecordingCommandTests {
  private func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
  }

  /// A line without what placeholders and masks change: texts, and lengths of bodies.
  private func skeleton(_ text: Substring) throws -> JSONValue {
    func strip(_ value: JSONValue, _ name: String) -> JSONValue {
      switch value {
      case .object(let members):
        return .object(members.map { JSONMember($0.name, strip($0.value, $0.name)) })
      case .array(let elements): return .array(elements.map { strip($0, name) })
      case .string where ["value", "body", "headers", "url"].contains(name): return "…"
      case .number where name == "length": return 0
      case .string, .number, .bool, .null: return value
      }
    }
    return strip(try JSONParser.parse(String(text)), "")
  }

  @Test(arguments: ["code id_token", "code token", "code id_token token"])
  func `replay prints what run printed`(type: String) async throws {
    try await withFolder { folder in
      let path = folder + "/run.jsonl"
      let ran = try await ProgramRunner.run(
        ["run", "--json", "--response-type", type, "--record", path, "--then", "refresh,logout"])
      let played = try await ProgramRunner.run(["replay", "--json", path])
      #expect(ran.status == 0 && played.status == 0 && played.errors == "", "\(played.errors)")
      let (then, now) = (ran.output.split(separator: "\n"), played.output.split(separator: "\n"))
      #expect(then.count == 13 && now.count == then.count)
      for (one, two) in zip(then, now) { #expect(try skeleton(one) == skeleton(two)) }
    }
  }

  @Test func `with secrets it is the very same, and that is said`() async throws {
    try await withFolder { folder in
      let path = folder + "/run.jsonl"
      let ran = try await ProgramRunner.run(
        ["run", "--json", "--reveal", "--record", path, "--record-secrets"])
      #expect(ran.errors.contains("keeps every secret of this run"))
      let played = try await ProgramRunner.run(["replay", "--json", "--reveal", path])
      #expect(played.output == ran.output)
    }
  }

  @Test func `what was left out is told again, in its place`() async throws {
    try await withFolder { folder in
      for (arguments, count) in [
        (["--sign-on-only", "--then", "refresh,logout,userinfo"], 3),
        (["--scope", "profile", "--then", "refresh,logout"], 2),
      ] {
        let path = "\(folder)/run\(count).jsonl"
        let ran = try await ProgramRunner.run(["run", "--json", "--record", path] + arguments)
        let played = try await ProgramRunner.run(["replay", "--json", path])
        #expect(played.status == ran.status)
        let (then, now) = (ran.output.split(separator: "\n"), played.output.split(separator: "\n"))
        #expect(then.count == 11 + count && now.count == then.count)
        for (one, two) in zip(then, now) { #expect(try skeleton(one) == skeleton(two)) }
        #expect(ran.output.contains("\"type\":\"action\"") && ran.output.contains("\"skipped\""))
      }
    }
  }

  @Test func `a failed run ends as it ended`() async throws {
    let played = try await ProgramRunner.run(["replay", "--json", "swapped-code"])
    #expect(played.status == 3 && played.output.contains("\"failed\":[\"c-hash-match\"]"))
    let refused = try await ProgramRunner.run(["replay", "--plain", "swapped-code-unsigned"])
    #expect(refused.status == 4 && refused.output.contains("its secrets are masked"))
  }

  @Test func `without a screen, in a pipe or a file, it prints the walk`() async throws {
    let piped = try await ProgramRunner.run(["replay", "swapped-code"])
    let plain = try await ProgramRunner.run(["replay", "--plain", "swapped-code"])
    #expect(piped.status == 3 && piped.output == plain.output)
  }

  @Test(.timeLimit(.minutes(2)))
  func `killed in the middle, it loses no event that happened`() async throws {
    try await withFolder { folder in
      let path = folder + "/run.jsonl"
      // A real browser that never comes: the run waits in stage 4, and is killed there.
      let program = try ProgramRunner.start(
        ["run", "--json", "--browser", "--no-browser", "--record", path])
      #expect(await program.waitForOutput("\"id\":\"authorize\""))
      func file() -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
      let deadline = ContinuousClock.now + .seconds(20)
      while !file().contains("\"event\":\"browser_opened\""), ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(20))
      }
      program.signal(SIGKILL)
      let ending = try await program.finish()
      #expect(ending.wasSignalled && ending.status == SIGKILL)
      let played = try await ProgramRunner.run(["replay", "--json", path])
      #expect(played.errors == "", "every line was written to its end: \(played.errors)")
      let lines = try played.output.split(separator: "\n").map { try JSONParser.parse(String($0)) }
      #expect(lines.prefix(2).allSatisfy { $0["status"]?.string == "passed" })
      // How it would have ended, nobody knows: it is not called a success.
      let result = try #require(lines.last)
      #expect(lines.count < 11 && result["code"]?.string == "recording.incomplete")
      #expect(result["status"]?.string == "failed" && played.status == 1)
      // The same, torn inside its last line.
      let text = file()
      try Data(text.dropLast(9).utf8).write(to: URL(filePath: path))
      let torn = try await ProgramRunner.run(["replay", "--json", path])
      #expect(torn.errors.contains("The last line was not written to its end"))
      #expect(torn.output.hasPrefix(played.output.split(separator: "\n")[0]))
    }
  }

  /// What `run --json --reveal` tells of secrets.
  private static func secrets(in lines: [JSONValue]) -> ([String], [String], [String]) {
    let names = ["code", "id_token", "access_token", "refresh_token", "code_verifier"]
    var values: [String] = []
    var tokens: [String] = []
    var cookies: [String] = []
    for line in lines {
      for value in line["values"]?.elements ?? [] {
        guard let name = value["name"]?.string, names.contains(name) else { continue }
        if let text = value["value"]?.string { values.append(text) }
      }
      for token in line["tokens"]?.elements ?? [] {
        if let text = token["value"]?.string { tokens.append(text) }
      }
      for message in line["messages"]?.elements ?? [] {
        for header in message["headers"]?.elements ?? [] {
          guard let pair = header.strings, pair[0].lowercased() == "cookie" else { continue }
          cookies.append(String(pair[1].drop { $0 != "=" }.dropFirst()))
        }
      }
    }
    return (values, tokens, cookies)
  }

  @Test func `a file that may grow no further stops the recording, not the flow`() async throws {
    try await withFolder { folder in
      let path = folder + "/run.jsonl"
      let line = "ulimit -f 16; exec \"$0\" run --json --record \"$1\""
      let ran = try await RunningProgram(
        URL(filePath: "/bin/sh"), ["-c", line, ProgramRunner.executable.path, path], [:]
      ).finish()
      // All stages ran; what was asked for is not there all the same.
      #expect(ran.status == 1 && ran.output.split(separator: "\n").count == 11, "\(ran.errors)")
      #expect(ran.output.contains("\"code\":\"environment.recording\""))
      #expect(ran.errors.contains("Recording has stopped; the flow goes on."), "\(ran.errors)")
      #expect(ran.errors.contains("File too large"))
      let played = try await ProgramRunner.run(["replay", "--json", path])
      #expect(played.errors.contains("The last line was not written to its end"))
      #expect(played.output.contains("\"id\":\"login\""))
    }
  }

  @Test func `no secret is found in the file, and with secrets each is`() async throws {
    try await withFolder { folder in
      let secret = "canary-secret-5a1f9e"
      let path = folder + "/secret.txt"
      try Data(secret.utf8).write(to: URL(filePath: path))
      // With a secret that the demo tenant refuses, and with its own: a failure and a success.
      for (least, options) in [(6, ["--client-secret-file", path]), (9, ["--then", "refresh"])] {
        for more in [[], ["--record-secrets"]] {
          let file = "\(folder)/run\(least)\(more.count).jsonl"
          let ran = try await ProgramRunner.run(
            ["run", "--json", "--reveal", "--record", file] + options + more)
          let lines = try ran.output.split(separator: "\n").map { try JSONParser.parse(String($0)) }
          let (values, tokens, cookies) = Self.secrets(in: lines)
          let canaries = Set(values + tokens + cookies).union(least == 6 ? [secret] : [])
          #expect(canaries.count >= least, "\(canaries.count)")
          let text = try String(contentsOfFile: file, encoding: .utf8)
          let found = canaries.filter {
            text.contains($0) || text.contains(PercentEncoding.encode($0))
          }
          #expect(found.count == (more.isEmpty ? 0 : canaries.count))
          #expect(!(ran.output + ran.errors).isEmpty && !ran.errors.contains(secret))
        }
      }
    }
  }

  @Test func `the lab records what it commits, one file a run`() async throws {
    try await withFolder { folder in
      let ran = try await ProgramRunner.run(
        ["lab", "swapped-code", "mix-up", "--record", folder + "/lab.jsonl"])
      #expect(ran.status == 0, "\(ran.errors)")
      let first = try await ProgramRunner.run(["replay", "--json", folder + "/lab.jsonl"])
      let second = try await ProgramRunner.run(["replay", "--json", folder + "/lab-2.jsonl"])
      #expect(first.output.contains("\"failed\":[\"c-hash-match\"]"))
      #expect(second.output.contains("response-iss"))
      let all = try await ProgramRunner.run(["lab", "--all", "--record", folder + "/all.jsonl"])
      #expect(all.status == 2 && all.errors.contains("--record"))
    }
  }

  @Test func `two recordings are compared, for people and for scripts`() async throws {
    let names = ["honest-code-id_token", "swapped-code"]
    let text = try await ProgramRunner.run(["compare"] + names)
    #expect(text.status == 0 && text.output.contains("≠ c-hash-match  pass"))
    let ascii = try await ProgramRunner.run(["compare", "--ascii"] + names)
    #expect(ascii.output.utf8.allSatisfy { $0 < 0x80 })
    let json = try await ProgramRunner.run(["compare", "--json"] + names)
    let rows = try json.output.split(separator: "\n").map { try JSONParser.parse(String($0)) }
    let row = rows.first { $0["name"] == "c-hash-match" }
    #expect(row?["kind"] == "differs" && row?["first"] == "pass" && row?["second"] == "fail")
    for words in [[], ["mix-up"], ["mix-up", "none"], ["a", "b", "c"]] {
      #expect(try await ProgramRunner.run(["compare"] + words).status == 2)
    }
  }

  @Test func `wrong words get a message each`() async throws {
    try await withFolder { folder in
      try Data("mine".utf8).write(to: URL(filePath: folder + "/there"))
      let rows: [(arguments: [String], words: String)] = [
        (["replay"], "needs a recording"),
        (["replay", "swaped-code"], "Did you mean swapped-code?"),
        (["replay", folder], "is a folder"), (["replay", folder + "/none"], "No such file"),
        (["replay", folder + "/there"], "no recording of hybrid-flow"),
        (["replay", "mix-up", "--json", "--plain"], "leave one out"),
        (["run", "--record", folder + "/there"], "was not touched"),
        (["run", "--record", folder + "/no/way"], "cannot be written"),
        (["run", "--overwrite"], "give both"), (["run", "--record-secrets"], "--record FILE"),
        (["check", "--record", "x"], "no option of"),
        (["replay", "mix-up", "--issuer", "x"], "no option"),
      ]
      for row in rows {
        let result = try await ProgramRunner.run(row.arguments)
        #expect(result.status == 2 && result.errors.contains(row.words), "\(row): \(result.errors)")
      }
      #expect(try String(contentsOfFile: folder + "/there", encoding: .utf8) == "mine")
      let list = try await ProgramRunner.run(
        ["replay", "--list"], environment: ["XDG_STATE_HOME": folder])
      #expect(list.status == 0 && list.output.contains("honest-code-id_token"))
      #expect(list.output.contains("Your own, in \(folder)/hybrid-flow:"))
      let paths = try await ProgramRunner.run(["paths"], environment: ["XDG_STATE_HOME": folder])
      #expect(paths.output.contains("recordings \(folder)/hybrid-flow"))
    }
  }
}
