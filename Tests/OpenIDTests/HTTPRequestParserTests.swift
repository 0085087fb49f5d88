import TestSupport
import Testing

@testable import OpenID

@Suite struct HTTPRequestParserTests {
  private typealias Outcome = Result<[HTTPRequestParser.Message], HTTPError>

  /// Feeds pieces and asks after each one.
  private func outcome(_ pieces: [[UInt8]]) -> Outcome {
    var parser = HTTPRequestParser()
    var messages: [HTTPRequestParser.Message] = []
    do throws(HTTPError) {
      for piece in pieces {
        parser.append(piece)
        while let message = try parser.next() { messages.append(message) }
      }
    } catch {
      return .failure(error)
    }
    return .success(messages)
  }

  private func outcome(_ text: String) -> Outcome { outcome([Array(text.utf8)]) }

  private static let host = "Host: localhost:8400\r\n"

  private static let requests = [
    "GET / HTTP/1.1\r\n\(host)\r\n",
    "\r\n\r\nGET /a?b=c HTTP/1.1\r\n\(host)\r\n",
    "POST /cb HTTP/1.1\r\n\(host)Content-Length: 7\r\n\r\ncode=ab",
    "POST /cb HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n",
    "POST /cb HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n4;a=\"b\"\r\ncode\r\nA\r\n=abcdefghi\r\n0\r\nX-T: 1\r\n\r\n",
    "GET / HTTP/1.1\r\n\(host)\r\nGET /two HTTP/1.1\r\n\(host)Connection: close\r\n\r\n",
    "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\nGET /two HTTP/1.0\r\n\r\n",
    "POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\na\r\nGET /two HTTP/1.1\r\n\(host)\r\n",
  ]

  @Test(arguments: requests) func `byte by byte gives what the whole gives`(text: String) throws {
    let whole = outcome(text)
    #expect(try !whole.get().isEmpty)
    #expect(outcome(text.utf8.map { [$0] }) == whole)
    let bytes = Array(text.utf8)
    for cut in bytes.indices {
      #expect(outcome([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
    }
  }

  @Test func `a form post is read whole`() throws {
    let text =
      "POST /callback?x=1 HTTP/1.1\r\nhOST: localhost\r\nContent-Type:\tApplication/X-WWW-Form-Urlencoded ; charset=utf-8 \r\nContent-Length:6\r\nX:\r\nx: \u{E9}\r\n\r\na=b%20"
    let messages = try outcome(text).get()
    let request = try #require(messages.first?.request)
    #expect(request.method == "POST")
    #expect(request.target == "/callback?x=1")
    #expect(request.path == "/callback")
    #expect(request.query == "x=1")
    #expect(request.headers["HOST"] == "localhost")
    #expect(request.headers.mediaType == "application/x-www-form-urlencoded")
    #expect(request.headers.all("x") == ["", "\u{E9}"])
    #expect(request.bodyText == "a=b%20")
    #expect(messages.first?.keepAlive == true)
  }

  @Test func `chunks are joined, extensions and trailers dropped, a pipelined request follows`()
    throws
  {
    let messages = try outcome(Self.requests[4] + Self.requests[0]).get()
    #expect(messages.map(\.request.bodyText) == ["code=abcdefghi", ""])
    #expect(messages[0].request.headers["X-T"] == nil)
  }

  @Test(arguments: [
    ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
    ("HTTP/1.1", "Connection: Upgrade, CLOSE\r\n", false),
    ("HTTP/1.1", "Connection: not-closed\r\n", true), ("HTTP/1.0", "", false),
    ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
    ("HTTP/1.1", "Connection: a\r\nConnection: close\r\n", false),
  ]) func `a connection stays open as its header says`(version: String, line: String, open: Bool)
    throws
  {
    let messages = try outcome("GET / \(version)\r\n\(Self.host)\(line)\r\n").get()
    #expect(messages.map(\.keepAlive) == [open])
  }

