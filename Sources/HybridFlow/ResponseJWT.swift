import OpenID

/// An authorization response as one JWT.
///
/// JARM (JWT Secured Authorization Response Mode), section 2.1.
public enum ResponseJWT: Sendable {
  /// The claims that are about the JWT; `iss` is part of the answer as well.
  private static let ownClaims: Set<String> = ["aud", "exp", "iat", "nbf", "jti"]
  /// The parameters that may be something else than a text: `expires_in` is a number.
  private static let numbers: Set<String> = ["expires_in"]
  /// Those that have a check of their own.
  private static let judgedAlone: Set<String> = ["iss", "state"]

  /// The parameters of the answer, in the order of the claims.
  public static func fields(of claims: JSONValue) -> [FormField] {
    (claims.members ?? []).filter { !ownClaims.contains($0.name) }.map {
      FormField($0.name, $0.value.string ?? $0.value.compactText)
    }
  }

  /// The parameters of an answer, also where one JWT carries them: to find out whose it is.
  ///
  /// Nothing is verified.
  public static func told(by fields: [FormField]) -> [FormField] {
    fields[AuthorizationResponse.responseField].flatMap { claims(in: $0) }.map {
      Self.fields(of: $0)
    }
      ?? fields
  }

  /// The parameters whose values are not of the kind that a form would carry, by name.
  static func mistyped(_ claims: JSONValue) -> [String] {
    (claims.members ?? []).filter { member in
      guard AuthorizationResponse.knownNames.contains(member.name), member.value.string == nil,
        !judgedAlone.contains(member.name)
      else { return false }
      return !numbers.contains(member.name) || member.value.integer == nil
    }.map(\.name)
  }

  /// The claims of a text, believed by nobody yet; nil when it cannot be read.
  public static func claims(in text: String) -> JSONValue? {
    (try? CompactJWS(text)).flatMap { try? $0.claims() }
  }

  /// The state in a text, believed by nobody yet; nil when there is none, or it cannot be read.
  static func state(in text: String) -> String? {
    claims(in: text)?["state"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether a text is encrypted: it has five segments.
  ///
  /// RFC 7516, section 7.1.
  static func isEncrypted(_ text: String) -> Bool {
    text.split(at: ".", omittingEmptySubsequences: false).count == 5
  }
}
