import HybridFlow
import OpenID

/// Recognises a pasted text in any wrapping.
///
/// It does not judge. Each step reads the text a fixed number of times, so that a hostile text
/// costs time in proportion to its length.
public enum PastedReader {
  /// The longest text that is read, in bytes.
  public static let textBytes = Limit.jsonBytes

  /// The most fields of a form; real requests and responses have fewer.
  static let formFields = 500

  /// Reads a text.
  ///
  /// - Throws: ``PastedError`` when nothing in the text is recognised.
  public static func read(_ text: String) throws(PastedError) -> PastedMessage {
    let bytes = text.utf8.count
    guard bytes <= textBytes else {
      throw PastedError(message: "The text has \(bytes) bytes; at most \(textBytes) are read.")
    }
    let text = unquoted(text)
    guard !text.isEmpty else { throw PastedError(message: "The text is empty.") }
    if let request = copied(text) { return try read(request) }
    if let message = httpMessage(text) { return message }
    if text.begins(with: "{") || text.begins(with: "[") { return try object(text) }
    if let token = authorization(text) { return single(token) }
    if text.holds("\n") || text.holds(": "), let fields = PayloadView.fields(text),
      let message = list(fields)
    {
      return message
    }
    let joined = text.withoutLineBreaks
    if let message = address(joined) ?? form(joined, carrier: "body") { return message }
    if let message = PEMDocument.read(text) { return message }
    if let neighbour = Neighbour.name(text) { throw PastedError(message: neighbour) }
    if !joined.utf8.contains(0x20), isToken(joined) { return single(joined) }
    if let (action, fields) = PostingPage.read(text) {
      return PastedMessage(
        .formBody, wrapping: "the source of a page", address: action, carrier: "body",
        fields: fields)
    }
    return try loose(text, joined)
  }

  /// A token with a flaw, or values anywhere in a longer text.
  private static func loose(
    _ text: String, _ joined: String
  ) throws(PastedError) -> PastedMessage {
    let found = LooseText(text)
    if joined.utf8.starts(with: "eyJ".utf8), joined.utf8.count <= Limit.tokenBytes,
      found.fields.isEmpty, DamagedToken.isOne(joined),
      found.tokens.first.map({ !DamagedToken.isWhole($0) }) ?? true
    {
      return single(joined)
    }
    guard let message = message(found) else {
      throw PastedError(
        message: "Nothing is recognised in this text of \(text.utf8.count) bytes. Give a token, a "
          + "form body, a callback or authorize URL, a copied request, a HAR, or the JSON of a "
          + "token response, of keys or of a discovery document.")
    }
    return message
  }

  /// What was found in a longer text; nil when it was nothing.
  private static func message(_ found: LooseText) -> PastedMessage? {
    var message: PastedMessage
    if let kind = kind(of: found.fields, found.carrier ?? "") {
      let collected = found.address == nil && (kind == .callback || kind == .formBody)
      message = PastedMessage(
        collected ? .values : kind, address: found.address, carrier: found.carrier,
        fields: found.fields)
      message.others = found.tokens
    } else if let first = found.tokens.first {
      message = single(first)
      message.others = Array(found.tokens.dropFirst())
    } else {
      return nil
    }
    message.wrapping = "a longer text"
    return message
  }

  /// Fields that stood one a line, as developer tools list them.
  private static func list(_ fields: [FormField]) -> PastedMessage? {
    guard let kind = kind(of: fields, "body") else { return nil }
    return PastedMessage(
      kind, wrapping: "lines of names and values", carrier: "body", fields: fields)
  }

  // MARK: - Wrappings

  /// Without spaces, a byte order mark and quotation marks around it.
  private static func unquoted(_ text: String) -> String {
    var text = text.trimmed
    for _ in 0..<3 {
      let scalars = text.unicodeScalars
      guard scalars.count >= 2, let first = scalars.first, let last = scalars.last,
        ["\"", "'", "`", "\u{201C}"].contains(first), last == first || last == "\u{201D}"
      else { break }
      text = String(Substring(scalars.dropFirst().dropLast())).trimmed
    }
    return text
  }

  /// The text after `Authorization:` and `Bearer`.
  static func authorization(_ text: String) -> String? {
    var rest = Substring(text)
    var found = false
    for prefix in ["authorization:", "bearer "] {
      guard rest.utf8.count > prefix.utf8.count,
        rest.prefix(bytes: prefix.utf8.count).isIdentical(toIgnoringCase: prefix)
      else { continue }
      rest = rest.dropFirst(bytes: prefix.utf8.count)
      while let next = rest.dropping(prefix: " ") { rest = next }
      found = true
    }
    let token = String(rest).withoutLineBreaks
    return found && isToken(token) ? token : nil
  }

