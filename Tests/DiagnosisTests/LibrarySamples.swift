extension Sample {
  /// Messages from documentation and source code.
  static let moreLibraries: [Sample] = [
    Sample(
      "idx-no-keys",
      log(
        "IDX10500: Signature validation failed. No security keys were provided to validate the "
          + "signature.")),
    Sample(
      "idx-no-keys",
      log(
        "SecurityTokenSignatureKeyNotFoundException: IDX10517: Signature validation failed. The "
          + "token's kid is missing. Keys tried: ''.")),
    Sample(
      "idx-signature",
      log(
        "IDX10511: Signature validation failed. Keys tried: "
          + "'Microsoft.IdentityModel.Tokens.X509SecurityKey'. kid: 'x'.")),
    Sample(
      "idx-audience",
      log(
        "IDX10214: Audience validation failed. Audiences: 'api://4f1'. Did not match: "
          + "validationParameters.ValidAudience: '4f1' or validationParameters.ValidAudiences: "
          + "'null'.")),
    Sample(
      "idx-issuer-unset",
      log(
        "IDX10204: Unable to validate issuer. validationParameters.ValidIssuer is null or "
          + "whitespace AND validationParameters.ValidIssuers is null.")),
    Sample(
      "idx-nonce",
      log(
        "IDX10311: RequireNonce is 'true' (default) but validationContext.Nonce is null. A nonce "
          + "cannot be validated. If you don't need to check the nonce, set "
          + "OpenIdConnectProtocolValidator.RequireNonce to 'false'.")),
    Sample(
      "idx-state",
      log(
        "IDX21331: The 'state' parameter in the message: 'a', does not equal the 'state' in the "
          + "context: 'b'.")),
    Sample(
      "idx-tokens-missing",
      log(
        "OpenIdConnectProtocolException: IDX21336: Both 'id_token' and 'access_token' should be "
          + "present in OpenIdConnectProtocolValidationContext.ProtocolMessage received from Token "
          + "Endpoint. Cannot process the message.")),
    Sample(
      "idx-answer-empty",
      log(
        "IDX21334: Both 'id_token' and 'code' are null in "
          + "OpenIdConnectProtocolValidationContext.ProtocolMessage received from Authorization "
          + "Endpoint. Cannot process the message.")),
    Sample(
      "idx-hash",
      log(
        "OpenIdConnectProtocolInvalidCHashException: IDX21347: Validating the 'c_hash' failed, see "
          + "inner exception.")),
    Sample(
      "idx-userinfo-sub",
      log(
        "IDX21338: Subject claim present in 'id_token': 'u1' does not match the claim received "
          + "from UserInfo Endpoint: 'u2'.")),
    Sample(
      "idx-https",
      log(
        "IDX20108: The address specified 'http://id.example.org/.well-known/openid-configuration' "
          + "is not valid as per HTTPS scheme.")),
    Sample(
      "idx-document",
      log(
        "IDX20807: Unable to retrieve document from: 'https://id.example.org/jwks'. "
          + "HttpResponseMessage: 'StatusCode: 404'")),
    Sample(
      "idx-encrypted",
      log(
        "SecurityTokenDecryptionFailedException: IDX10609: Decryption failed. No Keys tried: "
          + "token: '[PII is hidden]'.")),
    Sample(
      "idx-not-jwt",
      log("IDX12741: JWT must have three segments (JWS) or five segments (JWE).")),
    Sample(
      "idx-algorithm",
      log(
        "IDX10634: Unable to create the SignatureProvider. Algorithm: 'HS256', SecurityKey: "
          + "'Microsoft.IdentityModel.Tokens.RsaSecurityKey'")),
    Sample(
      "aspnet-state-protection",
      log("OpenIdConnectHandler: Unable to unprotect the message.State")),
    Sample(
      "aspnet-state-protection",
      log("System.Exception: The oauth state was missing or invalid.")),
    Sample(
      "entra-v1-personal",
      log("AADSTS90027: We are unable to issue tokens from this API version on the MSA tenant.")),
    Sample(
      "entra-spa",
      log(
        "AADSTS9002327: Tokens issued for the 'Single-Page Application' client-type may only be "
          + "redeemed via cross-origin requests.")),
    Sample(
      "b2c-federated-provider",
      log(
        "AADB2C90289: We encountered an error connecting to the identity provider. Please try "
          + "again later.")),
    Sample(
      "b2c-app",
      log("AADB2C90068: The provided application with ID '4f1' is not valid against this service.")),
    Sample(
      "b2c-redirect-none",
      log(
        "AADB2C90007: The application associated with client id 4f1 has no registered redirect "
          + "URIs.")),
    Sample(
      "b2c-scope",
      log(
        "AADB2C90205: This application does not have sufficient permissions against this web "
          + "resource to perform the operation.")),
    Sample(
      "b2c-grant-expired",
      log("AADB2C90080: The provided grant has expired. Please re-authenticate and try again.")),
    Sample(
      "adfs-client",
      log(
        "MSIS9223: Received invalid OAuth authorization request. The received 'client_id' is "
          + "invalid as no registered client was found with this client identifier.")),
    Sample(
      "adfs-redirect-uri",
      log(
        "MSIS9224: Received invalid OAuth authorization request. The received 'redirect_uri' "
          + "parameter is not a valid registered redirect URI for the client identifier: '4f1'.")),
    Sample(
      "adfs-resource",
      log("MSIS9605: The client is not allowed to access the requested resource.")),
    Sample(
      "adfs-credential",
      log(
        "MSIS9622: Client authentication failed. Please verify the credential provided for client "
          + "authentication is valid.")),
    Sample(
      "msal-browser",
      log("BrowserAuthError: hash_empty_error: Hash value cannot be processed because it is empty.")
    ),
    Sample(
      "node-issuer-status",
      log("OPError: expected 200 OK, got: 404 Not Found")),
    Sample(
      "node-token-claims",
      log("RPError: missing required JWT property nonce")),
    Sample(
      "node-audience",
      log("RPError: aud mismatch, expected app-1, got: app-2")),
    Sample(
      "node-expired",
      log("RPError: id_token expired, now 1763806333, exp 1763806301")),
    Sample(
      "node-signature",
      log("RPError: failed to validate JWT signature")),
    Sample(
      "node-encrypted",
      log("TypeError: encrypted JWTs cannot be decoded")),
    Sample(
      "node-hash",
      log("RPError: at_hash mismatch, expected lTZwBokilh4aD6eMYP6kjw, got: x7Gq1mBv0aQk0cnXxClt9A")
    ),
    Sample(
      "node-code-missing",
      log("RPError: id_token not present in TokenSet")),
    Sample(
      "next-auth-cookies",
      log("[auth][error] InvalidCheck: pkceCodeVerifier value could not be parsed.")),
    Sample(
      "next-auth-linked",
      log(
        "[auth][error] OAuthAccountNotLinked: Another account already exists with the same e-mail "
          + "address.")),
    Sample(
      "oidc-client-state",
      log("Error: No matching state found in storage")),
    Sample(
      "oidc-client-state",
      log("state not valid (expected: kA6pgvCt, received: myState)")),
    Sample(
      "oidc-client-no-state",
      "Error: No state in response\n    at OidcClient.readSigninResponseState "
        + "(OidcClient.ts:155:26)"),
    Sample(
      "passport-oidc",
      log("Error: Invalid authorization request state.")),
    Sample(
      "appauth-state",
      log("State mismatch, expecting Wq3bT1 but got 9fAk22 in authorization response")),
    Sample(
      "appauth-clock",
      log("Issued at time is more than 10 minutes before or after the current time")),
    Sample(
      "go-algorithm",
      log("oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"")),
    Sample(
      "go-audience",
      log("oidc: expected audience \"app-1\" got [\"app-2\"]")),
    Sample(
      "go-expired",
      log("oidc: token is expired (Token Expiry: 2026-11-22 10:12:13 +0000 UTC)")),
    Sample(
      "go-signature",
      log("failed to verify signature: failed to verify id token signature")),
    Sample(
      "go-malformed",
      log("oidc: malformed jwt: oidc: malformed jwt, expected 3 parts got 5")),
    Sample(
      "go-keys",
      log(
        "failed to verify signature: fetching keys oidc: get keys failed Get "
          + "\"https://id.example.org/jwks\": dial tcp: lookup id.example.org: no such host")),
    Sample(
      "oauth2-proxy-csrf",
      log("Invalid authentication via OAuth2: unable to obtain CSRF cookie")),
    Sample(
      "oauth2-proxy-audience",
      log(
        "audience from claim aud with value [account] does not match with any of allowed audiences "
          + "map[app:{}]")),
    Sample(
      "oauth2-proxy-email",
      log(
        "Error creating session during OAuth2 callback: neither the id_token nor the profileURL "
          + "set an email")),
    Sample(
      "dex-client-id",
      "Bad Request\n\nInvalid client_id (\"stag\")."),
    Sample(
      "dex-redirect-uri",
      "Bad Request\n\nUnregistered redirect_uri (\"http://127.0.0.1:5555/callback\")."),
    Sample(
      "dex-scope",
      log("Missing required scope(s) [\"openid\"].")),
    Sample(
      "openshift-basic",
      log("Error getting access token: client_secret must be provided in the Authorization header")),
  ]
}
