import OpenID

/// Everything that happened in a run, by stage.
///
/// No entry is ever removed; looking at an earlier stage only changes the view. The one exception
/// is a request that is not sent yet: see ``FlowEvent/requestEdited(_:)``.
public struct Transcript: Sendable, Equatable {
  /// The ten stages in order.
  public internal(set) var stages: [StageRecord] = Stage.allCases.map(StageRecord.init)
  /// What was done after the flow, in order.
  public internal(set) var afterwards: [AfterRecord] = []
  /// When the run was started.
  public internal(set) var startedAt: UnixTime?
  /// The message that a fault of the lab changes; nil in an ordinary run.
  public internal(set) var tampering: Tampering?
  /// The checks that the lab has switched off; empty in an ordinary run.
  public internal(set) var checksOff: Set<CheckID> = []
  /// The rules by which the run was judged.
  public internal(set) var rules = SecurityRules.openID
  /// The certificate that the client shows to servers that ask for one; nil without one.
  public internal(set) var certificate: ClientCertificate?
  /// The key to which the client's tokens are bound; nil for bearer tokens.
  public internal(set) var proofKey: ProofKey?
  /// Whether the tenant's ledger of a refused request belongs to the run.
  var readsRefusals: Bool { rules == .fapi1Advanced || proofKey != nil }
  /// Who saw the run, if it is the login of another application: nothing was sent by this program.
  public internal(set) var witness: Witness.Source?
  /// Whether it is the login of another application.
  public var isWitnessed: Bool { witness != nil }
  /// The first requests at the redirect URI that were refused before the application saw them.
  public internal(set) var refusedRequests: [RefusedRequest] = []
  /// Counts messages, for their ids.
  var messageCount = 0

  /// Makes an empty transcript.
  public init() {}

  /// The record of a stage.
  public internal(set) subscript(stage: Stage) -> StageRecord {
    get { stages[stage.number - 1] }
    set { stages[stage.number - 1] = newValue }
  }

  /// Every message in order.
  public var messages: [Message] { stages.flatMap(\.messages).sorted { $0.id < $1.id } }
  /// Every check in order.
  public var checks: [Check] { stages.flatMap(\.checks) }
  /// What became of the application's cookie; nil for an application without one.
  public internal(set) var cookie: CookieTrail? {
    get { self[.callback].cookie ?? self[.authorize].cookie }
    set { self[self[.callback].startedAt == nil ? .authorize : .callback].cookie = newValue }
  }
  /// Every token in order.
  public var tokens: [TokenRecord] { stages.flatMap(\.tokens) }
  /// The failure that stopped the run, if there was one.
  public var stop: FlowFailure? { stages.lazy.compactMap(\.failure).first }
  /// What is wrong with the run: the failure that stopped it, or else the checks that failed but
  /// did not stop it, because the person sent the request anyway or another application went on.
  public var failure: FlowFailure? {
    if let stop { return stop }
    let overruled = checks.filter { $0.isOverruled || $0.isOfAnother }.map(\.id)
    return overruled.isEmpty ? nil : .provider(.checksFailed(overruled))
  }
  /// The first failure: of the run, or of an action after it.
  public var firstFailure: FlowFailure? {
    failure ?? afterwards.lazy.compactMap(\.record.failure).first
  }
  /// The records of the stages, and then those of the actions after the flow.
  package var records: [StageRecord] { stages + afterwards.map(\.record) }
  /// The last stage that has begun.
  var newestStage: Stage { stages.last { $0.startedAt != nil }?.stage ?? .login }
  /// The token of this use and channel, if it arrived.
  public func token(_ use: TokenRecord.Use, _ channel: Channel) -> TokenRecord? {
    tokens.first { $0.use == use && $0.channel == channel }
  }
}

/// What happened in one stage.
public struct StageRecord: Sendable, Equatable {
  /// Which stage.
  public let stage: Stage
  /// When it began.
  public internal(set) var startedAt: UnixTime?
  /// When it ended.
  public internal(set) var endedAt: UnixTime?
  /// False where the application cannot see the stage, so that its content is inferred.
  public internal(set) var observed = true
  /// The messages in order.
  public internal(set) var messages: [Message] = []
  /// The values that appeared, in order.
  public internal(set) var values: [FlowValue] = []
  /// The tokens that appeared, in order.
  public internal(set) var tokens: [TokenRecord] = []
  /// The verdicts in the order of the rules.
  public internal(set) var checks: [Check] = []
  /// What the authorization server verified; stage 7.
  public internal(set) var serverChecks: [ServerCheck] = []
  /// What an application can infer about that from the response alone; stage 7.
  public internal(set) var inferredChecks: [ServerCheck] = []
  /// Further remarks, such as a late callback.
  public internal(set) var notes: [Note] = []
  /// The page that the person sees, in stages 3 and 4 with the built-in browser.
  public internal(set) var page: BrowserPage?
  /// The request of this stage that the person can edit; stages 2 and 6, once it is known.
  public internal(set) var draft: RequestDraft?
  /// The application's cookie as it is set; stage 2, and as it came with the answer; stage 5.
  public internal(set) var cookie: CookieTrail?
  /// The account that the application opened; stage 10.
  public internal(set) var account: AccountOpening?
  /// Why the run stopped here.
  public internal(set) var failure: FlowFailure?
  /// Why the stage was skipped.
  public internal(set) var skippedBecause: String?

  /// How the answer was asked for; stage 5.
  var answersBy = ResponseMode.formPost

  init(_ stage: Stage) { self.stage = stage }

