import Foundation
import Glibc
import OpenID
import TestSupport
import Testing

@testable import Network

/// The certificate of a server: made for a run, or read from what the usual programs write.
@Suite(.timeLimit(.minutes(1)))
struct TLSIdentityTests {
  @Test(arguments: ["localhost", "127.0.0.1", "::1", "app.example.com", "127.0.0.2"])
  func `a throw-away certificate is for this host and the loopback names`(host: String) throws {
    let identity = try TLSIdentity.throwAway(for: host)
    for name in [host, "localhost", "127.0.0.1", "::1"] { #expect(identity.names(name)) }
    #expect(!identity.names("example.com") && !identity.names("127.0.0.9"))
    #expect(identity.isThrowAway && identity.validity == .holds)
    let days = (identity.ends.seconds - PollLoop().now.seconds + 3600) / 86400
    #expect(days == Int64(TLSIdentity.throwAwayDays))
  }

  @Test func `every throw-away certificate has a key of its own`() throws {
    let made = try (0..<3).map { _ in try TLSIdentity.throwAway(for: "localhost") }
    #expect(Set(made.map(\.keyPin)).count == 3 && Set(made.map(\.fingerprint)).count == 3)
    #expect(made[0].fingerprint.matches(of: /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/).count == 1)
  }

  @Test func `it shows nothing of its key`() throws {
    let identity = try TLSIdentity.throwAway(for: "localhost")
    var text = ""
    dump(identity, to: &text)
    #expect(!text.contains("BEGIN") && Mirror(reflecting: identity).children.isEmpty)
  }

  @Test(.enabled(if: access(Self.openssl, X_OK) == 0))
  func `openssl reads the throw-away certificate as it was meant`() throws {
    let folder = try TemporaryFolder()
    let identity = try TLSIdentity.throwAway(for: "app.example.com")
    let file = try folder.write("c.pem", String(decoding: identity.certificate, as: UTF8.self))
    let text = try Self.openssl(["x509", "-in", file, "-noout", "-text", "-fingerprint", "-sha256"])
    #expect(text.contains("sha256 Fingerprint=\(identity.fingerprint)"))
    #expect(text.contains("CA:FALSE") && text.contains("TLS Web Server Authentication"))
    #expect(text.contains("NIST CURVE: P-256") && text.contains("ecdsa-with-SHA256"))
    #expect(
      text.contains(
        "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:app.example.com"))
  }

  // MARK: What the usual programs write

  static let openssl = "/usr/bin/openssl"

