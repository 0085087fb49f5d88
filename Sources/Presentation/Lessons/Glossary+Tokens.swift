import OpenID

/// Names at the token endpoint, in tokens, and in keys.
extension Glossary {
  static let tokenRequest: [Group] = [
    Group(
      .rfc(6749, "4.1.3"),
      [
        "grant_type": "what is handed in: authorization_code, later refresh_token",
        "code": "the one-time ticket from stage 5",
        "redirect_uri": "the same address as in stage 2, letter by letter",
      ]),
    Group(
      .rfc(6749, "2.3.1"),
      [
        "client_id": "the application's name at this tenant",
        "client_secret":
          "the application's secret; with client_secret_basic it goes into the header",
      ]),
    Group(
      .rfc(7636, "4.5"),
      ["code_verifier": "what the challenge of stage 2 was made from: the same login goes on"]),
    Group(
      .rfc(7521, "4.2"),
      [
        "client_assertion": "a signed JWT in the place of the secret",
        "client_assertion_type": "says that the assertion is a JWT",
      ]),
    Group(
      .rfc(6749, "6"),
      [
        "refresh_token": "the long-lived ticket that fetches new tokens",
        "scope": "what the new access token shall allow; never more than before",
      ]),
    Group(.rfc(8707, "2"), ["resource": "the API that the access token is wanted for, as a URI"]),
    Group(Source.auth0, ["audience": "the API that the access token is wanted for"]),
  ]

  static let tokenResponse: [Group] = [
    Group(
      .rfc(6749, "5.1"),
      [
        "access_token": "the access token of the back channel; the one that the API gets",
        "token_type": "how the access token is to be used: Bearer, in any case",
        "expires_in": "seconds that the access token lives from now",
        "refresh_token": "fetches new tokens without the person; the most valuable of all",
        "scope": "what was granted; may be missing when it is all that was asked for",
      ]),
    Group(
      .core("3.1.3.3"),
      ["id_token": "an ID token straight from the tenant; may say more than a first one"]),
    Group(
      .rfc(6749, "5.2"),
      [
        "error": "a code that says why there are no tokens",
        "error_description": "the reason in words for developers; text from outside",
        "error_uri": "a page about the error",
      ]),
    Group(.rfc(9396, "7"), ["authorization_details": "rights granted in detail"]),
    Group(
      SpecReference("OAuth 2.0 Token Response registry", ""),
      [
        "device_secret": "lets other applications of the device share the login; a secret",
        "c_nonce": "a random value for a wallet's proof",
        "c_nonce_expires_in": "seconds that it can be used",
        "credential_identifiers": "the credentials that may be fetched",
        "nfv_token": "a token for network functions",
        "state": "comes back unchanged where it was sent", "iss": "who answers",
        "pct": "remembers claims for the next request (User-Managed Access)",
        "upgraded": "whether rights were added to an older token",
      ]),
    Group(
      Source.salesforce,
      [
        "instance_url": "the host of its APIs", "id": "where the person can be looked up",
        "issued_at": "when it was issued, in milliseconds",
        "signature": "a seal over id and issued_at; no signature of a JWT",
        "sfdc_*": "Salesforce's own",
      ]),
    Group(
      Source.google,
      ["refresh_token_expires_in": "seconds that the refresh token lives"]),
    Group(
      .rfc(8693, "2.2.1"), ["issued_token_type": "the kind of token that an exchange brought"]),
    Group(
      Source.keycloak,
      [
        "refresh_expires_in": "seconds that the refresh token lives",
        "not-before-policy": "tokens from before this time are void",
        "session_state": "names the session at the realm",
      ]),
    Group(
      Source.entra,
      [
        "ext_expires_in": "seconds that the access token may be used while the tenant is down",
        "client_info": "names the account, base64url JSON",
        "id_token_expires_in": "seconds that the ID token lives",
        "not_before": "from when on the access token is valid",
        "expires_on": "when the access token expires, as a time",
        "profile_info": "the account, base64url JSON",
        "error_codes": "Microsoft's own numbers of the error; to look up, not to decide by",
        "timestamp": "when the error happened",
        "trace_id": "names this request at Microsoft",
        "correlation_id": "names this run of requests at Microsoft",
        "suberror": "more about the error",
      ]),
  ]

