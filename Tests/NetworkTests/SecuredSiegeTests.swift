import Foundation
import Glibc
import OpenID
import Testing

@testable import Network

/// What strangers can do to a server that speaks TLS, one attack at a time.
@Suite(.timeLimit(.minutes(1)), SecuredServer.hasTools)
struct SecuredSiegeTests {
  /// The first bytes of a handshake message that never ends.
  private static let half: [UInt8] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03]

  @Test func `a crowd of half handshakes keeps nobody out`() throws {
    let it = try SecuredServer { $0.maximumConnections = 4 }
    let crowd = try (0..<4).map { _ in try RawClient(it.loop, port: it.port) }
    for foe in crowd { foe.send(Self.half) }
    it.loop.expect("all are in") { it.server.connectionCount == 4 }
    // Until they are no longer fresh.
    let start = it.loop.monotonicMilliseconds
    it.wait("a moment") { it.loop.monotonicMilliseconds - start > 300 }
    try it.expectService()
    it.loop.expect("one made room") { crowd.contains(where: \.isClosed) }
    #expect(crowd.map(\.isClosed) == [true, false, false, false])
  }

  @Test func `a handshake has a time limit, whoever is silent from the start is not spoken of`()
    throws
  {
    let it = try SecuredServer { $0.handshakeMilliseconds = 80 }
    let silent = try RawClient(it.loop, port: it.port)
    let slow = try RawClient(it.loop, port: it.port)
    slow.send(Self.half)
    it.loop.expect("both are closed") { silent.isClosed && slow.isClosed }
    #expect(it.reasons == [.tooSlow] && it.server.connectionCount == 0)
  }

  /// What is no TLS, or no TLS that can go on.
  @Test(
    arguments: [
      [0x00, 0x01, 0x02, 0x03, 0x04, 0x05], Array("get / http/1.1\r\n\r\n".utf8),
      [0x80, 0x2E, 0x01, 0x00, 0x02, 0x00, 0x15, 0x00, 0x00, 0x00, 0x10]
        + [UInt8](repeating: 0, count: 40),
      // A record of 65535 bytes, an empty handshake message, an alert first, data first.
      [0x16, 0x03, 0x03, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 70_000),
      [0x16, 0x03, 0x01, 0x00, 0x04, 0x01, 0x00, 0x00, 0x00],
      [0x17, 0x03, 0x03, 0x00, 0x01, 0x00],
      // A hello that says to be 16 MB long.
      [0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 16_380),
    ] as [[UInt8]])
  func `what is no handshake is turned away and spoken of`(bytes: [UInt8]) throws {
    let it = try SecuredServer { $0.lingerMilliseconds = 50 }
    let client = try RawClient(it.loop, port: it.port)
    client.send(bytes)
    it.loop.expect("it is closed") { client.isClosed }
    #expect(it.reasons == [.noTLS])
    try it.expectService()
  }

  @Test func `an alert of the client ends the handshake`() throws {
    let it = try SecuredServer()
    let client = try RawClient(it.loop, port: it.port)
    client.send([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x30])
    it.loop.expect("it is closed") { client.isClosed }
    #expect(it.reasons.count == 1)
    try it.expectService()
  }

  @Test func `seeded noise after a true hello does no harm`() throws {
    let it = try SecuredServer { $0.lingerMilliseconds = 20 }
    let output = try it.python(
      """
      import random
      random.seed(19)
      for round in range(60):
          left, right = ssl.MemoryBIO(), ssl.MemoryBIO()
          talk = context.wrap_bio(left, right, server_hostname="localhost")
          s = plain()
          hello = None
          try: talk.do_handshake()
          except ssl.SSLWantReadError: hello = bytearray(right.read())
          for flips in range(random.randrange(1, 5)):
              hello[random.randrange(len(hello))] = random.randrange(256)
          s.sendall(hello)
          s.settimeout(0.2)
          try: s.recv(8192); s.sendall(random.randbytes(random.randrange(1, 400)))
          except (OSError, socket.timeout): pass
          s.close()
      print("through")
      """)
    #expect(output == "through\n")
    try it.expectService()
  }

  @Test func `two hundred clients at once are all served`() throws {
    let it = try SecuredServer { $0.maximumConnections = 256 }
    let output = try it.python(
      """
      done = []
      def one(i):
          s = secured()
          s.sendall(b"GET /n%d HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n" % i)
          if answer(s).endswith(b"/n%d" % i): done.append(i)
      threads = [threading.Thread(target=one, args=(i,)) for i in range(200)]
      for t in threads: t.start()
      for t in threads: t.join()
      print(len(done))
      """)
    #expect(output == "200\n")
    it.loop.expect("all are gone") { it.server.connectionCount == 0 }
  }

  @Test func `whoever takes no answer keeps nobody out, and is let go`() throws {
    let it = try SecuredServer {
      $0.maximumConnections = 4
      $0.writeMilliseconds = 700
    }
    let large = [UInt8](repeating: 7, count: 12_000_000)
    it.server.handler = { request, _ in
      HTTPResponse(status: 200, body: request.path == "/friend" ? Array("/friend".utf8) : large)
    }
    let child = try it.start(
      """
      crowd = [secured() for i in range(4)]
      for s in crowd: s.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
      import time
      time.sleep(30)
      """)
    it.loop.expect("all are in") { it.server.connectionCount == 4 }
    for _ in 0..<20 { it.loop.turn(maximumMilliseconds: 10) }
    try it.expectService()
    it.loop.expect("they are let go") { it.server.connectionCount <= 1 }
    SecuredServer.end(child)
  }

  @Test func `a client that resets in the middle of an answer does no harm`() throws {
    let it = try SecuredServer()
    it.server.handler = { request, _ in
      let isFriend = request.path == "/friend"
      return HTTPResponse(
        status: 200,
        body: isFriend ? Array("/friend".utf8) : [UInt8](repeating: 7, count: 12_000_000))
    }
    let output = try it.python(
      """
      import struct
      for i in range(10):
          s = secured()
          s.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
          s.recv(10000)
          s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
          s.close()
      print("through")
      """)
    #expect(output == "through\n")
    it.loop.expect("all are gone") { it.server.connectionCount == 0 }
    try it.expectService()
  }

  @Test func `a request that is cut off without a goodbye is spoken of`() throws {
    let it = try SecuredServer()
    _ = try it.python(
      """
      s = secured()
      s.sendall(b"POST /callback HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 99\\r\\n\\r\\nhalf")
      s.close()
      """)
    it.loop.expect("it is told") { it.reasons == [.brokenOff] }
    #expect(it.refused.first?.line == "POST /callback")
  }

  /// `R` renegotiates, `K` asks for new keys of both sides, again and again.
  @Test(arguments: [("-tls1_2", "R\n"), ("-tls1_3", String(repeating: "K\n", count: 100))])
  func `new handshakes within a connection bring nobody anything`(
    version: String, typed: String
  ) throws {
    let it = try SecuredServer()
    let result = try it.run(
      "/usr/bin/openssl",
      [
        "s_client", version, "-connect", "127.0.0.1:\(it.port)", "-CAfile",
        try it.certificateFile(),
      ], input: typed)
    if version == "-tls1_2" {
      #expect(result.output.contains("no renegotiation"), "\(result.output)")
    }
    try it.expectService()
  }
}
