import Glibc
import OpenID
import TestSupport
import Testing

@testable import Network

/// `openssl s_server` with a certificate of its own making.
private final class TLSServer {
  let port: Int
  let certificate: String
  private let folder: TemporaryFolder
  private let child: pid_t

  static let program = "/usr/bin/openssl"

  init(names: String, isExpired: Bool = false) throws {
    folder = try TemporaryFolder()
    certificate = folder.path + "/cert.pem"
    let key = folder.path + "/key.pem"
    let make = try Self.start([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=test", "-addext", "subjectAltName=" + names, "-keyout", key, "-out",
      certificate,
    ])
    var status: Int32 = -1
    waitpid(make, &status, 0)
    try #require(status == 0)
    if isExpired {
      let again = try Self.start([
        "x509", "-in", certificate, "-signkey", key, "-days", "-1", "-out", certificate,
      ])
      waitpid(again, &status, 0)
      try #require(status == 0)
    }
    let sockets = try ListenSockets(host: "127.0.0.1", port: 0)
    for descriptor in sockets.descriptors { close(descriptor) }
    port = sockets.port
    child = try Self.start([
      "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key, "-www",
      "-quiet",
    ])
  }

  private static func start(_ arguments: [String]) throws -> pid_t {
    try ChildProcess.start(
      program, [program] + arguments, .ofSecretCommand(["PATH": "/usr/bin:/bin"])
    ).get()
  }

  deinit {
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }
}

@Suite(
  .timeLimit(.minutes(1)),
  .needs(TLSServer.program, { access(TLSServer.program, X_OK) == 0 }))
struct TLSTests {
  /// Asks again while the server is still starting.
  private func ask(
    _ server: TLSServer, _ host: String, _ options: ClientOptions
  ) throws -> Result<HTTPExchange, TransportError> {
    let loop = PollLoop()
    let client = HTTPClient(loop: loop, options: options)
    let url = try WebURL("https://\(host):\(server.port)/")
    let deadline = loop.monotonicMilliseconds + Int64(patienceMilliseconds)
    while true {
      let result = try exchange(loop, client, HTTPRequest(method: "GET", url: url))
      if case .failure(.cannotConnect) = result, loop.monotonicMilliseconds < deadline {
        loop.turn(maximumMilliseconds: 20)
        continue
      }
      return result
    }
  }

  @Test func `a certificate is verified, and an added authority makes it good`() throws {
    let server = try TLSServer(names: "DNS:localhost,IP:127.0.0.1")
    let untrusted = try #require(fault(ask(server, "localhost", ClientOptions())))
    guard case .tls("localhost", server.port, let reason) = untrusted else {
      Issue.record("\(untrusted)")
      return
    }
    #expect(reason.contains("self-signed certificate"))
    #expect("\(untrusted)".contains("--ca"))
    let options = ClientOptions(caFile: server.certificate)
    for host in ["localhost", "127.0.0.1"] {
      let result = try ask(server, host, options).get()
      #expect(result.response.status == 200)
      #expect(result.tls?.version == "TLSv1.3")
      #expect(result.tls?.cipher.hasPrefix("TLS_") == true)
      // The certificate was made a moment ago, for two days.
      let rest = (result.tls?.expires?.seconds ?? 0) - (PollLoop().now.seconds)
      #expect((86_400...172_800).contains(rest))
      #expect(result.timing.handshakeMilliseconds > 0)
    }
  }

  @Test func `a certificate for another name is refused`() throws {
    let server = try TLSServer(names: "DNS:elsewhere.example")
    let options = ClientOptions(caFile: server.certificate)
    let found = try #require(fault(ask(server, "localhost", options)))
    guard case .tls = found else {
      Issue.record("\(found)")
      return
    }
  }

  @Test func `a certificate whose time is over is refused`() throws {
    let server = try TLSServer(names: "DNS:localhost", isExpired: true)
    let found = try #require(
      fault(ask(server, "localhost", ClientOptions(caFile: server.certificate))))
    guard case .tls("localhost", server.port, let reason) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(reason.contains("expired"))
  }

  @Test func `https to a plain port and an unusable authorities file are told`() throws {
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "127.0.0.1", port: 0)
    let request = HTTPRequest(method: "GET", url: try WebURL("https://127.0.0.1:\(port)/"))
    let plain = try #require(fault(exchange(loop, HTTPClient(loop: loop), request)))
    guard case .tls = plain else {
      Issue.record("\(plain)")
      return
    }
    let folder = try TemporaryFolder()
    for file in [folder.path + "/missing.pem", try folder.write("empty.pem", "no certificate")] {
      let client = HTTPClient(loop: loop, options: ClientOptions(caFile: file))
      let found = try #require(fault(exchange(loop, client, request)))
      guard case .unusableAuthorities(file, _) = found else {
        Issue.record("\(found)")
        continue
      }
    }
  }
}
