import Cryptography

@testable import HybridFlow
@testable import OpenID
@testable import Redaction

extension FuzzParser {
  /// What arrives over connections.
  static let wire: [FuzzParser] = [
    FuzzParser(
      name: "http",
      words: [
        "GET / HTTP/1.1\r\n", "POST /callback HTTP/1.1\r\n", "HTTP/1.0", "Host: a\r\n",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "\r\n\r\n", "0\r\n\r\n",
        "5;x=y\r\nhello\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n", "\u{16}\u{3}",
        "ffffffff\r\n", "Content-Length: 999999999999999999\r\n", "\0", "\t",
      ], check: http),
    FuzzParser(
      name: "form",
      words: ["%00", "%F0%9F%98%80", "%C3", "+", "&", "=", "&&", "==", "code=", "%", "%zz", "é"],
      check: form),
    FuzzParser(name: "json", words: jsonWords, check: json),
    FuzzParser(
      name: "jws",
      words: [
        ".", "..", "eyJhbGciOiJSUzI1NiJ9", "e30", "eyJhbGciOiJub25lIn0", "AA", "_-", "=", "Zg",
      ],
      check: jws),
    FuzzParser(
      name: "jwks",
      words: jsonWords + [
        "\"keys\":[", "\"kty\":\"RSA\"", "\"kty\":\"EC\"", "\"kty\":\"OKP\"", "\"kty\":\"oct\"",
        "\"crv\":\"P-256\"", "\"crv\":\"Ed25519\"", "\"e\":\"AQAB\"", "\"n\":\"", "\"x\":\"",
        "\"y\":\"", "\"alg\":\"RS256\"", "\"use\":\"sig\"", "\"key_ops\":[\"verify\"]",
      ], check: jwks),
    FuzzParser(
      name: "metadata",
      words: jsonWords + [
        "\"issuer\":", "\"jwks_uri\":", "\"response_types_supported\":[", "\"https://a.example/\"",
        "\"scopes_supported\":", "\"id_token_signing_alg_values_supported\":",
      ], check: metadata),
    FuzzParser(
      name: "url",
      words: [
        "http://", "https://", "//", "/", "..", "/../", "/./", "?", "#", "@", ":", "[::1]",
        "127.0.0.1", "localhost", ":0", ":65535", ":65536", "[", "]", "%2F", "\n", "a.b", "HTTP://",
      ], check: url),
    FuzzParser(
      name: "challenge",
      words: [
        "Bearer ", "Basic ", "error=", "\"", "\\", ",", "realm=\"x\"", "=", " ", "abc==", "DPoP",
        "Sun, 06 Nov 1994 08:49:37 GMT", "Nov  6 08:49:37 1994 GMT", "99999999999",
      ], check: challenge),
  ]

