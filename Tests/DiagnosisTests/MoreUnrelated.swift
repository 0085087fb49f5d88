extension Unrelated {
  static let compilers = [
    "error: cannot find 'redirectURI' in scope",
    "error TS2304: Cannot find name 'clientId'.",
    "NameError: name 'client_id' is not defined",
    "main.go:12:3: undefined: redirectURL",
    "TypeError: login() missing 1 required positional argument: 'state'",
    "warning: unused variable 'codeVerifier'",
    "error[E0425]: cannot find value `nonce` in this scope",
    "error: value of type 'Request' has no member 'accessToken'",
    "error CS0103: The name 'idToken' does not exist in the current context",
    "KeyError: 'nonce'",
    "src/auth.ts(41,7): error TS6133: 'responseType' is declared but its value is never read.",
    "undefined method `client_secret' for nil:NilClass",
    "java: cannot find symbol variable grantType",
    "ModuleNotFoundError: No module named 'jose'",
    "AttributeError: 'NoneType' object has no attribute 'id_token'",
  ]

  static let machines = [
    "ERROR:  column \"redirect_uri\" of relation \"clients\" does not exist",
    "ERROR: null value in column \"client_id\" violates not-null constraint",
    "ERROR: duplicate key value violates unique constraint \"clients_client_id_key\"",
    "MountVolume.SetUp failed for volume \"oidc\": secret \"oidc-client-secret\" not found",
    "Error from server (NotFound): secrets \"client-secret\" not found",
    "pod/login-7c9 0/1 CrashLoopBackOff 12 41m",
    "npm ERR! 404 'passport-example@1.0.0' is not in this registry.",
    "error: failed to push some refs to 'github.com:acme/login.git'",
    "CONFLICT (content): Merge conflict in src/auth/state.ts",
    "Certificate for the printer has expired; print again after renewal.",
    "The USB key could not be found.",
    "DNS: no such host print.example.org",
    "the clock in the hall is wrong by five minutes",
    "apt: the signature of the repository is invalid",
    "gpg: BAD signature from \"Ada\"",
    "dkim: body hash mismatch, signature did not verify",
    "Kerberos: clock skew too great while getting initial credentials",
    "Machine state unknown, expected running, got stopped",
    "WiFi: wrong key, the connection was refused",
    "The scope of the project is not allowed to grow.",
  ]

  static let successes = [
    "INFO redirect_uri matched",
    "DEBUG oidc: token valid, signature verified",
    "INFO [oidc] nonce verified, state verified, user signed in",
    "{\"level\":\"info\",\"msg\":\"id_token accepted\",\"iss\":\"https://id.example.org\"}",
    "GET /.well-known/openid-configuration 200 12ms",
    "POST /oauth2/token 200 31ms",
    "INFO The access token has not expired.",
    "INFO redirect URI is registered for client app-1",
    "oauth2: authorization code redeemed for client app-1, 200",
  ]

  static let manuals = [
    "If the redirect URI does not match, the server shows an error page.",
    "The client must reject the ID token when the nonce is missing.",
    "You should compare state before anything else; a missing state means that an attacker may be"
      + " at work.",
    "if (state !== session.state) { return res.status(400).send('no') }",
    "const nonce = crypto.randomBytes(16).toString('base64url')",
    "The nonce must match the one that was sent in the authorization request.",
    "When the code_verifier does not match, the token endpoint answers with an error.",
    "- Fixed: the login no longer fails when the scope is empty",
    "To be done: test what happens when the issuer is wrong",
    "How does PKCE help if the authorization code is stolen?",
    "Our tutorial explains why the audience should never be ignored.",
    "assert(token.aud == clientID)",
    "Each ID token names its issuer, and a client checks whether it is the expected one.",
    "A cookie recipe: butter, sugar and flour; bake until golden.",
    "Roses are red, the state is unknown, the session of parliament ended at noon.",
    "The bank refused the code of the customer; her account is locked.",
    "Dear Ada, the certificate you asked for is missing, please come by on Monday.",
    "News: the minister denied consent to the new key policy.",
    "Add the client id to the form, then press Save.",
    "openid profile email",
  ]

  static let more = compilers + machines + successes + manuals
}
