/// What a response that cannot be used says about itself: its status, where it points, when to come
/// back, and the words of its body.
///
/// Every text in it is untrusted and shortened; a redactor and ``HarmlessText`` make it safe to show.
public struct ResponseWords: Sendable, Equatable {
  /// The longest text that is taken over, in bytes.
  public static let textBytesMaximum = 300

  /// What the body is.
  public enum Body: String, Sendable, Equatable {
    /// JSON with an `error` as OAuth writes it.
    case oauthError
    /// JSON with an error of another kind, or JSON without one.
    case json
    /// A page.
    case page
    /// Anything else with visible text.
    case text
    /// Nothing.
    case empty
  }

  /// The status code.
  public let status: Int
  /// The usual phrase of the status; empty when there is none.
  public let reason: String
  /// What the body is.
  public let body: Body
  /// The media type; nil when the headers name none.
  public let mediaType: String?
  /// The code of the error in the body, whatever its name there; nil when there is none.
  public let code: String?
  /// What the error says, or the title of a page; nil when it says nothing.
  public let description: String?
  /// `error_uri` or `type`, where more about the error is to be read.
  public let uri: String?
  /// Where a redirect points to, without its query, which may hold secrets.
  public let location: String?
  /// `Retry-After`: seconds, or a date.
  public let retryAfter: String?

  /// Reads a response.
  public init(_ response: HTTPResponse) {
    status = response.status
    reason = HTTPResponse.standardReason(response.status)
    mediaType = response.headers.mediaType
    let isRedirect = (300..<400).contains(response.status)
    location =
      isRedirect
      ? response.headers["Location"].map { Self.short(String($0.before(anyOf: "?#"))) } : nil
    retryAfter = response.headers["Retry-After"].map(Self.short)
    let read = Self.read(response)
    (body, code, description, uri) = (read.body, read.code, read.description, read.uri)
  }

  private typealias Content = (body: Body, code: String?, description: String?, uri: String?)

  private static func read(_ response: HTTPResponse) -> Content {
    if let json = try? JSONParser.parse(response.body) {
      let error = JSONErrorWords(json)
      return (
        error.isOAuth ? .oauthError : .json, error.code.map(short), error.description.map(short),
        error.uri.map(short)
      )
    }
    let text = response.bodyText.trimmingSpace
    if text.isEmpty { return (.empty, nil, nil, nil) }
    let isPage =
      response.headers.mediaType == "text/html"
      || ["<!doctype html", "<html"].contains { text.asciiLowercased.begins(with: $0) }
    guard !isPage else { return (.page, nil, pageWords(response.body), nil) }
    // The body of a success may be a token in another notation: nothing of it is repeated.
    guard response.status >= 300, text.utf8.count <= 2048,
      response.headers.mediaType.map({ $0.begins(with: "text/") }) ?? true
    else { return (.text, nil, nil, nil) }
    return (.text, nil, short(text), nil)
  }

  /// The title of a page, or else its first words.
  private static func pageWords(_ bytes: [UInt8]) -> String? {
    guard let nowhere = try? WebURL("https://localhost/"),
      let page = try? HTMLPage(bytes: Array(bytes.prefix(128 * 1024)), url: nowhere)
    else { return nil }
    let text = page.title.isEmpty ? page.lines.prefix(3).joined(separator: " ") : page.title
    return text.isEmpty ? nil : short(text)
  }

  private static func short(_ text: String) -> String {
    let line = text.split(atAnyOf: "\r\n\t").map(\.trimmingSpace).joined(separator: " ")
    guard line.utf8.count > textBytesMaximum else { return line }
    return line.prefix(bytes: textBytesMaximum) + "\u{2026}"
  }

  // MARK: In words

  /// What came, as the rest of a sentence: `HTTP 302, a redirect to https://id.example/login`.
  public var words: String {
    let head = "HTTP \(status)" + (reason.isEmpty ? "" : " \(reason)")
    let parts: [String?] = [head, meaning, bodyWords]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// What its status means; nil where that says nothing more.
  public var meaning: String? {
    switch status {
    case 300..<400: location.map { "a redirect to \($0)" } ?? "a redirect without Location"
    case 404: "nothing is at this address"
    case 429:
      retryAfter.map {
        $0.isDigits ? "wait \($0) s (Retry-After)" : "wait until \($0) (Retry-After)"
      }
    case 500...: "an error of the server, or of a proxy before it"
    default: nil
    }
  }

  private var bodyWords: String? {
    let quoted = description.map { "\u{201C}\($0)\u{201D}" }
    switch body {
    case .page: return quoted.map { "with the page \($0)" } ?? "with a page in HTML"
    case .oauthError, .json:
      let said = [code, quoted].compactMap { $0 }.joined(separator: " ")
      return said.isEmpty ? nil : "which says \(said)"
    case .text: return quoted.map { "which says \($0)" }
    case .empty: return status == 200 ? "with an empty body" : nil
    }
  }

  /// A sentence about what was asked for, such as `The token endpoint`, and the address where it
  /// was asked.
  public func sentence(_ subject: String, at address: String? = nil) -> String {
    let place = address.map { " (\($0.before(anyOf: "?#")))" } ?? ""
    return "\(subject)\(place) answered \(words)."
  }
}

/// The error in a JSON body, in OAuth's notation or in one of those that APIs and gateways use.
///
/// RFC 6749, section 5.2; RFC 9457, section 3; the others are products' own.
struct JSONErrorWords {
  private(set) var code: String?
  private(set) var description: String?
  private(set) var uri: String?
  /// Whether `error` is a text without blanks, as OAuth has it.
  private(set) var isOAuth = false

  init(_ json: JSONValue) {
    // Salesforce sends an array of errors.
    if let first = json.elements?.first {
      take(first)
      return
    }
    take(json)
  }

  private mutating func take(_ json: JSONValue) {
    if let text = json.string {
      description = text
      return
    }
    if let error = json["error"]?.string, !error.isEmpty {
      isOAuth = !error.holds(anyOf: " \t")
      code = error
    }
    for name in ["error", "fault", "errors"] {
      guard let inner = json[name], code == nil, description == nil else { continue }
      if inner.members != nil { take(inner) }
      if let first = inner.elements?.first { take(first) }
    }
    code =
      code
      ?? Self.text(
        json, "errorCode", "error_code", "code", "status_code", "statusCode", "errorNum")
    description =
      description
      ?? Self.text(
        json, "error_description", "errorSummary", "errorMessage", "error_message", "message",
        "Message", "msg", "detail", "details", "faultstring", "reason")
    if let title = json["title"]?.string, !title.isEmpty {
      description = description.map { title == $0 ? title : "\(title): \($0)" } ?? title
    }
    uri = Self.text(json, "error_uri", "type", "errorLink")
  }

  private static func text(_ json: JSONValue, _ names: String...) -> String? {
    for name in names {
      if let text = json[name]?.string, !text.isEmpty { return text }
      if let number = json[name]?.number { return number.literal }
    }
    return nil
  }
}
