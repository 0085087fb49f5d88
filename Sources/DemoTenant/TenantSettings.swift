import Cryptography
import OpenID

/// The settings of one tenant: its name, clients, people, APIs and lifetimes.
public struct TenantSettings: Sendable {
  /// The issuer, character by character; Auth0's issuers end in `/`.
  public var issuer: String
  /// The name on its pages.
  public var name: String
  /// The registered applications.
  public var clients: [TenantClient]
  /// The people that may sign in.
  public var people: [Person]
  /// The APIs that an `audience` can name.
  public var apis: [API]
  /// How long codes, tokens and sessions are valid.
  public var lifetimes: Lifetimes
  /// Whether codes do not age, for people who read while a code waits.
  ///
  /// Then only a fault can let them expire. See ``waitForReaders()``.
  public var codesWait = false
  /// The algorithm that signs ID tokens and access tokens.
  public var signingAlgorithm: SignatureAlgorithm
  /// The response modes it offers.
  public var responseModes: [ResponseMode]
  /// Whether the login page lists the people and their passwords; only for a demo.
  public var listsPeople: Bool
  /// The addresses for clients with a certificate; nil for a tenant without mutual TLS.
  public var mutualTLS: MutualTLS?
  /// Whether proofs of possession need a nonce of the tenant.
  ///
  /// RFC 9449, section 8.
  public var demandsProofNonce = false
  /// The habits of a real product that it has.
  public var habits: Set<TenantHabit> = []
  /// The rules that it enforces beyond OpenID Connect; nil for none.
  public var demands: SecurityDemands?
  /// Whether it then takes pushed requests alone, as Auth0 does; otherwise also signed ones by value.
  public var demandsPush = true
  /// Its keys for request objects that are encrypted for it; empty for signed ones alone.
  public var requestKeys: [DecryptionKey] = []
  /// What the tenant does wrong on purpose; nil for an honest tenant.
  public var fault: Fault?

  /// Makes settings.
  public init(
    issuer: String, name: String = "Demo tenant", clients: [TenantClient], people: [Person],
    apis: [API] = [], lifetimes: Lifetimes = Lifetimes(),
    signingAlgorithm: SignatureAlgorithm = .rs256,
    responseModes: [ResponseMode] = ResponseMode.allCases, listsPeople: Bool = true
  ) {
    self.issuer = issuer
    self.name = name
    self.clients = clients
    self.people = people
    self.apis = apis
    self.lifetimes = lifetimes
    self.signingAlgorithm = signingAlgorithm
    self.responseModes = responseModes
    self.listsPeople = listsPeople
  }
}

/// An application that is registered at the tenant.
public struct TenantClient: Sendable {
  /// `client_id`.
  public var id: String
  /// The client secret; without a secret and without keys the client is public and must use PKCE.
  public var secret: Secret?
  /// The client's public keys, for `private_key_jwt`; private members are not allowed.
  ///
  /// OpenID Connect Core 1.0, section 9.
  public var keys: [JSONWebKey]
  /// How its ID tokens are encrypted; nil for tokens that are only signed.
  public var encryption: TenantEncryption?
  /// The team whose key signs the client secret, which is a JWT; nil for a secret that stays.
  ///
  /// For a tenant with the habits of Apple; the key is one of ``keys``, found by its `kid`.
  public var appleTeam: String?
  /// What is registered of the client's certificate, for mutual TLS; nil for a client without one.
  ///
  /// RFC 8705, section 2.
  public var certificate: CertificateRegistration?
  /// The allowed redirect URIs, compared character by character.
  public var redirectURIs: [String]
  /// The allowed targets of a logout.
  public var postLogoutRedirectURIs: [String]
  /// The name on the consent page.
  public var name: String
  /// Whether the application belongs to the tenant's owner, so that no consent is needed.
  public var firstParty: Bool
  /// The only accepted authentication method; nil accepts both the header and the form.
  public var tokenEndpointAuthMethod: ClientAuthenticationMethod?
  /// Whether it gets access tokens only with a proof of possession.
  ///
  /// RFC 9449, section 5.2: `dpop_bound_access_tokens`.
  public var demandsProof = false
  /// Whether it may get refresh tokens.
  public var allowsOfflineAccess: Bool

