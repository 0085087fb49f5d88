extension Array where Element: Equatable {
  /// How many elements two lists share at their start and, of the rest, at their end.
  package func commonEnds(with other: [Element]) -> (start: Int, end: Int) {
    let most = Swift.min(count, other.count)
    var start = 0
    while start < most, self[start] == other[start] { start += 1 }
    var end = 0
    while end < most - start, self[count - 1 - end] == other[other.count - 1 - end] { end += 1 }
    return (start, end)
  }
}
