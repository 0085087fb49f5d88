import Glibc
import OpenID

/// An error on the command line or in a file that it names; exit code 2.
///
/// Where it is and of what kind it is are data: nobody has to look for them in the sentence.
public struct UsageError: Error, Sendable, Equatable {
  /// What an error is about: an option, or a setting in a file.
  public struct Place: Sendable, Equatable, ExpressibleByStringLiteral {
    /// The settings file; nil on the command line.
    public var file: String?
    /// The option, or the names that lead to the setting, outermost first.
    public var keys: [String]

    /// Makes a place.
    public init(file: String? = nil, _ keys: [String]) { (self.file, self.keys) = (file, keys) }

    /// Makes the place of an option.
    public init(stringLiteral option: String) { self.init([option]) }

    /// The setting of this name inside this one.
    public func below(_ key: String) -> Place { Place(file: file, keys + [key]) }

    /// How messages name it.
    public var text: String {
      let name = keys.joined(separator: ".")
      guard let file else { return name }
      return name.isEmpty ? "\(file):" : "\(file): \(name)"
    }
  }

  /// The errors that are handled in a way of their own.
  public enum Kind: Sendable, Equatable {
    /// What the user gave.
    case input
    /// The machine, such as a full disk.
    case machine
    /// The file to be written exists.
    case fileExists
    /// A profile holds the client secret itself, and does not say that this is meant.
    case secretWithoutConsent
  }

  /// What it is about; nil when the message alone says so.
  public var place: Place?
  /// What is wrong and what to do; it follows the place's name.
  public let reason: String
  /// The kind.
  public let kind: Kind

  /// Makes an error with this message.
  public init(_ message: String, _ kind: Kind = .input) {
    (place, reason, self.kind) = (nil, message, kind)
  }

  /// Makes an error about a place; the reason begins with what follows the place's name.
  public init(at place: Place, _ reason: String, _ kind: Kind = .input) {
    (self.place, self.reason, self.kind) = (place, reason, kind)
  }

  /// Makes an error from the system's error number.
  public init(_ message: String, errno: Int32) {
    self.init(message, Self.kind(of: errno))
  }

  /// Makes an error about a place from the system's error number.
  public init(at place: Place, _ reason: String, errno: Int32) {
    self.init(at: place, reason, Self.kind(of: errno))
  }

  /// What is wrong, with option and value, and what to do.
  public var message: String { (place?.text ?? "") + reason }

  private static func kind(of errno: Int32) -> Kind {
    machineErrors.contains(errno) ? .machine : .input
  }

  /// The system's errors that another file name or option does not help against.
  private static let machineErrors: Set<Int32> = [
    ENOSPC, EDQUOT, EFBIG, EIO, ENOMEM, EMFILE, ENFILE,
  ]
}
