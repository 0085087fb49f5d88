import TestSupport

/// Makes inputs of known ones: cut, repeated, joined, with pieces of the language put in.
struct Mutator {
  /// The longest input it makes, in bytes.
  static let bytesMax = 16 * 1024

  let seeds: [[UInt8]]
  let words: [[UInt8]]
  var random: SeededGenerator

  /// An input a few changes away from one of the corpus.
  mutating func next() -> [UInt8] {
    var bytes = seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 0...4, using: &random) { change(&bytes) }
    return Array(bytes.prefix(Self.bytesMax))
  }

  private mutating func range(in bytes: [UInt8]) -> Range<Int> {
    let start = Int.random(in: 0...bytes.count, using: &random)
    let most = min(bytes.count - start, 1 << Int.random(in: 0...8, using: &random))
    return start..<(start + Int.random(in: 0...most, using: &random))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = range(in: bytes)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: bytes.removeSubrange(place)
    case 1: bytes.insert(contentsOf: bytes[place], at: place.lowerBound)
    case 2:
      let count = Int.random(in: 1...80, using: &random)
      let piece = Array(bytes[place].prefix(64))
      bytes.insert(contentsOf: (0..<count).flatMap { _ in piece }, at: place.lowerBound)
    case 3:
      let other = seeds.randomElement(using: &random) ?? []
      bytes.replaceSubrange(place, with: other[range(in: other)])
    case 4: bytes.removeLast(bytes.count - place.lowerBound)
    case 5:
      guard place.lowerBound < bytes.count else { return }
      bytes[place.lowerBound] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 6: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place.lowerBound)
    default: bytes.replaceSubrange(place, with: words.randomElement(using: &random) ?? [])
    }
  }
}
