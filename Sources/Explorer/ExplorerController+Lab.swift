import HybridFlow
import Lab
import OpenID
import Presentation
import Session

/// Runs that go on by themselves: to where a fault is caught, or back to where the person stood.
extension ExplorerController {
  /// Lets the first run have this fault, and stand where it is caught; called before it begins.
  public func begin(with fault: LabFault) { firstFault = fault }

  /// Starts over with a fault of the lab and goes on to where it is caught; or honestly, to the
  /// stage on the screen.
  func commit(_ fault: LabFault?, switchesCheckOff: Bool) {
    guard liveConfiguration.observesTenant, let tenant = session.tenant else { return }
    let here = model.shownStage
    configuration = liveConfiguration
    if let fault { fault.configure(&configuration, switchesCheckOff: switchesCheckOff) }
    tenant.commit(fault?.tenantFault)
    session.attack = fault?.attack
    model.summary = summary
    let entry = fault.map { LabEntry($0, for: configuration.responseType) }
    model.summary.lab = entry.map { LabRun(entry: $0, isCheckOff: switchesCheckOff) }
    guard let entry else { return restart(Rerun(.walk(to: here), signIns)) }
    let isAfter = !entry.afterwards.isEmpty
    // Who presents is asked about the stage before it is shown.
    let asks = !isAfter && model.askAgain(about: entry.stage)
    let before = entry.stage.previous ?? .login
    let goal: Stage = isAfter ? .data : asks ? before : entry.stage
    restart(Rerun(.walk(to: goal), endsWithQuestion: asks))
  }

  /// Starts over as it was, and goes on to a stage.
  func runAgain(to stage: Stage) {
    // In the lab it is always the person of the lab's own runs.
    restart(Rerun(.walk(to: stage), model.summary.lab == nil ? signIns : SignInMemory()))
  }

  /// Keeps what the person sends from a page of the demo tenant; a real password is never kept.
  func remember(_ event: FlowEvent) {
    guard case .formFilled(let form) = event, session.tenant != nil, session.replay == nil,
      case .pageShown(_, let page) = session.machine.situation
    else { return }
    signIns.keep(form, on: page)
  }

  /// A fault that shows only after the flow is shown there without being asked for again.
  func goOnAfterTheFlow() {
    for case .post(let event) in labActions.moves(session.machine) {
      if case .actionRequested(let action) = event { model.followLab(doing: action.title) }
      session.post(event)
    }
  }
}
