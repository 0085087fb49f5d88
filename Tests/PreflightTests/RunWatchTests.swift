import Foundation
import HybridFlow
import Network
import OpenID
import Testing

@testable import Preflight
@testable import Session
@testable import Settings

/// A run whose browser does not come back.
@Suite(.timeLimit(.minutes(1))) struct RunWatchTests {
  /// A session at a hand-made provider; no program is started without `browser`.
  private func session(
    _ made: HandMade, browser: String? = nil
  ) throws -> (FlowSession, FlowConfiguration) {
    var options = SessionOptions()
    options.opensBrowser = browser != nil
    options.environment = ["BROWSER": browser ?? "", "PATH": "/usr/bin:/bin"]
    let session = FlowSession(loop: made.loop, options: options)
    var configuration = try made.configuration()
    configuration.redirectURI = try WebURL("http://127.0.0.1:0/callback")
    configuration.clientAuthentication = ClientAuthenticationMethod.none
    return (session, configuration)
  }

  /// Runs until the condition holds.
  private func run(
    _ session: FlowSession, _ configuration: FlowConfiguration, patience: Int,
    until condition: @escaping (FlowMachine) -> Bool
  ) throws {
    let watch = RunWatch(session, patienceMilliseconds: patience)
    var driver = RunDriver()
    session.onChange = { [unowned session] in
      watch.look()
      for case .post(let event) in driver.moves(session.machine) { session.post(event) }
    }
    defer {
      session.onChange = nil
      session.close()
    }
    try session.start(configuration)
    let holds = session.loop.run(withinMilliseconds: 10_000) { condition(session.machine) }
    try #require(holds, "\(session.machine.situation)")
  }

  private func isOver(_ machine: FlowMachine) -> Bool {
    if case .failed = machine.situation { true } else { false }
  }

  private static let refusals: [(HTTPResponse, OAuthError)] = [
    (
      ProbeTests.page(400, "Invalid parameter: redirect_uri"),
      OAuthError(
        endpoint: .page, code: "", description: "Sign in / Invalid parameter: redirect_uri",
        status: 400)
    ),
    (
      HandMade.json(
        ["error": "invalid_request", "error_description": "RedirectURIError: none matches"],
        status: 400),
      OAuthError(
        endpoint: .page, code: "invalid_request", description: "RedirectURIError: none matches",
        status: 400)
    ),
    (HTTPResponse(status: 403), OAuthError(endpoint: .page, code: "", status: 403)),
  ]

  @Test(arguments: refusals.indices)
  func `a request that the provider refuses ends the wait, with its words`(_ index: Int) throws {
    let (response, expected) = Self.refusals[index]
    let made = try HandMade.good()
    made.answers["/authorize"] = response
    let (session, configuration) = try session(made)
    var sent: WebURL?
    try run(session, configuration, patience: 50) { machine in
      sent = session.lastBrowserURL ?? sent
      return isOver(machine)
    }
    guard case .failed(.authenticate, .provider(.refused(let error))) = session.machine.situation
    else {
      Issue.record("\(session.machine.situation)")
      return
    }
    #expect(error == expected)
    let asked = made.requests.filter { $0.path == "/authorize" }
    #expect(asked.count == 1 && asked.allSatisfy { $0.headers["Cookie"] == nil })
    let fields = try FormEncoding.decode(try #require(asked.first).query)
    let own = try #require(sent).queryFields()
    #expect(fields["prompt"] == "none" && fields["redirect_uri"] == own["redirect_uri"])
    for name in ["state", "nonce", "code_challenge"] {
      #expect(fields[name] != nil && fields[name] != own[name], "\(name) is the run\u{2019}s own")
    }
    #expect(session.machine.transcript[.callback].status == .skipped)
  }

  @Test func `a provider that knows the client lets the run wait on, with a note`() throws {
    let made = try HandMade.good()
    for answer in [ProbeTests.page(200, "Welcome"), HTTPResponse(status: 503)] {
      made.answers["/authorize"] = answer
      let (session, configuration) = try session(made)
      var told: String?
      try run(session, configuration, patience: 20) { machine in
        told = machine.transcript.stages.flatMap(\.notes).map(\.text)
          .first { $0.hasPrefix("Asked beside the browser") }
        return told != nil
      }
      guard case .browserAway = session.machine.situation else {
        Issue.record("\(session.machine.situation)")
        continue
      }
    }
  }

  @Test func `a browser that fails is reason to ask at once, and what it printed is kept`() throws {
    let made = try HandMade.good()
    made.answers["/authorize"] = HTTPResponse(status: 403)
    let script = FileManager.default.temporaryDirectory.appending(path: "browser-\(UUID())").path
    try "#!/bin/sh\necho no display >&2\nexit 1\n".write(
      toFile: script, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: script) }
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
    let (session, configuration) = try session(made, browser: script)
    // Patience would outlast the test.
    try run(session, configuration, patience: 600_000, until: isOver)
    guard case .failed(.authenticate, .provider(.refused)) = session.machine.situation else {
      Issue.record("\(session.machine.situation)")
      return
    }
    let notes = session.machine.transcript[.prompt].notes.map(\.text)
    #expect(notes.contains { $0.contains("no display") }, "\(notes)")
  }

  @Test func `what is wrong with the request is said in stage 1, before it is sent`() throws {
    let made = try HandMade.good()
    made.publish { $0.set("acr_values_supported", ["silver"]) }
    let date = TenantCheckTests.httpDate(made.loop.now.adding(seconds: -4000))
    made.answers["/.well-known/openid-configuration"]?.headers.add("Date", date)
    let (session, usual) = try session(made)
    var configuration = usual
    configuration.extraParameters = [FormField("acr_values", "gold")]
    configuration.clientSecret = Secret("s3cret ")
    try run(session, configuration, patience: 600_000) { machine in
      if case .browserAway = machine.situation { true } else { false }
    }
    let notes = session.machine.transcript[.login].notes.filter(\.warns).map(\.text)
    for word in ["blank at its end", "acr_values asks for gold", "ahead of"] {
      #expect(notes.contains { $0.contains(word) }, "\(notes)")
    }
  }

  @Test func `a pushed or signed request is not asked again`() throws {
    let made = try HandMade.good()
    let secrets = try FlowSecrets.drawn()
    for name in ["request_uri", "request"] {
      let url = try WebURL(
        "\(made.origin)/authorize?client_id=web&redirect_uri=http://localhost:1/cb&\(name)=x")
      #expect(
        AuthorizeProbe(
          like: url, configuration: try made.configuration(), secrets: secrets, preset: nil) == nil)
    }
  }
}
