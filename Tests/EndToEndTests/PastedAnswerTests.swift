import Foundation
import Testing

extension EndToEnd {
  /// The explorer where the browser is on another machine: the answer comes by the clipboard.
  @Suite(
    .serialized,
    TerminalUnderTest.isNeeded,
    Person.isNeeded)
  struct PastedAnswerTests {
    /// A browser that only keeps the address it was sent to.
    private func addressKeeper(in folder: TemporaryFolder) throws -> String {
      let script = try folder.write(
        "#!/bin/sh\nprintf %s \"$1\" >\(folder.path)/address.part\n"
          + "mv \(folder.path)/address.part \(folder.path)/address\n", to: "keeper")
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
      return script
    }

    /// Signs in as the browser of another machine would, and returns the body of its form post.
    private func answer(to address: String, at tenant: RunningTenant) async throws -> String {
      let file = "\(tenant.folder.path)/answer"
      let person = try RunningProgram(
        try Person.browser(in: tenant.folder), [address], environment: ["LAB_ANSWER": file])
      _ = try await person.end()
      let data = FileManager.default.contents(atPath: file)
      return String(decoding: try #require(data, "\(person.output)"), as: UTF8.self)
    }

    private func text(_ path: String) -> String? {
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `over ssh the pasted form body goes on to the end`() async throws {
      let tenant = try await RunningTenant()
      let terminal = try await TerminalUnderTest(columns: 100, rows: 40)
      let explorer = ExplorerDriver(terminal)
      try await terminal.start(
        ["explore"] + tenant.connection(),
        environment: [
          "HYBRID_FLOW_CLIENT_SECRET": tenant.client.secret, "SSH_CONNECTION": "a 1 b 22",
          "BROWSER": try addressKeeper(in: tenant.folder),
        ])
      try await explorer.walk(to: 2)
      try await terminal.press("Right")
      let waiting = try await explorer.wait("the waiting screen") {
        $0.contains("The real browser has the flow now") && $0.contains("Opened with keeper")
      }
      let port = tenant.client.port
      #expect(waiting.contains("ssh -L \(port):127.0.0.1:\(port) HOST"))
      #expect(waiting.contains("This session came by SSH"))
      let address = try await waitFor("address") { text("\(tenant.folder.path)/address") }
      let body = try await answer(to: address, at: tenant)

      try await terminal.press("v")
      try await explorer.wait("the box") { $0.contains("Paste now") }
      try await terminal.paste("this is no answer\nof any kind")
      try await explorer.wait("the reason") { $0.contains("Nothing of an answer") }
      try await terminal.paste(body)
      let box = try await explorer.wait("the answer in the box") {
        $0.contains("Recognised: a form body")
      }
      #expect(!box.contains("callback-method") && !box.contains("state-match"))
      try await terminal.press("Enter")
      let arrived = try await explorer.waitForEnd(of: 5)
      #expect(arrived.contains("pasted by the person"))
      try await terminal.press("!")
      try await explorer.wait("the tokens behind stage 5") {
        ExplorerDriver.shows(5, $0) && $0.contains("✓  8 Tokens")
      }
      try await explorer.walk(from: 6, to: 10)
      for screen in explorer.seen {
        #expect(!screen.contains(tenant.client.secret))
        #expect(!RunReport.holdsToken(screen.withoutSpaces))
      }
      try await terminal.press("q")
      #expect(try await terminal.expectShell() == 0)
    }
  }
}
