import Cryptography
import OpenID

/// A text made safe for HTML, between tags and between quotation marks.
func escaped(_ text: String) -> String {
  var output: [UInt8] = []
  output.reserveCapacity(text.utf8.count)
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "&"): output += "&amp;".utf8
    case UInt8(ascii: "<"): output += "&lt;".utf8
    case UInt8(ascii: ">"): output += "&gt;".utf8
    case UInt8(ascii: "\""): output += "&quot;".utf8
    case UInt8(ascii: "'"): output += "&#39;".utf8
    // A browser would change these line breaks before it posts them.
    case UInt8(ascii: "\r"): output += "&#13;".utf8
    case UInt8(ascii: "\n"): output += "&#10;".utf8
    default: output.append(byte)
    }
  }
  return String(decoding: output, as: UTF8.self)
}

extension DemoTenant {
  /// A page of the tenant: complete in itself, without external resources.
  ///
  /// Its policy has no `form-action`: browsers apply that to the redirects after a form as well,
  /// and the last one leads to the application. Only the given script runs.
  func page(status: Int, title: String, _ body: String, script: String? = nil) throws(CryptoError)
    -> HTTPResponse
  {
    let nonce = Base64URL.encode(try randomness(16))
    var policy = "default-src 'none'; style-src 'nonce-\(nonce)'; img-src data:; base-uri 'none'"
    policy += "; frame-ancestors 'none'"
    if script != nil { policy += "; script-src 'nonce-\(nonce)'" }
    var html = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(escaped(title)) · \(escaped(settings.name))</title>
      <link rel="icon" href="data:,">
      <style nonce="\(nonce)">\(style)</style>
      </head>
      <body>
      <main>
      <p class="tenant">\(escaped(settings.name)) · \(escaped(settings.issuer))</p>
      \(body)
      </main>

      """
    if let script { html += "<script nonce=\"\(nonce)\">\(script)</script>\n" }
    html += "</body>\n</html>\n"
    var response = HTTPResponse(status: status, mediaType: "text/html; charset=utf-8", text: html)
    response.headers.add("Content-Security-Policy", policy)
    response.headers.add("X-Frame-Options", "DENY")
    response.headers.add("Cache-Control", "no-cache, no-store")
    response.headers.add("Pragma", "no-cache")
    return response
  }

  /// A page with a message only.
  func messagePage(status: Int, title: String, text: String, hint: String? = nil)
    throws(CryptoError) -> HTTPResponse
  {
    var html = "<h1>\(escaped(title))</h1>\n<p>\(escaped(text))</p>\n"
    if let hint { html += "<p class=\"hint\">\(escaped(hint))</p>\n" }
    return try page(status: status, title: title, html)
  }

  /// The picture of a demo person: the first letter on a disc.
  func picture(_ path: String) -> HTTPResponse? {
    let own = settings.people.first { person in
      person.claims.contains { claim in
        claim.name == "picture" && claim.value.string == address(path)
      }
    }
    guard let letter = own?.signInName.unicodeScalars.first else { return nil }
    let svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" role="img">\
      <circle cx="48" cy="48" r="48" fill="#2f5d8a"/>\
      <text x="48" y="64" font-family="sans-serif" font-size="48" fill="#fff" \
      text-anchor="middle">\(escaped(letter.properties.uppercaseMapping))</text></svg>
      """
    var response = HTTPResponse(status: 200, mediaType: "image/svg+xml", text: svg)
    response.headers.add("Content-Security-Policy", "default-src 'none'")
    return response
  }
}

private let style = """
  :root{color-scheme:light dark;--ink:#1c2530;--paper:#f4f6f8;--card:#fff;--line:#c6ced8;\
  --strong:#1f5fa8;--on-strong:#fff;--soft:#4d5a68;--alarm:#a4252c}
  @media (prefers-color-scheme:dark){:root{--ink:#e4e9ef;--paper:#12171d;--card:#1b222b;\
  --line:#3b4754;--strong:#8cbcf2;--on-strong:#0d1620;--soft:#a9b5c2;--alarm:#ff9a98}}
  *{box-sizing:border-box}
  body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
  main{max-width:34rem;margin:6vh auto;padding:1.5rem 2rem 2rem;background:var(--card);\
  border:1px solid var(--line);border-radius:.75rem}
  h1{font-size:1.5rem;margin:.25rem 0 .5rem}
  h2{font-size:1rem;margin:2rem 0 .5rem}
  .tenant,.hint{color:var(--soft);font-size:.875rem}
  .tenant{margin:0;overflow-wrap:anywhere}
  .message{color:var(--alarm);font-weight:600}
  label{display:block;margin:1rem 0 .25rem;font-weight:600}
  input[type=text],input[type=password]{width:100%;padding:.5rem .75rem;font:inherit;\
  color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.5rem}
  button{margin:1.25rem .5rem 0 0;padding:.5rem 1.25rem;font:inherit;font-weight:600;\
  color:var(--on-strong);background:var(--strong);border:2px solid var(--strong);\
  border-radius:.5rem;cursor:pointer}
  button.quiet{background:none;color:var(--strong)}
  :focus-visible{outline:3px solid var(--strong);outline-offset:2px}
  table{width:100%;border-collapse:collapse;font-size:.875rem}
  th,td{text-align:left;vertical-align:top;padding:.375rem .5rem .375rem 0;\
  border-top:1px solid var(--line)}
  code{font:.875em ui-monospace,monospace;overflow-wrap:anywhere}
  td code{overflow-wrap:break-word}
  """
