import OpenID

/// What stands around a message: quotation marks, a header's name, HTTP, a copied command.
extension PastedReader {
  /// Without spaces, a byte order mark, and quotation marks or brackets around it.
  static func unquoted(_ text: String) -> String {
    var text = text.trimmed
    for _ in 0..<3 {
      // Python marks bytes by a letter.
      for mark in ["b'", "b\"", "u'", "u\""] where text.begins(with: mark) {
        text = String(text.dropFirst(bytes: 1))
      }
      let scalars = text.unicodeScalars
      guard scalars.count >= 2, let first = scalars.first, let last = scalars.last,
        isQuoted(scalars, first, last)
          || first == "<" && last == ">" && text.holds("://") && !text.holds("=\"")
            && !text.holds("</")
      else { break }
      text = String(Substring(scalars.dropFirst().dropLast())).trimmed
    }
    return text
  }

  /// Whether the first and last marks belong to each other: the text between them has none.
  private static func isQuoted(
    _ scalars: String.UnicodeScalarView, _ first: Unicode.Scalar, _ last: Unicode.Scalar
  ) -> Bool {
    if first == "\u{201C}" { return last == "\u{201D}" || last == first }
    guard ["\"", "'", "`"].contains(first), last == first else { return false }
    var isEscaped = false
    for scalar in scalars.dropFirst().dropLast() {
      if scalar == first, !isEscaped { return false }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return true
  }

  /// The text as it was before a mail, a page or a form encoded it once more; nil when none did.
  public static func undone(_ text: String) -> String? {
    // A mail writes = as =3D and breaks lines behind a =; RFC 2045, section 6.7.
    if text.holds("=3D") { return quotedPrintable(text) }
    if text.holds("&amp;"), !text.holds("<") { return text.replacing(bytes: "&amp;", with: "&") }
    guard !text.holds("="), text.asciiLowercased.holds("%3d"), !text.holds(" ") else { return nil }
    return (try? FormEncoding.decodeComponent(text.utf8, plusIsSpace: false))
  }

  private static func quotedPrintable(_ text: String) -> String {
    var output: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      defer { index += 1 }
      guard bytes[index] == UInt8(ascii: "=") else {
        output.append(bytes[index])
        continue
      }
      let next = bytes[(index + 1)...].prefix(2)
      if next.first == 0x0A {
        index += 1
      } else if next.elementsEqual([0x0D, 0x0A]) {
        index += 2
      } else if let value = UInt8(String(decoding: next, as: UTF8.self), radix: 16), next.count == 2
      {
        output.append(value)
        index += 2
      } else {
        output.append(bytes[index])
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The text after `Authorization:` and `Bearer` or `DPoP`.
  static func authorization(_ text: String) -> String? {
    var rest = Substring(text)
    var found = false
    for prefix in ["authorization:", "bearer ", "dpop:", "dpop "] {
      guard rest.utf8.count > prefix.utf8.count,
        rest.prefix(bytes: prefix.utf8.count).isIdentical(toIgnoringCase: prefix)
      else { continue }
      rest = rest.dropFirst(bytes: prefix.utf8.count)
      while let next = rest.dropping(prefix: " ") { rest = next }
      found = true
    }
    let token = String(rest).withoutLineBreaks
    return found && isToken(token) ? token : nil
  }

  // MARK: - HTTP

  /// Requests and responses as a proxy or a specification shows them.
  static func exchange(_ text: String) -> PastedMessage? {
    let lines = text.withoutIndentation.split(at: "\n", omittingEmptySubsequences: false)
      .map { $0.dropping(suffix: "\r") ?? $0 }
    guard let first = lines.first, isStart(first), lines.count > 1 else { return nil }
    // A request and its response may follow each other.
    var starts = lines.indices.filter { isStart(lines[$0]) }.prefix(20)
    starts.append(lines.count)
    let found = zip(starts, starts.dropFirst()).compactMap { start, end in
      http(lines[start..<end])
    }
    return PastedCollection.one(found)
  }

  private static func isStart(_ line: Substring) -> Bool {
    if line.begins(with: "HTTP/1.") || line.begins(with: "HTTP/2 ") { return true }
    guard line.utf8.count < 64 * 1024, line.holds(" HTTP/") else { return false }
    let words = line.split(at: " ")
    return words.count == 3 && words[2].begins(with: "HTTP/")
      && words[0].utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  /// One message: its body, its query, its `Location` or its `Authorization`.
  private static func http(_ lines: ArraySlice<Substring>) -> PastedMessage? {
    let lines = Array(lines)
    guard let first = lines.first else { return nil }
    let isResponse = first.begins(with: "HTTP/")
    let blank = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
    let head = lines[..<blank]
    let body = lines[min(blank + 1, lines.count)...].joined(separator: "\n").trimmed
    let wrapping = isResponse ? "an HTTP response" : "an HTTP request"
    var request = CopiedRequest(wrapping: wrapping, body: body)
    if isResponse {
      request.url = header("location", in: head)
      if request.url != nil { request.body = nil }
    } else {
      let words = first.split(at: " ")
      request.url = words.count > 1 ? String(words[1]) : nil
      request.authorization = header("authorization", in: head)
    }
    return message(request)
  }

  /// A header's value with its continuation lines: printed examples break long ones.
  private static func header(_ name: String, in lines: ArraySlice<Substring>) -> String? {
    guard let index = lines.firstIndex(where: { $0.asciiLowercased.begins(with: name + ":") })
    else {
      return nil
    }
    var value = String(lines[index].dropFirst(bytes: name.utf8.count + 1)).trimmed
    for line in lines[(index + 1)...] {
      guard line.begins(with: " ") || line.begins(with: "\t") else { break }
      value += String(line).trimmed
    }
    return name == "authorization" ? "Authorization: " + value : value
  }

  // MARK: - Copied requests

  /// One request, or several, that a tool copied; nil when the text is none.
  static func copied(_ text: String) throws(PastedError) -> PastedMessage? {
    guard let whole = request(text) else { return nil }
    let parts = CopiedRequest.parts(text)
    // Each part alone: a reader of the whole would take the address of one and the body of another.
    let all = parts.count > 1 ? parts.compactMap(request) : [whole]
    let first = all.first ?? whole
    if let message = PastedCollection.one(all.compactMap(message)) { return message }
    // The body may be an object of the program's own.
    if var loose = message(LooseText(text)) {
      loose.wrapping = first.wrapping
      loose.notes += first.unread
      return loose
    }
    if let neighbour = Neighbour.name(first) {
      throw PastedError(message: neighbour, isKnown: true)
    }
    let unread = first.unread.map { " " + $0 }.joined()
    throw PastedError(
      message: "The request in \(first.wrapping) carries nothing that is known here: no form, no "
        + "token, and no parameters in its URL.\(unread)")
  }

  private static func request(_ text: String) -> CopiedRequest? {
    if let curl = CurlCommand(text) {
      return CopiedRequest(
        wrapping: "a curl command", url: curl.url, body: curl.body,
        authorization: curl.authorization, unread: curl.unread)
    }
    return PowerShellCall.read(text) ?? FetchCall.read(text)
  }

  /// What a request carries: its body, the query of its address, or its `Authorization`.
  static func message(_ request: CopiedRequest) -> PastedMessage? {
    var message: PastedMessage?
    let place = request.url.map { String($0.before(anyOf: "?#")) }
    if let body = request.body?.trimmed, !body.isEmpty {
      message =
        body.begins(with: "{") || body.begins(with: "[")
        ? try? object(body) : form(body.withoutLineBreaks, carrier: "body")
      if message == nil, var page = page(body, in: request.wrapping) {
        page.notes += request.unread
        return page
      }
      message?.address = place
    }
    if message == nil, let url = request.url { message = address(url) }
    if message == nil, let token = request.authorization.flatMap(authorization) {
      message = single(token)
      message?.address = place
    }
    message?.wrapping = request.wrapping
    message?.notes += request.unread
    return message
  }
}
