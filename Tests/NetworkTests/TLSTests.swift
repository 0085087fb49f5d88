import Glibc
import OpenID
import TestSupport
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)), .needs(TLSServer.program, { TLSServer.isThere }))
struct TLSTests {
  /// The failure of a request, which must be one of TLS.
  private func failure(
    _ server: TLSServer, _ host: String = "localhost", _ options: ClientOptions? = nil
  ) throws -> (failure: TLSFailure, error: TransportError)? {
    let options = options ?? ClientOptions(caFile: server.certificate)
    let found = try #require(fault(server.ask(host, options)))
    guard case .tls(_, server.port, let failure) = found else {
      Issue.record("\(found)")
      return nil
    }
    return (failure, found)
  }

  @Test func `a certificate is verified, and an added authority makes it good`() throws {
    let server = try TLSServer()
    let (failure, error) = try #require(try failure(server, "localhost", ClientOptions()))
    #expect(failure.kind == .selfSigned)
    #expect(failure.reason.contains("self-signed certificate"))
    #expect(failure.certificate?.subject == "CN=test")
    #expect(failure.certificate?.names == ["localhost", "127.0.0.1"])
    #expect("\(error)".contains("--ca"))
    #expect(error.happened.hasPrefix("the certificate of localhost is self-signed"))
    let options = ClientOptions(caFile: server.certificate)
    for host in ["localhost", "127.0.0.1"] {
      let result = try server.ask(host, options).get()
      #expect(result.response.status == 200)
      #expect(result.tls?.version == "TLSv1.3")
      #expect(result.tls?.cipher.hasPrefix("TLS_") == true)
      // The certificate was made a moment ago, for two days.
      let rest = (result.tls?.expires?.seconds ?? 0) - (PollLoop().now.seconds)
      #expect((86_400...172_800).contains(rest))
      #expect(result.tls?.certificate?.ends == result.tls?.expires)
      #expect(result.tls?.asksForCertificate == false)
      #expect(result.timing.handshakeMilliseconds > 0)
    }
  }

  @Test func `an authority that nobody knows is named, and the store that was used`() throws {
    let server = try TLSServer(isSigned: true)
    let (failure, error) = try #require(try failure(server, "localhost", ClientOptions()))
    #expect(failure.kind == .unknownAuthority)
    #expect(error.happened.contains("CN=Test Authority"))
    #expect(error.details.contains(TransportDetail("issued by", "CN=Test Authority")))
    let trusted = error.details.first { $0.name == "trusted here" }
    #expect(trusted?.text == "the system\u{2019}s authorities")
  }

  @Test(arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
  func `a variable with an authority counts as the option does`(_ name: String) throws {
    let server = try TLSServer(isSigned: true)
    let good = ClientOptions(environment: [name: server.certificate])
    #expect(try server.ask("localhost", good).get().response.status == 200)
    let bad = ClientOptions(environment: [name: "/does/not/exist.pem"])
    let (failure, _) = try #require(try failure(server, "localhost", bad))
    #expect(failure.trusted.contains("\(name) /does/not/exist.pem"))
  }

  @Test func `a certificate for other names is refused, and they are said`() throws {
    let server = try TLSServer(names: "DNS:elsewhere.example,DNS:*.else.example")
    let (failure, error) = try #require(try failure(server))
    #expect(failure.kind == .wrongName)
    #expect(error.happened.contains("other names: elsewhere.example, *.else.example"))
  }

  @Test func `a certificate whose time is over, or has not come, is refused with its dates`()
    throws
  {
    let old = try #require(try failure(try TLSServer(flaw: .expired)))
    #expect(old.failure.kind == .expired)
    let end = try #require(old.failure.certificate?.ends)
    #expect(old.error.happened.contains("expired on \(CivilTime(end).text)"))
    #expect(old.error.remedy?.contains("clock says") == true)
    let new = try #require(try failure(try TLSServer(flaw: .future)))
    #expect(new.failure.kind == .notYetValid)
    #expect(new.error.happened.contains("does not hold before 2049-01-01 00:00:00Z"))
  }

  @Test func `a server that has only old versions is told from a bad certificate`() throws {
    let server = try TLSServer(options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
    #expect(try failure(server)?.failure.kind == .version)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `a server that wants a certificate of the client is told`(_ version: String) throws {
    let server = try TLSServer(options: [version, "-Verify", "1"])
    let (failure, error) = try #require(try failure(server))
    #expect(failure.kind == .clientCertificate, "\(failure)")
    #expect(error.happened.contains("mutual TLS"))
  }

  @Test func `a server that only asks for a certificate is reached, and it is known`() throws {
    let server = try TLSServer(options: ["-verify", "1"])
    let found = try server.ask("localhost", ClientOptions(caFile: server.certificate)).get()
    #expect(found.tls?.asksForCertificate == true)
  }

  @Test func `https to a port with another protocol is told, http by its name`() throws {
    let loop = PollLoop()
    let server = HTTPServer(loop: loop)
    let port = try server.listen(host: "127.0.0.1", port: 0)
    let other = try RawServer(loop, answer: "220 mail.example ESMTP\r\n", greets: true)
    for (port, kind) in [(port, TLSFailure.Kind.plainHTTP), (other.port, .notTLS)] {
      let request = HTTPRequest(method: "GET", url: try WebURL("https://127.0.0.1:\(port)/"))
      let found = try #require(fault(exchange(loop, HTTPClient(loop: loop), request)))
      guard case .tls(_, _, let failure) = found else {
        Issue.record("\(found)")
        continue
      }
      #expect(failure.kind == kind)
      #expect(failure.certificate == nil && found.details.map(\.name) == ["TLS says"])
    }
  }

  @Test func `an unusable file with authorities is told`() throws {
    let loop = PollLoop()
    let request = HTTPRequest(method: "GET", url: try WebURL("https://127.0.0.1:1/"))
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
