import OpenID

/// Answers about tokens, requests and clients, and the attributes of a cookie.
extension Glossary {
  static let introspection: [Group] = [
    Group(
      .rfc(7662, "2.2"),
      [
        "active": "whether the token is good; all else is only said when it is",
        "scope": "what the token allows, in words",
        "client_id": "the application that the token was given to",
        "username": "the person's name, for people",
        "token_type": "how the token is to be used: Bearer or DPoP",
        "exp": "when it expires", "iat": "when it was issued",
        "nbf": "not valid before this time", "sub": "whose data it opens",
        "aud": "which APIs it is for; each looks for its own name here", "iss": "who issued it",
        "jti": "names this one token",
      ]),
    Group(
      .rfc(6749, "5.2"),
      [
        "error": "a code that says why there is no answer",
        "error_description": "the reason in words for developers; text from outside",
      ]),
    Group(
      Source.keycloak,
      ["permissions": "rights by User-Managed Access", "access_token": "the token once more"]),
  ]

  static let pushedResponse: [Group] = [
    Group(
      .rfc(9126, "2.2"),
      [
        "request_uri": "stands for the whole request; the browser brings this in its place",
        "expires_in": "seconds in which it can be used, once",
      ]),
    Group(
      .rfc(9126, "2.3"),
      [
        "error": "a code that says why the request was not taken",
        "error_description": "the reason in words for developers; text from outside",
      ]),
  ]

