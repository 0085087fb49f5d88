import Cryptography
import OpenID

/// An authorization server and an API, shaped like Auth0's, as a value.
///
/// Requests in, responses out: no sockets, no clock, no state outside, and only the keys and random
/// bytes that it was given. It shares the types for messages with the application, but none of the
/// rules, so that each side checks independently of the other.
public struct DemoTenant: Sendable, CustomStringConvertible, CustomReflectable {
  /// The settings that it was made with.
  public internal(set) var settings: TenantSettings
  /// Every verification made, oldest first; at most ``TenantLimit/ledgerEntries``.
  public internal(set) var ledger: [LedgerEntry] = []
  /// Every message spoilt because of a fault, oldest first; at most
  /// ``TenantLimit/ledgerEntries``.
  public internal(set) var spoilt: [SpoiltEntry] = []
  /// What the last response was without its fault; nil when that did not change it.
  public private(set) var honestResponse: HTTPResponse?
  /// How many requests were answered; the ledger uses the same numbers.
  public private(set) var requestCount = 0

  let base: WebURL
  let basePath: String
  let keys: [SigningKey]
  let signingKey: SigningKey
  private(set) var randomness: @Sendable (Int) throws(CryptoError) -> [UInt8]

  var transactions = BoundedMemory<Transaction>(capacity: TenantLimit.transactions)
  var sessions = BoundedMemory<BrowserSession>(capacity: TenantLimit.sessions)
  var codes = BoundedMemory<CodeRecord>(capacity: TenantLimit.codes)
  var opaqueTokens = BoundedMemory<OpaqueToken>(capacity: TenantLimit.opaqueTokens)
  var refreshTokens = BoundedMemory<RefreshRecord>(capacity: TenantLimit.refreshTokens)
  /// The faults that were chosen for logins, by grant.
  var grantFaults = BoundedMemory<Fault>(capacity: TenantLimit.codes)
  /// Revoked grants and single tokens, by their identifiers.
  var revocations = BoundedMemory<Bool>(capacity: TenantLimit.revocations)
  var logouts = BoundedMemory<PendingLogout>(capacity: TenantLimit.logouts)
  /// Used client assertions, by client and `jti`.
  var assertions = BoundedMemory<Bool>(capacity: TenantLimit.assertions)
  /// Used proofs of possession, by key and `jti`.
  var proofs = BoundedMemory<Bool>(capacity: TenantLimit.proofs)
  /// The nonces for proofs where tokens are issued, and where they are used.
  var serverNonces = ProofNonces()
  var resourceNonces = ProofNonces()
  /// Authorization requests that clients have pushed, by their `request_uri`.
  var pushedRequests = BoundedMemory<PushedRequest>(capacity: TenantLimit.pushedRequests)
  /// The people whom a client has met, for the habits of Apple: by client and subject.
  var introduced = BoundedMemory<Bool>(capacity: TenantLimit.introductions)
  var failedSignIns = FailureCounts(capacity: TenantLimit.countedNames)
  /// Whether a fault has changed to another key.
  var hasRotated = false

  /// Makes a tenant.
  ///
  /// All keys are published; the first one for the algorithm of the settings signs. Randomness is
  /// requested as a number of bytes; pass `Randomness.bytes` for that of the system.
  ///
  /// - Throws: ``TenantSettingsError``.
  public init(
    settings: TenantSettings, keys: [SigningKey],
    randomness: @escaping @Sendable (Int) throws(CryptoError) -> [UInt8]
  ) throws(TenantSettingsError) {
    base = try Self.checked(settings)
    // A shared secret cannot be published; if all clients knew it, each could sign.
    let published = keys.filter { !$0.algorithm.isSymmetric }
    guard let key = published.first(where: { $0.algorithm == settings.signingAlgorithm }) else {
      throw .noKey(settings.signingAlgorithm)
    }
    basePath = base.path.dropping(suffix: "/").map { String($0) } ?? base.path
    signingKey = key
    self.settings = settings
    self.keys = published
    self.randomness = randomness
  }

