import Diagnosis
import HybridFlow
import OpenID
import Platform
import Presentation
import Settings

/// Turns profiles into forms and forms into profiles; the input of a field depends on its kind in
/// ``ProfileField``.
struct ProfileEditor {
  /// The row of the name, which is not a setting.
  static let nameID = "name"
  static let secretID = "client_secret"
  static let secretValueID = "client_secret.value"
  static let consentID = "client_secret.\(ClientSecretOrigin.consent)"

  /// The variable that holds the secret according to the form.
  static func secretVariable(_ form: ProfileForm) -> String? {
    form.value(secretID) == "env" ? form.value(secretValueID) : nil
  }

  private static let secretKinds = ["", "env", "file", "command", "value"]
  private static let connection = "Connection"
  /// The settings of nearly every profile, in the order of the form.
  private static let first = [
    "preset", "domain", "realm", "tenant", "issuer", "client_id", secretID, "redirect_uri",
    "response_type", "scope", "audience",
  ]

  /// The form of a profile; nil makes an empty one.
  static func form(_ profile: Profile?, environment: [String: String]) -> ProfileForm {
    var rows = [
      ProfileForm.Row(
        id: nameID, section: connection, kind: .text,
        help: "what --profile calls it: no blanks, \(Profile.nameBytes) bytes at most",
        value: profile?.name ?? "")
    ]
    for name in first { rows += Self.rows(name, profile, environment, section: connection) }
    for field in ProfileField.all where !first.contains(field.name) {
      let group = CommandOption.all.first { $0.name == field.option }?.group
      rows += Self.rows(field.name, profile, environment, section: section(field, group))
    }
    let order = rows.reduce(into: [String]()) { all, row in
      if !all.contains(row.section) { all.append(row.section) }
    }
    let sorted = order.flatMap { section in rows.filter { $0.section == section } }
    return ProfileForm(original: profile?.name, rows: sorted)
  }

  private static func section(_ field: ProfileField, _ group: CommandOption.Group?) -> String {
    if field.name.ends(with: "_endpoint") || field.name == "jwks_uri" {
      return "A provider without discovery"
    }
    return group == .connection ? "API and certificates" : group?.rawValue ?? connection
  }

  private static func rows(
    _ name: String, _ profile: Profile?, _ environment: [String: String], section: String
  ) -> [ProfileForm.Row] {
    guard let field = ProfileField.named(name) else { return [] }
    let value = profile?.json[name]
    if case .secret = field.kind { return secretRows(value, profile, environment, section) }
    return [
      ProfileForm.Row(
        id: name, section: section, kind: kind(field), help: help(field),
        placeholder: placeholder(field), value: value.map { text($0, field) } ?? "")
    ]
  }

  /// The option's help, in the words of the form.
  private static func help(_ field: ProfileField) -> String {
    // The part about other commands does not apply to a profile.
    let own = field.help.split(at: ". For ", maxSplits: 1).first.map(String.init) ?? ""
    let text = inForm(own).replacing(bytes: "; may be repeated", with: "")
    switch field.kind {
    case .flag(let given): return "\(given): \(text)"
    case .texts: return "\(text); several are separated by spaces"
    case .parameters:
      return "further parameters, written NAME=VALUE&NAME=VALUE, %XX for what is special"
    case .file: return "\(text); from the settings\u{2019} folder, or ~/ from yours"
    case .text, .choice, .integer, .object, .secret: return text
    }
  }

  private static func kind(_ field: ProfileField) -> ProfileForm.Kind {
    switch field.kind {
    case .flag: .choice(["", "true", "false"])
    case .choice(let choices): .choice([""] + choices)
    case .text, .integer, .texts, .object, .parameters, .secret, .file: .text
    }
  }

  /// The value that applies by default: the text in parentheses in the option's help.
  private static func placeholder(_ field: ProfileField) -> String {
    if case .flag(let given) = field.kind { return given ? "false" : "true" }
    if field.name == "preset" { return "none" }
    guard let text = field.help.dropping(suffix: ")")?.cut(atLast: "(")?.after else { return "" }
    let usual = String(text.dropping(prefix: "'")?.dropping(suffix: "'") ?? text)
    return usual.begins(with: "RFC") || usual.holds("says where") ? "" : usual
  }

