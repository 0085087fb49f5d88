import DemoTenant
import HybridFlow
import Lab
import OpenID
import Session

/// The rules of one visit, whichever browser makes it: where it goes, what it carries, and what
/// somebody between browser and application changes.
///
/// A browser goes to the application, to the tenant, and nowhere else. A code or token goes to the
/// redirect URI only; where the answer comes as a fragment, the application’s page may hand it to
/// its own server.
final class Passage {
  /// Who stands between the browser and the application.
  enum Between {
    /// Nobody.
    case nobody
    /// The person declines: the application is told so in the place of the answer.
    case refusal
    /// An attacker, with the answer of another login that is theirs, if they need one.
    case attacker(CallbackAttack, other: [FormField]? = nil)
    /// The browser is the attacker’s own: the answer is kept, and not delivered.
    case keeper(signInName: String)
  }

  /// The most requests of one login, far more than any takes.
  static let mostRequests = 60
  /// The longest a whole visit may take.
  static let visitMilliseconds: Int64 = 45_000

  private let host: TenantHost
  private let subject: TrialSubject
  private let watch: TenantWatch
  private let between: Between
  /// When it began, on the loop’s monotonic clock.
  let begun: Int64
  /// Where the browser brought an authorization response; nil as long as it brought none.
  private(set) var answered: WebURL?
  /// Whether the browser brought an authorization response to the redirect URI.
  var deliveredAnswer: Bool { answered != nil }
  /// Whether an attacker in the browser has changed something.
  private(set) var wasAttacked = false
  /// The access token of the answer; a secret.
  private(set) var frontAccessToken: String?
  /// The answer that the attacker has kept.
  private(set) var kept: [FormField]?
  /// Whether the answer stood behind the `#` of an address.
  private var cameInFragment = false
  /// The cookies that did not go with the answer, and why.
  var lostCookies: [LostCookie] = []

  init(
    host: TenantHost, subject: TrialSubject, watch: TenantWatch, between: Between, begun: Int64
  ) {
    (self.host, self.subject, self.watch) = (host, subject, watch)
    (self.between, self.begun) = (between, begun)
  }

  /// Who signs in.
  var person: PersonAtKeyboard {
    if case .keeper(let name) = between { PersonAtKeyboard(name: name) } else { PersonAtKeyboard() }
  }

  /// Why a request must not be sent; nil when it may.
  ///
  /// - Parameter isByScript: Whether a page’s own script sends it, or a form of the page.
  func obstacle(_ request: HTTPRequest, _ url: WebURL, isByScript: Bool = false) -> Visit.End? {
    guard isOfTenant(url) || subject.mayVisit(url) else { return .elsewhere(url) }
    guard !isOfTenant(url), !subject.isRedirectURI(url) else { return nil }
    if isByScript, cameInFragment, subject.isBesideRedirectURI(url) { return nil }
    let body = String(decoding: request.body, as: UTF8.self)
    let carries = watch.sighting.issued.contains { url.text.holds($0) || body.holds($0) }
    return carries ? .carriesSecret(url) : nil
  }

  /// The address that an attacker makes of that of an authorization request; nil where it stays.
  func changedAuthorization(_ url: WebURL) -> WebURL? {
    guard case .attacker(let attack, _) = between, !wasAttacked, isOfTenant(url),
      host.service(at: url.requestTarget) == .authorize
    else { return nil }
    let changed = attack.authorizeURL(url)
    guard changed.text != url.text else { return nil }
    wasAttacked = true
    return changed
  }

  /// The requests that arrive in the place of this one, if it is the first to carry the answer; nil
  /// for every other.
  ///
  /// None is delivered where the answer is kept.
  func delivery(of request: HTTPRequest, _ url: WebURL) -> [HTTPRequest]? {
    guard !deliveredAnswer, isAnswer(request, url) else { return nil }
    if case .keeper = between {
      kept = Self.fields(of: request)
      return []
    }
    answered = url
    watch.keep(Self.fields(of: request))
    let requests = changed(request)
    frontAccessToken = requests.first.flatMap { Self.fields(of: $0)["access_token"] }
    wasAttacked = wasAttacked || requests != [request]
    return requests
  }

