import HybridFlow
import Lab
import OpenID
import TextUI

/// The fault of the current run.
public struct LabRun: Sendable, Equatable {
  /// The fault.
  public var entry: LabEntry
  /// Whether its check is switched off.
  public var isCheckOff: Bool

  /// Makes a run in the lab.
  public init(entry: LabEntry, isCheckOff: Bool) {
    (self.entry, self.isCheckOff) = (entry, isCheckOff)
  }
}

/// The list of faults over the panes; its first row is the honest flow.
struct LabMenu: Sendable, Equatable {
  /// The text of the first row.
  static let honest = "the honest flow"

  let entries: [LabEntry]
  /// The index of the marked row among the shown ones.
  var index: Int
  /// Whether the check of the marked fault is to be switched off.
  var switchesOff = false
  /// Whether the fault is for the next login of another application.
  var isWatching = false
  /// The text that the rows must contain.
  private(set) var filter = TextEntry()
  /// The rows that match the filter; nil is the honest flow.
  private(set) var shown: [LabEntry?]

  init(
    entries: [LabEntry], index: Int, switchesOff: Bool = false, isWatching: Bool = false
  ) {
    (self.entries, self.index) = (entries, index)
    (self.switchesOff, self.isWatching) = (switchesOff, isWatching)
    shown = [nil] + entries.map(Optional.some)
  }

  var chosen: LabEntry? { shown.indices.contains(index) ? shown[index] : nil }
  var count: Int { shown.count }

  /// Handles a key in the filter; false for a key that means something else in the list.
  ///
  /// Space toggles the check, and no name contains one.
  mutating func type(_ key: Key) -> Bool {
    switch key {
    case .character(" "), .character("/"): return false
    case .character, .paste, .backspace, .control("w"):
      guard filter.edit(key) else { return false }
    default: return false
    }
    find()
    return true
  }

  /// Clears the filter, and keeps the marked row.
  mutating func clear() {
    let id = chosen?.id
    filter = TextEntry()
    shown = [nil] + entries.map(Optional.some)
    index = shown.firstIndex { $0?.id == id } ?? 0
  }

  /// Takes the rows that match, and marks the best: the exact name, a name that starts with the
  /// text or contains it, a check, a group, a sentence.
  private mutating func find() {
    switchesOff = false
    let words = filter.text.asciiLowercased
    var rows: [(entry: LabEntry?, rank: Int)] = []
    if words.isEmpty || Self.honest.holds(words) { rows.append((nil, .max)) }
    for entry in entries {
      guard let rank = words.isEmpty ? .max : entry.fit(words) else { continue }
      rows.append((entry, rank))
    }
    shown = rows.map(\.entry)
    index = rows.indices.min { rows[$0].rank < rows[$1].rank } ?? 0
  }
}

extension LabMenu: Overlay {
  var context: KeyContext { .lab }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept:
      return .closes([
        .commitFault(
          id: chosen?.id, switchesCheckOff: switchesOff && chosen?.canSwitchOff == true)
      ])
    case .toggle: switchesOff.toggle()
    case .filter: clear()
    case .close:
      // First clears the filter.
      guard !filter.text.isEmpty else { return .closes() }
      clear()
    case .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save, .check,
      .compare:
      return .notMine
    }
    return .stays()
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    guard command == .accept || command == .toggle else { return nil }
    if count == 0 { return "no fault has these letters" }
    guard command == .toggle else { return nil }
    if model.summary.watch != nil { return "the checks are those of the application itself" }
    guard let chosen else { return "the honest flow has no check to switch off" }
    return chosen.canSwitchOff ? nil : ExplorerModel.tenantCatches
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    mark(movement.from(index, page: model.overlayPage, last: max(0, count - 1)))
  }

  private mutating func mark(_ index: Int) {
    guard index != self.index else { return }
    self.index = index
    switchesOff = false
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    type(key) ? .stays() : .notMine
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    mark(item)
    return .stays()
  }

  func paint(_ painter: inout Painter) { LabOverlay.paint(self, &painter) }
}

extension ExplorerModel {
  /// Opens the lab; the answer to ``ExplorerAction/chooseFault``.
  public mutating func offer(faults: [LabEntry]) {
    self.faults = faults
    let current = summary.watch == nil ? summary.lab?.entry.id : summary.watch?.fault?.id
    let here = current.flatMap { id in faults.firstIndex { $0.id == id } }
    overlays.push(
      LabMenu(
        entries: faults, index: here.map { $0 + 1 } ?? min(1, faults.count),
        switchesOff: summary.lab?.isCheckOff ?? false, isWatching: summary.watch != nil))
  }

  var labUnavailable: String? {
    if summary.watch != nil { return nil }
    if let replayRefusal { return replayRefusal }
    return summary.isDemo ? nil : "the lab breaks the demo tenant only, never a real one"
  }

  /// Why the rules of the run cannot change now; nil if they can.
  func unavailable(_ rules: SecurityRules) -> String? {
    if let replayRefusal { return replayRefusal }
    guard summary.isDemo else {
      return "a real tenant has its own rules; --rules \(rules.rawValue) holds a run against them"
    }
    let isHere = transcript.startedAt != nil && transcript.rules == rules && summary.lab == nil
    return isHere ? "the run is under these rules" : nil
  }

  /// Shows an action after the flow, because the lab continues there by itself.
  public mutating func followLab(doing title: String) {
    looking = nil
    focus = .detail
    view = .after
    say("The lab goes on after the flow: \(title).")
  }

  /// The header's note about a run in the lab.
  ///
  /// - Parameter room: The most cells; disabled checks are named as far as they fit.
  func labSpans(room: Int) -> [Span] {
    guard let run = summary.lab else { return [] }
    var spans = [Span(" LAB \(run.entry.id) ", .statusWarn, [.bold, .reverse]), Span("  ")]
    if run.isCheckOff {
      let others = run.entry.companions
      var text = " \(run.entry.switched.joined(separator: ", ")) OFF "
      if !others.isEmpty, spans.width + CellWidth.width(of: text) + 2 > room {
        text = " \(run.entry.caughtBy) OFF and \(others.count) more "
      }
      spans.append(Span(text, .statusFail, [.bold, .reverse]))
      spans.append(Span("  "))
    }
    return spans
  }
}