  /// A request or response as a proxy shows it: its body, its query, or its `Location`.
  private static func httpMessage(_ text: String) -> PastedMessage? {
    let lines = text.withoutIndentation.split(
      at: "\n", maxSplits: 200, omittingEmptySubsequences: false
    ).map { $0.dropping(suffix: "\r") ?? $0 }
    guard let first = lines.first, lines.count > 1 else { return nil }
    let words = first.split(at: " ")
    let isResponse = words.first?.begins(with: "HTTP/1.") ?? false || words.first == "HTTP/2"
    let isRequest = words.count == 3 && words[2].begins(with: "HTTP/")
    guard isResponse || isRequest else { return nil }
    let blank = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
    let body = lines[min(blank + 1, lines.count)...].joined(separator: "\n").trimmed
    var message: PastedMessage?
    if isResponse, let location = header("location", in: lines[..<blank]) {
      message = address(location)
    } else if !body.isEmpty {
      message =
        body.begins(with: "{") ? try? object(body) : form(body.withoutLineBreaks, carrier: "body")
    } else if isRequest {
      message = address(String(words[1]))
      if message == nil { message = header("authorization", in: lines[..<blank]).map(single) }
    }
    if isRequest, message?.address == nil {
      message?.address = String(words[1].before("?"))
    }
    message?.wrapping = isResponse ? "an HTTP response" : "an HTTP request"
    return message
  }

  /// A header's value with its continuation lines: printed examples break long ones.
  private static func header(_ name: String, in lines: ArraySlice<Substring>) -> String? {
    guard let index = lines.firstIndex(where: { $0.asciiLowercased.begins(with: name + ":") })
    else {
      return nil
    }
    var value = String(lines[index].dropFirst(bytes: name.utf8.count + 1)).trimmed
    for line in lines[(index + 1)...] {
      guard line.begins(with: " ") || line.begins(with: "\t") else { break }
      value += String(line).trimmed
    }
    return name == "authorization" ? authorization("Authorization: " + value) : value
  }

  /// A request that a tool copied.
  private static func copied(_ text: String) -> CopiedRequest? {
    if let curl = CurlCommand(text) {
      return CopiedRequest(
        wrapping: "a curl command", url: curl.url, body: curl.body,
        authorization: curl.authorization, unread: curl.unread)
    }
    return PowerShellCall.read(text) ?? FetchCall.read(text)
  }

  /// What a copied request carries: its body, the query of its address, or its `Authorization`.
  static func message(_ request: CopiedRequest) -> PastedMessage? {
    var message: PastedMessage?
    let place = request.url.map { String($0.before(anyOf: "?#")) }
    if let body = request.body?.trimmed, !body.isEmpty {
      message =
        body.begins(with: "{") || body.begins(with: "[")
        ? try? object(body) : form(body, carrier: "body")
      if message == nil, let (action, fields) = PostingPage.read(body) {
        return PastedMessage(
          .formBody, wrapping: request.wrapping, address: action, carrier: "body", fields: fields)
      }
      message?.address = place
    }
    if message == nil, let url = request.url { message = address(url) }
    if message == nil, let token = request.authorization.flatMap(authorization) {
      message = single(token)
      message?.address = place
    }
    message?.wrapping = request.wrapping
    message?.notes += request.unread
    return message
  }

  private static func read(_ request: CopiedRequest) throws(PastedError) -> PastedMessage {
    guard let message = message(request) else {
      let unread = request.unread.map { " " + $0 }.joined()
      throw PastedError(
        message: "In \(request.wrapping) nothing is known: no form, no token, and no parameters in "
          + "its URL.\(unread)")
    }
    return message
  }

  // MARK: - Kinds

  /// A URL, a request target, or only a query or fragment.
  private static func address(_ text: String) -> PastedMessage? {
    guard !text.utf8.contains(0x20) else { return nil }
    for (mark, carrier) in [("?", "query"), ("#", "fragment")] {
      if let rest = text.dropping(prefix: mark) { return form(String(rest), carrier: carrier) }
    }
    guard hasScheme(text) || text.begins(with: "/"), text.holds(anyOf: "?#") else { return nil }
    // The fragment contains the response, even if the redirect URI has a query of its own.
    let (front, fragment) = text.parting(at: "#")
    let parts = [
      fragment.map { (String($0), "fragment") },
      front.cut(at: "?").map { (String($0.after), "query") },
    ]
    for (part, carrier) in parts.compactMap({ $0 }) {
      guard var message = form(part, carrier: carrier) else { continue }
      message.address = String(text.before(anyOf: "?#"))
      return message
    }
    return nil
  }

