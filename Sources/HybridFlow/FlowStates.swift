import OpenID

// Each state's data is built from the data of the state before it, so nothing that a stage needs is
// optional.

/// The run has begun: its configuration and random values.
struct Begun: Sendable, Equatable {
  let configuration: FlowConfiguration
  let secrets: FlowSecrets
  let startedAt: UnixTime
}

/// The listener is up: the redirect URI has its port.
struct Listening: Sendable, Equatable {
  let begun: Begun
  let redirectURI: WebURL

  var configuration: FlowConfiguration { begun.configuration }
  var secrets: FlowSecrets { begun.secrets }
}

/// The provider's metadata are known.
struct Discovered: Sendable, Equatable {
  let listening: Listening
  let metadata: ProviderMetadata
}

/// Stage 1 is done: everything that a request needs is known.
struct Prepared: Sendable, Equatable {
  let listening: Listening
  let metadata: ProviderMetadata
  let keys: JSONWebKeySet
  let authorizationEndpoint: WebURL
  let tokenEndpoint: WebURL
  let clientAuthentication: ClientAuthenticationMethod
  /// The provider's clock against ours; nil when its responses carry no date.
  var clock: ProviderClock?

  var configuration: FlowConfiguration { listening.configuration }
  var secrets: FlowSecrets { listening.secrets }

  /// The address of an endpoint by its name in the metadata, or its alias for a client with a
  /// certificate; nil without a usable one.
  func endpoint(_ name: String) -> WebURL? {
    metadata.endpoint(name, withCertificate: configuration.usesAliases)
      .flatMap { try? WebURL($0) }
  }
}

extension FlowConfiguration {
  /// Whether requests go to the addresses for clients with a certificate, where there are any.
  ///
  /// RFC 8705, section 5.
  var usesAliases: Bool {
    clientCertificate != nil && !experiment.mistakes.contains(.ignoresAlias)
  }
}

/// Stage 2: the parameters are chosen, but not yet wrapped for the browser.
struct Writing: Sendable, Equatable {
  let prepared: Prepared
  /// The parameters before they are signed or pushed.
  let request: AuthorizationRequest
  /// What the browser or the pushed request carries: the parameters, or a signed object of them.
  var carried: [FormField]
  /// Whether the person sends it although a rule is broken.
  var goesAnyway = false
}

/// Stage 2 is done: the request is written and may leave.
struct Requested: Sendable, Equatable {
  let prepared: Prepared
  let request: AuthorizationRequest
  let url: WebURL

  var configuration: FlowConfiguration { prepared.configuration }
  /// A parameter as sent; the person may have edited it.
  func sent(_ name: String) -> String? { request.parameters[name] }
  /// What the response must contain, by the response type as sent.
  var asked: AskedAnswer { AskedAnswer(sent("response_type") ?? "") }
  /// How the answer was asked for; nil for a mode that is not known.
  var askedMode: ResponseMode? { ResponseMode(asked: sent("response_mode")) }
  /// Whether the request carries a code challenge, so that the code needs its verifier.
  var usesPKCE: Bool { sent("code_challenge") != nil }
  /// The redirect URI as sent; without one, the provider uses the registered one.
  var redirectURI: String { sent("redirect_uri") ?? prepared.listening.redirectURI.text }
}

/// What the request asks for, word by word: a person may write a type that no flow has.
///
/// OAuth 2.0 Multiple Response Types, section 3.
package struct AskedAnswer: Sendable, Equatable {
  let hasCode: Bool
  let hasIDToken: Bool
  let hasAccessToken: Bool

  init(_ responseType: String) {
    let words = responseType.split(at: " ")
    hasCode = words.contains("code")
    hasIDToken = words.contains("id_token")
    hasAccessToken = words.contains("token")
  }
}

/// A real browser has the request, in stage 3 or 4.
struct BrowserAway: Sendable, Equatable {
  let requested: Requested
  let since: UnixTime
  let until: UnixTime
  /// Whether the person was seen to send credentials, so that stage 4 has begun.
  var signsIn: Bool

  /// The same, with an earlier end of the wait.
  func waiting(until end: UnixTime) -> BrowserAway {
    BrowserAway(requested: requested, since: since, until: min(until, end), signsIn: signsIn)
  }
}

