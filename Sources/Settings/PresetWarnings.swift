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
    if let named, configuration.rules == .fapi1Advanced, configuration.clientKey == nil {
      warnings.append(
        "--preset \(named.rawValue) signs: give the client\u{2019}s key with --client-key FILE.")
    }
    if named == .openBankingUK,
      configuration.extraParameters["claims"]?.holds("openbanking_intent_id") != true
    {
      warnings.append(
        "UK Open Banking wants the id of the consent in the login: --claims with "
          + "openbanking_intent_id.")
    }
    return warnings
  }
}
