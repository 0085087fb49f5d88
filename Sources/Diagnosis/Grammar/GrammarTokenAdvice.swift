import HybridFlow

extension GrammarAdvice {
  /// ID tokens, their claims and their keys.
  static let tokenAdvice: [GrammarAdvice] = [
    GrammarAdvice(
      .audience, [.mismatch, .invalid, .failed, .unknown, .notAllowed, .malformed], .settings,
      "The audience (aud) is not the expected one: the token was issued for another client or API.",
      "Compare aud of the token with the client id, or with the API\u{2019}s identifier, that is"
        + " configured; in Keycloak an audience mapper adds one."),
    GrammarAdvice(
      .audience, [.missing], .settings,
      "No audience was asked for, or the token has none.",
      "Ask for the API with audience, resource or its scope, and let the provider put aud in."),
    GrammarAdvice(
      .issuer, [.mismatch, .invalid, .failed, .unknown, .malformed, .unsupported, .notAllowed],
      .settings,
      "The issuer that is configured is not the one that the discovery document or the token names.",
      "Copy issuer from the discovery document; it is compared character by character, with scheme,"
        + " path and a slash at the end."),
    GrammarAdvice(
      .issuer, [.missing], .settings,
      "The issuer is missing: it is not configured, or the answer came without iss.",
      "Set the issuer as the discovery document writes it; hand every parameter of the answer to"
        + " the library."),
    GrammarAdvice(
      .issuer, [.unreachable], .environment,
      "The application could not reach the issuer to read its discovery document.",
      "Fetch ISSUER/.well-known/openid-configuration with curl from the same machine or container."),
    GrammarAdvice(
      .key, [.unknown, .mismatch, .invalid, .malformed, .unsupported], .settings,
      "The key that the ID token names (kid) is not in the key set that the application has: keys"
        + " were rotated, or the token is of another issuer.",
      "Let the application fetch the JWKS again (restart it, or clear its cache), and compare kid of"
        + " the token with jwks_uri of its issuer."),
    GrammarAdvice(
      .key, [.missing, .lost], .settings,
      "The application has no keys to verify the ID token with: jwks_uri was not read or is empty.",
      "Let the application read the discovery document, or give it jwks_uri; look whether the key"
        + " set there holds a key for signatures, and the token a kid."),
    GrammarAdvice(
      .key, [.unreachable, .failed], .environment,
      "The application could not fetch the provider\u{2019}s keys (JWKS).",
      "Fetch jwks_uri with curl from the same machine or container; look at DNS, proxy and trusted"
        + " certificates there."),
    GrammarAdvice(
      .key, [.duplicate], .provider,
      "Several keys of the JWKS fit, and the token does not say which.",
      "The provider must put kid into the token\u{2019}s header when its key set has several keys."),
    GrammarAdvice(
      .algorithm, [.mismatch, .unsupported, .invalid, .notAllowed, .unknown], .settings,
      "The ID token is signed with another algorithm than the application takes.",
      "Set the client\u{2019}s ID token signing algorithm at the provider to the one that the"
        + " application expects (RS256 as a rule), or name the provider\u{2019}s in the application."
    ),
    GrammarAdvice(
      .algorithm, [.missing], .provider,
      "The token or the key says no algorithm.",
      "The provider must write alg into the token\u{2019}s header; set the expected one here."),
    GrammarAdvice(
      .signature, [.invalid, .failed, .mismatch, .malformed, .missing], .settings,
      "The token\u{2019}s signature does not verify with the keys that the application has: other"
        + " keys (another issuer, rotated keys), another algorithm, or for HS256 another secret.",
      "Compare iss, kid and alg of the token with the issuer whose JWKS was loaded; for HS256 compare"
        + " the client secret."),
    GrammarAdvice(
      .expiry, [.expired, .invalid, .failed, .mismatch], .environment,
      "The token has expired, or the clocks differ.",
      "Let both machines follow a time server, allow a minute of difference, and sign in again."),
    GrammarAdvice(
      .expiry, [.missing, .malformed], .provider,
      "The token has no usable exp.", "The provider must put exp into every ID token, in seconds."),
    GrammarAdvice(
      .signature, [.expired], .environment,
      "The token has expired, or the clocks differ; its signature is not what is wrong.",
      "Let both machines follow a time server, allow a minute of difference, and sign in again."),
    GrammarAdvice(
      .issuedAt, [.inFuture, .expired, .invalid, .failed, .mismatch], .environment,
      "The clocks of provider and application differ: iat or nbf of the token does not fit this"
        + " machine\u{2019}s time.",
      "Let both machines follow a time server; allow a minute of difference in the application."),
    GrammarAdvice(
      .issuedAt, [.missing, .malformed], .provider,
      "The token has no usable iat.", "The provider must put iat into every ID token, in seconds."),
    GrammarAdvice(
      .clock, [.mismatch, .tooLarge, .invalid, .inFuture, .expired], .environment,
      "The clocks of provider and application differ by more than is allowed.",
      "Let both machines follow a time server; allow a minute of difference in the application."),
    GrammarAdvice(
      .hash, [.mismatch, .invalid, .failed, .malformed], .provider,
      "c_hash or at_hash of the ID token does not fit the code or access token beside it: another"
        + " token or code stands beside it, or the provider makes the hash another way than the"
        + " specification.",
      "Decode the ID token beside its code and access token; the hash is the left half of the hash"
        + " of the token\u{2019}s ASCII, in base64url without padding."),
    GrammarAdvice(
      .hash, [.missing], .provider,
      "The ID token has no c_hash or at_hash where one is required.",
      "The provider must add c_hash when a code comes with the ID token, and at_hash when an access"
        + " token does."),
    GrammarAdvice(
      .encryption,
      [
        .unsupported, .malformed, .invalid, .failed, .unknown, .notAllowed, .mismatch, .missing,
        .unreachable,
      ], .settings,
      "The ID token is encrypted (JWE), and the application cannot decrypt it.",
      "Switch ID token encryption off for this client at the provider (no encryption key or"
        + " algorithm), or give the application its private key."),
    GrammarAdvice(
      .token, [.expired, .usedTwice, .notAllowed], .environment,
      "The token has expired or was revoked, or the clocks differ.",
      "Sign in again, or fetch a new token with the newest refresh token; let both machines follow a"
        + " time server."),
    GrammarAdvice(
      .token, [.inFuture], .environment,
      "The token is from the future for this machine: the clocks differ.",
      "Let both machines follow a time server; allow a minute of difference in the application."),
    GrammarAdvice(
      .token, [.missing], .settings,
      "A token is missing: it was not sent, or the answer of the token endpoint had none.",
      "Look at the token endpoint\u{2019}s answer; ask for openid for an ID token, and send an access"
        + " token as Authorization: Bearer."),
    GrammarAdvice(
      .token, [.malformed], .settings,
      "What came as a token is no readable JWT: it is opaque, encrypted, empty or cut off.",
      "Hand on the token alone; ask the provider for a token for that API, so that it is a JWT."),
    GrammarAdvice(
      .token, [.invalid, .failed, .mismatch], .settings,
      "A token was not accepted; the words do not say which of its rules is broken.",
      "Decode it (hybrid-flow decode) and compare iss, aud, exp and its key with what is configured."
    ),
    GrammarAdvice(
      .idToken, [.expired], .environment,
      "The ID token has expired, or the clocks differ.",
      "Let both machines follow a time server, allow a minute of difference, and sign in again."),
    GrammarAdvice(
      .idToken, [.inFuture], .environment,
      "The ID token is from the future for this machine: the clocks differ.",
      "Let both machines follow a time server; allow a minute of difference in the application."),
    GrammarAdvice(
      .idToken, [.missing], .settings,
      "No ID token came: openid was not among the scopes, or the response type does not bring one.",
      "Ask for the scope openid, and look whether the answer of the token endpoint has id_token."),
    GrammarAdvice(
      .idToken, [.malformed], .settings,
      "What came as ID token is no readable JWT: it is encrypted, opaque, cut off, or another token.",
      "Look at the token: a signed JWT has three parts with two dots, an encrypted one five; hand on"
        + " the ID token and not the access token."),
    GrammarAdvice(
      .idToken, [.invalid, .failed, .mismatch], .settings,
      "The ID token was not accepted; the words do not say which of its rules is broken.",
      "Decode the ID token (hybrid-flow decode) and compare iss, aud, exp, nonce and its key with"
        + " what is configured."),
    GrammarAdvice(
      .accessToken, [.expired], .settings,
      "The access token has expired.",
      "Fetch a new one, with the refresh token or by signing in again; compare the clocks."),
    GrammarAdvice(
      .accessToken, [.missing], .settings,
      "No access token came or was sent.",
      "Look at the answer of the token endpoint; send it as Authorization: Bearer, and ask for a"
        + " scope or audience of the API."),
    GrammarAdvice(
      .accessToken, [.invalid, .malformed, .mismatch, .unknown, .notAllowed], .settings,
      "The API does not accept the access token: it is opaque, expired, revoked, or of another"
        + " issuer or audience.",
      "Compare iss and aud with what the API expects; ask for a token for that API by audience,"
        + " resource or scope."),
    GrammarAdvice(
      .userInfoSubject, [.mismatch, .invalid], .provider,
      "sub of userinfo is not that of the ID token: they speak of different people.",
      "Ask userinfo with the access token of the same answer; otherwise it is the provider\u{2019}s"
        + " fault."),
    GrammarAdvice(
      .userInfoSubject, [.missing], .provider,
      "sub is missing in userinfo or the ID token.",
      "The provider must send sub in both; look at its claim mappings."),
    GrammarAdvice(
      .userInfoSubject, [.unreachable], .environment,
      "The userinfo endpoint could not be asked.",
      "Fetch it with curl and the access token from the same machine."),
  ]

