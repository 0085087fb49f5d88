import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Recording

/// Watches the logins of other people's applications at a demo tenant on a real port.
public final class LoginWatch {
  /// The tenant.
  public let host: TenantHost
  /// The logins so far.
  public private(set) var logins = WatchedLogins()
  /// The fault that the tenant commits from the next login on; nil for an honest tenant.
  public private(set) var fault: LabFault?
  /// Called with the number of a login whenever something of it was seen.
  public var onLogin: ((Int) -> Void)?
  /// Called when a token request came whose code belongs to no login.
  public var onStrangeCode: (() -> Void)?

  private let loop: PollLoop
  private var clock: LoopTimer?

  /// Begins to watch.
  public init(_ host: TenantHost, loop: PollLoop) {
    (self.host, self.loop) = (host, loop)
    host.onService = { [weak self] service in
      switch service {
      case .authorize, .discovery, .keys: self?.fault?.tenantFault
      case .page, .push, .token, .userinfo, .introspection, .revocation, .api, .strangersKeys,
        .logout, .other:
        nil
      }
    }
    host.onExchange = { [weak self] request, response in self?.take(request, response) }
  }

  /// What is known before the first login: the tenant and its first client; nil without one.
  public var configuration: FlowConfiguration? {
    guard let client = host.clients.first,
      let redirect = client.redirectURIs.first.flatMap({ try? WebURL($0) })
    else { return nil }
    var configuration = FlowConfiguration(
      issuer: host.issuer, clientID: client.id, clientSecret: nil, redirectURI: redirect)
    configuration.observesTenant = true
    return configuration
  }

  /// Makes the tenant commit a fault in every login that begins from now on, and in its documents;
  /// nil makes it honest again.
  ///
  /// Nobody is signed out, and a login under way goes on as it began.
  public func commit(_ fault: LabFault?) { self.fault = fault }

  /// Begins with a fault as the tenant’s options name it.
  public func begin(with fault: Fault?) { commit(fault.flatMap { Lab.row($0.id) }) }

  /// Marks every login as over, and stops the clock.
  public func stop() {
    clock?.cancel()
    clock = nil
    logins.endAll()
  }

  private func take(_ request: HTTPRequest, _ response: HTTPResponse) {
    let service = host.service(at: request.target)
    var seen = request
    seen.url = try? WebURL(host.issuer.origin + request.target)
    let strange = logins.strangeCodes
    let number = logins.take(
      service, seen, response, at: loop.now,
      checks: service == .token ? host.checksOfLastRequest : [],
      server: { server($0, seen) })
    if logins.strangeCodes > strange, number == nil { onStrangeCode?() }
    guard let number else { return }
    onLogin?(number)
    wind()
  }

  /// What the tenant knows of itself, with the fault that the login began with.
  private func server(
    _ known: ObservedLogin.Server?, _ request: HTTPRequest
  ) -> ObservedLogin.Server {
    let id = known == nil ? host.chosenFault : known?.faultID
    let fault = id.flatMap(Lab.row)
    let documents = host.documents(committing: fault?.tenantFault)
    var server =
      known
      ?? ObservedLogin.Server(issuer: host.issuer, idTokenAlgorithm: host.signingAlgorithm)
    (server.metadata, server.keys) = (documents[.metadata], documents[.keys])
    guard known == nil, let fault else { return server }
    server.faultID = fault.id
    let asked = ObservedLogin.parameters(of: request)["response_type"] ?? ""
    // An oddity is nobody’s deed: nothing is marked as changed.
    if fault.group != .harmless {
      server.tampering = fault.mark(for: ResponseType(words: asked) ?? .codeIDToken)
    }
    return server
  }

  /// Looks every second for logins that have been quiet, while there may be some.
  private func wind() {
    guard clock == nil, logins.isUnsettled else { return }
    clock = loop.after(milliseconds: 1000) { [weak self] in
      guard let self else { return }
      self.clock = nil
      for number in self.logins.settle(at: self.loop.now) { self.onLogin?(number) }
      self.wind()
    }
  }
}
