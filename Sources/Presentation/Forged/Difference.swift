import HybridFlow
import Lab
import OpenID

/// A part of a message or token: honest, and as it arrived.
package struct DifferentPart: Sendable, Equatable {
  /// How the two relate.
  package enum Kind: String, Sendable, Equatable {
    case same, changed, missing, added
    /// Another value because other things are, such as the signature over changed claims.
    case follows
    /// Another value because it comes from another run.
    case otherRun = "other run"

    /// Whether the fault itself made the difference.
    package var isOfFault: Bool { [.changed, .missing, .added].contains(self) }
  }

  /// Where the part stands; names are explained and redacted by it.
  package enum Place: Sendable, Equatable {
    case start, header, field, body, joseHeader, claim, signature
  }

  /// The name; of a member deep in a document its path.
  package var name: String
  /// The value without the fault; nil where there is none.
  package var honest: String?
  /// The value that arrived; nil where there is none.
  package var found: String?
  /// How the two relate.
  package var kind: Kind
  /// Where it stands.
  package var place: Place

  init(_ name: String, _ honest: String?, _ found: String?, _ place: Place) {
    (self.name, self.honest, self.found, self.place) = (name, honest, found, place)
    kind =
      switch (honest, found) {
      case (let honest?, let found?): honest.isIdentical(to: found) ? .same : .changed
      case (_?, nil): .missing
      case (nil, _): .added
      }
  }

  /// The ranges of bytes that differ, in the honest value and in the one that arrived.
  ///
  /// Values of one length are compared byte by byte, others between their common ends.
  package var ranges: (honest: [Range<Int>], found: [Range<Int>]) {
    let (left, right) = (Array((honest ?? "").utf8), Array((found ?? "").utf8))
    guard honest != nil, found != nil else {
      return (left.isEmpty ? [] : [0..<left.count], right.isEmpty ? [] : [0..<right.count])
    }
    if left.count == right.count {
      var ranges: [Range<Int>] = []
      for index in left.indices where left[index] != right[index] {
        if let last = ranges.last, last.upperBound == index {
          ranges[ranges.count - 1] = last.lowerBound..<(index + 1)
        } else {
          ranges.append(index..<(index + 1))
        }
      }
      return (ranges, ranges)
    }
    let (start, end) = left.commonEnds(with: right)
    func range(_ count: Int) -> [Range<Int>] { start < count - end ? [start..<(count - end)] : [] }
    return (range(left.count), range(right.count))
  }
}

/// A token that a fault has changed.
package struct DifferentToken: Sendable, Equatable {
  /// Its name on the wire, such as `id_token`.
  package var name: String
  /// Header, claims and signature.
  package var parts: [DifferentPart]
  /// The honest token.
  package var honest: String
  /// The token that arrived.
  package var found: String
}

