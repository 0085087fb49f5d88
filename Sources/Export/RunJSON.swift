import Diagnosis
import HybridFlow
import OpenID
import Presentation
import Redaction

/// The output of `run --json`: one object per line, for each stage and for the result.
public enum RunJSON: Sendable {
  /// The line of a stage that has ended.
  public static func stage(_ record: StageRecord, redactor: Redactor) -> JSONValue {
    var line: JSONValue = [
      "type": "stage", "stage": number(record.stage.number), "id": .string(record.stage.id),
      "title": .string(record.stage.title), "status": .string(status(record).rawValue),
      "observed": .bool(record.observed),
    ]
    add(record, to: &line, redactor)
    return line
  }

  /// The line of an action after the flow.
  public static func action(_ action: AfterRecord, redactor: Redactor) -> JSONValue {
    var line: JSONValue = [
      "type": "action", "action": .string(action.action.id), "title": .string(action.action.title),
      "status": .string(status(action.record).rawValue),
    ]
    add(action.record, to: &line, redactor)
    line.set("code", text(action.record.failure?.code, .revealing))
    line.set("message", text(action.record.failure?.message, redactor))
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

  private static func add(_ record: StageRecord, to line: inout JSONValue, _ redactor: Redactor) {
    line.set("at", record.startedAt.map { seconds($0.milliseconds) } ?? .null)
    if let start = record.startedAt, let end = record.endedAt {
      line.set("seconds", seconds(end.milliseconds - start.milliseconds))
    } else {
      line.set("seconds", .null)
    }
    line.set("messages", .array(record.messages.map { message($0, redactor) }))
    line.set("values", .array(record.values.map { value($0, redactor) }))
    line.set("tokens", .array(record.tokens.map { token($0, redactor) }))
    line.set("checks", .array(record.checks.map { check($0, redactor) }))
    if !record.serverChecks.isEmpty {
      line.set("server_checks", .array(record.serverChecks.map { serverCheck($0, redactor) }))
    }
    if let cookie = record.cookie { line.set("cookie", RunJSON.cookie(cookie)) }
    if let account = record.account { line.set("account", RunJSON.account(account, redactor)) }
    if !record.notes.isEmpty {
      line.set("notes", .array(record.notes.map { .string(redactor.mask($0.text)) }))
    }
    if let why = record.skippedBecause { line.set("why", .string(why)) }
  }

  /// The last line.
  public static func result(
    _ transcript: Transcript, _ configuration: FlowConfiguration, exit: Int32, redactor: Redactor,
    trouble: String? = nil
  ) -> JSONValue {
    let failure = transcript.firstFailure
    let diagnosis = RunDiagnosis(transcript, configuration)
    let broken = (transcript.checks + transcript.afterwards.flatMap(\.record.checks))
      .filter { $0.verdict == .fail }
      // A refused post is not a failure, unless the run ended because of it.
      .filter { !$0.isOfRefused || failure?.failedChecks.contains($0.id) == true }
    let failed = broken.map(\.id.rawValue)
    var line: JSONValue = [
      "type": "result", "status": failure == nil ? "passed" : "failed",
      "exit": number(Int(exit)), "failed": .array(failed.map(JSONValue.string)),
      "blame": text(diagnosis?.blame?.rawValue, .revealing),
      "code": text(failure?.code, .revealing),
      "message": .string(redactor.mask(failure?.message ?? "Every stage ran or was left out.")),
      "diagnosis": diagnosis.map { json($0, redactor) } ?? .null,
    ]
    if failure == nil, let trouble {
      line.set("status", "failed")
      line.set("blame", "environment")
      line.set("code", "environment.recording")
      line.set("message", .string(redactor.mask("Every stage ran or was left out. \(trouble)")))
    }
    let off = broken.filter(\.isOff).map { JSONValue.string($0.id.rawValue) }
    if !off.isEmpty { line.set("off", .array(off)) }
    if let rules = RulesDocument(transcript) { line.set("rules", json(rules)) }
    return line
  }

  /// The checklist of the rules of the run.
  private static func json(_ rules: RulesDocument) -> JSONValue {
    .array(
      rules.rows.map { row in
        [
          "id": .string(row.id), "rule": .string(row.text), "result": .string(row.verdict.rawValue),
          "why": .string(row.why), "section": .string(row.source.description),
        ]
      })
  }

  /// The cause of a failure.
  private static func json(_ diagnosis: RunDiagnosis, _ redactor: Redactor) -> JSONValue {
    let match = diagnosis.match
    var line: JSONValue = [
      "cause": .string(redactor.mask(match.cause)), "fix": .string(redactor.mask(match.fix)),
      "id": .string(match.id), "confidence": .string(match.confidence.word),
      "blame": text(diagnosis.blame?.rawValue, .revealing),
      "basis": .string(redactor.mask(match.basis)),
      "values": .array(
        match.values.map { value in
          ["name": .string(value.name), "text": .string(redactor.mask(value.text))]
        }),
      "source": .string(match.source),
      "stage": diagnosis.stage.map { number($0.number) } ?? .null,
    ]
    if let retry = diagnosis.retry?.advice {
      line.set("retry", .string(redactor.mask(retry)))
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

  private static func message(_ message: Message, _ redactor: Redactor) -> JSONValue {
    var line: JSONValue = [
      "direction": .string(message.evidence.rawValue), "from": .string(message.from.rawValue),
      "to": .string(message.to.rawValue), "method": .string(message.method),
      "url": .string(redactor.maskAddress(message.url)),
      "status": message.response.map { number($0.status) } ?? .null,
      "headers": .array(
        message.headers.lines.map { header in
          [.string(header.name), .string(redactor.show(header))]
        }),
      "body": .string(MessageDocument(message, redactor).bodyText),
    ]
    if let fault = message.tamperedBy { line.set("tampered_by", .string(fault)) }
    if let security = message.request?.security { line.set("tls", tls(security, redactor)) }
    return line
  }

  /// What TLS did for a request; a certificate is public.
  static func tls(_ security: RequestSecurity, _ redactor: Redactor) -> JSONValue {
    var tls: JSONValue = [
      "version": security.version.isEmpty ? .null : text(security.version, redactor),
      "cipher": security.cipher.isEmpty ? .null : text(security.cipher, redactor),
      "asks_for_certificate": security.isAsked.map(JSONValue.bool) ?? .null,
    ]
    guard let certificate = security.certificate else { return tls }
    tls.set(
      "client_certificate",
      [
        "subject": text(certificate.subject, redactor),
        "issuer": text(certificate.issuer, redactor),
        "x5t#S256": .string(certificate.thumbprint),
        "not_before": .number(JSONNumber(certificate.begins.seconds)),
        "not_after": .number(JSONNumber(certificate.ends.seconds)),
      ])
    return tls
  }

  private static func value(_ value: FlowValue, _ redactor: Redactor) -> JSONValue {
    [
      "name": .string(value.name), "value": .string(redactor.show(value)),
      "length": number(value.value.utf8.count),
      "holders": .array(value.holders.map { .string($0.rawValue) }),
    ]
  }

  private static func token(_ token: TokenRecord, _ redactor: Redactor) -> JSONValue {
    var line = plain(token, redactor)
    if let outer = token.envelope { line.set("outer_header", redactor.masked(outer.header)) }
    return line
  }

  private static func plain(_ token: TokenRecord, _ redactor: Redactor) -> JSONValue {
    [
      "use": .string(token.use.rawValue), "channel": .string(token.channel.rawValue),
      "header": token.header.map { redactor.masked($0) } ?? .null,
      "claims": token.claims.map { redactor.masked($0) } ?? .null,
      "value": .string(redactor.shorten(token.text)),
      "length": number(token.text.utf8.count), "opaque": text(token.opaqueBecause, redactor),
      "expires_in": token.expiresIn.map { .number(JSONNumber($0)) } ?? .null,
    ]
  }

  private static func check(_ check: Check, _ redactor: Redactor) -> JSONValue {
    var line: JSONValue = [
      "id": .string(check.id.rawValue), "status": .string(check.verdict.rawValue),
      "expected": text(check.expected, redactor), "found": text(check.found, redactor),
      "why": .string(redactor.mask(check.why)), "spec": .string(check.spec.description),
    ]
    if check.isOff { line.set("off", true) }
    if check.isOfRefused { line.set("refused", true) }
    return line
  }

  private static func serverCheck(_ check: ServerCheck, _ redactor: Redactor) -> JSONValue {
    [
      "id": .string(check.id), "what": .string(check.what),
      "detail": .string(redactor.mask(check.detail)),
      "passed": check.passed.map(JSONValue.bool) ?? .null,
      "spec": .string(check.spec.description), "observed": .bool(check.observed),
    ]
  }

  private static func text(_ text: String?, _ redactor: Redactor) -> JSONValue {
    text.map { .string(redactor.mask($0)) } ?? .null
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
