import Cryptography
import OpenID
import Testing

@testable import DemoTenant

@Suite struct LogoutTests {
  let bye = "http://localhost:8910/bye"

  @Test func `with an ID token as hint the session ends and the browser goes on`() throws {
    var world = try World()
    let token = try world.tokens()["id_token"]?.string ?? ""
    world.advance(seconds: 40_000)
    let fields = [
      FormField("id_token_hint", token), FormField("post_logout_redirect_uri", bye),
      FormField("state", "after"),
    ]
    let response = world.get("/oidc/logout?" + FormEncoding.encode(fields))
    #expect(response.status == 303)
    #expect(response.headers["Location"] == bye + "?state=after")
    #expect(world.cookies.isEmpty)
    #expect(try world.title(try world.authorize()) == "Sign in")
  }

  @Test func `without a hint the person is asked first`() throws {
    var world = try World()
    _ = try world.flow()
    let question = world.post(
      "/oidc/logout",
      [
        FormField("client_id", TenantSettings.demoClientID),
        FormField("post_logout_redirect_uri", bye),
      ])
    #expect(try world.title(question) == "Sign out?")
    #expect(try world.answer(try world.authorize())["code"] != nil)
    #expect(world.post("/oidc/logout/confirm", [FormField("form_token", "guess")]).status == 400)
    let response = try world.submit(question, pressing: "Sign out")
    #expect(response.headers["Location"] == bye)
    #expect(try world.title(try world.authorize()) == "Sign in")
  }

  @Test func `a hint of somebody else is a reason to ask`() throws {
    var world = try World()
    let token = try world.tokens()["id_token"]?.string ?? ""
    world.cookies = [:]
    _ = try world.flow(as: "bob@demo.example")
    let page = world.get("/oidc/logout?id_token_hint=" + token)
    #expect(try world.title(page) == "Sign out?")
  }

  @Test func `a hint names its session even when no cookie comes along`() throws {
    var world = try World()
    let token = try world.tokens()["id_token"]?.string ?? ""
    let cookies = world.cookies
    world.cookies = [:]
    #expect(world.get("/oidc/logout?id_token_hint=" + token).status == 200)
    world.cookies = cookies
    #expect(try world.title(try world.authorize()) == "Sign in")
  }

  @Test(arguments: [
    [("post_logout_redirect_uri", "http://localhost:8910/bye")],
    [("post_logout_redirect_uri", "https://evil.example/"), ("client_id", "other")],
    [("id_token_hint", "x"), ("client_id", "other")],
    [("client_id", "a"), ("client_id", "b")],
  ])
  func `a bad request for logout leads nowhere and signs nobody out`(
    fields: [(String, String)]
  ) throws {
    var world = try World()
    _ = try world.flow()
    let query = FormEncoding.encode(fields.map { FormField($0.0, $0.1) })
    let response = world.get("/oidc/logout?" + query)
    #expect(response.status == 400)
    #expect(response.headers["Location"] == nil)
    #expect(try world.answer(try world.authorize())["code"] != nil)
  }

  @Test func `an access token is no hint`() throws {
    var world = try World()
    let token = try world.tokens()["access_token"]?.string ?? ""
    #expect(world.get("/oidc/logout?id_token_hint=" + token).status == 400)
  }
}

@Suite struct SettingsTests {
  @Test(arguments: [
    ("not a URL", TenantSettingsError.issuer("not a URL")),
    ("http://localhost:9000/?x", .issuer("http://localhost:9000/?x")),
  ])
  func `an issuer is a URL without query`(issuer: String, fault: TenantSettingsError) {
    #expect(throws: fault) { _ = try World(issuer: issuer) }
  }

