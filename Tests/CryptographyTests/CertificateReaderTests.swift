import OpenID
import Testing

@testable import Cryptography

/// Client certificates: what stands in them, whose they are, and throw-away ones.
@Suite struct CertificateReaderTests {
  /// RFC 8705, appendix A.
  static let example = """
    -----BEGIN CERTIFICATE-----
    MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
    ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
    SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
    /Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
    SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
    bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
    -----END CERTIFICATE-----
    """

  @Test func `the thumbprint is the one that RFC 8705 has in its appendix`() throws {
    let certificate = try ClientCertificate(pem: Array(Self.example.utf8))
    #expect(certificate.thumbprint == "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0")
    #expect(certificate.subject == "CN=mtls" && certificate.issuer == "CN=mtls")
    #expect(certificate.begins == UnixTime(seconds: 1_539_866_229))
    #expect(certificate.ends == UnixTime(seconds: 1_651_495_029))
    #expect(try ClientCertificate(pem: Array(certificate.pem.utf8)) == certificate)
    #expect(try ClientCertificate(der: certificate.der) == certificate)
  }

  @Test func `what is no certificate is refused, and so is one with something behind it`() throws {
    let der = try ClientCertificate(pem: Array(Self.example.utf8)).der
    for bytes in [[], [0x30], Array(der.dropLast()), der + [0]] {
      #expect(throws: ClientCertificateError.noCertificate) {
        try ClientCertificate(der: bytes)
      }
    }
    #expect(throws: ClientCertificateError.noCertificate) {
      try ClientCertificate(pem: Array("-----BEGIN CERTIFICATE-----\nAAAA\n".utf8))
    }
    let large = der + [UInt8](repeating: 0, count: ClientCertificate.bytesMaximum)
    #expect(throws: ClientCertificateError.tooLarge(bytes: large.count)) {
      try ClientCertificate(der: large)
    }
  }

  @Test(arguments: [
    ("CN=client", [["CN", "client"]]),
    (
      "CN=a client , O=Bank\\, Inc.,C=DE",
      [["CN", "a client"], ["O", "Bank, Inc."], ["C", "DE"]]
    ),
    (#"2.5.4.97=PSD-1,CN=x\2By"#, [["2.5.4.97", "PSD-1"], ["CN", "x+y"]]),
  ])
  func `a subject is read as RFC 4514 writes it`(text: String, parts: [[String]]) {
    #expect(DistinguishedName(text)?.parts.map { [$0.type, $0.value] } == parts)
  }

  @Test(arguments: [
    "", "client", "CN=", "=x", "CN=a+O=b", "CN=a,", "CN=#0c01", #"CN=a\"#, "CN=\"a",
  ])
  func `what is no subject, or one of another kind, is not read`(text: String) {
    #expect(DistinguishedName(text) == nil)
  }

  @Test(arguments: ["CN=client", "CN=a,OU=b,O=Bank\\, Inc.,C=DE", "UID=7,CN=Grüße"])
  func `a certificate is made with a whole subject`(text: String) throws {
    let subject = try #require(DistinguishedName(text))
    let made = try ThrowAwayAuthority(name: "one").identity(withSubject: subject).certificate
    #expect(made.subject == text && made.isForClients)
  }

  @Test func `a throw-away authority vouches for its own clients, and for nobody else`() throws {
    let authority = try ThrowAwayAuthority(name: "one")
    let other = try ThrowAwayAuthority(name: "one")
    let client = try authority.identity(of: "client").certificate
    let now = UnixTime(seconds: client.begins.seconds + 7200)
    #expect(client.distrust(under: authority.certificate, at: now) == nil)
    #expect(client.distrust(under: other.certificate, at: now) != nil)
    #expect(
      client.distrust(under: authority.certificate, at: client.ends.adding(seconds: 1))?
        .contains("expired") == true)
    #expect(
      client.distrust(under: authority.certificate, at: client.begins.adding(seconds: -1)) != nil)
    let own = try ThrowAwayAuthority.selfSigned("client").certificate
    #expect(own.subject == own.issuer)
    #expect(own.distrust(under: authority.certificate, at: now) != nil)
  }

  @Test(arguments: [
    ("client.example", ClientCertificate.NameKind.dns, true), ("CLIENT.example", .dns, true),
    ("other.example", .dns, false), ("client.example", .uri, false),
    ("https://client.example/x", .uri, true), ("https://client.example/X", .uri, false),
    ("192.0.2.7", .address, true), ("2001:db8::7", .address, true),
    ("2001:0db8:0:0:0:0:0:0007", .address, true), ("192.0.2.8", .address, false),
    ("ops@client.example", .email, true), ("ops@client.exampl", .email, false),
  ])
  func `entries of subjectAltName are compared each in its own way`(
    _ name: String, _ kind: ClientCertificate.NameKind, _ isThere: Bool
  ) throws {
    let names =
      "DNS:client.example,URI:https://client.example/x,IP:192.0.2.7,IP:2001:db8::7,"
      + "email:ops@client.example"
    let identity = try ThrowAwayAuthority(name: "one").identity(of: "client", names: names)
    #expect(identity.certificate.hasName(name, kind) == isThere)
  }

  @Test func `a certificate and a key that do not belong together are refused`() throws {
    let one = try ThrowAwayAuthority.selfSigned("one")
    let two = try ThrowAwayAuthority.selfSigned("two")
    let key = two.withKey { $0 }
    #expect(throws: ClientCertificateError.otherKey) {
      try ClientIdentity(certificate: one.certificatePEM, key: key)
    }
    #expect(throws: ClientCertificateError.noKey) {
      try ClientIdentity(certificate: one.certificatePEM, key: one.certificatePEM)
    }
    let both = one.certificatePEM + one.withKey { $0 }
    #expect(try ClientIdentity(certificate: both, key: both).certificate == one.certificate)
  }

  @Test func `an identity never prints its key`() throws {
    let identity = try ThrowAwayAuthority.selfSigned("one")
    var text = "\(identity) \(String(reflecting: identity))"
    dump(identity, to: &text)
    let body = identity.withKey { String(decoding: $0, as: UTF8.self) }
      .split(separator: "\n").dropFirst().first
    #expect(try !text.contains(#require(body)))
    #expect(!text.contains("PRIVATE"))
  }
}
