import OpenID

/// Words that say what is wrong.
struct SymptomWords: Sendable {
  /// How they are read.
  enum Kind: Sendable {
    /// The words themselves are the symptom, unless something negates them.
    case direct
    /// Only their negation is: "not found".
    case negated
    /// Negated, and what was looked for comes behind: "could not find the key".
    case negatedVerb
    /// What stands for no value, behind the subject: "is null".
    case nothing
    /// Negated, and what is not there comes behind: "does not contain the scope".
    case negatedHas
    /// Words that only sound like a symptom: those of HTTP, which say nothing by themselves.
    case neutral
    /// A demand, such as "is required": a symptom where a text reports an error.
    case demand
  }

  let symptom: GrammarSymptom
  let kind: Kind
  let phrases: [String]

  static let all: [SymptomWords] = [
    make(
      .failed, .neutral,
      "bad request,no store,no cache,401 unauthorized,403 forbidden,page not found,404 not found"),
    make(
      .missing, .direct,
      "missing,absent,lacks,lacking,omitted,without,null or empty,unset,left out,fehlt,manquant,"
        + "cannot be empty,cannot be null,empty"),
    make(.missing, .nothing, "null,none,undefined,nil,blank"),
    make(
      .missing, .negated,
      "provided,present,sent,given,specified,supplied,included,set,received,passed,returned,"
        + "available,defined,delivered,presented,loaded,got,in response,in the response,in url,"
        + "in request,in the request"),
    make(.missing, .negatedHas, "contain,contains,include,includes,have,has,carry,containing"),
    make(
      .mismatch, .demand,
      "must match,should match,must be the same,must equal,must be identical,must exactly match"),
    make(
      .malformed, .demand,
      "must be https,must use https,must be absolute,must be a valid url,must be an absolute url,"
        + "must start with https,must be secure"),
    make(.missing, .negatedVerb, "send,provide,include,specify,supply"),
    make(
      .missing, .demand,
      "required,is required,are required,a required,is mandatory,mandatory,must be provided,"
        + "must be present,must be sent,must be included,must include,must contain,must provide,"
        + "must be set,must be specified,must send,must have,needs to be,expected but,"
        + "needed,requires,cannot be blank,must be configured,must be defined,field required"),
    make(
      .unknown, .direct,
      "unknown,unregistered,unrecognized,unrecognised,nonexistent,unconfigured,inexistent,"
        + "no such,unbekannt,inconnu,not whitelisted,unresolvable,not in the list,not in allowed"),
    make(
      .unknown, .negated,
      "found,exist,exists,known,registered,recognized,recognised,configured,listed,whitelisted,"
        + "declared,resolved,located,in the list,in list,one of,among,associated,gefunden"),
    make(.unknown, .negatedVerb, "find,locate,recognize,resolve,look up,lookup"),
    make(
      .mismatch, .direct,
      "mismatch,mismatched,mismatching,mismatches,differs,differ,different,unexpected,unequal,"
        + "conflicting,wrong,incorrect,not expected,inconsistent,falsch,altname invalid,not valid for,"
        + "incorrecte,unmatched"),
    make(
      .mismatch, .negated,
      "match,matches,matched,matching,equal,equals,same,agree,correspond,identical,expected,"
        + "belong,correct,intended for,issued for,issued to,intended,satisfied,met,fulfilled"),
    make(
      .invalid, .direct,
      "invalid,illegal,unacceptable,bad,oauth 2 0 parameter,rejected,refused,untrusted,"
        + "unverified,ungueltig,invalide,compromised,broken,not trusted,nicht gueltig,self signed"),
    make(.failed, .direct, "failed,failure,fails,error,failing"),
    make(
      .invalid, .negated,
      "valid,accepted,verified,validated,trusted,acceptable,verifiable,usable,understood,"
        + "authenticated,honored"),
    make(.invalid, .negatedVerb, "verify,validate,authenticate,confirm,accept,check"),
    make(
      .expired, .direct,
      "expired,stale,too old,has lapsed,outdated,timed out,timeout,no longer valid,"
        + "no longer active,abgelaufen,past its,in the past,past,elapsed"),
    make(.expired, .negated, "active,fresh,alive"),
    make(
      .inFuture, .direct,
      "in the future,not yet valid,not yet active,before issued,used before,in future,"
        + "too early,future,not active yet,not valid yet,not valid before,not before"),
    make(
      .usedTwice, .direct,
      "already used,already redeemed,already been used,already been redeemed,reused,replayed,"
        + "already consumed,used twice,been consumed,been redeemed,already exchanged,used more than once,"
        + "already been consumed,been used,replay,already claimed,already invalidated,"
        + "previously used,used previously,already issued"),
    make(
      .notAllowed, .direct,
      "disallowed,forbidden,denied,disabled,unauthorized,prohibited,blocked,restricted,"
        + "not enabled,insufficient,locked,suspended,inactive,deactivated,revoked,"
        + "unauthorised,interdit,was denied access,been denied access,was denied,been denied"),
    make(
      .declined, .direct,
      "denied access,denied the request,denied request,denied authorization,declined,cancelled,"
        + "canceled,rejected the request,rejected the authorization,did not authorize,"
        + "did not approve,did not consent,has not consented,not consented,did not give consent,"
        + "denied the authorization,refused the authorization,aborted,has declined"),
    make(
      .notAllowed, .negated,
      "allowed,permitted,authorized,enabled,granted,assigned,authorised,entitled,eligible,"
        + "allow,permit,approved,may,erlaubt"),
    make(.unsupported, .direct, "unsupported,unimplemented,not implemented"),
    make(.unsupported, .negated, "supported,support,supports,implemented"),
    make(
      .malformed, .direct,
      "malformed,too short,unparsable,unparseable,corrupt,truncated,garbled,not a valid url,"
        + "wrong number of segments,not enough segments,contains an invalid number of segments"),
    make(
      .malformed, .negated,
      "parsed,decoded,deserialized,well formed,parseable,absolute,be decoded,read,a jwt,"
        + "a valid jwt,a string"),
    make(.malformed, .negatedVerb, "parse,decode,deserialize,unmarshal,parsing,decoding"),
    make(
      .tooLarge, .direct,
      "too large,too long,too big,exceeds,exceeded,oversized,too many,exceeds the limit,"
        + "exceeds maximum,larger than"),
    make(
      .lost, .direct,
      "lost,disappeared,could not be restored,gone,not found in session,not in session,"
        + "not found in the session,missing from session,missing in session,"
        + "not found in state store,not in storage,no matching state found in storage"),
    make(.lost, .negatedVerb, "restore,retrieve state,recover,read cookie"),
    make(.lost, .negated, "restored,found in session,found in storage,recovered,stored"),
    make(
      .duplicate, .direct,
      "duplicate,duplicated,repeated,more than once,multiple times,included twice,ambiguous"),
    make(
      .unreachable, .direct,
      "unreachable,econnrefused,enotfound,etimedout,econnreset,unknown host exception,i o timeout,"
        + "name or service not known,could not resolve host,connection timed out,404,502,503,504,"
        + "connection refused,no such host,timed out fetching,name resolution"),
    make(
      .unreachable, .negated,
      "reachable,fetched,retrieved,obtained,downloaded,be fetched,be retrieved,accessible,"
        + "be loaded,be obtained,discovered,be reached"),
    make(
      .unreachable, .negatedVerb,
      "fetch,retrieve,load,obtain,download,get,reach,discover,access,query,contact,connect,"
        + "connecting,fetching,retrieving,loading,getting,obtaining,discovering,perform"),
  ]

