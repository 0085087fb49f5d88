import OpenID

/// Members of the discovery document.
extension Glossary {
  static let metadata: [Group] = [
    Group(
      .discovery("3"),
      [
        "issuer": "the tenant's name; the same in every ID token, letter by letter",
        "authorization_endpoint": "where the browser is sent to sign in",
        "token_endpoint": "where the application trades the code for tokens",
        "userinfo_endpoint": "where claims about the person can be fetched",
        "jwks_uri": "where the public keys are",
        "registration_endpoint": "where clients can register by themselves",
        "scopes_supported": "scopes that the tenant knows",
        "response_types_supported": "what it can answer with; look for code id_token",
        "response_modes_supported": "how answers travel; look for form_post",
        "grant_types_supported": "the kinds of grant that it knows",
        "acr_values_supported": "classes of authentication that it knows",
        "subject_types_supported": "whether sub is the same for all clients or differs",
        "id_token_signing_alg_values_supported": "how ID tokens are signed",
        "id_token_encryption_alg_values_supported": "how keys of ID tokens are encrypted",
        "id_token_encryption_enc_values_supported": "how ID tokens are encrypted",
        "userinfo_signing_alg_values_supported": "how userinfo can be signed",
        "userinfo_encryption_alg_values_supported": "how keys of userinfo are encrypted",
        "userinfo_encryption_enc_values_supported": "how userinfo can be encrypted",
        "request_object_signing_alg_values_supported": "how request objects can be signed",
        "request_object_encryption_alg_values_supported": "how keys of requests are encrypted",
        "request_object_encryption_enc_values_supported": "how requests can be encrypted",
        "token_endpoint_auth_methods_supported": "how clients may prove who they are",
        "token_endpoint_auth_signing_alg_values_supported": "how client assertions are signed",
        "display_values_supported": "kinds of login pages",
        "claim_types_supported": "normal, aggregated or distributed claims",
        "claims_supported": "claims that the tenant can give",
        "service_documentation": "a page for developers",
        "claims_locales_supported": "languages of claims",
        "ui_locales_supported": "languages of the pages",
        "claims_parameter_supported": "whether single claims can be asked for",
        "request_parameter_supported": "whether request objects are taken",
        "request_uri_parameter_supported": "whether they are fetched; true when left out",
        "require_request_uri_registration": "whether their addresses must be registered",
        "op_policy_uri": "what clients may do with the data that they get",
        "op_tos_uri": "terms of use",
      ]),
    Group(
      .rfc(8414, "2"),
      [
        "code_challenge_methods_supported": "PKCE methods; look for S256",
        "revocation_endpoint": "where tokens can be given back",
        "revocation_endpoint_auth_methods_supported": "how clients prove themselves there",
        "revocation_endpoint_auth_signing_alg_values_supported": "how assertions are signed there",
        "introspection_endpoint": "where APIs can ask about a token",
        "introspection_endpoint_auth_methods_supported": "how APIs prove themselves there",
        "introspection_endpoint_auth_signing_alg_values_supported": "how they sign there",
        "signed_metadata": "this document as a signed JWT",
      ]),
    Group(
      .rfc(9207, "3"),
      ["authorization_response_iss_parameter_supported": "whether answers name their sender"]),
    Group(
      .rfc(9126, "5"),
      [
        "pushed_authorization_request_endpoint": "where requests can be left beforehand",
        "require_pushed_authorization_requests": "whether they must be",
      ]),
    Group(
      .rfc(9101, "10.5"), ["require_signed_request_object": "whether requests must be signed"]),
    Group(
      .rfc(8705, "5"),
      ["mtls_endpoint_aliases": "other addresses for clients with certificates"]),
    Group(
      .rfc(8705, "3.3"),
      ["tls_client_certificate_bound_access_tokens": "tokens can be bound to a certificate"]),
    Group(.rfc(9449, "5.1"), ["dpop_signing_alg_values_supported": "how DPoP proofs are signed"]),
    Group(
      .rfc(8628, "4"),
      ["device_authorization_endpoint": "where devices without a browser begin"]),
    Group(
      .rfc(9396, "10"),
      ["authorization_details_types_supported": "kinds of detailed rights"]),
    Group(
      SpecReference("OpenID Connect RP-Initiated Logout 1.0", "2.1"),
      ["end_session_endpoint": "where the browser is sent to sign out"]),
    Group(
      SpecReference("OpenID Connect Session Management 1.0", "3.3"),
      ["check_session_iframe": "page that watches the session"]),
    Group(
      Source.frontChannelLogout,
      [
        "frontchannel_logout_supported": "logout is told through the browser",
        "frontchannel_logout_session_supported": "and it names the session",
      ]),
    Group(
      Source.backChannelLogout,
      [
        "backchannel_logout_supported": "logout is told from server to server",
        "backchannel_logout_session_supported": "and it names the session",
      ]),
    Group(Source.promptCreate, ["prompt_values_supported": "values that prompt may have"]),
    Group(
      Source.ciba,
      [
        "backchannel_authentication_endpoint": "where a login without a browser begins",
        "backchannel_token_delivery_modes_supported": "how its tokens are delivered",
        "backchannel_authentication_request_signing_alg_values_supported": "how it is signed",
        "backchannel_user_code_parameter_supported": "whether it takes a code of the person",
      ]),
    Group(
      SpecReference("JWT Secured Authorization Response Mode 1.0", "4"),
      [
        "authorization_signing_alg_values_supported": "how whole answers can be signed",
        "authorization_encryption_alg_values_supported": "how keys of answers are encrypted",
        "authorization_encryption_enc_values_supported": "how answers can be encrypted",
      ]),
    Group(
      Source.identityAssurance,
      ["verified_claims_supported": "whether claims come with their proof"]),
    Group(
      Source.entra,
      [
        "tenant_region_scope": "where the tenant lives",
        "cloud_instance_name": "the cloud in which the tenant lives",
        "cloud_graph_host_name": "the host of Microsoft Graph in that cloud",
        "msgraph_host": "the host of Microsoft Graph",
        "rbac_url": "where roles are looked up", "kerberos_endpoint": "Kerberos for devices",
      ]),
    Group(Source.auth0, ["mfa_challenge_endpoint": "where a second factor is asked for"]),
  ]
}