  @Test(arguments: [
    ("\u{16}\u{3}\u{1}", HTTPError.tlsHandshake), ("GET /\r\n\r\n", .badRequestLine),
    ("GET  / HTTP/1.1\r\n\r\n", .badRequestLine), ("GET / HTTP/1.1 \r\n\r\n", .badRequestLine),
    (" GET / HTTP/1.1\r\n\r\n", .badRequestLine), ("GET /a b HTTP/1.1\r\n\r\n", .badRequestLine),
    ("G(T / HTTP/1.1\r\n\r\n", .badRequestLine), ("GET /\u{E9} HTTP/1.1\r\n\r\n", .badRequestLine),
    ("GET / http/1.1\r\n\r\n", .badRequestLine), ("GET /\t HTTP/1.1\r\n\r\n", .badRequestLine),
    ("GET / FTP/1.1\r\n\r\n", .badRequestLine), ("GET / HTTP/2.0\r\n\r\n", .unsupportedVersion),
    ("GET / HTTP/1.10\r\n\r\n", .unsupportedVersion), ("GET / HTTP/1.1\u{0}\r\n\r\n", .badHeader),
    ("GET / HTTP/1.1\r\n\r\n", .badHost),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .badHost),
    ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", .badHost),
  ]) func `bad request lines and hosts are refused`(text: String, fault: HTTPError) {
    #expect(outcome(text) == .failure(fault))
    #expect(outcome(text.utf8.map { [$0] }) == .failure(fault))
  }

  @Test(arguments: [
    ("X\r\n", HTTPError.badHeader), (": x\r\n", .badHeader), ("X : y\r\n", .badHeader),
    (" X: y\r\n", .badHeader), ("X: y\r\n z\r\n", .badHeader), ("X: y\r\n\tz\r\n", .badHeader),
    ("X: a\rb\r\n", .badHeader), ("X: a\nY: b\r\n", .badHeader), ("X: a\u{0}b\r\n", .badHeader),
    ("X: \u{1B}[2J\r\n", .badHeader), ("X: a\u{7F}\r\n", .badHeader),
    ("X\u{E9}: b\r\n", .badHeader),
    ("Content-Length: x\r\n", .badContentLength), ("Content-Length: -1\r\n", .badContentLength),
    ("Content-Length: +1\r\n", .badContentLength), ("Content-Length: 1 1\r\n", .badContentLength),
    ("Content-Length: 1, 1\r\n", .badContentLength), ("Content-Length:\r\n", .badContentLength),
    ("Content-Length: 0x1\r\n", .badContentLength), ("Content-Length: ١\r\n", .badContentLength),
    ("Content-Length: 99999999999999999999\r\n", .badContentLength),
    ("Content-Length: 1\r\nContent-Length: 1\r\n", .badContentLength),
    ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", .conflictingLengths),
    ("Transfer-Encoding: gzip\r\n", .badTransferEncoding),
    ("Transfer-Encoding: gzip, chunked\r\n", .badTransferEncoding),
    ("Transfer-Encoding: chun\u{212A}ed\r\n", .badTransferEncoding),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", .badTransferEncoding),
    ("", .lengthRequired),
  ]) func `bad headers are refused`(lines: String, fault: HTTPError) {
    let text = "POST / HTTP/1.1\r\n\(Self.host)\(lines)\r\n"
    #expect(outcome(text) == .failure(fault))
    #expect(outcome(text.utf8.map { [$0] }) == .failure(fault))
  }

  @Test(arguments: [
    "x\r\n", "\r\n", "-1\r\n", "+1\r\na\r\n", " 1\r\na\r\n", "1 \r\na\r\n", "0x1\r\na\r\n",
    "100000000\r\n", "1\r\nab\r\n", "1\r\na\n\r\n", "1\na\r\n", "1;x\ny\r\na\r\n",
    "1;\u{0}\r\na\r\n",
    "0\r\nbad trailer\r\n\r\n", "0\r\nX: a\nb\r\n\r\n", String(repeating: "0", count: 5000),
    "1;" + String(repeating: "x", count: 5000),
  ]) func `broken chunks are refused`(body: String) {
    let text = "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n\(body)"
    #expect(outcome(text) == .failure(.badChunk))
    #expect(outcome(text.utf8.map { [$0] }) == .failure(.badChunk))
  }

  @Test func `HTTP 1.0 has no chunks, and a fault stays`() throws {
    #expect(
      outcome("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        == .failure(.badTransferEncoding))
    var parser = HTTPRequestParser()
    parser.append(Array("bad\r\n\r\n".utf8))
    for _ in 0..<3 { #expect(throws: HTTPError.badRequestLine) { try parser.next() } }
    parser.append(Array(Self.requests[0].utf8))
    #expect(throws: HTTPError.badRequestLine) { try parser.next() }
    #expect(!parser.isIdle)
  }

  @Test func `limits hold on both sides, byte by byte too`() throws {
    let start = "GET / HTTP/1.1\r\n\(Self.host)X: "
    let filler = Limit.requestHeadBytes - start.utf8.count
    for (extra, fits) in [(0, true), (1, false)] {
      let text = start + String(repeating: "a", count: filler + extra) + "\r\n\r\n"
      for result in [outcome(text), outcome(text.utf8.map { [$0] })] {
        if fits {
          #expect(try result.get().count == 1)
        } else {
          #expect(result == .failure(.headTooLarge))
        }
      }
    }
    for (count, fits) in [(Limit.headerLines, true), (Limit.headerLines + 1, false)] {
      let lines = String(repeating: "X: y\r\n", count: count - 1)
      let result = outcome("GET / HTTP/1.1\r\n\(Self.host)\(lines)\r\n")
      if fits {
        #expect(try result.get().count == 1)
      } else {
        #expect(result == .failure(.headTooLarge))
      }
    }
    let body = String(repeating: "b", count: Limit.requestBodyBytes)
    let post = "POST / HTTP/1.1\r\n\(Self.host)"
    #expect(
      try outcome("\(post)Content-Length: \(body.utf8.count)\r\n\r\n\(body)").get().count == 1)
    #expect(
      outcome("\(post)Content-Length: \(body.utf8.count + 1)\r\n\r\n") == .failure(.bodyTooLarge))
    let chunk = String(body.utf8.count, radix: 16)
    let chunked = "\(post)Transfer-Encoding: chunked\r\n\r\n\(chunk)\r\n\(body)\r\n"
    #expect(try outcome(chunked + "0\r\n\r\n").get().first?.request.body.count == body.utf8.count)
    #expect(outcome(chunked + "1\r\n") == .failure(.bodyTooLarge))
    let trailer = String(repeating: "X: y\r\n", count: Limit.requestHeadBytes / 6 + 1)
    #expect(
      outcome("\(post)Transfer-Encoding: chunked\r\n\r\n0\r\n\(trailer)") == .failure(.headTooLarge)
    )
    #expect(
      outcome(String(repeating: "\r\n", count: Limit.requestHeadBytes)) == .failure(.headTooLarge))
  }

  @Test(.timeLimit(.minutes(1))) func `large input takes linear time, however it arrives`() throws {
    let post = "POST / HTTP/1.1\r\n\(Self.host)"
    let body = String(repeating: "b", count: Limit.requestBodyBytes)
    let ones = String(repeating: "1\r\nb\r\n", count: Limit.requestBodyBytes) + "0\r\n\r\n"
    let many = String(repeating: Self.requests[0], count: 20_000)
    let texts = [
      ("\(post)Content-Length: \(body.utf8.count)\r\n\r\n\(body)", 1),
      ("\(post)Transfer-Encoding: chunked\r\n\r\n\(ones)", 1), (many, 20_000),
    ]
    let clock = ProcessorClock()
    for (text, count) in texts {
      let bytes = Array(text.utf8)
      let time = try clock.measure {
        #expect(try outcome([bytes]).get().count == count)
        var parser = HTTPRequestParser()
        var seen = 0
        for byte in bytes {
          parser.append(CollectionOfOne(byte))
          while try parser.next() != nil { seen += 1 }
        }
        #expect(seen == count)
      }
      #expect(time < .seconds(15), "\(text.prefix(80))")
    }
  }

  @Test func `100-continue is asked for until the body begins`() throws {
    var parser = HTTPRequestParser()
    #expect(parser.isIdle)
    parser.append(
      Array("POST / HTTP/1.1\r\n\(Self.host)Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n".utf8)
    )
    #expect(!parser.isIdle)
    #expect(try parser.next() == nil)
    #expect(parser.expectsContinue)
    parser.append(Array("a".utf8))
    #expect(try parser.next() == nil)
    #expect(!parser.expectsContinue)
    parser.append(Array("b".utf8))
    #expect(try parser.next()?.request.bodyText == "ab")
    #expect(!parser.expectsContinue)
    #expect(parser.isIdle)
  }

  @Test func `any damage is refused or read, never a trap`() {
    var generator = SeededGenerator(seed: 5)
    for text in Self.requests {
      for _ in 0..<300 {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          bytes[Int.random(in: bytes.indices, using: &generator)] =
            Array("\r\n\0 :;0F-+x\u{16}".utf8).randomElement(using: &generator) ?? 0
        }
        #expect(outcome([bytes]) == outcome(bytes.map { [$0] }))
      }
    }
  }

  @Test func `each fault has its status`() {
    let statuses: [(HTTPError, Int)] = [
      (.badRequestLine, 400), (.unsupportedVersion, 505), (.tlsHandshake, 400), (.badHeader, 400),
      (.badHost, 400), (.headTooLarge, 431), (.bodyTooLarge, 413), (.badContentLength, 400),
      (.conflictingLengths, 400), (.badTransferEncoding, 501), (.badChunk, 400),
      (.lengthRequired, 411),
    ]
    for (fault, status) in statuses { #expect(fault.status == status) }
  }
}
