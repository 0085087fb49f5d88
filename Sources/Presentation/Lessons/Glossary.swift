import OpenID

/// The meaning of every name on the wire, in one line with its source.
///
/// A name may mean one thing in a request and another in a token, so a lookup needs a context.
/// Names without an entry are not standard, as far as this program knows.
public enum Glossary {
  /// The place of a name.
  public enum Context: String, Sendable, Hashable, CaseIterable {
    /// A parameter sent to the authorization endpoint.
    case authorizationRequest
    /// A parameter of an authorization response.
    case authorizationResponse
    /// A field sent to the token endpoint.
    case tokenRequest
    /// A member of a token response.
    case tokenResponse
    /// A member of the answer about a token.
    case introspection
    /// A member of the answer to a pushed request.
    case pushedResponse
    /// A member of what is registered of a client.
    case registration
    /// An attribute of `Set-Cookie`.
    case cookieAttribute
    /// A member of the JOSE header of a JWT.
    case joseHeader
    /// A member of the JOSE header of an encrypted token.
    case encryptedHeader
    /// A member of the JOSE header of a token that a client signs.
    case clientHeader
    /// A claim of an ID token.
    case idTokenClaim
    /// A claim of a readable access token.
    case accessTokenClaim
    /// A member of the userinfo response, or of the `address` in it.
    case userinfo
    /// A member of the discovery document.
    case metadata
    /// A member of a key, or of a set of keys.
    case jwk
    /// A claim of the JWT with which a client authenticates.
    case clientAssertion
    /// A claim of a logout token.
    case logoutToken
    /// A claim of a DPoP proof.
    case dpopProof
    /// A claim of the JWT that Apple takes in the place of a client secret.
    case appleSecret
    /// A claim of a signed document, credential or event.
    case otherToken
    /// A claim of a signed authorization request.
    case requestObject
    /// A claim of a signed authorization response.
    case responseObject
    /// A header of a request.
    case httpRequestHeader
    /// A header of a response.
    case httpResponseHeader
    /// An attribute of `WWW-Authenticate`.
    case challengeAttribute
    /// An error code.
    case errorCode
    /// A member of an API's response.
    case apiBody
    /// A field of the demo tenant's pages.
    case pageField
    /// A cookie.
    case cookie
    /// A parameter of a logout request or of its response.
    case logout
    /// A field sent to the revocation endpoint.
    case revocation
    /// A value with a meaning of its own, such as `form_post` or a scope.
    case value

    /// HTTP header names ignore case; all other names are compared exactly.
    var ignoresCase: Bool {
      self == .httpRequestHeader || self == .httpResponseHeader || self == .challengeAttribute
    }
  }

  /// One line about a name.
  public struct Entry: Sendable, Hashable {
    /// The name as in its source; a `*` at its end stands for any continuation, one at its start
    /// for any beginning.
    public var name: String
    /// What it means, in at most 90 characters.
    public var meaning: String
    /// The section with the definition.
    public var source: SpecReference
    /// Whether a standard defines it, or only a provider.
    public var isStandard: Bool { !Source.vendors.contains(source.document) }
    /// The provider that uses a name outside any standard; nil for a standard name.
    public var habit: String? { isStandard ? nil : Source.habits[source.document] }
  }

  /// The entry of a name; nil if no standard and no known provider has it.
  public static func entry(_ name: String, in context: Context) -> Entry? {
    // Only ASCII names are known; names that look or fold alike are not.
    guard name.utf8.allSatisfy({ $0 < 0x80 }), let table = tables[context] else { return nil }
    let key = context.ignoresCase ? name.asciiLowercased : name
    if let exact = table.exact[key] { return exact }
    return table.families.first { key.begins(with: $0.prefix) }?.entry
      ?? table.endings.first { key.ends(with: $0.suffix) && key != $0.suffix }?.entry
  }

  /// Every entry of a context, in the order of its tables.
  public static func entries(in context: Context) -> [Entry] { tables[context]?.inOrder ?? [] }

  /// Names and meanings that share a source.
  struct Group {
    var source: SpecReference
    var words: [(name: String, meaning: String)]

    init(_ source: SpecReference, _ words: KeyValuePairs<String, String>) {
      (self.source, self.words) = (source, words.map { (name: $0, meaning: $1) })
    }
  }

  private struct Table {
    var inOrder: [Entry] = []
    var exact: [String: Entry] = [:]
    var families: [(prefix: String, entry: Entry)] = []
    var endings: [(suffix: String, entry: Entry)] = []
  }

