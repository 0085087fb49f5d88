/// The version of the program.
public enum ProgramVersion {
  /// Major, minor and patch.
  public static let text = "0.1.0"
  /// The day of that version, for the manual page; to be changed together with it.
  public static let date = "2026-11-24"
}
