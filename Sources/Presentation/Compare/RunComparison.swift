import HybridFlow
import OpenID
import Redaction

/// Two runs side by side: verdicts, requests, tokens, and how long everything took.
public struct RunComparison: Sendable, Equatable {
  /// How the values of the two runs differ.
  public enum Kind: String, Sendable, Equatable, CaseIterable {
    /// They differ, although they could be equal.
    case differs
    /// Only the first run has a value.
    case onlyFirst = "only_first"
    /// Only the second run has a value.
    case onlySecond = "only_second"
    /// They differ, as in any two runs.
    case fresh
    /// They are equal.
    case same
  }

  /// A part of the comparison.
  public enum Part: String, Sendable, Equatable, CaseIterable {
    case verdicts, requests, tokens, timing

    /// The heading.
    public var title: String {
      switch self {
      case .verdicts: "Verdicts"
      case .requests: "Requests"
      case .tokens: "Tokens"
      case .timing: "Seconds by stage"
      }
    }
  }

  /// One value of both runs; its texts are redacted and harmless.
  public struct Row: Sendable, Equatable {
    /// The part of the comparison.
    public var part: Part
    /// The place, such as `5 callback` or a request’s line.
    public var place: String
    /// Its name.
    public var name: String
    /// The first run's value; nil for none.
    public var first: String?
    /// The second run's value; nil for none.
    public var second: String?
    /// How they differ.
    public var kind: Kind
    /// A failure or warning, if one of the two is one.
    public internal(set) var worst: Check.Verdict?
  }

  /// The names of the two runs.
  public var names: (first: String, second: String)
  /// All rows, part by part; within a place the most important first.
  public var rows: [Row]

  /// Compares all properties.
  public static func == (left: RunComparison, right: RunComparison) -> Bool {
    left.names == right.names && left.rows == right.rows
  }

  /// One of the two runs to compare.
  public struct Side: Sendable {
    let name: String
    let transcript: Transcript
    let redactor: Redactor

    /// Makes a side from a run, with the redactor for its texts.
    public init(name: String, transcript: Transcript, redactor: Redactor) {
      (self.name, self.transcript, self.redactor) = (name, transcript, redactor)
    }
  }

  /// Compares two runs.
  public init(_ first: Side, _ second: Side) {
    names = (HarmlessText.line(first.name), HarmlessText.line(second.name))
    rows = []
    verdicts(first, second)
    requests(first, second)
    tokens(first, second)
    timing(first, second)
  }

  /// The number of rows of a part and kind.
  public func count(_ part: Part, _ kind: Kind) -> Int {
    rows.count { $0.part == part && $0.kind == kind }
  }

  // MARK: - Parts

  private mutating func verdicts(_ first: Side, _ second: Side) {
    for stage in Stage.allCases {
      let (one, two) = (first.transcript[stage], second.transcript[stage])
      let place = "\(stage.number) \(stage.id)"
      var pairs =
        [("stage", one.status.rawValue, two.status.rawValue)] as [(String, String?, String?)]
      let (left, right) = (Self.verdicts(one), Self.verdicts(two))
      var worst: [String: Check.Verdict] = [:]
      if [one.status, two.status].contains(.failed) { worst["stage"] = .fail }
      var seen: Set<String> = []
      for name in (left + right).map(\.name) where seen.insert(name).inserted {
        let (one, two) = (left.first { $0.name == name }, right.first { $0.name == name })
        pairs.append((name, one?.words, two?.words))
        let verdicts = [one?.verdict, two?.verdict]
        worst[name] = verdicts.contains(.fail) ? .fail : verdicts.contains(.warn) ? .warn : nil
      }
      let start = rows.count
      add(.verdicts, place, pairs) { _ in false }
      for index in start..<rows.count { rows[index].worst = worst[rows[index].name] }
    }
  }