  private static let tables: [Context: Table] = {
    var tables: [Context: Table] = [:]
    for context in Context.allCases {
      var table = Table()
      for group in groups(of: context) {
        for (name, meaning) in group.words {
          // Signed messages take up the names of plain ones: their own meaning comes first.
          if isEnvelope(context), table.exact[name] != nil { continue }
          let entry = Entry(name: name, meaning: meaning, source: group.source)
          table.inOrder.append(entry)
          let key = context.ignoresCase ? name.asciiLowercased : name
          if let start = key.dropping(suffix: "*") {
            table.families.append((String(start), entry))
          } else if let end = key.dropping(prefix: "*") {
            table.endings.append((String(end), entry))
          } else if table.exact[key] == nil {
            table.exact[key] = entry
          }
        }
      }
      tables[context] = table
    }
    return tables
  }()

  private static func isEnvelope(_ context: Context) -> Bool {
    [.otherToken, .requestObject, .responseObject].contains(context)
  }

  /// The groups without the names that others have already.
  private static func rest(_ groups: [Group], without others: [Group]) -> [Group] {
    let names = Set(others.flatMap { $0.words.map(\.name) })
    return groups.map { group in
      var group = group
      group.words.removeAll { names.contains($0.name) }
      return group
    }
  }

  private static func groups(of context: Context) -> [Group] {
    switch context {
    case .authorizationRequest: authorizationRequest
    case .authorizationResponse: authorizationResponse
    case .tokenRequest: tokenRequest
    case .tokenResponse: tokenResponse
    case .introspection:
      introspection + rest(accessTokenClaims, without: introspection) + personClaims
        + rest(registeredClaims, without: introspection + accessTokenClaims)
        + rest(vendorClaims, without: introspection) + productClaims
    case .pushedResponse: pushedResponse
    case .registration: registration
    case .cookieAttribute: cookieAttributes
    case .joseHeader: joseHeader + rest(encryptedHeader, without: joseHeader)
    case .encryptedHeader: encryptedHeader
    case .clientHeader: clientHeader
    case .logoutToken: logoutToken
    case .dpopProof: dpopProof
    case .appleSecret: appleSecret
    case .otherToken:
      otherToken + envelope + personClaims + metadata + registeredClaims + vendorClaims
        + productClaims
    case .requestObject: envelope + authorizationRequest
    case .responseObject: envelope + authorizationResponse
    case .idTokenClaim:
      idTokenClaims + personClaims + rest(registeredClaims, without: idTokenClaims) + vendorClaims
        + productClaims
    case .accessTokenClaim:
      accessTokenClaims + personClaims + rest(registeredClaims, without: accessTokenClaims)
        + vendorClaims + productClaims
    case .userinfo:
      userinfoMembers + personClaims + rest(registeredClaims, without: userinfoMembers)
        + vendorClaims + productClaims
    case .metadata: metadata + furtherMetadata + productMetadata
    case .jwk: keyMembers
    case .clientAssertion: clientAssertion
    case .httpRequestHeader: requestHeaders + sharedHeaders
    case .httpResponseHeader: responseHeaders + sharedHeaders
    case .challengeAttribute: challengeAttributes
    case .errorCode: errorCodes
    case .apiBody: apiMembers
    case .pageField: pageFields
    case .cookie: cookies
    case .logout: logout
    case .revocation: revocation
    case .value: values
    }
  }

  /// Sources without a short reference.
  enum Source {
    static let auth0 = SpecReference("Auth0 API reference", "")
    static let entra = SpecReference("Microsoft identity platform reference", "")
    static let keycloak = SpecReference("Keycloak documentation", "")
    static let okta = SpecReference("Okta API reference", "")
    static let google = SpecReference("Google Identity documentation", "")
    static let apple = SpecReference("Sign in with Apple documentation", "")
    static let cognito = SpecReference("Amazon Cognito documentation", "")
    static let cloudflare = SpecReference("Cloudflare documentation", "")
    static let ping = SpecReference("Ping Identity documentation", "")
    static let ory = SpecReference("Ory documentation", "")
    static let gluu = SpecReference("Janssen and Gluu documentation", "")
    static let wso2 = SpecReference("WSO2 documentation", "")
    static let salesforce = SpecReference("Salesforce documentation", "")
    static let gitlab = SpecReference("GitLab documentation", "")
    static let github = SpecReference("GitHub documentation", "")
    static let adfs = SpecReference("AD FS documentation", "")
    static let b2c = SpecReference("Azure AD B2C documentation", "")
    static let identityServer = SpecReference("Duende IdentityServer documentation", "")
    static let firebase = SpecReference("Firebase documentation", "")
    static let loginGov = SpecReference("Login.gov documentation", "")
    static let authentik = SpecReference("authentik documentation", "")
    static let eduPerson = SpecReference("eduPerson", "")
    static let demo = SpecReference("the demo tenant", "")
    static let custom = SpecReference("no standard; common practice", "")

