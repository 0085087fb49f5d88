import DemoTenant
import HybridFlow
import OpenID
import Recording

/// The logins that a tenant has seen: a value that says which login an exchange belongs to.
///
/// The authorization request begins one. The browser's next steps name its transaction, the token
/// request its code, every later call one of its tokens. Nothing is told apart by who asked or when,
/// so that two logins at once do not mix.
public struct WatchedLogins: Sendable {
  /// The most logins that are kept; the oldest go first.
  public static let loginsMaximum = 50
  /// The most bytes of bodies that are kept.
  static let bytesMaximum = 64 * 1024 * 1024
  /// After how many seconds without a word a login that has its tokens counts as over.
  public static let quietSeconds: Int64 = 10

  /// The logins, the oldest first.
  public private(set) var logins: [ObservedLogin] = []
  /// The token requests whose code no login of this list has: a guess, or older than the list.
  public private(set) var strangeCodes = 0

  private var count = 0
  /// The pushed requests for which no browser has come yet, the oldest first.
  private var pushed: [(reference: String, exchange: SeenExchange)] = []
  /// The login of each transaction, code and token.
  private var owners: [String: Int] = [:]

  /// Makes an empty list.
  public init() {}

  /// The login with this number; nil when it is not kept any more.
  public subscript(number: Int) -> ObservedLogin? { logins.first { $0.number == number } }

  /// Takes an exchange, and returns the number of the login to which it belongs; nil for none.
  ///
  /// - Parameters:
  ///   - service: What the request was for.
  ///   - server: What the server knows now, of a login that is known already or of a new one.
  public mutating func take(
    _ service: TenantService, _ request: HTTPRequest, _ response: HTTPResponse, at: UnixTime,
    checks: [ServerCheck] = [], server: (ObservedLogin.Server?) -> ObservedLogin.Server
  ) -> Int? {
    func seen(_ route: SeenExchange.Route) -> SeenExchange {
      SeenExchange(route, request, response, at: at, serverChecks: checks)
    }
    switch service {
    case .authorize: return begin(seen(.browser), server(nil))
    case .page:
      let name = ObservedLogin.parameters(of: request)["state"]
      return add(seen(.browser), to: owner(.transaction, name), server)
    case .token:
      let fields = ObservedLogin.parameters(of: request)
      let purpose: FetchPurpose = fields["grant_type"] == "refresh_token" ? .refresh : .token
      return add(seen(.application(purpose)), to: owner(of: purpose, request), server)
    case .userinfo, .api, .introspection, .revocation:
      guard let purpose = service.purpose else { return nil }
      return add(seen(.application(purpose)), to: owner(of: purpose, request), server)
    // A pushed request names no login yet: that begins with the browser.
    case .push:
      keep(seen(.application(.pushedRequest)))
      return nil
    case .discovery, .keys, .strangersKeys, .logout, .other: return nil
    }
  }

  /// Whether a login is to be marked as over after a while.
  var isUnsettled: Bool { logins.contains(where: Self.mayEnd) }

  /// Whether only the application can go on: a person may take any time.
  private static func mayEnd(_ login: ObservedLogin) -> Bool {
    !login.isOver && login.isAnswered
  }

  /// Marks as over what has been quiet long enough; returns the numbers of these logins.
  public mutating func settle(at now: UnixTime) -> [Int] {
    var settled: [Int] = []
    for index in logins.indices where Self.mayEnd(logins[index]) {
      guard let last = logins[index].exchanges.last,
        now.seconds - last.at.seconds >= Self.quietSeconds
      else { continue }
      logins[index].isOver = true
      settled.append(logins[index].number)
    }
    return settled
  }

  /// Marks every login as over: nobody watches any more.
  public mutating func endAll() {
    for index in logins.indices { logins[index].isOver = true }
  }

  // MARK: - Whose it is

  private enum Name: String {
    case transaction, code, accessToken, refreshToken
  }

  private func owner(_ name: Name, _ value: String?) -> Int? {
    guard let value, !value.isEmpty else { return nil }
    return owners[name.rawValue + " " + value]
  }

  private mutating func own(_ name: Name, _ value: String?, _ number: Int) {
    guard let value, !value.isEmpty else { return }
    owners[name.rawValue + " " + value] = number
  }

  private mutating func owner(of purpose: FetchPurpose, _ request: HTTPRequest) -> Int? {
    let fields = ObservedLogin.parameters(of: request)
    switch purpose {
    case .token:
      if let known = owner(.code, fields["code"]) { return known }
      strangeCodes += 1
      return waiting(for: fields, request)
    case .refresh: return owner(.refreshToken, fields["refresh_token"])
    case .introspection, .revocation:
      return owner(.accessToken, fields["token"]) ?? owner(.refreshToken, fields["token"])
    case .userinfo, .api:
      let parts = (request.headers["Authorization"] ?? "").split(at: " ")
      return owner(
        .accessToken, parts.count == 2 ? String(parts[1]) : fields["access_token"])
    case .metadata, .keys, .keysAgain, .pushedRequest: return nil
    }
  }

