import Export
import HybridFlow
import Lab
import Presentation
import Session
import TextUI

extension ExplorerController {
  /// Carries out what the model wants done.
  func perform(_ action: ExplorerAction) {
    if isRefusedByDrill(action) || isTakenByWatch(action) { return }
    switch action {
    case .post(let event):
      remember(event)
      session.post(event)
    case .restart:
      // A run that was just started has not begun yet: this key must not restart it.
      if session.machine.situation != .idle || session.configuration == nil { restart() }
    case .rerun(let kind, let edit): restart(Rerun(.edit(kind, edit)))
    case .runAgain(let stage): runAgain(to: stage)
    case .quit: isOver = true
    case .authenticate(let method): authenticate(method)
    case .openBrowser: session.openBrowserAgain()
    case .copy(let text): model.tell(copier.copy(text))
    case .copyExport(let format):
      model.tell(copier.copy(exportedRun.text(as: format, theme: model.theme)))
    case .export(let format, let path): export(format, to: path)
    case .suspend: onSuspend()
    case .redraw: screen.invalidate()
    case .captureMouse(let on): screen.captureMouse(on)
    case .chooseFault: model.offer(faults: Lab.entries(for: honest.responseType))
    case .commitFault(let id, let isOff): commit(id.flatMap(Lab.fault), switchesCheckOff: isOff)
    case .useRules(let rules): use(rules)
    case .chooseTheme: model.offer(themes: themes?.themes() ?? [model.theme])
    case .keepTheme(let id):
      themes?.follow(id)
      keep(theme: id)
    case .connections(let order): perform(order)
    case .drill(let order): perform(order)
    case .workshop(let order): perform(order)
    case .toggleRecording: toggleRecording()
    case .replayToEnd: replayToEnd()
    case .tellNames: model.know(names)
    case .listRecordings: listRecordings()
    case .openRecording(let name): openRecording(name)
    case .deleteRecording(let name): deleteRecording(name)
    case .compareWith(let name): compare(with: name)
    case .showLogin, .compareLogin: break
    case .useTheme(let id): use(theme: id)
    }
  }
}
