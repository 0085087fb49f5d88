import Cryptography
import HybridFlow
import Network
import OpenID
import Settings

/// The application's web site on a port: the redirect URI and the pages around it.
final class CallbackServer {
  /// Called for every request at the redirect URI; answer it with ``answer(_:_:)``.
  var onCallback: ((CallbackNumber, HTTPRequest) -> Void)?
  /// Called for a response at a wrong address; it is already answered.
  var onMisplaced: ((HTTPRequest) -> Void)?
  /// Called for every request at the start address; it is already answered.
  var onLogin: ((HTTPRequest) -> Void)?
  /// Called for input that was refused before it became a request; it is already answered.
  var onRefused: ((RefusedRequest) -> Void)?
  /// Called when the browser returns from a logout; it is already answered.
  var onLoggedOut: ((HTTPRequest) -> Void)?

  private let server: HTTPServer
  private let certificate: RedirectCertificate
  private var asked: WebURL?
  private var site: ApplicationSite?
  private var waiting: [CallbackNumber: Responder] = [:]
  private var callbacks = 0

  init(loop: PollLoop, certificate: RedirectCertificate = .throwAway) {
    self.certificate = certificate
    server = HTTPServer(loop: loop)
    server.onRefused = { [weak self] refused in self?.onRefused?(refused) }
    server.deferringHandler = { [weak self] request, _, responder in
      self?.receive(request, responder)
    }
  }

  /// Whether a request still waits for its answer.
  var isBusy: Bool { !waiting.isEmpty }
  /// The redirect URI with its real port.
  var redirectURI: WebURL? { site?.redirectURI }
  /// Whether a browser is about to fetch the page after the callback.
  var owesPage: Bool { site?.owesPage ?? false }

  /// Listens at a redirect URI and returns it with its real port.
  ///
  /// An open port is reused, so that a new run does not change it.
  func listen(at uri: WebURL) throws(ListenError) -> WebURL {
    if let asked, asked == uri, let site, server.port != nil {
      self.site = ApplicationSite(redirectURI: site.redirectURI)
      return site.redirectURI
    }
    server.stop()
    site = nil
    server.identity = try identity(for: uri)
    // Another name is that of this machine by its hosts file only: nobody else can reach it.
    let port = try server.listen(host: uri.isLoopback ? uri.host : "localhost", port: uri.port)
    var real = uri
    if uri.explicitPort == 0 {
      let authority = uri.host.holds(":") ? "[\(uri.host)]" : uri.host
      let rest = uri.text.dropFirst(bytes: uri.origin.utf8.count)
      guard let url = try? WebURL("\(uri.scheme)://\(authority):\(port)\(rest)") else {
        throw .cannotBind(address: uri.authority, reason: "the port does not fit into the URL")
      }
      real = url
    }
    let site = ApplicationSite(redirectURI: real)
    asked = uri
    self.site = site
    server.allowedHosts = site.hosts
    return real
  }

  /// What https shows; nil for http.
  ///
  /// A certificate that was made stays while its host does: a browser that was told to go on with
  /// it asks once only.
  private func identity(for uri: WebURL) throws(ListenError) -> TLSIdentity? {
    guard uri.isHTTPS else { return nil }
    if case .given(let identity) = certificate { return identity }
    if let made = server.identity, made.names(uri.host) { return made }
    do throws(TLSIdentityError) {
      return try TLSIdentity.throwAway(for: uri.host)
    } catch {
      throw .cannotBind(address: uri.origin, reason: error.description)
    }
  }

  /// The https server as its own clients know it; nil while it speaks http.
  var ownServer: OwnServer? {
    guard let identity = server.identity, let site else { return nil }
    return OwnServer(origin: site.redirectURI.origin, identity: identity)
  }

  private func receive(_ request: HTTPRequest, _ responder: Responder) {
    guard var site else { return responder.respond(CallbackPages.notFound) }
    let route = site.route(request)
    self.site = site
    switch route {
    case .callback: arrive(request, responder)
    case .relayed(let handed): arrive(handed, responder)
    case .repeated: responder.respond(CallbackPages.repeated)
    case .start:
      let (response, isTold) = site.open()
      responder.respond(response)
      self.site = site
      guard isTold else { return }
      var seen = request
      seen.url = try? WebURL(site.redirectURI.origin + request.target)
      onLogin?(seen)
    case .done:
      responder.respond(site.donePage())
      self.site = site
    case .loggedOut:
      responder.respond(CallbackPages.loggedOut)
      onLoggedOut?(request)
    case .misplaced:
      responder.respond(CallbackPages.misplaced)
      onMisplaced?(request)
    case .notFound: responder.respond(CallbackPages.notFound)
    }
  }

  /// Numbers a request for the machine, which answers it.
  private func arrive(_ request: HTTPRequest, _ responder: Responder) {
    callbacks += 1
    let number = CallbackNumber(callbacks)
    waiting[number] = responder
    var seen = request
    seen.url = site.flatMap { try? WebURL($0.redirectURI.origin + request.target) }
    onCallback?(number, seen)
  }
  /// Answers the start address like this from now on.
  func offer(_ login: HTTPResponse) {
    site?.login = login
    // A request that was edited is offered again: the browser may have the address already.
    if site?.startKey.isEmpty == true {
      site?.startKey = (try? Randomness.token(byteCount: 16)) ?? ""
    }
  }

  /// The address that the browser of this run opens.
  func keyed(_ url: WebURL) -> WebURL { site?.keyed(url) ?? url }

  func answer(_ number: CallbackNumber, _ answer: CallbackAnswer) {
    guard let responder = waiting.removeValue(forKey: number), var site else { return }
    let token = (try? Randomness.token(byteCount: 16)) ?? ""
    responder.respond(site.answer(answer, token: token))
    self.site = site
  }

  func stop() {
    waiting = [:]
    server.stop()
    site = nil
    asked = nil
  }
}
