import HybridFlow
import OpenID

/// What the authorization request asks for, held against what the document offers.
///
/// It needs no request, so a run can say it before anything is sent.
struct RequestFindings {
  let metadata: ProviderMetadata
  let configuration: FlowConfiguration

  var all: [CheckFinding] {
    [requestObject, requestObjectAlgorithm, claims].compactMap { $0 } + listed
      + [offline]
      .compactMap { $0 }
  }

  private func texts(_ name: String) -> [String]? { metadata.json[name]?.strings }

  /// The values of a parameter that is a list of words.
  private func words(_ name: String) -> [String] {
    (configuration.extraParameters[name] ?? "").split(at: " ").map(String.init)
  }

  private var requestObject: CheckFinding? {
    let name = "request_parameter_supported"
    guard configuration.signsRequest else {
      guard metadata.json["require_signed_request_object"]?.bool == true else { return nil }
      return CheckFinding(
        "request-object", .warning, "The provider takes signed requests only.",
        evidence: "require_signed_request_object",
        fix: "Sign the request: --request-object, with --client-key FILE.", spec: .rfc(9101, "10.5")
      )
    }
    // A pushed request may carry one even where the member is about the browser's request.
    guard metadata.json[name]?.bool != true else { return nil }
    let isSaid = metadata.json[name] != nil
    return CheckFinding(
      "request-object", .warning,
      "The provider does not take a signed request in the parameter request.",
      evidence: isSaid ? "\(name) is false" : "no \(name), which means false",
      fix: "Leave --request-object out, or look at what authorize-probe says.",
      spec: .discovery("3"))
  }

  private var requestObjectAlgorithm: CheckFinding? {
    guard configuration.signsRequest, let key = configuration.clientKey,
      let listed = texts("request_object_signing_alg_values_supported"),
      !listed.contains(key.algorithm.rawValue)
    else { return nil }
    return CheckFinding(
      "request-object-alg", .warning,
      "Requests signed with \(key.algorithm.rawValue) are not listed.",
      evidence: listed.joined(separator: ", "),
      fix: "Use a key for one of these with --client-key.", spec: .discovery("3"))
  }

  private var claims: CheckFinding? {
    guard configuration.extraParameters["claims"] != nil,
      metadata.json["claims_parameter_supported"]?.bool != true
    else { return nil }
    return CheckFinding(
      "claims-parameter", .warning, "The provider does not look at the parameter claims.",
      evidence: metadata.json["claims_parameter_supported"] == nil
        ? "no claims_parameter_supported, which means false"
        : "claims_parameter_supported is false",
      fix: "Ask by scopes instead, or have the claims added for this client.",
      spec: .discovery("3"))
  }

  /// Words of a parameter that a list of the document does not have.
  private var listed: [CheckFinding] {
    [
      ("acr_values", "acr_values_supported"), ("prompt", "prompt_values_supported"),
      ("display", "display_values_supported"), ("ui_locales", "ui_locales_supported"),
    ].compactMap { parameter, member in
      guard let offered = texts(member) else { return nil }
      let unknown = words(parameter).filter { word in
        !offered.contains { $0.isIdentical(to: word) }
      }
      guard !unknown.isEmpty else { return nil }
      return CheckFinding(
        parameter.replacing(bytes: "_", with: "-"), .warning,
        "\(parameter) asks for \(unknown.joined(separator: ", ")), which is not offered.",
        evidence: "\(member): \(offered.joined(separator: ", "))",
        fix: "Ask for one that is listed, or leave \(parameter) out.", spec: .discovery("3"))
    }
  }

  /// Without consent, offline_access is to be ignored.
  private var offline: CheckFinding? {
    guard configuration.scope.contains("offline_access"),
      !words("prompt").contains("consent")
    else { return nil }
    return CheckFinding(
      "offline-access", .warning,
      "offline_access is asked for without prompt=consent: a provider may ignore it, or refuse.",
      evidence: "scope \(configuration.scope.joined(separator: " "))",
      fix: "Add --prompt consent if no refresh token comes, or if it is refused.",
      spec: .core("11"))
  }
}

/// Findings about the client secret, without a word of it.
enum SecretFindings {
  static func all(_ configuration: FlowConfiguration) -> [CheckFinding] {
    guard let secret = configuration.clientSecret else { return [] }
    let value = secret.reveal()
    if let ends = blanks(value) {
      return [
        CheckFinding(
          "client-secret-blanks", .warning, "The client secret \(ends).",
          evidence: "\(value.utf8.count) bytes; without them \(value.trimmingSpace.utf8.count)",
          fix:
            "Take it out where the secret comes from, for it was hardly given out so: with it the "
            + "provider says invalid_client.", spec: .rfc(6749, "2.3.1"))
      ]
    }
    guard
      configuration.clientAuthentication == nil || configuration.clientAuthentication == .basic,
      FormEncoding.encode(value) != value
    else { return [] }
    return [
      CheckFinding(
        "client-secret-characters", .warning,
        "The client secret has characters that client_secret_basic must encode; many providers "
          + "forget to decode them and then say invalid_client.",
        evidence: "\(value.utf8.count) bytes, not all of them A-Z a-z 0-9 * - . _",
        fix: "If the secret is refused though it is right, use --client-auth post.",
        spec: .rfc(6749, "2.3.1"))
    ]
  }

  /// Which end has a blank, a tab or a line break; nil for none.
  static func blanks(_ secret: String) -> String? {
    let bytes = Array(secret.utf8)
    let isSpace = { (byte: UInt8?) in byte.map { $0 == 0x20 || (0x09...0x0D).contains($0) } ?? false
    }
    let ends = [(bytes.first, "at its start"), (bytes.last, "at its end")].compactMap {
      byte, place in
      isSpace(byte) ? "\(byte == 0x0A || byte == 0x0D ? "a line break" : "a blank") \(place)" : nil
    }
    return ends.isEmpty ? nil : "has " + ends.joined(separator: " and ")
  }
}
