/// Finds many known values in a text: the one search behind every replacement.
///
/// The beginnings of all values are looked up in one pass. Each value whose beginning occurs is then
/// found in time linear in the text: a tenant chooses both the secret and the text, and could make
/// them match almost everywhere.
struct SecretMatcher: Sendable {
  /// A value at a place in a text.
  struct Match: Sendable, Equatable {
    var range: Range<Int>
    /// The index of the value, in the order in which the values were added.
    var value: Int
  }

  /// The length of the beginnings.
  ///
  /// Shorter values are not searched for: a password like `demo` occurs in many ordinary words.
  static let shortestBytes = 8
  private static let filterBits: UInt64 = 12

  private var values: [[UInt8]] = []
  /// How many beginnings share a hash: this alone excludes nearly every position.
  private var filter = [Int](repeating: 0, count: 1 << filterBits)
  private var indices: [UInt64: [Int]] = [:]

  /// Adds a value; false if it is too short, or known already.
  mutating func add(_ value: [UInt8]) -> Bool {
    guard value.count >= Self.shortestBytes else { return false }
    let beginning = value.prefix(Self.shortestBytes).reduce(0) { $0 << 8 | UInt64($1) }
    if let others = indices[beginning] {
      guard !others.contains(where: { values[$0] == value }) else { return false }
    } else {
      filter[Self.slot(beginning)] += 1
    }
    indices[beginning, default: []].append(values.count)
    values.append(value)
    return true
  }

  /// Every occurrence of every value; they may overlap.
  func matches(in bytes: [UInt8]) -> [Match] {
    candidates(in: bytes).flatMap { value in
      Self.occurrences(of: values[value], in: bytes).map { Match(range: $0, value: value) }
    }
  }

  /// The bytes with every occurrence replaced; nil without one.
  ///
  /// Values that overlap are replaced together, by the replacement of the longest.
  func replacing(
    in bytes: [UInt8], with replacement: (_ value: Int) -> [UInt8]
  ) -> [UInt8]? {
    var matches = matches(in: bytes)
    guard !matches.isEmpty else { return nil }
    matches.sort { ($0.range.lowerBound, $0.value) < ($1.range.lowerBound, $1.value) }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var copied = 0
    var rest = matches[...]
    while var longest = rest.popFirst() {
      var all = longest.range
      while let next = rest.first, next.range.lowerBound < all.upperBound {
        rest.removeFirst()
        all = all.lowerBound..<max(all.upperBound, next.range.upperBound)
        if next.range.count > longest.range.count { longest = next }
      }
      output += bytes[copied..<all.lowerBound]
      output += replacement(longest.value)
      copied = all.upperBound
    }
    return output + bytes[copied...]
  }

  private static func slot(_ beginning: UInt64) -> Int {
    // Fibonacci hashing: the upper bits of a product depend on all bits of the factor.
    Int(truncatingIfNeeded: (beginning &* 0x9E37_79B9_7F4A_7C15) >> (64 - filterBits))
  }

  /// The values whose beginning occurs in these bytes.
  private func candidates(in bytes: [UInt8]) -> [Int] {
    guard !indices.isEmpty, bytes.count >= Self.shortestBytes else { return [] }
    var found: Set<UInt64> = []
    // Each beginning is looked up once: a text may repeat one beginning many times.
    var filter = filter
    var window: UInt64 = 0
    var read = 0
    for byte in bytes {
      window = window << 8 | UInt64(byte)
      read += 1
      guard read >= Self.shortestBytes, filter[Self.slot(window)] > 0, indices[window] != nil,
        found.insert(window).inserted
      else { continue }
      filter[Self.slot(window)] -= 1
    }
    return found.flatMap { indices[$0] ?? [] }
  }

  /// The occurrences of one value that do not overlap each other.
  private static func occurrences(of value: [UInt8], in text: [UInt8]) -> [Range<Int>] {
    guard value.count <= text.count else { return [] }
    let borders = borders(of: value)
    var found: [Range<Int>] = []
    var matched = 0
    for index in text.indices {
      while matched > 0, text[index] != value[matched] { matched = borders[matched - 1] }
      if text[index] == value[matched] { matched += 1 }
      guard matched == value.count else { continue }
      found.append((index + 1 - value.count)..<(index + 1))
      matched = 0
    }
    return found
  }

  /// For each prefix of the value, the length of its longest proper prefix that also ends it.
  private static func borders(of value: [UInt8]) -> [Int] {
    var borders = [Int](repeating: 0, count: value.count)
    var length = 0
    for index in value.indices.dropFirst() {
      while length > 0, value[index] != value[length] { length = borders[length - 1] }
      if value[index] == value[length] { length += 1 }
      borders[index] = length
    }
    return borders
  }
}
