import HybridFlow
import OpenID
import Testing

@testable import Session

/// What brings runs to their end, shown machines by hand.
@Suite struct RunDriverTests {
  /// The moves in short words.
  private func words(_ moves: [RunDriver.Move]) -> [String] {
    moves.map { move in
      switch move {
      case .post(.advanced): "advance"
      case .post(.formFilled): "fill"
      case .post(.actionRequested(let action)): "ask " + action.id
      case .post: "something else"
      case .leaveOut(let action, let why): "leave out \(action.id): \(why)"
      case .stuck: "stuck"
      }
    }
  }

  @Test func `each stage is asked for once, and none behind the goal`() throws {
    var run = try ScriptedRun()
    var driver = RunDriver(to: .prompt)
    #expect(driver.moves(run.machine).isEmpty && !driver.isDone(run.machine))
    run.begin()
    #expect(words(driver.moves(run.machine)) == ["advance"])
    #expect(driver.moves(run.machine).isEmpty, "the order is still on its way")
    run.advance()
    #expect(words(driver.moves(run.machine)) == ["advance"])
    run.advance()
    #expect(driver.moves(run.machine).isEmpty && driver.isDone(run.machine))
    var idle = RunDriver(to: nil)
    #expect(idle.moves(run.machine).isEmpty && idle.isDone(run.machine))
  }

  @Test func `a page is filled in once, and who cannot go on says so`() throws {
    var run = try ScriptedRun()
    run.begin()
    for _ in 2...4 { run.advance(fillingForms: false) }
    var driver = RunDriver()
    #expect(words(driver.moves(run.machine)) == ["fill"])
    #expect(driver.moves(run.machine).isEmpty)
    var tired = PersonAtKeyboard()
    guard case .pageShown(_, let page) = run.machine.situation else {
      Issue.record("\(run.machine.situation)")
      return
    }
    for _ in 0..<PersonAtKeyboard.mostForms { _ = tired.fill(page) }
    var stuck = RunDriver(person: tired)
    #expect(words(stuck.moves(run.machine)) == ["stuck"])
    #expect(!stuck.isDone(run.machine))
  }

  @Test func `actions follow each other, and what cannot be done is left out at its turn`() throws {
    var run = try ScriptedRun()
    run.runToEnd()
    let actions: [AfterAction] = [.introspect(.idToken), .refresh, .userinfo]
    var driver = RunDriver(then: actions)
    let first = driver.moves(run.machine)
    #expect(words(first).map { $0.hasPrefix("leave out") } == [true, false])
    #expect(words(first).last == "ask refresh" && !driver.isDone(run.machine))
    #expect(driver.moves(run.machine).isEmpty, "the first is not over")
    run.post(.actionRequested(.refresh))
    #expect(words(driver.moves(run.machine)) == ["ask userinfo"])
    run.post(.actionRequested(.userinfo))
    #expect(driver.moves(run.machine).isEmpty && driver.isDone(run.machine))
  }
}
