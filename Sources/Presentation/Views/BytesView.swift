import HybridFlow
import OpenID
import Redaction
import TextUI

// Messages byte by byte; secrets are masked as everywhere.
extension Reader {
  /// The messages of the stage as hex dumps.
  func bytes() -> Document {
    var document = Document()
    addFailure(to: &document)
    for message in record.messages {
      document.gap()
      document.anchors[message.id] = document.blocks.count
      document.add(heading(of: message))
      let head = MessageBytes.head(of: message, masker)
      let isAlone = message.body.isEmpty
      let id = "head:\(message.id)"
      let open = isOpen(id, byItself: isAlone)
      document.add(
        .line(
          Line(
            [Span(open ? "head, written out" : "head, closed", .textMuted)],
            note: [Span("\(head.bytes.count) bytes", .textMuted)], target: Target(id: id))))
      if open { addDump(head, "head\(message.id)", to: &document) }
      guard !isAlone else { continue }
      document.gap()
      document.add(
        .line(
          Line(
            [Span("body, as it came", .textMuted)],
            note: [Span("\(message.body.count) bytes", .textMuted)])))
      addDump(MessageBytes.body(of: message, self), "body\(message.id)", to: &document)
    }
    if record.messages.isEmpty {
      document.paragraph(absence ?? "No message travelled in this stage: there are no bytes.")
    }
    return document
  }

  private func addDump(_ dump: MessageBytes, _ owner: String, to document: inout Document) {
    let count = dump.bytes.count
    let shown = min(count, openedLength(of: count, first: 2048, owner))
    var start = 0
    while start < shown {
      let end = min(start + HexRow.length, count)
      // Rows with masked bytes only are skipped.
      var next = end
      if dump.isHidden(start..<end) {
        while next < count, dump.isHidden(next..<min(next + HexRow.length, count)) {
          next = min(next + HexRow.length, count)
        }
      }
      if next - start > 2 * HexRow.length {
        document.line("*     \(next - start) bytes, masked; s shows them", .wireMasked)
        start = next
        continue
      }
      document.add(.hex(dump.row(start..<end, masker)))
      start = end
    }
    addRest(count - max(shown, start), "bytes", owner, after: shown, to: &document)
  }

  /// How much of a long text is open: each Enter doubles it.
  func openedLength(of count: Int, first: Int, _ owner: String) -> Int {
    var shown = first
    while shown < count, isOpen("more:\(owner):\(shown)") { shown += 2 * shown }
    return shown
  }

  /// Adds the target that opens more of a long text.
  func addRest(
    _ rest: Int, _ unit: String, _ owner: String, after shown: Int, to document: inout Document
  ) {
    guard rest > 0 else { return }
    document.add(
      .line(
        Line(
          [Span("\u{2026} \(rest) more \(unit): Enter goes on", .textMuted)],
          target: Target(id: "more:\(owner):\(shown)"))))
  }
}

/// Bytes with their known fields.
struct MessageBytes {
  /// A field and its start.
  struct Field {
    var offset: Int
    var name: String
    /// The redacted value.
    var value: String
  }
  var bytes: [UInt8]
  var hidden: [Bool]
  var roles: [(range: Range<Int>, role: Role)] = []
  var fields: [Field] = []

  init(_ bytes: [UInt8], _ masker: Redactor) {
    self.bytes = bytes
    hidden = [Bool](repeating: false, count: bytes.count)
    for range in masker.hiddenRanges(in: bytes) { hide(range) }
  }

  private mutating func hide(_ range: Range<Int>) {
    for index in range.clamped(to: hidden.indices) { hidden[index] = true }
  }

