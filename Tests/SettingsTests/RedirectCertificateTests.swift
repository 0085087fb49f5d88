import Foundation
import HybridFlow
import Network
import OpenID
import Testing

@testable import Platform
@testable import Settings

/// Which https redirect URIs are listened at, and with which certificate.
@Suite struct RedirectCertificateTests {
  @Test(arguments: [
    "https://localhost:0/callback", "https://127.0.0.1:8443/cb", "https://[::1]:8443/",
    "https://app.localhost:8443/cb",
  ])
  func `https on this machine is listened at with a certificate made for the run`(
    uri: String
  ) throws {
    let connection = try TestHome().connection("--redirect-uri", uri)
    guard case .throwAway = connection.session.redirectCertificate else {
      Issue.record("no throw-away certificate")
      return
    }
    #expect(connection.warnings.isEmpty)
  }

  @Test func `another name is listened at once a certificate is named`() throws {
    let home = try TestHome()
    let uri = "https://app.example.com:8443/signin-oidc"
    #expect(try home.connection("--redirect-uri", uri).configuration.awaitsPaste)
    let connection = try home.connection("--redirect-uri", uri, "--tls-self-signed")
    #expect(connection.configuration.redirectURI.text == uri)
    #expect(!connection.configuration.awaitsPaste)
    let plain = "http://app.example.com:8080/cb"
    #expect(
      try home.complaint("--redirect-uri", plain, "--tls-self-signed")?
        .contains("this machine") == true)
  }

  @Test func `options that do not go together are refused with what to do`() throws {
    let home = try TestHome()
    let uri = "https://localhost:0/cb"
    let file = home.folder + "/some.pem"
    try home.write("nothing", to: file)
    let rows: [([String], String)] = [
      (["--tls-key", file], "needs --tls-cert FILE"),
      (["--tls-cert", file, "--tls-self-signed"], "leave one out"),
      (["--tls-cert", file, "--tls-key", file], "there is no certificate in it"),
      (["--tls-cert", file + "x"], "some.pemx: No such file"),
    ]
    for (options, words) in rows {
      let command = ["run", "--redirect-uri", uri] + options
      do throws(UsageError) {
        _ = try Connection.read(
          Invocation.parse(command),
          secrets: ClientSecretSource(environment: home.environment))
        Issue.record("\(options) were taken")
      } catch {
        #expect(error.message.contains(words), "\(error.message)")
      }
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: Self.openssl)))
  func `one's own certificate is read, and what browsers will refuse is said before`() throws {
    let home = try TestHome()
    let (certificate, key) = (home.folder + "/own.pem", home.folder + "/own.key")
    try Self.make(certificate, key, names: "DNS:localhost")
    let options = ["--tls-cert", certificate, "--tls-key", key]
    func read(_ uri: String, _ more: [String] = options) throws -> Connection {
      try Connection.read(
        Invocation.parse(["run", "--redirect-uri", uri] + more),
        secrets: ClientSecretSource(environment: home.environment))
    }
    let good = try read("https://localhost:0/cb")
    guard case .given(let identity) = good.session.redirectCertificate else {
      Issue.record("the certificate was not taken")
      return
    }
    #expect(good.warnings.isEmpty && identity.names("localhost"))
    #expect(
      try read("https://127.0.0.1:0/cb").warnings.first?.contains("is not for 127.0.0.1") == true)
    #expect(try read("http://localhost:0/cb").warnings.first?.contains("is not used") == true)
    #expect(
      throws: UsageError.self, "the key is in no file"
    ) { try read("https://localhost:0/cb", ["--tls-cert", certificate]) }
    // One file with both, as some programs write it.
    let both =
      try String(contentsOfFile: key, encoding: .utf8)
      + (try String(contentsOfFile: certificate, encoding: .utf8))
    try home.write(both, to: certificate)
    #expect(try read("https://localhost:0/cb", ["--tls-cert", certificate]).warnings.isEmpty)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: Self.openssl)))
  func `a profile names the files, relative to the settings' folder`() throws {
    let home = try TestHome(
      """
      {"profiles": {"own": {"issuer": "https://t.example/", "client_id": "x",
        "client_auth": "none", "redirect_uri": "https://localhost:44318/signin-oidc",
        "tls_cert": "own.pem", "tls_key": "own.key"}}}
      """)
    let folder = home.folder + "/config/hybrid-flow"
    try Self.make(folder + "/own.pem", folder + "/own.key", names: "DNS:localhost")
    let connection = try home.connection("--profile", "own")
    guard case .given = connection.session.redirectCertificate else {
      Issue.record("the profile's certificate was not taken")
      return
    }
    #expect(connection.warnings.isEmpty)
  }

  private static let openssl = "/usr/bin/openssl"

  private static func make(_ certificate: String, _ key: String, names: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: openssl)
    process.arguments = [
      "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days",
      "2", "-subj", "/CN=own", "-addext", "subjectAltName=" + names, "-keyout", key, "-out",
      certificate,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
