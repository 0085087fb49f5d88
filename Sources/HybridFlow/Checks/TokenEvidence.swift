import OpenID

/// What is known about a token and around it when it is judged.
///
/// A run knows all of it; whoever has only a token, or a token with a nonce, says so.
public struct TokenEvidence: Sendable {
  /// What the token is for.
  public enum Kind: Sendable, Equatable {
    /// An ID token that says who signed in.
    case idToken
    /// An ID token of an earlier sign-in, which may have expired.
    case idTokenHint
    /// Any other token: only what holds for every signed token is judged.
    case other
  }

  /// What the token is for.
  public var kind = Kind.idToken
  /// For whom it is judged.
  public var judge: Judge
  /// The channel through which it came; nil when that is not known.
  public var channel: Channel?
  /// The issuer that was asked.
  public var issuer: Known<String>
  /// The issuer by the provider's own document.
  public var documentIssuer: Known<String?>
  /// The provider's clock against ours; nil when nothing is known of it.
  public var clock: ProviderClock?
  /// The client's identifier.
  public var clientID: Known<String>
  /// The algorithms that the issuer lists for ID tokens.
  public var offeredAlgorithms: Known<[String]>
  /// The nonce that was sent.
  public var nonce: Known<String?>
  /// `max_age` as it was sent.
  public var maxAge: Known<Int64?>
  /// The `acr_values` that were sent.
  public var acrValues: Known<[String]>
  /// What else the request asked of the login, when it is known.
  var asked: AskedOfLogin?
  /// The code that came with the token.
  public var code: Known<String?>
  /// The access token that came with the token.
  public var accessToken: Known<String?>
  /// The state that came with the token.
  public var state: Known<String?>
  /// The time of the judgement.
  public var now: UnixTime
  /// How far clocks may differ, in seconds.
  public var clockSkewSeconds: Int64
  /// When the login began for which the token was issued; nil when that is not known.
  public var loginStartedAt: UnixTime?

  var isIDToken: Bool { kind != .other }

  /// A token of which nothing is known, for this reason: the rest of a sentence.
  public init(unknown why: String, judge: Judge, now: UnixTime, clockSkewSeconds: Int64) {
    self.judge = judge
    issuer = .unknown(why)
    documentIssuer = .unknown(why)
    clientID = .unknown(why)
    offeredAlgorithms = .unknown(why)
    nonce = .unknown(why)
    maxAge = .unknown(why)
    acrValues = .unknown(why)
    code = .unknown(why)
    accessToken = .unknown(why)
    state = .unknown(why)
    self.now = now
    self.clockSkewSeconds = clockSkewSeconds
  }

  /// A token of a run, which knows its own request; what came with the token is added.
  init(_ requested: Requested, channel: Channel, now: UnixTime) {
    let configuration = requested.configuration
    judge = .application
    self.channel = channel
    issuer = .known(configuration.issuer.text)
    documentIssuer = .known(requested.prepared.metadata.issuer)
    clock = requested.prepared.clock
    clientID = .known(configuration.clientID)
    offeredAlgorithms = .known(requested.prepared.metadata.idTokenSigningAlgorithms)
    nonce = .known(requested.sent("nonce"))
    maxAge = .known(requested.sent("max_age").flatMap { Int64($0) })
    acrValues = .known((requested.sent("acr_values") ?? "").split(at: " ").map(String.init))
    asked = configuration.witness?.source == .file ? nil : AskedOfLogin(requested.sent)
    (code, accessToken, state) = (.known(nil), .known(nil), .known(nil))
    self.now = now
    clockSkewSeconds = configuration.clockSkewSeconds
    loginStartedAt = requested.prepared.listening.begun.startedAt
    guard let witness = configuration.witness else { return }
    if !witness.hasMetadata {
      issuer = .unknown(witness.unseen)
      documentIssuer = .unknown(witness.unseen)
      offeredAlgorithms = .unknown(witness.unseen)
    }
    nonce = witness.sent("nonce")
    if case .unknown(let why) = witness.sent("max_age") { maxAge = .unknown(why) }
    if case .unknown(let why) = witness.sent("acr_values") { acrValues = .unknown(why) }
  }
}

/// Whose keys a token is verified with.
public enum SigningKeys: Sendable, Equatable {
  /// The issuer's.
  case ofIssuer(JSONWebKeySet)
  /// The issuer's, which are not there; why, as a clause.
  case missing(String)
  /// Somebody else's, which are not sought here; why, as a clause.
  case ofAnother(String)
}
