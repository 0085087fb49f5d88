import OpenID

/// A product with error messages of its own, or none in particular.
public enum Provider: String, Sendable, Hashable, CaseIterable {
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
  case adfs
  case pingFederate = "pingfederate"
  case gitlab
  case salesforce
  /// Any provider: the words of a specification, of a client library or of this program.
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
    case .adfs: "AD FS"
    case .pingFederate: "PingFederate"
    case .gitlab: "GitLab"
    case .salesforce: "Salesforce"
    case .generic: "any provider"
    }
  }

  /// The product of an issuer, if its host or path tells.
  ///
  /// Nil does not exclude a product: many run under customers' names.
  public static func guess(issuer: WebURL) -> Provider? {
    if let named = allCases.first(where: { $0.owns(issuer.host) }) { return named }
    if issuer.path.holds("/realms/") { return .keycloak }
    if issuer.path.holds("/application/o/") { return .authentik }
    if issuer.path == "/adfs" { return .adfs }
    if issuer.path.ends(with: "/oauth2/token") { return .wso2 }
    if issuer.path.begins(with: "/oauth2/aus") || issuer.path == "/oauth2/default" { return .okta }
    return nil
  }

  /// The product behind endpoints, for issuers that say nothing.
  package static func guess(endpoints metadata: ProviderMetadata) -> Provider? {
    let addresses = [metadata.authorizationEndpoint, metadata.tokenEndpoint]
      .compactMap { $0.flatMap { try? WebURL($0) } }
    if let named = addresses.lazy.compactMap({ guess(issuer: $0) }).first { return named }
    let paths = addresses.map(\.path)
    if paths.contains(where: { $0.holds("/protocol/openid-connect/") }) { return .keycloak }
    if paths == ["/authorize", "/oauth/token"], metadata.issuer?.ends(with: "/") == true {
      return .auth0
    }
    if paths == ["/as/authorization.oauth2", "/as/token.oauth2"] { return .pingFederate }
    if paths == ["/connect/authorize", "/connect/token"] { return .duende }
    if paths == ["/oauth/v2/authorize", "/oauth/v2/token"] { return .zitadel }
    return nil
  }

  /// The domains under which only this product answers.
  private var domains: [String] {
    switch self {
    case .auth0: ["auth0.com", "auth0app.com"]
    case .okta: ["okta.com", "oktapreview.com", "okta-emea.com"]
    case .entra:
      [
        "login.microsoftonline.com", "login.microsoftonline.us",
        "login.partner.microsoftonline.cn", "sts.windows.net", "ciamlogin.com",
        "login.windows.net",
      ]
    case .google: ["accounts.google.com", "oauth2.googleapis.com"]
    case .apple: ["appleid.apple.com", "account.apple.com"]
    case .azureB2C: ["b2clogin.com", "b2clogin.cn"]
    case .cognito: ["amazoncognito.com", "cognito-idp.amazonaws.com"]
    case .gitlab: ["gitlab.com"]
    case .salesforce: ["my.salesforce.com", "login.salesforce.com", "test.salesforce.com"]
    case .zitadel: ["zitadel.cloud"]
    case .ory: ["oryapis.com"]
    case .keycloak, .duende, .openIddict, .spring, .authentik, .nodeOIDCProvider, .wso2,
      .gravitee, .adfs, .pingFederate, .generic:
      []
    }
  }

  /// Whether this host is one of the product's domains, or below one.
  func owns(_ host: String) -> Bool {
    if self == .cognito, host.begins(with: "cognito-idp."), host.ends(with: ".amazonaws.com") {
      return true
    }
    return domains.contains { host == $0 || host.ends(with: "." + $0) }
  }

  /// Words in a pasted text that point to the product.
  var markers: [String] { domains.map { $0 + "*" } + words }

  private var words: [String] {
    switch self {
    case .auth0: ["auth0", "manage.auth0.com"]
    case .keycloak:
      ["keycloak", "keycloak*", "protocol/openid-connect*", "KC-SERVICES*", "org.keycloak*"]
    case .okta: ["Okta, Inc"]
    case .entra:
      [
        "Microsoft Entra", "Azure Active Directory", "MsalServiceException", "MSALError",
        "AADSTS*",
      ]
    case .google:
      ["apps.googleusercontent.com"]
    case .apple: ["Sign in with Apple"]
    case .azureB2C: ["AADB2C*", "Azure AD B2C"]
    case .cognito: ["cognito-idp*", "Amazon Cognito", "Cognito"]
    case .duende: ["IdentityServer4*", "IdentityServer3*", "IdentityServer", "Duende*"]
    case .openIddict: ["openiddict*"]
    case .spring: ["Spring Authorization Server", "OAuth2AuthorizationEndpointFilter"]
    case .ory: ["authelia", "authelia*", "hydra.", "fosite*", "ory/hydra"]
    case .zitadel: ["zitadel", "zitadel*"]
    case .authentik: ["authentik", "authentik*"]
    case .nodeOIDCProvider: ["node-oidc-provider*", "oidc-provider error"]
    case .wso2: ["wso2carbon*", "wso2is", "oauth2_error.do*", "org.wso2*", "WSO2 Identity"]
    case .gravitee: ["gravitee", "gravitee*"]
    case .adfs: ["adfs/oauth2*", "adfs/services*"]
    case .pingFederate: ["PingFederate", "pingfederate*"]
    // Their names stand in too many texts that are about something else.
    case .gitlab, .salesforce: []
    case .generic: []
    }
  }
}
