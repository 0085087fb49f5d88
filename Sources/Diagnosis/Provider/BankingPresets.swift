/// What is known of providers that demand FAPI 1.0 Advanced.
///
/// auth0/docs-v2, get-started/applications/configure-fapi-compliance;
/// OpenBanking-Brasil/specs-seguranca, financial-api-1_ID3; the client test plan of the OpenID
/// Foundation’s conformance suite for Open Banking UK.
extension ProviderPreset {
  private static let auth0Needs = [Need(.domain, "TENANT.eu.auth0.com")]
  private static let auth0Issuer = "https://DOMAIN/ with a slash at the end"
  private static let auth0Notes = [
    "The level takes code id_token alone, pushed (PAR), as a request object signed with PS256, with "
      + "PKCE S256; its nbf and exp are an hour apart at most. The preset sets --rules "
      + "fapi1-advanced and --par.",
    "The refusal of a request that was not pushed reads: Pushed Authorization Requests are required "
      + "by the configured compliance level.",
    "The first ID token has s_hash too, and is signed with PS256.",
    "The levels fapi2_\u{2026} take code alone: no hybrid flow there.",
  ]
  private static let auth0Callbacks = [
    "Settings > Allowed Callback URLs: the redirect URI, letter by letter, without wildcards",
    "Settings > Advanced Settings > Grant Types: Implicit and Authorization Code, both",
  ]

  static let auth0FAPIKnowledge = PresetKnowledge(
    needs: auth0Needs, issuerShape: auth0Issuer,
    steps: [
      "Highly Regulated Identity has to be part of the subscription",
      "the application\u{2019}s compliance_level: fapi1_adv_pkj_par (Management API; the page in the "
        + "dashboard is unverified)",
      "Credentials > Authentication Method: Private Key JWT, with the public half of --client-key",
    ] + auth0Callbacks,
    notes: auth0Notes + [
      "The client signs its request and its proof with one key: --client-key FILE is needed.",
      "With --client-cert as well, access tokens can be bound to the certificate.",
    ])

  static let auth0FAPIMutualTLSKnowledge = PresetKnowledge(
    needs: auth0Needs, issuerShape: auth0Issuer,
    steps: [
      "Highly Regulated Identity has to be part of the subscription, and a custom domain whose "
        + "network edge is your own and passes the certificate on",
      "the application\u{2019}s compliance_level: fapi1_adv_mtls_par (Management API; the page in "
        + "the dashboard is unverified)",
      "Credentials > Authentication Method: mTLS, with the certificate of --client-cert",
    ] + auth0Callbacks,
    notes: auth0Notes + [
      "The client signs its request with --client-key FILE, and proves itself with --client-cert "
        + "FILE.",
      "The addresses for certificates stand in mtls_endpoint_aliases; the program takes them.",
      "With a certificate that is registered itself, and not its subject: --client-auth "
        + "self_signed_tls_client_auth.",
    ])

  static let brazilKnowledge = PresetKnowledge(
    needs: [Need(.domain, "auth.bank.example")],
    issuerShape: "https://DOMAIN, or any other address: then give --issuer as the directory has it",
    steps: [
      "the directory of participants: the software statement, with its certificates and keys",
      "dynamic registration at the bank, with that statement; this program registers nothing",
      "the redirect URI as the statement has it",
    ],
    notes: [
      "PS256 only; ID tokens are encrypted with RSA-OAEP and A256GCM for the client\u{2019}s key that "
        + "the header names: --encryption-key FILE. A bank that only signs them: --id-token-encryption "
        + "none.",
      "The request is pushed (PAR). Where the bank has no PAR, its request object has to be signed "
        + "and encrypted: --request-object-encryption RSA-OAEP+A256GCM.",
      "The preset asks for acr: urn:brasil:openbanking:loa2 or loa3. It is always in the ID token.",
      "The scope needs the consent: --scope 'openid consent:urn:... accounts'.",
      "x-fapi-interaction-id is mandatory, and id_token_hint is refused.",
      "An access token lives 300 to 900 seconds.",
    ])

  static let ukKnowledge = PresetKnowledge(
    needs: [Need(.domain, "auth.bank.example")],
    issuerShape: "https://DOMAIN, or any other address: then give --issuer as the directory has it",
    steps: [
      "the directory: a software statement, with certificates and keys",
      "registration at the bank, with that statement; this program registers nothing",
      "the redirect URI as the statement has it",
    ],
    notes: [
      "The request object goes by value: PAR and JARM are not used there.",
      "The consent is made at the API first, and its id asked for in the login: --claims "
        + "'{\"id_token\":{\"openbanking_intent_id\":{\"value\":\"ID\",\"essential\":true}}}'. The ID "
        + "token has to repeat it.",
      "The client proves itself with --client-auth private_key_jwt or tls_client_auth, and shows "
        + "--client-cert at the API in any case.",
      "All of it is taken from public documents; it is unverified at a bank.",
    ])
}
