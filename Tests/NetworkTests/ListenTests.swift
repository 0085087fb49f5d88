import Foundation
import OpenID
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct ListenTests {
  private static let get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

  private static func hasIPv6() -> Bool {
    guard let sockets = try? ListenSockets(host: "::1", port: 0) else { return false }
    for descriptor in sockets.descriptors { close(descriptor) }
    return true
  }

  private static func answers(_ loop: PollLoop, _ address: String, _ port: Int) throws -> Bool {
    guard let client = try? RawClient(loop, port: port, address: address) else { return false }
    client.send(get)
    loop.expect("closed") { client.isClosed }
    return client.text.hasPrefix("HTTP/1.1 404")
  }

  @Test(arguments: [
    ("localhost", true, true), ("127.0.0.1", true, false), ("[::1]", false, true),
    ("::1", false, true),
  ])
  func `a host binds its own loopback addresses and no other`(
    host: String, four: Bool, six: Bool
  ) throws {
    let hasSix = Self.hasIPv6()
    guard four || hasSix else { return }
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: host, port: 0)
    #expect(port > 0 && server.port == port)
    #expect(try Self.answers(loop, "127.0.0.1", port) == four)
    #expect(try Self.answers(loop, "::1", port) == (six && hasSix))
  }

  @Test func `a port in use is refused and its holder named`() throws {
    let loop = PollLoop()
    let first = HTTPServer(loop: loop)
    let port = try first.listen(host: "127.0.0.1", port: 0)
    let second = HTTPServer(loop: loop)
    for host in ["127.0.0.1", "localhost"] {
      let found = #expect(throws: ListenError.self) { try second.listen(host: host, port: port) }
      guard case .portInUse(port, let holder?) = found else {
        Issue.record("\(String(describing: found))")
        continue
      }
      #expect(holder.hasSuffix("(pid \(getpid()))"))
      #expect("\(try #require(found))".hasPrefix("port \(port) is in use by "))
    }
    #expect(second.port == nil)
  }

  @Test func `localhost is refused when either family is taken`() throws {
    guard Self.hasIPv6() else { return }
    let loop = PollLoop()
    let first = HTTPServer(loop: loop)
    let port = try first.listen(host: "::1", port: 0)
    let second = HTTPServer(loop: loop)
    #expect(throws: ListenError.self) { try second.listen(host: "localhost", port: port) }
    // The IPv4 socket of the failed attempt is closed again.
    #expect(try second.listen(host: "127.0.0.1", port: port) == port)
  }

  @Test(arguments: [
    ("example.com", 0), ("192.0.2.77", 0), ("127.0.0.1", 70_000), ("127.0.0.1", -1), ("", 0),
  ])
  func `an address that is not ours cannot be bound`(host: String, port: Int) throws {
    let server = HTTPServer(loop: PollLoop())
    let found = #expect(throws: ListenError.self) { try server.listen(host: host, port: port) }
    guard case .cannotBind = found else {
      Issue.record("\(String(describing: found))")
      return
    }
  }

  @Test func `the port is free again at once after a connection was served`() throws {
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "127.0.0.1", port: 0)
    #expect(try Self.answers(loop, "127.0.0.1", port))
    server.stop()
    #expect(try server.listen(host: "127.0.0.1", port: port) == port)
    #expect(try Self.answers(loop, "127.0.0.1", port))
  }
}
