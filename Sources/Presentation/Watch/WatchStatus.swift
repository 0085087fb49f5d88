import HybridFlow
import Lab
import OpenID
import TextUI

/// What `watch` shows beside the login on the screen: the tenant, and the list of logins.
public struct WatchStatus: Sendable, Equatable {
  /// An application that may log people in.
  public struct Client: Sendable, Equatable {
    /// Its `client_id`.
    public var id: String
    /// Its redirect URIs.
    public var redirectURIs: [String]

    /// Names an application.
    public init(id: String, redirectURIs: [String]) {
      self.id = HarmlessText.line(id)
      self.redirectURIs = redirectURIs.map { HarmlessText.line($0) }
    }
  }

  /// One login of the list.
  public struct Row: Sendable, Equatable {
    /// Counts logins from 1.
    public var number: Int
    /// When it began.
    public var at: UnixTime
    /// Who signs in; empty while nobody is known.
    public var person: String
    /// The application's `client_id`.
    public var client: String
    /// The response type that was asked for.
    public var responseType: String
    /// The newest stage.
    public var stage: Stage
    /// How many checks failed.
    public var failed: Int
    /// How many checks warned.
    public var warned: Int
    /// Why it stopped; nil when it has not.
    public var stop: String?
    /// Whether all ten stages are over.
    public var isComplete: Bool

    /// Makes a row of a run, with what the application has sent made harmless.
    public init(_ number: Int, _ transcript: Transcript, _ situation: Situation, typed: String?) {
      self.number = number
      at = transcript.startedAt ?? UnixTime(seconds: 0)
      let sent = transcript[.authorize].draft?.made ?? []
      client = HarmlessText.line(String((sent["client_id"] ?? "").prefix(scalars: 60)))
      responseType = HarmlessText.line(String((sent["response_type"] ?? "").prefix(scalars: 40)))
      stage = transcript.stages.last { $0.startedAt != nil }?.stage ?? .login
      failed = transcript.checks.count { $0.verdict == .fail }
      warned = transcript.checks.count { $0.verdict == .warn }
      stop = transcript.stop.map { HarmlessText.line($0.code) }
      isComplete = situation == .finished
      let claims = transcript.tokens.lazy.filter { $0.use == .idToken }.compactMap(\.claims).first
      let name = claims.flatMap { $0["email"]?.string ?? $0["name"]?.string ?? $0["sub"]?.string }
      person = HarmlessText.line(String((name ?? typed ?? "").prefix(scalars: 60)))
    }

    /// The verdict: a mark, and words beside it.
    var verdict: (mark: Span, words: String) {
      if failed > 0 {
        return (Verdicts.span(.fail), failed == 1 ? "1 check failed" : "\(failed) checks failed")
      }
      if let stop { return (Verdicts.span(.fail), stop) }
      if warned > 0 {
        return (Verdicts.span(.warn), warned == 1 ? "1 warning" : "\(warned) warnings")
      }
      return isComplete ? (Verdicts.span(.pass), "complete") : (Span(" "), "goes on")
    }
  }

  /// The tenant's issuer.
  public var issuer: String
  /// Where its discovery document is.
  public var discovery: String
  /// The applications that may log people in.
  public var clients: [Client]
  /// The logins, the newest first.
  public var rows: [Row] = []
  /// The number of the login on the screen; nil for none.
  public var shown: Int?
  /// Whether the next login takes the place of the one on the screen.
  public var follows = true
  /// The fault that the next login meets; nil for an honest tenant.
  public var fault: LabEntry?

  /// Names a tenant.
  public init(issuer: String, discovery: String, clients: [Client]) {
    self.issuer = HarmlessText.line(issuer)
    self.discovery = HarmlessText.line(discovery)
    self.clients = clients
  }
}

extension ExplorerModel {
  /// Whether a watched login is on the screen, or waited for.
  var isWatching: Bool {
    summary.watch != nil && (summary.replay == nil || summary.replay?.isWatched == true)
  }

  /// What the watched login waits for, in a sentence; nil where its end says more.
  var watchStatus: [Span]? {
    guard isWatching, let watch = summary.watch else { return nil }
    let wait: String
    switch situation {
    case .idle: wait = "Waiting for a login at \(watch.issuer)"
    case .browserAway(.prompt, _, _): wait = "The person is at the tenant\u{2019}s page."
    case .browserAway: wait = "The person signs in at the tenant."
    case .ready(next: .exchange): wait = "Waiting for the application\u{2019}s token request."
    case .ready(next: .api):
      wait = "Waiting for the application to call userinfo or the API."
    case .ready, .busy, .pageShown: wait = "Waiting for what the application does next."
    case .finished where hasRefusedAnswer:
      return [
        Verdicts.span(.pass),
        Span(" A check failed at stage 5, and the application has not sent the code.", .text),
      ]
    case .finished, .failed: return nil
    }
    var spans = [Span(wait, .statusCurrent)]
    if let fault = watch.fault {
      spans.append(Span("  The next login meets \(fault.id).", .statusWarn))
    } else if !watch.follows {
      spans += [
        Span("  Another login does not take its place; ", .textMuted),
        Span(keyName(of: OpenCommand.logins), .footerKey, .bold), Span(" lists them", .textMuted),
      ]
    }
    return spans
  }

  /// Whether the application got an answer that is not to be trusted, and went no further.
  private var hasRefusedAnswer: Bool {
    transcript[.callback].checks.contains(where: \.isOfAnother)
      && transcript[.exchange].startedAt == nil
  }

  /// Why a key that changes a run does nothing while logins are watched.
  static let watchRefusal =
    "this is the login of another application: here it is only watched"

  /// The header's note about what is watched.
  var watchSpans: [Span] {
    guard let watch = summary.watch else { return [] }
    var text = " WATCHING "
    if let shown = watch.shown, let newest = watch.rows.first?.number {
      text = watch.rows.count > 1 ? " LOGIN \(shown) OF \(newest) " : " LOGIN \(shown) "
    }
    var spans = [Span(text, .statusInfo, [.bold, .reverse]), Span("  ")]
    if let recording = summary.recording {
      let words = recording.keepsSecrets ? " REC \u{00B7} WITH SECRETS " : " REC "
      spans += [Span(words, .statusFail, [.bold, .reverse]), Span("  ")]
    }
    return spans
  }
}
