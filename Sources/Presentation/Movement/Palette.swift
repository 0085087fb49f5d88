import HybridFlow
import OpenID
import TextUI

/// A row of the palette: something that can be done or gone to, and the line that does it.
struct PaletteRow: Sendable, Equatable {
  /// What kind of thing it is; the word stands on each row.
  enum Kind: String, Sendable, CaseIterable {
    case action = "do"
    case stage, view, value, check, claim, field, header, fault, rules, lesson, recording, theme
    case export, copy, term
  }

  let kind: Kind
  /// What people want who take it.
  let purpose: Purpose
  /// The command line that does it.
  let text: String
  let title: String
  let help: String
  /// Its key; empty without one.
  let key: String
  /// Why it does nothing now, in a sentence; nil if it works.
  let refusal: String?
  /// Whether it is offered only behind its verb: another name of a row.
  let isAlias: Bool
  private let names: [[UInt8]]
  private let sentence: [UInt8]

  init(
    _ kind: Kind, _ text: String, _ title: String, help: String, key: String = "",
    purpose: Purpose? = nil, refusal: String? = nil, isAlias: Bool = false
  ) {
    self.purpose = purpose ?? kind.purpose
    (self.kind, self.text, self.title, self.help) = (kind, text, title, help)
    (self.key, self.refusal, self.isAlias) = (key, refusal, isAlias)
    names = [Array(title.asciiLowercased.utf8), Array(text.asciiLowercased.utf8)]
    sentence = Array(help.asciiLowercased.utf8)
  }

  /// How well all words fit; nil when one does not.
  func score(_ words: [[UInt8]]) -> Int? {
    var total = refusal == nil ? 0 : -Self.lessForRefused
    for word in words {
      let named = names.compactMap { Fuzzy.score(word, in: $0) }.max()
      let kindNamed = kind.rawValue.utf8.elementsEqual(word) ? Self.namesKind : nil
      guard
        let best = [named, kindNamed, Fuzzy.score(word, inSentence: sentence)]
          .compactMap(\.self).max()
      else { return nil }
      total += best
    }
    // Of two that fit alike the shorter one was meant.
    return total * 4 - min(40, title.utf8.count)
  }

  private static let lessForRefused = 12
  private static let namesKind = 30
}

/// The rows that fit what was typed.
enum Palette {
  /// How many rows of a kind come before the next kind.
  private static let first = 5

  /// The rows for a line; without one all of them, in the order of their groups.
  static func rows(for line: String, among rows: [PaletteRow]) -> [PaletteRow] {
    let line = line.trimmingBlanksAtStart.asciiLowercased
    if let verb = Self.verb(of: line) {
      let under = rows.filter { $0.text.begins(with: verb) }
      let begun = under.filter { $0.text.asciiLowercased.begins(with: line) }
      return begun.isEmpty ? ranked(String(line.dropFirst(bytes: verb.utf8.count)), under) : begun
    }
    if let purpose = Self.purpose(of: line) {
      return rows.filter { !$0.isAlias && $0.purpose == purpose }
    }
    return ranked(line, rows.filter { !$0.isAlias })
  }

  /// The group that a line names; nil when it names none.
  private static func purpose(of line: String) -> Purpose? {
    Purpose.allCases.first { $0.title.asciiLowercased == line.trimmingBlanks.asciiLowercased }
  }

  /// Whether the rows for a line stand in their groups, not in the order in which they fit.
  static func isGrouped(_ line: String) -> Bool {
    line.trimmingBlanks.isEmpty || purpose(of: line) != nil
  }

  /// The words that take another word behind them.
  static let verbs = [
    "stage ", "view ", "copy ", "export ", "lab ", "rules ", "theme ", "check ", "field ",
    "follow ", "recording ", "explain ", "term ",
  ]

  /// The word at the beginning of a line that takes another word; nil without one.
  static func verb(of line: String) -> String? { verbs.first { line.begins(with: $0) } }

  private static func ranked(_ text: String, _ rows: [PaletteRow]) -> [PaletteRow] {
    let words = text.split(at: " ").map { Array($0.utf8) }
    guard !words.isEmpty else { return rows }
    var groups: [PaletteRow.Kind: [(row: PaletteRow, score: Int)]] = [:]
    for row in rows {
      guard let score = row.score(words) else { continue }
      groups[row.kind, default: []].append((row, score))
    }
    // A stable sort: rows of one score stay in their order.
    let sorted = PaletteRow.Kind.allCases.compactMap { kind in
      groups[kind].map { group in
        group.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
          .map(\.element)
      }
    }.enumerated().sorted { left, right in
      (right.element[0].score, left.offset) < (left.element[0].score, right.offset)
    }.map(\.element)
    // The best of every kind come first, so that no kind hides the others.
    return sorted.flatMap { $0.prefix(first).map(\.row) }
      + sorted.flatMap { $0.dropFirst(first).map(\.row) }
  }
}

