import Cryptography
import HybridFlow
import OpenID
import Testing

/// One deviation for each rule of stages 1, 2 and 5.
enum FrontDeviations {
  static let configuration: [Deviation] = [
    .stop("the document speaks for another issuer", .login, [.discoveryIssuerMatch]) {
      _, provider in
      provider.editMetadata = { $0.set("issuer", "https://tenant.example") }
    },
    .stop("the document names no issuer", .login, [.discoveryIssuerMatch]) { _, provider in
      provider.editMetadata = { $0.remove("issuer") }
    },
    .stop("the token endpoint is plain http", .login, [.discoveryHTTPS]) { _, provider in
      provider.editMetadata = { $0.set("token_endpoint", "http://tenant.example/oauth/token") }
    },
    .stop(
      "the token endpoint is on this machine, and the issuer is not", .login,
      [.discoveryHTTPS, .discoveryEndpointReach]
    ) { _, provider in
      provider.editMetadata = { $0.set("token_endpoint", "http://127.0.0.1:8080/token") }
    },
    .stop(
      "an endpoint that is never asked is in a private network", .login, [.discoveryEndpointReach]
    ) { _, provider in
      provider.editMetadata = { $0.set("registration_endpoint", "https://192.168.1.1/register") }
    },
    .stop("an endpoint has a backtick", .login, [.discoveryEndpointURI]) { _, provider in
      provider.editMetadata = {
        $0.set("authorization_endpoint", "https://tenant.example/authorize?`x`")
      }
    },
    .stop("an endpoint has a space", .login, [.discoveryEndpointURI]) { _, provider in
      provider.editMetadata = { $0.set("token_endpoint", "https://tenant.example/a token") }
    },
    .warn("the hybrid type is not listed", [.discoveryResponseType]) { _, provider in
      provider.editMetadata = { $0.set("response_types_supported", ["code", "id_token"]) }
    },
    .warn("form_post is not listed", [.discoveryFormPost]) { _, provider in
      provider.editMetadata = { $0.remove("response_modes_supported") }
    },
    .warn("the client authentication is not listed", [.discoveryAuthMethod]) { own, provider in
      own.clientAuthentication = .post
      provider.editMetadata = { $0.remove("token_endpoint_auth_methods_supported") }
    },
    .warn("an endpoint has a fragment", [.discoveryNoFragment]) { _, provider in
      provider.editMetadata = { $0.append("userinfo_endpoint", "#me") }
    },
    .warn("the keys come under another name", [.answerContentType]) { _, provider in
      provider.editKeySet = { $0.headers.set("Content-Type", "text/plain") }
    },
    .warn("the keys are said to be compressed", [.answerNotCompressed]) { _, provider in
      provider.editKeySet = { $0.headers.set("Content-Encoding", "deflate") }
    },
    .stop("a shared secret is published beside the keys", .login, [.jwksNoPrivate]) { _, provider in
      provider.published.append(["kty": "oct", "k": "AAAA"])
    },
    .stop("a private member stands in what is no key", .login, [.jwksNoPrivate]) { _, provider in
      provider.published.append(["kid": "half", "d": "AAAA"])
    },
    .stop("a private key is published", .login, [.jwksNoPrivate]) { _, provider in
      provider.published[0].set("d", "AQAB")
    },
    .stop("openid is not asked for", .authorize, [.requestOpenIDScope]) { own, _ in
      own.scope = ["profile", "openid2"]
    },
    .stop("no nonce is sent", .authorize, [.requestNonce], types: Deviation.withIDToken) { own, _ in
      own.extraParameters = [FormField("nonce", "")]
    },
    .stop("the nonce can be guessed", .authorize, [.requestNonce]) { own, _ in
      own.extraParameters = [FormField("nonce", "12345")]
    },
    .warn("the state can be guessed", [.requestState]) { own, _ in
      own.extraParameters = [FormField("state", "12345")]
    },
    .warn("the challenge is plain", [.requestPKCE]) { own, _ in
      own.extraParameters = [FormField("code_challenge_method", "plain")]
    },
    .stop("the answer is wanted in the query", .authorize, [.requestModeNotQuery]) { own, _ in
      own.responseMode = .query
    },
  ]

