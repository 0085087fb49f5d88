import OpenID

/// What a sentence about a failed login is about.
enum GrammarSubject: String, CaseIterable, Sendable {
  case redirectURI = "redirect-uri"
  case clientID = "client-id"
  case clientSecret = "client-secret"
  case clientAuthentication = "client-authentication"
  case state, nonce, code
  case verifier = "code-verifier"
  case responseType = "response-type"
  case responseMode = "response-mode"
  case grantType = "grant-type"
  case scope, audience, issuer, key, algorithm, signature
  case expiry, clock
  case issuedAt = "issued-at"
  case hash, session, consent, certificate, proxy, header, user, discovery
  case userInfoSubject = "userinfo-subject"
  case acr, dpop
  case authTime = "auth-time"
  case pushedRequest = "pushed-request"
  case requestObject = "request-object"
  case encryption
  case token
  case idToken = "id-token"
  case accessToken = "access-token"
  case refreshToken = "refresh-token"
}

extension GrammarSubject {
  /// Error codes that speak of this subject themselves.
  var codes: Set<String> {
    switch self {
    case .responseType: ["unsupported_response_type", "unauthorized_client"]
    case .responseMode: ["unsupported_response_mode"]
    case .grantType: ["unsupported_grant_type", "unauthorized_client"]
    case .scope: ["invalid_scope", "insufficient_scope"]
    case .clientID, .clientSecret, .clientAuthentication: ["invalid_client"]
    case .code, .verifier, .refreshToken: ["invalid_grant"]
    case .redirectURI: ["invalid_redirect_uri", "redirect_uri_mismatch", "redirect_mismatch"]
    case .consent: ["consent_required"]
    case .accessToken, .expiry: ["invalid_token"]
    case .requestObject: ["invalid_request_object", "request_not_supported"]
    case .audience: ["invalid_target"]
    default: []
    }
  }
}

/// What is wrong with it.
enum GrammarSymptom: String, CaseIterable, Sendable {
  case missing, unknown, mismatch, invalid, failed, expired, unsupported, malformed, lost,
    duplicate, declined
  case inFuture = "in-future"
  case usedTwice = "used-twice"
  case notAllowed = "not-allowed"
  case tooLarge = "too-large"
  case unreachable
}

/// Words that name a subject; all words are in lower case, with names such as `redirectUri` and
/// `redirect_uri` taken apart.
struct SubjectWords: Sendable {
  let subject: GrammarSubject
  /// Whether other programs use the words too, so that the text must be about a login.
  let isShared: Bool
  let phrases: [String]

