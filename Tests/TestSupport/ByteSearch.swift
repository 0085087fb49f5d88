import OpenID

/// Searching long texts for many short ones, as tests for secrets do.
///
/// A build for tests is not optimized: there the searches of the standard library and of Foundation
/// take minutes for what those of `OpenID`, which is optimized, do in a second.
public struct ByteSearch {
  private let text: String

  /// Takes the text that is searched.
  public init(_ text: String) { self.text = text }

  /// Whether these bytes stand in it; none are nowhere.
  public func holds(_ part: String) -> Bool { text.holds(part) }
}
