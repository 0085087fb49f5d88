import OpenID

/// Error codes, and values with a meaning of their own.
extension Glossary {
  static let errorCodes: [Group] = [
    Group(
      .rfc(6749, "4.1.2.1"),
      [
        "invalid_request": "a parameter is missing, repeated or malformed",
        "unauthorized_client": "this client may not use this flow",
        "access_denied": "the person or the tenant said no",
        "unsupported_response_type": "the tenant does not give this combination of answers",
        "invalid_scope": "a scope is unknown, malformed or not allowed",
        "server_error": "the tenant broke; try again later",
        "temporarily_unavailable": "the tenant is overloaded or being repaired",
      ]),
    Group(
      .core("3.1.2.6"),
      [
        "interaction_required": "the person would have to do something, but prompt is none",
        "login_required": "nobody is signed in, but prompt is none",
        "account_selection_required": "an account must be chosen, but prompt is none",
        "consent_required": "consent is missing, but prompt is none",
        "invalid_request_uri": "the request object could not be fetched",
        "invalid_request_object": "the request object is invalid",
        "request_not_supported": "the tenant takes no request objects",
        "request_uri_not_supported": "the tenant fetches no request objects",
        "registration_not_supported": "the tenant takes no registration in a request",
      ]),
    Group(
      .rfc(6749, "5.2"),
      [
        "invalid_client": "the client could not prove who it is",
        "invalid_grant":
          "code or refresh token used, expired, revoked, or of another client or address",
        "unsupported_grant_type": "the token endpoint does not take this kind of grant",
      ]),
    Group(
      .rfc(6750, "3.1"),
      [
        "invalid_token": "the access token is expired, revoked, malformed or not for this API",
        "insufficient_scope": "the access token is good, but does not allow this",
      ]),
    Group(
      .rfc(8707, "2"), ["invalid_target": "the API that was asked for is unknown or not allowed"]),
    Group(.rfc(7009, "2.2.1"), ["unsupported_token_type": "such tokens cannot be revoked here"]),
    Group(
      .rfc(9449, "5"), ["invalid_dpop_proof": "the DPoP proof is invalid"]),
    Group(
      .rfc(9449, "8"), ["use_dpop_nonce": "the DPoP proof must contain the tenant's nonce"]),
    Group(
      .rfc(9396, "5"), ["invalid_authorization_details": "a detailed right is not understood"]),
    Group(
      .rfc(9470, "3"),
      ["insufficient_user_authentication": "the API wants a stronger or fresher login"]),
    Group(
      SpecReference("OpenID Connect Unmet Authentication Requirements 1.0", "2"),
      ["unmet_authentication_requirements": "the login cannot be as strong as was asked"]),
    Group(
      Source.okta, ["unsupported_response_mode": "the answer cannot travel in this way"]),
    Group(
      Source.auth0,
      [
        "unauthorized": "no valid token came, or the login was refused",
        "mfa_required": "a second factor is needed first",
        "too_many_attempts": "the account is blocked after too many wrong passwords",
        "too_many_requests": "the tenant takes no more requests for a while",
        "requires_verification": "the login looks suspicious",
      ]),
    Group(
      Source.google,
      [
        "redirect_uri_mismatch": "the redirect URI is not registered",
        "org_internal": "the application is for one organization only",
        "deleted_client": "the client has been deleted",
        "admin_policy_enforced": "an administrator does not allow these scopes",
      ]),
    Group(Source.keycloak, ["temporarily_disabled": "the account is blocked for a while"]),
  ]

