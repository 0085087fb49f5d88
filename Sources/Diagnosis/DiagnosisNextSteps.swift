import HybridFlow
import OpenID

extension DiagnosisEngine {
  /// What to check when a check failed and no row knows why.
  static func next(_ check: CheckID) -> String {
    configuration(check) ?? answer(check) ?? idToken(check) ?? exchange(check)
  }

  private static func configuration(_ check: CheckID) -> String? {
    switch check {
    case .discoveryIssuerMatch:
      "Copy issuer from the discovery document into the configuration, or ask the right host."
    case .discoveryHTTPS:
      "Let the provider publish https endpoints; behind a proxy it must learn its public address."
    case .discoveryEndpointURI:
      "Let the provider percent-encode what no URI has; until then nothing is sent there."
    case .discoveryEndpointReach:
      "Let the provider publish addresses that its clients can reach; behind a proxy it must learn "
        + "its public one. If you run it yourself, give the endpoints by hand."
    case .discoveryResponseType:
      "Choose a response type that the metadata list, or switch the hybrid flow on there."
    case .discoveryFormPost: "Try it all the same: many providers leave form_post out of the list."
    case .discoveryAuthMethod: "Choose one of token_endpoint_auth_methods_supported."
    case .discoveryNoFragment: "Tell the provider\u{2019}s operator: an endpoint has no fragment."
    case .answerContentType: "Look at Content-Type in the Wire view, and who stands between."
    case .answerNotCompressed: "Look at Content-Encoding in the Wire view, and who stands between."
    case .jwksNoPrivate: "Tell the provider\u{2019}s operator: those keys must be replaced."
    case .requestOpenIDScope: "Add openid to the scopes."
    case .requestNonce: "Let the explorer make the nonce; look at the extra parameters."
    case .requestState: "Let the explorer make the state; look at the extra parameters."
    case .requestPKCE: "Switch PKCE on."
    case .requestModeNotQuery: "Take response_mode=query out of the extra parameters."
    default: nil
    }
  }

  private static func answer(_ check: CheckID) -> String? {
    switch check {
    case .callbackMethod: "Look whether response_mode=form_post was sent and is supported."
    case .callbackContentType: "Look what sent the answer: no browser form does it this way."
    case .callbackNoDuplicates:
      "Look at the Wire view: which parameter stands twice, and who adds it."
    case .callbackSingleUse: "Start again; close other tabs of this login."
    case .stateMatch: "Start again in one tab; look whether something shortens or rewrites state."
    case .responseIss:
      "Compare iss of the answer with the configured issuer, character by character."
    case .responseIssVsIDToken: "Look which server issued which: two providers are mixed."
    case .responseTypeExact:
      "Compare what came with the response type and the client\u{2019}s grants."
    case .responseNoRefreshToken: "Tell the provider\u{2019}s operator."
    case .responseErrorExclusive: "Look at the Wire view for what came beside the error."
    case .tokenTypeFront: "Look at token_type in the Wire view."
    case .expiresIn: "Look at expires_in in the Wire view, and tell the operator."
    default: nil
    }
  }

