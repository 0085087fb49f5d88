import HybridFlow
import OpenID

/// The head or the body of a message, with what each of its bytes is.
///
/// The parts of all units cover every byte exactly once, in order. Names and meanings are outside
/// text, and nothing is masked: whoever shows them does that.
public struct ByteAnatomy: Sendable, Equatable {
  /// The bytes.
  public let bytes: [UInt8]
  /// The units in order.
  public let units: [ByteUnit]

  /// The head of a message in the form of HTTP/1.1, with the blank line that ends it.
  ///
  /// RFC 9112, sections 2 to 5.
  public static func head(of message: Message) -> ByteAnatomy {
    let lines = message.headers.lines
    let first: String
    switch message.content {
    case .request(let request): first = "\(request.method) \(request.target) HTTP/1.1\r\n"
    case .response(let response): first = "HTTP/1.1 \(response.status) \(response.reason)\r\n"
    }
    var text = Array(first.utf8)
    let firstEnd = text.count
    for header in lines { text += Array("\(header.name): \(header.value)\r\n".utf8) }
    text += [0x0D, 0x0A]
    var builder = PartBuilder(text)
    var units: [ByteUnit] = []
    switch message.content {
    case .request(let request):
      builder.takeRequestLine(request, end: firstEnd)
      units.append(builder.unit(.requestLine))
    case .response(let response):
      builder.take("HTTP/1.1".utf8.count, .version)
      builder.take(1, .mark)
      builder.take(String(response.status).utf8.count, .status)
      builder.take(1, .mark)
      builder.take(response.reason.utf8.count, .reason)
      builder.take(2, .lineEnd)
      units.append(builder.unit(.statusLine))
    }
    for header in lines {
      builder.take(
        header, end: builder.position + header.name.utf8.count + 2 + header.value.utf8.count)
      units.append(builder.unit(.header, header.name))
    }
    builder.take(2, .lineEnd)
    units.append(builder.unit(.endOfHead))
    return ByteAnatomy(bytes: text, units: units)
  }

  /// The body of a message, as its media type says; empty for a message without one.
  public static func body(of message: Message) -> ByteAnatomy {
    let bytes = message.body
    guard !bytes.isEmpty else { return ByteAnatomy(bytes: [], units: []) }
    var builder = PartBuilder(bytes)
    let type = message.headers.mediaType ?? ""
    let units =
      if type == "application/x-www-form-urlencoded" {
        builder.formUnits(end: bytes.count)
      } else if type.ends(with: "json"), let json = try? JSONParser.parse(bytes) {
        builder.jsonUnits(json)
      } else if type == "text/html" {
        [builder.page()]
      } else if type.ends(with: "jwt") {
        [builder.token()]
      } else {
        [builder.rest()]
      }
    return ByteAnatomy(bytes: bytes, units: units)
  }
}

extension PartBuilder {
  fileprivate mutating func takeRequestLine(_ request: HTTPRequest, end: Int) {
    take(request.method.utf8.count, .method)
    take(1, .mark)
    takeURL(end: position + request.target.utf8.count)
    take(1, .mark)
    take("HTTP/1.1".utf8.count, .version)
    take(to: end, .lineEnd)
  }

  /// A URL or a path, with the parameters of its query and its fragment.
  fileprivate mutating func takeURL(end: Int) {
    take(to: min(next("?", before: end), next("#", before: end)), .target)
    while position < end {
      take(1, .mark)
      let part = next("#", before: end)
      while position < part { takeField(end: part) }
    }
  }

  /// A header line without its end; the end is taken as well.
  fileprivate mutating func take(_ header: HTTPHeader, end: Int) {
    take(header.name.utf8.count, .headerName)
    take(2, .mark)
    switch header.name.asciiLowercased {
    case "authorization", "proxy-authorization":
      take(to: next(" ", before: end), .scheme)
      take(to: min(position + 1, end), .mark)
      takeValue(end: end, .credentials)
    case "location", "referer", "origin": takeURL(end: end)
    case "cookie", "set-cookie": takePairs(end: end)
    default: takeValue(end: end, .headerValue)
    }
    take(2, .lineEnd)
  }

  /// `name=value; name=value`, as cookies and their attributes have it.
  private mutating func takePairs(end: Int) {
    while position < end {
      let part = next(";", before: end)
      let equals = next("=", before: part)
      take(to: equals, .fieldName)
      take(to: min(equals + 1, part), .mark)
      takeValue(end: part, .fieldValue)
      var after = min(part + 1, end)
      while after < end, bytes[after] == UInt8(ascii: " ") { after += 1 }
      take(to: after, .mark)
    }
  }

  /// A value that is a token falls into its three segments.
  mutating func takeValue(end: Int, _ kind: BytePart.Kind) {
    let dots = (position..<end).filter { bytes[$0] == UInt8(ascii: ".") }
    // Every JOSE header begins with `{"`.
    guard dots.count == 2, bytes[position..<end].starts(with: Array("eyJ".utf8)),
      (try? CompactJWS(String(decoding: bytes[position..<end], as: UTF8.self))) != nil
    else { return take(to: end, kind) }
    take(to: dots[0], .tokenHeader)
    take(1, .mark)
    take(to: dots[1], .tokenPayload)
    take(1, .mark)
    take(to: end, .tokenSignature)
  }
}
