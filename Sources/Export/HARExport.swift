import HybridFlow
import OpenID
import Presentation
import Redaction

/// A run as HAR 1.2, the format in which browsers save their network panel.
///
/// http://www.softwareishard.com/blog/har-12-spec/. Other data are in fields that begin with an
/// underscore, as the format allows.
struct HARExport {
  private let run: ExportedRun
  private let redactor: Redactor

  init(_ run: ExportedRun) {
    self.run = run
    redactor = run.redactor
  }

  /// The archive as formatted JSON.
  var text: String {
    // What was only drawn was never exchanged.
    let exchanges = Exchange.all(in: run.transcript).filter { $0.first.evidence != .drawn }
    let log: JSONValue = [
      "version": "1.2",
      "creator": ["name": "hybrid-flow", "version": .string(run.version)],
      "comment": .string("\(run.title). \(run.maskingNotice)"),
      "pages": .array(pages(exchanges)),
      "entries": .array(exchanges.map(entry)),
    ]
    let archive: JSONValue = ["log": log]
    return RunJSON.harmless(archive.prettyText) + "\n"
  }

  // MARK: Pages: one per stage, so that a viewer groups them

  private func pages(_ exchanges: [Exchange]) -> [JSONValue] {
    var seen: Set<String> = []
    return exchanges.compactMap { exchange in
      let id = pageID(exchange)
      guard seen.insert(id).inserted else { return nil }
      let stage = exchange.first.stage
      let title = exchange.action?.title ?? "\(stage.number). \(run.transcript[stage].sentence)"
      return [
        "startedDateTime": time(exchange.first.at), "id": .string(id), "title": .string(title),
        "pageTimings": .object([]),
      ]
    }
  }

  private func pageID(_ exchange: Exchange) -> String {
    exchange.action.map { "after-\($0.id)" } ?? "stage-\(exchange.first.stage.number)"
  }

  private func entry(_ exchange: Exchange) -> JSONValue {
    let first = exchange.first
    var milliseconds: Int64 = 0
    if let request = exchange.request, let response = exchange.response {
      milliseconds = max(0, response.at.milliseconds - request.at.milliseconds)
    }
    var entry: JSONValue = [
      "pageref": .string(pageID(exchange)), "startedDateTime": time(first.at),
      "time": .number(JSONNumber(milliseconds)), "request": request(exchange),
      "response": response(exchange), "cache": .object([]),
      "timings": [
        "send": 0, "wait": .number(JSONNumber(milliseconds)), "receive": 0,
        "comment": "Only the whole is known.",
      ],
      "_stage": number(first.stage.number), "_stage_id": .string(first.stage.id),
      "_channel": .string(first.channel.rawValue),
      "_from": .string((exchange.request?.from ?? first.to).rawValue),
      "_to": .string((exchange.request?.to ?? first.from).rawValue),
      "_evidence": .string(first.evidence.rawValue),
    ]
    if let action = exchange.action { entry.set("_action", .string(action.id)) }
    if let fault = exchange.request?.tamperedBy ?? exchange.response?.tamperedBy {
      entry.set("_tampered_by", .string(fault))
    }
    return entry
  }

  // MARK: Requests and responses

  private func request(_ exchange: Exchange) -> JSONValue {
    let message = exchange.request
    let headers = message?.headers ?? HTTPHeaders()
    var value: JSONValue = [
      "method": .string(redactor.mask(exchange.first.method)),
      "url": .string(redactor.maskAddress(exchange.first.url)), "httpVersion": "HTTP/1.1",
      "cookies": .array(sentCookies(headers)), "headers": .array(lines(of: headers)),
      "queryString": .array(query(exchange.first.url)),
    ]
    if let message, !message.body.isEmpty { value.set("postData", postData(message)) }
    value.set("headersSize", -1)
    value.set("bodySize", message.map { number($0.body.count) } ?? -1)
    if let message {
      value.set("_evidence", .string(message.evidence.rawValue))
      if let security = message.request?.security {
        value.set("_tls", RunJSON.tls(security, redactor))
      }
    } else {
      value.set("comment", "This request was not seen.")
    }
    return value
  }