  /// The verdicts of a stage by rule; a rule that was applied again gets a number.
  private static func verdicts(
    _ record: StageRecord
  ) -> [(name: String, verdict: Check.Verdict, words: String)] {
    var counts: [CheckID: Int] = [:]
    return record.checks.map { check in
      counts[check.id, default: 0] += 1
      let number = counts[check.id] ?? 1
      let name = number == 1 ? check.id.rawValue : "\(check.id.rawValue) (\(number))"
      return (name, check.verdict, check.verdict.rawValue + (check.isOff ? " (off)" : ""))
    }
  }

  private mutating func requests(_ first: Side, _ second: Side) {
    let (left, right) = (Self.requests(first), Self.requests(second))
    var seen: Set<String> = []
    for key in (left + right).map(\.key) where seen.insert(key).inserted {
      let one = left.first { $0.key == key }
      let two = right.first { $0.key == key }
      let place = one?.place ?? two?.place ?? key
      guard let one, let two else {
        append(.requests, place, "request", one == nil ? nil : "sent", two == nil ? nil : "sent")
        continue
      }
      let names = Self.names(one.fields.map(\.name), two.fields.map(\.name))
      add(
        .requests, place,
        names.map { name in
          (
            name, one.fields.first { $0.name == name }?.value,
            two.fields.first { $0.name == name }?.value
          )
        }, isFresh: Self.isFresh)
    }
  }

  /// A request with its parameters and its response.
  private struct Request {
    /// The purpose: two tenants have different addresses for the same purpose.
    var key: String
    /// Its stage, method and path.
    var place: String
    var fields: [(name: String, value: String)]
  }

  private static func requests(_ side: Side) -> [Request] {
    var counts: [String: Int] = [:]
    let messages = side.transcript.messages
    return messages.compactMap { message in
      guard let request = message.request else { return nil }
      let path = message.url.from(anyOf: "/").dropFirst(bytes: 2).from(anyOf: "/")
        .before(anyOf: "?#")
      // One page may take several browser requests; the back channel has one per stage.
      let isObserved = message.evidence == .observed || message.evidence == .filed
      let line = "\(message.stage.number) \(message.method)"
      let kind = "\(line) \(message.from) \(message.to) \(isObserved ? String(path) : "")"
      counts[kind, default: 0] += 1
      let number = counts[kind] ?? 1
      let answer = messages.first {
        $0.id > message.id && $0.response != nil && $0.url == message.url
          && $0.method == message.method
      }
      var rows = [("path", String(path))] + fields(message, request, side)
      if let status = answer?.response?.status { rows.append(("answered with", "\(status)")) }
      return Request(
        key: "\(kind) \(number)",
        place: "\(line) \(path)" + (isObserved && number > 1 ? " (\(number))" : ""),
        fields: rows.map { (HarmlessText.line($0.0), HarmlessText.line($0.1)) })
    }
  }

  /// The parameters of query and body, and the credentials, redacted.
  private static func fields(
    _ message: Message, _ request: HTTPRequest, _ side: Side
  ) -> [(String, String)] {
    var fields: [FormField] = []
    if let query = message.url.cut(at: "?")?.after {
      fields += (try? FormEncoding.decode(query.before("#"))) ?? []
    }
    if request.headers.mediaType == "application/x-www-form-urlencoded" {
      fields += (try? FormEncoding.decode(request.body)) ?? []
    }
    var rows = fields.map { ($0.name, side.redactor.show($0)) }
    let header = request.headers.lines.first { $0.name.asciiLowercased == "authorization" }
    if let header { rows.append(("Authorization", side.redactor.show(header))) }
    return rows
  }

  private mutating func tokens(_ first: Side, _ second: Side) {
    for use in [TokenRecord.Use.idToken, .accessToken, .refreshToken] {
      for channel in [Channel.front, .back] {
        let (one, two) = (
          first.transcript.token(use, channel), second.transcript.token(use, channel)
        )
        guard one != nil || two != nil else { continue }
        let place = "\(use.rawValue), \(channel == .front ? "front channel" : "back channel")"
        guard let one, let two else {
          append(.tokens, place, "token", one == nil ? nil : "there", two == nil ? nil : "there")
          continue
        }
        let (left, right) = (Self.members(one), Self.members(two))
        let names = Self.names(left.map(\.name), right.map(\.name))
        add(
          .tokens, place,
          names.map { name in
            (
              name, left.first { $0.name == name }.map { first.redactor.mask($0.value) },
              right.first { $0.name == name }.map { second.redactor.mask($0.value) }
            )
          }, isFresh: Self.isFresh)
      }
    }
  }

