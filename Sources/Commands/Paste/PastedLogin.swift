import Inspection
import OpenID
import Platform
import Recording

/// A login whose messages somebody pasted into a file: the request, its answer, and what followed.
///
/// They are put into the form of a HAR, so that it is read, checked and shown as one.
public enum PastedLogin {
  /// Reads a file that is neither a recording nor a HAR; nil when nothing in it is recognised.
  ///
  /// - Throws: ``UsageError`` when it can be read, and holds no authorization request.
  public static func book(_ path: String, now: UnixTime) throws(UsageError) -> HARBook? {
    guard
      let bytes = try? SystemFiles.read(
        path, option: "replay", limitBytes: PastedReader.textBytes)
    else { return nil }
    let message: PastedMessage
    do throws(PastedError) {
      message = try PastedReader.read(String(decoding: bytes, as: UTF8.self))
    } catch {
      if error.isKnown { throw UsageError("\(path): \(error.message)") }
      return nil
    }
    let parts = [message] + message.related
    guard let request = parts.first(where: { $0.kind == .authorizeURL }),
      let place = request.address, place.holds("://")
    else {
      throw UsageError(
        "\(path) is \(message.title.lowercasedFirst), without the authorization request and its "
          + "whole address: it is no login that can be stepped through. hybrid-flow decode reads it."
      )
    }
    var entries = [entry("GET", place + "?" + FormEncoding.encode(request.fields), now)]
    if let answer = parts.first(where: { $0.isFrontAnswer && $0.isAnswer }) {
      entries.append(self.answer(answer, request, now))
    }
    if let exchange = parts.first(where: { $0.kind == .tokenRequest }),
      let place = exchange.address, place.holds("://")
    {
      let response = parts.first { $0.kind == .tokenResponse }?.json
      entries.append(
        entry(
          "POST", place, now, body: FormEncoding.encode(exchange.fields),
          response: response?.compactText))
    }
    let archive: JSONValue = [
      "log": [
        "version": "1.2", "creator": ["name": "pasted text", "version": ""],
        "entries": .array(entries),
      ]
    ]
    return try HARBook(Array(archive.compactText.utf8), named: path)
  }

  private static func answer(
    _ answer: PastedMessage, _ request: PastedMessage, _ now: UnixTime
  ) -> JSONValue {
    // Raw HTTP has only the path; the request says the rest.
    let own = answer.address.flatMap { $0.holds("://") ? $0 : nil }
    let place = own ?? request["redirect_uri"] ?? ""
    let form = FormEncoding.encode(answer.fields)
    switch answer.carrier {
    case "query": return entry("GET", place + "?" + form, now)
    case "fragment": return entry("GET", place + "#" + form, now)
    default: return entry("POST", place, now, body: form)
    }
  }

  /// An entry of which only the request is known, and sometimes what came back.
  private static func entry(
    _ method: String, _ url: String, _ now: UnixTime, body: String? = nil, response: String? = nil
  ) -> JSONValue {
    var request: JSONValue = [
      "method": .string(method), "url": .string(url), "httpVersion": "", "headers": [],
    ]
    if let body {
      request.set(
        "postData",
        ["mimeType": "application/x-www-form-urlencoded", "text": .string(body)])
    }
    let content: JSONValue =
      response.map { ["mimeType": "application/json", "text": .string($0)] } ?? ["mimeType": ""]
    return [
      "startedDateTime": .string(CivilTime(now).text.replacing(bytes: " ", with: "T")), "time": 0,
      "request": request,
      "response": [
        "status": response == nil ? 0 : 200, "headers": [], "redirectURL": "", "content": content,
      ],
    ]
  }
}
