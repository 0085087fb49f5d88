import Cryptography
import OpenID
import Testing

@testable import DemoTenant

@Suite struct ResourceTests {
  @Test(arguments: ["/userinfo", "/api/appointments"])
  func `bearer errors are those of RFC 6750`(path: String) throws {
    var world = try World()
    let access = try #require(try world.tokens()["access_token"]?.string)
    let cases: [(header: String?, query: String, status: Int, error: String?)] = [
      (nil, "", 401, nil),
      ("Basic YTpi", "", 401, nil),
      ("Bearer", "", 400, "invalid_request"),
      ("Bearer a b", "", 400, "invalid_request"),
      (nil, "?access_token=" + access, 400, "invalid_request"),
      ("Bearer " + access, "?access_token=" + access, 400, "invalid_request"),
      ("Bearer guess", "", 401, "invalid_token"),
      ("Bearer a.b.c", "", 401, "invalid_token"),
      ("bearer " + access, "", 200, nil),
    ]
    for row in cases {
      let headers = HTTPHeaders(row.header.map { [HTTPHeader("Authorization", $0)] } ?? [])
      let response = world.send(
        HTTPRequest(method: "GET", target: path + row.query, headers: headers))
      #expect(response.status == row.status, "\(row)")
      let header = response.headers["WWW-Authenticate"]
      let challenge = header.flatMap(AuthenticationChallenge.init)
      #expect((challenge == nil) == (row.status == 200))
      #expect(challenge?.scheme == (row.status == 200 ? nil : "Bearer"))
      #expect(challenge?.parameters["error"] == row.error)
      #expect(challenge?.parameters["realm"] != (row.status == 200 ? "" : nil))
    }
  }

