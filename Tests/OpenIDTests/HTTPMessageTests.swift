import Testing

@testable import OpenID

@Suite struct HTTPMessageTests {
  @Test func `headers keep order and repeats, names have no case`() {
    var headers: HTTPHeaders = ["A": "1", "b": "2", "a": "3"]
    #expect(headers["a"] == "1")
    #expect(headers.all("A") == ["1", "3"])
    headers.set("a", "4")
    #expect(headers.lines.map(\.value) == ["2", "4"])
    #expect(headers["C"] == nil)
    headers.add("\u{212A}", "kelvin")
    #expect(headers["k"] == nil)
  }

  @Test func `a response carries its length and its standard phrase`() {
    let response = HTTPResponse(status: 302, headers: ["Location": "/x"], body: Array("ab".utf8))
    #expect(
      String(decoding: response.serialized(), as: UTF8.self)
        == "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nab")
    let empty = String(decoding: HTTPResponse(status: 204).serialized(), as: UTF8.self)
    #expect(empty == "HTTP/1.1 204 No Content\r\n\r\n")
    let page = HTTPResponse(status: 200, mediaType: "text/html", text: "é")
    #expect(page.headers.mediaType == "text/html")
    #expect(page.body.count == 2)
    #expect(HTTPResponse(status: 299).reason == "")
  }

  @Test func `no value can add a line to a head`() {
    let headers: HTTPHeaders = ["Location": "/x\r\nSet-Cookie: a=b\n\u{0}"]
    let response = HTTPResponse(status: 302, reason: "a\r\nb", headers: headers)
    #expect(response.head == "HTTP/1.1 302 a  b\r\nLocation: /x  Set-Cookie: a=b  ")
    let request = HTTPRequest(method: "GET", target: "/", headers: headers)
    #expect(request.head == "GET / HTTP/1.1\r\nLocation: /x  Set-Cookie: a=b  ")
  }

  @Test(arguments: [
    ("/a?b=c?d", "/a", "b=c?d"), ("/", "/", ""), ("http://localhost:8400/cb?x", "/cb", "x"),
    ("HTTP://localhost", "/", ""), ("*", "*", ""),
  ]) func `path and query of a target, absolute or not`(target: String, path: String, query: String)
  {
    let request = HTTPRequest(method: "GET", target: target)
    #expect(request.path == path)
    #expect(request.query == query)
  }

  @Test func `messages print neither query nor body`() throws {
    let request = try HTTPRequest(
      method: "POST", url: WebURL("http://h/cb?code=hush#frag"), body: Array("hush".utf8))
    #expect(request.target == "/cb?code=hush")
    let response = HTTPResponse(
      status: 200, headers: ["Set-Cookie": "hush"], body: Array("hush".utf8))
    for text in everyPrint(of: request) + everyPrint(of: response) {
      #expect(!text.contains("hush"), "\(text)")
      #expect(!text.contains("104"), "\(text)")
    }
    #expect(request.description == "POST /cb")
    #expect(response.description == "200 OK")
  }
}

/// Everything that Swift can make of a value without being told its parts.
func everyPrint(of value: some Any) -> [String] {
  var dumped = ""
  dump(value, to: &dumped)
  return [
    "\(value)", String(describing: value), String(reflecting: value), dumped,
    "\([value])", "\(["key": value])", String(reflecting: Optional(value) as Any),
  ]
}
