import HybridFlow
import OpenID
import TextUI

/// The rules for the two ID tokens of one sign-in.
///
/// OpenID Connect Core 1.0, section 3.3.3.6.
enum PairRule {
  /// Must be identical.
  case must
  /// Either token may omit them; if both have them, they must be identical.
  case mustWherePresent
  /// If one token has them, the other should have the same.
  case should
  /// If both tokens have them, they should agree; either may omit them.
  case mayBeMissing
  /// No rule.
  case free

  init(claim: String) {
    switch claim {
    // Both tokens need the nonce of the one request; both hashes are of its one code and state.
    case "iss", "sub", "nonce": self = .must
    case "c_hash", "s_hash": self = .mustWherePresent
    case "auth_time", "acr", "amr", "sid": self = .should
    case "iat", "exp", "nbf", "jti", "at_hash", "aud", "azp": self = .free
    default: self = .mayBeMissing
    }
  }

  /// The section of OpenID Connect Core 1.0 with the rule.
  static func section(_ claim: String) -> String {
    switch claim {
    case "nonce": "3.1.3.7 (11)"
    case "c_hash": "3.3.2.11"
    case "at_hash": "3.1.3.8"
    case "aud", "azp": "3.1.3.7"
    case "iat", "exp": "2"
    default: "3.3.3.6"
    }
  }

  /// The rule in short, at the end of a line.
  var words: String {
    switch self {
    case .must: "must be equal"
    case .mustWherePresent: "equal where both have it"
    case .should: "should agree"
    case .mayBeMissing: "agree where both say it"
    case .free: "may differ"
    }
  }

  /// The rule in a sentence.
  var sentence: String {
    switch self {
    case .must: "Both tokens must say the same, or they are not of one sign-in."
    case .mustWherePresent:
      "It is of a value that both tokens were issued for: either may leave it out, but not differ."
    case .should: "It tells of the sign-in, so both tokens should say it and agree."
    case .mayBeMissing: "It tells of the person: either token may leave it out, but not contradict."
    case .free: "It belongs to the one token and may differ."
    }
  }

  /// The verdict on two values.
  func verdict(_ first: JSONValue?, _ second: JSONValue?) -> Check.Verdict? {
    if let first, let second, first == second { return self == .free ? nil : .pass }
    switch self {
    case .must: return .fail
    case .mustWherePresent: return first != nil && second != nil ? .fail : nil
    case .should: return .warn
    case .mayBeMissing: return first != nil && second != nil ? .warn : nil
    case .free: return nil
    }
  }
}

extension DetailView {
  /// The two tokens of each kind, claim by claim.
  public static let compare = DetailView(
    "compare", "Compare",
    applies: { $0.shownStage == .tokens && Reader.hasPair($0.seenTranscript) }
  ) { $0.compare() }
}