  static let values: [Group] = [
    Group(
      .multipleResponseTypes("5"),
      [
        "code id_token":
          "a code and an ID token: the hybrid type without tokens for APIs in the browser",
        "code token": "a code and an access token; nothing signed protects them",
        "code id_token token": "a code, an ID token and an access token",
        "query": "the answer in the address; forbidden for the hybrid flow",
        "fragment": "the answer behind the #, where servers do not see it; the hybrid default",
      ]),
    Group(
      .core("3"),
      [
        "code": "a code only: the authorization code flow",
        "id_token": "an ID token only: the implicit flow",
        "id_token token": "an ID token and an access token: the implicit flow",
      ]),
    Group(.formPost("2"), ["form_post": "the answer as a form that the browser posts"]),
    Group(
      Source.auth0, ["web_message": "the answer to a script in the page that asked"]),
    Group(
      Source.jarm,
      [
        "jwt": "the answer as one signed JWT", "form_post.jwt": "one signed JWT, posted by a form",
        "query.jwt": "one signed JWT in the address",
        "fragment.jwt": "one signed JWT behind the #",
      ]),
    Group(
      .core("5.4"),
      [
        "openid": "makes it an OpenID Connect request: an ID token comes",
        "profile": "name, picture and other claims of the profile",
        "email": "e-mail address, and whether it is verified", "address": "postal address",
        "phone": "telephone number, and whether it is verified",
      ]),
    Group(
      .core("11"),
      ["offline_access": "asks for a refresh token, which usually takes the person's consent"]),
    Group(
      .core("3.1.2.1"),
      [
        "none": "no page may be shown, no signature or no authentication, by its place",
        "login": "sign in again, even with a session", "consent": "ask for consent again",
        "select_account": "choose an account first",
      ]),
    Group(Source.promptCreate, ["create": "sign up first"]),
    Group(
      .rfc(7636, "4.2"),
      [
        "S256": "the challenge is the SHA-256 of the verifier",
        "plain": "the challenge is the verifier itself; protects little",
      ]),
    Group(
      .rfc(6749, "4"),
      [
        "authorization_code": "a code is traded for tokens",
        "refresh_token": "a refresh token is traded for tokens",
        "client_credentials": "the client asks in its own name",
        "implicit": "tokens straight from the authorization endpoint",
        "password": "the client sends the person's password; must not be used any more",
      ]),
    Group(
      .core("9"),
      [
        "client_secret_basic": "id and secret in the Authorization header",
        "client_secret_post": "id and secret in the body",
        "client_secret_jwt": "a JWT signed with the secret",
        "private_key_jwt": "a JWT signed with the client's private key",
      ]),
    Group(
      .rfc(8705, "2"),
      [
        "tls_client_auth": "a certificate of the client",
        "self_signed_tls_client_auth": "a certificate that the client made itself",
      ]),
    Group(
      .rfc(7523, "2.2"),
      [
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer": "the assertion is a JWT"
      ]),
    Group(.rfc(6750, "1.2"), ["Bearer": "anyone who has it may use it", "bearer": "the same"]),
    Group(.rfc(9449, "5"), ["DPoP": "only who has the key may use it"]),
    Group(
      .rfc(7518, "3.1"),
      [
        "RS256": "RSA signature with SHA-256; the default of OpenID Connect",
        "RS384": "RSA signature with SHA-384", "RS512": "RSA signature with SHA-512",
        "PS256": "RSA-PSS signature with SHA-256", "PS384": "RSA-PSS signature with SHA-384",
        "PS512": "RSA-PSS signature with SHA-512",
        "ES256": "signature on the curve P-256 with SHA-256",
        "ES384": "signature on the curve P-384 with SHA-384",
        "ES512": "signature on the curve P-521 with SHA-512",
        "HS256": "keyed digest; everybody who can check it can also forge it",
        "HS384": "keyed digest with SHA-384", "HS512": "keyed digest with SHA-512",
      ]),
    Group(.rfc(8037, "3.1"), ["EdDSA": "Edwards-curve signature"]),
    Group(
      .rfc(7518, "4.1"),
      [
        "RSA-OAEP": "the content key, encrypted with the receiver's RSA key",
        "RSA-OAEP-*": "the content key, encrypted with the receiver's RSA key, with SHA-2",
        "RSA1_5": "an older way for RSA keys, with a known attack; not taken here",
        "ECDH-ES": "the content key is agreed between a passing key and the receiver's",
        "ECDH-ES+*": "the content key, wrapped with a key that was agreed",
        "dir": "the content key is one that both sides know",
        "A128KW": "the content key, wrapped with a key of 128 bits that both know",
        "A192KW": "the content key, wrapped with a key of 192 bits that both know",
        "A256KW": "the content key, wrapped with a key of 256 bits that both know",
        "A128GCMKW": "the content key, under AES-GCM with a key of 128 bits that both know",
        "A192GCMKW": "the content key, under AES-GCM with a key of 192 bits that both know",
        "A256GCMKW": "the content key, under AES-GCM with a key of 256 bits that both know",
      ]),
    Group(
      .rfc(7518, "5.1"),
      [
        "A128CBC-HS256": "AES with a keyed digest of 256 bits; the default of enc",
        "A192CBC-HS384": "AES with a keyed digest of 384 bits",
        "A256CBC-HS512": "AES with a keyed digest of 512 bits",
        "A128GCM": "AES that encrypts and authenticates at once, with 128 bits",
        "A192GCM": "AES that encrypts and authenticates at once, with 192 bits",
        "A256GCM": "AES that encrypts and authenticates at once, with 256 bits",
      ]),
    Group(.rfc(9101, "10.8"), ["oauth-authz-req+jwt": "a signed request, and nothing else"]),
    Group(.rfc(9449, "4.2"), ["dpop+jwt": "a DPoP proof, and nothing else"]),
    Group(.rfc(7519, "5.1"), ["JWT": "a JSON Web Token"]),
    Group(
      .rfc(9068, "2.1"),
      [
        "at+jwt": "an access token; keeps ID tokens from being used as one",
        "application/at+jwt": "an access token, written in full",
      ]),
    Group(
      .rfc(8176, "2"),
      [
        "pwd": "a password", "otp": "a one-time password", "mfa": "more than one factor",
        "sms": "a code by text message", "hwk": "a key in hardware", "swk": "a key in software",
        "fpt": "a fingerprint", "face": "a face", "pin": "a PIN", "kba": "questions and answers",
        "rba": "risk was weighed", "user": "a test that somebody is there",
        "sc": "a smart card", "tel": "a phone call", "wia": "Windows integrated login",
        "mca": "more than one channel", "vbm": "a voice", "iris": "an iris", "retina": "a retina",
        "geo": "where the person is",
      ]),
    Group(
      .core("8"),
      [
        "public": "sub is the same for all clients",
        "pairwise": "sub differs from client to client",
      ]),
    Group(
      .core("5.6"),
      [
        "normal": "claims that the tenant itself vouches for",
        "aggregated": "claims that somebody else has signed",
        "distributed": "claims that must be fetched elsewhere",
      ]),
    Group(.rfc(7517, "4.2"), ["sig": "for signatures", "enc": "for encryption"]),
    Group(
      .rfc(7518, "6.1"),
      ["RSA": "an RSA key", "EC": "a key on an elliptic curve", "oct": "a secret key"]),
    Group(.rfc(8037, "2"), ["OKP": "a key on an Edwards or Montgomery curve"]),
  ]
}
