/// What Financial-grade API Security Profile 1.0, Part 2: Advanced, demands in numbers and names, of
/// clients as of providers.
public enum FAPIAdvanced {
  /// The algorithms of every signature: section 8.6.
  public static let algorithms: [SignatureAlgorithm] = [.ps256, .es256]
  /// The ways in which a client may prove itself: section 5.2.2 (14).
  public static let clientAuthentication: [ClientAuthenticationMethod] = [
    .privateKeyJWT, .tlsClientAuth, .selfSignedTLSClientAuth,
  ]
  /// The longest life of a request object, and the greatest age of its `nbf`, in seconds: section
  /// 5.2.2 (13) and (17).
  public static let requestObjectSecondsMax: Int64 = 3600
  /// The header by which both sides find a call of the API in their logs: Part 1, sections 6.2.1 and
  /// 6.2.2.
  public static let interactionHeader = "x-fapi-interaction-id"

  /// The value of that header made of sixteen bytes: a UUID of version 4 (RFC 4122, section 4.4).
  public static func interactionID(_ random: [UInt8]) -> String {
    var bytes = random
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = Hex.text(bytes)
    let places = [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)]
    return places.map { String(hex.dropFirst($0.0).prefix($0.1)) }.joined(separator: "-")
  }
}
