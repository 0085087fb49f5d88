import Diagnosis
import HybridFlow
import OpenID
import Presentation
import Redaction

/// The output of `run --json`: one object per line, for each stage and for the result.
public enum RunJSON: Sendable {
  /// The line of a stage that has ended.
  public static func stage(_ record: StageRecord, masker: Redactor) -> JSONValue {
    var line: JSONValue = [
      "type": "stage", "stage": number(record.stage.number), "id": .string(record.stage.id),
      "title": .string(record.stage.title), "status": .string(status(record).rawValue),
      "observed": .bool(record.observed),
    ]
    add(record, to: &line, masker)
    return line
  }

  /// The line of an action after the flow.
  public static func action(_ action: AfterRecord, masker: Redactor) -> JSONValue {
    var line: JSONValue = [
      "type": "action", "action": .string(action.action.id), "title": .string(action.action.title),
      "status": .string(status(action.record).rawValue),
    ]
    add(action.record, to: &line, masker)
    line.set("code", text(action.record.failure?.code, .revealing))
    line.set("message", text(action.record.failure?.message, masker))
    return line
  }

  /// The line of an action that could not be done.
  public static func leftOut(_ action: AfterAction, why: String) -> JSONValue {
    [
      "type": "action", "action": .string(action.id), "title": .string(action.title),
      "status": "skipped", "at": .null, "seconds": .null, "messages": [], "values": [],
      "tokens": [], "checks": [], "why": .string(why), "code": .null, "message": .null,
    ]
  }

  private static func add(_ record: StageRecord, to line: inout JSONValue, _ masker: Redactor) {
    line.set("at", record.startedAt.map { seconds($0.milliseconds) } ?? .null)
    if let start = record.startedAt, let end = record.endedAt {
      line.set("seconds", seconds(end.milliseconds - start.milliseconds))
    } else {
      line.set("seconds", .null)
    }
    line.set("messages", .array(record.messages.map { message($0, masker) }))
    line.set("values", .array(record.values.map { value($0, masker) }))
    line.set("tokens", .array(record.tokens.map { token($0, masker) }))
    line.set("checks", .array(record.checks.map { check($0, masker) }))
    if !record.serverChecks.isEmpty {
      line.set("server_checks", .array(record.serverChecks.map { serverCheck($0, masker) }))
    }
    if !record.notes.isEmpty {
      line.set("notes", .array(record.notes.map { .string(masker.mask($0.text)) }))
    }
    if let why = record.skippedBecause { line.set("why", .string(why)) }
  }

  /// The last line.
  public static func result(
    _ transcript: Transcript, _ configuration: FlowConfiguration, exit: Int32, masker: Redactor,
    trouble: String? = nil
  ) -> JSONValue {
    let failure = transcript.firstFailure
    let broken = (transcript.checks + transcript.afterwards.flatMap(\.record.checks))
      .filter { $0.verdict == .fail }
      // A refused post is not a failure, unless the run ended because of it.
      .filter { !$0.isOfRefused || failure?.failedChecks.contains($0.id) == true }
    let failed = broken.map(\.id.rawValue)
    var line: JSONValue = [
      "type": "result", "status": failure == nil ? "passed" : "failed",
      "exit": number(Int(exit)), "failed": .array(failed.map(JSONValue.string)),
      "blame": text(transcript.blame?.rawValue, .revealing),
      "code": text(failure?.code, .revealing),
      "message": .string(masker.mask(failure?.message ?? "Every stage ran or was left out.")),
      "diagnosis": diagnosis(transcript, configuration, masker) ?? .null,
    ]
    if failure == nil, let trouble {
      line.set("status", "failed")
      line.set("blame", "environment")
      line.set("code", "environment.recording")
      line.set("message", .string(masker.mask("Every stage ran or was left out. \(trouble)")))
    }
    let off = broken.filter(\.isOff).map { JSONValue.string($0.id.rawValue) }
    if !off.isEmpty { line.set("off", .array(off)) }
    return line
  }

