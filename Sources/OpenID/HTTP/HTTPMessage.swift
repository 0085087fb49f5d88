/// One header line.
public struct HTTPHeader: Sendable, Hashable {
  /// The name as it was written; compared without regard to case.
  public var name: String
  /// The value, without surrounding blanks.
  public var value: String

  /// Makes a header line.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The header lines of a message, in order, repeats kept.
///
/// RFC 9110, section 5.
public struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// The lines in order.
  public var lines: [HTTPHeader]

  /// Makes headers from lines.
  public init(_ lines: [HTTPHeader] = []) { self.lines = lines }
  /// Makes headers from a literal, keeping the order.
  public init(dictionaryLiteral elements: (String, String)...) {
    lines = elements.map { HTTPHeader($0.0, $0.1) }
  }

  /// The value of the first line of this name, without regard to case.
  public subscript(name: String) -> String? {
    lines.first { $0.name.isIdentical(toIgnoringCase: name) }?.value
  }

  /// The values of every line of this name, without regard to case.
  public func all(_ name: String) -> [String] {
    lines.filter { $0.name.isIdentical(toIgnoringCase: name) }.map(\.value)
  }

  /// Appends a line.
  public mutating func add(_ name: String, _ value: String) {
    lines.append(HTTPHeader(name, value))
  }

  /// Replaces every line of this name by one.
  public mutating func set(_ name: String, _ value: String) {
    lines.removeAll { $0.name.isIdentical(toIgnoringCase: name) }
    add(name, value)
  }

  /// The media type of `Content-Type`, lower case, without parameters.
  public var mediaType: String? {
    self["Content-Type"].map { $0.before(";").trimmingBlanks.asciiLowercased }
  }
}

/// A request as it goes over the wire.
///
/// Bodies and query strings carry codes and tokens, so the type prints neither.
public struct HTTPRequest: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The method, upper case: `GET`, `POST`.
  public var method: String
  /// The target of the request line: a path with query, or an absolute URL.
  public var target: String
  /// The absolute URL, if the sender knows it; nil for a request that the loopback server received.
  public var url: WebURL?
  /// The header lines in order.
  public var headers: HTTPHeaders
  /// The body, byte for byte.
  public var body: [UInt8]
  /// What TLS did for it; nil for plain http, and where that is not known.
  public var security: RequestSecurity?

  /// Makes a request to an absolute URL.
  public init(
    method: String, url: WebURL, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) {
    self.method = method
    self.url = url
    target = url.requestTarget
    self.headers = headers
    self.body = body
  }

  /// Makes a request as a server reads it.
  public init(
    method: String, target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    url = nil
    self.headers = headers
    self.body = body
  }

  /// The path of the target, also when the target is an absolute URL (RFC 9112, section 3.2.2).
  public var path: String {
    if !target.begins(with: "/"), let url = try? WebURL(target) {
      return url.path.isEmpty ? "/" : url.path
    }
    return String(target.before("?"))
  }
  /// The target after `?`; empty when there is no `?`.
  public var query: String {
    String(target.after("?"))
  }
  /// The body as text; invalid UTF-8 is replaced.
  public var bodyText: String { String(decoding: body, as: UTF8.self) }

  /// The request line and headers as they stand on the wire, without the blank line.
  public var head: String {
    messageHead(method + " " + target + " HTTP/1.1", headers)
  }

  /// Method and path, nothing else.
  public var description: String { method + " " + path }
  /// Nothing: `dump` would print the body otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A response as it goes over the wire.
public struct HTTPResponse: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The status code.
  public var status: Int
  /// The reason phrase; may be empty.
  public var reason: String
  /// The header lines in order.
  public var headers: HTTPHeaders
  /// The body, byte for byte.
  public var body: [UInt8]

  /// Makes a response; an empty reason is filled with the standard phrase.
  public init(
    status: Int, reason: String = "", headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) {
    self.status = status
    self.reason = reason.isEmpty ? Self.standardReason(status) : reason
    self.headers = headers
    self.body = body
  }

  /// Makes a response from a text of a media type, with `Content-Type` and no other header.
  public init(status: Int, mediaType: String, text: String) {
    self.init(
      status: status, headers: HTTPHeaders([HTTPHeader("Content-Type", mediaType)]),
      body: Array(text.utf8))
  }

  /// The body as text; invalid UTF-8 is replaced.
  public var bodyText: String { String(decoding: body, as: UTF8.self) }

  /// The status line and headers as they stand on the wire, without the blank line.
  public var head: String {
    messageHead("HTTP/1.1 \(status) \(reason)", headers)
  }

  /// Head, blank line and body, ready to send; `Content-Length` is set to the body's length.
  ///
  /// 1xx and 204 have neither body nor length (RFC 9110, section 8.6).
  public func serialized() -> [UInt8] {
    let end = Array("\r\n\r\n".utf8)
    if status < 200 || status == 204 { return Array(head.utf8) + end }
    var message = self
    message.headers.set("Content-Length", String(body.count))
    return Array(message.head.utf8) + end + body
  }

  /// The status line, nothing else.
  public var description: String { "\(status) \(reason)" }
  /// Nothing: `dump` would print the body otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The usual phrase for a status code; RFC 9110, section 15.
  public static func standardReason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 302: "Found"
    case 303: "See Other"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 421: "Misdirected Request"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }
}

/// A start line and header lines, without the blank line.
///
/// A line break or NUL in a value becomes a space (RFC 9110, section 5.5), so no value adds a line.
private func messageHead(_ startLine: String, _ headers: HTTPHeaders) -> String {
  ([startLine] + headers.lines.map { $0.name + ": " + $0.value })
    .map { line in
      let bytes = line.utf8.map { $0 == 0x0D || $0 == 0x0A || $0 == 0 ? 0x20 : $0 }
      return String(decoding: bytes, as: UTF8.self)
    }
    .joined(separator: "\r\n")
}
