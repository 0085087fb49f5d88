import OpenID
import Platform

/// The endpoints of a provider that publishes no discovery document.
///
/// OpenID Connect Discovery 1.0, section 3, names the members.
enum ExplicitEndpoints {
  static let options = [
    ("--authorization-endpoint", "authorization_endpoint"), ("--token-endpoint", "token_endpoint"),
    ("--jwks-uri", "jwks_uri"), ("--userinfo-endpoint", "userinfo_endpoint"),
  ]

  /// The metadata from the options; nil without any.
  static func metadata(
    _ reader: ConnectionReader, issuer: WebURL, type: ResponseType
  ) throws(UsageError) -> ProviderMetadata? {
    let given = options.filter { reader.invocation.has($0.0) }
    guard !given.isEmpty else { return nil }
    let missing = options.prefix(3).filter { !reader.invocation.has($0.0) }
    guard missing.isEmpty else {
      throw UsageError(
        "\(given[0].0): a provider without discovery needs "
          + "\(missing.map(\.0).joined(separator: " and ")) as well.")
    }
    var json: JSONValue = ["issuer": .string(issuer.text)]
    for (option, name) in given {
      let url = try reader.url(reader.invocation[option] ?? "", option: option)
      guard url.isHTTPS || url.isLoopback else {
        throw UsageError("\(option) \(url): plain http is for this machine only. Use https.")
      }
      json.set(name, .string(url.text))
    }
    // Everything the person asks for counts as supported: no document says otherwise.
    json.set("response_types_supported", [.string(type.rawValue)])
    json.set(
      "response_modes_supported", .array(ResponseMode.allCases.map { .string($0.rawValue) }))
    return ProviderMetadata(json)
  }
}
