import DemoTenant
import Lab
import OpenID
import Recording
import Redaction
import Testing
@testable import HybridFlow
@testable import Session

@Suite struct WatchedLoginTests {
  // MARK: - Whose exchange it is

  @Test func `two logins at once do not mix, whoever comes first`() throws {
    var world = try WatchedTenant()
    let first = try world.begin("ada")
    let second = try world.begin("ben")
    let later = try world.signIn("ben", second)
    let earlier = try world.signIn("ada", first)
    let tokens = try world.redeem(try #require(earlier["code"]))
    #expect(tokens.1 == 1)
    #expect(try world.redeem(try #require(later["code"])).1 == 2)
    let access = try #require(try JSONParser.parse(tokens.0.body)["access_token"]?.string)
    #expect(try world.callUserinfo(access).1 == 1)
    for number in [1, 2] {
      let parameters = try #require(world.logins[number]).parameters
      let state = try world.run(number).transcript[.callback].values.first { $0.name == "state" }
      #expect(state?.value == parameters["state"])
    }
    #expect(try world.run(1).situation == .finished)
    #expect(try world.run(2).situation == .ready(next: .api))
  }

  @Test func `a code that is sent again belongs to the login whose code it was`() throws {
    var world = try WatchedTenant()
    let first = try world.logIn("ada")
    try world.logIn("ben")
    let again = try world.redeem(try #require(first.answer["code"]))
    #expect(again.0.status == 400)
    #expect(again.1 == first.number)
    let transcript = try world.run(first.number).transcript
    let once = transcript[.exchange].checks.filter { $0.id == .codeExchangeOnce }
    #expect(once.map(\.verdict) == [.fail])
    #expect(
      transcript[.verify].serverChecks.contains { $0.id == "code-unused" && $0.passed == false })
    #expect(try world.run(2).transcript.checks.allSatisfy { $0.verdict != .fail })
  }

  @Test func `an altered code is shown at the only login that waits, and nowhere if two wait`()
    throws
  {
    var world = try WatchedTenant()
    let begun = try world.begin("ada")
    _ = try world.signIn("ada", begun)
    #expect(try world.redeem("no-code-of-this-tenant").1 == 1)
    let stop = try world.run(1).transcript.stop
    #expect(stop?.code == "provider.refused.invalid_grant" || stop != nil)
    for name in ["ben", "cem"] { _ = try world.signIn(name, try world.begin(name)) }
    #expect(try world.redeem("another-strange-code").1 == nil)
    #expect(world.logins.strangeCodes == 2)
  }

  @Test func `a refresh and a revocation belong to the login of their token`() throws {
    var world = try WatchedTenant()
    var habits = Habits()
    habits.asks = { fields in
      fields.removeAll { $0.name == "scope" }
      fields.append(FormField("scope", "openid offline_access"))
    }
    try world.logIn("ada", habits)
    let answer = try #require(
      world.logins[1]?.exchanges.first { $0.route == .application(.token) }?.response)
    let refresh = try #require(try JSONParser.parse(answer.body)["refresh_token"]?.string)
    for (path, fields) in [
      (
        "oauth/token",
        [FormField("grant_type", "refresh_token"), FormField("refresh_token", refresh)]
      ),
      ("oauth/revoke", [FormField("token", refresh)]),
    ] {
      let client = [
        FormField("client_id", "app"), FormField("client_secret", WatchedTenant.secret),
      ]
      let request = WatchedTenant.post(
        try WebURL("http://127.0.0.1:9000/" + path), fields + client)
      #expect(world.send(request).1 == 1, "\(path)")
    }
    let notes = try world.run(1).transcript.stages.flatMap(\.notes).map(\.text)
    #expect(notes.contains("The application has used its refresh token: HTTP 200."))
    #expect(notes.contains("The application has revoked a token: HTTP 200."))
  }

  @Test func `the list keeps the newest logins only, and forgets whose names were whose`() throws {
    var world = try WatchedTenant()
    let first = try world.logIn("ada")
    for index in 0..<WatchedLogins.loginsMaximum { _ = try world.begin("visitor-\(index)") }
    #expect(world.logins.logins.count == WatchedLogins.loginsMaximum)
    #expect(world.logins[first.number] == nil)
    #expect(try world.redeem(try #require(first.answer["code"])).1 == nil)
  }

  // MARK: - The run

  @Test(arguments: ResponseType.allCases)
  func `a watched login fills ten stages, and no check fails`(type: ResponseType) throws {
    var world = try WatchedTenant()
    var habits = Habits()
    habits.asks = { fields in
      fields.removeAll { $0.name == "response_type" }
      fields.append(FormField("response_type", type.rawValue))
    }
    try world.logIn("ada", habits)
    let machine = try world.run(1)
    #expect(machine.situation == .finished)
    #expect(machine.transcript.stages.map(\.status) == Stage.allCases.map { _ in .passed })
    #expect(machine.transcript.checks.filter { $0.verdict == .fail } == [])
    #expect(machine.transcript[.verify].observed)
    #expect(machine.transcript[.verify].serverChecks.contains { $0.id == "code-pkce" })
    #expect(machine.transcript.messages.allSatisfy { $0.evidence != .filed })
  }

