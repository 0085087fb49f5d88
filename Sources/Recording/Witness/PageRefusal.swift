import HybridFlow
import OpenID

/// A page with which a provider refuses, instead of an answer.
enum PageRefusal {
  /// Words of a page that refuses; a page with another text may be a sign-in that scripts draw.
  private static let refusing = [
    "error", "invalid", "denied", "not allowed", "forbidden", "unauthorized", "mismatch",
    "not registered", "unknown client", "refused",
  ]

  /// The text of a page that refuses; empty when it has none, nil when it is no refusal.
  static func text(_ status: Int, _ body: [UInt8]?, _ url: WebURL?) -> String? {
    guard status == 0 || status == 200 || status >= 400 else { return nil }
    let page = url.flatMap { url in body.flatMap { try? HTMLPage(bytes: $0, url: url) } }
    let lines = page.map { ([$0.title] + $0.lines).filter { !$0.isEmpty } } ?? []
    let text = lines.prefix(6).joined(separator: " / ")
    if status >= 400 {
      let asksAgain =
        page?.forms.contains { $0.inputs.contains { $0.type == "password" } } == true
      return asksAgain ? nil : text
    }
    guard let page, page.forms.allSatisfy({ $0.inputs.allSatisfy { $0.type != "password" } }),
      refusing.contains(where: { text.asciiLowercased.holds($0) })
    else { return nil }
    return text
  }
}
