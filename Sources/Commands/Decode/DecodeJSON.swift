import Export
import HybridFlow
import Inspection
import OpenID
import Redaction

/// The output of `decode --json`: one object.
enum DecodeJSON {
  static func text(_ report: DecodeReport) -> String { RunJSON.text(of: value(report)) }

  static func value(_ report: DecodeReport) -> JSONValue {
    let redactor = report.redactor
    let message = report.message
    var value: JSONValue = [
      "kind": .string(kind(report)),
      "found": .array(found(report).map(JSONValue.string)),
      "signature": .string(report.signature.rawValue),
      "wrapping": message.wrapping.map(JSONValue.string) ?? .null,
    ]
    for (name, part) in self.message(message, redactor) { value.set(name, part) }
    value.set(
      "related",
      .array(
        message.related.map { related in
          var part: JSONValue = ["kind": .string(related.kind.rawValue)]
          for (name, value) in self.message(related, redactor) { part.set(name, value) }
          return part
        }))
    value.set("notes", .array(message.notes.map { .string(redactor.mask($0)) }))
    value.set("tokens", .array(report.tokens.map { part($0, redactor) }))
    value.set("checks", .array(report.checks.map { check($0, redactor) }))
    let failed = report.checks.filter { $0.verdict == .fail }.map { JSONValue.string($0.id) }
    value.set("failed", .array(failed))
    return value
  }

  /// A token alone goes by its purpose; anything else by its kind.
  private static func kind(_ report: DecodeReport) -> String {
    guard report.message.token != nil, let token = report.tokens.first else {
      return report.message.kind.rawValue
    }
    return token.use.rawValue
  }

  /// The names of the values that were found, in the order of the text.
  private static func found(_ report: DecodeReport) -> [String] {
    var names = report.message.found
    for token in report.tokens where report.message[token.name] == nil {
      let name = token.use.rawValue
      if token.use != .unknown, !names.contains(name) { names.append(name) }
    }
    return names
  }

  private static func message(
    _ message: PastedMessage, _ redactor: Redactor
  ) -> [(String, JSONValue)] {
    var parts: [(String, JSONValue)] = [
      ("address", message.address.map { .string(redactor.mask($0)) } ?? .null),
      ("carrier", message.carrier.map(JSONValue.string) ?? .null),
      (
        "fields",
        .array(
          message.fields.map { field in
            [
              "name": .string(redactor.mask(field.name)),
              "value": .string(redactor.shown(field)),
              "length": .number(JSONNumber(Int64(field.value.utf8.count))),
            ]
          })
      ),
    ]
    if let json = message.json { parts.append(("json", redactor.masked(json))) }
    return parts
  }

  private static func part(_ token: PastedToken, _ redactor: Redactor) -> JSONValue {
    let form: String
    var why: JSONValue = .null
    switch token.form {
    case .signed: form = "signed"
    case .encrypted: form = "encrypted"
    case .broken(let fault): (form, why) = ("broken", .string(fault.explanation))
    case .opaque(let reason): (form, why) = ("opaque", .string(reason))
    }
    return [
      "name": .string(token.name), "use": .string(token.use.rawValue),
      "guessed": .bool(token.isGuess), "form": .string(form), "why": why,
      "header": token.header.map { redactor.masked($0) } ?? .null,
      "claims": token.claims.map { redactor.masked($0) } ?? .null,
      "value": .string(redactor.shorten(token.text)),
      "length": .number(JSONNumber(Int64(token.text.utf8.count))),
    ]
  }

  private static func check(_ check: PastedCheck, _ redactor: Redactor) -> JSONValue {
    func text(_ text: String?) -> JSONValue { text.map { .string(redactor.mask($0)) } ?? .null }
    return [
      "part": .string(check.part), "id": .string(check.id),
      "status": .string(check.verdict.rawValue), "expected": text(check.expected),
      "found": text(check.found), "why": .string(redactor.mask(check.why)),
      "spec": .string(check.spec.description),
    ]
  }
}
