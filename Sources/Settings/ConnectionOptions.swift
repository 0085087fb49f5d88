import DemoTenant
import HybridFlow
import OpenID
import Platform

/// The flow that the command line asks for.
public struct Connection: Sendable {
  /// The flow's configuration; for the demo tenant the issuer is filled in when it has started.
  public var configuration: FlowConfiguration
  /// The session's options.
  public var session: SessionOptions
  /// Whether the tenant is the built-in demo tenant.
  public var isDemo: Bool
  /// A client secret for the demo tenant that differs from the registered one, if given.
  public var demoSecret: Secret?
  /// Whether a real browser is used with the demo tenant.
  public var usesRealBrowser: Bool
  /// What the person should know although the flow can start; sentences.
  public var warnings: [String] = []

  /// Makes a connection.
  public init(
    configuration: FlowConfiguration, session: SessionOptions, isDemo: Bool,
    demoSecret: Secret? = nil, usesRealBrowser: Bool, warnings: [String] = []
  ) {
    self.configuration = configuration
    self.session = session
    self.isDemo = isDemo
    self.demoSecret = demoSecret
    self.usesRealBrowser = usesRealBrowser
    self.warnings = warnings
  }

  /// The default redirect URI for a real tenant.
  static let defaultRedirectURI = "http://localhost:8910/callback"
  /// The redirect URI for the demo tenant: any free port.
  static let demoRedirectURI = "http://localhost:0/callback"

  /// Reads the options of a connection, after its profile and preset have filled them in.
  ///
  /// - Parameter needsSecret: Whether a client secret is required; an inspection needs none.
  public static func read(
    _ invocation: Invocation, secrets: ClientSecretSource, needsSecret: Bool = true
  ) throws(UsageError) -> Connection {
    let completed = try invocation.completed(by: SettingsFile(environment: secrets.environment))
    do throws(UsageError) {
      return try read(completed: completed.withPreset(), secrets, needsSecret: needsSecret)
    } catch {
      throw completed.placed(error)
    }
  }

  /// Reads the options of a connection that are already filled in.
  public static func read(
    completed invocation: Invocation, _ secrets: ClientSecretSource, needsSecret: Bool
  ) throws(UsageError) -> Connection {
    let reader = ConnectionReader(invocation: invocation)
    let isDemo = invocation["--issuer"] == nil
    if isDemo, let (option, _) = ExplicitEndpoints.options.first(where: { invocation.has($0.0) }) {
      throw UsageError("\(option) needs --issuer URL: what ID tokens from there have as iss.")
    }
    if isDemo, invocation.has("--client-id") {
      throw UsageError("--client-id needs --issuer URL: the demo tenant knows its own client only.")
    }
    let issuer = isDemo ? try reader.demoIssuer() : try reader.issuer()
    guard let clientID = invocation["--client-id"] ?? (isDemo ? TenantSettings.demoClientID : nil),
      !clientID.isEmpty
    else {
      throw UsageError("--issuer needs --client-id ID as well: the id of your application there.")
    }
    let redirectURI = try reader.redirectURI(
      or: isDemo ? Self.demoRedirectURI : Self.defaultRedirectURI)
    var configuration = FlowConfiguration(
      issuer: issuer, clientID: clientID, clientSecret: nil, redirectURI: redirectURI,
      responseType: try reader.responseType())
    try reader.fill(&configuration, isDemo: isDemo)
    configuration.explicitMetadata = try ExplicitEndpoints.metadata(
      reader, issuer: issuer, type: configuration.responseType)
    var session = SessionOptions()
    session.clientKey = try reader.clientKey(&configuration)
    session.timeoutSeconds = Int(try reader.seconds("--timeout", or: 15, in: 1...3600))
    session.environment = secrets.environment
    session.secretVariables = secrets.variables
    if case .environment(let name)? = invocation.secretOrigin { secrets.variables.learn(name) }
    secrets.variables.learn(SettingsFile(environment: secrets.environment).secretVariables)
    session.opensBrowser = !invocation.has("--no-browser")
    if let path = invocation["--ca"] {
      _ = try SystemFiles.read(path, option: "--ca", limitBytes: 4 * 1024 * 1024)
      session.caFile = path
    }
    var connection = Connection(
      configuration: configuration, session: session, isDemo: isDemo, demoSecret: nil,
      usesRealBrowser: invocation.has("--browser") || (isDemo && invocation.has("--no-browser")))
    if connection.usesRealBrowser { connection.configuration.userAgent = .external }
    try connection.findSecret(invocation, secrets, isNeeded: needsSecret)
    return connection
  }