extension String {
  fileprivate var trimmingBlanksAtStart: String {
    String(decoding: utf8.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
  }
}

/// Draws the palette above the command line.
enum PaletteOverlay {
  private static let columnsMax = 110
  private static let rowsMax = 16
  /// The widest kind.
  private static let kind = 9

  static func paint(_ line: CommandEntry, _ painter: inout Painter) {
    let rows = line.completions
    let size = painter.layout.size
    let most = min(Self.rowsMax, rows.count, size.rows - 6)
    guard most > 0 else { return }
    let marked = line.marked
    let top = marked.map { max(0, min($0 - most / 3, rows.count - most)) } ?? 0
    let seen = Array(rows[top..<min(rows.count, top + most)])
    let widths = (
      names: min(28, seen.map { CellWidth.width(of: $0.title) }.max() ?? 0),
      keys: seen.map { CellWidth.width(of: $0.key) }.max() ?? 0
    )
    let title =
      line.entry.text.isEmpty
      ? "Everything; type to find" : rows.count == 1 ? "1 fits" : "\(rows.count) fit"
    // The row of each line; nil for the name of a group.
    var owners: [Int?] = []
    // It reaches from edge to edge: what is under it is seen above.
    let wide = ScreenSize(columns: size.columns + 4, rows: size.rows)
    var box = ListBox(title, size: wide, columnsMax: columnsMax) { width in
      owners = []
      var lines: [Line] = []
      for (index, row) in seen.enumerated() {
        if line.isGrouped, index == 0 || row.heading != seen[index - 1].heading {
          lines.append(Line([Span(row.heading, .textStrong, .bold)]))
          owners.append(nil)
        }
        lines.append(Line(spans(of: row, width, widths.names, widths.keys)))
        if top + index == marked { lines += rest(of: row, width, widths.names, widths.keys) }
        owners += Array(repeating: top + index, count: lines.count - owners.count)
      }
      return lines
    }
    let height = min(Self.rowsMax, box.lines.count, size.rows - 6)
    box.rect.height = height + 2
    box.rect.column = 0
    box.rect.row = painter.layout.footer.row - box.rect.height
    if let marked, let row = owners.firstIndex(of: marked) {
      box.selected = row..<(row + 1)
      // Its further rows are seen too.
      box.top = max(0, min(box.lines.count, row + 3) - height)
    }
    box.lines = Array(box.lines.dropFirst(box.top).prefix(height))
    owners = Array(owners.dropFirst(box.top).prefix(height))
    let skipped = box.top
    box.top = 0
    // The name of a group is no row: a click there does nothing, and the palette stays.
    box.item = { owners.indices.contains($0) ? owners[$0] ?? -1 : nil }
    box.selected = box.selected.map { ($0.lowerBound - skipped)..<($0.upperBound - skipped) }
    box.paint(&painter)
    let told = owners.compactMap(\.self)
    if let first = told.first, let last = told.last, rows.count > last - first + 1 {
      let text = " \(first + 1)\u{2013}\(last + 1) of \(rows.count) "
      painter.frame.put(
        text, column: box.rect.column + box.rect.width - 2 - CellWidth.width(of: text),
        row: box.rect.row, role: .textMuted, surface: .overlay)
    }
  }

  /// The help of the marked row, where the row itself has no room for all of it.
  private static func rest(
    of row: PaletteRow, _ width: Int, _ names: Int, _ keys: Int
  ) -> [Line] {
    let told = row.refusal ?? row.help
    let indent = kind + 1
    guard CellWidth.width(of: told) > width - indent - names - 4 - keys else { return [] }
    return TextFitting.wordWrap(told, max(8, width - indent)).prefix(2).map {
      Line([Span(String(repeating: " ", count: indent)), Span($0, .textMuted)])
    }
  }

  private static func spans(
    of row: PaletteRow, _ width: Int, _ names: Int, _ keys: Int
  ) -> [Span] {
    let works = row.refusal == nil
    let head = [
      Span(TextFitting.pad(row.kind.rawValue, kind), .textMuted),
      Span(
        " " + TextFitting.pad(row.title, names) + "  ", works ? .text : .textMuted,
        works ? .bold : []),
    ]
    let room = max(0, width - head.width - keys - 2)
    let told = row.refusal ?? row.help
    return head + [
      Span(TextFitting.pad(told, room), works ? .textMuted : .statusInfo),
      Span("  " + TextFitting.pad(row.key, keys), .footerKey, .bold),
    ]
  }
}