/// How a changed message differs from the honest one.
package struct MessageDifference: Sendable, Equatable {
  /// The parts of the message, those that stand in both included.
  package var parts: [DifferentPart]
  /// The tokens in it that are others.
  package var tokens: [DifferentToken]

  /// Compares a message with what it was before a fault of the lab changed it; nil where nothing is
  /// changed, or where the honest one is not known.
  package init?(_ message: Message) {
    guard let id = message.tamperedBy, let honest = message.honest else { return nil }
    self.init(honest: honest, found: message.content)
    guard !changes.isEmpty else { return nil }
    if let fault = Lab.fault(id), fault.attack?.takesFromAnotherRun == true { quieten(fault) }
  }

  /// Sets apart what differs in the tokens only because they come from another run: all but the
  /// person, and the claims by which the checks must notice it.
  private mutating func quieten(_ fault: LabFault) {
    let pins = Set(([fault.check].compactMap(\.self) + fault.companions).compactMap(\.pinnedClaim))
    for (index, token) in tokens.enumerated() {
      for (part, told) in token.parts.enumerated()
      where told.kind.isOfFault && told.name != "sub" && !pins.contains(told.name) {
        tokens[index].parts[part].kind = .otherRun
      }
    }
  }

  /// Compares two messages.
  init(honest: Message.Content, found: Message.Content) {
    // A form under another media type is still compared field by field.
    let isForm = [honest, found].contains {
      $0.headers.mediaType == "application/x-www-form-urlencoded"
    }
    let left = MessageParts(honest, isForm: isForm)
    let right = MessageParts(found, isForm: isForm)
    var parts = Self.matched(left.start, right.start, .start)
    parts += Self.matched(left.headers, right.headers, .header)
    parts += Self.matched(left.fields, right.fields, .field)
    parts += Self.matched(left.body, right.body, .body)
    if left.isJSON || right.isJSON { parts = parts.map(\.unquoted) }
    self.parts = parts
    tokens = parts.compactMap { part in
      guard part.kind == .changed, let honest = part.honest, let found = part.found,
        found.holds("."), let left = LooseToken(honest)
      else { return nil }
      let parts = left.compared(with: LooseToken(pieces: found))
      return DifferentToken(name: part.name, parts: parts, honest: honest, found: found)
    }
    followHashes()
  }

  /// Sets apart the hashes of values that are changed themselves.
  private mutating func followHashes() {
    for (claim, field) in PinnedValue.hashes
    where parts.contains(where: { $0.name == field && $0.kind == .changed }) {
      for (index, token) in tokens.enumerated() {
        for (place, part) in token.parts.enumerated()
        where part.name == claim && part.kind == .changed {
          tokens[index].parts[place].kind = .follows
        }
      }
    }
  }

  /// The parts that the fault has changed, those of the tokens included.
  package var changes: [DifferentPart] {
    parts.filter(\.kind.isOfFault) + tokens.flatMap(\.parts).filter(\.kind.isOfFault)
  }

  /// Pairs the parts of two messages by their names, repeated ones in their order.
  static func matched(
    _ left: [FormField], _ right: [FormField], _ place: DifferentPart.Place
  ) -> [DifferentPart] {
    var rest = right
    var parts: [DifferentPart] = left.map { field in
      let index = rest.firstIndex {
        place == .header
          ? $0.name.isIdentical(toIgnoringCase: field.name) : $0.name.isIdentical(to: field.name)
      }
      let found = index.map { rest.remove(at: $0).value }
      return DifferentPart(field.name, field.value, found, place)
    }
    parts += rest.map { DifferentPart($0.name, nil, $0.value, place) }
    return parts
  }
}

/// The parts of a message as names and values.
struct MessageParts {
  var start: [FormField] = []
  var headers: [FormField] = []
  var fields: [FormField] = []
  var body: [FormField] = []
  /// Whether the fields are members of a document: texts among them have their quotes.
  var isJSON = false

  /// The most members of a document that are told apart.
  private static let membersMaximum = 400

  init(_ content: Message.Content, isForm: Bool) {
    switch content {
    case .request(let request):
      start = [
        FormField("method", request.method),
        FormField(
          "address", request.url.map { String($0.text.before(anyOf: "?#")) } ?? request.path),
      ]
      if let certificate = request.security?.shownCertificate {
        start.append(
          FormField("certificate", "\(certificate.subject), SHA-256 \(certificate.thumbprint)"))
      }
      fields = (try? FormEncoding.decode(request.query)) ?? []
    case .response(let response):
      start = [FormField("status", "\(response.status) \(response.reason)")]
    }
    // The length follows from the body.
    headers = content.headers.lines.filter {
      !$0.name.isIdentical(toIgnoringCase: "content-length")
    }.map { line in
      guard line.name.isIdentical(toIgnoringCase: "location") else {
        return FormField(line.name, line.value)
      }
      return FormField(line.name, String(line.value.before(anyOf: "?#")))
    }
    if let location = content.headers["Location"] {
      let carried = location.after(anyOf: "?#")
      fields += (try? FormEncoding.decode(carried)) ?? []
    }
    read(content.body, content.headers.mediaType ?? "", isForm)
  }

