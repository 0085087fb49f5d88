import Commands
import Diagnosis
import Explorer
import Glibc
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Presentation
import Recording
import Session
import Settings
import Terminal
import TextUI

/// Connects the command line to the commands.
struct Program {
  let streams: StandardStreams

  /// Runs a command and returns how the process ends.
  func run(_ arguments: [String]) -> RunOutcome {
    if arguments.first == Completion.command {
      let words = Array(arguments.dropFirst())
      return print(Completion(of: words, environment: environment).text)
    }
    do throws(UsageError) {
      return try perform(Invocation.parse(arguments))
    } catch {
      streams.complain("hybrid-flow: \(HarmlessText.line(error.message))\n")
      return .exit(error.kind == .machine ? ExitCode.machine : ExitCode.usage)
    }
  }

  /// A loop that writes pending standard output.
  func makeLoop() -> PollLoop {
    let loop = PollLoop()
    streams.attach(to: loop)
    return loop
  }

  private func perform(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    if invocation.has(.version) { return print("hybrid-flow \(ProgramVersion.text)\n") }
    if invocation.has(.help) {
      let isPlain = invocation.command == .explore && CommandLine.arguments.count <= 2
      return print(isPlain ? HelpText.program : HelpText.command(invocation.command))
    }
    switch invocation.command {
    case .help: return try help(invocation)
    case .run: return try runFlow(invocation)
    case .decode: return try decode(invocation)
    case .explain:
      return print(
        try ExplainCommand(invocation, PrintStyle(invocation, environment)).output())
    case .lab:
      let style = try PrintStyle(invocation, environment)
      if let plan = try PlanCommand(invocation, style: style, sink: streams) { return plan.run() }
      return LabCommand(
        order: try LabOrder.read(invocation), isJSON: invocation.has(.json), style: style,
        sink: streams, recorder: try recorder(invocation), junit: try JUnitOrder.read(invocation)
      ).run()
    case .drill: return try drill(invocation)
    case .workshop: return try workshop(invocation)
    case .replay: return try replay(invocation)
    case .compare: return try compare(invocation)
    case .export: return try export(invocation)
    case .tenant: return try serve(invocation)
    case .testApp: return try testApplication(invocation)
    case .watch: return try watch(invocation)
    case .check: return try check(invocation)
    case .explore where !invocation.operands.isEmpty:
      return try explore(file: invocation.operands[0], invocation)
    case .explore:
      let fault = try LabOrder.fault(of: invocation)
      return invocation.has(.plain) ? try runFlow(invocation) : try explore(invocation, fault)
    case .screenshots: return try screenshots(invocation)
    case .theme: return try theme(invocation)
    case .paths:
      return print(
        HarmlessText.lines(ProgramPaths(environment: environment).text)
          .joined(separator: "\n"))
    case .completion: return try completion(invocation)
    case .man: return print(ManPage.text)
    }
  }

  func print(_ text: String) -> RunOutcome {
    streams.write(text) ? .exit(ExitCode.success) : .signal(SIGPIPE)
  }

  private func decode(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let outcome = try DecodeCommand(
      invocation, PrintStyle(invocation, environment), environment: environment
    ).run()
    if let complaint = outcome.complaint { streams.complain(complaint) }
    return streams.write(outcome.text) ? .exit(outcome.exit) : .signal(SIGPIPE)
  }

  private func completion(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let shells = Shell.allCases.map(\.rawValue).joined(separator: ", ")
    guard let name = invocation.operands.first else {
      throw UsageError("\"completion\" needs a shell: one of \(shells).")
    }
    guard let shell = Shell(rawValue: name) else {
      throw UsageError("\"\(name)\" is no shell that can be completed for: it is one of \(shells).")
    }
    return print(shell.script)
  }

  private func help(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    guard let name = invocation.operands.first else { return print(HelpText.program) }
    if name == PresetHelp.name { return print(PresetHelp.list) }
    if let preset = ProviderPreset(rawValue: name) { return print(preset.help) }
    if let framework = FrameworkPreset(rawValue: name) { return print(framework.help) }
    guard let command = Subcommand(rawValue: name) else {
      throw .unknownCommand(name, presets: PresetHelp.topics)
    }
    return print(HelpText.command(command))
  }

  var environment: [String: String] { ProcessEnvironment.current() }

  func machineFault(_ text: String) -> RunOutcome {
    streams.complain("hybrid-flow: \(HarmlessText.line(text))\n")
    return .exit(ExitCode.machine)
  }

  private func warn(_ connection: Connection) {
    for warning in connection.warnings {
      streams.complain("hybrid-flow: \(HarmlessText.line(warning))\n")
    }
  }

