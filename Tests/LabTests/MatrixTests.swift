import Cryptography
import HybridFlow
import OpenID
import Testing

@testable import Lab
@testable import Session

/// A fault in one response type.
struct FaultCase: CustomTestStringConvertible, Sendable {
  let fault: LabFault
  let type: ResponseType
  var testDescription: String { "\(fault.id) (\(type.rawValue))" }

  static let all: [FaultCase] = Lab.faults.flatMap { fault in
    fault.types.map { FaultCase(fault: fault, type: $0) }
  }
}

/// The tests of the lab run one after the other: they keep a core busy, and others have deadlines.
@Suite(.serialized) enum LabTests {}

extension LabTests {
  /// Every fault against every check.
  @Suite struct MatrixTests {
    @Test(.timeLimit(.minutes(3)))
    func `each fault is caught by its check and by no other than its row names`() async throws {
      var killed: Set<CheckID> = []
      var heard: [String: Set<CheckID>] = [:]
      for item in FaultCase.all {
        await Task.yield()
        let outcome = try Lab.outcome(of: item.fault, type: item.type)
        let complaints = outcome.complaints.map { "\($0.id.rawValue) at \($0.stage.number)" }
        #expect(
          outcome.status == .caught,
          "\(item.testDescription): \(complaints), stopped at \(String(describing: outcome.stoppedAt))"
        )
        let ids = Set(outcome.complaints.map(\.id))
        if let id = item.fault.check, outcome.status == .caught { killed.insert(id) }
        heard[item.fault.id, default: []].formUnion(ids)
        // What the attacker changed is marked where it was changed.
        let marked = outcome.messages.filter { $0.tamperedBy == item.fault.id }
        if case .application = item.fault.deed { continue }
        #expect(!marked.isEmpty, "\(item.testDescription) marks no message")
      }
      // Warnings and informations too: a check that no fault can wake is worth nothing.
      // Two have tests of their own: no login brings a wrong verifier, and no tenant here asks for a
      // nonce twice.
      for id in CheckID.allCases where id != .pkceEnforced && id != .dpopRetryOnce {
        #expect(killed.contains(id), "no fault is caught by \(id.rawValue)")
      }
      print(
        "\(Lab.faults.count) faults in \(FaultCase.all.count) runs, "
          + "\(killed.count) of \(CheckID.allCases.count) checks killed")
      for fault in Lab.faults {
        #expect(
          fault.companions.isSubset(of: heard[fault.id] ?? []),
          "\(fault.id) names a companion that never complains")
      }
    }

    @Test(.timeLimit(.minutes(2)))
    func `every verdict says what was wanted, what was found, why, and where it stands`()
      async throws
    {
      var verdicts = 0
      for item in FaultCase.all {
        await Task.yield()
        let transcript = try Lab.outcome(of: item.fault, type: item.type).transcript
        let checks = transcript.checks + transcript.afterwards.flatMap(\.record.checks)
        for check in checks {
          verdicts += 1
          let name = "\(check.id.rawValue) in \(item.testDescription)"
          #expect(check.why.hasSuffix(".") || check.why.hasSuffix("?"), "\(name): \(check.why)")
          #expect(!check.spec.document.isEmpty && !check.spec.section.isEmpty, "\(name)")
          switch transcript.rules.severity(of: check.id) {
          case .error:
            // A second answer, a nonce that is optional, and what a switched-off check lets pass.
            let mayWarn: Set<CheckID> = [
              .callbackSingleUse, .requestNonce, .noExchangeBeforeFrontOK,
            ]
            #expect(check.verdict != .warn || mayWarn.contains(check.id), "\(name) only warns")
          case .warning, .information: #expect(check.verdict != .fail, "\(name) stops the flow")
          }
          guard check.verdict != .skip else { continue }
          #expect(check.found?.isEmpty == false, "\(name) has found nothing")
          // What only informs wants nothing.
          if check.id.severity != .information {
            #expect(check.expected?.isEmpty == false, "\(name) expects nothing")
          }
        }
      }
      #expect(verdicts > 10_000)
    }

    @Test func `the table says everything about each fault`() {
      #expect(Lab.faults.count >= 60)
      #expect(Set(Lab.faults.map(\.id)).count == Lab.faults.count)
      #expect(Set(Lab.faults.map(\.lesson)).count == Lab.faults.count)
      for group in LabFault.Group.allCases { #expect(!Lab.faults(in: group).isEmpty) }
      for fault in Lab.faults {
        let words = fault.lesson.split(separator: " ").count
        #expect((40...100).contains(words), "\(fault.id): \(words) words")
        #expect(fault.does.hasSuffix(".") && fault.gain.hasSuffix("."), "\(fault.id)")
        #expect(!fault.sections.isEmpty && !fault.types.isEmpty, "\(fault.id)")
        #expect(Lab.fault(fault.id)?.id == fault.id)
        #expect(
          fault.id.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
          })
      }
    }

    private static let keys: [SigningKey] = {
      do {
        let rsa = try SigningKey.generate(.rs256, keyID: "rsa")
        let rsaKeys = try [SignatureAlgorithm.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
          .map { try rsa.withAlgorithm($0) }
        let others = try [SignatureAlgorithm.es256, .es384, .es512, .edDSA]
          .map { try SigningKey.generate($0, keyID: $0.rawValue) }
        let ed448 = try SigningKey.generate(.edDSA, keyID: "Ed448", edwardsCurve: .ed448)
        return rsaKeys + others + [ed448]
      } catch {
        return []
      }
    }()

    /// How a client may prove who it is, and with which key.
    enum Proof: String, CaseIterable, Sendable {
      case basic, post, none
      case rs256, ps256, es256, edDSA

      var method: ClientAuthenticationMethod {
        switch self {
        case .basic: .basic
        case .post: .post
        case .none: .none
        case .rs256, .ps256, .es256, .edDSA: .privateKeyJWT
        }
      }

      func key() throws -> SigningKey? {
        switch self {
        case .basic, .post, .none: nil
        case .rs256: try SigningKey.generate(.rs256, keyID: "client-rs256")
        case .ps256: try SigningKey.generate(.ps256, keyID: "client-ps256")
        case .es256: try SigningKey.generate(.es256, keyID: "client-es256")
        case .edDSA: try SigningKey.generate(.edDSA, keyID: "client-eddsa")
        }
      }
    }

    @Test(.timeLimit(.minutes(3)), arguments: Proof.allCases)
    func `the honest flow raises no complaint`(_ proof: Proof) async throws {
      #expect(Self.keys.count == 11)
      let clientKey = try proof.key()
      for key in Self.keys {
        for type in ResponseType.allCases {
          await Task.yield()
          let scene = ScriptedRun.Scene(
            keys: [key], clientAuthentication: proof.method, clientKey: clientKey)
          var run = try ScriptedRun(scene: scene) { $0.responseType = type }
          run.runToEnd()
          run.act([.refresh, .userinfo, .introspect(.accessToken), .logout])
          let outcome = LabOutcome(fault: nil, type: type, transcript: run.machine.transcript)
          let complaints = outcome.complaints.map(\.id.rawValue)
          #expect(
            outcome.complaints.isEmpty, "\(key.keyID) \(type.rawValue): \(complaints)")
          #expect(run.machine.situation == .finished)
          #expect(outcome.status == .caught)
          let unfinished = outcome.transcript.afterwards.filter { $0.record.failure != nil }
          // RFC 7662, section 2.1: a client that proves nothing is told nothing.
          #expect(
            unfinished.map(\.action) == (proof == .none ? [.introspect(.accessToken)] : []))
          #expect(outcome.transcript.afterwards.count == 4)
          let algorithms = outcome.transcript.tokens.filter { $0.use == .idToken }
            .map { $0.jws?.algorithm }
          #expect(algorithms.allSatisfy { $0 == key.algorithm } && !algorithms.isEmpty)
          #expect(outcome.messages.allSatisfy { $0.tamperedBy == nil })
          let token = outcome.messages.first { $0.url.hasSuffix("/oauth/token") }
          let form = try FormEncoding.decode(try #require(token).body)
          #expect((form["client_assertion"] != nil) == (clientKey != nil))
        }
      }
    }
  }
}
