import Cryptography
import HybridFlow
import OpenID
import Platform

/// The options of the authorization request and of the client's key.
extension ConnectionReader {
  /// Fills in the optional parameters of the authorization request.
  func fillRequest(_ configuration: inout FlowConfiguration) throws(UsageError) {
    if invocation.has("--max-age") {
      configuration.maxAgeSeconds = try seconds("--max-age", or: 0, in: 0...315_360_000)
    }
    configuration.extraParameters = try parameters()
    configuration.resources = try resources()
    if invocation.has("--par") { configuration.pushesRequest = .always }
    configuration.signsRequest = invocation.has("--request-object")
    if configuration.signsRequest, !invocation.has("--client-key") {
      throw UsageError("--request-object needs --client-key FILE: the key that signs it.")
    }
  }

  private func parameters() throws(UsageError) -> [FormField] {
    var fields: [FormField] = []
    for (option, name) in [
      ("--prompt", "prompt"), ("--acr-values", "acr_values"), ("--login-hint", "login_hint"),
      ("--ui-locales", "ui_locales"), ("--claims", "claims"), ("--connection", "connection"),
      ("--organization", "organization"),
    ] {
      guard let value = invocation[option] else { continue }
      guard !value.isEmpty else { throw UsageError("\(option) is empty. Give a value.") }
      fields.append(FormField(name, value))
    }
    if let prompt = invocation["--prompt"] { try check(prompt: prompt) }
    if let claims = invocation["--claims"] { try check(claims: claims) }
    for text in invocation.values["--param"] ?? [] {
      guard let (name, value) = text.cut(at: "="), !name.isEmpty else {
        throw UsageError("--param \(text): write it as NAME=VALUE.")
      }
      fields.append(FormField(String(name), String(value)))
    }
    return fields
  }

  /// OpenID Connect Core 1.0, section 3.1.2.1: `none` stands alone.
  private func check(prompt: String) throws(UsageError) {
    let words = prompt.split(at: " ")
    guard words.count == 1 || !words.contains("none") else {
      throw UsageError("--prompt '\(prompt)': none stands alone; leave the other words out.")
    }
  }

  /// OpenID Connect Core 1.0, section 5.5.
  private func check(claims: String) throws(UsageError) {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(Array(claims.utf8))
    } catch {
      throw UsageError("--claims: it is not JSON: \(error.explanation).")
    }
    guard let members = json.members else { throw UsageError("--claims: give a JSON object.") }
    for member in members where ["id_token", "userinfo"].contains(member.name) {
      guard member.value.members != nil else {
        throw UsageError("--claims: \(member.name) is a JSON object in it.")
      }
    }
  }

  /// RFC 8707, section 2: absolute, without fragment.
  private func resources() throws(UsageError) -> [String] {
    let all = invocation.values["--resource"] ?? []
    for text in all {
      let hasScheme = text.cut(at: ":").map { !$0.before.isEmpty } ?? false
      let isVisible = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      guard hasScheme, isVisible, !text.holds("#") else {
        throw UsageError("--resource \(text): give an absolute URI without fragment.")
      }
    }
    return all
  }

  // MARK: The client's key

  /// Reads the client's key and sets the configuration accordingly.
  func clientKey(_ configuration: inout FlowConfiguration) throws(UsageError) -> SigningKey? {
    for option in ["--client-key-id", "--client-key-alg"] where invocation.has(option) {
      guard invocation.has("--client-key") else {
        throw UsageError("\(option) is about a key: give one with --client-key FILE.")
      }
    }
    configuration.assertionAudience = try assertionAudience()
    let algorithm = try choice(
      "--client-key-alg", ClientKeyFile.algorithms.map { ($0.rawValue, $0) })
    guard let path = invocation["--client-key"] else {
      guard configuration.clientAuthentication != .privateKeyJWT else {
        throw UsageError("--client-auth private_key_jwt needs --client-key FILE.")
      }
      return nil
    }
    let key = try ClientKeyFile.read(
      path, algorithm: algorithm, keyID: invocation["--client-key-id"])
    configuration.clientKey = FlowConfiguration.ClientKey(
      algorithm: key.algorithm, keyID: key.keyID)
    return key
  }

  private func assertionAudience() throws(UsageError) -> FlowConfiguration.AssertionAudience {
    switch invocation["--client-assertion-audience"] {
    case nil, "issuer": return .issuer
    case "token-endpoint": return .tokenEndpoint
    case .some(let text):
      return .other(try url(text, option: "--client-assertion-audience").text)
    }
  }
}
