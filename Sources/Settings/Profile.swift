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
    try self.init(name: name, json: json, place: Self.place(of: name))
  }

  /// The place of a profile, or of a setting in it.
  package static func place(of name: String, _ keys: String..., file: String? = nil)
    -> UsageError.Place
  {
    UsageError.Place(file: file, ["profiles", name] + keys)
  }

  init(name: String, json: JSONValue, place: UsageError.Place) throws(UsageError) {
    let isUsable = name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } && !name.begins(with: "-")
    guard !name.isEmpty, name.utf8.count <= Self.nameBytes, isUsable else {
      throw place.fault("has no usable name: 1 to \(Self.nameBytes) bytes without blanks")
    }
    self.name = name
    self.json = json
    for member in try place.members(json) {
      let place = place.below(member.name)
      guard let setting = Setting.inProfile(member.name) else {
        throw place.unknown(member.name, Setting.profileSettings.compactMap(\.profileKey))
      }
      try Self.check(member.value, setting, place)
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
    _ value: JSONValue, _ setting: Setting, _ place: UsageError.Place
  ) throws(UsageError) {
    switch setting.kind {
    case .text, .choice, .file:
      guard value.string?.isEmpty == false else {
        throw place.fault("is a text, not \(place.kind(of: value))")
      }
    case .seconds:
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
    _ value: JSONValue, _ place: UsageError.Place
  ) throws(UsageError) -> ClientSecretOrigin {
    let known = ClientSecretOrigin.members + [ClientSecretOrigin.consent]
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
    guard origins.count == 1, let member = origins.first, let text = member.value.string,
      let origin = ClientSecretOrigin(member: member.name, text: text, at: place)
    else {
      throw place.fault("names one of env, file and command")
    }
    if case .value = origin.source, value[ClientSecretOrigin.consent]?.bool != true {
      throw place.fault(
        "holds the secret itself. Name an env, file or command; or, if anyone who gets hold of "
          + "this file may have it, add \"\(ClientSecretOrigin.consent)\": true",
        .secretWithoutConsent)
    }
    return origin
  }

  /// Where the client secret comes from; nil when the profile does not say.
  public var clientSecret: ClientSecretOrigin.Source? { secretOrigin()?.source }

  /// The same, with its place in the file, and an absolute file name.
  func secretOrigin(in file: SettingsFile? = nil) -> ClientSecretOrigin? {
    guard let value = json["client_secret"] else { return nil }
    let place = Self.place(of: name, "client_secret", file: file?.path)
    guard var origin = try? Self.secret(value, place) else { return nil }
    if case .file(let path) = origin.source { origin.source = .file(file?.absolute(path) ?? path) }
    return origin
  }

  /// The settings as values of options, with absolute file names.
  func optionValues(file: (String) -> String) -> [Setting: [String]] {
    var values: [Setting: [String]] = [:]
    for member in json.members ?? [] {
      guard let setting = Setting.inProfile(member.name) else { continue }
      let texts: [String]
      switch setting.kind {
      case .text, .choice: texts = [member.value.string ?? ""]
      case .file: texts = [file(member.value.string ?? "")]
      case .seconds: texts = member.value.integer.map { [String($0)] } ?? []
      case .flag(let given): texts = member.value.bool == given ? [""] : []
      case .texts: texts = member.value.strings ?? []
      case .object: texts = [member.value.compactText]
      case .parameters:
        texts = (member.value.members ?? []).map { "\($0.name)=\($0.value.string ?? "")" }
      case .secret: texts = []
      }
      if !texts.isEmpty { values[setting] = texts }
    }
    return values
  }
}

/// A place in the settings file.
extension UsageError.Place {
  package func fault(_ rule: String, _ kind: UsageError.Kind = .input) -> UsageError {
    UsageError(at: self, (keys.isEmpty ? " it" : "") + " \(rule).", kind)
  }

  func unknown(_ name: String, _ known: [String]) -> UsageError {
    let hint = Spelling.nearest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
    return UsageError(
      at: self,
      " is no setting.\(hint) The settings here are \(known.joined(separator: ", ")).")
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
