import HybridFlow
import OpenID

/// What two ID tokens of one sign-in owe each other.
///
/// OpenID Connect Core 1.0, section 3.3.3.6.
enum PairRule {
  /// Must be identical.
  case must
  /// Those in either should be in both, and agree.
  case should
  /// Those in both should agree; either may leave them out.
  case mayBeMissing
  /// Nothing is said.
  case free

  init(claim: String) {
    switch claim {
    case "iss", "sub": self = .must
    case "auth_time", "acr", "amr", "nonce", "sid": self = .should
    case "iat", "exp", "nbf", "jti", "c_hash", "at_hash", "s_hash", "aud", "azp": self = .free
    default: self = .mayBeMissing
    }
  }

  /// The rule in a few words.
  var words: String {
    switch self {
    case .must: "must be the same"
    case .should: "about the sign-in: should be the same"
    case .mayBeMissing: "about the person: should agree where both have it"
    case .free: "may differ"
    }
  }

  /// What becomes of it.
  func verdict(_ first: JSONValue?, _ second: JSONValue?) -> Check.Verdict? {
    if let first, let second, first == second { return self == .free ? nil : .pass }
    switch self {
    case .must: return .fail
    case .should: return .warn
    case .mayBeMissing: return first != nil && second != nil ? .warn : nil
    case .free: return nil
    }
  }
}

extension Reader {
  /// Whether there are two of a kind to lay side by side.
  static func hasPair(_ transcript: Transcript) -> Bool {
    [TokenRecord.Use.idToken, .accessToken].contains {
      transcript.token($0, .front) != nil && transcript.token($0, .back) != nil
    }
  }

  /// The first and the second token of each kind, claim by claim.
  func compare() -> Document {
    var document = Document()
    if let first = transcript.token(.idToken, .front),
      let second = transcript.token(.idToken, .back)
    {
      compare(first, second, "The two ID tokens", to: &document)
    }
    if let first = transcript.token(.accessToken, .front),
      let second = transcript.token(.accessToken, .back)
    {
      compare(first, second, "The two access tokens", to: &document)
    }
    if document.blocks.isEmpty {
      return nothing("There is only one token of each kind in this run: nothing to compare.")
    }
    return document
  }

  private func compare(
    _ first: TokenRecord, _ second: TokenRecord, _ title: String, to document: inout Document
  ) {
    document.heading(title, note: "first: through the browser \u{00B7} second: past it")
    if first.use == .accessToken {
      let same = first.text.isIdentical(to: second.text)
      addPair(
        "token", same ? "the same token" : nil, shown(first.text), shown(second.text), nil,
        "may be the same or two; rights and lifetimes may differ", to: &document)
      addPair(
        "expires_in", first.expiresIn == second.expiresIn ? first.expiresIn.map(String.init) : nil,
        first.expiresIn.map { "\($0) s" } ?? "not said",
        second.expiresIn.map { "\($0) s" } ?? "not said", nil, "may differ", to: &document)
    }
    guard let left = first.claims?.members, let right = second.claims?.members else {
      document.gap()
      document.paragraph("At least one of them cannot be read: no claims to compare.", .textMuted)
      return
    }
    let names =
      left.map(\.name)
      + right.map(\.name).filter { name in
        !left.contains { $0.name == name }
      }
    for name in names {
      let (one, two) = (first.claims?[name], second.claims?[name])
      let rule = first.use == .idToken ? PairRule(claim: name) : .free
      addPair(
        name, one == two ? text(of: one, name) : nil, text(of: one, name), text(of: two, name),
        rule.verdict(one, two), rule.words, to: &document)
    }
  }

  private func text(of value: JSONValue?, _ name: String) -> String {
    guard let value else { return "\u{2013}" }
    if let moment = ClaimTime.moment(name, value.integer) { return CivilTime(moment).text }
    return shown(value.string ?? value.compactText)
  }

  private func addPair(
    _ name: String, _ same: String?, _ first: String, _ second: String,
    _ verdict: Check.Verdict?, _ words: String, to document: inout Document
  ) {
    var meaning = verdict.map { [Verdicts.span($0), Span(" ")] } ?? []
    let result =
      same != nil
      ? "same"
      : first == "\u{2013}"
        ? "only in the second"
        : second == "\u{2013}" ? "only in the first" : "differs"
    meaning += [Span(result, .textStrong), Span(" \u{00B7} " + words, .textMuted)]
    let role: Role = verdict == .fail ? .statusFail : verdict == .warn ? .statusWarn : .text
    document.add(
      .row(
        TableRow(
          name: HarmlessText.line(name), nameRole: .jsonKey,
          value: same.map { "both    \($0)" } ?? "first   \(first)", valueRole: role,
          fold: "pair:\(name)", isOpen: isOpen("pair:\(name)"), meaning: meaning)))
    guard same == nil else { return }
    document.add(.row(TableRow(name: "", value: "second  \(second)", valueRole: role)))
  }
}
