import HybridFlow
import Network
import OpenID
import Session

/// Chromium on visits: each in a fresh browser context, every request held until the rules allow it.
final class ChromiumBrowser: VisitingBrowser {
  /// How long it may take to start, in milliseconds.
  private static let startMilliseconds = 30_000

  let runsScripts = true
  private let program: ChromiumProgram
  private let loop: PollLoop
  private let host: TenantHost
  private let subject: TrialSubject
  private let errands: Errands
  private var folder: PrivateFolder?
  private var pipe: DebuggingPipe?
  private var context: String?
  private var tab: ChromiumTab?
  /// Why there is no tab.
  private var trouble = ""

  init(
    _ program: ChromiumProgram, loop: PollLoop, host: TenantHost, subject: TrialSubject,
    errands: Errands
  ) {
    (self.program, self.loop, self.host) = (program, loop, host)
    (self.subject, self.errands) = (subject, errands)
  }

  deinit {
    tab = nil
    pipe?.end()
    folder?.remove()
  }

  func begin(_ passage: Passage) {
    do throws(DebuggingError) {
      let pipe = try running()
      let made = try pipe.ask("Target.createBrowserContext", ["disposeOnDetach": true])
      let context = made["browserContextId"]?.string ?? ""
      self.context = context
      let tab = try ChromiumTab(
        pipe: pipe, loop: loop, context: context, passage: passage, errands: errands,
        tenant: ["*:\(host.port)/*", "\(host.issuer.origin)/*"])
      pipe.onEvent = { [weak tab] in tab?.take($0, $1, session: $2) }
      self.tab = tab
    } catch {
      trouble = error.reason
      end()
    }
  }

  func end() {
    pipe?.onEvent = nil
    tab = nil
    if let context {
      _ = try? pipe?.ask("Target.disposeBrowserContext", ["browserContextId": .string(context)])
    }
    context = nil
  }

  func rest(at url: WebURL) -> Visit.End {
    guard let tab else { return .browserFailed(trouble) }
    let end = tab.rest(at: url)
    let passage = tab.passage
    if let answered = passage.answered, answered.host != url.host {
      passage.lostCookies += tab.cookieNames(of: url.host).sorted().map { LostCookie($0, .host) }
    }
    return end
  }

  func home(at url: WebURL) -> (stays: Bool?, page: EndPage?) {
    guard let tab else { return (nil, nil) }
    let end = tab.rest(at: url, forbidsTenant: true)
    if tab.wentToTenant { return (false, nil) }
    return if case .page(let page) = end { (page.status < 400, page) } else { (nil, nil) }
  }

  /// The browser, started if it does not run.
  private func running() throws(DebuggingError) -> DebuggingPipe {
    if let pipe, pipe.ending == nil { return pipe }
    pipe?.end()
    folder?.remove()
    guard
      let folder = PrivateFolder(
        named: "hybrid-flow", environment: program.environment,
        mostBytes: ChromiumProgram.profileBytes)
    else { throw DebuggingError(reason: "there is no folder for temporary files") }
    self.folder = folder
    let hosts = Set([subject.ownHost, host.issuer.host].compactMap { $0?.asciiLowercased })
    let pipe = try DebuggingPipe(
      program.path, program.arguments(profile: folder.path, hosts: hosts),
      environment: program.environment(profile: folder.path), loop: loop)
    self.pipe = pipe
    _ = try pipe.ask(
      "Browser.setDownloadBehavior", ["behavior": "deny"],
      withinMilliseconds: Self.startMilliseconds)
    return pipe
  }
}
