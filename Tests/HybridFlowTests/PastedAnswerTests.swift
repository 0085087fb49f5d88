import OpenID
import TestSupport
import Testing

@testable import Diagnosis
@testable import HybridFlow
@testable import Inspection

/// An answer that the person brings by hand: read from many wrappings, judged like any other.
@Suite struct PastedAnswerTests {
  private static let body = "code=c%2F1&id_token=eyJhbGciOiJSUzI1NiJ9.e30.c2ln&state=s-1"
  private static let fields = [
    FormField("code", "c/1"), FormField("id_token", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"),
    FormField("state", "s-1"),
  ]

  @Test(arguments: [
    (body, PastedAnswer.Carrier.body), ("  \n\(body)\r\n\n", .body),
    // A terminal broke the line.
    ("code=c%2F1&id_token=eyJhbGciOiJSUzI1\n  NiJ9.e30.c2ln&state=s-1", .body),
    (
      "curl 'http://localhost:8910/callback' \\\n  -H 'Origin: null' \\\n  --data-raw '\(body)'",
      .body
    ),
    ("POST /callback HTTP/1.1\r\nHost: localhost:8910\r\n\r\n\(body)", .body),
    ("code: c/1\nid_token: eyJhbGciOiJSUzI1NiJ9.e30.c2ln\nstate: s-1", .body),
    ("code=c%2F1\nid_token=eyJhbGciOiJSUzI1NiJ9\n.e30.c2ln\nstate=s-1\n", .body),
    (
      "\"code\": \"c/1\",\n\"id_token\": \"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\",\n\"state\": \"s-1\"",
      .body
    ),
    (
      "<html><body><form method=post action='http://localhost:8910/callback'>"
        + "<input type=hidden name=code value='c&#47;1'><input type=hidden name=id_token "
        + "value=eyJhbGciOiJSUzI1NiJ9.e30.c2ln><input type=hidden name=state value=s-1></form>",
      .body
    ),
    ("http://localhost:8910/callback?\(body)", .query), ("?\(body)", .query),
    ("curl \"http://localhost:8910/callback?\(body)\"", .query),
    ("http://localhost:8910/callback#\(body)", .fragment), ("#\(body)", .fragment),
  ])
  func `every wrapping gives the same fields, and says what carried them`(
    text: String, carrier: PastedAnswer.Carrier
  ) throws {
    let answer = try PastedAnswer(text)
    #expect(answer.fields == Self.fields)
    #expect(answer.carrier == carrier)
    #expect(!answer.source.isEmpty)
  }

  @Test(arguments: [
    ("", "empty"), ("hello world", "Nothing of an answer"),
    ("https://op.example/authorize?client_id=a&response_type=code&redirect_uri=b", "the request"),
    ("grant_type=authorization_code&code=x", "token endpoint"),
    ("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}", "token endpoint"),
    ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "token alone"),
    ("{\"keys\":[]}", "document of the provider"), ("code=%zz&state=a", "cannot be read"),
    ("logout_token=eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "None of its fields"),
    ("curl 'https://op.example/'", "carries nothing"),
  ])
  func `what is no answer is named, with what to paste instead`(text: String, words: String) {
    #expect {
      try PastedAnswer(text)
    } throws: { error in
      let message = (error as? PastedError)?.message ?? ""
      return message.contains(words)
    }
  }

