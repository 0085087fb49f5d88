import HybridFlow
import Lab
import OpenID
import Testing
@testable import Session

/// Whose it is: said of every fault of the laboratory, in every response type.
@Suite struct BlameTests {
  @Test(arguments: Lab.faults.map(\.id))
  func `a fault that stops a run is put down to who committed it`(id: String) throws {
    let fault = try #require(Lab.fault(id))
    for type in fault.types {
      let transcript = try Lab.outcome(of: fault, type: type).transcript
      guard transcript.firstFailure != nil else {
        #expect(transcript.blame == nil)
        continue
      }
      let culprit: Blame =
        switch fault.deed {
        // The tenant only lets the time pass that the application takes.
        case .tenant: fault.who == "a slow application" ? .application : .provider
        case .attacker: .attacker
        case .application: .application
        }
      #expect(transcript.blame == culprit, "\(id), \(type.rawValue)")
    }
  }

  @Test func `an honest run has nobody to blame`() throws {
    #expect(try Lab.outcome(of: nil, type: .codeIDToken).transcript.blame == nil)
  }
}
