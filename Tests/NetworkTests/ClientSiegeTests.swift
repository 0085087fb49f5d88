import Foundation
import Glibc
import OpenID
import Testing

@testable import Network

/// A server that says a beginning once and then, on a beat, the same again for ever.
private final class DrippingServer {
  let port: Int
  private let loop: PollLoop
  private let every: Int
  private let opening: [UInt8]
  private let again: [UInt8]
  private var watches: [Int32: Watch] = [:]

  init(
    _ loop: PollLoop, opening: String, again: String, everyMilliseconds: Int,
    address: String = "127.0.0.1"
  ) throws {
    (self.loop, every) = (loop, everyMilliseconds)
    (self.opening, self.again) = (Array(opening.utf8), Array(again.utf8))
    let sockets = try ListenSockets(host: address, port: 0)
    port = sockets.port
    for listener in sockets.descriptors {
      watches[listener] = loop.watch(listener, for: .readable) { [weak self] in
        self?.take(listener)
      }
    }
  }

  deinit {
    for (descriptor, watch) in watches {
      loop.unwatch(watch)
      close(descriptor)
    }
  }

  private func take(_ listener: Int32) {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return }
    makeNonBlocking(descriptor)
    watches[descriptor] = loop.watch(descriptor, for: .readable) { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count == 0 || (count < 0 && errno != EAGAIN) { self?.drop(descriptor) }
    }
    say(opening, descriptor)
    drip(descriptor)
  }

  private func say(_ bytes: [UInt8], _ descriptor: Int32) {
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  private func drip(_ descriptor: Int32) {
    loop.after(milliseconds: every) { [weak self] in
      guard let self, self.watches[descriptor] != nil else { return }
      self.say(self.again, descriptor)
      self.drip(descriptor)
    }
  }

  private func drop(_ descriptor: Int32) {
    guard let watch = watches.removeValue(forKey: descriptor) else { return }
    loop.unwatch(watch)
    close(descriptor)
  }
}

/// What a hostile server can do to a client: each ends with a clear word, and in time.
@Suite(.timeLimit(.minutes(1)))
struct ClientSiegeTests {
  private static let ok = "HTTP/1.1 200 OK\r\n"

  private static func options(_ milliseconds: Int) -> ClientOptions {
    var options = ClientOptions()
    options.timeoutMilliseconds = milliseconds
    return options
  }

  /// A server that answers drop by drop and never comes to an end.
  struct Drip: Sendable, CustomTestStringConvertible {
    var name: String
    var opening: String
    var again: String
    var testDescription: String { name }
  }

