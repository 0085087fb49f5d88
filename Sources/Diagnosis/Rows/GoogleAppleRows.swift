import HybridFlow

extension DiagnosisEngine {
  /// Google's error messages.
  static let googleRows: [DiagnosisRow] = [
    DiagnosisRow(
      "google-redirect-uri", .google, [.page, .token],
      .literal("Error 400: redirect_uri_mismatch"),
      .code("redirect_uri_mismatch"),
      cause: "The redirect URI is not on the OAuth client.",
      fix: "Google Cloud console > APIs & Services > Credentials > the client > Authorized redirect"
        + " URIs: add it exactly; changes take some minutes.",
      source: .thread("whatsapp-contact-sync#195")),
    DiagnosisRow(
      "google-challenge-not-allowed", .google, [.page],
      .literal("Parameter not allowed for this message type: code_challenge"),
      .literal("Parameter not allowed for this message type: code_challenge_method"),
      cause: "A code challenge came with a response type that has no code.",
      fix: "Send the code challenge only where the response type has code.",
      source: .thread("civiform/civiform#6671")),
    DiagnosisRow(
      "google-parameter-not-allowed", .google, [.page],
      .literal("Parameter not allowed for this message type:"),
      cause: "Google refuses a parameter that does not go with this kind of request.",
      fix: "Leave out the parameter that the message names.",
      source: .thread("civiform/civiform#6671")),
    DiagnosisRow(
      "google-client-not-found", .google, [.page, .token],
      .literal("The OAuth client was not found").with("invalid_client").status(401),
      cause: "The client id does not exist, or was deleted.",
      fix: "Google Cloud console > APIs & Services > Credentials: copy the Client ID in full, with"
        + " .apps.googleusercontent.com.",
      source: .thread("data-for-change/anyway#674, astrada/google-drive-ocamlfuse#484")),
    DiagnosisRow(
      "google-parameter-missing", .google, [.page],
      .literal("Access blocked … Missing required parameter"),
      .wording("Error 400: invalid_request … Missing required parameter"),
      .wording("Missing required parameter: client_id … Request Details"),
      .wording("Missing required parameter: scope … Request Details"),
      .wording("Error: invalid_request … Missing required parameter").atThisProvider,
      cause: "A parameter is missing or empty; the message names it.",
      fix: "Fill it in; an empty client_id mostly means that a setting was not read.",
      source: .thread(
        "ntawileh/obsidian-google-lookup#27, googleapis/google-auth-library-nodejs#1079")),
    DiagnosisRow(
      "google-embedded-browser", .google, [.page],
      .literal("disallowed_useragent"),
      blame: .application,
      cause: "Google does not show its login inside other applications\u{2019} web views.",
      fix: "Open the address in a real browser.",
      source: .thread("google/google-api-javascript-client#456")),
    DiagnosisRow(
      "google-code-malformed", .google, [.token],
      .literal("Malformed auth code"),
      blame: .application,
      cause: "The code is not what Google issued: often it is still percent-encoded, with %2F where"
        + " a slash belongs.",
      fix: "Decode the callback\u{2019}s parameters once, then encode the token request once.",
      source: .code("several public clients test for it")),
    DiagnosisRow(
      "google-code-used", .google, [.token],
      .literal("error invalid_grant error_description Bad Request"),
      cause: "The code was used before, has expired, or came with another redirect URI or"
        + " verifier.",
      fix: "Log in again and exchange the code once, with the same redirect URI and verifier.",
      source: .experience("Google")),
    DiagnosisRow(
      "google-secret-missing", .google, [.token],
      .literal("client_secret is missing"),
      cause: "The client needs a secret, also with PKCE, and none was sent.",
      fix: "Send the secret of the client: Google Cloud console > APIs & Services > Credentials.",
      source: .thread("browserslist/browserslist-ga#12")),
    DiagnosisRow(
      "google-secret-wrong", .google, [.token],
      .literal("error invalid_client error_description Unauthorized"),
      .wording("The provided client secret is invalid").needing("invalid_client"),
      cause: "The secret does not belong to the client id.",
      fix: "Google Cloud console > APIs & Services > Credentials > the client: compare, or add a"
        + " new secret.",
      source: .experience("Google")),
    DiagnosisRow(
      "google-internal-only", .google, [.page],
      .literal("Error 403: org_internal"),
      cause: "The app admits accounts of its own organization only.",
      fix: "Google Auth Platform > Audience: make it External, or sign in with such an account.",
      source: .experience("Google")),
    DiagnosisRow(
      "google-not-verified", .google, [.page, .callback],
      .literal("has not completed the Google verification process"),
      cause: "The app is in testing, and the account is not among its test users.",
      fix: "Google Auth Platform > Audience > Test users: add the account.",
      source: .experience("Google")),
    DiagnosisRow(
      "google-admin-policy", .google, [.page],
      .literal("admin_policy_enforced"),
      cause: "The administrator of the Workspace account does not allow this app or these scopes.",
      fix: "Admin console > Security > API controls > App access control: allow the client id.",
      source: .experience("Google Workspace")),
    DiagnosisRow(
      "google-issuer-without-scheme", .google, [],
      .seen(.literal, .issuerDiffersByScheme).atThisProvider,
      blame: .provider,
      cause: "Older tokens of Google name the issuer accounts.google.com without https://.",
      fix: "Use the current endpoints from discovery; a client that must accept both knows exactly"
        + " these two values.",
      source: .support("developers.google.com, OpenID Connect")),
    DiagnosisRow(
      "google-nonce-missing", .google, [.page, .callback],
      .wording("Nonce required for response_type id_token"),
      cause: "An ID token from the authorization endpoint was asked for without a nonce.",
      fix: "Send a random nonce.",
      source: .experience("Google")),
  ]