  /// Whether the settings are valid, as far as that can be known without a key.
  ///
  /// - Throws: ``TenantSettingsError``.
  public static func check(_ settings: TenantSettings) throws(TenantSettingsError) {
    _ = try checked(settings)
  }

  private static func checked(_ settings: TenantSettings) throws(TenantSettingsError) -> WebURL {
    guard let base = try? WebURL(settings.issuer), base.query == nil, base.fragment == nil else {
      throw .issuer(settings.issuer)
    }
    for client in settings.clients {
      for text in client.redirectURIs + client.postLogoutRedirectURIs {
        guard let url = try? WebURL(text), url.fragment == nil else {
          throw .redirectURI(text, clientID: client.id)
        }
      }
    }
    for client in settings.clients where client.keys.contains(where: { !$0.privateMembers.isEmpty })
    {
      throw .privateKey(clientID: client.id)
    }
    for client in settings.clients {
      guard client.canBeEncryptedFor else { throw .noEncryptionKey(clientID: client.id) }
      let isPrivate = client.encryption?.keys.contains { !$0.privateMembers.isEmpty } ?? false
      if isPrivate { throw .privateKey(clientID: client.id) }
    }
    for seconds in settings.lifetimes.all
    where seconds < 1 || seconds > TenantLimit.lifetimeSeconds {
      throw .lifetime(seconds: seconds)
    }
    let names = [
      settings.clients.map(\.id), settings.people.map(\.signInName),
      settings.people.map(\.subject), settings.apis.map(\.identifier),
    ]
    for list in names {
      var seen: Set<String> = []
      for name in list where !seen.insert(name).inserted { throw .repeated(name) }
    }
    return base
  }

  /// The issuer, nothing else.
  public var description: String { "DemoTenant (\(settings.issuer))" }
  /// Nothing: `dump` would print codes and tokens otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The absolute address of a path of the tenant, such as `/userinfo`.
  public func address(_ path: String) -> String { base.origin + basePath + path }

  /// Answers one request.
  ///
  /// - Parameter fault: What to do wrong in this answer, and if it is an authorization request, in
  ///   everything that comes of it. Nil leaves it to the login and to the settings.
  public mutating func handle(
    _ request: HTTPRequest, at now: UnixTime, committing fault: Fault? = nil
  ) -> HTTPResponse {
    honestResponse = nil
    requestCount += 1
    var call = Call(request: request, number: requestCount, now: now, basePath: basePath)
    call.chosenFault = fault
    call.fault = self.fault(of: call)
    guard call.fault != nil else { return answer(call) }
    // A copy without the fault answers the same request with the same random bytes, so that the two
    // responses differ in what the fault does and in nothing else.
    var honest = self
    let (source, drawn) = (randomness, DrawnBytes())
    randomness = { count throws(CryptoError) in try drawn.draw(count, from: source) }
    let last = spoilt.last
    let response = answer(call)
    randomness = source
    guard spoilt.last != last else { return response }
    call.fault = nil
    honest.randomness = { count throws(CryptoError) in try drawn.repeated(count, or: source) }
    honestResponse = honest.answer(call)
    return response
  }

  private mutating func answer(_ call: Call) -> HTTPResponse {
    var response: HTTPResponse
    do throws(CryptoError) {
      response = try route(call)
      try spoil(&response, call)
    } catch {
      response = HTTPResponse(
        status: 500, mediaType: "text/plain; charset=utf-8",
        text: "The tenant cannot sign or draw random bytes.\n")
    }
    response.headers.set("X-Content-Type-Options", "nosniff")
    response.headers.set("Referrer-Policy", "no-referrer")
    if response.headers["Cache-Control"] == nil {
      response.headers.set("Cache-Control", "no-store")
      response.headers.set("Pragma", "no-cache")
    }
    // RFC 9110, 9.3.2: the same headers, no body.
    if call.request.method == "HEAD" { response.body = [] }
    return response
  }

