/// What a person did at the terminal.
public enum Key: Sendable, Hashable {
  /// The most bytes of a paste; what follows them is dropped.
  public static let pasteBytesMax = 1 << 20

  /// A printable character.
  case character(Character)
  /// Control with a letter, lower case.
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
  /// Text between bracketed paste marks: never keys; controls already made harmless.
  case paste(String)
  /// The terminal has another size now.
  case resize
}

/// What the mouse did.
public enum MouseAction: Sendable, Hashable {
  case press, wheelUp, wheelDown
}
