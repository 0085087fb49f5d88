import OpenID
import Platform

/// The content of the settings file.
public struct Settings: Sendable, Equatable {
  /// The theme's name or file; nil for the default.
  public var theme: String?
  /// `unicode` or `ascii`.
  public var glyphs: String?
  /// Whether the mouse is used.
  public var mouse: Bool?
  /// `auto`, `never`, `16` or `256`.
  public var color: String?
  /// The keys of commands that differ from the default, in the file's order.
  public var keys: [(command: String, keys: [String])]
  /// The connections, in the file's order.
  public var profiles: [Profile]

  /// Makes the settings of an empty file.
  public init() {
    keys = []
    profiles = []
  }

  /// The profile of this name.
  public func profile(_ name: String) -> Profile? {
    profiles.first { $0.name.isIdentical(to: name) }
  }

  /// Whether both are equal.
  public static func == (left: Settings, right: Settings) -> Bool {
    left.theme == right.theme && left.glyphs == right.glyphs && left.mouse == right.mouse
      && left.color == right.color && left.profiles == right.profiles
      && left.keys.elementsEqual(right.keys) { $0.command == $1.command && $0.keys == $1.keys }
  }

  /// The names at the top of the file.
  static let names = ["theme", "glyphs", "mouse", "color", "keys", "profiles"]
  /// The most profiles of a file.
  static let profilesMaximum = 500

  /// Reads the file's JSON, strictly.
  init(_ json: JSONValue, path: String) throws(UsageError) {
    self.init()
    let root = UsageError.Place(file: path, [])
    for member in try root.members(json) {
      let place = root.below(member.name)
      switch member.name {
      case "theme": theme = try Self.text(member.value, place)
      case "glyphs": glyphs = try Self.choice(member.value, ["unicode", "ascii"], place)
      case "color": color = try Self.choice(member.value, ["auto", "never", "16", "256"], place)
      case "mouse":
        guard let flag = member.value.bool else {
          throw place.fault("is true or false, not \(place.kind(of: member.value))")
        }
        mouse = flag
      case "keys":
        for key in try place.members(member.value) {
          keys.append((key.name, try Self.keyNames(key.value, place.below(key.name))))
        }
      case "profiles":
        let members = try place.members(member.value)
        guard members.count <= Self.profilesMaximum else {
          throw place.fault("has more than \(Self.profilesMaximum) profiles")
        }
        for profile in members {
          profiles.append(
            try Profile(name: profile.name, json: profile.value, place: place.below(profile.name)))
        }
      default: throw place.unknown(member.name, Self.names)
      }
    }
  }

  private static func text(
    _ json: JSONValue, _ place: UsageError.Place
  ) throws(UsageError) -> String {
    guard let text = json.string, !text.isEmpty else {
      throw place.fault("is a text, not \(place.kind(of: json))")
    }
    return text
  }

  private static func choice(
    _ json: JSONValue, _ choices: [String], _ place: UsageError.Place
  ) throws(UsageError) -> String {
    let text = json.string ?? json.number?.literal
    guard let text, choices.contains(text) else {
      throw place.fault("is one of \(choices.joined(separator: ", "))")
    }
    return text
  }

  private static func keyNames(
    _ json: JSONValue, _ place: UsageError.Place
  ) throws(UsageError) -> [String] {
    if let text = json.string, !text.isEmpty { return [text] }
    guard let texts = json.strings, !texts.isEmpty, texts.allSatisfy({ !$0.isEmpty }) else {
      throw place.fault("is a key or an array of keys, not \(place.kind(of: json))")
    }
    return texts
  }
}
