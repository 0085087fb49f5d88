import DemoTenant
import HybridFlow
import OpenID
import Session

/// What the tenant saw of the application during one visit.
public struct TenantSighting: Sendable {
  /// A request to the token endpoint.
  public struct Exchange: Sendable {
    /// The form's fields; secrets among them.
    public var fields: [FormField]
    /// The status of the answer.
    public var status: Int
    /// The `error` of the answer; nil for tokens.
    public var error: String?
    /// Whether tokens came back, whatever the status.
    var bringsTokens = false
    /// The `User-Agent` of the request.
    public var userAgent: String?
    /// Whether the client authenticated with HTTP Basic.
    public var usesBasic = false

    /// What came back, in a few words.
    var outcome: String {
      error.map { HarmlessText.line($0) } ?? (bringsTokens ? "tokens" : "no tokens")
    }

    /// Whether it redeems a code.
    var redeemsCode: Bool { fields["grant_type"] == "authorization_code" }
  }

  /// A call with an access token.
  public struct Call: Sendable {
    /// Userinfo or API.
    public var service: TenantService
    /// The token; nil without one.
    public var token: String?
    /// Whether the token stood in the address.
    public var isInURL: Bool
    /// The status of the answer.
    public var status: Int
  }

  /// The authorization requests: as they arrived, or as they were pushed before.
  public var authorizations: [[FormField]] = []
  /// The pushed requests, by the reference that each got.
  private var pushed: [String: HTTPRequest] = [:]
  /// The requests to the token endpoint.
  public var exchanges: [Exchange] = []
  /// The calls of userinfo and APIs.
  public var calls: [Call] = []
  /// How often the discovery document was fetched.
  public var discoveries = 0
  /// How often the keys were fetched.
  public var keyFetches = 0
  /// How often the keys of an attacker were fetched, which nobody publishes.
  public var strangersKeyFetches = 0
  /// The requests to the logout endpoint.
  public var logouts = 0
  /// Codes and tokens that were handed out.
  var issued: [String] = []
  /// The messages that the fault has spoilt.
  public var spoilt: [SpoiltMessage] = []
  /// What the tenant refused, in its own words, oldest first.
  public var refusals: [LedgerEntry] = []

  /// The requests that redeem a code.
  public var codeExchanges: [Exchange] { exchanges.filter(\.redeemsCode) }
  /// The requests that refresh.
  public var refreshes: [Exchange] {
    exchanges.filter { $0.fields["grant_type"] == "refresh_token" }
  }

  mutating func take(_ request: HTTPRequest, _ response: HTTPResponse, _ service: TenantService) {
    switch service {
    case .discovery: discoveries += 1
    case .keys: keyFetches += 1
    case .authorize:
      let sent = WatchedLogins.asked(request, pushed: nil)
      let own = sent["request_uri"].flatMap { pushed[$0] }
      authorizations.append(own.map { WatchedLogins.asked(request, pushed: $0) } ?? sent)
    case .push:
      if let reference = WatchedLogins.reference(response) { pushed[reference] = request }
    case .token:
      let answer = try? JSONParser.parse(response.body)
      let tokens = ["access_token", "id_token", "refresh_token"]
      issued += tokens.compactMap { answer?[$0]?.string }
      exchanges.append(
        Exchange(
          fields: (try? FormEncoding.decode(request.body)) ?? [], status: response.status,
          error: answer?["error"]?.string, bringsTokens: answer?["access_token"] != nil,
          userAgent: request.headers["User-Agent"],
          usesBasic: request.headers["Authorization"]?.parting(at: " ").0.asciiLowercased == "basic"
        ))
    case .userinfo, .api: calls.append(Self.call(request, response, service))
    case .strangersKeys: strangersKeyFetches += 1
    case .logout: logouts += 1
    case .page, .introspection, .revocation, .other: break
    }
  }

  private static func call(
    _ request: HTTPRequest, _ response: HTTPResponse, _ service: TenantService
  ) -> Call {
    let header = request.headers["Authorization"].flatMap { line -> String? in
      let (scheme, value) = line.parting(at: " ")
      return scheme.asciiLowercased == "bearer" ? value.map(String.init) : nil
    }
    let query = (try? FormEncoding.decode(Array(request.query.utf8)))?["access_token"]
    let body = (try? FormEncoding.decode(request.body))?["access_token"]
    return Call(
      service: service, token: header ?? body ?? query, isInURL: query != nil,
      status: response.status)
  }
}

/// Collects what the tenant sees of one visit after the other.
final class TenantWatch {
  private let host: TenantHost
  private(set) var sighting = TenantSighting()

  init(_ host: TenantHost) {
    self.host = host
    let before = host.onExchange
    host.onExchange = { [weak self, weak host] request, response in
      before?(request, response)
      guard let host else { return }
      self?.sighting.take(request, response, host.service(at: request.target))
    }
  }

  deinit { host.onExchange = nil }

  /// Begins a visit: nobody is signed in at the tenant, and it commits this fault.
  func begin(_ fault: Fault?) {
    host.commit(fault)
    sighting = TenantSighting()
  }

  /// Forgets the requests that somebody else has made in between, but not what was handed out.
  func forget(since earlier: TenantSighting) {
    var kept = earlier
    kept.issued = sighting.issued
    sighting = kept
  }

  /// Keeps the code and the tokens among these fields.
  func keep(_ fields: [FormField]) {
    sighting.issued += ["code", "id_token", "access_token"].compactMap { fields[$0] }
  }

  /// What was seen until now.
  func look() -> TenantSighting {
    var seen = sighting
    seen.spoilt = host.spoilt
    seen.refusals = host.refusals
    return seen
  }
}
