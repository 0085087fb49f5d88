import Glibc
import OpenID

/// A mistake on the command line or in a file that it names; exit code 2.
public struct UsageError: Error, Sendable, Equatable {
  /// What is wrong, with option and value, and what to do.
  public var message: String
  /// Whether it is a fault of the machine, such as a full disk, and not of what was asked for.
  public var isOfMachine = false

  /// Makes a fault.
  public init(_ message: String) { self.message = message }

  /// Makes a fault that the system gave this number.
  public init(_ message: String, errno: Int32) {
    self.message = message
    isOfMachine = Self.machineErrors.contains(errno)
  }

  /// The system's errors for which no other name or option helps.
  private static let machineErrors: Set<Int32> = [
    ENOSPC, EDQUOT, EFBIG, EIO, ENOMEM, EMFILE, ENFILE,
  ]
}

/// The exit codes that are no failure of a flow.
public enum ExitCode {
  /// Everything went well.
  public static let success: Int32 = 0
  /// A fault of the program or the machine.
  public static let machine: Int32 = 1
  /// Usage, settings, or a terminal that cannot be used.
  public static let usage: Int32 = 2
}
