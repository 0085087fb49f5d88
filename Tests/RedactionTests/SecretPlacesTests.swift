import OpenID
import Testing

@testable import HybridFlow
@testable import Redaction

/// A secret in every place of a message: what shows it, what keeps it, and what finds it again
/// elsewhere know the same places.
@Suite struct SecretPlacesTests {
  /// A place, and a text with the secret in it.
  struct Place: Sendable, CustomTestStringConvertible {
    var name: String
    var header: HTTPHeader?
    var body = ""
    var type: String?
    /// The secret as it may come back elsewhere.
    var secret = SecretPlacesTests.canary
    var testDescription: String { name }

    static func header(_ name: String, _ value: String) -> Place {
      Place(name: "\(name): \(value)", header: HTTPHeader(name, value))
    }
    static func body(_ type: String?, _ text: String) -> Place {
      Place(name: "\(type ?? "no type"): \(text)", body: text, type: type)
    }
  }

  static let canary = "Zk3x9QpL7vT2mW8rB5nY1cD4"
  private static let basic = Base64.encode(Array("client:\(canary)".utf8))
  private static let jwt =
    "eyJhbGciOiJFUzI1NiJ9.eyJodG0iOiJQT1NUIiwianRpIjoiMSJ9.\(canary)\(canary)"

