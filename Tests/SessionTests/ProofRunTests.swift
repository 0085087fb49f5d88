import Cryptography
import DemoTenant
import HybridFlow
import Lab
import OpenID
import Testing

@testable import Session

/// Runs that prove a key with each request, in memory, at a tenant that wants nonces.
@Suite struct ProofRunTests {
  private static func run(
    _ algorithm: SignatureAlgorithm = .es256,
    change: @escaping (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> Transcript {
    var run = try ScriptedRun {
      $0.proofAlgorithm = algorithm
      change(&$0)
    }
    run.runToEnd()
    run.act([.refresh, .introspect(.accessToken), .userinfo])
    return run.machine.transcript
  }

  private static func proofs(_ transcript: Transcript) throws -> [CompactJWS] {
    let records = transcript.stages + transcript.afterwards.map(\.record)
    return try records.flatMap(\.messages).compactMap { $0.request?.headers[DPoP.header] }
      .map { try CompactJWS($0) }
  }

  @Test(arguments: [SignatureAlgorithm.es256, .edDSA, .ps256, .rs256])
  func `a run with proofs passes, refresh and introspection included`(
    _ algorithm: SignatureAlgorithm
  ) throws {
    let transcript = try Self.run(algorithm)
    #expect(transcript.firstFailure == nil)
    let records = transcript.stages + transcript.afterwards.map(\.record)
    let bad = records.flatMap(\.checks).filter { $0.verdict == .fail || $0.verdict == .warn }
    #expect(bad.map(\.id) == [])
    let proofs = try Self.proofs(transcript)
    // Token twice, API twice, userinfo; then refresh and userinfo.
    #expect(proofs.count == 7)
    #expect(Set(try proofs.compactMap { try $0.claims()["jti"]?.string }).count == 7)
    let thumbprint = try #require(transcript.proofKey?.thumbprint)
    for proof in proofs {
      let key = try #require(proof.header["jwk"].flatMap(JSONWebKey.init))
      #expect(key.privateMembers.isEmpty)
      #expect(try Thumbprint.sha256(key) == thumbprint)
      #expect(try Signature.verify(proof, algorithm: algorithm, key: key))
    }
    let token = try #require(transcript.token(.accessToken, .back))
    #expect(token.claims.flatMap { DPoP.thumbprint(in: $0) } == thumbprint)
    let digest = try Digest.hash(Array(token.text.utf8), .sha256)
    let named = try proofs.compactMap { try $0.claims()["ath"]?.string }
    #expect(named.prefix(3).allSatisfy { $0 == Base64URL.encode(digest) })
    #expect(named.count == 4)
  }

  @Test func `what is pushed, and what FAPI wants, goes with proofs as well`() throws {
    let pushed = try Self.run { $0.pushesRequest = .always }
    #expect(pushed.firstFailure == nil)
    let banks = try Self.run { $0.askAsFAPI() }
    #expect(banks.firstFailure == nil)
    #expect(banks[.authorize].messages.contains { $0.request?.headers[DPoP.header] != nil })
  }

  @Test func `a public client refreshes with the key that it has proved`() throws {
    let transcript = try Self.run {
      $0.clientSecret = nil
      $0.clientAuthentication = ClientAuthenticationMethod.none
    }
    let failed = transcript.stages.flatMap(\.checks).filter { $0.verdict == .fail }
    #expect(failed.map(\.id) == [])
  }

  @Test func `a run without proofs asks nobody about one`() throws {
    var run = try ScriptedRun()
    run.runToEnd()
    let transcript = run.machine.transcript
    #expect(transcript.messages.allSatisfy { $0.request?.headers[DPoP.header] == nil })
    #expect(transcript.messages.allSatisfy { $0.headers[DPoP.nonceHeader] == nil })
  }
}