  @Test(arguments: [
    Drip(name: "a status line", opening: "", again: "H"),
    Drip(name: "a head", opening: ok, again: "X"),
    Drip(name: "header lines", opening: ok, again: "X: y\r\n"),
    Drip(name: "a body of a known length", opening: ok + "Content-Length: 999\r\n\r\n", again: "x"),
    Drip(name: "a body without a length", opening: ok + "\r\n", again: "x"),
    Drip(
      name: "chunks", opening: ok + "Transfer-Encoding: chunked\r\n\r\n", again: "1\r\nx\r\n"),
    Drip(
      name: "trailers", opening: ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n",
      again: "X: y\r\n"),
    Drip(name: "interim responses", opening: "", again: "HTTP/1.1 103 Early Hints\r\n\r\n"),
  ])
  func `an answer that comes drop by drop ends with its time`(drip: Drip) throws {
    let loop = PollLoop()
    let server = try DrippingServer(
      loop, opening: drip.opening, again: drip.again, everyMilliseconds: 30)
    let client = HTTPClient(loop: loop, options: Self.options(400))
    let began = loop.monotonicMilliseconds
    let found = try #require(
      fault(exchange(loop, client, HTTPClientTests.get(server.port, "/secret?code=s"))))
    let spent = loop.monotonicMilliseconds - began
    // A first byte that is no H is told from HTTP at once.
    #expect(
      found == .timedOut(host: "127.0.0.1", port: server.port, milliseconds: 400)
        || found == .notHTTP(host: "127.0.0.1", port: server.port), "\(found)")
    #expect(spent < 5000)
    #expect(client.runningCount == 0)
  }

  @Test(arguments: [
    (
      "interim responses", "",
      "HTTP/1.1 103 Early Hints\r\nX: \(String(repeating: "y", count: 900))\r\n\r\n"
    ),
    (
      "trailers", ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
      "X: \(String(repeating: "y", count: 900))\r\n"
    ),
    ("header lines", ok, "X: \(String(repeating: "y", count: 900))\r\n"),
    ("short header lines", ok, "a:\r\n"),
  ])
  func `a flood of heads is cut off at the limit`(
    name: String, opening: String, again: String
  ) throws {
    let loop = PollLoop()
    let server = try DrippingServer(
      loop, opening: opening, again: String(repeating: again, count: 40), everyMilliseconds: 0)
    let client = HTTPClient(loop: loop, options: Self.options(8000))
    let found = fault(try exchange(loop, client, HTTPClientTests.get(server.port)))
    #expect(
      found
        == .tooLarge(
          host: "127.0.0.1", port: server.port, what: .head, limitBytes: Limit.responseHeadBytes))
  }

  @Test(arguments: [
    ok + "Content-Length: 3\r\nContent-Length: 2\r\n\r\nabc",
    ok + "Content-Length: 3, 2\r\n\r\nabc", ok + "Content-Length: -5\r\n\r\nabc",
    ok + "Content-Length: 5x\r\n\r\nabcde",
    ok + "Content-Length: 99999999999999999999999\r\n\r\nabc",
    ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc",
    ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
    "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\u{0}\u{0}\u{0}",
  ])
  func `an answer with wrong lengths or a wrong beginning is refused with a clear word`(
    answer: String
  ) throws {
    let loop = PollLoop()
    let server = try RawServer(loop, answer: answer)
    let client = HTTPClient(loop: loop, options: Self.options(2000))
    let found = try #require(fault(exchange(loop, client, HTTPClientTests.get(server.port))))
    switch found {
    case .brokenOff, .notHTTP, .tooLarge: break
    case .other(_, _, 0, let reason): #expect(reason.contains("Content-Length"))
    case .cannotResolve, .cannotConnect, .timedOut, .tls, .insecureURL, .invalidRequest,
      .unusableAuthorities, .proxy, .other:
      Issue.record("\(answer.debugDescription): \(found)")
    }
  }

  @Test func `more than the announced length is not taken for the answer`() throws {
    let loop = PollLoop()
    let server = try RawServer(loop, answer: Self.ok + "Content-Length: 3\r\n\r\nabcdefgh")
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, HTTPClientTests.get(server.port)).get()
    #expect(result.response.bodyText == "abc")
  }

  @Test func `nothing compressed is asked for, and a bomb stays packed`() throws {
    let loop = PollLoop()
    let bomb = String(repeating: "\u{1F}~PACKED", count: 1000)
    let server = try RawServer(
      loop,
      answer: Self.ok + "Content-Encoding: gzip\r\nContent-Length: \(bomb.utf8.count)\r\n\r\n"
        + bomb)
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, HTTPClientTests.get(server.port)).get()
    #expect(result.response.bodyText == bomb)
    #expect(!server.heads[0].lowercased().contains("accept-encoding"))
    #expect(!server.heads[0].lowercased().contains("\r\nte:"))
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect to itself is delivered, not followed`(status: Int) throws {
    let loop = PollLoop()
    let server = try RawServer(
      loop, answer: "HTTP/1.1 \(status) Go\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", end: .hold)
    let client = HTTPClient(loop: loop)
    let result = try exchange(loop, client, HTTPClientTests.get(server.port)).get()
    #expect(result.response.status == status)
    loop.turn(maximumMilliseconds: 10)
    #expect(server.heads.count == 1)
  }

  @Test func `a host that only IPv6 leads to is reached`() throws {
    let loop = PollLoop()
    let answer = Self.ok + "Content-Length: 2\r\n\r\nok"
    let six: DrippingServer
    do {
      six = try DrippingServer(
        loop, opening: answer, again: "", everyMilliseconds: 1000, address: "::1")
    } catch {
      // A machine without IPv6 has no such host.
      return
    }
    for host in ["[::1]", "localhost"] {
      let client = HTTPClient(loop: loop)
      let result = try exchange(
        loop, client, HTTPClientTests.get(six.port, host: host)
      ).get()
      #expect(result.response.bodyText == "ok" && result.remoteAddress == "::1")
    }
  }
}
