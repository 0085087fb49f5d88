/// Finds in one pass which of many texts a longer text may contain, by their first bytes.
struct BeginningIndex: Sendable {
  /// How many bytes of each text are indexed.
  static let beginningBytes = 8
  private static let filterBits: UInt64 = 12

  /// How many texts share a hash of their beginning: this alone excludes nearly every position.
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

  /// The indices of the texts whose beginning occurs in these bytes, in order.
  func places(in bytes: [UInt8]) -> [Int] {
    guard !places.isEmpty, bytes.count >= Self.beginningBytes else { return [] }
    var found: Set<UInt64> = []
    // Each beginning is looked up once: a text may repeat one beginning many times.
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
