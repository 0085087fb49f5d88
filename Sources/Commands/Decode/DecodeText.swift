import HybridFlow
import Inspection
import OpenID
import Presentation
import Redaction
import TextUI

/// The output of `decode` for people, 80 columns wide.
struct DecodeText {
  /// The most members of one object that are shown.
  static let shownMembers = 300

  private let report: DecodeReport
  private let style: PrintStyle
  private var isASCII: Bool { style.isASCII }
  private var message: PastedMessage { report.message }
  private var redactor: Redactor { report.redactor }
  private let lines: DecodeLines

  init(_ report: DecodeReport, _ style: PrintStyle) {
    (self.report, self.style) = (report, style)
    lines = DecodeLines(isASCII: style.isASCII, isCut: report.redactor.isActive)
  }

  func text() -> String {
    let banner = DecodeBanner(report)
    var lines: [String] = []
    for token in report.tokens {
      lines += marked(banner.verdict(token), banner.line(token), indent: 0)
    }
    // A token alone is told by its banner.
    if message.token == nil || message.wrapping != nil || lines.isEmpty {
      lines += wrapped(heading, indent: 0)
    }
    if let address = message.address { lines += row("at", address, meaning: nil) }
    lines += failed() + message.notes.flatMap { wrapped(line($0), indent: 0, hanging: 2) }
    for token in report.tokens { lines += self.token(token) }
    lines += fields(message) + document() + related() + checks()
    return lines.joined(separator: "\n") + "\n"
  }

  /// The names of what is wrong, before everything else.
  private func failed() -> [String] {
    let failed = report.checks.filter { $0.verdict == .fail }.map(name)
    guard !failed.isEmpty else { return [] }
    return marked(
      .fail, "failed: \(failed.joined(separator: ", ")); why stands at the end.", indent: 0)
  }

  // MARK: - What it is

  private var heading: String {
    let names = message.token == nil ? message.tokens.map(\.name) : []
    let wrapping = message.wrapping.map { ", in \($0)" } ?? ""
    let inside = names.isEmpty ? "" : ", with " + names.joined(separator: ", ")
    return message.title + inside + wrapping + "."
  }

  // MARK: - Checks

  private func checks() -> [String] {
    let all = report.checks
    guard !all.isEmpty else { return ["", "Nothing in it can be checked."] }
    let counts = Tally(all.map(\.verdict)).counts(Check.Verdict.worstFirst) ?? "none"
    var lines = ["", style.ink(.strong, "Checks: " + counts)]
    for verdict in [Check.Verdict.fail, .warn] {
      for check in all where check.verdict == verdict { lines += broken(check) }
    }
    let passed = all.filter { $0.verdict == .pass }
    lines += folded(passed)
    let skipped = all.filter { $0.verdict == .skip }
    guard !skipped.isEmpty else { return lines }
    lines += ["", style.ink(.strong, "Not checked")]
    var reasons: [String] = []
    for check in skipped where !reasons.contains(check.why) { reasons.append(check.why) }
    for reason in reasons {
      let names = Self.unique(skipped.filter { $0.why == reason }.map(\.id))
        .joined(separator: ", ")
      let why = reason.dropping(prefix: "not run: ").map { String($0) } ?? reason
      lines += marked(.skip, "\(names): \(line(why))")
    }
    return lines
  }

  /// What passed: one paragraph, or one for each part where several tokens are checked.
  private func folded(_ passed: [PastedCheck]) -> [String] {
    guard report.tokens.count(where: { $0.jws != nil }) > 1 else {
      return passed.isEmpty ? [] : marked(.pass, passed.map(\.id).joined(separator: ", "))
    }
    return Self.unique(passed.map(\.part)).flatMap { part in
      let ids = passed.filter { $0.part.isIdentical(to: part) }.map(\.id)
      return marked(.pass, "\(line(part)): \(ids.joined(separator: ", "))")
    }
  }

  private static func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  private func broken(_ check: PastedCheck) -> [String] {
    let told = CheckLine(
      id: name(check), verdict: check.verdict, why: check.why, expected: check.expected,
      found: check.found, source: check.spec, redactor)
    return marked(told.verdict, "\(told.id): \(told.why)")
      + told.comparison.flatMap { wrapped($0, indent: 6, hanging: 16) }
      + wrapped(told.source.description, indent: 6)
  }

