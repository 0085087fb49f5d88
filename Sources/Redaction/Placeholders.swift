import HybridFlow
import OpenID

/// Replaces secrets by made-up values: the same secret always gets the same placeholder.
///
/// A placeholder keeps length and shape, so that it is still instructive: dots and dashes stay in
/// place, and a JWT keeps its header and claims. It is derived from a key that is not stored, so
/// the value cannot be recovered from it, not even by guessing.
public struct Placeholders: Sendable {
  /// Authenticates bytes under a key that only the caller has; returns at least 32 bytes.
  public typealias Keyed = @Sendable (_ bytes: [UInt8]) -> [UInt8]

  private let keyed: Keyed
  /// Whether personal data is replaced as well.
  let replacesPersonal: Bool
  private var known: [[UInt8]: String] = [:]
  private var issued: Set<[UInt8]> = []
  /// Values that are never replaced: configured values that are also used as names.
  var open: Set<String> = []
  private var matcher = SecretMatcher()
  /// The placeholders of the matcher's values.
  private var written: [[UInt8]] = []

  /// How often a placeholder is drawn until it can, or cannot, be decoded just like the value.
  private static let drawsMaximum = 256

  init(replacesPersonal: Bool, keyed: @escaping Keyed) {
    self.keyed = keyed
    self.replacesPersonal = replacesPersonal
  }

  /// Whether this text is a placeholder already.
  func isIssued(_ text: some StringProtocol) -> Bool { issued.contains(Array(text.utf8)) }

  // MARK: - One value

  /// The placeholder of a token; a JWT changes in its signature, other tokens change completely.
  mutating func token(_ value: String) -> String {
    find(value) { placeholders, draw in
      var generator = placeholders.stream(value, draw)
      return placeholders.token(value, &generator)
    }
  }

  /// The placeholder of a value of which nothing may be seen, not even its length.
  mutating func hidden(_ value: String, searched: Bool = true) -> String {
    guard !value.isEmpty else { return value }
    return find(value, searched: searched) { placeholders, draw in
      var generator = placeholders.stream(value, draw)
      return "masked-" + Self.text(Array(repeating: UInt8(ascii: "A"), count: 8), &generator)
    }
  }

  /// The placeholder of personal data.
  mutating func personal(_ value: String, searched: Bool) -> String {
    guard !value.isEmpty else { return value }
    return find(value, searched: searched) { placeholders, draw in
      var generator = placeholders.stream(value, draw)
      return Self.scrambled(value, &generator)
    }
  }

  private mutating func find(
    _ value: String, searched: Bool = true, _ make: (inout Placeholders, Int) -> String
  ) -> String {
    let bytes = Array(value.utf8)
    if let placeholder = known[bytes] { return placeholder }
    // A placeholder that is seen again is kept.
    if issued.contains(bytes) || bytes.isEmpty { return value }
    var placeholder = make(&self, 0)
    let wanted = Self.reading(of: value)
    for draw in 1...Self.drawsMaximum {
      let isFree = !issued.contains(Array(placeholder.utf8)) && placeholder != value
      if isFree, placeholder.begins(with: "masked-") || Self.reading(of: placeholder) == wanted {
        break
      }
      placeholder = make(&self, draw)
    }
    known[bytes] = placeholder
    issued.insert(Array(placeholder.utf8))
    if searched, bytes.count >= SecretMatcher.shortestBytes, !open.contains(value) {
      learn(value, placeholder)
    }
    return placeholder
  }

  /// What a parser makes of a token: its placeholder must give the same result in a check.
  private static func reading(of value: String) -> String {
    do throws(TokenError) {
      let token = try CompactJWS(value)
      _ = try token.claims()
      return "\(token.signature.count)"
    } catch {
      return error.explanation
    }
  }

  private mutating func token(_ value: String, _ generator: inout KeyedStream) -> String {
    let segments = value.split(at: ".", omittingEmptySubsequences: false)
    guard segments.count >= 3, let head = try? Base64URL.decode(segments[0]),
      case .object? = try? JSONParser.parse(head)
    else { return Self.scrambled(value, &generator) }
    var output = [String(segments[0])]
    for (index, segment) in segments.enumerated().dropFirst() {
      if segments.count == 3, index == 1, let payload = try? Base64URL.decode(segment) {
        output.append(Base64URL.encode(claims(payload)))
      } else if let bytes = try? Base64URL.decode(segment) {
        output.append(Base64URL.encode(bytes.map { _ in generator.next() }))
      } else {
        output.append(Self.scrambled(String(segment), &generator))
      }
    }
    return output.joined(separator: ".")
  }

