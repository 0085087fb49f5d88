import Cryptography
import Diagnosis
import HybridFlow
import OpenID
import Platform

/// The options of the authorization request and of the client's key.
extension ConnectionReader {
  /// Fills in the optional parameters of the authorization request.
  func fillRequest(_ configuration: inout FlowConfiguration) throws(UsageError) {
    if invocation.has(.maxAge) { configuration.maxAgeSeconds = try seconds(.maxAge) }
    configuration.extraParameters = try parameters()
    configuration.resources = try resources()
    if invocation.has(.cookie) || configuration.observesTenant {
      let word =
        try choice(.cookie).flatMap(SessionCookie.SameSite.init)
        ?? SessionCookie.SameSite.none
      configuration.sessionCookie = SessionCookie(word)
    }
    if invocation.has(.accountKey) || configuration.observesTenant {
      let key = try choice(.accountKey).flatMap(AccountKey.init) ?? .issuerAndSubject
      configuration.accounts =
        configuration.observesTenant ? .demo(key: key) : AccountBook(key: key)
    }
    if invocation.has(.par) {
      configuration.pushesRequest = .always
    } else if invocation[.preset] == ProviderPreset.openBankingUK.rawValue {
      configuration.pushesRequest = .never
    }
    configuration.signsRequest = invocation.has(.requestObject)
    if let text = invocation[.requestObjectEncryption] {
      configuration.requestEncryption = try requestEncryption(text)
    }
    // Under other rules the demo tenant gets a key that is made for the run.
    if configuration.signsRequest, !invocation.has(.clientKey), !invocation.has(.rules) {
      throw UsageError(
        at: .requestObject, " needs --client-key FILE: the key that signs it.")
    }
  }

  private func requestEncryption(_ text: String) throws(UsageError) -> TokenEncryption {
    guard invocation.has(.requestObject) || invocation[.rules] == "fapi1-advanced" else {
      throw UsageError(
        at: .requestObjectEncryption, " needs --request-object: only a signed request is encrypted."
      )
    }
    let encryption = try TokenEncryption.read(text, option: Setting.requestObjectEncryption.place)
    guard !encryption.algorithm.isSymmetric else {
      throw UsageError(
        at: .requestObjectEncryption,
        " \(text): give RSA-OAEP or ECDH-ES. A request for a key that both know is not made here.")
    }
    return encryption
  }

  private func parameters() throws(UsageError) -> [FormField] {
    var fields: [FormField] = []
    // Profiles name these as the request does.
    for setting in [
      Setting.prompt, .acrValues, .loginHint, .uiLocales, .claims, .connection, .organization,
    ] {
      guard let value = invocation[setting], let name = setting.profileKey else { continue }
      guard !value.isEmpty else { throw UsageError(at: setting, " is empty. Give a value.") }
      fields.append(FormField(name, value))
    }
    if let prompt = invocation[.prompt] { try check(prompt: prompt) }
    if let claims = invocation[.claims] { try check(claims: claims) }
    for text in invocation.all(.parameters) {
      guard let (name, value) = text.cut(at: "="), !name.isEmpty else {
        throw UsageError(at: .parameters, " \(text): write it as NAME=VALUE.")
      }
      fields.append(FormField(String(name), String(value)))
    }
    return fields
  }

  /// OpenID Connect Core 1.0, section 3.1.2.1: `none` stands alone.
  private func check(prompt: String) throws(UsageError) {
    let words = prompt.split(at: " ")
    guard words.count == 1 || !words.contains("none") else {
      throw UsageError(
        at: .prompt, " '\(prompt)': none stands alone; leave the other words out.")
    }
  }

  /// OpenID Connect Core 1.0, section 5.5.
  private func check(claims: String) throws(UsageError) {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(Array(claims.utf8))
    } catch {
      throw UsageError(at: .claims, ": it is not JSON: \(error.explanation).")
    }
    guard let members = json.members else { throw UsageError(at: .claims, ": give a JSON object.") }
    for member in members where ["id_token", "userinfo"].contains(member.name) {
      guard member.value.members != nil else {
        throw UsageError(at: .claims, ": \(member.name) is a JSON object in it.")
      }
    }
  }

  /// RFC 8707, section 2: absolute, without fragment.
  private func resources() throws(UsageError) -> [String] {
    let all = invocation.all(.resources)
    for text in all {
      let hasScheme = text.cut(at: ":").map { !$0.before.isEmpty } ?? false
      let isVisible = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      guard hasScheme, isVisible, !text.holds("#") else {
        throw UsageError(at: .resources, " \(text): give an absolute URI without fragment.")
      }
    }
    return all
  }

  // MARK: The client's key

  /// Reads the client's key and sets the configuration accordingly.
  func clientKey(_ configuration: inout FlowConfiguration) throws(UsageError) -> SigningKey? {
    for setting in [Setting.clientKeyID, .clientKeyAlgorithm] where invocation.has(setting) {
      guard invocation.has(.clientKey) else {
        throw UsageError(at: setting, " is about a key: give one with --client-key FILE.")
      }
    }
    configuration.assertionAudience = try assertionAudience()
    let algorithm = try choice(.clientKeyAlgorithm).flatMap(SignatureAlgorithm.init)
    guard let path = invocation[.clientKey] else {
      let isMade = configuration.observesTenant && invocation.has(.rules)
      guard configuration.clientAuthentication != .privateKeyJWT || isMade else {
        throw UsageError(at: .clientAuth, " private_key_jwt needs --client-key FILE.")
      }
      return nil
    }
    guard readsFiles else { return nil }
    let key = try ClientKeyFile.read(
      path, algorithm: algorithm, keyID: invocation[.clientKeyID])
    configuration.clientKey = FlowConfiguration.ClientKey(
      algorithm: key.algorithm, keyID: key.keyID)
    return key
  }

  private func assertionAudience() throws(UsageError) -> FlowConfiguration.AssertionAudience {
    switch invocation[.clientAssertionAudience] {
    case nil, "issuer": return .issuer
    case "token-endpoint": return .tokenEndpoint
    case .some(let text):
      return .other(try url(text, of: .clientAssertionAudience).text)
    }
  }
}
