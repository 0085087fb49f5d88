import HybridFlow
import OpenID

/// Writes a pasted authorization response to a line of a recording, and reads it.
enum AnswerCoder {
  static func json(_ answer: PastedAnswer) -> [(String, JSONValue?)] {
    [
      ("carrier", .string(answer.carrier.rawValue)), ("source", .string(answer.source)),
      ("address", .text(answer.address)),
      ("fields", .pairs(answer.fields.map { ($0.name, $0.value) })),
    ]
  }

  static func answer(_ row: FieldReader) throws(RecordingError) -> PastedAnswer {
    PastedAnswer(
      carrier: try row.choice("carrier", PastedAnswer.Carrier.self),
      fields: try row.fields("fields"), source: try row.text("source"),
      address: try row.optionalText("address"))
  }
}

/// Writes the edits of a request to a line of a recording, and reads them.
enum EditCoder {
  static func json(_ edit: RequestEdit) -> [(String, JSONValue?)] {
    [("rows", .array(edit.rows.map(json))), ("goes_anyway", .flag(edit.goesAnyway))]
  }

  private static func json(_ row: RequestEdit.Row) -> JSONValue {
    switch row {
    case .kept(let name, let index):
      .line(("kept", .string(name)), ("index", index == 0 ? nil : .whole(Int64(index))))
    case .given(let field): .line(("name", .string(field.name)), ("value", .string(field.value)))
    }
  }

  static func edit(_ line: FieldReader) throws(RecordingError) -> RequestEdit {
    var rows: [RequestEdit.Row] = []
    for row in try line.objects("rows") {
      if let name = try row.optionalText("kept") {
        rows.append(.kept(name, Int(try row.optionalNumber("index") ?? 0)))
      } else {
        rows.append(.given(FormField(try row.text("name"), try row.text("value"))))
      }
    }
    return RequestEdit(rows: rows, goesAnyway: try line.flag("goes_anyway"))
  }
}
