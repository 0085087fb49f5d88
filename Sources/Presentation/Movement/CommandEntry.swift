import HybridFlow
import Lab
import OpenID
import TextUI

/// The command line.
struct CommandEntry: Sendable, Equatable {
  var entry: TextEntry
  /// The selected completion; nil while the person types.
  var chosen: Int?
  /// The text before a completion was selected.
  var typed = ""

  init(text: String = "") { entry = TextEntry(text) }

  /// The text to complete: as typed, without completions.
  var stem: String { chosen == nil ? entry.text : typed }

  mutating func take(_ index: Int, of completions: [Completion]) {
    guard completions.indices.contains(index) else { return }
    if chosen == nil { typed = entry.text }
    chosen = index
    entry.replace(with: completions[index].text)
  }
}

/// A completion of the command line.
struct Completion: Sendable, Equatable {
  var text: String
  var help: String
}

extension ExplorerModel {
  /// The actions that the command line offers, each once, without those of the line itself.
  fileprivate var namedActions: [KeyBinding] {
    var seen: Set<String> = ["jump", "copy", "export", "lab"]
    return keys.bindings.filter { binding in
      binding.contexts != [.command] && seen.insert(binding.action).inserted
    }
  }

  /// The possible completions of the command line.
  var completions: [Completion] { overlays[CommandEntry.self]?.completions(self) ?? [] }
}

extension CommandEntry {
  private static let verbs: [Completion] = [
    Completion(text: "stage ", help: "Look at a stage by its number or name."),
    Completion(text: "view ", help: "Show a view of the stage."),
    Completion(text: "copy ", help: "Copy something of the stage."),
    Completion(
      text: "export ", help: "Write the run to a file: HAR, report, diagram, commands, film."),
    Completion(text: "lab ", help: "Commit a fault of the lab by its name, to where it is caught."),
    Completion(text: "theme ", help: "Look at a theme by its name; t and Enter keep one."),
  ]

  /// The possible completions of the typed text.
  func completions(_ model: ExplorerModel) -> [Completion] {
    let stem = stem.asciiLowercased
    return candidates(for: stem, model).filter { $0.text.begins(with: stem) }
  }

  private func candidates(for stem: String, _ model: ExplorerModel) -> [Completion] {
    if stem.begins(with: "stage ") {
      let stages = Stage.allCases
      return stages.map { Completion(text: "stage \($0.number)", help: $0.title) }
        + stages.map { Completion(text: "stage \($0.id)", help: $0.title) }
    }
    if stem.begins(with: "view ") {
      return model.views(model.layout).map {
        Completion(text: "view \($0.id)", help: $0.title)
      }
    }
    if stem.begins(with: "copy ") {
      return model.copyEntries.map { Completion(text: "copy \($0.id)", help: $0.title) }
    }
    if stem.begins(with: "lab ") {
      return model.faults.map { Completion(text: "lab \($0.id)", help: $0.does) }
        + [Completion(text: "lab honest", help: "Start over without a fault.")]
    }
    if stem.begins(with: "export ") {
      return ExportFormat.allCases.map {
        Completion(text: "export \($0.rawValue) ", help: $0.help)
      }
    }
    // Actions of a list that is not open are not available here.
    let places = KeyContext.walking.union([.found, .presenting])
    let actions = model.namedActions.filter { !$0.contexts.isDisjoint(with: places) }
      .map { Completion(text: $0.action, help: Self.brief($0.help)) }
    return (Self.verbs + actions).sorted { $0.text < $1.text }
  }

  /// The first clause of a help text.
  private static func brief(_ help: String) -> String {
    help.holds(anyOf: ".;:") ? help.before(anyOf: ".;:") + "." : help
  }

  private mutating func complete(by step: Int, _ model: ExplorerModel) {
    let completions = completions(model)
    guard !completions.isEmpty else { return }
    let next = chosen.map { ($0 + step + completions.count) % completions.count }
    take(next ?? (step > 0 ? 0 : completions.count - 1), of: completions)
    if completions.count == 1 { chosen = nil }
  }

  private func run(_ model: inout ExplorerModel) -> OverlayOutcome {
    let text = entry.text.trimmingBlanks
    guard !text.isEmpty else { return .closes() }
    let words = text.split(at: " ", maxSplits: 1).map(String.init)
    let operand = words.count > 1 ? words[1].trimmingBlanks.asciiLowercased : nil
    switch (words[0].asciiLowercased, operand) {
    case ("stage", let name?): return run(stage: name, &model)
    case ("view", let name?): return run(view: name, &model)
    case ("copy", let name?): return run(copy: name, &model)
    case ("lab", let name?): return run(fault: name, &model)
    case ("theme", let name?): return .closes([.useTheme(id: name)])
    // A file name keeps its case.
    case ("export", _?): return export(words[1].trimmingBlanks, &model)
    case ("theme", nil): return run(action: "themes", &model)
    case ("stage", nil), ("view", nil):
      return refuse("Say which: \(words[0].asciiLowercased) NAME; Tab lists them.", &model)
    case ("q", nil): return run(action: "quit", &model)
    case (let name, nil):
      // Actions with an argument have their own completions.
      let isNamed = ["copy", "export", "lab"].contains(name)
      guard isNamed || model.namedActions.contains(where: { $0.action == name }) else {
        return unknown(name, in: &model)
      }
      return run(action: name, &model)
    case (let name, _?):
      if KeyMap.all.contains(where: { $0.action == name }) {
        return refuse("\(name) takes no further words.", &model)
      }
      return unknown(name, in: &model)
    }
  }

