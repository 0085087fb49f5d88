import HybridFlow
import OpenID
import Redaction
import TextUI

extension Reader {
  func addBody(_ told: MessageDocument, to document: inout Document) {
    let message = told.message
    let body = told.body
    if case .none = body {
      if told.status != nil { document.line("no body", .textMuted) }
      return
    }
    document.gap()
    addAnswerHeading(message, to: &document)
    if message.request != nil, answers(.credentials) { document.opensHere() }
    switch body {
    case .none: break
    case .form(let fields): addForm(fields, told, to: &document)
    case .json(let json):
      document.blocks += JSONRows(self, owner: "\(message.id)").blocks(json)
      addRaw(message, to: &document)
    case .page: addPage(message, to: &document)
    case .text: addText(message, to: &document)
    }
  }

  private func addForm(
    _ fields: [FormField]?, _ told: MessageDocument, to document: inout Document
  ) {
    let message = told.message
    if let fields {
      for field in fields {
        addField(field, told.bodyContext, "body\(message.id)", to: &document)
      }
    } else {
      document.line("The body is no form: a percent sign without two hex digits.", .statusFail)
    }
    document.heading(
      "raw body",
      note: "\(message.body.count) bytes, "
        + (message.evidence == .pasted ? "encoded anew" : "as they came"), role: .textMuted)
    let text = redactor.maskForm(String(decoding: message.body, as: UTF8.self))
    addPieces(
      [HarmlessText.line(beginning(of: text))], "form\(message.id)", to: &document)
    addOmission(text.utf8.count, to: &document)
  }

  private func addRaw(_ message: Message, to document: inout Document) {
    document.gap()
    guard
      addFold(
        "raw body", "raw:\(message.id)", note: "\(message.body.count) bytes", to: &document)
    else { return }
    let text = String(decoding: message.body, as: UTF8.self)
    addPieces([shown(text)], "raw\(message.id)", to: &document)
  }

  private func addPage(_ message: Message, to document: inout Document) {
    if message.submitsAnswer { addSubmittingForm(message, to: &document) }
    let isOpen = addFold(
      message.submitsAnswer ? "the whole page" : "HTML page", "page:\(message.id)",
      note: "\(message.body.count) bytes", to: &document)
    if isOpen { addText(message, to: &document) }
  }

  /// Adds a section that can be opened; returns whether it is open.
  func addFold(
    _ title: String, _ id: String, note: String = "", to document: inout Document
  ) -> Bool {
    let open = isOpen(id)
    document.add(
      .line(
        Line(
          [Span(title + (open ? "" : ", closed"), .textMuted)],
          note: note.isEmpty ? [] : [Span(note, .textMuted)], target: Target(id: id))))
    return open
  }

  /// Adds the active part of the response’s page: the form and the script that submits it.
  private func addSubmittingForm(_ message: Message, to document: inout Document) {
    let title = "a form that submits itself"
    guard addFold(title, "form:\(message.id)", to: &document) else { return }
    let text = redactor.mask(String(decoding: message.body, as: UTF8.self))
    var isInForm = false
    var shown: [String] = []
    for line in HarmlessText.lines(beginning(of: text)) {
      let lower = line.asciiLowercased
      if lower.holds("<form") { isInForm = true }
      if isInForm || lower.holds(".submit(") { shown.append(line) }
      if lower.holds("</form") { isInForm = false }
    }
    for line in shown.prefix(Self.formLines) {
      // The page may be a single line; it is complete in the view of the whole page.
      document.add(.bytes(TextFitting.fit(line, Self.formLineCells), .wireURL, indent: 2))
    }
    document.gap()
  }

  private static let formLines = 24
  private static let formLineCells = 1200

  /// The shown beginning of a long body, redacted before the cut: the redactor does not recognize
  /// half a token.
  private func beginning(of text: String) -> String {
    guard text.utf8.count > MessageDocument.bodyBytesMax else { return text }
    return String(decoding: text.utf8.prefix(MessageDocument.bodyBytesMax), as: UTF8.self)
  }

  private func addText(_ message: Message, to document: inout Document) {
    let text = redactor.mask(String(decoding: message.body, as: UTF8.self))
    addPieces(HarmlessText.lines(beginning(of: text)), "text\(message.id)", to: &document)
    addOmission(text.utf8.count, to: &document)
  }

  /// Adds the open lines of a body; closed ones are not laid out.
  private func addPieces(_ lines: [String], _ owner: String, to document: inout Document) {
    let total = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    let shown = openedLength(of: total, first: Self.firstBodyBytes, owner)
    var used = 0
    for line in lines where used < shown {
      let room = shown - used
      document.add(
        .bytes(
          line.utf8.count <= room ? line : String(line.prefix(bytes: room)), .text, indent: 0))
      used += line.utf8.count + 1
    }
    addRest(total - shown, "bytes", owner, after: shown, to: &document)
  }

  /// How many bytes of a body are laid out at first.
  private static let firstBodyBytes = 8192

  private func addOmission(_ bytes: Int, to document: inout Document) {
    guard bytes > MessageDocument.bodyBytesMax else { return }
    document.line(
      "\u{2026} \(bytes - MessageDocument.bodyBytesMax) more bytes, not laid out here", .textMuted)
  }
}

