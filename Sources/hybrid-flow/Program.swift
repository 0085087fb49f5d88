import Explorer
import Glibc
import Network
import Presentation
import Terminal

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
    case .explore: return try explore(invocation)
    case .screenshots: return try screenshots(invocation)
    case .theme: return try listThemes(invocation)
    case .paths:
      return print(
        HarmlessText.lines(ProgramPaths(environment: environment).text)
          .joined(separator: "\n"))
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

  private func explore(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    let source = ClientSecretSource(environment: environment, ask: { SecretPrompt.ask($0) })
    var connection = try Connection.read(invocation, secrets: source)
    var options = TerminalOptions()
    if let text = invocation["--color"] {
      guard let colors = ColorChoice(rawValue: text) else {
        throw UsageFault("--color \(text): it is one of auto, never, 16, 256.")
      }
      options.colors = colors
    }
    let theme = try theme(invocation, colors: options.colors)
    let loop: PollLoop
    let session: FlowSession
    do {
      loop = try PollLoop()
      let tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: loop) : nil
      session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    } catch {
      return machineFault("\(error)")
    }
    let screen: NcursesScreen
    do throws(TerminalFault) {
      screen = try NcursesScreen.open(options: options)
    } catch {
      throw UsageFault("\(error).")
    }
    let isASCII = invocation.has("--ascii") || !screen.encodingIsUTF8
    let face = ExplorerFace(
      session: session, configuration: connection.configuration, screen: screen, theme: theme,
      glyphs: isASCII ? .ascii : .unicode)
    face.onSuspend = { screen.stop() }
    let fault = face.run()
    screen.close()
    return fault.map(machineFault) ?? .exit(ExitCode.success)
  }

  private func theme(
    _ invocation: Invocation, colors: ColorChoice
  ) throws(UsageFault) -> Theme {
    var id = ThemeLibrary.darkID
    if let name = invocation["--theme"] {
      id = name
    } else if colors != .never, TerminalBackground.detect() == .light {
      id = ThemeLibrary.lightID
    }
    do throws(ThemeFault) {
      return try ThemeLibrary().theme(id).theme
    } catch {
      throw UsageFault("--theme \(id): \(error)")
    }
  }

  private func listThemes(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    guard invocation.operands == ["list"] else {
      throw UsageFault("\"theme\" needs to be told what to do: hybrid-flow theme list.")
    }
    let library = ThemeLibrary()
    let width = library.ids.map(\.count).max() ?? 0
    var text = ""
    for id in library.ids {
      guard let theme = try? library.theme(id) else { continue }
      let padding = String(repeating: " ", count: width - id.count)
      let ground = theme.theme.isLight ? "light" : "dark "
      text += "\(id)\(padding)  \(ground)  \(theme.theme.name)\n"
    }
    return print(text)
  }

  private func screenshots(_ invocation: Invocation) throws(UsageFault) -> RunOutcome {
    let folder = invocation.operands.first ?? "screenshots"
    do {
      let book = try PictureBook()
      for page in PictureBook.pages {
        try OutputFolder.write(book.svg(page), to: page.fileName, in: folder)
      }
      return print("\(PictureBook.pages.count) pictures in \(HarmlessText.line(folder))\n")
    } catch let fault as UsageFault {
      throw fault
    } catch {
      return machineFault("\(error)")
    }
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
