import OpenID

/// What is known when a provider's document is judged.
public struct ProviderEvidence: Sendable {
  /// The issuer that was asked.
  public var issuer: Known<WebURL>
  /// Whether the person gave the endpoints by hand.
  public var isTyped = false
  /// The hosts to which the person allowed plain http.
  public var plainHTTPHosts: Set<String> = []
  /// The response type that is wanted.
  public var responseType: ResponseType
  /// The response mode that is wanted.
  public var responseMode: ResponseMode
  /// How the client authenticates.
  public var authentication: Known<ClientAuthenticationMethod>
  /// Whether the request asks for `openbanking_intent_id` in its `claims` parameter.
  public var asksForIntent = false

  /// What a reader of the document knows who wants an answer of this type and mode.
  public init(
    issuer: Known<WebURL>, authentication: Known<ClientAuthenticationMethod>,
    responseType: ResponseType, responseMode: ResponseMode
  ) {
    self.issuer = issuer
    self.authentication = authentication
    self.responseType = responseType
    self.responseMode = responseMode
  }

  /// What a run knows.
  init(_ configuration: FlowConfiguration, _ metadata: ProviderMetadata) {
    issuer = .known(configuration.issuer)
    isTyped = configuration.explicitMetadata != nil
    plainHTTPHosts = configuration.plainHTTPHosts
    responseType = configuration.responseType
    responseMode = configuration.responseMode
    let claims = configuration.extraParameters.first { $0.name == "claims" }?.value
    asksForIntent = ProfileTokenChecks.intentID(claims) != nil
    // How another application proves who it is does not pass through the browser.
    authentication =
      configuration.witness.map { .unknown($0.unseenAuthentication) }
      ?? .known(ConfigurationChecks.authentication(metadata, configuration))
  }
}
