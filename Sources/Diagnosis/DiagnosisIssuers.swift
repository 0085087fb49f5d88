import OpenID

extension IssuerDifference {
  var facts: Set<DiagnosisFact> {
    switch self {
    case .slash: [.issuerDiffersBySlash]
    case .scheme: [.issuerDiffersByScheme]
    case .template: [.issuerIsTemplate]
    case .path, .spelling: [.issuerOfOtherPath]
    case .localHost: [.issuerOfOtherHost, .issuerIsLocal]
    case .localPort: [.issuerOfOtherHost, .issuerOfOtherLocalPort]
    case .host, .port: [.issuerOfOtherHost]
    }
  }
}

extension DiagnosisEvidence {
  /// The largest distance between two addresses that are compared, in bytes.
  private static let pairDistanceBytes = 160
  /// The largest distance between them and the word issuer, in bytes.
  private static let wordDistanceBytes = 200
  /// How many addresses of a text are examined.
  private static let addressLimit = 200

  /// Words between the expected issuer and the one received.
  private static let pairWords: Set<String> = [
    "got", "found", "received", "match", "returned", "actual", "instead", "was", "provided",
    "expected",
  ]

  /// Finds "expected A, got B" about issuers in a text, in the wording of any SDK.
  ///
  /// A terminal may have broken a line inside an address, or directly after it. Every reading is
  /// tried, and the one with the smallest difference is used.
  mutating func readIssuers(_ readings: [[UInt8]]) {
    guard hasIssuerWord(views) else { return }
    let best = readings.compactMap { bytes in
      closestPair(in: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    }.min { $0.difference < $1.difference }
    guard let best else { return }
    facts.formUnion(best.difference.facts)
    for text in best.issuers {
      if let url = try? WebURL(text), let named = Provider.guess(issuer: url) {
        namedProviders.insert(named)
      }
    }
  }

  private func hasIssuerWord(_ views: [PhraseScanner.Hits]) -> Bool {
    views.contains { view in
      DiagnosisIndex.shared.issuerWords.contains { view.find($0) != nil }
    }
  }

  private func closestPair(
    in bytes: [UInt8]
  ) -> (difference: IssuerDifference, issuers: [String])? {
    var best: (difference: IssuerDifference, issuers: [String])?
    let addresses = Self.addresses(in: bytes)
    for (first, second) in zip(addresses, addresses.dropFirst())
    where second.start - first.end <= Self.pairDistanceBytes {
      let between = bytes[first.end..<second.start]
      guard Self.compares(Array(between)) || Self.compares(TextUnwrapper.joiningLines(between)),
        let closest = Self.closest(first, second),
        best.map({ closest.difference < $0.difference }) ?? true
      else { continue }
      let start = max(0, first.start - Self.wordDistanceBytes)
      let end = min(bytes.count, second.end + Self.wordDistanceBytes)
      let near = SquashedText(Array(bytes[start..<end]))
      guard hasIssuerWord([DiagnosisIndex.shared.scanner.scan(near)]) else { continue }
      best = closest
    }
    return best
  }

  /// Whether words say that the two addresses around them should be equal.
  private static func compares(_ bytes: [UInt8]) -> Bool {
    bytes.split { SquashedText.symbol[Int($0)] == 0 }
      .contains { pairWords.contains(String(decoding: $0, as: UTF8.self)) }
  }

  /// An address, with every reading of it when lines were broken inside it.
  private struct Address {
    let start: Int
    let end: Int
    let texts: [String]
  }

  private static func closest(
    _ first: Address, _ second: Address
  ) -> (difference: IssuerDifference, issuers: [String])? {
    first.texts.flatMap { left in second.texts.map { [left, $0] } }
      .compactMap { pair in
        IssuerDifference(expected: pair[0], found: pair[1]).map { ($0, pair) }
      }
      .min { $0.0 < $1.0 }
  }

  /// The addresses in a text, without the quotes and full stops around them.
  private static func addresses(in bytes: [UInt8]) -> [Address] {
    var found: [Address] = []
    var index = 0
    while index < bytes.count, found.count < addressLimit {
      guard bytes[index] == UInt8(ascii: "h"), startsAddress(bytes, index) else {
        index += 1
        continue
      }
      let address = read(bytes, from: index)
      if address.texts.contains(where: { $0.holds("://") }) { found.append(address) }
      index = max(address.end, index + 1)
    }
    return found
  }

  /// Whether `http` begins here, possibly with a line break in it.
  private static func startsAddress(_ bytes: [UInt8], _ start: Int) -> Bool {
    var index = start
    for letter in "http".utf8 {
      if index > start { index = behindBreak(bytes, index) }
      guard index < bytes.count, bytes[index] == letter else { return false }
      index += 1
    }
    return true
  }

  /// The index after a line break and its indentation, if any; one space does not count.
  private static func behindBreak(_ bytes: [UInt8], _ start: Int) -> Int {
    guard start < bytes.count, bytes[start] == 0x0A || bytes[start] == 0x0D else { return start }
    var index = start
    while index < bytes.count, bytes[index] == 0x0A || bytes[index] == 0x0D { index += 1 }
    let line = index
    while index < bytes.count, TextUnwrapper.isIndentation(bytes[index]) { index += 1 }
    return index == line + 1 ? start : index
  }

  /// Reads an address, across up to four line breaks.
  private static func read(_ bytes: [UInt8], from start: Int) -> Address {
    var text: [UInt8] = []
    var texts: [String] = []
    var firstEnd: Int?
    var index = start
    while texts.count < 5 {
      let segment = index
      while index < bytes.count, isAddress(bytes[index]), index - segment < 2048 { index += 1 }
      text += bytes[segment..<index]
      if firstEnd == nil { firstEnd = index }
      let isEnd = texts.isEmpty || index > segment
      if isEnd { texts.append(trimmed(text)) }
      let next = behindBreak(bytes, index)
      guard isEnd, next > index else { break }
      index = next
    }
    return Address(start: start, end: firstEnd ?? index, texts: texts)
  }

  private static func trimmed(_ text: [UInt8]) -> String {
    var text = text[...]
    while let last = text.last, [".", ",", ";", ":"].contains(UnicodeScalar(last)) {
      text.removeLast()
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "|"), UInt8(ascii: "\\"):
      false
    default: byte > 0x20 && byte < 0x7F
    }
  }
}
