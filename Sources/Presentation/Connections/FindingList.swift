import HybridFlow
import OpenID
import TextUI

/// One finding of a check of a tenant, as the explorer shows it.
public struct FindingEntry: Sendable, Equatable {
  /// How serious a finding is, the worst first.
  public enum Severity: Int, Sendable, CaseIterable {
    /// A login cannot work, or must not be trusted.
    case error
    /// A login may fail.
    case warning
    /// All right.
    case info
  }

  /// A stable name.
  public let id: String
  /// How serious it is.
  public let severity: Severity
  /// The finding in a sentence.
  public let message: String
  /// The text it is based on.
  public let evidence: String
  /// What to do; nil if nothing is to be done.
  public let fix: String?
  /// The specification of the rule; nil if no specification has it.
  public let source: String?

  /// Makes an entry; the texts are made harmless.
  public init(
    id: String, severity: Severity, message: String, evidence: String, fix: String?,
    source: String?
  ) {
    (self.id, self.severity) = (id, severity)
    self.message = HarmlessText.line(message)
    self.evidence = HarmlessText.line(evidence)
    self.fix = fix.map(HarmlessText.line)
    self.source = source.map(HarmlessText.line)
  }
}

/// The findings of a check of a tenant, shown over the panes.
struct FindingList: Sendable, Equatable {
  /// The checked connection.
  var subject: String
  /// The order that repeats the check.
  var again: ConnectionOrder
  var entries: [FindingEntry] = []
  /// The findings whose default state Enter has changed; by index in order of arrival.
  var toggled: Set<Int> = []
  /// The index of the marked finding; nil marks the first of the list.
  var marked: Int?
  /// The result in a sentence, at the end of the check.
  var summary: String?
  /// The program that is first asked for the client secret.
  var program: String?

  /// The indexes in order of arrival, the worst findings first.
  var order: [Int] {
    FindingEntry.Severity.allCases.flatMap { severity in
      entries.indices.filter { entries[$0].severity == severity }
    }
  }

  var index: Int { marked.flatMap { order.firstIndex(of: $0) } ?? 0 }

  /// Whether a finding is open; errors are open by default.
  func isOpen(_ place: Int) -> Bool {
    (entries[place].severity == .error) != toggled.contains(place)
  }

  mutating func toggle() {
    guard order.indices.contains(index) else { return }
    let place = order[index]
    if toggled.remove(place) == nil { toggled.insert(place) }
    marked = place
  }
}

extension ExplorerModel {
  /// Shows that a check of a tenant has begun; `again` repeats it.
  public mutating func beginFindings(of subject: String, again: ConnectionOrder) {
    overlays.push(FindingList(subject: HarmlessText.line(subject), again: again))
  }

  /// Shows that a program is asked for the client secret before the check.
  public mutating func awaitFindings(of program: String) {
    overlays[FindingList.self]?.program = HarmlessText.line(program)
  }

  /// Adds a finding.
  public mutating func add(_ finding: FindingEntry) {
    overlays[FindingList.self]?.program = nil
    overlays[FindingList.self]?.entries.append(finding)
  }

  /// Shows that the check has ended.
  public mutating func endFindings(_ summary: String) {
    overlays[FindingList.self]?.summary = HarmlessText.line(summary)
  }
}

extension FindingList: Overlay {
  var context: KeyContext { .findings }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: toggle()
    case .check: return .stays([.connections(again)])
    case .close: return .closes([.connections(.endCheck)])
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .compare:
      return .notMine
    }
    return .stays()
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    command == .accept && entries.isEmpty ? "nothing was found yet" : nil
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    mark(movement.from(index, page: model.overlayPage / 2, last: entries.count - 1))
  }

  private mutating func mark(_ index: Int) {
    if order.indices.contains(index) { marked = order[index] }
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    mark(item)
    toggle()
    return .stays()
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .stays() }

  func paint(_ painter: inout Painter) { FindingOverlay.paint(self, &painter) }
}

/// Draws the findings.
enum FindingOverlay {
  static func paint(_ list: FindingList, _ painter: inout Painter) {
    let size = painter.layout.size
    var heads: [Int] = []
    var owners: [Int?] = []
    var box = ListBox("", size: size, columnsMax: 400) { _ in [] }
    box.rect = TwoBoxes.full(painter.layout)
    box.title = title(list)
    let document = document(list, &heads, &owners)
    box.lines = document.laid(min(box.rect.width - 6, 140))
    let lines = box.lines
    box.item = { owners[lines[$0].block] }
    if heads.indices.contains(list.index) {
      let block = heads[list.index]
      let rows = lines.indices.filter { lines[$0].block == block }
      if let first = rows.first, let last = rows.last { box.reveal(first..<(last + 1)) }
    }
    box.paint(&painter)
  }

  private static func title(_ list: FindingList) -> String {
    list.summary == nil
      ? "Looking at \(list.subject)\u{2026} Esc gives up" : "Check of \(list.subject)"
  }

  /// The rows; `heads` are the first blocks of findings, `owners` the finding of each block.
  private static func document(
    _ list: FindingList, _ heads: inout [Int], _ owners: inout [Int?]
  ) -> Document {
    var document = Document()
    if let summary = list.summary {
      let isGood = !list.entries.contains { $0.severity == .error }
      document.paragraph(summary, isGood ? .statusPass : .statusFail)
    } else if let program = list.program {
      document.paragraph("Waiting for the secret from \(program)\u{2026}", .statusInfo)
    } else {
      document.paragraph("Nobody is logged in, and nothing is written there.", .textMuted)
    }
    document.gap()
    owners = Array(repeating: nil, count: document.blocks.count)
    for (index, place) in list.order.enumerated() {
      let finding = list.entries[place]
      heads.append(document.blocks.count)
      document.add(
        .paragraph(
          [
            mark(finding.severity), Span(" "), Span(finding.id, .textStrong, .bold),
            Span("  " + finding.message),
          ], indent: 0, hanging: 2))
      if list.isOpen(place) {
        if !finding.evidence.isEmpty { document.paragraph(finding.evidence, .textMuted, indent: 4) }
        if let fix = finding.fix {
          document.add(
            .paragraph([Span("Fix  ", .statusInfo, .bold), Span(fix)], indent: 4, hanging: 5))
        }
        if let source = finding.source { document.paragraph(source, .textMuted, indent: 4) }
        document.gap()
      }
      owners += Array(repeating: index, count: document.blocks.count - owners.count)
    }
    return document
  }

  private static func mark(_ severity: FindingEntry.Severity) -> Span {
    switch severity {
    case .error: Verdicts.span(.fail)
    case .warning: Verdicts.span(.warn)
    case .info: Verdicts.span(.pass)
    }
  }
}
