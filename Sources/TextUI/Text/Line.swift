import OpenID

/// A run of text of one role.
public struct Span: Sendable, Hashable {
  package var text: String
  package var role: Role
  package var emphasis: Emphasis
  /// The background; nil for the pane's.
  public var surface: Role?

  package init(
    _ text: String, _ role: Role = .text, _ emphasis: Emphasis = [], on surface: Role? = nil
  ) {
    (self.text, self.role, self.emphasis, self.surface) = (text, role, emphasis, surface)
  }

  package var width: Int { CellWidth.width(of: text) }
}

/// One row of a document, ready to be drawn.
public struct Line: Sendable, Hashable {
  package var spans: [Span]
  /// Shown at the right edge if there is room.
  public var note: [Span] = []
  /// The narrowest pane in which the note is shown.
  public var noteNeeds = 0
  /// The span that is shortened in its middle, so that the beginnings and ends of two long values
  /// can be compared.
  public var cutsMiddleOf: Int?
  /// What Enter opens here.
  public var target: Target?
  /// The name of what the row shows, its further rows included; nil without a name.
  public var place: String?
  /// The row's block in the document, and its row in the block: they keep the scroll position when
  /// the width changes.
  public var block = 0
  package var row = 0
  /// Whether the view opens at this row before any scrolling.
  public var isOpening = false

  package init(_ spans: [Span] = [], note: [Span] = [], target: Target? = nil) {
    (self.spans, self.note, self.target) = (spans, note, target)
  }

  package init(_ text: String, _ role: Role = .text, _ emphasis: Emphasis = []) {
    self.init([Span(text, role, emphasis)])
  }

  package var text: String { spans.map(\.text).joined() }
}

/// Something that Enter opens or closes.
public struct Target: Sendable, Hashable {
  package var id: String
  /// The text that is copied from here.
  public var copies: String?

  /// Makes a target.
  public init(
    id: String, copies: String? = nil
  ) {
    self.id = id
    self.copies = copies
  }
}

package enum TextFitting {
  /// Shortens text to a width, with an ellipsis if text is left out.
  public static func fit(_ text: String, _ width: Int) -> String {
    if width <= 0 { return "" }
    // ASCII text that fits is returned at once; of other text only what fits is read.
    if text.utf8.count <= width, text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var used = 0
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let cells = scalar.isASCII ? 1 : CellWidth.width(of: scalar)
      if used + cells > width {
        while used > width - 1, let last = kept.popLast() { used -= CellWidth.width(of: last) }
        kept.append("\u{2026}")
        return String(kept)
      }
      used += cells
      kept.append(scalar)
    }
    return text
  }

  /// Shortens text in its middle, so that its beginning and end can be compared.
  public static func fitMiddle(_ text: String, _ width: Int) -> String {
    guard text.utf8.count > width, width >= 9, text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return fit(text, width)
    }
    let tail = min(8, width / 3)
    let bytes = text.utf8
    return String(decoding: bytes.prefix(width - tail - 1), as: UTF8.self) + "\u{2026}"
      + String(decoding: bytes.suffix(tail), as: UTF8.self)
  }

  /// The end of a row that begins at `start`: the edge, or a little before it, where a parameter, a
  /// segment or an attribute begins.
  private static func seam(_ bytes: [UInt8], _ start: Int, _ width: Int) -> Int {
    let edge = start + width
    guard edge < bytes.count else { return bytes.count }
    let earliest = edge - width * 2 / 5
    var end = edge
    while end > max(start + 1, earliest) {
      switch bytes[end] {
      case UInt8(ascii: "&"), UInt8(ascii: "?"), UInt8(ascii: "#"): return end
      default: break
      }
      switch bytes[end - 1] {
      case UInt8(ascii: "/"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: " "): return end
      default: end -= 1
      }
    }
    // A percent-encoded octet is not split.
    let sign = UInt8(ascii: "%")
    if width > 3 {
      if bytes[edge - 1] == sign { return edge - 1 }
      if bytes[edge - 2] == sign { return edge - 2 }
    }
    return edge
  }

  /// Cuts text into rows of a width, at the start of a part if one is near the edge; for tokens,
  /// URLs and raw bytes.
  public static func hardWrap(_ text: String, _ width: Int) -> [String] {
    guard width > 0, !text.isEmpty else { return [text] }
    let bytes = Array(text.utf8)
    if bytes.allSatisfy({ $0 < 0x80 }) {
      var rows: [String] = []
      var start = 0
      while start < bytes.count {
        let end = seam(bytes, start, width)
        rows.append(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end
      }
      return rows
    }
    var rows: [String] = []
    var row = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let cells = CellWidth.width(of: scalar)
      if used + cells > width {
        rows.append(String(row))
        row = String.UnicodeScalarView()
        used = 0
      }
      row.append(scalar)
      used += cells
    }
    rows.append(String(row))
    return rows
  }

  /// Breaks text between words; a word longer than the width is cut.
  public static func wordWrap(_ text: String, _ width: Int) -> [String] {
    guard width > 0 else { return [text] }
    if CellWidth.width(of: text) <= width { return [text] }
    var rows: [String] = []
    var row = ""
    var used = 0
    for word in text.split(at: " ") {
      let cells = CellWidth.width(of: String(word))
      if used > 0, used + 1 + cells <= width {
        row += " " + word
        used += 1 + cells
        continue
      }
      if used > 0 { rows.append(row) }
      if cells <= width {
        row = String(word)
        used = cells
      } else {
        let pieces = hardWrap(String(word), width)
        rows += pieces.dropLast()
        row = pieces.last ?? ""
        used = CellWidth.width(of: row)
      }
    }
    if used > 0 { rows.append(row) }
    return rows.isEmpty ? [""] : rows
  }

  /// Text padded with blanks to a width, or shortened to it.
  public static func pad(_ text: String, _ width: Int) -> String {
    let short = fit(text, width)
    return short + String(repeating: " ", count: max(0, width - CellWidth.width(of: short)))
  }
}

