import Testing

@testable import OpenID

@Suite struct ProtocolTests {
  @Test(
    arguments: [
      ("code id_token", ResponseType.codeIDToken), ("id_token code", .codeIDToken),
      ("token code", .codeToken), ("token id_token code", .codeIDTokenToken),
      ("code token id_token", .codeIDTokenToken), ("code", nil), ("id_token token", nil), ("", nil),
      ("code code token", nil), ("code code", nil), ("Code Token", nil), ("code token none", nil),
    ] as [(String, ResponseType?)]) func `the order of a response type's words does not matter`(
      words: String, type: ResponseType?
    )
  {
    #expect(ResponseType(words: words) == type)
    if let type { #expect(type.isListed(in: ["code", words])) }
  }

  @Test func `a response type says what comes through the browser`() {
    #expect(ResponseType.allCases.map(\.hasIDToken) == [true, false, true])
    #expect(ResponseType.allCases.map(\.hasAccessToken) == [false, true, true])
    #expect(!ResponseType.codeToken.isListed(in: ["code id_token", "code"]))
  }

  @Test func `absent metadata has the defaults of the specification`() throws {
    let bare = try #require(ProviderMetadata([:]))
    #expect(bare.issuer == nil)
    #expect(bare.responseTypes == [])
    #expect(bare.responseModes == ["query", "fragment"])
    #expect(bare.tokenEndpointAuthMethods == ["client_secret_basic"])
    #expect(bare.idTokenSigningAlgorithms == ["RS256"])
    #expect(bare.scopes == nil)
    #expect(bare.codeChallengeMethods == nil)
    #expect(!bare.sendsIssuerParameter)
    #expect(ProviderMetadata([]) == nil)
    let full = try #require(
      ProviderMetadata([
        "issuer": "https://t/", "authorization_endpoint": "https://t/a",
        "token_endpoint": "https://t/t",
        "jwks_uri": "https://t/j", "op_policy_uri": "http://t/p", "userinfo_endpoint": 1,
        "response_modes_supported": ["form_post"],
        "authorization_response_iss_parameter_supported": true,
      ]))
    #expect(full.endpoints.map(\.name) == ["authorization_endpoint", "token_endpoint", "jwks_uri"])
    #expect(full.userinfoEndpoint == nil)
    #expect(full.responseModes == ["form_post"])
    #expect(full.sendsIssuerParameter)
  }

  @Test(arguments: [
    ("https://t.example", "https://t.example/.well-known/openid-configuration"),
    ("https://t.example/", "https://t.example/.well-known/openid-configuration"),
    ("https://t/realms/a", "https://t/realms/a/.well-known/openid-configuration"),
    ("https://t/realms/a//", "https://t/realms/a//.well-known/openid-configuration"),
  ]) func `the document stands behind the issuer`(issuer: String, url: String) throws {
    #expect(try ProviderMetadata.documentURL(of: WebURL(issuer)).text == url)
  }

  @Test func `an issuer with a query or fragment has no document`() throws {
    for issuer in ["https://t/?a=b", "https://t/#x", "https://t?"] {
      let url = try WebURL(issuer)
      #expect(throws: WebURLError.self) { try ProviderMetadata.documentURL(of: url) }
    }
  }

  private func tokenRequest(
    _ method: ClientAuthenticationMethod, secret: String? = "s p"
  ) throws -> TokenRequest {
    try TokenRequest(
      endpoint: WebURL("https://t.example:8443/oauth/token?x=1"),
      fields: [
        FormField("grant_type", "authorization_code"), FormField("code", "hush/+"),
        FormField("redirect_uri", "http://localhost:8400/cb"),
      ], method: method, clientID: "id", clientSecret: secret.map(Secret.init))
  }

