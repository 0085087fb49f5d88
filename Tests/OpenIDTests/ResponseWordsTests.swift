import OpenID
import Testing

/// What a response that cannot be used says about itself.
@Suite struct ResponseWordsTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let response: HTTPResponse
    let words: String
    var testDescription: String { words }
    init(_ status: Int, _ type: String, _ text: String, headers: [HTTPHeader] = [], _ words: String)
    {
      var response = HTTPResponse(status: status, mediaType: type, text: text)
      response.headers.lines += headers
      (self.response, self.words) = (response, words)
    }
  }

  static let rows: [Row] = [
    Row(
      302, "text/html", "", headers: [HTTPHeader("Location", "https://id.example/login?token=abc")],
      "HTTP 302 Found, a redirect to https://id.example/login"),
    Row(301, "text/html", "", "HTTP 301, a redirect without Location"),
    Row(
      429, "text/plain", "", headers: [HTTPHeader("Retry-After", "30")],
      "HTTP 429 Too Many Requests, wait 30 s (Retry-After)"),
    Row(
      503, "text/html", "<html><head><title>Down for\n work</title></head><body>x</body></html>",
      "HTTP 503 Service Unavailable, an error of the server, or of a proxy before it, with the "
        + "page \u{201C}Down for work\u{201D}"),
    Row(
      403, "text/html; charset=utf-8", "<!DOCTYPE html><title>Just a moment...</title>",
      "HTTP 403 Forbidden, with the page \u{201C}Just a moment...\u{201D}"),
    Row(
      403, "text/plain", "blocked by policy",
      "HTTP 403 Forbidden, which says \u{201C}blocked by policy\u{201D}"),
    Row(404, "text/plain", "", "HTTP 404 Not Found, nothing is at this address"),
    Row(
      401, "application/json", #"{"message":"Incorrect secret"}"#,
      "HTTP 401 Unauthorized, which says \u{201C}Incorrect secret\u{201D}"),
    Row(
      403, "application/json", #"{"error":{"code":403,"message":"No access","status":"DENIED"}}"#,
      "HTTP 403 Forbidden, which says 403 \u{201C}No access\u{201D}"),
    Row(
      400, "application/json", #"{"errors":[{"code":"bad_uri","message":"Unknown URI"}]}"#,
      "HTTP 400 Bad Request, which says bad_uri \u{201C}Unknown URI\u{201D}"),
    Row(
      400, "application/json", #"{"errorCode":"E0000021","errorSummary":"Bad request."}"#,
      "HTTP 400 Bad Request, which says E0000021 \u{201C}Bad request.\u{201D}"),
    Row(
      400, "application/problem+json", #"{"title":"Bad client","detail":"Unknown id"}"#,
      "HTTP 400 Bad Request, which says \u{201C}Bad client: Unknown id\u{201D}"),
    Row(
      400, "application/json",
      #"{"error":"invalid_tenant","error_description":"Tenant not found"}"#,
      "HTTP 400 Bad Request, which says invalid_tenant \u{201C}Tenant not found\u{201D}"),
    Row(
      401, "application/json", #"[{"message":"Session expired","errorCode":"INVALID_SESSION_ID"}]"#,
      "HTTP 401 Unauthorized, which says INVALID_SESSION_ID \u{201C}Session expired\u{201D}"),
    // A success in another notation may hold a token: nothing of it is repeated.
    Row(200, "text/plain", "access_token=s3cret&scope=a", "HTTP 200 OK"),
    Row(200, "application/json", "", "HTTP 200 OK, with an empty body"),
  ]

  @Test(arguments: rows)
  func `its status and its body are told in one line`(row: Row) {
    #expect(ResponseWords(row.response).words == row.words)
  }

  @Test func `a long text is cut, and a redirect never shows its query`() {
    let long = HTTPResponse(
      status: 400, mediaType: "application/json",
      text: "{\"error\":\"x\",\"error_description\":\"\(String(repeating: "a", count: 9000))\"}")
    let words = ResponseWords(long)
    #expect((words.description?.utf8.count ?? 0) < ResponseWords.textBytesMaximum + 8)
    let sentence = ResponseWords(Self.rows[0].response)
      .sentence("The token endpoint", at: "https://id.example/token?x=1")
    #expect(
      sentence == "The token endpoint (https://id.example/token) answered HTTP 302 Found, a "
        + "redirect to https://id.example/login.")
  }
}
