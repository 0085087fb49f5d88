import HybridFlow
import Lab
import OpenID
import Presentation
import Redaction
import TextUI

/// The text of the lab's table and outcomes.
struct LabText {
  let style: PrintStyle
  private var isASCII: Bool { style.isASCII }
  private var ink: Ink { style.ink }

  private var arrow: String { isASCII ? "->" : "\u{2192}" }

  /// The table, group by group.
  func list(_ faults: [LabFault], harmless: [LabFault]) -> String {
    let width = (faults + harmless).map(\.id.count).max() ?? 0
    var output = ""
    for group in LabFault.Group.allCases {
      let rows = (faults + harmless).filter { $0.group == group }
      if rows.isEmpty { continue }
      output += (output.isEmpty ? "" : "\n") + ink(.strong, group.rawValue) + "\n"
      for fault in rows {
        let padding = String(repeating: " ", count: width - fault.id.count)
        if group == .harmless {
          output += "  \(ink(.name, fault.id))\(padding)  \(arrow) nothing may complain\n"
          continue
        }
        let stages = Set(fault.types.map { fault.stage(for: $0).number }).sorted()
        let place =
          fault.then.last.map { "at \($0.id)" }
          ?? "stage " + stages.map(String.init).joined(separator: "/")
        output +=
          "  \(ink(.name, fault.id))\(padding)  \(arrow) \(fault.caughtBy), "
          + ink(.muted, place) + "\n"
      }
    }
    // A part of the list is about the faults in it.
    return output + (faults.count == Lab.faults.count ? protections() : "")
      + "\n\(faults.count) \(faults.count == 1 ? "fault" : "faults")\(oddities(harmless)). "
      + "\"hybrid-flow lab FAULT\" commits one.\n"
  }

  private func oddities(_ rows: [LabFault]) -> String {
    switch rows.count {
    case 0: ""
    case 1: ", and 1 harmless oddity"
    default: ", and \(rows.count) harmless oddities"
    }
  }

  /// What protects what, and what has no protection.
  private func protections() -> String {
    var output = "\nWhat protects a value from anyone who changes it on the way\n"
    for isProtected in [true, false] {
      if !isProtected { output += "\nWhat the protocol cannot protect\n" }
      for row in Lab.protections where row.isProtected == isProtected {
        let types =
          row.types.count == ResponseType.allCases.count
          ? "" : " (" + row.types.map(\.rawValue).joined(separator: ", ") + ")"
        let guards = row.guardedBy.map(\.rawValue) + (row.noticedByTenant ? ["the tenant"] : [])
        let by = guards.isEmpty ? "" : " \(arrow) " + guards.joined(separator: ", ")
        let lines =
          HelpText.wrapped(
            "\(row.name), \(row.carrier.rawValue)\(types)\(by)", width: HelpText.columns - 4)
          + HelpText.wrapped(row.why, width: HelpText.columns - 6).map { "  " + $0 }
        output += lines.map { "  \($0)\n" }.joined()
      }
    }
    return output
  }

  /// One line about a run without a fault.
  private func line(_ outcome: LabOutcome) -> String {
    "\(mark(outcome.status)) honest (\(outcome.type.rawValue)) \(arrow) \(summary(outcome))\n"
  }

