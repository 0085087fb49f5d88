import Cryptography
import HybridFlow
import OpenID
import Testing

/// One deviation for each rule of the token response and of the API's answer.
enum BackDeviations {
  static let tokens: [Deviation] = [
    .stop("no access token comes", .tokens, [.tokenResponseStatusJSON]) { _, provider in
      provider.editTokens = { $0.remove("access_token") }
    },
    .stop(
      "the access token breaks out of its header", .tokens, [.tokenResponseStatusJSON]
    ) { _, provider in
      provider.editTokens = { $0.set("access_token", "abc\r\nX-Injected: 1") }
      provider.editBackClaims = { $0.remove("at_hash") }
    },
    .stop("an HTML page comes", .tokens, [.tokenResponseStatusJSON], exit: 5) { _, provider in
      provider.editTokenResponse = {
        $0 = HTTPResponse(status: 502, mediaType: "text/html", text: "<h1>Bad gateway</h1>")
      }
    },
    .stop("a JSON array comes", .tokens, [.tokenResponseStatusJSON], exit: 5) { _, provider in
      provider.editTokenResponse = { $0.body = Array("[]".utf8) }
    },
    .stop("a member stands twice", .tokens, [.tokenResponseStatusJSON], exit: 5) { _, provider in
      provider.editTokenResponse = {
        $0.body = Array(#"{"access_token":"a",\#($0.bodyText.dropFirst())"#.utf8)
      }
    },
    .warn("the tokens may be stored", [.tokenResponseNoStore]) { _, provider in
      provider.editTokenResponse = { $0.headers.set("Cache-Control", "private") }
    },
    .warn("the tokens come under another name", [.answerContentType]) { _, provider in
      provider.editTokenResponse = { $0.headers.set("Content-Type", "text/html") }
    },
    .warn("the tokens come without a name", [.answerContentType]) { _, provider in
      provider.editTokenResponse = { $0.headers = ["Cache-Control": "no-store"] }
    },
    .warn("the tokens are said to be compressed", [.answerNotCompressed]) { _, provider in
      provider.editTokenResponse = { $0.headers.set("Content-Encoding", "gzip") }
    },
    .stop(
      "the tokens are compressed", .tokens, [.tokenResponseStatusJSON, .answerNotCompressed],
      exit: 5
    ) { _, provider in
      provider.editTokenResponse = {
        $0.headers.set("Content-Encoding", "br")
        $0.body = [0x1F, 0x8B, 0x08, 0x00]
      }
    },
    lifetime("a text", "86400"), lifetime("negative", -1), lifetime("nothing", 0),
    lifetime("years", 63_072_000), lifetime("a negative text", "-5"), lifetime("a word", "soon"),
    lifetime("beyond every clock", .number(JSONNumber(literal: "1e40"))),
    lifetime("an array", [3600]), lifetime("null", .null),
    .stop("token_type is left out", .tokens, [.tokenTypeBack]) { _, provider in
      provider.editTokens = { $0.remove("token_type") }
    },
    .stop("token_type is another one", .tokens, [.tokenTypeBack]) { _, provider in
      provider.editTokens = { $0.set("token_type", "DPoP") }
    },
    .stop("no second ID token comes", .tokens, [.backIDTokenPresent]) { _, provider in
      provider.editTokens = { $0.remove("id_token") }
    },
    .stop(
      "the second ID token is about somebody else", .tokens, [.secondIDTokenSub],
      types: Deviation.withIDToken
    ) { _, provider in
      provider.editBackClaims = { $0.set("sub", "auth0|user-2") }
    },
    .warn(
      "the second ID token tells of another login", [.secondIDTokenEventClaims],
      types: Deviation.withIDToken
    ) { _, provider in
      provider.editBackClaims = { $0.set("amr", ["mfa"]) }
    },
    .warn(
      "the name changed on the way", [.secondIDTokenUserClaims], types: Deviation.withIDToken
    ) { _, provider in
      provider.editBackClaims = { $0.set("name", "John Doe") }
    },
    .stop("at_hash belongs to another access token", .tokens, [.backAtHash]) { _, provider in
      provider.editBackClaims = { $0.append("at_hash", "1") }
    },
    .stop("c_hash belongs to another code", .tokens, [.backCHash]) { _, provider in
      provider.editBackClaims = { $0.append("c_hash", "1") }
    },
    .warn("a scope was not granted", [.scopeGranted]) { _, provider in
      provider.editTokens = { $0.set("scope", "openid profile") }
    },
    .warn("no refresh token comes for offline_access", [.refreshTokenExpected]) { own, provider in
      own.scope.append("offline_access")
      provider.editTokens = { $0.remove("refresh_token") }
    },
    .warn("the access token is for another API", [.accessTokenAud]) { own, provider in
      own.audience = Sample.audience
      let token = try TestKeys.key(.rs256).compactJWS(
        header: ["alg": "RS256", "typ": "at+jwt"],
        payload: Array(#"{"aud":"https://other.example/"}"#.utf8))
      provider.editTokens = { $0.set("access_token", .string(token)) }
      provider.editBackClaims = { $0.remove("at_hash") }
    },
  ]

  private static func lifetime(_ name: String, _ value: JSONValue) -> Deviation {
    .warn("expires_in is \(name)", [.expiresIn]) { _, provider in
      provider.editTokens = { $0.set("expires_in", value) }
    }
  }

  static let userinfo: [Deviation] = [
    .warn("userinfo comes under another name", [.answerContentType]) { _, provider in
      provider.editUserinfo = { $0.headers.set("Content-Type", "text/plain") }
    },
    .warn("userinfo is said to be compressed", [.answerNotCompressed]) { _, provider in
      provider.editUserinfo = { $0.headers.set("Content-Encoding", "identity, gzip") }
    },
    .stop("userinfo is about somebody else", .data, [.userinfoSub]) { _, provider in
      provider.editUserinfo = { $0 = HonestProvider.json(["sub": "auth0|user-11"]) }
    },
    .stop("userinfo is about nobody", .data, [.userinfoSub]) { _, provider in
      provider.editUserinfo = { $0 = HonestProvider.json(["name": "Jane Doe"]) }
    },
    .stop("userinfo names its subject twice", .data, [.userinfoSub]) { _, provider in
      provider.editUserinfo = {
        $0.body = Array(#"{"sub":"auth0|administrator",\#($0.bodyText.dropFirst())"#.utf8)
      }
    },
    .stop("userinfo names several people", .data, [.userinfoSub]) { _, provider in
      provider.editUserinfo = {
        var json = try JSONParser.parse($0.body)
        json.set("sub", .array([json["sub"] ?? .null, "auth0|administrator"]))
        $0 = HonestProvider.json(json)
      }
    },
    .stop("userinfo is an array", .data, [.userinfoSub]) { _, provider in
      provider.editUserinfo = { $0.body = Array("[]".utf8) }
    },
    signed("by a stranger") {
      try HonestProvider.signedUserinfo(TestKeys.other().withAlgorithm(.rs256, keyID: "key-1"))
    },
    signed("by an unknown key") { try HonestProvider.signedUserinfo(TestKeys.other()) },
    signed("for another client") {
      try HonestProvider.signedUserinfo(TestKeys.key(.rs256), edit: { $0.set("aud", "client-2") })
    },
    signed("by another issuer") {
      try HonestProvider.signedUserinfo(TestKeys.key(.rs256), edit: { $0.append("iss", "1") })
    },
    signed("with an extension that is not understood") {
      try HonestProvider.signedUserinfo(
        TestKeys.key(.rs256), header: [JSONMember("crit", ["b64"]), JSONMember("b64", true)])
    },
    signed("with the client secret") {
      try HonestProvider.signedUserinfo(TestKeys.key(.hs256))
    },
    signed("with another algorithm than the ID tokens") {
      try HonestProvider.signedUserinfo(TestKeys.key(.ps256))
    },
    signed("for somebody else", [.userinfoSub]) {
      try HonestProvider.signedUserinfo(TestKeys.key(.rs256), edit: { $0.set("sub", "b") })
    },
    signed("and unreadable", [.userinfoSigned, .userinfoSub]) {
      HTTPResponse(status: 200, mediaType: "application/jwt", text: "a.b.c.d.e")
    },
  ]

  private static func signed(
    _ name: String, _ complaints: Set<CheckID> = [.userinfoSigned],
    _ response: @escaping @Sendable () throws -> HTTPResponse
  ) -> Deviation {
    .stop("userinfo is signed " + name, .data, complaints) { _, provider in
      provider.editUserinfo = { $0 = try response() }
    }
  }
}
