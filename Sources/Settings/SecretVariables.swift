import Network
import Synchronization

/// The variables that may hold a client secret; no child process gets them but a secret command.
///
/// They are the program's own variable, those of all profiles of the settings, and the one that
/// stands in a form. The names only add up: a variable stays where it is when the profile that
/// named it is gone.
public final class SecretVariables: Sendable {
  private struct Names {
    var settled: Set<String> = [ClientSecretSource.variable]
    var typed: String?
  }

  private let names = Mutex(Names())

  /// Makes the table with the program's own variable.
  public init() {}

  /// Withholds a variable from now on.
  func learn(_ name: String) { learn([name]) }

  /// Withholds variables from now on.
  func learn(_ more: Set<String>) { names.withLock { $0.settled.formUnion(more) } }

  /// Withholds the variable that stands in a form now, in the place of what stood there before:
  /// while it is typed it may read like the name of another.
  public func stands(inForm name: String?) { names.withLock { $0.typed = name } }

  /// What a child process gets of an environment.
  ///
  /// The settings are read anew, because others may change them while the program runs.
  public func childEnvironment(of environment: [String: String]) -> ChildEnvironment {
    learn(SettingsFile(environment: environment).secretVariables)
    let withheld = names.withLock { names in
      names.settled.union([names.typed].compactMap(\.self))
    }
    return ChildEnvironment(environment, without: withheld)
  }
}