  static let joseHeader: [Group] = [
    Group(
      .rfc(7515, "4.1"),
      [
        "alg": "how the token is signed; must be the algorithm that was expected",
        "kid": "which of the issuer's keys signed it",
        "typ": "what it is: JWT for most tokens, at+jwt for an access token of RFC 9068",
        "cty": "what the payload is; JWT when a token lies in a token",
        "crit": "names that must be understood, or else the token is refused",
        "jku": "where keys could be fetched; never followed, the token would vouch for itself",
        "jwk": "a key in the token itself; never trusted",
        "x5u": "where a certificate could be fetched; never followed",
        "x5c": "a certificate in the token itself; never trusted",
        "x5t": "SHA-1 thumbprint of the certificate of the key",
        "x5t#S256": "SHA-256 thumbprint of the certificate of the key",
      ]),
    Group(.rfc(7797, "3"), ["b64": "false when the payload is not base64url"]),
    Group(
      .rfc(7516, "4.1"),
      ["enc": "how the content is encrypted", "zip": "how the content was compressed"]),
    Group(
      .rfc(8225, "4"), ["ppt": "the kind of passport that a call carries"]),
    Group(.rfc(8555, "6.4.1"), ["url": "the address that this was signed for"]),
    Group(.rfc(9321, "3"), ["svt": "that the signature was looked at, as a token"]),
    Group(
      Source.federationClaims, ["trust_chain": "the statements from its issuer up to the top"]),
    Group(
      Source.ping, ["pi.*": "PingFederate's own"]),
    Group(
      .rfc(7519, "5.3"),
      ["iss": "who issued it, outside as well", "aud": "whom it is for, outside as well"]),
    Group(Source.entra, ["nonce": "marks access tokens that only Microsoft's own APIs can verify"]),
  ]

  static let idTokenClaims: [Group] = [
    Group(
      .core("2"),
      [
        "iss": "who issued it; must be the issuer we asked, letter by letter",
        "sub": "the person's lasting name at this issuer; nobody else ever gets it",
        "aud": "whom it is for; must contain our client id",
        "exp": "when it expires; afterwards it must not be taken",
        "iat": "when it was issued",
        "auth_time": "when the person signed in",
        "nonce": "our random value from stage 2; another one belongs to another request",
        "acr": "how strong the login was, as a class",
        "amr": "how the person proved themselves: pwd, otp, mfa",
        "azp": "the client that it was issued to; worth a look where it is not ours",
      ]),
    Group(
      .core("3.3.2.11"),
      [
        "c_hash": "left half of the code's digest; signed with this token, it binds the code",
        "at_hash": "left half of the access token's digest; signed with this token, it binds it",
      ]),
    Group(
      Source.fapi, ["s_hash": "left half of the state's digest; binds the state to this token"]),
    Group(
      .rfc(7519, "4.1"),
      ["nbf": "must not be taken before this time", "jti": "names this one token"]),
    Group(Source.frontChannelLogout, ["sid": "names the session at the tenant"]),
    Group(.core("5.6.2"), claimSources),
    Group(.core("7.4"), ["sub_jwk": "the key of a self-issued token"]),
    Group(.rfc(7800, "3.1"), ["cnf": "the key that the bearer must prove to have"]),
    Group(.rfc(7519, "4.2"), ownClaims),
  ]

  private static let claimSources: KeyValuePairs<String, String> = [
    "_claim_names": "claims that somebody else holds, and where",
    "_claim_sources": "who holds the claims named in _claim_names",
  ]

  private static let ownClaims: KeyValuePairs<String, String> = [
    "https://*": "a claim of the tenant's own; named by a URL so that none clashes",
    "http://*": "a claim of the tenant's own; named by a URL so that none clashes",
    "urn:*": "a claim of the tenant's own; named by a URN so that none clashes",
  ]