  /// Registers an application.
  public init(
    id: String, secret: Secret?, keys: [JSONWebKey] = [], redirectURIs: [String],
    postLogoutRedirectURIs: [String] = [], name: String? = nil, firstParty: Bool = false,
    tokenEndpointAuthMethod: ClientAuthenticationMethod? = nil, allowsOfflineAccess: Bool = true
  ) {
    self.id = id
    self.secret = secret
    self.keys = keys
    self.redirectURIs = redirectURIs
    self.postLogoutRedirectURIs = postLogoutRedirectURIs
    self.name = name ?? id
    self.firstParty = firstParty
    self.tokenEndpointAuthMethod = tokenEndpointAuthMethod
    self.allowsOfflineAccess = allowsOfflineAccess
  }

  /// Whether the client cannot authenticate.
  ///
  /// RFC 6749, section 2.1.
  var isPublic: Bool { secret == nil && keys.isEmpty && certificate == nil }
}

extension TenantSettings {
  /// Takes certificates of the first client, or of it and others, from now on.
  ///
  /// - Parameter registration: What the client proves itself with; nil leaves it as it is.
  public mutating func takeCertificates(
    _ mutual: MutualTLS, registering registration: CertificateRegistration?
  ) {
    mutualTLS = mutual
    guard let registration, !clients.isEmpty else { return }
    clients[0].certificate = registration
    clients[0].secret = nil
    clients[0].tokenEndpointAuthMethod = registration.method
  }
}

/// A person who can sign in.
public struct Person: Sendable {
  /// `sub`: unique and never reassigned, such as `auth0|5f…`.
  public var subject: String
  /// The name typed at the login page.
  public var signInName: String
  /// The password.
  public var password: Secret
  /// What is special about this person, in a few words for the login page.
  public var note: String
  /// Every known claim of the person; scopes choose from them.
  ///
  /// OpenID Connect Core 1.0, section 5.1.
  public var claims: [JSONMember]
  /// How the person authenticates, in the values of RFC 8176.
  public var authenticationMethods: [String]
  /// The authentication context: the `acr` claim, when there is one.
  public var authenticationContext: String?

  /// Describes a person.
  public init(
    subject: String, signInName: String, password: Secret, note: String = "",
    claims: [JSONMember], authenticationMethods: [String] = ["pwd"],
    authenticationContext: String? = nil
  ) {
    self.subject = subject
    self.signInName = signInName
    self.password = password
    self.note = note
    self.claims = claims
    self.authenticationMethods = authenticationMethods
    self.authenticationContext = authenticationContext
  }
}

/// An API for which access tokens can be issued.
public struct API: Sendable {
  /// The identifier: the value of `audience` and of `aud`.
  public var identifier: String
  /// The name on the consent page.
  public var name: String
  /// The permissions of the API.
  public var permissions: [Permission]
  /// The resources of the API.
  public var resources: [APIResource]
  /// Whether refresh tokens may be issued for it.
  public var allowsOfflineAccess: Bool

  /// Describes an API.
  public init(
    identifier: String, name: String, permissions: [Permission], resources: [APIResource] = [],
    allowsOfflineAccess: Bool = true
  ) {
    self.identifier = identifier
    self.name = name
    self.permissions = permissions
    self.resources = resources
    self.allowsOfflineAccess = allowsOfflineAccess
  }
}

/// One permission that an application can have.
public struct Permission: Sendable, Equatable {
  /// The scope value, such as `read:appointments`.
  public var scope: String
  /// The same in words, for the consent page.
  public var description: String

  /// Describes a permission.
  public init(_ scope: String, _ description: String) {
    self.scope = scope
    self.description = description
  }
}

/// One resource of an API.
public struct APIResource: Sendable {
  /// The path below the issuer, beginning with `/api/`.
  public var path: String
  /// The required scope.
  public var scope: String
  /// The response content, besides the subject.
  public var content: [JSONMember]

