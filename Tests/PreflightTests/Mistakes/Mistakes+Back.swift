import Cryptography
import HybridFlow
import OpenID

@testable import DemoTenant

extension Mistake {
  static let token = "/oauth/token"

  static func tokenError(
    _ status: Int, _ code: String, _ description: String? = nil
  ) -> Answer {
    var body: JSONValue = ["error": .string(code)]
    if let description { body.set("error_description", .string(description)) }
    return at(token, json(status, body))
  }

  /// Mistakes that end at the token endpoint or at the API.
  static let back: [Mistake] = [
    Mistake(
      name: "wrong secret, invalid_client", stage: 7, blame: .settings, says: ["secret"],
      configure: { configuration, _ in configuration.clientSecret = Secret("another-secret") }),
    Mistake(
      name: "wrong secret, unauthorized_client with 403", stage: 7, blame: .settings,
      says: ["secret"],
      answers: tokenError(403, "unauthorized_client", "Invalid client or client credentials.")),
    Mistake(
      name: "wrong secret, in the provider's words alone", stage: 7, blame: .settings,
      says: ["secret"], answers: tokenError(401, "access_denied", "Incorrect secret")),
    Mistake(
      name: "a secret with a line break at its end", stage: 7, blame: .settings,
      says: ["secret", "blank|space|line break"],
      configure: { configuration, _ in
        configuration.clientSecret = Secret(MistakenTenant.secret + "\n")
      }),
    Mistake(
      name: "basic where post is wanted", stage: 7, blame: .settings,
      says: ["client_secret_post|--client-auth post"],
      configure: { configuration, _ in configuration.clientAuthentication = .basic },
      settings: { $0.clients[0].tokenEndpointAuthMethod = .post }),
    Mistake(
      name: "code expired, at once", stage: 7, blame: .settings,
      says: ["code", "expired|too old|seconds"],
      answers: tokenError(400, "invalid_grant", "The authorization code has expired.")),
    Mistake(
      name: "code used twice", stage: 7, blame: .settings, says: ["code", "once|twice|before"],
      answers: tokenError(
        400, "invalid_grant", "The authorization code has already been redeemed.")),
    Mistake(
      name: "verifier wrong", stage: 7, blame: .settings, says: ["PKCE|verifier"],
      answers: tokenError(400, "invalid_grant", "PKCE verification failed")),
    Mistake(
      name: "token endpoint: 302", stage: 8, blame: .provider, says: ["302", "/moved"],
      answers: at(token, HTTPResponse(status: 302, headers: ["Location": "/moved"]))),
    Mistake(
      name: "token endpoint: 429", stage: 8, blame: .provider,
      says: ["429", "120", "wait|often|many"],
      answers: at(
        token,
        HTTPResponse(
          status: 429, headers: ["Retry-After": "120", "Content-Type": "text/plain"]))),
    Mistake(
      name: "token endpoint: 500", stage: 8, blame: .provider, says: ["500"],
      answers: at(token, page(500, "Internal Server Error", "Oops"))),
    Mistake(
      name: "token endpoint: 502", stage: 8, blame: .provider, says: ["502", "Bad Gateway"],
      answers: at(token, page(502, "502 Bad Gateway", "nginx"))),
    Mistake(
      name: "API: 401 and nothing else", stage: 10, blame: .settings,
      says: ["401", "--api|audience"],
      configure: { configuration, tenant in
        configuration.apiURL = try WebURL(tenant.origin + "/my-api")
      },
      answers: at("/my-api", HTTPResponse(status: 401))),
    Mistake(
      name: "API: 403 in JSON", stage: 10, blame: .settings, says: ["403", "Not in the group"],
      configure: { configuration, tenant in
        configuration.apiURL = try WebURL(tenant.origin + "/my-api")
      },
      answers: at("/my-api", json(403, ["message": "Not in the group of readers."]))),
    Mistake(
      name: "API: 302", stage: 10, blame: .settings, says: ["302", "/login", "--api"],
      configure: { configuration, tenant in
        configuration.apiURL = try WebURL(tenant.origin + "/my-api")
      },
      answers: at("/my-api", HTTPResponse(status: 302, headers: ["Location": "/login"]))),
    Mistake(
      name: "API: the scope is missing", stage: 10, blame: .settings, says: ["scope", "read:all"],
      configure: { configuration, tenant in
        configuration.apiURL = try WebURL(tenant.origin + "/my-api")
      },
      answers: at(
        "/my-api",
        HTTPResponse(
          status: 403,
          headers: [
            "WWW-Authenticate":
              "Bearer error=\"insufficient_scope\", scope=\"read:all\""
          ]))),
    Mistake(
      name: "API: down", stage: 9, blame: .settings, says: ["--api|API"],
      configure: { configuration, _ in configuration.apiURL = try WebURL("http://127.0.0.1:9/api") }
    ),
  ]

