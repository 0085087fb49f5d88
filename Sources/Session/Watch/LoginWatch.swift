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

  /// Makes the tenant commit a fault from the next login on; nil makes it honest again.
  ///
  /// It signs everyone out, and a login under way ends: the tenant forgets it.
  public func commit(_ fault: LabFault?) {
    self.fault = fault
    host.commit(fault?.tenantFault)
  }

  /// Marks every login as over, and stops the clock.
  public func stop() {
    clock?.cancel()
    clock = nil
    logins.endAll()
  }

  private func take(_ request: HTTPRequest, _ response: HTTPResponse) {
    let kind = WatchedLogins.Kind(request, base: host.issuer.path)
    guard kind != .other else { return }
    var seen = request
    seen.url = try? WebURL(host.issuer.origin + request.target)
    let strange = logins.strangeCodes
    let number = logins.take(
      kind, seen, response, at: loop.now,
      checks: kind == .application(.token) ? host.checksOfLastRequest : [],
      server: { server(for: seen) })
    if logins.strangeCodes > strange, number == nil { onStrangeCode?() }
    guard let number else { return }
    onLogin?(number)
    wind()
  }

  /// What the tenant knows of itself.
  private func server(for request: HTTPRequest) -> ObservedLogin.Server {
    let documents = host.documents
    let type = ResponseType(words: ObservedLogin.parameters(of: request)["response_type"] ?? "")
    return ObservedLogin.Server(
      issuer: host.issuer, idTokenAlgorithm: host.signingAlgorithm,
      metadata: documents.map { exchange(.metadata, $0.metadata) },
      keys: documents.map { exchange(.keys, $0.keys) },
      tampering: fault.flatMap { $0.group == .harmless ? nil : $0.mark(for: type ?? .codeIDToken) })
  }

  private func exchange(
    _ purpose: FetchPurpose, _ pair: (HTTPRequest, HTTPResponse)
  ) -> SeenExchange {
    SeenExchange(.application(purpose), pair.0, pair.1, at: loop.now)
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