  /// RFC 6750, section 2.2: optional, by POST in a form, and in no second place.
  @Test func `userinfo takes the token in a form too, and the ledger notes it`() throws {
    let form = "application/x-www-form-urlencoded"
    for opaque in [false, true] {
      var world = try World()
      let changes: [String: String?] = opaque ? ["audience": nil, "scope": "openid"] : [:]
      let access = try #require(try world.tokens(changes)["access_token"]?.string)
      let body = "access_token=" + FormEncoding.encode(access)
      let cases: [(method: String, query: String, header: String?, type: String, body: String, Int)]
      cases = [
        ("POST", "", nil, form, body, 200),
        ("POST", "", nil, form + "; charset=UTF-8", "a=b&" + body, 200),
        ("POST", "", "Bearer " + access, form, "", 200),
        ("POST", "", "Bearer " + access, form, body, 400),
        ("POST", "?" + body, nil, form, body, 400),
        ("POST", "", nil, form, body + "&" + body, 400),
        ("GET", "", nil, form, body, 400),
        ("POST", "", nil, "application/json", body, 401),
        ("POST", "", nil, form, "access_token=guess", 401),
        ("POST", "", nil, form, "", 401),
      ]
      for row in cases {
        var headers: HTTPHeaders = ["Content-Type": row.type]
        if let header = row.header { headers.add("Authorization", header) }
        let response = world.send(
          HTTPRequest(
            method: row.method, target: "/userinfo" + row.query, headers: headers,
            body: Array(row.body.utf8)))
        #expect(response.status == row.5, "\(row)")
        #expect(response.status != 400 || response.bodyText.contains("invalid_request"), "\(row)")
        let number = world.tenant.requestCount
        let notes = world.tenant.ledger.filter { $0.request == number }
        let isInBody = notes.contains { $0.rule == "bearer-in-body" && $0.passed }
        #expect(!isInBody || row.header == nil, "\(row)")
        if response.status == 200 { #expect(isInBody == (row.header == nil), "\(row)") }
        #expect(response.headers["WWW-Authenticate"] == nil || response.status != 200)
      }
      #expect(world.call("/api/appointments", bearer: nil).status == 401)
    }
  }

  @Test func `a scope too small is 403 and named`() throws {
    var world = try World()
    let access = try world.tokens(["scope": "openid"])["access_token"]?.string
    let response = world.call("/api/appointments", bearer: access)
    #expect(response.status == 403)
    let header = try #require(response.headers["WWW-Authenticate"])
    let challenge = try #require(AuthenticationChallenge(header: header))
    #expect(challenge.parameters["error"] == "insufficient_scope")
    #expect(challenge.parameters["scope"] == "read:appointments")
  }

  @Test func `front access tokens live two hours, back ones a day`() throws {
    var world = try World()
    let fields = try world.flow(["response_type": "code token"])
    let back = try json(world.exchange(fields["code"]))["access_token"]?.string
    world.advance(seconds: 7199)
    #expect(world.call("/api/appointments", bearer: fields["access_token"]).status == 200)
    world.advance(seconds: 1)
    #expect(world.call("/api/appointments", bearer: fields["access_token"]).status == 401)
    #expect(world.call("/api/appointments", bearer: back).status == 200)
    world.advance(seconds: 86400)
    #expect(world.call("/api/appointments", bearer: back).status == 401)
    #expect(world.tenant.ledger.last { !$0.passed }?.rule == "token-unexpired")
  }

  @Test func `an ID token is no access token`() throws {
    var world = try World()
    let token = try world.tokens()["id_token"]?.string
    #expect(world.call("/api/appointments", bearer: token).status == 401)
    #expect(world.tenant.ledger.contains { $0.rule == "token-type" && !$0.passed })
  }

  @Test(arguments: [
    ("iss", JSONValue.string("http://localhost:9001/"), "token-issuer"),
    ("aud", JSONValue.array(["https://api.other.example/"]), "token-audience"),
    ("aud", "https://api.demo.example", "token-audience"),
    ("exp", 1, "token-unexpired"),
    ("exp", .null, "token-unexpired"),
    ("jti", .null, "token-unrevoked"),
  ])
  func `the API reads the claims itself`(
    name: String, value: JSONValue, rule: String
  ) throws {
    var world = try World()
    let key = try rsaKey.get()
    let honest = try #require(try world.tokens()["access_token"]?.string)
    var claims = try CompactJWS(honest).claims()
    claims.set(name, value)
    let forged = try key.compactJWS(
      header: key.header(type: "at+jwt"), payload: Array(claims.compactText.utf8))
    #expect(world.call("/api/appointments", bearer: forged).status == 401)
    #expect(world.tenant.ledger.filter { !$0.passed }.map(\.rule) == [rule])
  }

  @Test func `the API refuses foreign signatures, none, and a changed payload`() throws {
    var world = try World()
    let honest = try #require(try world.tokens()["access_token"]?.string)
    let parts = honest.split(separator: ".").map(String.init)
    let stranger = try SigningKey.generate(.es256, keyID: "tests-rs256")
    let claims = try CompactJWS(honest).payload
    let none = Base64URL.encode(#"{"alg":"none","typ":"at+jwt","kid":"tests-rs256"}"#.utf8)
    for token in [
      try stranger.compactJWS(header: stranger.header(type: "at+jwt"), payload: claims),
      none + "." + parts[1] + ".",
      parts[0] + "." + Base64URL.encode(claims + [0x20]) + "." + parts[2],
    ] {
      #expect(world.call("/api/appointments", bearer: token).status == 401)
      #expect(world.tenant.ledger.contains { $0.rule == "token-signature" && !$0.passed })
    }
    #expect(world.call("/api/appointments", bearer: honest).status == 200)
  }

  @Test func `userinfo answers by scope, by GET and by POST`() throws {
    var world = try World()
    let access = try #require(
      try world.tokens(["scope": "openid email", "audience": nil])["access_token"]?.string)
    let expected: JSONValue = [
      "sub": "auth0|6743f0a1c0ffee0000000001", "email": "ada@demo.example",
      "email_verified": true,
    ]
    #expect(try json(world.call("/userinfo", bearer: access)) == expected)
    let posted = world.post("/userinfo", [], headers: ["Authorization": "Bearer " + access])
    #expect(try json(posted) == expected)
    #expect(posted.headers["Access-Control-Allow-Origin"] == nil)
  }

  @Test func `a client can revoke its own tokens, and nobody else's`() throws {
    var world = try World()
    let scope = "openid offline_access read:appointments"
    for (kind, status) in [("refresh_token", 401), ("access_token", 401)] {
      let tokens = try world.tokens(["scope": scope])
      let access = tokens["access_token"]?.string
      let fields = [FormField("token", tokens[kind]?.string ?? "")]
      let credentials = { (id: String, secret: Secret) -> HTTPHeaders in
        ["Authorization": ClientAuthentication.basicHeader(clientID: id, secret: secret)]
      }
      let other = world.post(
        "/oauth/revoke", fields, headers: credentials("other", Secret("other-secret")))
      #expect(other.status == 400)
      #expect(world.call("/api/appointments", bearer: access).status == 200)
      let own = credentials(TenantSettings.demoClientID, World.secret)
      #expect(world.post("/oauth/revoke", fields, headers: own).status == 200)
      #expect(world.call("/api/appointments", bearer: access).status == status)
      let refreshed = world.refresh(tokens["refresh_token"]?.string)
      #expect(refreshed.status == (kind == "refresh_token" ? 400 : 200))
      let unknown = world.post("/oauth/revoke", [FormField("token", "x")], headers: own)
      #expect(unknown.status == 200)
      #expect(world.post("/oauth/revoke", [], headers: own).status == 400)
      #expect(world.post("/oauth/revoke", fields).status == 401)
    }
  }

  @Test func `discovery says what the tenant does`() throws {
    for issuer in ["http://localhost:9000/", "http://localhost:9000", "http://h.localhost/base/"] {
      var world = try World(issuer: issuer)
      let url = try ProviderMetadata.documentURL(of: WebURL(issuer))
      let response = world.get(url.requestTarget)
      #expect(response.status == 200)
      #expect(response.headers.mediaType == "application/json")
      let metadata = try #require(ProviderMetadata(try json(response)))
      #expect(metadata.issuer == issuer)
      #expect(metadata.idTokenSigningAlgorithms == ["RS256"])
      #expect(metadata.sendsIssuerParameter)
      #expect(metadata.responseModes.contains("form_post"))
      #expect(metadata.tokenEndpointAuthMethods == ["client_secret_basic", "client_secret_post"])
      for type in ResponseType.allCases { #expect(type.isListed(in: metadata.responseTypes)) }
      for (name, endpoint) in metadata.endpoints {
        let answer = world.get(try WebURL(endpoint).requestTarget)
        #expect(answer.status != 404, "\(name)")
        #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
      }
      let keys = try json(
        world.get(
          try WebURL(
            metadata.endpoints.first {
              $0.name == "jwks_uri"
            }?.url ?? ""
          ).requestTarget))
      let set = try JSONWebKeySet(keys)
      #expect(set.keys.count == 1 && set.keys[0].privateMembers.isEmpty)
    }
  }

  @Test(arguments: [
    ("GET", "/favicon.ico", 204), ("GET", "/nowhere", 404), ("POST", "/nowhere", 404),
    ("GET", "/pictures/ada.svg", 200), ("GET", "/pictures/../ada.svg", 404),
    ("GET", "/", 404), ("DELETE", "/authorize", 405), ("POST", "/api/appointments", 405),
    ("OPTIONS", "/userinfo", 405), ("GET", "", 404), ("GET", "http://[", 404),
    ("HEAD", "/.well-known/openid-configuration", 200), ("GET", "/u/login", 400),
    ("POST", "/u/login", 400), ("POST", "/u/consent", 400), ("GET", "/u/consent", 400),
    ("GET", "/authorize/resume?state=%ff", 400), ("POST", "/oidc/logout/confirm", 400),
  ])
  func `every path and method has its answer`(
    method: String, target: String, status: Int
  ) throws {
    var world = try World()
    let response = world.send(HTTPRequest(method: method, target: target))
    #expect(response.status == status)
    #expect((response.headers["Allow"] != nil) == (status == 405))
    #expect(response.headers["Referrer-Policy"] == "no-referrer")
    #expect(response.headers["Cache-Control"] != nil)
    if method == "HEAD" { #expect(response.body.isEmpty) }
  }
}
