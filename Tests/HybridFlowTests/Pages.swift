import HybridFlow
import OpenID

/// What the browser sees at the tenant, and what the tenant's ledger says.
enum Pages {
  static func login(_ title: String = "Log in", status: Int = 200) throws -> BrowserPage {
    try page(
      """
      <!DOCTYPE html><title>\(title)</title><h1>Welcome</h1>
      <form method="post" action="/login"><input type="hidden" name="ticket" value="t-1">
      <label>User <input name="username"></label>
      <label>Password <input type="password" name="password"></label>
      <button name="action" value="default">Continue</button></form>
      """, status: status)
  }

  static func answer(_ fields: [FormField], to redirectURI: WebURL) throws -> BrowserPage {
    try page(answerText(fields, to: redirectURI))
  }

  static func page(_ text: String, status: Int = 200) throws -> BrowserPage {
    let url = try WebURL(Sample.issuer + "login")
    return BrowserPage(
      url: url, status: status, page: try HTMLPage(bytes: Array(text.utf8), url: url))
  }

  static func answerText(_ fields: [FormField], to redirectURI: WebURL) -> String {
    let inputs = fields.map {
      "<input type=\"hidden\" name=\"\(escaped($0.name))\" value=\"\(escaped($0.value))\">"
    }
    return """
      <!DOCTYPE html><title>Submit this form</title>
      <body onload="document.forms[0].submit()"><form method="post" action="\(redirectURI)">
      \(inputs.joined(separator: "\n"))<noscript><button>Continue</button></noscript></form>
      """
  }

  private static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "\"": output += "&quot;"
      case "<": output += "&lt;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// What a real browser and our own tenant say to each other.
  static func observed(
    _ authorize: WebURL, _ fields: [FormField], _ redirectURI: WebURL
  ) throws -> [FlowEvent] {
    let login = try WebURL(Sample.issuer + "login?ticket=t-1")
    return [
      .browserExchanged(
        HTTPRequest(method: "GET", url: authorize),
        HTTPResponse(status: 302, headers: ["Location": login.text])),
      .browserExchanged(
        HTTPRequest(method: "GET", url: login),
        HTTPResponse(status: 200, mediaType: "text/html", text: "<title>Log in</title>")),
      .browserExchanged(
        HTTPRequest(method: "POST", url: login, body: Array("username=jane&password=x".utf8)),
        HTTPResponse(
          status: 200, mediaType: "text/html; charset=UTF-8",
          text: answerText(fields, to: redirectURI))),
    ]
  }

  static let ledger = [
    ServerCheck(
      id: "code-unused", what: "the code was not used before", detail: "first use", passed: true,
      spec: .rfc(6749, "4.1.2"), observed: true)
  ]
}