  /// A short title: the stage's, with the way of the answer.
  public var title: String {
    guard stage == .callback else { return stage.title }
    return switch answersBy {
    case .formPost, .formPostJWT: stage.title
    case .fragment, .fragmentJWT, .jwt: "Fragment back"
    case .query, .queryJWT: "Query back"
    }
  }

  /// What happens, in a sentence: the stage's, with the way of the answer.
  public var sentence: String {
    guard stage == .callback else { return stage.sentence }
    return switch answersBy {
    case .formPost, .formPostJWT: stage.sentence
    case .fragment, .fragmentJWT, .jwt: "The tenant answers behind the # of the address"
    case .query, .queryJWT: "The tenant answers in the query of the address"
    }
  }

  /// The progress of a stage.
  public enum Status: String, Sendable, Equatable, CaseIterable {
    case pending, running, passed, failed, skipped
  }

  /// The progress of the stage; computed, never stored.
  public var status: Status {
    if failure != nil || checks.contains(where: { $0.isOverruled || $0.isOfAnother }) {
      return .failed
    }
    if skippedBecause != nil { return .skipped }
    guard startedAt != nil else { return .pending }
    return endedAt == nil ? .running : .passed
  }
}

/// A message between two actors.
public struct Message: Sendable, Equatable {
  /// How the message became known.
  public enum Evidence: String, Sendable, Equatable {
    /// The application sent it.
    case sent
    /// The application received it.
    case received
    /// Seen at the built-in tenant or in the built-in browser.
    case observed
    /// Pasted by the person; it was not seen on the wire.
    case pasted
    /// What a web application and its browser would send here. This program hands the URL to a
    /// real browser instead, or only watches: the message is drawn to show the step, and was not
    /// seen on the wire.
    case drawn
    /// Read in a file that a browser wrote.
    case filed
  }
  /// A request or a response.
  public enum Content: Sendable, Equatable {
    /// A request; its URL is absolute where it is known.
    case request(HTTPRequest)
    /// A response.
    case response(HTTPResponse)

    /// The header lines.
    public var headers: HTTPHeaders {
      switch self {
      case .request(let request): request.headers
      case .response(let response): response.headers
      }
    }
    /// The body, byte for byte.
    public var body: [UInt8] {
      switch self {
      case .request(let request): request.body
      case .response(let response): response.body
      }
    }
  }
  /// Counts from 1 over the whole run.
  public var id: Int
  /// The stage to which it belongs.
  public var stage: Stage
  /// When it was sent or received.
  public var at: UnixTime
  /// Who sent it.
  public var from: Actor
  /// Who received it.
  public var to: Actor
  /// How it became known.
  public internal(set) var evidence: Evidence
  /// The request or response.
  public var content: Content
  /// The absolute URL of the request, also for its response.
  public var url: String
  /// The method of the request, also for its response.
  public var method: String
  /// The id of the lab's fault that changed this message; nil when none did.
  public var tamperedBy: String?
  /// What it was before the fault changed it; nil when that is not known, or when none did.
  public internal(set) var original: Original?

  /// The front channel when the browser sends or receives it, else the back channel.
  public var channel: Channel { from == .browser || to == .browser ? .front : .back }
  /// The request, when it is one.
  public var request: HTTPRequest? {
    if case .request(let request) = content { request } else { nil }
  }
  /// The response, when it is one.
  public var response: HTTPResponse? {
    if case .response(let response) = content { response } else { nil }
  }
  /// The header lines.
  public var headers: HTTPHeaders { content.headers }
  /// The body, byte for byte.
  public var body: [UInt8] { content.body }
}

/// A value that appeared, and who holds it from then on.
public struct FlowValue: Sendable, Equatable {
  /// The name in the specifications' spelling, such as `code` or `nonce`.
  public var name: String
  /// The value; print it through a ``Redactor``.
  public var value: String
  /// Whether it is masked unless the person asks.
  public var isSecret: Bool
  /// Who holds it.
  public var holders: [Actor]
}

/// A token, decoded where that is possible.
public struct TokenRecord: Sendable, Equatable {
  /// What the token is for.
  public enum Use: String, Sendable, Equatable {
    case idToken = "id_token"
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
    /// The JWT that carries an authorization response; JARM.
    case response
  }
  /// What it is for.
  public var use: Use
  /// The channel on which it arrived.
  public var channel: Channel
  /// The token as received; print it through a ``Redactor``.
  public var text: String
  /// The five parts, when it was encrypted and a key was at hand.
  public internal(set) var envelope: CompactJWE?
  /// What was inside, as it came out; print it through a ``Redactor``.
  public internal(set) var content: String?
  /// The token's parts when it is a compact JWS, or one was inside.
  public var jws: CompactJWS?
  /// The claims when it is a JWS of JSON.
  public var claims: JSONValue?
  /// Why it could not be decoded; nil when it was.
  public var opaqueBecause: String?
  /// When it arrived.
  public var receivedAt: UnixTime
  /// `expires_in` in seconds, as received with the token.
  public var expiresIn: Int64?

  /// The JOSE header.
  public var header: JSONValue? { jws?.header }
}

/// A remark that is not a verdict.
public struct Note: Sendable, Equatable {
  /// When.
  public var at: UnixTime
  /// What, in a sentence.
  public var text: String
  /// Whether it is a warning.
  public var warns = false
  /// What it reports.
  public internal(set) var kind = Kind.event

  /// The kinds of notes.
  public enum Kind: Sendable, Equatable {
    /// Something that the text tells.
    case event
    /// One of the first stray requests of its kind; `isEmpty`: it had no parameters.
    case stray(StrayRequests.Kind, isEmpty: Bool)
    /// A count of the later stray requests of a kind.
    case strays(StrayRequests)
  }
}