  static let all: [SubjectWords] = [
    own(
      .redirectURI,
      "registered callback,redirect uri,redirect uris,redirect url,redirect urls,redirection uri,redirection url,"
        + "redirection urls,redirecturi,redirecturl,callback url,callback urls,callback uri,"
        + "callbackurl,reply url,reply urls,reply address,reply uri,redirect_uri,login redirect,"
        + "valid redirect,registered uris,registered uri,redirect adresse,weiterleitungs uri"),
    shared(.redirectURI, "return url,return uri,callback address"),
    own(
      .clientID,
      "client id,client ids,clientid,client identifier,consumer key,"
        + "client application,relying party,authorized client,"
        + "client registration"),
    shared(
      .clientID,
      "client,the application,this application,app id,application id,application with identifier"),
    own(
      .clientSecret,
      "client secret,clientsecret,client password,client credentials,client credential,"
        + "consumer secret,client key secret"),
    shared(.clientSecret, "secret,app secret,application secret,shared secret"),
    own(
      .clientAuthentication,
      "client secret post,client secret basic,client authentication,client authentication method,token endpoint auth method,"
        + "client assertion,client auth,client authn,authentication method,client auth method,"
        + "client assertion type,authorization header,token endpoint authentication"),
    own(
      .state,
      "state parameter,state param,state cookie,state value,"
        + "csrf state,login state,authorization state,authentication state,state token,"
        + "message state,state argument,state jwt,relay state,state in response"),
    shared(.state, "state"),
    own(.nonce, "nonce claim,nonce cookie,nonce parameter,id token nonce,nonce value"),
    shared(.nonce, "nonce"),
    own(
      .code,
      "authorization code,auth code,authorisation code,authcode,authorizationcode,grant code,"
        + "code parameter"),
    shared(.code, "code,authorization grant,grant"),
    own(
      .verifier,
      "transform algorithm,code verifier,codeverifier,pkce,code challenge,code challenge method,proof key,"
        + "codechallenge,pkce verifier,pkce challenge,pkce code verifier,pkce code challenge"),
    own(.responseType, "response type,response types,responsetype,responsetypes"),
    own(.responseMode, "response mode,response modes,responsemode"),
    own(
      .grantType,
      "use authorization grant,client credentials grant,client credentials flow,grant type,grant types,granttype,granttypes,implicit flow,hybrid flow,standard flow,"
        + "implicit grant,implicit mode,authorization code flow,authorization code grant,"
        + "code flow,authorization grant type,hybrid grant"),
    own(
      .scope,
      "openid scope,scope openid,scope parameter,openid connect scope"),
    shared(.scope, "scope,scopes"),
    own(
      .audience,
      "access token audience,aud claim,audience claim,aud,aud value,token audience,audience aud,id token audience"
    ),
    shared(.audience, "audience,audiences"),
    own(
      .issuer,
      "iss claim,issuer claim,iss,iss value,id token issuer,issuer iss,issuer url,"
        + "issuer uri,token issuer,iss parameter"),
    shared(.issuer, "issuer,issuers"),
    own(
      .key,
      "signing key,signing keys,kid,jwks,jwk,jwks uri,json web key set,json web key,jwk set,"
        + "verification key,security key,security keys,key with kid,jwks endpoint,"
        + "key set,keyset,jwkset,issuer signing key"),
    shared(.key, "key,keys,public key,public keys,key id"),
    own(
      .algorithm,
      "signing algorithm,signature algorithm,signing alg,alg header,jwt alg,token alg,"
        + "id token signed response alg,jws algorithm,signing method,alg value,jws alg"),
    shared(.algorithm, "algorithm,algorithms,alg"),
    own(
      .signature,
      "id token signature,jwt signature,token signature,jws signature,signature of the id token"),
    shared(.signature, "signature"),
    own(
      .expiry,
      "exp claim,expiration time exp,id token expiration,token expiration,lifetime,"
        + "token lifetime,expiration time claim"),
    shared(.expiry, "exp,expiration,expiration time"),
    own(
      .issuedAt,
      "iat claim,iat,nbf claim,nbf,issued at,issued at iat,id token iat,not before claim"),
    shared(.clock, "clock,clocks,clock skew,system time,server time,clockskew,time skew"),
    own(
      .hash,
      "c hash,at hash,s hash,chash,athash,access token hash,code hash,c hash claim,"
        + "at hash claim,at hash value,c hash value"),
    own(
      .session,
      "correlation cookie,session cookie,login session,authorization request,auth session,"
        + "authentication session,login attempt,code to state,auth request,saved request,"
        + "authentication transaction,login transaction,pending login,pkce cookie,"
        + "authorization session,flow cookie,correlation id cookie,transaction cookie,"
        + "interaction session,csrf cookie,authentication request"),
    shared(
      .session, "cookie,cookies,session,correlation,csrf token,csrf value,csrf,xsrf,transaction"),
    own(.consent, "user consent,admin consent,consent request,consent screen"),
    shared(.consent, "consent"),
    shared(
      .certificate,
      "certificate,certificates,cert,certs,x509,tls,ssl,certificate chain,certification path,pkix,"
        + "issuer certificate,certificate authority"),
    shared(
      .proxy,
      "proxyconnect,proxy authentication,http proxy,https proxy,corporate proxy,proxy connect,"
        + "tunneling socket,proxy tunnel,forward proxy"),
    own(
      .header,
      "request header or cookie,request header fields,request headers,cookie header,"
        + "request header,header or cookie,header list,http request header"),
    shared(.header, "header,headers,response headers,upstream header"),
    shared(
      .user,
      "user,account,username,email,user account,email address,e mail,person,identity,member,"
        + "end user,resource owner,users,sign in,profile"),
    own(
      .discovery,
      "openid connect provider,oidc provider,oidc server,openid provider,openid configuration,well known,discovery document,oidc discovery,openid discovery,"
        + "provider metadata,openid provider metadata,provider configuration,oidc configuration,"
        + "openid connect discovery,openid provider configuration,oidc provider configuration,"
        + "openid connect configuration,well known configuration,discovery endpoint,"
        + "issuer discovery"),
    shared(
      .discovery,
      "authorization endpoint,metadata,discovery,token endpoint"),
    own(
      .userInfoSubject,
      "userinfo sub,userinfo subject,sub claim,subject claim,userinfo response sub,"
        + "sub in userinfo,user info sub,subject identifier,user info subject"),
    shared(.userInfoSubject, "subject,sub,userinfo,user info"),
    own(
      .acr,
      "acr,acr values,acr value,acr claim,authentication context class,authentication context,"
        + "amr"),
    own(.authTime, "auth time,max age,authentication time,auth time claim"),
    own(.dpop, "dpop,dpop proof,dpop nonce,dpop header,proof of possession"),
    own(.pushedRequest, "pushed authorization request,pushed authorization,request uri,par"),
    own(.requestObject, "request object,jar,request jwt,signed request"),
    own(
      .encryption,
      "decrypt,decrypting,decrypted,encrypted id token,encrypted jwt,encrypted jwts,encrypted token,encrypted tokens,jwe,"
        + "jwe token,token decryption,decryption,decryption key,encrypted response,"
        + "id token encryption,encryption,content encryption,encrypted"),
    own(.idToken, "id token,idtoken,identity token,id tokens,openid token"),
    own(.accessToken, "access token,accesstoken,bearer token,access tokens"),
    shared(.token, "token,jwt,jws,tokens"),
    own(.refreshToken, "refresh token,refreshtoken,refresh tokens"),
  ]

  private static func own(_ subject: GrammarSubject, _ phrases: String) -> Self {
    Self(subject: subject, isShared: false, phrases: phrases.split(atAnyOf: ",").map(String.init))
  }

  private static func shared(_ subject: GrammarSubject, _ phrases: String) -> Self {
    Self(subject: subject, isShared: true, phrases: phrases.split(atAnyOf: ",").map(String.init))
  }
}
