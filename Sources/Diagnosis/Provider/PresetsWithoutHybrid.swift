/// Providers that do not have the hybrid flow, which is said before a run.
extension ProviderPreset {
  /// Why the provider does not have the hybrid flow, a sentence; nil where it has it.
  public var withoutHybrid: String? { knowledge?.withoutHybrid }

  /// zitadel/oidc, pkg/op/discovery.go; zitadel/zitadel discussion 5066.
  static let zitadelKnowledge = PresetKnowledge(
    needs: [Need(.domain, "INSTANCE.zitadel.cloud")],
    issuerShape: "https://DOMAIN without a slash at the end",
    steps: [
      "Projects > your project > Applications > New > Web",
      "Authentication method: Code, or Post; PKCE has no secret",
      "Redirect Settings: the redirect URI, letter by letter",
    ],
    notes: [
      "http is taken in the development mode of the application only.",
      "The implicit types id_token and id_token token are there, but neither has a code.",
    ],
    withoutHybrid: "ZITADEL answers code, id_token and id_token token: no hybrid type is among "
      + "them.")

  /// docs.aws.amazon.com/cognito, OAuth 2.0 grants; its document lists code and token.
  static let cognitoKnowledge = PresetKnowledge(
    needs: [Need(.tenant, "eu-central-1_AbCdEf123")],
    issuerShape:
      "https://cognito-idp.REGION.amazonaws.com/TENANT; TENANT is the user pool\u{2019}s "
      + "ID, with the region before its underscore",
    steps: [
      "User pools > your user pool > App clients > your app client",
      "Login pages > Edit > Allowed callback URLs: the redirect URI",
      "Login pages > Edit > OAuth grant types: Authorization code grant",
      "Login pages > Edit > OpenID Connect scopes: OpenID, Email, Profile",
    ],
    notes: [
      "http is taken for localhost only.",
      "Issuer and sign-in page have two hosts: the pages are at DOMAIN.auth.REGION.amazoncognito.com.",
      "The implicit grant brings tokens without a code, and no refresh token.",
    ],
    withoutHybrid: "Cognito answers code or token: the two are never combined.")

  /// gitlabhq/gitlabhq, config/initializers/doorkeeper.rb: grant_flows without implicit.
  static let gitlabKnowledge = PresetKnowledge(
    needs: [Need(.domain, "gitlab.com", hasDefault: true)],
    issuerShape: "https://DOMAIN, gitlab.com if none is given",
    steps: [
      "Edit profile > Applications > Add new application; for all of a server: Admin > Applications",
      "Redirect URI: the redirect URI, one a line",
      "Confidential: ticked",
      "Scopes: openid, profile, email",
    ],
    notes: [
      "Its document lists code alone, although form_post and fragment stand among the modes.",
      "A code lives ten minutes.",
    ],
    withoutHybrid: "GitLab answers code alone.")

  /// The document of login.salesforce.com, as several repositories keep it.
  static let salesforceKnowledge = PresetKnowledge(
    needs: [Need(.domain, "MYDOMAIN.my.salesforce.com")],
    issuerShape: "https://DOMAIN, or https://login.salesforce.com",
    steps: [
      "Setup > App Manager > New Connected App, or New External Client App",
      "Enable OAuth Settings > Callback URL: the redirect URI",
      "Selected OAuth Scopes: openid, profile, email",
      "Consumer Key is the --client-id, Consumer Secret the secret",
    ],
    notes: [
      "Its document lists code, token and token id_token.",
      "A new application may take ten minutes until it works. " + ProviderPreset.unverifiedNames,
    ],
    withoutHybrid: "Salesforce answers code, token, or token id_token: a code never comes with a "
      + "token.")
}
