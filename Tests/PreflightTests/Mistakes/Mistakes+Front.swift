import Cryptography
import HybridFlow
import OpenID

@testable import DemoTenant

extension Mistake {
  static func page(_ status: Int, _ title: String, _ words: String) -> HTTPResponse {
    HTTPResponse(
      status: status, mediaType: "text/html; charset=utf-8",
      text: "<!doctype html><title>\(title)</title><h1>\(title)</h1><p>\(words)</p>")
  }

  static func json(_ status: Int, _ value: JSONValue, type: String = "application/json")
    -> HTTPResponse
  { HTTPResponse(status: status, mediaType: type, text: value.compactText) }

  /// An answer to one path, whatever is asked there.
  static func at(_ path: String, _ response: HTTPResponse) -> Answer {
    { request, _ in request.path == path ? response : nil }
  }

  /// An error that comes back through the browser, by query or as a form.
  static func refused(
    _ code: String, _ description: String? = nil, byForm: Bool = false, hasState: Bool = true,
    state: String? = nil
  ) -> Answer {
    { request, tenant in
      guard request.path == "/authorize" else { return nil }
      var fields = [FormField("error", code)]
      if let description { fields.append(FormField("error_description", description)) }
      if hasState { fields.append(FormField("state", state ?? tenant.state)) }
      return byForm ? tenant.post(fields) : tenant.redirect(fields)
    }
  }

  static let discovery = "/.well-known/openid-configuration"

  /// A change of the metadata.
  static func metadata(_ edit: @escaping @Sendable (inout JSONValue, MistakenTenant) -> Void)
    -> Change
  {
    { request, response, tenant in
      guard request.path == discovery else { return }
      var json = try JSONParser.parse(response.body)
      edit(&json, tenant)
      response = Self.json(200, json)
    }
  }

