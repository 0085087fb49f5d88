import HybridFlow
import OpenID

extension DiagnosisEngine {
  /// Error codes alone; several causes share each.
  static let codeRows: [DiagnosisRow] = [
    code(
      "invalid_grant", [.token],
      "Code or refresh token are expired, used, of another client, or came with another"
        + " redirect_uri or code_verifier.",
      "Log in again, exchange the code once and at once, and compare redirect_uri and client id of"
        + " both requests.", "RFC 6749, section 5.2"),
    code(
      "invalid_client", [.token, .page],
      "The client could not be authenticated: unknown client id, wrong secret, or another method"
        + " than the one it is registered for.",
      "Copy the secret again; change between Basic and Post; compare the client id.",
      "RFC 6749, section 5.2"),
    code(
      "unauthorized_client", [.callback, .page, .token],
      "The client exists, but may not use this grant or response type.",
      "Allow authorization code and implicit (hybrid) for the client. Some servers say this for a"
        + " wrong secret too.", "RFC 6749, sections 4.1.2.1 and 5.2"),
    code(
      "unsupported_response_type", [.callback, .page],
      "The provider does not offer this response type, or not to this client.",
      "Compare with response_types_supported in discovery; allow implicit or hybrid for the"
        + " client.",
      "RFC 6749, section 4.1.2.1"),
    code(
      "unsupported_response_mode", [.callback, .page],
      "The provider does not offer this response mode with this response type.",
      "Send response_mode=form_post.", "OAuth 2.0 Multiple Response Type Encoding Practices"),
    code(
      "unsupported_grant_type", [.token],
      "The token endpoint did not find a grant_type that it knows; often the body was not"
        + " form-encoded.",
      "Send grant_type=authorization_code as application/x-www-form-urlencoded.",
      "RFC 6749, section 5.2"),
    code(
      "invalid_request", [],
      "A parameter is missing, repeated or malformed; the description says which.",
      "Read the description; compare the request with the provider\u{2019}s reference.",
      "RFC 6749, section 4.1.2.1"),
    code(
      "invalid_scope", [.callback, .page, .token],
      "A scope is unknown, malformed, or not allowed for the client.",
      "Ask for openid alone first, then add one scope after the other.",
      "RFC 6749, section 4.1.2.1"),
    code(
      "access_denied", [.callback, .page], blame: .person,
      "The person said no, or a rule of the provider did.",
      "Sign in again and accept; if nobody was asked, look into the provider\u{2019}s log.",
      "RFC 6749, section 4.1.2.1"),
    code(
      "login_required", [.callback], blame: nil,
      "prompt=none was sent, and nobody is signed in.",
      "Leave prompt=none out.", "OpenID Connect Core 1.0, section 3.1.2.6"),
    code(
      "consent_required", [.callback], blame: nil,
      "prompt=none was sent, and consent is missing.",
      "Leave prompt=none out, or give consent beforehand.",
      "OpenID Connect Core 1.0, section 3.1.2.6"),
    code(
      "interaction_required", [.callback], blame: nil,
      "prompt=none was sent, and the provider wants to show something.",
      "Leave prompt=none out.", "OpenID Connect Core 1.0, section 3.1.2.6"),
    code(
      "account_selection_required", [.callback], blame: nil,
      "prompt=none was sent, and several accounts are signed in.",
      "Leave prompt=none out, or name the account with login_hint.",
      "OpenID Connect Core 1.0, section 3.1.2.6"),
    code(
      "server_error", [.callback, .page, .token], blame: .provider,
      "The provider failed at something of its own.",
      "Try again; if it stays, look into the provider\u{2019}s log at that time.",
      "RFC 6749, section 4.1.2.1"),
    code(
      "temporarily_unavailable", [.callback, .page, .token], blame: .provider,
      "The provider is overloaded or being serviced.",
      "Wait and try again.", "RFC 6749, section 4.1.2.1"),
    code(
      "invalid_token", [.api],
      "The API does not accept the access token: expired, revoked, for another audience, or made by"
        + " another issuer.",
      "Compare aud and iss of the token, if it can be read, with what the API expects; read"
        + " error_description in WWW-Authenticate.", "RFC 6750, section 3.1"),
    code(
      "insufficient_scope", [.api],
      "The access token lacks a scope that the API wants.",
      "Ask for the scope that WWW-Authenticate names, and look whether it was granted.",
      "RFC 6750, section 3.1"),
    code(
      "invalid_target", [.callback, .page, .token],
      "The provider does not know the resource or audience that was asked for.",
      "Compare it with the API\u{2019}s identifier at the provider.", "RFC 8707, section 2"),
    code(
      "invalid_request_object", [.callback, .page],
      "The signed request object does not verify or has claims that do not fit.",
      "Compare the key, iss (client id) and aud (issuer) of the request object.",
      "RFC 9101, section 7"),
    code(
      "invalid_request_uri", [.callback, .page],
      "The provider cannot use the request_uri: it is unknown there, expired or used already, or what"
        + " it stands for does not fit.",
      "Push a new request, and open its address once, before its expires_in has passed.",
      "RFC 9101, section 7"),
    code(
      "use_dpop_nonce", [.token, .api],
      "The server wants its own nonce in the DPoP proof. It sends one in the header DPoP-Nonce of this"
        + " very answer: that is no failure, but the first step.",
      "Send the request once more, with that value as nonce in a new proof with a new jti. Keep the"
        + " nonces of the token endpoint and of the API apart.", "RFC 9449, sections 8 and 9"),
    code(
      "invalid_dpop_proof", [.token, .api],
      "The server does not accept the DPoP proof of this request. The usual reasons: htu is not the"
        + " address that the server knows itself by (a proxy in front of it changes scheme, host or"
        + " path), the clock is wrong, a proof was sent twice, ath is missing at an API, or the proof"
        + " is by another key than the token.",
      "Make a new proof for each request: htm and htu of this very request, a new jti, iat from a clock"
        + " that is right, ath of the access token in base64url. Behind a proxy, let the server know its"
        + " public address.", "RFC 9449, sections 4.3 and 5"),
    code(
      "request_not_supported", [.callback, .page],
      "The provider takes no request objects.",
      "Send the parameters in the URL.", "OpenID Connect Core 1.0, section 3.1.2.6"),
    code(
      "unmet_authentication_requirements", [.callback],
      "The provider could not give the authentication that acr_values asked for.",
      "Ask for less, or enrol the person in a stronger method.",
      "OpenID Connect Core Error Code unmet_authentication_requirements 1.0"),
    code(
      "invalid_redirect_uri", [.page],
      "The redirect URI is not registered for the client.",
      "Register it exactly as it is sent.", "OpenID Connect Dynamic Client Registration 1.0"),
  ]

  private static func code(
    _ code: String, _ places: [DiagnosisPlace], blame: Blame? = .settings, _ cause: String,
    _ fix: String, _ reference: String
  ) -> DiagnosisRow {
    DiagnosisRow(
      "code-" + code.replacing(bytes: "_", with: "-"), .generic, places, .code(code), blame: blame,
      cause: cause, fix: fix, source: .document(reference))
  }
}