  /// Apple's error messages.
  static let appleRows: [DiagnosisRow] = [
    DiagnosisRow(
      "apple-form-post", .apple, [.page],
      .literal("response_mode must be form_post when name or email scope is requested"),
      .wording("response_mode must be form_post"),
      cause: "With the scopes name or email Apple answers by form post only.",
      fix: "Send response_mode=form_post.",
      source: .thread("nov/apple_id#6, seoda/socialite-apple#2")),
    DiagnosisRow(
      "apple-response-mode", .apple, [.page],
      .wording("Invalid response mode").atThisProvider,
      cause: "With an ID token Apple answers by form post or in the fragment, never in the query.",
      fix: "Send response_mode=form_post.",
      source: .thread("developer.apple.com forum 660531")),
    DiagnosisRow(
      "apple-redirect-uri", .apple, [.page],
      .literal("Invalid web redirect url"),
      .wording("Invalid client id or web redirect url"),
      cause: "The redirect URI is not registered, is no https address, or is localhost or an"
        + " address in numbers, which Apple does not take.",
      fix: "Certificates, Identifiers & Profiles > Identifiers > your Services ID > Sign in with"
        + " Apple > Configure > Return URLs; use a real host name with https.",
      source: .thread("openid/AppAuth-iOS#586, ananay/passport-apple#22")),
    DiagnosisRow(
      "apple-localhost", .apple, [],
      .seen(.hint, .noCallback, .loopbackRedirect).atThisProvider,
      cause: "Apple accepts neither localhost nor addresses in numbers as redirect URI.",
      fix: "Use a host name with https that reaches this machine: a line in the hosts file and a"
        + " certificate, or a tunnel. Or give the registered address, and paste the answer.",
      source: .support("developer.apple.com, Sign in with Apple")),
    DiagnosisRow(
      "apple-code-expired", .apple, [.token],
      .literal("The code has expired or has been revoked"),
      cause: "A code lives five minutes and works once.",
      fix: "Log in again and exchange it at once.",
      source: .code("several public clients test for it")),
    DiagnosisRow(
      "apple-code-used", .apple, [.token],
      .literal("The code has already been used").needing("invalid_grant"),
      .wording("The code has already been used").atThisProvider,
      cause: "The code was exchanged before.",
      fix: "Exchange each code once; look for a reloaded callback page.",
      source: .code("several public clients test for it")),
    DiagnosisRow(
      "apple-client-mismatch", .apple, [.token],
      .literal("client_id mismatch. The code was not issued to"),
      cause: "The code belongs to another client id: the app\u{2019}s bundle id and the Services ID"
        + " were mixed.",
      fix: "Use the Services ID for both requests of a web flow.",
      source: .experience("Apple")),
    DiagnosisRow(
      "apple-client-secret", .apple, [.token],
      .code("invalid_client").atThisProvider,
      cause: "Apple\u{2019}s client secret is a JWT of at most six months, signed with ES256; it"
        + " has expired, or kid, iss (team), sub (client) or aud in it do not fit. Or the client id"
        + " is the App ID, where the web needs the Services ID.",
      fix: "Make a new one with the key from Certificates, Identifiers & Profiles > Keys: aud is"
        + " https://appleid.apple.com, sub the Services ID; --apple-key makes one for each"
        + " request.",
      source: .thread(
        "FormidableLabs/react-native-app-auth#569, nextauthjs/next-auth#10315,"
          + " mikebronner/laravel-sign-in-with-apple#9, ananay/apple-auth#26")),
  ]
}
