import DemoTenant
import HybridFlow
import OpenID
import Platform
import Session
import Settings

/// The options of `hybrid-flow tenant`, from the command line and a settings file.
public struct TenantOptions: Sendable {
  /// The port on which it listens.
  public var port = 9000
  /// The address on which it listens.
  public var bind = "localhost"
  /// The tenant's issuer; nil derives it from the port.
  public var issuer: String?
  /// The host of an issuer that is derived from the port.
  var usualHost = "127.0.0.1"
  /// The name on its pages.
  public var name: String?
  /// The registered clients.
  public var clients: [TenantClient] = []
  /// The lifetimes of codes, tokens and sessions.
  public var lifetimes = Lifetimes()
  /// The habits of a real product that it has.
  public var habits: Set<TenantHabit> = []
  /// The rules that it enforces beyond OpenID Connect; nil for none.
  public var demands: SecurityDemands?
  /// Whether these rules want requests to be pushed.
  var demandsPush = true
  /// The fault that it commits; nil for an honest tenant.
  public var fault: Fault?
  /// Whether a request may choose a fault by a header.
  public var takesFaultHeader = false
  /// The port at which clients are asked for a certificate; nil for none, 0 for a free one.
  public var mutualTLSPort: Int?
  /// The folder for the files of a try-out with a certificate; nil writes none.
  public var mutualTLSFolder: String?
  /// Whether proofs of possession need a nonce.
  public var demandsProofNonce = false

  /// The most bytes of a settings file.
  static let settingsBytes = 1024 * 1024

  /// Reads the options.
  public static func read(
    _ invocation: Invocation, secrets: ClientSecretSource
  ) throws(UsageError) -> TenantOptions {
    var options = TenantOptions()
    var mayExpose = invocation.has(.expose)
    if let path = invocation[.settings] {
      try options.readSettings(path, secrets, &mayExpose)
    }
    if let text = invocation[.port] {
      guard let port = Int(text), (0...65535).contains(port) else {
        throw UsageError("--port \(text): give a number from 0 to 65535; 0 takes a free port.")
      }
      options.port = port
    }
    if let bind = invocation[.bind] { options.bind = bind }
    let bare = bare(options.bind)
    guard WebURL.isLoopback(host: bare) || mayExpose else {
      throw UsageError(
        "--bind \(options.bind): others on the network could reach the tenant there, and its "
          + "passwords are no secrets. Add --expose if that is meant.")
    }
    if let issuer = invocation[.issuer] {
      let url = try ConnectionReader(invocation: invocation).url(issuer, of: .issuer)
      guard url.query == nil, url.fragment == nil else {
        throw UsageError("--issuer \(issuer): an issuer has neither query nor fragment.")
      }
      options.issuer = issuer
    }
    for text in invocation.all(.client) {
      options.clients.append(try client(text, secrets))
    }
    if let name = invocation[.habits] { options.habits = [try habit(name, "--habits")] }
    if let id = invocation[.fault] { options.fault = try fault(id, "--fault") }
    if invocation.has(.dpopNonce) { options.demandsProofNonce = true }
    if invocation.has(.faultHeader) { options.takesFaultHeader = true }
    if let name = invocation[.rules] { options.demands = try demands(name, "--rules") }
    try options.readMutualTLS(invocation)
    try options.checkHabits()
    try options.checkDemands()
    return options
  }

  /// The tenant's settings once the port is known.
  ///
  /// By default the issuer uses the address and not `localhost`: an application that is opened by
  /// its address is then on the same site as the tenant, and browsers keep sending its cookies.
  public func settings(port: Int) -> TenantSettings {
    let issuer = issuer ?? "http://\(usualHost):\(port)/"
    var settings = TenantSettings(
      issuer: issuer, clients: clients, people: TenantSettings.demoPeople(issuer: issuer),
      apis: [TenantSettings.demoAPI], lifetimes: lifetimes)
    if let name { settings.name = name }
    settings.habits = habits
    settings.demandsProofNonce = demandsProofNonce
    if demands == .fapi1Advanced { settings.demandFAPI(pushed: demandsPush) }
    settings.fault = fault
    return settings
  }

