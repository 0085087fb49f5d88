import HybridFlow
import OpenID
import TextUI

/// The command line.
struct CommandEntry: Sendable, Equatable {
  var entry: TextEntry
  /// The completion that was taken last; nil while words are typed.
  var chosen: Int?
  /// What was typed before completions were taken.
  var typed = ""

  init(text: String = "") { entry = TextEntry(text) }

  /// What completions are made from: what was typed, not what was completed.
  var stem: String { chosen == nil ? entry.text : typed }

  mutating func take(_ index: Int, of completions: [Completion]) {
    guard completions.indices.contains(index) else { return }
    if chosen == nil { typed = entry.text }
    chosen = index
    entry.replace(with: completions[index].text)
  }
}

/// Something that can stand in the command line.
struct Completion: Sendable, Equatable {
  var text: String
  var help: String
}

extension ExplorerModel {
  /// The actions that the command line offers, each once: not those of the line itself.
  private var namedActions: [KeyBinding] {
    var seen: Set<KeyCommand> = [.jump, .copy, .export, .lab]
    return keys.bindings.filter { binding in
      binding.contexts != [.command] && seen.insert(binding.command).inserted
    }
  }

  private static let verbs: [Completion] = [
    Completion(text: "stage ", help: "Look at a stage by its number or name."),
    Completion(text: "view ", help: "Show a view of the stage."),
    Completion(text: "copy ", help: "Copy something of the stage."),
    Completion(
      text: "export ", help: "Write the run to a file: HAR, report, diagram, commands, film."),
    Completion(text: "lab ", help: "Commit a fault of the lab by its name, to where it is caught."),
    Completion(text: "theme ", help: "Look at a theme by its name; t and Enter keep one."),
  ]

  /// What can follow what was typed.
  var completions: [Completion] {
    guard let line = modes.line else { return [] }
    let stem = line.stem.asciiLowercased
    return candidates(for: stem).filter { $0.text.begins(with: stem) }
  }

  private func candidates(for stem: String) -> [Completion] {
    if stem.begins(with: "stage ") {
      let stages = Stage.allCases
      return stages.map { Completion(text: "stage \($0.number)", help: $0.title) }
        + stages.map { Completion(text: "stage \($0.id)", help: $0.title) }
    }
    if stem.begins(with: "view ") {
      return views(layout).map { Completion(text: "view \($0.rawValue)", help: $0.title) }
    }
    if stem.begins(with: "copy ") {
      return copyEntries.map { Completion(text: "copy \($0.id)", help: $0.title) }
    }
    if stem.begins(with: "lab ") {
      return faults.map { Completion(text: "lab \($0.id)", help: $0.does) }
        + [Completion(text: "lab honest", help: "Start over without a fault.")]
    }
    if stem.begins(with: "export ") {
      return ExportFormat.allCases.map {
        Completion(text: "export \($0.rawValue) ", help: $0.help)
      }
    }
    // What belongs to a list that is not open cannot be done from here.
    let places = KeyContext.walking.union([.found, .presenting])
    let actions = namedActions.filter { !$0.contexts.isDisjoint(with: places) }
      .map { Completion(text: $0.command.id, help: Self.brief($0.help)) }
    return (Self.verbs + actions).sorted { $0.text < $1.text }
  }

  /// The first statement of a help text.
  private static func brief(_ help: String) -> String {
    help.holds(anyOf: ".;:") ? help.before(anyOf: ".;:") + "." : help
  }

  mutating func completeLine(by step: Int) {
    let completions = completions
    guard !completions.isEmpty, let line = modes.line else { return }
    let next = line.chosen.map { ($0 + step + completions.count) % completions.count }
    modes.line?.take(next ?? (step > 0 ? 0 : completions.count - 1), of: completions)
    if completions.count == 1 { modes.line?.chosen = nil }
  }

