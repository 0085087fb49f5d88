import HybridFlow
import OpenID

/// Writes messages to lines of a recording, and reads them.
enum MessageCoder {
  static func exchange(
    _ request: HTTPRequest, _ response: HTTPResponse
  ) -> [(String, JSONValue?)] {
    [("request", json(request)), ("response", json(response))]
  }

  static func json(_ request: HTTPRequest) -> JSONValue {
    let isUsual = request.url?.requestTarget == request.target
    return .line(
      ("method", .string(request.method)), ("url", .text(request.url?.text)),
      ("target", isUsual ? nil : .string(request.target)), ("headers", headers(request.headers)),
      JSONValue.bytes("body", request.body),
      ("tls", request.security.map(CertificateCoder.json)))
  }

  static func json(_ response: HTTPResponse) -> JSONValue {
    .line(
      ("status", .whole(Int64(response.status))), ("reason", .string(response.reason)),
      ("headers", headers(response.headers)), JSONValue.bytes("body", response.body))
  }

  private static func headers(_ headers: HTTPHeaders) -> JSONValue? {
    .pairs(headers.lines.map { ($0.name, $0.value) })
  }

  static func failure(_ failure: TransportFailure) -> [(String, JSONValue?)] {
    let optional = [
      ("cause", failure.cause), ("happened", failure.happened), ("remedy", failure.remedy),
    ]
    return [("kind", .string(failure.kind.rawValue)), ("message", .string(failure.message))]
      + optional.map { ($0.0, $0.1.isEmpty ? nil : JSONValue.string($0.1)) }
      + [("details", .pairs(failure.details.map { ($0.name, $0.text) }))]
  }

  static func error(_ error: OAuthError) -> [(String, JSONValue?)] {
    [
      ("endpoint", .string(error.endpoint.rawValue)), ("code", .string(error.code)),
      ("description", .text(error.description)), ("uri", .text(error.uri)),
      ("status", .whole(error.status.map { Int64($0) })),
    ]
  }

  static func error(_ row: FieldReader) throws(RecordingError) -> OAuthError {
    OAuthError(
      endpoint: try row.choice("endpoint", OAuthError.Endpoint.self), code: try row.text("code"),
      description: try row.optionalText("description"), uri: try row.optionalText("uri"),
      status: try row.optionalNumber("status", in: 0...999).map { Int($0) })
  }

  /// A message without the fault; no member where there is none.
  static func original(_ original: Message.Original) -> [(String, JSONValue?)] {
    switch original {
    case .content(.request(let request)): [("request", json(request))]
    case .content(.response(let response)): [("response", json(response))]
    case .nothing: []
    }
  }

  static func original(_ row: FieldReader) throws(RecordingError) -> Message.Original {
    if row.json["request"] != nil { return .content(.request(try request(row.object("request")))) }
    if row.json["response"] != nil {
      return .content(.response(try response(row.object("response"))))
    }
    return .nothing
  }

  static func request(_ row: FieldReader) throws(RecordingError) -> HTTPRequest {
    let headers = try headers(row)
    let body = try body(row)
    let method = try row.text("method")
    let security = try CertificateCoder.security(row)
    guard let url = try row.optionalURL("url") else {
      var request = HTTPRequest(
        method: method, target: try row.text("target"), headers: headers, body: body)
      request.security = security
      return request
    }
    var request = HTTPRequest(method: method, url: url, headers: headers, body: body)
    if let target = try row.optionalText("target") { request.target = target }
    request.security = security
    return request
  }

  static func response(_ row: FieldReader) throws(RecordingError) -> HTTPResponse {
    HTTPResponse(
      status: Int(try row.number("status", in: 0...999)), reason: try row.text("reason"),
      headers: try headers(row), body: try body(row))
  }

  private static func headers(_ row: FieldReader) throws(RecordingError) -> HTTPHeaders {
    let pairs = try row.pairs("headers")
    guard pairs.count <= Limit.headerLines else {
      throw RecordingError("a message has \(pairs.count) header lines; \(Limit.headerLines) may be")
    }
    return HTTPHeaders(pairs.map { HTTPHeader($0.0, $0.1) })
  }

  private static func body(_ row: FieldReader) throws(RecordingError) -> [UInt8] {
    let body = try row.bytes("body")
    guard body.count <= Limit.responseBodyBytes else {
      throw RecordingError("a message is larger than \(Limit.responseBodyBytes) bytes")
    }
    return body
  }

  static func refused(_ refused: RefusedRequest) -> [(String, JSONValue?)] {
    [
      ("reason", .string(refused.reason.rawValue)), ("request", refused.request.map(json)),
      ("response", refused.response.map(json)),
      ("cookie_bytes", refused.cookieBytes == 0 ? nil : .whole(Int64(refused.cookieBytes))),
    ]
  }

