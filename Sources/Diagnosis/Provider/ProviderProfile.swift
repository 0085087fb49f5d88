import HybridFlow
import OpenID

/// What is known about a provider apart from its metadata: code lifetime and extra pages.
public struct ProviderProfile: Sendable, Equatable {
  /// The product, if issuer or endpoints tell.
  public let provider: Provider?
  /// The product's default lifetime of a code, in seconds; nil when unknown.
  ///
  /// Okta: 60 s. Keycloak: 1 min, the client's or realm's "Client Login Timeout". Entra: about
  /// 10 min. Apple: 5 min. AD FS: about 10 min. GitLab: 10 min, the default of Doorkeeper.
  public let codeLifetimeSeconds: Int64?
  /// Pages that may come between sign-in and authorization response, a sentence each.
  public let pages: [String]

  /// Reads the issuer and, if that does not tell, the metadata of a run.
  public init(_ configuration: FlowConfiguration, _ transcript: Transcript = Transcript()) {
    let evidence =
      Provider.guess(issuer: configuration.issuer)
      ?? configuration.explicitMetadata.flatMap(Provider.guess(endpoints:))
      ?? transcript[.login].messages.lazy.compactMap { message in
        message.response.flatMap { try? JSONParser.parse($0.body) }
          .flatMap(ProviderMetadata.init).flatMap(Provider.guess(endpoints:))
      }.first
    provider = configuration.observesTenant ? nil : evidence
    let lifetimes: [Provider: Int64] = [
      .okta: 60, .keycloak: 60, .entra: 600, .apple: 300, .adfs: 600, .gitlab: 600,
    ]
    codeLifetimeSeconds = provider.flatMap { lifetimes[$0] }
    pages = Self.pages(provider, isLoopback: configuration.redirectURI.isLoopback)
  }

  private static func pages(_ provider: Provider?, isLoopback: Bool) -> [String] {
    guard let provider else {
      return ["A page that asks to allow what the application wants, where consent is needed."]
    }
    switch provider {
    case .auth0:
      let confirmation =
        "Auth0 asks on localhost each time whether to go on to this application: anybody on the "
        + "machine could listen there. A setting of the application switches that off."
      let consent = "A consent page; on localhost it cannot be skipped."
      return (isLoopback ? [confirmation] : []) + [consent]
    case .keycloak:
      return [
        "A consent page, where the client has \u{201C}Consent required\u{201D} on; \u{201C}Update "
          + "profile\u{201D} or \u{201C}Verify email\u{201D}, where the person has such an action."
      ]
    case .okta:
      return ["A factor beside the password, and consent where the scope demands it."]
    case .entra:
      return [
        "\u{201C}Pick an account\u{201D}, \u{201C}Permissions requested\u{201D} the first time, "
          + "\u{201C}Stay signed in?\u{201D} at the end; any answer goes on."
      ]
    case .google:
      return ["An account chooser; for an application in testing, a warning before consent."]
    case .apple: return ["The first time, what name and address the application is to get."]
    case .azureB2C, .cognito, .duende, .openIddict, .spring, .ory, .zitadel, .authentik,
      .nodeOIDCProvider, .wso2, .gravitee, .adfs, .pingFederate, .gitlab, .salesforce, .generic:
      return ["A page that asks to allow what the application wants, where consent is needed."]
    }
  }
}
