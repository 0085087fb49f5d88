import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Completion in the shells themselves: keys are pressed, and the shell shows what it made of them.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct ShellTests {
    /// What is typed before Tab, and what stands behind the prompt then.
    private static let lines: [(typed: String, completed: String)] = [
      ("hybrid-flow dec", "hybrid-flow decode "),
      ("hybrid-flow lab --li", "hybrid-flow lab --list "),
      ("hybrid-flow run --sign", "hybrid-flow run --sign-on-only "),
      ("hybrid-flow run --preset key", "hybrid-flow run --preset keycloak "),
      ("hybrid-flow run --preset=key", "hybrid-flow run --preset=keycloak"),
      ("hybrid-flow explore --theme gruv", "hybrid-flow explore --theme gruvbox-dark "),
      ("hybrid-flow lab swapped-ac", "hybrid-flow lab swapped-access-token "),
      ("hybrid-flow replay login-c", "hybrid-flow replay login-csrf "),
      ("hybrid-flow export --format asc", "hybrid-flow export --format asciicast "),
      ("hybrid-flow run --profile my-w", "hybrid-flow run --profile my-work "),
      ("hybrid-flow run --then userinfo,ref", "hybrid-flow run --then userinfo,refresh "),
      ("hybrid-flow run --ca some-auth", "hybrid-flow run --ca some-authority.pem "),
      ("hybrid-flow decode some-auth", "hybrid-flow decode some-authority.pem "),
      ("hybrid-flow theme ch", "hybrid-flow theme check "),
      ("hybrid-flow help okta-o", "hybrid-flow help okta-org "),
      ("hybrid-flow completion z", "hybrid-flow completion zsh "),
      // A space in a value: typed with a backslash, it comes out with one.
      ("hybrid-flow run --response-type code\\ t", "hybrid-flow run --response-type code\\ token "),
    ]

    private static let shells: [(name: String, start: String)] = [
      ("bash", "exec bash --norc --noprofile -i"),
      ("zsh", "exec zsh -f -i"),
      ("fish", "exec fish --no-config"),
    ]

    private static let setup = [
      "bash": "PS1='[go]'; source <(hybrid-flow completion bash)",
      "zsh":
        "PS1='[go]'; autoload -Uz compinit; compinit -D -u; source <(hybrid-flow completion zsh)",
      "fish":
        "function fish_prompt; echo -n '[''go]'; end; set fish_autosuggestion_enabled 0; "
        + "hybrid-flow completion fish | source",
    ]

    @Test(.timeLimit(.minutes(3)), .needs("bash", { Place.tool("bash") != nil }))
    func `bash completes commands, options, values and files`() async throws {
      try await complete(in: "bash")
    }

    @Test(.timeLimit(.minutes(3)), .needs("zsh", { Place.tool("zsh") != nil }))
    func `zsh completes commands, options, values and files`() async throws {
      try await complete(in: "zsh")
    }

    @Test(.timeLimit(.minutes(3)), .needs("fish", { Place.tool("fish") != nil }))
    func `fish completes commands, options, values and files`() async throws {
      try await complete(in: "fish")
    }

    @Test(.timeLimit(.minutes(1)), .needs("zsh", { Place.tool("zsh") != nil }))
    func `zsh completes at the first Tab from the file of the package`() async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 24)
      let folder = terminal.folder.path
      let bin = URL(filePath: Place.program).deletingLastPathComponent().path
      try await terminal.shell("export HOME='\(folder)' PATH='\(bin)':$PATH; cd '\(folder)'")
      try await terminal.shell("hybrid-flow completion zsh >_hybrid-flow; clear; exec zsh -f -i")
      try await terminal.shell(
        "PS1='[go]'; fpath=(\(folder) $fpath); autoload -Uz compinit; compinit -D -u; clear")
      try await terminal.wait("the prompt") { Self.lines(of: $0) == ["[go]"] }
      try await terminal.typeAtOnce("hybrid-flow lab --li")
      try await terminal.press("Tab")
      try await terminal.wait("the option") { Self.lines(of: $0) == ["[go]hybrid-flow lab --list"] }
    }

    private static func lines(of screen: String) -> [String] {
      screen.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func complete(in name: String) async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 24)
      let folder = terminal.folder.path
      _ = try terminal.folder.write("", to: "some-authority.pem")
      let settings = "\(folder)/hybrid-flow"
      try FileManager.default.createDirectory(
        atPath: settings, withIntermediateDirectories: false)
      _ = try terminal.folder.write(
        #"{"profiles": {"my-work": {"issuer": "https://t.example/", "client_id": "x"}}}"#,
        to: "hybrid-flow/settings.json")
      chmod("\(settings)/settings.json", 0o600)
      let bin = URL(filePath: Place.program).deletingLastPathComponent().path
      try await terminal.shell(
        "export XDG_CONFIG_HOME='\(folder)' HOME='\(folder)' PATH='\(bin)':$PATH; cd '\(folder)'")
      let start = try #require(Self.shells.first { $0.name == name }?.start)
      try await terminal.shell("clear; \(start)")
      try await terminal.shell(try #require(Self.setup[name]) + "; clear")
      try await terminal.wait("the prompt of \(name)") { Self.lines(of: $0) == ["[go]"] }
      for line in Self.lines {
        try await terminal.typeAtOnce(line.typed)
        try await terminal.press("Tab")
        let wanted = "[go]" + line.completed.trimmingCharacters(in: .whitespaces)
        try await terminal.wait("\(line.completed)") { Self.lines(of: $0).contains(wanted) }
        try await terminal.press("C-u")
        try await terminal.wait("an empty line") { Self.lines(of: $0).contains("[go]") }
      }
    }
  }
}
