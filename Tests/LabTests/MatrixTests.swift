import Cryptography
import HybridFlow
import OpenID
import Testing

@testable import Explorer

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
    /// What may follow a flow, but is no part of its ten stages.
    private static let afterTheFlow: Set<CheckID> = [.refreshSameIssSubAud]

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
        if case .check(let id) = item.fault.catcher, ids.contains(id) { killed.insert(id) }
        heard[item.fault.id, default: []].formUnion(ids)
        // What the attacker changed is marked where it was changed.
        let marked = outcome.transcript.messages.filter { $0.tamperedBy == item.fault.id }
        if case .application = item.fault.deed { continue }
        #expect(!marked.isEmpty, "\(item.testDescription) marks no message")
      }
      let errors = CheckID.allCases.filter { $0.rule.severity == .error }
      for id in errors where !Self.afterTheFlow.contains(id) {
        #expect(killed.contains(id), "no fault is caught by \(id.rawValue)")
      }
      for fault in Lab.faults {
        #expect(
          fault.companions.isSubset(of: heard[fault.id] ?? []),
          "\(fault.id) names a companion that never complains")
      }
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

    @Test(.timeLimit(.minutes(3)), arguments: [ClientAuthenticationMethod.basic, .post, .none])
    func `the honest flow raises no complaint`(_ method: ClientAuthenticationMethod) async throws {
      #expect(Self.keys.count == 11)
      for key in Self.keys {
        for type in ResponseType.allCases {
          await Task.yield()
          let scene = ScriptedRun.Scene(keys: [key], clientAuthentication: method)
          var run = try ScriptedRun(scene: scene) { $0.responseType = type }
          run.runToEnd()
          let outcome = LabOutcome(fault: nil, type: type, transcript: run.machine.transcript)
          let complaints = outcome.complaints.map(\.id.rawValue)
          #expect(outcome.status == .caught, "\(key.keyID) \(type.rawValue): \(complaints)")
          #expect(run.machine.situation == .finished)
          let algorithms = outcome.transcript.tokens.filter { $0.use == .idToken }
            .map { $0.jws?.algorithm }
          #expect(algorithms.allSatisfy { $0 == key.algorithm } && !algorithms.isEmpty)
          #expect(outcome.transcript.messages.allSatisfy { $0.tamperedBy == nil })
        }
      }
    }
  }
}
