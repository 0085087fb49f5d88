import Diagnosis
import HybridFlow
import OpenID

extension RunSummary {
  /// Makes a summary of a configuration before the run starts.
  public init(_ configuration: FlowConfiguration) {
    let isDemo = configuration.observesTenant
    let habits = ProviderProfile(configuration)
    self.init(
      tenantName: isDemo ? "demo tenant" : configuration.issuer.host,
      responseType: configuration.responseType.rawValue,
      responseMode: configuration.responseMode.rawValue, clientID: configuration.clientID,
      redirectURI: configuration.redirectURI.text, isDemo: isDemo,
      codeLifetimeSeconds: isDemo ? nil : habits.codeLifetimeSeconds)
    codesWait = isDemo
    awaitsPaste = configuration.awaitsPaste
    plainHTTPHosts = configuration.plainHTTPHosts.sorted()
    pages = habits.pages
  }

  /// Takes what the provider's metadata say about its product.
  public mutating func learn(from transcript: Transcript, _ configuration: FlowConfiguration) {
    guard !configuration.observesTenant else { return }
    let habits = ProviderProfile(configuration, transcript)
    pages = habits.pages
    codeLifetimeSeconds = habits.codeLifetimeSeconds
  }
}
