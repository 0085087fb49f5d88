import Glibc
import OpenID

/// The limits of the loopback server; every wait and number is bounded.
public struct ServerLimits: Sendable, Equatable {
  /// From connection, or the previous response, to the end of the next head; browsers open
  /// connections that they never use.
  public var headMilliseconds = 10_000
  /// From connection to the end of the TLS handshake, where there is one.
  public var handshakeMilliseconds = 10_000
  /// From the end of the head to the end of the body.
  public var bodyMilliseconds = 30_000
  /// For the client to receive a response.
  public var writeMilliseconds = 30_000
  /// For the client to close after a response that ends the connection.
  public var lingerMilliseconds = 1_000
  /// Open connections; fewer if the process may open only few descriptors.
  public var maximumConnections = 64
  /// Connections accepted in one turn, so that a flood of them does not block other work.
  public var acceptsPerTurn = 16
  /// Requests of one connection answered in one turn, for the same reason.
  public var requestsPerTurn = 16
  /// Between attempts to accept while the process has no free descriptor.
  public var acceptPauseMilliseconds = 100

  /// Makes the usual limits.
  public init() {}
}

/// The source of a request.
public struct ConnectionInfo: Sendable, Equatable {
  /// Counts the connections of a server, from 1.
  public var connection: Int
  /// Counts the requests of a connection, from 1.
  public var requestNumber: Int
  /// The numeric address of the client.
  public var remoteAddress: String
  /// The port of the client.
  public var remotePort: Int
  /// The numeric address to which it connected.
  public var localAddress: String
  /// The port to which it connected.
  public var localPort: Int
}

/// Answers one request, once, now or later.
///
/// If it is released without a response, the client gets 500 and does not wait in vain.
public final class Responder {
  private weak var connection: ServerConnection?
  private var isAnswered = false

  init(_ connection: ServerConnection) { self.connection = connection }

  deinit {
    if !isAnswered {
      connection?.answer(ServerConnection.plain(500, "The request was dropped.\n"))
    }
  }

  /// Sends the response; a second one, or one to a closed connection, is dropped.
  public func respond(_ response: HTTPResponse) {
    guard !isAnswered else { return }
    isAnswered = true
    connection?.answer(response)
  }
}

/// A small HTTP/1.1 server on the poll loop, for this machine's own browser and programs.
///
/// Each connection is a separate state machine: a silent one never delays another.
public final class HTTPServer {
  /// Answers requests at once.
  public var handler: (HTTPRequest, ConnectionInfo) -> HTTPResponse = { _, _ in
    ServerConnection.plain(404, "Nothing is here.\n")
  }
  /// Answers requests now or later; used instead of ``handler`` when it is set.
  public var deferringHandler: ((HTTPRequest, ConnectionInfo, Responder) -> Void)?
  /// The `name` or `name:port` values allowed in a `Host` header, lower case; nil allows all.
  ///
  /// Any web page can make a browser reach the loopback address by a name of its own: it gets 421.
  public var allowedHosts: Set<String>?
  /// Whether the address of the connection, with its port, is allowed in `Host` as well.
  ///
  /// For a server that listens on every address. A web page cannot redirect a numeric address.
  public var allowsOwnAddress = false
  /// What the server shows to clients to speak TLS with them; nil speaks plain http.
  ///
  /// It takes effect with the next connection.
  public var identity: TLSIdentity?
  /// Called for every request that is refused here and never reaches a handler.
  public var onRefused: ((RefusedRequest) -> Void)?
  /// The listening port; nil when the server does not listen.
  public private(set) var port: Int?

  let loop: PollLoop
  let limits: ServerLimits
  private var listeners: [Watch] = []
  private var connections: [Int: ServerConnection] = [:]
  private var connectionsMade = 0
  /// The most open connections of this server.
  private let mostConnections: Int

  /// Makes a server that does not listen yet.
  public init(loop: PollLoop, limits: ServerLimits = ServerLimits()) {
    self.loop = loop
    self.limits = limits
    mostConnections = min(limits.maximumConnections, Self.affordableConnections)
  }

  deinit { stop() }

