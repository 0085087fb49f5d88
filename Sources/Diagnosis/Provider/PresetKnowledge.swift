/// What is known of a provider beside its name: the form of its issuer, and its switches.
///
/// Where a name of a page or field stands in no source that could be read, the text says so.
struct PresetKnowledge: Sendable {
  /// The parts of the issuer that the person names.
  var needs: [ProviderPreset.Need] = []
  /// The form of its issuer.
  var issuerShape: String
  /// What to switch on in its console, in order.
  var steps: [String]
  /// What to know before the first login.
  var notes: [String]
  /// Why the hybrid flow is not there; nil where it is.
  var withoutHybrid: String?
}

extension ProviderPreset {
  static let unverifiedNames =
    "The names of pages and fields are from memory and may differ in your version."
  /// What to do at a provider without the hybrid flow.
  public static let insteadOfHybrid =
    "Use the code flow with PKCE there: response_type=code. This program shows the hybrid flow; "
    + "without --issuer its demo tenant has it."

  /// What is known of the presets that are told in one piece; nil for the others.
  var knowledge: PresetKnowledge? {
    switch self {
    case .apple: Self.appleKnowledge
    case .auth0FAPI: Self.auth0FAPIKnowledge
    case .auth0FAPIMutualTLS: Self.auth0FAPIMutualTLSKnowledge
    case .openFinanceBrazil: Self.brazilKnowledge
    case .openBankingUK: Self.ukKnowledge
    case .authentik: Self.authentikKnowledge
    case .adfs: Self.adfsKnowledge
    case .pingFederate: Self.pingFederateKnowledge
    case .wso2: Self.wso2Knowledge
    case .zitadel: Self.zitadelKnowledge
    case .cognito: Self.cognitoKnowledge
    case .gitlab: Self.gitlabKnowledge
    case .salesforce: Self.salesforceKnowledge
    case .auth0, .keycloak, .okta, .oktaOrg, .entra, .google: nil
    }
  }

  /// Apple's metadata of 2024-10-26; its forum (660531, 704197); ananay/apple-auth#26;
  /// nextauthjs/next-auth#10315.
  private static let appleKnowledge = PresetKnowledge(
    issuerShape: "https://appleid.apple.com",
    steps: [
      "Certificates, Identifiers & Profiles > Identifiers > App IDs: an App ID with the capability "
        + "Sign in with Apple",
      "Identifiers > Services IDs > + : its identifier is the --client-id",
      "the Services ID > Sign in with Apple > Configure > Domains and Subdomains, and Return URLs: "
        + "the redirect URI, https and a domain name",
      "Keys > + > Sign in with Apple > Configure: download AuthKey_ID.p8, offered once; it is the "
        + "--apple-key, and the ID in its name the --apple-key-id",
      "Membership details > Team ID: the --apple-team",
    ],
    notes: [
      "The client secret is a JWT that the team signs with ES256. --apple-key makes one for each "
        + "request, good for five minutes; Apple takes half a year at most, then invalid_client.",
      "Apple takes neither localhost nor an address as redirect URI: paste the answer, or point a "
        + "name of yours at this machine.",
      "Its document lists only code; its own script asks for code id_token, so that is a note.",
      "With the scopes name or email the answer comes by form_post alone.",
      "The field user comes at the first consent only, and nobody signs it. To see it again, the "
        + "person removes the application in the settings of the Apple Account (unverified).",
      "email_verified and is_private_email may be texts: \"true\" instead of true.",
      "There is no userinfo endpoint: stage 9 has nothing to fetch, and that is right.",
      "Apple lists no PKCE and no iss; whether it looks at a code_challenge is not known.",
      "A code lives five minutes and works once.",
      "All of it is taken from Apple\u{2019}s document and from public threads; it is unverified at "
        + "Apple itself.",
    ])