extension Reader {
  /// Whether there are two tokens of a kind to compare.
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
    document.heading(title, note: "first: front channel \u{00B7} second: back channel")
    if first.use == .accessToken { compareRights(first, second, to: &document) }
    guard let left = first.claims?.members, let right = second.claims?.members else {
      document.gap()
      document.paragraph("At least one of them cannot be read: no claims to compare.", .textMuted)
      return
    }
    let names =
      left.map(\.name)
      + right.map(\.name).filter { name in !left.contains { $0.name == name } }
    let isIDToken = first.use == .idToken
    let pairs = names.map { name in
      let (one, two) = (first.claims?[name], second.claims?[name])
      let rule = isIDToken ? PairRule(claim: name) : .free
      return ClaimPair(
        id: "\(first.use.rawValue):\(name)", name: HarmlessText.line(name),
        first: one.map { text(of: $0, name) }, second: two.map { text(of: $0, name) },
        isSame: one == two, rule: rule, verdict: rule.verdict(one, two),
        meaning: Glossary.entry(name, in: isIDToken ? .idTokenClaim : .accessTokenClaim)?.meaning,
        spec: .core(isIDToken ? PairRule.section(name) : "3.3.3.8"))
    }
    let width = pairs.map { CellWidth.width(of: $0.name) }.max() ?? 0
    // Broken rules come first; the rest in the order of the claims.
    for verdict in [Check.Verdict.fail, .warn] {
      for pair in pairs where pair.verdict == verdict { add(pair, width, to: &document) }
    }
    for pair in pairs where pair.verdict != .fail && pair.verdict != .warn {
      add(pair, width, to: &document)
    }
  }

  private func compareRights(
    _ first: TokenRecord, _ second: TokenRecord, to document: inout Document
  ) {
    let same = first.text.isIdentical(to: second.text)
    let rights: [(String, String, String, Bool)] = [
      ("token", shown(first.text), shown(second.text), same),
      (
        "expires_in", lifetime(of: first), lifetime(of: second),
        first.expiresIn == second.expiresIn && first.receivedAt == second.receivedAt
      ),
    ]
    for (name, one, two, isSame) in rights {
      add(
        ClaimPair(
          id: "rights:\(name)", name: name, first: one, second: two, isSame: isSame, rule: .free,
          verdict: nil, meaning: Glossary.entry(name, in: .tokenResponse)?.meaning,
          spec: .core("3.3.3.8")),
        10, to: &document)
    }
  }

  private func lifetime(of token: TokenRecord) -> String {
    guard let seconds = token.expiresIn else { return "lifetime not said" }
    let end = token.receivedAt.adding(seconds: seconds)
    return "\(seconds) s, until \(CivilTime(end).clock)"
  }

  private func text(of value: JSONValue, _ name: String) -> String {
    if let moment = ClaimTime.moment(name, value.integer) { return CivilTime(moment).text }
    return shown(value.string ?? value.compactText)
  }

  private func add(_ pair: ClaimPair, _ width: Int, to document: inout Document) {
    let id = "pair:\(pair.id)"
    let open = isOpen(id)
    let mark = pair.verdict.map { Verdicts.span($0) } ?? Span("\u{00B7}", .textMuted)
    let isBad = pair.verdict == .fail || pair.verdict == .warn
    let role: Role =
      pair.verdict == .fail ? .statusFail : pair.verdict == .warn ? .statusWarn : .text
    let rule =
      isBad || pair.first != nil && pair.second != nil
      ? pair.rule.words : pair.first == nil ? "only in the second" : "only in the first"
    let note = [Span(rule, isBad ? role : .textMuted, isBad ? .bold : [])]
    let name = TextFitting.pad(pair.name, max(4, min(width, 20))) + "  "
    func line(_ label: String, _ value: String?, isFirst: Bool) {
      let blank = String(repeating: " ", count: CellWidth.width(of: name) + 2)
      let head = isFirst ? [mark, Span(" "), Span(name, .jsonKey)] : [Span(blank)]
      var line = Line(
        head + [
          Span(TextFitting.pad(label, 8), .textMuted),
          value.map { Span($0, role) } ?? Span("not there", .textMuted),
        ], note: isFirst ? note : [])
      line.cutsMiddleOf = line.spans.count - 1
      if isFirst { line.target = Target(id: id, copies: pair.first ?? pair.second) }
      document.add(.line(line))
    }
    if pair.isSame {
      line("both", pair.first, isFirst: true)
    } else if isBad || pair.first != nil && pair.second != nil {
      line("first", pair.first, isFirst: true)
      line("second", pair.second, isFirst: false)
    } else {
      line(
        pair.first == nil ? "second" : "first", pair.first ?? pair.second, isFirst: true)
    }
    guard open else { return }
    if let meaning = pair.meaning {
      document.add(.paragraph([Span(meaning, .textStrong)], indent: 4))
    }
    document.add(
      .paragraph(
        [
          Span(
            "\(pair.rule.sentence) \(pair.spec)",
            .textMuted)
        ], indent: 4))
    for value in pair.isSame ? [pair.first] : [pair.first, pair.second] {
      if let value { document.add(.bytes(value, .text, indent: 4)) }
    }
    document.gap()
  }
}

/// One claim of both tokens.
private struct ClaimPair {
  var id: String
  var name: String
  var first: String?
  var second: String?
  var isSame: Bool
  var rule: PairRule
  var verdict: Check.Verdict?
  var meaning: String?
  var spec: SpecReference
}
