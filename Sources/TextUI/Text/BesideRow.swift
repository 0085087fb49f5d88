/// Two values beside each other, with what differs marked under them, to the byte.
///
/// In a narrow pane they stand one below the other.
public struct BesideRow: Sendable {
  /// One of the two values.
  public struct Value: Sendable {
    package var scalars: [Unicode.Scalar]
    /// Which of them differ.
    package var marks: [Bool]
    package var role: Role

    /// Makes a value; `pieces` are its text in order, each marked or not.
    package init(_ pieces: [(text: String, isMarked: Bool)], _ role: Role = .text) {
      (scalars, marks, self.role) = ([], [], role)
      for piece in pieces {
        let new = Array(piece.text.unicodeScalars)
        scalars += new
        marks += new.map { _ in piece.isMarked }
      }
    }
  }

  package var name: String
  package var nameRole: Role = .wireParameter
  /// The width of the column of names.
  package var nameWidth: Int
  /// The honest value; nil where there is none.
  package var left: Value?
  /// The value that arrived; nil where there is none.
  package var right: Value?
  /// What the difference is called, such as `changed`.
  package var word: Span
  /// The role of the marks under the value that arrived.
  package var markRole: Role = .attacker
  package var isOpen = false
  package var target: Target?

  /// Makes a row.
  package init(
    name: String, nameWidth: Int, left: Value?, right: Value?, word: Span,
    markRole: Role = .attacker, isOpen: Bool = false, target: Target? = nil
  ) {
    (self.name, self.nameWidth, self.left, self.right) = (name, nameWidth, left, right)
    (self.word, self.markRole, self.isOpen, self.target) = (word, markRole, isOpen, target)
  }

  /// The narrowest pane with two columns.
  package static let besideNeeds = 72
  package static let divider = " \u{2502} "

  /// The width of each of the two columns; nil where they stand one below the other.
  package static func column(_ width: Int, names: Int) -> Int? {
    width >= besideNeeds ? (width - names - 2 - 3) / 2 : nil
  }

  package func laid(_ width: Int) -> [Line] {
    let names = min(nameWidth, max(6, width / 4))
    let head = Span(TextFitting.pad(name, names) + "  ", nameRole)
    if let column = Self.column(width, names: names) { return beside(head, column) }
    return below(head, max(8, width - names - 2 - 9))
  }

  // MARK: Beside each other

  private func beside(_ head: Span, _ column: Int) -> [Line] {
    let first = start(column)
    let isMarked = [left, right].contains { $0?.marks.contains(true) == true }
    // Without a row of marks the word stands behind the value.
    let room = isMarked || word.text.isEmpty ? column : max(8, column - word.width - 1)
    let left = rows(left, column, first, "\u{2500}")
    let right = rows(right, room, first, "\u{25B2}")
    var lines: [Line] = []
    let blank = Span(String(repeating: " ", count: head.width))
    for index in 0..<max(left.count, right.count, 1) {
      let one = index < left.count ? left[index] : Row(absent: left.isEmpty && index == 0)
      let two = index < right.count ? right[index] : Row(absent: right.isEmpty && index == 0)
      lines.append(
        Line(
          [index == 0 ? head : blank] + one.value(column) + [Span(Self.divider, .border)]
            + two.value(column), target: index == 0 ? target : nil))
      guard one.isMarked || two.isMarked else { continue }
      lines.append(
        Line(
          [blank] + one.marks(column, .textMuted) + [Span(Self.divider, .border)]
            + two.marks(column, markRole)))
    }
    say(in: &lines, at: head.width + 2 * column + 3)
    return lines.map { line in
      var line = line
      line.spans = line.spans.trimmed
      return line
    }
  }

  /// Puts the word into the last row with room for it, or into one of its own.
  private func say(in lines: inout [Line], at edge: Int) {
    guard let last = lines.indices.last, !word.text.isEmpty else { return }
    let used = lines[last].spans.trimmed.width
    if used + 1 + word.width <= edge {
      lines[last].spans = lines[last].spans.trimmed + [Span(" "), word]
    } else {
      let indent = max(0, edge - word.width)
      lines.append(Line([Span(String(repeating: " ", count: indent)), word]))
    }
  }

