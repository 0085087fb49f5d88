import HybridFlow
import OpenID

/// What the values in a text add to its explanation, or put in its place.
enum ValueAdvice {
  /// The matches with what the values show; first the one that they prove.
  static func applied(
    to matches: [DiagnosisMatch], _ evidence: DiagnosisEvidence
  ) -> [DiagnosisMatch] {
    guard let values = evidence.values else { return matches }
    var matches = matches
    if matches.isEmpty {
      guard let error = oauthError(values, evidence) else { return [] }
      matches = [error]
    }
    if let pair = values.pair { compare(pair, &matches, evidence) }
    if let plain = values.plainRedirect { explainPlainHTTP(plain, &matches) }
    if let (name, value) = values.placeholder {
      matches.insert(placeholder(name, value, evidence), at: 0)
    } else if let name = values.blankEnd {
      matches.insert(blankEnd(name, evidence), at: 0)
    }
    return matches
  }

  // MARK: Two values

  private static func compare(
    _ pair: ValuePair, _ matches: inout [DiagnosisMatch], _ evidence: DiagnosisEvidence
  ) {
    guard let first = matches.first else { return }
    let about = first.id
    if about.holds("hash"), let way = HashEncoding(pair.expected, pair.found) {
      matches = [encoding(way, pair, first)]
      return
    }
    let isSlash = pair.isDirected && about.holds("issuer-slash")
    if isSlash, pair.expected.isIdentical(to: pair.found + "/") {
      matches = [slashTooMany(pair, first)]
      return
    }
    guard pair.isDirected || !about.begins(with: "code-") else { return }
    matches[0].values = shown(pair)
  }

  private static func shown(_ pair: ValuePair) -> [ComparedValue] {
    pair.isDirected
      ? [ComparedValue("expected", pair.expected), ComparedValue("found", pair.found)]
      : [ComparedValue("one", pair.found), ComparedValue("the other", pair.expected)]
  }

  private static func encoding(
    _ way: HashEncoding, _ pair: ValuePair, _ match: DiagnosisMatch
  ) -> DiagnosisMatch {
    var copy = match
    copy.id = "values-hash-encoding"
    copy.confidence = .high
    copy.blame = .provider
    copy.values = shown(pair)
    copy.cause =
      "The provider encodes the hash wrongly: \(way.words). Its value is right otherwise, so code"
      + " and tokens belong together."
    copy.fix =
      "Upgrade or correct the provider: c_hash and at_hash are base64url without padding. Until then"
      + " a library that compares the bytes would accept it."
    copy.basis = "both values decode to the same bytes"
    copy.source = "OpenID Connect Core 1.0, section 3.3.2.11 (documentation)"
    return copy
  }

  private static func slashTooMany(_ pair: ValuePair, _ match: DiagnosisMatch) -> DiagnosisMatch {
    var copy = match
    copy.values = shown(pair)
    copy.cause =
      "The two issuers differ by one slash: the expected one ends with it, the one that was found"
      + " does not."
    copy.fix =
      "Compare both with issuer in the discovery document: if it has no slash at its end, take the"
      + " slash off the configured one; if it has, the provider names itself in two ways, as it does"
      + " when a token was made under another domain."
    copy.basis = "both values are in the text"
    return copy
  }

  // MARK: One value

  private static func explainPlainHTTP(_ address: String, _ matches: inout [DiagnosisMatch]) {
    guard let first = matches.first,
      ["redirect", "callback", "reply", "registered-uris"].contains(where: { first.id.holds($0) })
    else { return }
    matches[0].cause +=
      " The one that was sent begins with http: behind a proxy that ends TLS, an application does"
      + " not know that people come by https."
    matches[0].fix =
      "If people come by https, let the proxy send X-Forwarded-Proto: https and the application trust"
      + " it, or configure its public https address. " + matches[0].fix
    matches[0].values.append(ComparedValue("sent", address))
  }

