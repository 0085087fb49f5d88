import HybridFlow
import OpenID
import Testing

@testable import Commands
@testable import Lab
@testable import Session

extension LabTests {
  /// What a changed message was before the fault: kept in the run itself.
  @Suite struct OriginalTests {
    /// A fault of each kind of deed, in the flow and after it.
    static let faults = [
      "swapped-code", "double-post", "edited-claims", "second-token-missing",
      "private-key-published", "answer-in-url", "no-pkce", "sends-code-twice",
      "logout-state-altered", "old-refresh-token-kept", "expired-code",
    ]

    /// The header lines and fields that differ, by their names; `nothing` and `unknown` as they are.
    static func told(_ message: Message) -> [String] {
      switch message.original {
      case nil: return ["unknown"]
      case .nothing?: return ["nothing"]
      case .content(let honest)?:
        var names: Set<String> = []
        for header in honest.headers.lines + message.headers.lines
        where honest.headers.all(header.name) != message.headers.all(header.name) {
          names.insert(header.name.asciiLowercased)
        }
        let one = (try? FormEncoding.decode(honest.body)) ?? []
        let two = (try? FormEncoding.decode(message.body)) ?? []
        let isForm = message.headers.mediaType == "application/x-www-form-urlencoded"
        for field in one + two where isForm && one[field.name] != two[field.name] {
          names.insert(field.name)
        }
        if honest.body != message.body { names.insert("body") }
        return names.subtracting(["content-length", "date"]).sorted()
      }
    }

    @Test(.timeLimit(.minutes(2)), arguments: faults)
    func `over sockets it is the same as in memory`(id: String) throws {
      let fault = try #require(Lab.fault(id))
      let type = fault.shown(with: .codeIDToken)
      let memory = try Lab.outcome(of: fault, type: type)
      let wire = try LabWire.outcome(of: fault, type: type, checksOff: [], usesPKCE: true)
      func all(_ outcome: LabOutcome) -> [[String]] {
        outcome.transcript.changedMessages.map(Self.told)
      }
      #expect(!all(memory).isEmpty && all(wire) == all(memory), "\(all(wire))")
    }

    @Test func `a swapped code is the only thing that differs from the person's own answer`() throws
    {
      let fault = try #require(Lab.fault("swapped-code"))
      let run = try Lab.run(of: fault, type: .codeIDToken)
      let message = try #require(run.machine.transcript.changedMessages.first)
      #expect(Self.told(message) == ["body", "code"])
      // The honest code is the one in the tenant's page: this run's own, not another's.
      let page = run.machine.transcript[.callback].messages.first {
        $0.from == .authorizationServer
      }
      let honest = try #require(
        message.honest.flatMap { try? FormEncoding.decode($0.body) }?["code"])
      let text = String(decoding: try #require(page).body, as: UTF8.self)
      #expect(text.contains(honest))
    }

    @Test func `an honest run keeps no original, and takes none`() throws {
      var run = try Lab.run(of: nil, type: .codeIDToken)
      let before = run.machine.transcript
      run.post(.originalKnown(.nothing))
      #expect(run.machine.transcript == before)
      #expect(before.messages.allSatisfy { $0.original == nil })
    }
  }
}
