import HybridFlow
import Lab
import OpenID
import Presentation
import Session

/// Runs that drive themselves: to where a fault is caught, or back to the shown stage.
extension ExplorerController {
  /// Sets the fault of the first run, which goes to where it is caught; called before it begins.
  public func begin(with fault: LabFault) { firstFault = fault }

  /// Starts over with a fault and runs to where it is caught; without one, to the stage on the
  /// screen.
  func commit(_ fault: LabFault?, switchesCheckOff: Bool) {
    guard liveConfiguration.observesTenant, let tenant = session.tenant else { return }
    let here = model.shownStage
    configuration = liveConfiguration
    if let fault { fault.configure(&configuration, switchesCheckOff: switchesCheckOff) }
    tenant.commit(fault?.tenantFault)
    // Without a key the run ends where it would be needed, and says so.
    try? session.equip(for: fault, &configuration)
    session.attack = fault?.attack
    session.carefulConfiguration = fault?.careful(configuration, from: liveConfiguration)
    model.summary = summary
    let entry = fault.map { LabEntry($0, for: configuration.responseType) }
    model.summary.lab = entry.map { LabRun(entry: $0, isCheckOff: switchesCheckOff) }
    guard let entry else { return restart(Rerun(.walk(to: here), signIns)) }
    let isAfter = !entry.afterwards.isEmpty
    // In presenter mode the question comes before the stage.
    let asks = !isAfter && model.askAgain(about: entry.stage)
    let before = entry.stage.previous ?? .login
    let goal: Stage = isAfter ? .data : asks ? before : entry.stage
    restart(Rerun(.walk(to: goal), endsWithQuestion: asks))
  }

  /// Starts over under these rules, without a fault; under those of OpenID Connect as the connection
  /// asks by itself.
  func use(_ rules: SecurityRules) {
    guard liveConfiguration.observesTenant, session.tenant != nil, session.replay == nil else {
      return
    }
    var other = liveConfiguration
    switch rules {
    case .openID:
      guard other.rules == .openID else {
        return model.tell(
          "This connection asks for \(other.rules.title): start without --rules to leave it.")
      }
    case .fapi1Advanced:
      let allowed = rules.algorithms ?? []
      if let own = other.clientKey?.algorithm, !allowed.contains(own) {
        return model.tell(
          "The client\u{2019}s key signs with \(own.rawValue); \(rules.title) allows "
            + "\(allowed.map(\.rawValue).joined(separator: " and ")).")
      }
      other.askAsFAPI()
    }
    use(other)
    model.tell("The run starts over under \(rules.title).")
  }

  /// Starts over with the same configuration, and runs to a stage.
  func runAgain(to stage: Stage) {
    // In the lab the simulated person of lab runs always signs in.
    restart(Rerun(.walk(to: stage), model.summary.lab == nil ? signIns : SignInMemory()))
  }

  /// Remembers the forms sent to the demo tenant; a real password is never stored.
  func remember(_ event: FlowEvent) {
    guard case .formFilled(let form) = event, session.tenant != nil, session.replay == nil,
      case .pageShown(_, let page) = session.machine.situation
    else { return }
    signIns.keep(form, on: page)
  }

  /// Continues after the flow by itself if the fault shows only there.
  func goOnAfterTheFlow() {
    for case .post(let event) in labActions.moves(session.machine) {
      if case .actionRequested(let action) = event { model.followLab(doing: action.title) }
      session.post(event)
    }
  }
}