  private static func members(_ token: TokenRecord) -> [(name: String, value: String)] {
    var members = [("characters", "\(token.text.utf8.count)")]
    if let seconds = token.expiresIn { members.append(("expires_in", "\(seconds)")) }
    for (prefix, json) in [("header ", token.header), ("", token.claims)] {
      for member in json?.members ?? [] {
        members.append((prefix + member.name, member.value.string ?? member.value.compactText))
      }
    }
    return members
  }

  private mutating func timing(_ first: Side, _ second: Side) {
    for stage in Stage.allCases {
      let (one, two) = (Self.seconds(first, stage), Self.seconds(second, stage))
      guard one != nil || two != nil else { continue }
      rows.append(
        Row(
          part: .timing, place: "", name: "\(stage.number) \(stage.id)", first: one, second: two,
          kind: one == two ? .same : one == nil ? .onlySecond : two == nil ? .onlyFirst : .fresh))
    }
  }

  private static func seconds(_ side: Side, _ stage: Stage) -> String? {
    let record = side.transcript[stage]
    guard let start = record.startedAt, let end = record.endedAt else { return nil }
    let milliseconds = end.milliseconds.subtractingReportingOverflow(start.milliseconds)
    guard !milliseconds.overflow else { return nil }
    let rest = String(abs(milliseconds.partialValue % 1000))
    return "\(milliseconds.partialValue / 1000)."
      + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }

  // MARK: - Rows

  /// Values that are random in every run, or follow from such values.
  private static let freshNames: Set<String> = [
    "state", "nonce", "code_challenge", "code", "code_verifier", "id_token", "access_token",
    "refresh_token", "client_assertion", "Authorization", "iat", "exp", "nbf", "auth_time", "jti",
    "sid", "c_hash", "at_hash", "s_hash", "form_token", "client_secret", "password", "characters",
    "updated_at", "id_token_hint", "request",
  ]
  private static func isFresh(_ name: String) -> Bool { freshNames.contains(name) }

  private static func names(_ first: [String], _ second: [String]) -> [String] {
    var seen: Set<String> = []
    return (first + second).filter { seen.insert($0).inserted }
  }

  private mutating func add(
    _ part: Part, _ place: String, _ pairs: [(String, String?, String?)],
    isFresh: (String) -> Bool
  ) {
    let start = rows.count
    for (name, one, two) in pairs { append(part, place, name, one, two, isFresh: isFresh(name)) }
    // A stable order: the most important first.
    let order = Kind.allCases
    let sorted = rows[start...].enumerated().sorted { left, right in
      let (a, b) = (
        order.firstIndex(of: left.element.kind) ?? 0, order.firstIndex(of: right.element.kind) ?? 0
      )
      return (a, left.offset) < (b, right.offset)
    }
    rows.replaceSubrange(start..., with: sorted.map(\.element))
  }

  private mutating func append(
    _ part: Part, _ place: String, _ name: String, _ first: String?, _ second: String?,
    isFresh: Bool = false
  ) {
    let kind: Kind =
      switch (first, second) {
      case (let one?, let two?): one.isIdentical(to: two) ? .same : isFresh ? .fresh : .differs
      case (.some, nil): .onlyFirst
      case (nil, _): .onlySecond
      }
    rows.append(
      Row(
        part: part, place: HarmlessText.line(place), name: HarmlessText.line(name),
        first: first.map { HarmlessText.line($0) }, second: second.map { HarmlessText.line($0) },
        kind: kind))
  }
}
