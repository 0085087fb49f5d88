import Diagnosis
import HybridFlow
import Network
import OpenID
import Session
import Settings

/// What is done beside a run at a real tenant: it warns before the request is sent, and asks why no
/// answer comes.
///
/// While a browser is away, nothing is seen of an error page in it. So after a while, or at once if
/// the browser failed, the authorization endpoint is asked by a request of its own, without cookies
/// and with other random values. A refusal of exactly this request ends the wait; anything else is a
/// note, and the wait goes on.
public final class RunWatch {
  /// How long a person may be silent before the endpoint is asked: most have an account at hand, and
  /// an error page is read in less.
  public static let patienceMilliseconds = 12_000

  private weak var session: FlowSession?
  private let patienceMilliseconds: Int
  private var client: HTTPClient?
  private var timer: LoopTimer?
  /// When the watched run began.
  private var run: UnixTime?
  private var hasWarned = false
  private var hasAsked = false

  /// Watches a session; ``look()`` has to be called after each change.
  public init(
    _ session: FlowSession, patienceMilliseconds: Int = RunWatch.patienceMilliseconds
  ) {
    self.session = session
    self.patienceMilliseconds = patienceMilliseconds
  }

  deinit { stop() }

  /// Stops everything; nothing more is posted for this run.
  public func stop() {
    timer?.cancel()
    timer = nil
    client?.cancelAll()
    client = nil
    (hasWarned, hasAsked) = (true, true)
  }

  /// Looks at the run, and does what is due.
  public func look() {
    guard let session, let configuration = session.configuration, session.replay == nil,
      session.tenant == nil, !configuration.observesTenant
    else { return }
    let transcript = session.machine.transcript
    guard let began = transcript.startedAt else { return }
    if began != run {
      stop()
      (run, hasWarned, hasAsked) = (began, false, false)
    }
    switch session.machine.situation {
    case .busy(.login, .fetchingKeys) where !hasWarned:
      hasWarned = true
      for text in Self.warnings(transcript, configuration) {
        session.post(.remarked(text, warns: true))
      }
    case .browserAway where isSilent(transcript): wait(session, configuration)
    default:
      timer?.cancel()
      timer = nil
    }
  }

  /// Whether nothing has come from the browser.
  private func isSilent(_ transcript: Transcript) -> Bool {
    transcript[.callback].startedAt == nil && transcript[.callback].messages.isEmpty
      && transcript.afterwards.isEmpty
  }

  // MARK: Before the request

  /// What the request and the document say about each other, and the clocks.
  static func warnings(
    _ transcript: Transcript, _ configuration: FlowConfiguration
  ) -> [String] {
    var findings = SecretFindings.all(configuration)
    let answer = transcript[.login].messages.last { $0.response != nil }
    let document = answer?.response.flatMap { try? JSONParser.parse($0.body) }
    if let metadata = document.flatMap(ProviderMetadata.init) ?? configuration.explicitMetadata {
      let types = MetadataFindings(
        metadata: metadata, configuration: configuration,
        preset: ProviderPreset(issuer: configuration.issuer)
      ).types
      findings += [types].compactMap { $0 }
      findings += RequestFindings(metadata: metadata, configuration: configuration).all
    }
    if let answer, let text = answer.response?.headers["Date"],
      let clock = ConnectionFindings.clock(
        text, now: answer.at, limit: configuration.clockSkewSeconds)
    {
      findings.append(clock)
    }
    return findings.filter { $0.severity != .info }.map { finding in
      let evidence = finding.evidence.isEmpty ? "" : " (\(finding.evidence))"
      return finding.message.adding(evidence) + (finding.fix.map { " \($0)" } ?? "")
    }
  }

  // MARK: While the browser is away

  private func wait(_ session: FlowSession, _ configuration: FlowConfiguration) {
    guard !hasAsked else { return }
    let notes = session.machine.transcript[.prompt].notes
    // The first note of stage 3 that warns is that of the browser.
    if session.options.opensBrowser, !session.options.waitsBeforeBrowser,
      notes.contains(where: \.warns)
    {
      return ask(session, configuration)
    }
    guard timer == nil else { return }
    timer = session.loop.after(milliseconds: patienceMilliseconds) { [weak self] in
      guard let self, let session = self.session,
        case .browserAway = session.machine.situation, self.isSilent(session.machine.transcript)
      else { return }
      self.ask(session, configuration)
    }
  }

  private func ask(_ session: FlowSession, _ configuration: FlowConfiguration) {
    hasAsked = true
    timer?.cancel()
    timer = nil
    guard let url = session.lastBrowserURL, let secrets = try? FlowSecrets.drawn(),
      let probe = AuthorizeProbe(
        like: url, configuration: configuration, secrets: secrets,
        preset: ProviderPreset(issuer: configuration.issuer))
    else { return }
    let options = session.options
    let client = HTTPClient(
      loop: session.loop,
      options: options.clientOptions)
    self.client = client
    let began = run
    client.send(probe.request) { [weak self] result in
      guard let self, let session = self.session, self.run == began else { return }
      guard case .success(let exchange) = result,
        case .failed = probe.verdict(exchange.response), let other = probe.withoutPrompt
      else {
        self.client = nil
        return Self.tell(result, probe, session)
      }
      // A provider may fail at prompt=none alone, which the run has not sent.
      client.send(other.request) { [weak self] result in
        guard let self, let session = self.session, self.run == began else { return }
        self.client = nil
        Self.tell(result, other, session)
      }
    }
  }

  private static func tell(
    _ result: Result<HTTPExchange, TransportError>, _ probe: AuthorizeProbe,
    _ session: FlowSession
  ) {
    switch result {
    case .failure(let fault):
      let text = fault.description.capitalized + "."
      session.post(.remarked("The authorization endpoint gives no answer. \(text)", warns: true))
    case .success(let exchange):
      switch probe.verdict(exchange.response) {
      case .refused(let refusal): session.post(.authorizeRefused(refusal.error))
      case .answered, .asks, .failed, .unclear:
        for finding in probe.findings(exchange.response) {
          let text = finding.message.adding(" (\(finding.evidence))")
          session.post(
            .remarked(
              "Asked beside the browser: \(text)", warns: finding.severity == .error))
        }
      }
    }
  }
}

extension String {
  /// The sentence with something before its full stop.
  fileprivate func adding(_ text: String) -> String {
    dropping(suffix: ".").map { "\($0)\(text)." } ?? self + text
  }
}