  static let accessTokenClaims: [Group] = [
    Group(
      .rfc(9068, "2.2"),
      [
        "iss": "who issued it; the API trusts this issuer's keys",
        "exp": "when it expires; afterwards the API refuses it",
        "aud": "which APIs it is for; each looks for its own name here",
        "sub": "whose data it opens: the person, or the client itself",
        "client_id": "the application that it was given to",
        "iat": "when it was issued",
        "jti": "names this one token; no other has the same",
      ]),
    Group(
      .rfc(9068, "2.2.1"),
      [
        "auth_time": "when the person signed in", "acr": "how strong the login was, as a class",
        "amr": "how the person proved themselves",
      ]),
    Group(.rfc(9068, "2.2.3"), ["scope": "what it allows, in words"]),
    Group(
      .rfc(9068, "2.2.3.1"),
      [
        "groups": "groups that the person belongs to", "roles": "roles that the person has",
        "entitlements": "single rights that the person has",
      ]),
    Group(.rfc(7519, "4.1"), ["nbf": "not valid before this time"]),
    Group(.rfc(7800, "3.1"), ["cnf": "the key that the bearer must prove to have"]),
    Group(
      .rfc(8693, "4"),
      ["act": "who acts in the person's place", "may_act": "who may act in the person's place"]),
    Group(.rfc(9396, "9.1"), ["authorization_details": "rights in detail"]),
    Group(Source.frontChannelLogout, ["sid": "names the session at the tenant"]),
    Group(
      Source.auth0,
      [
        "azp": "the application that it was given to", "gty": "the grant that it came from",
        "permissions": "rights of the person at this API, by their roles",
      ]),
    Group(.rfc(7519, "4.2"), ownClaims),
  ]

  static let userinfoMembers: [Group] = [
    Group(
      .core("5.3.2"),
      [
        "sub": "the person; must be that of the ID token, or all of this is dropped",
        "iss": "who answers, when the answer is signed",
        "aud": "whom the answer is for, when it is signed",
      ]),
    Group(
      .core("5.1.1"),
      [
        "formatted": "the whole address, ready for an envelope",
        "street_address": "street and house", "locality": "town", "region": "state or province",
        "postal_code": "postal code", "country": "country",
      ]),
    Group(.core("5.6.2"), claimSources),
    Group(.rfc(7519, "4.2"), ownClaims),
  ]

  static let clientAssertion: [Group] = [
    Group(
      .rfc(7523, "3"),
      [
        "iss": "the application itself: its client id", "sub": "the application itself, once more",
        "aud": "whom it is for: the tenant, by issuer or token endpoint",
        "exp": "when it expires; soon", "iat": "when it was made",
        "jti": "names this one assertion; the tenant takes it once",
        "nbf": "not valid before this time",
      ])
  ]

  static let keyMembers: [Group] = [
    Group(.rfc(7517, "5.1"), ["keys": "the keys of the issuer"]),
    Group(
      .rfc(7517, "4"),
      [
        "kty": "the kind of key: RSA, EC or OKP", "use": "what it is for: sig or enc",
        "key_ops": "what may be done with it", "alg": "the one algorithm it is for",
        "kid": "its name; tokens refer to it", "x5u": "where its certificate is",
        "x5c": "its certificate, with the chain", "x5t": "SHA-1 thumbprint of its certificate",
        "x5t#S256": "SHA-256 thumbprint of its certificate",
      ]),
    Group(
      .rfc(7518, "6"),
      [
        "n": "the modulus of an RSA key", "e": "the public exponent of an RSA key",
        "crv": "the curve", "x": "first coordinate of the point, or an OKP key whole",
        "y": "second coordinate",
        "d": "the private part; must never be published",
        "p": "a private prime; must never be published",
        "q": "a private prime; must never be published",
        "dp": "private; must never be published", "dq": "private; must never be published",
        "qi": "private; must never be published", "oth": "private; must never be published",
        "k": "a secret key; must never be published",
      ]),
    Group(
      .rfc(7518, "6.3.2.7"),
      [
        "r": "a private prime; never for the public", "t": "private; never for the public",
      ]),
    Group(
      SpecReference("IANA registry of JSON Web Key parameters", ""),
      [
        "pub": "the public part of a key of the type AKP",
        "priv": "the private part; never for the public",
        "ext": "whether a browser may give it out (Web Cryptography)",
        "iat": "when it was made", "nbf": "not to be used before this time",
        "exp": "not to be used after this time",
        "revoked": "when and why it was given up (OpenID Federation)",
      ]),
    Group(
      Source.entra,
      [
        "issuer": "the issuer whose tokens this key signs",
        "cloud_instance_name": "the cloud in which this key signs",
      ]),
  ]
}
