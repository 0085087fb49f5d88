import Cryptography
import OpenID
import Testing
import TestSupport

@testable import HybridFlow
@testable import Inspection

/// Every state that a run passes through, and what each event does there.
@Suite struct EventWalkTests {
  /// Every kind of event.
  static func samples() throws -> [FlowEvent] {
    try EventKind.allCases.flatMap { try $0.samples() }
  }

  /// The first machine of each state, in the order of the stages, with the event it waits for.
  static func states() throws -> [Passed] { try cachedStates.get() }

  private static let cachedStates = Result { try walk() }

  struct Passed: Sendable {
    let kind: StateKind
    let machine: FlowMachine
    let awaited: [FlowEvent]
  }

  private static func walk() throws -> [Passed] {
    var order: [StateKind] = []
    var machines: [StateKind: FlowMachine] = [:]
    var awaited: [StateKind: [String: FlowEvent]] = [:]
    for drive in try drives() {
      for turn in drive.turns {
        for machine in [turn.before, turn.after] where machines[machine.stateKind] == nil {
          order.append(machine.stateKind)
          machines[machine.stateKind] = machine
        }
        let state = turn.before.stateKind
        if state != turn.after.stateKind, awaited[state]?[turn.event.kind] == nil {
          awaited[state, default: [:]][turn.event.kind] = turn.event
        }
      }
    }
    return order.compactMap { kind in
      machines[kind].map { machine in
        Passed(
          kind: kind, machine: machine,
          awaited: (awaited[kind] ?? [:]).sorted { $0.key < $1.key }.map(\.value))
      }
    }
  }

  /// Runs that together pass through every state.
  private static func drives() throws -> [Drive] {
    var rotating = try HonestProvider()
    rotating.publishedLater = [try TestKeys.other().publicJWK.json]
    rotating.frontKey = try TestKeys.other()
    rotating.backKey = rotating.frontKey
    var later = rotating
    later.frontKey = try TestKeys.key(.rs256)
    later.editUserinfo = { $0 = try HonestProvider.signedUserinfo(TestKeys.other()) }
    var sealed = try Sample.configuration()
    sealed.responseMode = .formPostJWT
    var rotatingResponse = try HonestProvider()
    rotatingResponse.publishedLater.append(try TestKeys.other().publicJWK.json)
    rotatingResponse.responseKey = try TestKeys.other()
    var refusing = try HonestProvider()
    refusing.editFields = { $0.drop("code") }
    let flows = [
      try Drive.run(try Sample.configuration(agent: .builtIn, observes: true)),
      try Drive.run(try Sample.configuration(observes: true)),
      try Drive.run(try Sample.configuration(), rotating),
      try Drive.run(try Sample.configuration(), later),
      try Drive.run(sealed, rotatingResponse), try ResponseJWTTests.encrypted(),
      try Drive.run(try Sample.configuration(), refusing), try ClientKeyTests.signedRun(),
      try EncryptedTokenTests.run(),
    ]
    return flows + (try actions())
  }

