import HybridFlow
import OpenID

/// The checks of a provider's pasted metadata that the flow makes as well.
enum PastedDocumentChecks {
  /// What is known of the client that a provider's document is read for: this program's defaults.
  static func provider(_ issuer: Known<WebURL>) -> ProviderEvidence {
    ProviderEvidence(
      issuer: issuer, authentication: .unknown(PastedExamination.absent),
      responseType: .codeIDToken,
      responseMode: .formPost)
  }

  /// A discovery document, for the issuer that was asked.
  static func metadata(_ message: PastedMessage, _ asked: Known<WebURL>) -> [PastedCheck] {
    guard let metadata = message.json.flatMap(ProviderMetadata.init) else { return [] }
    return ConfigurationChecks.metadata(metadata, provider(asked))
      .map { PastedCheck("discovery", $0) } + DocumentChecks.metadata(metadata)
  }
}
