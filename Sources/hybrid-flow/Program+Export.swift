import Commands
import Explorer
import Export
import Glibc
import HybridFlow
import Network
import OpenID
import Platform
import Recording
import Session
import Settings
import TextUI

extension Program {
  /// `hybrid-flow export`.
  func export(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let order = try ExportOrder.read(invocation)
    var store = ThemeStore(folder: ProgramPaths(environment: environment).themes)
    let theme = try store.theme(order.themeName).theme
    if order.reveals { streams.complain("hybrid-flow: secrets are shown, because of --reveal.\n") }
    let run: ExportedRun
    if let name = order.recording {
      let store = RecordingStore(folder: ProgramPaths(environment: environment).recordings)
      let har = try HAROrder(invocation)
      let book = try store.har(name, server: har.serverLog)
      let recording =
        if let book { try book.recording(login: har.login) } else { try store.open(name) }
      run = try ExportedRun(recording, named: name, reveals: order.reveals)
    } else if let lab = order.lab {
      do {
        run = try lab.run(reveals: order.reveals)
      } catch {
        return machineFault("\(error)")
      }
    } else {
      let (outcome, exported) = try runInSilence(invocation, reveals: order.reveals)
      guard let exported else { return outcome }
      // A person who stops the run does not want half of it in a file.
      if case .signal = outcome { return outcome }
      run = exported
    }
    return try order.deliver(run, theme: theme, to: streams)
      ? .exit(ExitCode.success) : .signal(SIGPIPE)
  }

  private func runInSilence(
    _ invocation: Invocation, reveals: Bool
  ) throws(UsageError) -> (RunOutcome, ExportedRun?) {
    let actions = try invocation[.then].map(AfterPlan.read) ?? []
    let source = ClientSecretSource(environment: environment, ask: { SecretPrompt.ask($0) })
    var connection = try Connection.read(invocation, secrets: source)
    let loop = makeLoop()
    let session: FlowSession
    do {
      let tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: loop) : nil
      session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    } catch {
      return (machineFault("\(error)"), nil)
    }
    let face = ExportCommand(
      session: session, configuration: connection.configuration, sink: streams, then: actions)
    let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
      face.stop(bySignal: $0.number)
    }
    defer { signals?.stop() }
    let (outcome, run) = face.run(reveals: reveals)
    // A run that never began has said why, and cannot be exported.
    return (outcome, run.transcript.startedAt == nil ? nil : run)
  }
}
