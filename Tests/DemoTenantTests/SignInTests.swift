import OpenID
import Testing

@testable import DemoTenant

@Suite struct SignInTests {
  @Test func `the login page lists the people and fills in the hint`() throws {
    let world = try World()
    let page = try World.loginPage(["login_hint": "bob@demo.example\"><b>"])
    let read = try world.readPage(page)
    let form = try #require(read.forms.first)
    let name = try #require(form.inputs.first { $0.name == "username" })
    #expect(name.value == "bob@demo.example\"><b>")
    #expect(name.label == "E-mail address")
    #expect(form.inputs.first { $0.type == "password" }?.label == "Password")
    for person in world.tenant.settings.people {
      #expect(page.bodyText.contains(person.signInName))
    }
    #expect(world.tenant.settings.people.first?.signInName == "ada@demo.example")
    let cookie = try #require(
      { () throws -> String? in
        var world = try World()
        return world.get("/authorize?" + FormEncoding.encode(authorizeFields()))
          .headers["Set-Cookie"]
      }())
    #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
    #expect(!cookie.contains("Secure"))
    #expect(cookie.hasPrefix("demo_tenant_9000="))
  }

  @Test func `over https the cookie is for https only`() throws {
    var world = try World(issuer: "https://tenant.localhost:9443/base/")
    let response = world.get("/base/authorize?" + FormEncoding.encode(authorizeFields()))
    let cookie = try #require(response.headers["Set-Cookie"])
    #expect(cookie.contains("; Secure") && cookie.contains("Path=/base/"))
    #expect(
      response.headers["Location"]?.hasPrefix("https://tenant.localhost:9443/base/u/") == true)
    #expect(world.get("/authorize").status == 404)
  }

  @Test func `a wrong password brings the form again, with a message`() throws {
    var world = try World()
    var page = try world.authorize()
    for (name, password) in [
      ("ada@demo.example", "wrong"), ("nobody@demo.example", "hybrid"), ("ada@demo.example", ""),
    ] {
      page = try world.signIn(page, as: name, password: password)
      #expect(page.status == 401)
      #expect(page.bodyText.contains("not the right name and password"))
      #expect(world.tenant.ledger.last?.passed == false)
    }
    page = try world.signIn(page)
    #expect(try world.title(page).hasPrefix("Allow"))
  }

  @Test func `too many wrong passwords make a name wait`() throws {
    var world = try World()
    var page = try world.authorize()
    for _ in 0..<TenantLimit.failedSignIns {
      page = try world.signIn(page, password: "wrong")
      #expect(page.status == 401)
    }
    page = try world.signIn(page)
    #expect(page.status == 429)
    world.advance(seconds: TenantLimit.failedSignInWindowSeconds)
    page = try world.signIn(page)
    #expect(try world.title(page).hasPrefix("Allow"))
  }

  @Test func `a thousand other names do not give a name its tries back`() throws {
    var world = try World()
    var page = try world.authorize()
    for _ in 0..<TenantLimit.failedSignIns {
      page = try world.signIn(page, password: "wrong")
    }
    for number in 0..<(TenantLimit.countedNames + 500) {
      page = try world.signIn(page, as: "name-\(number)@demo.example", password: "wrong")
      #expect(page.status == 401)
    }
    #expect(
      world.tenant.failedSignIns.count
        <= TenantLimit.countedNames + FailureCounts.sharedCounters)
    page = try world.signIn(page)
    #expect(page.status == 429)
    // Somebody who made no mistake gets in, though there is no counter left.
    page = try world.signIn(page, as: "bob@demo.example")
    #expect(try world.title(page).hasPrefix("Allow"))
  }

  @Test func `names that find no room are counted together, and still wait`() {
    let now = UnixTime(seconds: 0)
    let until = now.adding(seconds: 60)
    var counts = FailureCounts(capacity: 10)
    for number in 0..<10 { counts.add("n\(number)", until: until, now: now) }
    for _ in 0..<9 { counts.add("late", until: until, now: now) }
    #expect(counts.failures(of: "late", now: now) == 9)
    for number in 0..<10_000 { counts.add("m\(number)", until: until, now: now) }
    #expect(counts.count <= 10 + FailureCounts.sharedCounters)
    #expect(counts.failures(of: "late", now: now) >= 9)
    #expect(counts.failures(of: "n3", now: now) == 1)
    counts.forget("late")
    #expect(counts.failures(of: "late", now: now) >= 9, "a shared counter is nobody's to forget")
    #expect(counts.failures(of: "late", now: until) == 0)
    let long = String(repeating: "a", count: 200_000)
    counts.add(long, until: until.adding(seconds: 60), now: until)
    #expect(counts.failures(of: long, now: until) == 1)
  }

  @Test func `the consent page lists every permission in words`() throws {
    var world = try World()
    let page = try world.signIn(
      try world.authorize(["scope": "openid email read:appointments offline_access"]))
    let text = try world.readPage(page).lines.joined(separator: "\n")
    for words in [
      "Know that it is you", "See your e-mail address", "See your appointments",
      "while you are away", "Hybrid Flow Explorer", "ada@demo.example",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    let fields = try world.answer(try world.submit(page, pressing: "Decline"))
    #expect(fields["error"] == "access_denied")
    #expect(fields["state"] == "the-state")
  }

  @Test func `a first-party application is not asked about`() throws {
    var world = try World()
    let changes: [String: String?] = [
      "client_id": "other", "redirect_uri": "http://localhost:8920/callback",
      "response_mode": "fragment",
    ]
    let answer = try world.signIn(try world.authorize(changes))
    #expect(try world.answer(answer)["code"] != nil)
    let page = try world.authorize(changes.merging(["prompt": "consent"]) { $1 })
    #expect(try world.title(page).hasPrefix("Allow"))
  }

  @Test func `one sign-in serves later requests of the same browser only`() throws {
    var world = try World()
    let first = try world.verified(try world.flow()["id_token"])
    world.advance(seconds: 100)
    let second = try world.verified(try world.answer(try world.authorize())["id_token"])
    #expect(second["auth_time"] == first["auth_time"] && second["sid"] == first["sid"])
    #expect(try world.answer(try world.authorize(["prompt": "none"]))["code"] != nil)
    #expect(
      try world.answer(
        try world.authorize(["prompt": "none", "scope": "openid phone"]))["error"]
        == "consent_required")
    #expect(try world.title(try world.authorize(["scope": "openid phone"])).hasPrefix("Allow"))
    #expect(try world.title(try world.authorize(["prompt": "login"])) == "Sign in")
    #expect(try world.title(try world.authorize(["prompt": "consent"])).hasPrefix("Allow"))
    #expect(try world.answer(try world.authorize(["max_age": "100"]))["code"] != nil)
    #expect(try world.title(try world.authorize(["max_age": "99"])) == "Sign in")
    #expect(try world.title(try world.authorize(["max_age": "0"])) == "Sign in")
    #expect(
      try world.answer(try world.authorize(["max_age": "99", "prompt": "none"]))["error"]
        == "login_required")
    let chooser = try world.authorize(["prompt": "select_account"])
    let chosen = try world.submit(chooser, pressing: "Continue as ada@demo.example")
    #expect(try world.answer(chosen)["code"] != nil)
    world.advance(seconds: 12 * 3600)
    #expect(try world.title(try world.authorize()) == "Sign in")
  }

  @Test func `a new sign-in for max_age is fresh and answers the request`() throws {
    var world = try World()
    _ = try world.flow()
    world.advance(seconds: 500)
    let page = try world.signIn(try world.authorize(["max_age": "0"]))
    let claims = try world.verified(try world.answer(page)["id_token"])
    #expect(claims["auth_time"]?.integer == world.now.seconds)
  }

  @Test func `an ID token as a hint asks for that very person`() throws {
    var world = try World()
    let hint = try world.flow()["id_token"]
    #expect(
      try world.answer(try world.authorize(["id_token_hint": hint, "prompt": "none"]))["code"]
        != nil)
    world.cookies = [:]
    _ = try world.flow(as: "bob@demo.example")
    let silent = try world.authorize(["id_token_hint": hint, "prompt": "none"])
    #expect(try world.answer(silent)["error"] == "login_required")
    let page = try world.authorize(["id_token_hint": hint])
    #expect(try world.title(page) == "Sign in")
    let wrong = try world.signIn(page, as: "grace@demo.example")
    #expect(try world.answer(wrong)["error"] == "login_required")
  }

  @Test func `nobody else can go on with a sign-in`() throws {
    var world = try World()
    let start = world.get("/authorize?" + FormEncoding.encode(authorizeFields()))
    let location = try #require(start.headers["Location"])
    let login = try world.follow(start)
    _ = try world.signIn(login)
    let state = try WebURL(location).query ?? ""
    var stranger = world
    stranger.cookies = [:]
    for path in ["/u/login?", "/u/consent?", "/authorize/resume?"] {
      #expect(stranger.get(path + state).status == 400)
    }
    _ = try stranger.flow(as: "bob@demo.example")
    #expect(stranger.get("/authorize/resume?" + state).status == 400)
    #expect(world.get("/authorize/resume?" + state).status == 302)
  }

  @Test func `a form without the page's token is refused`() throws {
    var world = try World()
    let form = try #require(try world.readPage(try world.authorize()).forms.first)
    var fields = form.submission(values: [], pressing: nil)
    fields += [FormField("username", "ada@demo.example"), FormField("password", "hybrid")]
    fields.removeAll { $0.name == "username" && $0.value.isEmpty }
    fields.removeAll { $0.name == "password" && $0.value.isEmpty }
    let forged = fields.filter { $0.name != "form_token" } + [FormField("form_token", "guess")]
    #expect(world.post("/u/login", forged).status == 400)
    #expect(world.post("/u/login", fields).status == 303)
  }

  @Test func `a sign-in that takes too long is over`() throws {
    var world = try World()
    let page = try world.authorize()
    world.advance(seconds: 3600)
    #expect(try world.signIn(page).status == 400)
  }

  @Test func `people differ as their notes say`() throws {
    for (name, claim, value) in [
      ("bob@demo.example", "email_verified", JSONValue.bool(false) as JSONValue?),
      ("nameless@demo.example", "name", nil),
      ("grace@demo.example", "amr", ["pwd", "otp", "mfa"]),
    ] {
      var world = try World()
      let fields = try world.flow(as: name)
      let tokens = try json(world.exchange(fields["code"]))
      #expect(try world.verified(tokens["id_token"]?.string)[claim] == value, "\(name)")
    }
  }
}
