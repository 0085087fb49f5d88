import HybridFlow
import OpenID
import Redaction
import TextUI

/// The editor's request as it would be sent now, with the changes marked.
struct RequestText {
  /// A piece of it that belongs to one parameter, or to none.
  struct Piece {
    var name: String?
    var text: String
    var isChanged = false
  }

  var title: String
  /// Its length, and the difference from the original request.
  var size: String
  /// The lines above it.
  var head: [String] = []
  var pieces: [Piece]

  init(_ editor: RequestEditor, redactor: Redactor) {
    let fields = editor.fields
    switch editor.draft.kind {
    case .authorization: self.init(url: editor.draft, fields)
    case .token: self.init(body: editor.draft, fields, redactor)
    }
  }

  private init(url draft: RequestDraft, _ fields: [FormField]) {
    title = draft.isWrapped ? "The parameters, as a URL" : "The authorize URL"
    let before = Self.length(draft, draft.fields)
    let now = Self.length(draft, fields)
    size = Self.words(now, before, "characters")
    let hasQuery = draft.endpoint.query != nil
    let base = draft.endpoint.text.before("#")
    pieces = [Piece(text: String(base) + (fields.isEmpty ? "" : hasQuery ? "&" : "?"))]
    pieces += Self.pieces(fields, draft) {
      PercentEncoding.encode($0.value)
    } name: {
      PercentEncoding.encode($0)
    }
  }

  private init(body draft: RequestDraft, _ fields: [FormField], _ redactor: Redactor) {
    title = "The token request"
    let message = draft.message(of: fields)
    let before = draft.message(of: draft.fields)
    size = Self.words(message.body.count, before.body.count, "bytes of body")
    head = ["POST \(HarmlessText.line(draft.endpoint.text))"]
    if let proof = message.headers.lines.first(where: { $0.name == "Authorization" }) {
      head.append("Authorization: \(HarmlessText.line(redactor.show(proof)))")
    }
    let sent = (try? FormEncoding.decode(message.body)) ?? []
    pieces = Self.pieces(sent, draft) { field in
      let shown = redactor.show(field)
      return shown == field.value ? FormEncoding.encode(shown) : shown
    } name: {
      FormEncoding.encode($0)
    }
  }

  private static func pieces(
    _ fields: [FormField], _ draft: RequestDraft, value: (FormField) -> String,
    name: (String) -> String
  ) -> [Piece] {
    let changed = Set(
      RequestChange.all(from: draft.made, to: fields).filter { $0.after != nil }.map(\.name))
    // The client's credentials may be in the body without being a change.
    let known = Set(draft.made.map(\.name))
    return fields.enumerated().map { index, field in
      Piece(
        name: field.name,
        text: (index == 0 ? "" : "&") + name(field.name) + "=" + value(field),
        isChanged: changed.contains(field.name)
          && (known.contains(field.name) || draft.kind == .authorization || isNew(field.name)))
    }
  }

  private static func isNew(_ name: String) -> Bool {
    name != "client_assertion" && name != "client_assertion_type"
  }

  private static func length(_ draft: RequestDraft, _ fields: [FormField]) -> Int {
    let base = draft.endpoint.text.before("#").utf8.count
    return base + (fields.isEmpty ? 0 : 1) + PercentEncoding.query(fields).utf8.count
  }

  private static func words(_ now: Int, _ before: Int, _ unit: String) -> String {
    let difference = now - before
    guard difference != 0 else { return "\(now) \(unit)" }
    return "\(now) \(unit), \(difference > 0 ? "+" : "-")\(abs(difference))"
  }

  /// The rows of a width, and the first row of the marked parameter.
  func rows(_ width: Int, marked: String?) -> (rows: [[Span]], marked: Int?) {
    var rows = head.map { [Span(TextFitting.fit($0, width), .wireURL)] }
    var row: [Span] = []
    var used = 0
    var found: Int?
    for piece in pieces {
      let isMarked = piece.name != nil && piece.name == marked
      let role: Role = piece.isChanged ? .statusWarn : isMarked ? .textStrong : .wireURL
      for part in Self.parts(HarmlessText.line(piece.text), width, used) {
        let cells = CellWidth.width(of: part)
        if used + cells > width {
          rows.append(row)
          row = []
          used = 0
        }
        if isMarked, found == nil { found = rows.count }
        row.append(
          Span(part, role, piece.isChanged ? [.bold, .underline] : isMarked ? .bold : []))
        used += cells
      }
    }
    if !row.isEmpty { rows.append(row) }
    return (rows, found)
  }

  /// The text in parts; the first one fits into the rest of the row.
  private static func parts(_ text: String, _ width: Int, _ used: Int) -> [String] {
    let room = width - used
    guard room > 0, CellWidth.width(of: text) > room, text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return TextFitting.hardWrap(text, width)
    }
    let first = String(text.prefix(bytes: room))
    return [first] + TextFitting.hardWrap(String(text.dropFirst(bytes: room)), width)
  }
}
