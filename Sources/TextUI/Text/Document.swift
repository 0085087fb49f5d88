import OpenID

/// The content of a pane, before its width is known.
public struct Document: Sendable {
  package enum Block: Sendable {
    /// Shortened at the right edge.
    case line(Line)
    /// Broken between words.
    case paragraph([Span], indent: Int, hanging: Int = 0)
    /// A heading with a rule to its right edge.
    case heading([Span], note: [Span])
    /// A row of a table: name, value, meaning.
    case row(TableRow)
    /// Some bytes as hexadecimal digits and as text.
    case hex(HexRow)
    /// A head, and cells of the given widths, with a gap between them that shrinks with the pane.
    case cells([Span], [Span], widths: [Int])
    /// Columns that are already padded; the note is dropped first, then the end of the last column.
    case columns([Span], note: [Span] = [])
    /// A row with a mark, such as a verdict.
    case marked(MarkedRow)
    /// Two values beside each other, with their difference.
    case beside(BesideRow)
    /// Other blocks in a frame.
    case box(BoxBlock)
    /// Cut at the edge, wherever that is.
    case bytes(String, Role, indent: Int)
    /// Cells of one width, in as many columns as there is room for.
    case grid([[Span]], indent: Int)
    /// A paragraph that can be opened; the note stands behind it or is dropped.
    case link([Span], note: [Span], Target)
    case gap
  }

  package var blocks: [Block] = []
  /// The block at which a message begins, by the message’s id.
  public var anchors: [Int: Int] = [:]
  /// The names of blocks that have no target, by block: see ``Line/place``.
  private var places: [Int: String] = [:]
  /// The block that the view shows first before any scrolling; nil for the beginning.
  public var opening: Int?
  /// Whether the content changes with time.
  public var dependsOnClock = false

  /// Makes an empty document.
  public init() {}

  package mutating func add(_ block: Block) { blocks.append(block) }
  /// Names the next added block.
  package mutating func stands(at place: String) { places[blocks.count] = place }
  /// The view opens at the next added block; the first such call counts.
  public mutating func opensHere(inTable: Bool = false) {
    guard opening == nil else { return }
    // The view does not open at the blank row above a heading.
    if !inTable { gap() }
    opening = blocks.count
  }
  package mutating func line(_ text: String, _ role: Role = .text, _ emphasis: Emphasis = []) {
    blocks.append(.line(Line(text, role, emphasis)))
  }
  package mutating func paragraph(_ text: String, _ role: Role = .text, indent: Int = 0) {
    blocks.append(.paragraph([Span(text, role)], indent: indent))
  }
  package mutating func heading(_ text: String, note: String = "", role: Role = .title) {
    gap()
    blocks.append(
      .heading([Span(text, role, .bold)], note: note.isEmpty ? [] : [Span(note, .textMuted)]))
  }
  /// Adds a blank row, never two in a row and never at the top.
  public mutating func gap() {
    guard let last = blocks.last else { return }
    if case .gap = last { return }
    blocks.append(.gap)
  }

  /// Adds all blocks of another document.
  public mutating func append(_ other: Document) {
    for (message, block) in other.anchors { anchors[message] = blocks.count + block }
    for (block, place) in other.places { places[blocks.count + block] = place }
    opening = opening ?? other.opening.map { blocks.count + $0 }
    blocks += other.blocks
    dependsOnClock = dependsOnClock || other.dependsOnClock
  }

  /// Aligns the tables and lays out all blocks for a width.
  public func laid(_ width: Int) -> [Line] {
    var lines: [Line] = []
    var columns: TableColumns?
    for (index, block) in blocks.enumerated() {
      if case .row = block {
        if columns == nil { columns = TableColumns(width: width, rows: table(from: index)) }
      } else {
        columns = nil
      }
      let laid = lay(block, width, columns)
      let place = places[index] ?? laid.lazy.compactMap { $0.place ?? $0.target?.id }.first
      for (row, var line) in laid.enumerated() {
        line.block = index
        line.place = place
        line.row = row
        line.isOpening = index == opening && row == 0
        lines.append(line)
      }
    }
    while let last = lines.last, last.spans.isEmpty, last.note.isEmpty { lines.removeLast() }
    return lines
  }

  private func table(from index: Int) -> [TableRow] {
    var rows: [TableRow] = []
    for block in blocks[index...] {
      guard case .row(let row) = block else { break }
      rows.append(row)
    }
    return rows
  }