  // MARK: One below the other

  private func below(_ head: Span, _ room: Int) -> [Line] {
    let blank = Span(String(repeating: " ", count: head.width))
    let first = start(room)
    var lines: [Line] = []
    let isSame = right?.marks.contains(true) == false && left?.marks.contains(true) == false
    let parts: [(String, Value?, String, Role)] =
      isSame
      ? [("", right, "\u{25B2}", markRole)]
      : [("honest", left, "\u{2500}", .textMuted), ("arrived", right, "\u{25B2}", markRole)]
    for (title, value, mark, role) in parts {
      let rows = value == nil ? [Row(absent: true)] : rows(value, room, first, mark)
      for (index, row) in rows.enumerated() {
        let name = TextFitting.pad(index == 0 ? title : "", 9)
        lines.append(
          Line(
            [lines.isEmpty ? head : blank, Span(name, .textMuted)] + row.value(room),
            target: lines.isEmpty ? target : nil))
        // The honest value is marked by the one below it.
        if row.isMarked, title == "arrived" {
          lines.append(Line([blank, Span(TextFitting.pad("", 9))] + row.marks(room, role)))
        }
      }
    }
    say(in: &lines, at: head.width + 9 + room)
    return lines.map { line in
      var line = line
      line.spans = line.spans.trimmed
      return line
    }
  }

  // MARK: The rows of a value

  private struct Row {
    var text: [Unicode.Scalar] = []
    var isMarkedAt: [Bool] = []
    var role: Role = .text
    var mark = ""
    var isMarked: Bool { isMarkedAt.contains(true) }

    init(_ text: [Unicode.Scalar], _ marks: [Bool], _ role: Role, _ mark: String) {
      (self.text, isMarkedAt, self.role, self.mark) = (text, marks, role, mark)
    }

    init(absent: Bool) {
      if absent { (text, isMarkedAt, role) = (["\u{2013}"], [false], .textMuted) }
    }

    func value(_ width: Int) -> [Span] {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text)
      return [Span(TextFitting.pad(String(view), width), role)]
    }

    func marks(_ width: Int, _ role: Role) -> [Span] {
      var line = ""
      for (scalar, isMarked) in zip(text, isMarkedAt) {
        let cells = CellWidth.width(of: scalar)
        line += String(repeating: isMarked ? mark : " ", count: cells)
      }
      return [Span(TextFitting.pad(line, width), role, .bold)]
    }
  }

  /// Where the shown part of both values begins, so that the first difference is in it.
  private func start(_ width: Int) -> Int {
    let firsts = [left, right].compactMap { value -> Int? in
      guard let value, value.scalars.count > width else { return nil }
      return value.marks.firstIndex(of: true)
    }
    guard !isOpen, let first = firsts.min(), first > width / 2 else { return 0 }
    return first - width / 4
  }

  private func rows(_ value: Value?, _ width: Int, _ start: Int, _ mark: String) -> [Row] {
    guard let value else { return [] }
    let count = value.scalars.count
    if isOpen, count > width {
      return stride(from: 0, to: count, by: width).map { from in
        let range = from..<min(count, from + width)
        return Row(Array(value.scalars[range]), Array(value.marks[range]), value.role, mark)
      }
    }
    if count <= width { return [Row(value.scalars, value.marks, value.role, mark)] }
    let from = min(start, max(0, count - width + 1))
    let end = min(count, from + width)
    var (text, marks) = (Array(value.scalars[from..<end]), Array(value.marks[from..<end]))
    if from > 0 {
      text[0] = "\u{2026}"
      marks[0] = value.marks[...from].contains(true)
    }
    if end < count {
      text[text.count - 1] = "\u{2026}"
      marks[marks.count - 1] = value.marks[(end - 1)...].contains(true)
    }
    return [Row(text, marks, value.role, mark)]
  }
}
