import OpenID

/// Parameters of authorization requests and authorization responses.
extension Glossary {
  static let authorizationRequest: [Group] = [
    Group(
      .core("3.1.2.1"),
      [
        "scope": "what is asked for, in words; openid makes it an OpenID Connect request",
        "response_type": "what shall come back: a code, an ID token, an access token",
        "client_id": "the application's name at this tenant",
        "redirect_uri": "where the answer goes; must be registered letter by letter",
        "state": "random value that comes back unchanged; tells our own answer from a foreign one",
        "response_mode": "how the answer travels: form_post, fragment or query",
        "nonce": "random value that must come back inside the ID token; stops replays",
        "display": "which kind of page the login is to be shown in",
        "prompt": "whether the person is asked to sign in, to consent, or not at all",
        "max_age": "how many seconds ago the last login may be; forces auth_time",
        "ui_locales": "languages wanted for the pages, best first",
        "id_token_hint": "an earlier ID token: whose login is expected",
        "login_hint": "the name the person will probably sign in with",
        "acr_values": "classes of authentication that are wanted, best first",
      ]),
    Group(
      .rfc(7636, "4.3"),
      [
        "code_challenge":
          "made from the code verifier, with S256 its digest; that comes in stage 6",
        "code_challenge_method": "how the challenge was made; S256 is SHA-256",
      ]),
    Group(.core("5.5"), ["claims": "claims that are asked for one by one, as JSON"]),
    Group(.core("5.2"), ["claims_locales": "languages wanted for claims about the person"]),
    Group(
      .core("6.1"), ["request": "the parameters of this request as a JWT, usually signed"]),
    Group(
      .core("6.2"), ["request_uri": "where the parameters of this request can be found"]),
    Group(
      .core("7.2.1"), ["registration": "metadata of a client that is not registered beforehand"]),
    Group(.rfc(8707, "2"), ["resource": "the API that the access token is wanted for, as a URI"]),
    Group(.rfc(9396, "2"), ["authorization_details": "rights asked for in detail, as JSON"]),
    Group(.rfc(9449, "10"), ["dpop_jkt": "thumbprint of the key that the code will be bound to"]),
    Group(
      Source.auth0,
      [
        "audience": "the API that the access token is wanted for: its identifier at Auth0",
        "connection": "the user store or social login to use, skipping the choice",
        "connection_scope": "scopes to ask of the social login behind the tenant",
        "organization": "the organization in whose name the person signs in",
        "invitation": "ticket of an invitation to an organization",
        "screen_hint": "whether to show sign-up instead of the login",
        "auth0Client": "name and version of the library that made the request, base64",
        "access_type": "offline asks Google for a refresh token",
      ]),
    Group(
      Source.entra,
      [
        "domain_hint": "the domain of the person, to skip the choice of the account's home",
        "client_info": "1 asks for a field that names the account",
      ]),
    Group(
      Source.google,
      [
        "hd": "the Google Workspace domain that the account should belong to",
        "include_granted_scopes": "true adds scopes that were granted earlier",
      ]),
    Group(
      Source.keycloak,
      [
        "kc_idp_hint": "the identity provider to go to at once",
        "kc_action": "an action that the person is to take, such as a new password",
      ]),
    Group(
      Source.okta,
      [
        "idp": "the identity provider to go to at once",
        "sessionToken": "ticket of a login made through Okta's own API",
      ]),
  ]

