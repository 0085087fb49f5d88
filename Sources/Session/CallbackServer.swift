import Cryptography
import HybridFlow
import Network
import OpenID

/// The application's own small web site: the redirect URI and the pages around it.
final class CallbackServer {
  /// Told of every request at the redirect URI; answer it with ``answer(_:_:)``.
  var onCallback: ((CallbackNumber, HTTPRequest) -> Void)?
  /// Told of parts of an answer at another address; they are answered already.
  var onMisplaced: ((HTTPRequest) -> Void)?
  /// Told of what was refused before it could be a request; it is answered already.
  var onRefused: ((RefusedRequest) -> Void)?
  /// Told when the browser comes back from a logout; it is answered already.
  var onLoggedOut: ((HTTPRequest) -> Void)?

  private let server: HTTPServer
  private var asked: WebURL?
  private var site: ApplicationSite?
  private var waiting: [CallbackNumber: Responder] = [:]
  private var callbacks = 0

  init(loop: PollLoop) {
    server = HTTPServer(loop: loop)
    server.onRefused = { [weak self] refused in self?.onRefused?(refused) }
    server.deferringHandler = { [weak self] request, _, responder in
      self?.receive(request, responder)
    }
  }

  /// Whether somebody still waits for something.
  var isBusy: Bool { !waiting.isEmpty }
  /// The redirect URI with its real port.
  var redirectURI: WebURL? { site?.redirectURI }
  /// Whether a browser is on its way to the page after the callback.
  var owesPage: Bool { site?.owesPage ?? false }

  /// Listens at a redirect URI and returns it with its real port.
  ///
  /// One that is listened at already is kept, so that starting over changes no port.
  func listen(at uri: WebURL) throws(ListenError) -> WebURL {
    if let asked, asked == uri, let site, server.port != nil {
      self.site = ApplicationSite(redirectURI: site.redirectURI)
      return site.redirectURI
    }
    server.stop()
    site = nil
    let port = try server.listen(host: uri.host, port: uri.port)
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

  private func receive(_ request: HTTPRequest, _ responder: Responder) {
    guard var site else { return responder.respond(CallbackPages.notFound) }
    switch site.route(request) {
    case .callback:
      callbacks += 1
      let number = CallbackNumber(callbacks)
      waiting[number] = responder
      var seen = request
      seen.url = try? WebURL(site.redirectURI.origin + request.target)
      onCallback?(number, seen)
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

  func answer(_ number: CallbackNumber, _ answer: CallbackAnswer) {
    guard let responder = waiting.removeValue(forKey: number), var site else { return }
    let nonce = (try? Randomness.token(byteCount: 16)) ?? ""
    responder.respond(site.answer(answer, nonce: nonce))
    self.site = site
  }

  func stop() {
    waiting = [:]
    server.stop()
    site = nil
    asked = nil
  }
}
