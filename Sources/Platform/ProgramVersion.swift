/// The version of the program.
public enum ProgramVersion {
  /// Major, minor and patch.
  public static let text = "0.1.0"
  /// The release date, for the manual page; change it together with the version.
  public static let date = "2026-11-24"
}
