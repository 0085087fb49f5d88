import Diagnosis
import OpenID
import Testing

/// Texts about other troubles: each must get no answer at all.
enum Unrelated {
  static let databases = [
    "ERROR 1045 (28000): Access denied for user 'app'@'localhost' (using password: YES)",
    "FATAL:  password authentication failed for user \"postgres\"",
    "psql: error: connection to server at \"db\" (172.18.0.3), port 5432 failed: timeout expired",
    "ORA-01017: invalid username/password; logon denied",
    "SQLSTATE[HY000] [2002] Connection refused",
    "ERROR: duplicate key value violates unique constraint \"users_pkey\"",
    "deadlock detected. Process 51 waits for ShareLock on transaction 771; blocked by process 52.",
    "MongoServerError: Authentication failed. code: 18, codeName: 'AuthenticationFailed'",
    "redis.exceptions.AuthenticationError: WRONGPASS invalid username-password pair",
    "Login failed for user 'sa'. Reason: Password did not match that for the login provided.",
  ]

  static let networks = [
    "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
    "curl: (35) error:0A00010B:SSL routines::wrong version number",
    "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
    "x509: certificate signed by unknown authority",
    "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
    "Error: unable to verify the first certificate at TLSSocket.onConnectSecure",
    "ssl.SSLCertVerificationError: hostname mismatch, certificate is not valid for '10.0.0.5'",
    "getaddrinfo ENOTFOUND api.example.org",
    "connect ECONNREFUSED 127.0.0.1:5432",
    "dial tcp 10.0.0.7:443: i/o timeout",
    "upstream prematurely closed connection while reading response header from upstream",
    "ssh: connect to host github.com port 22: Connection timed out",
    "Permission denied (publickey).",
    "kex_exchange_identification: read: Connection reset by peer",
  ]

  static let pages = [
    "<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal"
      + " Server Error</h1></center><hr><center>nginx/1.24.0</center></body></html>",
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
    "<h1>404 Not Found</h1><p>The requested URL was not found on this server.</p>",
    "HTTP/1.1 503 Service Unavailable\nRetry-After: 30\n\nupstream connect error",
    "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"intranet\"\n\n401 Unauthorized",
    "HTTP/1.1 403 Forbidden\n\nAccess to this page has been denied.",
    "Whitelabel Error Page This application has no explicit mapping for /error",
    "Application error: a client-side exception has occurred",
    "Sorry, you have been blocked. You are unable to access example.org. Cloudflare Ray ID: 8f1",
    "{\"status\":429,\"title\":\"Too Many Requests\",\"detail\":\"Try again in 12 s\"}",
    "{\"message\":\"Internal server error\"}",
    "{\"error\":{\"message\":\"Incorrect API key provided\",\"type\":\"invalid_request_error\"}}",
    "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
  ]

  static let prose = [
    "In the hybrid flow the authorization server returns a code and an ID token.",
    "The client must validate the ID token before it uses the access token.",
    "An authorization code is short-lived and may be used once.",
    "We use OAuth 2.0 with PKCE; the redirect URI is registered with the provider.",
    "The issuer identifies the provider; compare it with the iss claim of the token.",
    "Please review the refresh token rotation settings before the release.",
    "The consent screen lists the permissions that the application asks for.",
    "Implicit flow is discouraged; hybrid flow remains for sign-on.",
    "The promo code is not valid any more, please ask support.",
    "Your verification code is expired. Request a new code.",
    "Your session has timed out. Please sign in again.",
    "Invalid username or password.",
    "The access was denied by the owner of the document.",
    "Login required to post comments.",
    "The user is not assigned to this project.",
    "The service was not found in the registry.",
    "state mismatch between the two replicas, resyncing",
    "expected https://a.example/x but got https://a.example/x/ in the sitemap",
  ]

