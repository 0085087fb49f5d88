/// What people want of the program: commands and the explorer's palette are grouped by it.
///
/// The text is the group's name wherever it stands; the order is the order of the groups.
public enum Purpose: String, Sendable, Hashable, CaseIterable {
  /// Look at a login, stage by stage.
  case see = "See a login"
  /// Find out why a login fails.
  case diagnose = "Find what is wrong"
  /// Hold an application of one’s own against the demo tenant and its faults.
  case test = "Test an application"
  /// Show others how the flow works, and how it is attacked.
  case teach = "Teach"
  /// Keep a run, and give it to others.
  case keep = "Keep and hand on"
  /// What concerns the program itself.
  case housekeeping = "Housekeeping"

  /// The group's name.
  public var title: String { rawValue }
}
