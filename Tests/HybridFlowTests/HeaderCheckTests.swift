import OpenID
import Testing

@testable import HybridFlow

/// What is only a name, and what a careless program would open.
@Suite struct HeaderCheckTests {
  @Test(
    arguments: [
      ("key-1", nil), ("2b5f0d6e-9a", nil), ("", nil), ("JWT/RS256+2024==", nil),
      ("NjVBRjY5MDlCMUIwNzU4RTA2QzZFMDQ4QzQ2MDAyQjVDNjk1RTM2Qg", nil), ("/9j+4AAQSkZJRg==", nil),
      ("urn:example:key:1", nil), ("did:web:tenant.example#key-1", nil),
      ("arn:aws:kms:eu-west-1:111122223333:key/1234abcd", nil), ("a key of ours", nil),
      ("https://attacker.example/jwks.json", .address), ("HTTP://a/b", .address),
      ("//attacker.example/k", .address), ("file:///etc/passwd", .address), ("data:,x", .address),
      ("../../dev/null", .path), ("/dev/null", .path), ("./key.pem", .path),
      ("keys/../../x", .path),
      ("..\\..\\nul", .path), ("~/key", .path),
      ("{\"kty\":\"RSA\"}", .key), ("-----BEGIN PUBLIC KEY-----", .key),
      ("x' UNION SELECT 'secret", .command), ("key|id", .command), ("$(id)", .command),
      ("`id`", .command), ("a; rm b", .command),
    ] as [(String, KeyIDForm?)])
  func `a kid is a name, or something to be opened`(_ name: String, _ form: KeyIDForm?) {
    #expect(KeyIDForm(name) == form, "\(name)")
  }

  @Test(arguments: [
    "https://vault.example/keys/signing/1", "/keys/1", "{\"a\":1}", "it's ours",
  ])
  func `the name of a published key may look like anything`(_ name: String) throws {
    var provider = try HonestProvider()
    provider.editFrontHeader = { $0.set("kid", .string(name)) }
    provider.editBackHeader = { $0.set("kid", .string(name)) }
    provider.editKeySet = {
      var json = try JSONParser.parse($0.body)
      var key = try #require(json["keys"]?.elements?.first)
      key.set("kid", .string(name))
      json.set("keys", [key])
      $0.body = Array(json.compactText.utf8)
    }
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(drive.complaints == [])
    #expect(drive.machine.situation == .finished)
    let check = try #require(
      drive.transcript[.callback].checks.first { $0.id == .idTokenNoRemoteKey })
    #expect(check.verdict == .pass && check.why.contains("publishes a key of this name"))
  }

  @Test(arguments: [
    ("password", true), ("Password", true), ("user[password]", true), ("j_password", true),
    ("Input.Password", true), ("newPassword", true), ("username", true), ("user_name", true),
    ("pwd", true), ("passwd", true), ("otp", true), ("loginfmt", true), ("password2", true),
    ("user", false), ("code", false), ("state", false), ("session_state", false), ("iss", false),
    ("email", false), ("passport_number", false), ("opinion", false), ("compass", false),
    ("client_info", false), ("scope", false), ("", false), ("[]", false),
  ])
  func `a field that a person fills in to sign in is known by its name`(
    _ name: String, _ isOne: Bool
  ) {
    #expect(CredentialFields.isCredential(name) == isOne, "\(name)")
  }

  @Test func `what was typed is neither kept nor compared, and the rest stays as it came`() throws {
    let body = "state=x&username=ada&password=correct+horse&form_token=t"
    let request = HTTPRequest(
      method: "POST", target: "/callback?code=c&state=s", headers: [:], body: Array(body.utf8))
    let typed = CredentialFields(request)
    #expect(typed.names == ["username", "password"] && typed.repeatsAnotherForm)
    let kept = String(decoding: typed.request.body, as: UTF8.self)
    #expect(!kept.contains("ada") && !kept.contains("horse") && kept.contains("form_token=t"))
    let answer = AuthorizationResponse(request, at: Sample.start)
    #expect(answer["code"] == "c" && answer["state"] == "s" && answer.carrier == .query)
    // An answer in the body stays one.
    let posted = HTTPRequest(
      method: "POST", target: "/callback?code=d", headers: [:],
      body: Array("code=c&state=s&password=p".utf8))
    #expect(AuthorizationResponse(posted, at: Sample.start)["code"] == "c")
    #expect(!CredentialFields(posted).repeatsAnotherForm)
  }
}
