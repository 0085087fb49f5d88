import Diagnosis
import OpenID
import Platform

extension Invocation {
  /// The command line, completed with the values of its preset.
  public func withPreset() throws(UsageError) -> Invocation {
    guard let name = self[.preset] else {
      for setting in [Setting.domain, .realm, .tenant] where has(setting) {
        throw UsageError(at: setting, " is for a preset: add --preset NAME, or give --issuer URL.")
      }
      return self
    }
    guard let preset = ProviderPreset(rawValue: name) else {
      let names = ProviderPreset.allCases.map(\.rawValue)
      let hint = Spelling.nearest(to: name, among: names).map { " Did you mean \($0)?" } ?? ""
      throw UsageError(
        at: .preset, " \(name): it is one of \(names.joined(separator: ", ")).\(hint)")
    }
    guard !has(.issuer) else {
      throw UsageError(
        at: .issuer, " and --preset exclude each other: the preset makes the issuer.")
    }
    var result = self
    result.values[.issuer] = [try preset.issuer(self)]
    if !has(.scope) { result.values[.scope] = [preset.scope] }
    return result
  }
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
    }
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