  private func refuse(_ reason: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    model.say(reason)
    return .stays()
  }

  private func unknown(
    _ name: String, _ what: String = "action", among names: [String]? = nil,
    in model: inout ExplorerModel
  ) -> OverlayOutcome {
    let known =
      names ?? ["stage", "view", "copy", "export", "lab", "theme", "quit"]
      + model.namedActions.map(\.action)
    let nearest = Spelling.nearest(to: name, among: known)
    return refuse(
      "There is no \(what) \u{201C}\(TextFitting.fit(name, 24))\u{201D}"
        + (nearest.map { "; did you mean \($0)?" } ?? "."), &model)
  }

  private func run(action name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let rows = model.keys.bindings.filter { $0.action == name }
    let here = rows.first { !$0.contexts.isDisjoint(with: model.contexts) }
    guard let row = here ?? rows.first else { return unknown(name, in: &model) }
    if let reason = model.refusal(of: row) { return refuse(reason, &model) }
    return .closes(model.perform(row.command, model.layout))
  }

  private func run(stage name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let stage =
      Int(name).flatMap { Stage(rawValue: $0 == 0 ? 10 : $0) }
      ?? Stage.allCases.first { $0.id == name }
    guard let stage else {
      return unknown(name, "stage", among: Stage.allCases.map(\.id), in: &model)
    }
    model.look(at: stage)
    return .closes()
  }

  private func run(view name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let views = model.views(model.layout)
    guard
      let view = views.first(where: { $0.id == name || $0.title.asciiLowercased == name })
    else {
      if DetailView.allCases.contains(where: { $0.id == name }) {
        return refuse("This stage has no such view here.", &model)
      }
      return unknown(name, "view", among: views.map(\.id), in: &model)
    }
    model.show(view)
    return .closes()
  }

  private func export(_ words: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let parts = words.split(at: " ", maxSplits: 1).map(String.init)
    let name = parts[0].asciiLowercased
    guard let format = ExportFormat(rawValue: name) else {
      return unknown(name, "format", among: ExportFormat.allCases.map(\.rawValue), in: &model)
    }
    return .closes([.export(format, path: parts.count > 1 ? parts[1].trimmingBlanks : nil)])
  }

  private func run(fault name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    if let reason = model.labUnavailable { return refuse("\(reason.capitalized).", &model) }
    let isHonest = name == "honest"
    guard isHonest || model.faults.contains(where: { $0.id == name }) else {
      return unknown(name, "fault", among: model.faults.map(\.id) + ["honest"], in: &model)
    }
    return .closes([.commitFault(id: isHonest ? nil : name, switchesCheckOff: false)])
  }

  private func run(copy name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let entries = model.copyEntries
    guard entries.contains(where: { $0.id == name }) else {
      return unknown(name, "copy", among: entries.map(\.id), in: &model)
    }
    return .closes(model.copy(id: name))
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
    case .nextChoice: complete(by: 1, model)
    case .previousChoice: complete(by: -1, model)
    case .toggle, .filter, .add, .edit, .delete, .undo, .reset, .save, .check, .compare:
      return .notMine
    }
    return .stays()
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard entry.edit(key) else { return .notMine }
    chosen = nil
    return .stays()
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    take(item, of: completions(model))
    return run(&model)
  }

  func paint(_ painter: inout Painter) { CompletionOverlay.paint(self, &painter) }

  func prompt(_ model: ExplorerModel) -> Prompt? {
    Prompt(
      sign: ":", entry: entry, note: model.notice?.text ?? "Tab completes \u{00B7} Esc closes")
  }
}

/// The matching names, in a box above the command line.
enum CompletionOverlay {
  static let rowsMax = 8
  private static let columnsMax = 100

  static func paint(_ line: CommandEntry, _ painter: inout Painter) {
    let completions = line.completions(painter.model)
    let size = painter.layout.size
    let height = min(Self.rowsMax, completions.count, size.rows - 6)
    guard height > 0 else { return }
    let names = min(24, completions.map { CellWidth.width(of: $0.text) }.max() ?? 0)
    let rows = completions.map { completion in
      Line([
        Span(TextFitting.pad(completion.text, names) + "  ", .footerKey, .bold),
        Span(completion.help, .textMuted),
      ])
    }
    var box = ListBox(
      "Commands", size: size, columnsMax: columnsMax
    ) { width in
      rows.map { Line($0.spans.fitted(width)) }
    }
    box.rect.height = height + 2
    box.rect.column = 0
    box.rect.row = painter.layout.footer.row - box.rect.height
    box.item = { $0 }
    if let chosen = line.chosen { box.reveal(chosen..<(chosen + 1)) }
    box.paint(&painter)
  }
}