  /// What stands around a login: addresses, certificates, metadata.
  static let aroundAdvice: [GrammarAdvice] = [
    GrammarAdvice(
      .certificate, [.invalid, .failed, .unknown, .missing, .unreachable], .environment,
      "The machine that asked does not trust the provider\u{2019}s certificate: its authority (CA) is"
        + " not known there, or the chain is not complete.",
      "Add the provider\u{2019}s CA certificate to what the application trusts (system store,"
        + " SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, truststore), and let the server send its whole chain."
    ),
    GrammarAdvice(
      .certificate, [.expired, .inFuture], .environment,
      "The provider\u{2019}s certificate is out of its dates, or this machine\u{2019}s clock is wrong.",
      "Renew the certificate, or set the clock."),
    GrammarAdvice(
      .certificate, [.mismatch], .environment,
      "The certificate is for another host name than the one that was asked.",
      "Use the name that the certificate is for, or have it issued for this one."),
    GrammarAdvice(
      .proxy,
      [.failed, .unreachable, .invalid, .missing, .notAllowed, .unknown, .expired], .environment,
      "A proxy on the way to the provider refuses the connection or is not reachable.",
      "Look at HTTPS_PROXY and NO_PROXY of the application: the proxy\u{2019}s address, its name and"
        + " password, and whether the provider is to be reached without it."),
    GrammarAdvice(
      .discovery, [.unreachable, .failed, .missing, .unknown, .invalid, .malformed], .settings,
      "The application could not read the provider\u{2019}s discovery document: the issuer is wrong"
        + " (it must be the issuer, not the .well-known address), or the address is not reachable"
        + " from there.",
      "Configure the issuer alone, without /.well-known/openid-configuration; fetch that address with"
        + " curl from the same machine or container."),
    GrammarAdvice(
      .discovery, [.mismatch], .settings,
      "The discovery document is of another issuer than the configured one.",
      "Copy issuer from the discovery document, character by character."),
  ]
}
