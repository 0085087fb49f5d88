import HybridFlow
import OpenID
import Testing
@testable import Session
@testable import Settings

/// The application's own port, asked by strangers and by a browser.
@Suite struct CallbackTests {
  @Test(.timeLimit(.minutes(1)))
  func `a foreign name is refused, this machine's names are not`() throws {
    let (harness, uri) = try Harness.away()
    #expect(try harness.get(uri.text, host: "evil.example").status == 421)
    #expect(try harness.get(uri.text, host: "evil.example:\(uri.port)").status == 421)
    #expect(try harness.get(uri.text, host: "localhost:1").status == 421)
    for host in ["127.0.0.1", "localhost"] {
      #expect(try harness.get("http://\(host):\(uri.port)/favicon.ico").status == 404)
    }
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a GET does not consume the sign-in, an answer does, and only once`() throws {
    let (harness, uri) = try Harness.away()
    let looked = try harness.get(uri.text)
    #expect(looked.status == 200)
    #expect(looked.bodyText.contains("location.hash"))
    #expect(looked.headers["Content-Security-Policy"]?.contains("script-src 'sha256-") == true)
    guard case .browserAway = harness.session.machine.situation else {
      Issue.record("the GET ended the wait")
      return
    }
    let form = try harness.signIn(at: try #require(harness.authorizationURL))
    let first = try harness.post(form)
    #expect(first.status == 303)
    #expect(first.headers["Location"] == "/done")
    let done = try harness.get("\(uri.origin)/done")
    #expect(done.status == 200)
    #expect(done.bodyText.contains("The answer has arrived"))
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    let before = harness.session.machine.transcript.checks
    let second = try harness.post(form)
    #expect(second.status == 200)
    #expect(second.bodyText.contains("already"))
    let after = harness.session.machine.transcript.checks
    #expect(after.filter { $0.verdict != .warn } == before)
    #expect(after.filter { $0.verdict == .warn }.map(\.id) == [.callbackSingleUse])
    #expect(harness.session.machine.situation == .finished)
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a stranger's post ends nobody's sign-in`() throws {
    let (harness, uri) = try Harness.away()
    for fields in [
      [FormField("code", "stolen"), FormField("state", "of-another-run")],
      [FormField("error", "access_denied")], [],
    ] {
      let answer = try harness.post(FormSubmission(action: uri, method: "POST", fields: fields))
      #expect(answer.status == 400)
      #expect(answer.bodyText.contains("belongs to another"))
      guard case .browserAway = harness.session.machine.situation else {
        Issue.record("the post ended the wait")
        return
      }
    }
    let refused = harness.session.machine.transcript[.callback]
    #expect(refused.checks.map(\.id) == [.stateMatch] && refused.messages.count == 3)
    // The person goes on in the other window, and is let in.
    let form = try harness.signIn(at: try #require(harness.authorizationURL))
    let answer = try harness.post(form)
    #expect(answer.status == 303)
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    // What is written down as our answer is what the browser got.
    let told = harness.session.machine.transcript[.callback].messages.last?.response
    #expect(told?.status == answer.status)
    #expect(told?.headers["Location"] == answer.headers["Location"])
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `starting over keeps the port and forgets the run`() throws {
    let (harness, uri) = try Harness.away()
    let state = harness.session.machine.transcript[.login].values.first { $0.name == "state" }
    try harness.session.start(harness.connection.configuration)
    try harness.wait { harness.isAway }
    #expect(harness.session.redirectURI == uri)
    let again = harness.session.machine.transcript[.login].values.first { $0.name == "state" }
    #expect(again != nil && again != state)
    harness.session.close()
  }
}