  private mutating func findSecret(
    _ invocation: Invocation, _ source: ClientSecretSource, isNeeded: Bool
  ) throws(UsageError) {
    let isPublic = configuration.clientAuthentication == ClientAuthenticationMethod.none
    // The variable is meant for the person's own tenant: the demo tenant has its own secret.
    let named = try source.named(by: invocation, usesEnvironment: !isDemo && !isPublic)
    if isDemo {
      demoSecret = named
      return
    }
    if isPublic {
      guard named == nil else {
        throw UsageError("--client-auth none is for clients without a secret: leave one out.")
      }
      return
    }
    let hasKey = configuration.clientKey != nil
    let method = configuration.clientAuthentication
    guard isNeeded, !(named == nil && hasKey && (method == nil || method == .privateKeyJWT)) else {
      configuration.clientSecret = named
      warn(about: invocation.withheld, instead: named)
      return
    }
    let answer = named == nil ? source.ask?(question(invocation.withheld)) : nil
    guard let secret = named ?? answer.map(Secret.init) else {
      if let withheld = invocation.withheld, !withheld.isReplaced {
        throw UsageError("\(withheld.words). \(WithheldSecret.advice).")
      }
      throw UsageError(
        "There is no client secret. Set \(ClientSecretSource.variable), give "
          + "--client-secret-file FILE or --client-secret-command 'COMMAND', sign with "
          + "--client-key FILE, or say --client-auth none for a public client.")
    }
    configuration.clientSecret = secret
    if named != nil { warn(about: invocation.withheld, instead: named) }
  }

  private func question(_ withheld: WithheldSecret?) -> String {
    let why = withheld.map { "\(HarmlessText.line($0.words)).\n" } ?? ""
    return why + "Client secret of \(HarmlessText.line(configuration.clientID)): "
  }

  private mutating func warn(about withheld: WithheldSecret?, instead secret: Secret?) {
    guard let withheld, !withheld.isReplaced else { return }
    let instead =
      secret == nil
      ? "\(WithheldSecret.advice)."
      : "\(ClientSecretSource.variable) is used; see to it that it is for the other one."
    warnings.append("\(withheld.words). \(instead)")
  }
}

/// Reads the values of a connection's options one by one.
public struct ConnectionReader: Sendable {
  let invocation: Invocation

  /// Makes a reader of connection options.
  public init(
    invocation: Invocation
  ) {
    self.invocation = invocation
  }

  /// The client authentication methods by their names on the command line.
  public static let clientAuthentication: [(String, ClientAuthenticationMethod?)] = [
    ("auto", nil), ("basic", .basic), ("post", .post), ("private_key_jwt", .privateKeyJWT),
    ("none", ClientAuthenticationMethod.none),
  ]

  func demoIssuer() throws(UsageError) -> WebURL {
    try url("http://localhost/", option: "--issuer")
  }

  package func issuer() throws(UsageError) -> WebURL {
    let issuer = try url(invocation["--issuer"] ?? "", option: "--issuer")
    guard issuer.isHTTPS || issuer.isLoopback else {
      throw UsageError(
        "--issuer \(issuer): plain http is for this machine only. Use https.")
    }
    guard issuer.query == nil, issuer.fragment == nil else {
      throw UsageError("--issuer \(issuer): an issuer has neither query nor fragment.")
    }
    return issuer
  }

  func redirectURI(or usual: String) throws(UsageError) -> WebURL {
    let uri = try url(invocation["--redirect-uri"] ?? usual, option: "--redirect-uri")
    guard !uri.isHTTPS, uri.isLoopback, uri.fragment == nil else {
      throw UsageError(
        "--redirect-uri \(uri): the answer arrives at this machine. "
          + "Use http://localhost:PORT/PATH, http://127.0.0.1:PORT/PATH or http://[::1]:PORT/PATH.")
    }
    return uri
  }

