import OpenID

/// Everything that makes one tenant: its name, its clients, its people, its APIs, its lifetimes.
public struct TenantSettings: Sendable {
  /// What the tenant calls itself, character by character; Auth0's issuers end in `/`.
  public var issuer: String
  /// The name on its pages.
  public var name: String
  /// The applications that may ask.
  public var clients: [TenantClient]
  /// The people that may sign in.
  public var people: [Person]
  /// The APIs that an audience may name.
  public var apis: [API]
  /// How long things last.
  public var lifetimes: Lifetimes
  /// Whether codes grow no older on their own: for people who read and talk while a code waits.
  ///
  /// Only a fault lets them run out then. See ``waitForReaders()``.
  public var codesWait = false
  /// What ID tokens and access tokens are signed with.
  public var signingAlgorithm: SignatureAlgorithm
  /// The response modes it offers.
  public var responseModes: [ResponseMode]
  /// Whether the login page lists the people and their passwords, which only a demo may do.
  public var listsPeople: Bool
  /// What it does wrong on purpose; nil for an honest tenant.
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
  /// The client secret; nil, where there is no key either, makes a public client, which must then
  /// use PKCE.
  public var secret: Secret?
  /// The client's public keys, for `private_key_jwt`; none may have a private member.
  ///
  /// OpenID Connect Core 1.0, section 9.
  public var keys: [JSONWebKey]
  /// Where answers may go, compared character by character.
  public var redirectURIs: [String]
  /// Where a logout may lead.
  public var postLogoutRedirectURIs: [String]
  /// The name on the consent page.
  public var name: String
  /// Whether the application belongs to the tenant's owner, so that nobody is asked for consent.
  public var firstParty: Bool
  /// The one way in which it proves itself; nil takes the header and the form alike.
  public var tokenEndpointAuthMethod: ClientAuthenticationMethod?
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

  /// Whether it cannot prove who it is.
  ///
  /// RFC 6749, section 2.1.
  var isPublic: Bool { secret == nil && keys.isEmpty }
}

/// Somebody who can sign in.
public struct Person: Sendable {
  /// `sub`: unique and never reassigned, such as `auth0|5f…`.
  public var subject: String
  /// What is typed at the login page.
  public var signInName: String
  /// The password.
  public var password: Secret
  /// What is special about this person, in a few words for the login page.
  public var note: String
  /// Every claim known of the person; scopes choose from them.
  ///
  /// OpenID Connect Core 1.0, section 5.1.
  public var claims: [JSONMember]
  /// How the person proves who they are, as RFC 8176 names it.
  public var authenticationMethods: [String]
  /// How far the proof is to be trusted: the `acr` claim, when there is one.
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

/// An API that access tokens can be made for.
public struct API: Sendable {
  /// The identifier: what `audience` names and what stands in `aud`.
  public var identifier: String
  /// The name on the consent page.
  public var name: String
  /// What may be allowed there.
  public var permissions: [Permission]
  /// What it serves.
  public var resources: [APIResource]
  /// Whether refresh tokens may be given out for it.
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

/// One thing an application may be allowed.
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

/// One address of an API.
public struct APIResource: Sendable {
  /// The path below the issuer, beginning with `/api/`.
  public var path: String
  /// The scope that it asks for.
  public var scope: String
  /// What it answers with, besides the subject.
  public var content: [JSONMember]

  /// Describes a resource.
  public init(path: String, scope: String, content: [JSONMember]) {
    self.path = path
    self.scope = scope
    self.content = content
  }
}

/// How long things last, in seconds; the tokens as Auth0 has them.
public struct Lifetimes: Sendable, Equatable {
  /// An authorization code.
  public var codeSeconds: Int64 = 60
  /// An access token that came through the browser.
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

  /// Makes the usual lifetimes.
  public init() {}

  var all: [Int64] {
    [
      codeSeconds, frontAccessTokenSeconds, backAccessTokenSeconds, idTokenSeconds,
      refreshTokenSeconds, sessionSeconds, transactionSeconds,
    ]
  }
}

/// What the tenant keeps at most.
public enum TenantLimit {
  /// Sign-ins that somebody has begun and not finished.
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
  /// Names whose wrong passwords are counted.
  public static let countedNames = 1000
  /// One parameter of a request.
  public static let parameterBytes = 8192
  /// Any of the ``Lifetimes``: ten years.
  public static let lifetimeSeconds: Int64 = 10 * 365 * 86400
  /// How long a used code is remembered.
  public static let usedCodeMemorySeconds: Int64 = 3600
}

/// Why settings make no tenant.
public enum TenantSettingsError: Error, Sendable, Equatable {
  /// The issuer is no http or https URL, or has a query or fragment.
  ///
  /// OpenID Connect Discovery 1.0, section 3.
  case issuer(String)
  /// None of the keys signs with the algorithm of the settings.
  case noKey(SignatureAlgorithm)
  /// A redirect URI that is no URL or has a fragment.
  ///
  /// RFC 6749, section 3.1.2.
  case redirectURI(String, clientID: String)
  /// A lifetime under a second or over ``TenantLimit/lifetimeSeconds``.
  case lifetime(seconds: Int64)
  /// A client's key that is private or symmetric: only public ones are registered.
  case privateKey(clientID: String)
  /// Two clients, people or APIs of one name.
  case repeated(String)
}
