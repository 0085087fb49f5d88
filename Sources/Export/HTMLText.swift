import OpenID

/// Builds a page in which text from outside stays text.
///
/// The page loads nothing and runs nothing: its policy forbids both, also if a text should slip out
/// of its element.
struct HTMLText {
  private var body = ""
  private let title: String

  init(title: String) { self.title = title }

  /// Adds finished HTML.
  mutating func add(_ html: String) { body += html + "\n" }

  /// Adds an element with text.
  mutating func add(_ element: String, _ text: String, class name: String = "") {
    let attribute = name.isEmpty ? "" : " class=\"\(name)\""
    add("<\(element)\(attribute)>\(HTMLEntities.encode(text))</\(element)>")
  }

  /// The whole page.
  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(HTMLEntities.encode(title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
  }

  /// Contrast of every colour on its ground is at least 4.5 to 1 (WCAG 2.2, 1.4.3).
  private static let style = """
    :root{color-scheme:light dark;--ground:#fff;--ink:#1c2430;--soft:#566173;--line:#c9d1dc;
    --card:#f5f7fa;--good:#1a7038;--bad:#b3261e;--warn:#8a5300;--name:#0b5cad;--token:#6b3fa0;
    --escape:#a03a62}
    @media(prefers-color-scheme:dark){:root{--ground:#12161c;--ink:#e3e8ef;--soft:#9aa7b8;
    --line:#3a4553;--card:#1b2129;--good:#6fd08c;--bad:#ff8f87;--warn:#f0b75e;--name:#7db8f5;
    --token:#c7a6f2;--escape:#f29bbd}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:70rem;padding:1rem 1.25rem 4rem;background:var(--ground);
    color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
    h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.25rem;margin:2.5rem 0 .5rem}
    h3{font-size:1rem;margin:1.25rem 0 .25rem}
    code,.wire,td.value{font:.875rem/1.55 ui-monospace,monospace}
    .note,.soft{color:var(--soft);font-size:.875rem}
    .good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
    .card{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--bad);
    border-radius:.4rem;padding:.25rem 1rem;margin:1rem 0}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
    dt{color:var(--soft)}dd{margin:0}
    nav ol{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
    a{color:var(--name)}
    article{border:1px solid var(--line);border-radius:.4rem;margin:.75rem 0;padding:.25rem .75rem}
    article.forged{border-color:var(--bad);border-left-width:.35rem}
    pre.beside{overflow-x:auto;font:.8125rem/1.45 ui-monospace,monospace}
    table{border-collapse:collapse;width:100%;margin:.5rem 0}
    td,th{border-top:1px solid var(--line);padding:.25rem .5rem .25rem 0;text-align:left;
    vertical-align:top}
    th{font-weight:600;font-size:.875rem;color:var(--soft)}
    summary{cursor:pointer;padding:.25rem 0}
    .wire span{border-bottom:1px dotted transparent}.wire span:hover{border-color:currentColor;
    background:var(--card)}
    .wire tr>td:first-child{color:var(--soft);width:5.5rem}.wire tr>td:nth-child(2){width:55%}
    td.soft{font:.875rem/1.5 system-ui,sans-serif}
    .method,.status,.scheme,.tag{color:var(--good);font-weight:600}
    .headerName,.fieldName,.jsonName,.target{color:var(--name)}
    .tokenHeader,.tokenPayload,.tokenSignature,.credentials{color:var(--token)}
    .tokenPayload{text-decoration:underline dotted}
    .escape{color:var(--escape)}
    .mark,.jsonMark,.lineEnd,.white,.version,.reason{color:var(--soft)}
    @media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}
    .wire tr>td:first-child{display:none}.wire td,.checks td{display:block;width:auto!important;
    padding-right:0}.wire td+td,.checks td+td{border-top:0}th{display:none}}
    @media print{:root{color-scheme:light;--ground:#fff;--ink:#000;--soft:#444;--card:#fff}
    body{max-width:none;font-size:10pt}nav{display:none}h2,h3{break-after:avoid}
    tr{break-inside:avoid}a{color:inherit}}
    """
}