  /// The id, with the token's name if several tokens are checked.
  private func name(_ check: PastedCheck) -> String {
    report.tokens.count { $0.jws != nil } > 1 && report.tokens.contains { $0.name == check.part }
      ? "\(check.id) (\(line(check.part)))" : check.id
  }

  /// Text behind the mark of a verdict; the mark has the colour.
  private func marked(_ verdict: Check.Verdict, _ text: String, indent: Int = 2) -> [String] {
    let mark = verdict.mark(isASCII: isASCII)
    var lines = wrapped("\(mark) \(text)", indent: indent, hanging: indent + 2)
    let blank = String(repeating: " ", count: indent)
    if let first = lines.first, let rest = first.dropping(prefix: blank + mark) {
      lines[0] = blank + style.ink(verdict.tone, mark) + rest
    }
    return lines
  }

  // MARK: - Contents

  private func fields(_ message: PastedMessage) -> [String] {
    guard !message.fields.isEmpty else { return [] }
    let context: Glossary.Context =
      switch message.kind {
      case .authorizeURL: .authorizationRequest
      case .tokenRequest: .tokenRequest
      case .challenge: .challengeAttribute
      case .setCookie: .cookieAttribute
      default: .authorizationResponse
      }
    return ["", "Fields"]
      + message.fields.flatMap { field in
        row(field.name, redactor.shown(field), in: context)
      }
  }

  /// What else stands in the text.
  private func related() -> [String] {
    message.related.flatMap { related -> [String] in
      var lines = wrapped("Beside it: \(related.title.lowercasedFirst).", gap: true)
      if let address = related.address { lines += row("at", address, meaning: nil) }
      lines += fields(related).dropFirst(2)
      if let json = related.json, related.kind != .keySet {
        lines += members(json, in: Self.context(of: related.kind))
      }
      return lines
    }
  }

  private func document() -> [String] {
    guard let json = message.json else { return [] }
    if message.kind == .keySet {
      return message.keys.flatMap { key in
        ["", "Key " + line(key.keyID ?? "without kid")] + members(key.json, in: .jwk)
      }
    }
    return ["", "Members"] + members(json, in: Self.context(of: message.kind))
  }

  /// Whose words the members of a document are in.
  private static func context(of kind: PastedMessage.Kind) -> Glossary.Context {
    switch kind {
    case .metadata: .metadata
    case .userinfo: .userinfo
    case .introspection: .introspection
    case .pushedResponse: .pushedResponse
    case .registration: .registration
    default: .tokenResponse
    }
  }

  private func members(_ json: JSONValue, in context: Glossary.Context) -> [String] {
    rows(redactor.masked(json)) { member in
      let entry = Glossary.entry(member.name, in: context)
      return row(
        member.name, member.value.string ?? member.value.compactText,
        meaning: entry.map { "\($0.meaning); \($0.habit ?? $0.source.short)" }
          ?? "in no registry that is known here; of the sender\u{2019}s own")
    }
  }

  private func token(_ token: PastedToken) -> [String] {
    let bytes = "\(token.text.utf8.count) bytes"
    var use = token.use.rawValue.split(at: "_").joined(separator: " ")
    if token.use == .unknown {
      use = "of unknown kind"
    } else if token.isGuess, token.jws != nil {
      use += ", by its claims"
    }
    let value = redactor.shorten(token.text)
    let title = token.name == "token" ? "Token (\(use))" : line(token.name)
    switch token.form {
    case .signed(let jws):
      return wrapped("\(title): signed with \(line(jws.algorithmName)), \(bytes)", gap: true)
        + ["", "  Claims"]
        + (token.claims.map {
          claims($0, in: Self.context(of: token))
        } ?? ["    They cannot be read."])
        + (token.disclosed.isEmpty
          ? [] : ["", "  Disclosed"] + claims(.object(token.disclosed), in: .otherToken))
        + ["", "  Header"]
        + claims(jws.header, in: token.isSignedByClient ? .clientHeader : .joseHeader)
        + [""] + row("value", value, meaning: nil)
    case .encrypted(let header):
      return wrapped("\(title): encrypted, \(bytes); not decoded further", gap: true)
        + row("value", value, meaning: nil)
        + ["", "  Its five parts"]
        + (token.encryptedParts?.parts ?? []).flatMap { part in
          row(part.name, part.length, meaning: part.meaning)
        }
        + (header.map { ["", "  Header"] + claims($0, in: .encryptedHeader) } ?? [])
    case .broken(let fault):
      return wrapped("\(title): cannot be decoded, \(bytes). \(fault.explanation)", gap: true)
        + (token.claims.map {
          ["", "  Claims, as far as they can be read"] + claims($0, in: Self.context(of: token))
            + [""]
        } ?? [])
        + row("value", value, meaning: nil)
    case .opaque(let reason):
      return wrapped("\(title): opaque, \(bytes); \(reason).", gap: true)
        + row("value", value, meaning: nil)
    }
  }

