import Diagnosis
import OpenID
import Testing

@testable import HybridFlow

/// A POST that is not the answer to this run, while one is waited for: anybody on this machine
/// can send one, and must not be able to end a sign-in with it.
@Suite struct RefusedAnswerTests {
  /// A drive whose browser is away, before anything came back.
  private func away(
    _ type: ResponseType, change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> (drive: Drive, honest: FlowEvent) {
    var configuration = try Sample.configuration(type)
    change(&configuration)
    var drive = Drive(configuration, try HonestProvider(configuration.idTokenAlgorithm))
    try drive.run { if case .browserAway = $0.situation { true } else { false } }
    drive.forgetQueue()
    let fields = try drive.provider.answer(drive.authorizeRequest, at: drive.now)
    let callback = try drive.provider.callback(fields, redirectURI: configuration.redirectURI)
    return (drive, .callbackArrived(CallbackNumber(1), callback))
  }

  private func posting(_ body: String, number: Int = 7) -> FlowEvent {
    .callbackArrived(
      CallbackNumber(number),
      HTTPRequest(
        method: "POST", target: "/callback",
        headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(body.utf8)))
  }

  static let strangers = [
    "code=stolen&state=of-another-run", "code=stolen", "", "error=access_denied",
    "error=access_denied&state=of-another-run", "%GG", "state=",
  ]

  @Test(arguments: strangers)
  func `a stranger's post is refused, shown, and ends nothing`(_ body: String) throws {
    for type in ResponseType.allCases {
      var (drive, honest) = try away(type)
      let before = drive.machine.situation
      let effects = try drive.deliver(posting(body))
      // A tenant that leaves out state is not called a stranger on its page.
      let page: CallbackAnswer = body == "error=access_denied" ? .notExpected : .notOurs
      #expect(effects == [.answerCallback(CallbackNumber(7), page)])
      // An error without a state may be the tenant's: then the run waits but a moment longer.
      if body == "error=access_denied" {
        guard case .browserAway(_, _, let until) = drive.machine.situation else {
          Issue.record("\(drive.machine.situation)")
          return
        }
        #expect(until == drive.now.adding(seconds: RefusedAnswers.graceSeconds))
      } else {
        #expect(drive.machine.situation == before)
      }
      let stage = drive.transcript[.callback]
      #expect(stage.messages.count == 1 && stage.status == .pending)
      #expect(stage.values.isEmpty && stage.tokens.isEmpty, "nothing of it is taken")
      let expected: [CheckID] = body == "%GG" ? [.callbackNoDuplicates] : [.stateMatch]
      #expect(stage.checks.map(\.id) == expected)
      #expect(stage.checks.allSatisfy { $0.isOfRefused && $0.verdict == .fail })
      // The true answer is still taken, and the run comes to its end.
      try drive.deliver(honest)
      try drive.run()
      #expect(drive.machine.situation == .finished)
      #expect(drive.tokenRequests.count == 1)
      let passed = drive.transcript[.callback].checks.filter { $0.id == .stateMatch }.last
      #expect(passed?.verdict == .pass)
      let exchange = drive.transcript[.exchange].checks.first {
        $0.id == .noExchangeBeforeFrontOK
      }
      #expect(exchange?.verdict == .pass)
    }
  }

  @Test func `nor does a stranger end the built-in browser's sign-in, at any page`() throws {
    for stop in [
      "requested", "loadingPrompt", "promptShown", "authenticating", "submittingForm",
      "holdingAnswer",
    ] {
      var drive = Drive(
        try Sample.configuration(agent: .builtIn, observes: true), try HonestProvider())
      try drive.run { $0.stateName == stop }
      var machine = drive.machine
      let effects = machine.handle(posting("code=stolen&state=of-another-run"), at: drive.now)
      #expect(effects == [.answerCallback(CallbackNumber(7), .notOurs)], "\(stop)")
      #expect(machine.state == drive.machine.state, "\(stop)")
    }
  }

  @Test func `when no other answer comes, the refused one says why`() throws {
    for (body, expected) in [
      ("code=c&state=wrong", CheckID.stateMatch), ("%GG", .callbackNoDuplicates),
    ] {
      var (drive, _) = try away(.codeIDToken)
      try drive.deliver(posting(body))
      try drive.run()
      #expect(drive.transcript.failure == .provider(.checksFailed([expected])))
      #expect(drive.tokenRequests.isEmpty)
      #expect(drive.exitCode == 3)
    }
  }

  @Test(arguments: [
    ("POST", "error=access_denied&error_description=No", "person.declined", "absent"),
    ("POST", "error=access_denied&state=of-another-run", "person.declined", "of-another-run"),
    ("POST", "error=login_required", "provider.authorization_error", "absent"),
    ("GET", "error=access_denied&error_description=No", "person.declined", "absent"),
    (
      "GET", "error=invalid_scope&state=of-another-run", "provider.authorization_error",
      "of-another-run"
    ),
  ])
  func `an error is read before its state and before its method`(
    method: String, fields: String, code: String, state: String
  ) throws {
    var (drive, _) = try away(.codeIDToken)
    let event =
      method == "POST"
      ? posting(fields)
      : .callbackArrived(
        CallbackNumber(7), HTTPRequest(method: "GET", target: "/callback?" + fields))
    try drive.deliver(event)
    #expect(drive.transcript.failure == nil, "a true answer may be on its way")
    try drive.run()
    #expect(drive.transcript.failure?.code == code)
    let check = drive.transcript[.callback].checks.first { $0.id == .stateMatch }
    #expect(check?.verdict == .fail && check?.found == state, "the check is still told")
    let diagnosis = try #require(RunDiagnosis(drive.transcript, drive.configuration))
    #expect(diagnosis.stage == .callback)
    #expect(diagnosis.blame == (code == "person.declined" ? .person : diagnosis.blame))
    #expect(diagnosis.blame != .attacker)
    let words = state == "absent" ? "leaves out state" : "brings another state"
    #expect(diagnosis.match.cause.contains(words), "\(diagnosis.match.cause)")
    #expect(!diagnosis.match.cause.contains("CSRF"))
  }

  @Test func `a thousand posts leave ten messages and one verdict`() throws {
    var (drive, honest) = try away(.codeIDToken)
    for number in 0..<1000 { try drive.deliver(posting("state=\(number)", number: number + 7)) }
    #expect(drive.transcript[.callback].messages.count == StrayRequests.keptMaximum)
    #expect(drive.transcript[.callback].checks.count == 1)
    let notes = drive.transcript.stages.flatMap(\.notes).map(\.text)
    #expect(notes.count { $0.hasPrefix("A POST came") } == StrayRequests.keptMaximum)
    #expect(notes.count { $0.hasPrefix("And 990 more, refused for state-match: ") } == 1)
    #expect(
      drive.transcript.strays == [StrayRequests(.refused, count: 990, reasons: [.stateMatch])])
    try drive.deliver(honest)
    try drive.run()
    #expect(drive.machine.situation == .finished)
  }

