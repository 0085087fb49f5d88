/// The environment that a child process gets: the one place where that is decided.
///
/// A variable that holds a client secret is for this program alone. A browser and a clipboard
/// program live on for hours, and whoever may look at a process may read its environment.
public struct ChildEnvironment: Sendable, Equatable {
  /// The variables that the child gets; programs are looked for by their `PATH` as well.
  public let variables: [String: String]

  /// An environment without the variables of these names, nor any other that has one's value.
  public init(_ own: [String: String], without names: Set<String>) {
    let secrets = Set(names.compactMap { own[$0] }.filter { $0.utf8.count >= Self.secretBytes })
    variables = own.filter { !names.contains($0.key) && !secrets.contains($0.value) }
  }

  private init(all variables: [String: String]) { self.variables = variables }

  /// All of it, for the one program that may need a secret to find another: the secret command.
  public static func ofSecretCommand(_ own: [String: String]) -> ChildEnvironment {
    ChildEnvironment(all: own)
  }

  /// Shorter values are withheld by name alone: they stand in many innocent variables.
  static let secretBytes = 8
}
