import Foundation
import OpenID
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct HTTPClientTests {
  static func get(_ port: Int, _ path: String = "/", host: String = "127.0.0.1") throws
    -> HTTPRequest
  {
    HTTPRequest(method: "GET", url: try WebURL("http://\(host):\(port)\(path)"))
  }

  @Test func `client and server share one thread and one loop`() throws {
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "localhost", port: 0)
    var seen: [HTTPRequest] = []
    server.handler = { request, _ in
      seen.append(request)
      return HTTPResponse(status: 200, mediaType: "text/plain", text: request.bodyText + "!")
    }
    let client = HTTPClient(loop: loop, options: ClientOptions(userAgent: "hybrid-flow/test"))
    var request = HTTPRequest(
      method: "POST", url: try WebURL("http://localhost:\(port)/t/../token?a=b%20c"),
      headers: [
        "Host": "localhost:\(port)", "Content-Type": "application/x-www-form-urlencoded",
        "X-Empty": "", "Content-Length": "3",
      ], body: Array("a=b".utf8))
    let first = try exchange(loop, client, request).get()
    #expect(first.response.bodyText == "a=b!")
    // What the exchange shows is what the server saw, line by line: libcurl added nothing.
    #expect(seen[0].headers == first.request.headers)
    let sent = String(decoding: first.sentHead, as: UTF8.self)
    #expect(
      sent == seen[0].head.replacingOccurrences(of: "X-Empty: ", with: "X-Empty:") + "\r\n\r\n")
    #expect(seen[0].target == "/t/../token?a=b%20c")
    #expect(
      seen[0].headers.lines.map(\.name) == [
        "Host", "Content-Type", "X-Empty", "Content-Length", "User-Agent", "Accept",
      ])
    #expect(seen[0].headers["User-Agent"] == "hybrid-flow/test")
    #expect(!first.reusedConnection && first.timing.totalMilliseconds > 0)
    #expect(["127.0.0.1", "::1"].contains(first.remoteAddress) && first.remotePort == port)

    request.body = [UInt8](repeating: 0x61, count: 200_000)
    request.headers = HTTPHeaders()
    let second = try exchange(loop, client, request).get()
    #expect(second.reusedConnection)
    #expect(second.response.body.count == 200_001)
    #expect(seen[1].headers == second.request.headers)
    #expect(
      seen[1].headers.lines.map(\.name).sorted() == [
        "Accept", "Content-Length", "Host", "User-Agent",
      ])
    #expect(server.connectionCount == 1)
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
  func `every method goes out as it is and the answer's body is right`(method: String) throws {
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "127.0.0.1", port: 0)
    var seen: [HTTPRequest] = []
    server.handler = { request, _ in
      seen.append(request)
      return HTTPResponse(status: 200, mediaType: "text/plain", text: "body")
    }
    let client = HTTPClient(loop: loop)
    var request = try Self.get(port)
    request.method = method
    let result = try exchange(loop, client, request).get()
    #expect(seen.map(\.method) == [method] && seen[0].body.isEmpty)
    #expect(result.response.bodyText == (method == "HEAD" ? "" : "body"))
    #expect(seen[0].headers == result.request.headers)
  }

  @Test func `status line, order and case of header lines are kept`() throws {
    let loop = PollLoop()
    let head =
      "HTTP/1.1 299 Very  odd\r\nx-B: 2\r\nX-a:1  \r\nx-b: again\r\nContent-Length: 2\r\n\r\n"
    let server = try RawServer(loop, answer: "HTTP/1.1 103 Early\r\nL: x\r\n\r\n" + head + "hi")
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, Self.get(server.port)).get()
    #expect(result.response.status == 299 && result.response.reason == "Very  odd")
    #expect(
      result.response.headers.lines == [
        HTTPHeader("x-B", "2"), HTTPHeader("X-a", "1"), HTTPHeader("x-b", "again"),
        HTTPHeader("Content-Length", "2"),
      ])
    #expect(String(decoding: result.receivedHead, as: UTF8.self) == head)
    #expect(result.response.bodyText == "hi" && result.version == "HTTP/1.1")
    #expect(result.tls == nil)
    #expect("\(result)" == "GET / -> 299 Very  odd")
  }

  /// A mark behind the colon is one `Character` with it.
  @Test(arguments: ["\u{0301}", "\u{20DD}", "\u{FE0F}", "\u{200D}", "\u{1F3FB}", "\u{0903}"])
  func `a header whose value begins with a mark arrives on both ways`(mark: String) throws {
    let loop = PollLoop()
    let raw = try RawServer(
      loop,
      answer: "HTTP/1.1 200 \(mark)OK\r\nX-A:\(mark)a\r\nX-B: \(mark)b\r\nContent-Length: 0\r\n\r\n"
    )
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, Self.get(raw.port)).get()
    #expect(result.response.reason.isIdentical(to: "\(mark)OK"))
    #expect(result.response.headers["X-A"]?.isIdentical(to: "\(mark)a") == true)
    #expect(result.response.headers["X-B"]?.isIdentical(to: "\(mark)b") == true)

    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "localhost", port: 0)
    var seen: HTTPRequest?
    server.handler = { request, _ in
      seen = request
      return HTTPResponse(status: 200, mediaType: "text/plain", text: "")
    }
    let person = try RawClient(loop, port: port)
    person.send("GET /?a=1 HTTP/1.1\r\nHost: localhost:\(port)\r\nCookie:\(mark)c\r\n\r\n")
    loop.expect("the request arrives") { seen != nil }
    #expect(seen?.headers["Cookie"]?.isIdentical(to: "\(mark)c") == true)
  }

  @Test func `a chunked body with a trailer is read`() throws {
    let loop = PollLoop()
    let server = try RawServer(
      loop,
      answer: "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n"
        + "2\r\nab\r\n1\r\nc\r\n0\r\nT: v\r\n\r\n")
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, Self.get(server.port)).get()
    #expect(result.response.bodyText == "abc" && result.response.reason == "")
    #expect(result.response.headers.lines.map(\.name) == ["Transfer-Encoding", "Trailer"])
  }

  @Test func `a redirect is delivered, not followed`() throws {
    let loop = PollLoop()
    let server = try RawServer(
      loop, answer: "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, Self.get(server.port)).get()
    #expect(result.response.status == 302 && result.response.headers["location"] == "/next")
    #expect(server.heads.count == 1)
  }

  @Test(arguments: [0, 1])
  func `a body and a head are taken up to their limits`(over: Int) throws {
    #expect(ClientOptions().responseBodyBytes == Limit.responseBodyBytes)
    let loop = PollLoop()
    var options = ClientOptions()
    options.responseBodyBytes = 100_000
    let client = HTTPClient(loop: loop, options: options)
    let opening = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    let text = String(repeating: "x", count: 100_000)
    let body = try RawServer(
      loop,
      answer: over == 0 ? opening + text : opening.replacing("100000", with: "100001") + text + "x")
    let long = try exchange(loop, client, Self.get(body.port))
    let start = "HTTP/1.1 200 OK\r\nX: "
    let filler = String(
      repeating: "y", count: Limit.responseHeadBytes - start.utf8.count - 4 + over)
    let head = try RawServer(loop, answer: start + filler + "\r\n\r\n")
    let high = try exchange(loop, client, Self.get(head.port))
    if over == 0 {
      #expect(try long.get().response.body.count == 100_000)
      #expect(try high.get().response.headers["X"] == filler)
    } else {
      #expect(
        fault(long)
          == .tooLarge(host: "127.0.0.1", port: body.port, what: .body, limitBytes: 100_000))
      #expect(
        fault(high)
          == .tooLarge(
            host: "127.0.0.1", port: head.port, what: .head, limitBytes: Limit.responseHeadBytes))
    }
  }

  @Test func `an endless body and an endless head are cut off at their limits`() throws {
    let loop = PollLoop()
    var options = ClientOptions()
    options.responseBodyBytes = 100_000
    let client = HTTPClient(loop: loop, options: options)
    let body = try RawServer(loop, answer: "HTTP/1.1 200 OK\r\n\r\n", end: .endless)
    #expect(
      fault(try exchange(loop, client, Self.get(body.port)))
        == .tooLarge(host: "127.0.0.1", port: body.port, what: .body, limitBytes: 100_000))
    let lines = String(repeating: "X: \(String(repeating: "y", count: 1000))\r\n", count: 70)
    let head = try RawServer(loop, answer: "HTTP/1.1 200 OK\r\n" + lines, end: .hold)
    #expect(
      fault(try exchange(loop, client, Self.get(head.port)))
        == .tooLarge(
          host: "127.0.0.1", port: head.port, what: .head, limitBytes: Limit.responseHeadBytes))
  }

  @Test(arguments: [
    ("SSH-2.0-OpenSSH_9.2\r\n", RawServer.End.close, "not HTTP"),
    ("\u{15}\u{3}\u{1}", .close, "not HTTP"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .close, "ended the connection"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .reset, "ended the connection"),
    ("", .close, "ended the connection"),
    ("", .reset, "ended the connection"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .hold, "within 100 ms"),
    ("", .hold, "within 100 ms"),
  ])
  func `what is no whole response is told apart`(
    answer: String, end: RawServer.End, words: String
  ) throws {
    let loop = PollLoop()
    let server = try RawServer(loop, answer: answer, end: end)
    var options = ClientOptions()
    options.timeoutMilliseconds = words.contains("within") ? 100 : patienceMilliseconds
    let client = HTTPClient(loop: loop, options: options)
    let found = try #require(fault(exchange(loop, client, Self.get(server.port, "/secret?code=s"))))
    #expect("\(found)".contains(words))
    #expect("\(found)".contains("127.0.0.1 port \(server.port)"))
    #expect(!"\(found)".contains("secret") && !"\(found)".contains("code="))
  }

  @Test func `a port where nobody listens refuses`() throws {
    let loop = PollLoop()
    let sockets = try ListenSockets(host: "127.0.0.1", port: 0)
    for descriptor in sockets.descriptors { close(descriptor) }
    let client = HTTPClient(loop: loop)
    #expect(
      fault(try exchange(loop, client, Self.get(sockets.port)))
        == .cannotConnect(
          host: "127.0.0.1", port: sockets.port, reason: "Connection refused"))
  }

  @Test(arguments: ["http://192.0.2.1/", "http://example.com/", "http://localhost.evil.example/"])
  func `plain http leaves this machine never`(text: String) throws {
    let loop = PollLoop()
    let client = HTTPClient(loop: loop)
    let url = try WebURL(text)
    let found = fault(try exchange(loop, client, HTTPRequest(method: "GET", url: url)))
    #expect(found == .insecureURL(host: url.host, port: 80))
  }

  @Test func `requests that would break the wire are refused before it`() throws {
    let loop = PollLoop()
    let server = try RawServer(loop, answer: "HTTP/1.1 200 OK\r\n\r\n")
    let client = HTTPClient(loop: loop)
    let good = try Self.get(server.port)
    var bad: [HTTPRequest] = [HTTPRequest(method: "GET", target: "/")]
    for (name, value) in [
      ("X", "a\r\nY: b"), ("X", "a\nb"), ("X Y", "a"), ("", "a"), ("Content-Length", "7"),
      ("Transfer-Encoding", "chunked"),
    ] {
      var request = good
      request.headers.add(name, value)
      bad.append(request)
    }
    var spaced = good
    spaced.target = "/a b"
    bad.append(spaced)
    var method = good
    method.method = "GE T"
    bad.append(method)
    for request in bad {
      let found = try #require(fault(exchange(loop, client, request)))
      guard case .invalidRequest = found else {
        Issue.record("\(found)")
        continue
      }
    }
    #expect(server.accepted == 0 && client.runningCount == 0)
  }

  @Test func `a cancelled request never completes`() throws {
    let loop = PollLoop()
    let server = try RawServer(loop, answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let client = HTTPClient(loop: loop)
    var completed: [String] = []
    let first = client.send(try Self.get(server.port, "/1")) { _ in completed.append("1") }
    let refused = client.send(HTTPRequest(method: "GET", url: try WebURL("http://192.0.2.1/"))) {
      _ in completed.append("refused")
    }
    client.cancel(first)
    client.cancel(refused)
    client.cancel(first)
    _ = try exchange(loop, client, Self.get(server.port, "/2")).get()
    #expect(completed.isEmpty && client.runningCount == 0)
    #expect(server.heads.allSatisfy { $0.hasPrefix("GET /2 ") })
  }

  @Test func `many requests run side by side`() throws {
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "127.0.0.1", port: 0)
    var responders: [Responder] = []
    server.deferringHandler = { _, _, responder in responders.append(responder) }
    let client = HTTPClient(loop: loop)
    var done = 0
    for _ in 0..<10 { client.send(try Self.get(port)) { if case .success = $0 { done += 1 } } }
    loop.expect("all there before any answer") { responders.count == 10 }
    #expect(done == 0)
    for responder in responders { responder.respond(HTTPResponse(status: 204)) }
    loop.expect("all done") { done == 10 }
  }

  @Test func `a proxy of the environment is not asked for this machine`() throws {
    let loop = PollLoop()
    let server = try RawServer(loop, answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let names = ["http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"]
    let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "http://127.0.0.1:1") })
    let client = HTTPClient(loop: loop, options: ClientOptions(environment: environment))
    for host in ["127.0.0.1", "localhost"] {
      let result = try exchange(loop, client, HTTPClientTests.get(server.port, host: host)).get()
      #expect(result.response.status == 200 && result.proxy == nil)
    }
    // The same environment is heeded for another machine, or the test would prove nothing.
    let away = HTTPRequest(method: "GET", url: try WebURL("https://away.invalid/"))
    guard case .proxy = fault(try exchange(loop, client, away)) else {
      Issue.record("no proxy was asked")
      return
    }
  }

  @Test func `only the environment of the options is looked at for proxies`() async {
    await #expect(processExitsWith: .success) {
      setenv("https_proxy", "http://127.0.0.1:1", 1)
      let loop = PollLoop()
      let away = HTTPRequest(method: "GET", url: try WebURL("https://away.invalid/"))
      let found = fault(try exchange(loop, HTTPClient(loop: loop), away))
      guard case .cannotResolve = found else { exit(1) }
    }
  }

  @Test func `a name without address is said so`() throws {
    let loop = PollLoop()
    let client = HTTPClient(loop: loop)
    let away = HTTPRequest(method: "GET", url: try WebURL("https://away.invalid/"))
    let found = try #require(fault(exchange(loop, client, away)))
    #expect(found == .cannotResolve(host: "away.invalid"))
  }
}