  /// Describes a resource.
  public init(path: String, scope: String, content: [JSONMember]) {
    self.path = path
    self.scope = scope
    self.content = content
  }
}

/// Lifetimes in seconds; those of tokens as at Auth0.
public struct Lifetimes: Sendable, Equatable {
  /// An authorization code.
  public var codeSeconds: Int64 = 60
  /// An access token from the front channel.
  public var frontAccessTokenSeconds: Int64 = 7200
  /// An access token from the token endpoint.
  public var backAccessTokenSeconds: Int64 = 86400
  /// An ID token.
  public var idTokenSeconds: Int64 = 36000
  /// A chain of refresh tokens.
  public var refreshTokenSeconds: Int64 = 30 * 86400
  /// A single sign-on session.
  public var sessionSeconds: Int64 = 12 * 3600
  /// From the authorization request to the end of login and consent.
  public var transactionSeconds: Int64 = 3600
  /// A pushed authorization request that no browser has brought yet.
  public var pushedRequestSeconds: Int64 = 60

  /// Makes the usual lifetimes.
  public init() {}

  var all: [Int64] {
    [
      codeSeconds, frontAccessTokenSeconds, backAccessTokenSeconds, idTokenSeconds,
      refreshTokenSeconds, sessionSeconds, transactionSeconds, pushedRequestSeconds,
    ]
  }
}

/// Limits of the tenant's memory.
public enum TenantLimit {
  /// The life of a JWT that carries an authorization response.
  ///
  /// JARM, section 2.1, recommends at most ten minutes.
  public static let responseJWTSeconds: Int64 = 300
  /// Sign-ins that have begun and are not finished.
  public static let transactions = 1000
  /// Browsers with a session.
  public static let sessions = 1000
  /// Codes, used ones included, so that a second use is recognised.
  public static let codes = 2000
  /// Opaque access tokens.
  public static let opaqueTokens = 4000
  /// Refresh tokens, used ones included.
  public static let refreshTokens = 4000
  /// Revoked grants and tokens.
  public static let revocations = 4000
  /// Logouts that wait for a confirmation.
  public static let logouts = 200
  /// Entries of the ledger.
  public static let ledgerEntries = 5000
  /// Wrong passwords for one name within ``failedSignInWindowSeconds``.
  public static let failedSignIns = 10
  /// How long wrong passwords are counted.
  public static let failedSignInWindowSeconds: Int64 = 60
  /// Identifiers of client assertions that were used.
  public static let assertions = 4000
  /// Identifiers of proofs of possession that were used.
  public static let proofs = 4000
  /// People that a client has met.
  public static let introductions = 4000
  /// Authorization requests that were pushed, used ones included.
  public static let pushedRequests = 1000
  /// Names whose wrong passwords are counted.
  public static let countedNames = 1000
  /// One parameter of a request.
  public static let parameterBytes = 8192
  /// Any of the ``Lifetimes``: ten years.
  public static let lifetimeSeconds: Int64 = 10 * 365 * 86400
  /// How long a used code is remembered, in seconds.
  public static let usedCodeMemorySeconds: Int64 = 3600
}

/// Why settings are invalid.
public enum TenantSettingsError: Error, Sendable, Equatable {
  /// The issuer is not an http or https URL, or has a query or fragment.
  ///
  /// OpenID Connect Discovery 1.0, section 3.
  case issuer(String)
  /// No key fits the signing algorithm of the settings.
  case noKey(SignatureAlgorithm)
  /// A redirect URI that is not a URL or has a fragment.
  ///
  /// RFC 6749, section 3.1.2.
  case redirectURI(String, clientID: String)
  /// A lifetime below one second or above ``TenantLimit/lifetimeSeconds``.
  case lifetime(seconds: Int64)
  /// A client key that is private or symmetric: only public ones can be registered.
  case privateKey(clientID: String)
  /// A client whose tokens are to be encrypted, and there is no public key or secret for that.
  case noEncryptionKey(clientID: String)
  /// Two clients, people or APIs with the same name.
  case repeated(String)
}
