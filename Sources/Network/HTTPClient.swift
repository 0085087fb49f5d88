import CCurl
import Cryptography
import Glibc
import OpenID

/// Options of a client.
public struct ClientOptions: Sendable, Equatable {
  /// The limit for a whole exchange.
  public var timeoutMilliseconds: Int
  /// The limit for name lookup, connection and handshake.
  public var connectTimeoutMilliseconds: Int
  /// A PEM file with trusted authorities, in addition to the system's.
  public var caFile: String?
  /// The `User-Agent` for requests without one.
  public var userAgent: String
  /// The variables that name proxies and further authorities; no others are looked at.
  public var environment: [String: String]
  /// The hosts to which plain http is allowed besides this machine, in lower case.
  public var plainHTTPHosts: Set<String> = []
  /// The servers of this program itself, which are reached on this machine.
  public var ownServers: [OwnServer] = []
  /// The certificates of the client with their keys: a request names the one that it shows.
  public var clientIdentities: [ClientIdentity] = []
  /// Whether no TLS newer than 1.2 is spoken, as a client with an old library would.
  public var speaksOldTLS = false
  /// The most bytes of a response's head.
  public var responseHeadBytes = Limit.responseHeadBytes
  /// The most bytes of a response's body.
  public var responseBodyBytes = Limit.responseBodyBytes

  /// Makes options; `userAgent` should contain the program's name and version.
  public init(
    timeoutSeconds: Int = 15, connectTimeoutSeconds: Int = 10, caFile: String? = nil,
    userAgent: String = "hybrid-flow", environment: [String: String] = [:]
  ) {
    timeoutMilliseconds = timeoutSeconds * 1000
    connectTimeoutMilliseconds = min(timeoutSeconds, connectTimeoutSeconds) * 1000
    self.caFile = caFile
    self.userAgent = userAgent
    self.environment = environment
  }
}

/// An https server of this program, as a client of the same program knows it.
public struct OwnServer: Sendable, Equatable {
  /// Its address: scheme, host and port.
  public var origin: String
  /// Who it is; nobody else is trusted at that address.
  public var identity: TLSIdentity

  /// Makes a server from its address and its identity.
  public init(origin: String, identity: TLSIdentity) {
    (self.origin, self.identity) = (origin, identity)
  }

  /// Whether both are the same.
  public static func == (left: OwnServer, right: OwnServer) -> Bool {
    left.origin.isIdentical(to: right.origin) && left.identity === right.identity
  }
}

/// Sends requests through libcurl without ever blocking.
///
/// Redirects are returned, not followed; nothing is decoded, cached or kept except connections;
/// certificates are always verified; plain http is allowed to this machine only. Proxies are those of
/// the environment in its options.
public final class HTTPClient {
  /// The options; a change takes effect at the next request.
  public var options: ClientOptions

  private let loop: PollLoop
  private var running: [ObjectIdentifier: Transfer] = [:]
  private var agreements: [String: TLSAgreement] = [:]

  /// Makes a client on a loop.
  public init(loop: PollLoop, options: ClientOptions = ClientOptions()) {
    self.loop = loop
    self.options = options
  }

  deinit { cancelAll() }

  /// The number of requests under way.
  public var runningCount: Int { running.count }

  /// Sends a request; the completion runs in a later turn of the loop, once, unless cancelled.
  @discardableResult
  public func send(
    _ request: HTTPRequest,
    completion: @escaping (Result<HTTPExchange, TransportError>) -> Void
  ) -> Transfer {
    let transfer = Transfer(request, options)
    let key = ObjectIdentifier(transfer)
    running[key] = transfer
    do throws(TransportError) {
      let easy = try transfer.prepare()
      let added = loop.add(transfer: easy) { [weak self] code in
        guard let self, self.running.removeValue(forKey: key) != nil else { return }
        let result = transfer.finish(code)
        transfer.free()
        completion(result.map { self.completing($0) })
      }
      guard added else { throw transfer.other(code: 0, reason: "libcurl did not take it") }
    } catch {
      let fault = error
      transfer.free()
      loop.post { [weak self] in
        guard self?.running.removeValue(forKey: key) != nil else { return }
        completion(.failure(fault))
      }
    }
    return transfer
  }

  /// Cancels a request; its completion will not run.
  public func cancel(_ transfer: Transfer) {
    guard running.removeValue(forKey: ObjectIdentifier(transfer)) != nil else { return }
    if let easy = transfer.easy { loop.remove(transfer: easy) }
    transfer.free()
  }

  /// Cancels every request.
  public func cancelAll() {
    for transfer in running.values { cancel(transfer) }
  }

  /// A reused connection has no new handshake: the earlier TLS agreement still holds.
  private func completing(_ exchange: HTTPExchange) -> HTTPExchange {
    guard let url = exchange.request.url, url.isHTTPS else { return exchange }
    // No connection is shared by two certificates.
    let shown = exchange.request.security?.certificate
    let key = "\(url.host) \(url.port) \(shown?.thumbprint ?? "") \(options.speaksOldTLS)"
    var exchange = exchange
    if let tls = exchange.tls { agreements[key] = tls } else { exchange.tls = agreements[key] }
    guard let tls = exchange.tls else { return exchange }
    exchange.request.security = RequestSecurity(
      version: tls.version, cipher: tls.cipher, certificate: shown,
      isAsked: tls.certificate == nil ? nil : tls.asksForCertificate)
    return exchange
  }
}
