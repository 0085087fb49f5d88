import Glibc
import HybridFlow
import Network
import OpenID
import Testing
import TextUI

@testable import Explorer
@testable import Session
@testable import Settings
@testable import Presentation

/// How often the explorer draws while it works.
@Suite(.serialized) struct DrawingPaceTests {
  @Test(.timeLimit(.minutes(1)))
  func `a stage is one frame, and one more for each moment that it goes on`() throws {
    let screen = ScriptedScreen()
    let harness = try Harness()
    let face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    var person = PersonAtKeyboard()
    let clock = ContinuousClock()
    func settle(_ what: String, clocks: Int = 0) {
      let before = screen.count
      let start = clock.now
      // The session is idle for a moment before it takes up what was posted.
      repeat {
        harness.loop.turn(maximumMilliseconds: 5)
        face.draw()
      } while !harness.session.isIdle && clock.now - start < .seconds(20)
      let moments = Int((clock.now - start) / .milliseconds(ExplorerController.settleMilliseconds))
      #expect(screen.count - before <= 1 + moments + clocks, "\(what)")
      #expect(screen.count > before, "\(what)")
    }
    face.begin()
    settle("the start")
    while true {
      switch harness.session.machine.situation {
      case .ready(let next):
        screen.keys = [.right]
        face.readKeys()
        // From the callback on, the age of the code may be drawn in between.
        settle("\(next)", clocks: next > .authenticate ? 1 : 0)
      case .pageShown(_, let page):
        harness.session.post(try #require(person.fill(page).map(FlowEvent.formFilled)))
        settle("a page")
      case .finished: return
      case .idle, .busy, .browserAway, .failed:
        Issue.record("\(harness.session.machine.situation)")
        return
      }
    }
  }

  /// A terminal that takes nothing holds up the frames and nothing else.
  @Test(.timeLimit(.minutes(1)))
  func `the flow goes on while the terminal takes nothing`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 4096)
    while write(ends[1], bytes, bytes.count) > 0 {}
    let screen = ScriptedScreen()
    let harness = try Harness()
    let face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    face.begin()
    func work(until isDone: () -> Bool) {
      let start = ContinuousClock.now
      repeat {
        harness.loop.turn(maximumMilliseconds: 5)
        face.draw()
      } while !isDone() && ContinuousClock.now - start < .seconds(20)
    }
    work { harness.session.machine.situation == .ready(next: .authorize) }
    face.draw()
    screen.stalledDescriptor = ends[1]
    let before = screen.count
    screen.keys = [.right]
    face.readKeys()
    work { harness.session.machine.situation == .ready(next: .prompt) }
    #expect(harness.session.machine.situation == .ready(next: .prompt))
    #expect(screen.count == before, "nothing is drawn that the terminal does not take")
    // Whoever reads again wakes the loop, without any key.
    screen.onPush = {
      var entry = pollfd(fd: ends[1], events: Int16(POLLOUT), revents: 0)
      if poll(&entry, 1, 0) > 0 { screen.stalledDescriptor = nil }
    }
    while read(ends[0], &bytes, bytes.count) > 0 {}
    work { screen.count > before }
    #expect(screen.text.contains("2 of 10") || screen.text.contains("2/10"))
    harness.session.close()
  }

  /// The key itself changes nothing on the screen: what it set going does.
  @Test(.timeLimit(.minutes(1)))
  func `the key that runs a stage is drawn with its result`() throws {
    let screen = ScriptedScreen()
    let harness = try Harness()
    let face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    func work(until isDone: () -> Bool) {
      let start = ContinuousClock.now
      repeat {
        harness.loop.turn(maximumMilliseconds: 5)
        face.draw()
      } while !isDone() && ContinuousClock.now - start < .seconds(20)
    }
    face.begin()
    work { harness.session.machine.situation == .ready(next: .authorize) }
    face.draw()
    let start = ContinuousClock.now
    let before = screen.count
    screen.keys = [.right]
    face.readKeys()
    work { harness.session.machine.situation == .ready(next: .prompt) }
    let moments =
      Int((ContinuousClock.now - start) / .milliseconds(ExplorerController.settleMilliseconds))
    let ticks = Int((ContinuousClock.now - start) / .seconds(1)) + 1
    #expect(screen.text.contains("2 of 10") || screen.text.contains("2/10"))
    // The clock may tick meanwhile, and then it is drawn again.
    #expect(screen.count - before <= 1 + moments + (ticks > 1 ? ticks : 0))
  }
}
