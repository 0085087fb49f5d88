import OpenID
import Platform

/// The endpoints of a provider that publishes no discovery document.
///
/// OpenID Connect Discovery 1.0, section 3, names the members, and profiles use the same names.
package enum ExplicitEndpoints {
  package static let settings: [Setting] = [
    .authorizationEndpoint, .tokenEndpoint, .jwksURI, .userinfoEndpoint,
  ]

  /// The metadata from the options; nil without any.
  static func metadata(
    _ reader: ConnectionReader, issuer: WebURL, type: ResponseType
  ) throws(UsageError) -> ProviderMetadata? {
    let given = settings.filter(reader.invocation.has)
    guard let first = given.first else { return nil }
    let missing = settings.prefix(3).filter { !reader.invocation.has($0) }
    guard missing.isEmpty else {
      throw UsageError(
        at: first,
        ": a provider without discovery needs "
          + "\(missing.map(\.name).joined(separator: " and ")) as well.")
    }
    var json: JSONValue = ["issuer": .string(issuer.text)]
    for setting in given {
      guard let name = setting.profileKey else { continue }
      json.set(name, .string(try reader.secureURL(setting).text))
    }
    // Everything the person asks for counts as supported: no document says otherwise.
    json.set("response_types_supported", [.string(type.rawValue)])
    json.set(
      "response_modes_supported", .array(ResponseMode.allCases.map { .string($0.rawValue) }))
    return ProviderMetadata(json)
  }
}
