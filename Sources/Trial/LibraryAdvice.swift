import HybridFlow
import Lab
import OpenID

/// How a library of applications is told to make checks, as far as its manual says it.
public struct LibraryAdvice: Sendable {
  /// Its name.
  public let name: String
  /// The beginning or a part of its `User-Agent`, in lower case.
  let mark: String
  /// What to set, by the checks that it concerns.
  let rows: [(checks: Set<CheckID>, text: String)]

  /// The library that sends this `User-Agent`; nil for an unknown one.
  public static func of(userAgent: String?) -> LibraryAdvice? {
    guard let text = userAgent?.asciiLowercased else { return nil }
    return known.first { text.holds($0.mark) }
  }

  /// What to set so that the check is made; nil where nothing is known.
  public func advice(for fault: LabFault) -> String? {
    guard let check = fault.check else { return nil }
    return rows.first { $0.checks.contains(check) }?.text
  }

  private static let known: [LibraryAdvice] = [
    LibraryAdvice(
      name: "mod_auth_openidc", mark: "mod_auth_openidc",
      rows: [
        ([.idTokenIat], "OIDCIDTokenIatSlack is the allowed age of iat, in seconds."),
        (
          [.idTokenAlgAllowlist, .idTokenAlgNone],
          "OIDCIDTokenSignedResponseAlg names the one algorithm that is taken."
        ),
        ([.requestPKCE], "OIDCPKCEMethod S256 sends a code challenge."),
      ]),
    LibraryAdvice(
      name: "openid-client (Node.js)", mark: "openid-client/",
      rows: [
        (
          [.nonceMatch, .noncePresent, .backNonceMatch],
          "Version 6: pass expectedNonce to authorizationCodeGrant(); version 5: nonce among the "
            + "checks of callback()."
        ),
        (
          [.stateMatch],
          "Version 6: pass expectedState to authorizationCodeGrant(); version 5: state among the "
            + "checks of callback()."
        ),
        ([.authTime], "Pass maxAge (version 6) or max_age (version 5), as it was sent."),
        (
          [.requestPKCE],
          "Send code_challenge, and pass pkceCodeVerifier (version 6) or code_verifier (version 5)."
        ),
      ]),
    LibraryAdvice(
      name: "ASP.NET Core OpenIdConnect", mark: "microsoft asp.net core openidconnect",
      rows: [
        (
          [.nonceMatch, .noncePresent, .backNonceMatch],
          "ProtocolValidator.RequireNonce must stay true."
        ),
        ([.stateMatch], "ProtocolValidator.RequireStateValidation must stay true."),
        ([.idTokenAud], "TokenValidationParameters.ValidateAudience must stay true."),
        ([.idTokenIss], "TokenValidationParameters.ValidateIssuer must stay true."),
        ([.idTokenExp, .idTokenNbf], "TokenValidationParameters.ValidateLifetime must stay true."),
        ([.userinfoSub], "The handler compares sub when GetClaimsFromUserInfoEndpoint is set."),
      ]),
  ]
}

extension LabFault.Group {
  /// How much an attacker gains where the faults of the group are let through: the most first.
  public var seriousness: Int {
    let order: [LabFault.Group] = [
      .signature, .claims, .code, .replay, .csrf, .mixUp, .second, .hashes, .times, .api, .account,
      .tokenEndpoint, .cookie, .request, .configuration, .transport, .after, .jarm, .apple,
      .encryption, .certificate, .proof, .harmless,
    ]
    return order.firstIndex(of: self) ?? order.count
  }
}
