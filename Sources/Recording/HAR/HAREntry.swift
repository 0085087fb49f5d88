import OpenID

/// One request of a HAR and the response to it.
struct HAREntry: Sendable {
  /// Its place in the file, counted from 0.
  let index: Int
  /// When it began, if the file says so in a way that can be read.
  let startedAt: UnixTime?
  /// When it began, or when the entry before it did.
  var at = UnixTime(seconds: 0)
  /// The method, in capitals.
  let method: String
  /// The address as it was written; some writers keep the fragment.
  let address: String
  /// The status; 0 where the writer does not know it.
  let status: Int
  /// The media type of the response, lower case, without parameters; empty when it is not told.
  let mediaType: String
  /// `redirectURL`, as it was written; empty when there is none.
  let redirectURL: String
  /// Whether a body was posted.
  let hasPost: Bool
  private let requestHeaders: Range<Int>?
  private let responseHeaders: Range<Int>?
  private let requestCookies: Range<Int>?
  private let responseCookies: Range<Int>?
  private let postData: Range<Int>?
  private let contentText: Range<Int>?
  private let isBase64: Bool

  /// The most bytes of a list of headers or of a posted form.
  private static let partBytes = 2 * 1024 * 1024

  /// Reads an entry; nil when it has no request with an address.
  init?(_ bytes: [UInt8], _ range: Range<Int>, index: Int) {
    self.index = index
    var parts = Parts(bytes)
    parts.readEntry(range)
    guard let address = parts.address else { return nil }
    self.address = address
    method = parts.method.isEmpty ? "GET" : Self.uppercase(parts.method)
    startedAt = parts.started.flatMap(UnixTime.init(har:))
    status = (0...999).contains(parts.status) ? parts.status : 0
    mediaType = parts.mediaType.before(";").trimmingBlanks.asciiLowercased
    redirectURL = parts.redirectURL
    hasPost = parts.postData != nil
    requestHeaders = parts.requestHeaders
    responseHeaders = parts.responseHeaders
    requestCookies = parts.requestCookies
    responseCookies = parts.responseCookies
    postData = parts.postData
    contentText = parts.contentText
    isBase64 = parts.encoding == "base64"
  }

  private static func uppercase(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x61...0x7A).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
  }

  // MARK: - What is read on demand

  /// The address as a URL; nil for `blob:`, `data:` and what is no URL.
  var url: WebURL? { try? WebURL(address) }

  private static func pairs(_ bytes: [UInt8], _ range: Range<Int>?) -> [HTTPHeader] {
    guard let range, let list = JSONSlices.parse(bytes, range, limitBytes: partBytes)?.elements
    else { return [] }
    // Chromium lists the lines of HTTP/2 that begin with a colon among the headers.
    return list.prefix(Limit.headerLines).compactMap { item in
      guard let name = item["name"]?.string, let value = item["value"]?.string,
        !name.begins(with: ":")
      else { return nil }
      return HTTPHeader(name, value)
    }
  }

  /// The headers of the request.
  func requestHeaders(in bytes: [UInt8]) -> HTTPHeaders {
    HTTPHeaders(Self.pairs(bytes, requestHeaders))
  }

  /// The headers of the response; some writers join several `Set-Cookie` with line breaks.
  func responseHeaders(in bytes: [UInt8]) -> HTTPHeaders {
    HTTPHeaders(
      Self.pairs(bytes, responseHeaders).flatMap { header -> [HTTPHeader] in
        guard header.name.isIdentical(toIgnoringCase: "set-cookie"), header.value.holds("\n") else {
          return [header]
        }
        return header.value.split(at: "\n").map { HTTPHeader(header.name, $0.trimmingBlanks) }
      })
  }

  /// The names of the cookies that were sent: by the header, or by the list beside it.
  func sentCookies(in bytes: [UInt8]) -> Set<String> {
    var names: Set<String> = []
    for line in requestHeaders(in: bytes).all("Cookie") {
      for pair in line.split(at: ";") { names.insert(pair.before("=").trimmingBlanks) }
    }
    return names.union(Self.pairs(bytes, requestCookies).map(\.name))
  }

  /// Whether anything of it tells of a cookie.
  func hasCookies(in bytes: [UInt8]) -> Bool {
    if !Self.pairs(bytes, requestCookies).isEmpty || !Self.pairs(bytes, responseCookies).isEmpty {
      return true
    }
    return requestHeaders(in: bytes)["Cookie"] != nil
      || responseHeaders(in: bytes)["Set-Cookie"] != nil
  }

  /// What was posted, and its type; nil when nothing was, or nothing of it is in the file.
  func posted(in bytes: [UInt8]) -> (body: [UInt8], type: String?)? {
    guard let postData,
      let data = JSONSlices.parse(bytes, postData, limitBytes: Self.partBytes)
    else { return nil }
    guard let text = HARPostData.text(data) else { return nil }
    return (Array(text.utf8), data["mimeType"]?.string)
  }

  /// The body of the response; nil when the file does not have it.
  func content(in bytes: [UInt8], most: Int = Limit.responseBodyBytes) -> [UInt8]? {
    guard let contentText, contentText.count <= most * 6,
      let text = JSONSlices.parse(bytes, contentText, limitBytes: most * 6)?.string, !text.isEmpty
    else { return nil }
    if isBase64, let body = try? Base64.decode(text) { return body.count <= most ? body : nil }
    return text.utf8.count <= most ? Array(text.utf8) : nil
  }

  /// Where the response sends the browser, resolved; the header comes before `redirectURL`, which
  /// some writers leave without its fragment, or empty.
  func target(in bytes: [UInt8]) -> String? {
    let isRedirect = (300..<400).contains(status) || (status == 0 && !redirectURL.isEmpty)
    guard isRedirect || !redirectURL.isEmpty else { return nil }
    let written = responseHeaders(in: bytes)["Location"] ?? redirectURL
    guard !written.isEmpty else { return nil }
    return (try? url?.resolving(written))?.text ?? written
  }
}