  private static func fault(_ id: String, _ origin: String) throws(UsageError) -> Fault {
    do throws(TenantFault.Refusal) {
      return try TenantFault.named(id)
    } catch {
      throw UsageError("\(origin): \(error.text)")
    }
  }

  // MARK: --client

  private static let clientKeys =
    [
      "id", "secret-file", "secret-command", "redirect-uri", "post-logout-redirect-uri", "name",
      "auth", "first-party", "jwks-file", "apple-key", "apple-key-id", "apple-team",
      "id-token-encryption", "response-encryption", "encryption-jwks-file", "dpop-bound",
    ] + CertificateFields.names

  /// An address without brackets.
  static func bare(_ bind: String) -> String { bind.split(atAnyOf: "[]").joined() }

  /// Splits at commas, but only before a known name: a URL or a subject may contain commas.
  private static func fields(_ text: String) throws(UsageError) -> [FormField] {
    var fields: [FormField] = []
    for part in text.split(at: ",", omittingEmptySubsequences: false) {
      let (before, value) = part.parting(at: "=")
      let name = value.map { _ in before.trimmingBlanks }
      if let value, let name, clientKeys.contains(name) {
        fields.append(FormField(name, String(value)))
      } else if let last = fields.popLast(),
        ["name", "tls-subject"].contains(last.name) || last.name.ends(with: "uri")
      {
        fields.append(FormField(last.name, last.value + "," + part))
      } else {
        let hint =
          name.flatMap { Spelling.nearest(to: $0, among: clientKeys) }
          .map { " Did you mean \($0)?" } ?? ""
        throw UsageError(
          "--client: \"\(part)\" is none of \(clientKeys.joined(separator: ", ")).\(hint)")
      }
    }
    return fields
  }

  static func client(
    _ text: String, _ secrets: ClientSecretSource
  ) throws(UsageError) -> TenantClient {
    var client = TenantClient(id: "", secret: nil, redirectURIs: [])
    var name: String?
    var apple = AppleClientFields()
    var encryption = ClientEncryptionFields()
    for field in try fields(text) {
      switch field.name {
      case "id-token-encryption": encryption.idTokens = field.value
      case "response-encryption": encryption.responses = field.value
      case "encryption-jwks-file": encryption.file = field.value
      case "apple-key": apple.file = field.value
      case "apple-key-id": apple.keyID = field.value
      case "apple-team": apple.team = field.value
      case "id": client.id = field.value
      case "secret-file":
        client.secret = try ClientSecretSource.file(field.value, option: "--client secret-file")
      case "secret-command":
        client.secret = try secrets.output(of: field.value, option: "--client secret-command")
      case "jwks-file":
        client.keys += try ClientKeySetFile.read(field.value, option: "--client jwks-file")
      case "redirect-uri": client.redirectURIs.append(field.value)
      case "post-logout-redirect-uri": client.postLogoutRedirectURIs.append(field.value)
      case "name": name = field.value
      case "dpop-bound": client.demandsProof = try flag(field.value, "--client dpop-bound")
      case "auth": client.tokenEndpointAuthMethod = try authentication(field.value, "--client auth")
      case let name where CertificateFields.names.contains(name):
        try CertificateFields.register(name, field.value, in: &client, "--client")
      default: client.firstParty = try flag(field.value, "--client first-party")
      }
    }
    client.name = name ?? client.id
    try apple.register(in: &client, "--client")
    try encryption.register(
      in: &client, "--client", "id-token-encryption", "response-encryption",
      "encryption-jwks-file")
    try check(client, "--client")
    return client
  }

  private static func check(_ client: TenantClient, _ origin: String) throws(UsageError) {
    guard !client.id.isEmpty else { throw UsageError("\(origin): there is no id=ID in it.") }
    guard !client.redirectURIs.isEmpty else {
      throw UsageError("\(origin): the client \(client.id) has no redirect URI.")
    }
    for uri in client.redirectURIs + client.postLogoutRedirectURIs {
      guard let url = try? WebURL(uri), url.fragment == nil else {
        throw UsageError("\(origin): \(uri) is no http or https URL without fragment.")
      }
    }
    guard client.tokenEndpointAuthMethod != .privateKeyJWT || !client.keys.isEmpty else {
      throw UsageError(
        "\(origin): the client \(client.id) is to sign, and has no public key. "
          + "Name a file with it as jwks-file or jwks_file.")
    }
  }

