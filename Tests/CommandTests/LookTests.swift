import Foundation
import Testing

/// Themes and `--plain`, as a stranger meets them.
@Suite struct LookTests {
  private static func withThemes<T>(
    _ files: [String: String], _ body: ([String: String]) async throws -> T
  ) async throws -> T {
    let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let themes = home.appending(path: "hybrid-flow/themes")
    try FileManager.default.createDirectory(at: themes, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    for (name, text) in files { try Data(text.utf8).write(to: themes.appending(path: name)) }
    return try await body(["XDG_CONFIG_HOME": home.path])
  }

  private static func theme(_ id: String, title: String) -> String {
    """
    {"schema": 1, "id": "\(id)", "name": "\(id) \\u001b[31m", "author": "a person",
     "appearance": "dark", "inherits": "nord", "palette": {}, "roles": {"title": "\(title)"}}
    """
  }

  @Test func `the list names the person's own themes, broken ones too, and stays harmless`()
    async throws
  {
    let files = ["mine.json": Self.theme("mine", title: "#FFFFFF"), "bad.json": "{"]
    try await Self.withThemes(files) { environment in
      let result = try await ProgramRunner.run(["theme", "list"], environment: environment)
      #expect(result.status == 0)
      for id in ["calm-dark", "projector-light", "terminal", "mono"] {
        #expect(result.output.contains("\n\(id) ") || result.output.hasPrefix("\(id) "))
      }
      #expect(result.output.contains("mine ") && result.output.contains("mine.json"))
      #expect(result.output.contains("broken") && result.output.contains("not valid JSON"))
      #expect(!result.output.contains("\u{1B}"))
      let paths = try await ProgramRunner.run(["paths"], environment: environment)
      #expect(paths.output.contains("\(environment["XDG_CONFIG_HOME"] ?? "-")/hybrid-flow/themes"))
    }
  }

  @Test(arguments: [("nord", "#ECEFF4", Int32(0)), ("dim", "#444444", 2)])
  func `check measures a theme, and fails where it cannot be read`(
    id: String, title: String, status: Int32
  ) async throws {
    try await ProgramRunner.withFile(Self.theme("checked-\(id)", title: title)) { path in
      let file = path + ".json"
      try FileManager.default.copyItem(atPath: path, toPath: file)
      defer { try? FileManager.default.removeItem(atPath: file) }
      let result = try await ProgramRunner.run(["theme", "check", file])
      #expect(result.status == status, "\(result.output)\(result.errors)")
      #expect(result.output.contains("true colour: text at least"))
      #expect(result.output.contains("256 colours: text at least"))
      #expect(result.output.contains("deuteranopia: pass–fail"))
      #expect(result.output.contains("fails: title on background") == (status != 0))
    }
  }

  @Test(arguments: [
    (["explore", "--theme", "nrod"], "did you mean ‘nord’?"),
    (["explore", "--theme", "./none.json"], "No such file"),
    (["explore", "--projector", "--theme", "nord"], "leave --theme or --projector out"),
    (["theme", "check", "nrod"], "did you mean ‘nord’?"),
    (["theme", "check"], "theme check FILE"), (["theme"], "theme list"),
    (["run", "--json", "--plain"], "leave one out"),
    (["run", "--json", "--full"], "leave one out"),
    (["run", "--color", "sometimes"], "it is one of auto, always, never, 16, 256"),
    (["explore"], "hybrid-flow run"), (["run", "--theme", "nord"], "no option of \"run\""),
  ])
  func `what cannot be done is refused with the way out`(
    arguments: [String], words: String
  ) async throws {
    let result = try await ProgramRunner.run(arguments, environment: ["TERM": "xterm"])
    #expect(result.status == 2 && !result.wasSignalled)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ["run"], ["lab", "--list"], ["lab", "swapped-code"], ["lab", "--list", "alg"],
      ["explain", "AADSTS50011: the redirect URI"],
      ["decode", "--ascii"], ["check"],
    ])
  func `colours are written only where they are asked for, and say nothing of their own`(
    arguments: [String]
  ) async throws {
    let input = arguments[0] == "decode" ? "error=access_denied&state=x" : nil
    func text(_ more: [String], _ environment: [String: String] = [:]) async throws -> String {
      let result = try await ProgramRunner.run(
        arguments + more, environment: environment, piping: input)
      #expect(result.errors.isEmpty, "\(result.errors)")
      return result.output
    }
    let pipe = try await text([], ["TERM": "xterm-256color"])
    #expect(!pipe.contains("\u{1B}"))
    #expect(try await !text([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]).contains("\u{1B}"))
    #expect(try await !text(["--color", "never"], ["CLICOLOR_FORCE": "1"]).contains("\u{1B}"))
    for colored in [
      try await text(["--color", "always"], ["NO_COLOR": "1"]),
      try await text([], ["CLICOLOR_FORCE": "1"]),
    ] {
      #expect(colored.contains("\u{1B}[") && !colored.contains("\r"))
      let words = colored.replacing(/\u{1B}\[[0-9;]*m/, with: "")
      // Ports and random values differ from run to run: the shape is the same.
      func shape(_ text: String) -> [Int] {
        // Where two random values differ is by chance.
        text.split(separator: "\n").filter { !$0.contains("\u{25B2}") }.map {
          $0.split(separator: " ").count
        }
      }
      #expect(shape(words) == shape(pipe))
    }
  }

  @Test func `the list of faults is filtered by any of their words`() async throws {
    let part = try await ProgramRunner.run(["lab", "--list", "swapped", "c-hash"])
    #expect(part.status == 0)
    #expect(part.output.contains("swapped-code ") && part.output.contains("1 fault."))
    #expect(!part.output.contains("What the protocol cannot protect"))
    let none = try await ProgramRunner.run(["lab", "--list", "no-such-thing"])
    #expect(none.status == 2 && none.errors.contains("no-such-thing"))
    let json = try await ProgramRunner.run(["lab", "--list", "--json", "nonce"])
    #expect(json.output.split(separator: "\n").allSatisfy { $0.contains("nonce") })
  }

  @Test(
    .timeLimit(.minutes(1)), arguments: [["run", "--plain"], ["explore", "--plain", "--ascii"]])
  func `--plain walks all ten stages by itself, as text alone`(arguments: [String]) async throws {
    let result = try await ProgramRunner.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    for number in 1...10 { #expect(result.output.contains("## Stage \(number) of 10: ")) }
    #expect(result.output.contains("## The flow passed"))
    for line in result.output.components(separatedBy: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(!result.output.contains("\u{1B}") && !result.output.contains("\r"))
    if arguments.contains("--ascii") { #expect(result.output.utf8.allSatisfy { $0 < 0x80 }) }
  }
}
