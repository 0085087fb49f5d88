/// Suggests a known name for a misspelt one.
public enum Spelling {
  /// The known name nearest to a misspelt one, if it is near enough to be a useful suggestion.
  public static func nearest(to text: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(text.utf8.prefix(lettersMax))
    let allowed = max(2, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for name in names {
      let distance = distance(wanted, Array(name.utf8.prefix(lettersMax)))
      if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  /// Known names are short; a longer text is not a misspelt name.
  private static let lettersMax = 64

  /// The number of insertions, deletions and substitutions between two words.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substituted = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
