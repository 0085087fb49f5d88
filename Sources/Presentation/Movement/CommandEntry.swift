import HybridFlow
import Lab
import OpenID
import TextUI

/// The command line, and the palette of everything above it.
struct CommandEntry: Sendable, Equatable {
  var entry: TextEntry
  /// The marked row, once the person has moved to one; nil while they type.
  private(set) var chosen: Int?
  /// The text before a row was taken into the line.
  private var typed = ""
  /// Everything there is, as it was when the line was opened.
  private var rows: [PaletteRow]
  /// The rows that fit what was typed.
  private(set) var completions: [PaletteRow]

  init(text: String = "", _ rows: [PaletteRow]) {
    entry = TextEntry(text)
    self.rows = rows
    completions = Palette.rows(for: text, among: rows)
  }

  /// The row that Enter takes; nil where the line itself is done.
  var marked: Int? {
    if let chosen { return chosen }
    guard !entry.text.trimmingBlanks.isEmpty, !completions.isEmpty else { return nil }
    return isLine(entry.text.trimmingBlanks) ? nil : 0
  }

  /// Whether the rows stand under the names of their groups.
  var isGrouped: Bool { Palette.isGrouped(chosen == nil ? entry.text : typed) }

  /// Uses other rows: the names that the palette has asked for.
  mutating func take(rows: [PaletteRow]) {
    self.rows = rows
    if chosen == nil { completions = Palette.rows(for: entry.text, among: rows) }
  }

  /// Takes a row into the line.
  private mutating func take(_ index: Int) {
    guard completions.indices.contains(index) else { return }
    if chosen == nil { typed = entry.text }
    chosen = index
    entry.replace(with: completions[index].text)
  }

  /// Whether a text is a whole line by itself: the name of an action, or a verb with what it needs.
  private func isLine(_ text: String) -> Bool {
    let text = text.asciiLowercased
    if text == "q" || text == "stage" || text == "view" || text == "follow" { return true }
    if Palette.verb(of: text) != nil {
      // The beginning of a name is not the name yet.
      let names = completions.lazy.map(\.text.trimmingBlanks.asciiLowercased)
      return names.contains(text) || names.first?.begins(with: text) != true
    }
    return KeyMap.actions.contains(text) || ExplorerModel.lineNames.values.contains(text)
  }
}

extension ExplorerModel {
  /// Opens the command line, and asks for the names that only the controller knows.
  mutating func openCommandLine(_ text: String = "") -> [ExplorerAction] {
    // From a field of a page, too, everything can be done; Tab comes back to it.
    if context == .field { isTyping = false }
    overlays.push(CommandEntry(text: text, paletteRows))
    return offersNames ? [.tellNames] : []
  }

  /// The rows of the open palette.
  var completions: [PaletteRow] { overlays[CommandEntry.self]?.completions ?? [] }
}

extension CommandEntry {
  private mutating func complete(by step: Int) {
    guard !completions.isEmpty else { return }
    let next = chosen.map { ($0 + step + completions.count) % completions.count }
    let only = completions.count == 1
    take(next ?? (step > 0 ? 0 : completions.count - 1))
    // What follows the only completion is typed behind it.
    if only { retype() }
  }

  private mutating func retype() {
    chosen = nil
    completions = Palette.rows(for: entry.text, among: rows)
  }

  private mutating func run(_ model: inout ExplorerModel) -> OverlayOutcome {
    if let marked, completions.indices.contains(marked) {
      // A verb alone: what it needs is typed behind it.
      if completions[marked].text.ends(with: " ") {
        take(marked)
        retype()
        return .stays()
      }
      if let refusal = completions[marked].refusal { return refuse(refusal, &model) }
      return run(line: completions[marked].text.trimmingBlanks, &model)
    }
    return run(line: entry.text.trimmingBlanks, &model)
  }

  private func run(line text: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard !text.isEmpty else { return .closes() }
    let words = text.split(at: " ", maxSplits: 1).map(String.init)
    let verb = words[0].asciiLowercased
    guard words.count > 1 else { return run(word: verb, &model) }
    let operand = words[1].trimmingBlanks
    let name = operand.asciiLowercased
    switch verb {
    case "stage": return run(stage: name, &model)
    case "view": return run(view: name, &model)
    case "copy": return run(copy: name, &model)
    case "lab": return run(fault: name, &model)
    case "rules": return run(rules: name, &model)
    case "theme": return .closes([.useTheme(id: name)])
    // The name of a file keeps its case.
    case "export": return export(operand, &model)
    case "recording": return .closes([.openRecording(name: operand)])
    case "check": return run(check: name, &model)
    case "field": return run(field: name, &model)
    case "follow":
      if let reason = model.followUnavailable { return refuse("\(reason.capitalized).", &model) }
      guard model.follow(named: name) else {
        let names = model.trail.followable.map { $0.name.asciiLowercased }
        return unknown(name, "value", among: names, in: &model)
      }
      return .closes()
    case "explain": return run(lesson: name, &model)
    case "term": return run(term: name, &model)
    default:
      if KeyMap.actions.contains(verb) {
        return refuse("\(verb) takes no further words.", &model)
      }
      return unknown(verb, in: &model)
    }
  }

  private func run(word: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    switch word {
    case "theme": return run(action: "themes", &model)
    case "stage", "view":
      return refuse("Say which: \(word) NAME; Tab lists them.", &model)
    case "q": return run(action: "quit", &model)
    case "follow": return run(action: OpenCommand.followValue.action, &model)
    default:
      let named = ExplorerModel.lineNames.first { $0.value == word }?.key
      return run(action: named ?? word, &model)
    }
  }
}

extension CommandEntry: Overlay {
  var context: KeyContext { .command }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: return run(&model)
    case .close: return .closes()
    case .nextChoice: complete(by: 1)
    case .previousChoice: complete(by: -1)
    case .toggle, .filter, .add, .edit, .delete, .undo, .reset, .save, .check, .compare:
      return .notMine
    }
    return .stays()
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    guard !completions.isEmpty else { return }
    let here = marked ?? (movement == .up ? completions.count : -1)
    let page = max(1, model.overlayPage - 2)
    take(movement.from(here, page: page, last: completions.count - 1))
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard entry.edit(key) else { return .notMine }
    retype()
    return .stays()
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard completions.indices.contains(item) else { return .stays() }
    take(item)
    return run(&model)
  }

  func paint(_ painter: inout Painter) { PaletteOverlay.paint(self, &painter) }

  func prompt(_ model: ExplorerModel) -> Prompt? {
    Prompt(
      sign: ":", entry: entry,
      note: model.notice?.text ?? "\u{2193} chooses \u{00B7} Enter does it \u{00B7} Esc closes")
  }
}