  @Test func `a long text around an answer is read, an answer longer than on the wire is not`()
    throws
  {
    let cookie = String(repeating: "a", count: 900_000)
    let curl = "curl 'http://localhost:8910/callback' -b '\(cookie)' --data-raw '\(Self.body)'"
    #expect(try PastedAnswer(curl).fields == Self.fields)
    let most = String(repeating: "a", count: Limit.requestBodyBytes - 13)
    #expect(try PastedAnswer("state=s&code=\(most)").fields.count == 2)
    for more in ["a", String(repeating: "a", count: PastedReader.textBytes)] {
      #expect {
        try PastedAnswer("state=s&code=\(most)\(more)")
      } throws: { error in
        (error as? PastedError)?.message.contains(" bytes") == true
      }
    }
  }

  @Test func `an answer for another address is told apart`() throws {
    let uri = try Sample.url("http://localhost:8910/callback")
    let same = try PastedAnswer("http://localhost:8910/callback?code=a")
    #expect(same.misdirection(from: uri) == nil)
    #expect(try PastedAnswer("code=a").misdirection(from: uri) == nil)
    let other = try PastedAnswer("http://localhost:3000/cb?code=a")
    #expect(other.misdirection(from: uri)?.contains("http://localhost:3000/cb") == true)
    let app = try PastedAnswer("com.example.app:/back?code=a")
    #expect(app.misdirection(from: uri)?.contains("another application") == true)
  }

  // MARK: - In a run

  /// A run whose browser is away, and the answer that it would bring.
  private func away() throws -> (drive: Drive, fields: [FormField]) {
    var configuration = try Sample.configuration()
    configuration.userAgent = .external
    var drive = Drive(configuration, try HonestProvider())
    try drive.run { $0.stateName == "requested" }
    var machine = drive
    let effects = try machine.deliver(.advanced)
    guard case .openBrowser(let url)? = effects.first else { throw Unexpected("no browser") }
    let asked = try FormEncoding.decode(url.query ?? "")
    let fields = try machine.provider.answer(asked, at: drive.now)
    return (machine, fields)
  }

  /// Pastes a text into a run whose browser is away, and runs on as far as it goes.
  private func run(pasting text: (String) -> String) throws -> FlowMachine {
    let (drive, fields) = try away()
    var machine = drive.machine
    let answer = try PastedAnswer(text(FormEncoding.encode(fields)))
    var effects = machine.handle(.answerPasted(answer), at: drive.now)
    for _ in 0..<4 {
      #expect(
        !effects.contains { if case .answerCallback = $0 { true } else { false } },
        "nobody waits for an answer")
      guard case .examine(let tasks)? = effects.last else { break }
      effects = machine.handle(.examined(tasks.map(CryptoWork.finding)), at: drive.now)
    }
    return machine
  }

  @Test(arguments: [
    { @Sendable (body: String) in body },
    { @Sendable (body: String) in
      "curl 'http://localhost:8931/callback' -X POST --data-raw '\(body)'"
    },
  ])
  func `a pasted form body is trusted by the same checks, and marked as pasted`(
    text: @Sendable (String) -> String
  ) throws {
    let machine = try run(pasting: text)
    #expect(machine.situation == .ready(next: .exchange))
    let record = machine.transcript[.callback]
    #expect(record.messages.map(\.evidence) == [.pasted])
    #expect(record.checks.contains { $0.id == .callbackMethod && $0.verdict == .pass })
    #expect(record.checks.contains { $0.id == .cHashMatch && $0.verdict == .pass })
    #expect(record.notes.contains { $0.text.contains("pasted this answer") })
    #expect(record.values.contains { $0.name == "code" && $0.isSecret })
  }

  @Test(arguments: ["?", "#"])
  func `an address fails callback-method as it would on the wire`(mark: String) throws {
    let machine = try run { "http://localhost:8931/callback\(mark)\($0)" }
    #expect(
      machine.transcript.failure == .provider(.checksFailed([.callbackMethod, .responseModeExact])))
    let check = machine.transcript[.callback].checks.first { $0.id == .callbackMethod }
    #expect(check?.found == (mark == "?" ? "GET" : "GET, with the answer behind the #"))
    let advice = DiagnosisEngine.diagnose(
      evidence: DiagnosisEvidence(
        transcript: machine.transcript, configuration: try Sample.configuration()))
    #expect(
      advice.first?.id == (mark == "?" ? "run-form-post-ignored" : "run-answer-in-fragment"))
  }

  @Test func `the answer of another sign-in fails by its state`() throws {
    let machine = try run { $0.replacing("state=", with: "state=x") }
    #expect(machine.transcript.failure == .provider(.checksFailed([.stateMatch])))
    let alone = try run { _ in "code: abc" }
    #expect(alone.transcript.failure?.failedChecks.contains(.stateMatch) == true)
    let error = try run { _ in "error=access_denied&state=\(Sample.secrets.state)" }
    #expect(error.transcript.failure?.code == "person.declined")
  }

  @Test func `after a pasted answer the real one is answered and not processed`() throws {
    var machine = try run { $0 }
    let late = HTTPRequest(method: "POST", target: "/callback")
    #expect(
      machine.handle(.callbackArrived(CallbackNumber(1), late), at: Sample.start)
        == [.answerCallback(CallbackNumber(1), .repeated)])
    let before = machine.state
    #expect(machine.handle(.answerPasted(try PastedAnswer("code=a")), at: Sample.start) == [])
    #expect(machine.state == before)
    #expect(machine.transcript[.callback].notes.last?.text.contains("had been taken") == true)
  }

  @Test(arguments: [
    ("state=wrong", CallbackRefusal.foreign), ("", .notPosted), ("error=login_required", .error),
  ])
  func `a GET with our state is refused in words of its own`(
    change: String, refusal: CallbackRefusal
  ) throws {
    let (drive, fields) = try away()
    var machine = drive.machine
    var answer = fields
    var method = "GET"
    if change.hasPrefix("state") {
      answer.change("state") { _ in "wrong" }
      method = "POST"
    } else if change.hasPrefix("error") {
      answer = [FormField("error", "login_required"), FormField("state", Sample.secrets.state)]
      method = "POST"
    }
    let text = FormEncoding.encode(answer)
    let request = HTTPRequest(
      method: method, target: method == "GET" ? "/callback?\(text)" : "/callback",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: method == "GET" ? [] : Array(text.utf8))
    var effects = machine.handle(.callbackArrived(CallbackNumber(1), request), at: drive.now)
    if case .examine(let tasks)? = effects.last {
      effects = machine.handle(.examined(tasks.map(CryptoWork.finding)), at: drive.now)
    }
    // A post of somebody else is answered, and the run waits on.
    let answered: CallbackAnswer = refusal == .foreign ? .notOurs : .refused(refusal)
    #expect(effects.first == .answerCallback(CallbackNumber(1), answered))
  }
}

