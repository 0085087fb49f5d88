import OpenID

/// Every stage is done: the data for the actions after the flow.
struct Afterwards: Sendable, Equatable {
  let requested: Requested
  /// The ID token of the sign-in, with which every later one is compared.
  let original: VerifiedIDToken
  /// The newest ID token, which a logout gives as its hint.
  var newest: VerifiedIDToken
  /// What the application may do; nil when it only signed the person in.
  var authorized: Authorized?
  var refreshToken: String?
  /// The refresh token from the last refresh, if there was one.
  private var newestRefreshToken: String?
  /// Why there is no longer a refresh token, when there was one.
  var refreshTokenLost: String?
  var isSignedOut = false

  init(_ requested: Requested, signedOn token: VerifiedIDToken) {
    self.requested = requested
    (original, newest) = (token, token)
  }

  init(_ authorized: Authorized) {
    self.init(authorized.trusted.requested, signedOn: authorized.idToken)
    self.authorized = authorized
    refreshToken = authorized.refreshToken
  }

  var metadata: ProviderMetadata { requested.prepared.metadata }
  var configuration: FlowConfiguration { requested.configuration }

  /// The current token of this use.
  func token(_ use: TokenRecord.Use) -> String? {
    switch use {
    case .idToken: newest.text
    case .accessToken: authorized?.accessToken
    case .refreshToken: refreshToken
    // It is not held: what it carried is.
    case .response: nil
    }
  }

  /// Takes the tokens of a refresh: a new refresh token replaces the old one.
  ///
  /// RFC 6749, section 6.
  mutating func take(_ response: TokenResponse, _ token: VerifiedIDToken?, _ keys: JSONWebKeySet) {
    if let token { newest = token }
    if let authorized, let access = response.accessToken {
      self.authorized = Authorized(
        trusted: authorized.trusted, idToken: authorized.idToken, accessToken: access,
        refreshToken: authorized.refreshToken, keys: keys,
        isBound: configuration.proofKey != nil && ProofChecks.isBound(response.tokenType))
    }
    guard let next = response.refreshToken else { return }
    newestRefreshToken = next
    guard !configuration.experiment.mistakes.contains(.keepsOldRefreshToken) else { return }
    refreshToken = next
  }

  /// Whether the current refresh token was replaced, so that it must not be used again.
  ///
  /// RFC 9700, section 4.14.2.
  var refreshTokenIsReplaced: Bool {
    guard let refreshToken, let newestRefreshToken else { return false }
    return !newestRefreshToken.isIdentical(to: refreshToken)
  }

  /// Most actions of one run: each leaves its messages in the transcript.
  static let actionsMaximum = 100

  /// Why an action cannot be done now; nil when it can.
  func unavailable(_ action: AfterAction) -> String? {
    switch action {
    case .refresh:
      return missing(.refreshToken)
    case .userinfo:
      return missing(.accessToken) ?? absent(metadata.userinfoEndpoint, "userinfo_endpoint")
    case .introspect(let use):
      guard use != .idToken else { return "ID tokens are verified, not asked about" }
      return absent(metadata.introspectionEndpoint, "introspection_endpoint") ?? missing(use)
    case .revoke(let use):
      guard use != .idToken else { return "ID tokens cannot be revoked" }
      return absent(metadata.revocationEndpoint, "revocation_endpoint") ?? missing(use)
    case .logout:
      if isSignedOut { return "the person was signed out already" }
      return absent(metadata.endSessionEndpoint, "end_session_endpoint")
    }
  }

  private func missing(_ use: TokenRecord.Use) -> String? {
    guard token(use) == nil else { return nil }
    if authorized == nil { return "the application only signed somebody in, and has no tokens" }
    if use == .refreshToken {
      return refreshTokenLost ?? "no refresh token came: ask for the scope offline_access"
    }
    return "there is no \(use.words)"
  }

  private func absent(_ endpoint: String?, _ name: String) -> String? {
    guard let endpoint else { return "the provider\u{2019}s metadata name no \(name)" }
    return (try? WebURL(endpoint)) == nil ? "the provider\u{2019}s \(name) is no address" : nil
  }
}

/// An action is under way.
struct Acting: Sendable, Equatable {
  var after: Afterwards
  let action: AfterAction
  var waiting: Waiting

  enum Waiting: Sendable, Equatable {
    /// For the client's signature on a request.
    case signing(TokenRequest, FetchPurpose)
    /// For the response of a server.
    case response(FetchPurpose)
    /// For the refreshed ID token to be opened.
    case decrypting(RefreshExamination, TokenEnvelope)
    /// For newer keys, because the refreshed ID token names an unknown one.
    case keys(RefreshExamination)
    /// For signatures and digests of a refresh.
    case refresh(RefreshExamination)
    /// For the signature of userinfo.
    case userinfo(APIAnswer, UserinfoExamination)
    /// For the built-in browser, which signs the person out.
    case navigation
    /// For the person, whom the tenant asks to confirm.
    case page(BrowserPage)
    /// For a real browser to come back.
    case browser(since: UnixTime, until: UnixTime)
  }

  /// What the run waits for.
  func situation(_ stage: Stage) -> Situation {
    switch waiting {
    case .page(let page): return .pageShown(stage, page)
    case .browser(let since, let until): return .browserAway(stage, since: since, until: until)
    case .signing: return .busy(stage, .signing)
    case .keys: return .busy(stage, .fetchingKeys)
    case .decrypting, .refresh, .userinfo: return .busy(stage, .examiningTokens)
    case .response, .navigation: break
    }
    switch action {
    case .refresh: return .busy(stage, .refreshing)
    case .userinfo: return .busy(stage, .callingUserinfo)
    case .introspect: return .busy(stage, .introspecting)
    case .revoke: return .busy(stage, .revoking)
    case .logout: return .busy(stage, .signingOut)
    }
  }
}