  private func lay(_ block: Block, _ width: Int, _ columns: TableColumns?) -> [Line] {
    switch block {
    case .gap: return [Line()]
    case .line(var line):
      // A note is dropped if it leaves too little of the line.
      if max(line.note.width + 24, line.noteNeeds) > width { line.note = [] }
      let room = line.note.isEmpty ? width : width - line.note.width - 2
      if let index = line.cutsMiddleOf, line.spans.width > room {
        let others = line.spans.width - line.spans[index].width
        line.spans[index].text = TextFitting.fitMiddle(
          line.spans[index].text, max(0, room - others))
      }
      line.spans = line.spans.fitted(room)
      return [line]
    case .paragraph(let spans, let indent, let hanging):
      return spans.wrapped(width, indent: indent, hanging: hanging).map { Line($0) }
    case .heading(let spans, let note):
      var spans = spans.fitted(width)
      let noteWidth = note.isEmpty ? 0 : note.width + 1
      let room = width - spans.width - 1 - noteWidth
      if room >= 3 {
        spans.append(Span(" " + String(repeating: "\u{2500}", count: room), .border))
      }
      return [Line(spans, note: note)]
    case .bytes(let text, let role, let indent):
      let blank = indent > 0 ? [Span(String(repeating: " ", count: indent))] : []
      return TextFitting.hardWrap(text, max(1, width - indent)).map {
        Line(blank + [Span($0, role)])
      }
    case .marked(let row): return row.laid(width)
    case .grid(let cells, let indent): return Self.grid(cells, indent: indent, width)
    case .link(let spans, let note, let target):
      var rows = spans.wrapped(width, hanging: 2).map { Line($0) }
      rows[0].target = target
      if rows[rows.count - 1].spans.width + 2 + note.width <= width {
        rows[rows.count - 1].note = note
      }
      return rows
    case .hex(let row): return row.laid(width)
    case .beside(let row): return row.laid(width)
    case .box(let box): return box.laid(width)
    case .cells(let head, let cells, let widths):
      let room = width - head.width - widths.reduce(0, +)
      let gap = min(4, max(1, room / max(1, widths.count)))
      let padded = zip(cells, widths).map { cell, width in
        var cell = cell
        cell.text = TextFitting.pad(cell.text, width + gap)
        return cell
      }
      return [Line((head + padded).trimmed.fitted(width))]
    case .columns(let spans, let note):
      let hasRoom = width >= MarkedRow.sourceNeeds && spans.width + 2 + note.width <= width
      return [Line(spans.fitted(width), note: hasRoom ? note : [])]
    case .row(let row): return row.laid(columns ?? TableColumns(width: width, rows: [row]))
    }
  }
}

extension Document {
  private static func grid(_ cells: [[Span]], indent: Int, _ width: Int) -> [Line] {
    guard !cells.isEmpty else { return [] }
    let gap = 3
    let widest = cells.map(\.width).max() ?? 0
    let columns = max(1, (width - indent + gap) / (widest + gap))
    let blank = Span(String(repeating: " ", count: indent))
    return stride(from: 0, to: cells.count, by: columns).flatMap { start -> [Line] in
      let row = cells[start..<min(start + columns, cells.count)]
      if columns == 1 {
        return row.flatMap { $0.wrapped(width, indent: indent, hanging: 2) }.map { Line($0) }
      }
      var spans = [blank]
      for cell in row {
        spans += cell + [Span(String(repeating: " ", count: widest + gap - cell.width))]
      }
      return [Line(spans.trimmed)]
    }
  }
}

/// A row of a table: name, value, meaning.
public struct TableRow: Sendable {
  package var name: String
  package var nameRole: Role = .wireParameter
  package var value: String
  package var valueRole: Role = .text
  /// The id that opens a long value; nil for a value that is never folded.
  public var fold: String?
  package var isOpen = false
  package var meaning: [Span] = []
  /// The specification of the meaning; shown when the row is open.
  public var source: SpecReference?
  /// Whether a meaning that does not fit beside the value is hidden until the row is opened.
  public var isTerse = false
  /// The text that is copied from this row.
  public var copies: String?
  /// Whether the value may be shortened in its middle, as tokens are.
  public var isToken = false
  /// Whether a little of the value is enough, so that its meaning has the room.
  package var isBrief = false

  /// Makes a row of a table.
  public init(
    name: String, nameRole: Role = .wireParameter, value: String, valueRole: Role = .text,
    fold: String? = nil, isOpen: Bool = false, meaning: [Span] = [],
    source: SpecReference? = nil, isTerse: Bool = false, copies: String? = nil,
    isToken: Bool = false, isBrief: Bool = false
  ) {
    self.name = name
    self.nameRole = nameRole
    self.value = value
    self.valueRole = valueRole
    self.fold = fold
    self.isOpen = isOpen
    self.meaning = meaning
    self.source = source
    self.isTerse = isTerse
    self.copies = copies
    self.isToken = isToken
    self.isBrief = isBrief
  }

