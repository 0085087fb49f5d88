/// A person's input at the terminal.
public enum Key: Sendable, Hashable {
  /// The most bytes of a paste; the rest is dropped.
  public static let pasteBytesMax = 1 << 20

  /// A printable character.
  case character(Character)
  /// Control with a lower-case letter.
  case control(Character)
  /// Alt, or Esc at once followed by a character.
  case alt(Character)
  case enter, escape, tab, backTab, backspace, delete
  case up, down, left, right
  case pageUp, pageDown, home, end
  /// F1 to F12.
  case function(Int)
  /// A mouse button or the wheel, at a cell.
  case mouse(MouseAction, column: Int, row: Int)
  /// Text between bracketed paste marks, never keys; control characters are already made harmless.
  case paste(String)
  /// The size of the terminal has changed.
  case resize
}

/// What the mouse did.
public enum MouseAction: Sendable, Hashable {
  case press, wheelUp, wheelDown
}
