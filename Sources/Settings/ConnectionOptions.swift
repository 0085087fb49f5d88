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
  ///
  /// - Parameter readsFiles: Whether certificates and keys are read; without, the result can be
  ///   judged but not used.
  public static func read(
    completed invocation: Invocation, _ secrets: ClientSecretSource, needsSecret: Bool,
    readsFiles: Bool = true
  ) throws(UsageError) -> Connection {
    let reader = ConnectionReader(invocation: invocation, readsFiles: readsFiles)
    let isDemo = invocation[.issuer] == nil
    if isDemo, let endpoint = ExplicitEndpoints.settings.first(where: invocation.has) {
      throw UsageError(at: endpoint, " needs --issuer URL: what ID tokens from there have as iss.")
    }
    if isDemo, invocation.has(.clientID) {
      throw UsageError(
        at: .clientID, " needs --issuer URL: the demo tenant knows its own client only.")
    }
    let issuer = isDemo ? try reader.demoIssuer() : try reader.issuer()
    guard let clientID = invocation[.clientID] ?? (isDemo ? TenantSettings.demoClientID : nil),
      !clientID.isEmpty
    else {
      throw UsageError(
        at: .issuer, " needs --client-id ID as well: the id of your application there.")
    }
    let redirectURI = try reader.redirectURI(or: isDemo ? Self.demoRedirectURI : nil)
    var configuration = FlowConfiguration(
      issuer: issuer, clientID: clientID, clientSecret: nil, redirectURI: redirectURI,
      responseType: try reader.responseType())
    try reader.fill(&configuration, isDemo: isDemo)
    configuration.awaitsPaste = !reader.listens(at: redirectURI)
    configuration.plainHTTPHosts = try reader.plainHTTPHosts()
    configuration.explicitMetadata = try ExplicitEndpoints.metadata(
      reader, issuer: issuer, type: configuration.responseType)
    var session = SessionOptions()
    session.clientKey = try reader.clientKey(&configuration)
    session.decryptionKeys = try reader.readEncryption(&configuration)
    let (identity, certificateWarnings) = try reader.clientIdentity(&configuration, isDemo: isDemo)
    session.clientIdentity = identity
    var warnings = try reader.readApple(&configuration, &session, isDemo: isDemo)
    warnings += try reader.readRules(&configuration, &session, isDemo: isDemo)
    try reader.readProof(&configuration, &session)
    session.timeoutSeconds = Int(try reader.seconds(.timeout))
    session.environment = secrets.environment
    session.secretVariables = secrets.variables
    if case .environment(let name)? = invocation.secretOrigin?.source {
      secrets.variables.learn(name)
    }
    if readsFiles {
      secrets.variables.learn(SettingsFile(environment: secrets.environment).secretVariables)
    }
    session.plainHTTPHosts = configuration.plainHTTPHosts
    session.waitsBeforeBrowser = configuration.awaitsPaste && !invocation.has(.browser)
    session.opensBrowser = !invocation.has(.noBrowser)
    session.caFile = try reader.caFile()
    let (certificate, remarks) = try reader.redirectCertificate(for: redirectURI)
    session.redirectCertificate = certificate
    var connection = Connection(
      configuration: configuration, session: session, isDemo: isDemo, demoSecret: nil,
      usesRealBrowser: invocation.has(.browser) || invocation.has(.paste)
        || configuration.awaitsPaste || (isDemo && invocation.has(.noBrowser)),
      warnings: warnings + certificateWarnings + remarks)
    if connection.usesRealBrowser { connection.configuration.userAgent = .external }
    connection.warnings += configuration.plainHTTPHosts.sorted().map { host in
      "PLAIN HTTP to \(host), because of --allow-http: everybody on the way can read codes, tokens "
        + "and the secret"
    }
    try connection.findSecret(invocation, secrets, isNeeded: needsSecret)
    return connection
  }

  private mutating func findSecret(
    _ invocation: Invocation, _ source: ClientSecretSource, isNeeded: Bool
  ) throws(UsageError) {
    // Each request makes its own.
    if configuration.appleTeam != nil { return }
    let isPublic = configuration.clientAuthentication == ClientAuthenticationMethod.none
    // The variable is meant for the person's own tenant: the demo tenant has its own secret.
    let named = try source.named(by: invocation, usesEnvironment: !isDemo && !isPublic)
    if isDemo {
      demoSecret = named
      return
    }
    if isPublic {
      guard named == nil else {
        throw UsageError(
          at: .clientAuth, " none is for clients without a secret: leave one out.")
      }
      return
    }
    guard isNeeded, !(named == nil && configuration.provesItselfWithoutSecret) else {
      configuration.clientSecret = named
      warn(about: invocation.withheld, instead: named)
      return
    }
    let answer = named == nil ? source.ask?(question(invocation.withheld)) : nil
    guard let secret = named ?? answer.map(Secret.init) else {
      if let withheld = invocation.withheld, !withheld.isReplaced {
        throw UsageError("\(withheld.words). \(WithheldSecret.advice).")
      }
      if configuration.issuer.text.isIdentical(to: ConnectionReader.appleIssuer) {
        throw UsageError(
          "There is no client secret. At Apple it is made with a key: give --apple-key FILE.p8, "
            + "--apple-team ID and --apple-key-id ID.")
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

extension FlowConfiguration {
  /// Whether the client has a key or a certificate, and no method that wants a secret is named.
  public var provesItselfWithoutSecret: Bool {
    guard let clientAuthentication else { return clientKey != nil || clientCertificate != nil }
    return switch clientAuthentication {
    case .privateKeyJWT: clientKey != nil
    case .tlsClientAuth, .selfSignedTLSClientAuth, .none: true
    case .basic, .post: false
    }
  }
}

/// Reads the values of a connection's options one by one.
public struct ConnectionReader: Sendable {
  let invocation: Invocation
  let readsFiles: Bool

  /// Makes a reader of connection options.
  public init(invocation: Invocation, readsFiles: Bool = true) {
    (self.invocation, self.readsFiles) = (invocation, readsFiles)
  }

  /// The client authentication methods by their names on the command line.
  public static let clientAuthentication: [(String, ClientAuthenticationMethod?)] = [
    ("auto", nil), ("basic", .basic), ("post", .post), ("private_key_jwt", .privateKeyJWT),
    ("tls_client_auth", .tlsClientAuth), ("self_signed_tls_client_auth", .selfSignedTLSClientAuth),
    ("none", ClientAuthenticationMethod.none),
  ]

  func demoIssuer() throws(UsageError) -> WebURL {
    try url("http://localhost/", of: .issuer)
  }

  package func issuer() throws(UsageError) -> WebURL {
    let issuer = try secureURL(.issuer)
    guard issuer.query == nil, issuer.fragment == nil else {
      throw UsageError(at: .issuer, " \(issuer): an issuer has neither query nor fragment.")
    }
    return issuer
  }

  /// The redirect URI: http on this machine, or https anywhere.
  func redirectURI(or other: String?) throws(UsageError) -> WebURL {
    let usual = other ?? Setting.redirectURI.usualValue ?? ""
    let uri = try url(invocation[.redirectURI] ?? usual, of: .redirectURI)
    guard uri.fragment == nil else {
      throw UsageError(
        at: .redirectURI, " \(uri): a redirect URI has no # (RFC 6749, section 3.1.2).")
    }
    if listens(at: uri) { return uri }
    let plain = try plainHTTPHosts()
    guard uri.isHTTPS || plain.contains(uri.host) else {
      throw UsageError(
        at: .redirectURI,
        " \(uri): plain http is for this machine: http://localhost:PORT/PATH. Elsewhere use https; "
          + "or add --allow-http \(uri.host) for a host of your own network.")
    }
    guard uri.explicitPort != 0 else {
      throw UsageError(at: .redirectURI, " \(uri): port 0 is for this machine only.")
    }
    return uri
  }

  /// The hosts to which plain http is allowed, as they stand in URLs.
  func plainHTTPHosts() throws(UsageError) -> Set<String> {
    var hosts: Set<String> = []
    for text in invocation.values[.allowHTTP] ?? [] {
      guard let url = try? WebURL("http://\(text)/"), url.explicitPort == nil, url.path == "/",
        url.query == nil, url.fragment == nil
      else {
        throw UsageError(
          at: .allowHTTP, " \(text): give a host name or an address alone, such as keycloak.lan.")
      }
      hosts.insert(url.host)
    }
    return hosts
  }

  package func responseType() throws(UsageError) -> ResponseType {
    guard let words = invocation[.responseType] else { return .codeIDToken }
    guard let type = ResponseType(words: words) else {
      let known = ResponseType.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw UsageError(
        at: .responseType, " '\(words)' is none of the hybrid flow. Use \(known).")
    }
    return type
  }

  package func url(_ text: String, of setting: Setting) throws(UsageError) -> WebURL {
    do throws(WebURLError) {
      return try WebURL(text)
    } catch {
      throw UsageError(
        at: setting, " \(text): \(error.words). Give a URL like https://host/path.")
    }
  }

  /// The URL of a server that gets what is secret.
  func secureURL(_ setting: Setting) throws(UsageError) -> WebURL {
    let url = try url(invocation[setting] ?? "", of: setting)
    let plain = try plainHTTPHosts()
    guard url.isHTTPS || url.isLoopback || plain.contains(url.host) else {
      throw UsageError(
        at: setting,
        " \(url): plain http is for this machine only. Use https; or add --allow-http \(url.host) "
          + "for a host of your own network.")
    }
    return url
  }

  /// The seconds that are given, or that the table has as usual.
  package func seconds(_ setting: Setting) throws(UsageError) -> Int64 {
    guard case .seconds(let range, let usual) = setting.kind else { return 0 }
    guard let text = invocation[setting] else { return usual ?? 0 }
    guard let number = Int64(text), range.contains(number) else {
      throw UsageError(
        at: setting,
        " \(text): give whole seconds from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// The word that is given, or that the table has as usual; nil when it has none.
  func choice(_ setting: Setting) throws(UsageError) -> String? {
    guard case .choice(let words) = setting.kind, let text = invocation[setting] else {
      return setting.usualValue
    }
    guard words.contains(where: text.isIdentical) else {
      throw UsageError(at: setting, " \(text): it is one of \(words.joined(separator: ", ")).")
    }
    return text
  }

  /// The file with further certificate authorities, once it was readable.
  package func caFile() throws(UsageError) -> String? {
    guard let path = invocation[.ca] else { return nil }
    if readsFiles {
      _ = try SystemFiles.read(path, option: Setting.ca.place, limitBytes: 4 * 1024 * 1024)
    }
    return path
  }

  func fill(_ configuration: inout FlowConfiguration, isDemo: Bool) throws(UsageError) {
    if isDemo {
      configuration.scope = TenantSettings.demoScopes + ["offline_access"]
      configuration.audience = TenantSettings.demoAudience
      configuration.alsoUserinfo = true
      configuration.observesTenant = true
      configuration.userAgent = .builtIn
    }
    if isDemo, invocation.has(.appleKey) {
      configuration.scope = ["openid", "name", "email"]
      configuration.audience = nil
      configuration.alsoUserinfo = false
    }
    if let scope = invocation[.scope] {
      let words = scope.split(at: " ").map(String.init)
      let allowed = words.allSatisfy { word in
        word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
      }
      guard !words.isEmpty, allowed else {
        throw UsageError(
          at: .scope, " '\(scope)': give scopes separated by spaces, such as 'openid'.")
      }
      configuration.scope = words
    }
    if let audience = invocation[.audience] { configuration.audience = audience }
    if invocation.has(.api) {
      configuration.apiURL = try secureURL(.api)
      configuration.alsoUserinfo = false
    }
    if invocation.has(.userinfo) { configuration.alsoUserinfo = true }
    configuration.responseMode = try choice(.responseMode).flatMap(ResponseMode.init) ?? .formPost
    let method = try choice(.clientAuth)
    configuration.clientAuthentication =
      Self.clientAuthentication.first { $0.0 == method }?.1
    configuration.idTokenAlgorithm =
      try choice(.idTokenAlgorithm).flatMap(SignatureAlgorithm.init) ?? .rs256
    configuration.usesPKCE = !invocation.has(.noPKCE)
    configuration.signOnOnly = invocation.has(.signOnOnly)
    configuration.triesWrongVerifier = invocation.has(.wrongVerifier)
    if configuration.triesWrongVerifier, !configuration.usesPKCE {
      throw UsageError("--wrong-verifier tries PKCE: leave out --no-pkce.")
    }
    configuration.exchangesAtOnce = invocation.has(.exchangeAtOnce)
    configuration.clockSkewSeconds = try seconds(.clockSkew)
    configuration.callbackWaitSeconds = try seconds(.wait)
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
