import OpenID

/// A product with error messages of its own, or none in particular.
public enum DiagnosisProvider: String, Sendable, Hashable, CaseIterable {
  case auth0
  case keycloak
  case okta
  case entra
  case google
  case apple
  case azureB2C = "azure-b2c"
  case cognito
  case duende
  case openIddict = "openiddict"
  case spring = "spring-authorization-server"
  case ory
  case zitadel
  case authentik
  case nodeOIDCProvider = "node-oidc-provider"
  case wso2
  case gravitee
  /// Any provider: the messages of a specification, of a client library or of this program.
  case generic

  /// The name for people.
  public var title: String {
    switch self {
    case .auth0: "Auth0"
    case .keycloak: "Keycloak"
    case .okta: "Okta"
    case .entra: "Microsoft Entra ID"
    case .google: "Google"
    case .apple: "Apple"
    case .azureB2C: "Azure AD B2C"
    case .cognito: "Amazon Cognito"
    case .duende: "Duende IdentityServer"
    case .openIddict: "OpenIddict"
    case .spring: "Spring Authorization Server"
    case .ory: "Ory Hydra or Authelia"
    case .zitadel: "ZITADEL"
    case .authentik: "authentik"
    case .nodeOIDCProvider: "node-oidc-provider"
    case .wso2: "WSO2 Identity Server"
    case .gravitee: "Gravitee Access Management"
    case .generic: "any provider"
    }
  }

  /// The product of an issuer, if its host or path tells.
  ///
  /// Nil does not exclude a product: many run under customers' names.
  public static func guess(issuer: WebURL) -> DiagnosisProvider? {
    for (domain, provider) in hosts
    where issuer.host == domain || issuer.host.ends(with: "." + domain) {
      return provider
    }
    if issuer.path.holds("/realms/") { return .keycloak }
    if issuer.path.holds("/application/o/") { return .authentik }
    if issuer.path.begins(with: "/oauth2/aus") || issuer.path == "/oauth2/default" { return .okta }
    return nil
  }

  /// The product of the endpoints, for issuers that do not tell.
  static func guess(endpoints metadata: ProviderMetadata) -> DiagnosisProvider? {
    let addresses = [metadata.authorizationEndpoint, metadata.tokenEndpoint]
      .compactMap { $0.flatMap { try? WebURL($0) } }
    if let named = addresses.lazy.compactMap({ guess(issuer: $0) }).first { return named }
    let paths = addresses.map(\.path)
    if paths.contains(where: { $0.holds("/protocol/openid-connect/") }) { return .keycloak }
    if paths == ["/authorize", "/oauth/token"], metadata.issuer?.ends(with: "/") == true {
      return .auth0
    }
    if paths == ["/connect/authorize", "/connect/token"] { return .duende }
    if paths == ["/oauth/v2/authorize", "/oauth/v2/token"] { return .zitadel }
    return nil
  }

  /// Hosts that belong to one product; a longer name comes before its own suffix.
  private static let hosts: [(String, DiagnosisProvider)] = [
    ("auth0.com", .auth0), ("auth0app.com", .auth0),
    ("b2clogin.com", .azureB2C), ("b2clogin.cn", .azureB2C),
    ("login.microsoftonline.com", .entra), ("login.microsoftonline.us", .entra),
    ("login.partner.microsoftonline.cn", .entra), ("sts.windows.net", .entra),
    ("ciamlogin.com", .entra), ("login.windows.net", .entra),
    ("okta.com", .okta), ("oktapreview.com", .okta), ("okta-emea.com", .okta),
    ("accounts.google.com", .google), ("oauth2.googleapis.com", .google),
    ("appleid.apple.com", .apple), ("account.apple.com", .apple),
    ("amazoncognito.com", .cognito), ("cognito-idp.amazonaws.com", .cognito),
    ("zitadel.cloud", .zitadel), ("oryapis.com", .ory),
  ]

  /// Words in a pasted text that indicate the product.
  var markers: [String] {
    switch self {
    case .auth0: ["auth0.com*", "auth0", "manage.auth0.com"]
    case .keycloak:
      ["keycloak", "keycloak*", "protocol/openid-connect*", "KC-SERVICES*", "org.keycloak*"]
    case .okta: ["okta.com*", "oktapreview.com*", "okta-emea.com*", "Okta, Inc"]
    case .entra:
      [
        "login.microsoftonline.com*", "login.microsoftonline.us*", "sts.windows.net*",
        "Microsoft Entra", "Azure Active Directory", "MsalServiceException", "MSALError",
        "AADSTS*",
      ]
    case .google:
      ["accounts.google.com*", "oauth2.googleapis.com*", "apps.googleusercontent.com"]
    case .apple: ["appleid.apple.com*", "Sign in with Apple"]
    case .azureB2C: ["b2clogin.com*", "AADB2C*", "Azure AD B2C"]
    case .cognito: ["amazoncognito.com*", "cognito-idp*", "Amazon Cognito", "Cognito"]
    case .duende: ["IdentityServer4*", "IdentityServer3*", "IdentityServer", "Duende*"]
    case .openIddict: ["openiddict*"]
    case .spring: ["Spring Authorization Server", "OAuth2AuthorizationEndpointFilter"]
    case .ory: ["authelia", "authelia*", "hydra.", "fosite*", "oryapis.com*", "ory/hydra"]
    case .zitadel: ["zitadel", "zitadel.cloud*", "zitadel*"]
    case .authentik: ["authentik", "authentik*"]
    case .nodeOIDCProvider: ["node-oidc-provider*", "oidc-provider error"]
    case .wso2: ["wso2carbon*", "wso2is", "oauth2_error.do*", "org.wso2*", "WSO2 Identity"]
    case .gravitee: ["gravitee", "gravitee*"]
    case .generic: []
    }
  }
}
