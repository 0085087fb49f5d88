import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// Conversations with the machine, in which nothing that it says may be left out.
@Suite struct DialogueTests {
  private func metadataRequest(_ path: String) throws -> HTTPRequest {
    HTTPRequest(
      method: "GET", url: try Sample.url(Sample.issuer + path),
      headers: ["Host": "tenant.example", "Accept": "application/json"])
  }

  /// Talks until the browser is away; returns the conversation.
  private func untilBrowserAway(
    _ configuration: FlowConfiguration, _ provider: HonestProvider
  ) throws -> Playbook {
    let document = try metadataRequest(".well-known/openid-configuration")
    let keys = try metadataRequest(".well-known/jwks.json")
    var play = Playbook()
    play.say(
      .started(configuration, Sample.secrets), expect: [.listen(configuration.redirectURI)])
    play.say(.listenerReady(configuration.redirectURI), expect: [.fetch(.metadata, document)])
    play.say(
      .fetched(.metadata, document, HonestProvider.json(try provider.metadata())),
      expect: [.fetch(.keys, keys)])
    play.say(.fetched(.keys, keys, try provider.keySet(again: false)), expect: [])
    play.say(.advanced, expect: [])
    var url = Sample.issuer + "authorize?response_type=code%20id_token&response_mode=form_post"
    url += "&client_id=client-1&redirect_uri=http%3A%2F%2Flocalhost%3A8931%2Fcallback"
    url += "&scope=openid%20profile%20email&state=\(Sample.secrets.state)"
    url += "&nonce=\(Sample.secrets.nonce)&code_challenge=\(Sample.secrets.codeChallenge)"
    url += "&code_challenge_method=S256"
    play.say(.advanced, at: 10, expect: [.openBrowser(try Sample.url(url))])
    return play
  }