  /// Words that turn what follows around.
  static let negators =
    "not,no,never,cannot,unable,failed,couldn,doesn,didn,isn,wasn,aren,weren,hasn,haven,don,can,"
    + "neither,nor,fails,failure,error,impossible,nicht,kein,keine,pas,aucun,without,failing,"
    + "cant,doesnt,none,nothing,wouldn,won"
  /// Words that are negators only before a verb: "failed to find", "error parsing", "can't".
  static let weakNegators = "failed,fails,failure,error,unable,failing,impossible"
  /// Words of manuals, code and stories: what follows did not happen.
  static let conditions =
    "if,when,unless,whether,should,may,might,would,whenever,usually,often,always,every,sometimes,"
    + "otherwise,how,why,imagine,suppose,we,our,they,assert,return,throw,const,var,function,def,"
    + "todo,fixme,feature,fixes,adds,refactor,test,until,let,where,before,must,shall,never,each"
  /// Words that tell of the thing and not of an error, wherever they stand.
  static let stories =
    "attacker,attackers,attack,prevents,protects,means,example,chapter,tutorial,guide,"
    + "documentation,explains,describes,describe,tests,section,spec,specification,rfc,common"
  /// Words of compilers, databases and other protocols: such a sentence is about something else.
  static let foreign =
    "undeclared,positional argument,in scope,in this scope,cannot find name,unused,name error,"
    + "keyword argument,cannot find symbol,error from server,secrets,undefined method,key error,"
    + "column,constraint,mountvolume,volume,configmap,saml,samlp,type mismatch,undefined symbol,"
    + "undefined reference,is not defined,does not exist on type,no member,undefined local,"
    + "undefined method,has no attribute,has no property,cannot convert,foreign key,borrow,"
    + "lifetime parameter,identifier expected,undeclared identifier,implicitly has,sqlstate,"
    + "react hook,svelte,redux,required argument,missing argument,argument label,relation,"
    + "duplicate key,primary key,module not found error,cannot find module,no module named,"
    + "attribute error,import error,rustc,gcc,tsc,eslint,lint,deprecated,kubelet,css,merge conflict"
  /// Such words too, where the words for the subject are shared with other programs.
  static let otherTrades =
    "ldap,kerberos,ssh,smtp,dkim,gpg,pgp,postgres,mysql,git,npm,docker,s3,directive,coupon,"
    + "discount,promo,captcha,dns,nxdomain,resolver,apt,repository,namespace,terraform,ansible,"
    + "payment,invoice,stripe,bank,postal,zip,barcode,license,licence,serial,replica,replicas,"
    + "shard,cluster,raft,wifi,vpn,bluetooth,usb,csp,machine,kernel,driver,firmware,pod"
  /// Words that show that a text is about a login with OpenID Connect.
  static let login =
    "oidc,oauth,oauth2,openid,openidconnect,idp,pkce,jwks,userinfo,authorize,sso,omniauth,"
    + "keycloak,auth0,okta,cognito,zitadel,authentik,authelia,dex,msal,adal,appauth,nextauth,"
    + "signin,aadsts,idx,relying,authlib,jumbojett,oauthlib,pac4j,fosite,hydra,identityserver,identityserver4,identityserver3,o auth,open id connect,open id,"
    + "duende,openiddict,nimbus,entra,authorization code,id token,redirect uri,client id,"
    + "access token,refresh token,identity provider,openid connect,authorization server,"
    + "response type,grant type,code verifier,callback,azure ad,google oauth,well known,"
    + "identity token,authorization request,authentication response,authorization response,"
    + "login callback,azuread,relying party,token endpoint,social auth"
  /// Words that a report of an error has.
  static let reports =
    "error,exception,fatal,warn,warning,err,eror,failed,failure,rejected,critical,errors,severe"

  private static func make(
    _ symptom: GrammarSymptom, _ kind: Kind, _ phrases: String
  ) -> Self {
    Self(symptom: symptom, kind: kind, phrases: phrases.split(atAnyOf: ",").map(String.init))
  }
}
