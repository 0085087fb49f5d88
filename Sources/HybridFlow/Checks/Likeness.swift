import OpenID

/// A harmless reason why a value is not the one that it should be: the right value, written wrongly.
///
/// It is sought before a broken rule is taken for an attack. The rule stays broken.
public struct Likeness: Sendable, Equatable {
  /// What was done to the right value, as the rest of a sentence about the provider:
  /// `writes it percent-encoded`.
  public let how: String
  /// The value that would be right.
  public let right: String
  /// Who has to change something.
  public let blame: Blame

  init(_ how: String, right: String, blame: Blame = .provider) {
    (self.how, self.right, self.blame) = (how, right, blame)
  }

  /// The reason in a sentence, in place of a story about an attack.
  public var sentence: String {
    blame == .provider
      ? "The provider \(how). Right would be \(right)" + (right.ends(with: ".") ? "" : ".")
      : how + "."
  }

  // MARK: Texts

  /// Why a text that came is not the one that was sent, if it is that one in another spelling.
  static func text(_ found: String, to right: String) -> Likeness? {
    guard right.utf8.count > 3, !found.isIdentical(to: right) else { return nil }
    if let how = encoding(of: right, in: found) {
      return Likeness("writes it \(how)", right: right)
    }
    if found.isIdentical(toIgnoringCase: right) {
      return Likeness("writes it in another case", right: right)
    }
    if decoded(right).contains(where: { found.isIdentical(to: $0) }) {
      return Likeness("decodes it once too often", right: right)
    }
    let bare = found.trimmingSpace.trimming(quotes: ["\"", "'", "`"])
    if bare.isIdentical(to: right) {
      return Likeness("adds blanks or quotation marks around it", right: right)
    }
    // A long beginning in common is no accident.
    if found.utf8.count >= 12, right.begins(with: found) {
      return Likeness(
        "cuts it off after \(found.utf8.count) of \(right.utf8.count) bytes", right: right)
    }
    return nil
  }

  /// The encoding in which the found text is the right one.
  private static func encoding(of right: String, in found: String) -> String? {
    let once = decoded(found)
    if once.contains(where: { $0.isIdentical(to: right) }) {
      return "percent-encoded once more than it should be"
    }
    if once.flatMap(decoded).contains(where: { $0.isIdentical(to: right) }) {
      return "percent-encoded twice more than it should be"
    }
    if found.replacing(bytes: "&amp;", with: "&").isIdentical(to: right) {
      return "with the entities of HTML"
    }
    let bytes = Array(right.utf8)
    return spellings(of: bytes).first { found.isIdentical(to: $0.text) }?.how
  }

  private static func spellings(of bytes: [UInt8]) -> [(text: String, how: String)] {
    [
      (Base64URL.encode(bytes), "in base64url"), (Base64.encode(bytes), "in base64"),
      (Hex.text(bytes), "in hexadecimal digits"),
    ]
  }

  /// The text without percent-encoding, with and without `+` for a blank, where that differs.
  private static func decoded(_ text: String) -> [String] {
    [false, true].compactMap { try? FormEncoding.decodeComponent(text.utf8, plusIsSpace: $0) }
      .filter { !$0.isIdentical(to: text) }
  }

  /// A number in place of the text with the same digits.
  static func number(_ found: JSONValue?, to right: String) -> Likeness? {
    guard let literal = found?.number?.literal, literal.isIdentical(to: right) else { return nil }
    return Likeness("writes it as a number", right: "the text \u{201C}\(right)\u{201D}")
  }

  // MARK: Issuers

  /// Why an issuer that came is not the one that was asked, if both mean the same provider.
  ///
  /// - Parameter document: The issuer that the provider's own metadata name; nil without any.
  static func issuer(_ found: String, to right: String, document: String? = nil) -> Likeness? {
    if let document, found.isIdentical(to: document), !document.isIdentical(to: right) {
      return Likeness(
        "It is the issuer that the provider\u{2019}s own document names; the configured one is "
          + "another: give \(document)", right: document, blame: .settings)
    }
    let difference = IssuerDifference(expected: right, found: found)
    if difference == .slash {
      return Likeness(
        found.utf8.count > right.utf8.count
          ? "puts a slash behind it, which its metadata do not have"
          : "leaves out the slash at its end, which its metadata have", right: right)
    }
    if let text = text(found, to: right) { return text }
    switch difference {
    case .scheme:
      return Likeness(
        "writes it with \(found.before(":")) in place of \(right.before(":"))", right: right)
    case .spelling:
      return Likeness("writes its port, or its host, in another way", right: right)
    default: return nil
    }
  }
}

