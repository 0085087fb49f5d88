import OpenID
import Testing

/// A provider's answer as somebody would paste it, and the row that must explain it.
struct Sample: Sendable, CustomTestStringConvertible {
  let id: String
  let text: String
  var issuer: String?

  var testDescription: String { id }

  init(_ id: String, _ text: String, at issuer: String? = nil) {
    self.id = id
    self.text = text
    self.issuer = issuer
  }

  var issuerURL: WebURL? { issuer.flatMap { try? WebURL($0) } }
}

/// Issuers of the products, as they look.
enum Issuer {
  static let auth0 = "https://demo.eu.auth0.com/"
  static let keycloak = "https://sso.example.org/realms/demo"
  static let okta = "https://dev-123456.okta.com/oauth2/default"
  static let entra = "https://login.microsoftonline.com/0f4d5c9e-2b1a-4a61-9c36-7a5e0c1d2e3f/v2.0"
  static let google = "https://accounts.google.com"
  static let apple = "https://appleid.apple.com"
  static let cognito = "https://demo.auth.eu-west-1.amazoncognito.com"
}

/// A token endpoint's answer.
func json(_ code: String, _ description: String? = nil) -> String {
  var object: JSONValue = .object([])
  object.set("error", .string(code))
  if let description { object.set("error_description", .string(description)) }
  return "HTTP/1.1 400 Bad Request\nContent-Type: application/json;charset=utf-8\n"
    + "Cache-Control: no-store\n\n" + object.compactText
}

/// The body of a form post to the redirect URI.
func form(_ code: String, _ description: String? = nil) -> String {
  var fields = [FormField("error", code)]
  if let description { fields.append(FormField("error_description", description)) }
  fields.append(FormField("state", "Wq3bT1mJ0oZk9fA"))
  return FormEncoding.encode(fields)
}

/// The address bar after an error came by redirect.
func address(_ code: String, _ description: String? = nil) -> String {
  var fields = [FormField("error", code)]
  if let description { fields.append(FormField("error_description", description)) }
  fields.append(FormField("state", "Wq3bT1mJ0oZk9fA"))
  return "http://localhost:8910/callback?" + PercentEncoding.query(fields)
}

/// A page of a provider, with the entities and tags that such pages have.
func page(_ title: String, _ text: String) -> String {
  let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    .replacing("'", with: "&#39;").replacing("\"", with: "&quot;")
  return """
    <!DOCTYPE html>
    <html class="login" lang="en">
    <head><meta charset="utf-8"><title>\(title)</title>
    <style>.card{margin:0 auto}</style></head>
    <body><div id="content"><header><h1>\(title)</h1></header>
      <p class="instruction">
        \(escaped)
      </p><a href="/help?id=17">Back</a></div></body></html>
    """
}

/// Lines of a log around a message of an SDK.
func log(_ message: String) -> String {
  """
  2026-11-22T10:12:13.481Z INFO  [http] POST /callback 500 113ms
  2026-11-22T10:12:13.482Z ERROR [oidc] \u{1B}[31m\(message)\u{1B}[0m
      at Client.grant (/srv/app/node_modules/lib/client.js:1391:22)
      at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
  """
}
