import Cryptography
import Diagnosis
import HybridFlow
import OpenID
import Platform

/// The options of Sign in with Apple: a client secret that is made for each request.
extension ConnectionReader {
  /// The options that belong together.
  static let appleOptions: [Setting] = [.appleKey, .appleTeam, .appleKeyID]
  /// The issuer of Apple.
  static let appleIssuer = "https://appleid.apple.com"

  /// Reads what is special at Apple and other known providers; returns what the person should know.
  func readApple(
    _ configuration: inout FlowConfiguration, _ session: inout SessionOptions, isDemo: Bool
  ) throws(UsageError) -> [String] {
    var warnings: [String] = []
    if let key = try appleKey(&configuration, &warnings) { session.clientKey = key }
    let issuer = configuration.issuer
    try requireAppleRedirect(issuer, configuration.redirectURI)
    if let warning = appleClientWarning(issuer, configuration.clientID) { warnings.append(warning) }
    return warnings + presetWarnings(isDemo ? nil : issuer, configuration)
  }

  /// Reads the key of the team and sets the configuration accordingly; nil without one.
  func appleKey(
    _ configuration: inout FlowConfiguration, _ warnings: inout [String]
  ) throws(UsageError) -> SigningKey? {
    guard let path = invocation[.appleKey] else {
      for setting in [Setting.appleTeam, .appleKeyID] where invocation.has(setting) {
        throw UsageError(at: setting, " is about a key of Apple: give it with --apple-key FILE.p8.")
      }
      return nil
    }
    for other in [Setting.clientKey, .clientSecretFile, .clientSecretCommand]
    where invocation.has(other) {
      throw UsageError(
        at: .appleKey, " and \(other.name) exclude each other: the secret is made with the key.")
    }
    let method = configuration.clientAuthentication
    guard method == nil || method == .post || method == .basic else {
      throw UsageError(
        at: .clientAuth,
        " \(method?.rawValue ?? ""): Apple takes its client secret in the form. "
          + "Leave the option out, or say post.")
    }
    let team = try id(
      .appleTeam, invocation[.appleTeam],
      missing: "the id of your team: developer.apple.com > Membership details > Team ID")
    let named = AppleKeyFile.keyID(ofFile: path)
    let keyID = try id(
      .appleKeyID, invocation[.appleKeyID] ?? named,
      missing: "the id of the key: Certificates, Identifiers & Profiles > Keys > the key > Key ID")
    guard !team.isIdentical(to: keyID) else {
      throw UsageError(
        at: .appleKeyID, " \(keyID): that is the id of the team; the key has one of its own.")
    }
    if let named, !named.isIdentical(to: keyID) {
      warnings.append("--apple-key-id \(keyID): the name of the file says \(named).")
    }
    configuration.appleTeam = team
    // Apple lists this method alone.
    if method == nil { configuration.clientAuthentication = .post }
    guard readsFiles else {
      configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: keyID)
      return nil
    }
    let key = try AppleKeyFile.read(path, keyID: keyID, option: Setting.appleKey.place)
    if AppleKeyFile.isReadableByOthers(path) == true {
      warnings.append(
        "--apple-key \(path): others on this machine can read the key. Make it yours alone with "
          + "chmod 600.")
    }
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: keyID)
    return key
  }

  private func id(
    _ setting: Setting, _ given: String?, missing: String
  ) throws(UsageError) -> String {
    guard let given, !given.isEmpty else {
      throw UsageError(at: .appleKey, " needs \(setting.name) ID as well, \(missing).")
    }
    guard AppleKeyFile.isID(given) else {
      throw UsageError(
        at: setting,
        " \(given): it has \(AppleKeyFile.idLength) capital letters and digits, such as A1B2C3D4E5."
      )
    }
    return given
  }

  /// Refuses a redirect URI that Apple does not take, before anybody signs in.
  ///
  /// Apple wants https and a domain name, by its documentation.
  func requireAppleRedirect(_ issuer: WebURL, _ redirectURI: WebURL) throws(UsageError) {
    guard invocation.command != .check, issuer.text.isIdentical(to: Self.appleIssuer),
      let fault = AppleRedirect.fault(redirectURI)
    else { return }
    throw UsageError(at: .redirectURI, " \(redirectURI): \(fault) \(AppleRedirect.ways)")
  }

  /// What is wrong with a client id at Apple, as far as its form tells; nil when nothing is.
  func appleClientWarning(_ issuer: WebURL, _ clientID: String) -> String? {
    guard issuer.text.isIdentical(to: Self.appleIssuer), let team = invocation[.appleTeam],
      clientID.begins(with: team + ".")
    else { return nil }
    return "--client-id \(clientID): it begins with the team, as an App ID does. On the web it is "
      + "the Services ID, without the team."
  }
}
