import OpenID

/// Everything about a run that is known before it starts.
public struct FlowConfiguration: Sendable, Equatable {
  /// The issuer exactly as it was configured; compared byte for byte.
  public var issuer: WebURL
  /// Metadata to use instead of discovery, for providers without it.
  public var explicitMetadata: ProviderMetadata?
  /// The client's identifier.
  public var clientID: String
  /// The client's secret; nil for a public client.
  public var clientSecret: Secret?
  /// The redirect URI; port 0 takes a free one.
  public var redirectURI: WebURL
  /// Whether the redirect URI belongs to somebody else: nothing is listened at, and the person
  /// pastes the answer.
  public var awaitsPaste = false
  /// The hosts to which plain http is allowed besides this machine, in lower case.
  public var plainHTTPHosts: Set<String> = []
  /// The requested response type.
  public var responseType: ResponseType
  /// The requested response mode.
  public var responseMode: ResponseMode
  /// The scopes in order.
  public var scope: [String]
  /// The API's identifier, where the provider wants one (Auth0's `audience`).
  public var audience: String?
  /// The API to call in stage 9; nil for the userinfo endpoint.
  public var apiURL: WebURL?
  /// Whether the userinfo endpoint is called as well when there is another API.
  public var alsoUserinfo: Bool
  /// How the client authenticates; nil chooses from the metadata.
  public var clientAuthentication: ClientAuthenticationMethod?
  /// The client's key, for private_key_jwt and signed requests; its private part is kept elsewhere.
  public var clientKey: ClientKey?
  /// What is known of encrypted tokens; nil for a client whose tokens are only signed.
  public var decryption: ClientDecryption?
  /// The team whose key signs the client secret, where that is a JWT; nil for a fixed secret.
  ///
  /// Apple's documentation; the key is ``clientKey``.
  public var appleTeam: String?
  /// The client's certificate, shown to servers that ask for one; its key is kept elsewhere.
  ///
  /// RFC 8705.
  public var clientCertificate: ClientCertificate?
  /// The certificate of another client, for ``ApplicationMistake/showsOtherCertificate``.
  public var otherCertificate: ClientCertificate?
  /// The algorithm of the proofs by which access tokens are bound to a key; nil for bearer tokens.
  ///
  /// RFC 9449.
  public var proofAlgorithm: SignatureAlgorithm?
  /// The key that signs those proofs; it is there before a run with them starts.
  public var proofKey: ProofKey?
  /// Another such key, for ``ApplicationMistake/swapsProofKey``.
  public var otherProofKey: ProofKey?
  /// The audience of a client assertion.
  public var assertionAudience: AssertionAudience
  /// When the request is pushed to the provider before the browser leaves.
  ///
  /// RFC 9126.
  public var pushesRequest: PushPolicy
  /// Whether the request is sent as a JWT signed by the client.
  ///
  /// RFC 9101.
  public var signsRequest: Bool
  /// How the signed request is encrypted for the provider; nil for one that is only signed.
  ///
  /// RFC 9101, section 4; OpenID Connect Core 1.0, section 10.2.
  public var requestEncryption: TokenEncryption?
  /// The resources that the access token is for; each becomes a `resource` parameter.
  ///
  /// RFC 8707, section 2.
  public var resources: [String]
  /// Further parameters of the authorization request, in order; they replace ours of the same name.
  public var extraParameters: [FormField]
  /// `max_age` in seconds; nil when it is not sent.
  public var maxAgeSeconds: Int64?
  /// Whether PKCE is used; RFC 7636.
  public var usesPKCE: Bool
  /// Whether the flow ends after stage 5, because the application only signs people in.
  public var signOnOnly: Bool
  /// Whether stages 6 to 8 run as soon as the answer is trusted, so that the code cannot expire.
  public var exchangesAtOnce = false
  /// Whether the exchange goes with a wrong code verifier, to see that the tenant refuses it.
  ///
  /// RFC 7636, section 4.6. The run ends in stage 7: there are no tokens.
  public var triesWrongVerifier = false
  /// The algorithm the ID token must be signed with.
  ///
  /// OpenID Connect Core 1.0, section 3.1.3.7 (7).
  public var idTokenAlgorithm: SignatureAlgorithm
  /// How far clocks may differ, in seconds.
  public var clockSkewSeconds: Int64
  /// How long to wait for the callback, in seconds.
  public var callbackWaitSeconds: Int64
  /// Whether the tenant is the built-in one, whose side of the flow can be seen.
  public var observesTenant: Bool
  /// What acts as the user agent.
  public var userAgent: UserAgent
  /// The rules by which the run asks and judges.
  public var rules = SecurityRules.openID
  /// The checks whose failure is recorded without stopping the run.
  ///
  /// For the lab: they count only where ``observesTenant`` is true.
  public var checksOff: Set<CheckID> = []
  /// What the application does wrong on purpose; counts only where ``observesTenant`` is true.
  public var mistakes: Set<ApplicationMistake> = []
  /// Which message a fault changes; counts only where ``observesTenant`` is true.
  public var tampering: Tampering?
  /// The cookie by which the application knows the browser again; nil for an application without.
  public var sessionCookie: SessionCookie?
  /// The application's accounts, one of which stage 10 opens; nil for an application without.
  public var accounts: AccountBook?
  /// The login of another application that a file tells; nil for a run of this program.
  public var witness: Witness?

