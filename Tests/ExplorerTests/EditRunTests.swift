import HybridFlow
import Network
import OpenID
import Testing
import TextUI

@testable import Explorer
@testable import Session
@testable import Settings
@testable import Presentation

/// Requests edited in the explorer, sent over real sockets to the real demo tenant.
@Suite(.serialized) struct EditRunTests {
  private let screen = ScriptedScreen()
  private let harness: Harness
  private let face: ExplorerController

  init() throws {
    harness = try Harness()
    face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    face.begin()
  }

  private var machine: FlowMachine { harness.session.machine }
  private var transcript: Transcript { machine.transcript }

  /// Turns the loop until the run waits for a person, or is over.
  private func settle() throws {
    try harness.wait {
      switch machine.situation {
      case .busy, .idle: false
      default: harness.session.isIdle
      }
    }
    face.draw()
  }

  private func press(_ keys: Key...) throws {
    screen.keys += keys
    face.readKeys()
    // What was posted is handled in a later turn.
    for _ in 0..<3 { harness.loop.turn(maximumMilliseconds: 5) }
    try settle()
  }

  /// Walks on until this stage is the next one, or the run is over.
  private func walk(to stage: Stage?) throws {
    var person = PersonAtKeyboard()
    try settle()
    for _ in 0..<40 {
      switch machine.situation {
      case .ready(let next):
        if next == stage { return }
        harness.session.post(.advanced)
      case .pageShown(_, let page):
        harness.session.post(person.fill(page).map(FlowEvent.formFilled) ?? .abandoned)
      default: return
      }
      let before = machine
      try harness.wait { machine != before }
      try settle()
    }
  }

  /// Edits a request as the editor does, but for its keys.
  private func edit(
    _ stage: Stage, anyway: Bool = false, _ change: (inout [FormField]) -> Void
  ) throws -> RequestEdit {
    let draft = try #require(transcript[stage].draft)
    var fields = draft.fields
    change(&fields)
    return RequestEdit(from: draft.made, to: fields, goesAnyway: anyway)
  }

  private func send(_ event: FlowEvent) throws {
    let before = machine
    harness.session.post(event)
    try harness.wait { machine != before }
    try settle()
  }