  /// Whose words the claims are in.
  private static func context(of token: PastedToken) -> Glossary.Context {
    switch token.use {
    case .idToken: .idTokenClaim
    case .accessToken, .refreshToken, .unknown: .accessTokenClaim
    case .clientAssertion: token.isAppleSecret ? .appleSecret : .clientAssertion
    case .requestObject: .requestObject
    case .responseObject: .responseObject
    case .logoutToken: .logoutToken
    case .dpopProof: .dpopProof
    case .userinfo: .userinfo
    case .authorizationGrant, .workload, .sdJWT, .keyBinding, .softwareStatement,
      .entityStatement, .signedMetadata, .securityEvent, .introspectionJWT:
      .otherToken
    }
  }

  private func claims(_ json: JSONValue, in context: Glossary.Context) -> [String] {
    rows(json) { member in row(member.name, shown(member), in: context) }
  }

  private func rows(_ json: JSONValue, _ row: (JSONMember) -> [String]) -> [String] {
    let members = json.members ?? []
    let rest = members.count - Self.shownMembers
    return members.prefix(Self.shownMembers).flatMap(row)
      + (rest > 0 ? ["    and \(rest) more; --json shows them all"] : [])
  }

  private func shown(_ member: JSONMember) -> String {
    let value = member.value.string ?? member.value.compactText
    guard ClaimTime.names.contains(member.name), let seconds = member.value.integer else {
      return value
    }
    return value + " = " + CivilTime(UnixTime(seconds: seconds)).text + ", "
      + Self.distance(from: report.now.seconds, to: seconds)
  }

  /// The distance of a time, in the largest unit that fits at least twice.
  static func distance(from now: Int64, to then: Int64) -> String {
    let (difference, overflow) = then.subtractingReportingOverflow(now)
    guard !overflow else { return "out of reach" }
    let size = difference.magnitude
    let units: [(UInt64, String)] = [
      (31_557_600, "years"), (86_400, "days"), (3600, "hours"), (60, "minutes"),
    ]
    let unit = units.first { size >= 2 * $0.0 } ?? (1, size == 1 ? "second" : "seconds")
    if size == 0 { return "now" }
    let amount = "\(size / unit.0) \(unit.1)"
    return difference < 0 ? amount + " ago" : "in " + amount
  }

  // MARK: - Lines

  private func line(_ text: String) -> String { redactor.line(text) }

  private func row(_ name: String, _ value: String, in context: Glossary.Context) -> [String] {
    row(name, value, meaning: Glossary.entry(name, in: context)?.meaning)
  }

  private func row(_ name: String, _ value: String, meaning: String?) -> [String] {
    let name = line(name)
    let gap = String(repeating: " ", count: max(2, 12 - CellWidth.width(of: name)))
    return wrapped(name + gap + line(value), indent: 4, hanging: 16)
      + (meaning.map { wrapped("(\(HarmlessText.line($0)))", indent: 16) } ?? [])
  }

  private func wrapped(_ text: String, gap: Bool) -> [String] { [""] + wrapped(text, indent: 0) }

  private func wrapped(_ text: String, indent: Int, hanging: Int? = nil) -> [String] {
    lines.wrapped(text, indent: indent, hanging: hanging)
  }
}
