extension Provider {
  /// Where a part of a client is set in this product's console; nil when that is not known.
  func place(of subject: GrammarSubject) -> String? {
    switch self {
    case .auth0: Self.auth0Place(subject)
    case .keycloak: Self.keycloakPlace(subject)
    case .okta: Self.oktaPlace(subject)
    case .entra: Self.entraPlace(subject)
    case .google: Self.googlePlace(subject)
    case .cognito: Self.cognitoPlace(subject)
    case .authentik: Self.authentikPlace(subject)
    case .zitadel: Self.zitadelPlace(subject)
    case .apple: Self.applePlace(subject)
    case .adfs: Self.adfsPlace(subject)
    case .pingFederate: Self.pingFederatePlace(subject)
    case .wso2: Self.wso2Place(subject)
    case .gitlab: Self.gitlabPlace(subject)
    case .salesforce: Self.salesforcePlace(subject)
    default: nil
    }
  }

  private static func auth0Place(_ subject: GrammarSubject) -> String? {
    let settings = "Applications > your application > Settings"
    return switch subject {
    case .redirectURI: "\(settings) > Allowed Callback URLs"
    case .clientID, .clientSecret: "\(settings) > Basic Information"
    case .clientAuthentication: "Applications > your application > Credentials"
    case .responseType, .grantType, .refreshToken: "\(settings) > Advanced Settings > Grant Types"
    case .algorithm, .signature: "\(settings) > Advanced Settings > OAuth > JsonWebToken Signature"
    case .audience: "Applications > APIs > your API > Settings > Identifier"
    case .scope: "Applications > APIs > your API > Permissions"
    case .user: "User Management > Users"
    default: nil
    }
  }

  private static func keycloakPlace(_ subject: GrammarSubject) -> String? {
    let client = "Clients > your client"
    return switch subject {
    case .redirectURI: "\(client) > Settings > Valid redirect URIs"
    case .clientID: "\(client) > Settings > Client ID, in the right realm"
    case .clientSecret, .clientAuthentication: "\(client) > Credentials"
    case .responseType, .grantType: "\(client) > Settings > Capability config"
    case .scope: "\(client) > Client scopes"
    case .audience: "\(client) > Client scopes > dedicated > Add mapper > Audience"
    case .algorithm, .signature, .encryption:
      "\(client) > Advanced > Fine grain OpenID Connect configuration"
    case .verifier: "\(client) > Advanced > Proof Key for Code Exchange"
    case .code: "Realm settings > Sessions > Client login timeout"
    case .user: "Users > the user"
    default: nil
    }
  }

  private static func oktaPlace(_ subject: GrammarSubject) -> String? {
    let general = "Applications > your application > General"
    return switch subject {
    case .redirectURI: "\(general) > Login > Sign-in redirect URIs"
    case .clientID, .clientSecret, .clientAuthentication: "\(general) > Client Credentials"
    case .responseType, .grantType, .refreshToken: "\(general) > Grant type"
    case .scope: "Security > API > Authorization Servers > the server > Scopes"
    case .audience: "Security > API > Authorization Servers > the server > Audience"
    case .user: "Applications > your application > Assignments"
    default: nil
    }
  }

  private static func entraPlace(_ subject: GrammarSubject) -> String? {
    let app = "App registrations > your app"
    return switch subject {
    case .redirectURI: "\(app) > Authentication > Web > Redirect URIs"
    case .clientID: "\(app) > Overview > Application (client) ID"
    case .clientSecret: "\(app) > Certificates & secrets (the value, not the Secret ID)"
    case .responseType, .grantType:
      "\(app) > Authentication > Implicit grant and hybrid flows > ID tokens"
    case .scope, .consent: "\(app) > API permissions"
    case .audience: "\(app) > Expose an API > Application ID URI"
    case .user: "Enterprise applications > the application > Users and groups"
    default: nil
    }
  }

  private static func googlePlace(_ subject: GrammarSubject) -> String? {
    let client = "APIs & Services > Credentials > OAuth 2.0 Client IDs > your client"
    return switch subject {
    case .redirectURI: "\(client) > Authorized redirect URIs"
    case .clientID, .clientSecret: client
    case .scope, .consent: "APIs & Services > OAuth consent screen"
    case .user: "APIs & Services > OAuth consent screen > Test users"
    default: nil
    }
  }

  private static func cognitoPlace(_ subject: GrammarSubject) -> String? {
    let client = "User pool > App clients > your app client"
    return switch subject {
    case .redirectURI: "\(client) > Login pages > Allowed callback URLs"
    case .clientID, .clientSecret: client
    case .responseType, .grantType: "\(client) > Login pages > OAuth grant types"
    case .scope: "\(client) > Login pages > OpenID Connect scopes"
    default: nil
    }
  }

  private static func authentikPlace(_ subject: GrammarSubject) -> String? {
    let provider = "Applications > Providers > your provider > Edit"
    return switch subject {
    case .redirectURI: "\(provider) > Redirect URIs/Origins"
    case .clientID, .clientSecret: provider
    case .algorithm, .signature, .key: "\(provider) > Signing Key (without one it is HS256)"
    case .encryption: "\(provider) > Encryption Key: none"
    case .scope: "\(provider) > Advanced protocol settings > Scopes"
    default: nil
    }
  }

  private static func zitadelPlace(_ subject: GrammarSubject) -> String? {
    let application = "Projects > your project > your application"
    return switch subject {
    case .redirectURI: "\(application) > Redirect Settings"
    case .clientID, .clientSecret, .clientAuthentication, .responseType, .grantType:
      "\(application) > OIDC Configuration"
    case .audience, .idToken: "\(application) > Token Settings"
    default: nil
    }
  }
}