  /// Half of the descriptors that the process may open: the rest is for outgoing connections.
  private static var affordableConnections: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    return max(2, Int(clamping: limit.rlim_cur) / 2)
  }

  /// Open connections.
  public var connectionCount: Int { connections.count }

  /// Listens and returns the port.
  ///
  /// `localhost` takes both loopback families where both exist; anything else is a numeric address.
  /// Port 0 takes a free one. A port that another program listens on is never shared.
  @discardableResult
  public func listen(host: String, port: Int) throws(ListenError) -> Int {
    stopListening()
    let sockets = try ListenSockets(host: host, port: port)
    for descriptor in sockets.descriptors {
      listeners.append(
        loop.watch(descriptor, for: .readable) { [weak self, loop] in
          // After the connections of this turn: data that has just arrived is read before any is
          // closed.
          loop.post { self?.accept(descriptor) }
        })
    }
    self.port = sockets.port
    return sockets.port
  }

  /// Closes everything at once, or every connection as soon as its response is written.
  public func stop(afterPendingResponses: Bool = false) {
    stopListening()
    for connection in connections.values {
      if afterPendingResponses { connection.closeWhenAnswered() } else { connection.close() }
    }
  }

  private func stopListening() {
    for listener in listeners {
      loop.unwatch(listener)
      close(listener.descriptor)
    }
    listeners = []
    port = nil
  }

  private func accept(_ listener: Int32) {
    guard listeners.contains(where: { $0.descriptor == listener }) else { return }
    for _ in 0..<limits.acceptsPerTurn {
      var descriptor: Int32 = -1
      let remote = SocketAddress {
        descriptor = Glibc.accept(listener, $0, $1)
        return descriptor
      }
      guard let remote else {
        switch errno {
        // The system looks for a free descriptor before it looks for a waiting client.
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: if isAwaited(listener) { makeRoomOrPause() }
        case EINTR, ECONNABORTED: continue
        default: break
        }
        return
      }
      makeNonBlocking(descriptor)
      if connections.count >= mostConnections, !makeRoom() {
        close(descriptor)
        continue
      }
      connectionsMade += 1
      connections[connectionsMade] = ServerConnection(
        self, number: connectionsMade, descriptor: descriptor, remote: remote)
    }
  }

  /// Whether a client waits to be accepted.
  private func isAwaited(_ listener: Int32) -> Bool {
    var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
  }

  /// Closes the least important connection, the oldest of its kind.
  ///
  /// A request that is being answered is never dropped. An incomplete one may be: otherwise clients
  /// that send only the first byte would block all others until their timeout.
  private func makeRoom() -> Bool {
    let least = connections.values.min {
      let left = ($0.worth, $0.idleSince, $0.number)
      return left < ($1.worth, $1.idleSince, $1.number)
    }
    guard let least, least.worth < .answering else { return false }
    least.close()
    return true
  }

  /// Without free descriptors the listener would stay ready: it is ignored for a moment.
  private func makeRoomOrPause() {
    guard !makeRoom() else { return }
    let paused = listeners
    for listener in paused { listener.interest = [] }
    loop.after(milliseconds: limits.acceptPauseMilliseconds) {
      for listener in paused { listener.interest = .readable }
    }
  }

  func forget(_ connection: ServerConnection) { connections[connection.number] = nil }

  /// Passes a request to the handler, unless it names a host that is not allowed.
  func dispatch(_ request: HTTPRequest, _ info: ConnectionInfo, _ responder: Responder) {
    if let (reason, response) = refusal(of: request, info) {
      responder.respond(response)
      onRefused?(RefusedRequest(reason, of: request, answered: response))
    } else if let deferringHandler {
      deferringHandler(request, info, responder)
    } else {
      responder.respond(handler(request, info))
    }
  }

  private func refusal(
    of request: HTTPRequest, _ info: ConnectionInfo
  ) -> (RefusedRequest.Reason, HTTPResponse)? {
    let hosts = request.headers.all("Host")
    guard hosts.count <= 1 else {
      return (
        .malformed, ServerConnection.closing(400, "The request names more than one host.\n")
      )
    }
    guard let allowedHosts else { return nil }
    guard var host = hosts.first?.asciiLowercased else {
      return (.malformed, ServerConnection.closing(400, "The request names no host.\n"))
    }
    // RFC 9112, section 3.2.2: an absolute target overrides the header line.
    if !request.target.begins(with: "/"), request.target != "*" {
      guard let target = try? WebURL(request.target) else {
        return (
          .malformed, ServerConnection.closing(400, "The request's target is not understood.\n")
        )
      }
      host = target.authority
    }
    guard !allowedHosts.contains(host), !allowedHosts.contains(Self.name(ofHost: host)) else {
      return nil
    }
    if allowsOwnAddress, Self.names(of: info).contains(host) { return nil }
    return (
      .otherHost, ServerConnection.closing(421, "This server does not answer under that name.\n")
    )
  }

  /// The address of the connection as written in `Host`, with its port; without it for port 80.
  private static func names(of info: ConnectionInfo) -> [String] {
    var address = info.localAddress
    // A dual-stack socket shows IPv4 addresses as IPv6 ones.
    if address.begins(with: "::ffff:"), address.utf8.contains(UInt8(ascii: ".")) {
      address = String(address.dropFirst(7))
    }
    let name = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
    return ["\(name):\(info.localPort)"] + (info.localPort == 80 ? [name] : [])
  }

  /// The name without the port; brackets of an IPv6 address stay.
  private static func name(ofHost host: String) -> String {
    guard let (name, port) = host.cut(atLast: ":"), !port.holds("]") else { return host }
    return String(name)
  }
}
