import HybridFlow
import OpenID

/// The way of a login through the browser.
enum HARTrail {
  /// The most entries of one way.
  private static let most = 80

  /// The application's response that sent the browser to the provider: the click on Login.
  static func click(_ file: HARFile, _ login: HARLogin) -> HAREntry? {
    file.entries.last { entry in
      guard entry.at <= login.at, entry.index != login.request.index, let url = entry.url,
        url.origin != login.provider, let target = entry.target(in: file.bytes)
      else { return false }
      return target.before("#").isIdentical(to: String(login.request.address.before("#")))
    }
  }

  /// What the browser and the provider said to each other until the answer left.
  ///
  /// Other hosts belong to it when the way leads there: a provider may pass the person on.
  static func entries(
    _ file: HARFile, _ login: HARLogin, without others: Set<Int>
  ) -> [HAREntry] {
    let end = login.answer?.entry
    var origins: Set<String> = [login.provider]
    var output: [HAREntry] = []
    let home = login.redirectPlace
    for entry in file.entries {
      guard !isBefore(entry, login.request), !others.contains(entry.index), let url = entry.url
      else { continue }
      if let end, end.index == entry.index, login.answer?.source == .arrival { break }
      guard origins.contains(url.origin), isStep(entry) || entry.index == login.request.index,
        home.map({ !entry.address.before(anyOf: "?#").isIdentical(to: $0) }) ?? true
      else { continue }
      output.append(entry)
      if let target = entry.target(in: file.bytes), let there = try? WebURL(target),
        home.map({ !target.before(anyOf: "?#").isIdentical(to: $0) }) ?? true
      {
        origins.insert(there.origin)
      }
      if let end, end.index == entry.index { break }
      if output.count >= most { break }
    }
    return output
  }

  private static func isBefore(_ entry: HAREntry, _ request: HAREntry) -> Bool {
    (entry.at, entry.index) < (request.at, request.index)
  }

  /// Whether the entry moves the login on: a page, a redirect, a form; no picture, script or ping.
  private static func isStep(_ entry: HAREntry) -> Bool {
    // A server answers with a page where it has no such picture.
    if isAsset(entry.address) { return false }
    if entry.isDocument { return true }
    if entry.mediaType.holds("json") || entry.mediaType.holds("javascript") { return false }
    if entry.method == "POST" { return true }
    // A refusal may be empty; Firefox leaves out the type of what it does not know.
    let isEmpty = entry.mediaType.isEmpty || entry.mediaType == "x-unknown"
    return isEmpty
      || entry.mediaType == "text/plain" && entry.status >= 400
  }

  private static func isAsset(_ address: String) -> Bool {
    let path = address.before(anyOf: "?#").asciiLowercased
    return [
      ".js", ".css", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2", ".map",
      ".json", ".webp",
    ].contains { path.ends(with: $0) }
  }

  // MARK: - Refusals without an answer

  /// What a page says that refuses the request; nil when it is no refusal.
  static func refusal(_ entry: HAREntry, _ bytes: [UInt8]) -> OAuthError? {
    if let json = entry.content(in: bytes).flatMap({ try? JSONParser.parse($0) }),
      let code = json["error"]?.string
    {
      return OAuthError(
        endpoint: .page, code: code, description: json["error_description"]?.string,
        uri: json["error_uri"]?.string, status: entry.status)
    }
    guard let text = PageRefusal.text(entry.status, entry.content(in: bytes), entry.url) else {
      return nil
    }
    return OAuthError(
      endpoint: .page, code: "", description: text.isEmpty ? nil : text, status: entry.status)
  }
}
