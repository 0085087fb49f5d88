import Commands
import Explorer
import Glibc
import HybridFlow
import Network
import Platform
import Session
import Settings

extension Program {
  /// `hybrid-flow tenant`.
  func serve(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let source = ClientSecretSource(environment: environment)
    let options = try TenantOptions.read(invocation, secrets: source)
    let loop = makeLoop()
    do throws(TenantHostError) {
      let face = try TenantCommand(options: options, loop: loop, sink: streams)
      let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
        [streams] _ in
        streams.isHurried = true
        face.stop()
      }
      defer { signals?.stop() }
      return .exit(face.run())
    } catch {
      if case .settings(let text) = error { throw UsageError(text) }
      return machineFault(error.message)
    }
  }

  /// `hybrid-flow watch`: the explorer on the logins of somebody else's application.
  func watch(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let source = ClientSecretSource(environment: environment)
    let options = try TenantOptions.read(invocation, secrets: source)
    guard !options.clients.isEmpty else {
      throw UsageError(
        "nobody is registered, so nobody can log in; add --client 'id=ID,secret-file=FILE,"
          + "redirect-uri=URI' for the application to be watched.")
    }
    let hasScreen = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
    guard hasScreen || invocation.has(.json) else {
      throw UsageError(
        "standard input and output are not a terminal: use \"hybrid-flow watch --json\", which "
          + "needs no screen.")
    }
    let loop = makeLoop()
    var served = options
    // A fault is for each login that is watched, so that another one can be chosen.
    served.fault = nil
    let host: TenantHost
    let lacks: [String]
    do throws(TenantHostError) {
      host = try TenantHost(loop: loop, bind: options.bind, port: options.port) { port in
        served.settings(port: port)
      }
      lacks = try host.openMutualTLS(options)
    } catch {
      if case .settings(let text) = error { throw UsageError(text) }
      return machineFault(error.message)
    }
    defer { host.stop() }
    for warning in TenantCommand.warnings(options) + lacks { streams.complain(warning) }
    host.takesFaultHeader = options.takesFaultHeader
    let watch = LoginWatch(host, loop: loop)
    watch.begin(with: options.fault)
    if invocation.has(.json) { return print(watch, loop, reveals: invocation.has(.reveal)) }
    if invocation.has(.reveal) {
      throw UsageError("--reveal is for --json; on the screen s shows the secrets.")
    }
    return try explore(watch, loop, invocation)
  }

  private func print(_ watch: LoginWatch, _ loop: PollLoop, reveals: Bool) -> RunOutcome {
    if reveals { streams.complain("hybrid-flow: secrets are shown, because of --reveal.\n") }
    let face = WatchCommand(watch, loop: loop, sink: streams, reveals: reveals)
    let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
      [streams] _ in
      streams.isHurried = true
      face.stop()
    }
    defer { signals?.stop() }
    return .exit(face.run())
  }

  private func explore(
    _ watch: LoginWatch, _ loop: PollLoop, _ given: Invocation
  ) throws(UsageError) -> RunOutcome {
    let settings = SettingsFile(environment: environment)
    let (invocation, keys, complaint) = try given.completedForExplorer(by: settings)
    var stage = try ExplorerSetup(invocation, given: given, keys: keys, environment: environment)
    stage.notice = complaint.map { _ in "The settings cannot be read." } ?? stage.notice
    stage.prepare = { $0.begin(watching: watch) }
    let session = FlowSession(loop: loop)
    session.recorder = try recorder(given)
    guard let configuration = watch.configuration else {
      throw UsageError("the client has no redirect URI.")
    }
    return try show(session, configuration, invocation, stage)
  }
}
