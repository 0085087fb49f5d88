import Foundation
import OpenID
import Testing

/// A HAR by the built program, as a shell runs it.
@Suite struct HARCommandTests {
  static let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"
  static let access = "access-token-canary-0123456789abcdef"
  static let refresh = "refresh-token-canary-0123456789abcdef"
  static let signature = Base64URL.encode([UInt8](repeating: 7, count: 256))
  /// What must never be printed.
  static let canaries = [
    code, access, refresh, signature, "password-canary-77", "cookie-canary-0123456789",
    "secret-canary-0123456789", "session-canary-0123456789",
  ]

  private static func token(_ claims: JSONValue) -> String {
    let header: JSONValue = ["alg": "RS256", "kid": "k1"]
    return [header, claims].map { Base64URL.encode(Array($0.compactText.utf8)) }
      .joined(separator: ".") + "." + signature
  }

  private static func list(_ pairs: [(String, String)]) -> JSONValue {
    .array(pairs.map { ["name": .string($0.0), "value": .string($0.1)] })
  }

  private static func entry(
    _ second: Int, _ method: String, _ url: String, _ status: Int64,
    sends: [(String, String)] = [], posts: String? = nil, gets: [(String, String)] = [],
    type: String = "text/html", body: String = ""
  ) -> JSONValue {
    var request: JSONValue = [
      "method": .string(method), "url": .string(url), "headers": list(sends), "cookies": [],
    ]
    if let posts {
      request.set(
        "postData",
        ["mimeType": "application/x-www-form-urlencoded", "text": .string(posts)])
    }
    return [
      "startedDateTime": .string("2026-05-28T20:26:\(second).000Z"), "time": 3, "request": request,
      "response": [
        "status": .number(JSONNumber(status)), "headers": list(gets), "cookies": [],
        "content": ["mimeType": .string(type), "text": .string(body)], "redirectURL": "",
      ],
    ]
  }

