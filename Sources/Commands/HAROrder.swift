import OpenID
import Platform
import Settings

/// The options that say what of a HAR is meant.
public struct HAROrder: Sendable {
  /// The number of the login; nil for the only one.
  public var login: Int?
  /// The file of a second HAR, of the server.
  public var serverLog: String?

  /// Reads the options of a command line.
  ///
  /// - Throws: ``UsageError`` for a number that is none.
  public init(_ invocation: Invocation) throws(UsageError) {
    serverLog = invocation[.serverLog]
    guard let text = invocation[.loginNumber] else { return }
    guard let number = Int(text), number >= 1 else {
      throw UsageError("--login \(text): give a number from 1, as the list of logins shows it.")
    }
    login = number
  }

  /// The name of an option that is given, for a file that is no HAR; nil when none is.
  public var vain: String? { login != nil ? "--login" : serverLog != nil ? "--server-log" : nil }
}