  static let callback: [Deviation] = [
    .stop(
      "the expected algorithm is not one of the provider's", .callback, [.idTokenAlgAllowlist],
      types: Deviation.withIDToken
    ) { _, provider in
      provider.editMetadata = { $0.set("id_token_signing_alg_values_supported", ["ES256"]) }
    },
    .stop("the answer comes by GET", .callback, [.callbackMethod, .responseModeExact]) {
      _, provider in
      provider.editCallback = {
        $0 = HTTPRequest(method: "GET", target: "/callback?" + $0.bodyText, headers: $0.headers)
      }
    },
    .stop("the body is JSON by name", .callback, [.callbackContentType]) { _, provider in
      provider.editCallback = { $0.headers.set("Content-Type", "application/json") }
    },
    .stop("the body has no type", .callback, [.callbackContentType]) { _, provider in
      provider.editCallback = { $0.headers.set("Content-Type", "") }
    },
    .stop("a password comes with it", .callback, [.callbackNoCredentials]) { _, provider in
      provider.editFields = { $0.append(FormField("user[password]", "correct horse")) }
    },
    .stop(
      "the login form comes in its place", .callback,
      [.callbackNoCredentials, .callbackMethod, .responseModeExact]
    ) { _, provider in
      provider.editCallback = {
        $0 = HTTPRequest(
          method: "POST", target: "/callback?" + $0.bodyText, headers: $0.headers,
          body: Array("state=x&username=ada&password=hybrid".utf8))
      }
    },
    .stop("code stands twice", .callback, [.callbackNoDuplicates]) { _, provider in
      provider.editFields = { $0.append(FormField("code", Sample.code)) }
    },
    .stop("the body cannot be decoded", .callback, [.callbackNoDuplicates]) { _, provider in
      provider.editCallback = { $0.body += Array("&name=%GG".utf8) }
    },
    .stop("state is another one", .callback, [.stateMatch]) { _, provider in
      provider.editFields = { $0.change("state") { $0 + "1" } }
    },
    .stop("state is left out", .callback, [.stateMatch]) { _, provider in
      provider.editFields = { $0.drop("state") }
    },
    .stop("iss is promised and left out", .callback, [.responseIss]) { _, provider in
      provider.editMetadata = { $0.set("authorization_response_iss_parameter_supported", true) }
    },
    .stop(
      "iss names another issuer than the token", .callback, [.responseIss, .responseIssVsIDToken],
      types: Deviation.withIDToken
    ) { _, provider in
      provider.editFields = { $0.append(FormField("iss", "https://evil.example/")) }
    },
    .stop(
      "iss names another issuer", .callback, [.responseIss], types: [.codeToken]
    ) { _, provider in
      provider.editFields = { $0.append(FormField("iss", "https://evil.example/")) }
    },
    .stop(
      "the token names another issuer than iss", .callback, [.responseIssVsIDToken, .idTokenIss],
      types: Deviation.withIDToken
    ) { _, provider in
      provider.editFields = { $0.append(FormField("iss", Sample.issuer)) }
      provider.editFrontClaims = { $0.set("iss", "https://tenant.example/1") }
    },
    .stop(
      "the field user names another address than the ID token", .callback,
      [.unsignedFieldNotUsed], types: Deviation.withIDToken
    ) { _, provider in
      provider.editFrontClaims = { $0.set("email", "ada@demo.example") }
      provider.editFields = {
        $0.append(FormField("user", #"{"email":"eve@demo.example"}"#))
      }
    },
    .stop("the code is left out", .callback, [.responseTypeExact]) { _, provider in
      provider.editFields = { $0.drop("code") }
    },
    .stop(
      "the ID token is left out", .callback, [.responseTypeExact], types: Deviation.withIDToken
    ) { _, provider in
      provider.editFields = { $0.drop("id_token") }
    },
    .stop(
      "the access token is left out", .callback, [.responseTypeExact],
      types: Deviation.withAccessToken
    ) { _, provider in
      provider.editFields = { $0.drop("access_token") }
    },
    .stop(
      "an access token comes that nobody asked for", .callback,
      [.responseTypeExact, .atHashPresent], types: [.codeIDToken]
    ) { _, provider in
      provider.editFields = { $0.append(FormField("access_token", Sample.frontAccessToken)) }
    },
    .stop(
      "an ID token comes that nobody asked for", .callback,
      [.responseTypeExact, .idTokenStructure], types: [.codeToken]
    ) { _, provider in
      provider.editFields = { $0.append(FormField("id_token", "a.b")) }
    },
    .warn("a refresh token comes through the browser", [.responseNoRefreshToken]) { _, provider in
      provider.editFields = { $0.append(FormField("refresh_token", "refresh-front-0123456789")) }
    },
    .stop("an error comes with a code", .callback, [.responseErrorExclusive]) { _, provider in
      provider.editFields = { $0.append(FormField("error", "server_error")) }
    },
    .stop(
      "token_type is left out", .callback, [.tokenTypeFront], types: Deviation.withAccessToken
    ) { _, provider in
      provider.editFields = { $0.drop("token_type") }
    },
    .stop(
      "token_type is another one", .callback, [.tokenTypeFront],
      types: Deviation.withAccessToken
    ) { _, provider in
      provider.editFields = { $0.change("token_type") { _ in "DPoP" } }
    },
    lifetime("-60"), lifetime("0"), lifetime("94608000"), lifetime("99999999999999999999"),
    lifetime("3600.5"), lifetime("soon"), lifetime("+60"),
    .stop("the body is said to be compressed", .callback, [.callbackContentType]) { _, provider in
      provider.editCallback = { $0.headers.set("Content-Encoding", "gzip") }
    },
    .stop(
      "the code was swapped", .callback, [.cHashMatch], types: Deviation.withIDToken
    ) { _, provider in
      provider.editFields = { $0.change("code") { $0 + "1" } }
    },
    .stop(
      "the access token was swapped", .callback, [.atHashMatch], types: [.codeIDTokenToken]
    ) { _, provider in
      provider.editFields = { $0.change("access_token") { $0 + "1" } }
    },
  ]

  private static func lifetime(_ value: String) -> Deviation {
    .warn("expires_in is \(value)", [.expiresIn], types: Deviation.withAccessToken) {
      _, provider in
      provider.editFields = { $0.change("expires_in") { _ in value } }
    }
  }

  /// What only the first ID token must have.
  static let hashes: [Deviation] = [
    front("c_hash is wrong", [.cHashMatch]) { $0.append("c_hash", "1") },
    front("c_hash is missing", [.cHashPresent]) { $0.remove("c_hash") },
    front("c_hash is a number", [.cHashMatch]) { $0.set("c_hash", 5) },
    front("at_hash is wrong", [.atHashMatch], types: [.codeIDTokenToken]) {
      $0.append("at_hash", "1")
    },
    front("at_hash is missing", [.atHashPresent], types: [.codeIDTokenToken]) {
      $0.remove("at_hash")
    },
    front("s_hash is wrong", [.sHashMatch]) { $0.set("s_hash", "LDktKdoQak3Pk0cnXxCltA") },
  ]

  static func front(
    _ name: String, _ complaints: Set<CheckID>, types: [ResponseType] = Deviation.withIDToken,
    edit: @escaping HonestProvider.Edit<JSONValue>
  ) -> Deviation {
    .stop(name, .callback, complaints, types: types) { _, provider in
      provider.editFrontClaims = edit
    }
  }
}

extension [FormField] {
  mutating func change(_ name: String, _ change: (String) -> String) {
    for index in indices where self[index].name == name {
      self[index].value = change(self[index].value)
    }
  }

  mutating func drop(_ name: String) { removeAll { $0.name == name } }
}

extension JSONValue {
  /// Appends to a string member, as the Foundation's conformance suite does to break a value.
  mutating func append(_ name: String, _ text: String) {
    set(name, .string((self[name]?.string ?? "") + text))
  }
}