  /// Mistakes that end in front of the login, or with an answer through the browser.
  static let front: [Mistake] = [
    Mistake(
      name: "redirect URI not registered, as a page", stage: 3, blame: .settings,
      says: ["redirect", "not registered|not allowed|callback", "localhost"], registers: false),
    Mistake(
      name: "redirect URI not registered, as JSON", stage: 3, blame: .settings,
      says: ["redirect", "not registered"],
      answers: at(
        "/authorize",
        json(
          400,
          [
            "error": "invalid_request",
            "error_description": "Invalid redirect uri: it is not registered for this client.",
          ]))),
    Mistake(
      name: "redirect URI not registered, a bare 403", stage: 3, blame: .settings,
      says: ["redirect", "403", "client"],
      answers: at("/authorize", HTTPResponse(status: 403, mediaType: "text/plain", text: ""))),
    Mistake(
      name: "client id unknown", stage: 3, blame: .settings,
      says: ["client", "unknown|not known|not found|no client"],
      configure: { configuration, _ in configuration.clientID = "nobody-knows-me" }),
    Mistake(
      name: "client id unknown, as JSON", stage: 3, blame: .settings,
      says: ["client", "unknown|not known"],
      answers: at(
        "/authorize",
        json(400, ["error": "unauthorized_client", "error_description": "Unknown client_id"]))),
    Mistake(
      name: "scope refused, by query", stage: 5, blame: .settings,
      says: ["scope", "read:everything"], never: ["attack", "somebody else"],
      answers: refused("invalid_scope", "The scope read:everything is unknown.")),
    Mistake(
      name: "response type not allowed, by query", stage: 5, blame: .settings,
      says: ["response type|response_type|hybrid", "not allowed|switch"],
      never: ["attack"],
      answers: refused(
        "unauthorized_client", "Response type 'code id_token' is not allowed for this client.")),
    Mistake(
      name: "response type unsupported, as a page", stage: 3, blame: .settings,
      says: ["response type|response_type|hybrid"],
      answers: at(
        "/authorize", page(400, "Bad request", "unsupported_response_type: code id_token"))),
    Mistake(
      name: "a provider with code alone", stage: 5, blame: .provider,
      says: ["response type|response_type|hybrid", "code id_token"],
      answers: refused("unsupported_response_type"),
      changes: metadata { json, _ in json.set("response_types_supported", ["code"]) }),
    Mistake(
      name: "consent denied, with state, by form", stage: 5, blame: .person,
      says: ["declined|refused|denied"],
      answers: refused("access_denied", "The user said no.", byForm: true)),
    Mistake(
      name: "consent denied, without state, by form", stage: 5, blame: .person,
      says: ["declined|refused|denied", "state"], never: ["CSRF", "forged", "somebody else"],
      answers: refused("access_denied", "The user said no.", byForm: true, hasState: false)),
    Mistake(
      name: "consent denied, by query", stage: 5, blame: .person,
      says: ["declined|refused|denied"], never: ["CSRF", "forged"],
      answers: refused("access_denied", "The user said no.")),
    Mistake(
      name: "consent denied, by query without state", stage: 5, blame: .person,
      says: ["declined|refused|denied"], never: ["CSRF", "forged", "somebody else"],
      answers: refused("access_denied", "The user said no.", hasState: false)),
    Mistake(
      name: "not signed in, with prompt=none, by form", stage: 5, blame: nil,
      says: ["signed in"], never: ["wrong"],
      configure: { configuration, _ in
        configuration.extraParameters = [FormField("prompt", "none")]
      },
      answers: refused("login_required", byForm: true)),
    Mistake(
      name: "not signed in, with prompt=none, by query", stage: 5, blame: nil,
      says: ["signed in"], never: ["attack"],
      configure: { configuration, _ in
        configuration.extraParameters = [FormField("prompt", "none")]
      },
      answers: refused("login_required")),
    Mistake(
      name: "PKCE demanded and not sent", stage: 5, blame: .settings, says: ["PKCE|code_challenge"],
      configure: { configuration, _ in configuration.usesPKCE = false },
      answers: refused("invalid_request", "code_challenge is required for this client")),
    Mistake(
      name: "openid missing", stage: 2, blame: .settings, says: ["openid", "scope"],
      configure: { configuration, _ in configuration.scope = ["profile"] }),
    Mistake(
      name: "iss promised and not sent", stage: 5, blame: .provider, says: ["iss", "promise"],
      never: ["mix-up attack"],
      changes: { _, response, _ in
        let body = String(decoding: response.body, as: UTF8.self)
        response.body = Array(
          body.replacing(/<input type="hidden" name="iss" [^>]*>/, with: "").utf8)
        response.headers.set("Content-Length", "\(response.body.count)")
      }),
    Mistake(
      name: "iss percent-encoded twice", stage: 5, blame: .provider,
      says: ["iss", "encode"], never: ["mix-up attack"],
      changes: { _, response, tenant in
        let body = String(decoding: response.body, as: UTF8.self)
        let twice = "http%3A%2F%2F127.0.0.1%3A" + tenant.issuer.dropFirst(17).dropLast() + "%2F"
        response.body = Array(
          body.replacing(/name="iss" value="[^"]*"/, with: "name=\"iss\" value=\"\(twice)\"").utf8)
        response.headers.set("Content-Length", "\(response.body.count)")
      }),
    Mistake(
      name: "the hash of the wrong family", stage: 5, blame: .provider,
      says: ["c_hash", "SHA-512"], never: ["swapped", "another code"],
      changes: { _, response, tenant in
        let body = String(decoding: response.body, as: UTF8.self)
        guard let code = body.firstMatch(of: /name="code" value="([^"]+)"/)?.output.1 else {
          return
        }
        let digest = try Digest.hash(Array(code.utf8), .sha512)
        try tenant.resign(&response) {
          $0.set("c_hash", .string(Base64URL.encode(Array(digest.prefix(32)))))
        }
      }),
  ]
}