/// A response arrived in a JWT, and the JWT is being opened; stage 5.
struct ResponseJWTEncrypted: Sendable, Equatable {
  let requested: Requested
  /// Nil for a response that the person pasted.
  let number: CallbackNumber?
  let answer: AuthorizationResponse
  let envelope: TokenEnvelope
}

/// A response arrived in a JWT, and the JWT is being examined; stage 5.
struct ResponseJWTReceived: Sendable, Equatable {
  let requested: Requested
  /// Nil for a response that the person pasted.
  let number: CallbackNumber?
  /// What came, with the JWT still closed.
  let answer: AuthorizationResponse
  let keys: JSONWebKeySet
  let examination: IDTokenExamination
  let refetched: Bool
}

/// A response arrived, and its ID token is being opened; stage 5.
struct AnswerEncrypted: Sendable, Equatable {
  let requested: Requested
  /// Nil for a response that the person pasted.
  let number: CallbackNumber?
  let answer: AuthorizationResponse
  let envelope: TokenEnvelope
}

/// A response arrived and is being examined; stage 5.
struct AnswerReceived: Sendable, Equatable {
  let requested: Requested
  /// Nil for a response that the person pasted.
  let number: CallbackNumber?
  let answer: AuthorizationResponse
  let keys: JSONWebKeySet
  let examination: FrontExamination
  let refetched: Bool
}

/// Stage 5 is done: no check of the response failed, so the code may be sent.
struct Trusted: Sendable, Equatable {
  let requested: Requested
  let keys: JSONWebKeySet
  let code: String
  let frontToken: VerifiedIDToken?
  let frontAccessToken: String?
  let refetched: Bool
  /// What the person changed in the token request.
  var edit: RequestEdit?

  var configuration: FlowConfiguration { requested.configuration }
}

/// Stage 6: the token request waits for the client's signature.
struct SigningExchange: Sendable, Equatable {
  let trusted: Trusted
  var request: TokenRequest
}

/// Stage 6: the code is on its way.
struct Exchanging: Sendable, Equatable {
  let trusted: Trusted
  let request: HTTPRequest
}

/// Stage 6 is done: the token endpoint has answered.
struct Exchanged: Sendable, Equatable {
  let trusted: Trusted
  let response: HTTPResponse
  let answer: TokenAnswer
}

/// The ID token of the token response is being opened; stage 8.
struct TokensEncrypted: Sendable, Equatable {
  let exchanged: Exchanged
  let response: TokenResponse
  let envelope: TokenEnvelope
}

/// The token response is being examined; stage 8.
struct TokensReceived: Sendable, Equatable {
  let exchanged: Exchanged
  let response: TokenResponse
  let keys: JSONWebKeySet
  let examination: BackExamination
  let refetched: Bool
}

/// Stage 8 is done: who the person is, and what the application may do.
struct Authorized: Sendable, Equatable {
  let trusted: Trusted
  let idToken: VerifiedIDToken
  let accessToken: String
  let refreshToken: String?
  let keys: JSONWebKeySet
  /// Whether the provider has bound the access token to the key for proofs.
  var isBound = false

  /// The scheme by which the access token is sent.
  ///
  /// RFC 9449, section 7.1: a bound token as `DPoP`; RFC 6750, section 2.1: any other as `Bearer`.
  var scheme: String {
    isBound && !configuration.experiment.mistakes.contains(.sendsBoundTokenAsBearer)
      ? DPoP.tokenType : "Bearer"
  }
  var configuration: FlowConfiguration { trusted.configuration }
  /// The access token for the API: the second one, unless the application is careless on purpose.
  var usedAccessToken: String {
    guard configuration.experiment.mistakes.contains(.usesFirstAccessToken) else {
      return accessToken
    }
    return trusted.frontAccessToken ?? accessToken
  }
  var putsTokenInQuery: Bool { configuration.experiment.mistakes.contains(.tokenInQuery) }
}

/// Stage 9: the calls that are still to be made, and the answers so far.
struct Calling: Sendable, Equatable {
  let authorized: Authorized
  var waiting: FetchPurpose
  var remaining: [FetchPurpose]
  var answers: [APIAnswer]
}

/// An API's answer.
struct APIAnswer: Sendable, Equatable {
  let purpose: FetchPurpose
  let response: HTTPResponse
}

/// Stage 9 is done: the API has answered.
struct Answered: Sendable, Equatable {
  let authorized: Authorized
  let answers: [APIAnswer]
}
