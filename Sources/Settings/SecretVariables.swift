import Network
import Synchronization

/// The environment variables that may hold a client secret; only a secret command gets them.
///
/// They are the program's own variable, those of all profiles, and the one entered in a form. Names
/// are never removed: a variable stays listed when its profile is gone.
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

  /// Withholds the variable that is now in the form, instead of the one before: a half-typed name
  /// may be the name of another variable.
  public func stands(inForm name: String?) { names.withLock { $0.typed = name } }

  /// The part of an environment that a child process gets.
  ///
  /// The settings are read again, because they may change while the program runs.
  public func childEnvironment(of environment: [String: String]) -> ChildEnvironment {
    learn(SettingsFile(environment: environment).secretVariables)
    let withheld = names.withLock { names in
      names.settled.union([names.typed].compactMap(\.self))
    }
    return ChildEnvironment(environment, without: withheld)
  }
}
