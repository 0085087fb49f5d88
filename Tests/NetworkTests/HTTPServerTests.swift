import Foundation
import OpenID
import Testing

@testable import Network

/// A server that answers with method, target and body, and what a test looks at.
private struct Echo {
  let loop: PollLoop
  let server: HTTPServer
  let port: Int

  init(limits: ServerLimits = ServerLimits()) throws {
    loop = PollLoop()
    server = HTTPServer(loop: loop, limits: limits)
    port = try server.listen(host: "127.0.0.1", port: 0)
    server.handler = { request, info in
      HTTPResponse(
        status: 200, mediaType: "text/plain",
        text: "\(request.method) \(request.target) \(info.requestNumber) <\(request.bodyText)>")
    }
  }

  func client() throws -> RawClient { try RawClient(loop, port: port) }
}

@Suite(.timeLimit(.minutes(1)))
struct HTTPServerTests {
  static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test(arguments: [
    (get, "GET /a 1 <>"),
    ("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "POST /b 1 <hello>"),
    (
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\n\r\n", "POST /c 1 <abcde>"
    ),
  ])
  func `a request is understood whole and byte by byte`(text: String, answer: String) throws {
    let echo = try Echo()
    let whole = try echo.client()
    whole.send(text)
    echo.loop.expect("answer") { whole.text.hasSuffix(answer) }
    let slow = try echo.client()
    for byte in text.utf8 {
      slow.send([byte])
      echo.loop.turn(maximumMilliseconds: 0)
    }
    echo.loop.expect("answer") { slow.text.hasSuffix(answer) }
    #expect(slow.text == whole.text)
    #expect(slow.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(!slow.isClosed)
  }

  @Test func `50 silent connections do not delay a real one`() throws {
    let echo = try Echo()
    let silent = try (0..<50).map { _ in try echo.client() }
    let real = try echo.client()
    real.send(Self.get)
    echo.loop.expect("answer") { real.text.hasSuffix("GET /a 1 <>") }
    #expect(silent.allSatisfy { $0.bytes.isEmpty && !$0.isClosed })
    echo.loop.expect("all accepted") { echo.server.connectionCount == 51 }
  }

  @Test func `a connection serves requests one after the other and pipelined`() throws {
    let echo = try Echo()
    let client = try echo.client()
    client.send(Self.get)
    echo.loop.expect("first") { client.text.hasSuffix("GET /a 1 <>") }
    client.send(
      "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
        + "GET /c HTTP/1.1\r\nHost: x\r\n\r\n"
        + "GET /d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    echo.loop.expect("closed") { client.isClosed }
    let marks = ["GET /a 1 <>", "POST /b 2 <hi>", "GET /c 3 <>", "GET /d 4 <>"]
    let places = marks.map { client.text.range(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    #expect(client.count(of: "HTTP/1.1 200 OK") == 4)
    #expect(client.count(of: "Connection: close") == 1)
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\r\nHost: x\r\n\r\n", 411),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n", 413),
    (
      "GET / HTTP/1.1\r\nHost: x\r\nX: "
        + String(repeating: "x", count: Limit.requestHeadBytes) + "\r\n\r\n",
      431
    ),
    ("nonsense\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET / HTTP/2.0\r\n\r\n", 505),
    ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
  ])
  func `what is no proper request gets its status and the connection ends`(
    text: String, status: Int
  ) throws {
    let echo = try Echo()
    let client = try echo.client()
    client.send(text)
    echo.loop.expect("closed") { client.isClosed }
    #expect(client.text.hasPrefix("HTTP/1.1 \(status) "))
    #expect(client.count(of: "Connection: close") == 1)
  }

  @Test func `a refused body that is still being sent does not cost the answer`() throws {
    let echo = try Echo()
    let client = try echo.client()
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
    client.send([UInt8](repeating: 0x61, count: 4_000_000))
    echo.loop.expect("closed") { client.isClosed }
    #expect(client.text.hasPrefix("HTTP/1.1 413 "))
  }

  @Test func `a TLS handshake is told that this is plain http`() throws {
    let echo = try Echo()
    let client = try echo.client()
    client.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
    echo.loop.expect("closed") { client.isClosed }
    #expect(client.text.contains("plain http"))
  }

  @Test(arguments: [
    ("/", "localhost:8910", 200), ("/", "LOCALHOST:1", 200), ("/", "[::1]:8910", 200),
    ("/", "127.0.0.1:8910", 200), ("/", "127.0.0.1:8911", 421), ("/", "evil.example", 421),
    ("/", "localhost.evil.example", 421), ("http://evil.example/", "localhost", 421),
    ("http://localhost/", "evil.example", 200), ("evil", "localhost", 400),
  ])
  func `only our own names are answered`(target: String, host: String, status: Int) throws {
    let echo = try Echo()
    echo.server.allowedHosts = ["localhost", "[::1]", "127.0.0.1:8910"]
    var handled = 0
    echo.server.handler = { _, _ in
      handled += 1
      return HTTPResponse(status: 200)
    }
    let client = try echo.client()
    client.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    echo.loop.expect("answer") { client.text.contains("\r\n\r\n") }
    #expect(client.text.hasPrefix("HTTP/1.1 \(status) "))
    #expect(handled == (status == 200 ? 1 : 0))
  }

  @Test func `the address that a connection came to may be named where that is allowed`() throws {
    for allows in [false, true] {
      let echo = try Echo()
      echo.server.allowedHosts = ["issuer.example:9000"]
      echo.server.allowsOwnAddress = allows
      let port = try #require(echo.server.port)
      for (host, isOwn) in [
        ("127.0.0.1:\(port)", true), ("127.0.0.1", false), ("127.0.0.2:\(port)", false),
        ("evil.example:\(port)", false), ("localhost:\(port)", false), ("evil.example", false),
      ] {
        let client = try echo.client()
        client.send("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        echo.loop.expect("answer") { client.text.contains("\r\n\r\n") }
        let status = allows && isOwn ? 200 : 421
        #expect(client.text.hasPrefix("HTTP/1.1 \(status) "), "\(host), \(allows)")
      }
    }
  }

  @Test func `silent, half-said and half-sent requests run out of time`() throws {
    var limits = ServerLimits()
    limits.headMilliseconds = 40
    limits.bodyMilliseconds = 40
    let echo = try Echo(limits: limits)
    let silent = try echo.client()
    let half = try echo.client()
    let body = try echo.client()
    half.send("GET / HT")
    body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel")
    echo.loop.expect("all closed") { silent.isClosed && half.isClosed && body.isClosed }
    #expect(silent.bytes.isEmpty)
    #expect(half.text.hasPrefix("HTTP/1.1 408 "))
    #expect(body.text.hasPrefix("HTTP/1.1 408 "))
    echo.loop.expect("forgotten") { echo.server.connectionCount == 0 }
  }

  @Test func `too many connections cost the oldest idle one, never a busy one`() throws {
    var limits = ServerLimits()
    limits.maximumConnections = 2
    let echo = try Echo(limits: limits)
    var responders: [Responder] = []
    echo.server.deferringHandler = { _, _, responder in responders.append(responder) }
    let idle = try echo.client()
    let busy = try echo.client()
    busy.send(Self.get)
    echo.loop.expect("handled") { responders.count == 1 }
    let second = try echo.client()
    second.send(Self.get)
    echo.loop.expect("idle one made room") { idle.isClosed && responders.count == 2 }
    let third = try echo.client()
    echo.loop.expect("no room left") { third.isClosed }
    for responder in responders { responder.respond(HTTPResponse(status: 204)) }
    echo.loop.expect("both answered") {
      busy.text.hasPrefix("HTTP/1.1 204") && second.text.hasPrefix("HTTP/1.1 204")
    }
    #expect(idle.bytes.isEmpty && third.bytes.isEmpty)
  }

  @Test func `Expect 100-continue is answered before the body`() throws {
    let echo = try Echo()
    let client = try echo.client()
    client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    echo.loop.expect("interim") { client.text == "HTTP/1.1 100 Continue\r\n\r\n" }
    client.send("ok")
    echo.loop.expect("final") { client.text.hasSuffix("POST / 1 <ok>") }
    #expect(client.count(of: "100 Continue") == 1)
  }

  @Test func `HEAD and 204 have no body, and the connection goes on`() throws {
    let echo = try Echo()
    echo.server.handler = { request, _ in
      HTTPResponse(
        status: request.path == "/204" ? 204 : 200, headers: ["X": "a\r\nInjected: b"],
        body: Array("body".utf8))
    }
    let client = try echo.client()
    client.send(
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /204 HTTP/1.1\r\nHost: x\r\n\r\n"
        + "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    echo.loop.expect("third") { client.text.hasSuffix("\r\n\r\nbody") }
    #expect(client.count(of: "body") == 1)
    #expect(client.count(of: "Content-Length: 4") == 2)
    #expect(client.count(of: "\r\nInjected") == 0)
  }

  @Test func `an answer may come later, once, or be dropped`() throws {
    let echo = try Echo()
    var responders: [Responder] = []
    echo.server.deferringHandler = { _, _, responder in responders.append(responder) }
    let client = try echo.client()
    client.send(Self.get + Self.get)
    echo.loop.expect("first request") { responders.count == 1 }
    // The second waits for its turn: responses keep the order of requests.
    echo.loop.turn(maximumMilliseconds: 0)
    #expect(responders.count == 1 && client.bytes.isEmpty)
    responders[0].respond(HTTPResponse(status: 200, mediaType: "text/plain", text: "late"))
    responders[0].respond(HTTPResponse(status: 500))
    echo.loop.expect("second request") { responders.count == 2 && client.text.hasSuffix("late") }
    responders = []
    echo.loop.expect("dropped one") { client.count(of: "HTTP/1.1 500") == 1 }
    #expect(client.count(of: "HTTP/1.1 ") == 2)
  }

  @Test func `a client that aborts harms nobody`() throws {
    let echo = try Echo()
    var responders: [Responder] = []
    echo.server.deferringHandler = { _, _, responder in responders.append(responder) }
    let aborted = try echo.client()
    aborted.send(Self.get)
    let hungUp = try echo.client()
    hungUp.send(Self.get)
    echo.loop.expect("handled") { responders.count == 2 }
    aborted.reset()
    hungUp.close()
    echo.loop.expect("reset noticed") { echo.server.connectionCount == 1 }
    let large = HTTPResponse(status: 200, body: [UInt8](repeating: 0, count: 1_000_000))
    for responder in responders { responder.respond(large) }
    echo.loop.expect("both gone") { echo.server.connectionCount == 0 }
    echo.server.deferringHandler = nil
    let next = try echo.client()
    next.send(Self.get)
    echo.loop.expect("next one") { next.text.hasSuffix("GET /a 1 <>") }
  }

  @Test func `a large answer reaches a reader that pauses`() throws {
    let echo = try Echo()
    let body = Array("begin".utf8) + [UInt8](repeating: 0x78, count: 16_000_000) + Array("end".utf8)
    echo.server.handler = { _, _ in HTTPResponse(status: 200, body: body) }
    let client = try echo.client()
    client.setReading(false)
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for _ in 0..<50 { echo.loop.turn(maximumMilliseconds: 1) }
    #expect(client.bytes.isEmpty)
    client.setReading(true)
    echo.loop.expect("closed") { client.isClosed }
    #expect(Array(client.bytes.suffix(body.count)) == body)
  }

  @Test func `stopping waits for answers when asked, and frees the port`() throws {
    let echo = try Echo()
    var responder: Responder?
    echo.server.deferringHandler = { responder = $2 }
    let busy = try echo.client()
    busy.send(Self.get)
    let idle = try echo.client()
    echo.loop.expect("handled") { responder != nil && echo.server.connectionCount == 2 }
    echo.server.stop(afterPendingResponses: true)
    #expect(echo.server.port == nil)
    echo.loop.expect("idle one closed") { idle.isClosed }
    responder?.respond(HTTPResponse(status: 200, mediaType: "text/plain", text: "bye"))
    echo.loop.expect("answered") { busy.isClosed && busy.text.hasSuffix("bye") }
    let again = HTTPServer(loop: echo.loop)
    #expect(try again.listen(host: "127.0.0.1", port: echo.port) == echo.port)
  }
}
