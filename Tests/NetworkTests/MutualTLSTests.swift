import Cryptography
import OpenID
import Testing

@testable import Network

/// The certificate of a client in the handshake, at a server that asks for one and at one that does
/// not.
@Suite(.timeLimit(.minutes(1)))
struct MutualTLSTests {
  private static func asking() throws -> SecuredServer {
    try SecuredServer(try TLSIdentity.throwAway(for: "localhost", askingForCertificates: true))
  }

  /// What the server has seen of the client, answered as text.
  private static func telling(_ it: SecuredServer) {
    it.server.handler = { request, _ in
      HTTPResponse(
        status: 200, mediaType: "text/plain",
        text: request.security?.certificate?.thumbprint ?? "none")
    }
  }

  private func request(
    _ it: SecuredServer, _ client: HTTPClient, showing certificate: ClientCertificate?
  ) throws -> HTTPExchange {
    var request = HTTPRequest(method: "GET", url: try WebURL("https://localhost:\(it.port)/"))
    if let certificate { request.security = RequestSecurity(certificate: certificate) }
    return try exchange(it.loop, client, request).get()
  }

  @Test func `a request shows the certificate that it names, and no other request does`() throws {
    let it = try Self.asking()
    Self.telling(it)
    let one = try ThrowAwayAuthority.selfSigned("one")
    let two = try ThrowAwayAuthority.selfSigned("two")
    let client = it.client()
    client.options.clientIdentities = [one, two]
    for identity in [one, two, one] {
      let found = try request(it, client, showing: identity.certificate)
      #expect(found.response.bodyText == identity.certificate.thumbprint)
      #expect(found.request.security?.isAsked == true)
      #expect(found.request.security?.certificate == identity.certificate)
      #expect(found.request.security?.version == "TLSv1.3")
      #expect(found.request.security?.cipher.hasPrefix("TLS_") == true)
    }
    let without = try request(it, client, showing: nil)
    #expect(without.response.bodyText == "none")
    #expect(without.request.security?.certificate == nil)
  }

  @Test func `the certificate of a server is not one for clients`() throws {
    let server = try TLSIdentity.throwAway(for: "localhost")
    #expect(try ClientCertificate(pem: server.certificate).isForClients == false)
  }

  @Test func `a client that speaks no newer TLS agrees on 1.2, on a connection of its own`() throws
  {
    let it = try Self.asking()
    Self.telling(it)
    let client = it.client()
    for (isOld, version) in [(false, "TLSv1.3"), (true, "TLSv1.2"), (false, "TLSv1.3")] {
      client.options.speaksOldTLS = isOld
      let security = try request(it, client, showing: nil).request.security
      #expect(security?.version == version)
      #expect(security?.cipher.hasPrefix(isOld ? "ECDHE-ECDSA-" : "TLS_") == true)
    }
  }

  @Test func `a server that does not ask sees none, and the request says so`() throws {
    let it = try SecuredServer()
    Self.telling(it)
    let one = try ThrowAwayAuthority.selfSigned("one")
    let client = it.client()
    client.options.clientIdentities = [one]
    for _ in 0..<2 {
      let found = try request(it, client, showing: one.certificate)
      #expect(found.response.bodyText == "none")
      #expect(found.request.security?.isAsked == false)
      #expect(found.request.security?.shownCertificate == nil)
    }
  }

  @Test func `a certificate without its key is not sent at all`() throws {
    let it = try Self.asking()
    let stranger = try ThrowAwayAuthority.selfSigned("one").certificate
    var request = HTTPRequest(method: "GET", url: try WebURL("https://localhost:\(it.port)/"))
    request.security = RequestSecurity(certificate: stranger)
    guard
      case .failure(.invalidRequest(let reason)) = try exchange(it.loop, it.client(), request)
    else {
      Issue.record("it was sent")
      return
    }
    #expect(reason.contains("client certificate"))
  }

  @Test func `the chain of a client arrives behind its own certificate`() throws {
    let it = try Self.asking()
    var seen: ClientCertificate?
    it.server.handler = { request, _ in
      seen = request.security?.certificate
      return HTTPResponse(status: 204)
    }
    let authority = try ThrowAwayAuthority(name: "authority")
    let made = try authority.identity(of: "one")
    let chained = try ClientIdentity(
      certificate: made.certificatePEM + Array(authority.certificate.pem.utf8),
      key: made.withKey { $0 })
    let client = it.client()
    client.options.clientIdentities = [chained]
    _ = try request(it, client, showing: chained.certificate)
    #expect(seen?.der == chained.certificate.der)
    #expect(seen?.chain == authority.certificate.der)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `openssl shows its certificate to this server`(_ version: String) throws {
    let it = try Self.asking()
    Self.telling(it)
    let one = try ThrowAwayAuthority.selfSigned("one")
    let folder = try TemporaryFolder()
    let certificate = try folder.write("one.pem", one.certificate.pem)
    let key = try folder.write("key.pem", one.withKey { String(decoding: $0, as: UTF8.self) })
    let found = try it.run(
      "openssl",
      [
        "s_client", "-connect", "127.0.0.1:\(it.port)", "-CAfile", it.certificateFile(), "-cert",
        certificate, "-key", key, version, "-quiet", "-verify_return_error",
      ], input: "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    #expect(found.output.contains(one.certificate.thumbprint), "\(found.output)")
  }

  /// What a server of another maker says of a client without a certificate, or with a foreign one.
  @Test(arguments: [false, true])
  func `a refusal of the certificate is told from a missing one`(_ shows: Bool) throws {
    let server = try TLSServer(options: ["-Verify", "1", "-verify_return_error"])
    let one = try ThrowAwayAuthority.selfSigned("one")
    var options = ClientOptions(caFile: server.certificate)
    options.clientIdentities = [one]
    let result = try server.ask(
      "localhost", options,
      showing: shows ? RequestSecurity(certificate: one.certificate) : nil)
    guard case .failure(.tls(_, _, let failure)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(failure.kind == (shows ? .clientCertificateRefused : .clientCertificate))
  }
}
