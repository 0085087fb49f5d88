import Diagnosis
import OpenID
import Platform

extension Invocation {
  /// The command line, completed with the values of its preset.
  public func withPreset() throws(UsageError) -> Invocation {
    // What the framework sends comes before what the provider's preset would ask for.
    try withFramework().withProvider()
  }

  private func withProvider() throws(UsageError) -> Invocation {
    guard let name = self[.preset] else {
      for setting in [Setting.domain, .realm, .tenant] where has(setting) {
        throw UsageError(at: setting, " is for a preset: add --preset NAME, or give --issuer URL.")
      }
      return self
    }
    guard let preset = ProviderPreset(rawValue: name) else {
      let names = ProviderPreset.allCases.map(\.rawValue)
      if FrameworkPreset(rawValue: name) != nil {
        throw UsageError(
          at: .preset,
          " \(name): that is a framework, not a provider: --framework \(name), beside "
            + "--preset or --issuer.")
      }
      let hint = Spelling.nearest(to: name, among: names).map { " Did you mean \($0)?" } ?? ""
      throw UsageError(
        at: .preset, " \(name): it is one of \(names.joined(separator: ", ")).\(hint)")
    }
    guard !has(.issuer) || preset.isEcosystem else {
      throw UsageError(
        at: .issuer, " and --preset exclude each other: the preset makes the issuer.")
    }
    var result = self
    if !has(.issuer) { result.values[.issuer] = [try preset.issuer(self)] }
    if !has(.scope) { result.values[.scope] = [preset.scope] }
    for (setting, value) in preset.settings where !has(setting) { result.values[setting] = [value] }
    return result
  }

  /// The command line, completed with what a framework sends when nobody sets anything.
  private func withFramework() throws(UsageError) -> Invocation {
    guard let name = self[.framework] else { return self }
    guard let framework = FrameworkPreset(rawValue: name) else {
      let names = FrameworkPreset.allCases.map(\.rawValue)
      let hint = Spelling.nearest(to: name, among: names).map { " Did you mean \($0)?" } ?? ""
      throw UsageError(
        at: .framework, " \(name): it is one of \(names.joined(separator: ", ")).\(hint)")
    }
    var result = self
    let settings: [(Setting, String)] = [
      (.scope, framework.scope), (.responseType, framework.responseType.rawValue),
      (.responseMode, framework.responseMode.rawValue),
    ]
    for (setting, value) in settings where !has(setting) { result.values[setting] = [value] }
    if !framework.usesPKCE { result.values[.noPKCE] = [""] }
    if !framework.redeemsCode { result.values[.signOnOnly] = [""] }
    return result
  }
}

extension ProviderPreset {
  /// What the preset sets beside issuer and scope, unless it is given.
  var settings: [(Setting, String)] {
    switch self {
    // Auth0's FAPI compliance levels demand all of it.
    case .auth0FAPI: Self.banking + [(.par, ""), (.clientAuth, "private_key_jwt")]
    case .auth0FAPIMutualTLS: Self.banking + [(.par, ""), (.clientAuth, "tls_client_auth")]
    case .openFinanceBrazil:
      Self.banking + [
        (.clientAuth, "private_key_jwt"), (.idTokenEncryption, "RSA-OAEP+A256GCM"),
        (
          .claims,
          #"{"id_token":{"acr":{"essential":true,"values":["urn:brasil:openbanking:loa2","#
            + #""urn:brasil:openbanking:loa3"]}}}"#
        ),
      ]
    case .openBankingUK: Self.banking + [(.clientAuth, "private_key_jwt")]
    default: []
    }
  }
}

extension ProviderPreset {
  private static let banking: [(Setting, String)] = [
    (.rules, "fapi1-advanced"), (.idTokenAlgorithm, "PS256"),
  ]
}

extension ProviderPreset.Need {
  /// The setting that gives it.
  public var setting: Setting {
    switch part {
    case .domain: .domain
    case .realm: .realm
    case .tenant: .tenant
    }
  }
}

extension ProviderPreset {
  /// The issuer that the options name.
  ///
  /// - Throws: ``UsageError`` for an option that is missing or cannot be read.
  public func issuer(_ invocation: Invocation) throws(UsageError) -> String {
    switch self {
    case .auth0: return try base(invocation) + "/"
    case .keycloak: return try base(invocation) + "/realms/" + segment(.realm, invocation)
    case .okta:
      let server = invocation[.tenant] == nil ? "default" : try segment(.tenant, invocation)
      return try base(invocation) + "/oauth2/" + server
    case .oktaOrg: return try base(invocation)
    case .entra:
      let host =
        invocation[.domain] == nil
        ? "https://login.microsoftonline.com" : try base(invocation)
      return try host + "/" + segment(.tenant, invocation) + "/v2.0"
    case .google: return "https://accounts.google.com"
    case .apple: return ConnectionReader.appleIssuer
    case .auth0FAPI, .auth0FAPIMutualTLS: return try base(invocation) + "/"
    case .openFinanceBrazil, .openBankingUK: return try base(invocation)
    case .authentik:
      return try base(invocation) + "/application/o/" + segment(.tenant, invocation) + "/"
    case .adfs: return try base(invocation) + "/adfs"
    case .pingFederate, .zitadel, .salesforce: return try base(invocation)
    case .wso2:
      guard let tenant = invocation[.tenant], !tenant.isIdentical(to: "carbon.super") else {
        return try base(invocation) + "/oauth2/token"
      }
      return try base(invocation) + "/t/" + segment(.tenant, invocation) + "/oauth2/token"
    case .cognito: return try cognitoIssuer(invocation)
    case .gitlab: return invocation[.domain] == nil ? "https://gitlab.com" : try base(invocation)
    }
  }

  /// The region stands in the pool's id, before its underscore.
  private func cognitoIssuer(_ invocation: Invocation) throws(UsageError) -> String {
    let pool = try segment(.tenant, invocation)
    guard let (region, name) = pool.cut(at: "_"), !region.isEmpty, !name.isEmpty,
      region.utf8.allSatisfy({
        $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
      })
    else {
      throw UsageError(
        at: .tenant,
        " \(pool): the ID of a user pool has the region first, such as "
          + "\(needs[0].example).")
    }
    return "https://cognito-idp.\(region).amazonaws.com/\(pool)"
  }

  /// Scheme and host, without a slash at the end; https if no scheme was written.
  private func base(_ invocation: Invocation) throws(UsageError) -> String {
    guard var domain = invocation[.domain] else { throw missing(.domain) }
    while let shorter = domain.dropping(suffix: "/") { domain = String(shorter) }
    let lower = domain.asciiLowercased
    if !lower.begins(with: "https://"), !lower.begins(with: "http://") {
      domain = "https://" + domain
    }
    guard let url = try? WebURL(domain), url.query == nil, url.fragment == nil else {
      throw UsageError(at: .domain, " \(domain): give a host such as \(needs[0].example).")
    }
    return url.text
  }

  private func segment(
    _ setting: Setting, _ invocation: Invocation
  ) throws(UsageError) -> String {
    guard let text = invocation[setting], !text.isEmpty else { throw missing(setting) }
    return PercentEncoding.encode(text)
  }

  private func missing(_ setting: Setting) -> UsageError {
    let all = needs.map { "\($0.setting.name) \($0.example)" }.joined(separator: " ")
    return UsageError(
      at: .preset, " \(rawValue) needs \(setting.name): --preset \(rawValue) \(all).")
  }
}