  @Test func `the browser leaves only after listener, metadata and keys are there`() throws {
    let play = try untilBrowserAway(try Sample.configuration(), try HonestProvider())
    #expect(
      play.machine.situation
        == .browserAway(
          .prompt, since: Sample.start.adding(seconds: 10),
          until: Sample.start.adding(seconds: 310)))
  }

  @Test func `whoever does not come back in time ends the run`() throws {
    for opened in [false, true] {
      var play = try untilBrowserAway(try Sample.configuration(), try HonestProvider())
      if opened { play.say(.browserOpened(succeeded: true, detail: "Opened."), expect: []) }
      play.say(.clockAdvanced, at: 309, expect: [])
      play.say(.clockAdvanced, at: 310, expect: [.stopListening])
      #expect(
        play.machine.situation
          == .failed(opened ? .authenticate : .prompt, .person(.noCallback(seconds: 300))))
      #expect(play.machine.transcript.failure?.exitCode == 6)
    }
  }

  @Test func `an empty GET is explained and takes nothing away from the real answer`() throws {
    let provider = try HonestProvider()
    var play = try untilBrowserAway(try Sample.configuration(), provider)
    for (number, target) in ["/callback", "/callback?utm_source=x"].enumerated() {
      play.say(
        .callbackArrived(CallbackNumber(number), HTTPRequest(method: "GET", target: target)),
        expect: [.answerCallback(CallbackNumber(number), .relayFragment(takesEverything: false))])
    }
    for (number, target) in ["/callback?code=x&state=y", "/callback?code=x", "/callback?%zz"]
      .enumerated()
    {
      play.say(
        .callbackArrived(CallbackNumber(number), HTTPRequest(method: "GET", target: target)),
        expect: [.answerCallback(CallbackNumber(number), .notExpected)])
    }
    #expect(play.machine.stateName == "browserAway")
    #expect(play.machine.transcript[.prompt].notes.count == 5)

    let fields = [
      FormField("error", "access_denied"), FormField("state", Sample.secrets.state),
    ]
    let answer = try provider.callback(
      fields, redirectURI: try Sample.url("http://localhost:8931/callback"))
    play.say(.callbackArrived(CallbackNumber(9), answer), expect: [.examine([])])
    play.say(
      .callbackArrived(CallbackNumber(10), answer),
      expect: [.answerCallback(CallbackNumber(10), .repeated)])
    play.say(
      .examined([]),
      expect: [.answerCallback(CallbackNumber(9), .refused(.declined)), .stopListening])
    play.say(
      .callbackArrived(CallbackNumber(11), answer),
      expect: [.answerCallback(CallbackNumber(11), .repeated)])
    #expect(play.machine.transcript.failure?.exitCode == 6)
  }

  @Test func `whoever knocks again and again does not fill the memory`() throws {
    var drive = Drive(try Sample.configuration(), try HonestProvider())
    try drive.run { $0.stateName == "trusted" }
    var machine = drive.machine
    let knock = HTTPRequest(method: "GET", target: "/callback")
    for number in 1...500 {
      let effects = machine.handle(.callbackArrived(CallbackNumber(number), knock), at: drive.now)
      #expect(effects == [.answerCallback(CallbackNumber(number), .repeated)])
    }
    let more = 500 - StrayRequests.keptMaximum
    #expect(machine.transcript[.callback].notes.count == StrayRequests.keptMaximum + 1)
    #expect(machine.transcript[.callback].notes.last?.text.hasPrefix("And \(more) more") == true)
    #expect(machine.transcript.strays == [StrayRequests(.unexpected, count: more)])
    #expect(machine.situation == drive.machine.situation)
  }

  @Test func `a real browser may take over from the built-in one at any page`() throws {
    for stop in ["requested", "loadingPrompt", "promptShown", "authenticating"] {
      var drive = Drive(
        try Sample.configuration(agent: .builtIn, observes: true), try HonestProvider())
      try drive.run { $0.stateName == stop }
      let effects = try drive.deliver(.browserRequested)
      guard case .openBrowser = try #require(effects.first) else {
        Issue.record("\(effects.map(\.label))")
        continue
      }
      #expect(drive.transcript.stages.allSatisfy { $0.page == nil })
      var late = drive.machine
      try drive.run()
      #expect(drive.machine.situation == .finished, "\(stop)")
      drive.expectInvariants()

      _ = late.handle(.clockAdvanced, at: Sample.start.adding(seconds: 1000))
      #expect(late.transcript.failure == .person(.noCallback(seconds: 300)))
      #expect(late.transcript.stages.allSatisfy { $0.status != .running }, "\(stop)")
    }
  }

  @Test func `a wrong password shows the form again, a dead end ends the run`() throws {
    var drive = Drive(try Sample.configuration(agent: .builtIn), try HonestProvider())
    try drive.run { $0.stateName == "submittingForm" }
    var again = drive.machine
    let retry = try Pages.login("Wrong password", status: 401)
    #expect(again.handle(.pageArrived(retry), at: drive.now).isEmpty)
    #expect(again.situation == .pageShown(.authenticate, retry))
    for (text, status) in [
      ("<h1>Something went wrong</h1>", 200), ("<form></form><h1>No</h1>", 500),
    ] {
      var end = drive.machine
      #expect(
        end.handle(.pageArrived(try Pages.page(text, status: status)), at: drive.now)
          == [.stopListening])
      #expect(end.transcript.failure?.code == "provider.page_error")
      #expect(end.transcript.failure?.exitCode == 4)
    }
  }

  @Test func `who is signed in already is asked nothing`() throws {
    let configuration = try Sample.configuration(agent: .builtIn)
    let provider = try HonestProvider()
    var drive = Drive(configuration, provider)
    try drive.run { $0.stateName == "requested" }
    var machine = drive.machine
    #expect(machine.handle(.advanced, at: drive.now).count == 1)
    let fields = try provider.answer(
      try FormEncoding.decode(try #require(machine.requestedURL).query ?? ""), at: drive.now)
    let page = try Pages.answer(fields, to: configuration.redirectURI)
    #expect(machine.handle(.pageArrived(page), at: drive.now).isEmpty)
    #expect(machine.situation == .ready(next: .callback))
    #expect(machine.transcript[.authenticate].status == .passed)
    #expect(machine.transcript[.authenticate].notes.count == 1)
  }

  @Test func `an answer that was posted to somebody else is not waited for`() throws {
    var drive = Drive(try Sample.configuration(agent: .builtIn), try HonestProvider())
    try drive.run { $0.stateName == "postingAnswer" }
    var machine = drive.machine
    let effects = machine.handle(.pageArrived(try Pages.page("<h1>404</h1>")), at: drive.now)
    #expect(effects == [.stopListening])
    #expect(machine.transcript.failure?.code == "environment.other")
    #expect(machine.transcript.failure?.message.contains("localhost:8931") == true)
  }

  @Test func `what goes wrong on the way is the environment's`() throws {
    let failure = TransportFailure(kind: .cannotConnect, message: "Nobody listens there.")
    let cases: [(String, FlowEvent, Stage)] = [
      ("fetchingMetadata", .fetchFailed(.metadata, failure), .login),
      ("fetchingKeys", .fetchFailed(.keys, failure), .login),
      ("loadingPrompt", .pageFailed(failure), .prompt),
      ("submittingForm", .pageFailed(failure), .authenticate),
      ("postingAnswer", .pageFailed(failure), .callback),
      ("exchanging", .fetchFailed(.token, failure), .exchange),
      ("calling", .fetchFailed(.userinfo, failure), .api),
    ]
    for (name, event, stage) in cases {
      var drive = Drive(try Sample.configuration(agent: .builtIn), try HonestProvider())
      try drive.run { $0.stateName == name }
      var machine = drive.machine
      #expect(machine.handle(event, at: drive.now) == [.stopListening])
      #expect(machine.situation == .failed(stage, .environment(.transport(failure))))
      #expect(machine.transcript.failure?.exitCode == 5)
      #expect(machine.transcript.stages.allSatisfy { $0.status != .running }, "\(name)")
    }
    var drive = Drive(try Sample.configuration(), try HonestProvider())
    try drive.run { $0.stateName == "openingListener" }
    var machine = drive.machine
    #expect(machine.handle(.listenerFailed("Port 1 is taken."), at: drive.now) == [.stopListening])
    #expect(machine.transcript.failure?.exitCode == 1)
  }

  @Test func `an unknown key is looked for once more and never twice`() throws {
    for isFront in [true, false] {
      for found in [true, false] {
        var provider = try HonestProvider()
        let other = try TestKeys.other()
        if isFront { provider.frontKey = other }
        provider.backKey = other
        if found { provider.publishedLater.append(other.publicJWK.json) }
        let drive = try Drive.run(try Sample.configuration(), provider)
        let looks = drive.effects.filter { $0.label.hasPrefix("fetch(keysAgain") }
        #expect(looks.count == 1)
        #expect(drive.complaints == (found ? [] : [.idTokenKidKnown]))
        #expect(drive.exitCode == (found ? 0 : 3))
      }
    }
    // Two unknown keys in one run: the second one gets no look of its own.
    var provider = try HonestProvider()
    provider.frontKey = try TestKeys.other()
    provider.publishedLater = [try TestKeys.other().publicJWK.json]
    provider.editBackHeader = { $0.set("kid", "key-3") }
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(drive.effects.filter { $0.label.hasPrefix("fetch(keysAgain") }.count == 1)
    #expect(drive.complaints == [.idTokenKidKnown])
    #expect(drive.tokenRequests.count == 1)
  }

  @Test func `no key is looked for on a stranger's behalf`() throws {
    var provider = try HonestProvider()
    provider.frontKey = try TestKeys.other()
    provider.editFields = { $0.change("state") { $0 + "1" } }
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(!drive.effects.contains { $0.label.hasPrefix("fetch(keysAgain") })
    // Of an answer that is not ours nothing but the state is looked at.
    #expect(drive.complaints == [.stateMatch])
  }

  @Test func `keys that cannot be fetched again leave the old ones`() throws {
    var provider = try HonestProvider()
    provider.frontKey = try TestKeys.other()
    provider.editKeySetLater = { $0 = HTTPResponse(status: 503) }
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(drive.complaints == [.idTokenKidKnown])
    #expect(drive.transcript[.callback].notes.count == 1)
  }
}

extension FlowMachine {
  /// The authorization URL, when the request has been written.
  fileprivate var requestedURL: WebURL? {
    if case .loadingPrompt(let requested) = state { requested.url } else { nil }
  }
}