  @discardableResult
  static func openssl(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: openssl)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments)")
    return String(decoding: data, as: UTF8.self)
  }

  /// Certificates and keys of several kinds, made once.
  final class Files: Sendable {
    let folder: String
    private let holder: Holder

    private final class Holder: @unchecked Sendable {
      let folder: TemporaryFolder
      init() throws { folder = try TemporaryFolder() }
    }

    init() throws {
      holder = try Holder()
      folder = holder.folder.path
      let at = { [folder] (name: String) in "\(folder)/\(name)" }
      let names = ["-addext", "subjectAltName=DNS:localhost,DNS:*.example.com", "-days", "3"]
      for (name, key) in [("rsa", "rsa:2048"), ("weak", "rsa:1024")] {
        try openssl(
          ["req", "-x509", "-nodes", "-newkey", key, "-subj", "/CN=\(name)"] + names
            + ["-keyout", at("\(name).key"), "-out", at("\(name).pem")])
      }
      try openssl(["ecparam", "-name", "prime256v1", "-genkey", "-out", at("ec.key")])
      try openssl(
        ["req", "-x509", "-key", at("ec.key"), "-subj", "/CN=ec"] + names
          + ["-out", at("ec.pem")])
      try openssl(["pkey", "-in", at("ec.key"), "-out", at("ec8.key")])
      try openssl(["rsa", "-in", at("rsa.key"), "-traditional", "-out", at("rsa1.key")])
      for (name, form) in [("locked8", []), ("locked1", ["-traditional"])] {
        try openssl(
          ["rsa", "-in", at("rsa.key"), "-aes128", "-passout", "pass:x"] + form
            + ["-out", at("\(name).key")])
      }
      try openssl(["x509", "-in", at("rsa.pem"), "-outform", "DER", "-out", at("rsa.der")])
      try openssl([
        "x509", "-in", at("rsa.pem"), "-signkey", at("rsa.key"), "-days", "-1", "-out",
        at("old.pem"),
      ])
      try openssl([
        "pkcs12", "-export", "-in", at("rsa.pem"), "-inkey", at("rsa.key"), "-passout", "pass:x",
        "-out", at("all.p12"),
      ])
      // With "Bag Attributes" between, the key in front.
      try openssl([
        "pkcs12", "-in", at("all.p12"), "-passin", "pass:x", "-nodes", "-out", at("bundle.pem"),
      ])
    }

    func read(_ name: String) throws -> [UInt8] {
      try #require(readFile("\(folder)/\(name)", limitBytes: 100_000))
    }

    func identity(_ certificate: String, _ key: String) throws -> TLSIdentity {
      try TLSIdentity(certificates: read(certificate), key: read(key))
    }
  }

  @Test(.enabled(if: access(Self.openssl, X_OK) == 0))
  func `certificates and keys of the usual programs are read, and faults are named`() throws {
    let files = try Files()
    for (certificate, key) in [
      ("rsa.pem", "rsa.key"), ("rsa.pem", "rsa1.key"), ("ec.pem", "ec.key"), ("ec.pem", "ec8.key"),
      ("bundle.pem", "bundle.pem"),
    ] {
      let identity = try files.identity(certificate, key)
      #expect(identity.names("localhost") && identity.names("app.example.com"))
      // The common name does not count: browsers ignore it.
      #expect(!identity.names("rsa") && !identity.isThrowAway)
    }
    #expect(try files.identity("old.pem", "rsa.key").validity == .noLonger)
    let faults: [(String, String, TLSIdentityError)] = [
      ("rsa.pem", "locked8.key", .encryptedKey), ("rsa.pem", "locked1.key", .encryptedKey),
      ("rsa.pem", "ec.key", .otherKey), ("rsa.key", "rsa.key", .noCertificate),
      ("rsa.der", "rsa.key", .noCertificate), ("rsa.pem", "rsa.pem", .noKey),
    ]
    for (certificate, key, expected) in faults {
      #expect(throws: expected, "\(certificate) \(key)") {
        try files.identity(certificate, key)
      }
    }
    #expect(
      throws: TLSIdentityError.refused(reason: "ee key too small: an RSA key needs 2048 bits")
    ) { try files.identity("weak.pem", "weak.key") }
    #expect(throws: TLSIdentityError.noCertificate) { try TLSIdentity(certificates: [], key: []) }
  }

  @Test(.enabled(if: access(Self.openssl, X_OK) == 0))
  func `the chain goes with the certificate`() throws {
    let folder = try TemporaryFolder()
    let at = { (name: String) in "\(folder.path)/\(name)" }
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    try Self.openssl(
      ["req", "-x509"] + curve
        + ["-subj", "/CN=Authority", "-keyout", at("ca.key"), "-out", at("ca.pem")])
    try Self.openssl(
      ["req"] + curve + [
        "-subj", "/CN=x", "-addext", "subjectAltName=DNS:localhost", "-keyout", at("x.key"),
        "-out", at("x.csr"),
      ])
    try Self.openssl([
      "x509", "-req", "-in", at("x.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"),
      "-CAcreateserial", "-copy_extensions", "copyall", "-out", at("x.pem"),
    ])
    let chain = try #require(folder.read("x.pem")) + (try #require(folder.read("ca.pem")))
    let key = try #require(folder.read("x.key"))
    let it = try SecuredServer(
      try TLSIdentity(certificates: Array(chain.utf8), key: Array(key.utf8)))
    let result = try it.run(
      Self.openssl, ["s_client", "-connect", "127.0.0.1:\(it.port)", "-CAfile", at("ca.pem")])
    #expect(result.output.contains("Verify return code: 0 (ok)"))
    #expect(result.output.contains(" 1 s:CN = Authority"))
    try it.expectService()
  }
}