  private static func secretRows(
    _ value: JSONValue?, _ profile: Profile?, _ environment: [String: String], _ section: String
  ) -> [ProfileForm.Row] {
    let member = value?.members?.first { $0.name != ClientSecretOrigin.consent }
    var kind = member?.name ?? ""
    var text = member?.value.string ?? ""
    // A new profile has no values yet, even if the form has suggestions.
    let before: String? = profile == nil ? "" : nil
    let variable = ClientSecretSource.variable
    if profile == nil, environment[variable]?.isEmpty == false { (kind, text) = ("env", variable) }
    let isConsented = value?[ClientSecretOrigin.consent]?.bool == true
    return [
      ProfileForm.Row(
        id: secretID, section: section, kind: .choice(secretKinds),
        help: "where the secret comes from. Space takes env: name the variable that holds it. Or a "
          + "file, or the first line that a command prints; value keeps it in the settings themselves",
        placeholder: "asked for each time, or name the variable", value: kind, before: before),
      ProfileForm.Row(
        id: secretValueID, section: section, kind: .text,
        help: "the variable\u{2019}s name, the file, or the command; it is run without a shell",
        value: text, before: before),
      ProfileForm.Row(
        id: consentID, section: section, kind: .choice(["", "true", "false"]),
        help: "true says that whoever gets hold of the settings file may have the secret",
        placeholder: "false", value: isConsented ? "true" : ""),
    ]
  }

  private static func text(_ value: JSONValue, _ field: ProfileField) -> String {
    switch field.kind {
    case .text, .choice, .file: value.string ?? ""
    case .integer: value.number?.literal ?? ""
    case .flag: value.bool.map { $0 ? "true" : "false" } ?? ""
    case .texts: (value.strings ?? []).joined(separator: " ")
    case .object: value.compactText
    case .parameters:
      FormEncoding.encode((value.members ?? []).map { FormField($0.name, $0.value.string ?? "") })
    case .secret: ""
    }
  }

  // MARK: Back

  /// The profile from a form; unchanged settings stay as in the file.
  ///
  /// - Throws: ``UsageError`` in the words of the settings reader.
  static func profile(
    _ form: ProfileForm, base: JSONValue?
  ) throws(UsageError) -> Profile {
    // An unchanged name stays as in the file, however it is displayed.
    let isRenamed = form.rows.contains { $0.id == nameID && $0.isChanged }
    let name = isRenamed ? form.value(nameID) : form.original ?? form.value(nameID)
    var json = base ?? .object([])
    for field in ProfileField.all {
      if case .secret = field.kind {
        try set(secretOf: form, name, &json)
      } else if let row = form.rows.first(where: { $0.id == field.name }),
        row.isChanged
      {
        let place = SettingsPlace(path: "", text: "profiles.\(name).\(field.name)")
        if let value = try value(row.value, field, place) {
          json.set(field.name, value)
        } else {
          json.remove(field.name)
        }
      }
    }
    return try Profile(name: name, json: json)
  }

  private static func set(
    secretOf form: ProfileForm, _ name: String, _ json: inout JSONValue
  ) throws(UsageError) {
    let ids = [secretID, secretValueID, consentID]
    guard form.rows.contains(where: { ids.contains($0.id) && $0.isChanged }) else { return }
    let kind = form.value(secretID)
    guard !kind.isEmpty else { return json.remove(secretID) }
    var value: JSONValue = .object([JSONMember(kind, .string(form.value(secretValueID)))])
    if kind == "value", form.value(consentID) == "true" {
      value.set(ClientSecretOrigin.consent, true)
    }
    json.set(secretID, value)
  }

  private static func value(
    _ text: String, _ field: ProfileField, _ place: SettingsPlace
  ) throws(UsageError) -> JSONValue? {
    if text.isEmpty { return nil }
    switch field.kind {
    case .text, .choice, .file, .secret: return .string(text)
    // Text that is not a number stays text, and the reader says what is expected.
    case .integer: return Int64(text).map { .number(JSONNumber($0)) } ?? .string(text)
    case .flag: return .bool(text == "true")
    case .texts: return .array(text.split(at: " ").map { .string(String($0)) })
    case .object:
      do throws(JSONError) {
        return try JSONParser.parse(Array(text.utf8))
      } catch {
        throw place.fault("is not JSON: \(error.explanation)")
      }
    case .parameters:
      do throws(EncodedTextError) {
        var object = JSONValue.object([])
        for pair in try FormEncoding.decode(text) { object.set(pair.name, .string(pair.value)) }
        return object
      } catch {
        throw place.fault("is written as NAME=VALUE&NAME=VALUE, with %XX for what is special")
      }
    }
  }

