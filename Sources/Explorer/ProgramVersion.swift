/// The version of the program.
public enum ProgramVersion {
  /// Major, minor and patch.
  public static let text = "0.1.0"
}
