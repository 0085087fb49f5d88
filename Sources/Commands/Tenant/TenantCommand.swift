import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Session
import Settings

/// `hybrid-flow tenant`: the demo tenant alone, for any client, until a signal ends it.
public final class TenantCommand {
  private let host: TenantHost
  private let loop: PollLoop
  private let sink: any TextSink
  private var isEnded = false
  private var failure: String?
  /// The log lines of this turn of the loop that are not printed yet.
  private var lines = ""
  private var lineCount = 0
  /// The number of lines dropped because the reader did not read.
  private var droppedCount = 0

  /// Opens the port.
  ///
  /// - Throws: ``TenantHostError``.
  public init(
    options: TenantOptions, loop: PollLoop, sink: any TextSink
  ) throws(TenantHostError) {
    self.loop = loop
    self.sink = sink
    host = try TenantHost(loop: loop, bind: options.bind, port: options.port) { port in
      options.settings(port: port)
    }
    host.onExchange = { [weak self] request, response in
      // Without the query, which holds codes and states. No person's name, no body.
      let path = HarmlessText.line(String(request.path.prefix(scalars: 200)))
      let method = HarmlessText.line(String(request.method.prefix(scalars: 20)))
      self?.lines += "\(method) \(path) \(response.status)\(self?.faultNote ?? "")\n"
      self?.lineCount += 1
    }
    host.onFailure = { [weak self] why in
      self?.failure = why
      self?.isEnded = true
    }
    try host.openMutualTLS(options)
    host.takesFaultHeader = options.takesFaultHeader
    for warning in Self.warnings(options) { sink.complain(warning) }
    if options.clients.isEmpty {
      sink.complain(
        "hybrid-flow: nobody is registered; add --client 'id=ID,secret-file=FILE,"
          + "redirect-uri=URI'.\n")
    }
  }

  /// What to know about a tenant with these options before it is used.
  public static func warnings(_ options: TenantOptions) -> [String] {
    [
      warning(bind: options.bind), options.habits.contains(.apple) ? appleNote : nil,
      options.fault.map(note), options.takesFaultHeader ? headerNote : nil,
    ].compactMap(\.self)
  }

  /// What a tenant with the habits of Apple is, and what it lets pass.
  static let appleNote =
    "hybrid-flow: this tenant behaves as Sign in with Apple does by public documents; unverified "
    + "at Apple itself. Apple takes https with a domain name as redirect URI, nothing else; this "
    + "tenant takes http on this machine as well.\n"

  /// What the log says of a fault: the answer commits it, or it was chosen for what comes of it.
  private var faultNote: String {
    host.committedFault.map { "  fault \($0)" } ?? host.chosenFault.map { "  fault \($0) chosen" }
      ?? ""
  }

  /// What a tenant that commits a fault does, in a sentence.
  static func note(on fault: Fault) -> String {
    "hybrid-flow: this tenant is broken on purpose: \(fault.id). \(Lab.row(fault.id)?.does ?? "")\n"
  }

  /// How a request chooses a fault.
  static let headerNote =
    "hybrid-flow: a request with the header \(FaultHeader.name) chooses a fault of the lab, by its "
    + "name in \"hybrid-flow lab --list\"; with an authorization request for that whole login.\n"

  /// A warning about the listening address; nil if only this machine can connect.
  static func warning(bind: String) -> String? {
    guard !WebURL.isLoopback(host: TenantOptions.bare(bind)) else { return nil }
    return "hybrid-flow: this tenant can be reached from the network, over plain http. Its sign-in "
      + "page shows names and passwords: anyone who opens it can sign in as anybody.\n"
  }

  /// The tenant's issuer.
  public var issuer: WebURL { host.issuer }
  /// The port on which it listens.
  public var port: Int { host.port }

  /// Serves until ``stop()``; returns the exit code.
  public func run() -> Int32 {
    let document = (try? ProviderMetadata.documentURL(of: host.issuer))?.text ?? ""
    let certificates = host.certificateOrigin.map { "mtls      \($0)\n" } ?? ""
    if !sink.write("issuer    \(host.issuer)\ndiscovery \(document)\n\(certificates)") {
      isEnded = true
    }
    while !isEnded {
      loop.turn()
      printLog()
    }
    printLog()
    host.stop()
    if let failure {
      sink.complain("hybrid-flow: \(failure)\n")
      return ExitCode.machine
    }
    return ExitCode.success
  }

  /// Prints the log with one write per turn of the loop.
  ///
  /// If the reader does not read, lines are dropped and counted: clients still get their responses,
  /// and the memory does not fill.
  private func printLog() {
    defer { (lines, lineCount) = ("", 0) }
    guard !sink.isStalled else {
      droppedCount += lineCount
      return
    }
    guard droppedCount > 0 || lineCount > 0 else { return }
    let what = droppedCount == 1 ? "1 line was" : "\(droppedCount) lines were"
    let gap = droppedCount == 0 ? "" : "\(what) dropped, because nobody read them.\n"
    droppedCount = 0
    if !sink.write(gap + lines) { isEnded = true }
  }

  /// Stops it in the next turn of the loop.
  public func stop() {
    isEnded = true
    loop.post {}
  }
}