  static let jsonWords = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud83d\\ude00", "\\ud800", "true",
    "false", "null", "0", "-0", "1e400", "1.5", "-", "9223372036854775807.5", "\u{FEFF}", " ",
    "[[[[[[[[", "]]]]]]]]", "{\"a\":", "1E-7", "é",
  ]

  private static func http(_ bytes: [UInt8]) throws {
    let step = Int(bytes.first ?? 0) % 7 + 1
    let bytes = bytes.dropFirst()
    let whole = messages([Array(bytes)])
    let pieces = stride(from: bytes.startIndex, to: bytes.endIndex, by: step).map {
      Array(bytes[$0..<min($0 + step, bytes.endIndex)])
    }
    let piecewise = messages(pieces)
    try demand(whole.fault == piecewise.fault, "\(whole) in pieces: \(piecewise)")
    try demand(whole.messages == piecewise.messages, "other messages in pieces")
    for message in whole.messages {
      try demand(message.request.body.count <= Limit.requestBodyBytes, "body over the limit")
      try demand(message.request.headers.lines.count <= Limit.headerLines, "lines over the limit")
      for header in message.request.headers.lines {
        try demand(
          !header.value.unicodeScalars.contains { $0 == "\r" || $0 == "\n" || $0 == "\0" },
          "a line break inside a header")
      }
      _ = try? FormEncoding.decode(message.request.body)
      if let header = message.request.headers["Authorization"] {
        _ = ClientAuthentication.readBasicHeader(header)
      }
    }
  }

  private static func messages(
    _ pieces: [[UInt8]]
  ) -> (messages: [HTTPRequestParser.Message], fault: HTTPError?) {
    var parser = HTTPRequestParser()
    var found: [HTTPRequestParser.Message] = []
    do throws(HTTPError) {
      for piece in pieces {
        parser.append(piece)
        while let message = try parser.next() { found.append(message) }
        _ = (parser.isIdle, parser.isReadingBody, parser.expectsContinue)
      }
    } catch {
      return (found, error)
    }
    return (found, nil)
  }

  private static func form(_ bytes: [UInt8]) throws {
    guard let fields = try? FormEncoding.decode(bytes) else { return }
    let again = try FormEncoding.decode(FormEncoding.encode(fields))
    try demand(same(fields, again), "form: \(fields) became \(again)")
    let query = try FormEncoding.decode(PercentEncoding.query(fields))
    try demand(same(fields, query), "query: \(fields) became \(query)")
    _ = fields.repeatedNames
  }

  private static func same(_ left: [FormField], _ right: [FormField]) -> Bool {
    left.elementsEqual(right) {
      $0.name.utf8.elementsEqual($1.name.utf8) && $0.value.utf8.elementsEqual($1.value.utf8)
    }
  }

  private static func json(_ bytes: [UInt8]) throws {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONParser.parse(bytes)
    } catch {
      try demand((0...bytes.count).contains(error.offset), "offset \(error.offset)")
      return
    }
    let compact = value.compactText
    try demand(try JSONParser.parse(compact) == value, "compact text reads otherwise: \(compact)")
    try demand(try JSONParser.parse(value.prettyText) == value, "pretty text reads otherwise")
    try demand(value.hashValue == (try JSONParser.parse(compact)).hashValue, "other hash")
    walk(value)
    let same = JSONStrings.rewriting(bytes) { _, _ in nil }
    try demand(same == bytes, "rewriting nothing changed the bytes")
  }

  private static func walk(_ value: JSONValue) {
    _ = (value.integer, value.strings, value.typeName)
    for element in value.elements ?? [] { walk(element) }
    for member in value.members ?? [] { walk(member.value) }
  }

  private static func jws(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    if let decoded = try? Base64URL.decode(text) {
      try demand(Base64URL.encode(decoded) == text, "base64url is not canonical")
    }
    if let decoded = try? Base64.decode(text) {
      let whole = Base64.encode(decoded)
      try demand(whole == text || whole.prefix { $0 != "=" } == text, "base64 is not canonical")
    }
    _ = ClientAuthentication.readBasicHeader("Basic " + text)
    guard let token = try? CompactJWS(text) else { return }
    try demand(token.text == text, "the token's text changed")
    let parts = [token.signingInput, Array(Base64URL.encode(token.signature).utf8)]
    try demand(Array(parts.joined(separator: [0x2E])) == Array(text.utf8), "parts do not join")
    try demand(token.description.utf8.count < 200, "a long description")
    _ = try? token.claims()
    _ = (token.algorithm, token.keyID, token.type)
  }

  private static let signatures: [(SignatureAlgorithm, [UInt8])] = [
    (.rs256, Array(repeating: 1, count: 256)), (.ps256, Array(repeating: 2, count: 256)),
    (.es256, Array(repeating: 3, count: 64)), (.es512, Array(repeating: 4, count: 132)),
    (.edDSA, Array(repeating: 5, count: 64)), (.edDSA, Array(repeating: 6, count: 114)),
  ]

  private static func jwks(_ bytes: [UInt8]) throws {
    guard let json = try? JSONParser.parse(bytes), let set = try? JSONWebKeySet(json) else {
      return
    }
    try demand(set.keys.count + set.ignored <= Limit.keysPerSet, "keys over the limit")
    for key in set.keys.prefix(8) {
      _ = (key.keyID, key.use, key.algorithmName, key.operations, key.privateMembers)
      _ = (key.modulusBits, key.thumbprintInput)
      for (algorithm, signature) in signatures {
        _ = key.fits(algorithm)
        let valid = try? Signature.verify(
          signature: signature, of: [1, 2, 3], algorithm: algorithm, key: key)
        try demand(valid != true, "an invented signature is valid under \(key.json.compactText)")
      }
    }
  }

  private static func metadata(_ bytes: [UInt8]) throws {
    guard let json = try? JSONParser.parse(bytes), let metadata = ProviderMetadata(json) else {
      return
    }
    _ = (metadata.issuer, metadata.responseTypes, metadata.responseModes, metadata.jwksURI)
    _ = (metadata.requiresPushedRequests, metadata.pushedRequestEndpoint)
    for type in metadata.responseTypes {
      _ = ResponseType(words: type)?.isListed(in: metadata.responseTypes)
    }
    guard let issuer = metadata.issuer.flatMap({ try? WebURL($0) }),
      let document = try? ProviderMetadata.documentURL(of: issuer)
    else { return }
    try demand(document.host == issuer.host, "the document of \(issuer) is at \(document)")
    try demand(document.path.hasSuffix("/.well-known/openid-configuration"), document.path)
  }

  private static func url(_ bytes: [UInt8]) throws {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard let url = try? WebURL(String(lines[0])) else { return }
    try demand(url.text == lines[0], "the text changed")
    try demand((0...65535).contains(url.port), "port \(url.port)")
    try demand(url.requestTarget.first == "/", "target \(url.requestTarget)")
    let origin = try WebURL(url.origin)
    try demand(origin.host == url.host && origin.port == url.port, "origin of \(url): \(origin)")
    let whole = try? WebURL(url.origin + url.requestTarget)
    // The text grows by a slash where there was no path, and may then be too long.
    if url.text.utf8.count < Limit.urlBytes - 8 {
      try demand(whole?.requestTarget == url.requestTarget, "\(url) came back as \(whole as Any)")
    }
    if let more = try? url.adding([FormField("state", "a&b c")]),
      let fields = try? more.queryFields()
    {
      try demand(fields.last == FormField("state", "a&b c"), "the field is lost in \(more)")
      try demand(more.host == url.host && more.path == url.path, "\(url) became \(more)")
    }
    if let document = try? ProviderMetadata.documentURL(of: url) {
      try demand(document.origin == url.origin, "\(document) is elsewhere than \(url)")
    }
    _ = (url.isLoopback, url.isHTTPS, url.authority, try? url.queryFields())
    guard lines.count == 2, let next = try? url.resolving(String(lines[1])) else { return }
    let isAbsolute = lines[1].contains(":") || lines[1].hasPrefix("//")
    try demand(isAbsolute || next.origin == url.origin, "\(lines[1]) leads from \(url) to \(next)")
    try demand(try next.resolving(next.text) == next, "\(next) does not resolve to itself")
  }

  private static func challenge(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    for challenge in AuthenticationChallenge.challenges(in: text) {
      try demand(!challenge.scheme.isEmpty, "a challenge without a scheme")
      try demand(challenge.scheme.utf8.allSatisfy(isTokenByte), "scheme \(challenge.scheme)")
      _ = (challenge["error"], challenge.isScheme("bearer"))
    }
    _ = (UnixTime(httpDate: text), UnixTime(certificateDate: text))
    _ = (ipv4Bytes(text[...]), ipv6Groups(text[...]), ResponseType(words: text))
  }
}