/// The code exchanged at once, however long the person looks at stage 5.
@Suite struct ExchangeAtOnceTests {
  private func untilTokens(
    _ change: (inout FlowConfiguration) -> Void, ordering event: FlowEvent? = nil,
    at state: String = "trusted"
  ) throws -> Drive {
    var configuration = try Sample.configuration()
    change(&configuration)
    var drive = Drive(configuration, try HonestProvider())
    try drive.run { $0.stateName == state }
    if let event { try drive.deliver(event) }
    return drive
  }

  @Test func `the order at stage 5 runs to the tokens without being asked again`() throws {
    var drive = try untilTokens({ _ in }, ordering: .exchangeRequested)
    let turns = drive.turns.count
    try drive.run { $0.situation == .ready(next: .api) }
    #expect(drive.machine.situation == .ready(next: .api))
    #expect(!drive.turns.dropFirst(turns).contains { $0.event == .advanced })
    #expect(drive.transcript[.tokens].status == .passed)
    #expect(drive.tokenRequests.count == 1)
    // The API is the person's business again.
    #expect(drive.transcript[.api].startedAt == nil)
  }

  @Test func `the order may come before the answer, and stand in the configuration`() throws {
    var early = try untilTokens({ _ in }, ordering: .exchangeRequested, at: "browserAway")
    try early.run { $0.stateName == "authorized" }
    var always = try untilTokens({ $0.exchangesAtOnce = true }, at: "browserAway")
    try always.run { $0.stateName == "authorized" }
    for drive in [early, always] {
      #expect(drive.machine.stateName == "authorized")
      let began = drive.transcript[.exchange].startedAt
      #expect(began == drive.transcript[.callback].endedAt)
    }
  }

  @Test func `an answer that is not trusted is not exchanged`() throws {
    var provider = try HonestProvider()
    provider.editFields = { $0.change("state") { _ in "wrong" } }
    var configuration = try Sample.configuration()
    configuration.exchangesAtOnce = true
    let drive = try Drive.run(configuration, provider)
    #expect(drive.tokenRequests.isEmpty)
    #expect(drive.transcript.failure == .provider(.checksFailed([.stateMatch])))
  }

  @Test func `a refused code ends the run at stage 7, and sign-on only has nothing to exchange`()
    throws
  {
    var configuration = try Sample.configuration()
    configuration.exchangesAtOnce = true
    var provider = try HonestProvider()
    provider.editTokenResponse = {
      $0 = HTTPResponse(
        status: 400, mediaType: "application/json", text: #"{"error":"invalid_grant"}"#)
    }
    let drive = try Drive.run(configuration, provider)
    #expect(drive.transcript[.verify].failure?.code == "provider.token_error")
    configuration.signOnOnly = true
    #expect(try Drive.run(configuration).tokenRequests.isEmpty)
  }
}

/// What is known of providers beside their metadata.
@Suite struct ProviderProfileTests {
  @Test(arguments: [
    ("https://dev.okta.com/oauth2/default", Provider.okta, Int64?(60)),
    ("https://id.example/realms/a", .keycloak, 60),
    ("https://login.microsoftonline.com/t/v2.0", .entra, 600),
    ("https://appleid.apple.com", .apple, 300), ("https://a.eu.auth0.com/", .auth0, nil),
    ("https://accounts.google.com", .google, nil),
  ])
  func `the issuer gives away how long codes live`(
    issuer: String, provider: Provider, seconds: Int64?
  ) throws {
    let configuration = FlowConfiguration(
      issuer: try Sample.url(issuer), clientID: "a", clientSecret: nil,
      redirectURI: try Sample.url("http://localhost:8910/callback"))
    let habits = ProviderProfile(configuration)
    #expect(habits.provider == provider)
    #expect(habits.codeLifetimeSeconds == seconds)
    #expect(!habits.pages.isEmpty && habits.pages.allSatisfy { $0.hasSuffix(".") })
    // Auth0 asks once more on this machine only.
    #expect(habits.pages.contains { $0.contains("localhost each time") } == (provider == .auth0))
  }

  @Test func `an issuer that says nothing is known by its endpoints`() throws {
    var configuration = try Sample.configuration()
    configuration.issuer = try Sample.url("https://id.example")
    #expect(ProviderProfile(configuration).codeLifetimeSeconds == nil)
    let path = "https://id.example/auth/protocol/openid-connect/"
    configuration.explicitMetadata = ProviderMetadata([
      "authorization_endpoint": .string(path + "auth"), "token_endpoint": .string(path + "token"),
    ])
    #expect(ProviderProfile(configuration).codeLifetimeSeconds == 60)
  }
}
