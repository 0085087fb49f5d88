import Anatomy
import HybridFlow
import OpenID
import Redaction
import TextUI

/// The bytes of a head or body: what each is, and which are hidden.
package struct MessageBytes {
  package let bytes: [UInt8]
  package let units: [ByteUnit]
  package private(set) var hidden: [Bool]
  private let context: Glossary.Context

  private init(_ anatomy: ByteAnatomy, _ context: Glossary.Context, _ redactor: Redactor) {
    bytes = anatomy.bytes
    units = anatomy.units
    self.context = context
    hidden = [Bool](repeating: false, count: bytes.count)
    for range in redactor.hiddenRanges(in: bytes) { hide(range) }
    for unit in units { hideEscaped(unit.parts, redactor) }
  }

  /// Hides secrets that are written with escapes: decodes what stands between two marks.
  private mutating func hideEscaped(_ parts: [BytePart], _ redactor: Redactor) {
    let runs = parts.split { [.mark, .jsonMark, .lineEnd, .white].contains($0.kind) }
    for run in runs where run.contains(where: { $0.kind == .escape }) {
      var decoded: [UInt8] = []
      // For each decoded byte the bytes that stand for it.
      var sources: [Range<Int>] = []
      for part in run {
        let isEscape = part.kind == .escape
        let text = isEscape ? Array((part.meaning ?? "").utf8) : Array(bytes[part.range])
        for (index, byte) in text.enumerated() {
          decoded.append(byte)
          let place = part.range.lowerBound + index
          sources.append(isEscape ? part.range : place..<(place + 1))
        }
      }
      for range in redactor.hiddenRanges(in: decoded) {
        for index in range.clamped(to: sources.indices) { hide(sources[index]) }
      }
    }
  }

  private mutating func hide(_ range: Range<Int>) {
    for index in range.clamped(to: hidden.indices) { hidden[index] = true }
  }

  package func isHidden(_ range: Range<Int>) -> Bool { hidden[range].allSatisfy(\.self) }

  func row(_ range: Range<Int>, of unit: ByteUnit, _ redactor: Redactor) -> HexRow {
    var row = HexRow(
      offset: range.lowerBound,
      bytes: range.map { HexRow.Byte(value: bytes[$0], isHidden: hidden[$0]) })
    if range.lowerBound == unit.range.lowerBound { row.label = label(of: unit, redactor) }
    for part in unit.parts where part.range.overlaps(range) {
      for index in part.range.clamped(to: range) {
        row.bytes[index - range.lowerBound].role = part.kind.role
      }
      guard range.contains(part.range.lowerBound), let words = caption(of: part) else { continue }
      if !row.label.isEmpty { row.label.append(Span(" \u{00B7} ", .textMuted)) }
      row.label.append(Span(words, .textMuted))
    }
    return row
  }

  /// What a unit is: its name, its value, and what the name means.
  func label(of unit: ByteUnit, _ redactor: Redactor) -> [Span] {
    switch unit.kind {
    case .requestLine, .statusLine, .text, .page, .punctuation: return []
    case .endOfHead: return [Span("an empty line: the head ends", .textMuted)]
    case .header, .field, .member: break
    }
    let name = HarmlessText.line(unit.name)
    let meaning = meaning(of: unit).map { ": " + $0 } ?? ""
    return [Span(name, unit.kind == .header ? .wireHeader : .wireParameter)]
      + [Span(value(of: unit, redactor) + meaning, .textMuted)].filter { !$0.text.isEmpty }
  }

  /// What the name of a header, field or member means; nil where no specification we know has it.
  package func meaning(of unit: ByteUnit) -> String? {
    switch unit.kind {
    case .header, .field, .member: Glossary.entry(unit.name, in: context)?.meaning
    case .requestLine, .statusLine, .endOfHead, .text, .page, .punctuation: nil
    }
  }

  /// The decoded value of a field or member, redacted; a header's stands beside in full.
  private func value(of unit: ByteUnit, _ redactor: Redactor) -> String {
    let text: String?
    switch unit.kind {
    case .field:
      let whole = bytes[unit.range].drop { $0 == UInt8(ascii: "&") }
      let end = whole.last == UInt8(ascii: "&") ? whole.dropLast() : whole
      text = (try? FormEncoding.decode(end))?.first.map { redactor.show($0) }
    case .member:
      let value = unit.parts.drop { $0.kind != .jsonName }
      let isString = value.contains { $0.kind == .jsonString || $0.kind == .escape }
      let content = value.filter { [.jsonString, .escape, .tokenHeader].contains($0.kind) }
      guard isString, content.count == 1, let only = content.first else { return "" }
      let string = String(decoding: bytes[only.range], as: UTF8.self)
      text = redactor.mask(redactor.show(FormField(unit.name, string)))
    default: text = nil
    }
    return text.map { " " + HarmlessText.line($0) } ?? ""
  }

  /// What a part is, where its unit does not say it; nil for what stands everywhere.
  package func caption(of part: BytePart) -> String? {
    let text = String(decoding: bytes[part.range], as: UTF8.self)
    switch part.kind {
    case .escape:
      return "\(HarmlessText.line(text)) is \(HarmlessText.line(part.meaning ?? "?").quotedBlank)"
    case .headerName, .headerValue, .fieldName, .fieldValue, .jsonName, .jsonString, .jsonLiteral,
      .jsonMark, .mark, .white, .lineEnd, .tag, .text:
      return nil
    case .method, .target, .version, .status, .reason, .scheme, .credentials, .tokenHeader,
      .tokenPayload, .tokenSignature:
      return part.kind.words
    }
  }

  /// The head of a message in the form of HTTP/1.1.
  package static func head(of message: Message, _ redactor: Redactor) -> MessageBytes {
    let anatomy = ByteAnatomy.head(of: message)
    let context: Glossary.Context =
      message.request == nil ? .httpResponseHeader : .httpRequestHeader
    var head = MessageBytes(anatomy, context, redactor)
    let units = anatomy.units.filter { $0.kind == .header }
    for (header, unit) in zip(message.headers.lines, units) {
      let shown = redactor.show(header)
      guard shown != header.value else { continue }
      let value = Array(header.value.utf8)
      let (start, end) = value.commonEnds(with: Array(shown.utf8))
      let first = unit.range.lowerBound + header.name.utf8.count + 2
      head.hide((first + start)..<(first + value.count - end))
    }
    return head
  }

  /// The body of a message, with the fields of a form or of JSON.
  package static func body(of message: Message, _ redactor: Redactor) -> MessageBytes {
    let document = MessageDocument(message, redactor)
    var body = MessageBytes(ByteAnatomy.body(of: message), document.bodyContext, redactor)
    guard message.body.count <= MessageDocument.bodyBytesMax else { return body }
    switch document.body {
    case .form: body.hideFields(redactor)
    case .json: for range in redactor.hiddenRanges(inJSON: message.body) { body.hide(range) }
    case .none, .page, .text: break
    }
    return body
  }

  private mutating func hideFields(_ redactor: Redactor) {
    for unit in units where unit.kind == .field {
      var part = bytes[unit.range]
      if part.last == UInt8(ascii: "&") { part.removeLast() }
      guard let field = (try? FormEncoding.decode(part))?.first else { continue }
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      let shown = redactor.show(field)
      guard shown != field.value, equals < part.endIndex else { continue }
      let value = (equals + 1)..<part.endIndex
      let (first, last) = Array(bytes[value]).commonEnds(with: Array(shown.utf8))
      hide((value.lowerBound + first)..<max(value.lowerBound + first, value.upperBound - last))
    }
  }
}
