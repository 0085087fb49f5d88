import Cryptography
import HybridFlow
import OpenID

/// The pages that the application shows in the browser: small, self-contained, and without any
/// content from outside.
enum CallbackPages {
  /// The result that the page after the callback shows.
  enum Outcome: Sendable {
    case nothingYet, accepted
    case refused(CallbackRefusal)
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
    case .refused(let refusal): refused(refusal)
    }
  }

  private static func refused(_ refusal: CallbackRefusal) -> HTTPResponse {
    let (title, text) =
      switch refusal {
      case .checks:
        (
          "The answer was refused",
          "The application received an answer and does not accept it: a check failed. The terminal "
            + "says which."
        )
      case .foreign:
        (
          "This answer belongs to another sign-in",
          "Its state is not the one that this application sent: it comes from an old tab, or "
            + "somebody else began it. The terminal shows both."
        )
      case .notPosted:
        (
          "The answer came in the address",
          "The application asked for a form post, and the tenant put the answer into the address "
            + "instead, where histories and logs can keep it. It was refused. The terminal says more."
        )
      case .error:
        (
          "The tenant answered with an error",
          "Nobody is signed in. The terminal shows the error, its probable cause, and what to do."
        )
      case .declined:
        (
          "The tenant said no",
          "The person declined, or a rule at the tenant answered in their place. Nobody is signed "
            + "in. The terminal shows what the tenant says."
        )
      case .abandoned:
        (
          "The sign-in was given up",
          "The answer came after the run was given up at the terminal. Begin again there."
        )
      }
    return page(200, title, text + " This window may be closed.")
  }

  static let loggedOut = page(
    200, "Back from signing out",
    "The tenant has sent the browser back to the application. This window may be closed; the "
      + "terminal says how it ended.")

  static let repeated = page(
    200, "The answer had already arrived",
    "The application took the first answer and ignores this one. This window may be closed.")

  static let notExpected = page(
    400, "Nobody waits for this",
    "No sign-in of this application is under way, or this answer belongs to another one: its state "
      + "is missing or not ours. It was not taken. Begin again at the terminal.")

  /// The page for an authorization response at a wrong address of the application.
  static let misplaced = page(
    404, "This is not the redirect URI",
    "Parts of an answer arrived here, but the application waits for it at another address. "
      + "The redirect URI of the request and the one that the tenant used differ; the terminal "
      + "shows both. Nothing was taken.")

  static let notOurs = page(
    400, "This answer belongs to another sign-in",
    "The application waits for the answer to its own request. This one comes from an old window or "
      + "from somebody else; nothing of it was used. Close this window and go on in the one in "
      + "which you are signing in.")

  static let notFound = plain(404, "Nothing is here.\n")

  private static func plain(_ status: Int, _ text: String) -> HTTPResponse {
    secured(
      HTTPResponse(status: status, mediaType: "text/plain; charset=utf-8", text: text),
      policy: "default-src 'none'")
  }

  private static func page(_ status: Int, _ title: String, _ text: String) -> HTTPResponse {
    page(status, title, body: "<p>\(text)</p>")
  }

  /// A page with this title and body.
  ///
  /// - Parameter script: runs in the page, and is the only one that its policy allows.
  static func page(
    _ status: Int, _ title: String, body: String, script: PageScript? = nil
  ) -> HTTPResponse {
    let html = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>\(style)</style>
      </head>
      <body>
      <main>
      <h1>\(title)</h1>
      \(body)
      </main>
      \(script.map { "<script>\($0.text)</script>\n" } ?? "")</body>
      </html>

      """
    var policy = "default-src 'none'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    policy += "; style-src \(styleSource)"
    if let script { policy += "; script-src \(script.source); form-action 'self'" }
    var response = secured(
      HTTPResponse(status: status, mediaType: "text/html; charset=utf-8", text: html),
      policy: policy)
    // A browser names the origin of its form only where the page lets it name a referrer.
    if script != nil { response.headers.set("Referrer-Policy", "same-origin") }
    return response
  }

  /// Looks like a dialog card; follows the person's choice of light or dark.
  private static let style = """
    :root{color-scheme:light dark;--ink:#1c2530;--paper:#f4f6f8;--card:#fff;--line:#c6ced8}
    @media (prefers-color-scheme:dark){:root{--ink:#e4e9ef;--paper:#12171d;--card:#1b222b;\
    --line:#3b4754}}
    body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
    main{max-width:34rem;box-sizing:border-box;margin:6vh auto;padding:1.5rem 2rem;\
    background:var(--card);border:1px solid var(--line);border-radius:.75rem;\
    overflow-wrap:anywhere}
    h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
    p{margin:.5rem 0}
    textarea{width:100%;box-sizing:border-box;font:.9rem/1.4 ui-monospace,monospace}
    button{font:inherit;padding:.3rem 1rem}
    """

  /// The only style that these pages allow, so that they can be constants.
  private static let styleSource = PageScript(style).source

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
