import Foundation
import OpenID
import Testing

@testable import Network

/// What a crowd of strangers can do to a server, one attack at a time.
@Suite(.timeLimit(.minutes(1)))
struct ServerSiegeTests {
  private static let get = "GET /true HTTP/1.1\r\nHost: x\r\n\r\n"

  private static func besieged(
    connections: Int = 4, _ adapt: (inout ServerLimits) -> Void = { _ in }
  ) throws -> (PollLoop, HTTPServer, Int) {
    var limits = ServerLimits()
    limits.maximumConnections = connections
    adapt(&limits)
    let loop = PollLoop()
    let server = HTTPServer(loop: loop, limits: limits)
    server.handler = { request, _ in
      HTTPResponse(status: 200, mediaType: "text/plain", text: request.path)
    }
    return (loop, server, try server.listen(host: "127.0.0.1", port: 0))
  }

  @Test(arguments: [
    "G", "GET / HTTP/1.1\r\nHost: x\r\nX: ",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nhalf",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
  ])
  func `a crowd of half-said requests keeps nobody out`(half: String) throws {
    let (loop, server, port) = try Self.besieged()
    let crowd = try (0..<4).map { _ in try RawClient(loop, port: port) }
    for foe in crowd { foe.send(half) }
    loop.expect("all are in") { server.connectionCount == 4 }
    for _ in 0..<3 { loop.turn(maximumMilliseconds: 1) }
    let friend = try RawClient(loop, port: port)
    friend.send(Self.get)
    loop.expect("the true request") { friend.text.hasSuffix("/true") }
    #expect(crowd.filter(\.isClosed).count == 1 && crowd[0].isClosed)
    #expect(server.connectionCount == 4)
  }

  @Test func `who came a moment ago is not the first to make room`() throws {
    let (loop, server, port) = try Self.besieged()
    var crowd = try (0..<3).map { _ in try RawClient(loop, port: port) }
    for foe in crowd { foe.send("G") }
    loop.expect("three are in") { server.connectionCount == 3 }
    for _ in 0..<3 { loop.turn(maximumMilliseconds: 1) }
    // All three are accepted in the same turn; the friend has not said anything yet.
    let friend = try RawClient(loop, port: port)
    crowd += try (0..<2).map { _ in try RawClient(loop, port: port) }
    loop.turn(maximumMilliseconds: 100)
    friend.send(Self.get)
    loop.expect("the true request") { friend.text.hasSuffix("/true") || friend.isClosed }
    #expect(friend.text.hasSuffix("/true"))
    #expect(crowd[0].isClosed && crowd[1].isClosed)
  }

  @Test func `a crowd that takes no answers keeps nobody out`() throws {
    let (loop, server, port) = try Self.besieged()
    let large = [UInt8](repeating: 0, count: 12_000_000)
    server.handler = { request, _ in
      HTTPResponse(status: 200, body: request.path == "/true" ? Array("/true".utf8) : large)
    }
    let crowd = try (0..<4).map { _ in try RawClient(loop, port: port) }
    for foe in crowd {
      foe.setReading(false)
      foe.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    }
    loop.expect("all are in") { server.connectionCount == 4 }
    for _ in 0..<20 { loop.turn(maximumMilliseconds: 1) }
    let friend = try RawClient(loop, port: port)
    friend.send(Self.get)
    loop.expect("the true request") { friend.text.hasSuffix("/true") }
  }

  @Test func `a flood of connections leaves time for everything else`() throws {
    let (loop, server, port) = try Self.besieged(connections: 64) { $0.acceptsPerTurn = 4 }
    let crowd = try (0..<40).map { _ in try RawClient(loop, port: port) }
    loop.turn(maximumMilliseconds: 1000)
    #expect(server.connectionCount == 4)
    loop.expect("all are in at last") { server.connectionCount == 40 }
    #expect(crowd.allSatisfy { !$0.isClosed })
  }

  @Test func `many requests at once are answered a few in a turn, all of them and in order`() throws
  {
    let (loop, server, port) = try Self.besieged { $0.requestsPerTurn = 4 }
    var handled = 0
    var mostInATurn = 0
    server.handler = { request, _ in
      handled += 1
      return HTTPResponse(status: 200, mediaType: "text/plain", text: request.path)
    }
    let client = try RawClient(loop, port: port)
    let count = 300
    client.send((0..<count).map { "GET /p\($0). HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
    let isDone = loop.run(withinMilliseconds: patienceMilliseconds) {
      let before = handled
      loop.turn(maximumMilliseconds: 100)
      mostInATurn = max(mostInATurn, handled - before)
      return client.text.hasSuffix("/p\(count - 1).")
    }
    #expect(isDone && handled == count)
    #expect(mostInATurn == 4)
    let places = (0..<count).map { client.text.range(of: "/p\($0).")?.lowerBound }.compactMap { $0 }
    #expect(places.count == count && places == places.sorted())
  }
}
