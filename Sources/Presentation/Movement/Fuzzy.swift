import OpenID

/// How well typed words fit a name: their letters must stand in it in this order.
///
/// Bytes are compared, ASCII letters whatever their case. Letters at the start of a word and letters
/// side by side count more, gaps count less.
enum Fuzzy {
  private static let letter = 10
  private static let wordStart = 12
  private static let together = 10
  private static let gap = 2
  private static let whole = 40
  private static let start = 20
  /// The least for each letter: below it the letters only happen to stand there.
  private static let least = 13

  /// The score of one word in a name, both in lower case; nil when it does not fit.
  static func score(_ word: [UInt8], in name: [UInt8]) -> Int? {
    guard !word.isEmpty, word.count <= name.count, isPart(word, of: name) else { return nil }
    let none = Int.min / 4
    var before = [Int](repeating: none, count: name.count)
    for (row, byte) in word.enumerated() {
      var now = [Int](repeating: none, count: name.count)
      // The best end of the letters so far, less what the gap from there to here costs.
      var best = none
      for place in name.indices {
        if row > 0, place > 1 { best = max(best, before[place - 2]) - gap }
        guard name[place] == byte else { continue }
        let beside = row > 0 && place > 0 ? before[place - 1] + together : none
        let reached = row == 0 ? -min(place, 8) : max(beside, best)
        guard reached > none / 2 else { continue }
        now[place] = reached + letter + (isStart(place, name) ? wordStart : 0)
      }
      before = now
    }
    guard let best = before.max(), best >= word.count * least else { return nil }
    if word == name { return best + whole }
    return name.starts(with: word) ? best + start : best
  }

  /// The score of a word in a sentence, where only a whole beginning of a word counts.
  static func score(_ word: [UInt8], inSentence text: [UInt8]) -> Int? {
    guard word.count >= 2, word.count <= text.count else { return nil }
    for place in 0...(text.count - word.count)
    where text[place] == word[0] && isStart(place, text)
      && text[place..<(place + word.count)].elementsEqual(word)
    {
      return word.count * letter / 2
    }
    return nil
  }

  private static func isPart(_ word: [UInt8], of name: [UInt8]) -> Bool {
    var next = 0
    for byte in name where next < word.count && byte == word[next] { next += 1 }
    return next == word.count
  }

  private static func isStart(_ place: Int, _ text: [UInt8]) -> Bool {
    guard place > 0 else { return true }
    let before = text[place - 1]
    let isWord = before >= 0x80 || (0x30...0x39).contains(before) || (0x61...0x7A).contains(before)
    return !isWord
  }
}