  private static func authentication(
    _ text: String, _ origin: String
  ) throws(UsageError) -> ClientAuthenticationMethod? {
    switch text {
    case "auto": return nil
    case "basic", "client_secret_basic": return .basic
    case "post", "client_secret_post": return .post
    case "private_key_jwt": return .privateKeyJWT
    case "tls_client_auth": return .tlsClientAuth
    case "self_signed_tls_client_auth": return .selfSignedTLSClientAuth
    case "none": return ClientAuthenticationMethod.none
    default:
      throw UsageError(
        "\(origin) \(text): it is one of auto, basic, post, private_key_jwt, tls_client_auth, "
          + "self_signed_tls_client_auth, none.")
    }
  }

  private static func flag(_ text: String, _ origin: String) throws(UsageError) -> Bool {
    switch text {
    case "true", "yes": return true
    case "false", "no": return false
    default: throw UsageError("\(origin) \(text): it is true or false.")
    }
  }

  // MARK: --settings

  private mutating func readSettings(
    _ path: String, _ secrets: ClientSecretSource, _ mayExpose: inout Bool
  ) throws(UsageError) {
    let bytes = try SystemFiles.read(
      path, option: Setting.settings.place, limitBytes: Self.settingsBytes)
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(bytes)
    } catch {
      throw UsageError("--settings \(path): it is not JSON: \(error.explanation).")
    }
    let file = SettingsReader(path: path, secrets: secrets)
    for (name, value) in try file.members(json, "the file") {
      switch name {
      case "port":
        guard let port = value.integer, (0...65535).contains(port) else {
          throw file.fault("port", "is a number from 0 to 65535")
        }
        self.port = Int(port)
      case "bind": bind = try file.text(value, name)
      case "expose": mayExpose = try file.flag(value, name)
      case "issuer": issuer = try file.text(value, name)
      case "name": self.name = try file.text(value, name)
      case "clients":
        guard let elements = value.elements else { throw file.fault("clients", "is an array") }
        for element in elements {
          let client = try file.client(element, Self.authentication)
          try Self.check(client, "--settings \(path)")
          clients.append(client)
        }
      case "lifetimes": lifetimes = try file.lifetimes(value)
      case "habits": habits = [try Self.habit(file.text(value, name), "--settings \(path) habits")]
      case "rules": demands = try Self.demands(file.text(value, name), "--settings \(path) rules")
      case "fault": fault = try Self.fault(file.text(value, name), "--settings \(path) fault")
      case "fault_header": takesFaultHeader = try file.flag(value, name)
      case "mtls":
        guard let port = value.integer, (0...65535).contains(port) else {
          throw file.fault("mtls", "is a number from 0 to 65535")
        }
        mutualTLSPort = Int(port)
      case "dpop_nonce": demandsProofNonce = try file.flag(value, name)
      case "mtls_files": mutualTLSFolder = try file.text(value, name)
      default:
        throw file.unknown(
          name,
          [
            "port", "bind", "expose", "issuer", "name", "clients", "lifetimes", "habits", "rules",
            "fault", "fault_header", "mtls", "mtls_files",
            "dpop_nonce",
          ])
      }
    }
  }
}

/// Reads a tenant's settings file, strictly: an unknown member is an error that names it.
struct SettingsReader {
  let path: String
  let secrets: ClientSecretSource

  func fault(_ name: String, _ rule: String) -> UsageError {
    UsageError("--settings \(path): \(name) \(rule).")
  }

  func unknown(_ name: String, _ known: [String]) -> UsageError {
    let hint = Spelling.nearest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
    return UsageError(
      "--settings \(path): \"\(name)\" is no setting.\(hint) "
        + "The settings here are \(known.joined(separator: ", ")).")
  }

  func members(_ json: JSONValue, _ what: String) throws(UsageError) -> [(String, JSONValue)] {
    guard let members = json.members else { throw fault(what, "is a JSON object") }
    return members.map { ($0.name, $0.value) }
  }

  func text(_ value: JSONValue, _ name: String) throws(UsageError) -> String {
    guard let text = value.string, !text.isEmpty else { throw fault(name, "is a text") }
    return text
  }

