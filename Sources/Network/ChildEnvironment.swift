import Glibc

/// The environment of a child process; all of it is decided here.
///
/// A variable with a client secret is for this program alone. A browser or a clipboard program may
/// run for hours, and any user who may inspect a process can read its environment.
public struct ChildEnvironment: Sendable, Equatable {
  /// Whether programs are started as root, which some refuse without a word from the person.
  public static var isOfRoot: Bool { geteuid() == 0 }

  /// The variables for the child; its `PATH` is also used to find programs.
  public let variables: [String: String]

  /// An environment without the variables of these names and without copies of their values.
  public init(_ own: [String: String], without names: Set<String>) {
    let secrets = Set(names.compactMap { own[$0] }.filter { $0.utf8.count >= Self.secretBytes })
    variables = own.filter { !names.contains($0.key) && !secrets.contains($0.value) }
  }

  private init(all variables: [String: String]) { self.variables = variables }

  /// The path of a program in its `PATH`, as a shell would find it; nil where there is none.
  public func path(of program: String) -> String? {
    ChildProcess.find(program, variables["PATH"])
  }

  /// The same with these variables in the place of their like.
  public func setting(_ others: [String: String]) -> ChildEnvironment {
    ChildEnvironment(all: variables.merging(others) { $1 })
  }

  /// The whole environment, only for the secret command, which may need one secret to get another.
  public static func ofSecretCommand(_ own: [String: String]) -> ChildEnvironment {
    ChildEnvironment(all: own)
  }

  /// Shorter values are withheld by name only: they occur in many ordinary variables.
  static let secretBytes = 8
}
