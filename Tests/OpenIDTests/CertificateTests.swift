import OpenID
import TestSupport
import Testing

/// Certificates and public keys that another library has written.
struct CertificateTests {
  static func samples() throws -> [JSONValue] {
    try #require(try Fixture.json("certificates.json").elements)
  }

  @Test func `the key of a certificate is the key that it was made for`() throws {
    for sample in try Self.samples() {
      let der = try Base64.decode(sample.text("certificate"))
      let certificate = try #require(KeyCertificate(der: der))
      #expect(certificate.publicKey.key?.json == sample["jwk"])
      #expect(certificate.subject?.hasSuffix(".example") == true)
      #expect(certificate.issuer == certificate.subject)
      #expect(certificate.period?.from == "2026-01-31" && certificate.period?.to == "2051-02-01")
      let spki = try Base64.decode(sample.text("spki"))
      #expect(SubjectPublicKey(der: spki)?.key?.json == sample["jwk"])
      // Cut at any place it is none, and never more than that.
      for count in stride(from: 0, to: der.count, by: 7) {
        #expect(KeyCertificate(der: der.prefix(count)) == nil)
        _ = SubjectPublicKey(der: der.suffix(count))
      }
    }
  }

  @Test func `a key and its certificate are compared`() throws {
    let samples = try Self.samples()
    for (index, sample) in samples.enumerated() {
      let own = try sample.text("certificate")
      let other = try samples[(index + 1) % samples.count].text("certificate")
      let urlSafe = own.replacing("+", with: "-").replacing("/", with: "_")
      for (chain, words) in [
        ([.string(own)], nil), ([.string(other)], "another"), ("text", "is a string"),
        ([], "empty list"), ([.string("-----BEGIN CERTIFICATE-----\n\(own)")], "PEM"),
        ([.string(String(own.prefix(100)))], "no whole certificate"),
        ([.string(urlSafe)], urlSafe == own ? nil : "base64url"),
      ] as [(JSONValue, String?)] {
        var key = try #require(sample["jwk"])
        key.set("x5c", chain)
        let faults = try #require(JSONWebKey(key)).faults
        if let words {
          #expect(faults.count == 1 && faults[0].weight == .doubtful, "\(faults)")
          #expect(faults.first?.what.contains(words) == true, "\(faults)")
        } else {
          #expect(faults == [])
        }
      }
    }
  }
}