  static let others = [
    "<samlp:Response><samlp:Status><samlp:StatusCode"
      + " Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"/></samlp:Status></samlp:Response>",
    "SAML response validation failed: The Audience is invalid",
    "opensaml::FatalProfileException: SAML Response reported an IdP error.",
    "kinit: Preauthentication failed while getting initial credentials",
    "KRB_AP_ERR_SKEW: Clock skew too great",
    "LDAP: error code 49 - 80090308: LdapErr: DSID-0C090447, AcceptSecurityContext error, data 52e",
    "550 5.7.1 Relaying denied",
    "535 5.7.8 Error: authentication failed: authentication failure",
    "fatal: Authentication failed for 'https://github.com/acme/repo.git/'",
    "denied: requested access to the resource is denied",
    "Error: Cannot find module 'express'",
    "TypeError: Cannot read properties of undefined (reading 'sub')",
    "java.lang.NullPointerException: Cannot invoke \"String.length()\" because \"s\" is null",
    "Segmentation fault (core dumped)",
    "panic: runtime error: invalid memory address or nil pointer dereference",
    "thread 'main' panicked at src/main.rs:12:5: called `Option::unwrap()` on a `None` value",
    "JSON parse error: Unexpected token < in JSON at position 0",
    "JsonWebTokenError: invalid signature",
    "TokenExpiredError: jwt expired",
    "CSRF token mismatch.",
    "Blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present",
    "Refused to load the script because it violates the Content Security Policy directive",
    "npm ERR! code E401 Incorrect or missing password.",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    "AADSTS is the name of a service; the number after it says what happened.",
    "AADSTS99999999: Something that no table has.",
    "The number 50011 and the code 7000215 stand in this text for nothing.",
    "",
    " \n\t ",
    "%%%ZZ%2 &#; &#x; \\u12 \\x [999 \u{1B}[ \u{1B}]0;t",
  ]

  static let all = databases + networks + pages + prose + others + more + everyday
}

@Suite struct `Texts about other things` {
  @Test func `are many`() { #expect(Unrelated.all.count >= 140) }

  @Test(arguments: Unrelated.all)
  func `get no answer`(text: String) {
    let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
    #expect(matches.isEmpty, "\(matches.map(\.id))")
  }

  @Test(arguments: [Issuer.auth0, Issuer.keycloak, Issuer.okta, Issuer.entra, Issuer.google])
  func `get none at a known provider either`(issuer: String) throws {
    let url = try WebURL(issuer)
    for text in Unrelated.all {
      let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text, issuer: url))
      #expect(matches.isEmpty, "\(text) \(matches.map(\.id))")
    }
  }

  @Test func `get none when all of them come at once`() {
    let text = Unrelated.all.joined(separator: "\n\n")
    let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
    #expect(matches.filter { $0.confidence > .low }.isEmpty, "\(matches.map(\.id))")
  }

  @Test(arguments: [
    ("invalid_grant", "code-invalid-grant"),
    ("The token endpoint says invalid_grant, what now?", "code-invalid-grant"),
    ("error=login_required&state=x", "code-login-required"),
    ("{\"error\":\"invalid_client\"}", "code-invalid-client"),
    ("access_denied", "code-access-denied"),
  ])
  func `a code alone gets a guess and no more`(text: String, id: String) {
    let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
    #expect(matches.map(\.id) == [id])
    #expect(matches.first?.confidence == .low)
  }

  @Test(arguments: [
    // Words of a row without what makes them its words.
    "Code not valid", "Code is expired", "Session not active", "Service not found: billing",
    "Auth error", "Unauthorized", "User is not assigned", "PKCE verification failed",
    "Client authentication failed", "Bad Request", "Grant type", "not allowed for the client",
    "Invalid parameter: redirect", "invalid_grants", "xinvalid_grant", "AADSTS500111",
    "redirect_uri_mismatches", "E00000155",
  ])
  func `near misses get nothing`(text: String) {
    let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
    #expect(matches.isEmpty, "\(matches.map(\.id))")
  }
}
