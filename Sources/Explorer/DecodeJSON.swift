import HybridFlow
import OpenID

/// What `decode --json` prints: one object.
enum DecodeJSON {
  static func text(_ report: DecodeReport) -> String { RunJSON.text(of: value(report)) }

  static func value(_ report: DecodeReport) -> JSONValue {
    let masker = report.masker
    let message = report.message
    var value: JSONValue = [
      "kind": .string(message.kind.rawValue),
      "wrapping": message.wrapping.map(JSONValue.string) ?? .null,
      "address": message.address.map { .string(masker.mask($0)) } ?? .null,
      "carrier": message.carrier.map(JSONValue.string) ?? .null,
    ]
    value.set(
      "fields",
      .array(
        message.fields.map { field in
          [
            "name": .string(masker.mask(field.name)), "value": .string(shown(field, masker)),
            "length": .number(JSONNumber(Int64(field.value.utf8.count))),
          ]
        }))
    if let json = message.json { value.set("json", masked(json, masker)) }
    value.set("parts", .array(report.tokens.map { part($0, masker) }))
    value.set("checks", .array(report.checks.map { check($0, masker) }))
    let failed = report.checks.filter { $0.verdict == .fail }.map { JSONValue.string($0.id) }
    value.set("failed", .array(failed))
    return value
  }

  /// A field: by its name, and by what other fields are known to hold.
  static func shown(_ field: FormField, _ masker: Masker) -> String {
    let byName = masker.show(field)
    return byName == field.value ? masker.mask(byName) : byName
  }

  /// JSON with its secrets masked, whatever depth they stand at.
  ///
  /// Texts are masked as values, for a text that holds a secret may have been escaped in JSON.
  static func masked(_ value: JSONValue, _ masker: Masker) -> JSONValue {
    guard masker.isActive else { return value }
    switch value {
    case .string(let text): return .string(masker.mask(text))
    case .array(let elements): return .array(elements.map { masked($0, masker) })
    case .object(let members):
      return .object(
        members.map { member in
          guard let text = member.value.string else {
            return JSONMember(masker.mask(member.name), masked(member.value, masker))
          }
          let isPrivate =
            JSONWebKey.privateMemberNames.contains(member.name) && value["kty"] != nil
          let shown =
            isPrivate ? Masker.dots : shown(FormField(member.name, text), masker)
          return JSONMember(masker.mask(member.name), .string(shown))
        })
    case .null, .bool, .number: return value
    }
  }

  private static func part(_ token: PastedToken, _ masker: Masker) -> JSONValue {
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
      "header": token.header.map { masked($0, masker) } ?? .null,
      "claims": token.claims.map { masked($0, masker) } ?? .null,
      "value": .string(masker.isActive ? Masker.shortened(token.text) : token.text),
      "length": .number(JSONNumber(Int64(token.text.utf8.count))),
    ]
  }

  private static func check(_ check: PastedCheck, _ masker: Masker) -> JSONValue {
    func text(_ text: String?) -> JSONValue { text.map { .string(masker.mask($0)) } ?? .null }
    return [
      "part": .string(check.part), "id": .string(check.id),
      "status": .string(check.verdict.rawValue), "expected": text(check.expected),
      "found": text(check.found), "why": .string(masker.mask(check.why)),
      "spec": .string(check.spec.description),
    ]
  }
}
