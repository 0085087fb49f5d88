import Cryptography
import OpenID
import Testing

@testable import HybridFlow
@testable import Inspection

/// Errors in the words of OAuth, and answers that are none at all.
@Suite struct ErrorTests {
  /// RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6; RFC 8707; extensions.
  static let codes = [
    "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope",
    "server_error", "temporarily_unavailable", "interaction_required", "login_required",
    "account_selection_required", "consent_required", "invalid_request_uri",
    "invalid_request_object", "request_not_supported", "request_uri_not_supported",
    "registration_not_supported", "invalid_target", "unmet_authentication_requirements",
    "unsupported_response_mode", "something_new",
  ]

  @Test(arguments: codes)
  func `an error of the authorization endpoint is the provider's answer`(_ code: String) throws {
    for type in ResponseType.allCases {
      let drive = try refused(type, code)
      #expect(
        drive.transcript.failure
          == .provider(
            .refused(
              OAuthError(
                endpoint: .authorization, code: code, description: "Because \u{1B}[31m.",
                uri: "https://tenant.example/why"))))
      #expect(drive.exitCode == 4)
      #expect(drive.machine.situation.stage == .callback)
      #expect(drive.complaints.isEmpty)
    }
  }

  @Test func `access_denied is a person's no`() throws {
    let drive = try refused(.codeIDToken, "access_denied")
    guard case .person(.declined(let error)) = drive.transcript.failure else {
      Issue.record("\(String(describing: drive.transcript.failure))")
      return
    }
    #expect(error.code == "access_denied")
    #expect(drive.exitCode == 6)
  }

  private func refused(_ type: ResponseType, _ code: String) throws -> Drive {
    var provider = try HonestProvider()
    provider.editFields = {
      $0 = [
        FormField("error", code), FormField("error_description", "Because \u{1B}[31m."),
        FormField("error_uri", "https://tenant.example/why"),
        FormField("state", $0["state"] ?? ""),
      ]
    }
    return try Drive.run(try Sample.configuration(type), provider)
  }

  @Test func `a key set that cannot be used says which limit it breaks`() throws {
    let cases: [(JSONValue, String)] = [
      (["keys": .array(Array(repeating: ["kty": "oct"], count: 101))], "more than 100 keys: 101"),
      (["keys": 1], "where an array is wanted"), ([:], "no array"),
    ]
    for (json, words) in cases {
      var provider = try HonestProvider()
      provider.editKeySet = { $0.body = Array(json.compactText.utf8) }
      let drive = try Drive.run(try Sample.configuration(.codeIDToken), provider)
      guard case .provider(.unreadable(let text)) = drive.transcript.failure else {
        Issue.record("\(String(describing: drive.transcript.failure))")
        continue
      }
      #expect(text.contains(words))
    }
    #expect(
      performing: {
        try PastedReader.read(cases[0].0.compactText)
      }, throws: { ($0 as? PastedError)?.message.contains("more than 100 keys: 101") ?? false })
  }

  @Test func `what cannot be read because it is compressed is called so`() throws {
    for (edit, stage) in [(true, Stage.login), (false, .tokens)] {
      var provider = try HonestProvider()
      let squeeze: HonestProvider.Edit<HTTPResponse> = {
        $0.headers.set("Content-Encoding", "gzip")
        $0.body = [0x1F, 0x8B, 0x08, 0x00]
      }
      if edit { provider.editKeySet = squeeze } else { provider.editTokenResponse = squeeze }
      let drive = try Drive.run(try Sample.configuration(.codeIDToken), provider)
      guard case .provider(.unreadable(let text)) = drive.transcript.failure else {
        Issue.record("\(String(describing: drive.transcript.failure))")
        continue
      }
      #expect(text.contains("compressed (Content-Encoding: gzip), which was not asked for"))
      #expect(drive.transcript[stage].checks.contains { $0.id == .answerNotCompressed })
    }
  }

  @Test func `an error in the query is the provider's answer all the same`() throws {
    var provider = try HonestProvider()
    provider.editFields = {
      $0 = [FormField("error", "server_error"), FormField("state", $0["state"] ?? "")]
    }
    provider.editCallback = {
      $0 = HTTPRequest(method: "GET", target: "/callback?" + $0.bodyText)
    }
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(drive.complaints == [.callbackMethod, .responseModeExact])
    #expect(drive.transcript.failure?.code == "provider.authorization_error")
  }

  @Test func `an error is told before a wrong state or an absent iss, and both checks stay failed`()
    throws
  {
    for (state, promised, check) in [
      ("other", false, CheckID.stateMatch), (Sample.secrets.state, true, .responseIss),
    ] {
      var provider = try HonestProvider()
      provider.editFields = {
        $0 = [FormField("error", "access_denied"), FormField("state", state)]
      }
      provider.editMetadata = {
        $0.set("authorization_response_iss_parameter_supported", .bool(promised))
      }
      let drive = try Drive.run(try Sample.configuration(), provider)
      #expect(drive.transcript.failure?.code == "person.declined")
      #expect(drive.complaints.contains(check))
      #expect(drive.tokenRequests.isEmpty)
    }
  }

  struct TokenCase: CustomTestStringConvertible, Sendable {
    let name: String
    let response: HTTPResponse
    let code: String
    let stage: Stage
    let exitCode: Int32
    var testDescription: String { name }

    static let all: [TokenCase] = [
      refusal("invalid_client with 401", 401, "invalid_client"),
      refusal("invalid_grant with 400", 400, "invalid_grant"),
      refusal("Auth0's invalid_grant with 403", 403, "invalid_grant"),
      refusal("Auth0's access_denied with 401", 401, "access_denied"),
      refusal("Keycloak's unauthorized_client with 401", 401, "unauthorized_client"),
      refusal("an error with 200", 200, "server_error"),
      unreadable(
        "a proxy's page",
        HTTPResponse(status: 502, mediaType: "text/html", text: "<h1>Bad gateway</h1>")),
      unreadable("an array", HonestProvider.json([])),
      unreadable("an object without an error, with 500", HonestProvider.json([:], status: 500)),
      unreadable("nothing", HTTPResponse(status: 200)),
      TokenCase(
        name: "no access token", response: HonestProvider.json(["token_type": "Bearer"]),
        code: "provider.check_failed", stage: .tokens, exitCode: 3),
    ]

    private static func refusal(_ name: String, _ status: Int, _ code: String) -> TokenCase {
      let json: JSONValue = ["error": .string(code), "error_description": "No."]
      return TokenCase(
        name: name, response: HonestProvider.json(json, status: status),
        code: "provider.token_error", stage: .verify, exitCode: 4)
    }

    private static func unreadable(_ name: String, _ response: HTTPResponse) -> TokenCase {
      TokenCase(
        name: name, response: response, code: "provider.unreadable", stage: .tokens, exitCode: 5)
    }
  }

  @Test(arguments: TokenCase.all)
  func `a token endpoint that issues nothing ends the run`(_ item: TokenCase) throws {
    for observes in [false, true] {
      var provider = try HonestProvider()
      provider.editTokenResponse = { $0 = item.response }
      let drive = try Drive.run(try Sample.configuration(observes: observes), provider)
      #expect(drive.transcript.failure?.code == item.code)
      #expect(drive.machine.situation.stage == item.stage)
      #expect(drive.exitCode == item.exitCode)
      #expect(drive.apiRequests.isEmpty)
      let shown = drive.transcript.messages.contains { $0.response == item.response }
      #expect(shown, "what came is kept as it came")
    }
  }

  @Test func `what the tenant verified is read off its error`() throws {
    let expected: [(String, [Bool?])] = [
      ("invalid_client", [false, nil, nil, nil, nil, nil]),
      // A server may look at the code before it looks at the client.
      ("invalid_grant", [nil, nil, nil, nil, nil, nil]),
      ("unauthorized_client", [nil, nil, nil, nil, nil, nil]),
    ]
    for (code, passed) in expected {
      var provider = try HonestProvider()
      provider.editTokenResponse = {
        $0 = HonestProvider.json(["error": .string(code)], status: 400)
      }
      let drive = try Drive.run(try Sample.configuration(), provider)
      #expect(drive.transcript[.verify].serverChecks.map(\.passed) == passed)
    }
  }

  @Test func `an API's refusal is read from its challenge`() throws {
    let cases: [(Int, [String], String, String, String?)] = [
      (
        401, [#"Bearer realm="api", error="invalid_token", error_description="Old""#], "{}",
        "invalid_token", "Old"
      ),
      (403, [#"Bearer error="insufficient_scope", scope="read:x""#], "", "insufficient_scope", nil),
      (401, [#"Basic realm="x", Bearer error="invalid_token""#], "", "invalid_token", nil),
      (401, [#"Basic realm="x""#, #"bearer ERROR="invalid_token""#], "", "invalid_token", nil),
      (401, [#"Bearer realm="api""#], #"{"error":"not_there"}"#, "not_there", nil),
      (500, [], "<html>Oops</html>", "", "Oops"),
      (302, [], "", "", nil),
    ]
    for (status, challenges, body, code, description) in cases {
      for userinfo in [false, true] {
        var provider = try HonestProvider()
        var response = HTTPResponse(status: status, body: Array(body.utf8))
        for challenge in challenges { response.headers.add("WWW-Authenticate", challenge) }
        let answer = response
        provider.editAPI = { $0 = answer }
        provider.editUserinfo = { $0 = answer }
        var configuration = try Sample.configuration()
        if !userinfo { configuration.apiURL = try Sample.url("https://api.example/x") }
        let drive = try Drive.run(configuration, provider)
        let error = OAuthError(
          endpoint: userinfo ? .userinfo : .api, code: code, description: description,
          status: status)
        #expect(drive.transcript.failure == .provider(.refused(error)), "\(status) \(challenges)")
        #expect(drive.exitCode == 4)
        #expect(drive.machine.situation.stage == .data)
        let shown = drive.transcript[.data].checks.first { $0.id == .apiWWWAuthenticate }
        #expect((shown?.verdict == .pass) == !challenges.isEmpty)
      }
    }
  }

  @Test func `documents of stage 1 that cannot be read end the run with 5`() throws {
    let bad = [
      HTTPResponse(status: 404, mediaType: "text/html", text: "<h1>Not found</h1>"),
      HTTPResponse(status: 200, mediaType: "text/html", text: "<h1>Hello</h1>"),
      HTTPResponse(status: 200, mediaType: "application/json", text: "[]"),
      HTTPResponse(status: 200, mediaType: "application/json", text: #"{"keys":{}}"#),
    ]
    for response in bad {
      var provider = try HonestProvider()
      provider.editKeySet = { $0 = response }
      let drive = try Drive.run(try Sample.configuration(), provider)
      #expect(drive.transcript.failure?.code == "provider.unreadable")
      #expect(drive.exitCode == 5)
    }
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
      for value: JSONValue? in [nil, 5] {
        var provider = try HonestProvider()
        provider.editMetadata = { value.map { $0 } == nil ? $0.remove(name) : $0.set(name, 5) }
        let drive = try Drive.run(try Sample.configuration(), provider)
        #expect(drive.transcript.failure?.code == "provider.unreadable")
        #expect(drive.transcript.failure?.message.contains(name) == true)
      }
    }
  }

  @Test func `userinfo that is no JSON cannot be read`() throws {
    var provider = try HonestProvider()
    provider.editUserinfo = {
      $0 = HTTPResponse(status: 200, mediaType: "text/html", text: "<h1>Hello</h1>")
    }
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(drive.transcript.failure?.code == "provider.unreadable")
    #expect(drive.exitCode == 5)
  }

  @Test func `messages name what happened and never the secret`() throws {
    let failures: [FlowFailure] = [
      .provider(.checksFailed([.stateMatch])),
      .provider(.checksFailed([.stateMatch, .nonceMatch])),
      .provider(.refused(OAuthError(endpoint: .page, code: "", status: 400))),
      .provider(.unreadable("It is no JSON.")), .environment(.listener("The port is taken.")),
      .environment(.transport(TransportFailure(kind: .tls, message: "The certificate is old."))),
      .person(.declined(OAuthError(endpoint: .authorization, code: "access_denied"))),
      .person(.abandoned), .person(.noCallback(seconds: 300)),
    ]
    #expect(failures.map(\.exitCode) == [3, 3, 4, 5, 1, 5, 6, 6, 6])
    #expect(Set(failures.map(\.code)).count == 8)
    #expect(failures.allSatisfy { $0.message.hasSuffix(".") })
  }
}
