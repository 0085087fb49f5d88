import OpenID
import Testing
import TestSupport

@testable import Inspection

/// What `decode` takes a pasted text for.
@Suite struct PastedReaderTests {
  private static let jws = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZSJ9.c2ln"
  private static let jwe = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y2lwaGVy.dGFn"

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let kind: PastedMessage.Kind
    var carrier: String?
    var wrapping: String?
    var address: String?
    var value: [String: String] = [:]
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "a token", text: jws, kind: .signedToken),
    Case(name: "a token in quotes and blanks", text: "\n \"\(jws)\" \r\n", kind: .signedToken),
    Case(name: "a bearer token", text: "Bearer \(jws)", kind: .signedToken),
    Case(name: "a header", text: "authorization: bearer \(jws)", kind: .signedToken),
    Case(
      name: "a token that a mail wrapped",
      text: jws.split(separator: ".").joined(separator: ".\r\n  "), kind: .signedToken),
    Case(
      name: "a token in a log line", text: "12:00 DEBUG got token=<\(jws)> from cache",
      kind: .signedToken, wrapping: "a longer text"),
    Case(name: "an encrypted token", text: jwe, kind: .encryptedToken),
    Case(name: "an opaque token", text: "8xLOxBtZp8", kind: .opaqueToken),
    Case(name: "an opaque token with dots", text: "1//0abc.def.ghi", kind: .opaqueToken),
    Case(
      name: "a form body", text: "code=a%20b&state=c+d", kind: .formBody, carrier: "body",
      value: ["code": "a b", "state": "c d"]),
    Case(
      name: "a form body that was wrapped", text: "code=ab\ncd&\n  state=x", kind: .formBody,
      carrier: "body", value: ["code": "abcd", "state": "x"]),
    Case(
      name: "a fragment alone", text: "#code=abc&id_token=\(jws)", kind: .callback,
      carrier: "fragment", value: ["id_token": jws]),
    Case(
      name: "a callback with a query of its own", text: "https://a.example/cb?page=1#code=abc",
      kind: .callback, carrier: "fragment", address: "https://a.example/cb",
      value: ["code": "abc"]),
    Case(
      name: "a callback with an error", text: "http://localhost:1/cb?error=access_denied",
      kind: .callback, carrier: "query", address: "http://localhost:1/cb"),
    Case(
      name: "the callback of an application on a phone", text: "com.example.app:/cb?code=abc",
      kind: .callback, carrier: "query", address: "com.example.app:/cb"),
    Case(
      name: "an authorize URL", text: "https://a.example/auth?response_type=code&client_id=x",
      kind: .authorizeURL, carrier: "query", address: "https://a.example/auth"),
    Case(
      name: "a request target", text: "/authorize?client_id=x&redirect_uri=y",
      kind: .authorizeURL, carrier: "query", address: "/authorize"),
    Case(
      name: "a redirect as the specifications print it",
      text: "HTTP/1.1 302 Found\nLocation: https://a.example/cb#\n  code=abc\n  &state=x",
      kind: .callback, carrier: "fragment", wrapping: "an HTTP response",
      address: "https://a.example/cb", value: ["state": "x"]),
    Case(
      name: "a post as a proxy shows it",
      text: "POST /cb HTTP/1.1\r\nHost: a\r\n\r\ncode=abc&state=x", kind: .formBody,
      carrier: "body", wrapping: "an HTTP request", address: "/cb", value: ["code": "abc"]),
    Case(
      name: "a form that a browser copied as curl",
      text: "curl 'https://a.example/cb' \\\n  -H 'x: y' \\\n  --data-raw $'code=a\\'b&state=x'",
      kind: .formBody, carrier: "body", wrapping: "a curl command",
      address: "https://a.example/cb", value: ["code": "a'b"]),
    Case(
      name: "what Chrome and Firefox copy: letters as numbers, in quotes with a dollar",
      text: #"curl 'https://a.example/cb' -H 'x: y' --data-raw $'code=a\u0021b\x2Dc\'d"#
        + #"&state=Z\u00fcrich%20\ud83d\ude00&error_description=it\'s\041\n'"#,
      kind: .formBody, carrier: "body", wrapping: "a curl command",
      address: "https://a.example/cb",
      value: [
        "code": "a!b-c'd", "state": "Z\u{FC}rich \u{1F600}", "error_description": "it's!",
      ]),
    Case(
      name: "a curl command with double quotes and a lone half of a pair",
      text: #"curl "https://a.example/cb" --data "code=a\"b\$c&x=1" --data-raw $'state=\ud83dx'"#,
      kind: .formBody, carrier: "body", wrapping: "a curl command",
      address: "https://a.example/cb",
      value: ["code": "a\"b$c", "state": "\u{FFFD}x"]),
    Case(
      name: "a token request with curl",
      text: "curl https://a.example/token -d grant_type=authorization_code "
        + "--data-urlencode 'code=a b'",
      kind: .tokenRequest, carrier: "body", wrapping: "a curl command",
      address: "https://a.example/token", value: ["code": "a b"]),
    Case(
      name: "an API call with curl", text: "curl -H \"Authorization: Bearer \(jws)\" https://a/",
      kind: .signedToken, wrapping: "a curl command", address: "https://a/"),
    Case(
      name: "a token response", text: #"{"access_token":"abc","token_type":"Bearer"}"#,
      kind: .tokenResponse, value: ["access_token": "abc"]),
    Case(name: "an OAuth error", text: #"{"error":"invalid_grant"}"#, kind: .errorResponse),
    Case(name: "keys", text: #"{"keys":[{"kty":"EC"}]}"#, kind: .keySet),
    Case(name: "a key", text: #"{"kty":"EC","kid":"x"}"#, kind: .keySet),
    Case(name: "a discovery document", text: #"{"issuer":"https://a"}"#, kind: .metadata),
  ]

  @Test(arguments: cases)
  func `a pasted text is recognised`(_ item: Case) throws {
    let message = try PastedReader.read(item.text)
    #expect(message.kind == item.kind)
    #expect(message.carrier == item.carrier)
    #expect(message.wrapping == item.wrapping)
    #expect(message.address == item.address)
    for (name, value) in item.value { #expect(message[name] == value, "\(name)") }
    if item.kind == .signedToken { #expect(message.tokens.first?.jws?.text == Self.jws) }
  }

  @Test(arguments: [
    "", "  \n", "hello", "hello world, this is prose", "{\"a\":1}", "{\"access_token\":", "[1,2]",
    "https://a.example/", "https://a.example/?q=search", "a=b&c=d", "curl https://a.example/",
    "{\"keys\":[" + String(repeating: "{},", count: 200) + "{}]}",
  ])
  func `what is nothing known is refused in words`(text: String) {
    let fault = #expect(throws: PastedError.self) { try PastedReader.read(text) }
    #expect(fault?.message.hasSuffix(".") == true)
  }

  private static let hostile: [(String, String)] = [
    ("one letter", String(repeating: "A", count: 1 << 20)),
    ("open arrays", String(repeating: "[", count: 1 << 19)),
    ("open objects", String(repeating: "{\"a\":", count: 1 << 17)),
    ("segments", String(repeating: "eyJ.", count: 1 << 17)),
    ("half tokens", String(repeating: "eyJhbGciOiJub25lIn0 ", count: 1 << 15)),
    ("fields", String(repeating: "&code=1", count: 1 << 16)),
    ("percent signs", "code=" + String(repeating: "%", count: 1 << 18)),
    ("open quotes", "curl " + String(repeating: "-d '\"\\", count: 1 << 16)),
    ("header lines", "HTTP/1.1 302 F\n" + String(repeating: "Location:\n ", count: 1 << 16)),
    ("quotes", String(repeating: "\"", count: 1 << 19)),
    ("line breaks", "a" + String(repeating: " \r\n", count: 1 << 18) + "b"),
    ("too much", String(repeating: "x", count: PastedReader.textBytes + 1)),
    ("every byte", String(decoding: (0..<1 << 19).map { UInt8($0 * 7 & 255) }, as: UTF8.self)),
  ]

  @Test(.timeLimit(.minutes(1)), arguments: hostile.map(\.0))
  func `hostile text is judged or refused in time that grows with its length`(
    name: String
  ) throws {
    let text = try #require(Self.hostile.first { $0.0 == name }).1
    guard let message = try? PastedReader.read(text) else { return }
    let checks = PastedExamination(
      message, now: UnixTime(seconds: 0), compute: CryptoWork.finding
    ).checks()
    #expect(checks.count < 100)
    #expect(message.fields.count <= PastedReader.formFields)
  }
}