  /// RFC 3986, section 3.1; mobile applications have schemes of their own.
  private static func hasScheme(_ text: String) -> Bool {
    guard let colon = text.utf8.prefix(64).firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = text[..<colon]
    return scheme.utf8.first.map { (0x61...0x7A).contains($0.asciiLowercased) } ?? false
      && scheme.utf8.allSatisfy {
        $0 < 0x80 && (isWord($0) || [0x2B, 0x2D, 0x2E].contains($0)) && $0 != UInt8(ascii: "_")
      }
  }

  /// Fields, when at least one of their names is known.
  private static func form(_ text: String, carrier: String) -> PastedMessage? {
    guard text.utf8.contains(UInt8(ascii: "=")), !text.utf8.contains(where: { $0 <= 0x20 }) else {
      return nil
    }
    func unreadable(_ fault: String) -> PastedMessage? {
      let names = text.utf8.split(separator: UInt8(ascii: "&"))
        .map { String($0.prefix { $0 != UInt8(ascii: "=") }) ?? "" }
      guard names.contains(where: AuthorizationResponse.knownNames.contains) else { return nil }
      return PastedMessage(
        carrier == "body" ? .formBody : .callback, carrier: carrier, fault: fault)
    }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "&") }) < formFields else {
      return unreadable("There are more than \(formFields) fields.")
    }
    let fields: [FormField]
    do throws(EncodedTextError) {
      fields = try FormEncoding.decode(text)
    } catch {
      return unreadable("A percent sign is not followed by two digits, or it is not UTF-8.")
    }
    guard let kind = kind(of: fields, carrier) else { return nil }
    return PastedMessage(kind, carrier: carrier, fields: fields)
  }

  private static func kind(of fields: [FormField], _ carrier: String) -> PastedMessage.Kind? {
    let names = Set(fields.map(\.name))
    if names.contains("grant_type") { return .tokenRequest }
    if names.contains("response_type") || names.contains("request_uri") { return .authorizeURL }
    if names.contains("client_id"), !names.isDisjoint(with: ["redirect_uri", "request"]) {
      return .authorizeURL
    }
    let answers = ["code", "id_token", "access_token", "error", "response", "logout_token"]
    guard !names.isDisjoint(with: answers) else { return nil }
    return carrier == "body" ? .formBody : .callback
  }

  /// JSON, or an object as a program prints it.
  private static func object(_ text: String) throws(PastedError) -> PastedMessage {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(text)
    } catch {
      let bytes = Array(text.utf8)
      if let printed = ProgramObject.read(bytes), let message = try document(printed.value) {
        return message
      }
      let found = LooseText(text)
      if let message = message(found) { return message }
      throw PastedError(message: "This begins like JSON, but is none: \(error.explanation).")
    }
    if let message = try document(json) { return message }
    if let message = message(LooseText(text)) { return message }
    throw PastedError(
      message: "This is JSON, but neither a token response, nor keys, nor a discovery document.")
  }

  /// A document by its members, under the names that the specifications give them.
  private static func document(_ json: JSONValue) throws(PastedError) -> PastedMessage? {
    if let entries = HARParts.entries(json) { return archive(entries) }
    if let token = serialized(json) { return single(token) }
    if let kind = try documentKind(json) { return PastedMessage(kind, json: json) }
    // A program's object of a request or a cache: the names are its own.
    let members = (json.members ?? []).map {
      JSONMember(LoginNames.written($0.name), $0.value)
    }
    let names = Set(members.map(\.name))
    if names.contains("token_type"), !names.isDisjoint(with: ["access_token", "id_token"]) {
      return PastedMessage(.tokenResponse, json: .object(members))
    }
    let fields = members.compactMap { member -> FormField? in
      let text = member.value.string ?? member.value.integer.map { "\($0)" }
      return text.map { FormField(member.name, $0) }
    }
    guard let kind = kind(of: fields, "") else { return nil }
    return PastedMessage(
      kind == .callback || kind == .formBody ? .values : kind, wrapping: "an object of a program",
      fields: fields)
  }

  /// The kind of a document by the members that only it has.
  private static func documentKind(
    _ json: JSONValue
  ) throws(PastedError) -> PastedMessage.Kind? {
    func has(_ names: String...) -> Bool { names.contains { json[$0] != nil } }
    if json["keys"]?.elements != nil { return try keySet(json) }
    if JSONWebKey(json) != nil { return .keySet }
    if has("issuer", "authorization_endpoint", "jwks_uri") { return .metadata }
    if has("redirect_uris"), has("client_id") { return .registration }
    if json["request_uri"] != nil, has("expires_in") { return .pushedResponse }
    if json["active"]?.bool != nil { return .introspection }
    // The answer through the browser, in the hands of a program, has a code or a state.
    if has("access_token", "id_token", "refresh_token"), !has("code", "state") {
      return .tokenResponse
    }
    if json["error"]?.string != nil { return .errorResponse }
    if json["sub"]?.string != nil { return .userinfo }
    return nil
  }

  /// The compact form of a JWS in JSON serialization with one signature.
  ///
  /// RFC 7515, section 7.2.
  private static func serialized(_ json: JSONValue) -> String? {
    guard let payload = json["payload"]?.string else { return nil }
    let signature = json["signatures"]?.elements?.first ?? json
    guard let header = signature["protected"]?.string, let value = signature["signature"]?.string
    else { return nil }
    return "\(header).\(payload).\(value)"
  }

  /// The first answer, or else the first request, of a browser's archive.
  private static func archive(_ entries: [JSONValue]) -> PastedMessage? {
    let found = entries.flatMap(HARParts.parts).compactMap(message)
    let order: [PastedMessage.Kind] = [
      .formBody, .callback, .tokenResponse, .tokenRequest, .authorizeURL,
    ]
    for kind in order {
      let such = found.filter { $0.kind == kind }
      guard var message = such.first else { continue }
      message.wrapping = entries.count == 1 ? "a HAR entry" : "a HAR of \(entries.count) entries"
      if such.count > 1 {
        message.notes.append("\(such.count - 1) more of this kind stand in it; this is the first.")
      }
      return message
    }
    return found.first
  }

  private static func keySet(_ json: JSONValue) throws(PastedError) -> PastedMessage.Kind {
    do throws(KeySetError) {
      _ = try JSONWebKeySet(json)
      return .keySet
    } catch {
      throw PastedError(message: "This set of keys is not read: \(error.explanation).")
    }
  }

  // MARK: - Tokens

  private static func single(_ token: String) -> PastedMessage {
    let kind: PastedMessage.Kind =
      switch PastedToken.Form(token) {
      case .signed, .broken: .signedToken
      case .encrypted: .encryptedToken
      case .opaque: .opaqueToken
      }
    return PastedMessage(kind, token: token)
  }

  /// RFC 6750, section 2.1: the characters allowed after `Bearer`; too long for a common word.
  private static func isToken(_ text: String) -> Bool {
    let bytes = text.utf8
    return (8...Limit.tokenBytes).contains(bytes.count)
      && bytes.allSatisfy { isWord($0) || [0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x7E].contains($0) }
      && bytes.contains(where: isWord)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension String {
  /// Without the blanks that every line has at its start: specifications and mails indent examples.
  var withoutIndentation: String {
    let lines = split(at: "\n", omittingEmptySubsequences: false)
    // The text was trimmed: its first line has lost what the others still have.
    let indents = lines.dropFirst().filter { !String($0).trimmed.isEmpty }
      .map { $0.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count }
    guard let least = indents.min(), least > 0 else { return self }
    let rest = lines.dropFirst().map { $0.dropFirst(bytes: min(least, $0.utf8.count)) }
    return ([lines[0]] + rest).joined(separator: "\n")
  }

  /// Without spaces and line breaks at both ends, and without a byte order mark.
  var trimmed: String {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value <= 0x20 || scalar == "\u{FEFF}" || scalar == "\u{A0}"
    }
    var scalars = unicodeScalars[...]
    while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// Without line breaks and the spaces around them: terminals and mails wrap lines.
  var withoutLineBreaks: String {
    guard utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return self }
    var output: [UInt8] = []
    var skipsBlanks = false
    for byte in utf8 {
      switch byte {
      case 0x0A, 0x0D:
        while let last = output.last, last == 0x20 || last == 0x09 { output.removeLast() }
        skipsBlanks = true
      case 0x20, 0x09: if !skipsBlanks { output.append(byte) }
      default:
        skipsBlanks = false
        output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
