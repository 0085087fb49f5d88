/// The exit codes of the program.
public enum ExitCode {
  /// Success.
  public static let success: Int32 = 0
  /// An error of the program or the machine.
  public static let machine: Int32 = 1
  /// A usage error, wrong settings, or a terminal that cannot be used.
  public static let usage: Int32 = 2
  /// A check failed.
  public static let check: Int32 = 3
  /// The provider answered with an error.
  public static let provider: Int32 = 4
  /// Network or protocol: nothing came, or nothing that can be read.
  public static let unreadable: Int32 = 5
  /// The person declined, or no answer came within the wait.
  public static let person: Int32 = 6
}