  /// The probable cause of a failure; nil for a run that ended well.
  private static func diagnosis(
    _ transcript: Transcript, _ configuration: FlowConfiguration, _ masker: Redactor
  ) -> JSONValue? {
    guard let match = RunAdvice.match(transcript, configuration) else { return nil }
    var line: JSONValue = [
      "cause": .string(masker.mask(match.cause)), "fix": .string(masker.mask(match.fix)),
      "id": .string(match.id), "confidence": .string(match.confidence.word),
      "source": .string(match.source),
    ]
    if let retry = RunAdvice.retry(transcript, configuration) {
      line.set("retry", .string(masker.mask(retry)))
    }
    return line
  }

  /// The text of a line; characters that control a terminal are escaped.
  public static func text(of line: JSONValue) -> String { harmless(line.compactText) + "\n" }

  /// JSON with the characters that control a terminal escaped.
  static func harmless(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      // A line end is between members, never inside a string; other controls are escaped.
      if scalar.isASCII, scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\n" {
        output.append(UInt8(truncatingIfNeeded: scalar.value))
        continue
      }
      switch scalar.properties.generalCategory {
      case .format, .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        for unit in Character(scalar).utf16 {
          let hex = String(unit, radix: 16)
          output += ("\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex).utf8
        }
      default: output += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func status(_ record: StageRecord) -> StageRecord.Status {
    switch record.status {
    // A stage that the run did not reach, because it stopped earlier.
    case .pending, .running: .skipped
    case .passed, .failed, .skipped: record.status
    }
  }

  private static func message(_ message: Message, _ masker: Redactor) -> JSONValue {
    var line: JSONValue = [
      "direction": .string(message.evidence.rawValue), "from": .string(message.from.rawValue),
      "to": .string(message.to.rawValue), "method": .string(message.method),
      "url": .string(masker.maskAddress(message.url)),
      "status": message.response.map { number($0.status) } ?? .null,
      "headers": .array(
        message.headers.lines.map { header in
          [.string(header.name), .string(masker.show(header))]
        }),
      "body": .string(MessageDocument(message, masker).bodyText),
    ]
    if let fault = message.tamperedBy { line.set("tampered_by", .string(fault)) }
    return line
  }

  private static func value(_ value: FlowValue, _ masker: Redactor) -> JSONValue {
    [
      "name": .string(value.name), "value": .string(masker.show(value)),
      "length": number(value.value.utf8.count),
      "holders": .array(value.holders.map { .string($0.rawValue) }),
    ]
  }

  private static func token(_ token: TokenRecord, _ masker: Redactor) -> JSONValue {
    [
      "use": .string(token.use.rawValue), "channel": .string(token.channel.rawValue),
      "header": token.header.map { masker.masked($0) } ?? .null,
      "claims": token.claims.map { masker.masked($0) } ?? .null,
      "value": .string(masker.isActive ? Redactor.shortened(token.text) : token.text),
      "length": number(token.text.utf8.count), "opaque": text(token.opaqueBecause, masker),
      "expires_in": token.expiresIn.map { .number(JSONNumber($0)) } ?? .null,
    ]
  }

  private static func check(_ check: Check, _ masker: Redactor) -> JSONValue {
    var line: JSONValue = [
      "id": .string(check.id.rawValue), "status": .string(check.verdict.rawValue),
      "expected": text(check.expected, masker), "found": text(check.found, masker),
      "why": .string(masker.mask(check.why)), "spec": .string(check.spec.description),
    ]
    if check.isOff { line.set("off", true) }
    if check.isOfRefused { line.set("refused", true) }
    return line
  }

  private static func serverCheck(_ check: ServerCheck, _ masker: Redactor) -> JSONValue {
    [
      "id": .string(check.id), "what": .string(check.what),
      "detail": .string(masker.mask(check.detail)),
      "passed": check.passed.map(JSONValue.bool) ?? .null,
      "spec": .string(check.spec.description), "observed": .bool(check.observed),
    ]
  }

  private static func text(_ text: String?, _ masker: Redactor) -> JSONValue {
    text.map { .string(masker.mask($0)) } ?? .null
  }

  private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }

  /// Milliseconds as seconds with three digits after the point.
  private static func seconds(_ milliseconds: Int64) -> JSONValue {
    let rest = String(abs(milliseconds % 1000))
    let digits = String(repeating: "0", count: 3 - rest.utf8.count) + rest
    let sign = milliseconds < 0 ? "-" : ""
    return .number(JSONNumber(literal: "\(sign)\(abs(milliseconds / 1000)).\(digits)"))
  }
}
