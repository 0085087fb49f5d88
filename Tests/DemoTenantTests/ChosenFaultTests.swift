import Cryptography
import DemoTenant
import OpenID
import Testing

/// A fault that one request chooses: for a whole login, or for one answer.
@Suite struct ChosenFaultTests {
  private static let stranger: JSONValue = "a-stranger"

  /// Where a stranger’s name shows in a login with everything in it.
  private struct Seen: Equatable, CustomStringConvertible {
    var front = false
    var tokens = false
    var userinfo = false
    var api = false
    var refresh = false

    var description: String {
      [
        (front, "front"), (tokens, "tokens"), (userinfo, "userinfo"), (api, "api"),
        (refresh, "refresh"),
      ].filter(\.0).map(\.1).joined(separator: " ")
    }
  }

  private static let faults: [(Fault, Seen)] = {
    let edits: [JSONEdit] = [.set("sub", stranger)]
    return [
      (Fault("a", [.claims(.firstIDToken, edits)]), Seen(front: true)),
      (Fault("b", [.claims(.secondIDToken, edits)]), Seen(tokens: true)),
      (Fault("c", [.document(.userinfo, edits)]), Seen(userinfo: true)),
      (Fault("d", [.document(.api, edits)]), Seen(api: true)),
      (Fault("e", [.claims(.refreshedIDToken, edits)]), Seen(refresh: true)),
      (
        Fault("f", FaultyToken.idTokens.map { .claims($0, edits) }),
        Seen(front: true, tokens: true, refresh: true)
      ),
    ]
  }()

  /// The parameters of a login with a refresh token; without an audience the access token is opaque.
  private static func request(isOpaque: Bool) -> [String: String?] {
    let scope = "openid profile offline_access" + (isOpaque ? "" : " read:appointments")
    return ["scope": scope, "audience": isOpaque ? nil : TenantSettings.demoAudience]
  }

  private func isStranger(_ token: String?) throws -> Bool {
    try CompactJWS(try #require(token)).claims()["sub"] == Self.stranger
  }

  /// Goes on after the answer through the browser, by requests that know of no fault.
  private func seen(
    _ fields: [FormField], _ world: inout World, isOpaque: Bool
  ) throws -> Seen {
    var seen = Seen()
    seen.front = try isStranger(fields["id_token"])
    let tokens = try json(world.exchange(fields["code"]))
    seen.tokens = try isStranger(tokens["id_token"]?.string)
    let access = tokens["access_token"]?.string
    seen.userinfo = try json(world.call("/userinfo", bearer: access))["sub"] == Self.stranger
    if !isOpaque {
      seen.api = try json(world.call("/api/appointments", bearer: access))["sub"] == Self.stranger
    }
    let refreshed = try json(
      world.token([
        FormField("grant_type", "refresh_token"),
        FormField("refresh_token", try #require(tokens["refresh_token"]?.string)),
      ]))
    seen.refresh = try isStranger(refreshed["id_token"]?.string)
    return seen
  }

  @Test(arguments: [false, true])
  func `chosen with the authorization request it holds for that login and no other`(
    isOpaque: Bool
  ) throws {
    let request = Self.request(isOpaque: isOpaque)
    for (fault, expected) in Self.faults where !isOpaque || !expected.api {
      var world = try World()
      world.choosing = fault
      let fields = try world.flow(request)
      #expect(try seen(fields, &world, isOpaque: isOpaque) == expected, "\(fault.id)")
      // The same browser once more, signed in: an honest login.
      let later = try world.flow(request)
      #expect(try seen(later, &world, isOpaque: isOpaque) == Seen(), "\(fault.id)")
    }
  }

  @Test func `logins that go on at once keep their faults apart`() throws {
    var world = try World()
    let request = Self.request(isOpaque: false)
    // Two browsers, each with its cookie, and each with a fault of its own; a third without.
    var browsers: [(fault: (Fault, Seen)?, cookies: [String: String], page: HTTPResponse)] = []
    for fault in [Self.faults[0], Self.faults[1], nil] {
      world.cookies = [:]
      world.choosing = fault?.0
      let page = try world.authorize(request)
      browsers.append((fault, world.cookies, page))
    }
    var answers: [[FormField]] = []
    for browser in browsers.reversed() {
      world.cookies = browser.cookies
      let consent = try world.signIn(browser.page)
      answers.insert(try world.answer(world.submit(consent, pressing: "Allow")), at: 0)
    }
    for (browser, fields) in zip(browsers, answers) {
      let found = try seen(fields, &world, isOpaque: false)
      #expect(found == browser.fault?.1 ?? Seen())
    }
  }

  @Test func `chosen with a back-channel request it holds for that answer alone`() throws {
    var world = try World()
    let request = Self.request(isOpaque: false)
    let fields = try world.flow(request)
    world.choosing = Self.faults[1].0
    let tokens = try json(world.exchange(fields["code"]))
    #expect(try isStranger(tokens["id_token"]?.string))
    #expect(world.tenant.committedFault == "b" && world.tenant.honestResponse != nil)
    let access = tokens["access_token"]?.string
    world.choosing = Self.faults[2].0
    #expect(try json(world.call("/userinfo", bearer: access))["sub"] == Self.stranger)
    #expect(try json(world.call("/userinfo", bearer: access))["sub"] != Self.stranger)
    #expect(world.tenant.committedFault == nil && world.tenant.honestResponse == nil)
  }

  @Test func `what is chosen goes before the settings, and nobody is signed out`()
    throws
  {
    var world = try World()
    let request = Self.request(isOpaque: false)
    let code = try world.flow(request)["code"]
    world.tenant.commit(Self.faults[0].0)
    // The code of before is still good, and the browser is still signed in.
    #expect(world.exchange(code).status == 200)
    world.choosing = Self.faults[1].0
    let chosen = try world.answer(world.authorize(request))
    #expect(try seen(chosen, &world, isOpaque: false) == Seen(tokens: true))
    let standing = try world.answer(world.authorize(request))
    #expect(world.tenant.committedFault == "a")
    #expect(try seen(standing, &world, isOpaque: false) == Seen(front: true))
    world.tenant.commit(nil)
    let honest = try world.answer(world.authorize(request))
    #expect(try seen(honest, &world, isOpaque: false) == Seen())
  }

  @Test func `a key that a login has changed to stays published`() throws {
    var world = try World()
    world.choosing = Fault("rotated", [.keys(.rotated)])
    let fields = try world.flow(Self.request(isOpaque: false))
    _ = try world.verified(fields["id_token"])
    let tokens = try json(world.exchange(fields["code"]))
    _ = try world.verified(tokens["id_token"]?.string)
  }
}
