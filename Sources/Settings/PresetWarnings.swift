import Diagnosis
import HybridFlow
import OpenID

extension ConnectionReader {
  /// What is known before a run of the provider and the framework; sentences.
  func presetWarnings(
    _ issuer: WebURL?, _ configuration: FlowConfiguration
  ) -> [String] {
    var warnings: [String] = []
    let named = invocation[.preset].flatMap(ProviderPreset.init(rawValue:))
    if invocation.command != .check,
      let preset = named ?? issuer.flatMap({ ProviderPreset(issuer: $0) }),
      let why = preset.withoutHybrid
    {
      warnings.append("No hybrid flow here: \(why) \(ProviderPreset.insteadOfHybrid)")
    }
    if named == .auth0FAPI, configuration.clientKey == nil {
      warnings.append(
        "--preset auth0-fapi signs: give the client\u{2019}s key with --client-key FILE.")
    }
    return warnings
  }
}
