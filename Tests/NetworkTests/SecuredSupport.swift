import Foundation
import Glibc
import OpenID
import Testing

@testable import Network

/// A server that speaks TLS, with a certificate of its own making.
final class SecuredServer {
  let loop = PollLoop()
  let server: HTTPServer
  let identity: TLSIdentity
  let port: Int
  private(set) var refused: [RefusedRequest] = []
  private let folder: TemporaryFolder

  init(
    _ identity: TLSIdentity? = nil, host: String = "127.0.0.1",
    adapt: (inout ServerLimits) -> Void = { _ in }
  ) throws {
    var limits = ServerLimits()
    adapt(&limits)
    self.identity = try identity ?? TLSIdentity.throwAway(for: "localhost")
    server = HTTPServer(loop: loop, limits: limits)
    server.identity = self.identity
    server.handler = { request, _ in
      let text = request.body.isEmpty ? request.path : String(decoding: request.body, as: UTF8.self)
      return HTTPResponse(status: 200, mediaType: "text/plain", text: text)
    }
    port = try server.listen(host: host, port: 0)
    folder = try TemporaryFolder()
    server.onRefused = { [weak self] in self?.refused.append($0) }
  }

  var reasons: [RefusedRequest.Reason] { refused.map(\.reason) }

  /// The file with the certificate, for programs of others.
  func certificateFile() throws -> String {
    try folder.write("cert.pem", String(decoding: identity.certificate, as: UTF8.self))
  }

  /// A client of this program that knows the server.
  func client() -> HTTPClient {
    var options = ClientOptions()
    options.ownServers = [OwnServer(origin: "https://localhost:\(port)", identity: identity)]
    return HTTPClient(loop: loop, options: options)
  }

  func get(_ path: String, _ client: HTTPClient) throws -> Result<HTTPExchange, TransportError> {
    let url = try WebURL("https://localhost:\(port)\(path)")
    return try exchange(loop, client, HTTPRequest(method: "GET", url: url))
  }

  /// Expects that an honest client is served.
  func expectService(_ location: SourceLocation = #_sourceLocation) throws {
    let answer = try get("/friend", client()).get()
    #expect(answer.response.body == Array("/friend".utf8), sourceLocation: location)
  }

  /// Runs a program of another maker while the loop turns.
  func run(
    _ program: String, _ arguments: [String], input: String = ""
  ) throws -> (status: Int32, output: String) {
    let typed = try folder.write("input", input)
    let name = "output-\(UUID().uuidString)"
    let output = try folder.write(name, "")
    let child = try Self.start(program, arguments, input: typed, output: output)
    var status: Int32 = -1
    wait("\(program) ends") { waitpid(child, &status, WNOHANG) == child }
    if status == -1 { Self.end(child) }
    return (status & 0x7F == 0 ? status >> 8 : -1, folder.read(name) ?? "")
  }

  private static func start(
    _ program: String, _ arguments: [String], input: String, output: String
  ) throws -> pid_t {
    let shell = "/bin/sh"
    let script = "exec \"$@\" <'\(input)' >'\(output)' 2>&1"
    return try ChildProcess.start(
      shell, [shell, "-c", script, shell, program] + arguments,
      .ofSecretCommand(["PATH": "/usr/bin:/bin"])
    ).get()
  }

  /// Waits for what no event of the loop tells of.
  func wait(_ what: Comment, until condition: () -> Bool) {
    let deadline = loop.monotonicMilliseconds + Int64(patienceMilliseconds)
    while !condition() {
      guard loop.monotonicMilliseconds < deadline else {
        Issue.record(what)
        return
      }
      loop.turn(maximumMilliseconds: 10)
    }
  }

  static func end(_ child: pid_t) {
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }

  /// Runs a script of Python with `port` and the trusting `context` at hand.
  func python(_ script: String) throws -> String {
    try run("/usr/bin/python3", ["-c", opening() + script]).output
  }

  private func opening() throws -> String {
    """
    import socket, ssl, sys, threading
    port = \(port)
    context = ssl.create_default_context(cafile="\(try certificateFile())")
    def plain():
        return socket.create_connection(("127.0.0.1", port), timeout=8)
    def secured():
        return context.wrap_socket(plain(), server_hostname="localhost")
    def answer(s):
        got = b""
        while True:
            try:
                part = s.recv(65536)
            except (ssl.SSLError, OSError) as error:
                return got + repr(error).encode()
            if not part:
                return got
            got += part

    """
  }

  static let hasTools: ConditionTrait = .enabled(
    if: ["/usr/bin/python3", "/usr/bin/openssl", "/usr/bin/curl"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }, "python3, openssl and curl")
}

extension SecuredServer {
  /// Starts a script as ``python(_:)`` does and leaves it running; ``end(_:)`` ends it.
  func start(_ script: String) throws -> pid_t {
    let opening = try opening()
    return try Self.start(
      "/usr/bin/python3", ["-c", opening + script], input: "/dev/null", output: "/dev/null")
  }
}
