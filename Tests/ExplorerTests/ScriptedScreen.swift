import Presentation

/// A screen that presses what it is told to and keeps what it was shown.
final class ScriptedScreen: Screen {
  var size = ScreenSize(columns: 120, rows: 36)
  let inputDescriptors: [Int32] = []
  private(set) var frame = Frame(size: ScreenSize(columns: 0, rows: 0))

  /// What is still to be pressed.
  var keys: [Key] = []

  func nextKey() -> Key? { keys.isEmpty ? nil : keys.removeFirst() }
  /// How many frames it was shown.
  private(set) var count = 0

  func show(_ frame: Frame, theme: Theme) {
    self.frame = frame
    count += 1
  }
  func invalidate() {}
  func suspend() {}
  func resume() {}
  func captureMouse(_ on: Bool) {}
  func copyToClipboard(_ text: String) -> ClipboardWay { .terminal }
  var text: String { frame.lines.joined(separator: "\n") }
}
