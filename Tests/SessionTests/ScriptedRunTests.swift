import OpenID
import Session
import Testing
@testable import HybridFlow

@Suite struct ScriptedRunTests {
  @Test(.timeLimit(.minutes(1)), arguments: ResponseType.allCases)
  func `a scripted run comes to its end, each stage on its own`(type: ResponseType) throws {
    let machines = try ScriptedRun.afterEachStage { $0.responseType = type }
    #expect(machines.count == 10)
    #expect(machines.last?.situation == .finished)
    for (index, machine) in machines.enumerated() {
      let ended = machine.transcript.stages.filter { $0.status == .passed }.map(\.stage.number)
      #expect(ended == Array(1...(index + 1)), "after stage \(index + 1)")
    }
    let failed = machines.last?.transcript.checks.filter { $0.verdict == .fail }.map(\.id)
    #expect(failed == [])
  }

  @Test func `two scripted runs are the same to the last byte`() throws {
    let first = try ScriptedRun.afterEachStage()
    let second = try ScriptedRun.afterEachStage()
    #expect(first == second)
  }

  @Test func `a run that only signs on ends after stage 5`() throws {
    let machines = try ScriptedRun.afterEachStage { $0.signOnOnly = true }
    #expect(machines.count == 5)
    #expect(machines.last?.situation == .finished)
    let last = try #require(machines.last)
    #expect(last.transcript.stages.suffix(5).allSatisfy { $0.status == .skipped })
  }

  @Test func `the person's page stays when nobody fills it in`() throws {
    var run = try ScriptedRun()
    run.begin()
    for _ in 2...4 { run.advance(fillingForms: false) }
    guard case .pageShown(.authenticate, let page) = run.machine.situation else {
      Issue.record("no page: \(run.machine.situation)")
      return
    }
    #expect(page.page.forms.contains { form in form.inputs.contains { $0.type == "password" } })
    #expect(run.machine.transcript[.authenticate].status == .running)
  }

  @Test func `who declines ends the run at the callback`() throws {
    let machines = try ScriptedRun.afterEachStage(person: PersonAtKeyboard(consents: false))
    guard case .failed(.callback, .person(.declined(let error))) = machines.last?.situation else {
      Issue.record("\(String(describing: machines.last?.situation))")
      return
    }
    #expect(error.code == "access_denied")
  }
}
