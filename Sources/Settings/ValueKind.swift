/// The kind of a value; the shells complete it.
public enum ValueKind: Sendable, Equatable {
  /// Any text: a URL, a number, a name that only the person knows.
  case free
  /// One of these words.
  case words([String])
  /// Some of these words, separated by commas.
  case list([String])
  /// A file.
  case file
  /// A file or a folder to write to.
  case folder
  /// A profile of the settings file.
  case profile
  /// A preset for a provider.
  case preset
  /// A theme by name or file.
  case theme
  /// A fault of the lab.
  case fault
  /// A fault that the tenant commits.
  case tenantFault
  /// A check.
  case check
  /// A recording by name or file.
  case recording
  /// A form of export.
  case format
  /// A command, or a preset.
  case topic
}