  /// Bytes as hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    bytes.reduce(into: "") { text, byte in
      let digits = String(byte, radix: 16)
      text += byte < 16 ? "0" + digits : digits
    }
  }

  func isHidden(_ range: Range<Int>) -> Bool { hidden[range].allSatisfy(\.self) }

  func row(_ range: Range<Int>, _ masker: Redactor) -> HexRow {
    var row = HexRow(
      offset: range.lowerBound,
      bytes: range.map { HexRow.Byte(value: bytes[$0], isHidden: hidden[$0]) })
    for (named, role) in roles where named.overlaps(range) {
      for index in named.clamped(to: range) { row.bytes[index - range.lowerBound].role = role }
    }
    let begun = fields.filter { range.contains($0.offset) }
    for (index, field) in begun.enumerated() {
      if index > 0 { row.label.append(Span(", ", .textMuted)) }
      row.label.append(Span(field.name, .wireParameter))
      if begun.count == 1 { row.label.append(Span(" " + field.value, .textMuted)) }
    }
    return row
  }

  /// The head of a message in the form of HTTP/1.1.
  static func head(of message: Message, _ masker: Redactor) -> MessageBytes {
    var text: [UInt8] = []
    var names: [Range<Int>] = []
    var secrets: [Range<Int>] = []
    switch message.content {
    case .request(let request):
      text += Array("\(request.method) \(request.target) HTTP/1.1\r\n".utf8)
    case .response(let response):
      text += Array("HTTP/1.1 \(response.status) \(response.reason)\r\n".utf8)
    }
    for header in message.headers.lines {
      names.append(text.count..<(text.count + header.name.utf8.count))
      text += Array("\(header.name): ".utf8)
      let shown = masker.show(header)
      if shown != header.value {
        let value = Array(header.value.utf8)
        let (start, end) = Reader.commonBytes(value, Array(shown.utf8))
        secrets.append((text.count + start)..<(text.count + value.count - end))
      }
      text += Array("\(header.value)\r\n".utf8)
    }
    text += [0x0D, 0x0A]
    var head = MessageBytes(text, masker)
    head.roles = names.map { ($0, .wireHeader) }
    for range in secrets { head.hide(range) }
    return head
  }

  /// The body of a message, with the fields of a form or of JSON.
  static func body(of message: Message, _ reader: Reader) -> MessageBytes {
    let bytes = message.body
    var body = MessageBytes(bytes, reader.masker)
    guard bytes.count <= MessageDocument.bodyBytesMax else { return body }
    switch MessageDocument(message, reader.masker).body {
    case .form: body.readForm(reader.masker)
    case .json(let json): body.readJSON(json, reader.masker)
    case .none, .page, .text: break
    }
    return body
  }

  private mutating func readForm(_ masker: Redactor) {
    var start = 0
    for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
      let range = start..<(start + part.count)
      start = range.upperBound + 1
      guard let fields = try? FormEncoding.decode(String(decoding: part, as: UTF8.self)),
        let field = fields.first
      else { continue }
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      roles.append((range.lowerBound..<equals, .wireParameter))
      let shown = masker.show(field)
      self.fields.append(
        Field(
          offset: range.lowerBound, name: HarmlessText.line(field.name),
          value: HarmlessText.line(shown)))
      guard shown != field.value, equals < part.endIndex else { continue }
      let value = (equals + 1)..<part.endIndex
      let (first, last) = Reader.commonBytes(Array(bytes[value]), Array(shown.utf8))
      let end = max(value.lowerBound + first, value.upperBound - last)
      hide((value.lowerBound + first)..<end)
    }
  }

  private mutating func readJSON(_ json: JSONValue, _ masker: Redactor) {
    for range in masker.hiddenRanges(inJSON: bytes) { hide(range) }
    for (member, range) in zip(json.members ?? [], Self.keys(bytes)) {
      roles.append((range, .jsonKey))
      let value = member.value.string.map { masker.show(FormField(member.name, $0)) }
      fields.append(
        Field(
          offset: range.lowerBound, name: HarmlessText.line(member.name),
          value: HarmlessText.line(masker.mask(value ?? member.value.compactText))))
    }
  }

  /// The positions of the top-level member names, in order.
  private static func keys(_ bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var depth = 0
    var string: Int?
    var isEscaped = false
    var expectsKey = false
    for (index, byte) in bytes.enumerated() {
      if let start = string {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          if depth == 1, expectsKey { ranges.append(start..<(index + 1)) }
          string = nil
          expectsKey = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): string = index
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        expectsKey = byte == UInt8(ascii: "{")
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ","): expectsKey = true
      default: break
      }
    }
    return ranges
  }
}

extension Reader {
  /// How many bytes two texts share at their start and at their end.
  static func commonBytes(_ left: [UInt8], _ right: [UInt8]) -> (start: Int, end: Int) {
    let most = min(left.count, right.count)
    var start = 0
    while start < most, left[start] == right[start] { start += 1 }
    var end = 0
    while end < most - start, left[left.count - 1 - end] == right[right.count - 1 - end] {
      end += 1
    }
    return (start, end)
  }
}
