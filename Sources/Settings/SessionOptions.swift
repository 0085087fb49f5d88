import Cryptography
import Network
import Platform

/// The options of a session besides the flow's configuration.
public struct SessionOptions: Sendable {
  /// The time limit of one request.
  public var timeoutSeconds = 15
  /// A PEM file with additional trusted certificate authorities.
  public var caFile: String?
  /// The hosts to which plain http is allowed besides this machine, in lower case.
  public var plainHTTPHosts: Set<String> = []
  /// What an https redirect URI on this machine shows to browsers.
  public var redirectCertificate = RedirectCertificate.throwAway
  /// Whether a real browser is opened; otherwise its URL is only shown.
  public var opensBrowser = true
  /// Whether the person opens the browser, once they are ready: the answer goes to another site.
  public var waitsBeforeBrowser = false
  /// The environment that names the browser.
  public var environment: [String: String] = [:]
  /// The variables that browsers and clipboard programs do not get.
  public var secretVariables = SecretVariables()
  /// The client's own key, for private_key_jwt and signed requests.
  public var clientKey: SigningKey?
  /// The client's own key for proofs of possession; nil makes one for each run that needs it.
  public var proofKey: SigningKey?
  /// The client's own keys for encrypted tokens.
  public var decryptionKeys: [DecryptionKey] = []
  /// The client's certificate with its key, for servers that ask for one; nil without one.
  public var clientIdentity: ClientIdentity?
  /// The value of the `User-Agent` header.
  public var userAgent = "hybrid-flow/\(ProgramVersion.text)"

  /// Makes the default options.
  public init() {}

  /// The options of the HTTP client.
  public var clientOptions: ClientOptions {
    var client = ClientOptions(
      timeoutSeconds: timeoutSeconds, caFile: caFile, userAgent: userAgent,
      environment: environment)
    client.plainHTTPHosts = plainHTTPHosts
    client.clientIdentities = clientIdentity.map { [$0] } ?? []
    return client
  }

  /// The environment of the programs that the session starts.
  public var childEnvironment: ChildEnvironment {
    secretVariables.childEnvironment(of: environment)
  }
}
