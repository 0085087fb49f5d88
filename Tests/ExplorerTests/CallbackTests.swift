import Explorer
import HybridFlow
import OpenID
import Testing

/// The application's own port, asked by strangers and by a browser.
@Suite struct CallbackTests {
  /// A run whose browser is away, and the redirect URI that it is to come back to.
  private func away() throws -> (Harness, WebURL) {
    let harness = try Harness(["--browser", "--no-browser"])
    harness.session.onChange = { [session = harness.session] in
      if case .ready = session.machine.situation { session.post(.advanced) }
    }
    try harness.session.start(harness.connection.configuration)
    try harness.wait {
      if case .browserAway = harness.session.machine.situation {
        harness.session.isIdle
      } else {
        false
      }
    }
    return (harness, try #require(harness.session.redirectURI))
  }

  private func get(_ harness: Harness, _ text: String, host: String? = nil) throws -> HTTPResponse {
    let url = try WebURL(text)
    return try harness.send(
      HTTPRequest(method: "GET", url: url, headers: ["Host": host ?? url.authority]))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a foreign name is refused, this machine's names are not`() throws {
    let (harness, uri) = try away()
    #expect(try get(harness, uri.text, host: "evil.example").status == 421)
    #expect(try get(harness, uri.text, host: "evil.example:\(uri.port)").status == 421)
    #expect(try get(harness, uri.text, host: "localhost:1").status == 421)
    for host in ["127.0.0.1", "localhost"] {
      #expect(try get(harness, "http://\(host):\(uri.port)/favicon.ico").status == 404)
    }
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a GET does not consume the sign-in, an answer does, and only once`() throws {
    let (harness, uri) = try away()
    let looked = try get(harness, uri.text)
    #expect(looked.status == 200)
    #expect(looked.bodyText.contains("location.hash"))
    #expect(looked.headers["Content-Security-Policy"]?.contains("script-src 'nonce-") == true)
    guard case .browserAway = harness.session.machine.situation else {
      Issue.record("the GET ended the wait")
      return
    }
    let begin = try get(harness, "\(uri.origin)/login")
    #expect(begin.status == 302)
    let form = try signIn(harness, at: try #require(begin.headers["Location"]))
    let first = try post(harness, form)
    #expect(first.status == 303)
    #expect(first.headers["Location"] == "/done")
    let done = try get(harness, "\(uri.origin)/done")
    #expect(done.status == 200)
    #expect(done.bodyText.contains("The answer has arrived"))
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    let before = harness.session.machine.transcript.checks
    let second = try post(harness, form)
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
    let (harness, uri) = try away()
    for fields in [
      [FormField("code", "stolen"), FormField("state", "of-another-run")],
      [FormField("error", "access_denied")], [],
    ] {
      let answer = try post(harness, FormSubmission(action: uri, method: "POST", fields: fields))
      #expect(answer.status == 400)
      #expect(answer.bodyText.contains("belongs to another sign-in"))
      guard case .browserAway = harness.session.machine.situation else {
        Issue.record("the post ended the wait")
        return
      }
    }
    let refused = harness.session.machine.transcript[.callback]
    #expect(refused.checks.map(\.id) == [.stateMatch] && refused.messages.count == 3)
    // The person goes on in the other window, and is let in.
    let begin = try get(harness, "\(uri.origin)/login")
    let form = try signIn(harness, at: try #require(begin.headers["Location"]))
    #expect(try post(harness, form).status == 303)
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    harness.session.close()
  }

  /// A browser of its own walks through the tenant's pages up to the one with the answer.
  private func signIn(_ harness: Harness, at address: String) throws -> FormSubmission {
    var browser = BuiltInBrowser()
    var person = PersonAtKeyboard()
    var request = browser.navigate(to: try WebURL(address))
    for _ in 0..<30 {
      switch browser.receive(try harness.send(request)) {
      case .follow(let next): request = next
      case .fail(let failure): throw UsageFault(failure.message)
      case .rest(let page):
        if let form = page.page.automaticForm {
          return FormSubmission(
            action: try page.page.target(of: form), method: form.method,
            fields: form.submission(values: [], pressing: nil))
        }
        let form = person.fill(page)
        request = browser.submit(try #require(form))
      }
    }
    throw UsageFault("the sign-in does not end")
  }

  private func post(_ harness: Harness, _ form: FormSubmission) throws -> HTTPResponse {
    let body = Array(FormEncoding.encode(form.fields).utf8)
    return try harness.send(
      HTTPRequest(
        method: "POST", url: form.action,
        headers: [
          "Host": form.action.authority, "Content-Type": "application/x-www-form-urlencoded",
          "Origin": "null",
        ], body: body))
  }

  @Test(.timeLimit(.minutes(1)))
  func `starting over keeps the port and forgets the run`() throws {
    let (harness, uri) = try away()
    let state = harness.session.machine.transcript[.login].values.first { $0.name == "state" }
    try harness.session.start(harness.connection.configuration)
    try harness.wait {
      if case .browserAway = harness.session.machine.situation {
        harness.session.isIdle
      } else {
        false
      }
    }
    #expect(harness.session.redirectURI == uri)
    let again = harness.session.machine.transcript[.login].values.first { $0.name == "state" }
    #expect(again != nil && again != state)
    harness.session.close()
  }
}