  /// The row that a message is about; nil if it names none.
  static func row(of message: String, _ form: ProfileForm) -> String? {
    if message.holds("holds the secret itself") { return consentID }
    for row in form.rows.reversed() where message.holds(".\(row.id) ") { return row.id }
    for row in form.rows where message.holds(".\(row.id):") { return row.id }
    if message.holds("no usable name") || message.begins(with: "name:") { return nameID }
    if message.holds(".client_secret.") { return secretValueID }
    let option = String(message.before(anyOf: " :"))
    return ProfileField.all.first { $0.option == option }?.name
  }

  /// The first missing value; okta has a default authorization server.
  static func missing(_ form: ProfileForm) -> ProfileForm.Fault? {
    func fault(_ row: String, _ message: String) -> ProfileForm.Fault {
      ProfileForm.Fault(row: row, message: message, isStrict: false)
    }
    let hasProvider = !form.value("issuer").isEmpty || !form.value("preset").isEmpty
    let hasClient = !form.value("client_id").isEmpty
    if !hasProvider, hasClient || form.original == nil {
      return fault(
        "issuer", "Name the issuer or choose a preset; without it, it is the demo tenant.")
    }
    if let fault = missingOfPreset(form) { return fault }
    if hasProvider, !hasClient {
      return fault("client_id", "Name the client_id: the id of your application there.")
    }
    return nil
  }

  private static func missingOfPreset(_ form: ProfileForm) -> ProfileForm.Fault? {
    guard let preset = ProviderPreset(rawValue: form.value("preset")) else { return nil }
    for need in preset.needs where !(preset == .okta && need.option == "--tenant") {
      let row = String(need.option.dropFirst(bytes: 2))
      if form.value(row).isEmpty {
        return ProfileForm.Fault(
          row: row, message: "\(preset.title) needs \(row), such as \(need.example).",
          isStrict: false)
      }
    }
    return nil
  }

  private static let byLength = ProfileField.all.filter { !$0.option.isEmpty }
    .sorted { $0.option.utf8.count > $1.option.utf8.count }

  /// A text about options in the words of the form: `client_id` for `--client-id`.
  static func inForm(_ text: String) -> String {
    byLength.reduce(text) { text, field in text.replacing(bytes: field.option, with: field.name) }
  }

  /// Shows and hides the rows that depend on others, and shows the values of a preset.
  static func arrange(_ form: inout ProfileForm) {
    let preset = ProviderPreset(rawValue: form.value("preset"))
    let needs = (preset?.needs ?? []).map(\.option)
    let kind = form.value(secretID)
    for index in form.rows.indices {
      let row = form.rows[index]
      switch row.id {
      case "domain", "realm", "tenant":
        let need = preset?.needs.first { $0.option == "--\(row.id)" }
        form.rows[index].isShown = need != nil || !row.value.isEmpty
        form.rows[index].placeholder = need.map { "such as \($0.example)" } ?? ""
      case secretValueID:
        form.rows[index].isShown = !kind.isEmpty
        form.rows[index].kind = kind == "value" ? .secret : .text
      case consentID: form.rows[index].isShown = kind == "value"
      case "issuer": form.rows[index].placeholder = issuer(preset, form)
      case "scope":
        if let preset { form.rows[index].placeholder = preset.scope }
      default: break
      }
    }
    form.notes = preset.map { $0.notes + ["To switch on there:"] + $0.consoleSteps } ?? []
    if preset != nil, needs.isEmpty { form.notes.insert("Nothing else is to be named.", at: 0) }
  }

  private static func issuer(_ preset: ProviderPreset?, _ form: ProfileForm) -> String {
    guard let preset else { return "https://YOUR-TENANT/, exactly as the provider writes it" }
    var values: [String: [String]] = [:]
    for name in ["domain", "realm", "tenant"] where !form.value(name).isEmpty {
      values["--\(name)"] = [form.value(name)]
    }
    let invocation = Invocation(command: .check, values: values, operands: [])
    return (try? preset.issuer(invocation)) ?? preset.issuerShape
  }
}
