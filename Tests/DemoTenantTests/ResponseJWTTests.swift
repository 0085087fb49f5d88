import Cryptography
import DemoTenant
import OpenID
import Testing

/// The answer as one JWT; JARM.
@Suite struct ResponseJWTTests {
  /// The claims of an answer, after its signature was verified with the published key.
  private func claims(_ world: World, _ fields: [FormField]) throws -> JSONValue {
    #expect(fields.map(\.name) == ["response"])
    let jws = try CompactJWS(try #require(fields["response"]))
    let key = try rsaKey.get()
    #expect(jws.keyID == key.keyID && jws.algorithm == .rs256)
    #expect(try Signature.verify(jws, algorithm: .rs256, key: key.publicJWK))
    let claims = try jws.claims()
    #expect(claims["iss"]?.string == "http://localhost:9000/")
    #expect(claims["aud"]?.string == TenantSettings.demoClientID)
    let exp = try #require(claims["exp"]?.integer)
    #expect(exp > world.now.seconds && exp <= world.now.seconds + 600)
    #expect(claims["state"]?.string == "the-state")
    return claims
  }

  @Test(arguments: ["form_post.jwt", "fragment.jwt", "jwt"])
  func `it carries what the plain answer has, the seconds as a number`(mode: String) throws {
    var world = try World()
    let fields = try world.flow([
      "response_mode": mode, "response_type": "code id_token token",
    ])
    let claims = try claims(world, fields)
    #expect(claims["token_type"]?.string == "Bearer")
    #expect(claims["expires_in"]?.integer != nil && claims["expires_in"]?.string == nil)
    let response = world.exchange(claims["code"]?.string)
    #expect(response.status == 200, "\(response.bodyText)")
  }

  @Test func `an error travels the same way`() throws {
    var world = try World()
    let page = try world.authorize(["response_mode": "fragment.jwt", "prompt": "none"])
    let claims = try claims(world, try world.answer(page))
    #expect(claims["error"]?.string == "login_required")
    #expect(claims["code"] == nil)
  }

  @Test func `tokens are not answered in a query, signed or not`() throws {
    var world = try World()
    let page = try world.authorize(["response_mode": "query.jwt"])
    #expect(page.status == 400 && page.headers["Location"] == nil)
    let code = try world.flow(["response_mode": "query.jwt", "response_type": "code"])
    _ = try claims(world, code)
  }

  @Test func `the document lists the modes and how such answers are signed`() throws {
    var world = try World()
    let json = try JSONParser.parse(world.get("/.well-known/openid-configuration").body)
    let modes = json["response_modes_supported"]?.strings ?? []
    for mode in ["query.jwt", "fragment.jwt", "form_post.jwt", "jwt"] {
      #expect(modes.contains(mode), "\(mode)")
    }
    #expect(json["authorization_signing_alg_values_supported"]?.strings == ["RS256"])
  }
}
