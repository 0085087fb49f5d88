/// A client library or proxy, known by words of its own in a text.
enum ClientLibrary: String, CaseIterable, Sendable {
  case openIDClient = "openid-client"
  case aspNet = "ASP.NET"
  case spring = "Spring Security"
  case goOIDC = "go-oidc"
  case modAuthOpenIDC = "mod_auth_openidc"
  case luaOIDC = "lua-resty-openidc"
  case oauth2Proxy = "oauth2-proxy"
  case oidcClientTS = "oidc-client-ts"
  case appAuth = "AppAuth"
  case msal = "MSAL"
  case authlib = "Authlib"
  case djangoOIDC = "mozilla-django-oidc"
  case socialAuth = "python-social-auth"
  case omniAuth = "OmniAuth"
  case jumbojett = "jumbojett"
  case passport = "passport"
  case nextAuth = "NextAuth (Auth.js)"

  /// Words that only its messages have.
  var markers: [String] {
    switch self {
    case .openIDClient: ["node_modules/openid-client*", "OPError", "RPError", "oauth4webapi*"]
    case .aspNet:
      [
        "Microsoft.AspNetCore*", "Microsoft.IdentityModel*", "Microsoft.Owin*",
        "OpenIdConnectHandler",
      ]
    case .spring: ["org.springframework.security*", "OAuth2AuthenticationException"]
    case .goOIDC: ["coreos/go-oidc*", "go-jose*"]
    case .modAuthOpenIDC: ["auth_openidc*", "mod_auth_openidc*"]
    case .luaOIDC: ["openidc.lua*", "resty.openidc*", "lua-resty-openidc*"]
    case .oauth2Proxy: ["oauth2-proxy*", "oauthproxy.go*", "_oauth2_proxy*"]
    case .oidcClientTS: ["oidc-client*", "OidcClient.ts*", "UserManager._signin*"]
    case .appAuth: ["appauth*", "OIDAuthorization*"]
    case .msal: ["msal-browser*", "BrowserAuthError", "msal-node*", "ClientAuthError"]
    case .authlib: ["authlib*"]
    case .djangoOIDC: ["mozilla_django_oidc*", "mozilla-django-oidc"]
    case .socialAuth: ["social_core*", "social_django*"]
    case .omniAuth: ["omniauth*"]
    case .jumbojett: ["Jumbojett*", "OpenIDConnectClientException"]
    case .passport: ["passport-openidconnect*", "passport-oauth2*", "passport-azure-ad*"]
    case .nextAuth: ["next-auth*", "NEXTAUTH*", "authjs*", "@auth/core*"]
    }
  }

  /// The library's own setting for a subject, as a sentence; nil when there is none to name.
  func setting(for subject: GrammarSubject) -> String? {
    switch subject {
    case .state, .session, .nonce: sessionSetting
    case .issuer, .discovery: issuerSetting
    case .algorithm: algorithmSetting
    case .redirectURI: addressSetting
    default: nil
    }
  }

  private var sessionSetting: String? {
    switch self {
    case .openIDClient:
      "openid-client: pass checks: { state, nonce } from the session to callback()."
    case .aspNet:
      "ASP.NET: CorrelationCookie and NonceCookie of the handler; UseForwardedHeaders behind a proxy."
    case .spring: "Spring: server.servlet.session.cookie.same-site=none, and one host name."
    case .modAuthOpenIDC: "mod_auth_openidc: OIDCCookieSameSite and OIDCStateTimeout."
    case .luaOIDC: "lua-resty-openidc: one session secret for all workers."
    case .oauth2Proxy: "oauth2-proxy: --cookie-samesite, --cookie-secure and --cookie-domain."
    case .oidcClientTS: "oidc-client-ts: stateStore, and call signinCallback once."
    case .djangoOIDC, .socialAuth: "Django: SESSION_COOKIE_SAMESITE and SESSION_COOKIE_SECURE."
    case .nextAuth: "NextAuth: NEXTAUTH_URL (AUTH_URL) is the public https address."
    case .jumbojett: "PHP: session.cookie_samesite and session.cookie_secure."
    case .passport:
      "Express: session cookie with sameSite none and secure; app.set('trust proxy', 1)."
    case .omniAuth: "Rails: session store with same_site: :none, secure: true."
    default: nil
    }
  }

  private var issuerSetting: String? {
    switch self {
    case .openIDClient: "openid-client: the address given to discover() is the issuer."
    case .aspNet: "ASP.NET: Authority is the issuer; ValidIssuer overrides it."
    case .spring: "Spring: issuer-uri of the provider."
    case .modAuthOpenIDC: "mod_auth_openidc: OIDCProviderMetadataURL, OIDCProviderIssuer."
    case .oauth2Proxy: "oauth2-proxy: --oidc-issuer-url."
    case .oidcClientTS: "oidc-client-ts: authority."
    case .authlib: "Authlib: server_metadata_url."
    case .omniAuth: "OmniAuth: issuer, with discovery: true."
    case .jumbojett: "jumbojett: the provider URL given to the client; setIssuer overrides it."
    case .nextAuth: "NextAuth: issuer of the provider."
    default: nil
    }
  }

  private var algorithmSetting: String? {
    switch self {
    case .openIDClient: "openid-client: id_token_signed_response_alg of the client."
    case .goOIDC: "go-oidc: SupportedSigningAlgs of the verifier."
    case .djangoOIDC: "mozilla-django-oidc: OIDC_RP_SIGN_ALGO."
    case .omniAuth: "OmniAuth: client_signing_alg."
    case .spring: "Spring: OidcIdTokenDecoderFactory.setJwsAlgorithmResolver."
    default: nil
    }
  }

  private var addressSetting: String? {
    switch self {
    case .aspNet: "ASP.NET: CallbackPath, and UseForwardedHeaders behind a proxy."
    case .spring:
      "Spring: redirect-uri, and server.forward-headers-strategy=framework behind a proxy."
    case .modAuthOpenIDC: "mod_auth_openidc: OIDCRedirectURI and OIDCXForwardedHeaders."
    case .oauth2Proxy: "oauth2-proxy: --redirect-url, and --reverse-proxy behind a proxy."
    case .oidcClientTS: "oidc-client-ts: redirect_uri."
    case .djangoOIDC, .socialAuth: "Django: SECURE_PROXY_SSL_HEADER behind a proxy."
    case .nextAuth: "NextAuth: NEXTAUTH_URL (AUTH_URL)."
    case .passport: "Express: app.set('trust proxy', 1), and callbackURL as a full address."
    default: nil
    }
  }
}
