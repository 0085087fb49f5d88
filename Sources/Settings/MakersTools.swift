/// What serves those who build the program: it works, and no help lists it. Sources/README.md does.
extension Subcommand {
  /// Whether only the makers of the program need it.
  public var isForMakers: Bool { self == .screenshots }

  /// The commands that help, manual and completion list.
  public static let listed = allCases.filter { !$0.isForMakers }
}

extension Setting {
  /// Whether only the makers of the program need it.
  public var isForMakers: Bool { self == .make }

  /// The options that help, manual and completion list.
  public static let listed = options.filter { !$0.isForMakers }

  /// The options of a command that its help lists.
  public static func listed(for command: Subcommand) -> [Setting] {
    options(of: command).filter { !$0.isForMakers }
  }
}
