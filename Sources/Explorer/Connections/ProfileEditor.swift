import Diagnosis
import HybridFlow
import OpenID
import Platform
import Presentation
import Settings

/// Turns profiles into forms and forms into profiles; the input of a field depends on its kind in
/// ``Setting``.
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

  private static let secretKinds = [""] + ClientSecretOrigin.members
  private static let connection = "Connection"
  /// The settings of nearly every profile, in the order of the form.
  private static let first: [Setting] = [
    .preset, .domain, .realm, .tenant, .issuer, .clientID, .clientSecret, .appleKey, .appleTeam,
    .appleKeyID, .redirectURI,
    .responseType, .scope, .audience,
  ]
  /// The settings by which files are read.
  private static let ofFiles: [Setting] = [
    .ca, .clientKey, .clientKeyID, .clientKeyAlgorithm, .tlsCertificate, .tlsKey,
    .appleKey, .appleTeam, .appleKeyID, .encryptionKey, .clientCertificate, .clientCertificateKey,
  ]

  /// What the form says of files.
  static func fileNames(_ form: ProfileForm) -> [String] {
    ofFiles.map { form.value($0.profileKey ?? "") }
  }

  /// The form of a profile; nil makes an empty one.
  static func form(_ profile: Profile?, environment: [String: String]) -> ProfileForm {
    var rows = [
      ProfileForm.Row(
        id: nameID, section: connection, kind: .text,
        help: "what --profile calls it: no blanks, \(Profile.nameBytes) bytes at most",
        value: profile?.name ?? "")
    ]
    for setting in first { rows += Self.rows(setting, profile, environment, connection) }
    for setting in Setting.profileSettings where !first.contains(setting) {
      rows += Self.rows(setting, profile, environment, section(setting))
    }
    let order = rows.reduce(into: [String]()) { all, row in
      if !all.contains(row.section) { all.append(row.section) }
    }
    let sorted = order.flatMap { section in rows.filter { $0.section == section } }
    return ProfileForm(original: profile?.name, rows: sorted)
  }

  private static func section(_ setting: Setting) -> String {
    if ExplicitEndpoints.settings.contains(setting) { return "A provider without discovery" }
    return setting.group == .connection ? "API and certificates" : setting.group.rawValue
  }

  private static func rows(
    _ setting: Setting, _ profile: Profile?, _ environment: [String: String], _ section: String
  ) -> [ProfileForm.Row] {
    guard let name = setting.profileKey else { return [] }
    let value = profile?.json[name]
    if setting.kind == .secret { return secretRows(value, profile, environment, section) }
    return [
      ProfileForm.Row(
        id: name, section: section, kind: kind(setting), help: help(setting),
        placeholder: placeholder(setting), value: value.map { text($0, setting) } ?? "")
    ]
  }

  /// The option's help, in the words of the form.
  private static func help(_ setting: Setting) -> String {
    // The part about other commands does not apply to a profile.
    let own = setting.help.split(at: ". For ", maxSplits: 1).first.map(String.init) ?? ""
    let text = inForm(own).replacing(bytes: "; may be repeated", with: "")
    switch setting.kind {
    case .flag(let given): return "\(given): \(text)"
    case .texts: return "\(text); several are separated by spaces"
    case .parameters:
      return "further parameters, written NAME=VALUE&NAME=VALUE, %XX for what is special"
    case .file: return "\(text); from the settings\u{2019} folder, or ~/ from yours"
    case .text, .choice, .seconds, .object, .secret: return text
    }
  }

  private static func kind(_ setting: Setting) -> ProfileForm.Kind {
    switch setting.kind {
    case .flag: .choice(["", "true", "false"])
    case .choice(let choices): .choice([""] + choices)
    case .text, .seconds, .texts, .object, .parameters, .secret, .file: .text
    }
  }

  /// What applies while nothing is given.
  private static func placeholder(_ setting: Setting) -> String {
    if case .flag(let given) = setting.kind { return given ? "false" : "true" }
    switch setting.usual {
    case .value(let text)?, .words(let text)?: return text
    case nil: return setting == .preset ? "none" : ""
    }
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
        help: "true says that anyone who gets hold of the settings file may have the secret",
        placeholder: "false", value: isConsented ? "true" : ""),
    ]
  }

  private static func text(_ value: JSONValue, _ setting: Setting) -> String {
    switch setting.kind {
    case .text, .choice, .file: value.string ?? ""
    case .seconds: value.number?.literal ?? ""
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
    for setting in Setting.profileSettings {
      if setting.kind == .secret {
        try set(secretOf: form, name, &json)
      } else if let row = form.rows.first(where: { $0.id == setting.profileKey }), row.isChanged {
        if let value = try value(row.value, setting, Profile.place(of: name, row.id)) {
          json.set(row.id, value)
        } else {
          json.remove(row.id)
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
    _ text: String, _ setting: Setting, _ place: UsageError.Place
  ) throws(UsageError) -> JSONValue? {
    if text.isEmpty { return nil }
    switch setting.kind {
    case .text, .choice, .file, .secret: return .string(text)
    // Text that is not a number stays text, and the reader says what is expected.
    case .seconds: return Int64(text).map { .number(JSONNumber($0)) } ?? .string(text)
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

  /// The row that an error is about; nil if it is about none.
  static func row(of error: UsageError) -> String? {
    if error.kind == .secretWithoutConsent { return consentID }
    guard let keys = error.place?.keys, let first = keys.first else { return nil }
    if keys.count == 1 {
      return Setting.option(first)?.profileKey ?? (first == nameID ? first : nil)
    }
    guard keys.count > 2 else { return nameID }
    return keys[2] == secretID && keys.count > 3 ? secretValueID : keys[2]
  }

  /// The error with its place inside the profile, as the form shows one profile only.
  static func inProfile(_ error: UsageError) -> UsageError {
    guard let place = error.place, place.keys.count > 2 else { return error }
    var error = error
    error.place = UsageError.Place(Array(place.keys.dropFirst(2)))
    return error
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
    for need in preset.needs where !need.hasDefault {
      if let row = need.setting.profileKey, form.value(row).isEmpty {
        return ProfileForm.Fault(
          row: row, message: "\(preset.title) needs \(row), such as \(need.example).",
          isStrict: false)
      }
    }
    return nil
  }

  private static let byLength = Setting.profileSettings.filter { !$0.name.isEmpty }
    .sorted { $0.name.utf8.count > $1.name.utf8.count }

  /// A text about options in the words of the form: `client_id` for `--client-id`.
  static func inForm(_ text: String) -> String {
    byLength.reduce(text) { $0.replacing(bytes: $1.name, with: $1.profileKey ?? "") }
  }

  /// Shows and hides the rows that depend on others, and shows the values of a preset.
  static func arrange(_ form: inout ProfileForm) {
    let preset = ProviderPreset(rawValue: form.value("preset"))
    let kind = form.value(secretID)
    let isApple = preset == .apple || !form.value("apple_key_file").isEmpty
    for index in form.rows.indices {
      let row = form.rows[index]
      switch row.id {
      case "domain", "realm", "tenant":
        let need = preset?.needs.first { $0.setting.profileKey == row.id }
        form.rows[index].isShown = need != nil || !row.value.isEmpty
        form.rows[index].placeholder = need.map { "such as \($0.example)" } ?? ""
      case secretValueID:
        form.rows[index].isShown = !kind.isEmpty
        form.rows[index].kind = kind == "value" ? .secret : .text
      case "apple_key_file", "apple_team", "apple_key_id":
        form.rows[index].isShown = isApple || !row.value.isEmpty
      case consentID: form.rows[index].isShown = kind == "value"
      case "issuer": form.rows[index].placeholder = issuer(preset, form)
      case "scope":
        let framework = FrameworkPreset(rawValue: form.value("framework"))
        if let scope = framework?.scope ?? preset?.scope { form.rows[index].placeholder = scope }
      default: break
      }
    }
    form.notes = preset.map { $0.notes + ["To switch on there:"] + $0.consoleSteps } ?? []
    if let why = preset?.withoutHybrid {
      form.notes.insert("No hybrid flow here: \(why) \(ProviderPreset.insteadOfHybrid)", at: 0)
    }
    if let framework = FrameworkPreset(rawValue: form.value("framework")) {
      form.notes +=
        ["\(framework.title) sends by default:"] + framework.facts
        + ["What follows:"] + framework.consequences
    }
    if preset == .apple {
      form.notes.insert(
        "Leave client_secret empty, and name apple_key_file and apple_team: each request gets a "
          + "secret of its own.", at: 0)
    } else if preset?.needs.isEmpty == true {
      form.notes.insert("Nothing else is to be named.", at: 0)
    }
  }

  private static func issuer(_ preset: ProviderPreset?, _ form: ProfileForm) -> String {
    guard let preset else { return "https://YOUR-TENANT/, exactly as the provider writes it" }
    var values: [Setting: [String]] = [:]
    for setting in [Setting.domain, .realm, .tenant] {
      let value = form.value(setting.profileKey ?? "")
      if !value.isEmpty { values[setting] = [value] }
    }
    let invocation = Invocation(command: .check, values: values, operands: [])
    return (try? preset.issuer(invocation)) ?? preset.issuerShape
  }
}
