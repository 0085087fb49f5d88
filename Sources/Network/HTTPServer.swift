import Glibc
import OpenID

/// What the loopback server bears; every wait and number is bounded.
public struct ServerLimits: Sendable, Equatable {
  /// From connection, or the previous response, to the end of the next head; browsers open
  /// connections on which they never say anything.
  public var headMilliseconds = 10_000
  /// From the end of the head to the end of the body.
  public var bodyMilliseconds = 30_000
  /// For the other side to take a response.
  public var writeMilliseconds = 30_000
  /// For the other side to close after a response that ends the connection.
  public var lingerMilliseconds = 1_000
  /// Open connections; a process that may open few descriptors takes fewer.
  public var maximumConnections = 64
  /// Connections accepted in one turn, so that a flood of them leaves time for everything else.
  public var acceptsPerTurn = 16
  /// Requests of one connection answered in one turn, for the same reason.
  public var requestsPerTurn = 16
  /// Between attempts to accept while the process is out of descriptors.
  public var acceptPauseMilliseconds = 100

  /// Makes the usual limits.
  public init() {}
}

/// Where a request came from.
public struct ConnectionInfo: Sendable, Equatable {
  /// Counts the connections of a server, from 1.
  public var connection: Int
  /// Counts the requests of a connection, from 1.
  public var requestNumber: Int
  /// The numeric address of the other side.
  public var remoteAddress: String
  /// The port of the other side.
  public var remotePort: Int
  /// The numeric address it connected to.
  public var localAddress: String
  /// The port it connected to.
  public var localPort: Int
}

/// Answers one request, now or later, once.
///
/// One that is let go without an answer answers 500, so that nobody waits in vain.
public final class Responder {
  private weak var connection: ServerConnection?
  private var isAnswered = false

  init(_ connection: ServerConnection) { self.connection = connection }

  deinit {
    if !isAnswered {
      connection?.answer(ServerConnection.plain(500, "The request was dropped.\n"))
    }
  }

  /// Sends the response; a second one, or one to a connection that has gone, is dropped.
  public func respond(_ response: HTTPResponse) {
    guard !isAnswered else { return }
    isAnswered = true
    connection?.answer(response)
  }
}

/// A small HTTP/1.1 server on the poll loop, for this machine's own browser and programs.
///
/// Each connection is a state machine of its own: a silent one never delays another.
public final class HTTPServer {
  /// Answers requests at once.
  public var handler: (HTTPRequest, ConnectionInfo) -> HTTPResponse = { _, _ in
    ServerConnection.plain(404, "Nothing is here.\n")
  }
  /// Answers requests now or later; used instead of ``handler`` when it is set.
  public var deferringHandler: ((HTTPRequest, ConnectionInfo, Responder) -> Void)?
  /// Names or `name:port` that a `Host` header may carry, lower case; nil allows every one.
  ///
  /// Any web page can make a browser ask the loopback address by a name of its own. Others get 421.
  public var allowedHosts: Set<String>?
  /// Whether the address that a connection came to may be named as well, with the port.
  ///
  /// For a server that listens at every address. No page can give an address another meaning.
  public var allowsOwnAddress = false
  /// Told of every request that is refused here and never reaches a handler.
  public var onRefused: ((RefusedRequest) -> Void)?
  /// The port that is listened on; nil before and after.
  public private(set) var port: Int?

  let loop: PollLoop
  let limits: ServerLimits
  private var listeners: [Watch] = []
  private var connections: [Int: ServerConnection] = [:]
  private var connectionsMade = 0
  /// Open connections that this server takes.
  private let mostConnections: Int

  /// Makes a server that does not listen yet.
  public init(loop: PollLoop, limits: ServerLimits = ServerLimits()) {
    self.loop = loop
    self.limits = limits
    mostConnections = min(limits.maximumConnections, Self.affordableConnections)
  }

  deinit { stop() }

  /// Half of the descriptors that the process may open: the rest is for asking others.
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
  /// Port 0 takes a free one. A port that somebody listens on is never shared.
  @discardableResult
  public func listen(host: String, port: Int) throws(ListenError) -> Int {
    stopListening()
    let sockets = try ListenSockets(host: host, port: port)
    for descriptor in sockets.descriptors {
      listeners.append(
        loop.watch(descriptor, for: .readable) { [weak self, loop] in
          // After the connections of this turn: whoever has just spoken is heard before room is
          // made.
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
        // The system looks for a descriptor first and for somebody who waits afterwards.
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

  /// Whether somebody waits to be accepted.
  private func isAwaited(_ listener: Int32) -> Bool {
    var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
  }

  /// Ends the connection that is missed least, the oldest of its kind.
  ///
  /// A request that is being answered is never given up. One that is still on its way is: who sends
  /// its first letter and no more would keep every other out until its time is up.
  private func makeRoom() -> Bool {
    let least = connections.values.min {
      let left = ($0.worth, $0.idleSince, $0.number)
      return left < ($1.worth, $1.idleSince, $1.number)
    }
    guard let least, least.worth < .answering else { return false }
    least.close()
    return true
  }

  /// Out of descriptors, the listener would be ready for ever: look away for a moment.
  private func makeRoomOrPause() {
    guard !makeRoom() else { return }
    let paused = listeners
    for listener in paused { listener.interest = [] }
    loop.after(milliseconds: limits.acceptPauseMilliseconds) {
      for listener in paused { listener.interest = .readable }
    }
  }

  func forget(_ connection: ServerConnection) { connections[connection.number] = nil }

  /// Hands a request to the handler, unless it names a host that is not ours.
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

  /// How the address that a connection came to is written, with its port; without it for 80.
  private static func names(of info: ConnectionInfo) -> [String] {
    var address = info.localAddress
    // A socket for both families has the old one's addresses in the new one.
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
