import OpenID

/// The rows of the ID token, its hash claims and what follows from them.
extension CheckID {
  static let idTokenRows: [Row] = [
    (
      .idTokenStructure, .error,
      "three strict base64url segments, JSON objects, no repeated names",
      "tricks with parsers that read differently",
      .rfc(7515, "5.2")
    ),
    (
      .idTokenAlgNone, .error,
      "the token is signed",
      "a token anybody could have written",
      .core("2")
    ),
    (
      .idTokenAlgAllowlist, .error,
      "alg is the expected one",
      "algorithm confusion, such as RS256 taken for HS256",
      .core("3.1.3.7 (7)")
    ),
    (
      .idTokenCrit, .error,
      "crit names nothing that is not understood",
      "an extension that changes what the signature means",
      .rfc(7515, "4.1.11")
    ),
    (
      .idTokenNoRemoteKey, .error,
      "the header brings no key of its own",
      "a token that vouches for itself",
      .core("2")
    ),
    (
      .idTokenTyp, .warning,
      "typ, if there, is JWT",
      "a token of another kind, such as an access token, taken for an ID token",
      .rfc(8725, "3.11")
    ),
    (
      .idTokenKidKnown, .error,
      "the key that kid names is among the issuer’s, after one more look at most",
      "a rotated key, or the token of another tenant",
      .core("10.1.1")
    ),
    (
      .idTokenKidAbsentSingle, .information,
      "without kid, the only fitting key is used",
      "a provider with one key may leave kid out",
      .core("10.1")
    ),
    (
      .idTokenKidAbsentMultiple, .warning,
      "with several fitting keys, kid is there",
      "confusion about which key signed",
      .core("10.1")
    ),
    (
      .idTokenSignature, .error,
      "the signature verifies with the issuer’s key",
      "a forged or altered token",
      .core("3.1.3.7 (6)")
    ),
    (
      .idTokenIss, .error,
      "iss is the issuer, byte for byte",
      "the token of another tenant; mix-up",
      .core("3.1.3.7 (2)")
    ),
    (
      .idTokenIssPresent, .error,
      "iss is there and a string",
      "a token nobody answers for",
      .core("2")
    ),
    (
      .idTokenSubPresent, .error,
      "sub is a string of 1 to 255 ASCII characters",
      "a token about nobody",
      .core("2")
    ),
    (
      .idTokenAudPresent, .error,
      "aud is there",
      "a token for anybody",
      .core("2")
    ),
    (
      .idTokenAud, .error,
      "aud contains our client id",
      "a token made for another application",
      .core("3.1.3.7 (3)")
    ),
    (
      .idTokenAudExtra, .error,
      "aud names nobody we do not trust",
      "a token shared with another application",
      .core("3.1.3.7 (3)")
    ),
    (
      .idTokenAzp, .warning,
      "azp, if there, is our client id",
      "a token issued to another party",
      .core("3.1.3.7 (5)")
    ),
    (
      .idTokenExpPresent, .error,
      "exp is there and a number",
      "a token that never ends",
      .core("2")
    ),
    (
      .idTokenExp, .error,
      "the token has not expired",
      "an old token, or a clock that is wrong",
      .core("3.1.3.7 (9)")
    ),
    (
      .idTokenLifetime, .warning,
      "the token ends within \(ClaimChecks.endsWithinSecondsMaximum / 86_400) days",
      "a token that is good for years once it has leaked",
      .core("2")
    ),
    (
      .idTokenIatPresent, .error,
      "iat is there and a number",
      "a token of unknown age",
      .core("2")
    ),
    (
      .idTokenIat, .warning,
      "iat is neither in the future nor long ago",
      "a replayed token, or a clock that is wrong",
      .core("3.1.3.7 (10)")
    ),
    (
      .idTokenNbf, .error,
      "nbf, if there, is not in the future",
      "a token dated ahead, or a clock that is wrong",
      .rfc(7519, "4.1.5")
    ),
    (
      .noncePresent, .error,
      "nonce is there when one was sent",
      "a token with its nonce stripped off",
      .core("3.1.3.7 (11)")
    ),
    (
      .nonceMatch, .error,
      "nonce is the one that was sent",
      "a replayed ID token",
      .core("3.1.3.7 (11)")
    ),
    (
      .authTime, .warning,
      "auth_time is there and fresh when max_age was sent",
      "an old session passed off as a new login",
      .core("3.1.3.7 (13)")
    ),
    (
      .acr, .warning,
      "acr is one that was asked for",
      "a weaker login than was wanted",
      .core("3.1.3.7 (12)")
    ),
  ]

  static let hashRows: [Row] = [
    (
      .cHashPresent, .error,
      "the first ID token has c_hash",
      "a code that could be swapped unseen",
      .core("3.3.2.11")
    ),
    (
      .cHashMatch, .error,
      "c_hash is the left half of the code’s digest",
      "an injected code",
      .core("3.3.2.10")
    ),
    (
      .atHashPresent, .error,
      "the first ID token has at_hash when an access token comes along",
      "an access token that could be swapped unseen",
      .core("3.3.2.11")
    ),
    (
      .atHashMatch, .error,
      "at_hash is the left half of the access token’s digest",
      "an injected access token",
      .core("3.3.2.9")
    ),
    (
      .sHashMatch, .error,
      "s_hash, if there, belongs to our state",
      "a swapped state",
      SpecReference("FAPI 1.0 Advanced", "5.2.3.1")
    ),
    (
      .noExchangeBeforeFrontOK, .error,
      "the code is not sent before every check of stage 5 has passed",
      "an application that acts on a forged answer",
      .core("3.3.2.12")
    ),
    (
      .codeExchangeOnce, .error,
      "the code is sent once",
      "invalid_grant, and perhaps tokens revoked",
      .rfc(6749, "4.1.2")
    ),
    (
      .redirectURISame, .error,
      "redirect_uri is the same in both requests",
      "invalid_grant",
      .rfc(6749, "4.1.3")
    ),
    (
      .issuerBoundEndpoint, .error,
      "the token endpoint is the one of the issuer that was asked",
      "mix-up: the code handed to another provider",
      .rfc(9700, "4.4")
    ),
  ]
}
