import Foundation
import Testing

extension EndToEnd {
  /// The explorer on a real terminal, by keyboard.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct ExplorerTests {
    static let sizes: [(columns: Int, rows: Int)] = [(80, 24), (120, 36), (200, 50)]

    @Test(.timeLimit(.minutes(2)), arguments: sizes)
    func `all ten stages, and everything that travels between them`(
      size: (columns: Int, rows: Int)
    ) async throws {
      let terminal = try await TerminalUnderTest(columns: size.columns, rows: size.rows)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 2)
      try await explorer.turn("]", to: "The authorize URL, whole")

      let request = try await explorer.document()
      let url = try #require(
        request.withoutSpaces.firstMatch(
          of:
            /http:\/\/127.0.0.1:\d+\/authorize\?response_type=code%20id_token&.*?code_challenge_method=S256/
        ))
      for parameter in ["&response_mode=form_post&", "&state=", "&nonce=", "&redirect_uri=http%3A"]
      {
        #expect(url.0.contains(parameter))
      }
      #expect(request.contains(/\n.?.?.?response_mode +form_post/), "\(request)")

      try await explorer.walk(from: 3, to: 5)
      let callback = try await explorer.document()
      #expect(callback.contains("POST /callback HTTP/1.1"))
      #expect(callback.contains("application/x-www-form-urlencoded"))
      #expect(callback.contains(/\n.?.?.?code +\S+…/), "the fields")
      #expect(callback.withoutSpaces.contains(/code=[^&]*…[^&]*&id_token=[^&]*…/), "the raw body")
      try await terminal.press("]")
      try await explorer.wait("the first ID token's claims") { $0.contains("RS256") }
      let claims = try await explorer.document().replacing("▸", with: " ")
      for claim in ["iss", "sub", "aud", "nonce", "c_hash"] {
        #expect(claims.contains(" \(claim) "), "\(claim)\n\(claims)")
      }
      #expect(claims.contains(/exp.*20\d\d-\d\d-\d\d/), "times as dates\n\(claims)")
      try await terminal.press("[")

      try await explorer.run(6)
      let exchange = try await explorer.document()
      #expect(exchange.contains("POST /oauth/token HTTP/1.1"))
      #expect(exchange.contains(/Authorization +Basic •+/))
      #expect(exchange.contains(/grant_type +authorization_code/))
      try await explorer.run(7)
      #expect(try await explorer.document().contains("The code has not been used"))
      try await explorer.run(8)
      let tokens = try await explorer.document()
      #expect(tokens.contains("HTTP/1.1 200 OK"))
      #expect(tokens.contains(/"access_token": "eyJ\S*…/))
      #expect(tokens.contains(/"id_token": "eyJ\S*…/))
      try await explorer.run(9)
      #expect(try await explorer.document().contains(/Authorization +Bearer eyJ\S*…/))
      try await explorer.run(10)
      #expect(try await explorer.document().contains("Tea with Charles"))

      for screen in explorer.seen { #expect(!RunReport.holdsToken(screen.withoutSpaces)) }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `to look back changes nothing, and every stage and view is a key away`() async throws {
      let terminal = try await TerminalUnderTest(columns: 120, rows: 36)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 6)
      try await terminal.press("2")
      try await explorer.wait("stage 2") {
        ExplorerDriver.shows(2, $0) && $0.contains("a question in a URL")
      }
      try await explorer.turn("]", to: "The authorize URL, whole")
      try await terminal.press("Left")
      try await explorer.wait("stage 1") { ExplorerDriver.shows(1, $0) }
      try await terminal.press("5")
      try await explorer.wait("stage 5") { ExplorerDriver.shows(5, $0) }
      for word in ["ID token, the first", "state-match", "5 · The"] {
        try await explorer.turn("]", to: word)
      }
      try await explorer.turn("[", to: "POST /callback HTTP/1.1")
      try await terminal.press("?")
      try await explorer.wait("the help") { $0.contains("Look one stage back") }
      try await terminal.press("Escape")
      try await explorer.wait("no help") { !$0.contains("Look one stage back") }
      try await terminal.press("6")
      try await explorer.waitForEnd(of: 6)
      try await terminal.press("Right")
      try await explorer.waitForEnd(of: 7)
      // From the start, with other values.
      try await terminal.press("r")
      try await explorer.waitForEnd(of: 1)
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `secrets are shown only on request`() async throws {
      let terminal = try await TerminalUnderTest(columns: 200, rows: 50)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 6)
      try await explorer.turn("]", to: "POST /oauth/token HTTP/1.1")
      func holdsSecret(_ screen: String) -> Bool {
        screen.contains(/Authorization +Basic [A-Za-z0-9+\/]{20}/)
      }
      #expect(!holdsSecret(try await terminal.screen()))
      try await terminal.press("s")
      try await explorer.wait("the client secret") { holdsSecret($0) }
      try await terminal.press("s")
      try await explorer.wait("no client secret") { !holdsSecret($0) }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `the size changes in the middle`() async throws {
      let terminal = try await TerminalUnderTest(columns: 80, rows: 24)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start()
      try await explorer.walk(to: 3)
      try await terminal.resize(columns: 200, rows: 50)
      try await explorer.wait("the wide layout") {
        $0.contains("  3 of 10 ") && $0.split(separator: "\n").count >= 48
      }
      try await terminal.resize(columns: 40, rows: 10)
      try await explorer.wait("a notice") { $0.contains(/60\D+16/) }
      try await terminal.resize(columns: 120, rows: 36)
      try await explorer.wait("the middle layout") { $0.contains("  3 of 10 ") }
      try await explorer.walk(from: 4, to: 5)
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `two explorers side by side`() async throws {
      let terminals = [try await TerminalUnderTest(), try await TerminalUnderTest()]
      let explorers = terminals.map { ExplorerDriver($0) }
      for terminal in terminals { try await terminal.start() }
      for stage in 1...10 {
        for explorer in explorers { try await explorer.run(stage) }
      }
      for terminal in terminals {
        try await terminal.press("q")
        #expect(try await terminal.expectShell() == 0)
      }
    }
  }
}
