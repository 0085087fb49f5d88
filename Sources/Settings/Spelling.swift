import OpenID

/// Suggests a word for a misspelled one.
enum Spelling {
  /// Longer words are not typing errors, and would take long to compare.
  private static let mostBytes = 40

  /// The nearest word if it is near enough.
  static func nearest(to word: String, among words: [String]) -> String? {
    guard word.utf8.count <= mostBytes else { return nil }
    let ranked = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.utf8.count / 4) else {
      return nil
    }
    return best.0
  }

  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
