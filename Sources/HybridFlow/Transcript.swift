import OpenID

/// Everything that happened in a run, by stage.
///
/// Nothing that happened is ever taken back; looking at an earlier stage is a matter of the view.
/// Only a request that has not left can be written anew: see ``FlowEvent/requestEdited(_:)``.
public struct Transcript: Sendable, Equatable {
  /// The ten stages in order.
  public internal(set) var stages: [StageRecord] = Stage.allCases.map(StageRecord.init)
  /// What was done after the flow, in order.
  public internal(set) var afterwards: [AfterRecord] = []
  /// When the run was started.
  public internal(set) var startedAt: UnixTime?
  /// Where a fault of the laboratory changes a message; nil in an ordinary run.
  public internal(set) var tampering: Tampering?
  /// The checks that the laboratory has switched off; empty in an ordinary run.
  public internal(set) var checksOff: Set<CheckID> = []
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
  /// Every token in order.
  public var tokens: [TokenRecord] { stages.flatMap(\.tokens) }
  /// The failure that stopped the run, if there was one.
  public var stop: FlowFailure? { stages.lazy.compactMap(\.failure).first }
  /// What is wrong with the run: the failure that stopped it, or else the checks that failed while
  /// it went on because a person sent the request anyway.
  public var failure: FlowFailure? {
    if let stop { return stop }
    let overruled = checks.filter(\.isOverruled).map(\.id)
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
  /// The token of a use and channel, if it arrived.
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
  /// False where the application cannot see the stage and what is said is inferred.
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
  /// What an application can know of that from the answer alone; stage 7.
  public internal(set) var inferredChecks: [ServerCheck] = []
  /// What else is worth saying, such as a late callback.
  public internal(set) var notes: [Note] = []
  /// The page at which the person is, in stages 3 and 4 with the built-in browser.
  public internal(set) var page: BrowserPage?
  /// The request of this stage as a person can change it; stages 2 and 6, once it can be known.
  public internal(set) var draft: RequestDraft?
  /// Why the run stopped here.
  public internal(set) var failure: FlowFailure?
  /// Why the stage was left out.
  public internal(set) var skippedBecause: String?

  init(_ stage: Stage) { self.stage = stage }

  /// Where a stage stands.
  public enum Status: String, Sendable, Equatable, CaseIterable {
    case pending, running, passed, failed, skipped
  }

  /// Where the stage stands; derived, never stored.
  public var status: Status {
    if failure != nil || checks.contains(where: \.isOverruled) { return .failed }
    if skippedBecause != nil { return .skipped }
    guard startedAt != nil else { return .pending }
    return endedAt == nil ? .running : .passed
  }
}

/// A message between two actors.
public struct Message: Sendable, Equatable {
  /// How the message is known.
  public enum Evidence: String, Sendable, Equatable {
    /// The application sent it.
    case sent
    /// The application received it.
    case received
    /// Seen at the built-in tenant or in the built-in browser; no application could see it.
    case observed
    /// Pasted by the person; nobody saw it on the wire.
    case pasted
  }
  /// What it is.
  public enum Content: Sendable, Equatable {
    /// A request; its URL is absolute where it is known.
    case request(HTTPRequest)
    /// A response.
    case response(HTTPResponse)
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
  /// How it is known.
  public var evidence: Evidence
  /// What it is.
  public var content: Content
  /// The absolute URL of the request, also for its response.
  public var url: String
  /// The method of the request, also for its response.
  public var method: String
  /// The fault of the laboratory that changed this message; nil when nothing did.
  public var tamperedBy: String?

  /// Front channel when the browser takes part.
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
  public var headers: HTTPHeaders {
    switch content {
    case .request(let request): request.headers
    case .response(let response): response.headers
    }
  }
  /// The body, byte for byte.
  public var body: [UInt8] {
    switch content {
    case .request(let request): request.body
    case .response(let response): response.body
    }
  }
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
  }
  /// What it is for.
  public var use: Use
  /// Which way it came.
  public var channel: Channel
  /// The token as it came; print it through a ``Redactor``.
  public var text: String
  /// The token's parts when it is a compact JWS.
  public var jws: CompactJWS?
  /// The claims when it is a JWS of JSON.
  public var claims: JSONValue?
  /// Why it could not be decoded; nil when it was.
  public var opaqueBecause: String?
  /// When it arrived.
  public var receivedAt: UnixTime
  /// `expires_in` in seconds, as it came with the token.
  public var expiresIn: Int64?

  /// The JOSE header.
  public var header: JSONValue? { jws?.header }
}

/// Something worth saying that is no verdict.
public struct Note: Sendable, Equatable {
  /// When.
  public var at: UnixTime
  /// What, in a sentence.
  public var text: String
  /// Whether somebody should look into it.
  public var warns = false
  /// Of which kind the request was that it tells of, where it is one of the first of its kind.
  var strayKind: StrayRequests.Kind?
  /// The requests that it counts, where it tells of all that came after the first ones.
  public internal(set) var strays: StrayRequests?
}
