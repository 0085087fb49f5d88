import OpenID

/// Members of discovery documents beyond OpenID Connect Discovery: registered ones of other
/// specifications, and those of single products.
extension Glossary {
  static let furtherMetadata: [Group] = [
    Group(
      .rfc(9701, "7"),
      [
        "introspection_signing_alg_values_supported": "how answers about a token can be signed",
        "introspection_encryption_alg_values_supported": "how keys of such answers are encrypted",
        "introspection_encryption_enc_values_supported": "how such answers can be encrypted",
      ]),
    Group(.rfc(9728, "4"), ["protected_resources": "the APIs that this server gives tokens for"]),
    Group(
      Source.federation,
      [
        "client_registration_types_supported": "how clients of the federation become known",
        "federation_registration_endpoint": "where clients of the federation register",
        "request_authentication_methods_supported": "how unregistered clients prove themselves",
        "request_authentication_signing_alg_values_supported": "how their requests are signed",
        "client_registration_authn_methods_supported": "an older name of the same methods",
        "signed_jwks_uri": "where the public keys are, as a signed JWT",
        "jwks": "the public keys, in the document itself",
        "organization_name": "who runs it", "organization_uri": "the page of who runs it",
        "homepage_uri": "the page of who runs it, by an older name",
        "logo_uri": "the logo of who runs it", "policy_uri": "what is done with the data",
        "contacts": "whom to write to", "display_name": "its name for people",
        "description": "what it is, for people", "keywords": "words to find it by",
        "information_uri": "a page about it",
      ]),
    Group(
      Source.identityAssurance,
      [
        "trust_frameworks_supported": "rules by which claims are proved",
        "evidence_supported": "kinds of proof for claims",
        "documents_supported": "identity documents that can be a proof",
        "documents_methods_supported": "how such documents are looked at",
        "documents_check_methods_supported": "how such documents are checked",
        "documents_validation_methods_supported": "how their being genuine is checked",
        "documents_verification_methods_supported": "how their holder is checked",
        "id_documents_supported": "identity documents, by an older name",
        "id_documents_verification_methods_supported": "how they are checked, by an older name",
        "electronic_records_supported": "electronic records that can be a proof",
        "claims_in_verified_claims_supported": "claims that can come with a proof",
        "attachments_supported": "whether proofs can be attached, inside or by address",
        "digest_algorithms_supported": "how attached proofs are hashed",
      ]),
    Group(
      Source.nativeSSO,
      ["native_sso_supported": "applications of one device can share a login"]),
    Group(
      Source.credentialIssuance,
      [
        "pre-authorized_grant_anonymous_access_supported":
          "wallets need no client id with a code that was given beforehand",
        "credential_issuer": "the name of the issuer of credentials",
        "credential_endpoint": "where a wallet fetches a credential",
        "deferred_credential_endpoint": "where a wallet fetches it later",
        "batch_credential_endpoint": "where a wallet fetches several",
        "notification_endpoint": "where a wallet tells what became of it",
        "nonce_endpoint": "where a wallet gets a fresh nonce",
        "credential_configurations_supported": "the credentials that it issues",
        "credentials_supported": "the credentials that it issues, by an older name",
        "authorization_servers": "which servers give access to its credentials",
        "display": "how it is to be shown, by language",
      ]),
    Group(
      Source.presentation,
      [
        "vp_formats_supported": "forms of credentials that can be shown to it",
        "client_id_schemes_supported": "forms that a client id may have",
        "client_id_prefixes_supported": "what a client id may begin with",
        "presentation_definition_uri_supported": "what is asked for may be given by address",
      ]),
    Group(
      Source.uma,
      [
        "uma_profiles_supported": "profiles of User-Managed Access that it knows",
        "permission_endpoint": "where an API asks for a right in the person's place",
        "resource_registration_endpoint": "where an API names what it guards",
        "claims_interaction_endpoint": "where missing claims are asked of a person",
        "policy_endpoint": "where the rules of access are kept",
      ]),
    Group(
      Source.attestation,
      [
        "client_attestation_signing_alg_values_supported": "how attestations of apps are signed",
        "client_attestation_pop_signing_alg_values_supported":
          "how an app's proof for its attestation is signed",
        "challenge_endpoint": "where an app gets a challenge for its proof",
      ]),
    Group(
      Source.draft,
      [
        "client_id_metadata_document_supported": "a client id may be the address of its metadata",
        "authorization_challenge_endpoint": "where an app signs in without a browser",
        "interactive_authorization_endpoint": "where a wallet signs in step by step",
        "incremental_authz_types_supported": "kinds of clients that may add rights later",
        "global_token_revocation_endpoint": "where all tokens of a person end",
        "global_token_revocation_endpoint_auth_methods_supported": "how callers authenticate",
        "status_list_aggregation_endpoint": "where all lists of revoked tokens are named",
        "identity_chaining_requested_token_types_supported": "tokens that pass between domains",
        "authorization_grant_profiles_supported": "kinds of grants that come from elsewhere",
      ]),
    Group(
      SpecReference("ETSI GS NFV-SEC 022", ""),
      [
        "nfv_token_signing_alg_values_supported": "how tokens of network functions are signed",
        "nfv_token_encryption_alg_values_supported": "how keys of such tokens are encrypted",
        "nfv_token_encryption_enc_values_supported": "how such tokens are encrypted",
      ]),
    Group(
      SpecReference("OAuth 2.0 Token Binding (expired draft)", "5"),
      [
        "as_access_token_token_binding_supported": "access tokens can be bound to the TLS channel",
        "as_refresh_token_token_binding_supported": "refresh tokens can be bound to it",
        "resource_access_token_token_binding_supported": "the API can look at that bond",
        "op_id_token_token_binding_supported": "ID tokens can be bound to the TLS channel",
        "rp_id_token_token_binding_supported": "whether clients can do the same",
      ]),
    Group(
      .rfc(8705, "3.3"),
      [
        "mutual_tls_sender_constrained_access_tokens":
          "tokens can be bound to a certificate; the name of an older draft"
      ]),
    Group(
      Source.sessionMetadata,
      ["http_logout_supported": "logout is told through the browser; an older name"]),
  ]

