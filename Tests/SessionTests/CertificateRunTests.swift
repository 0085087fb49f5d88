import Cryptography
import DemoTenant
import HybridFlow
import Lab
import OpenID
import Recording
import Testing

@testable import Session

/// Runs that show a certificate, in memory.
@Suite struct CertificateRunTests {
  @Test(arguments: [
    ClientAuthenticationMethod.tlsClientAuth, .selfSignedTLSClientAuth,
  ])
  func `a run with a certificate passes, and nothing pretends to be TLS`(
    _ method: ClientAuthenticationMethod
  ) throws {
    var run = try ScriptedRun { $0.clientAuthentication = method }
    run.runToEnd()
    run.act([.introspect(.accessToken), .refresh])
    let transcript = run.machine.transcript
    #expect(transcript.firstFailure == nil)
    let records = transcript.stages + transcript.afterwards.map(\.record)
    let bad = records.flatMap(\.checks).filter { $0.verdict == .fail || $0.verdict == .warn }
    #expect(bad.map(\.id) == [])
    let shown = records.flatMap(\.messages).compactMap(\.request?.security)
    // Token, API, userinfo, introspection, refresh.
    #expect(shown.count == 5)
    #expect(shown.allSatisfy { $0.certificate != nil && $0.version.isEmpty && $0.isAsked == nil })
    #expect(
      transcript.token(.accessToken, .back)?.claims.flatMap { ClientCertificate.thumbprint(in: $0) }
        == shown.first?.certificate?.thumbprint)
  }

  @Test func `with a secret and a certificate the token is bound as well`() throws {
    let pictures = try PictureCertificates()
    var run = try ScriptedRun { $0.clientCertificate = pictures.own }
    run.runToEnd()
    let check = run.machine.transcript.checks.first {
      $0.id.rawValue == "access-token-cnf-certificate"
    }
    #expect(check?.verdict == .pass)
  }

  @Test func `a run without a certificate asks nobody about one`() throws {
    var run = try ScriptedRun()
    run.runToEnd()
    let transcript = run.machine.transcript
    #expect(transcript.messages.allSatisfy { $0.request?.security == nil })
    let ids = CheckFamily.all.first { $0.id == "certificate" }?.checks ?? []
    #expect(!ids.isEmpty && !transcript.checks.contains { ids.contains($0.id) })
  }

  @Test func `the tenant makes a certificate that fits what a client has registered`() throws {
    let authority = try ThrowAwayAuthority(name: "authority")
    let rows: [CertificateRegistration] = [
      .subject("CN=client"), .subject("CN=client,O=Bank\\, Inc.,C=DE"),
      .alternativeName(.dns, "client.example"), .alternativeName(.uri, "https://client.example/"),
      .alternativeName(.address, "2001:db8::1"), .alternativeName(.email, "ada@client.example"),
    ]
    for row in rows {
      let made = try authority.identity(of: "client", fitting: row)
      #expect(made.map { row.fits($0.certificate) } == true, "\(row)")
      #expect(
        made?.certificate.distrust(
          under: authority.certificate, at: authority.certificate.begins.adding(seconds: 7200))
          == nil)
    }
    for row: CertificateRegistration in [
      .subject("no name"), .subject("CN=a+O=b"), .alternativeName(.uri, "https://a.example/,DNS:b"),
    ] {
      #expect(try authority.identity(of: "client", fitting: row) == nil, "\(row)")
    }
  }
}
