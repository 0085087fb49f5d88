@testable import DemoTenant
@testable import HybridFlow
@testable import OpenID
import Testing

@testable import Explorer
@testable import Lab
@testable import Session

extension LabTests {
  /// The marks of what was changed, against the word of whoever changed it.
  @Suite struct MarkTests {
    @Test(.timeLimit(.minutes(2)))
    func `what is marked is what the tenant says that it has spoilt`() async throws {
      for item in FaultCase.all {
        await Task.yield()
        let name = item.testDescription
        let run = try Lab.run(of: item.fault, type: item.type)
        let outcome = LabOutcome(
          fault: item.fault, type: item.type, transcript: run.machine.transcript)
        let marked = outcome.messages.filter { $0.tamperedBy != nil }
        #expect(marked.allSatisfy { $0.tamperedBy == item.fault.id }, "\(name)")
        guard case .tenant = item.fault.deed else {
          #expect(run.spoilt.isEmpty, "\(name): the tenant is honest")
          continue
        }
        let first = try #require(run.spoilt.first, "\(name): nothing was spoilt")
        let place = Tampering(faultID: item.fault.id, first)
        #expect(item.fault.mark(for: item.type) == place, "\(name): \(run.spoilt)")
        let stages = Set(marked.map(\.stage))
        #expect(stages == [place.stage], "\(name)")
        #expect(marked.allSatisfy { $0.from == place.from && $0.to == place.to }, "\(name)")
        // None of its kind goes unmarked, but for a second look at the keys: a place is one stage.
        let spoilt = run.spoilt.count { $0 == first }
        #expect(marked.count == (first == .keys ? 1 : spoilt), "\(name): \(run.spoilt)")
      }
    }

    @Test func `an honest tenant has spoilt nothing`() throws {
      for type in ResponseType.allCases {
        var run = try Lab.run(of: nil, type: type)
        run.act([.refresh, .userinfo, .logout])
        #expect(run.spoilt.isEmpty)
      }
    }
  }
}
