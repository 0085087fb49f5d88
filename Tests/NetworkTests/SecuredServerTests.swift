import Foundation
import OpenID
import Testing

@testable import Network

/// The TLS side of the server, seen by libcurl, the curl program and openssl.
@Suite(.timeLimit(.minutes(1)), SecuredServer.hasTools)
struct SecuredServerTests {
  @Test func `the program's own client is served, and the connection is used again`() throws {
    let it = try SecuredServer()
    let client = it.client()
    let first = try it.get("/one", client).get()
    #expect(first.response.status == 200 && first.response.body == Array("/one".utf8))
    #expect(first.tls?.version == "TLSv1.3")
    let second = try it.get("/two", client).get()
    #expect(second.reusedConnection && second.response.body == Array("/two".utf8))
    #expect(it.refused.isEmpty)
  }

  @Test func `the own client trusts this certificate only`() throws {
    let it = try SecuredServer()
    var options = ClientOptions()
    let other = try TLSIdentity.throwAway(for: "localhost")
    options.ownServers = [OwnServer(origin: "https://localhost:\(it.port)", identity: other)]
    let stranger = HTTPClient(loop: it.loop, options: options)
    guard case .tls? = fault(try it.get("/", stranger)) else {
      Issue.record("another certificate was trusted")
      return
    }
    guard case .tls? = fault(try it.get("/", HTTPClient(loop: it.loop))) else {
      Issue.record("nobody's certificate was trusted")
      return
    }
    it.loop.expect("both said why") {
      it.reasons == [.certificateRefused, .certificateRefused]
    }
  }

  @Test func `the own client refuses a certificate for other names, as browsers do`() throws {
    let it = try SecuredServer()
    var options = ClientOptions()
    options.ownServers = [
      OwnServer(origin: "https://app.localhost:\(it.port)", identity: it.identity)
    ]
    let client = HTTPClient(loop: it.loop, options: options)
    let url = try WebURL("https://app.localhost:\(it.port)/")
    let result = try exchange(it.loop, client, HTTPRequest(method: "GET", url: url))
    guard case .tls(_, _, let failure)? = fault(result) else {
      Issue.record("it was trusted")
      return
    }
    #expect(failure.kind == .wrongName)
  }

  @Test func `another name leads to this machine, for the own client alone`() throws {
    let it = try SecuredServer(try TLSIdentity.throwAway(for: "app.example.com"))
    var options = ClientOptions(environment: ["https_proxy": "http://127.0.0.1:9"])
    options.ownServers = [
      OwnServer(
        origin: "https://app.example.com:\(it.port)", identity: it.identity)
    ]
    let client = HTTPClient(loop: it.loop, options: options)
    let url = try WebURL("https://app.example.com:\(it.port)/cb")
    let result = try exchange(it.loop, client, HTTPRequest(method: "GET", url: url)).get()
    #expect(result.response.body == Array("/cb".utf8) && result.remoteAddress == "127.0.0.1")
  }