  /// The full description of one run.
  func story(_ outcome: LabOutcome) -> String {
    guard let fault = outcome.fault else { return line(outcome) }
    if fault.group == .harmless { return oddity(outcome, fault) }
    var lines = [
      "\(fault.id): \(fault.group.rawValue.asciiLowercased), by \(fault.who), "
        + "'\(outcome.type.rawValue)'",
      "",
    ]
    lines += HelpText.wrapped(fault.does, width: HelpText.columns)
    lines += ["", "Must be caught by \(fault.caughtBy) at \(fault.place(for: outcome.type))."]
    let sign = mark(outcome.status)
    lines += marked(sign, outcome.status, summary(outcome))
    if outcome.status == .switchedOff {
      lines += ["", ink(.warn, "SWITCHED OFF: the check failed, and nobody listened.")]
      lines += HelpText.wrapped(aftermath(outcome, fault), width: HelpText.columns)
    } else {
      lines += HelpText.wrapped("Without it: " + fault.gain, width: HelpText.columns)
    }
    lines += forged(outcome)
    lines.append("")
    lines += HelpText.wrapped(fault.lesson, width: HelpText.columns)
    lines += ["", fault.sections.map(\.description).joined(separator: "; "), ""]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The description of a run that is odd and allowed.
  private func oddity(_ outcome: LabOutcome, _ fault: LabFault) -> String {
    var lines = ["\(fault.id): harmless, '\(outcome.type.rawValue)'", ""]
    lines += HelpText.wrapped(fault.does, width: HelpText.columns)
    lines += HelpText.wrapped(fault.lesson, width: HelpText.columns)
    lines += ["", "Nothing may complain."]
    lines += marked(mark(outcome.status), outcome.status, summary(outcome))
    lines += ["", fault.sections.map(\.description).joined(separator: "; "), ""]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every changed message beside the honest one.
  private func forged(_ outcome: LabOutcome) -> [String] {
    let transcript = outcome.transcript
    let redactor = Redactor(secrets: transcript.secrets + WireSecrets.all(in: transcript))
    return outcome.messages.filter { $0.tamperedBy != nil }.flatMap { message in
      let forged = ForgedDocument(message, in: transcript, redactor, .message)
      return [""] + forged.lines(width: HelpText.columns, glyphs: isASCII ? .ascii : .unicode)
    }
  }

  /// The result of a run whose check was switched off.
  private func aftermath(_ outcome: LabOutcome, _ fault: LabFault) -> String {
    guard let stage = outcome.stoppedAt else {
      let seen = outcome.subjects.map { "\($0.where): \($0.subject)" }.joined(separator: "; ")
      return "What is gained by it: \(fault.gain)" + (seen.isEmpty ? "" : " \(seen).")
    }
    return "Another defence held at stage \(stage.number). Switch it off as well, or PKCE with "
      + "--no-pkce, to see the attack through."
  }

  /// A sentence behind its mark; the mark has the colour.
  private func marked(
    _ sign: String, _ status: LabOutcome.Status, _ text: String
  ) -> [String] {
    var lines = HelpText.wrapped("\(sign) \(text)", width: HelpText.columns)
    if let first = lines.first, let rest = first.dropping(prefix: sign) {
      lines[0] = ink(status.tone, sign) + rest
    }
    return lines
  }

  private func mark(_ status: LabOutcome.Status) -> String {
    switch status {
    case .caught: isASCII ? "ok  " : "\u{2713}"
    case .missed, .falseAlarm: isASCII ? "FAIL" : "\u{2717}"
    case .switchedOff: isASCII ? "OFF " : "!"
    }
  }

  /// What failed, where, and how the run ended.
  func summary(_ outcome: LabOutcome) -> String {
    var found = outcome.complaints.map { complaint in
      complaint.id.rawValue + (complaint.isOff ? " (switched off)" : "")
        + (complaint.action.map { " at the \($0.id)" } ?? " at stage \(complaint.stage.number)")
    }
    if case .information(let id, let found) = outcome.fault?.catcher, outcome.status == .caught {
      return "\(id.rawValue) says: \(found)"
    }
    let place = "at stage \(outcome.tenantStage.number)"
    found += outcome.tenantComplaints.map { "the tenant\u{2019}s \($0) \(place)" }
    let what = found.isEmpty ? "nothing complained" : found.joined(separator: ", ")
    let end =
      outcome.stoppedAt.map { "the run stopped at stage \($0.number)" }
      ?? outcome.stoppedAfter.map { "the \($0.id) failed" }
      ?? "the run went on"
    return what + "; " + end
  }

  // MARK: For machines

  /// A row of the table.
  static func json(_ fault: LabFault) -> JSONValue {
    if fault.group == .harmless {
      return [
        "type": "harmless", "id": .string(fault.id), "group": .string(fault.group.rawValue),
        "does": .string(fault.does), "why": .string(fault.lesson),
        "response_types": .array(fault.types.map { .string($0.rawValue) }),
        "sections": .array(fault.sections.map { .string($0.description) }),
      ]
    }
    return [
      "type": "fault", "id": .string(fault.id), "group": .string(fault.group.rawValue),
      "who": .string(fault.who), "does": .string(fault.does),
      "response_types": .array(fault.types.map { .string($0.rawValue) }),
      "caught_by": .string(fault.caughtBy),
      "stages": .array(fault.types.map { number(fault.stage(for: $0).number) }),
      "companions": .array(fault.companions.map(\.rawValue).sorted().map(JSONValue.string)),
      "after": .array(fault.then.map { .string($0.id) }),
      "stops": .bool(fault.stops), "gain": .string(fault.gain), "lesson": .string(fault.lesson),
      "sections": .array(fault.sections.map { .string($0.description) }),
    ]
  }

  /// A run.
  static func json(_ outcome: LabOutcome) -> JSONValue {
    var line: JSONValue = [
      "type": .string(outcome.kind),
      "id": outcome.fault.map { .string($0.id) } ?? .null,
      "response_type": .string(outcome.type.rawValue), "status": .string(outcome.word),
    ]
    if let fault = outcome.fault, fault.group != .harmless {
      line.set("expected", .string(fault.caughtBy))
      line.set("stage", number(fault.stage(for: outcome.type).number))
    }
    line.set(
      "caught_by",
      .array(
        outcome.complaints.map { complaint in
          var entry: JSONValue = [
            "id": .string(complaint.id.rawValue), "stage": number(complaint.stage.number),
            "status": .string(complaint.isFailure ? "fail" : "warn"),
          ]
          if let action = complaint.action { entry.set("after", .string(action.id)) }
          if complaint.isOff { entry.set("off", true) }
          return entry
        }))
    line.set("tenant", .array(outcome.tenantComplaints.map(JSONValue.string)))
    line.set("unexpected", .array(outcome.unexpected.map { .string($0.rawValue) }))
    let seen = outcome.subjects.map {
      ["where": .string($0.where), "sub": .string($0.subject)] as JSONValue
    }
    line.set("subjects", .array(seen))
    line.set("stopped_at", outcome.stoppedAt.map { number($0.number) } ?? .null)
    if let action = outcome.stoppedAfter { line.set("stopped_after", .string(action.id)) }
    return line
  }

  private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }
}

extension LabOutcome {
  /// What it is the outcome of, for machines.
  fileprivate var kind: String {
    guard let fault else { return "honest" }
    return fault.group == .harmless ? "harmless" : "run"
  }

  /// How it ended, for machines: of an oddity nothing is caught.
  fileprivate var word: String {
    guard fault?.group == .harmless else { return status.rawValue }
    return switch status {
    case .caught: "passed"
    case .missed: "stopped"
    case .falseAlarm, .switchedOff: status.rawValue
    }
  }
}

extension LabOutcome.Status {
  /// The tone of its mark.
  var tone: Ink.Tone {
    switch self {
    case .caught: .pass
    case .missed, .falseAlarm: .fail
    case .switchedOff: .warn
    }
  }
}
