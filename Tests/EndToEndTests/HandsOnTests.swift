import Foundation
import Testing

extension EndToEnd {
  /// The explorer as people use it: by mouse only, searching, typing commands, copying, presenting.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct HandsOnTests {
    @Test(.timeLimit(.minutes(2)), arguments: [(80, 24), (120, 36)])
    func `the mouse alone reaches stage 10`(columns: Int, rows: Int) async throws {
      let terminal = try await TerminalUnderTest(columns: columns, rows: rows)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.waitForEnd(of: 1)
      for stage in 2...10 {
        try await terminal.click(on: "→ next")
        if stage == 4 {
          try await explorer.wait("the sign-in form") { $0.contains("[ Sign in ]") }
          try await terminal.click(on: "[ Sign in ]")
          try await explorer.wait("the consent page") { $0.contains("[ Allow ]") }
          try await terminal.click(on: "[ Allow ]")
        }
        try await explorer.waitForEnd(of: stage)
      }
      // The right button means nothing, and must not hold anything up.
      try await terminal.click(on: " Decoded ", button: 2)
      // A tab, a stage, an arrow and the wheel.
      try await terminal.click(on: " Decoded ")
      try await explorer.wait("the API's answer") { $0.contains("What /api/appointments told") }
      try await terminal.click(on: columns < 100 ? "✓5" : " 5 Form post back")
      try await explorer.wait("stage 5") { ExplorerDriver.shows(5, $0) }
      try await terminal.click(on: "POST /callback")
      try await explorer.wait("the message of the arrow") { $0.contains("POST /callback HTTP/1.1") }
      let before = try await terminal.screen()
      try await terminal.wheelDown(on: "Content-Type")
      try await explorer.wait("lines further down") { $0 != before }
      try await terminal.click(on: "q quit")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `search, command line and what was mistyped`() async throws
    {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 2)
      try await terminal.type("/state")
      try await explorer.wait("the matches") { $0.contains(/“state” +1 of \d/) }
      try await terminal.press("Enter")
      try await terminal.type("n")
      try await explorer.wait("the next match") { $0.contains(/“state” +2 of \d/) }
      try await terminal.press("Escape")
      try await explorer.wait("no search") { ExplorerDriver.canGoOn($0) && !$0.contains("“state”") }
      try await terminal.type("/no-such-word")
      try await explorer.wait("nothing found") {
        $0.contains("“no-such-word” does not stand in any view here")
      }
      try await terminal.press("Escape")
      try await explorer.wait("no search") { ExplorerDriver.canGoOn($0) }
      try await terminal.type(":stag")
      try await explorer.wait("what it completes to") { $0.contains("Look at a stage") }
      try await terminal.press("Tab")
      try await terminal.type("1")
      try await terminal.press("Enter")
      try await explorer.wait("stage 1") { ExplorerDriver.shows(1, $0) }
      try await terminal.type(":vew checks")
      try await terminal.press("Enter")
      try await explorer.wait("the view that was meant") { $0.contains("discovery-issuer-match") }
      try await terminal.type(":xqzzy")
      try await terminal.press("Enter")
      try await explorer.wait("that there is no such thing") {
        $0.contains("There is no action “xqzzy”")
      }
      try await terminal.press("Escape")
      try await explorer.wait("the panes") { ExplorerDriver.canGoOn($0) }
      try await terminal.type("q")
      #expect(try await terminal.expectShell() == 0)
    }

    /// The programs of a desktop, in the order in which they are tried.
    static let desktops: [(tool: String, environment: [String: String])] = [
      ("wl-copy", ["WAYLAND_DISPLAY": "wayland-0"]), ("xclip", ["DISPLAY": ":99"]),
      ("xsel", ["DISPLAY": ":99"]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: desktops)
    func `what is copied reaches the program of the desktop`(
      tool: String, environment: [String: String]
    ) async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      let taken = "\(terminal.folder.path)/taken"
      let script = try terminal.folder.write(
        "#!/bin/sh\n/bin/cat >\(taken).part && /bin/mv \(taken).part \(taken)\n", to: tool)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
      // Only this program is there.
      var environment = environment
      environment["PATH"] = terminal.folder.path
      environment["TMUX"] = ""
      try await terminal.start(environment: environment)
      try await explorer.walk(to: 2)
      try await terminal.type("y")
      try await explorer.wait("the list") { $0.contains("Authorize URL") }
      try await terminal.type("2")
      try await explorer.wait("where it went") { $0.contains(/Copied \d+ bytes by/) }
      let text = try await waitFor("what \(tool) was given") {
        FileManager.default.contents(atPath: taken).map { String(decoding: $0, as: UTF8.self) }
      }
      #expect(text.hasPrefix("http://127.0.0.1:") && text.hasSuffix("code_challenge_method=S256"))
      try await terminal.type("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `who presents has a few keys only`() async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(["--present"])
      try await explorer.wait("the first question") { $0.contains("Stage 1 of 10") }
      try await terminal.press("Right")
      let shown = try await explorer.waitForEnd(of: 1)
      // Paging turns pages and never goes on; the stage is shown from its last page on.
      try await terminal.press("PageUp")
      let above = try await explorer.wait("the page before") {
        ExplorerDriver.shows(1, $0) && $0 != shown
      }
      try await terminal.press("PageDown")
      try await explorer.wait("the page after") { ExplorerDriver.shows(1, $0) && $0 != above }
      for stage in 2...10 {
        try await terminal.press("Right")
        try await explorer.wait("the question") { $0.contains("Stage \(stage) of 10") }
        try await terminal.press("Right")
        if stage == 4 {
          try await explorer.wait("the sign-in form") { $0.contains("[ Sign in ]") }
          try await terminal.press("Right")
          try await explorer.wait("the consent page") { $0.contains("[ Allow ]") }
          try await terminal.press("Right")
        }
        try await explorer.waitForEnd(of: stage)
      }
      try await terminal.press(".")
      try await explorer.wait("nothing") { $0.allSatisfy(\.isWhitespace) }
      try await terminal.press("PageDown")
      try await explorer.wait("stage 10 again") { ExplorerDriver.shows(10, $0) }
      // Secrets stay masked, whatever is pressed.
      try await terminal.press("s")
      for screen in explorer.seen { #expect(!RunReport.holdsToken(screen.withoutSpaces)) }
      try await terminal.type("i")
      try await explorer.wait("the notes") { $0.contains("What it prevents") }
      try await terminal.press("Escape")
      try await explorer.wait("no notes") { !$0.contains("What it prevents") }
      try await terminal.type("q")
      #expect(try await terminal.expectShell() == 0)
    }
  }
}
