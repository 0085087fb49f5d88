import Diagnosis
import HybridFlow
import Lab
import OpenID
import Testing
@testable import Session

/// Whose it is: said of every fault of the laboratory, in every response type.
@Suite struct BlameTests {
  private static func diagnosis(
    _ fault: LabFault?, _ type: ResponseType
  ) throws -> (transcript: Transcript, diagnosis: RunDiagnosis?) {
    let run = try Lab.run(of: fault, type: type)
    let transcript = run.machine.transcript
    return (transcript, RunDiagnosis(transcript, run.configuration))
  }

  /// Who commits it, as the lab itself says on the screen.
  private static func culprit(_ fault: LabFault) -> Blame {
    switch fault.culprit {
    case .attacker: .attacker
    case .party(.browser, _): .person
    case .party(.application, _): .application
    case .party(.authorizationServer, _), .party(.api, _): .provider
    }
  }

  @Test(arguments: Lab.faults.map(\.id))
  func `a fault that stops a run is put down to who committed it`(id: String) throws {
    let fault = try #require(Lab.fault(id))
    for type in fault.types {
      let (transcript, diagnosis) = try Self.diagnosis(fault, type)
      guard transcript.firstFailure != nil else {
        #expect(diagnosis == nil)
        continue
      }
      #expect(diagnosis?.blame == Self.culprit(fault), "\(id), \(type.rawValue)")
      #expect(diagnosis?.match.blame == diagnosis?.blame, "one answer, not two")
    }
  }

  @Test func `the faults, and who is to blame, as a table`() throws {
    var rows: [String] = []
    for fault in Lab.faults {
      let said = try fault.types.map { type in
        let (_, diagnosis) = try Self.diagnosis(fault, type)
        return diagnosis?.blame?.rawValue ?? "-"
      }
      rows.append(
        "\(fault.id): "
          + said.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
          .joined(separator: ", "))
    }
    print("Blame of the lab's faults\n" + rows.joined(separator: "\n"))
    #expect(rows.contains("swapped-code: attacker"))
    #expect(rows.contains { $0.hasPrefix("login-csrf: attacker") || $0.contains("csrf") })
  }

  @Test func `an honest run has nobody to blame`() throws {
    #expect(try Self.diagnosis(nil, .codeIDToken).diagnosis == nil)
  }
}
