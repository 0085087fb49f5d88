import OpenID
import Platform

/// Where a client secret comes from, whoever names it: an option, a profile, or the environment.
public struct ClientSecretOrigin: Sendable, Equatable {
  /// The kinds of origins, each with what it is found by.
  public enum Source: Sendable, Equatable {
    /// The environment variable of this name.
    case environment(String)
    /// A file.
    case file(String)
    /// The first line that a command prints.
    case command(String)
    /// The settings file itself; then only its owner may be able to read it.
    case value(Secret)
  }

  /// Where it comes from.
  public var source: Source
  /// The option or setting that says so, for messages.
  public var place: UsageError.Place

  /// Makes an origin.
  public init(_ source: Source, at place: UsageError.Place) {
    (self.source, self.place) = (source, place)
  }

  /// The members of a profile's `client_secret` that name an origin.
  package static let members = ["env", "file", "command", "value"]
  /// The member that confirms that the secret may be in the file.
  public static let consent = "i_know_this_is_readable"

  /// The origin that a member of a profile names; nil for another member.
  init?(member: String, text: String, at place: UsageError.Place) {
    switch member {
    case "env": source = .environment(text)
    case "file": source = .file(text)
    case "command": source = .command(text)
    case "value": source = .value(Secret(text))
    default: return nil
    }
    self.place = place
  }
}