  private mutating func read(_ bytes: [UInt8], _ type: String, _ isForm: Bool) {
    guard !bytes.isEmpty, bytes.count <= MessageDocument.bodyBytesMax else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    if isForm, let form = try? FormEncoding.decode(bytes) {
      fields += form
    } else if let json = try? JSONParser.parse(bytes), json.members != nil {
      isJSON = true
      add(json, "")
    } else if type == "text/html", let hidden = Self.hiddenFields(bytes), !hidden.isEmpty {
      fields += hidden
    } else if type == "application/jwt" {
      fields.append(FormField("token", text))
    } else {
      body = [FormField("body", text)]
    }
  }

  private static func hiddenFields(_ bytes: [UInt8]) -> [FormField]? {
    guard let url = try? WebURL("http://localhost/"),
      let page = try? HTMLPage(bytes: bytes, url: url)
    else { return nil }
    return page.forms.flatMap(\.inputs).filter(\.isHidden).map { FormField($0.name, $0.value) }
  }

  /// Adds the members of a document by their paths; lists of plain values stay whole.
  private mutating func add(_ value: JSONValue, _ path: String) {
    guard fields.count < Self.membersMaximum else { return }
    switch value {
    case .object(let members) where !members.isEmpty:
      for member in members {
        add(member.value, path.isEmpty ? member.name : "\(path).\(member.name)")
      }
    case .array(let elements) where elements.contains { !$0.isScalar }:
      for (index, element) in elements.enumerated() { add(element, "\(path)[\(index)]") }
    default: fields.append(FormField(path, value.compactText))
    }
  }
}

/// A compact JWS taken apart as far as that goes: a forged one need not be well-formed.
struct LooseToken {
  private let segments: [String]

  /// Nil for a text that is no compact JWS.
  init?(_ text: String) {
    guard (try? CompactJWS(text)) != nil else { return nil }
    self.init(pieces: text)
  }

  init(pieces text: String) {
    segments = text.split(at: ".", omittingEmptySubsequences: false).map { String($0) }
  }

  private func segment(_ index: Int) -> String? {
    index < segments.count ? segments[index] : nil
  }

  private func text(_ index: Int) -> String? {
    segment(index).flatMap { try? Base64URL.decode($0) }.map { String(decoding: $0, as: UTF8.self) }
  }

  private func members(_ index: Int) -> [FormField]? {
    guard let bytes = segment(index).flatMap({ try? Base64URL.decode($0) }),
      let members = (try? JSONParser.parse(bytes))?.members
    else { return nil }
    // A number is no text of the same digits.
    return members.map { member in
      FormField(member.name, member.value.compactText)
    }
  }

  /// Header, claims and signature beside those of another token.
  func compared(with other: LooseToken) -> [DifferentPart] {
    var parts = part(0, "header", .joseHeader, other) + part(1, "payload", .claim, other)
    let isSame = segment(0) == other.segment(0) && segment(1) == other.segment(1)
    var signature = DifferentPart("signature", segment(2), other.segment(2), .signature)
    if !isSame, signature.kind == .changed, other.segment(2)?.isEmpty == false {
      signature.kind = .follows
    }
    parts.append(signature)
    return parts
  }

  private func part(
    _ index: Int, _ name: String, _ place: DifferentPart.Place, _ other: LooseToken
  ) -> [DifferentPart] {
    guard let left = members(index), let right = other.members(index) else {
      return [DifferentPart(name, text(index), other.text(index) ?? other.segment(index), place)]
    }
    return MessageDifference.matched(left, right, place).map(\.unquoted)
  }
}

extension DifferentPart {
  /// Two texts are shown without their quotes; a text beside a number keeps them.
  var unquoted: DifferentPart {
    func text(_ json: String?) -> String? { json.flatMap { try? JSONParser.parse($0) }?.string }
    let (one, two) = (text(honest), text(found))
    guard honest == nil || one != nil, found == nil || two != nil else { return self }
    var part = self
    (part.honest, part.found) = (one, two)
    return part
  }
}

extension CheckID {
  /// The claim that holds a value of the run fast, for the checks that compare one.
  var pinnedClaim: String? {
    switch self {
    case .cHashMatch, .backCHash: "c_hash"
    case .atHashMatch, .backAtHash: "at_hash"
    case .sHashMatch: "s_hash"
    case .nonceMatch, .backNonceMatch: "nonce"
    default: nil
    }
  }
}