  /// Members that only one product publishes.
  static let productMetadata: [Group] = [
    Group(
      Source.entra,
      [
        "access_token_issuer": "the iss of access tokens at AD FS, which differs from issuer",
        "microsoft_multi_refresh_token": "one refresh token is good for several APIs",
        "capabilities": "what else this AD FS can do",
        "tenant_region_sub_scope": "where in its region the tenant lives",
      ]),
    Group(
      Source.ping,
      [
        "ping_revoked_sris_endpoint": "where ended sessions can be looked up",
        "ping_session_management_sris_endpoint": "where sessions are managed, by their name",
        "ping_session_management_users_endpoint": "where sessions are managed, by person",
        "ping_end_session_endpoint": "where the browser is sent to sign out",
        "ping_*": "an address of PingFederate's own",
        "version": "version of the OpenID Connect implementation (PingAM, ForgeRock)",
        "rcs_request_*": "how requests to a remote consent page are protected",
        "rcs_response_*": "how answers of a remote consent page are protected",
      ]),
    Group(
      Source.ory,
      [
        "credentials_endpoint_draft_00": "where a wallet fetches a credential, by a draft",
        "credentials_supported_draft_00": "the credentials that it issues, by a draft",
        "userinfo_signed_response_alg": "how userinfo is signed",
        "id_token_signed_response_alg": "how ID tokens are signed",
      ]),
    Group(
      Source.gluu,
      [
        "clientinfo_endpoint": "where a client can read about itself",
        "session_revocation_endpoint": "where sessions of a person can be ended",
        "id_generation_endpoint": "where identifiers are made",
        "archived_jwks_uri": "where keys stand that are out of use",
        "ssa_endpoint": "where software statements are made",
        "status_list_endpoint": "where the list of revoked tokens stands",
        "auth_level_mapping": "login methods by their level",
        "scope_to_claims_mapping": "which claims come with which scope",
        "spontaneous_scopes": "whether scopes can be made up as one goes",
        "tx_token_signing_alg_values_supported": "how transaction tokens are signed",
        "tx_token_encryption_alg_values_supported": "how their keys are encrypted",
        "tx_token_encryption_enc_values_supported": "how they are encrypted",
        "frontchannel_logout_session_required": "logout through the browser names the session",
        "access_token_signing_alg_values_supported": "how access tokens are signed",
      ]),
    Group(Source.wso2, ["webfinger_endpoint": "where the issuer of a person is looked up"]),
    Group(
      Source.custom,
      [
        // Names that no registry has, by the ends that all of them share.
        "*_endpoint_auth_methods_supported": "how callers prove who they are at that endpoint",
        "*_endpoint_auth_signing_alg_values_supported": "how they sign to do so",
        "*_signing_alg_values_supported": "algorithms for signing what the name says",
        "*_encryption_alg_values_supported": "algorithms for the keys of what the name says",
        "*_encryption_enc_values_supported": "algorithms for encrypting what the name says",
        "*_endpoint": "an address of the provider's own; its name says what for",
        "*_uri": "an address of the provider's own; its name says what for",
        "*_url": "an address of the provider's own; its name says what for",
        "*_supported": "a feature of the provider's own; its name says which",
        "x-*": "a member of the provider's own", "x_*": "a member of the provider's own",
      ]),
  ]
}