  @Test func `every rule that a refused post has broken is told, and each once`() throws {
    var (drive, _) = try away(.codeIDToken)
    for number in 0..<40 {
      try drive.deliver(posting(number.isMultiple(of: 2) ? "state=x" : "%GG", number: number + 7))
    }
    #expect(drive.transcript[.callback].checks.map(\.id) == [.stateMatch, .callbackNoDuplicates])
    let strays = try #require(drive.transcript.strays.first)
    #expect(strays.count == 30 && Set(strays.reasons) == [.stateMatch, .callbackNoDuplicates])
  }

  @Test func `of a large refused post the beginning is kept, and the note says so`() throws {
    var (drive, _) = try away(.codeIDToken)
    try drive.deliver(posting("state=x&pad=" + String(repeating: "a", count: 200_000)))
    let message = try #require(drive.transcript[.callback].messages.first)
    #expect(message.request?.body.count == RefusedAnswers.keptBodyBytes)
    let note = drive.transcript.stages.flatMap(\.notes).last?.text ?? ""
    #expect(note.contains("Of its 200012 bytes the first 4096 are kept."), "\(note)")
  }

  @Test func `a number from a recording is added to what was counted`() throws {
    var (drive, _) = try away(.codeIDToken)
    let before = drive.machine.situation
    for _ in 0..<2 {
      let effects = try drive.deliver(
        .straysCounted(StrayRequests(.refused, count: 165, reasons: [.stateMatch])))
      #expect(effects.isEmpty)
    }
    #expect(drive.machine.situation == before)
    #expect(
      drive.transcript.strays == [StrayRequests(.refused, count: 330, reasons: [.stateMatch])])
    let note = drive.transcript.stages.flatMap(\.notes).last
    #expect(note?.text.hasPrefix("And 330 more, refused for state-match: ") == true)
  }

  @Test func `what else strangers send is counted by its kind`() throws {
    var (drive, honest) = try away(.codeIDToken)
    let get = HTTPRequest(method: "GET", target: "/callback?code=x")
    for number in 0..<60 {
      try drive.deliver(.callbackArrived(CallbackNumber(number + 7), get))
      try drive.deliver(.answerMisplaced(HTTPRequest(method: "POST", target: "/other")))
      try drive.deliver(.loggedOut(HTTPRequest(method: "GET", target: "/logged-out")))
    }
    let strays = drive.transcript.strays
    #expect(Set(strays.map(\.kind)) == [.ignored, .misplaced, .loggedOut])
    #expect(strays.allSatisfy { $0.count == 50 && $0.reasons.isEmpty })
    #expect(drive.transcript.stages.flatMap(\.notes).count < 40)
    try drive.deliver(honest)
    try drive.run()
    #expect(drive.machine.situation == .finished)
  }

  @Test func `the laboratory's forged login still stops the run`() throws {
    var (drive, _) = try away(.codeIDToken) {
      $0.observesTenant = true
      $0.tampering = Tampering(
        faultID: "login-csrf", stage: .callback, from: .browser, to: .application)
    }
    try drive.deliver(posting("code=stolen&state=of-another-run"))
    try drive.run()
    let failed = drive.transcript.failure?.failedChecks ?? []
    #expect(failed.contains(.stateMatch))
    #expect(drive.transcript[.callback].failure != nil)
  }

  @Test func `without a state of our own nothing can be told apart`() throws {
    var (drive, honest) = try away(.codeIDToken) {
      $0.extraParameters = [FormField("state", "")]
    }
    try drive.deliver(honest)
    try drive.run()
    #expect(drive.machine.situation == .finished)
  }
}