  package func responseType() throws(UsageError) -> ResponseType {
    guard let words = invocation["--response-type"] else { return .codeIDToken }
    guard let type = ResponseType(words: words) else {
      let known = ResponseType.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw UsageError("--response-type '\(words)' is none of the hybrid flow. Use \(known).")
    }
    return type
  }

  package func url(_ text: String, option: String) throws(UsageError) -> WebURL {
    do throws(WebURLError) {
      return try WebURL(text)
    } catch {
      throw UsageError("\(option) \(text): \(error.words). Give a URL like https://host/path.")
    }
  }

  package func seconds(
    _ option: String, or usual: Int64, in range: ClosedRange<Int64>
  ) throws(UsageError) -> Int64 {
    guard let text = invocation[option] else { return usual }
    guard let number = Int64(text), range.contains(number) else {
      throw UsageError(
        "\(option) \(text): give whole seconds from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  func choice<Value>(
    _ option: String, _ choices: [(String, Value)]
  ) throws(UsageError) -> Value? {
    guard let text = invocation[option] else { return nil }
    guard let found = choices.first(where: { $0.0 == text }) else {
      let names = choices.map(\.0).joined(separator: ", ")
      throw UsageError("\(option) \(text): it is one of \(names).")
    }
    return found.1
  }

  func fill(_ configuration: inout FlowConfiguration, isDemo: Bool) throws(UsageError) {
    if isDemo {
      configuration.scope = TenantSettings.demoScopes + ["offline_access"]
      configuration.audience = TenantSettings.demoAudience
      configuration.alsoUserinfo = true
      configuration.observesTenant = true
      configuration.userAgent = .builtIn
    }
    if let scope = invocation["--scope"] {
      let words = scope.split(at: " ").map(String.init)
      let allowed = words.allSatisfy { word in
        word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
      }
      guard !words.isEmpty, allowed else {
        throw UsageError("--scope '\(scope)': give scopes separated by spaces, such as 'openid'.")
      }
      configuration.scope = words
    }
    if let audience = invocation["--audience"] { configuration.audience = audience }
    if let text = invocation["--api"] {
      let api = try url(text, option: "--api")
      guard api.isHTTPS || api.isLoopback else {
        throw UsageError("--api \(api): plain http is for this machine only. Use https.")
      }
      configuration.apiURL = api
      configuration.alsoUserinfo = false
    }
    if invocation.has("--userinfo") { configuration.alsoUserinfo = true }
    configuration.responseMode =
      try choice("--response-mode", ResponseMode.allCases.map { ($0.rawValue, $0) }) ?? .formPost
    configuration.clientAuthentication =
      try choice("--client-auth", Self.clientAuthentication) ?? nil
    configuration.idTokenAlgorithm =
      try choice("--id-token-alg", SignatureAlgorithm.allCases.map { ($0.rawValue, $0) }) ?? .rs256
    configuration.usesPKCE = !invocation.has("--no-pkce")
    configuration.signOnOnly = invocation.has("--sign-on-only")
    configuration.exchangesAtOnce = invocation.has("--exchange-at-once")
    configuration.clockSkewSeconds = try seconds("--clock-skew", or: 60, in: 0...3600)
    configuration.callbackWaitSeconds = try seconds("--wait", or: 300, in: 1...86_400)
    try fillRequest(&configuration)
  }
}

extension WebURLError {
  /// What is wrong with the text, in words.
  var words: String {
    switch self {
    case .tooLong(let bytes): "it has \(bytes) bytes, more than \(Limit.urlBytes)"
    case .forbiddenByte(_, let offset): "a character at offset \(offset) cannot stand in a URL"
    case .unsupportedScheme: "it does not begin with https:// or http://"
    case .badHost: "its host is no host name"
    case .badPort: "its port is no number from 0 to 65535"
    case .userInformation: "it has a user name or password in front of the host"
    case .queryOrFragment: "it has a query or a fragment"
    }
  }
}
