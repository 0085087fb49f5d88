import HybridFlow
import OpenID

/// What protects a value against changes on its way.
public struct LabProtection: Sendable {
  /// The message that carries the value.
  public enum Carrier: String, Sendable, Hashable, CaseIterable {
    /// The authorization response, through the front channel.
    case answer
    /// The token response.
    case tokens
    /// The userinfo response.
    case userinfo
    /// A claim of the first ID token, correctly signed by a faulty provider.
    case firstIDToken = "ID token through the browser"
    /// A claim of the second ID token.
    case secondIDToken = "ID token of the token endpoint"
    /// A claim of the ID token from a refresh.
    case refreshedIDToken = "refreshed ID token"
  }

  /// The name on the wire.
  public let name: String
  /// The message that carries it.
  public let carrier: Carrier
  /// The response types to which the row applies.
  public let types: [ResponseType]
  /// The checks that notice a change; empty when none does.
  public let guardedBy: [CheckID]
  /// Why that is so, in a sentence.
  public let why: String

  /// Whether a change is noticed, by a check or by the tenant.
  public var isProtected: Bool { !guardedBy.isEmpty || noticedByTenant }
  /// Whether the tenant or the API notices a change.
  public let noticedByTenant: Bool

  init(
    _ name: String, _ carrier: Carrier, types: [ResponseType] = ResponseType.allCases,
    by guards: [CheckID], tenant: Bool = false, _ why: String
  ) {
    self.name = name
    self.carrier = carrier
    self.types = types
    guardedBy = guards
    noticedByTenant = tenant
    self.why = why
  }
}

extension Lab {
  /// What protects each value, and what the protocol cannot protect.
  public static let protections: [LabProtection] = [
    LabProtection(
      "state", .answer, by: [.stateMatch],
      "The application compares it with what it sent, and refuses what does not come back."),
    LabProtection(
      "iss", .answer, by: [.responseIss, .responseIssVsIDToken],
      "It must be the configured issuer, and the one inside the ID token."),
    LabProtection(
      "id_token", .answer, types: LabFault.withIDToken,
      by: [.idTokenSignature, .idTokenStructure, .nonceMatch],
      "The signature covers every byte, and the nonce ties it to this run."),
    LabProtection(
      "code", .answer, types: LabFault.withIDToken, by: [.cHashMatch],
      "The signed ID token carries its hash."),
    LabProtection(
      "code", .answer, types: [.codeToken], by: [.responseTypeExact], tenant: true,
      "Nothing signed comes through the browser; the tenant refuses a code it does not know, or "
        + "one that was issued for another challenge."),
    LabProtection(
      "access_token", .answer, types: [.codeIDTokenToken], by: [.atHashMatch],
      "The signed ID token carries its hash."),
    LabProtection(
      "access_token", .answer, types: [.codeToken], by: [],
      "No signature in this answer covers it: an exchanged token looks like any other. It should "
        + "not be used for APIs."),
    LabProtection(
      "expires_in", .answer, types: LabFault.withAccessToken, by: [],
      "No hash covers it: how long the token really lives, only the API knows."),
    LabProtection(
      "token_type", .answer, types: LabFault.withAccessToken, by: [.tokenTypeFront],
      "Only Bearer was asked for; another kind is refused."),
    LabProtection(
      "id_token", .tokens, by: [.idTokenSignature, .idTokenStructure, .backIDTokenPresent],
      "The signature covers every byte."),
    LabProtection(
      "access_token", .tokens, by: [.backAtHash, .tokenResponseStatusJSON], tenant: true,
      "at_hash, when it is there, and the API, which verifies the token."),
    LabProtection(
      "token_type", .tokens, by: [.tokenTypeBack], "Only Bearer was negotiated."),
    LabProtection(
      "expires_in", .tokens, by: [],
      "Only TLS covers it: it is a hint, and the API decides."),
    LabProtection(
      "refresh_token", .tokens, by: [],
      "Only TLS covers it; a wrong one is noticed when it is used."),
    LabProtection(
      "scope", .tokens, by: [],
      "Only TLS covers it: a missing scope means that everything was granted."),
    LabProtection(
      "sub", .userinfo, by: [.userinfoSub], "It must be the subject of the ID token."),
    LabProtection(
      "email", .userinfo, by: [],
      "Plain JSON is covered by TLS only; a signed answer would be verified."),
    claim(
      "iss", .firstIDToken, by: [.idTokenIss, .idTokenIssPresent, .responseIssVsIDToken],
      "It must be the configured issuer."),
    claim(
      "aud", .firstIDToken, by: [.idTokenAud, .idTokenAudPresent, .idTokenAudExtra],
      "It must name this application and nobody else."),
    claim(
      "nonce", .firstIDToken, by: [.nonceMatch, .noncePresent],
      "It must be the one of the request."),
    claim(
      "c_hash", .firstIDToken, by: [.cHashMatch, .cHashPresent],
      "It is computed anew from the code beside it."),
    claim(
      "at_hash", .firstIDToken, types: [.codeIDTokenToken], by: [.atHashMatch, .atHashPresent],
      "It is computed anew from the access token beside it."),
    claim(
      "sub", .firstIDToken, by: [.secondIDTokenSub, .idTokenSubPresent],
      "It must be the subject of the second ID token."),
    claim(
      "exp", .firstIDToken, by: [],
      "How long a token lives is the provider’s word: only its type, and that it is not over, can "
        + "be checked."),
    claim(
      "iss", .secondIDToken, types: ResponseType.allCases, by: [.idTokenIss, .idTokenIssPresent],
      "It must be the configured issuer, and that of a first ID token."),
    claim(
      "nonce", .secondIDToken, types: ResponseType.allCases, by: [.backNonceMatch, .nonceMatch],
      "It must be the one of the request, before anything of the answer is used."),
    claim(
      "sub", .secondIDToken, by: [.secondIDTokenSub, .idTokenSubPresent],
      "It must be the subject of the first ID token."),
    claim(
      "sub", .secondIDToken, types: [.codeToken], by: [.userinfoSub, .idTokenSubPresent],
      "There is no first ID token to compare with; the userinfo names the person once more."),
    claim(
      "name", .secondIDToken, types: [.codeToken], by: [],
      "What is said of the person is the provider’s word; with one ID token nothing contradicts "
        + "it."),
    claim(
      "sub", .refreshedIDToken, types: ResponseType.allCases,
      by: [.refreshSameIssSubAud, .idTokenSubPresent], "It must be the subject of the sign-in."),
    claim(
      "aud", .refreshedIDToken, types: ResponseType.allCases,
      by: [.refreshSameIssSubAud, .idTokenAud], "It must still name this application."),
    claim(
      "auth_time", .refreshedIDToken, types: ResponseType.allCases, by: [.refreshSameIssSubAud],
      "It must be the time of the sign-in; only its absence is allowed."),
  ]

  private static func claim(
    _ name: String, _ carrier: LabProtection.Carrier,
    types: [ResponseType] = LabFault.withIDToken, by guards: [CheckID], _ why: String
  ) -> LabProtection {
    LabProtection(name, carrier, types: types, by: guards, why)
  }
}