  private mutating func route(_ call: Call) throws(CryptoError) -> HTTPResponse {
    guard let path = call.path else { return try notFound() }
    if isAppleLike, AppleHabits.missingPaths.contains(path) { return try notFound() }
    guard let methods = methods(at: path) else { return try notFound() }
    if let refusal = call.refusingMethods(otherThan: methods) { return refusal }
    if let (api, resource) = resource(at: path) {
      return answerAPI(call, api: api, resource: resource)
    }
    switch path {
    case Path.discovery: return discovery()
    case Path.jwks: return try publishedKeys()
    case Path.strangersKeys: return try strangersKeys(call)
    case Path.authorize: return try authorize(call)
    case Path.resume: return try resume(call)
    case Path.login: return call.isPOST ? try signIn(call) : try showLogin(call)
    case Path.consent: return call.isPOST ? try decide(call) : try showConsent(call)
    case Path.token: return token(call)
    case Path.push: return push(call)
    case Path.userinfo: return userinfo(call)
    case Path.revoke: return revoke(call)
    case Path.introspect: return introspect(call)
    case Path.logout: return try logout(call)
    case Path.confirmLogout: return try confirmLogout(call)
    case Path.favicon: return HTTPResponse(status: 204)
    default:
      if let picture = picture(path) { return picture }
      return try notFound()
    }
  }

  /// The methods that a path allows; nil for an unknown path.
  private func methods(at path: String) -> [String]? {
    switch path {
    case Path.token, Path.push, Path.revoke, Path.introspect, Path.confirmLogout: ["POST"]
    case Path.authorize, Path.login, Path.consent, Path.userinfo, Path.logout: ["GET", "POST"]
    case Path.resume: ["GET"]
    case Path.discovery, Path.jwks, Path.strangersKeys, Path.favicon: ["GET", "HEAD"]
    default: resource(at: path) != nil || picture(path) != nil ? ["GET", "HEAD"] : nil
    }
  }

  func notFound() throws(CryptoError) -> HTTPResponse {
    try messagePage(status: 404, title: "Not found", text: "This tenant has no such page.")
  }
}

extension DemoTenant {
  /// The path, below the issuer, of an attacker's keys, which are there while a fault is committed.
  public static let strangersKeysPath = Path.strangersKeys
}

/// The paths below the issuer, as Auth0 has them.
enum Path {
  static let favicon = "/favicon.ico"
  static let discovery = "/.well-known/openid-configuration"
  static let jwks = "/.well-known/jwks.json"
  static let strangersKeys = "/strangers/jwks.json"
  static let authorize = "/authorize"
  static let resume = "/authorize/resume"
  static let login = "/u/login"
  static let consent = "/u/consent"
  static let token = "/oauth/token"
  static let push = "/oauth/par"
  static let userinfo = "/userinfo"
  static let revoke = "/oauth/revoke"
  static let introspect = "/oauth/introspect"
  static let logout = "/oidc/logout"
  static let confirmLogout = "/oidc/logout/confirm"
}

extension DemoTenant {
  /// An unguessable name: 256 bits, base64url.
  func unguessable() throws(CryptoError) -> String {
    Base64URL.encode(try randomness(32))
  }

  func client(_ id: String?) -> TenantClient? {
    guard let id else { return nil }
    return settings.clients.first { $0.id.isIdentical(to: id) }
  }

  func person(subject: String?) -> Person? {
    guard let subject else { return nil }
    return settings.people.first { $0.subject.isIdentical(to: subject) }
  }

  func person(signInName: String) -> Person? {
    settings.people.first {
      $0.signInName.asciiLowercased.isIdentical(to: signInName.asciiLowercased)
    }
  }

  func api(_ audience: String?) -> API? {
    guard let audience else { return nil }
    return settings.apis.first { $0.identifier.isIdentical(to: audience) }
  }

  func resource(at path: String) -> (API, APIResource)? {
    for api in settings.apis {
      for resource in api.resources where resource.path.isIdentical(to: path) {
        return (api, resource)
      }
    }
    return nil
  }
}
