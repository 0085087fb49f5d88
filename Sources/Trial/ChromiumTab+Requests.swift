import HybridFlow
import Network
import OpenID

/// The requests of a tab: each is held until the rules of the passage have been applied.
extension ChromiumTab {
  /// A request before it is sent, or an answer of the tenant before the browser sees it.
  func hold(_ about: JSONValue, session: String?) {
    guard let id = about["requestId"]?.string, let text = about["request"]?["url"]?.string else {
      return
    }
    let held = HeldRequest(id: id, session: session)
    guard let url = try? WebURL(text) else {
      // What a page carries in itself leaves nobody’s machine.
      let isInside = ["data:", "blob:", "about:"].contains { text.asciiLowercased.begins(with: $0) }
      return isInside ? goOn(held) : refuse(held)
    }
    if about["responseStatusCode"] != nil || about["responseErrorReason"] != nil {
      return answer(about, held, url)
    }
    send(about, held, url)
  }

  /// A held request: its number, and the session that holds it.
  private struct HeldRequest {
    let id: String
    let session: String?
  }

  private func send(_ about: JSONValue, _ held: HeldRequest, _ url: WebURL) {
    let isOfTab =
      about["resourceType"]?.string == "Document" && about["frameId"]?.string == frame
    let request = Self.request(about, url)
    if let obstacle = passage.obstacle(
      request, url, isByScript: !isOfTab || request.method == "POST")
    {
      // A picture of another host is left out; a secret that goes astray ends the visit.
      if isOfTab { self.obstacle = obstacle }
      if case .carriesSecret = obstacle { self.obstacle = obstacle }
      return refuse(held)
    }
    if isOfTab, forbidsTenant, passage.isOfTenant(url) {
      wentToTenant = true
      return refuse(held)
    }
    if let changed = passage.changedAuthorization(url) {
      return goOn(held, ["url": .string(changed.text)])
    }
    guard let requests = passage.delivery(of: request, url) else { return goOn(held) }
    guard let first = requests.first else {
      obstacle = Self.kept(url)
      return refuse(held)
    }
    answerID = about["networkId"]?.string
    repeated = Array(requests.dropFirst())
    var change: JSONValue = [:]
    if first.body != request.body { change.set("postData", .string(Base64.encode(first.body))) }
    if let other = first.url, other != url { change.set("url", .string(other.text)) }
    if first.headers["Content-Type"] != request.headers["Content-Type"] {
      let lines = first.headers.lines.filter {
        !$0.name.isIdentical(toIgnoringCase: "Content-Length")
      }
      change.set(
        "headers",
        .array(lines.map { ["name": .string($0.name), "value": .string($0.value)] }))
    }
    goOn(held, change)
  }

  /// An answer of the tenant: an attacker may change what it has put behind the `#`.
  private func answer(_ about: JSONValue, _ held: HeldRequest, _ url: WebURL) {
    let headers = about["responseHeaders"]?.elements ?? []
    let status = about["responseStatusCode"]?.integer ?? 0
    let location = headers.first {
      $0["name"]?.string?.isIdentical(toIgnoringCase: "Location") == true
    }?["value"]?.string
    guard [301, 302, 303, 307, 308].contains(status), passage.isOfTenant(url),
      let target = location.flatMap({ try? url.resolving($0) })
    else { return goOn(held) }
    let delivered = passage.delivery(inFragmentOf: target)
    if passage.kept != nil {
      obstacle = Self.kept(url)
      return refuse(held)
    }
    guard let changed = delivered, changed != target else { return goOn(held) }
    // Chromium follows the redirect as it came, whatever is put in its place. So a page of the
    // tenant takes its place that goes there, with the same cookies.
    let cookies = headers.filter {
      $0["name"]?.string?.isIdentical(toIgnoringCase: "Set-Cookie") == true
    }
    let quoted = JSONValue.string(changed.text).compactText
    let address = quoted.replacing(bytes: "<", with: "\\u003c")
    let page = "<!DOCTYPE html><script>location.replace(\(address))</script>"
    pipe.tell(
      "Fetch.fulfillRequest",
      [
        "requestId": .string(held.id), "responseCode": 200,
        "responseHeaders": .array(
          cookies + [["name": "Content-Type", "value": "text/html; charset=utf-8"]]),
        "body": .string(Base64.encode(page.utf8)),
      ], session: held.session)
  }

  private static func kept(_ url: WebURL) -> Visit.End {
    .noAnswer(url, why: "the answer is kept")
  }

  private func goOn(_ held: HeldRequest, _ change: JSONValue = [:]) {
    var parameters: JSONValue = ["requestId": .string(held.id)]
    for member in change.members ?? [] { parameters.set(member.name, member.value) }
    pipe.tell("Fetch.continueRequest", parameters, session: held.session)
  }

  private func refuse(_ held: HeldRequest) {
    pipe.tell(
      "Fetch.failRequest",
      ["requestId": .string(held.id), "errorReason": "BlockedByClient"], session: held.session)
  }

  private static func request(_ about: JSONValue, _ url: WebURL) -> HTTPRequest {
    let request = about["request"]
    let headers = request?["headers"]?.members ?? []
    let entries = request?["postDataEntries"]?.elements ?? []
    var body = entries.flatMap { (try? Base64.decode($0["bytes"]?.string ?? "")) ?? [] }
    if entries.isEmpty { body = Array((request?["postData"]?.string ?? "").utf8) }
    return HTTPRequest(
      method: request?["method"]?.string ?? "GET", url: url,
      headers: HTTPHeaders(headers.map { HTTPHeader($0.name, $0.value.string ?? "") }), body: body)
  }

  /// What went with the answer: its headers, and the cookies that did not go.
  func noteSent(_ about: JSONValue) {
    guard sentHeaders == nil, let answerID, about["requestId"]?.string == answerID else { return }
    let headers = about["headers"]?.members ?? []
    sentHeaders = HTTPHeaders(
      headers.filter { !$0.name.isIdentical(toIgnoringCase: "Accept-Encoding") }
        .map { HTTPHeader($0.name, $0.value.string ?? "") })
    for cookie in about["associatedCookies"]?.elements ?? [] {
      guard let name = cookie["cookie"]?["name"]?.string,
        let reason = cookie["blockedReasons"]?.strings?.compactMap(Self.reason).first
      else { continue }
      passage.lostCookies.append(LostCookie(name, reason))
    }
  }

  /// The reasons that an application can do something about.
  private static func reason(_ word: String) -> LostCookie.Reason? {
    switch word {
    case "SameSiteStrict", "SchemefulSameSiteStrict": .strict
    case "SameSiteLax", "SchemefulSameSiteLax": .lax
    case "SameSiteUnspecifiedTreatedAsLax", "SchemefulSameSiteUnspecifiedTreatedAsLax":
      .laxByDefault
    case "SameSiteNoneInsecure": .noneWithoutSecure
    case "SecureOnly": .secure
    default: nil
    }
  }
}
