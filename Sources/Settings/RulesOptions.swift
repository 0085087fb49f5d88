import Cryptography
import HybridFlow
import OpenID
import Platform

/// The rules of a run: what they set by themselves, and what contradicts them.
extension ConnectionReader {
  /// Reads the rules, and sets what they demand and the person did not say.
  ///
  /// Call it when the client's key is known.
  func readRules(
    _ configuration: inout FlowConfiguration, _ session: inout SessionOptions, isDemo: Bool
  ) throws(UsageError) -> [String] {
    let rules = try choice(.rules).flatMap(SecurityRules.init) ?? .openID
    switch rules {
    case .openID: return []
    case .fapi1Advanced:
      try refuseContradictions()
      try takeKey(&configuration, &session, isDemo: isDemo)
      let given = invocation.has(.idTokenAlgorithm) ? configuration.idTokenAlgorithm : nil
      configuration.askAsFAPI()
      if let given { configuration.idTokenAlgorithm = given }
      return warnings(configuration.redirectURI, isDemo: isDemo)
    }
  }

  private func refuseContradictions() throws(UsageError) {
    if let words = invocation[.responseType],
      ResponseType(words: words) != .codeIDToken
    {
      throw UsageError(
        at: .responseType,
        " '\(words)': --rules fapi1-advanced allows 'code id_token' alone (5.2.2 (2)).")
    }
    if invocation.has(.noPKCE) {
      throw UsageError(at: .noPKCE, ": --rules fapi1-advanced wants PKCE (5.2.2 (18)).")
    }
    let secrets = [Setting.clientSecretFile, .clientSecretCommand, .appleKey]
    for setting in secrets where invocation.has(setting) {
      throw UsageError(
        at: setting,
        ": under --rules fapi1-advanced no client has a secret (5.2.2 (14)). Give the key of the "
          + "client with --client-key FILE.")
    }
    let methods = FAPIAdvanced.clientAuthentication.map(\.rawValue)
    if let method = invocation[.clientAuth], method != "auto", !methods.contains(method) {
      throw UsageError(
        at: .clientAuth,
        " \(method): --rules fapi1-advanced wants \(methods.joined(separator: ", ")) (5.2.2 (14)).")
    }
    let names = FAPIAdvanced.algorithms.map(\.rawValue)
    for setting in [Setting.clientKeyAlgorithm, .idTokenAlgorithm, .dpop] {
      guard let name = invocation[setting], !names.contains(name) else { continue }
      throw UsageError(
        at: setting,
        " \(name): --rules fapi1-advanced allows \(names.joined(separator: " and ")) alone (8.6).")
    }
  }

  /// A key that signs by itself with an algorithm that is not allowed here signs with PS256, if it
  /// can.
  private func takeKey(
    _ configuration: inout FlowConfiguration, _ session: inout SessionOptions, isDemo: Bool
  ) throws(UsageError) {
    guard let path = invocation[.clientKey] else {
      guard isDemo else {
        throw UsageError(
          at: .rules,
          " fapi1-advanced needs --client-key FILE: the client signs its request and its proof.")
      }
      return
    }
    guard let key = session.clientKey,
      !FAPIAdvanced.algorithms.contains(key.algorithm)
    else { return }
    guard let fitting = try? key.withAlgorithm(.ps256) else {
      throw UsageError(
        at: .clientKey,
        " \(path): --rules fapi1-advanced wants an RSA key, for PS256, or one of P-256, for ES256.")
    }
    session.clientKey = fitting
    configuration.clientKey = FlowConfiguration.ClientKey(
      algorithm: fitting.algorithm, keyID: fitting.keyID)
  }

  private func warnings(_ redirectURI: WebURL, isDemo: Bool) -> [String] {
    guard !isDemo, !redirectURI.isHTTPS else { return [] }
    return [
      "--redirect-uri \(redirectURI): FAPI 1.0 wants https, on this machine too: "
        + "https://localhost:PORT/PATH with --tls-self-signed."
    ]
  }
}
