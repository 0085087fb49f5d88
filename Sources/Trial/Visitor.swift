import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Session

/// Makes visits to the application, with the built-in browser or with Chromium.
final class Visitor {
  private let loop: PollLoop
  private let host: TenantHost
  private let subject: TrialSubject
  private let watch: TenantWatch
  private let errands: Errands
  private let browser: any VisitingBrowser
  /// Ends every wait, so that a signal ends the command.
  var isStopped: Bool {
    get { errands.isStopped }
    set { errands.isStopped = newValue }
  }
  /// Whether nobody listened where the last request went.
  var foundNobody: Bool { errands.foundNobody }
  /// Whether the scripts of pages run.
  var runsScripts: Bool { browser.runsScripts }

  init(
    loop: PollLoop, host: TenantHost, subject: TrialSubject, options: ClientOptions,
    chromium: ChromiumProgram?
  ) {
    (self.loop, self.host, self.subject) = (loop, host, subject)
    watch = TenantWatch(host)
    let errands = Errands(loop: loop, subject: subject, options: options)
    self.errands = errands
    browser =
      chromium.map {
        ChromiumBrowser($0, loop: loop, host: host, subject: subject, errands: errands)
      } ?? BuiltInBrowser(loop: loop, subject: subject, errands: errands)
  }

  /// One login, from the start address to where it ends.
  ///
  /// - Parameters:
  ///   - asksAgain: Whether the start address is asked once more afterwards.
  ///   - isUnderWay: Whether the tenant commits the fault already, and what was seen since counts.
  func login(
    _ fault: Fault? = nil, _ between: Passage.Between = .nobody, asksAgain: Bool,
    isUnderWay: Bool = false
  ) -> Visit {
    if !isUnderWay { watch.begin(fault) }
    let begun = loop.monotonicMilliseconds
    let passage = passage(armed(between))
    browser.begin(passage)
    var visit = Visit(end: browser.rest(at: subject.start))
    visit.deliveredAnswer = passage.deliveredAnswer
    visit.wasAttacked = passage.wasAttacked
    visit.lostCookies = passage.lostCookies
    visit.frontAccessToken = passage.frontAccessToken
    if asksAgain, visit.page != nil { (visit.stays, visit.home) = browser.home(at: subject.start) }
    visit.tenant = watch.look()
    if let url = subject.signOut { _ = browser.rest(at: url) }
    visit.tenant.logouts = watch.look().logouts
    browser.end()
    visit.seconds = Double(loop.monotonicMilliseconds - begun) / 1000
    return visit
  }

  private func passage(_ between: Passage.Between) -> Passage {
    Passage(
      host: host, subject: subject, watch: watch, between: between,
      begun: loop.monotonicMilliseconds)
  }

  /// An attacker with the answer of a login of their own at the same application, which they make in
  /// a browser of their own and do not deliver.
  private func armed(_ between: Passage.Between) -> Passage.Between {
    // Of that run only the person is needed: the rest is what the application asks for.
    let any = FlowConfiguration(
      issuer: host.issuer, clientID: subject.client.id, clientSecret: nil,
      redirectURI: subject.start, responseType: .codeIDToken)
    guard case .attacker(let attack, _) = between,
      let name = attack.otherRun(any, redirectURI: subject.start.text)?.signInName
    else { return between }
    let seen = watch.sighting
    let passage = passage(.keeper(signInName: name))
    browser.begin(passage)
    _ = browser.rest(at: subject.start)
    browser.end()
    watch.forget(since: seen)
    return .attacker(attack, other: passage.kept)
  }

  /// Makes the tenant commit a fault before anybody comes.
  func commit(_ fault: Fault?) { watch.begin(fault) }

  /// Waits until the tenant can answer at once.
  func waitForTenant() {
    while !host.isReady, !isStopped { loop.turn() }
  }

  /// Waits until the application answers at its start address; whether it does in time.
  func waitForApplication(milliseconds: Int) -> Bool {
    let deadline = loop.monotonicMilliseconds + Int64(milliseconds)
    while !isStopped, loop.monotonicMilliseconds < deadline {
      var browser = HeadlessBrowser()
      if case .success = errands.fetch(browser.navigate(to: subject.start)) { return true }
      var isOver = false
      loop.after(milliseconds: 100) { isOver = true }
      while !isOver, !isStopped { loop.turn() }
    }
    return false
  }
}