  static func refused(_ row: FieldReader) throws(RecordingError) -> RefusedRequest {
    var refused = RefusedRequest(
      reason: try row.choice("reason", RefusedRequest.Reason.self), request: nil, response: nil,
      cookieBytes: Int(try row.optionalNumber("cookie_bytes") ?? 0))
    if row.json["request"] != nil { refused.request = try request(row.object("request")) }
    if row.json["response"] != nil { refused.response = try response(row.object("response")) }
    return refused
  }

  static func failure(_ row: FieldReader) throws(RecordingError) -> TransportFailure {
    var failure = TransportFailure(
      kind: try row.choice("kind", TransportFailure.Kind.self), message: try row.text("message"))
    failure.cause = try row.optionalText("cause") ?? ""
    failure.happened = try row.optionalText("happened") ?? ""
    failure.remedy = try row.optionalText("remedy") ?? ""
    let details = row.json["details"] == nil ? [] : try row.pairs("details")
    failure.details = details.map { TransportFailure.Detail($0.0, $0.1) }
    return failure
  }
}

/// Writes pages of the built-in browser to lines of a recording, and reads them.
enum PageCoder {
  static func json(_ page: BrowserPage) -> JSONValue {
    .line(
      ("url", .string(page.url.text)), ("status", .whole(Int64(page.status))),
      ("document", .string(page.page.url.text)), ("base", .string(page.page.baseURL.text)),
      ("title", .string(page.page.title)), ("lines", .texts(page.page.lines)),
      ("forms", .array(page.page.forms.map(json))))
  }

  private static func json(_ form: HTMLForm) -> JSONValue {
    .line(
      ("id", .string(form.id)), ("name", .string(form.name)), ("action", .string(form.action)),
      ("method", .string(form.method)), ("automatic", .flag(form.submitsItself)),
      ("controls", .array(form.controls.map(json))))
  }

  private static func json(_ control: HTMLControl) -> JSONValue {
    switch control {
    case .input(let input):
      .line(
        ("input", .string(input.name)), ("value", .string(input.value)),
        ("type", .string(input.type)), ("label", .text(input.label)),
        ("placeholder", .string(input.placeholder)), ("checked", .flag(input.isChecked)),
        ("disabled", .flag(input.isDisabled)), ("choices", .texts(input.choices)))
    case .button(let button):
      .line(
        ("button", .string(button.name)), ("value", .string(button.value)),
        ("label", .string(button.label)), ("action", .text(button.action)),
        ("method", .text(button.method)), ("disabled", .flag(button.isDisabled)),
        ("image", .flag(button.isImage)), ("position", .whole(Int64(button.position))))
    }
  }

  static func page(_ row: FieldReader) throws(RecordingError) -> BrowserPage {
    var forms: [HTMLForm] = []
    var count = 0
    for form in try row.objects("forms") {
      forms.append(try self.form(form))
      count += 1 + (forms.last?.controls.count ?? 0)
      guard count <= Limit.formControls else {
        throw RecordingError("a page has more than \(Limit.formControls) forms and controls")
      }
    }
    return BrowserPage(
      url: try row.url("url"), status: Int(try row.number("status", in: 0...999)),
      page: HTMLPage(
        url: try row.url("document"), baseURL: try row.url("base"), title: try row.text("title"),
        lines: try row.texts("lines"), forms: forms))
  }

  private static func form(_ row: FieldReader) throws(RecordingError) -> HTMLForm {
    var controls: [HTMLControl] = []
    for control in try row.objects("controls") { controls.append(try self.control(control)) }
    return HTMLForm(
      parts: try row.text("id"), name: try row.text("name"), action: try row.text("action"),
      method: try row.text("method"), controls: controls,
      submitsItself: try row.flag("automatic"))
  }

  private static func control(_ row: FieldReader) throws(RecordingError) -> HTMLControl {
    if let name = try row.optionalText("input") {
      return .input(
        HTMLInput(
          parts: name, value: try row.text("value"), type: try row.text("type"),
          label: try row.optionalText("label"), placeholder: try row.text("placeholder"),
          isChecked: try row.flag("checked"), isDisabled: try row.flag("disabled"),
          choices: try row.texts("choices")))
    }
    return .button(
      HTMLButton(
        parts: try row.text("button"), value: try row.text("value"), label: try row.text("label"),
        action: try row.optionalText("action"), method: try row.optionalText("method"),
        isDisabled: try row.flag("disabled"), isImage: try row.flag("image"),
        position: Int(try row.number("position", in: 0...1_000_000))))
  }
}
