import Cryptography
import HybridFlow
import OpenID

/// The page at the redirect URI when a browser comes without an answer: it hands over what stands
/// behind the `#`.
///
/// Its one script cleans the address first, so that neither the history nor a copied address keeps
/// the answer, and then posts the fields to a path that works once. Without scripts the person
/// pastes the address.
enum FragmentPage {
  static func page(
    path: String, takesEverything: Bool, _ traits: CallbackPageTraits = .careful
  ) -> HTTPResponse {
    let page = page(path: path, takesEverything: takesEverything)
    return traits == .careful ? page : spoilt(page, traits)
  }

  /// The page of a careless application: without the policy that keeps others out.
  private static func spoilt(_ page: HTTPResponse, _ traits: CallbackPageTraits) -> HTTPResponse {
    var page = page
    page.headers.lines.removeAll {
      $0.name.isIdentical(toIgnoringCase: "Content-Security-Policy")
        || $0.name.isIdentical(toIgnoringCase: "Referrer-Policy")
    }
    if let policy = traits.referrerPolicy { page.headers.set("Referrer-Policy", policy) }
    var html = page.bodyText
    if !traits.clearsAddress { html = html.replacing(bytes: clearing, with: "") }
    let foreign = traits.foreignScripts.map { "<script src=\"\($0)\"></script>\n" }.joined()
    page.body = Array(html.replacing(bytes: "</head>", with: foreign + "</head>").utf8)
    return page
  }

  private static func page(path: String, takesEverything: Bool) -> HTTPResponse {
    CallbackPages.page(
      200, takesEverything ? "Handing over the answer" : "No answer has arrived",
      body: """
        <p>\(takesEverything ? expected : unexpected)</p>
        <form method="post" action="\(path)" data-takes="\(takesEverything ? "all" : "names")">
        <p>If this page stays, the browser runs no scripts, or nothing stands behind the #. Then copy
        the whole address of this page from the address bar, paste it here, and send it:</p>
        <p><textarea name="\(FragmentRelay.pastedField)" rows="4" spellcheck="false"></textarea></p>
        <p><button>Hand it over</button></p>
        </form>
        """, script: script)
  }

  private static let expected = """
    The answer stands behind the # of the address. Browsers never send that part to a server: only a \
    script of this page can read it. This page reads it, removes it from the address, and hands it \
    to the application.
    """

  private static let unexpected = """
    The browser came here with nothing that a server can see. Either somebody opened this address by \
    hand, or the tenant put its answer behind the # of the address, although the application asked \
    for something else. This page tells the application which fields came. Their values stay here; \
    an error, which holds no secret, is handed over whole.
    """

  /// Constant, so that the policy of the page can name it by its digest.
  private static let script = PageScript(
    """
    var form=document.forms[0],raw=location.hash.slice(1);\
    \(clearing)\
    if(raw){\
    var all=new URLSearchParams(raw),whole=form.dataset.takes=="all",kept=[],\
    plain=\(quoted(FragmentRelay.harmless)),\
    add=function(name,value){var field=document.createElement("input");field.type="hidden";\
    field.name=name;field.value=value;form.append(field)};\
    form.replaceChildren();\
    all.forEach(function(value,name){\
    if(whole||plain.includes(name))add(name,value);else kept.push(name)});\
    if(kept.length)add("\(FragmentRelay.keptField)",kept.join(" "));\
    HTMLFormElement.prototype.submit.call(form)}
    """)

  private static let clearing =
    "history.replaceState(null,\"\",location.pathname+location.search);"

  private static func quoted(_ names: [String]) -> String {
    "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }
}

/// A script or a style in a page, and how its policy names it: by its digest.
///
/// Content Security Policy Level 3, section 6.7.2.
struct PageScript: Sendable {
  let text: String
  /// The source expression; `'none'` if the digest cannot be made.
  let source: String

  init(_ text: String) {
    self.text = text
    let digest = try? Digest.hash(Array(text.utf8), .sha256)
    source = digest.map { "'sha256-\(Base64.encode($0))'" } ?? "'none'"
  }
}
