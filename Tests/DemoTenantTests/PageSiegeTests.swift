import OpenID
import Testing

@testable import DemoTenant

/// Every page of the tenant, with hostile names and texts wherever one can come from.
@Suite struct PageSiegeTests {
  private static let evil = "\"><script>alert(1)</script>'&<img src=//evil.example/x>"

  /// The pages by name, as a browser comes by them.
  private static func pages() throws -> [(name: String, response: HTTPResponse)] {
    var world = try World { settings in
      settings.name = "Tenant " + evil
      settings.clients[0].name = "Client " + evil
      settings.clients[0].firstParty = false
      settings.people[0].note = "Note " + evil
      settings.apis[0].name = "API " + evil
    }
    var pages: [(String, HTTPResponse)] = []
    let login = try world.authorize(["state": evil, "login_hint": evil])
    pages.append(("login", login))
    let wrong = try world.signIn(login, as: evil, password: evil)
    pages.append(("wrong password", wrong))
    var waits = wrong
    for _ in 0..<TenantLimit.failedSignIns { waits = try world.signIn(waits, as: evil) }
    pages.append(("too many attempts", waits))
    let consent = try world.signIn(waits)
    pages.append(("consent", consent))
    pages.append(("form post", try world.submit(consent, pressing: "Allow")))
    pages.append(("error by form post", try world.authorize(["state": evil, "scope": evil])))
    pages.append(
      ("cannot begin", try world.authorize(["redirect_uri": "https://evil.example/" + evil])))
    pages.append(("unknown client", try world.authorize(["client_id": evil])))
    pages.append(
      ("stale", world.get("/u/login?state=" + PercentEncoding.query([FormField("x", evil)]))))
    pages.append(("not found", world.get("/%3Cscript%3Ealert(1)%3C/script%3E")))
    pages.append(("sign out?", world.get("/oidc/logout")))
    pages.append(
      (
        "cannot sign out",
        world.get(
          "/oidc/logout?"
            + PercentEncoding.query([
              FormField("client_id", evil),
              FormField("post_logout_redirect_uri", "https://evil.example/"),
            ]))
      ))
    return pages
  }

  @Test func `no page runs, loads or leads to anything of somebody else's`() throws {
    let pages = try Self.pages()
    #expect(pages.count == 12)
    for (name, response) in pages {
      let text = response.bodyText
      #expect(response.headers["Location"] == nil, "\(name)")
      #expect(response.headers.mediaType == "text/html", "\(name): \(text.prefix(100))")
      #expect(!text.contains("<script>") && !text.contains("<img"), "\(name)")
      // What a browser would fetch or go to stands in these attributes.
      for attribute in ["src", "href", "action", "formaction", "srcset", "background", "poster"] {
        for part in text.split(separator: " \(attribute)=\"").dropFirst() {
          let target = String(part.prefix { $0 != "\"" })
          #expect(
            target.hasPrefix("http://localhost:9000/") || target == callback || target == "data:,",
            "\(name): \(attribute) \(target)")
        }
      }
      #expect(!text.contains("url(") && !text.contains("@import"), "\(name)")
    }
  }

  @Test func `every page carries the headers that keep it to itself`() throws {
    for (name, response) in try Self.pages() {
      let policy = response.headers["Content-Security-Policy"] ?? ""
      for rule in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        #expect(policy.contains(rule), "\(name)")
      }
      #expect(!policy.contains("unsafe"), "\(name)")
      #expect(response.headers["X-Frame-Options"] == "DENY", "\(name)")
      #expect(response.headers["X-Content-Type-Options"] == "nosniff", "\(name)")
      #expect(response.headers["Referrer-Policy"] == "no-referrer", "\(name)")
      #expect(response.headers["Cache-Control"]?.contains("no-store") == true, "\(name)")
      #expect(response.headers.all("Access-Control-Allow-Origin").isEmpty, "\(name)")
    }
  }

  @Test(arguments: [
    "https://evil.example/", "//evil.example/", callback + "/", callback + "#x",
    callback + "?", callback + "%2F..", "http://localhost:8910/callback@evil.example",
    "http://LOCALHOST:8910/callback", "http://localhost:8910\\@evil.example/callback",
    "javascript:alert(1)", "http://127.0.0.1:8910/callback", "http://localhost:8911/callback",
  ])
  func `nobody is sent to an address that is only like a registered one`(uri: String) throws {
    var world = try World()
    let response = try world.authorize(["redirect_uri": uri])
    #expect(response.status == 400)
    #expect(response.headers["Location"] == nil)
    #expect(!response.bodyText.contains("<form"))
  }

  @Test(arguments: [Path.login, Path.consent, Path.confirmLogout])
  func `a form that another site sends is refused`(path: String) throws {
    var world = try World()
    let page = try world.signIn(try world.authorize())
    let state = try world.readPage(page).forms[0].inputs.first { $0.name == "state" }?.value
    for token in [nil, "", "guess", state] {
      var fields = [
        FormField("state", state ?? ""), FormField("username", "ada@demo.example"),
        FormField("password", "hybrid"), FormField("action", "accept"),
      ]
      if let token { fields.append(FormField("form_token", token)) }
      let response = world.post(path, fields, headers: ["Origin": "https://evil.example"])
      #expect(response.status == 400)
      #expect(response.headers["Location"] == nil && response.headers["Set-Cookie"] == nil)
    }
  }
}
