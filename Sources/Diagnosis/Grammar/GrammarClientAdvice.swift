import HybridFlow

extension GrammarAdvice {
  /// The client, its secret, the code and the grant.
  static let clientAdvice: [GrammarAdvice] = [
    GrammarAdvice(
      .clientID, [.unknown, .mismatch], .settings,
      "The client id is unknown there: no client with this id exists at this provider.",
      "Compare the client id letter by letter with the provider\u{2019}s console, and look whether"
        + " the issuer is the right tenant, realm or environment; a client made just now may need"
        + " some minutes."),
    GrammarAdvice(
      .clientID, [.invalid], .settings,
      "The client was not accepted: its client id is unknown there, or the secret is not that of this"
        + " client.",
      "Compare the client id letter by letter with the provider\u{2019}s console, and the issuer with"
        + " its tenant or realm; then copy the secret again."),
    GrammarAdvice(
      .clientID, [.missing], .settings,
      "The request carried no client id: the application\u{2019}s setting for it is empty or was not"
        + " read.",
      "Set the client id where the application reads it (environment variable, settings file), and"
        + " restart it."),
    GrammarAdvice(
      .clientID, [.notAllowed, .unsupported], .settings,
      "The client is known there, but switched off, or not allowed what it asked for.",
      "Enable the client, and allow it this grant, scope or endpoint at the provider."),
    GrammarAdvice(
      .clientSecret, [.mismatch, .invalid, .failed, .unknown, .malformed], .settings,
      "The client secret is wrong for this client.",
      "Copy the secret again from the provider\u{2019}s console, without blanks or line breaks at its"
        + " ends, the value and not its id; then compare the way it is sent (Basic header or body)."
    ),
    GrammarAdvice(
      .clientSecret, [.expired], .settings,
      "The client secret has expired.",
      "Make a new secret for the client at the provider, and set it here."),
    GrammarAdvice(
      .clientSecret, [.missing], .settings,
      "The token request carried no client secret where this provider looks for it.",
      "Set the client secret here, and send it the way the client is registered for:"
        + " client_secret_basic in the Authorization header, or client_secret_post in the body."),
    GrammarAdvice(
      .clientAuthentication,
      [.missing, .invalid, .failed, .unsupported, .notAllowed, .mismatch, .unknown, .malformed],
      .settings,
      "The client authenticated another way than it is registered for, or its secret or key was not"
        + " accepted.",
      "Change between client_secret_basic (Authorization header) and client_secret_post (body) to"
        + " what the client is registered for, then compare secret or key."),
    GrammarAdvice(
      .clientAuthentication, [.expired, .usedTwice, .inFuture], .settings,
      "The client assertion is out of its time, or its jti was used before.",
      "Make a new assertion for each request, with a short exp, and compare the clocks."),
    GrammarAdvice(
      .code, [.usedTwice, .duplicate], .settings,
      "The authorization code was used before: each code can be redeemed once.",
      "Redeem each code once; look for a callback page that was reloaded, a browser that fetches it"
        + " in advance, or two instances that take the same answer."),
    GrammarAdvice(
      .code, [.expired], .settings,
      "The authorization code has expired: codes live a minute or a few.",
      "Redeem the code at once after the callback, then start a new login; compare the clocks."),
    GrammarAdvice(
      .code, [.unknown, .invalid, .mismatch, .malformed, .notAllowed], .settings,
      "The provider does not take this authorization code: it is expired, was used before, belongs"
        + " to another client or redirect URI, or was changed on its way.",
      "Start a new login and redeem the code once, at once, with the same client id and redirect_uri,"
        + " decoded exactly once."),
    GrammarAdvice(
      .code, [.missing, .lost], .settings,
      "The callback or the token request had no code: the answer was an error, came in the fragment,"
        + " or its parameters were not handed on.",
      "Look at what came to the callback; for a server ask for response_mode=form_post or query, and"
        + " hand all parameters on."),
    GrammarAdvice(
      .grantType, [.unsupported, .notAllowed, .unknown, .invalid, .mismatch], .settings,
      "That grant or flow is not allowed for this client, or not supported there.",
      "Allow authorization code and implicit (hybrid) for the client at the provider, and refresh"
        + " token where it is used."),
    GrammarAdvice(
      .grantType, [.missing, .malformed, .duplicate], .settings,
      "The token endpoint found no grant_type: the body was not form-encoded or was lost.",
      "Send grant_type=authorization_code as application/x-www-form-urlencoded by POST."),
    GrammarAdvice(
      .refreshToken,
      [.expired, .invalid, .unknown, .usedTwice, .notAllowed, .mismatch, .malformed], .settings,
      "The refresh token is expired, revoked, was replaced by a newer one, or is another client\u{2019}s.",
      "Sign in again, and store the newest refresh token of each answer."),
    GrammarAdvice(
      .refreshToken, [.missing, .unsupported], .settings,
      "No refresh token was issued.",
      "Ask for offline_access with prompt=consent, and allow refresh tokens for the client."),
    GrammarAdvice(
      .session, [.missing, .unknown, .lost, .expired, .invalid, .mismatch, .usedTwice], .settings,
      "The application does not find the login it started: its cookie or session did not come back"
        + " with the callback, has expired, or was used by an earlier callback.",
      "Let that cookie be SameSite=None; Secure over https (form posts come from another site), keep"
        + " one host name from start to callback, share sessions between all instances, and start"
        + " again in one tab."),
    GrammarAdvice(
      .session, [.tooLarge], .settings,
      "The cookies of the login are too large or too many.",
      "Delete old login cookies, keep sessions on the server instead of in cookies, and raise the"
        + " proxy\u{2019}s limit for header lines."),
    GrammarAdvice(
      .session, [.notAllowed], .settings,
      "The browser did not keep or send the cookie of the login.",
      "Allow cookies for this site, use https, and set SameSite=None; Secure where the answer comes"
        + " by form post or in a frame."),
    GrammarAdvice(
      .header, [.tooLarge], .settings,
      "A request\u{2019}s header lines are too large: login cookies (state, nonce, session) have piled"
        + " up, or tokens stand in cookies.",
      "Delete the site\u{2019}s cookies, let abandoned logins expire, keep sessions on the server, and"
        + " raise the proxy\u{2019}s header buffer (large_client_header_buffers, proxy_buffer_size)."
    ),
    GrammarAdvice(
      .consent, [.missing, .unknown, .invalid], .settings,
      "Consent is missing for what the application asked for.",
      "Send prompt=consent, leave prompt=none out, or let an administrator consent beforehand."),
    GrammarAdvice(
      .consent, [.notAllowed, .declined], .person,
      "Consent was refused, by the person or by a policy.",
      "Sign in again and accept; if nobody was asked, look for the policy at the provider."),
    GrammarAdvice(
      .user, [.declined], .person,
      "The person said no, or did not consent.",
      "Sign in again and accept; where nobody was asked, an administrator has to consent, or a policy"
        + " of the provider refused."),
    GrammarAdvice(
      .user, [.unknown], .settings,
      "The person who signed in is not known: no account fits what the token says.",
      "Create or link the account, and compare the claim that names the person (sub, email,"
        + " preferred_username) with what the application looks for."),
    GrammarAdvice(
      .user, [.notAllowed], .settings,
      "The person may not sign in to this application: not assigned, blocked, or refused by a policy.",
      "Assign the person or group to the application, or unblock the account, at the provider."),
    GrammarAdvice(
      .user, [.invalid], .person,
      "The person\u{2019}s name, password or e-mail address was not accepted: wrong, or not verified.",
      "Let the person try again; verify the e-mail address at the provider where the application wants"
        + " that."),
    GrammarAdvice(
      .user, [.missing], .settings,
      "What the application needs to know of the person did not come: a claim such as email is"
        + " missing.",
      "Ask for the scope that brings it (profile, email), and let the provider put the claim into"
        + " the ID token or userinfo."),
  ]
}
