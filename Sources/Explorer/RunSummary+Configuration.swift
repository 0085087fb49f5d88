import DemoTenant
import HybridFlow
import OpenID
import Presentation

extension RunSummary {
  /// What a configuration says about the run before it starts.
  init(_ configuration: FlowConfiguration) {
    let isDemo = configuration.observesTenant
    self.init(
      tenantName: isDemo ? "demo tenant" : configuration.issuer.host,
      responseType: configuration.responseType.rawValue,
      responseMode: configuration.responseMode.rawValue, clientID: configuration.clientID,
      redirectURI: configuration.redirectURI.text, isDemo: isDemo,
      codeLifetimeSeconds: isDemo ? Lifetimes().codeSeconds : nil)
  }
}