  mutating func runLine(_ layout: Layout) -> [ExplorerAction] {
    guard let text = modes.line?.entry.text.trimmingBlanks, !text.isEmpty else {
      modes.line = nil
      return []
    }
    let words = text.split(at: " ", maxSplits: 1).map(String.init)
    let operand = words.count > 1 ? words[1].trimmingBlanks.asciiLowercased : nil
    switch (words[0].asciiLowercased, operand) {
    case ("stage", let name?): return run(stage: name)
    case ("view", let name?): return run(view: name, layout)
    case ("copy", let name?): return run(copy: name)
    case ("lab", let name?): return run(fault: name)
    case ("theme", let name?):
      modes.line = nil
      return [.useTheme(id: name)]
    // The name of a file is written as it was typed.
    case ("export", _?): return export(words[1].trimmingBlanks)
    case ("theme", nil): return run(action: .themes, layout)
    case ("copy", nil): return run(action: .copy, layout)
    case ("export", nil): return run(action: .export, layout)
    case ("lab", nil): return run(action: .lab, layout)
    case ("stage", nil), ("view", nil):
      return refuse("Say which: \(words[0].asciiLowercased) NAME; Tab lists them.")
    case ("q", nil): return run(action: .quit, layout)
    case (let name, nil): return run(named: name, layout)
    case (let name, _?):
      if KeyCommand(id: name) != nil { return refuse("\(name) takes no further words.") }
      return unknown(name)
    }
  }

  private mutating func refuse(_ reason: String) -> [ExplorerAction] {
    say(reason)
    return []
  }

  private mutating func unknown(
    _ name: String, _ what: String = "action", among names: [String]? = nil
  ) -> [ExplorerAction] {
    let known =
      names ?? ["stage", "view", "copy", "export", "lab", "theme", "quit"]
      + namedActions.map(\.command.id)
    let nearest = Spelling.nearest(to: name, among: known)
    return refuse(
      "There is no \(what) \u{201C}\(TextFitting.fit(name, 24))\u{201D}"
        + (nearest.map { "; did you mean \($0)?" } ?? "."))
  }

  private mutating func run(named name: String, _ layout: Layout) -> [ExplorerAction] {
    guard let command = KeyCommand(id: name),
      namedActions.contains(where: { $0.command == command })
    else { return unknown(name) }
    return run(action: command, layout)
  }

  private mutating func run(action command: KeyCommand, _ layout: Layout) -> [ExplorerAction] {
    var below = self
    below.modes.line = nil
    let rows = keys.bindings.filter { $0.command == command }
    let here = rows.first { !$0.contexts.isDisjoint(with: below.contexts) }
    if let row = here ?? rows.first, let reason = below.refusal(of: row) { return refuse(reason) }
    modes.line = nil
    return run(command, layout)
  }

  private mutating func run(stage name: String) -> [ExplorerAction] {
    let stage =
      Int(name).flatMap { Stage(rawValue: $0 == 0 ? 10 : $0) }
      ?? Stage.allCases.first { $0.id == name }
    guard let stage else {
      return unknown(name, "stage", among: Stage.allCases.map(\.id))
    }
    modes.line = nil
    look(at: stage)
    return []
  }

  private mutating func run(view name: String, _ layout: Layout) -> [ExplorerAction] {
    let views = views(layout)
    guard
      let view = views.first(where: { $0.rawValue == name || $0.title.asciiLowercased == name })
    else {
      if DetailView(rawValue: name) != nil { return refuse("This stage has no such view here.") }
      return unknown(name, "view", among: views.map(\.rawValue))
    }
    modes.line = nil
    show(view)
    return []
  }

  private mutating func export(_ words: String) -> [ExplorerAction] {
    let parts = words.split(at: " ", maxSplits: 1).map(String.init)
    let name = parts[0].asciiLowercased
    guard let format = ExportFormat(rawValue: name) else {
      return unknown(name, "format", among: ExportFormat.allCases.map(\.rawValue))
    }
    modes.line = nil
    return [.export(format, path: parts.count > 1 ? parts[1].trimmingBlanks : nil)]
  }

  private mutating func run(fault name: String) -> [ExplorerAction] {
    if let labUnavailable { return refuse("\(labUnavailable.capitalized).") }
    let isHonest = name == "honest"
    guard isHonest || faults.contains(where: { $0.id == name }) else {
      return unknown(name, "fault", among: faults.map(\.id) + ["honest"])
    }
    modes.line = nil
    return [.commitFault(id: isHonest ? nil : name, switchesCheckOff: false)]
  }

  private mutating func run(copy name: String) -> [ExplorerAction] {
    let entries = copyEntries
    guard entries.contains(where: { $0.id == name }) else {
      return unknown(name, "copy", among: entries.map(\.id))
    }
    modes.line = nil
    return copy(id: name)
  }
}

/// The names that fit what was typed, in a box that stands on the command line.
enum CompletionOverlay {
  static let rowsMax = 8
  private static let columnsMax = 100

  static func paint(_ painter: inout Painter) {
    guard let line = painter.model.modes.line else { return }
    let completions = painter.model.completions
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
