import HybridFlow
import OpenID
import Testing
import TextUI

@testable import Commands
@testable import Lab
@testable import Session

extension LabTests {
  /// What is odd and allowed must pass.
  @Suite struct HarmlessTests {
    private static let cases = Lab.harmless.flatMap { row in
      row.types.map { FaultCase(fault: row, type: $0) }
    }

    @Test func `every oddity passes in every response type, to the end and past it`() async throws {
      for item in Self.cases {
        await Task.yield()
        var run = try Lab.run(of: item.fault, type: item.type)
        // No logout: as a hint, the demo tenant takes its tokens in their usual form only.
        run.act([.refresh, .userinfo])
        let outcome = LabOutcome(
          fault: item.fault, type: item.type, transcript: run.machine.transcript)
        let complaints = outcome.complaints.map { "\($0.id.rawValue) at \($0.stage.number)" }
        #expect(outcome.status == .caught, "\(item.testDescription): \(complaints)")
        #expect(outcome.complaints.isEmpty, "\(item.testDescription): \(complaints)")
        #expect(outcome.stoppedAt == nil, "\(item.testDescription)")
        #expect(run.machine.situation == .finished, "\(item.testDescription)")
        #expect(outcome.messages.allSatisfy { $0.tamperedBy == nil })
      }
    }

    @Test func `each is really odd: the tenant or the browser has changed something`() throws {
      for row in Lab.harmless {
        // Its request is what is odd.
        if row.id == "state-with-odd-letters" { continue }
        let changes = try row.types.contains { type in
          let run = try Lab.run(of: row, type: type)
          guard case .attacker = row.deed else { return !run.spoilt.isEmpty }
          let honest = try Lab.run(of: nil, type: type)
          func answer(_ run: ScriptedRun) -> HTTPRequest? {
            run.machine.transcript[.callback].messages.first { $0.from == .browser }?.request
          }
          return answer(run) != answer(honest)
        }
        #expect(changes, "\(row.id) changes nothing")
      }
    }

    @Test(arguments: ResponseType.allCases)
    func `keys that change between the two tokens are fetched once more, and only once`(
      type: ResponseType
    ) throws {
      let row = try #require(Lab.row("key-rotated-between-tokens"))
      let transcript = try Lab.run(of: row, type: type).machine.transcript
      let asked = transcript.messages.filter {
        $0.request != nil && $0.url.hasSuffix("/jwks.json") && $0.from == .application
      }
      #expect(asked.map(\.stage) == [.login, .tokens])
      let names = transcript.tokens.filter { $0.use == .idToken }.map { $0.jws?.keyID }
      #expect(names.last == "next-key" && names.dropLast().allSatisfy { $0 == "picture-key" })
    }

    @Test func `the table says what is odd and why it is allowed, and no drill asks for it`() {
      let ids = Set(Lab.harmless.map(\.id))
      #expect(ids.count == Lab.harmless.count && ids.isDisjoint(with: Lab.faults.map(\.id)))
      for row in Lab.harmless {
        #expect(row.group == .harmless && row.catcher == .nothing && !row.stops)
        #expect(row.does.hasSuffix(".") && row.lesson.hasSuffix("."), "\(row.id)")
        #expect(!row.sections.isEmpty && !row.types.isEmpty, "\(row.id)")
      }
      #expect(Lab.harmless.count >= 25)
      #expect(Drill.faults.allSatisfy { !ids.contains($0.id) })
      #expect(Lab.faults(in: .harmless).map(\.id) == Lab.harmless.map(\.id))
    }

    @Test func `over sockets one is told as what it is`() throws {
      for id in ["aud-in-a-list", "form-ends-with-line-break", "key-rotated-between-tokens"] {
        let row = try #require(Lab.row(id))
        let outcome = try LabWire.outcome(
          of: row, type: .codeIDToken, checksOff: [], usesPKCE: true)
        #expect(outcome.status == .caught, "\(id): \(outcome.complaints)")
        let text = LabText(style: PrintStyle(isASCII: true)).story(outcome)
        #expect(text.contains("Nothing may complain.") && !text.contains("Without it"))
      }
    }
  }
}
