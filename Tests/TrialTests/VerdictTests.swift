import DemoTenant
import HybridFlow
import Lab
import OpenID
import Testing

@testable import Trial

@Suite struct VerdictTests {
  private static let request = [
    FormField("response_type", "code id_token"), FormField("response_mode", "form_post"),
    FormField("state", "s"), FormField("nonce", "n"),
  ]

  private func traits(
    _ type: ResponseType = .codeIDToken, _ change: (inout ApplicationTraits) -> Void = { _ in }
  ) -> ApplicationTraits {
    var traits = ApplicationTraits(
      type: type, request: Self.request, takesFormPost: true, takesFragment: false,
      redeemsCode: true, asksUserinfo: true, callsAPI: false, refreshes: false,
      signsOutAtTenant: false, fetchesMetadataAgain: false, fetchesKeysAgain: false,
      showsUserinfo: false, runsScripts: false)
    change(&traits)
    return traits
  }

  /// An application that keeps a session, and has met the fault.
  private func verdict(
    _ id: String, signsIn: Bool, text: String = "page", traits: ApplicationTraits? = nil,
    _ change: (inout Visit) -> Void = { _ in }
  ) throws -> TrialVerdict {
    let signs = try #require(
      SignInSigns(
        honest: [visit(try endPage("Hello"), stays: true)],
        declined: visit(try endPage("Sorry", status: 400), stays: false), text: nil,
        people: TenantSettings.demoPeople(issuer: "http://localhost:9000/")))
    let fault = try #require(Lab.fault(id))
    var seen = visit(try endPage(text, status: signsIn ? 200 : 400), stays: signsIn)
    seen.wasAttacked = true
    seen.tenant.authorizations = [Self.request]
    seen.tenant.spoilt = SpoiltMessage.allCases
    change(&seen)
    return TrialEvidence(
      fault: fault, visit: seen, signs: signs, traits: traits ?? self.traits()
    ).verdict
  }

  private let exchange = TenantSighting.Exchange(
    fields: [FormField("grant_type", "authorization_code"), FormField("code", "c")], status: 200,
    error: nil, userAgent: nil)
  private let call = TenantSighting.Call(
    service: .userinfo, token: "t", isInURL: false, status: 200)

  @Test func `a sign-in is let through, a refusal is caught`() throws {
    #expect(try verdict("nonce-altered", signsIn: true).word == "let_through")
    #expect(try verdict("nonce-altered", signsIn: false).word == "caught")
    #expect(try verdict("swapped-code", signsIn: true).word == "let_through")
    #expect(try verdict("second-token-forged", signsIn: false).word == "caught")
  }

  @Test func `what must not be sent decides as well`() throws {
    // A broken front answer: its code must not be sent.
    #expect(
      try verdict("nonce-altered", signsIn: false) { $0.tenant.exchanges = [exchange] }.word
        == "let_through")
    // A broken second token: the code was rightly sent, the access token must not be used.
    #expect(
      try verdict("second-token-forged", signsIn: false) { $0.tenant.exchanges = [exchange] }.word
        == "caught")
    #expect(
      try verdict("token-type-other", signsIn: false) {
        $0.tenant.exchanges = [exchange]
        $0.tenant.calls = [call]
      }.word == "let_through")
    // Its access token is good: an application may ask whose it is before it compares.
    #expect(
      try verdict("second-token-of-another-person", signsIn: false) {
        $0.tenant.exchanges = [exchange]
        $0.tenant.calls = [call]
      }.word == "caught")
    // The access token of the browser's answer is another one, and that is not wrong here.
    #expect(
      try verdict("token-type-other", signsIn: true, traits: traits(.codeIDTokenToken)) {
        $0.frontAccessToken = "t"
        $0.tenant.calls = [call]
      }.word == "not_applicable")
    // What only the tenant can see: the application may send the code.
    #expect(
      try verdict("altered-code", signsIn: false, traits: traits(.codeToken)) {
        $0.tenant.exchanges = [exchange]
      }.word == "caught")
  }

  @Test func `a fault that never reached the application proves nothing`() throws {
    #expect(
      try verdict("nonce-altered", signsIn: false) { $0.tenant.spoilt = [] }.word
        == "not_applicable")
    #expect(
      try verdict("swapped-code", signsIn: false) { $0.wasAttacked = false }.word
        == "not_applicable")
  }

  @Test func `what is only a warning is never held against an application`() throws {
    #expect(try verdict("lives-for-years", signsIn: true).word == "not_applicable")
    #expect(try verdict("lives-for-years", signsIn: false).word == "caught")
  }

  @Test func `what a specification allows is not held against an application`() throws {
    #expect(try verdict("claim-twice", signsIn: true).word == "not_applicable")
    #expect(
      try verdict("claim-twice", signsIn: true, text: "Hello auth0|administrator").word
        == "let_through")
    #expect(try verdict("s-hash-wrong", signsIn: true).word == "not_applicable")
  }

  @Test func `an application that fetches a forger’s keys is found out by that`() throws {
    let verdict = try verdict("key-from-a-url", signsIn: false) {
      $0.tenant.strangersKeyFetches = 1
    }
    #expect(verdict.word == "let_through")
  }

  @Test func `a crash that comes without userinfo as well shows that it was not used`() throws {
    let url = try WebURL("http://localhost:3000/")
    let verdict = try verdict(
      "userinfo-of-another-person", signsIn: false,
      traits: traits { $0.breaksWithoutUserinfo = true }
    ) { $0.end = .noAnswer(url, why: "it broke off") }
    #expect(verdict.word == "caught")
  }

  @Test func `a crash is no refusal`() throws {
    let url = try WebURL("http://localhost:3000/")
    let verdict = try verdict(
      "userinfo-of-another-person", signsIn: false, traits: traits { $0.showsUserinfo = true }
    ) { $0.end = .noAnswer(url, why: "it broke off") }
    #expect(verdict.word == "unclear")
  }

  @Test func `an answer of userinfo is judged by what the page shows of it`() throws {
    let id = "userinfo-of-another-person"
    #expect(
      try verdict(id, signsIn: true, text: "Ada of the Userinfo Answer").word == "let_through")
    #expect(
      try verdict(id, signsIn: true, traits: traits { $0.showsUserinfo = true }).word == "caught")
    #expect(try verdict(id, signsIn: true).word == "not_applicable")
    #expect(try verdict(id, signsIn: false).word == "caught")
  }

  @Test func `a second answer is judged by its code`() throws {
    #expect(
      try verdict("double-post", signsIn: true) { $0.tenant.exchanges = [exchange] }.word
        == "caught")
    #expect(
      try verdict("double-post", signsIn: true) {
        $0.tenant.exchanges = [exchange, exchange]
      }.word == "let_through")
  }

  @Test func `an application that does not answer is not judged`() throws {
    let url = try WebURL("http://localhost:3000/")
    #expect(
      try verdict("nonce-altered", signsIn: false) {
        $0.end = .noAnswer(url, why: "no complete answer")
      }.word == "unclear")
  }

  // MARK: - What applies

  @Test(arguments: [
    ("swapped-code", "applies"), ("nonce-altered", "applies"), ("replaced-keys", "restart"),
    ("metadata-of-another-issuer", "restart"), ("no-nonce", "honest"),
    ("swapped-access-token", "no"), ("login-too-old", "no"), ("refreshed-token-forged", "no"),
    ("apple-secret-wrong-sub", "no"), ("assertion-audience-injected", "no"),
    ("account-by-email", "no"), ("logout-without-state", "no"), ("plain-http", "no"),
    ("userinfo-of-another-person", "applies"), ("cookie-planted", "no"),
    ("jarm-alg-none", "no"), ("jarm-downgraded", "no"), ("jarm-query-with-id-token", "honest"),
  ])
  func `what an application does decides what applies`(id: String, expected: String) throws {
    let fault = try #require(Lab.fault(id))
    let found =
      switch Applicability(fault, traits()) {
      case .applies: "applies"
      case .appliesAfterRestart: "restart"
      case .shownByHonestLogin: "honest"
      case .no: "no"
      }
    #expect(found == expected)
  }

  @Test func `more of an application makes more faults apply`() throws {
    func applies(_ id: String, _ traits: ApplicationTraits) throws -> Bool {
      Applicability(try #require(Lab.fault(id)), traits) == .applies
    }
    #expect(try applies("replaced-keys", traits { $0.fetchesKeysAgain = true }))
    #expect(
      try applies("login-too-old", traits { $0.request.append(FormField("max_age", "300")) }))
    #expect(try !applies("userinfo-forged", traits { $0.asksUserinfo = false }))
    #expect(try !applies("second-token-forged", traits { $0.redeemsCode = false }))
    #expect(try !applies("swapped-code", traits { $0.takesFormPost = false }))
    #expect(try applies("refreshed-token-forged", traits { $0.refreshes = true }))
    // In a JWT nobody in the browser can change a field: what is in it has faults of its own.
    let signed = traits {
      $0.request.removeAll { $0.name == "response_mode" }
      $0.request.append(FormField("response_mode", "form_post.jwt"))
    }
    for id in ["jarm-alg-none", "jarm-downgraded", "jarm-replayed", "jarm-code-beside"] {
      #expect(try applies(id, signed), "\(id)")
    }
    #expect(try !applies("swapped-code", signed))
  }

  @Test(arguments: [
    ("mode-switched", true, false), ("left-over-answer", false, true),
    ("swapped-code", true, true), ("parameter-twice", true, true), ("double-post", true, false),
    ("answer-as-json", true, false), ("type-switched", true, true),
  ])
  func `a browser with scripts makes attacks on a fragment apply`(
    id: String, inForm: Bool, inFragment: Bool
  ) throws {
    let fault = try #require(Lab.fault(id))
    let form = traits { $0.runsScripts = true }
    let fragment = traits {
      ($0.takesFormPost, $0.takesFragment, $0.runsScripts) = (false, true, true)
    }
    #expect((Applicability(fault, form) == .applies) == inForm)
    #expect((Applicability(fault, fragment) == .applies) == inFragment)
  }

  @Test func `an answer that stays in the address of the refusing page is told`() throws {
    func left(_ address: String) throws -> String {
      let page = EndPage(
        url: try WebURL(address), status: 200, text: "No", body: "", cookieNames: [])
      return try verdict("left-over-answer", signsIn: false) {
        $0.end = .page(page)
        $0.tenant.issued = ["the-code"]
      }.why
    }
    // A warning: an application may do it.
    let kept = "its page keeps the refused answer in the address"
    #expect(try left("http://a/callback#code=the-code&state=x").hasSuffix(kept))
    #expect(try left("http://a/callback") == "nobody was signed in")
  }

  @Test func `every fault has a place: it applies somewhere, or says why not`() throws {
    for fault in Lab.faults + Lab.harmless {
      for type in ResponseType.allCases {
        if case .no(let why) = Applicability(fault, traits(type)) {
          #expect(!why.isEmpty && !why.hasSuffix("."), "\(fault.id)")
        }
      }
    }
    for id in OwnDeed.all.keys { #expect(Lab.fault(id) != nil, "\(id)") }
  }

  // MARK: - Its own requests

  @Test func `an application’s own requests are judged by two logins`() throws {
    func judged(_ id: String, _ first: [FormField], _ second: [FormField]) throws -> String {
      var visits = [visit(try endPage("a")), visit(try endPage("b"))]
      visits[0].tenant.authorizations = [first]
      visits[1].tenant.authorizations = [second]
      let deed = try #require(OwnDeed.all[id])
      return deed.judge(traits { $0.request = first }, visits).word
    }
    let long = ["a", "b"].map { String(repeating: $0, count: 22) }
    #expect(
      try judged("guessable-state", [FormField("state", long[0])], [FormField("state", long[1])])
        == "caught")
    #expect(
      try judged("guessable-state", [FormField("state", long[0])], [FormField("state", long[0])])
        == "let_through")
    #expect(
      try judged("guessable-nonce", [FormField("nonce", "12345")], [FormField("nonce", "54321")])
        == "let_through")
    #expect(try judged("no-nonce", [], []) == "let_through")
    #expect(
      try judged("openid-not-asked-for", [FormField("scope", "profile")], []) == "let_through")
    #expect(
      try judged("query-asked-for", [FormField("response_mode", "query")], []) == "let_through")
    #expect(
      try judged(
        "no-pkce",
        [FormField("code_challenge", "x"), FormField("code_challenge_method", "S256")], [])
        == "caught")
  }
}
