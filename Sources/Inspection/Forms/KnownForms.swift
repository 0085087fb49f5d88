import OpenID

/// Opaque values whose issuer gives them a form of its own.
enum KnownForms {
  /// What a value is by its form, in a sentence; nil when its form tells nothing.
  static func sentence(_ text: String) -> String? {
    if isUUID(text) {
      return
        "It has the form of a UUID: an identifier, such as that of a client or a tenant, not a "
        + "token."
    }
    if isEntraSecret(text) {
      return "It has the form of a client secret of Entra: replace it if others have seen it."
    }
    for (prefix, what) in prefixes where text.begins(with: prefix) {
      return "By its beginning it is \(what)."
    }
    if isEntraGrant(text) {
      return "It has the form of an authorization code or a refresh token of Entra: only Entra can "
        + "read it."
    }
    return nil
  }

  private static let prefixes = [
    ("ya29.", "an access token of Google, for the APIs of Google; it is no ID token"),
    ("1//", "a refresh token of Google; only Google\u{2019}s token endpoint takes it"),
    ("4/0", "an authorization code of Google, good once and for some minutes"),
    ("GOCSPX-", "a client secret of Google: replace it if others have seen it"),
    ("v1.M", "a refresh token of Auth0; only its token endpoint takes it"),
    ("v1.local.", "a PASETO, not a JWT"), ("v2.local.", "a PASETO, not a JWT"),
    ("v3.local.", "a PASETO, not a JWT"), ("v4.local.", "a PASETO, not a JWT"),
    ("v1.public.", "a PASETO, not a JWT"), ("v2.public.", "a PASETO, not a JWT"),
    ("v3.public.", "a PASETO, not a JWT"), ("v4.public.", "a PASETO, not a JWT"),
    ("EAA", "an access token of Facebook; it is no ID token"),
    ("M.C", "an authorization code or a token of a personal Microsoft account"),
  ]

  private static func isUUID(_ text: String) -> Bool {
    let parts = text.split(at: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && parts.allSatisfy { $0.utf8.allSatisfy(Self.isHexDigit) }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }

  /// Three characters, a digit, `Q~` and the rest: 40 in all, as Entra makes them today.
  private static func isEntraSecret(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return (38...48).contains(bytes.count) && (0x30...0x39).contains(bytes[3])
      && bytes[4...5].elementsEqual("Q~".utf8)
  }

  /// `0.A` or `1.A` and the tenant, or the older beginning.
  private static func isEntraGrant(_ text: String) -> Bool {
    guard text.utf8.count > 80 else { return false }
    return ["0.A", "1.A", "0AQAB", "OAQAB", "AQAB"].contains { text.begins(with: $0) }
  }
}
