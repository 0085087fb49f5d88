/// One challenge of a `WWW-Authenticate` header.
///
/// RFC 9110, section 11.6.1; RFC 6750, section 3.
public struct AuthenticationChallenge: Sendable, Equatable {
  /// The scheme, such as `Bearer`.
  public var scheme: String
  /// The parameters in order, quotes and backslashes resolved.
  public var parameters: [FormField]

  /// Reads the first challenge of a header; nil when there is no scheme.
  public init?(header: String) {
    let trimmed = header.trimmingBlanks
    let name = trimmed.prefix { $0 != " " }
    guard !name.isEmpty, !name.contains("="), !name.contains(",") else { return nil }
    scheme = String(name)
    parameters = []
    var rest = trimmed.dropFirst(name.count).drop { $0 == " " }
    while !rest.isEmpty {
      rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
      let key = rest.prefix { $0 != "=" && $0 != "," }
      guard !key.isEmpty else { break }
      rest = rest.dropFirst(key.count)
      guard rest.first == "=" else { break }
      rest = rest.dropFirst()
      var value = ""
      if rest.first == "\"" {
        rest = rest.dropFirst()
        while let character = rest.first, character != "\"" {
          rest = rest.dropFirst()
          if character == "\\", let escaped = rest.first {
            value.append(escaped)
            rest = rest.dropFirst()
          } else {
            value.append(character)
          }
        }
        rest = rest.dropFirst()
      } else {
        let bare = rest.prefix { $0 != "," && $0 != " " }
        value = String(bare)
        rest = rest.dropFirst(bare.count)
      }
      parameters.append(FormField(key.trimmingBlanks, value))
    }
  }
}