  @Test(arguments: [("1.2", "TLSv1.2"), ("1.3", "TLSv1.3")])
  func `curl is served over both versions`(version: String, name: String) throws {
    let it = try SecuredServer()
    let result = try it.run(
      "/usr/bin/curl",
      [
        "-sSv", "--tlsv\(version)", "--tls-max", version, "--cacert", try it.certificateFile(),
        "-d", "code=1", "https://localhost:\(it.port)/callback",
      ])
    #expect(result.status == 0 && result.output.contains("SSL connection using \(name)"))
    #expect(result.output.contains("code=1"))
    #expect(result.output.contains("ALPN: server accepted http/1.1"))
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `openssl verifies chain and name, and gets no session to resume`(version: String) throws {
    let it = try SecuredServer()
    let result = try it.run(
      "/usr/bin/openssl",
      [
        "s_client", version, "-connect", "127.0.0.1:\(it.port)", "-servername", "localhost",
        "-CAfile", try it.certificateFile(), "-verify_return_error", "-verify_hostname",
        "localhost", "-alpn", "h2,http/1.1", "-ign_eof",
      ], input: "GET /s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    #expect(result.output.contains("Verify return code: 0 (ok)"), "\(result.output)")
    #expect(result.output.contains("ALPN protocol: http/1.1"))
    #expect(result.output.contains("HTTP/1.1 200 OK") && result.output.contains("\r\n\r\n/s"))
    #expect(
      !result.output.contains("New Session Ticket")
        && !result.output.contains("TLS session ticket:"))
    // The connection ends with a goodbye, so nobody can cut an answer off unseen.
    #expect(!result.output.contains("unexpected eof"))
  }

  @Test(arguments: ["-tls1", "-tls1_1"])
  func `older versions are refused, and the reason is told`(version: String) throws {
    let it = try SecuredServer()
    let result = try it.run(
      "/usr/bin/openssl",
      [
        "s_client", version, "-cipher", "DEFAULT@SECLEVEL=0", "-connect", "127.0.0.1:\(it.port)",
      ])
    #expect(result.output.contains("alert protocol version"), "\(result.output)")
    #expect(it.reasons == [.oldTLS])
    try it.expectService()
  }

  @Test(arguments: ["1.2", "1.3"])
  func `a client that does not trust the certificate is told apart`(version: String) throws {
    let it = try SecuredServer()
    let result = try it.run(
      "/usr/bin/curl",
      ["-sS", "--tlsv\(version)", "--tls-max", version, "https://localhost:\(it.port)/"])
    #expect(result.status == 60)
    it.loop.expect("the alert arrives") { !it.refused.isEmpty }
    #expect(it.reasons == [.certificateRefused] && it.refused.first?.request == nil)
    #expect(it.refused.first?.remedy?.contains("--tls-cert") == true)
  }

  @Test func `plain http gets a page that names the right address`() throws {
    let it = try SecuredServer()
    let result = try it.run(
      "/usr/bin/curl", ["-sSi", "-d", "code=1", "http://localhost:\(it.port)/callback"])
    #expect(result.output.hasPrefix("HTTP/1.1 400"))
    #expect(result.output.contains("use https://localhost:\(it.port) here"))
    #expect(it.reasons == [.plainHTTP] && it.refused.first?.line == "POST /callback")
    #expect(it.refused.first?.request?.body.isEmpty == true)
  }

  @Test func `a large answer arrives whole, and its client can be slow`() throws {
    let it = try SecuredServer()
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    it.server.handler = { _, _ in HTTPResponse(status: 200, body: large) }
    #expect(try it.get("/", it.client()).get().response.body == large)
    let output = try it.python(
      """
      s = secured()
      s.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
      got = 0
      while True:
          part = s.recv(3000)
          if not part: break
          got += len(part)
      print(got > 3000000, s.version())
      """)
    #expect(output == "True TLSv1.3\n")
  }

  @Test func `a form that comes byte by byte, a record each, is read`() throws {
    let it = try SecuredServer()
    let output = try it.python(
      """
      s = secured()
      s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
      body = b"code=" + b"c" * 1500
      for byte in b"POST / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body:
          s.sendall(bytes([byte]))
      print(answer(s).endswith(body))
      """)
    #expect(output == "True\n")
  }

  @Test func `requests in one record are all answered, in order`() throws {
    let it = try SecuredServer { $0.requestsPerTurn = 4 }
    let output = try it.python(
      """
      s = secured()
      s.sendall(b"".join(b"GET /p%d. HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" % i for i in range(300)))
      got = b""
      while not got.endswith(b"/p299."): got += s.recv(65536)
      places = [got.find(b"/p%d." % i) for i in range(300)]
      print(places == sorted(places) and -1 not in places)
      """)
    #expect(output == "True\n")
  }

  @Test func `what waits for a go-ahead gets it through TLS as well`() throws {
    let it = try SecuredServer()
    let output = try it.python(
      """
      s = secured()
      s.sendall(b"POST / HTTP/1.1\\r\\nHost: x\\r\\nExpect: 100-continue\\r\\nContent-Length: 2\\r\\n\\r\\n")
      print(s.recv(100).split(b"\\r\\n")[0])
      s.sendall(b"ok")
      print(s.recv(1000).endswith(b"ok"))
      """)
    #expect(output == "b'HTTP/1.1 100 Continue'\nTrue\n")
  }
}