  /// goauthentik/authentik, providers/oauth2/views/provider.py: lists all types and form_post.
  private static let authentikKnowledge = PresetKnowledge(
    needs: [Need(.domain, "auth.example.com"), Need(.tenant, "APPLICATION-SLUG")],
    issuerShape: "https://DOMAIN/application/o/TENANT/ with a slash at the end; TENANT is the "
      + "application\u{2019}s slug",
    steps: [
      "Applications > Providers > Create > OAuth2/OpenID Provider",
      "Client type: Confidential",
      "Redirect URIs/Origins: the redirect URI, strict",
      "Signing Key: choose one; without it ID tokens are HS256",
      "Applications > Applications > Create: its slug is the --tenant, the provider its Provider",
    ],
    notes: [
      "It lists all three hybrid types, and query, fragment and form_post.",
      "Issuer mode: with \u{201C}Same identifier is used for all providers\u{201D} the issuer is "
        + "https://DOMAIN/; then give --issuer instead of the preset.",
      "A client that has its Encryption Key set gets encrypted ID tokens, which this program "
        + "does not read.",
    ])

  /// MicrosoftDocs/windowsserverdocs, ad-fs; jumbojett/OpenID-Connect-PHP#375.
  private static let adfsKnowledge = PresetKnowledge(
    needs: [Need(.domain, "adfs.example.com")],
    issuerShape: "https://DOMAIN/adfs without a slash at the end",
    steps: [
      "AD FS Management > Application Groups > Add Application Group > Server application "
        + "accessing a web API",
      "Server application: note the Client Identifier; Redirect URI: the redirect URI, Add",
      "Configure Application Credentials > Generate a shared secret",
      "Configure Web API > Identifier: the --client-id, so that claims reach the ID token",
      "Configure Application Permissions: openid, and allatclaims for more claims in the ID token",
    ],
    notes: [
      "It lists all three hybrid types and form_post; there is no switch for the type.",
      "With token in the type it refuses a client that has a secret: \u{201C}The authorization "
        + "server does not support the response type \u{2019}token\u{2019} for confidential "
        + "clients.\u{201D} Use code id_token.",
      "PKCE came with AD FS 2019.",
      "Without a resource, or the scope allatclaims, the ID token has few claims.",
    ])

  /// docs.pingidentity.com/pingfederate: authorization endpoint, OAuth clients.
  private static let pingFederateKnowledge = PresetKnowledge(
    needs: [Need(.domain, "sso.example.com:9031")],
    issuerShape: "https://DOMAIN, the base URL of the server; a virtual issuer has a path: then "
      + "give --issuer",
    steps: [
      "Applications > OAuth > Clients > Add Client",
      "Client Authentication: Client Secret, or Private Key JWT",
      "Redirect URIs: the redirect URI, Add",
      "Allowed Grant Types: Authorization Code and Implicit, both",
      "Restrict Response Types: off, or with the hybrid type among those that are ticked",
      "OpenID Connect > Policy: one that is the default, so that there is an ID token",
    ],
    notes: [
      "It answers all three hybrid types, and form_post where it is asked for.",
      "An access token manager of the kind \u{201C}Internally Managed Reference Tokens\u{201D} "
        + "makes opaque access tokens.",
      "Pairs of grant types and response types are from its documentation; the names of the pages "
        + "differ between versions.",
    ])

  /// wso2 documentation, implement login using the OIDC hybrid flow; wso2/product-is#6616, #3501.
  private static let wso2Knowledge = PresetKnowledge(
    needs: [
      Need(.domain, "localhost:9443"), Need(.tenant, "carbon.super", hasDefault: true),
    ],
    issuerShape: "https://DOMAIN/oauth2/token; of another tenant than carbon.super "
      + "https://DOMAIN/t/TENANT/oauth2/token",
    steps: [
      "Console > Applications > your application > Protocol > Allowed grant types: Code",
      "Protocol > Hybrid Flow: Enable Hybrid Flow, and the response type",
      "Protocol > Authorized redirect URLs: the redirect URI",
      "Protocol > Client authentication method: the one you pass to --client-auth",
    ],
    notes: [
      "The box for the hybrid flow came in 2024 (product-is#20612); before, the grant Implicit had "
        + "to be allowed as well (product-is#6616).",
      "Its errors came by redirect although form_post was asked for (product-is#3501).",
      "The certificate of a new server is its own: give it with --ca.",
      "The issuer is what the server is configured with: if check finds another one, take that.",
    ])
}
