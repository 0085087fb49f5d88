import OpenID

/// A known kind of provider: the form of its issuer, and what to switch on in its console.
public enum ProviderPreset: String, Sendable, CaseIterable {
  case auth0
  case auth0FAPI = "auth0-fapi"
  case auth0FAPIMutualTLS = "auth0-fapi-mtls"
  case openFinanceBrazil = "open-finance-br"
  case openBankingUK = "open-banking-uk"
  case keycloak, okta
  case oktaOrg = "okta-org"
  case entra, google, apple, authentik, adfs
  case pingFederate = "pingfederate"
  case wso2, zitadel, cognito, gitlab, salesforce

  /// The product's name.
  public var title: String {
    switch self {
    case .auth0: "Auth0"
    case .keycloak: "Keycloak"
    case .okta: "Okta, a custom authorization server"
    case .oktaOrg: "Okta, the org authorization server"
    case .entra: "Microsoft Entra ID"
    case .google: "Google"
    case .apple: "Sign in with Apple"
    case .auth0FAPI: "Auth0, level fapi1_adv_pkj_par"
    case .auth0FAPIMutualTLS: "Auth0, level fapi1_adv_mtls_par"
    case .openFinanceBrazil: "Open Finance Brazil, a bank"
    case .openBankingUK: "UK Open Banking, a bank"
    case .authentik: "authentik"
    case .adfs: "Active Directory Federation Services (AD FS)"
    case .pingFederate: "PingFederate"
    case .wso2: "WSO2 Identity Server"
    case .zitadel: "ZITADEL"
    case .cognito: "Amazon Cognito"
    case .gitlab: "GitLab"
    case .salesforce: "Salesforce"
    }
  }

  /// A part of an issuer that the person has to name.
  public struct Need: Sendable, Equatable {
    /// The parts.
    public enum Part: Sendable { case domain, realm, tenant }
    /// Which one.
    public let part: Part
    /// What it looks like.
    public let example: String
    /// Whether there is one to fall back on.
    public let hasDefault: Bool

    init(_ part: Part, _ example: String, hasDefault: Bool = false) {
      (self.part, self.example, self.hasDefault) = (part, example, hasDefault)
    }
  }

  /// The parts that make up an issuer.
  public var needs: [Need] {
    switch self {
    case .auth0: [Need(.domain, "TENANT.eu.auth0.com")]
    case .keycloak: [Need(.domain, "sso.example.com"), Need(.realm, "NAME")]
    case .okta: [Need(.domain, "dev-1.okta.com"), Need(.tenant, "default", hasDefault: true)]
    case .oktaOrg: [Need(.domain, "dev-1.okta.com")]
    case .entra: [Need(.tenant, "TENANT-ID")]
    case .google: []
    default: knowledge?.needs ?? []
    }
  }

  /// The form of its issuer.
  public var issuerShape: String {
    switch self {
    case .auth0: "https://DOMAIN/ with a slash at the end"
    case .keycloak: "https://DOMAIN/realms/REALM without a slash at the end"
    case .okta: "https://DOMAIN/oauth2/TENANT without a slash at the end"
    case .oktaOrg: "https://DOMAIN without a slash at the end"
    case .entra: "https://login.microsoftonline.com/TENANT/v2.0"
    case .google: "https://accounts.google.com"
    default: knowledge?.issuerShape ?? ""
    }
  }

  /// Whether it is one of many providers with the same rules: each has an issuer of its own.
  public var isEcosystem: Bool { self == .openFinanceBrazil || self == .openBankingUK }

  /// The scopes to ask for.
  public var scope: String {
    switch self {
    case .apple: "openid name email"
    case .openFinanceBrazil, .openBankingUK: "openid accounts"
    default: "openid profile email"
    }
  }

