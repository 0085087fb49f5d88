import HybridFlow
import OpenID

/// The checks of a provider's pasted documents: metadata and keys.
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
      .map { PastedCheck("discovery", $0) } + template(metadata)
  }

  /// An issuer with a placeholder, which no token carries.
  private static func template(_ metadata: ProviderMetadata) -> [PastedCheck] {
    guard let issuer = metadata.json["issuer"]?.string, issuer.holds("{") else { return [] }
    return [
      PastedCheck(
        "discovery", "discovery-issuer-template", .warn, expected: "an issuer without placeholders",
        found: issuer,
        why: "The issuer is a template: every token carries a tenant in the place of the "
          + "placeholder. Ask the tenant\u{2019}s own address for its document.",
        spec: .discovery("4.3"))
    ]
  }

  /// Whether every key can be read and used.
  private static func usable(
    _ keys: [JSONWebKey], _ compute: (CryptoTask) -> CryptoFinding
  ) -> PastedCheck {
    let faults = keys.flatMap { key -> [String] in
      let name = key.keyID.map { "the key \u{201C}\($0)\u{201D}" } ?? "a key without kid"
      let form = key.faults.map(\.explanation)
      guard form.isEmpty, let reason = KeyTrial.unusable(key, compute) else {
        return form.map { "\(name): \($0)" }
      }
      return ["\(name): \(reason)"]
    }
    return PastedCheck(
      "jwk-set", "jwks-usable", faults.isEmpty ? .pass : .fail, expected: "keys that can be used",
      found: faults.isEmpty ? "\(keys.count) that can be used" : "\(faults.count) with a fault",
      why: faults.isEmpty ? "Every key was read." : faults.joined(separator: " "),
      spec: .rfc(7518, "6"))
  }

  /// A key set or a single key: leaks, faults, sizes, names.
  static func keySet(
    _ message: PastedMessage, _ compute: (CryptoTask) -> CryptoFinding
  ) -> [PastedCheck] {
    let keys = message.keys
    let set = message.keySet ?? JSONWebKeySet(keys: keys)
    var checks = [PastedCheck("jwk-set", ConfigurationChecks.keys(set)), usable(keys, compute)]
    let short = keys.filter { ($0.modulusBits ?? 2048) < 2048 }
    // The size of a modulus that cannot be read is not known.
    if keys.contains(where: { $0.modulusBits != nil }) {
      checks.append(
        PastedCheck(
          "jwk-set", "jwks-key-size", short.isEmpty ? .pass : .fail, expected: "2048 bits or more",
          found: short.isEmpty
            ? "2048 bits or more"
            : short.map { "\($0.keyID ?? "a key without kid"): \($0.modulusBits ?? 0) bits" }
              .joined(separator: ", "),
          why: short.isEmpty
            ? "No RSA key is too short to be trusted." : "An RSA key this short can be broken.",
          spec: .rfc(7518, "3.3")))
    }
    let names = keys.compactMap { key in key.keyID.map { FormField($0, "") } }
    let repeated = names.repeatedNames
    checks.append(
      PastedCheck(
        "jwk-set", "jwks-kid-unique", repeated.isEmpty ? .pass : .warn, expected: "each kid once",
        found: repeated.isEmpty
          ? "each kid once" : "repeated: " + repeated.joined(separator: ", "),
        why: repeated.isEmpty
          ? "A kid leads to one key." : "A kid that leads to two keys has to be tried with both.",
        spec: .rfc(7517, "4.5")))
    return checks
  }
}
