import Diagnosis
import HybridFlow
import OpenID
import Platform
import Testing

@testable import Recording

/// A login in a HAR becomes a run; each trap of how browsers write such files has a row.
@Suite struct HARTests {
  private func good(_ change: (inout SmallHAR) -> Void = { _ in }) -> SmallHAR {
    var har = SmallHAR()
    har.click(cookie: "login=SECRETCOOKIE; Path=/; Secure; SameSite=None")
    har.signIn()
    change(&har)
    return har
  }

  private func honest() -> SmallHAR { good { $0.post(cookie: "login=SECRETCOOKIE") } }

  @Test func `a login is a run of five stages, and the rest says that it was not seen`() throws {
    let run = try honest().run()
    let stages = run.transcript.stages
    #expect(
      stages.map(\.status.rawValue) == Array(repeating: "passed", count: 5)
        + Array(repeating: "skipped", count: 5))
    #expect(stages.prefix(5).allSatisfy { $0.observed })
    #expect(run.transcript.failure == nil)
    #expect(stages[5].skippedBecause?.holds("Not seen in this file") == true)
    #expect(run.transcript.messages.allSatisfy { $0.evidence == .filed })
    #expect(run.transcript[.callback].messages.map(\.method) == ["POST", "POST"])
    #expect(run.verdict(.stateMatch) == .pass)
    #expect(run.verdict(.nonceMatch) == .pass)
    #expect(run.verdict(.cHashMatch) == .pass)
    // What the file does not carry is not concluded.
    #expect(run.verdict(.idTokenSignature) == .skip)
    #expect(run.verdict(.responseIss) == .skip)
    #expect(run.verdict(.callbackSingleUse) == .skip)
  }

  @Test func `the times are those of the file`() throws {
    let run = try honest().run()
    #expect(run.transcript.startedAt == UnixTime(milliseconds: 1_780_000_001_250))
    #expect(run.transcript[.callback].startedAt == UnixTime(milliseconds: 1_780_000_004_250))
    for (text, milliseconds) in [
      ("2026-05-28T20:26:41.250Z", 1_780_000_001_250),
      ("2026-05-28T22:26:41.25+02:00", 1_780_000_001_250),
      ("2026-05-28T15:26:41.2504-0500", 1_780_000_001_250),
      ("2026-05-28T20:26:41Z", 1_780_000_001_000),
      ("yesterday", nil),
    ] as [(String, Int64?)] {
      #expect(UnixTime(har: text)?.milliseconds == milliseconds, "\(text)")
    }
  }

  /// The answer of this login in one JWT; JARM, section 2.1.
  private func signedAnswer(state: String = SmallHAR.state) -> String {
    let claims: JSONValue = [
      "iss": .string(SmallHAR.provider + "/"), "aud": "client-1",
      "exp": .number(JSONNumber(1_780_000_300)), "code": .string(SmallHAR.code),
      "id_token": .string(SmallHAR.idToken()), "state": .string(state),
    ]
    let header: JSONValue = ["alg": "RS256", "kid": "k1"]
    let parts = [header, claims].map { Base64URL.encode(Array($0.compactText.utf8)) }
    let signature = Base64URL.encode([UInt8](repeating: 7, count: 256))
    return FormEncoding.encode([
      FormField("response", parts.joined(separator: ".") + "." + signature)
    ])
  }

  @Test func `an answer in one JWT is opened, and what the file lacks is not concluded`() throws {
    var har = SmallHAR()
    har.click(SmallHAR.request(mode: "form_post.jwt"), cookie: nil)
    har.signIn(SmallHAR.request(mode: "form_post.jwt"))
    har.post(signedAnswer())
    let run = try har.run()
    #expect(run.transcript.failure == nil)
    for id: CheckID in [.jarmModeExact, .jarmStructure, .jarmAud, .jarmExp, .jarmState] {
      #expect(run.verdict(id) == .pass, "\(id)")
    }
    #expect(run.verdict(.jarmSignature) == .skip)
    #expect(run.verdict(.jarmIss) == .skip)
    #expect(run.verdict(.cHashMatch) == .pass)
    #expect(run.transcript[.callback].tokens.map(\.use) == [.response, .idToken])
    #expect(try har.book().logins.first?.outcome.holds("code, id_token") == true)
  }

  @Test func `an encrypted answer is said to be one`() throws {
    var har = SmallHAR()
    har.click(SmallHAR.request(mode: "form_post.jwt"), cookie: nil)
    har.signIn(SmallHAR.request(mode: "form_post.jwt"))
    har.post("response=eyJhbGciOiJSU0EtT0FFUCJ9.AA.AA.AA.AA&state=" + SmallHAR.state)
    #expect {
      try har.run()
    } throws: {
      "\($0)".contains("encrypted")
    }
  }

  // MARK: - Traps

  /// The same answer, as different writers keep it.
  static let carriages: [(name: String, mode: String?, add: @Sendable (inout SmallHAR) -> Void)] = [
    ("a form post, raw", "form_post", { $0.post() }),
    (
      "only params, percent-encoded", "form_post",
      { har in
        har.add("POST", SmallHAR.application + "/callback", 302, posts: params(encoded: true))
      }
    ),
    (
      "only params, decoded", "form_post",
      { har in
        har.add("POST", SmallHAR.application + "/callback", 302, posts: params(encoded: false))
      }
    ),
    (
      "a fragment in Location only", "fragment",
      { har in
        let target = SmallHAR.application + "/callback#" + SmallHAR.answer()
        har.add(
          "POST", SmallHAR.provider + "/consent", 302, gets: [("location", target)],
          redirect: SmallHAR.application + "/callback")
        har.add("GET", SmallHAR.application + "/callback")
      }
    ),
    (
      "a fragment in redirectURL, Location missing", "fragment",
      { har in
        let target = SmallHAR.application + "/callback#" + SmallHAR.answer()
        har.add("POST", SmallHAR.provider + "/consent", 302, redirect: target)
        har.add("GET", SmallHAR.application + "/callback")
      }
    ),
    (
      "a fragment in the address", nil,
      { har in har.add("GET", SmallHAR.application + "/callback#" + SmallHAR.answer()) }
    ),
    (
      "redirectURL empty although there is a Location", "fragment",
      { har in
        let target = SmallHAR.application + "/callback#" + SmallHAR.answer()
        har.add("POST", SmallHAR.provider + "/consent", 302, gets: [("Location", target)])
        har.add("GET", SmallHAR.application + "/callback")
      }
    ),
    (
      "a fragment that the page posts to its own address", "fragment",
      { har in
        let target = SmallHAR.application + "/callback#" + SmallHAR.answer()
        har.add("POST", SmallHAR.provider + "/consent", 302, gets: [("Location", target)])
        har.add("GET", SmallHAR.application + "/callback")
        har.post(SmallHAR.answer() + "&response_mode=fragment", from: "same-origin")
      }
    ),
    (
      "status 0, as Firefox has it", "form_post",
      { har in
        har.post(SmallHAR.answer(), 0)
      }
    ),
    (
      "only the page that posts the form", "form_post",
      { har in
        let inputs = ((try? FormEncoding.decode(SmallHAR.answer())) ?? []).map {
          "<input type=hidden name=\($0.name) value=\"\($0.value)\">"
        }
        har.add(
          "POST", SmallHAR.provider + "/consent",
          body:
            "<form method=post action=\"\(SmallHAR.application)/callback\">\(inputs.joined())</form>"
        )
      }
    ),
  ]

  private static func params(encoded: Bool) -> JSONValue {
    let fields = (try? FormEncoding.decode(SmallHAR.answer(token: SmallHAR.idToken()))) ?? []
    return [
      "mimeType": "application/x-www-form-urlencoded",
      "params": .array(
        fields.map {
          [
            "name": .string($0.name),
            "value": .string(encoded ? FormEncoding.encode($0.value) : $0.value),
          ]
        }),
    ]
  }

  @Test(arguments: Self.carriages.map(\.name))
  func `the answer is the same, however the writer keeps it`(_ name: String) throws {
    let row = try #require(Self.carriages.first { $0.name == name })
    var har = SmallHAR()
    let request = SmallHAR.request(mode: row.mode)
    har.click(request, cookie: nil)
    har.signIn(request)
    row.add(&har)
    let run = try har.run()
    #expect(run.transcript.failure == nil, "\(run.transcript.failure?.message ?? "")")
    #expect(run.verdict(.responseModeExact) == .pass)
    #expect(run.verdict(.cHashMatch) == .pass)
    #expect(run.verdict(.stateMatch) == .pass)
    #expect(try har.book().logins.count == 1)
    #expect(run.transcript[.callback].values.first { $0.name == "code" }?.value == SmallHAR.code)
  }

  @Test func `a fragment although form_post was asked for ends in stage 5`() throws {
    let har = good { $0.add("GET", SmallHAR.application + "/callback#" + SmallHAR.answer()) }
    let run = try har.run()
    #expect(
      run.transcript[.callback].failure?.failedChecks == [.callbackMethod, .responseModeExact])
    let configuration = try #require(run.recording.configuration)
    #expect(RunDiagnosis(run.transcript, configuration)?.stage == .callback)
  }

  @Test func `an error comes as the tenant's word, by form post and by fragment`() throws {
    let error = "error=access_denied&error_description=The+person+declined&state=" + SmallHAR.state
    let posted = try good { $0.post(error, 400) }.run()
    guard case .person(.declined(let denied)) = posted.transcript.failure else {
      Issue.record("\(String(describing: posted.transcript.failure))")
      return
    }
    #expect(denied.description == "The person declined")
    let silent = "error=login_required&state=" + SmallHAR.state
    let run = try good { $0.add("GET", SmallHAR.application + "/callback#" + silent) }.run()
    guard case .provider(.refused(let refused)) = run.transcript.failure else {
      Issue.record("\(String(describing: run.transcript.failure))")
      return
    }
    #expect(refused.code == "login_required")
  }

  /// Refusals that never send the browser back.
  @Test(
    arguments: [
      (403, "", nil),
      (200, "<h1>Error</h1><p>Invalid redirect_uri</p>", "Error / Invalid redirect_uri"),
      (400, #"{"error":"invalid_request","error_description":"no such uri"}"#, "no such uri"),
    ] as [(Int, String, String?)])
  func `a page that refuses ends the run where it stands`(
    _ status: Int, _ body: String, _ words: String?
  ) throws {
    var har = SmallHAR()
    har.add(
      "GET", SmallHAR.request(), status,
      type: body.begins(with: "{") ? "application/json" : "text/html",
      body: body.isEmpty ? nil : body)
    let run = try har.run()
    guard case .provider(.refused(let error)) = run.transcript[.prompt].failure else {
      Issue.record("\(String(describing: run.transcript.failure))")
      return
    }
    #expect(error.endpoint == .page && error.status == status)
    #expect(error.description == words)
  }

  @Test func `without an answer the file ends in its stage, and nobody is blamed`() throws {
    let run = try good().run()
    #expect(run.transcript[.authenticate].failure == .application(.unanswered))
    #expect(run.transcript[.callback].startedAt == nil)
    let configuration = try #require(run.recording.configuration)
    let diagnosis = try #require(RunDiagnosis(run.transcript, configuration))
    #expect(diagnosis.blame == nil && diagnosis.match.id == "run-file-ends")
  }

  @Test func `another state is refused, and none is an answer without one`() throws {
    let other = try good { $0.post(SmallHAR.answer(state: "of-another-login")) }.run()
    #expect(other.transcript[.callback].failure?.failedChecks == [.stateMatch])
    let none = try good { $0.post(SmallHAR.answer(state: nil)) }.run()
    #expect(none.transcript[.callback].failure?.failedChecks == [.stateMatch])
  }

  @Test func `parameters that travelled another way are not known, and nothing is made of it`()
    throws
  {
    var har = SmallHAR()
    har.signIn(SmallHAR.provider + "/authorize?client_id=client-1&request_uri=urn%3Aabc")
    har.post()
    let run = try har.run()
    #expect(run.transcript.failure == nil)
    for id: CheckID in [.stateMatch, .nonceMatch, .requestState, .responseTypeExact] {
      #expect(run.verdict(id) == .skip, "\(id.rawValue)")
    }
    #expect(run.notes.contains { $0.holds("only a reference") })
  }

  @Test func `another mode than the one that was asked for is told by its name`() throws {
    var har = SmallHAR()
    let request = SmallHAR.request(mode: "query")
    har.signIn(request)
    har.post()
    let run = try har.run()
    let configuration = try #require(run.recording.configuration)
    let diagnosis = try #require(RunDiagnosis(run.transcript, configuration))
    #expect(diagnosis.match.cause.holds("response_mode=query"))
  }

  // MARK: - Many entries

  @Test func `one state in many entries is one login, told how often`() throws {
    var har = honest()
    har.add("GET", SmallHAR.request(), 302)
    har.add("GET", SmallHAR.request().replacing(bytes: "/authorize?", with: "/resume?"), 302)
    har.post(cookie: "login=SECRETCOOKIE")
    let book = try har.book()
    #expect(book.logins.map(\.repeats) == [3])
    #expect(book.logins.map(\.answers) == [2])
    let run = try har.run()
    #expect(run.notes.contains { $0.holds("in the file 3 times") })
    #expect(run.notes.contains { $0.holds("in the file 2 times") })
    #expect(run.transcript.failure == nil)
  }

  @Test func `two tabs that mix their entries are two logins, each with its own answer`() throws {
    var har = SmallHAR()
    let second = "state-of-the-second-tab-2"
    har.signIn()
    har.signIn(SmallHAR.request(state: second))
    har.post("error=access_denied&state=" + second)
    har.post()
    for index in 0..<300 { har.add("GET", "https://cdn.example/\(index).png", type: "image/png") }
    let book = try har.book()
    #expect(
      book.logins.map(\.outcome) == [
        "an answer by form post: code, id_token", "an error: access_denied",
      ])
    #expect(throws: UsageError.self) { try book.recording() }
    #expect(try har.run(1).transcript.failure == nil)
    #expect(try har.run(2).transcript.failure?.code == "person.declined")
    #expect(throws: UsageError.self) { try book.recording(login: 3) }
    #expect(book.json.split(at: "\n").count == 2)
  }

  // MARK: - What is no login, or no HAR

  @Test func `a file without a login says what it holds instead`() throws {
    let rows: [(String, (inout SmallHAR) -> Void)] = [
      ("SAML", { $0.add("GET", "https://op.example/saml?SAMLRequest=abc") }),
      (
        "token endpoint",
        {
          $0.add(
            "POST", "https://op.example/token",
            posts: SmallHAR.form("grant_type=authorization_code&code=x"), type: "application/json")
        }
      ),
      ("response_type=code,", { $0.signIn(SmallHAR.request(type: "code")) }),
      ("answer to the redirect URI", { $0.post() }),
      ("no authorization request", { $0.add("GET", "https://example.com/") }),
    ]
    for (words, add) in rows {
      var har = SmallHAR()
      add(&har)
      let error = #expect(throws: UsageError.self) { _ = try har.book() }
      #expect(error?.message.holds(words) == true, "\(error?.message ?? "")")
    }
  }

  @Test func `a damaged file is refused with a place, or read as far as it goes`() throws {
    let whole = honest().bytes
    let cut = Array(whole.dropLast(900))
    let book = try HARBook(cut, named: "cut.har")
    #expect(book.warnings.first?.holds("cut off at byte") == true)
    #expect(try HARBook([0xEF, 0xBB, 0xBF] + whole, named: "bom.har").logins.count == 1)
    for (bytes, words) in [
      (Array(whole.prefix(200)), "cut off before its first entry"), (Array("{]".utf8), "not JSON"),
      (Array("{\"log\":{}}".utf8), "no log.entries"),
      (Array("{\"log\":{\"entries\":[]}}".utf8), "without entries"),
      (Array("{\"log\":{\"entries\":[1,{},{\"request\":7}]}}".utf8), "without entries"),
    ] {
      let error = #expect(throws: UsageError.self) { try HARBook(bytes, named: "x.har") }
      #expect(error?.message.holds(words) == true, "\(error?.message ?? "")")
    }
  }

  // MARK: - Saved

  @Test
  func `a login of a HAR is saved as a recording without its secrets, with the same verdicts`()
    throws
  {
    let recording = try honest().book().recording()
    var writer = RecordingWriter(key: testKey, replacesPersonal: true)
    let text = recording.events.map { writer.lines(for: $0.event, at: $0.at).joined() }.joined()
    for secret in [SmallHAR.code, "SECRETCOOKIE", "hunter2hunter2", SmallHAR.idToken()] {
      #expect(!text.holds(secret), "\(secret)")
    }
    var saved = ReplayRun(try Recording.read(Array(text.utf8)))
    saved.finish()
    let run = try honest().run()
    #expect(saved.transcript.checks.map(\.verdict) == run.transcript.checks.map(\.verdict))
    #expect(saved.differences.isEmpty)
    #expect(saved.recording.configuration?.witness != nil)
  }
}