  /// A login of an application that runs in the browser, all ten stages, with every kind of secret.
  private static func login(callback status: Int64 = 302) -> String {
    let form = "application/x-www-form-urlencoded"
    var claims: JSONValue = [
      "iss": "https://op.example/", "sub": "ada", "aud": "client-1", "exp": 1_780_003_600,
      "iat": 1_780_000_001, "nonce": "nonce-of-this-login-0001",
    ]
    let back = token(claims)
    claims.set("c_hash", "LDktKdoQak3Pk0cnXxCltA")
    let request =
      "https://op.example/authorize?client_id=client-1&response_type=code%20id_token"
      + "&response_mode=form_post&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=openid"
      + "&state=state-of-this-login-0001&nonce=nonce-of-this-login-0001"
    let metadata: JSONValue = [
      "issuer": "https://op.example/", "authorization_endpoint": "https://op.example/authorize",
      "token_endpoint": "https://op.example/token", "jwks_uri": "https://op.example/keys",
      "userinfo_endpoint": "https://op.example/userinfo",
      "response_types_supported": ["code id_token"], "response_modes_supported": ["form_post"],
      "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    ]
    let tokens: JSONValue = [
      "access_token": .string(access), "token_type": "Bearer", "expires_in": 3600,
      "refresh_token": .string(refresh), "id_token": .string(back),
    ]
    let entries: [JSONValue] = [
      entry(
        41, "GET", "https://op.example/.well-known/openid-configuration", 200,
        type: "application/json", body: metadata.compactText),
      entry(
        42, "GET", "https://app.example/", 302,
        sends: [("Cookie", "session=session-canary-0123456789")],
        gets: [
          ("Location", request),
          ("Set-Cookie", "login=cookie-canary-0123456789; Path=/; Secure; SameSite=None"),
        ]),
      entry(43, "GET", request, 200, body: "<form method=post><input type=password></form>"),
      entry(
        44, "POST", "https://op.example/login", 302,
        posts: "user=ada&password=password-canary-77",
        gets: [("Location", "https://op.example/form")]),
      entry(
        45, "POST", "https://app.example/callback", status,
        sends: [
          ("Content-Type", form), ("Sec-Fetch-Site", "cross-site"),
          ("Cookie", "login=cookie-canary-0123456789"),
        ], posts: "code=\(code)&id_token=\(token(claims))&state=state-of-this-login-0001",
        gets: [("Set-Cookie", "session=session-canary-0123456789; Secure")]),
      entry(
        46, "POST", "https://op.example/token", 200, sends: [("Content-Type", form)],
        posts: "grant_type=authorization_code&code=\(code)&client_id=client-1"
          + "&client_secret=secret-canary-0123456789"
          + "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback",
        gets: [("Cache-Control", "no-store")], type: "application/json", body: tokens.compactText),
      entry(
        47, "GET", "https://op.example/userinfo", 200,
        sends: [("Authorization", "Bearer " + access)], type: "application/json",
        body: #"{"sub":"ada"}"#),
    ]
    let har: JSONValue = ["log": ["version": "1.2", "entries": .array(entries)]]
    return har.compactText
  }

  private static func isClean(_ text: String) -> Bool {
    canaries.allSatisfy { !text.contains($0) }
  }

  @Test(arguments: [
    ["replay", "FILE", "--json"], ["replay", "FILE", "--plain", "--full"],
    ["explore", "FILE", "--plain"],
    ["export", "FILE", "--format", "har"], ["export", "FILE", "--format", "markdown"],
    ["export", "FILE", "--format", "html"], ["export", "FILE", "--format", "curl"],
    ["export", "FILE", "--format", "mermaid"], ["compare", "FILE", "honest-code-id_token"],
  ])
  func `no secret of the file is printed, whether the login succeeds or not`(
    _ arguments: [String]
  ) async throws {
    for status: Int64 in [302, 400] {
      try await ProgramRunner.withFile(Self.login(callback: status)) { path in
        let ran = try await ProgramRunner.run(arguments.map { $0 == "FILE" ? path : $0 })
        #expect(!ran.output.isEmpty && !ran.wasSignalled, "\(ran.errors)")
        for canary in Self.canaries {
          #expect(!ran.output.contains(canary) && !ran.errors.contains(canary), "\(canary)")
        }
      }
    }
  }

  @Test func `an application in the browser brings ten stages`() async throws {
    try await ProgramRunner.withFile(Self.login()) { path in
      let ran = try await ProgramRunner.run(["replay", path, "--json"])
      #expect(ran.status == 0, "\(ran.output.suffix(600))")
      let lines = try ran.output.split(separator: "\n").map { try JSONParser.parse(String($0)) }
      let stages = lines.filter { $0["type"]?.string == "stage" }
      #expect(stages.map { $0["status"]?.string } == Array(repeating: "passed", count: 10))
      // The tenant's own verification is seen by nobody.
      #expect(stages.map { $0["observed"]?.bool } == (1...10).map { $0 != 7 })
    }
  }

  @Test func `it is saved as a recording, masked, and played again with the same result`()
    async throws
  {
    try await ProgramRunner.withFile(Self.login()) { path in
      let saved = path + ".jsonl"
      defer { try? FileManager.default.removeItem(atPath: saved) }
      let ran = try await ProgramRunner.run(["replay", path, "--json", "--record", saved])
      let text = try String(contentsOfFile: saved, encoding: .utf8)
      #expect(Self.isClean(text))
      let again = try await ProgramRunner.run(["replay", saved, "--json"])
      #expect(again.status == ran.status && again.errors == "", "\(again.errors)")
      #expect(again.output.split(separator: "\n").count == 11)
    }
  }

  @Test func `what is no HAR with a login is refused with its reason`() async throws {
    for (text, words) in [
      ("{\"log\":{\"entries\":[{\"request\":{\"url\":\"https://a.example/\"}}]}}", "no login"),
      ("{\"log\":", "cut off"),
      (Self.login().replacing("code%20id_token", with: "code"), "another flow"),
    ] {
      try await ProgramRunner.withFile(text) { path in
        let ran = try await ProgramRunner.run(["replay", path, "--json"])
        #expect(ran.status == 2 && ran.errors.contains(words), "\(ran.errors)")
      }
    }
    try await ProgramRunner.withFile(Self.login()) { path in
      for arguments in [
        ["replay", path, "--login", "2"], ["replay", path, "--login", "first"],
        ["explore", path, "--client-id", "other"], ["replay", "swapped-code", "--login", "1"],
      ] {
        let ran = try await ProgramRunner.run(arguments)
        #expect(ran.status == 2 && !ran.errors.isEmpty, "\(arguments)")
      }
    }
  }
}
