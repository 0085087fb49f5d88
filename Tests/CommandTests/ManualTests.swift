import Foundation
import TestSupport
import Testing

@testable import Commands
@testable import HybridFlow
@testable import Platform
@testable import Presentation
@testable import Settings

/// Manual page, completion and README, held against the tables of the parser.
@Suite struct ManualTests {
  // MARK: Completion

  @Test func `every option with a value says what it can be, and no other does`() {
    for option in Setting.options {
      #expect((option.values != nil) == (option.argument != nil), "\(option.name)")
    }
  }

  @Test func `every command that takes words says what they can be`() {
    for command in Subcommand.allCases {
      #expect(
        (command.operandKind(at: 0, after: []) != nil) == !command.operands.isEmpty,
        "\(command.rawValue)")
    }
  }

  private func words(_ line: [String]) -> [String] {
    Completion(of: line, environment: [:]).candidates.map(\.word)
  }

  @Test(
    arguments: [
      (["ru"], ["run"]), (["run", "--js"], ["--json"]), (["--js"], []),
      (["--pres"], ["--preset", "--present"]),
      (["explore", "--color", ""], ["auto", "always", "never", "16", "256"]),
      (["explore", "--color=n"], ["--color=never"]), (["run", "--json", "--js"], []),
      (["run", "--param", "a=b", "--para"], ["--param"]), (["run", "--wait", ""], []),
      (["run", "--then", "refresh,u"], ["refresh,userinfo"]),
      (["run", "--", "--js"], []), (["nonsense", "--js"], []), (["theme", ""], ["list", "check"]),
      (["theme", "list", ""], []), (["theme", "check", "nor"], ["nord"]),
      (["completion", ""], ["bash", "zsh", "fish"]), (["completion", "bash", ""], []),
      (["lab", "swapped-code-unsigned", "swapped-code-u"], []),
      (["export", "--without-check", "c-hash-m"], ["c-hash-match"]),
      (["help", "oktaa"], []), (["help", "okta"], ["okta", "okta-org"]),
      ([], Subcommand.listed.map(\.rawValue)), (["replay", "--mak"], []), (["scr"], []),
    ] as [([String], [String])])
  func `what fits is offered, and nothing else`(line: [String], offered: [String]) {
    #expect(words(line).sorted() == offered.sorted())
  }

  @Test func `files are left to the shell, where one can stand`() {
    for (line, files) in [
      (["run", "--ca", ""], true), (["run", "--ca="], true), (["decode", ""], true),
      (["replay", ""], true), (["run", ""], false), (["run", "--issuer", ""], false),
    ] {
      #expect((Completion(of: line, environment: [:]).files == .files) == files, "\(line)")
    }
  }

  @Test func `every word that is offered for an option is one that the parser takes`() throws {
    for option in Setting.options {
      guard case .words(let words) = option.values, let command = option.commands.first else {
        continue
      }
      for word in words {
        let invocation = try Invocation.parse([command.rawValue, option.name, word])
        #expect(invocation[option] == word)
        // What takes one of a few words names it in its help, so that the two cannot part.
        if option.name != "--scope", option.name != "--size", option.name != "--bind",
          !option.name.hasSuffix("-alg")
        {
          #expect(option.help.contains(word), "\(option.name) \(word)")
        }
      }
    }
  }

  @Test func `a name that is no line of text is not offered`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = folder.appending(path: "hybrid-flow")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    for name in ["mine", "bad\u{1B}[31m", "two\nlines"] {
      try Data().write(to: store.appending(path: "\(name).jsonl"))
    }
    let offered = Completion(
      of: ["replay", ""], environment: ["XDG_STATE_HOME": folder.path])
    #expect(offered.candidates.contains { $0.word == "mine.jsonl" })
    #expect(!offered.text.contains("\u{1B}") && !offered.text.contains("bad"))
    #expect(offered.text.split(separator: "\n").count == offered.candidates.count + 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `the scripts are printed, and another shell is named`() async throws {
    for shell in Shell.allCases {
      let result = try await ProgramRunner.run(["completion", shell.rawValue])
      #expect(result.status == 0 && result.output == shell.script)
      #expect(result.output.contains(Completion.command))
    }
    for (line, part) in [(["completion"], "bash, zsh, fish"), (["completion", "csh"], "csh")] {
      let result = try await ProgramRunner.run(line)
      #expect(result.status == 2 && result.errors.contains(part))
    }
  }

  // MARK: Help and mistakes

  @Test(.timeLimit(.minutes(1)), arguments: Subcommand.allCases)
  func `every command answers to --help, --version and a slip of the finger`(
    command: Subcommand
  ) async throws {
    let name = command.rawValue
    let help = try await ProgramRunner.run(["help", name])
    #expect(help.status == 0)
    let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.prefix(5).contains("Examples"))
    let other = try await ProgramRunner.run([name, "--help"])
    #expect(other.output == help.output, "\(name) --help")
    let version = try await ProgramRunner.run([name, "--version"])
    #expect(version.status == 0 && version.output == "hybrid-flow \(ProgramVersion.text)\n")
    let slip = try await ProgramRunner.run([name, "--versoin"])
    #expect(slip.status == 2 && slip.errors.contains("--version"), "\(slip.errors)")
    #expect(Spelling.nearest(to: name + "x", among: Subcommand.allCases.map(\.rawValue)) == name)
    let word = try await ProgramRunner.run([String(name.dropLast()) + "xq"])
    #expect(word.status == 2 && word.errors.contains("The commands are"), "\(word.errors)")
  }

  @Test func `the help is one screen, its commands under the groups that every list has`() throws {
    let lines = HelpText.program.split(separator: "\n").map(String.init)
    // One row of 24 is the prompt's.
    #expect(lines.count <= 23 && lines.allSatisfy { $0.count <= 80 })
    for (text, bold) in [(HelpText.markdown, "**"), (ManPage.text, ".SS ")] {
      let named = text.split(separator: "\n").filter { $0.contains(bold) }
      let groups = Purpose.allCases.map { purpose in
        named.firstIndex { $0.contains(purpose.title) }
      }
      #expect(!groups.contains(nil) && groups == groups.sorted { ($0 ?? 0) < ($1 ?? 0) }, "\(text)")
    }
    var words: [String] = []
    for (purpose, commands) in HelpText.groups {
      #expect(!commands.isEmpty)
      let start = try #require(lines.firstIndex { $0.hasPrefix(purpose.title) })
      let group =
        [lines[start].dropFirst(purpose.title.count)]
        + lines[(start + 1)...].prefix { $0.hasPrefix(" ") }.map { $0.dropFirst(0) }
      for (command, line) in zip(commands, group.dropFirst()) where group.count > 1 {
        #expect(line.hasPrefix("  \(command.rawValue) "), "\(line)")
      }
      #expect(commands.allSatisfy { group.joined().contains($0.rawValue) }, "\(group)")
      words += commands.map(\.rawValue)
    }
    #expect(words == Subcommand.listed.map(\.rawValue))
  }

  // MARK: The manual page

  @Test func `the page names every command, option, exit code and variable`() {
    let page = ManPage.text
    for command in Subcommand.listed { #expect(page.contains("\\fB\(command.rawValue)\\fR")) }
    for option in Setting.listed {
      #expect(page.contains("\\fB\(ManPage.escaped(option.name))\\fR"), "\(option.name)")
    }
    for meaning in ExitMeaning.all { #expect(page.contains(".B \(meaning.code)\n")) }
    #expect(page.contains("HYBRID_FLOW_CLIENT_SECRET"))
    #expect(page.utf8.allSatisfy { $0 < 0x80 })
  }

  private static func tool(_ name: String) -> URL? {
    ["/usr/bin/", "/bin/"].map { URL(filePath: $0 + name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  @Test(.timeLimit(.minutes(1)), .needs("groff", { tool("groff") != nil }))
  func `groff warns of nothing in it`() async throws {
    try await read(with: "groff", ["-man", "-ww", "-z", "-Tutf8"])
  }

  @Test(.timeLimit(.minutes(1)), .needs("mandoc", { tool("mandoc") != nil }))
  func `mandoc warns of nothing in it`() async throws {
    try await read(with: "mandoc", ["-T", "lint", "-W", "warning"])
  }

  private func read(with name: String, _ arguments: [String]) async throws {
    let tool = try #require(Self.tool(name))
    try await ProgramRunner.withFile(ManPage.text) { page in
      let result = try await RunningProgram(tool, arguments + [page], [:]).finish()
      #expect(result.status == 0)
      #expect(result.output + result.errors == "")
    }
  }

  // MARK: README

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func `the table of commands in README is the program's`() throws {
    let file = Self.root.appending(path: "README.md")
    let readme = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(readme.range(of: "<!-- commands -->\n"))
    let end = try #require(readme.range(of: "<!-- /commands -->"))
    let (range, table) = (start.upperBound..<end.lowerBound, HelpText.markdown)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1", readme[range] != table {
      try Data(readme.replacingCharacters(in: range, with: table).utf8).write(to: file)
      Issue.record("README.md has the table now; look at it, then run without RECORD_GOLDENS")
      return
    }
    #expect(readme[range] == table, "RECORD_GOLDENS=1 writes the table of commands into README.md")
  }

  @Test func `every command of README is understood`() throws {
    let file = Self.root.appending(path: "README.md")
    let readme = try String(contentsOf: file, encoding: .utf8)
    var count = 0
    for block in readme.components(separatedBy: "```sh\n").dropFirst() {
      for line in block.prefix(while: { $0 != "`" }).split(separator: "\n")
      where line.hasPrefix("hybrid-flow ") {
        // The words before a comment or a pipe, without their quotes.
        let command = line.prefix { $0 != "#" && $0 != "|" && $0 != ">" }
        var words: [String] = []
        for (index, part) in command.components(separatedBy: "'").enumerated() {
          words += index % 2 == 1 ? [part] : part.split(separator: " ").map(String.init)
        }
        #expect(throws: Never.self, "\(line)") { try Invocation.parse(Array(words.dropFirst())) }
        count += 1
      }
    }
    #expect(count > 10)
  }
}
