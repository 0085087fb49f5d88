import Cryptography
import OpenID
import Testing
import TestSupport

@testable import HybridFlow
@testable import Inspection

/// Every state that a run passes through, and what each event does there.
@Suite struct EventWalkTests {
  /// Every kind of event, with values that fit no particular state.
  static func samples() throws -> [FlowEvent] {
    let request = HTTPRequest(method: "GET", url: try Sample.url(Sample.issuer + "login"))
    let failure = TransportFailure(kind: .reset, message: "The connection was reset.")
    let form = FormSubmission(
      action: try Sample.url(Sample.issuer + "login"), method: "POST",
      fields: [FormField("password", "short")])
    let stateless = HTTPRequest(method: "GET", target: "/callback")
    let fetches: [FlowEvent] = FetchPurpose.allCases.flatMap { purpose in
      [
        FlowEvent.fetched(purpose, request, HonestProvider.json(["keys": []])),
        .fetchFailed(purpose, failure),
      ]
    }
    return fetches + [
      .started(try Sample.configuration(), Sample.secrets), .advanced, .browserRequested,
      .listenerReady(try Sample.url("http://localhost:1/other")),
      .listenerFailed("The port is taken."),
      .browserOpened(succeeded: true, detail: "Opened."),
      .browserOpened(succeeded: false, detail: "There is no browser."),
      .browserExchanged(request, HTTPResponse(status: 200)),
      .pageArrived(try Pages.login("Another page")), .pageFailed(failure), .formFilled(form),
      .callbackArrived(CallbackNumber(90), stateless),
      .callbackArrived(
        CallbackNumber(91), HTTPRequest(method: "GET", target: "/callback?state=other&code=x")),
      .examined([]), .examined([.signatureValid, .digest([1]), .unusable("no")]),
      .ledgerRead(Pages.ledger), .clockAdvanced, .requestEdited(RequestEdit(rows: [])),
      .requestEdited(RequestEdit(rows: [.given(FormField("nonce", "n"))], goesAnyway: true)),
      .exchangeEdited(RequestEdit(rows: [.kept("code", 0)])),
      .exchangeRequested, .answerPasted(try PastedAnswer("code=x&state=other")),
      .answerMisplaced(stateless), .loggedOut(stateless),
      .straysCounted(StrayRequests(.refused, count: 330, reasons: [.stateMatch])),
      .requestRefused(RefusedRequest(.tls, of: nil, answered: HTTPResponse(status: 400))),
      .requestRefused(
        RefusedRequest(.bodyTooLarge, of: stateless, answered: HTTPResponse(status: 413))),
    ] + SigningTask.Purpose.allCases.map { .signed($0, .token(Secret("a.b.c"))) }
  }

  /// The first machine of each state, in the order of the stages, with the event it waits for.
  static func states() throws -> [Passed] { try cachedStates.get() }

  private static let cachedStates = Result { try walk() }

  struct Passed: Sendable {
    let name: String
    let machine: FlowMachine
    let awaited: [FlowEvent]
  }

