import OpenID
import Testing

@testable import HybridFlow

/// Requests that the HTTP layer refused at the redirect URI: shown, never taken, and told when no
/// answer comes.
@Suite struct RefusedRequestTests {
  /// A drive whose browser is away, before anything came back, and the true answer.
  private func away() throws -> (drive: Drive, honest: FlowEvent) {
    let configuration = try Sample.configuration()
    var drive = Drive(configuration, try HonestProvider(configuration.idTokenAlgorithm))
    try drive.run { if case .browserAway = $0.situation { true } else { false } }
    drive.forgetQueue()
    let fields = try drive.provider.answer(drive.authorizeRequest, at: drive.now)
    let callback = try drive.provider.callback(fields, redirectURI: configuration.redirectURI)
    return (drive, .callbackArrived(CallbackNumber(1), callback))
  }

  private func refused(
    _ reason: RefusedRequest.Reason, _ target: String? = "/callback?code=c", status: Int? = 400
  ) -> RefusedRequest {
    RefusedRequest(
      reason,
      of: target.map {
        HTTPRequest(
          method: "POST", target: $0,
          headers: ["Host": "localhost:8910", "Cookie": "sid=of-another-application"],
          body: Array("code=c".utf8))
      }, answered: status.map { HTTPResponse(status: $0) }, cookieBytes: 25)
  }

  @Test(arguments: RefusedRequest.Reason.allCases)
  func `it is shown and changes nothing, and the true answer is still taken`(
    reason: RefusedRequest.Reason
  ) throws {
    var (drive, honest) = try away()
    let before = drive.machine.situation
    #expect(try drive.deliver(.requestRefused(refused(reason))).isEmpty)
    #expect(drive.machine.situation == before)
    let stage = drive.transcript[.callback]
    #expect(stage.status == .pending && stage.checks.isEmpty && stage.values.isEmpty)
    #expect(stage.messages.map { $0.request == nil } == [false, true])
    #expect(stage.messages.last?.response?.status == 400)
    #expect(stage.messages.first?.url.hasSuffix("/callback?code=c") == true)
    #expect(stage.messages.allSatisfy { $0.body.isEmpty && $0.headers["Cookie"] == nil })
    let notes = drive.transcript.stages.flatMap(\.notes)
    #expect(notes.last?.warns == true)
    let text = notes.last?.text ?? ""
    #expect(text.contains("POST /callback") && text.contains(refused(reason).why))
    #expect(!text.contains("code=c"))
    try drive.deliver(honest)
    try drive.run()
    #expect(drive.machine.situation == .finished)
    #expect(drive.tokenRequests.count == 1)
  }

  @Test(arguments: RefusedRequest.Reason.allCases)
  func `when no answer comes, it says why, and the run ends with 5`(
    reason: RefusedRequest.Reason
  ) throws {
    for target in ["/callback", nil] {
      var (drive, _) = try away()
      let event = refused(reason, target)
      try drive.deliver(.requestRefused(event))
      try drive.run()
      #expect(drive.transcript.failure == .environment(.answerRefused(event)))
      #expect(drive.transcript[.callback].failure != nil)
      #expect(drive.exitCode == 5)
      #expect(drive.transcript.failure?.code == "environment.answer_refused")
      #expect(drive.transcript.failure?.message.contains(event.why) == true)
      #expect(drive.tokenRequests.isEmpty)
    }
  }

  @Test func `one at another path is told, and is not the answer`() throws {
    var (drive, _) = try away()
    try drive.deliver(.requestRefused(refused(.cookies, "/favicon.ico")))
    #expect(drive.transcript[.callback].messages.isEmpty)
    #expect(drive.transcript.stages.flatMap(\.notes).last?.text.contains("/favicon.ico") == true)
    drive.forgetQueue()
    try drive.deliver(.clockAdvanced)
    #expect(drive.transcript.refusedRequests.isEmpty)
  }

  @Test func `of several the one that is known to be for the redirect URI says why`() throws {
    var (drive, _) = try away()
    let known = refused(.bodyTooLarge, status: 413)
    try drive.deliver(.requestRefused(refused(.tls, nil)))
    try drive.deliver(.requestRefused(known))
    try drive.run()
    #expect(drive.transcript.failure == .environment(.answerRefused(known)))
  }

  @Test func `a refused post of a stranger goes before it`() throws {
    var (drive, _) = try away()
    try drive.deliver(.requestRefused(refused(.tls, nil)))
    let stranger = HTTPRequest(
      method: "POST", target: "/callback",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array("code=c&state=other".utf8))
    try drive.deliver(.callbackArrived(CallbackNumber(7), stranger))
    try drive.run()
    #expect(drive.exitCode == 3)
  }

  @Test func `a thousand leave ten and one note with their number`() throws {
    var (drive, honest) = try away()
    for _ in 0..<1000 { try drive.deliver(.requestRefused(refused(.bodyTooLarge))) }
    #expect(drive.transcript.refusedRequests.count == StrayRequests.keptMaximum)
    #expect(drive.transcript.strays.map(\.count) == [990])
    #expect(drive.transcript[.callback].messages.count == 2 * StrayRequests.keptMaximum)
    let notes = drive.transcript.stages.flatMap(\.notes).filter { $0.text.contains("refused") }
    #expect(notes.count == StrayRequests.keptMaximum + 1)
    #expect(notes.last?.text.hasPrefix("And 990 more requests were refused") == true)
    try drive.deliver(honest)
    try drive.run()
    #expect(drive.machine.situation == .finished)
  }

  @Test func `the built-in browser's own answer is told as refused, not as lost elsewhere`() throws
  {
    let configuration = try Sample.configuration(agent: .builtIn, observes: true)
    var drive = Drive(configuration, try HonestProvider(configuration.idTokenAlgorithm))
    try drive.run { $0.stateName == "postingAnswer" }
    drive.forgetQueue()
    let event = refused(.bodyTooLarge, status: 413)
    try drive.deliver(.requestRefused(event))
    try drive.deliver(.pageArrived(try Pages.login("413")))
    #expect(drive.transcript.failure == .environment(.answerRefused(event)))
  }

  @Test func `what is kept of it is short`() {
    let long = String(repeating: "x", count: 100_000)
    let kept = RefusedRequest(
      .headTooLarge,
      of: HTTPRequest(
        method: long, target: "/" + long,
        headers: ["User-Agent": long, "Authorization": "Bearer secret", "Referer": "/?code=c"],
        body: Array(long.utf8)), answered: nil, cookieBytes: 20_000)
    #expect(kept.reason == .cookies && kept.why.contains("20000 bytes of cookies"))
    #expect(kept.request?.headers.lines.map(\.name) == ["User-Agent"])
    #expect(kept.request?.headers["User-Agent"]?.utf8.count == RefusedRequest.valueBytes)
    #expect(kept.request?.target.utf8.count == RefusedRequest.targetBytes)
    #expect(kept.request?.body == [])
  }
}
