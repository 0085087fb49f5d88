import OpenID
import Testing

/// What a refused request is known to have been.
@Suite struct UnderstoodRequestTests {
  static let cookies =
    "GET /callback?state=s HTTP/1.1\r\nHost: localhost:1\r\nCOOKIE: "
    + String(repeating: "a=b; ", count: 8000)

  static let cases: [(bytes: String, fault: HTTPError?, line: String?, host: String?)] = [
    ("\u{16}\u{3}\u{1}\u{2}\u{0}", .tlsHandshake, nil, nil),
    ("GET /callback HT", nil, nil, nil),
    ("GET /callback HTTP/1.1\r\nHost: a\r\nUser", nil, "GET /callback", "a"),
    (
      "POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n", .bodyTooLarge,
      "POST /callback", "a"
    ),
    ("POST /callback HTTP/1.1\r\nHost: a\r\n\r\n", .lengthRequired, "POST /callback", "a"),
    ("POST /callback HTTP/1.1\r\nHost: a\r\n a\r\n\r\n", .badHeader, "POST /callback", "a"),
    ("POST /callback HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", .badHeader, "POST /callback", "a"),
    ("POST /callback HTTP/3.0\r\n\r\n", .unsupportedVersion, "POST /callback", nil),
    ("POST /call back HTTP/1.1\r\n\r\n", .badRequestLine, nil, nil),
    (
      "POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\ncode", nil,
      "POST /callback", "a"
    ),
    (cookies, .headTooLarge, "GET /callback", "localhost:1"),
  ]

  @Test func `its first line and its whole header lines are known`() {
    for row in Self.cases {
      var parser = HTTPRequestParser()
      parser.append(Array(row.bytes.utf8))
      var fault: HTTPError?
      do throws(HTTPError) { _ = try parser.next() } catch { fault = error }
      let what = "\(row.bytes.prefix(60).debugDescription)"
      #expect(fault == row.fault, "\(what)")
      #expect(parser.understood?.description == row.line, "\(what)")
      #expect(parser.understood?.headers["Host"] == row.host, "\(what)")
      #expect(parser.understood?.body ?? [] == [], "\(what)")
    }
  }

  @Test func `nothing is left of a request that was taken`() throws {
    var parser = HTTPRequestParser()
    parser.append(Array("GET / HTTP/1.1\r\nHost: a\r\nCookie: abc\r\n\r\n".utf8))
    #expect(try parser.next() != nil)
    #expect(parser.understood == nil && parser.cookieBytes == 0)
  }

  @Test func `its cookies are counted, whole or not`() {
    var parser = HTTPRequestParser()
    parser.append(Array(Self.cookies.utf8))
    #expect(throws: HTTPError.headTooLarge) { try parser.next() }
    #expect(parser.cookieBytes > 32_000 && parser.cookieBytes < Limit.requestHeadBytes)
    var other = HTTPRequestParser()
    other.append(Array("POST / HTTP/1.1\r\nHost: a\r\nCookie: abc\r\ncookie: de\r\n\r\n".utf8))
    #expect(throws: HTTPError.lengthRequired) { try other.next() }
    #expect(other.cookieBytes == 5)
  }
}
