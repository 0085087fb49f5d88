import OpenID

/// The requests of a HAR 1.2 file, or of one entry of it, as browsers and proxies save them.
///
/// http://www.softwareishard.com/blog/har-12-spec/
enum HARParts {
  /// The entries; nil when the JSON is none.
  static func entries(_ json: JSONValue) -> [JSONValue]? {
    if let entries = json["log"]?["entries"]?.elements { return entries }
    return json["request"]?["url"]?.string != nil ? [json] : nil
  }

  /// What one entry holds, in the order in which it may be an answer: what was posted, what the
  /// address carries, where the response sends the browser, and the body of the response.
  static func parts(_ entry: JSONValue) -> [CopiedRequest] {
    var found: [CopiedRequest] = []
    let request = entry["request"]
    let url = request?["url"]?.string
    var asked = CopiedRequest(wrapping: "a HAR entry", url: url)
    asked.body = request?["postData"].flatMap(HARPostData.text)
    for header in request?["headers"]?.elements ?? [] {
      asked.take(header: header["name"]?.string ?? "", header["value"]?.string ?? "")
    }
    found.append(asked)
    let response = entry["response"]
    // Some writers drop the fragment of redirectURL, and leave it empty beside a Location.
    let location =
      (response?["headers"]?.elements ?? []).first {
        $0["name"]?.string?.asciiLowercased.isIdentical(to: "location") == true
      }?["value"]?.string ?? response?["redirectURL"]?.string
    if let location, !location.isEmpty {
      found.append(CopiedRequest(wrapping: "a HAR entry", url: location))
    }
    if let text = response?["content"].flatMap(content) {
      found.append(CopiedRequest(wrapping: "a HAR entry", url: url, body: text))
    }
    return found
  }

  private static func content(_ content: JSONValue) -> String? {
    guard let text = content["text"]?.string, !text.isEmpty else { return nil }
    guard content["encoding"]?.string == "base64" else { return text }
    return (try? Base64.decode(text)).map { String(decoding: $0, as: UTF8.self) }
  }
}
