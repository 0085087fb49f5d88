import OpenID
import Platform

/// A named connection of the settings file.
public struct Profile: Sendable, Equatable {
  /// The most bytes of a name.
  public static let nameBytes = 64

  /// The name, as `--profile` takes it.
  public let name: String
  /// The settings as in the file, in their order.
  public private(set) var json: JSONValue

  /// Makes a profile and checks its settings.
  ///
  /// - Throws: ``UsageError`` that names the setting and what it should be.
  public init(name: String, json: JSONValue) throws(UsageError) {
    try self.init(name: name, json: json, place: SettingsPlace(path: "", text: "profiles.\(name)"))
  }

  init(name: String, json: JSONValue, place: SettingsPlace) throws(UsageError) {
    let isUsable = name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } && !name.begins(with: "-")
    guard !name.isEmpty, name.utf8.count <= Self.nameBytes, isUsable else {
      throw place.fault("has no usable name: 1 to \(Self.nameBytes) bytes without blanks")
    }
    self.name = name
    self.json = json
    for member in try place.members(json) {
      let place = place.below(member.name)
      guard let field = ProfileField.named(member.name) else {
        throw place.unknown(member.name, ProfileField.all.map(\.name))
      }
      try Self.check(member.value, field, place)
    }
  }

  /// Sets a setting, or removes it with nil; a new one goes to the end.
  ///
  /// - Throws: ``UsageError`` when the value does not fit; nothing is changed then.
  public mutating func set(_ field: String, _ value: JSONValue?) throws(UsageError) {
    var json = json
    if let value { json.set(field, value) } else { json.remove(field) }
    self = try Profile(name: name, json: json)
  }

  private static func check(
    _ value: JSONValue, _ field: ProfileField, _ place: SettingsPlace
  ) throws(UsageError) {
    switch field.kind {
    case .text, .choice, .file:
      guard value.string?.isEmpty == false else {
        throw place.fault("is a text, not \(place.kind(of: value))")
      }
    case .integer:
      guard value.integer != nil else {
        throw place.fault("is a whole number, not \(place.kind(of: value))")
      }
    case .flag:
      guard value.bool != nil else {
        throw place.fault("is true or false, not \(place.kind(of: value))")
      }
    case .texts:
      guard value.strings != nil else {
        throw place.fault("is an array of texts, not \(place.kind(of: value))")
      }
    case .object: _ = try place.members(value)
    case .parameters:
      for member in try place.members(value) where member.value.string == nil {
        let place = place.below(member.name)
        throw place.fault("is a text, not \(place.kind(of: member.value))")
      }
    case .secret: _ = try secret(value, place)
    }
  }

  private static func secret(
    _ value: JSONValue, _ place: SettingsPlace
  ) throws(UsageError) -> ClientSecretOrigin {
    let known = ["env", "file", "command", "value", ClientSecretOrigin.consent]
    guard value.string == nil else {
      throw place.fault(
        "is not the secret itself but says where it comes from: {\"env\": NAME}, "
          + "{\"file\": PATH} or {\"command\": COMMAND}")
    }
    let members = try place.members(value)
    for member in members {
      let place = place.below(member.name)
      guard known.contains(member.name) else { throw place.unknown(member.name, known) }
      if member.name == ClientSecretOrigin.consent {
        guard member.value.bool != nil else {
          throw place.fault("is true or false, not \(place.kind(of: member.value))")
        }
      } else {
        guard member.value.string?.isEmpty == false else {
          throw place.fault("is a text, not \(place.kind(of: member.value))")
        }
      }
    }
    let origins = members.filter { $0.name != ClientSecretOrigin.consent }
    guard origins.count == 1, let origin = origins.first, let text = origin.value.string else {
      throw place.fault("names one of env, file and command")
    }
    switch origin.name {
    case "env": return .environment(text)
    case "file": return .file(text)
    case "command": return .command(text)
    default:
      guard value[ClientSecretOrigin.consent]?.bool == true else {
        throw place.fault(
          "holds the secret itself. Name an env, file or command; or, if whoever gets hold of "
            + "this file may have it, add \"\(ClientSecretOrigin.consent)\": true")
      }
      return .value(Secret(text))
    }
  }

  /// Where the client secret comes from; nil when the profile does not say.
  public var clientSecret: ClientSecretOrigin? {
    guard let value = json["client_secret"] else { return nil }
    return try? Self.secret(value, SettingsPlace(path: "", text: ""))
  }

  /// The settings as values of options, with absolute file names.
  func optionValues(file: (String) -> String) -> [String: [String]] {
    var values: [String: [String]] = [:]
    for member in json.members ?? [] {
      guard let field = ProfileField.named(member.name) else { continue }
      let texts: [String]
      switch field.kind {
      case .text, .choice: texts = [member.value.string ?? ""]
      case .file: texts = [file(member.value.string ?? "")]
      case .integer: texts = member.value.integer.map { [String($0)] } ?? []
      case .flag(let given): texts = member.value.bool == given ? [""] : []
      case .texts: texts = member.value.strings ?? []
      case .object: texts = [member.value.compactText]
      case .parameters:
        texts = (member.value.members ?? []).map { "\($0.name)=\($0.value.string ?? "")" }
      case .secret: texts = []
      }
      if !texts.isEmpty { values[field.option] = texts }
    }
    return values
  }
}

/// A place in the settings file, for messages.
public struct SettingsPlace: Sendable {
  let path: String
  let text: String

  /// Makes a place in the settings file.
  public init(
    path: String, text: String
  ) {
    self.path = path
    self.text = text
  }

  func below(_ name: String) -> SettingsPlace {
    SettingsPlace(path: path, text: text.isEmpty ? name : "\(text).\(name)")
  }

  package func fault(_ rule: String) -> UsageError {
    UsageError((path.isEmpty ? "" : "\(path): ") + (text.isEmpty ? "it" : text) + " \(rule).")
  }

  func unknown(_ name: String, _ known: [String]) -> UsageError {
    let hint = Spelling.nearest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
    return UsageError(
      (path.isEmpty ? "" : "\(path): ") + "\(text) is no setting.\(hint) "
        + "The settings here are \(known.joined(separator: ", ")).")
  }

  func members(_ json: JSONValue) throws(UsageError) -> [JSONMember] {
    guard let members = json.members else {
      throw fault("is a JSON object, not \(kind(of: json))")
    }
    return members
  }

  /// What kind of value was found; never the value itself, which may be a secret.
  func kind(of json: JSONValue) -> String {
    switch json {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string(let text): text.isEmpty ? "an empty text" : "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