  /// What to know before the first login.
  public var notes: [String] {
    switch self {
    case .auth0:
      [
        "Without --audience the access token is opaque and good for the userinfo endpoint only.",
        "A callback on this machine shows a confirmation page, and prompt=none is refused there.",
        "Applications of third parties cannot use the hybrid flow.",
      ]
    case .keycloak:
      [
        "A code lives about a minute: do not pause between stages 5 and 6.",
        "Servers before version 17 have /auth in front of /realms: --domain HOST/auth.",
      ]
    case .okta:
      [
        "A code lives 60 seconds: do not pause between stages 5 and 6.",
        "--tenant is the id of the authorization server; the one that is there is called default.",
      ]
    case .oktaOrg:
      [
        "A code lives 60 seconds: do not pause between stages 5 and 6.",
        "Its access tokens are for Okta\u{2019}s own APIs only.",
      ]
    case .entra:
      [
        "--tenant is the tenant\u{2019}s id: with a name or with common the issuer is another one "
          + "than the one that was asked.",
        "The console takes http://localhost, but not http://127.0.0.1.",
      ]
    case .google:
      ["Google promises no form_post for the hybrid flow: run check before you rely on it."]
    default: knowledge?.notes ?? []
    }
  }

  /// What to switch on in the provider's console, in order.
  public var consoleSteps: [String] {
    switch self {
    case .auth0:
      [
        "Applications > Create Application > Regular Web Application",
        "Settings > Allowed Callback URLs: the redirect URI, letter by letter",
        "Settings > Advanced Settings > Grant Types: Implicit and Authorization Code, both; "
          + "Refresh Token for offline_access",
        "Credentials > Authentication Method: the one you pass to --client-auth",
        "APIs > your API: its Identifier is the --audience; Allow Offline Access for "
          + "offline_access",
      ]
    case .keycloak:
      [
        "Clients > Create client > OpenID Connect",
        "Capability config: Client authentication on, Standard flow on, Implicit flow on",
        "Valid redirect URIs: the redirect URI, letter by letter",
        "Credentials: Client Id and Secret, or Signed Jwt for private_key_jwt",
      ]
    case .okta, .oktaOrg:
      [
        "Applications > Create App Integration > OIDC, Web Application",
        "General > Grant type: Authorization Code and Implicit (hybrid), with ID tokens allowed",
        "General > Sign-in redirect URIs: the redirect URI, letter by letter",
        "Assignments: the people who may sign in",
      ]
        + (self == .okta
          ? [
            "Security > API > the authorization server > Access Policies: a rule for the client, "
              + "Implicit (hybrid) included"
          ] : [])
    case .entra:
      [
        "App registrations > New registration, supported account types as needed",
        "Authentication > Add a platform > Web: the redirect URI",
        "Authentication > Implicit grant and hybrid flows: ID tokens; Access tokens for "
          + "'code id_token token'",
        "Certificates & secrets > New client secret: copy its Value, not its Secret ID",
      ]
    case .google:
      [
        "APIs & Services > OAuth consent screen: filled in, you as a test user",
        "Credentials > Create credentials > OAuth client ID > Web application",
        "Authorized redirect URIs: the redirect URI, letter by letter",
      ]
    default: knowledge?.steps ?? []
    }
  }

  /// The provider whose issuer this is; nil for any other.
  public init?(issuer: WebURL) {
    guard let provider = Provider.guess(issuer: issuer),
      let preset = ProviderPreset(provider, issuer: issuer)
    else { return nil }
    self = preset
  }

  /// The preset of a product; nil when it has none.
  public init?(_ provider: Provider, issuer: WebURL) {
    switch provider {
    case .auth0: self = .auth0
    case .keycloak: self = .keycloak
    case .okta: self = issuer.path.begins(with: "/oauth2/") ? .okta : .oktaOrg
    case .entra: self = .entra
    case .google: self = .google
    case .apple: self = .apple
    case .authentik: self = .authentik
    case .adfs: self = .adfs
    case .pingFederate: self = .pingFederate
    case .wso2: self = .wso2
    case .zitadel: self = .zitadel
    case .cognito: self = .cognito
    case .gitlab: self = .gitlab
    case .salesforce: self = .salesforce
    case .azureB2C, .duende, .openIddict, .spring, .ory, .nodeOIDCProvider, .gravitee, .generic:
      return nil
    }
  }
}
