import DemoTenant
import HybridFlow
import Lab
import OpenID
import Presentation
import Recording
import Session

/// The logins that are watched, and the one on the screen.
struct WatchedBook {
  let watch: LoginWatch
  /// The number of the login on the screen; nil before the first.
  var shown: Int?
  /// Whether the next login takes its place.
  var follows = true
  /// The rows of the list, by number.
  var rows: [Int: WatchStatus.Row] = [:]
  /// What the recorder has taken, of which login.
  var kept: (number: Int, events: [Recording.Stamped])?
}

/// The explorer's work with the logins of another application.
extension ExplorerController {
  /// Watches logins instead of running the flow; called before it begins.
  public func begin(watching watch: LoginWatch) {
    logins = WatchedBook(watch: watch)
    hasLiveRun = false
    watch.onLogin = { [weak self] number in self?.saw(number) }
    watch.onStrangeCode = { [weak self] in
      self?.model.tell("A token request came with a code of no login that was seen here.")
      self?.isStale = true
    }
    watch.host.onFailure = { [weak self] why in self?.give(up: why) }
  }

  func beginWatching() {
    model.summary.responseType = ""
    refresh()
  }

  /// Shows what is watched.
  func showWatch() {
    guard let logins else { return }
    let host = logins.watch.host
    var status = WatchStatus(
      issuer: host.issuer.text,
      discovery: (try? ProviderMetadata.documentURL(of: host.issuer))?.text ?? "",
      clients: host.clients.map {
        WatchStatus.Client(id: $0.id, redirectURIs: $0.redirectURIs)
      })
    status.rows = logins.rows.values.sorted { $0.number > $1.number }
    status.shown = session.replay?.recording.isWatched == true ? logins.shown : nil
    status.follows = logins.follows
    status.fault = logins.watch.fault.map {
      LabEntry($0, for: ResponseType(words: model.summary.responseType) ?? .codeIDToken)
    }
    model.summary.watch = status
  }

  /// Something of a login was seen.
  private func saw(_ number: Int) {
    guard var book = logins, let login = book.watch.logins[number] else { return }
    let recording = login.recording()
    var run = ReplayRun(recording)
    run.finish()
    book.rows[number] = WatchStatus.Row(
      number, run.machine.transcript, run.machine.situation, typed: login.typedName)
    let kept = Set(book.watch.logins.logins.map(\.number))
    book.rows = book.rows.filter { kept.contains($0.key) }
    let newest = kept.max() ?? number
    let isNew = book.follows && newest == number && book.shown != number
    logins = book
    if isNew || book.shown == number && session.replay?.recording.isWatched == true {
      show(recording, number)
    } else {
      refresh()
    }
  }

  private func show(_ recording: Recording, _ number: Int) {
    guard let configuration = recording.configuration else { return }
    logins?.shown = number
    replayName = "login \(number) of \(configuration.clientID)"
    self.configuration = configuration
    model.summary = summary
    keep(recording, number)
    session.show(recording)
    model.summary.lab = labRun(of: configuration)
    refresh()
  }

  /// Hands a login to the recorder: what is new of it, or all of another one.
  private func keep(_ recording: Recording, _ number: Int) {
    guard let recorder = session.recorder else { return }
    let (kept, events) = (logins?.kept, recording.events)
    if let kept, kept.number == number, events.starts(with: kept.events) {
      recorder.take(Array(events.dropFirst(kept.events.count)))
    } else {
      recorder.take(recording)
    }
    logins?.kept = (number, events)
  }

  /// Handles what means something else while logins are watched; false for anything else.
  func isTakenByWatch(_ action: ExplorerAction) -> Bool {
    guard let book = logins else { return false }
    switch action {
    case .showLogin(let number):
      guard let login = book.watch.logins[number] else { return true }
      logins?.follows = number == book.rows.keys.max()
      show(login.recording(), number)
    case .compareLogin(let number):
      guard let login = book.watch.logins[number] else { return true }
      let this = RunComparison.Side(
        session.machine.transcript, session.configuration, named: replayName ?? "this login")
      model.offer(
        comparison: RunComparison(
          this, RunComparison.Side(login.recording(), named: "login \(number)")))
    case .chooseFault:
      let type = ResponseType(words: model.summary.responseType) ?? .codeIDToken
      model.offer(
        faults: Lab.entries(for: type).filter { Lab.row($0.id)?.tenantFault != nil })
    case .commitFault(let id, _):
      book.watch.commit(id.flatMap(Lab.row))
      refresh()
      model.tell(
        id.map { "Logins that begin from now on meet \($0)." }
          ?? "Logins that begin from now on meet an honest tenant.")
    case .restart:
      guard session.replay != nil else { return true }
      logins?.follows = false
      return false
    case .openRecording:
      logins?.follows = false
      return false
    case .rerun, .runAgain, .authenticate, .openBrowser, .drill, .workshop, .useRules: break
    case .post, .quit, .copy, .copyExport, .export, .suspend, .redraw, .captureMouse, .chooseTheme,
      .toggleRecording, .replayToEnd, .tellNames, .listRecordings, .compareWith, .deleteRecording,
      .useTheme, .keepTheme, .connections:
      return false
    }
    return true
  }
}
