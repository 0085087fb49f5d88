import HybridFlow
import Lab
import OpenID
import Presentation
import Redaction

/// A run as a sequence diagram in Mermaid\u{2019}s language.
///
/// Solid arrows are the front channel, dotted ones the back channel.
struct MermaidExport {
  /// A longer label is cut.
  static let labelCharactersMax = 60

  private let run: ExportedRun
  private let redactor: Redactor

  init(_ run: ExportedRun) {
    self.run = run
    redactor = run.redactor
  }

  /// The diagram.
  var text: String {
    var lines = [
      "%% " + Self.comment(run.title), "%% " + Self.comment(run.maskingNotice), "sequenceDiagram",
    ]
    lines += participants
    for record in run.transcript.stages where record.startedAt != nil {
      lines += steps(record, "\(record.stage.number)")
      if let failure = record.failure {
        lines.append(
          note("\(record.stage.number) the run stopped here: \(failure.code)", over: nil))
      }
    }
    for after in run.transcript.afterwards {
      lines.append(note("after the flow: \(after.action.title)", over: nil))
      lines += steps(after.record, "after")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The lanes; the attacker stands between those whose message they change.
  private var participants: [String] {
    var lines = Actor.allCases.map { "    participant \($0.short) as \($0.title)" }
    if let message = attacked.first,
      let one = Actor.allCases.firstIndex(of: message.from),
      let two = Actor.allCases.firstIndex(of: message.to)
    {
      lines.insert("    participant \(Self.attacker) as \u{2620} Mallory", at: min(one, two) + 1)
    }
    return lines
  }

  private static let attacker = "M"

  /// The messages that an attacker has changed.
  private var attacked: [Message] {
    run.transcript.changedMessages.filter {
      $0.tamperedBy.flatMap(Lab.fault)?.culprit == .attacker
    }
  }

  private func steps(_ record: StageRecord, _ number: String) -> [String] {
    var lines = record.messages.flatMap { arrows($0, number) }
    if record.messages.isEmpty, record.serverChecks.isEmpty, record.inferredChecks.isEmpty {
      lines.append(note("\(number) \(record.sentence)", over: .application))
    }
    if !record.serverChecks.isEmpty {
      let failed = record.serverChecks.filter { $0.passed == false }
      lines.append(
        note(
          "\(number) the tenant verifies: \(record.serverChecks.count) checks",
          marks: failed.map { "\u{2717} \($0.id)" }, over: .authorizationServer))
    } else if !record.inferredChecks.isEmpty {
      lines.append(note("\(number) the tenant verifies (inferred)", over: .authorizationServer))
    }
    if !record.checks.isEmpty {
      let marks = record.checks.compactMap { check -> String? in
        switch check.verdict {
        case .fail: "\u{2717} \(check.id.rawValue)" + (check.isOff ? " (switched off)" : "")
        case .warn: "! \(check.id.rawValue)"
        case .pass, .skip: nil
        }
      }
      lines.append(
        note(
          "\(number) checks: \(Tally(record.checks).counts(Check.Verdict.passedFirst) ?? "none")",
          marks: marks,
          over: .application))
    }
    if let account = StageDocument(record, redactor).account {
      lines.append(note("\(number) account: \(account.sentence)", over: .application))
    }
    return lines
  }

  private func arrows(_ message: Message, _ number: String) -> [String] {
    let way = message.channel == .front ? "->>" : "-->>"
    let fault = message.tamperedBy.map { " [changed: \($0)]" } ?? ""
    let label =
      switch message.content {
      case .request(let request): "\(request.method) \(path(message.url))"
      case .response(let response):
        "\(response.status) \(response.reason)"
          + (response.headers["Location"].map { ", to \(path($0))" } ?? "")
          + (message.from == .application && response.headers["Set-Cookie"] != nil
            ? ", sets the cookie" : "")
      }
    let plain = "\(number) " + redactor.mask(label)
    let (from, to) = (message.from.short, message.to.short)
    guard attacked.contains(where: { $0.id == message.id }) else {
      return ["    \(from)\(way)\(to): \(Self.escaped(plain + fault))"]
    }
    return [
      "    \(from)\(way)\(Self.attacker): \(Self.escaped(plain))",
      "    \(Self.attacker)\(way)\(to): \(Self.escaped(plain + fault))",
    ]
  }

  /// Without host and query: a label has to fit between two lanes.
  private func path(_ url: String) -> String {
    (try? WebURL(url))?.path ?? String(url.before(anyOf: "?#"))
  }

  private func note(_ text: String, marks: [String] = [], over actor: Actor?) -> String {
    let lanes = actor?.short ?? "\(Actor.browser.short),\(Actor.api.short)"
    let lines = ([text] + marks).map { Self.escaped(redactor.mask($0)) }
    return "    Note over \(lanes): " + lines.joined(separator: "<br/>")
  }

  /// A label without any Mermaid syntax.
  ///
  /// All characters except letters, digits and the signs of paths become entity codes, a number
  /// between `#` and `;`, which Mermaid shows as the character.
  static func escaped(_ text: String) -> String {
    var line = HarmlessText.line(text)
    if line.unicodeScalars.count > labelCharactersMax {
      line = line.prefix(scalars: labelCharactersMax - 1) + "\u{2026}"
    }
    var output = ""
    for scalar in line.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", "/", ".", ",", "-", "_", "(", ")", ":",
        "\u{2717}", "\u{2026}", "\u{2019}", "\u{2192}":
        output.unicodeScalars.append(scalar)
      default: output += "#\(scalar.value);"
      }
    }
    return output
  }

  /// A comment ends with its line, and must not begin with a brace: that would be a directive.
  private static func comment(_ text: String) -> String {
    HarmlessText.line(text).replacing(bytes: "{", with: "").replacing(bytes: "}", with: "")
  }
}

extension Actor {
  /// The short name of a lane in the diagram.
  fileprivate var short: String {
    switch self {
    case .browser: "U"
    case .application: "A"
    case .authorizationServer: "T"
    case .api: "R"
    }
  }
}
