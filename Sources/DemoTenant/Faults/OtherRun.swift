import Cryptography
import OpenID

/// A sign-in of another person, or at another time, whose response an attacker has.
public struct OtherRun: Sendable, Equatable {
  /// The person who signs in there.
  public var signInName: String
  /// The application: the attacker uses the same one.
  public var clientID: String
  /// The redirect URI of that run.
  public var redirectURI: String
  /// The requested `response_type`.
  public var responseType: String
  /// The scopes.
  public var scopes: [String]
  /// The API.
  public var audience: String?
  /// The nonce of that run.
  public var nonce: String
  /// The state of that run.
  public var state: String
  /// The code challenge of that run, if it sent one.
  public var codeChallenge: String?
  /// Whether that run asked for its response as a JWT; JARM.
  public var isJWT = false

  /// Describes a run.
  public init(
    signInName: String, clientID: String, redirectURI: String, responseType: String,
    scopes: [String], audience: String?, nonce: String, state: String, codeChallenge: String?
  ) {
    self.signInName = signInName
    self.clientID = clientID
    self.redirectURI = redirectURI
    self.responseType = responseType
    self.scopes = scopes
    self.audience = audience
    self.nonce = nonce
    self.state = state
    self.codeChallenge = codeChallenge
  }
}

extension DemoTenant {
  /// The cookie of a session in which this person signed in earlier and allowed everything; nil for
  /// a name that nobody has.
  public mutating func earlierSignIn(
    of name: String, secondsAgo: Int64, at now: UnixTime
  ) -> String? {
    guard let person = person(signInName: name), let id = try? unguessable(),
      let browserID = try? unguessable()
    else { return nil }
    var signIn = SignIn(
      subject: person.subject, at: now.adding(seconds: -secondsAgo), sessionID: id)
    for client in settings.clients {
      signIn.consents[client.id] = Set(TenantSettings.demoScopes + ["offline_access"])
    }
    let call = Call(
      request: HTTPRequest(method: "GET", target: basePath + Path.login), number: requestCount,
      now: now, basePath: basePath)
    return try? keep(BrowserSession(browserID: browserID, signIn: signIn), call)
  }

  /// The response of another run, with real values; nil when that run fails.
  ///
  /// Signing in is skipped: an attacker signs in with their own password, at any time.
  public mutating func answer(of run: OtherRun, at now: UnixTime) -> [FormField]? {
    guard let client = client(run.clientID), let person = person(signInName: run.signInName),
      let response = RequestedResponse(run.responseType),
      let redirectURI = try? WebURL(run.redirectURI)
    else { return nil }
    var call = Call(
      request: HTTPRequest(method: "GET", target: basePath + Path.authorize), number: requestCount,
      now: now, basePath: basePath)
    call.fault = settings.fault
    let request = AcceptedRequest(
      client: client,
      route: AnswerRoute(
        redirectURI: redirectURI, mode: run.isJWT ? .formPostJWT : .formPost, state: run.state,
        clientID: client.id),
      response: response, scopes: run.scopes, requestedScopes: run.scopes, audience: run.audience,
      nonce: run.nonce, codeChallenge: run.codeChallenge, prompts: [], maxAgeSeconds: nil,
      loginHint: nil, hintedSubject: nil)
    let signIn = SignIn(subject: person.subject, at: now, sessionID: run.state)
    guard let answer = try? makeAnswer(request, signIn, chosen: nil, call) else { return nil }
    return try? sealed(answer, call).fields
  }
}
