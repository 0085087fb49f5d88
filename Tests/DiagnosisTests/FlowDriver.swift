import Diagnosis
import HybridFlow
import OpenID

/// Drives the real machine through a run at a made-up provider; signatures always verify.
struct FlowDriver {
  var issuer = "https://id.example.org"
  var discoveredIssuer: String?
  var configure: @Sendable (inout FlowConfiguration) -> Void = { _ in }
  /// The request at the redirect URI; nil when nobody comes.
  ///
  /// `STATE` stands for the state.
  var callback: (method: String, fields: [FormField])? = (
    "POST",
    [
      FormField("code", "Splx1"), FormField("access_token", "fr0nt"),
      FormField("token_type", "Bearer"), FormField("state", "STATE"),
    ]
  )
  /// What is refused at the redirect URI before anything else comes; nil when nothing is.
  var refused: RefusedRequest?
  /// Seconds between callback and exchange.
  var pauseSeconds: Int64 = 1
  var tokenResponse = HTTPResponse(status: 500, mediaType: "text/html", text: "<p>Oops</p>")
  var tokenFailure: TransportFailure?
  var apiResponse = HTTPResponse(status: 200, mediaType: "application/json", text: "{}")

  static let state = "Wq3bT1mJ0oZk9fAxxxxxxxxxxxxxxxxxxxxxxxxxxx"
  static let nonce = "n-0S6_WzA2MjxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxX"

  /// An ID token of that issuer, with a signature that nobody wrote.
  static func idToken(issuer: String, algorithm: String = "RS256") -> String {
    let header: JSONValue = ["alg": .string(algorithm), "kid": "k1"]
    let claims: JSONValue = [
      "iss": .string(issuer), "sub": "ada", "aud": "client", "nonce": .string(nonce),
      "iat": 1_795_400_000, "exp": 1_795_403_600,
    ]
    return [header.compactText, claims.compactText, "signature"]
      .map { Base64URL.encode(Array($0.utf8)) }.joined(separator: ".")
  }

  /// A token response with an opaque access token.
  static func tokens(issuer: String, idToken: Bool = true) -> HTTPResponse {
    var json: JSONValue = ["access_token": "0paque", "token_type": "Bearer", "expires_in": 3600]
    if idToken { json.set("id_token", .string(Self.idToken(issuer: issuer))) }
    return HTTPResponse(status: 200, mediaType: "application/json", text: json.compactText)
  }

  /// Runs as far as it goes and returns the evidence.
  func evidence() throws -> DiagnosisEvidence {
    let run = try transcript()
    return DiagnosisEvidence(transcript: run.transcript, configuration: run.configuration)
  }

  func transcript() throws -> (transcript: Transcript, configuration: FlowConfiguration) {
    let redirectURI = try WebURL("http://localhost:8910/callback")
    var configuration = FlowConfiguration(
      issuer: try WebURL(issuer), clientID: "client", clientSecret: Secret("s3cret"),
      redirectURI: redirectURI, responseType: .codeToken)
    configuration.clientAuthentication = .basic
    configure(&configuration)
    var now = UnixTime(seconds: 1_795_400_000)
    var machine = FlowMachine()
    var queue = machine.handle(
      .started(
        configuration,
        FlowSecrets(
          state: Self.state, nonce: Self.nonce, codeVerifier: Secret("verifier"),
          codeChallenge: "challenge", tokenIdentifier: "jti")), at: now)
    var answered = false
    var wasRefused = false
    for _ in 0..<60 {
      if queue.isEmpty {
        switch machine.situation {
        case .ready(let stage):
          if stage == .exchange { now = now.adding(seconds: pauseSeconds) }
          queue = machine.handle(.advanced, at: now)
        case .browserAway:
          if let refused, !wasRefused {
            wasRefused = true
            queue = machine.handle(.requestRefused(refused), at: now)
          } else if let callback, !answered {
            answered = true
            queue = machine.handle(
              .callbackArrived(CallbackNumber(1), Self.request(callback)), at: now)
          } else {
            now = now.adding(seconds: 301)
            queue = machine.handle(.clockAdvanced, at: now)
          }
        default: return (machine.transcript, configuration)
        }
        continue
      }
      let effect = queue.removeFirst()
      if let event = answer(effect, redirectURI) { queue += machine.handle(event, at: now) }
    }
    return (machine.transcript, configuration)
  }

  private static func request(_ callback: (method: String, fields: [FormField])) -> HTTPRequest {
    let fields = callback.fields.map { FormField($0.name, $0.value == "STATE" ? state : $0.value) }
    let text = FormEncoding.encode(fields)
    if callback.method == "GET" {
      return HTTPRequest(method: "GET", target: text.isEmpty ? "/callback" : "/callback?" + text)
    }
    return HTTPRequest(
      method: "POST", target: "/callback",
      headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(text.utf8))
  }

  private func answer(_ effect: FlowEffect, _ redirectURI: WebURL) -> FlowEvent? {
    switch effect {
    case .listen: return .listenerReady(redirectURI)
    case .fetch(let purpose, let request):
      switch purpose {
      case .metadata: return .fetched(purpose, request, metadata())
      case .keys, .keysAgain:
        return .fetched(
          purpose, request,
          HTTPResponse(
            status: 200, mediaType: "application/json",
            text: "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}"))
      case .token:
        if let tokenFailure { return .fetchFailed(purpose, tokenFailure) }
        return .fetched(purpose, request, tokenResponse)
      case .api, .userinfo, .refresh, .introspection, .revocation:
        return .fetched(purpose, request, apiResponse)
      case .pushedRequest: return nil
      }
    case .sign: return nil
    case .examine(let tasks):
      return .examined(
        tasks.map { task in
          if case .digest = task {
            .digest([UInt8](repeating: 0, count: 32))
          } else {
            .signatureValid
          }
        })
    case .openBrowser: return .browserOpened(succeeded: true, detail: "opened")
    default: return nil
    }
  }

  private func metadata() -> HTTPResponse {
    let base = "https://id.example.org"
    let json: JSONValue = [
      "issuer": .string(discoveredIssuer ?? issuer),
      "authorization_endpoint": .string(base + "/authorize"),
      "token_endpoint": .string(base + "/token"), "jwks_uri": .string(base + "/keys"),
      "userinfo_endpoint": .string(base + "/userinfo"),
      "response_types_supported": ["code id_token", "code token", "code id_token token"],
      "response_modes_supported": ["form_post"], "subject_types_supported": ["public"],
      "id_token_signing_alg_values_supported": ["RS256"],
      "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    ]
    return HTTPResponse(status: 200, mediaType: "application/json", text: json.compactText)
  }
}
