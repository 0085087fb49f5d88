import OpenID

/// What a server says by itself, and how a response is written.
extension ServerConnection {
  static func plain(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status: status, mediaType: "text/plain; charset=utf-8", text: text)
  }

  static func closing(_ status: Int, _ text: String) -> HTTPResponse {
    var response = plain(status, text)
    response.headers.add("Connection", "close")
    return response
  }

  /// What a client of plain http gets where https is spoken.
  ///
  /// - Parameter asks: Whether clients are asked for a certificate there.
  static func speaksTLS(
    _ request: HTTPRequest, _ info: ConnectionInfo, asksForCertificates asks: Bool
  ) -> HTTPResponse {
    let host = request.headers["Host"].flatMap { try? WebURL("https://\($0)/") }
    let address = host?.origin ?? "https://localhost:\(info.localPort)"
    guard !asks else {
      return closing(
        400,
        "This address is for clients with a certificate: it speaks https and asks for one, and the "
          + "request was plain http. Use \(address) here, as mtls_endpoint_aliases in the "
          + "discovery document has it, and show the client\u{2019}s certificate.\n")
    }
    return closing(
      400,
      "This address speaks https, and the request was plain http: use \(address) here. Where a "
        + "provider sent you, its redirect URI has http:// instead of https://.\n")
  }

  static func refusal(_ fault: HTTPError) -> HTTPResponse {
    switch fault {
    case .tlsHandshake:
      plain(400, "This port speaks plain http, and the request was https: use http:// here.\n")
    case .lengthRequired: plain(fault.status, "The request has a body without Content-Length.\n")
    case .bodyTooLarge:
      plain(fault.status, "The body is larger than \(Limit.requestBodyBytes) bytes.\n")
    case .headTooLarge:
      plain(
        fault.status,
        "The head is larger than \(Limit.requestHeadBytes) bytes or \(Limit.headerLines) lines.\n")
    case .unsupportedVersion: plain(fault.status, "Only HTTP/1.0 and HTTP/1.1 are spoken here.\n")
    case .badTransferEncoding:
      plain(fault.status, "The only transfer coding understood here is chunked.\n")
    case .badRequestLine, .badHeader, .badHost, .badContentLength, .conflictingLengths, .badChunk:
      plain(fault.status, "The request is not HTTP/1.1 as RFC 9112 describes it.\n")
    }
  }

  /// The response's bytes; RFC 9110, section 6.4.1, says which have no body.
  static func wire(_ response: HTTPResponse, method: String, close: Bool) -> [UInt8] {
    var message = response
    message.reason = harmless(message.reason)
    message.headers = HTTPHeaders(
      message.headers.lines.map { HTTPHeader(harmless($0.name), harmless($0.value)) })
    if close { message.headers.set("Connection", "close") }
    let hasNoBody = message.status == 204 || message.status == 304 || message.status < 200
    if hasNoBody {
      message.headers.lines.removeAll { $0.name.asciiLowercased == "content-length" }
      return Array(message.head.utf8) + Array("\r\n\r\n".utf8)
    }
    guard method == "HEAD" else { return message.serialized() }
    message.headers.set("Content-Length", String(message.body.count))
    return Array(message.head.utf8) + Array("\r\n\r\n".utf8)
  }

  /// A line break in a header value would let its author add header lines or a body.
  static func harmless(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return text }
    let bytes = text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension RefusedRequest.Reason {
  /// The reason for a failed handshake.
  init(_ fault: HandshakeFault) {
    switch fault {
    case .certificateRefused: self = .certificateRefused
    case .tooOld: self = .oldTLS
    case .brokenOff: self = .brokenOff
    case .other: self = .noTLS
    }
  }
}
