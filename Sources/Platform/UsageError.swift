import Glibc
import OpenID

/// An error on the command line or in a file that it names; exit code 2.
public struct UsageError: Error, Sendable, Equatable {
  /// What is wrong, with option and value, and what to do.
  public var message: String
  /// Whether the machine is the cause, such as a full disk, and not the user's input.
  public var isOfMachine = false

  /// Makes an error with this message.
  public init(_ message: String) { self.message = message }

  /// Makes an error from the system's error number.
  public init(_ message: String, errno: Int32) {
    self.message = message
    isOfMachine = Self.machineErrors.contains(errno)
  }

  /// The system's errors that another file name or option does not help against.
  private static let machineErrors: Set<Int32> = [
    ENOSPC, EDQUOT, EFBIG, EIO, ENOMEM, EMFILE, ENFILE,
  ]
}
