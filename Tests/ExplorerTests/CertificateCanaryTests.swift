import Cryptography
import DemoTenant
import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Commands
@testable import Export
@testable import Recording
@testable import Session

/// The private key of the client's certificate, looked for in everything that a run leaves: over real
/// TLS, with success and without.
@Suite(.serialized) struct CertificateCanaryTests {
  @Test(.timeLimit(.minutes(1)), arguments: [nil, "cnf-missing", "userinfo-of-another-person"])
  func `the private key of the certificate is nowhere`(_ fault: String?) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let identity = try ThrowAwayAuthority.selfSigned("client")
    let key = identity.withKey { String(decoding: $0, as: UTF8.self) }
    try identity.certificate.pem.write(
      toFile: folder + "/client.pem", atomically: true, encoding: .utf8)
    try key.write(toFile: folder + "/key.pem", atomically: true, encoding: .utf8)
    let harness = try Harness([
      "--client-auth", "self_signed_tls_client_auth", "--client-cert", folder + "/client.pem",
      "--client-cert-key", folder + "/key.pem",
    ])
    if let fault { harness.tenant.commit(try TenantFault.named(fault)) }
    let recorder = Recorder(folder: folder, keepsSecrets: true)
    try recorder.record(to: folder + "/run.jsonl")
    harness.session.recorder = recorder
    let outcome = harness.run()
    #expect((outcome == .exit(0)) == (fault == nil), "\(harness.sink.errors)")
    let transcript = harness.session.machine.transcript
    let shown = transcript[.exchange].messages.compactMap(\.request?.security).first
    #expect(shown?.certificate == identity.certificate && shown?.isAsked == true)
    #expect(shown?.version == "TLSv1.3")
    let run = ExportedRun(
      transcript: transcript, configuration: try #require(harness.session.configuration),
      password: Secret("hybrid"), origin: .live, reveals: true)
    var texts = [harness.sink.output, harness.sink.errors]
    texts.append(try String(contentsOfFile: folder + "/run.jsonl", encoding: .utf8))
    for format in ExportFormat.allCases where format != .svg {
      texts.append(try ExportSample.text(run, format))
    }
    // The first line of PKCS #8 ends with a part of the private number.
    let line = try #require(key.split(separator: "\n").dropFirst().first)
    let canary = String(line.suffix(16))
    #expect(texts.allSatisfy { !$0.contains(canary) && !$0.contains("PRIVATE KEY") })
    #expect(texts.contains { $0.contains(identity.certificate.thumbprint) })
  }
}
