import OpenID
import Testing

@testable import HybridFlow

/// A POST that is not the answer to this run, while a real browser is away: anybody on this machine
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
      #expect(effects == [.answerCallback(CallbackNumber(7), .notOurs)])
      #expect(drive.machine.situation == before)
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

  @Test func `a thousand posts leave ten messages and one verdict`() throws {
    var (drive, honest) = try away(.codeIDToken)
    for number in 0..<1000 { try drive.deliver(posting("state=\(number)", number: number + 7)) }
    #expect(drive.transcript[.callback].messages.count == RefusedAnswers.recordedMaximum)
    #expect(drive.transcript[.callback].checks.count == 1)
    #expect(drive.transcript.stages.allSatisfy { $0.notes.count <= FlowStep.notesMaximum })
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