  @Test func `the stages fill as they happen`() throws {
    var world = try WatchedTenant()
    var newest: [Int] = []
    func look(_ world: WatchedTenant) throws {
      let stages = try world.run(1).transcript.stages
      newest.append(stages.last { $0.startedAt != nil }?.stage.number ?? 0)
    }
    let begun = try world.begin("ada")
    try look(world)
    let answer = try world.signIn("ada", begun)
    try look(world)
    let tokens = try world.redeem(try #require(answer["code"])).0
    try look(world)
    let access = try #require(try JSONParser.parse(tokens.body)["access_token"]?.string)
    _ = try world.callUserinfo(access)
    try look(world)
    #expect(newest == [3, 5, 8, 10])
  }

  @Test func `more of a login only adds events, so that a recording of it goes on`() throws {
    var world = try WatchedTenant()
    var before: [Recording.Stamped] = []
    func grows(_ world: WatchedTenant) throws {
      let events = try #require(world.logins[1]).recording().events
      #expect(events.starts(with: before))
      #expect(events.count > before.count)
      before = events
    }
    let begun = try world.begin("ada")
    try grows(world)
    let answer = try world.signIn("ada", begun)
    try grows(world)
    let tokens = try world.redeem(try #require(answer["code"])).0
    try grows(world)
    let access = try #require(try JSONParser.parse(tokens.body)["access_token"]?.string)
    _ = try world.callUserinfo(access)
    try grows(world)
  }

  /// What an application does wrong, and where it shows: a check of a stage, or a rule of the ledger.
  static let mistakes: [(name: String, habits: Habits, check: CheckID?, rule: String?)] = {
    func asking(_ change: @escaping @Sendable (inout [FormField]) -> Void) -> Habits {
      var habits = Habits()
      habits.asks = change
      return habits
    }
    func redeeming(_ change: @escaping @Sendable (inout [FormField]) -> Void) -> Habits {
      var habits = Habits()
      habits.redeems = change
      return habits
    }
    @Sendable func set(_ name: String, _ value: String?) -> @Sendable (inout [FormField]) -> Void {
      { fields in
        fields.removeAll { $0.name == name }
        if let value { fields.append(FormField(name, value)) }
      }
    }
    var wrongSecret = Habits()
    wrongSecret.secret = "another secret"
    return [
      ("no state", asking(set("state", nil)), .requestState, nil),
      ("a short nonce", asking(set("nonce", "12345")), .requestNonce, nil),
      (
        "no PKCE",
        {
          var habits = asking { fields in
            set("code_challenge", nil)(&fields)
            set("code_challenge_method", nil)(&fields)
          }
          habits.redeems = set("code_verifier", nil)
          return habits
        }(), .requestPKCE, nil
      ),
      ("no verifier", redeeming(set("code_verifier", nil)), nil, "code-pkce"),
      (
        "another redirect URI", redeeming(set("redirect_uri", WatchedTenant.callback + "/")),
        .redirectURISame, "code-redirect-uri"
      ),
      ("a wrong secret", wrongSecret, nil, "client-authenticated"),
    ]
  }()

  @Test(arguments: mistakes.indices)
  func `what an application does wrong shows where it is done`(index: Int) throws {
    let (name, habits, check, rule) = Self.mistakes[index]
    var world = try WatchedTenant()
    try world.logIn("ada", habits)
    let transcript = try world.run(1).transcript
    if let check {
      let verdicts = transcript.checks.filter { $0.id == check }.map(\.verdict)
      #expect(verdicts == [.fail] || verdicts == [.warn], "\(name): \(verdicts)")
    }
    let broken = transcript[.verify].serverChecks.filter { $0.passed == false }.map(\.id)
    if let rule { #expect(broken == [rule], "\(name)") } else { #expect(broken == [], "\(name)") }
  }

  @Test func `a code that comes too late is refused, and the ledger says why`() throws {
    var world = try WatchedTenant()
    let answer = try world.signIn("ada", try world.begin("ada"))
    world.now = world.now.adding(seconds: world.tenant.settings.lifetimes.codeSeconds + 2)
    #expect(try world.redeem(try #require(answer["code"])).0.status == 400)
    let checks = try world.run(1).transcript[.verify].serverChecks
    #expect(checks.contains { $0.id == "code-unexpired" && $0.passed == false })
  }

  @Test func `an application that goes on after a forged answer is seen to go on`() throws {
    let fault = try #require(Lab.fault("nonce-altered")?.tenantFault)
    var world = try WatchedTenant(fault: fault)
    let answer = try world.signIn("ada", try world.begin("ada"))
    var transcript = try world.run(1).transcript
    #expect(transcript[.callback].checks.contains { $0.id == .nonceMatch && $0.isOfAnother })
    #expect(transcript[.exchange].startedAt == nil)
    _ = try world.redeem(try #require(answer["code"]))
    transcript = try world.run(1).transcript
    let front = transcript[.exchange].checks.first { $0.id == .noExchangeBeforeFrontOK }
    #expect(front?.verdict == .fail)
    #expect(transcript[.tokens].startedAt != nil)
  }

  @Test func `what has not been done after a while is told as not done`() throws {
    var world = try WatchedTenant()
    var habits = Habits()
    habits.callsUserinfo = false
    try world.logIn("ada", habits)
    #expect(world.logins.settle(at: world.now) == [])
    let later = world.now.adding(seconds: WatchedLogins.quietSeconds)
    #expect(world.logins.settle(at: later) == [1])
    let machine = try world.run(1)
    #expect(machine.situation == .finished)
    #expect(machine.transcript[.api].skippedBecause == WatchStages.notDone(.api))
    #expect(machine.transcript.failure == nil)
  }

  @Test func `an application that does not send the code is waited for a while, a person is not`()
    throws
  {
    var world = try WatchedTenant()
    let begun = try world.begin("ada")
    let late = world.now.adding(seconds: 600)
    #expect(world.logins.settle(at: late) == [])
    _ = try world.signIn("ada", begun)
    #expect(world.logins.settle(at: late) == [1])
    let transcript = try world.run(1).transcript
    #expect(transcript[.exchange].skippedBecause == WatchStages.notDone(.exchange))
    #expect(transcript[.callback].status == .passed)
  }

  @Test func `a refused request ends the login with the tenant's words`() throws {
    var world = try WatchedTenant()
    var habits = Habits()
    habits.asks = { fields in
      fields.removeAll { $0.name == "redirect_uri" }
      fields.append(FormField("redirect_uri", "http://127.0.0.1:8930/elsewhere"))
    }
    #expect(try world.begin("ada", habits).status == 400)
    guard case .failed(.prompt, .provider(.refused(let error))) = try world.run(1).situation else {
      Issue.record("\(try world.run(1).situation)")
      return
    }
    #expect(error.status == 400)
    #expect(error.description?.contains("redirect_uri") == true)
  }

  @Test func `a written recording of a watched login has none of its secrets`() throws {
    var world = try WatchedTenant()
    let login = try world.logIn("ada")
    let recording = try #require(world.logins[login.number]).recording()
    var writer = RecordingWriter(key: Array(repeating: 7, count: 32), replacesPersonal: false)
    var text = ""
    for item in recording.events { text += writer.lines(for: item.event, at: item.at).joined() }
    let code = try #require(login.answer["code"])
    for secret in [code, WatchedTenant.secret, WatchedTenant.verifier] {
      let isThere = text.contains(secret)
      #expect(!isThere)
    }
    let namesSource = text.contains("\"source\":\"tenant\"")
    #expect(namesSource)
  }

  @Test func `a pushed request is shown and judged, although the browser brings a reference`()
    throws
  {
    var world = try WatchedTenant()
    let fields = [
      FormField("client_id", "app"), FormField("client_secret", WatchedTenant.secret),
      FormField("redirect_uri", WatchedTenant.callback),
      FormField("response_type", "code id_token"), FormField("response_mode", "form_post"),
      FormField("scope", "openid"), FormField("state", "state-of-a-pushed-login-of-ada"),
      FormField("nonce", "short"),
    ]
    let (pushed, none) = world.send(
      WatchedTenant.post(try WebURL("http://127.0.0.1:9000/oauth/par"), fields))
    #expect(pushed.status == 201 && none == nil)
    let reference = try #require(try JSONParser.parse(pushed.body)["request_uri"]?.string)
    let url = try WebURL("http://127.0.0.1:9000/authorize").adding([
      FormField("client_id", "app"), FormField("request_uri", reference),
    ])
    let begun = world.send(HTTPRequest(method: "GET", url: url), browser: "ada").0
    let answer = try world.signIn("ada", begun)
    #expect(answer["state"] == "state-of-a-pushed-login-of-ada")
    let number = try #require(world.logins.logins.last?.number)
    let transcript = try world.run(number).transcript
    let authorize = transcript[.authorize]
    #expect(authorize.draft?.made["scope"] == "openid")
    #expect(authorize.draft?.made["client_secret"] == nil)
    #expect(authorize.checks.first { $0.id.rawValue == "request-nonce" }?.verdict != .skip)
    #expect(authorize.messages.contains { $0.url.hasSuffix("/oauth/par") })
    #expect(
      transcript[.callback].checks.first { $0.id.rawValue == "state-match" }?.verdict == .pass)
    #expect(authorize.notes.contains { $0.text.contains("back channel (RFC 9126)") })
  }
}
