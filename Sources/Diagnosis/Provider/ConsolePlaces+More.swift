extension Provider {
  static func applePlace(_ subject: GrammarSubject) -> String? {
    let services = "Identifiers > Services IDs > your Services ID"
    return switch subject {
    case .redirectURI: "\(services) > Sign in with Apple > Configure > Return URLs"
    case .clientID: "\(services) > Identifier"
    case .clientSecret, .clientAuthentication:
      "Keys > the key (kid), Membership details > Team ID (iss), Services ID (sub)"
    default: nil
    }
  }

  static func adfsPlace(_ subject: GrammarSubject) -> String? {
    let server = "Application Groups > your group > the server application > Edit"
    return switch subject {
    case .redirectURI: "\(server) > Redirect URI"
    case .clientID: "\(server) > Client Identifier"
    case .clientSecret, .clientAuthentication: "\(server) > Credentials"
    case .audience: "Application Groups > your group > the Web API > Edit > Identifiers"
    case .scope: "Application Groups > your group > the Web API > Edit > Client Permissions"
    case .idToken: "Application Groups > your group > the Web API > Edit > Issuance Transform Rules"
    case .user: "Application Groups > your group > the Web API > Edit > Access Control Policy"
    default: nil
    }
  }

  static func pingFederatePlace(_ subject: GrammarSubject) -> String? {
    let client = "Applications > OAuth > Clients > your client"
    return switch subject {
    case .redirectURI: "\(client) > Redirect URIs"
    case .clientID: "\(client) > Client ID"
    case .clientSecret, .clientAuthentication: "\(client) > Client Authentication"
    case .grantType, .refreshToken: "\(client) > Allowed Grant Types"
    case .responseType: "\(client) > Restrict Response Types, and Allowed Grant Types"
    case .algorithm, .signature: "\(client) > ID Token Signing Algorithm"
    default: nil
    }
  }

  static func wso2Place(_ subject: GrammarSubject) -> String? {
    let protocolTab = "Applications > your application > Protocol"
    return switch subject {
    case .redirectURI: "\(protocolTab) > Authorized redirect URLs"
    case .clientID, .clientSecret: "\(protocolTab) > Client ID and Client secret"
    case .clientAuthentication: "\(protocolTab) > Client authentication method"
    case .responseType: "\(protocolTab) > Hybrid Flow > Enable Hybrid Flow"
    case .grantType, .refreshToken: "\(protocolTab) > Allowed grant types"
    default: nil
    }
  }

  static func gitlabPlace(_ subject: GrammarSubject) -> String? {
    let application = "Applications > your application > Edit"
    return switch subject {
    case .redirectURI: "\(application) > Redirect URI"
    case .clientID, .clientSecret: "Applications > your application"
    case .scope: "\(application) > Scopes"
    default: nil
    }
  }

  static func salesforcePlace(_ subject: GrammarSubject) -> String? {
    let app = "Setup > App Manager > your app"
    return switch subject {
    case .redirectURI: "\(app) > OAuth Settings > Callback URL"
    case .clientID, .clientSecret: "\(app) > Manage Consumer Details"
    case .scope: "\(app) > OAuth Settings > Selected OAuth Scopes"
    default: nil
    }
  }
}
