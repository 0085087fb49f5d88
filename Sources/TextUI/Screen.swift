/// Shows frames and reads keys: the terminal, or a script in a test.
public protocol Screen: AnyObject {
  /// The current size.
  var size: ScreenSize { get }
  /// Descriptors that become readable when there may be a key.
  var inputDescriptors: [Int32] { get }
  /// Returns the next key, or nil when there is none now; never waits.
  func nextKey() -> Key?
  /// Whether the last read found the end of the input: no more keys will come.
  var inputHasEnded: Bool { get }
  /// A descriptor that becomes writable when the terminal takes more of the last frame; nil when it
  /// has taken all of it.
  var stalledDescriptor: Int32? { get }
  /// Sends more of the pending output; never waits.
  func push()
  /// Shows a frame; writes only what differs from the last one.
  func show(_ frame: Frame, theme: Theme)
  /// Forgets the screen's content, so that the next frame is drawn completely.
  func invalidate()
  /// Releases the terminal for another program, or for a stop by the shell.
  func suspend()
  /// Takes the terminal again.
  func resume()
  /// Switches mouse reports on or off; off lets the person select text with the mouse.
  func captureMouse(_ on: Bool)
  /// Sends text to the clipboard by tmux or by OSC 52, and returns which of them it used.
  ///
  /// The environment is for tmux.
  @discardableResult
  func copyToClipboard(_ text: String, environment: [String: String]) -> ClipboardWay
}

extension Screen {
  /// Always false: a script in a test has no end.
  public var inputHasEnded: Bool { false }
  /// Always nil: everything is taken at once.
  public var stalledDescriptor: Int32? { nil }
  /// Does nothing: no output is pending.
  public func push() {}
}

/// How a text was copied.
public enum ClipboardWay: Sendable, Hashable {
  /// Into tmux's buffer, which passes it to the terminal.
  case tmux
  /// To the terminal, which does not confirm it.
  case terminal
  /// Not at all: it is longer than a terminal takes at once.
  case tooLong
}
