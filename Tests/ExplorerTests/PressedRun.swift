@testable import HybridFlow
@testable import Network
@testable import OpenID
import Testing

@testable import Explorer
@testable import TextUI
@testable import Settings
@testable import Presentation
@testable import Session

/// A person at the explorer on the demo tenant, over real sockets: presses keys, reads the screen,
/// and may let time go by.
final class PressedRun {
  let screen: ScriptedScreen
  let harness: Harness
  let face: ExplorerController
  /// How many keys were pressed.
  private(set) var count = 0

  init(
    columns: Int = 120, rows: Int = 36, _ arguments: [String] = [],
    begin: (ExplorerController) -> Void = { _ in }
  ) throws {
    screen = ScriptedScreen(columns: columns, rows: rows)
    harness = try Harness(arguments)
    face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    begin(face)
    face.begin()
    try rest()
  }

  /// The run.
  var transcript: Transcript { harness.session.machine.transcript }
  var situation: Situation { harness.session.machine.situation }

  /// Presses keys one by one, and waits after each until nothing goes on.
  func press(_ keys: Key...) throws {
    for key in keys { try press(key) }
  }

  /// Types letters, key by key.
  func type(_ text: String) throws {
    for character in text { try press(.character(character)) }
  }

  private func press(_ key: Key) throws {
    count += 1
    screen.keys = [key]
    face.readKeys()
    try rest()
  }

  /// Waits until the run stands still: at a stage, a page, or its end.
  func rest() throws {
    let isStill = harness.loop.run(withinMilliseconds: 20_000) {
      switch self.situation {
      case .idle, .busy: return false
      case .ready, .pageShown, .browserAway, .finished, .failed: return self.harness.session.isIdle
      }
    }
    try #require(isStill)
    face.draw()
  }

  /// Reads for so long; the clocks of this machine go on, and nobody presses anything.
  func read(seconds: Int64) throws {
    harness.loop.secondsAhead += seconds
    face.refresh()
    try rest()
  }

  /// Walks to a stage by the arrow, and signs in as the page suggests.
  func walk(to stage: Stage) throws {
    while transcript[stage].endedAt == nil {
      if case .pageShown = situation { try press(.enter) } else { try press(.right) }
      if case .failed = situation { return }
    }
  }

  /// Has the verdict told where the lab asks for it: the message that was changed comes first.
  func beTold() throws {
    #expect(tells("Which check catches this?") && !tells("as it must be"))
    try press(.right)
    #expect(!tells("Which check catches this?"))
  }

  /// Whether the screen says this; the words may be broken where a pane ends.
  func says(_ text: String) -> Bool { screen.words.contains(text) || screen.text.contains(text) }

  /// Whether the view says this somewhere, perhaps further down.
  func tells(_ text: String) -> Bool {
    let layout = Layout(size: screen.size, focus: .detail)
    let rows = face.model.lines(of: .detail, layout).map(\.text)
    return rows.joined(separator: " ").split(separator: " ").joined(separator: " ").contains(text)
  }
}

extension ScreenSize {
  /// The sizes at which whatever is told of the screen must be true.
  static let three = [
    ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 120, rows: 36),
    ScreenSize(columns: 200, rows: 50),
  ]
}
