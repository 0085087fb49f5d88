import Foundation

/// Searching long texts for many short ones, as tests for secrets do.
///
/// A build for tests is not optimized: there the search of the standard library takes minutes for
/// what Foundation's does in seconds.
public struct ByteSearch {
  private let bytes: Data

  /// Takes the text that is searched.
  public init(_ text: String) { bytes = Data(text.utf8) }

  /// Whether these bytes stand in it.
  public func holds(_ part: String) -> Bool { bytes.range(of: Data(part.utf8)) != nil }
}
