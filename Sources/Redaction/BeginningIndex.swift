/// Which of many texts may stand in another one, found in one pass over it: by their beginnings.
struct BeginningIndex: Sendable {
  /// How much of a text is looked at.
  static let beginningBytes = 8
  private static let filterBits: UInt64 = 12

  /// By the hash of a beginning, how many have it: nearly every place is told from this alone.
  private var filter = [Int](repeating: 0, count: 1 << filterBits)
  private var places: [UInt64: [Int]] = [:]

  /// Every text has at least ``beginningBytes``.
  init(_ texts: [[UInt8]]) {
    for (place, text) in texts.enumerated() {
      let beginning = text.prefix(Self.beginningBytes).reduce(0) { $0 << 8 | UInt64($1) }
      if places[beginning] == nil { filter[Self.slot(beginning)] += 1 }
      places[beginning, default: []].append(place)
    }
  }

  private static func slot(_ beginning: UInt64) -> Int {
    // Fibonacci hashing: the upper bits of a product depend on all bits of the factor.
    Int(truncatingIfNeeded: (beginning &* 0x9E37_79B9_7F4A_7C15) >> (64 - filterBits))
  }

  /// The places of the texts whose beginning stands in these bytes, in order.
  func places(in bytes: [UInt8]) -> [Int] {
    guard !places.isEmpty, bytes.count >= Self.beginningBytes else { return [] }
    var found: Set<UInt64> = []
    // What was found is not looked for again: a text may be one beginning over and over.
    var filter = filter
    var window: UInt64 = 0
    var read = 0
    for byte in bytes {
      window = window << 8 | UInt64(byte)
      read += 1
      guard read >= Self.beginningBytes, filter[Self.slot(window)] > 0, places[window] != nil,
        found.insert(window).inserted
      else { continue }
      filter[Self.slot(window)] -= 1
    }
    return found.flatMap { places[$0] ?? [] }.sorted()
  }
}