  /// What acts as the user agent.
  public enum UserAgent: Sendable, Equatable {
    /// The built-in one: it fetches pages over HTTP and hands their forms to the person.
    case builtIn
    /// A real browser, whose pace only the person controls.
    case external
  }

  /// The public data of the client's key: enough to write a JWT's header.
  public struct ClientKey: Sendable, Equatable {
    /// The algorithm of its signatures.
    public var algorithm: SignatureAlgorithm
    /// The `kid` under which the provider knows it; empty for none.
    public var keyID: String

    /// Names a key.
    public init(algorithm: SignatureAlgorithm, keyID: String) {
      self.algorithm = algorithm
      self.keyID = keyID
    }
  }

  /// The audience of a client assertion: its `aud`.
  ///
  /// OpenID Connect Core 1.0, section 9, names the token endpoint; its newer drafts the issuer.
  public enum AssertionAudience: Sendable, Equatable {
    /// The issuer.
    case issuer
    /// The token endpoint, even if the assertion is sent to another endpoint.
    case tokenEndpoint
    /// Anything else.
    case other(String)
  }

  /// When the request is pushed.
  public enum PushPolicy: Sendable, Equatable {
    /// Only if the metadata require it.
    case whereRequired
    /// Always; a provider without the endpoint ends the run.
    case always
    /// Only if the metadata require it, whatever the rules prefer: the request goes by value.
    case never
  }

  /// Makes a configuration with the defaults of the command line.
  public init(
    issuer: WebURL, clientID: String, clientSecret: Secret?, redirectURI: WebURL,
    responseType: ResponseType = .codeIDToken
  ) {
    self.issuer = issuer
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.redirectURI = redirectURI
    self.responseType = responseType
    responseMode = .formPost
    scope = ["openid", "profile", "email"]
    alsoUserinfo = false
    extraParameters = []
    assertionAudience = .issuer
    pushesRequest = .whereRequired
    signsRequest = false
    resources = []
    usesPKCE = true
    signOnOnly = false
    idTokenAlgorithm = .rs256
    clockSkewSeconds = 60
    callbackWaitSeconds = 300
    observesTenant = false
    userAgent = .external
  }
}

/// The random values of one run, made outside so that a recording can be replayed.
public struct FlowSecrets: Sendable, Equatable {
  /// Binds the answer to this run.
  ///
  /// RFC 6749, section 10.12.
  public var state: String
  /// Binds the ID tokens to this run.
  ///
  /// OpenID Connect Core 1.0, section 15.5.2.
  public var nonce: String
  /// The PKCE verifier.
  ///
  /// RFC 7636, section 4.1.
  public var codeVerifier: Secret
  /// The base64url of the verifier's SHA-256.
  ///
  /// RFC 7636, section 4.2.
  public var codeChallenge: String
  /// The prefix of every `jti` in this run.
  ///
  /// RFC 7519, section 4.1.7.
  public var tokenIdentifier: String
  /// Binds the browser's return from a logout to this run; empty to send none.
  ///
  /// OpenID Connect RP-Initiated Logout 1.0, section 2.
  public var logoutState: String
  /// The value of the application's cookie.
  public var session: Secret

  /// Collects the values.
  public init(
    state: String, nonce: String, codeVerifier: Secret, codeChallenge: String,
    tokenIdentifier: String, logoutState: String = "", session: Secret = Secret("")
  ) {
    self.state = state
    self.nonce = nonce
    self.codeVerifier = codeVerifier
    self.codeChallenge = codeChallenge
    self.tokenIdentifier = tokenIdentifier
    self.logoutState = logoutState
    self.session = session
  }
}

extension FlowConfiguration {
  /// Whether what happens in the browser can be seen: at the built-in tenant, or in a file.
  var seesBrowser: Bool { observesTenant || witness != nil }
  /// Whether the built-in browser carries the run: it never goes to the site of somebody else.
  var usesBuiltInBrowser: Bool { userAgent == .builtIn && !awaitsPaste }
  /// How the redirect to the tenant is known: a real browser is handed the URL instead of it.
  var redirectEvidence: Message.Evidence { usesBuiltInBrowser ? .sent : .drawn }
}