  /// The only login of this client that waits for a token request: an altered code is shown there.
  private func waiting(for fields: [FormField], _ request: HTTPRequest) -> Int? {
    guard fields["grant_type"] == "authorization_code",
      let client = fields["client_id"] ?? Self.basicName(request)
    else { return nil }
    let open = logins.filter { login in
      login.parameters["client_id"] == client
        && !login.exchanges.contains { $0.route == .application(.token) }
        && owners.contains { $0.value == login.number && $0.key.begins(with: Name.code.rawValue) }
    }
    return open.count == 1 ? open[0].number : nil
  }

  /// The client's name in HTTP Basic.
  ///
  /// RFC 6749, section 2.3.1.
  private static func basicName(_ request: HTTPRequest) -> String? {
    guard let header = request.headers["Authorization"], let (scheme, value) = header.cut(at: " "),
      scheme.isIdentical(toIgnoringCase: "basic"),
      let bytes = try? Base64.decode(value.trimmingBlanks),
      let name = String(decoding: bytes, as: UTF8.self).cut(at: ":")?.0
    else { return nil }
    return (try? FormEncoding.decode("n=" + name))?["n"]
  }

  // MARK: - What is kept

  /// Keeps a pushed request that was taken until the browser brings its reference.
  private mutating func keep(_ exchange: SeenExchange) {
    guard let reference = Self.reference(exchange.response) else { return }
    pushed.append((reference, exchange))
    if pushed.count > Self.loginsMaximum { pushed.removeFirst() }
  }

  private mutating func begin(_ request: SeenExchange, _ server: ObservedLogin.Server) -> Int {
    count += 1
    var login = ObservedLogin(number: count, request, server: server)
    if let reference = login.parameters["request_uri"],
      let index = pushed.firstIndex(where: { $0.reference.isIdentical(to: reference) })
    {
      login.pushed = pushed.remove(at: index).exchange
    }
    logins.append(login)
    learn(from: request, count)
    makeRoom()
    return count
  }

  private mutating func add(
    _ exchange: SeenExchange, to number: Int?,
    _ server: (ObservedLogin.Server?) -> ObservedLogin.Server
  ) -> Int? {
    guard let number, let index = logins.firstIndex(where: { $0.number == number }) else {
      return nil
    }
    logins[index].isOver = false
    // Keys may have changed since.
    logins[index].server = server(logins[index].server)
    guard logins[index].add(exchange) else { return number }
    learn(from: exchange, number)
    makeRoom()
    return number
  }

  /// Remembers the names that the tenant has given out in a response.
  private mutating func learn(from exchange: SeenExchange, _ number: Int) {
    switch exchange.route {
    case .browser:
      let target = exchange.response.headers["Location"].flatMap { try? WebURL($0) }
      let server = self[number]?.server.issuer
      if let target, target.origin == server?.origin {
        own(.transaction, (try? FormEncoding.decode(target.query ?? ""))?["state"], number)
      }
      guard let redirect = self[number]?.parameters["redirect_uri"].flatMap({ try? WebURL($0) }),
        let answer = DepartingAnswer(exchange.response, from: exchange.request.url, to: redirect)
      else { return }
      if let index = logins.firstIndex(where: { $0.number == number }) {
        logins[index].isAnswered = true
      }
      let told = ResponseJWT.told(by: answer.fields)
      own(.code, told["code"], number)
      own(.accessToken, told["access_token"], number)
    case .application:
      guard let json = try? JSONParser.parse(exchange.response.body) else { return }
      own(.accessToken, json["access_token"]?.string, number)
      own(.refreshToken, json["refresh_token"]?.string, number)
    }
  }

  private mutating func makeRoom() {
    var bytes = logins.reduce(0) { $0 + $1.bytes }
    while logins.count > 1, logins.count > Self.loginsMaximum || bytes > Self.bytesMaximum {
      let gone = logins.removeFirst()
      bytes -= gone.bytes
      owners = owners.filter { $0.value != gone.number }
    }
  }
}

extension WatchedLogins {
  /// What an authorization request asks for, with the request that was pushed for it, if one was.
  package static func asked(_ request: HTTPRequest, pushed: HTTPRequest?) -> [FormField] {
    ObservedLogin.asked(request, pushed: pushed)
  }

  /// The reference that a pushed request got; nil when it was refused.
  package static func reference(_ response: HTTPResponse) -> String? {
    (try? JSONParser.parse(response.body))?["request_uri"]?.string
  }
}

extension TenantService {
  /// What an application asks for there; nil for what a browser asks for, and for the token endpoint,
  /// where the request says it.
  fileprivate var purpose: FetchPurpose? {
    switch self {
    case .userinfo: .userinfo
    case .api: .api
    case .introspection: .introspection
    case .revocation: .revocation
    case .authorize, .page, .push, .token, .discovery, .keys, .strangersKeys, .logout, .other: nil
    }
  }
}
