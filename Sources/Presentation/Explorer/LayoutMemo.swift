import HybridFlow
import Synchronization
import TextUI

/// Identifies a state of the transcript without comparing its content.
final class Stamp: Sendable, Equatable {
  static func == (left: Stamp, right: Stamp) -> Bool { true }
}

/// What a laid-out document depends on.
struct DocumentKey: Sendable, Hashable {
  var pane: Pane
  var stage: Stage
  var view: DetailView
  var width: Int
  var reveals: Bool
  var zoomed: Bool
  var toggled: Set<String>
  /// Whether the view opens at the answer to the stage's question.
  var presents: Bool
  var spaced: Bool
  /// The second, for documents that show the distance of a time; 0 for others.
  var second: Int64
}

/// Keeps the last laid-out documents, so that scrolling costs only the visible rows.
///
/// Copies of a model share it: the stamp tells their contents apart.
final class LayoutMemo: Sendable, Equatable {
  private struct Entry: Sendable {
    var stamp: Stamp
    var key: DocumentKey
    var lines: [Line]
  }
  private static let entries = 10
  private let kept = Mutex<[Entry]>([])

  func lines(_ stamp: Stamp, _ key: DocumentKey, make: () -> [Line]) -> [Line] {
    let found = kept.withLock { entries in
      entries.first { $0.stamp === stamp && $0.key == key }?.lines
    }
    if let found { return found }
    let lines = make()
    kept.withLock { entries in
      if entries.count >= Self.entries { entries.removeFirst() }
      entries.append(Entry(stamp: stamp, key: key, lines: lines))
    }
    return lines
  }

  static func == (left: LayoutMemo, right: LayoutMemo) -> Bool { true }
}