  private func response(_ exchange: Exchange) -> JSONValue {
    guard let message = exchange.response, let response = message.response else {
      return [
        "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
        "content": ["size": 0, "mimeType": "x-unknown"], "redirectURL": "", "headersSize": -1,
        "bodySize": -1, "comment": "No response was seen.",
      ]
    }
    let location = response.headers["Location"].map { redactor.maskAddress($0) } ?? ""
    return [
      "status": number(response.status), "statusText": .string(redactor.mask(response.reason)),
      "httpVersion": "HTTP/1.1", "cookies": .array(receivedCookies(response.headers)),
      "headers": .array(lines(of: response.headers)), "content": content(message),
      "redirectURL": .string(location), "headersSize": -1,
      "bodySize": number(response.body.count), "_evidence": .string(message.evidence.rawValue),
    ]
  }

  private func content(_ message: Message) -> JSONValue {
    var content: JSONValue = [
      "size": number(message.body.count), "mimeType": .string(mimeType(message)),
    ]
    guard !message.body.isEmpty else { return content }
    // Base64 would hide values from the redactor.
    if !redactor.isActive, String(validating: message.body, as: UTF8.self) == nil {
      content.set("text", .string(Base64.encode(message.body)))
      content.set("encoding", "base64")
    } else {
      content.set("text", .string(MessageDocument(message, redactor).bodyText))
    }
    return content
  }

  private func postData(_ message: Message) -> JSONValue {
    var data: JSONValue = ["mimeType": .string(mimeType(message))]
    let isForm = message.headers.mediaType == "application/x-www-form-urlencoded"
    let fields = isForm ? (try? FormEncoding.decode(message.body)) ?? [] : []
    data.set("params", .array(fields.map(pair)))
    data.set("text", .string(MessageDocument(message, redactor).bodyText))
    return data
  }

  private func mimeType(_ message: Message) -> String {
    message.headers["Content-Type"].map(redactor.mask) ?? "x-unknown"
  }

  // MARK: Pieces

  private func lines(of headers: HTTPHeaders) -> [JSONValue] {
    headers.lines.map { header in
      ["name": .string(redactor.mask(header.name)), "value": .string(redactor.show(header))]
    }
  }

  private func query(_ url: String) -> [JSONValue] {
    guard let fields = try? WebURL(url).queryFields() else { return [] }
    return fields.map(pair)
  }

  private func pair(_ field: FormField) -> JSONValue {
    ["name": .string(redactor.mask(field.name)), "value": .string(redactor.show(field))]
  }

  private func sentCookies(_ headers: HTTPHeaders) -> [JSONValue] {
    headers.all("Cookie").flatMap {
      redactor.show(HTTPHeader("Cookie", $0)).split(at: ";").map { cookie($0.trimmingBlanks) }
    }
  }

  private func receivedCookies(_ headers: HTTPHeaders) -> [JSONValue] {
    headers.all("Set-Cookie").map { line in
      let parts = redactor.show(HTTPHeader("Set-Cookie", line)).split(at: ";").map(\.trimmingBlanks)
      var value = cookie(parts.first ?? "")
      for attribute in parts.dropFirst() {
        let name = attribute.before("=").asciiLowercased
        let text = String(attribute.after("="))
        switch name {
        case "path", "domain": value.set(name, .string(redactor.mask(text)))
        case "expires": if let date = UnixTime(httpDate: text) { value.set(name, time(date)) }
        case "httponly": value.set("httpOnly", true)
        case "secure": value.set("secure", true)
        default: break
        }
      }
      return value
    }
  }

  private func cookie(_ pair: String) -> JSONValue {
    // Without a name it is a value (RFC 6265bis, section 5.6).
    let (name, value) = pair.cut(at: "=") ?? ("", pair[...])
    return ["name": .string(redactor.mask(String(name))), "value": .string(String(value))]
  }

  private func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }

  /// ISO 8601 with milliseconds, as the format requires.
  private func time(_ moment: UnixTime) -> JSONValue {
    let text = CivilTime(moment).text
    let rest = String(moment.milliseconds - moment.seconds * 1000)
    let digits = String(repeating: "0", count: max(0, 3 - rest.utf8.count)) + rest
    return .string(
      "\(text.prefix(bytes: 10))T\(text.dropFirst(bytes: 11).dropLast(bytes: 1)).\(digits)Z")
  }
}