    /// The providers that use a name, in a word or two.
    static let habits: [String: String] = [
      auth0.document: "Auth0 only", entra.document: "Microsoft only",
      keycloak.document: "Keycloak only", okta.document: "Okta only",
      google.document: "Google only", apple.document: "Apple only",
      cognito.document: "Cognito only", cloudflare.document: "Cloudflare only",
      ping.document: "Ping only", ory.document: "Ory only", gluu.document: "Janssen only",
      wso2.document: "WSO2 only", salesforce.document: "Salesforce only",
      gitlab.document: "GitLab only", github.document: "GitHub only",
      adfs.document: "AD FS only", b2c.document: "Azure B2C only",
      identityServer.document: "IdentityServer only", firebase.document: "Firebase only",
      loginGov.document: "Login.gov only", authentik.document: "authentik only",
      eduPerson.document: "universities only", demo.document: "demo tenant only",
      custom.document: "a habit, no standard",
    ]
    static let vendors = Set(habits.keys)

    static let sessionManagement = SpecReference("OpenID Connect Session Management 1.0", "2")
    static let logout = SpecReference("OpenID Connect RP-Initiated Logout 1.0", "2")
    static let backChannelLogout = SpecReference("OpenID Connect Back-Channel Logout 1.0", "2.1")
    static let logoutToken = SpecReference("OpenID Connect Back-Channel Logout 1.0", "2.4")
    static let frontChannelLogout = SpecReference("OpenID Connect Front-Channel Logout 1.0", "3")
    static let promptCreate = SpecReference(
      "Initiating User Registration via OpenID Connect 1.0", "")
    static let fapi = SpecReference("FAPI 1.0 Advanced", "5.2.3.1")
    static let openBankingUK = SpecReference("Open Banking UK", "")
    static let jarm = SpecReference("JWT Secured Authorization Response Mode 1.0", "2.3")
    static let identityAssurance = SpecReference("OpenID Connect for Identity Assurance 1.0", "")
    static let verifiableCredential = SpecReference("SD-JWT-based Verifiable Credentials", "3.2.2")
    static let federation = SpecReference("OpenID Federation 1.0", "5.1.3")
    static let federationClaims = SpecReference("OpenID Federation 1.0", "3")
    static let nativeSSO = SpecReference("OpenID Connect Native SSO 1.0", "")
    static let credentialIssuance = SpecReference(
      "OpenID for Verifiable Credential Issuance 1.0", "12")
    static let presentation = SpecReference("OpenID for Verifiable Presentations 1.0", "10")
    static let uma = SpecReference("User-Managed Access 2.0", "2")
    static let attestation = SpecReference(
      "OAuth 2.0 Attestation-Based Client Authentication (draft)", "")
    static let draft = SpecReference("OAuth drafts", "")
    static let sessionMetadata = SpecReference("OpenID Connect Front-Channel Logout 1.0", "3")
    static let ciba = SpecReference("OpenID Connect CIBA Core 1.0", "4")
    static let fetch = SpecReference("WHATWG Fetch", "")
    static let fetchMetadata = SpecReference("W3C Fetch Metadata Request Headers", "2")
    static let html = SpecReference("WHATWG HTML", "")
    static let csp = SpecReference("W3C Content Security Policy Level 3", "3")
    static let referrerPolicy = SpecReference("W3C Referrer Policy", "4.1")
    static let clientHints = SpecReference("WICG User-Agent Client Hints", "3")
    static let upgradeInsecure = SpecReference("W3C Upgrade Insecure Requests", "3.2")
    static let permissionsPolicy = SpecReference("W3C Permissions Policy", "")
    static let traceContext = SpecReference("W3C Trace Context", "3")
    static let reporting = SpecReference("W3C Network Error Logging", "")
  }
}
