import OpenID
import Testing

@testable import Redaction

/// Secrets under names that nobody has told us.
@Suite struct SecretFinderTests {
  static let code = "Splx8lOBeZQ9QYbYS6WxSbIA"
  static let masked = "Splx8l\u{2026}SbIA"

  /// Ways to write `code`, and names that no table has.
  static let names = [
    "code", "\"code", "^\"code", " code", "code\"", "Code", "CODE", "code[]", "code[0]", "code1",
    "data[code]", "auth.code", "authCode", "authorization_code", "device_code", "deviceSecret",
    "refreshToken", "my_token", "RefreshToken", "subject-token", "response", "x", "whatever", "",
  ]
  /// Names of which anybody may see the value.
  static let open = [
    "state", "nonce", "c_hash", "at_hash", "s_hash", "code_challenge", "client_id", "redirect_uri",
    "iss", "scope", "token_type", "kid", "jti", "aud", "sid", "session_state", "sub", "trace_id",
    "correlation_id", "request_uri", "Client_ID",
  ]

  private func mask(_ finder: SecretFinder, _ text: String) -> String {
    Redactor(secrets: finder.secrets).mask(text)
  }

  @Test(arguments: names)
  func `a code under any name, in any carrier`(name: String) throws {
    let form = FormEncoding.encode([FormField(name, Self.code), FormField("state", "x")])
    let field = FormEncoding.encode(name) + "=" + Self.code
    let member = JSONValue.object([JSONMember(name, .string(Self.code))])
    let jwt = "eyJhbGciOiJSUzI1NiJ9.\(Base64URL.encode(Array(member.compactText.utf8))).c2ln"
    let html = "<form method=post><input type=hidden name='\(name)' value='\(Self.code)'></form>"
    let carriers: [(String, (inout SecretFinder) -> Void)] = [
      ("form", { $0.read(form: form, guesses: true) }),
      ("query", { $0.read(address: "https://rp.example/cb?\(form)", guesses: true) }),
      ("fragment", { $0.read(address: "https://rp.example/cb#\(form)", guesses: true) }),
      ("broken form", { $0.read(form: "a=%zz&\(form)&b=%FF", guesses: true) }),
      (
        "address in a field",
        {
          let inner = FormField("target", "https://rp.example/cb?\(field)")
          $0.read(form: FormEncoding.encode([inner]), guesses: true)
        }
      ), ("JSON", { $0.read(json: Array(member.compactText.utf8), guesses: true) }),
      ("broken JSON", { $0.read(json: Array(member.compactText.utf8.dropLast()), guesses: true) }),
      (
        "JSON in arrays",
        { $0.read(json: Array(#"{"a":[{"b":[\#(member.compactText)]}]}"#.utf8), guesses: true) }
      ),
      (
        "JSON in JSON",
        {
          let outer: JSONValue = ["data": .string(member.compactText)]
          $0.read(json: Array(outer.compactText.utf8), guesses: true)
        }
      ), ("claims of an answer", { $0.read(FormField("response", jwt), guesses: true) }),
      ("page", { $0.read(html: Array(html.utf8)) }),
    ]
    for (carrier, read) in carriers {
      var finder = SecretFinder()
      read(&finder)
      let text = mask(finder, "before \(Self.code) after")
      #expect(!text.contains(Self.code), "\(carrier)")
      #expect(text.hasPrefix("before ") && text.hasSuffix(" after"), "\(carrier): \(text)")
    }
  }

  @Test(arguments: open)
  func `what has to be seen is seen, and is no secret under another name either`(name: String) {
    var finder = SecretFinder()
    finder.read(form: "\(name)=\(Self.code)&other=\(Self.code)", guesses: true)
    #expect(mask(finder, Self.code) == Self.code)
    // Its own name makes it one.
    finder.read(form: "code=\(Self.code)", guesses: true)
    #expect(mask(finder, Self.code) == Self.masked)
  }

  @Test func `what the person asks for, keys, metadata and what an API tells are not guessed at`() {
    var finder = SecretFinder()
    finder.read(address: "https://op/a?response_type=code&organization=\(Self.code)", guesses: true)
    func read(_ json: String, isAnswer: Bool) {
      finder.read(
        HTTPResponse(
          status: 200, headers: ["Content-Type": "application/json"], body: Array(json.utf8)),
        isAnswer: isAnswer)
    }
    read(#"{"keys":[{"kty":"RSA","n":"\#(Self.code)"}]}"#, isAnswer: true)
    read(#"{"jwks_uri":"https://op/","something":"\#(Self.code)"}"#, isAnswer: false)
    read(#"{"order":"\#(Self.code)"}"#, isAnswer: false)
    #expect(finder.secrets.isEmpty)
    // The same in the answer of a token endpoint, or in what has its members.
    read(#"{"order":"\#(Self.code)"}"#, isAnswer: true)
    #expect(finder.guessed.map(\.value) == [Self.code])
    read(#"{"token_type":"Bearer","order":"\#(Self.code)2"}"#, isAnswer: false)
    #expect(finder.guessed.map(\.value) == [Self.code, Self.code + "2"])
  }

  @Test func `whatever is written with escapes is found as it is written`() {
    for (body, type) in [
      (#"{"\u0063ode":"\u0053plx8lOBeZQ9QYbYS6WxSbIA"}"#, "application/json"),
      ("%63ode=%53plx8lOBeZQ9QYbYS6WxSbIA", "application/x-www-form-urlencoded"),
      ("x=%53plx8lOBeZQ9QYbYS6WxSbIA", "application/x-www-form-urlencoded"),
    ] {
      var finder = SecretFinder()
      finder.read(
        HTTPResponse(status: 200, headers: ["Content-Type": type], body: Array(body.utf8)),
        isAnswer: true)
      #expect(!mask(finder, body).contains("8lOBeZQ9QYbYS6"), "\(body)")
      #expect(!mask(finder, Self.code).contains(Self.code), "\(body)")
    }
  }

  @Test(arguments: [
    "nothing", "text/plain", "text/html", "application/octet-stream", "application/jwt",
  ])
  func `an answer with another content type hides nothing`(type: String) {
    for body in [
      #"{"refreshToken":"\#(Self.code)"}"#, "access_token=\(Self.code)&token_type=Bearer",
      "<p>code: \(Self.code)</p>", "<a href='https://rp/cb?code=\(Self.code)&amp;state=x'>on</a>",
      "<script>send({\"code\": '\(Self.code)'})</script>",
    ] {
      var finder = SecretFinder()
      let headers: HTTPHeaders = type == "nothing" ? [:] : ["Content-Type": type]
      finder.read(
        HTTPResponse(status: 200, headers: headers, body: Array(body.utf8)), isAnswer: true)
      #expect(!mask(finder, body).contains(Self.code), "\(body)")
    }
  }

  @Test(arguments: [
    "code=@", "code = '@'", "\"code\": \"@\"", "\\\"code\\\":\\\"@\\\"", "code => \"@\"",
    "the answer was https://rp/cb?code=@&state=x.", "%22code%22%3A%22@%22", "code%3D@%26state%3Dx",
    "curl --data-raw ^\"^%^22code=@^&x=y^\"", "&quot;code&quot;:&quot;@&quot;",
    "Refresh_Token: @.", "whatever=@",
  ])
  func `a text of any kind`(text: String) {
    let text = text.replacing("@", with: Self.code)
    let shown = Redactor(secrets: WireSecrets.all(inPasted: text)).mask(text)
    #expect(!shown.contains(Self.code), "\(shown)")
  }

  @Test(arguments: [
    "error code: AADSTS50011", "status code = 400", "password: required", "state=@", "nonce: @",
    "trace_id: @", "client_secret is missing", "code: invalid_grant_or_something",
  ])
  func `a text that says no secret is left alone`(text: String) {
    let text = text.replacing("@", with: Self.code)
    #expect(Redactor(secrets: WireSecrets.all(inPasted: text)).mask(text) == text)
  }

  @Test func `a provider cannot make the words of the protocol vanish`() {
    var finder = SecretFinder()
    finder.read(form: "token=access_token&password=redirect_uri&code=client_secret", guesses: true)
    let text = "access_token redirect_uri client_secret"
    #expect(mask(finder, text) == text)
  }

  @Test func `an answer has no more guesses than it can have values`() {
    let fields = (0..<1000).map { "f\($0)=\(Self.code)\($0)" }.joined(separator: "&")
    var finder = SecretFinder()
    finder.read(form: fields, guesses: true)
    #expect(finder.guessed.count == SecretFinder.guessedMaximum)
  }

  @Test func `values in values in values are looked at, up to a depth`() {
    var text = "code=\(Self.code)"
    for _ in 0..<3 { text = FormEncoding.encode([FormField("next", "https://a/?" + text)]) }
    var finder = SecretFinder()
    finder.read(form: text, guesses: true)
    #expect(mask(finder, Self.code) == Self.masked)
    for _ in 0..<60 { text = FormEncoding.encode([FormField("n", text)]) }
    finder.read(form: text, guesses: true)
  }
}