  private static func walk() throws -> [Passed] {
    var order: [String] = []
    var machines: [String: FlowMachine] = [:]
    var awaited: [String: [String: FlowEvent]] = [:]
    for drive in try drives() {
      for turn in drive.turns {
        for machine in [turn.before, turn.after] where machines[machine.stateName] == nil {
          order.append(machine.stateName)
          machines[machine.stateName] = machine
        }
        if turn.before.stateName != turn.after.stateName {
          let kind = turn.event.kind
          if awaited[turn.before.stateName]?[kind] == nil {
            awaited[turn.before.stateName, default: [:]][kind] = turn.event
          }
        }
      }
    }
    return order.compactMap { name in
      machines[name].map { machine in
        Passed(
          name: name, machine: machine,
          awaited: (awaited[name] ?? [:]).sorted { $0.key < $1.key }.map(\.value))
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
    var refusing = try HonestProvider()
    refusing.editFields = { $0.drop("code") }
    return [
      try Drive.run(try Sample.configuration(agent: .builtIn, observes: true)),
      try Drive.run(try Sample.configuration(observes: true)),
      try Drive.run(try Sample.configuration(), rotating),
      try Drive.run(try Sample.configuration(), later),
      try Drive.run(try Sample.configuration(), refusing), try ClientKeyTests.signedRun(),
    ]
  }

  @Test func `the walk passes through every state`() throws {
    let names = try Self.states().map(\.name)
    #expect(
      Set(names) == [
        "idle", "openingListener", "fetchingMetadata", "fetchingKeys", "prepared",
        "signingRequest", "signingPush", "pushing", "requested", "signingExchange",
        "loadingPrompt", "promptShown", "authenticating", "submittingForm", "holdingAnswer",
        "postingAnswer", "browserAway", "examiningAnswer", "refetchingKeys", "trusted",
        "exchanging", "exchanged", "readingLedger", "verified", "examiningTokens",
        "refetchingKeysAgain", "authorized", "calling", "answered", "examiningUserinfo",
        "finished", "failed",
      ])
  }

  /// What each state waits for, as the doc comments of its cases say.
  private static let leaves: [String: Set<String>] = [
    "idle": ["started"], "openingListener": ["listenerReady", "listenerFailed"],
    "fetchingMetadata": ["fetched(metadata)", "fetchFailed(metadata)"],
    "fetchingKeys": ["fetched(keys)", "fetchFailed(keys)"], "prepared": ["advanced"],
    "signingRequest": ["signed(requestObject)"], "signingPush": ["signed(pushAssertion)"],
    "pushing": ["fetched(pushedRequest)", "fetchFailed(pushedRequest)"],
    "signingExchange": ["signed(tokenAssertion)"],
    "requested": [
      "advanced", "browserRequested", "requestEdited", "answerPasted", "requestRefused",
    ],
    "loadingPrompt": [
      "pageArrived", "pageFailed", "browserRequested", "browserExchanged", "answerPasted",
      "requestRefused",
    ],
    "promptShown": [
      "advanced", "formFilled", "browserRequested", "browserExchanged", "answerPasted",
      "requestRefused",
    ],
    "authenticating": [
      "formFilled", "browserRequested", "browserExchanged", "answerPasted", "requestRefused",
    ],
    "submittingForm": [
      "pageArrived", "pageFailed", "browserExchanged", "answerPasted", "requestRefused",
    ],
    "holdingAnswer": ["advanced", "browserExchanged", "answerPasted", "requestRefused"],
    "postingAnswer": ["pageArrived", "pageFailed", "answerPasted", "requestRefused"],
    "browserAway": ["browserOpened", "browserExchanged", "answerPasted", "requestRefused"],
    "examiningAnswer": ["examined"],
    "refetchingKeys": ["fetched(keysAgain)", "fetchFailed(keysAgain)"],
    "trusted": ["advanced", "exchangeEdited", "exchangeRequested"],
    "exchanging": ["fetched(token)", "fetchFailed(token)"],
    "exchanged": ["advanced", "exchangeRequested"], "readingLedger": ["ledgerRead"],
    "verified": ["advanced", "exchangeRequested"], "examiningTokens": ["examined"],
    "refetchingKeysAgain": ["fetched(keysAgain)", "fetchFailed(keysAgain)"],
    "authorized": ["advanced"], "calling": ["fetched(userinfo)", "fetchFailed(userinfo)"],
    "answered": ["advanced"], "examiningUserinfo": ["examined"], "finished": [], "failed": [],
  ]

  @Test func `an event that a state does not wait for changes nothing but notes`() throws {
    for state in try Self.states() {
      let awaited = try #require(Self.leaves[state.name], "\(state.name)")
      for event in try Self.samples() where !awaited.contains(event.kind) {
        var machine = state.machine
        let effects = machine.handle(event, at: Sample.start.adding(seconds: 20))
        let what = "\(state.name) + \(event.label)"
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
      var machine = state.machine
      let effects = machine.handle(.abandoned, at: Sample.start.adding(seconds: 30))
      if ["idle", "finished", "failed"].contains(state.name) {
        #expect(effects.isEmpty && machine == state.machine, "\(state.name)")
        continue
      }
      #expect(machine.transcript.failure == .person(.abandoned), "\(state.name)")
      #expect(machine.transcript.failure?.exitCode == 6)
      #expect(effects.last == .stopListening, "\(state.name)")
      let isExamining = state.name == "examiningAnswer" || state.name == "refetchingKeys"
      #expect(effects.count == (isExamining ? 2 : 1), "\(state.name): the browser is answered")
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
      lines.append(state.name)
      let kinds = Set(state.awaited.map(\.kind))
      let events =
        state.awaited + (try samples()).filter { !kinds.contains($0.kind) } + [.abandoned]
        + [.callbackArrived(CallbackNumber(1), answer)]
      var rows: [String] = []
      for event in events {
        var machine = state.machine
        _ = machine.handle(event, at: Sample.start.adding(seconds: 40))
        let isSame = machine.stateName == state.name
        let row = "  \(event.kind) -> \(machine.stateName)\(isSame ? ", changed" : "")"
        if machine.state != state.machine.state, !rows.contains(row) { rows.append(row) }
      }
      var late = state.machine
      _ = late.handle(.clockAdvanced, at: Sample.start.adding(seconds: 100_000))
      if late.stateName != state.name { rows.append("  clockAdvanced, too late -> failed") }
      lines += rows.sorted() + [""]
    }
    return lines.joined(separator: "\n")
  }
}

extension FlowEvent {
  /// The event's name, for responses with their purpose.
  var kind: String {
    switch self {
    case .fetched(let purpose, _, _): "fetched(\(purpose.rawValue))"
    case .fetchFailed(let purpose, _): "fetchFailed(\(purpose.rawValue))"
    case .signed(let purpose, _): "signed(\(purpose.rawValue))"
    default: String(label.prefix { $0 != "(" })
    }
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
    return copy
  }
}
