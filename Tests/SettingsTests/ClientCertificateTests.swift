import Cryptography
import HybridFlow
import Network
import OpenID
import Testing

@testable import Platform
@testable import Settings

/// The options of the client's certificate.
@Suite struct ClientCertificateTests {
  private static let issuer = ["--issuer", "https://tenant.example/", "--client-id", "c"]

  private func written(_ home: TestHome) throws -> (certificate: String, key: String) {
    let identity = try ThrowAwayAuthority.selfSigned("client")
    let certificate = home.folder + "/client.pem"
    let key = home.folder + "/key.pem"
    try home.write(identity.certificate.pem, to: certificate)
    try home.write(identity.withKey { String(decoding: $0, as: UTF8.self) }, to: key)
    return (certificate, key)
  }

  private func connection(_ home: TestHome, _ arguments: [String]) throws(UsageError) -> Connection
  {
    try Connection.read(
      Invocation.parse(["run"] + arguments),
      secrets: ClientSecretSource(environment: home.environment))
  }

  /// What is said about a command line; nil when it is understood.
  private func complaint(_ home: TestHome, _ arguments: [String]) -> String? {
    do throws(UsageError) {
      _ = try connection(home, arguments)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `a certificate needs no secret, and its key is in the session alone`() throws {
    let home = try TestHome()
    let files = try written(home)
    let connection = try connection(
      home, Self.issuer + ["--client-cert", files.certificate, "--client-cert-key", files.key])
    #expect(connection.configuration.clientCertificate?.subject == "CN=client")
    #expect(connection.configuration.clientSecret == nil)
    #expect(
      connection.session.clientIdentity?.certificate
        == connection.configuration.clientCertificate)
    #expect(connection.session.clientOptions.clientIdentities.count == 1)
  }

  @Test func `options and files that do not go together are refused with what to do`() throws {
    let home = try TestHome()
    let files = try written(home)
    let elsewhere = try TestHome()
    let other = try written(elsewhere)
    let expired = home.folder + "/old.pem"
    let early = home.folder + "/early.pem"
    try home.write(Self.expired, to: expired)
    try home.write(Self.future, to: early)
    let rows: [(words: String, arguments: [String])] = [
      ("needs --client-cert FILE", ["--client-cert-key", files.key]),
      ("has no private key in it", ["--client-cert", files.certificate]),
      (
        "does not belong to the certificate",
        ["--client-cert", files.certificate, "--client-cert-key", other.key]
      ),
      ("no certificate in it", ["--client-cert", files.key, "--client-cert-key", files.key]),
      ("No such file", ["--client-cert", "/no/such.pem", "--client-cert-key", files.key]),
      ("needs --client-cert FILE", ["--client-auth", "tls_client_auth"]),
      ("expired on 2021-01-01", ["--client-cert", expired]),
      ("does not hold before 2090-01-01", ["--client-cert", early]),
    ]
    for row in rows {
      let complaint = complaint(home, Self.issuer + row.arguments)
      #expect(complaint?.contains(row.words) == true, "\(complaint ?? "accepted")")
    }
  }

  /// One key with two certificates, of 2020 and of 2090, which nobody trusts.
  private static let expired = """
    -----BEGIN CERTIFICATE-----
    MIIBDzCBtaADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBmNsaWVudDAe
    Fw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBExDzANBgNVBAMMBmNsaWVu
    dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMXPR8Z8d6S+/z+fJXzgs2sRl4pF
    pKtxDHkHmeuBmv68jAb7KpEex1N1O1KkdXELSkI1u915oU15vBP+UJoz+SUwCgYI
    KoZIzj0EAwIDSQAwRgIhAN1VvGeNRKLxrtWlMfBihBFMzLwemA0Qg0DySPIzuBBG
    AiEAvUDIo9dH1i7DpA+SnSbcAMtV6VmPlmpcGbWuzjIqX0w=
    -----END CERTIFICATE-----
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguH9DOt9breajM/bb
    +D/2GOLpWHshlZSFyQR7VdFMia6hRANCAATFz0fGfHekvv8/nyV84LNrEZeKRaSr
    cQx5B5nrgZr+vIwG+yqRHsdTdTtSpHVxC0pCNbvdeaFNebwT/lCaM/kl
    -----END PRIVATE KEY-----
    """
  private static let future = """
    -----BEGIN CERTIFICATE-----
    MIIBEjCBuaADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBmNsaWVudDAi
    GA8yMDkwMDEwMTAwMDAwMFoYDzIwOTEwMTAxMDAwMDAwWjARMQ8wDQYDVQQDDAZj
    bGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATFz0fGfHekvv8/nyV84LNr
    EZeKRaSrcQx5B5nrgZr+vIwG+yqRHsdTdTtSpHVxC0pCNbvdeaFNebwT/lCaM/kl
    MAoGCCqGSM49BAMCA0gAMEUCID7YD3HYwV8yfwK/EdVGfTnkmSNv+iQW+g/m1iRG
    ExyWAiEA/QEBQouLErA73P6Ta+wRMwbMxUmXUpr7sAwn8Lv2x70=
    -----END CERTIFICATE-----
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguH9DOt9breajM/bb
    +D/2GOLpWHshlZSFyQR7VdFMia6hRANCAATFz0fGfHekvv8/nyV84LNrEZeKRaSr
    cQx5B5nrgZr+vIwG+yqRHsdTdTtSpHVxC0pCNbvdeaFNebwT/lCaM/kl
    -----END PRIVATE KEY-----
    """

  @Test func `the demo tenant makes a certificate for the run`() throws {
    let home = try TestHome()
    let connection = try connection(home, ["--client-auth", "tls_client_auth"])
    #expect(connection.isDemo && connection.session.clientIdentity == nil)
    let files = try written(home)
    let complaint = complaint(
      home,
      [
        "--client-auth", "tls_client_auth", "--client-cert", files.certificate, "--client-cert-key",
        files.key,
      ])
    #expect(complaint?.contains("its own authority") == true)
  }
}