  func flag(_ value: JSONValue, _ name: String) throws(UsageError) -> Bool {
    guard let flag = value.bool else { throw fault(name, "is true or false") }
    return flag
  }

  private func texts(_ value: JSONValue, _ name: String) throws(UsageError) -> [String] {
    guard let texts = value.strings else { throw fault(name, "is an array of texts") }
    return texts
  }

  func client(
    _ json: JSONValue,
    _ authentication: (String, String) throws(UsageError) -> ClientAuthenticationMethod?
  ) throws(UsageError) -> TenantClient {
    var client = TenantClient(id: "", secret: nil, redirectURIs: [])
    var title: String?
    var apple = AppleClientFields()
    var encryption = ClientEncryptionFields()
    let origin = "--settings \(path)"
    for (name, value) in try members(json, "a client") {
      switch name {
      case "id_token_encryption": encryption.idTokens = try text(value, name)
      case "response_encryption": encryption.responses = try text(value, name)
      case "encryption_jwks_file": encryption.file = try text(value, name)
      case "apple_key_file": apple.file = try text(value, name)
      case "apple_key_id": apple.keyID = try text(value, name)
      case "apple_team": apple.team = try text(value, name)
      case "id": client.id = try text(value, name)
      case "secret_file":
        client.secret = try ClientSecretSource.file(
          text(value, name), option: .init(["\(origin) secret_file"]))
      case "secret_command":
        client.secret = try secrets.output(
          of: text(value, name), option: .init(["\(origin) secret_command"]))
      case "jwks_file":
        client.keys = try ClientKeySetFile.read(
          text(value, name), option: .init(["\(origin) jwks_file"]))
      case "redirect_uris": client.redirectURIs = try texts(value, name)
      case "post_logout_redirect_uris": client.postLogoutRedirectURIs = try texts(value, name)
      case "name": title = try text(value, name)
      case "first_party": client.firstParty = try flag(value, name)
      case "dpop_bound_access_tokens": client.demandsProof = try flag(value, name)
      case "offline_access": client.allowsOfflineAccess = try flag(value, name)
      case let name where CertificateFields.members[name] != nil:
        try CertificateFields.register(
          CertificateFields.members[name] ?? name, text(value, name), in: &client, origin)
      case "token_endpoint_auth_method":
        client.tokenEndpointAuthMethod = try authentication(text(value, name), "\(origin) \(name)")
      default:
        throw unknown(
          name,
          [
            "id", "secret_file", "secret_command", "jwks_file", "redirect_uris", "name",
            "post_logout_redirect_uris", "first_party", "offline_access", "apple_key_file",
            "token_endpoint_auth_method", "apple_key_id", "apple_team", "id_token_encryption",
            "response_encryption", "encryption_jwks_file", "dpop_bound_access_tokens",
          ] + CertificateFields.members.keys.sorted())
      }
    }
    client.name = title ?? client.id
    try apple.register(in: &client, origin)
    try encryption.register(
      in: &client, origin, "id_token_encryption", "response_encryption", "encryption_jwks_file")
    return client
  }

  func lifetimes(_ json: JSONValue) throws(UsageError) -> Lifetimes {
    var lifetimes = Lifetimes()
    let fields: [(String, WritableKeyPath<Lifetimes, Int64>)] = [
      ("code_seconds", \.codeSeconds), ("front_access_token_seconds", \.frontAccessTokenSeconds),
      ("back_access_token_seconds", \.backAccessTokenSeconds),
      ("id_token_seconds", \.idTokenSeconds), ("refresh_token_seconds", \.refreshTokenSeconds),
      ("session_seconds", \.sessionSeconds), ("transaction_seconds", \.transactionSeconds),
      ("pushed_request_seconds", \.pushedRequestSeconds),
    ]
    for (name, value) in try members(json, "lifetimes") {
      guard let field = fields.first(where: { $0.0 == name }) else {
        throw unknown(name, fields.map(\.0))
      }
      guard let seconds = value.integer, (1...315_360_000).contains(seconds) else {
        throw fault(name, "is a number of seconds from 1 to 315360000")
      }
      lifetimes[keyPath: field.1] = seconds
    }
    return lifetimes
  }
}
