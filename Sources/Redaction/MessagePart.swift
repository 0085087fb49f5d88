import OpenID

/// A part of a text of a message, as written; all parts of a text, joined, are the text.
///
/// Nothing else takes headers, addresses and forms apart in search of secrets: ``SecretFinder``
/// reads the parts, ``Redactor`` and ``EventMask`` replace them.
enum MessagePart: Sendable, Equatable {
  /// A delimiter, a scheme, the name or the attributes of a cookie: never a secret.
  case frame(Substring)
  /// A field decoded, with its name and value as written; the name includes the `=`.
  case field(FormField, name: Substring, value: Substring)
  /// A credential; the scheme of `Authorization` in lower case, empty for other headers.
  case credential(Substring, scheme: String)
  /// The value of a cookie.
  case cookie(Substring)
  /// Any other text.
  case text(Substring)
}

extension MessagePart {
  /// The parts of a header's value.
  static func parts(of header: HTTPHeader) -> [MessagePart] {
    let value = header.value
    switch SecretPolicy.content(ofHeader: header.name) {
    case .authorization: return parts(ofAuthorization: value)
    case .cookies:
      return value.split(at: ";", omittingEmptySubsequences: false).enumerated().flatMap {
        ($0 == 0 ? [] : [.frame(";")]) + parts(ofCookie: $1)
      }
    case .setCookie:
      return parts(ofCookie: value.before(";")) + [.frame(value.from(anyOf: ";"))]
    case .address: return parts(ofAddress: value)
    case .credential: return [.credential(value[...], scheme: "")]
    case .text: return [.text(value[...])]
    }
  }

  /// RFC 9110, section 11.6.2.
  private static func parts(ofAuthorization value: String) -> [MessagePart] {
    let scheme = value.before(" ")
    let credential = Substring(value[scheme.endIndex...].utf8.drop { $0 == 0x20 })
    // A single word may be the credential itself.
    guard !credential.isEmpty else { return [.credential(value[...], scheme: "")] }
    return [
      .frame(value[..<credential.startIndex]),
      .credential(credential, scheme: scheme.asciiLowercased),
    ]
  }

  private static func parts(ofCookie pair: Substring) -> [MessagePart] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let start = pair.utf8.firstIndex { !isBlank($0) } ?? pair.endIndex
    let end = pair.utf8.lastIndex { !isBlank($0) }.map { pair.utf8.index(after: $0) } ?? start
    guard start < end else { return [.frame(pair)] }
    // A cookie without a name is a value (RFC 6265bis, section 5.6).
    let value = pair[start..<end].cut(at: "=")?.after ?? pair[start..<end]
    return [.frame(pair[..<value.startIndex]), .cookie(value), .frame(pair[end...])]
  }

  /// The parts of an address: what stands before its query, and the fields of its query and of its
  /// fragment.
  static func parts(ofAddress text: String) -> [MessagePart] {
    let tail = text.from(anyOf: "?#")
    guard !tail.isEmpty else { return text.isEmpty ? [] : [.text(text[...])] }
    let mark = tail.prefix(bytes: 1)
    let before = text[..<tail.startIndex]
    return (before.isEmpty ? [] : [.text(before)]) + [.frame(mark)]
      + parts(ofFields: tail[mark.endIndex...], delimiters: "&#")
  }

  /// The parts of a form, a query or a fragment, with the delimiters as frames.
  static func parts(ofFields text: Substring, delimiters: String = "&") -> [MessagePart] {
    var parts: [MessagePart] = []
    var start = text.startIndex
    func add(upTo end: Substring.Index) {
      guard start < end else { return }
      let part = text[start..<end]
      guard let (name, value) = part.cut(at: "=") else { return parts.append(.text(part)) }
      let field = FormField(FormField.decoded(name), FormField.decoded(value))
      parts.append(.field(field, name: part[..<value.startIndex], value: value))
    }
    let bytes = text.utf8
    for index in bytes.indices where delimiters.utf8.contains(bytes[index]) {
      add(upTo: index)
      let next = bytes.index(after: index)
      parts.append(.frame(text[index..<next]))
      start = next
    }
    add(upTo: text.endIndex)
    return parts
  }
}

/// How a body is written, by its media type and its first byte.
enum BodyForm {
  case form, html, json, text

  init(_ body: [UInt8], mediaType: String?) {
    switch mediaType {
    case "application/x-www-form-urlencoded": self = .form
    case "text/html": self = .html
    case .some(let type) where type.ends(with: "json"): self = .json
    default:
      // JSON without the right media type may hold secrets as well.
      let first = body.first { $0 > 0x20 }
      self = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .json : .text
    }
  }
}

extension HTMLPage {
  /// The hidden fields of a page: they contain codes and tokens before the application has them.
  static func hiddenFields(in bytes: [UInt8]) -> [FormField] {
    guard let url = try? WebURL("http://localhost/"),
      let page = try? HTMLPage(bytes: bytes, url: url)
    else { return [] }
    return page.hiddenFields
  }

  /// The hidden fields of its forms.
  var hiddenFields: [FormField] {
    forms.flatMap(\.inputs).filter(\.isHidden).map { FormField($0.name, $0.value) }
  }
}

extension FormField {
  /// A name or value decoded, or as written if that fails: a code with a damaged escape is still a
  /// code.
  static func decoded(_ text: some StringProtocol) -> String {
    (try? FormEncoding.decodeComponent(text.utf8, plusIsSpace: true)) ?? String(text)
  }
}
