import Glibc
import OpenID
import Testing

@testable import Network

/// `openssl s_server` with a certificate of its own making.
final class TLSServer {
  /// What is wrong with the certificate.
  enum Flaw { case none, expired, future }

  let port: Int
  /// The certificate to trust: the authority's, or the server's own.
  let certificate: String
  private let folder: TemporaryFolder
  private let child: pid_t

  static let program = "/usr/bin/openssl"
  static let isThere = access(program, X_OK) == 0

  /// Makes a certificate and starts a server with it.
  ///
  /// - Parameters:
  ///   - names: As `subjectAltName` has them.
  ///   - isSigned: Whether an authority of its own signs it, not the server itself.
  ///   - options: Further options of the server.
  init(
    names: String = "DNS:localhost,IP:127.0.0.1", flaw: Flaw = .none, isSigned: Bool = false,
    options: [String] = []
  ) throws {
    folder = try TemporaryFolder()
    let own = folder.path + "/cert.pem"
    let key = folder.path + "/key.pem"
    let authority = folder.path + "/ca.pem"
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    let names = ["-addext", "subjectAltName=" + names]
    if isSigned {
      let authorityKey = folder.path + "/ca-key.pem"
      try Self.run(
        ["req", "-x509"] + curve + [
          "-days", "2", "-subj", "/CN=Test Authority", "-keyout", authorityKey, "-out", authority,
        ])
      let request = folder.path + "/request.pem"
      try Self.run(
        ["req"] + curve + names + ["-subj", "/CN=test", "-keyout", key, "-out", request])
      try Self.run([
        "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authorityKey,
        "-CAcreateserial", "-days", "2", "-copy_extensions", "copyall", "-out", own,
      ])
    } else {
      try Self.run(
        ["req", "-x509", "-days", "2"] + curve + names + [
          "-subj", "/CN=test", "-keyout", key, "-out", own,
        ])
    }
    certificate = isSigned ? authority : own
    switch flaw {
    case .none: break
    case .expired: try Self.run(["x509", "-in", own, "-signkey", key, "-days", "-1", "-out", own])
    case .future: try Self.postpone(own, key, names, folder)
    }
    let sockets = try ListenSockets(host: "127.0.0.1", port: 0)
    for descriptor in sockets.descriptors { close(descriptor) }
    port = sockets.port
    child = try Self.start(
      [
        "s_server", "-accept", "127.0.0.1:\(port)", "-cert", own, "-key", key, "-www", "-quiet",
      ] + options)
  }

  /// Signs a certificate that holds from 2049 on; only `openssl ca` can say so.
  private static func postpone(
    _ file: String, _ key: String, _ names: [String], _ folder: TemporaryFolder
  ) throws {
    let settings = try folder.write(
      "ca.cnf",
      """
      [ca]
      default_ca = own
      [own]
      database = \(folder.path)/index
      new_certs_dir = \(folder.path)
      rand_serial = yes
      default_md = sha256
      policy = any
      copy_extensions = copyall
      [any]
      commonName = supplied
      """)
    _ = try folder.write("index", "")
    let request = folder.path + "/request.pem"
    try run(["req", "-new", "-key", key, "-subj", "/CN=test", "-out", request] + names)
    try run([
      "ca", "-batch", "-selfsign", "-config", settings, "-keyfile", key, "-in", request, "-out",
      file, "-notext", "-startdate", "20490101000000Z", "-enddate", "20491231000000Z",
    ])
  }

  private static func run(_ arguments: [String]) throws {
    let child = try start(arguments)
    var status: Int32 = -1
    waitpid(child, &status, 0)
    try #require(status == 0, "\(arguments)")
  }

  private static func start(_ arguments: [String]) throws -> pid_t {
    try ChildProcess.start(
      program, [program] + arguments, .ofSecretCommand(["PATH": "/usr/bin:/bin"])
    ).get()
  }

  deinit {
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }

  /// Asks it, and again while it is still starting.
  func ask(
    _ host: String = "localhost", _ options: ClientOptions, showing shown: RequestSecurity? = nil
  ) throws -> Result<HTTPExchange, TransportError> {
    let loop = PollLoop()
    let client = HTTPClient(loop: loop, options: options)
    let url = try WebURL("https://\(host):\(port)/")
    let deadline = loop.monotonicMilliseconds + Int64(patienceMilliseconds)
    while true {
      var request = HTTPRequest(method: "GET", url: url)
      request.security = shown
      let result = try exchange(loop, client, request)
      if case .failure(.cannotConnect) = result, loop.monotonicMilliseconds < deadline {
        loop.turn(maximumMilliseconds: 20)
        continue
      }
      return result
    }
  }
}
