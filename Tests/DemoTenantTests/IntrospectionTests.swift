import Cryptography
import OpenID
import Testing

@testable import DemoTenant

/// RFC 7662 at the demo tenant.
@Suite struct IntrospectionTests {
  private func basic(_ id: String, _ secret: Secret) -> HTTPHeaders {
    ["Authorization": ClientAuthentication.basicHeader(clientID: id, secret: secret)]
  }

  private func ask(
    _ world: inout World, _ token: String?, headers: HTTPHeaders? = nil
  ) throws -> JSONValue {
    let own = basic(TenantSettings.demoClientID, World.secret)
    let response = world.post(
      "/oauth/introspect", [FormField("token", token ?? "")], headers: headers ?? own)
    #expect(response.status == 200, "\(response.bodyText)")
    #expect(response.headers["Cache-Control"] == "no-store")
    return try JSONParser.parse(response.body)
  }

  @Test(arguments: ["read:appointments", "profile"])
  func `a client learns what its own tokens are good for, and nobody else does`(
    scope: String
  ) throws {
    var world = try World()
    let tokens = try world.tokens(["scope": "openid offline_access \(scope)"])
    for kind in ["access_token", "refresh_token"] {
      let token = tokens[kind]?.string
      let answer = try ask(&world, token)
      #expect(answer["active"] == true)
      #expect(answer["client_id"]?.string == TenantSettings.demoClientID)
      #expect(answer["scope"]?.string?.contains("openid") == true)
      #expect(answer["sub"]?.string?.isEmpty == false)
      let other = try ask(
        &world, token, headers: basic("other", Secret("other-secret")))
      #expect(other == ["active": false])
    }
    for other in [tokens["id_token"]?.string, "guess"] {
      #expect(try ask(&world, other) == ["active": false])
    }
  }

  @Test func `a token that ended is not active`() throws {
    var world = try World()
    let scope = "openid offline_access read:appointments"
    let first = try world.tokens(["scope": scope])
    let used = first["refresh_token"]?.string
    let refreshed = try JSONParser.parse(world.refresh(used).body)
    #expect(try ask(&world, used) == ["active": false], "it was used")
    #expect(try ask(&world, refreshed["refresh_token"]?.string)["active"] == true)
    let own = basic(TenantSettings.demoClientID, World.secret)
    let access = refreshed["access_token"]?.string ?? ""
    _ = world.post("/oauth/revoke", [FormField("token", access)], headers: own)
    #expect(try ask(&world, access) == ["active": false], "it was revoked")
    world.advance(seconds: 90_000_000)
    #expect(try ask(&world, first["access_token"]?.string) == ["active": false], "it expired")
  }

  @Test func `who cannot prove who it is learns nothing`() throws {
    var world = try World {
      $0.clients.append(
        TenantClient(id: "public", secret: nil, redirectURIs: ["http://localhost:8930/callback"]))
    }
    let token = try world.tokens()["access_token"]?.string ?? ""
    let fields = [FormField("token", token)]
    #expect(world.post("/oauth/introspect", fields).status == 401)
    let posing = world.post("/oauth/introspect", fields + [FormField("client_id", "public")])
    #expect(posing.status == 401)
    let wrong = basic(TenantSettings.demoClientID, Secret("wrong"))
    #expect(world.post("/oauth/introspect", fields, headers: wrong).status == 401)
    let own = basic(TenantSettings.demoClientID, World.secret)
    #expect(world.post("/oauth/introspect", [], headers: own).status == 400)
    #expect(world.get("/oauth/introspect").status == 405)
    let metadata = ProviderMetadata(
      try JSONParser.parse(world.get("/.well-known/openid-configuration").body))
    #expect(metadata?.introspectionEndpoint == "http://localhost:9000/oauth/introspect")
  }
}