  /// The address that arrives in the place of this one, if it is the first to carry the answer
  /// behind its `#`; nil for every other, and where the answer is kept.
  func delivery(inFragmentOf url: WebURL) -> WebURL? {
    guard !deliveredAnswer, subject.isRedirectURI(url), let text = url.fragment,
      let fields = try? FormEncoding.decode(Array(text.utf8)), Self.isAnswer(fields)
    else { return nil }
    if case .keeper = between {
      kept = fields
      return nil
    }
    (answered, cameInFragment) = (url, true)
    watch.keep(fields)
    // The same fields as in a form post: what changes them there changes them here.
    let post = HTTPRequest(method: "POST", url: url, body: Array(text.utf8))
    let changed = changed(post).first
    frontAccessToken = changed.flatMap { Self.fields(of: $0)["access_token"] }
    guard let changed, changed.body != post.body,
      let target = try? WebURL(
        "\(url.text.before("#"))#\(String(decoding: changed.body, as: UTF8.self))")
    else { return url }
    wasAttacked = true
    return target
  }

  /// Whether an address is the tenant’s.
  func isOfTenant(_ url: WebURL) -> Bool {
    url.isLoopback ? url.port == host.port : url.origin == host.issuer.origin
  }

  /// A page without the codes and tokens that it repeats: parts of it are printed.
  func masked(_ text: String) -> String {
    watch.sighting.issued.reduce(text) { $0.replacing(bytes: $1, with: "(a secret)") }
  }

  // MARK: - What somebody changes

  private func changed(_ request: HTTPRequest) -> [HTTPRequest] {
    switch between {
    case .nobody, .keeper: return [request]
    case .refusal: return [refusal(request)]
    case .attacker(let attack, let own):
      let other = attack.takesFromAnotherRun ? own ?? answerOfAnother(attack) : nil
      watch.keep(other ?? [])
      return attack.requests(for: request, other: other)
    }
  }

  /// The answer of another run, made up by the tenant: the attacker’s own login has failed.
  private func answerOfAnother(_ attack: CallbackAttack) -> [FormField]? {
    guard let configuration = asked,
      let run = attack.otherRun(configuration, redirectURI: configuration.redirectURI.text)
    else { return nil }
    return host.answer(of: run)
  }

  private static func fields(of answer: HTTPRequest) -> [FormField] {
    let encoded = answer.method == "POST" ? answer.body : Array(answer.query.utf8)
    return (try? FormEncoding.decode(encoded)) ?? []
  }

  /// The last authorization request as a configuration, for the run from which an attacker takes.
  private var asked: FlowConfiguration? {
    guard let fields = watch.sighting.authorizations.last,
      let redirectURI = fields["redirect_uri"].flatMap({ try? WebURL($0) }),
      let type = ResponseType(words: fields["response_type"] ?? "")
    else { return nil }
    var configuration = FlowConfiguration(
      issuer: host.issuer, clientID: subject.client.id, clientSecret: nil,
      redirectURI: redirectURI, responseType: type)
    configuration.responseMode =
      fields["response_mode"].flatMap { ResponseMode(rawValue: $0) } ?? .fragment
    configuration.scope = (fields["scope"] ?? "").split(at: " ").map(String.init)
    configuration.audience = fields["audience"]
    configuration.usesPKCE = fields["code_challenge"] != nil
    return configuration
  }

  /// The answer of a person who declines, in the place of the real one.
  ///
  /// RFC 6749, section 4.1.2.1.
  private func refusal(_ request: HTTPRequest) -> HTTPRequest {
    let isForm = request.method == "POST"
    let fields = try? FormEncoding.decode(isForm ? request.body : Array(request.query.utf8))
    let refused = FormEncoding.encode(
      [FormField("error", "access_denied")]
        + ["state", "iss"].compactMap { name in fields?[name].map { FormField(name, $0) } })
    var changed = request
    if isForm {
      changed.body = Array(refused.utf8)
      changed.headers.set("Content-Length", String(changed.body.count))
    } else if let url = request.url {
      changed.url = try? WebURL(url.text.before(anyOf: "?#") + "?" + refused)
      changed.target = (changed.url ?? url).requestTarget
    }
    return changed
  }

  private func isAnswer(_ request: HTTPRequest, _ url: WebURL) -> Bool {
    guard subject.isRedirectURI(url) else { return false }
    let inQuery = (try? FormEncoding.decode(Array(request.query.utf8))) ?? []
    guard let inBody = try? FormEncoding.decode(request.body) else { return true }
    return Self.isAnswer(inQuery + inBody)
  }

  private static func isAnswer(_ fields: [FormField]) -> Bool {
    let names = ["code", "id_token", "access_token", "error", "state", "response"]
    return names.contains { fields[$0] != nil }
  }
}