  /// Runs that go on after the flow.
  private static func actions() throws -> [Drive] {
    var signing = try AfterTests.offline()
    signing.clientSecret = nil
    signing.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: "client")
    let external = try Drive.run(try AfterTests.offline(), try AfterTests.generous())
    let builtIn = try Drive.run(try AfterTests.offline(.builtIn), try AfterTests.generous())
    return [
      try acting(.refresh, try ClientKeyTests.drive(signing, try AfterTests.generous())),
      try acting(.refresh, external) { $0.backKey = try TestKeys.other() },
      try acting(.userinfo, external) {
        $0.editUserinfo = { $0 = try HonestProvider.signedUserinfo(TestKeys.key(.rs256)) }
      },
      try acting(.refresh, try EncryptedTokenTests.run(offline: true)),
      try acting(.logout, builtIn), try acting(.logout, external),
    ]
  }

  private static func acting(
    _ action: AfterAction, _ finished: Drive,
    _ edit: (inout HonestProvider) throws -> Void = { _ in }
  ) throws -> Drive {
    var drive = finished
    try edit(&drive.provider)
    try drive.deliver(.actionRequested(action))
    try drive.run()
    return drive
  }

  @Test func `the walk passes through every state`() throws {
    let kinds = try Self.states().map(\.kind)
    #expect(Set(kinds) == Set(StateKind.allCases) && kinds.count == StateKind.allCases.count)
  }

  /// What comes while an answer may come from outside.
  private static let arrivals: Set<String> = ["answerPasted", "requestRefused"]

  /// What each state waits for, as the doc comments of its cases say, besides giving up.
  private static func leaves(_ state: StateKind) -> Set<String> {
    switch state {
    case .idle: ["started"]
    case .openingListener: ["listenerReady", "listenerFailed"]
    case .fetchingMetadata: ["fetched(metadata)", "fetchFailed(metadata)"]
    case .fetchingKeys: ["fetched(keys)", "fetchFailed(keys)"]
    case .prepared: ["advanced"]
    case .signingRequest: ["signed(requestObject)"]
    case .signingPush: ["signed(pushAssertion)"]
    case .pushing: ["fetched(pushedRequest)", "fetchFailed(pushedRequest)"]
    case .requested: arrivals.union(["advanced", "browserRequested", "requestEdited"])
    case .loadingPrompt:
      arrivals.union(["pageArrived", "pageFailed", "browserRequested", "browserExchanged"])
    case .promptShown:
      arrivals.union(["advanced", "formFilled", "browserRequested", "browserExchanged"])
    case .authenticating: arrivals.union(["formFilled", "browserRequested", "browserExchanged"])
    case .submittingForm: arrivals.union(["pageArrived", "pageFailed", "browserExchanged"])
    case .holdingAnswer: arrivals.union(["advanced", "browserExchanged"])
    case .postingAnswer: arrivals.union(["pageArrived", "pageFailed"])
    case .browserAway:
      arrivals.union(["browserOpened", "browserExchanged", "authorizeRefused"])
    case .decryptingResponse: ["decrypted(response)"]
    case .decryptingAnswer: ["decrypted(front-id-token)"]
    case .decryptingTokens: ["decrypted(back-id-token)"]
    case .actingDecrypting: ["decrypted(refreshed-id-token)"]
    case .examiningResponse, .examiningAnswer, .examiningTokens, .examiningUserinfo: ["examined"]
    case .refetchingResponseKeys, .refetchingKeys, .refetchingKeysAgain:
      ["fetched(keysAgain)", "fetchFailed(keysAgain)"]
    case .trusted: ["advanced", "exchangeEdited", "exchangeRequested"]
    case .signingExchange: ["signed(tokenAssertion)"]
    case .exchanging: ["fetched(token)", "fetchFailed(token)"]
    case .exchanged, .verified: ["advanced", "exchangeRequested"]
    case .readingLedger: ["ledgerRead"]
    case .authorized, .answered: ["advanced"]
    case .calling: ["fetched(userinfo)", "fetchFailed(userinfo)"]
    case .finished: ["actionRequested"]
    case .failed: []
    case .actingSigning: ["signed(laterAssertion)"]
    case .actingResponse: ["fetched(refresh)", "fetchFailed(refresh)"]
    case .actingKeys: ["fetched(keysAgain)", "fetchFailed(keysAgain)"]
    case .actingRefresh, .actingUserinfo: ["examined"]
    case .actingNavigation: ["pageArrived", "pageFailed", "browserExchanged", "loggedOut"]
    case .actingPage: ["formFilled", "browserExchanged", "loggedOut"]
    case .actingBrowser: ["browserOpened", "browserExchanged", "loggedOut"]
    }
  }

  /// Whether there is something to give up.
  private static func isLive(_ state: StateKind) -> Bool {
    ![.idle, .finished, .failed].contains(state)
  }

  @Test func `an event that a state does not wait for changes nothing but notes`() throws {
    for state in try Self.states() {
      let awaited = Self.leaves(state.kind).union(Self.isLive(state.kind) ? ["abandoned"] : [])
      for event in try Self.samples() where !awaited.contains(event.kind) {
        var machine = state.machine
        let effects = machine.handle(event, at: Sample.start.adding(seconds: 20))
        let what = "\(state.kind.rawValue) + \(event.label)"
        #expect(machine.state == state.machine.state, "\(what)")
        #expect(machine.situation == state.machine.situation, "\(what)")
        #expect(
          machine.transcript.withoutNotes == state.machine.transcript.withoutNotes, "\(what)")
        if case .callbackArrived(let number, _) = event {
          #expect(effects.count == 1, "\(what)")
          guard case .answerCallback(number, let answer) = effects.first else {
            Issue.record("\(what): \(effects.map(\.label))")
            continue
          }
          #expect(answer != .accepted && !answer.isRefusal, "\(what)")
        } else {
          #expect(effects.isEmpty, "\(what): \(effects.map(\.label))")
        }
      }
    }
  }

  @Test func `giving up ends a live run and only a live run`() throws {
    for state in try Self.states() {
      let name = state.kind.rawValue
      var machine = state.machine
      let effects = machine.handle(.abandoned, at: Sample.start.adding(seconds: 30))
      guard Self.isLive(state.kind) else {
        #expect(effects.isEmpty && machine == state.machine, "\(name)")
        continue
      }
      if state.kind.isActing {
        // The action is given up; the run stays as finished as it was.
        #expect(effects.isEmpty && machine.situation == .finished, "\(name)")
        #expect(machine.transcript.stages == state.machine.transcript.stages, "\(name)")
        let action = try #require(machine.transcript.afterwards.last)
        #expect(action.record.failure == .person(.abandoned) && action.isOver, "\(name)")
        continue
      }
      #expect(machine.transcript.failure == .person(.abandoned), "\(name)")
      #expect(machine.transcript.failure?.exitCode == 6)
      #expect(effects.last == .stopListening, "\(name)")
      let isExamining = [
        .decryptingResponse, .examiningResponse, .refetchingResponseKeys, .decryptingAnswer,
        .examiningAnswer,
        .refetchingKeys,
      ].contains(state.kind)
      #expect(effects.count == (isExamining ? 2 : 1), "\(name): the browser is answered")
      #expect(
        machine.transcript.stages.allSatisfy { $0.status != .running && $0.status != .pending })
      let again = machine
      #expect(machine.handle(.abandoned, at: Sample.start).isEmpty)
      #expect(machine == again)
    }
  }

  @Test func `after the first answer every other one is repeated, never processed`() throws {
    let honest = try Drive.run(try Sample.configuration())
    let first = try #require(
      honest.turns.compactMap { turn -> HTTPRequest? in
        if case .callbackArrived(_, let request) = turn.event { request } else { nil }
      }.first)
    var seen = false
    for turn in honest.turns {
      seen = seen || turn.event.kind == "callbackArrived"
      guard seen else { continue }
      var machine = turn.after
      let effects = machine.handle(.callbackArrived(CallbackNumber(7), first), at: turn.now)
      #expect(effects == [.answerCallback(CallbackNumber(7), .repeated)], "\(machine.stateName)")
      #expect(machine.state == turn.after.state)
    }
  }

  /// Every event in every state in random order, six in a row: nothing traps, and the listener is
  /// closed when the run is over and not before.
  @Test(.timeLimit(.minutes(1)))
  func `no order of events traps`() throws {
    let states = try Self.states()
    let events = try Self.samples() + states.flatMap(\.awaited)
    var generator = SeededGenerator(seed: 11)
    for state in states {
      for _ in 0..<20 {
        var machine = state.machine
        for step in 0..<6 {
          let event = events[Int(generator.next() % UInt64(events.count))]
          let effects = machine.handle(event, at: Sample.start.adding(seconds: Int64(step) * 60))
          let stops = effects.filter { $0 == .stopListening }.count
          #expect(stops <= 1)
          switch machine.situation {
          case .finished, .failed: #expect(stops == 1 || effects.count <= 1)
          default: #expect(stops == 0)
          }
        }
      }
    }
  }

  @Test func `the table of transitions is the one that is kept`() throws {
    try expectGolden(try Self.table(), "transitions.txt")
  }

  /// State by state, which event leads where; an event that is not listed changes nothing.
  static func table() throws -> String {
    var lines = ["Generated from the machine. An event that is not listed leads nowhere.", ""]
    // With the state of the run: any other POST is somebody else's, and refused.
    let answer = HTTPRequest(
      method: "POST", target: "/callback",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array("state=\(Sample.secrets.state)".utf8))
    for state in try states() {
      lines.append(state.kind.rawValue)
      let kinds = Set(state.awaited.map(\.kind))
      // Which action can be done depends on the run.
      let events =
        state.awaited
        + (try samples()).filter { !kinds.contains($0.kind) || $0.kind == "actionRequested" }
        + [.callbackArrived(CallbackNumber(1), answer)]
      var rows: [String] = []
      for event in events {
        var machine = state.machine
        _ = machine.handle(event, at: Sample.start.adding(seconds: 40))
        let isSame = machine.stateKind == state.kind
        let row = "  \(event.kind) -> \(machine.stateKind.rawValue)\(isSame ? ", changed" : "")"
        if machine.state != state.machine.state, !rows.contains(row) { rows.append(row) }
      }
      var late = state.machine
      _ = late.handle(.clockAdvanced, at: Sample.start.adding(seconds: 100_000))
      if late.stateKind != state.kind {
        rows.append("  clockAdvanced, too late -> \(late.stateKind.rawValue)")
      }
      lines += rows.sorted() + [""]
    }
    return lines.joined(separator: "\n")
  }
}

extension CallbackAnswer {
  /// Whether it refuses an answer that was taken.
  var isRefusal: Bool { if case .refused = self { true } else { false } }
}

extension Transcript {
  /// The transcript without what is only worth saying.
  var withoutNotes: Transcript {
    var copy = self
    for stage in Stage.allCases { copy[stage].notes = [] }
    for index in copy.afterwards.indices { copy.afterwards[index].record.notes = [] }
    return copy
  }
}
