import CNcurses
import HybridFlow
import OpenID
import Presentation
import Redaction
import Session
import Testing
import TextUI

@testable import Terminal

extension `What ncurses holds` {
  /// Stage by stage on a screen of 120x36: what each frame sends.
  private static func bytes(of size: ScreenSize) throws -> [Int] {
    let theme = try ThemeLibrary().theme(ThemeLibrary.darkID).theme
    var run = try ScriptedRun()
    var model = ExplorerModel(summary: RunSummary(run.configuration), theme: theme)
    let screen = try NcursesScreen.openHeadless(
      terminal: "xterm-256color", size: size, depth: .indexed)
    defer { screen.close() }
    func show() -> Int {
      model.update(
        transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
        secrets: WireSecrets.all(in: run.machine.transcript))
      screen.show(ExplorerScreen(model).frame(size: size), theme: theme)
      return Int(screen_frame_bytes())
    }
    run.begin()
    var bytes = [show()]
    while case .ready = run.machine.situation {
      run.advance()
      bytes.append(show())
    }
    // Nothing has changed: nothing but the cursor is sent.
    #expect(show() < 32)
    return bytes
  }

  @Test func `A stage sends about the text that changes`() throws {
    let bytes = try Self.bytes(of: ScreenSize(columns: 120, rows: 36))
    #expect(bytes.count == Stage.allCases.count)
    print("bytes of each stage at 120x36: \(bytes)")
    for size in [ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 200, rows: 50)] {
      print("bytes of each stage at \(size): \(try Self.bytes(of: size))")
    }
    let steps = bytes.dropFirst().sorted()
    #expect(steps[steps.count / 2] < 3300)
    #expect(steps.allSatisfy { $0 < 3600 })
  }
}
