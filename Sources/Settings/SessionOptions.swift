import Cryptography
import Network
import Platform

/// What a session needs to know besides the flow's own configuration.
public struct SessionOptions: Sendable {
  /// For one request.
  public var timeoutSeconds = 15
  /// A PEM file whose authorities are trusted as well.
  public var caFile: String?
  /// Whether a real browser is opened; otherwise its URL is only shown.
  public var opensBrowser = true
  /// The environment in which a browser is looked for.
  public var environment: [String: String] = [:]
  /// The variables that no browser and no clipboard program gets.
  public var secretVariables = SecretVariables()
  /// The client's own key, for private_key_jwt and signed requests.
  public var clientKey: SigningKey?
  /// What the client calls itself.
  public var userAgent = "hybrid-flow/\(ProgramVersion.text)"

  /// Makes the usual options.
  public init() {}

  /// What the programs get that are started on the way.
  public var childEnvironment: ChildEnvironment {
    secretVariables.childEnvironment(of: environment)
  }
}
