import OpenID

/// The pages that the application shows in the browser: small, complete in themselves, and made of
/// nothing that came from outside.
enum CallbackPages {
  /// What the page after the callback says.
  enum Outcome: Sendable {
    case nothingYet, accepted, refused
  }

  static func done(_ outcome: Outcome) -> HTTPResponse {
    switch outcome {
    case .nothingYet:
      page(
        404, "Nothing has arrived yet",
        "The application has not received an answer of the tenant. Begin at the terminal.")
    case .accepted:
      page(
        200, "The answer has arrived",
        "The application has what it needs. This window may be closed; go on at the terminal.")
    case .refused:
      page(
        200, "The answer was refused",
        "The application received an answer and does not accept it. The terminal says why. "
          + "This window may be closed.")
    }
  }

  static let repeated = page(
    200, "The answer had already arrived",
    "The application took the first answer and ignores this one. This window may be closed.")

  static let notExpected = page(
    400, "Nobody waits for this",
    "No sign-in of this application is under way, or this answer belongs to another one. "
      + "Begin again at the terminal.")

  /// The page for an answer behind `#`, which browsers keep to themselves.
  static func fragment(nonce: String) -> HTTPResponse {
    page(
      200, "The answer may be behind the #",
      "The browser does not send that part of the address to the application. These names stand "
        + "there; their values were not looked at and go nowhere:",
      more: "<p id=\"names\">(a script would have to look)</p>",
      script: """
        var names=[];new URLSearchParams(location.hash.slice(1)).forEach(\
        function(_,name){names.push(name)});\
        document.getElementById("names").textContent=names.join(", ")||"nothing";\
        history.replaceState(null,"",location.pathname);
        """, nonce: nonce)
  }

  static let notFound = plain(404, "Nothing is here.\n")
  static let misdirected = plain(421, "This server does not answer under that name.\n")

  private static func plain(_ status: Int, _ text: String) -> HTTPResponse {
    secured(
      HTTPResponse(status: status, mediaType: "text/plain; charset=utf-8", text: text),
      policy: "default-src 'none'")
  }

  private static func page(
    _ status: Int, _ title: String, _ text: String, more: String = "", script: String? = nil,
    nonce: String = ""
  ) -> HTTPResponse {
    var html = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      </head>
      <body>
      <h1>\(title)</h1>
      <p>\(text)</p>
      \(more)

      """
    var policy = "default-src 'none'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    if let script {
      html += "<script nonce=\"\(nonce)\">\(script)</script>\n"
      policy += "; script-src 'nonce-\(nonce)'"
    }
    html += "</body>\n</html>\n"
    return secured(
      HTTPResponse(status: status, mediaType: "text/html; charset=utf-8", text: html),
      policy: policy)
  }

  private static func secured(_ response: HTTPResponse, policy: String) -> HTTPResponse {
    var response = response
    response.headers.add("Cache-Control", "no-store")
    response.headers.add("Content-Security-Policy", policy)
    response.headers.add("X-Content-Type-Options", "nosniff")
    response.headers.add("Referrer-Policy", "no-referrer")
    return response
  }

  static func redirect(to path: String) -> HTTPResponse {
    secured(
      HTTPResponse(status: 303, headers: ["Location": path]), policy: "default-src 'none'")
  }
}