extension [Span] {
  package var width: Int { reduce(0) { $0 + $1.width } }

  /// The spans without blanks at their end.
  public var trimmed: [Span] {
    guard var last = last else { return self }
    last.text = last.text.trimmingBlanksAtEnd
    return dropLast() + [last]
  }

  /// The spans shortened to a width, with an ellipsis if they were cut.
  public func fitted(_ width: Int) -> [Span] {
    if self.width <= width { return self }
    var left = width
    var kept: [Span] = []
    for span in self {
      let cells = span.width
      if cells >= left {
        var last = span
        // One cell is reserved for the ellipsis.
        last.text = TextFitting.fit(span.text + "\u{2026}\u{2026}", left)
        if left > 0 { kept.append(last) }
        break
      }
      kept.append(span)
      left -= cells
    }
    return kept
  }

  /// The spans broken between words; all rows are indented, those after the first further.
  public func wrapped(_ width: Int, indent: Int = 0, hanging: Int = 0) -> [[Span]] {
    let room = Swift.max(1, width - indent - hanging)
    func blank(_ row: Int) -> [Span] {
      let count = indent + (row > 0 ? hanging : 0)
      return count > 0 ? [Span(String(repeating: " ", count: count))] : []
    }
    let pieces = words(atMost: room)
    var rows: [[Span]] = []
    var row: [Span] = []
    var used = 0
    for (index, piece) in pieces.enumerated() {
      let cells = piece.width
      // A comma belongs to the word before it.
      let comma = index + 1 < pieces.count && pieces[index + 1].text.begins(with: ",") ? 1 : 0
      // The first row has no hanging indent: it uses that room.
      if used > 0, used + cells + comma > room + (rows.isEmpty ? hanging : 0) {
        rows.append(blank(rows.count) + row)
        row = []
        used = 0
        if piece.text == " " { continue }
      }
      if var last = row.last, last.role == piece.role, last.emphasis == piece.emphasis {
        last.text += piece.text
        row[row.count - 1] = last
      } else {
        row.append(piece)
      }
      used += cells
    }
    if !row.isEmpty || rows.isEmpty { rows.append(blank(rows.count) + row) }
    return rows
  }

  /// Words and the blanks between them, each with its role; longer ones than a row are cut.
  private func words(atMost room: Int) -> [Span] {
    var pieces: [Span] = []
    for span in self {
      var word = ""
      func add(_ text: String) {
        guard !text.isEmpty else { return }
        pieces += TextFitting.hardWrap(text, room).map { Span($0, span.role, span.emphasis) }
      }
      for scalar in span.text.unicodeScalars {
        if scalar == " " {
          add(word)
          add(" ")
          word = ""
        } else {
          word.unicodeScalars.append(scalar)
        }
      }
      add(word)
    }
    return pieces
  }
}
