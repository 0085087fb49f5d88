import OpenID
import Platform

/// What a person can set: by an option of the command line, in a profile, or both.
///
/// One row of the table from which parser, help, manual, completion, profiles and their form are
/// made.
public struct Setting: Sendable, Hashable {
  /// The kind of a value: how it is read, written in a profile, and typed in a form.
  public enum Kind: Sendable, Equatable {
    /// Given or not. In a profile `true` or `false`; the option stands for the value `given`.
    case flag(given: Bool)
    /// A text.
    case text
    /// One of these words.
    case choice([String])
    /// A whole number of seconds, and the one that applies by default.
    case seconds(ClosedRange<Int64>, usual: Int64?)
    /// An array of texts; the option is repeated.
    case texts
    /// Any JSON object; the option takes it as one text.
    case object
    /// An object of texts; the option is repeated as `NAME=VALUE`.
    case parameters
    /// Where the client secret comes from: ``ClientSecretOrigin``.
    case secret
    /// A file. In a profile relative to the settings' folder, or to the home folder with `~/`.
    case file
  }

  /// What applies when nothing is given.
  public enum Usual: Sendable, Equatable {
    /// This value.
    case value(String)
    /// What these words say.
    case words(String)
  }

  /// The headings of the help.
  public enum Group: String, Sendable, CaseIterable {
    case connection = "Connection"
    case request = "Request"
    case client = "Client"
    case limits = "Limits"
    case output = "Output"
    case browser = "Browser"
    case export = "Export"
    case lab = "Lab"
    case workshop = "Workshop"
    case application = "Application under test"
    case tenant = "Tenant"
    case general = "General"
  }

  /// The option with its dashes; empty for what only profiles have.
  public let name: String
  /// The name of its value in the help; nil for an option without a value.
  public let argument: String?
  /// The heading in the help.
  public let group: Group
  /// The commands that have the option.
  public let commands: Set<Subcommand>
  /// The kind of its value.
  public let kind: Kind
  /// The name in a profile, and in its form; nil when profiles do not have it.
  public let profileKey: String?
  /// Whether the option may be given more than once.
  public let isRepeatable: Bool
  /// What applies when nothing is given; nil when nothing does.
  public let usual: Usual?
  /// The value that the option means when it stands alone; nil for one that needs a value.
  ///
  /// Only for a ``Kind/choice(_:)``: the next word is its value if it is one of the words.
  public let alone: String?
  private let suggested: ValueKind?
  /// What it does.
  private let text: String

  init(
    _ name: String, _ argument: String?, _ group: Group, _ commands: Set<Subcommand>,
    _ kind: Kind, profile: String? = nil, repeatable: Bool = false,
    usual: Usual? = nil, suggests suggested: ValueKind? = nil, alone: String? = nil,
    _ text: String
  ) {
    self.name = name
    self.argument = argument
    self.group = group
    self.commands = commands
    self.kind = kind
    profileKey = profile
    isRepeatable = repeatable
    self.suggested = suggested
    self.alone = alone
    self.text = text
    if case .seconds(_, let seconds?) = kind {
      self.usual = .value(String(seconds))
    } else {
      self.usual = usual
    }
  }

  /// Makes an option without a value; `given` is what it means in a profile.
  init(
    _ name: String, _ group: Group, _ commands: Set<Subcommand>, given: Bool = true,
    profile: String? = nil, _ text: String
  ) {
    self.init(name, nil, group, commands, .flag(given: given), profile: profile, text)
  }

  /// The help: what it does, and in parentheses what applies when nothing is given.
  public var help: String {
    switch usual {
    case .value(let value)?: text + (value.holds(" ") ? " ('\(value)')" : " (\(value))")
    case .words(let words)?: text + " (\(words))"
    case nil: text
    }
  }

  /// The value that applies when nothing is given; nil when there is none.
  public var usualValue: String? {
    if case .value(let value)? = usual { value } else { nil }
  }

  /// What the shells complete; nil for an option without a value.
  public var values: ValueKind? {
    if let suggested { return suggested }
    switch kind {
    case .flag: return nil
    case .choice(let words): return .words(words)
    case .file: return .file
    case .text, .seconds, .texts, .object, .parameters, .secret: return .free
    }
  }

  /// How an error names the option.
  package var place: UsageError.Place { .init([name]) }

  /// Whether both are the same setting.
  public static func == (left: Setting, right: Setting) -> Bool {
    left.name.isIdentical(to: right.name)
  }

  /// Hashes the option's name; only one setting has none.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The options of a command in the order of the table.
  public static func options(of command: Subcommand) -> [Setting] {
    options.filter { $0.commands.contains(command) }
  }

  /// The option of this name, with its dashes.
  package static func option(_ name: String) -> Setting? { options.first { $0.name == name } }

  /// The setting of this name in a profile.
  package static func inProfile(_ key: String) -> Setting? {
    profileSettings.first { $0.profileKey == key }
  }
}

extension UsageError {
  /// Makes an error about an option; the reason follows its name.
  init(at setting: Setting, _ reason: String) {
    self.init(at: setting.place, reason)
  }
}