  @Test(.timeLimit(.minutes(1)), arguments: ResponseType.allCases)
  func `every response type can be asked for, and comes to its end`(type: ResponseType) throws {
    try walk(to: .prompt)
    try send(.requestEdited(try edit(.authorize) { $0.replace("response_type", type.rawValue) }))
    try walk(to: nil)
    #expect(machine.situation == .finished)
    #expect(transcript.failure == nil)
    #expect((transcript.token(.idToken, .front) != nil) == type.hasIDToken)
    #expect((transcript.token(.accessToken, .front) != nil) == type.hasAccessToken)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an edited nonce comes back in both ID tokens`() throws {
    try walk(to: .prompt)
    let nonce = "a-nonce-that-a-person-has-typed"
    try send(.requestEdited(try edit(.authorize) { $0.replace("nonce", nonce) }))
    try walk(to: nil)
    #expect(machine.situation == .finished && transcript.failure == nil)
    for channel in [Channel.front, .back] {
      #expect(transcript.token(.idToken, channel)?.claims?["nonce"]?.string == nonce)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a removed nonce is sent anyway, and the tenant says what it thinks of it`() throws {
    try walk(to: .prompt)
    try send(.requestEdited(try edit(.authorize, anyway: true) { $0.remove("nonce") }))
    try walk(to: nil)
    #expect(transcript[.authorize].status == .failed)
    let error = transcript[.callback].failure
    guard case .provider(.refused(let refused))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refused.code == "invalid_request")
    #expect(screen.text.contains("request-nonce FAILED, SENT ANYWAY"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `an added prompt=none is heard: nobody is signed in`() throws {
    try walk(to: .prompt)
    try send(.requestEdited(try edit(.authorize) { $0.append(FormField("prompt", "none")) }))
    try walk(to: nil)
    guard case .provider(.refused(let error))? = transcript[.callback].failure else {
      Issue.record("\(machine.situation)")
      return
    }
    #expect(error.code == "login_required")
    #expect(
      transcript[.authenticate].notes.contains { $0.text.contains("answers with an error") })
  }

  @Test(.timeLimit(.minutes(1)))
  func `a redirect URI that is not registered ends on the tenant's own page`() throws {
    try walk(to: .prompt)
    try send(
      .requestEdited(
        try edit(.authorize) { $0.replace("redirect_uri", "http://localhost:9/elsewhere") }))
    try walk(to: nil)
    guard case .provider(.refused(let error))? = transcript[.prompt].failure else {
      Issue.record("\(machine.situation)")
      return
    }
    #expect(error.endpoint == .page && (error.status ?? 0) >= 400)
    #expect(screen.text.contains("Callback URL mismatch") || error.description?.isEmpty == false)
  }

  @Test(.timeLimit(.minutes(1))) func `without PKCE the tenant wants no verifier`() throws {
    try walk(to: .prompt)
    try send(
      .requestEdited(
        try edit(.authorize) {
          $0.remove("code_challenge")
          $0.remove("code_challenge_method")
        }))
    try walk(to: nil)
    #expect(machine.situation == .finished && transcript.failure == nil)
    let body = transcript[.exchange].messages.first?.body ?? []
    #expect(try FormEncoding.decode(body)["code_verifier"] == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `another verifier gets invalid_grant, with the tenant's ledger beside it`() throws {
    try walk(to: .exchange)
    try send(
      .exchangeEdited(
        try edit(.exchange) {
          $0.replace("code_verifier", "not-the-verifier-not-the-verifier-not-the-v")
        }))
    try walk(to: nil)
    guard case .provider(.refused(let error))? = transcript[.verify].failure else {
      Issue.record("\(machine.situation)")
      return
    }
    #expect(error.code == "invalid_grant")
    #expect(transcript.culprit == .application, "who edits the request is the application here")
    #expect(transcript[.verify].serverChecks.contains { $0.observed && $0.passed == false })
  }

  @Test(.timeLimit(.minutes(1)))
  func `an edit late in the flow starts anew and keeps the old stages, marked stale`() throws {
    try walk(to: .tokens)
    let old = transcript
    try press(
      .character("2"), .character("e"), .character(" "), .control("s"))
    try harness.wait { machine.situation == .ready(next: .prompt) && harness.session.isIdle }
    try harness.wait { transcript[.authorize].draft?.isEdited == true }
    try settle()
    #expect(transcript.startedAt != old.startedAt)
    #expect(transcript[.authorize].draft?.fields["response_type"] == "code token")
    let states = [old, transcript].map { $0[.authorize].draft?.fields["state"] }
    #expect(states[0] != states[1], "the new run draws its own state")
    for stage in 3...7 { #expect(screen.text.contains("~  \(stage) "), "\(stage)") }
    #expect(!screen.text.contains("~  8 "), "stage 8 had not been reached")

    try press(.character("5"))
    #expect(screen.text.contains("~ Stale: from before the edit, when response_type was code id"))
    #expect(screen.text.contains("POST /callback"))
    try press(.character("2"))
    try walk(to: .exchange)
    #expect(!screen.text.contains("~  5 "), "it has run again")
    #expect(screen.text.contains("~  6 "))

    // Who starts over by hand begins with nothing but the new run.
    try press(.character("r"))
    try harness.wait { machine.situation == .ready(next: .authorize) }
    try settle()
    #expect(!screen.text.contains("stale"))
    #expect(transcript[.authorize].draft == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an edit of the token request waits in the new run for its stage 6`() throws {
    try walk(to: .verify)
    try press(.character("6"), .character("e"), .down, .down, .down, .character("d"))
    try press(.control("s"))
    try harness.wait { machine.situation == .ready(next: .prompt) && harness.session.isIdle }
    try walk(to: .exchange)
    try harness.wait { transcript[.exchange].draft?.isEdited == true }
    try walk(to: nil)
    let body = transcript[.exchange].messages.first?.body ?? []
    #expect(try FormEncoding.decode(body)["code_verifier"] == nil)
    guard case .provider(.refused(let error))? = transcript[.verify].failure else {
      Issue.record("\(machine.situation)")
      return
    }
    #expect(error.code == "invalid_grant")
  }
}

extension [FormField] {
  mutating func replace(_ name: String, _ value: String) {
    if let index = firstIndex(where: { $0.name == name }) { self[index].value = value }
  }
  mutating func remove(_ name: String) { removeAll { $0.name == name } }
}