  /// The payload with only personal data and secrets replaced: the other claims are instructive.
  ///
  /// A code in a signed response (JARM) is found by its name, and later by its value.
  private mutating func claims(_ payload: [UInt8]) -> [UInt8] {
    replacing(in: JSONStrings.rewriting(payload) { path, value in replacement(path, value) })
  }

  /// The replacement for a member of a JSON document; nil when the value may stay.
  mutating func replacement(_ path: [String], _ value: String) -> String? {
    guard let name = path.last(where: { !$0.isEmpty }) else { return nil }
    switch SecretPolicy.kind(ofMember: name, value) {
    case .endsShown: return token(value)
    case .hidden: return hidden(value)
    case .personal: return personal(value, named: name)
    case nil: return path.contains("address") ? personal(value, named: "address") : nil
    }
  }

  /// The replacement for personal data; nil when the value may stay.
  mutating func personal(_ value: String, named name: String) -> String? {
    guard replacesPersonal else { return nil }
    // Web addresses may belong to others, such as the issuer.
    let isAddress = ["profile", "picture", "website"].contains(name)
    return personal(value, searched: !isAddress)
  }

  // MARK: - Letters

  /// Replaces letters and digits by others; all other characters stay.
  private static func scrambled(_ value: String, _ generator: inout KeyedStream) -> String {
    if value.utf8.allSatisfy({ $0 < 0x80 }) {
      return text(Array(value.utf8), &generator)
    }
    var output = ""
    for scalar in value.unicodeScalars {
      switch scalar.value {
      case ..<0x80: output += text([UInt8(scalar.value)], &generator)
      // Another character with the same number of bytes.
      case ..<0x800: output += "\u{E9}"
      case ..<0x10000: output += "\u{2022}"
      default: output += "\u{1F464}"
      }
    }
    return output
  }

  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  private static func text(_ bytes: [UInt8], _ generator: inout KeyedStream) -> String {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    let words = bytes.filter { isDigit($0) || isLetter($0) }
    let isHex = words.allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    let alphabet =
      words.allSatisfy(isDigit)
      ? letters.suffix(10)[...]
      : isHex && words.count >= 16 ? Array("0123456789abcdef".utf8)[...] : letters[...]
    var escape = 0
    let output = bytes.map { byte in
      // A percent sign without two digits is an error that must be kept.
      escape = byte == UInt8(ascii: "%") ? 2 : escape - 1
      guard isDigit(byte) || isLetter(byte), escape < 0 else { return byte }
      return alphabet[alphabet.startIndex + Int(generator.next()) % alphabet.count]
    }
    return String(decoding: output, as: UTF8.self)
  }

  private func stream(_ value: String, _ draw: Int) -> KeyedStream {
    KeyedStream(keyed: keyed, label: Array("\(draw):".utf8) + Array(value.utf8))
  }

  // MARK: - Everywhere else

  private mutating func learn(_ value: String, _ placeholder: String) {
    let forms = KnownSecret.writtenForms(of: value)
    for (form, replacement) in zip(forms, KnownSecret.writtenForms(of: placeholder))
    where matcher.add(Array(form.utf8)) {
      written.append(Array(replacement.utf8))
    }
  }

  /// The bytes with every known value replaced in every encoded form.
  func replacing(in bytes: [UInt8]) -> [UInt8] {
    matcher.replacing(in: bytes) { written[$0] } ?? bytes
  }
}

/// Pseudorandom bytes derived from a key and a label.
private struct KeyedStream {
  let keyed: Placeholders.Keyed
  let label: [UInt8]
  private var block: [UInt8] = []
  private var count = 0

  init(keyed: @escaping Placeholders.Keyed, label: [UInt8]) {
    (self.keyed, self.label) = (keyed, label)
  }

  mutating func next() -> UInt8 {
    if block.isEmpty {
      count += 1
      block = keyed(Array("\(count):".utf8) + label)
    }
    return block.popLast() ?? 0
  }
}
