import DemoTenant
import HybridFlow
import OpenID
import Testing

@testable import Export
@testable import Lab
@testable import Session
@testable import Redaction

extension LabTests {
  /// With the check off: what an attacker gains, in the lab and nowhere else.
  @Suite struct SwitchedOffTests {
    private func run(
      _ fault: LabFault, _ type: ResponseType, off: Set<CheckID>,
      change: (inout FlowConfiguration) -> Void
    ) throws -> LabOutcome {
      let scene = ScriptedRun.Scene(fault: fault.tenantFault, attack: fault.attack)
      var run = try ScriptedRun(scene: scene) {
        fault.configure(&$0, type: type, checksOff: off)
        change(&$0)
      }
      run.runToEnd()
      run.act(fault.then)
      return LabOutcome(fault: fault, type: type, transcript: run.machine.transcript)
    }

    @Test func `the configuration of a real tenant knows no switch`() async throws {
      for fault in Lab.faults where fault.stops {
        guard case .check(let id) = fault.catcher else { continue }
        // At a real tenant the application makes no mistake.
        if case .application = fault.deed { continue }
        if case .party(.application, _) = fault.culprit { continue }
        let type = fault.types[0]
        await Task.yield()
        let outcome = try run(fault, type, off: Set(CheckID.allCases)) { $0.observesTenant = false }
        #expect(outcome.status == .caught, "\(fault.id)")
        #expect(outcome.complaints.contains { $0.id == id && !$0.isOff })
        #expect(outcome.complaints.allSatisfy { !$0.isOff })
        #expect(outcome.transcript.checksOff.isEmpty)
        #expect(outcome.transcript.messages.allSatisfy { $0.tamperedBy == nil })
      }
    }

    @Test func `at a real tenant no mistake is made on purpose`() throws {
      for type in ResponseType.allCases {
        var run = try ScriptedRun {
          $0.responseType = type
          $0.mistakes = Set(ApplicationMistake.allCases)
          $0.observesTenant = false
        }
        run.runToEnd()
        let outcome = LabOutcome(fault: nil, type: type, transcript: run.machine.transcript)
        #expect(outcome.complaints.isEmpty)
        #expect(run.machine.situation == .finished)
      }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a check that is switched off fails as before and does not stop the run`() async throws {
      for item in FaultCase.all where item.fault.stops {
        guard case .check(let id) = item.fault.catcher else { continue }
        await Task.yield()
        let outcome = try Lab.outcome(of: item.fault, type: item.type, checksOff: [id])
        #expect(outcome.status == .switchedOff, "\(item.testDescription): \(outcome.status)")
        let failed = outcome.transcript.failure?.failedChecks ?? []
        // An answer that cannot be read leaves nothing to go on with, whatever is switched off.
        let leavesNothing = outcome.complaints.contains { $0.id == id && $0.isOff && $0.isFailure }
        #expect(leavesNothing, "\(item.testDescription)")
        let structural: Set<CheckID> = [
          .idTokenStructure, .responseTypeExact, .tokenResponseStatusJSON, .backIDTokenPresent,
          .callbackNoDuplicates, .requestModeNotQuery, .discoveryIssuerMatch, .discoveryHTTPS,
          // A token that is not opened, or has no signed one inside, has no claims.
          .idTokenEncAllowlist, .idTokenDecrypts, .idTokenNested, .jarmStructure,
        ]
        if !structural.contains(id) {
          #expect(!failed.contains(id), "\(item.testDescription) stops at what is switched off")
        }
      }
    }

    @Test func `a swapped code succeeds once every defence is gone`() throws {
      let fault = try #require(Lab.fault("swapped-code"))
      let defences: [CheckID] = [.cHashMatch, .nonceMatch, .backNonceMatch, .secondIDTokenSub]
      for held in defences {
        let outcome = try Lab.outcome(
          of: fault, type: .codeIDToken, checksOff: Set(defences).subtracting([held]),
          usesPKCE: false)
        #expect(outcome.stoppedAt != nil, "\(held.rawValue) alone holds")
      }
      let pkce = try Lab.outcome(of: fault, type: .codeIDToken, checksOff: Set(defences))
      #expect(pkce.tenantComplaints == ["code-pkce"])
      let outcome = try Lab.outcome(
        of: fault, type: .codeIDToken, checksOff: Set(defences), usesPKCE: false)
      #expect(outcome.stoppedAt == nil)
      #expect(outcome.status == .switchedOff)
      let subjects = outcome.subjects.map(\.subject)
      #expect(subjects.count == 4)
      #expect(Set(subjects).count == 2, "the page greets one person, the data are another\u{2019}s")
      #expect(subjects.first != subjects.last)
    }

    @Test func `machines are told what was switched off and where a message was changed`() throws {
      let fault = try #require(Lab.fault("swapped-code"))
      let outcome = try Lab.outcome(of: fault, type: .codeIDToken, checksOff: [.cHashMatch])
      let line = RunJSON.stage(outcome.transcript[.callback], redactor: .revealing)
      let checks = try #require(line["checks"]?.elements)
      let off = checks.filter { $0["off"] == true }
      #expect(off.map { $0["id"]?.string } == ["c-hash-match"])
      #expect(off.first?["status"] == "fail")
      let marked = try #require(line["messages"]?.elements).filter { $0["tampered_by"] != nil }
      #expect(marked.map { $0["from"]?.string } == ["browser"])
      #expect(marked.first?["tampered_by"] == "swapped-code")
      let honest = try Lab.outcome(of: nil, type: .codeIDToken)
      for record in honest.transcript.stages {
        let text = RunJSON.stage(record, redactor: .revealing).compactText
        #expect(!text.contains("\"off\":") && !text.contains("\"tampered_by\""))
      }
    }
  }
}