  @Test(
    arguments: [
      (ClientAuthenticationMethod.basic, "", "Basic aWQ6cytw"),
      (.post, "&client_id=id&client_secret=s+p", nil), (.none, "&client_id=id", nil),
      (
        .privateKeyJWT,
        "&client_id=id&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type"
          + "%3Ajwt-bearer&client_assertion=", nil
      ),
    ] as [(ClientAuthenticationMethod, String, String?)])
  func `the token request is byte for byte what the method asks for`(
    method: ClientAuthenticationMethod, tail: String, authorization: String?
  ) throws {
    let request = try tokenRequest(method).httpRequest()
    let body =
      "grant_type=authorization_code&code=hush%2F%2B&redirect_uri=http%3A%2F%2Flocalhost%3A8400%2Fcb"
      + tail
    #expect(request.bodyText == body)
    let proof = authorization.map { "Authorization: \($0)\r\n" } ?? ""
    #expect(
      request.head
        == "POST /oauth/token?x=1 HTTP/1.1\r\nHost: t.example:8443\r\nAccept: application/json\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\n\(proof)Content-Length: \(body.utf8.count)"
    )
  }

  @Test func `a token request prints neither code nor secret`() throws {
    for text in try everyPrint(of: tokenRequest(.post)) {
      #expect(!text.contains("hush"), "\(text)")
      #expect(!text.contains("s p"), "\(text)")
    }
  }

  @Test(arguments: [
    ("Bearer", ["Bearer"]), ("Bearer realm=\"a\"", ["Bearer realm=a"]),
    (
      "Bearer error=\"invalid_token\", error_description=\"The \\\"token\\\", a=b \\\\ expired\"",
      ["Bearer error=invalid_token error_description=The \"token\", a=b \\ expired"]
    ),
    (
      "Basic realm=\"x\", Bearer error=insufficient_scope,scope=\"a b\"",
      [
        "Basic realm=x", "Bearer error=insufficient_scope scope=a b",
      ]
    ),
    ("Negotiate, Basic realm=x", ["Negotiate", "Basic realm=x"]),
    ("Negotiate abc123==, Bearer realm=x", ["Negotiate", "Bearer realm=x"]),
    ("Bearer realm = \"x\" , error\t=\ty", ["Bearer realm=x error=y"]),
    (", ,Bearer ,realm=x,,", ["Bearer realm=x"]), ("bearer ERROR=x", ["bearer ERROR=x"]),
    ("Bearer realm=\"open", ["Bearer realm=open"]),
    ("Bearer realm=\"open\\", ["Bearer realm=open"]),
    ("Bearer realm=", ["Bearer realm="]), ("Bearer =x", []),
    ("Bearer realm=\"x\" error=y", ["Bearer realm=x error=y"]), ("", []), ("   ", []),
    ("=", []), ("\"x\"", []), ("Bearer realm=\"a\u{301}\"", ["Bearer realm=a\u{301}"]),
    ("Bearer realm=\"\u{301}a\", error=b", ["Bearer realm=\u{301}a error=b"]),
    ("Bearer a b", ["Bearer"]),
  ]) func `challenges are read one by one`(header: String, expected: [String]) {
    let found = AuthenticationChallenge.challenges(in: header).map { challenge in
      ([challenge.scheme] + challenge.parameters.map { "\($0.name)=\($0.value)" })
        .joined(separator: " ")
    }
    #expect(found == expected)
    #expect(
      AuthenticationChallenge(header: header)?.scheme
        == expected.first?.split(separator: " ").first.map(String.init))
  }

  @Test func `schemes and parameter names have no case`() throws {
    let challenge = try #require(AuthenticationChallenge(header: "bEARER Error=x"))
    #expect(challenge.isScheme("Bearer"))
    #expect(!challenge.isScheme("Basic"))
    #expect(challenge["error"] == "x")
    #expect(challenge["realm"] == nil)
  }

  @Test(.timeLimit(.minutes(1))) func `long challenges take linear time`() {
    for piece in ["a=\"", "a=b,", "a,", "a ", ",", "\\", "a=\"\\", "=", "\""] {
      let text = "Bearer " + String(repeating: piece, count: 100_000)
      _ = AuthenticationChallenge.challenges(in: text)
    }
  }

  @Test func `a reference names document and section`() {
    #expect(SpecReference.core("3.3.2.11").description == "OpenID Connect Core 1.0, 3.3.2.11")
    #expect(SpecReference.core("3.3.2.11").short == "Core 3.3.2.11")
    #expect(SpecReference.rfc(6749, "").description == "RFC 6749")
    #expect(SpecReference.rfc(6749, "").short == "RFC 6749")
    #expect(SpecReference.formPost("2").short == "Form Post 2")
    #expect(SpecReference.discovery("4").short == "Discovery 4")
    #expect(SpecReference.multipleResponseTypes("5").short == "Response Types 5")
  }
}

@Suite struct SecretTests {
  private struct Holder {
    var secret = Secret("hush-hush")
    var optional: Secret? = Secret("hush-hush")
  }

  @Test func `no print shows a secret`() {
    for text in everyPrint(of: Secret("hush-hush")) + everyPrint(of: Holder()) {
      #expect(!text.contains("hush"), "\(text)")
      #expect(text.contains("Secret") || text.contains("[secret]"), "\(text)")
    }
  }

  @Test func `secrets and texts are compared by their bytes`() {
    #expect(Secret("a") == Secret("a"))
    #expect(Secret("a") != Secret("b"))
    #expect(Secret("\u{E9}") != Secret("e\u{301}"))
    #expect(Secret("é").byteCount == 2)
    #expect(Secret("").isEmpty)
    #expect(Secret("x").reveal() == "x")
    #expect(!"\u{E9}".isIdentical(to: "e\u{301}"))
    #expect("abc".isIdentical(to: "xabc".dropFirst()))
    #expect(constantTimeEqual([], []))
    #expect(!constantTimeEqual([1], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 3]))
  }
}