  /// The most rows of a value that is not opened.
  private static let valueRows = 6

  package func laid(_ columns: TableColumns) -> [Line] {
    var values = TextFitting.hardWrap(value, columns.value)
    var below: [String] = []
    var hidesSomething = false
    if values.count > (isToken ? 1 : Self.valueRows), fold != nil {
      hidesSomething = true
      if isOpen {
        below = TextFitting.hardWrap(value, max(1, columns.width - 2))
        values = [""]
      } else {
        values = [TextFitting.fitMiddle(value, columns.value)]
      }
    }
    let (told, tellsMore) = toldMeaning(columns)
    let isTarget = fold != nil && (hidesSomething || tellsMore || isOpen || copies != nil)
    let target = isTarget ? fold.map { Target(id: $0, copies: copies) } : nil
    let beside = columns.meaning > 0 ? told : []
    var lines: [Line] = []
    // A name that is wider than its column gets its own row.
    let standsAlone = CellWidth.width(of: name) > columns.name
    if standsAlone { lines.append(Line([Span(name, nameRole)], target: target)) }
    for index in 0..<max(values.count, beside.count, 1) {
      let isFirst = index == 0 && !standsAlone
      var spans = [Span(TextFitting.pad(isFirst ? name : "", columns.name), nameRole)]
      let text = index < values.count ? values[index] : ""
      if index < beside.count {
        spans.append(Span("  " + TextFitting.pad(text, columns.value) + "  ", valueRole))
        spans += beside[index]
      } else {
        spans.append(Span("  " + text, valueRole))
      }
      lines.append(Line(spans, target: isFirst ? target : nil))
    }
    if columns.meaning == 0 {
      let blank = Span(String(repeating: " ", count: columns.name + 2))
      lines += told.map { Line([blank] + $0) }
    }
    lines += below.map { Line([Span("  "), Span($0, valueRole)]) }
    return lines
  }

  /// The meaning, complete or not at all, and whether opening the row shows more.
  private func toldMeaning(_ columns: TableColumns) -> (rows: [[Span]], tellsMore: Bool) {
    var spans = meaning
    if isOpen, let source { spans.append(Span(" \u{00B7} \(source.short)", .textMuted)) }
    guard !spans.isEmpty else { return ([], false) }
    let isBelow = columns.meaning == 0
    if isBelow, isTerse, !isOpen { return ([], true) }
    let width = isBelow ? max(1, columns.width - columns.name - 2) : columns.meaning
    return (spans.wrapped(width), source != nil)
  }
}

/// The widths of a table’s columns; a meaning goes below its value if there is no room beside it.
public struct TableColumns: Sendable {
  package let width: Int
  package let name: Int
  package let value: Int
  package let meaning: Int

  /// In a narrower column a meaning takes too many rows, and goes below the value.
  private static let leastMeaning = 26

  package init(width: Int, rows: [TableRow]) {
    self.width = max(1, width)
    let longest = rows.map { CellWidth.width(of: TextFitting.fit($0.name, 48)) }.max() ?? 0
    name = min(longest, max(8, width * 2 / 5))
    let rest = self.width - name - 2
    let widest =
      rows.map { row in
        let whole = min(CellWidth.width(of: row.value), 200)
        if row.isBrief { return min(whole, max(12, width / (width < 90 ? 5 : 4))) }
        return row.isToken || row.isOpen ? 24 : whole
      }.max() ?? 0
    let needed = min(max(widest, 12), max(12, rest * 3 / 5))
    let beside = rest - 2 - needed
    guard rows.contains(where: { !$0.meaning.isEmpty }), beside >= Self.leastMeaning,
      Self.height(rows, beside: beside) <= Self.height(rows, below: rest)
    else {
      meaning = 0
      value = max(1, rest)
      return
    }
    value = needed
    meaning = beside
  }

  /// The approximate rows of the table with the meanings in their own column.
  private static func height(_ rows: [TableRow], beside width: Int) -> Int {
    rows.reduce(0) { $0 + max(1, ($1.meaning.width + width - 1) / width) }
  }

  /// The approximate rows with each meaning below its value; a hidden meaning counts as two.
  private static func height(_ rows: [TableRow], below width: Int) -> Int {
    rows.reduce(0) { $0 + 1 + ($1.isTerse ? 2 : ($1.meaning.width + width - 1) / width) }
  }
}