// Hash claims.
extension Likeness {
  /// Other spellings of a value that a provider may have hashed.
  static func spellings(of value: String) -> [(value: String, how: String)] {
    let encoded = FormEncoding.encode(value)
    return decoded(value).map { ($0, "the value decoded once more") }
      + (encoded.isIdentical(to: value) ? [] : [(encoded, "the value as it is percent-encoded")])
  }

  /// Why a hash claim is not the hash of its value, if it is one in another notation, by another
  /// digest, or of another value of the same answer.
  static func hash(
    of claim: String, _ found: String, right: String,
    _ digests: [(value: DigestedValue, bytes: [UInt8])], algorithm: DigestAlgorithm
  ) -> Likeness? {
    for (value, bytes) in digests {
      for (text, notation) in notations(of: bytes) where found.isIdentical(to: text) {
        var faults: [String] = []
        if value.claim != claim {
          faults.append("hashes \(noun(value.claim)) in place of \(noun(claim))")
        }
        if let spelling = value.spelling { faults.append("hashes \(spelling)") }
        if value.algorithm != algorithm {
          faults.append(
            "hashes with \(value.algorithm.rawValue), where the token\u{2019}s alg wants "
              + algorithm.rawValue)
        }
        if let notation { faults.append(notation) }
        guard !faults.isEmpty else { continue }
        return Likeness(faults.joined(separator: " and "), right: right)
      }
    }
    return text(found, to: right)
  }

  /// A digest as providers have written it; no words for the notation of the specification.
  private static func notations(of bytes: [UInt8]) -> [(String, String?)] {
    let half = Array(bytes.prefix(bytes.count / 2))
    var all: [(String, String?)] = [(Base64URL.encode(half), nil)]
    func add(_ part: [UInt8], _ what: String) {
      let padded = Base64.encode(part)
      all += [
        // Where the two alphabets do not differ, only the padding is wrong.
        (
          padded.replacing(bytes: "+", with: "-").replacing(bytes: "/", with: "_"),
          "writes \(what) with padding"
        ), (padded, "writes \(what) in padded base64 in place of base64url"),
        (
          padded.replacing(bytes: "=", with: ""),
          "writes \(what) in the standard alphabet of base64, without padding"
        ),
        (Hex.text(part), "writes \(what) in hexadecimal digits"),
        (
          Hex.text(part).uppercase,
          "writes \(what) in hexadecimal digits"
        ),
        (
          Base64URL.encode(Hex.text(part).utf8),
          "writes \(what) as base64url of its hexadecimal digits"
        ),
        (Base64.encode(Hex.text(part).utf8), "writes \(what) as base64 of its hexadecimal digits"),
      ]
      // Encoded a second time, with whatever alphabet.
      for once in [padded, Base64URL.encode(part)] {
        let how = "encodes \(what) twice, in base64 and once more in base64"
        all += [(Base64URL.encode(once.utf8), how), (Base64.encode(once.utf8), how)]
      }
      // OpenID Connect takes the left half of the bytes; some take half of their digits.
      let digits = Hex.text(bytes)
      all.append(
        (
          Base64URL.encode(digits.prefix(bytes: digits.utf8.count / 2).utf8),
          "hashes to hexadecimal digits and writes half of these in base64url"
        ))
    }
    add(half, "the hash")
    all.append((Base64URL.encode(bytes), "writes the whole hash, not its left half"))
    add(bytes, "the whole hash, not its left half,")
    all.append(
      (Base64URL.encode(bytes.suffix(bytes.count / 2)), "writes the right half of the hash"))
    if bytes.count > 32 {
      all.append((Base64URL.encode(bytes.prefix(16)), "writes only 16 bytes of the hash"))
    }
    return all
  }

  private static func noun(_ claim: String) -> String {
    switch claim {
    case "c_hash": "the code"
    case "at_hash": "the access token"
    default: "the state"
    }
  }
}

extension Check {
  /// Puts a harmless reason, if there is one, in the place of the story of an attack.
  mutating func explain(_ likeness: Likeness?) {
    guard let likeness else { return }
    self.likeness = likeness
    why = likeness.sentence
  }
}

extension String {
  fileprivate func trimming(quotes: [String]) -> String {
    for quote in quotes {
      if let inner = dropping(prefix: quote)?.dropping(suffix: quote) { return String(inner) }
    }
    return self
  }

  fileprivate var uppercase: String {
    String(decoding: utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 & 0xDF : $0 }, as: UTF8.self)
  }
}
