import OpenID

/// The letters, digits and underscores of a text, in lower case, with marks for what was between.
///
/// So line breaks inside a phrase, quotes of any kind, markup and punctuation are ignored.
struct SquashedText {
  private(set) var symbols: [UInt8] = []
  /// Whether another character came before the symbol.
  private(set) var starts: [Bool] = []

  init(_ bytes: [UInt8]) {
    symbols.reserveCapacity(bytes.count)
    starts.reserveCapacity(bytes.count)
    var gap = true
    for byte in bytes {
      let symbol = Self.symbol[Int(byte)]
      if symbol == 0 {
        gap = true
      } else {
        symbols.append(symbol)
        starts.append(gap)
        gap = false
      }
    }
  }

  /// 1 to 26 for letters, 27 to 36 for digits, 37 for the underscore, 0 for the rest.
  static let symbol: [UInt8] = (0..<256).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(byte) - UInt8(ascii: "a") + 1
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) - UInt8(ascii: "A") + 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte) - UInt8(ascii: "0") + 27
    case UInt8(ascii: "_"): 37
    default: 0
    }
  }
}

/// A phrase to search for: parts in order, with gaps between them.
struct Phrase {
  /// The longest gap between two parts, in symbols.
  static let gap = 300
  /// Indices of the parts among the needles.
  let parts: [Int]
}

/// Finds all phrases of the table in one pass over a text.
///
/// Each part is indexed by its first five symbols; the pass keeps the last five in one number.
struct PhraseScanner {
  private struct Needle {
    let symbols: [UInt8]
    /// Whether the last word may be a prefix.
    let isOpen: Bool
  }

  /// The fewest symbols a part may have.
  static let shortestPart = 5
  /// How many positions of one part are remembered.
  private static let rememberedHits = 512

  private var needles: [Needle] = []
  private var filed: [UInt64: [Int]] = [:]
  private var known: [String: Int] = [:]
  private var filter = [Bool](repeating: false, count: 1 << 16)

  /// Adds a phrase and returns its handle for lookups; nil when a part is too short.
  mutating func add(_ text: String) -> Phrase? {
    var parts: [Int] = []
    for piece in text.split(at: "…") {
      let isOpen = piece.ends(with: "*")
      let symbols = SquashedText(Array(piece.utf8)).symbols
      guard symbols.count >= Self.shortestPart else { return nil }
      let key = String(decoding: symbols, as: UTF8.self) + (isOpen ? "*" : "")
      if let index = known[key] {
        parts.append(index)
        continue
      }
      let head = symbols.prefix(Self.shortestPart).reduce(UInt64(0)) { $0 << 6 | UInt64($1) }
      known[key] = needles.count
      parts.append(needles.count)
      filed[head, default: []].append(needles.count)
      filter[Self.slot(head)] = true
      needles.append(Needle(symbols: symbols, isOpen: isOpen))
    }
    return Phrase(parts: parts)
  }

  private static func slot(_ head: UInt64) -> Int {
    Int(truncatingIfNeeded: (head ^ (head >> 16)) & 0xFFFF)
  }

  /// The positions of each part in a text.
  func scan(_ text: SquashedText) -> Hits {
    var hits = Hits()
    let symbols = text.symbols
    let starts = text.starts
    let mask = (UInt64(1) << (6 * UInt64(Self.shortestPart))) - 1
    var head: UInt64 = 0
    for index in symbols.indices {
      head = (head << 6 | UInt64(symbols[index])) & mask
      let start = index + 1 - Self.shortestPart
      guard start >= 0, starts[start], filter[Self.slot(head)], let candidates = filed[head] else {
        continue
      }
      for candidate in candidates {
        let needle = needles[candidate]
        let end = start + needle.symbols.count
        guard end <= symbols.count, needle.isOpen || end == symbols.count || starts[end],
          hits.places[candidate, default: []].count < Self.rememberedHits,
          symbols[start..<end].elementsEqual(needle.symbols)
        else { continue }
        hits.places[candidate, default: []].append(start..<end)
      }
    }
    return hits
  }

  /// The parts found in one text.
  struct Hits {
    fileprivate(set) var places: [Int: [Range<Int>]] = [:]

    /// The range of a phrase, with all its parts in order; nil when it does not occur.
    func find(_ phrase: Phrase) -> Range<Int>? {
      guard let first = phrase.parts.first else { return nil }
      for start in places[first] ?? [] {
        if let end = follow(phrase.parts.dropFirst(), after: start.upperBound) {
          return start.lowerBound..<end
        }
      }
      return nil
    }

    private func follow(_ parts: ArraySlice<Int>, after end: Int) -> Int? {
      var end = end
      for part in parts {
        guard
          let next = places[part]?.first(where: {
            $0.lowerBound >= end && $0.lowerBound <= end + Phrase.gap
          })
        else { return nil }
        end = next.upperBound
      }
      return end
    }
  }
}