  static let places: [Place] = [
    .header("Authorization", "Bearer \(canary)"), .header("Authorization", "bearer  \(canary)"),
    .header("Authorization", "DPoP \(canary)"), .header("Authorization", canary),
    .header("Proxy-Authorization", "Negotiate \(canary)"),
    Place(name: "Basic", header: HTTPHeader("Authorization", "Basic \(basic)"), secret: basic),
    .header("Cookie", "theme=dark; sid=\(canary)"), .header("Cookie", "a=b;sid=\(canary) ;c=d"),
    .header("Cookie", canary),
    .header("Set-Cookie", "sid=\(canary); Path=/; HttpOnly"),
    .header("Set-Cookie", "\(canary); Secure"),
    .header("X-API-Key", canary), .header("apikey", canary), .header("X-Auth-Token", canary),
    .header("X-Client-Secret", canary),
    .header("Location", "https://rp.example/cb?code=\(canary)&state=x"),
    .header("Location", "https://rp.example/cb#access_token=\(canary)"),
    .header("Content-Location", "/cb?code=\(canary)"),
    .header("Referer", "https://rp.example/cb?x=y&id_token=\(canary)"),
    Place(name: "DPoP", header: HTTPHeader("DPoP", jwt), secret: jwt),
    .header("Link", "<https://rp.example/cb?code=\(canary)>; rel=next"),
    .body("application/x-www-form-urlencoded", "grant_type=x&refresh_token=\(canary)"),
    .body("application/x-www-form-urlencoded", "a=%zz&client_secret=\(canary)&=%"),
    .body("application/json", #"{"token_type":"Bearer","access_token":"\#(canary)"}"#),
    .body("application/json", #"{"token_type":"Bearer","unheard_of":"\#(canary)"}"#),
    .body(nil, #" [{"refresh_token":"\#(canary)"}]"#),
    .body("text/plain", #"  {"password":"\#(canary)"}"#),
    .body("application/jwk-set+json", #"{"keys":[{"d":"\#(canary)","kty":"EC","crv":"P-256"}]}"#),
    .body("application/json", #"{"keys":[{"kty":"oct","k":"\#(canary)"}]}"#),
    .body("text/html", "<form><input type=hidden name=code value=\(canary)></form>"),
    .body("text/html", "<form><input type=hidden name=relay value=\(canary)></form>"),
    .body("text/plain", "code: \(canary)"), .body(nil, "access_token=\(canary)&token_type=x"),
  ]

  private static func request(_ place: Place) -> HTTPRequest {
    var headers = HTTPHeaders([place.header].compactMap(\.self))
    if let type = place.type { headers.add("Content-Type", type) }
    return HTTPRequest(
      method: "POST", target: "/here", headers: headers, body: Array(place.body.utf8))
  }

  @Test(arguments: places) func `is found, and masked where it comes back`(place: Place) {
    let message = Message(
      id: 1, stage: .exchange, at: UnixTime(seconds: 0), from: .application,
      to: .authorizationServer, evidence: .sent, content: .request(Self.request(place)),
      url: "https://op.example/token", method: "POST")
    let redactor = Redactor(secrets: WireSecrets.found(in: message).secrets)
    let shown = redactor.mask("before \(place.secret) after")
    #expect(!shown.contains(place.secret), "\(shown)")
    #expect(shown.hasPrefix("before ") && shown.hasSuffix(" after"), "\(shown)")
    #expect(!redactor.mask(place.body).contains(place.secret))
  }

  @Test(arguments: places.filter { $0.header != nil })
  func `is masked in a header even where nothing is known`(place: Place) throws {
    let header = try #require(place.header)
    // What is found by its shape alone has to be known first.
    guard SecretPolicy.content(ofHeader: header.name) != .text else { return }
    #expect(!Redactor(secrets: []).show(header).contains(place.secret))
  }

  @Test(arguments: places.filter { $0.header != nil }, ["@", "> @", "curl -s -H '@' https://api/"])
  func `is masked in a text that is pasted`(place: Place, around: String) throws {
    let header = try #require(place.header)
    let line = around.replacing("@", with: "\(header.name): \(header.value)")
    let text = "GET / HTTP/1.1\r\n\(line)\r\n\r\n"
    let shown = Redactor(secrets: WireSecrets.all(inPasted: text)).mask(text)
    #expect(!shown.contains(place.secret), "\(shown)")
  }

  @Test(arguments: places) func `is kept nowhere`(place: Place) {
    var mask = EventMask(replacesPersonal: true) { bytes in
      var state: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
      return (0..<32).map { UInt8(truncatingIfNeeded: (state &* (2 * $0 + 1)) >> 32) }
    }
    let echo = HTTPResponse(
      status: 200, mediaType: "text/plain", text: "before \(place.secret) after")
    guard
      case .browserExchanged(let request, let response) = mask.mask(
        .browserExchanged(Self.request(place), echo))
    else {
      Issue.record("another event")
      return
    }
    let kept = request.head + String(decoding: request.body, as: UTF8.self)
    #expect(!kept.contains(place.secret) && !kept.contains(Self.canary), "\(kept)")
    #expect(!response.bodyText.contains(place.secret), "\(response.bodyText)")
    #expect(
      response.bodyText.hasPrefix("before ") && response.bodyText.hasSuffix(" after"),
      "\(response.bodyText)")
  }

  @Test(
    arguments: places.compactMap(\.header) + [
      HTTPHeader("Cookie", " a=b;; c ; =d;"), HTTPHeader("Set-Cookie", ""),
      HTTPHeader("Cookie", ""),
      HTTPHeader("Authorization", ""), HTTPHeader("Authorization", "Basic "),
      HTTPHeader("Location", "?&&a=b#&=&c"), HTTPHeader("Referer", ""),
    ])
  func `the parts of a header are the header`(header: HTTPHeader) {
    let text = MessagePart.parts(of: header).map { part in
      switch part {
      case .frame(let text), .text(let text), .cookie(let text), .credential(let text, _): text
      case .field(_, let name, let value): name + value
      }
    }.joined()
    #expect(text == header.value)
  }

  @Test func `a secret under a name is hidden in the bytes of JSON, short or escaped`() {
    let redactor = Redactor(secrets: [])
    let texts = [
      #"{"password":"demo","a":"b"}"#, #"{"x":[{"client_secret":"d\u0065mo"}]}"#,
      #"{"code":"\#(Self.canary)"}"#,
    ]
    let shown = texts.map { text in
      var bytes = Array(text.utf8)
      for range in redactor.hiddenRanges(inJSON: bytes) {
        for index in range { bytes[index] = UInt8(ascii: "*") }
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(
      shown == [
        #"{"password":"****","a":"b"}"#, #"{"x":[{"client_secret":"*********"}]}"#,
        #"{"code":"Zk3x9Q**************1cD4"}"#,
      ])
  }
}
