import TextUI

/// A screen that presses what it is told to, and keeps what it was shown and what was copied.
final class ScriptedScreen: Screen {
  var size: ScreenSize
  let inputDescriptors: [Int32] = []
  /// The keys that are still to be pressed.
  var keys: [Key] = []
  /// The last frame.
  private(set) var frame = Frame(size: ScreenSize(columns: 0, rows: 0))
  /// How many times it changed.
  private(set) var count = 0
  /// Every frame that it was shown, as it is read.
  private(set) var seen = ""
  /// Everything that was copied.
  private(set) var copied: [String] = []

  /// What a terminal that takes nothing waits for; nil for one that takes everything.
  var stalledDescriptor: Int32?
  /// Told when more is to be sent.
  var onPush: () -> Void = {}
  func push() { onPush() }

  init(columns: Int = 120, rows: Int = 36) { size = ScreenSize(columns: columns, rows: rows) }

  func nextKey() -> Key? { keys.isEmpty ? nil : keys.removeFirst() }
  func show(_ frame: Frame, theme: Theme) {
    if frame != self.frame { count += 1 }
    self.frame = frame
    seen += words
  }
  func invalidate() {}
  func suspend() {}
  func resume() {}
  func captureMouse(_ on: Bool) {}
  func copyToClipboard(_ text: String, environment: [String: String]) -> ClipboardWay {
    copied.append(text)
    return .terminal
  }

  /// The rows of the screen.
  var text: String { frame.lines.joined(separator: "\n") }
  /// What is read on the screen, without frames and line ends.
  var words: String {
    frame.lines.flatMap { $0.split { "\u{2502}\u{2503} ".contains($0) } }.joined(separator: " ")
  }
}
