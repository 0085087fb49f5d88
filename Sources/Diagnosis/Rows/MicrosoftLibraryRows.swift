import HybridFlow

extension DiagnosisEngine {
  /// ASP.NET, OWIN and Microsoft.IdentityModel, MSAL, AD FS, and more of Azure AD B2C and Entra ID.
  static let microsoftLibraryRows: [DiagnosisRow] = [
    DiagnosisRow(
      "idx-no-keys", .generic, [],
      .literal("IDX10500"),
      .literal("No security keys were provided to validate the signature"),
      .literal("IDX10516"),
      .literal("IDX10517"),
      cause: "The library has no signing keys: the discovery document or its jwks_uri was not "
        + "read, or the token has no kid.",
      fix: "Set Authority (or MetadataAddress) to the issuer, so that the keys are loaded; look "
        + "whether jwks_uri is reachable from that machine.",
      source: .code("Microsoft.IdentityModel.Tokens, log messages")),
    DiagnosisRow(
      "idx-signature", .generic, [],
      .literal("IDX10511"),
      .literal("IDX10513"),
      .literal("IDX10504"),
      .literal("IDX10508"),
      cause: "The signature does not verify although a key was tried: the keys are another "
        + "issuer\u{2019}s, or the token is not meant to be verified here (a Microsoft Graph token, for "
        + "example).",
      fix: "Compare kid and iss of the token with the keys of the configured Authority; verify "
        + "only tokens whose audience is this application.",
      source: .code("Microsoft.IdentityModel.Tokens, log messages")),
    DiagnosisRow(
      "idx-audience", .generic, [],
      .literal("IDX10214"),
      .literal("IDX10206"),
      .literal("IDX10208"),
      .literal("IDX10207"),
      cause: "The audience of the token is not the one that the application expects.",
      fix: "Set ValidAudience (or Audience, ClientId) to the aud of the token: api://CLIENT_ID "
        + "and CLIENT_ID are two values; or ask for a token for this API.",
      source: .code("Microsoft.IdentityModel.Tokens, log messages")),
    DiagnosisRow(
      "idx-issuer-unset", .generic, [],
      .literal("IDX10204"),
      .literal("IDX10211"),
      cause: "The library was told no issuer to compare with, or the token has none.",
      fix: "Set Authority, or ValidIssuer, to the issuer as the discovery document writes it.",
      source: .code("Microsoft.IdentityModel.Tokens, log messages")),
    DiagnosisRow(
      "idx-nonce", .generic, [],
      .literal("IDX10311"),
      .literal("IDX21325"),
      .literal("IDX21349"),
      cause: "The nonce could not be checked: the library lost the one it sent, because its "
        + "cookie did not come back, or the ID token has none.",
      fix: "Let the nonce cookie be SameSite=None; Secure over https with one host name; behind "
        + "a proxy forward the scheme (X-Forwarded-Proto).",
      source: .code("Microsoft.IdentityModel.Protocols.OpenIdConnect, log messages")),
    DiagnosisRow(
      "idx-state", .generic, [],
      .literal("IDX21329"),
      .literal("IDX21330"),
      .literal("IDX21331"),
      .literal("IDX10335"),
      cause: "The state of the answer is missing, or is not the one that was kept.",
      fix: "Start again in one tab; let the correlation cookie be SameSite=None; Secure, and "
        + "hand the whole form to the library.",
      source: .code("Microsoft.IdentityModel.Protocols.OpenIdConnect, log messages")),
    DiagnosisRow(
      "idx-tokens-missing", .generic, [],
      .literal("IDX10336"),
      .literal("IDX21336"),
      .literal("Both 'id_token' and 'access_token' should be present"),
      cause: "The token endpoint\u{2019}s answer lacks the ID token or the access token.",
      fix: "Ask for the scope openid, and for a scope of an API where an access token is needed; "
        + "look at the answer of the token endpoint.",
      source: .code("Microsoft.IdentityModel.Protocols.OpenIdConnect, log messages")),
    DiagnosisRow(
      "idx-answer-empty", .generic, [],
      .literal("IDX21334"),
      .literal("IDX10334"),
      cause: "The answer at the callback brought neither a code nor an ID token.",
      fix: "Look what came to the callback: an error, an answer in the fragment (ask for "
        + "response_mode=form_post), or somebody opened the address by hand.",
      source: .code("Microsoft.IdentityModel.Protocols.OpenIdConnect, log messages")),
    DiagnosisRow(
      "idx-hash", .generic, [],
      .literal("IDX21347"),
      .literal("IDX21348"),
      .literal("IDX21300"),
      .literal("IDX10347"),
      blame: .provider,
      cause: "c_hash or at_hash of the ID token does not fit the code or access token beside it.",
      fix: "Decode the ID token beside them: if only the encoding of the hash differs, the "
        + "provider makes it wrongly; otherwise the two belong to different answers.",
      source: .code("Microsoft.IdentityModel.Protocols.OpenIdConnect, log messages")),
    DiagnosisRow(
      "idx-userinfo-sub", .generic, [],
      .literal("IDX21338"),
      .literal("IDX21345"),
      blame: .provider,
      cause: "sub of userinfo is missing or is not that of the ID token.",
      fix: "Ask userinfo with the access token of the same answer; the provider must send the "
        + "same sub in both.",
      source: .code("Microsoft.IdentityModel.Protocols.OpenIdConnect, log messages")),
    DiagnosisRow(
      "idx-https", .generic, [],
      .literal("IDX20108"),
      .literal("MetadataAddress or Authority must use HTTPS unless disabled"),
      cause: "Authority is an http address, and the library wants https.",
      fix:
        "Use the provider\u{2019}s https address as Authority; RequireHttpsMetadata=false is for a "
        + "development machine only.",
      source: .code("Microsoft.IdentityModel.Protocols, log messages")),
    DiagnosisRow(
      "idx-document", .generic, [],
      .literal("IDX20807"),
      .literal("IDX20806"),
      .literal("IDX20805"),
      blame: .environment,
      cause: "A document of the provider (discovery or keys) could not be fetched.",
      fix: "Fetch the address in the message with curl from the same machine or container: it is "
        + "the issuer, the network or a certificate.",
      source: .code("Microsoft.IdentityModel.Protocols, log messages")),
    DiagnosisRow(
      "idx-encrypted", .generic, [],
      .literal("IDX10609"),
      .literal("IDX10603"),
      .literal("IDX10618"),
      .literal("IDX10607"),
      .literal("IDX10621 … decrypt"),
      cause: "The token is encrypted (JWE), and the application has no key that decrypts it.",
      fix: "Switch token encryption off for this client at the provider, or set "
        + "TokenDecryptionKey.",
      source: .code("Microsoft.IdentityModel.Tokens, log messages")),
    DiagnosisRow(
      "idx-not-jwt", .generic, [],
      .literal("IDX12709"),
      .literal("IDX12741"),
      .literal("IDX14100"),
      .literal("IDX12723"),
      .literal("IDX10729"),
      cause: "What was handed over as a token is no JWT: it is opaque, empty, cut off, or has "
        + "the word Bearer in it twice.",
      fix: "Hand on the token alone; ask the provider for a token for that API (audience, "
        + "resource or scope), so that it is a JWT.",
      source: .code("Microsoft.IdentityModel.JsonWebTokens, log messages")),
    DiagnosisRow(
      "idx-algorithm", .generic, [],
      .literal("IDX10634"),
      .literal("IDX10696"),
      .literal("IDX10653"),
      .literal("IDX10720"),
      cause:
        "The token\u{2019}s algorithm is not taken by the library, or the key is too short for it.",
      fix: "Let the provider sign ID tokens of this client with RS256; for HS256 the secret must "
        + "be at least 32 bytes long.",
      source: .code("Microsoft.IdentityModel.Tokens, log messages")),
    DiagnosisRow(
      "aspnet-state-protection", .generic, [],
      .literal("Unable to unprotect the message.State"),
      .literal("The oauth state was missing or invalid"),
      cause: "The application could not read its own state: it was encrypted with keys that this "
        + "instance does not have, or was changed on its way.",
      fix: "Share the data protection keys between all instances and over restarts "
        + "(PersistKeysTo...), and give all the same application name.",
      source: .code("ASP.NET Core, authentication handlers")),
    DiagnosisRow(
      "entra-v1-personal", .entra, [],
      .literal("AADSTS90027"),
      cause: "Personal accounts cannot be served by the v1.0 endpoint that was used.",
      fix: "Use version 2.0: issuer and endpoints with /v2.0, and scope in place of resource.",
      source: .document("Microsoft Entra, error codes")),
    DiagnosisRow(
      "entra-spa", .entra, [],
      .literal("AADSTS9002326"),
      .literal("AADSTS9002327"),
      cause: "The redirect URI is registered for the wrong platform: codes of Single-page "
        + "application are redeemed in the browser only, codes of Web on the server only.",
      fix: "App registrations > your app > Authentication: move the redirect URI to Web for a "
        + "server, to Single-page application for a browser.",
      source: .document("Microsoft Entra, error codes")),
    DiagnosisRow(
      "b2c-federated-provider", .azureB2C, [],
      .literal("AADB2C90289"),
      .literal("AADB2C90273"),
      cause: "Azure AD B2C could not sign in at the external identity provider behind it: the "
        + "secret or client id kept there for the federated provider is wrong or expired.",
      fix: "Azure AD B2C > Identity providers (or Policy keys) > the external provider: renew "
        + "its client id and secret; this application\u{2019}s own secret is not meant.",
      source: .document("Azure AD B2C, error codes")),
    DiagnosisRow(
      "b2c-app", .azureB2C, [],
      .literal("AADB2C90068"),
      .literal("AADB2C90011"),
      cause: "Azure AD B2C does not know this client id, or it is not the one of the policy.",
      fix: "App registrations > your app > Overview: compare the Application (client) ID, and "
        + "look whether the tenant and user flow are the right ones.",
      source: .document("Azure AD B2C, error codes")),
    DiagnosisRow(
      "b2c-redirect-none", .azureB2C, [],
      .literal("AADB2C90007"),
      cause: "The application has no redirect URI registered at all.",
      fix: "App registrations > your app > Authentication: add the redirect URI exactly as it is "
        + "sent.",
      source: .document("Azure AD B2C, error codes")),
    DiagnosisRow(
      "b2c-scope", .azureB2C, [],
      .literal("AADB2C90117"),
      .literal("AADB2C90205"),
      .literal("AADB2C90055"),
      cause: "A scope of the request is not known to B2C or not granted to this application.",
      fix: "App registrations > your app > API permissions: add the scope and grant admin "
        + "consent; write it with its full address.",
      source: .document("Azure AD B2C, error codes")),
    DiagnosisRow(
      "b2c-grant-expired", .azureB2C, [],
      .literal("AADB2C90080"),
      cause: "The code or refresh token has expired.",
      fix: "Sign in again; the user flow\u{2019}s Properties set how long refresh tokens live.",
      source: .document("Azure AD B2C, error codes")),
    DiagnosisRow(
      "adfs-client", .generic, [],
      .literal("MSIS9223"),
      cause: "AD FS does not know this client id.",
      fix: "AD FS Management > Application Groups: compare the Client Identifier.",
      source: .code("reports that quote AD FS")),
    DiagnosisRow(
      "adfs-redirect-uri", .generic, [],
      .literal("MSIS9224"),
      .literal("MSIS9221"),
      cause: "The redirect URI is not registered for this client in AD FS, or was not sent.",
      fix: "AD FS Management > Application Groups > your application > Redirect URI: add it "
        + "exactly as it is sent.",
      source: .code("reports that quote AD FS")),
    DiagnosisRow(
      "adfs-resource", .generic, [],
      .literal("MSIS9605"),
      .literal("MSIS9602"),
      cause: "AD FS does not let this client have tokens for that resource.",
      fix: "AD FS Management > Application Groups > Web API > Client permissions: permit the "
        + "client and its scopes.",
      source: .experience("AD FS")),
    DiagnosisRow(
      "adfs-credential", .generic, [],
      .literal("MSIS9622"),
      cause: "AD FS did not accept the client\u{2019}s secret.",
      fix: "AD FS Management > Application Groups > Server application: reset the secret and set "
        + "it here.",
      source: .experience("AD FS")),
    DiagnosisRow(
      "msal-browser", .generic, [],
      .literal("BrowserAuthError: interaction_in_progress"),
      .literal("BrowserAuthError: hash_empty_error"),
      .literal("no_token_request_cache_error"),
      .literal("BrowserAuthError: state_interaction_type_mismatch"),
      .literal("hash_does_not_contain_known_properties"),
      cause: "MSAL did not find its own login when the page came back: the router cleared the "
        + "fragment, the page was loaded twice, or session storage was lost.",
      fix: "Use a blank page as redirect URI, let handleRedirectPromise run once before anything "
        + "changes the address, and await it before a new login.",
      source: .document("MSAL.js, error codes")),
  ]
}