  @Test func `what makes no tenant is said`() throws {
    #expect(throws: TenantSettingsError.noKey(.es256)) {
      _ = try World { $0.signingAlgorithm = .es256 }
    }
    #expect(throws: TenantSettingsError.noKey(.hs256)) {
      _ = try World(key: try SigningKey.generate(.hs256, keyID: "k")) {
        $0.signingAlgorithm = .hs256
      }
    }
    #expect(throws: TenantSettingsError.redirectURI(callback + "#x", clientID: "other")) {
      _ = try World { $0.clients[1].redirectURIs = [callback + "#x"] }
    }
    #expect(throws: TenantSettingsError.repeated("other")) {
      _ = try World { $0.clients[0].id = "other" }
    }
    #expect(throws: TenantSettingsError.lifetime(seconds: .max)) {
      _ = try World { $0.lifetimes.idTokenSeconds = .max }
    }
  }

  @Test func `without randomness nothing is given out`() throws {
    let settings = TenantSettings.demo(
      issuer: "http://localhost:9000/", redirectURIs: [callback], secret: World.secret)
    var tenant = try DemoTenant(settings: settings, keys: [try rsaKey.get()]) {
      (_: Int) throws(CryptoError) -> [UInt8] in throw .openSSLFailure("empty")
    }
    let target = "/authorize?" + FormEncoding.encode(authorizeFields())
    let response = tenant.handle(
      HTTPRequest(method: "GET", target: target), at: UnixTime(seconds: 1))
    #expect(response.status == 500)
  }
}

@Suite struct MemoryTests {
  @Test func `a tenant prints nothing of what it keeps`() throws {
    var world = try World()
    let code = try #require(try world.flow()["code"])
    var text = "\(world.tenant) \(String(reflecting: world.tenant)) "
    dump(world.tenant, to: &text)
    #expect(text.contains("DemoTenant (http://localhost:9000/)"))
    for secret in [code, World.secret.reveal(), "\(Array(code.utf8))"] {
      #expect(!text.contains(secret))
    }
  }

  @Test func `a memory keeps to its capacity and lets the oldest go`() {
    var memory = BoundedMemory<Int>(capacity: 100)
    let now = UnixTime(seconds: 0)
    for number in 0..<10_000 {
      memory.keep(number, as: "n\(number)", until: now.adding(seconds: 60), now: now)
      #expect(memory.count <= 100)
    }
    #expect(memory.find("n9999", now: now) == 9999)
    #expect(memory.find("n0", now: now) == nil)
    #expect(memory.find("n9999", now: now.adding(seconds: 60)) == nil)
    #expect(memory.find("N9999", now: now) == nil)
  }

  @Test func `a full memory has room for what it knows, and for more when something expires`() {
    var memory = BoundedMemory<Int>(capacity: 3)
    let now = UnixTime(seconds: 0)
    for number in 1...3 {
      #expect(memory.hasRoom(for: "n\(number)", now: now))
      memory.keep(number, as: "n\(number)", until: now.adding(seconds: Int64(number)), now: now)
    }
    #expect(memory.hasRoom(for: "n2", now: now) && !memory.hasRoom(for: "n4", now: now))
    #expect(memory.hasRoom(for: "n4", now: now.adding(seconds: 1)))
  }

  @Test func `texts that only look alike are different names`() {
    var memory = BoundedMemory<Int>(capacity: 10)
    let now = UnixTime(seconds: 0)
    memory.keep(1, as: "K", until: now.adding(seconds: 1), now: now)
    #expect(memory.find("\u{212A}", now: now) == nil)
  }

  @Test func `thousands of begun sign-ins leave nothing behind but the newest`() throws {
    var world = try World()
    let target = "/authorize?" + FormEncoding.encode(authorizeFields())
    for _ in 0..<3000 {
      world.cookies = [:]
      #expect(world.get(target).status == 302)
    }
    #expect(world.tenant.transactions.count <= TenantLimit.transactions)
    #expect(world.tenant.sessions.count <= TenantLimit.sessions)
    #expect(world.tenant.ledger.count <= TenantLimit.ledgerEntries)
    #expect(world.tenant.requestCount == 3000)
  }
}