  /// Mistakes about keys, algorithms and clocks.
  static let proofs: [Mistake] = [
    Mistake(
      name: "signed with ES256, told in the metadata", stage: 5, blame: .settings,
      says: ["ES256", "--id-token-alg ES256"], key: { try CheckKey.client() },
      changes: metadata { json, _ in
        json.set("id_token_signing_alg_values_supported", ["ES256"])
      }),
    Mistake(
      name: "signed with ES256, and the metadata say RS256", stage: 5, blame: .provider,
      says: ["ES256", "metadata"], key: { try CheckKey.client() },
      changes: metadata { json, _ in
        json.set("id_token_signing_alg_values_supported", ["RS256"])
      }),
    Mistake(
      name: "keys rotated", stage: 5, blame: .provider, says: ["key", "kid"],
      answers: { request, tenant in
        guard request.path == "/.well-known/jwks.json" else { return nil }
        var key = tenant.key.publicJWK.json
        key.set("kid", "the-next-key")
        return json(200, ["keys": [key]])
      }),
    Mistake(
      name: "key set empty", stage: 5, blame: .provider, says: ["key", "empty|no key|without"],
      answers: at("/.well-known/jwks.json", json(200, ["keys": []]))),
    Mistake(
      name: "key set is a page", stage: 1, blame: .provider, says: ["key", "Welcome"],
      answers: at("/.well-known/jwks.json", page(200, "Welcome", "to our site"))),
    Mistake(
      name: "clock ten minutes ahead", stage: 5, blame: .environment,
      says: ["clock", "10 min|600 s|10:00"], clock: 600,
      changes: { _, response, tenant in
        try tenant.resign(&response) { claims in
          if let issued = claims["iat"] { claims.set("nbf", issued) }
        }
      }),
    Mistake(
      name: "clock ten minutes behind", stage: 5, blame: .environment,
      says: ["clock", "10 min|600 s|10:00"], clock: -600,
      settings: { $0.lifetimes.idTokenSeconds = 300 }),
    Mistake(
      name: "clock ninety minutes behind", stage: 5, blame: .environment,
      says: ["clock", "90 min|1 h 30|5400 s|1:30"], clock: -5400,
      settings: { $0.lifetimes.idTokenSeconds = 300 }),
  ]

  /// Mistakes of the discovery document.
  static let metadata: [Mistake] = [
    Mistake(
      name: "issuer with a slash too few", stage: 1, blame: .settings, says: ["slash", "issuer"],
      configure: { configuration, tenant in
        configuration.issuer = try WebURL(tenant.origin)
      }),
    Mistake(
      name: "the discovery URL as issuer", stage: 1, blame: .settings,
      says: ["issuer", "well-known"],
      configure: { configuration, tenant in
        configuration.issuer = try WebURL(tenant.origin + discovery)
      }),
    Mistake(
      name: "localhost for 127.0.0.1", stage: 1, blame: .settings,
      says: ["issuer", "localhost", "127.0.0.1"],
      configure: { configuration, tenant in
        let name = tenant.issuer.replacing("127.0.0.1", with: "localhost")
        configuration.issuer = try WebURL(name)
      }),
    Mistake(
      name: "discovery: 301", stage: 1, blame: .settings, says: ["301", "/elsewhere"],
      answers: at(discovery, HTTPResponse(status: 301, headers: ["Location": "/elsewhere"]))),
    Mistake(
      name: "discovery: 403 of a bot wall", stage: 1, blame: .provider,
      says: ["403", "Just a moment"],
      answers: at(discovery, page(403, "Just a moment...", "Enable JavaScript and cookies"))),
    Mistake(
      name: "discovery: 404", stage: 1, blame: .settings, says: ["404", "issuer"],
      answers: at(discovery, page(404, "Not found", "No such page"))),
    Mistake(
      name: "discovery: 503", stage: 1, blame: .provider, says: ["503"],
      answers: at(discovery, page(503, "Service Unavailable", "Try later"))),
    Mistake(
      name: "discovery: 502", stage: 1, blame: .provider, says: ["502", "Bad Gateway"],
      answers: at(discovery, page(502, "502 Bad Gateway", "nginx"))),
    Mistake(
      name: "discovery: a page", stage: 1, blame: .settings, says: ["Sign in"],
      answers: at(discovery, page(200, "Sign in", "to go on"))),
    Mistake(
      name: "discovery: cut off", stage: 1, blame: .provider, says: ["cut off|ends|end of"],
      changes: { request, response, _ in
        guard request.path == discovery else { return }
        response.body = Array(response.body.prefix(300))
        response.headers.set("Content-Length", "300")
      }),
    Mistake(
      name: "discovery: a member twice", stage: 1, blame: .provider, says: ["issuer", "twice"],
      changes: { request, response, _ in
        guard request.path == discovery else { return }
        let body = String(decoding: response.body.dropFirst(), as: UTF8.self)
        response.body = Array("{\"issuer\":\"http://a.example\",\(body)".utf8)
        response.headers.set("Content-Length", "\(response.body.count)")
      }),
    Mistake(
      name: "discovery: the tenant is unknown at Entra", stage: 1, blame: .settings,
      says: ["AADSTS90002", "tenant"],
      answers: at(
        discovery,
        json(
          400,
          [
            "error": "invalid_tenant",
            "error_description":
              "AADSTS90002: Tenant 'contoso' not found. Check the tenant ID.",
          ]))),
  ]

  static let all = front + back + proofs + metadata
}
