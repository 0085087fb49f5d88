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
    let hasMark = text.begins(with: "\u{FEFF}")
    let text = unquoted(text.withoutQuoteMarks)
    guard !text.isEmpty else { throw PastedError(message: "The text is empty.") }
    if !text.begins(with: "eyJ"), let decoded = undone(text),
      var message = try? recognise(unquoted(decoded))
    {
      message.notes.append("It was encoded once more, as mails and pages do; that is undone here.")
      return message
    }
    var message = try recognise(text)
    if hasMark, message.json != nil {
      message.notes.append(
        "It begins with a byte order mark (BOM), which JSON does not have: many clients refuse it.")
    }
    return message
  }

  private static func recognise(_ text: String) throws(PastedError) -> PastedMessage {
    if let message = try copied(text) ?? exchange(text) { return message }
    if text.begins(with: "{") || text.begins(with: "[") { return try object(text) }
    if let token = authorization(text) { return single(token) }
    if let message = PEMDocument.read(text) ?? HeaderDocument.read(text) { return message }
    if text.holds("\n") || text.holds(": "), let message = list(text) { return message }
    let joined = text.withoutLineBreaks
    if let message = address(joined) ?? form(joined, carrier: "body") { return message }
    if let neighbour = Neighbour.name(text) { throw PastedError(message: neighbour, isKnown: true) }
    if !joined.utf8.contains(0x20), isToken(joined) { return single(joined) }
    if let page = page(text, in: "the source of a page") { return page }
    return try loose(text, joined)
  }

  /// A token with a flaw, or values anywhere in a longer text.
  private static func loose(
    _ text: String, _ joined: String
  ) throws(PastedError) -> PastedMessage {
    let found = LooseText(text)
    if joined.utf8.starts(with: "eyJ".utf8), joined.utf8.count <= Limit.tokenBytes,
      found.sources.isEmpty, DamagedToken.isOne(joined),
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
  static func message(_ found: LooseText) -> PastedMessage? {
    var places = found.sources
    // What is left over belongs to the only answer, if it has no such value.
    let answers = places.indices.filter { !places[$0].isRest && isAnswer(places[$0]) }
    if let only = answers.first, answers.count == 1, let rest = places.first(where: \.isRest) {
      let missing = rest.fields.filter { AuthorizationResponse.knownNames.contains($0.name) }
        .filter { places[only].fields[$0.name] == nil }
      places[only].fields += missing
      for index in places.indices where places[index].isRest {
        places[index].fields.removeAll { missing.contains($0) }
      }
    }
    guard
      var message = PastedCollection.one(places.filter { !$0.fields.isEmpty }.compactMap(message))
    else {
      return found.tokens.first.map { token in
        var message = single(token)
        message.others = Array(found.tokens.dropFirst())
        message.wrapping = "a longer text"
        return message
      }
    }
    message.others += found.tokens
    message.wrapping = "a longer text"
    return message
  }

  private static func isAnswer(_ source: LooseText.Source) -> Bool {
    source.fields["id_token"] != nil || source.fields["code"] != nil
  }

  /// One place of a longer text as a message.
  private static func message(_ source: LooseText.Source) -> PastedMessage? {
    if let json = source.json, let kind = documentKind(json), kind != .keySet, kind != .userinfo {
      return PastedMessage(kind, json: json)
    }
    let kind = kind(of: source.fields, source.carrier ?? "") ?? .values
    let isAnswer = kind == .callback || kind == .formBody
    return PastedMessage(
      isAnswer && source.address == nil ? .values : kind, address: source.address,
      carrier: source.carrier, fields: source.fields)
  }

  /// Fields that stood one a line, as developer tools list them.
  private static func list(_ text: String) -> PastedMessage? {
    guard let fields = PayloadView.fields(text), let kind = kind(of: fields, "body") else {
      return nil
    }
    return PastedMessage(
      kind, wrapping: "lines of names and values", carrier: "body", fields: fields)
  }

  /// The form of a page that posts itself.
  static func page(_ text: String, in wrapping: String) -> PastedMessage? {
    PostingPage.read(text).map { action, fields in
      PastedMessage(
        .formBody, wrapping: wrapping, address: action, carrier: "body", fields: fields)
    }
  }

  // MARK: - Tokens

  static func single(_ token: String) -> PastedMessage {
    var message = bare(token)
    if message.kind == .opaqueToken, let form = KnownForms.sentence(token) {
      message.notes.append(form)
    }
    return message
  }

  private static func bare(_ token: String) -> PastedMessage {
    let kind: PastedMessage.Kind =
      switch PastedToken.Form(token) {
      case .signed, .broken: .signedToken
      case .encrypted: .encryptedToken
      case .opaque: .opaqueToken
      }
    return PastedMessage(kind, token: token)
  }

  /// RFC 6750, section 2.1: the characters allowed after `Bearer`; too long for a common word.
  static func isToken(_ text: String) -> Bool {
    let bytes = text.utf8
    return (8...Limit.tokenBytes).contains(bytes.count)
      && bytes.allSatisfy { $0.isASCIIWord || [0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x7E].contains($0) }
      && bytes.contains(where: \.isASCIIWord)
  }
}