/// The parts of an entry, as ranges of the file.
private struct Parts {
  let bytes: [UInt8]
  var address: String?
  var method = ""
  var started: String?
  var status = 0
  var mediaType = ""
  var redirectURL = ""
  var encoding = ""
  var requestHeaders: Range<Int>?
  var responseHeaders: Range<Int>?
  var requestCookies: Range<Int>?
  var responseCookies: Range<Int>?
  var postData: Range<Int>?
  var contentText: Range<Int>?

  /// The most bytes of an address or another short text.
  private static let textBytes = 256 * 1024

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func text(_ range: Range<Int>) -> String? {
    JSONSlices.parse(bytes, range, limitBytes: Self.textBytes)?.string
  }

  private func number(_ range: Range<Int>) -> Int? {
    let text = String(decoding: bytes[range].prefix(24), as: UTF8.self)
    return Int(text.before("."))
  }

  /// Calls back for each member; what is not an object, or is damaged inside, has none.
  private func walk(_ range: Range<Int>, _ visit: (String, Range<Int>) -> Void) {
    var slices = JSONSlices(bytes, range)
    guard slices.next == UInt8(ascii: "{") else { return }
    var isFirst = true
    while let name = try? slices.member(&isFirst), let value = try? slices.value() {
      visit(name, value)
    }
  }

  private func isFilled(_ range: Range<Int>) -> Bool {
    range.count > 2 && bytes[range.lowerBound] != UInt8(ascii: "n")
  }

  mutating func readEntry(_ range: Range<Int>) {
    var found: [String: Range<Int>] = [:]
    walk(range) { found[$0] = $1 }
    started = found["startedDateTime"].flatMap(text)
    if let request = found["request"] { readRequest(request) }
    if let response = found["response"] { readResponse(response) }
  }

  private mutating func readRequest(_ range: Range<Int>) {
    var found: [String: Range<Int>] = [:]
    walk(range) { found[$0] = $1 }
    address = found["url"].flatMap(text)
    method = found["method"].flatMap(text) ?? ""
    requestHeaders = found["headers"]
    requestCookies = found["cookies"].flatMap { isFilled($0) ? $0 : nil }
    postData = found["postData"].flatMap { isFilled($0) ? $0 : nil }
  }

  private mutating func readResponse(_ range: Range<Int>) {
    var found: [String: Range<Int>] = [:]
    walk(range) { found[$0] = $1 }
    status = found["status"].flatMap(number) ?? 0
    redirectURL = found["redirectURL"].flatMap(text) ?? ""
    responseHeaders = found["headers"]
    responseCookies = found["cookies"].flatMap { isFilled($0) ? $0 : nil }
    guard let content = found["content"] else { return }
    var inner: [String: Range<Int>] = [:]
    walk(content) { inner[$0] = $1 }
    mediaType = inner["mimeType"].flatMap(text) ?? ""
    encoding = inner["encoding"].flatMap(text) ?? ""
    contentText = inner["text"]
  }
}