  private static func placeholder(
    _ name: String, _ value: String, _ evidence: DiagnosisEvidence
  ) -> DiagnosisMatch {
    DiagnosisMatch(
      id: "values-placeholder", confidence: .high, provider: evidence.provider ?? .generic,
      blame: .settings,
      cause: "\(name) was sent as \(value): the application\u{2019}s setting for it is empty or was"
        + " never filled in.",
      fix: "Set it where the application reads it (environment variable, settings file), look for a"
        + " typing mistake in its name, and restart the application.",
      values: [ComparedValue("sent", "\(name)=\(value)")],
      basis: "the value is in the text", source: "read from the values in the text")
  }

  private static func blankEnd(
    _ name: String, _ evidence: DiagnosisEvidence
  ) -> DiagnosisMatch {
    DiagnosisMatch(
      id: "values-blank-end", confidence: .medium, provider: evidence.provider ?? .generic,
      blame: .settings,
      cause: "\(name) ends with a blank or a line break, so it is another one than the registered.",
      fix: "Take the blank off the end of the setting: it often comes along when a value is copied,"
        + " or from a file that ends with a line break.",
      basis: "the value is in the text", source: "read from the values in the text")
  }

  // MARK: An error that no row knows

  private static func oauthError(
    _ values: PastedValues, _ evidence: DiagnosisEvidence
  ) -> DiagnosisMatch? {
    guard let error = values.error else { return nil }
    let isStandard = DiagnosisIndex.vocabulary.contains(error)
    var cause =
      isStandard
      ? "The provider answered with the OAuth error \(error)."
      : "The provider answered with \(error), which is no error code of OAuth or OpenID Connect: its"
        + " meaning is the provider\u{2019}s own."
    if let description = values.description, !description.isEmpty {
      cause += " It says: \u{201C}\(description)\u{201D}"
      if description.utf8.last != UInt8(ascii: ".") { cause += "." }
    }
    return DiagnosisMatch(
      id: "oauth-error", confidence: .low, provider: evidence.provider ?? .generic,
      blame: .settings, cause: cause,
      fix:
        "Look the words up in the provider\u{2019}s documentation and its log at that moment; compare"
        + " client id, redirect URI, scope and response type with what is registered.",
      basis: "only the code and these words are known", source: "read from the text",
      isRecognized: false)
  }
}

/// How a hash differs from the right one by its encoding alone.
enum HashEncoding {
  case padding, alphabet, hex, twice

  init?(_ first: String, _ second: String) {
    guard !first.isIdentical(to: second) else { return nil }
    for (right, other) in [(first, second), (second, first)] {
      guard let bytes = try? Base64URL.decode(right), bytes.count >= 8 else { continue }
      if other.ends(with: "="), Self.trimmed(other).isIdentical(to: right) {
        self = .padding
        return
      }
      let replaced = Self.trimmed(other).replacing(bytes: "+", with: "-")
        .replacing(bytes: "/", with: "_")
      if replaced.isIdentical(to: right) {
        self = .alphabet
        return
      }
      if other.isIdentical(toIgnoringCase: Self.hex(bytes)) {
        self = .hex
        return
      }
      if let inner = try? Base64URL.decode(Self.trimmed(replaced)),
        Self.trimmed(String(decoding: inner, as: UTF8.self)).isIdentical(to: right)
          || String(decoding: inner, as: UTF8.self).isIdentical(toIgnoringCase: Self.hex(bytes))
      {
        self = .twice
        return
      }
    }
    return nil
  }

  var words: String {
    switch self {
    case .padding: "as base64 with padding (=) instead of base64url without it"
    case .alphabet: "as base64 with + and / instead of base64url with - and _"
    case .hex: "in hexadecimal instead of base64url"
    case .twice: "encoded twice instead of once in base64url"
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let shorter = text.dropping(suffix: "=") { text = shorter }
    return String(text)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
