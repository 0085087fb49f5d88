import HybridFlow
import OpenID

/// Encrypted ID tokens, answers and request objects, as they are configured, held against what the provider
/// lists and publishes.
///
/// OpenID Connect Discovery 1.0, section 3; OpenID Connect Core 1.0, section 10.2.
struct EncryptionFindings {
  let metadata: ProviderMetadata
  let configuration: FlowConfiguration

  var all: [CheckFinding] {
    // The demo tenant registers a client's encryption, and lists it, when a run begins.
    guard !configuration.observesTenant else { return demo }
    let requests = configuration.requestEncryption.map { wanted in
      finding(Subject.requestObject, wanted)
    }
    let responses = configuration.decryption?.responses.map { wanted in
      finding(Subject.response, wanted)
    }
    return [idTokens, responses, requests].compactMap { $0 }
  }

  /// Whether the provider publishes a key for the request object; nil when none is needed.
  ///
  /// A run chooses in the same way, and stops where there is none.
  static func recipient(
    _ keys: JSONWebKeySet, _ configuration: FlowConfiguration
  ) -> CheckFinding? {
    guard let wanted = configuration.requestEncryption, !configuration.observesTenant else {
      return nil
    }
    let id = "request-object-encryption-key"
    do throws(SigningTask.Recipient.LackError) {
      let key = try SigningTask.Recipient.choose(wanted, from: keys).key
      return CheckFinding(
        id, .info, "The provider publishes a key to encrypt requests for.",
        evidence: "kid \(key.keyID ?? "not given"), \(key.keyType), use enc", spec: .core("10.2"))
    } catch {
      return CheckFinding(
        id, .error, error.why,
        evidence: keys.keys.isEmpty
          ? "no keys"
          : keys.keys.map { key in
            "\(key.keyType), use \(key.use ?? "not given"), alg \(key.algorithmName ?? "not given")"
          }.joined(separator: "; "),
        fix: "Let the provider publish such a key, or leave --request-object-encryption out.",
        spec: .core("10.2"), blame: .provider)
    }
  }

  /// What is encrypted, in the words of its findings.
  private struct Subject {
    let id: String
    let plural: String
    /// The beginning of the two members of the document.
    let member: String
    let option: String

    static let idToken = Subject(
      id: "id-token-encryption", plural: "ID tokens", member: "id_token_encryption",
      option: "--id-token-encryption")
    static let requestObject = Subject(
      id: "request-object-encryption", plural: "request objects",
      member: "request_object_encryption", option: "--request-object-encryption")

    static let response = Subject(
      id: "response-encryption", plural: "answers in a JWT", member: "authorization_encryption",
      option: "--response-encryption")

    var algorithms: String { "\(member)_alg_values_supported" }
    var contents: String { "\(member)_enc_values_supported" }
  }

  private var demo: [CheckFinding] {
    let wanted = [
      configuration.decryption?.idTokens.map { (Subject.idToken, $0) },
      configuration.decryption?.responses.map { (Subject.response, $0) },
      configuration.requestEncryption.map { (Subject.requestObject, $0) },
    ]
    return wanted.compactMap { $0 }.map { subject, encryption in
      CheckFinding(
        subject.id, .info,
        "The demo tenant takes \(encryption.text): run makes the keys, and registers it.",
        evidence: subject.option, spec: .core("10.2"))
    }
  }

  private var idTokens: CheckFinding? {
    if let wanted = configuration.decryption?.idTokens { return finding(.idToken, wanted) }
    guard let listed = metadata.json[Subject.idToken.algorithms]?.strings, !listed.isEmpty else {
      return nil
    }
    let hasKey = configuration.decryption != nil
    return CheckFinding(
      Subject.idToken.id, .info,
      "The provider can encrypt ID tokens; it does so for a client that has registered it.",
      evidence: listed.joined(separator: ", "),
      fix: hasKey
        ? nil
        : "If this client has, give --id-token-encryption ALG+ENC and --encryption-key FILE.",
      spec: .core("10.2"))
  }

  /// A pair held against the two lists.
  private func finding(_ subject: Subject, _ wanted: TokenEncryption) -> CheckFinding {
    let algorithms = metadata.json[subject.algorithms]?.strings
    let contents = metadata.json[subject.contents]?.strings
    let lists = [(subject.algorithms, algorithms), (subject.contents, contents)]
    let evidence = lists.map { name, values in
      values.map { "\(name): \($0.joined(separator: ", "))" } ?? metadata.state(of: name)
    }.joined(separator: "; ")
    guard let algorithms else {
      return CheckFinding(
        subject.id, .warning, "Nothing says that the provider knows encrypted \(subject.plural).",
        evidence: evidence,
        fix: "Look at the registration of this client there; if it has no encryption, leave "
          + "\(subject.option) out.", spec: .discovery("3"))
    }
    let missing = [
      algorithms.contains(wanted.algorithm.rawValue) ? nil : wanted.algorithm.rawValue,
      contents?.contains(wanted.content.rawValue) ?? true ? nil : wanted.content.rawValue,
    ].compactMap { $0 }
    guard !missing.isEmpty else {
      return CheckFinding(
        subject.id, .info,
        contents == nil
          ? "\(wanted.algorithm.rawValue) is offered for \(subject.plural); which enc is not said."
          : "\(wanted.text) is offered for \(subject.plural).",
        evidence: evidence, spec: .discovery("3"))
    }
    return CheckFinding(
      subject.id, .warning,
      "\(missing.joined(separator: " and ")) \(missing.count == 1 ? "is" : "are") not listed for "
        + "encrypted \(subject.plural).",
      evidence: evidence, fix: remedy(subject, wanted, algorithms, contents), spec: .discovery("3"))
  }

  /// The listed pair that is nearest to the wanted one.
  private func remedy(
    _ subject: Subject, _ wanted: TokenEncryption, _ algorithms: [String], _ contents: [String]?
  ) -> String {
    let listed = KeyManagementAlgorithm.allCases.filter { algorithms.contains($0.rawValue) }
    let ways = listed.filter { subject.id != Subject.requestObject.id || !$0.isSymmetric }
    let locks = ContentEncryptionAlgorithm.allCases.filter {
      contents?.contains($0.rawValue) ?? true
    }
    let algorithm =
      ways.contains(wanted.algorithm)
      ? wanted.algorithm
      : ways.first { $0.keyType == wanted.algorithm.keyType } ?? ways.first
    let content = locks.contains(wanted.content) ? wanted.content : locks.first
    guard let algorithm, let content else {
      return "Nothing that is listed is taken here: leave \(subject.option) out, and have the "
        + "client registered without encryption."
    }
    let other = TokenEncryption(algorithm, content).text
    return subject.id != Subject.requestObject.id
      ? "Have the client registered for \(other), and say \(subject.option) \(other)."
      : "Say \(subject.option) \(other)."
  }
}
