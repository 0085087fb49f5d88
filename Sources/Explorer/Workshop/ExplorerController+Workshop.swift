import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Presentation
import Session

/// A workshop: each step knows the run that it needs; the controller makes it, and then turns to it.
extension ExplorerController {
  /// Sets the workshop to begin with; called before ``begin()``.
  public func begin(with workshop: Workshop) { firstWorkshop = workshop }

  func perform(_ order: WorkshopOrder) {
    switch order {
    case .toggle:
      if model.workshop != nil {
        endWorkshop()
        model.tell("The workshop is over.")
      } else if let workshop = try? WorkshopFile.builtIn() {
        give(workshop)
      }
    case .step(let count):
      guard var state = model.workshop else { return }
      let index = state.index + count
      guard state.steps.indices.contains(index) else { return }
      state.index = index
      go(to: state)
    case .pause:
      guard var state = model.workshop else { return }
      state.clock.toggle(at: session.loop.now)
      model.show(workshop: state)
      publish(state)
    }
  }

  /// Begins a workshop at its first question.
  func give(_ workshop: Workshop) {
    guard liveConfiguration.observesTenant, session.tenant != nil, session.replay == nil else {
      return model.tell("A workshop needs the demo tenant.")
    }
    let clock = WorkshopClock(since: session.loop.now)
    guard let state = WorkshopState(workshop, clock: clock) else { return }
    go(to: state)
  }

  /// Ends it, and tells the notes.
  func endWorkshop() {
    guard model.workshop != nil else { return }
    model.show(workshop: nil)
    workshopFile?.remove()
  }

  private func go(to state: WorkshopState) {
    model.show(workshop: state)
    publish(state)
    let step = state.step
    let goal = step.goal(for: liveConfiguration.responseType)
    let run = model.summary.lab
    let isSameRun = run?.entry.id == step.fault && run?.isCheckOff ?? false == step.isCheckOff
    guard isSameRun, session.configuration != nil, session.machine.situation != .idle else {
      return startRun(step, goal)
    }
    if !hasReached(goal) { rerun = Rerun(.walk(to: goal)) }
    carryOn()
    arriveIfThere()
  }

  private func startRun(_ step: WorkshopStep, _ goal: Stage) {
    configuration = liveConfiguration
    let fault = step.fault.flatMap(Lab.fault)
    fault?.configure(&configuration, switchesCheckOff: step.isCheckOff)
    session.tenant?.commit(fault?.tenantFault)
    session.attack = fault?.attack
    model.summary = summary
    model.summary.lab = fault.map {
      LabRun(
        entry: LabEntry($0, for: configuration.responseType), isCheckOff: step.isCheckOff)
    }
    restart(Rerun(.walk(to: goal)))
  }

  /// Whether the run has come to a stage, or can come no further.
  private func hasReached(_ stage: Stage) -> Bool {
    switch session.machine.situation {
    case .finished, .failed: true
    case .ready(let next): next > stage
    case .idle, .busy, .pageShown, .browserAway: false
    }
  }

  /// Turns to what the step shows, once its run is there.
  func arriveIfThere() {
    guard let state = model.workshop, rerun == nil || rerun?.isOver == true else { return }
    let goal = state.step.goal(for: liveConfiguration.responseType)
    guard hasReached(goal), labActions.isDone(session.machine) || labActions.remaining.isEmpty
    else {
      return
    }
    model.arrive(at: state.step, stage: goal)
    isStale = true
  }

  /// Tells the notes in a second terminal where the workshop stands.
  private func publish(_ state: WorkshopState) {
    guard let workshopFile else { return }
    do throws(UsageError) {
      try workshopFile.write(
        WorkshopPosition(
          fingerprint: state.workshop.fingerprint, step: state.index, clock: state.clock))
    } catch {
      model.tell("The notes cannot follow: \(HarmlessText.line(error.message))")
      self.workshopFile = nil
    }
  }
}