  private static func idToken(_ check: CheckID) -> String? {
    switch check {
    case .idTokenStructure:
      "Decode the token; five parts mean that it is encrypted for a client key."
    case .idTokenAlgNone: "Set an ID token signing algorithm for the client at the provider."
    case .idTokenAlgAllowlist:
      "Compare alg in the header with the client\u{2019}s setting at the provider."
    case .idTokenCrit: "Ask the operator what the extension in crit is for."
    case .idTokenNoRemoteKey: "Let the provider name its key by kid alone."
    case .idTokenTyp: "Look at typ in the header, and whether this is an ID token at all."
    case .idTokenKidKnown: "Compare kid in the header with the key set; look whether iss is ours."
    case .idTokenKidAbsentSingle, .idTokenKidAbsentMultiple: "Let the provider send kid."
    case .idTokenSignature:
      "Look whether the keys are the issuer\u{2019}s, and the token came whole."
    case .idTokenIss, .idTokenIssPresent: "Compare iss in the claims with the configured issuer."
    case .idTokenSubPresent: "Look at sub in the claims, and at mappings of the provider."
    case .idTokenAudPresent, .idTokenAud: "Compare aud in the claims with the client id."
    case .idTokenAudExtra: "Look who else is in aud, and why."
    case .idTokenAzp: "Compare azp in the claims with the client id."
    case .idTokenExpPresent, .idTokenExp: "Compare exp with the clock of this machine."
    case .idTokenLifetime: "Let the operator shorten the life of ID tokens."
    case .idTokenIatPresent, .idTokenIat: "Compare iat with the clock of this machine."
    case .idTokenNbf: "Compare nbf with the clock of this machine."
    case .noncePresent: "Look whether nonce was sent, and what the provider does with it."
    case .nonceMatch: "Start again; a token with another nonce belongs to another login."
    case .authTime: "Look whether max_age was sent and the provider asks again."
    case .acr: "Compare acr in the claims with acr_values."
    case .cHashPresent: "Tell the operator: an ID token that comes with a code must have c_hash."
    case .cHashMatch:
      "Start again; if it stays, the code was exchanged on the way or alg is unusual."
    case .atHashPresent: "Tell the operator: an ID token beside an access token must have at_hash."
    case .atHashMatch: "Start again; if it stays, the access token was exchanged on the way."
    case .sHashMatch: "Start again; if it stays, state was changed on the way."
    default: nil
    }
  }

  private static func exchange(_ check: CheckID) -> String {
    switch check {
    case .noExchangeBeforeFrontOK: "Look at the failed checks of stage 5."
    case .codeExchangeOnce: "Start again: a code works once."
    case .redirectURISame: "Send redirect_uri of the authorization request, unchanged."
    case .issuerBoundEndpoint: "Take the token endpoint from the issuer\u{2019}s own metadata."
    case .tokenResponseStatusJSON:
      "Open the Wire view: a page there comes from a proxy or a wrong URL."
    case .tokenResponseNoStore: "Tell the operator: answers with tokens must not be stored."
    case .tokenTypeBack: "Look whether the client demands DPoP or certificate-bound tokens."
    case .backIDTokenPresent: "Look whether openid is granted, and compare scope in the answer."
    case .secondIDTokenIss, .secondIDTokenSub:
      "Put both ID tokens side by side, and look who was signed in."
    case .secondIDTokenEventClaims, .secondIDTokenUserClaims: "Put both ID tokens side by side."
    case .backNonceMatch: "Start again; a code of another login was exchanged."
    case .backAtHash, .backCHash: "Put the answer and the claims of its ID token side by side."
    case .accessTokensCompare: "Put both access tokens side by side."
    case .scopeGranted: "Compare scope in the answer with what was asked for; look at consent."
    case .refreshTokenExpected: "Look whether offline_access is allowed, and send prompt=consent."
    case .useSecondAccessToken: "Use the access token of the token endpoint."
    case .bearerHeaderOnly: "Send the access token in the Authorization header alone."
    case .apiWWWAuthenticate: "Read WWW-Authenticate in the Wire view."
    case .userinfoSub: "Look whose access token was used: sub is another person\u{2019}s."
    case .userinfoSigned:
      "Compare the signature\u{2019}s key, iss and aud with issuer and client id."
    case .accessTokenAud: "Ask for a token for this API: audience, resource or one of its scopes."
    case .refreshSameIssSubAud:
      "Log in again; the refreshed token is for somebody or something else."
    case .refreshRotation: "Store the newest refresh token of each answer."
    case .logoutState: "Look whether state was sent to the logout endpoint."
    default: "Look at the expected and the found value in the Checks view."
    }
  }
}
