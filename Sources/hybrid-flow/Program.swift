import Explorer
import Glibc
import Network
import Presentation

/// Wires the command line to the faces.
struct Program {
  let streams: StandardStreams

  /// Runs a command and says how the process is to end.
  func run(_ arguments: [String]) -> RunOutcome {
    do throws(UsageFault) {
      return try perform(Invocation.parse(arguments))
    } catch {
      streams.complain("hybrid-flow: \(HarmlessText.line(error.message))\n")
      return .exit(ExitCode.usage)
    }
  }

  private func perform(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    if invocation.has("--version") { return print("hybrid-flow \(ProgramVersion.text)\n") }
    if invocation.has("--help") {
      let isPlain = invocation.command == .explore && CommandLine.arguments.count <= 2
      return print(isPlain ? HelpText.program : HelpText.command(invocation.command))
    }
    switch invocation.command {
    case .help: return try help(invocation)
    case .run: return try runFlow(invocation)
    case .tenant: return try serve(invocation)
    case .explore, .screenshots, .theme, .paths:
      throw UsageFault("\"\(invocation.command.rawValue)\" has no screen here.")
    }
  }

  private func print(_ text: String) -> RunOutcome {
    streams.write(text) ? .exit(ExitCode.success) : .signal(SIGPIPE)
  }

  private func help(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    guard let name = invocation.operands.first else { return print(HelpText.program) }
    guard let command = Subcommand(rawValue: name) else { throw .unknownCommand(name) }
    return print(HelpText.command(command))
  }

  private var environment: [String: String] { ProcessEnvironment.current() }

  private func machineFault(_ text: String) -> RunOutcome {
    streams.complain("hybrid-flow: \(HarmlessText.line(text))\n")
    return .exit(ExitCode.machine)
  }

  private func runFlow(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    let source = ClientSecretSource(environment: environment, ask: { SecretPrompt.ask($0) })
    var connection = try Connection.read(invocation, secrets: source)
    let loop: PollLoop
    let session: FlowSession
    do {
      loop = try PollLoop()
      let tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: loop) : nil
      session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    } catch {
      return machineFault("\(error)")
    }
    var style = RunStyle()
    style.isJSON = invocation.has("--json")
    style.reveals = invocation.has("--reveal")
    style.isASCII = invocation.has("--ascii")
    let face = RunFace(
      session: session, configuration: connection.configuration, style: style, sink: streams)
    let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
      face.stop(bySignal: $0.number)
    }
    defer { signals?.stop() }
    return face.run()
  }

  private func serve(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    let source = ClientSecretSource(environment: environment)
    let options = try TenantOptions.read(invocation, secrets: source)
    let loop: PollLoop
    do throws(NetworkFault) { loop = try PollLoop() } catch { return machineFault("\(error)") }
    do throws(TenantHostFault) {
      let face = try TenantFace(options: options, loop: loop, sink: streams)
      let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) { _ in
        face.stop()
      }
      defer { signals?.stop() }
      return .exit(face.run())
    } catch {
      if case .settings(let text) = error { throw UsageFault(text) }
      return machineFault(error.message)
    }
  }
}
