import HybridFlow
import Lab
import Network
import OpenID
import Presentation
import Session

/// A drill on the screen: the run goes by itself to where it is to be judged, and the model gets a
/// transcript without verdicts until the answer is given.
extension ExplorerController {
  /// Sets the drill to begin with; called before ``begin()``.
  public func begin(with drill: Drill) { firstDrill = drill }

  /// What the model may know of the run.
  func told(_ machine: FlowMachine) -> (transcript: Transcript, situation: Situation) {
    guard model.coversVerdicts else { return (machine.transcript, machine.situation) }
    let path = session.redirectURI?.path ?? ""
    return (
      machine.transcript.covered(redirectPath: path.isEmpty ? "/" : path),
      machine.situation.covered
    )
  }

  /// Whether an action would show what is covered, or replace the run of the drill; it is refused
  /// with a notice.
  func isRefusedByDrill(_ action: ExplorerAction) -> Bool {
    guard let drill = model.drill, !drill.isOver else { return false }
    switch action {
    // Another connection has another tenant.
    case .connections(let order):
      guard case .use = order else { return false }
      model.tell("A drill keeps its run; D ends the drill.")
      return true
    case .quit, .copy, .suspend, .redraw, .captureMouse, .chooseTheme, .keepTheme, .useTheme,
      .tellNames, .drill:
      return false
    case .export, .copyExport, .toggleRecording, .compareWith:
      guard drill.isCovered else { return false }
      model.tell("A drill hands its run on when it is answered, not before.")
      return true
    case .post, .restart, .rerun, .runAgain, .authenticate, .openBrowser, .chooseFault,
      .commitFault, .useRules, .replayToEnd, .listRecordings, .openRecording, .deleteRecording,
      .workshop, .showLogin, .compareLogin:
      model.tell("A drill keeps its run; D ends the drill.")
      return true
    }
  }

  func perform(_ order: DrillOrder) {
    switch order {
    case .begin: beginDrill(Drill(seed: Self.freshSeed, count: Drill.usualRounds))
    case .hint: takeHint()
    case .answer(let answer, let field): grade(answer, field)
    case .goOn:
      guard var game = model.drill else { return }
      game.goOn(at: session.loop.now)
      model.show(drill: game)
      if !game.isOver { runRound(game.round) }
    case .end:
      guard var game = model.drill else { return }
      game.end()
      model.show(drill: game)
      uncover(game.round)
    case .leave:
      lastDrill = model.drill
      model.show(drill: nil)
      commit(nil, switchesCheckOff: false)
    }
  }

  func beginDrill(_ drill: Drill) {
    guard liveConfiguration.observesTenant, session.tenant != nil, session.replay == nil else {
      return model.tell("A drill needs the demo tenant.")
    }
    endWorkshop()
    let game = DrillGame(drill, at: session.loop.now)
    model.show(drill: game)
    runRound(game.round)
  }

  /// The drill that was played, for its result; nil without one.
  public var playedDrill: DrillGame? { model.drill ?? lastDrill }

  private func runRound(_ round: DrillRound) {
    configuration = liveConfiguration
    round.configure(&configuration)
    session.tenant?.commit(round.fault?.tenantFault)
    session.attack = round.fault?.attack
    model.summary = summary
    model.summary.lab = nil
    restart(Rerun(.walk(to: round.goal)))
    labActions = ActionQueue(round.then)
  }

  private func takeHint() {
    guard var game = model.drill else { return }
    let round = game.round
    guard let text = game.takeHint(fields: { round.changedFields }) else { return }
    model.show(hint: text, of: game)
  }

  private func grade(_ answer: DrillAnswer, _ field: String?) {
    guard var game = model.drill, game.isCovered else { return }
    guard isAtRest else { return model.tell("The run is still on its way.") }
    let round = game.round
    game.answer(
      answer, field: field, complaints: round.complaints(in: session.machine.transcript),
      fields: round.changedFields, at: session.loop.now)
    model.show(drill: game)
    uncover(round)
  }

  /// Shows the run as the lab shows it.
  private func uncover(_ round: DrillRound) {
    model.summary.lab = round.fault.map {
      LabRun(entry: LabEntry($0, for: configuration.responseType), isCheckOff: false)
    }
    refresh()
  }

  /// Whether the run stands where it is to be judged.
  private var isAtRest: Bool {
    guard rerun == nil else { return false }
    // A run that was stopped stands, even while the browser still loads the page that says so.
    if session.machine.transcript.failure != nil { return true }
    return session.isIdle
      && (labActions.isDone(session.machine) || labActions.remaining.isEmpty)
  }

  /// A seed that nobody has chosen.
  static var freshSeed: UInt64 { UInt64.random(in: 1...9999) }
}