  static let authorizationResponse: [Group] = [
    Group(
      .core("3.3.2.5"),
      [
        "code": "one-time ticket for the token endpoint, where the client has to prove itself",
        "id_token": "the first ID token: who signed in, signed by the tenant",
        "access_token": "the first access token; others may have seen it, so it stays unused",
        "token_type": "how the access token is to be used: Bearer",
        "expires_in": "seconds that the access token lives from now",
        "state": "the value of our request, unchanged; anything else is not our answer",
      ]),
    Group(.rfc(6749, "4.2.2"), ["scope": "what was granted, when it is not what was asked for"]),
    Group(.rfc(9207, "2"), ["iss": "who answers; must be the issuer that was asked"]),
    Group(
      .rfc(6749, "4.1.2.1"),
      [
        "error": "a code that says why nothing was granted",
        "error_description": "the reason in words for developers; text from outside",
        "error_uri": "a page about the error",
      ]),
    Group(
      Source.sessionManagement,
      ["session_state": "digest by which a page can watch the session at the tenant"]),
    Group(Source.jarm, ["response": "the whole answer as a signed JWT"]),
    Group(
      Source.entra,
      [
        "client_info": "names the account, base64url JSON",
        "cloud_instance_name": "the cloud in which the tenant lives",
        "cloud_instance_host_name": "the host of the cloud in which the tenant lives",
        "cloud_graph_host_name": "the host of Microsoft Graph in that cloud",
        "admin_consent": "whether an administrator has consented for everybody",
        "id_token_expires_in": "seconds that the ID token lives",
        "error_subcode": "more about the error; cancel when the person turned back",
      ]),
    Group(
      Source.google,
      [
        "authuser": "which of several signed-in accounts was used",
        "prompt": "which prompt was shown",
        "hd": "the Google Workspace domain of the account",
      ]),
    Group(
      Source.apple, ["user": "name and address as JSON, at the first login only; not signed"]),
  ]

  static let pageFields: [Group] = [
    Group(
      Source.demo,
      [
        "username": "the name to sign in with",
        "password": "the password; it goes to the tenant and never to the application",
        "state": "which request this form belongs to; not the application's state",
        "form_token": "value known to this form alone, against forms posted from elsewhere",
        "subject": "the person whom the consent page showed",
        "action": "which button was pressed",
      ])
  ]

  static let cookies: [Group] = [
    Group(
      Source.demo, ["demo_tenant_*": "the browser's session at the demo tenant; holds no data"]),
    Group(
      SpecReference("RFC 6265bis", "4.1.3.2"),
      [
        "__Host-session_*": "tells the application its browser; no subdomain can set it",
        "session_*": "tells the application its browser; a subdomain can plant one",
      ]),
    Group(
      Source.auth0,
      [
        "auth0": "the browser's session at the tenant",
        "auth0_compat": "the same for browsers that do not know SameSite=None",
        "did": "names the device, to notice attacks on passwords",
        "did_compat": "the same for browsers that do not know SameSite=None",
      ]),
    Group(
      Source.keycloak,
      [
        "AUTH_SESSION_ID": "a login that is under way",
        "KEYCLOAK_IDENTITY": "the browser's session at the realm",
        "KEYCLOAK_SESSION": "which session of the realm the browser has",
        "KC_RESTART": "begins a login anew that has timed out",
      ]),
    Group(
      Source.cloudflare,
      [
        "__cf_bm": "tells people from robots",
        "_cfuvid": "tells visitors behind one address apart",
      ]),
  ]

  static let logout: [Group] = [
    Group(
      Source.logout,
      [
        "id_token_hint": "an ID token of the login that ends",
        "logout_hint": "who is to be signed out, in the tenant's words",
        "client_id": "the application that asks",
        "post_logout_redirect_uri": "where to go afterwards; must be registered",
        "state": "random value that comes back with the redirect",
        "ui_locales": "languages wanted for the pages, best first",
      ]),
    Group(
      Source.auth0,
      [
        "returnTo": "where to go afterwards, at Auth0's older logout",
        "federated": "ends the session at the social login as well",
      ]),
    Group(
      Source.demo,
      [
        "form_token": "value known to this form alone, against forms posted from elsewhere",
        "action": "which button was pressed",
      ]),
  ]

  static let revocation: [Group] = [
    Group(
      .rfc(7009, "2.1"),
      [
        "token": "the token that is no longer wanted",
        "token_type_hint": "what kind of token it is, to find it sooner",
      ]),
    Group(
      .rfc(6749, "2.3.1"),
      [
        "client_id": "the application's name, when it authenticates in the body",
        "client_secret": "the application's secret, when it authenticates in the body",
      ]),
  ]
}