/// JSON as rows: two blanks per level, order kept, secrets masked, long strings shortened.
struct JSONRows {
  let reader: Reader
  let owner: String
  private var rows: [Document.Block] = []
  private var row: [Span] = []
  private var long: String?
  /// The index of the row's span with the long text.
  private var longSpan: Int?
  /// The meaning of a number, after the comma.
  private var gloss: Span?
  private var isList = false
  private var level = 0
  /// The names from the outermost member to the row's own.
  private var path: [String] = []
  private var place: String?

  /// Longer strings open below their row, and are shortened in a narrow row.
  private static let inlineBytes = 52

  init(_ reader: Reader, owner: String) { (self.reader, self.owner) = (reader, owner) }

  func blocks(_ value: JSONValue, indent: Int = 0) -> [Document.Block] {
    var writer = self
    writer.level = indent
    if indent > 0 { writer.startRow() }
    writer.write(value, name: nil)
    writer.finish()
    return writer.rows
  }

  private mutating func finish() {
    guard !row.isEmpty else { return }
    var line = Line(row)
    if let gloss { line.spans.append(gloss) }
    line.cutsMiddleOf = longSpan
    line.place = place
    if isList {
      // Short lists are broken between their elements, not cut.
      rows.append(.paragraph(Array(row.dropFirst()), indent: 2 * min(level, 20), hanging: 2))
    } else if let long {
      let id = "json:\(owner):\(rows.count)"
      line.target = Target(id: id, copies: long)
      rows.append(.line(line))
      if reader.isOpen(id) { rows.append(.bytes(long, .jsonString, indent: 2 * min(level, 10))) }
    } else {
      rows.append(.line(line))
    }
    long = nil
    longSpan = nil
    gloss = nil
    isList = false
    place = nil
    row = []
  }

  private mutating func startRow() {
    finish()
    row = [Span(String(repeating: "  ", count: min(level, 20)))]
  }

  private mutating func put(_ text: String, _ role: Role) { row.append(Span(text, role)) }

  private mutating func write(_ value: JSONValue, name: String?) {
    switch value {
    case .null: put("null", .jsonLiteral)
    case .bool(let flag): put(flag ? "true" : "false", .jsonLiteral)
    case .number(let number):
      put(HarmlessText.line(number.literal), .jsonNumber)
      if let name, let moment = ClaimTime.moment(name, number.integer) {
        gloss = Span("   \(CivilTime(moment).text)", .textMuted)
      }
    case .string(let text):
      let shown =
        name.map { reader.redactor.show(FormField($0, text)) } ?? reader.redactor.mask(text)
      let quoted = HarmlessText.line(JSONValue.string(shown).compactText)
      if quoted.utf8.count > Self.inlineBytes {
        longSpan = row.count
        put(quoted, .jsonString)
        long = HarmlessText.line(shown)
      } else {
        put(quoted, .jsonString)
      }
    case .array(let elements):
      guard !elements.isEmpty else { return put("[]", .jsonPunctuation) }
      if elements.allSatisfy(\.isScalar), level > 0 { return writeInline(elements) }
      put("[", .jsonPunctuation)
      level += 1
      for (index, element) in elements.enumerated() {
        startRow()
        write(element, name: nil)
        if index + 1 < elements.count { put(",", .jsonPunctuation) }
      }
      level -= 1
      startRow()
      put("]", .jsonPunctuation)
    case .object(let members):
      guard !members.isEmpty else { return put("{}", .jsonPunctuation) }
      put("{", .jsonPunctuation)
      level += 1
      for (index, member) in members.enumerated() {
        startRow()
        put(HarmlessText.line(JSONValue.string(member.name).compactText), .jsonKey)
        put(": ", .jsonPunctuation)
        path.append(member.name)
        place = "json:\(owner):" + path.joined(separator: ".")
        write(member.value, name: member.name)
        path.removeLast()
        if index + 1 < members.count { put(",", .jsonPunctuation) }
      }
      level -= 1
      startRow()
      put("}", .jsonPunctuation)
    }
  }

  private mutating func writeInline(_ elements: [JSONValue]) {
    isList = true
    put("[", .jsonPunctuation)
    for (index, element) in elements.enumerated() {
      write(element, name: nil)
      if index + 1 < elements.count { put(", ", .jsonPunctuation) }
    }
    put("]", .jsonPunctuation)
  }
}

extension JSONValue {
  var isScalar: Bool {
    switch self {
    case .null, .bool, .number, .string: true
    case .array, .object: false
    }
  }
}

/// Names of claims that are times.
package enum ClaimTime {
  package static let names: Set<String> = ["exp", "iat", "nbf", "auth_time", "updated_at"]

  static func moment(_ name: String, _ seconds: Int64?) -> UnixTime? {
    guard names.contains(name), let seconds, (0..<253_402_300_800).contains(seconds) else {
      return nil
    }
    return UnixTime(seconds: seconds)
  }
}

extension Message {
  /// Whether the page makes the browser post the authorization response to the application.
  var submitsAnswer: Bool {
    stage == .callback && from == .authorizationServer && headers.mediaType == "text/html"
  }
}