  private func runFlow(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let style = try RunStyle(invocation, PrintStyle(invocation, environment))
    let actions = try invocation[.then].map(AfterPlan.read) ?? []
    let junit = try JUnitOrder.read(invocation)
    let source = ClientSecretSource(environment: environment, ask: { SecretPrompt.ask($0) })
    var connection = try Connection.read(invocation, secrets: source)
    warn(connection)
    let recorder = try recorder(invocation)
    let loop = makeLoop()
    let session: FlowSession
    do {
      let tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: loop) : nil
      session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    } catch {
      return machineFault("\(error)")
    }
    session.recorder = recorder
    let face = RunCommand(
      session: session, configuration: connection.configuration, style: style, sink: streams,
      then: actions, input: try pastedInput(invocation, connection.configuration), junit: junit)
    let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
      face.stop(bySignal: $0.number)
    }
    defer { signals?.stop() }
    return face.run()
  }

  /// Where the person pastes the answer; nil where it comes by itself.
  private func pastedInput(
    _ invocation: Invocation, _ configuration: FlowConfiguration
  ) throws(UsageError) -> PastedInput? {
    guard configuration.awaitsPaste || invocation.has(.paste) else { return nil }
    guard invocation.has(.paste) || PastedInput.isPossible else {
      throw UsageError(
        at: Setting.redirectURI.place,
        " \(configuration.redirectURI): the answer goes there. Add --paste, and give it on standard "
          + "input.")
    }
    return PastedInput()
  }

  /// The explorer on a live run.
  ///
  /// - Parameter change: Changes what it begins with.
  func explore(
    _ given: Invocation, _ fault: LabFault? = nil,
    change: (inout ExplorerSetup) -> Void = { _ in }
  ) throws(UsageError) -> RunOutcome {
    let source = ClientSecretSource(environment: environment, ask: { SecretPrompt.ask($0) })
    let settings = SettingsFile(environment: environment)
    let (invocation, keys, complaint) = try given.completedForExplorer(by: settings)
    var connection = try Connection.read(invocation, secrets: source)
    warn(connection)
    let recorder = try recorder(invocation)
    var stage = try ExplorerSetup(invocation, given: given, keys: keys, environment: environment)
    stage.fault = fault
    stage.notice =
      complaint.map { _ in "The settings cannot be read; c says why." } ?? connection.warnings.first
      ?? stage.notice
    change(&stage)
    let session: FlowSession
    do {
      let loop = makeLoop()
      stage.connections = ConnectionController(
        given: given, started: connection, environment: environment, loop: loop)
      let tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: loop) : nil
      session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    } catch {
      return machineFault("\(error)")
    }
    session.recorder = recorder
    return try show(session, connection.configuration, invocation, stage)
  }

  /// The explorer on a recording, offline.
  func explore(
    _ given: Invocation, replaying recording: Recording, named name: String
  ) throws(UsageError) -> RunOutcome {
    let settings = SettingsFile(environment: environment)
    let (invocation, keys, _) = try given.completedForExplorer(by: settings)
    guard let configuration = recording.configuration else { return .exit(ExitCode.usage) }
    var stage = try ExplorerSetup(invocation, given: given, keys: keys, environment: environment)
    stage.replayName = name
    let session = FlowSession(loop: PollLoop())
    session.open(recording)
    if recording.isFromHAR {
      // A login of a HAR is no recording yet: R makes it one.
      let recorder = try recorder(given)
      recorder.take(recording)
      session.recorder = recorder
    }
    return try show(session, configuration, invocation, stage)
  }

  /// The parts of the explorer besides a session.
  struct ExplorerSetup {
    var options = TerminalOptions()
    var look: Look
    var keys: [(command: String, keys: [String])]
    var connections: ConnectionController?
    var replayName: String?
    /// The first notice.
    var notice: String?
    /// The fault of the first run.
    var fault: LabFault?
    /// Prepares the explorer before its first run.
    var prepare: (ExplorerController) -> Void = { _ in }
    /// Tells what came of it, after the screen is closed.
    var finish: (ExplorerController) -> Void = { _ in }

    init(
      _ invocation: Invocation, given: Invocation, keys: [(command: String, keys: [String])],
      environment: [String: String]
    ) throws(UsageError) {
      options.colors = try ColorChoice(invocation)
      options.mouse = !invocation.has(.noMouse)
      (look, notice) = try Look.choose(
        invocation, given: given, environment: environment, colors: options.colors)
      self.keys = keys
    }
  }

  func show(
    _ session: FlowSession, _ configuration: FlowConfiguration, _ invocation: Invocation,
    _ stage: ExplorerSetup
  ) throws(UsageError) -> RunOutcome {
    let screen: NcursesScreen
    do throws(TerminalError) {
      screen = try NcursesScreen.open(options: stage.options)
    } catch {
      let hint = stage.replayName == nil ? "" : " A recording is printed with --plain or --json."
      throw UsageError("\(error).\(hint)")
    }
    let isASCII = invocation.has(.ascii) || !screen.encodingIsUTF8
    var look = stage.look
    look.settle(for: screen.colorDepth)
    let face = ExplorerController(
      session: session, configuration: configuration, screen: screen,
      theme: look.loaded.theme, glyphs: isASCII ? .ascii : .unicode,
      themes: ThemeController(store: look.store, active: look.loaded),
      connections: stage.connections,
      capturesMouse: stage.options.mouse)
    face.store = RecordingStore(folder: ProgramPaths(environment: environment).recordings)
    face.replayName = stage.replayName
    face.onSuspend = { screen.stop() }
    face.use(keys: stage.keys)
    if let fault = stage.fault { face.begin(with: fault) }
    stage.prepare(face)
    if let notice = stage.notice { face.tell(notice) }
    if invocation.has(.present) { face.present() }
    if look.awaitsBackground {
      screen.onBackground = { if $0 == .light { face.settle(theme: ThemeLibrary.lightID) } }
      screen.askForBackground()
    }
    let fault = face.run()
    screen.close()
    stage.finish(face)
    let trouble = invocation[.record].flatMap { _ in session.recorder?.trouble }
    return (fault ?? trouble).map(machineFault) ?? .exit(ExitCode.success)
  }

  private func theme(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    var store = ThemeStore(folder: ProgramPaths(environment: environment).themes)
    switch (invocation.operands.first, invocation.operands.count) {
    case ("list", 1): return print(store.listing)
    case ("check", 2):
      let loaded = try store.theme(invocation.operands[1])
      let report = ThemeLinter.report(on: loaded)
      let lines = report.lines + loaded.warnings.map { "  note: \($0)" }
      let text = lines.map(HarmlessText.line).joined(separator: "\n") + "\n"
      guard streams.write(text) else { return .signal(SIGPIPE) }
      return .exit(report.failures.isEmpty ? ExitCode.success : ExitCode.usage)
    default:
      throw UsageError(
        "\"theme\" needs to be told what to do: hybrid-flow theme list, or theme check FILE.")
    }
  }

  private func screenshots(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let folder = invocation.operands.first ?? "screenshots"
    do {
      let book = try PictureBook()
      for page in PictureBook.pages {
        try OutputFolder.write(book.svg(page), to: page.fileName, in: folder)
      }
      try OutputFolder.write(book.attack(), to: PictureBook.attackFileName, in: folder)
      return print("\(PictureBook.pages.count + 1) pictures in \(HarmlessText.line(folder))\n")
    } catch let fault as UsageError {
      throw fault
    } catch {
      return machineFault("\(error)")
    }
  }

  private func check(_ invocation: Invocation) throws(UsageError) -> RunOutcome {
    let ink = try PrintStyle(invocation, environment).ink
    let junit = try JUnitOrder.read(invocation)
    let source = ClientSecretSource(environment: environment)
    var connection = try Connection.read(invocation, secrets: source, needsSecret: false)
    warn(connection)
    let loop = makeLoop()
    let tenant: TenantHost?
    do {
      tenant = connection.isDemo ? try DemoSetup.start(&connection, loop: loop) : nil
    } catch {
      return machineFault("\(error)")
    }
    let face = CheckCommand(
      connection, tenant: tenant, loop: loop, sink: streams, isJSON: invocation.has(.json),
      ink: ink, junit: junit)
    let signals = try? SignalSource(loop: loop, signals: [.interrupt, .terminate, .hangUp]) {
      face.stop(bySignal: $0.number)
    }
    defer {
      signals?.stop()
      tenant?.stop()
    }
    return face.run()
  }
}

extension ColorChoice {
  /// What the person asked for.
  ///
  /// - Throws: `UsageError` for another word.
  init(_ invocation: Invocation) throws(UsageError) {
    guard let text = invocation[.color] else {
      self = .automatic
      return
    }
    guard let choice = ColorChoice(rawValue: text) else {
      let words = ColorChoice.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--color \(text): it is one of \(words).")
    }
    self = choice
  }
}

extension PrintStyle {
  /// How this command prints, by its options, the environment and the terminal.
  init(_ invocation: Invocation, _ environment: [String: String]) throws(UsageError) {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let choice = try ColorChoice(invocation)
    self.init(
      isASCII: invocation.has(.ascii),
      ink: Ink(
        isOn: ColorDepth.prints(
          choice: choice, environment: environment, isTerminal: isTerminal)),
      hasCards: isTerminal)
  }
}