  static let registration: [Group] = [
    Group(
      .rfc(7591, "3.2.1"),
      [
        "client_id": "the application's name at this tenant",
        "client_secret": "the application's secret; keep it",
        "client_id_issued_at": "when it was registered",
        "client_secret_expires_at": "when the secret expires; 0 for never",
      ]),
    Group(
      .rfc(7592, "3"),
      [
        "registration_access_token": "the right to change this registration; a secret",
        "registration_client_uri": "where it can be read and changed",
      ]),
    Group(
      .rfc(7591, "2"),
      [
        "redirect_uris": "where answers may go, letter by letter",
        "token_endpoint_auth_method": "how the client proves who it is",
        "grant_types": "grants that it may use; the hybrid flow needs two of them",
        "response_types": "what it may ask for; look for code id_token",
        "client_name": "its name for people", "client_uri": "its page",
        "logo_uri": "its logo", "scope": "scopes that it may ask for",
        "contacts": "whom to write to", "tos_uri": "its terms of use",
        "policy_uri": "what it does with data", "jwks_uri": "where its public keys are",
        "jwks": "its public keys", "software_id": "names the software",
        "software_version": "version of the software",
        "software_statement": "what somebody vouches for, as a signed JWT",
      ]),
    Group(
      SpecReference("OpenID Connect Dynamic Client Registration 1.0", "2"),
      [
        "application_type": "web or native: which redirect URIs it may have",
        "sector_identifier_uri": "clients that shall see the same sub",
        "subject_type": "whether sub is the same for all clients or differs",
        "id_token_signed_response_alg": "how its ID tokens are signed",
        "id_token_encrypted_response_alg": "how keys of its ID tokens are encrypted",
        "id_token_encrypted_response_enc": "how its ID tokens are encrypted",
        "userinfo_signed_response_alg": "how its userinfo is signed",
        "userinfo_encrypted_response_alg": "how keys of its userinfo are encrypted",
        "userinfo_encrypted_response_enc": "how its userinfo is encrypted",
        "request_object_signing_alg": "how its requests are signed",
        "request_object_encryption_alg": "how keys of its requests are encrypted",
        "request_object_encryption_enc": "how its requests are encrypted",
        "token_endpoint_auth_signing_alg": "how its client assertions are signed",
        "default_max_age": "how many seconds ago the last login may be, if it does not ask",
        "require_auth_time": "whether auth_time must come",
        "default_acr_values": "classes of authentication, if it does not ask",
        "initiate_login_uri": "where others may start its login",
        "request_uris": "where its request objects stand",
      ]),
    Group(
      SpecReference("OpenID Connect RP-Initiated Logout 1.0", "3.1"),
      ["post_logout_redirect_uris": "where the browser may go after a logout"]),
    Group(
      Source.frontChannelLogout,
      [
        "frontchannel_logout_uri": "where it is told of a logout, through the browser",
        "frontchannel_logout_session_required": "and whether the session must be named",
      ]),
    Group(
      Source.backChannelLogout,
      [
        "backchannel_logout_uri": "where it is told of a logout, by the server",
        "backchannel_logout_session_required": "and whether the session must be named",
      ]),
    Group(
      .rfc(9126, "6"),
      ["require_pushed_authorization_requests": "whether its requests must be pushed"]),
    Group(.rfc(9101, "10.5"), ["require_signed_request_object": "whether they must be signed"]),
    Group(
      .rfc(8705, "2.1.2"),
      [
        "tls_client_auth_*": "what its TLS certificate must have",
        "tls_client_certificate_bound_access_tokens": "its tokens are bound to its certificate",
      ]),
    Group(.rfc(9449, "5.2"), ["dpop_bound_access_tokens": "its tokens are bound to its key"]),
    Group(
      .rfc(9396, "10"), ["authorization_details_types": "kinds of detailed rights it asks for"]),
    Group(
      .rfc(9701, "6"),
      [
        "introspection_signed_response_alg": "how answers to it about tokens are signed",
        "introspection_encrypted_response_alg": "how keys of such answers are encrypted",
        "introspection_encrypted_response_enc": "how such answers are encrypted",
      ]),
    Group(
      SpecReference("JWT Secured Authorization Response Mode 1.0", "3"),
      [
        "authorization_signed_response_alg": "how whole answers to it are signed",
        "authorization_encrypted_response_alg": "how keys of such answers are encrypted",
        "authorization_encrypted_response_enc": "how such answers are encrypted",
      ]),
    Group(
      Source.ciba,
      [
        "backchannel_token_delivery_mode": "how it gets tokens of a login without a browser",
        "backchannel_client_notification_endpoint": "where it is told that they are there",
        "backchannel_authentication_request_signing_alg": "how it signs such requests",
        "backchannel_user_code_parameter": "whether the person has to type a code",
      ]),
    Group(
      Source.federation,
      [
        "client_registration_types": "how it becomes known in the federation",
        "organization_name": "who runs it", "signed_jwks_uri": "its public keys, signed",
      ]),
    Group(
      Source.nativeSSO, ["use_mtls_endpoint_aliases": "it calls the addresses for certificates"]),
    Group(
      Source.okta,
      [
        "consent_method": "whether the person is asked", "issuer_mode": "which issuer tokens name",
        "wildcard_redirect": "whether redirect URIs may have a star",
        "participate_slo": "whether it takes part in logouts",
        "idp_initiated_login": "whether the tenant may start a login",
      ]),
    Group(
      Source.custom,
      [
        "skip_consent": "whether the person is not asked", "audience": "APIs that it may name",
        "access_token_strategy": "how its access tokens look", "metadata": "data of its own",
        "owner": "whose client it is", "created_at": "when it was made",
        "updated_at": "when it was changed", "*_lifespan": "how long such tokens live",
        "ext_*": "a member of the product's own", "*_cors_origins": "web pages that may call",
      ]),
    Group(
      .rfc(7591, "3.2.2"),
      [
        "error": "a code that says why nothing was registered",
        "error_description": "the reason in words for developers; text from outside",
      ]),
  ]

  /// RFC 6265, section 4.1, and its revision.
  static let cookieAttributes: [Group] = [
    Group(
      .rfc(6265, "4.1.2"),
      [
        "Expires": "until when the browser keeps it", "Max-Age": "seconds that it keeps it",
        "Domain": "also sent to hosts below this one; absent: only to the host that set it",
        "Path": "sent only below this path", "Secure": "sent over https only",
        "HttpOnly": "scripts of the page cannot read it",
      ]),
    Group(
      SpecReference("RFC 6265bis", "4.1.2.7"),
      ["SameSite": "None: also with a cross-site form post; Lax and Strict: not with one"]),
    Group(
      SpecReference("CHIPS (draft)", ""), ["Partitioned": "kept apart for each page around it"]),
    Group(Source.custom, ["Priority": "which cookies Chrome drops last"]),
  ]
}
