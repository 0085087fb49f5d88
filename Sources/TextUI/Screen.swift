/// A place where frames are shown and keys come from: the terminal, or a script in a test.
public protocol Screen: AnyObject {
  /// The size now.
  var size: ScreenSize { get }
  /// Descriptors that become readable when there may be a key.
  var inputDescriptors: [Int32] { get }
  /// Returns the next key, or nil when there is none now; never waits.
  func nextKey() -> Key?
  /// Whether the last look for a key found the end of the input: no key will ever come.
  var inputHasEnded: Bool { get }
  /// A descriptor that becomes writable when the terminal takes more of the last frame; nil when it
  /// has taken all of it.
  var stalledDescriptor: Int32? { get }
  /// Sends more of what the terminal has not taken; never waits.
  func push()
  /// Shows a frame; writes only what differs from the last one.
  func show(_ frame: Frame, theme: Theme)
  /// Forgets what is on the screen, so that the next frame is drawn whole.
  func invalidate()
  /// Gives the terminal back for another program, or for a stop by the shell.
  func suspend()
  /// Takes the terminal again.
  func resume()
  /// Switches mouse reports on or off; off frees the mouse for selecting text.
  func captureMouse(_ on: Bool)
  /// Sends text to the clipboard by tmux or by OSC 52, and says which way it went.
  ///
  /// The environment is what tmux gets.
  @discardableResult
  func copyToClipboard(_ text: String, environment: [String: String]) -> ClipboardWay
}

extension Screen {
  /// Never: a script in a test has no end.
  public var inputHasEnded: Bool { false }
  /// None: everything is taken at once.
  public var stalledDescriptor: Int32? { nil }
  /// Does nothing: nothing is left.
  public func push() {}
}

/// Which way a copy went.
public enum ClipboardWay: Sendable, Hashable {
  /// Into tmux's buffer, which hands it on to the terminal.
  case tmux
  /// To the terminal, which takes it or does not: there is no answer.
  case terminal
  /// Nowhere: it is longer than a terminal takes at once.
  case tooLong
}
