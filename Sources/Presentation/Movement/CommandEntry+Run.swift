import HybridFlow
import Lab
import OpenID
import TextUI

// What the verbs of the command line do.
extension CommandEntry {
  func refuse(_ reason: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    model.say(reason)
    return .stays()
  }

  func unknown(
    _ name: String, _ what: String = "action", among names: [String]? = nil,
    in model: inout ExplorerModel
  ) -> OverlayOutcome {
    let known =
      names ?? Palette.verbs.map(\.trimmingBlanks) + model.namedActions.map(\.action)
    let nearest = Spelling.nearest(to: name, among: known)
    return refuse(
      "There is no \(what) \u{201C}\(TextFitting.fit(name, 24))\u{201D}"
        + (nearest.map { "; did you mean \($0)?" } ?? "."), &model)
  }

  func run(action name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let rows = model.keys.bindings.filter { $0.action == name }
    let here = rows.first { !$0.contexts.isDisjoint(with: model.contexts) }
    guard let row = here ?? rows.first else { return unknown(name, in: &model) }
    if let reason = model.refusal(of: row) { return refuse(reason, &model) }
    return .closes(model.perform(row.command, model.layout))
  }

  func run(stage name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let stage =
      Int(name).flatMap { Stage(rawValue: $0 == 0 ? 10 : $0) }
      ?? Stage.allCases.first { $0.id == name }
    guard let stage else {
      return unknown(name, "stage", among: Stage.allCases.map(\.id), in: &model)
    }
    model.look(at: stage)
    return .closes()
  }

  func run(view name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
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

  func export(_ words: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let parts = words.split(at: " ", maxSplits: 1).map(String.init)
    let name = parts[0].asciiLowercased
    guard let format = ExportFormat(rawValue: name) else {
      return unknown(name, "format", among: ExportFormat.allCases.map(\.rawValue), in: &model)
    }
    return .closes([.export(format, path: parts.count > 1 ? parts[1].trimmingBlanks : nil)])
  }

  func run(fault name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    if let reason = model.labUnavailable { return refuse("\(reason.capitalized).", &model) }
    let isHonest = name == "honest"
    guard isHonest || model.faults.contains(where: { $0.id == name }) else {
      return unknown(name, "fault", among: model.faults.map(\.id) + ["honest"], in: &model)
    }
    return .closes([.commitFault(id: isHonest ? nil : name, switchesCheckOff: false)])
  }

  func run(rules name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard let rules = SecurityRules(rawValue: name) else {
      let names = SecurityRules.allCases.map(\.rawValue)
      return unknown(name, "set of rules", among: names, in: &model)
    }
    if let reason = model.unavailable(rules) { return refuse("\(reason.capitalized).", &model) }
    return .closes([.useRules(rules)])
  }

  func run(copy name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let entries = model.copyEntries
    guard entries.contains(where: { $0.id == name }) else {
      return unknown(name, "copy", among: entries.map(\.id), in: &model)
    }
    return .closes(model.copy(id: name))
  }

  func run(check name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard let id = CheckID(rawValue: name) else {
      return unknown(name, "check", among: CheckID.allCases.map(\.rawValue), in: &model)
    }
    let found = model.transcript.stages.filter { record in
      record.checks.contains { $0.id == id } && !model.conceals(record.stage)
    }
    let failed = found.first { $0.checks.contains { $0.id == id && $0.verdict == .fail } }
    let here = found.first { $0.stage == model.shownStage }
    guard let record = here ?? failed ?? found.first,
      let index = record.checks.firstIndex(where: { $0.id == id })
    else {
      let stage = model.faults.first { $0.caughtBy == name }?.stage
      let place = stage.map { "it runs at stage \($0.number)" } ?? "it has not run yet"
      return refuse("\(name), \(place): \(id.rule).", &model)
    }
    model.show(
      Place(
        stage: record.stage, view: .checks, row: "check:\(record.stage.id):\(index)", kind: .check,
        name: name))
    return .closes()
  }

  /// Goes to a name of the run: `nonce`, `nonce 5`, `nonce 5 decoded`.
  func run(field words: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let parts = words.split(at: " ").map(String.init)
    let name = parts.first ?? ""
    let fields = model.trail.fields.filter {
      HarmlessText.line($0.name).asciiLowercased.isIdentical(to: name)
        && (parts.count < 2 || parts[1] == String($0.place.stage.number))
        && (parts.count < 3 || parts[2] == $0.place.view.id)
    }
    guard let field = fields.first else {
      if let meaning = Glossary.meaning(of: name) {
        return refuse("\(name) is not in this run: \(meaning).", &model)
      }
      return unknown(name, "name", among: model.trail.fields.map(\.name), in: &model)
    }
    model.show(field.place)
    if let meaning = Glossary.meaning(of: field.name) {
      model.say("\(HarmlessText.line(field.name)): \(meaning).")
    }
    return .closes()
  }

  func run(lesson name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let outcome = run(stage: name, &model)
    guard case .closes = outcome else { return outcome }
    if model.layout.hasExplainPane { model.focus = .explain } else { model.show(.explain) }
    return outcome
  }

  func run(term name: String, _ model: inout ExplorerModel) -> OverlayOutcome {
    let entry = Glossary.Context.allCases.lazy.flatMap { Glossary.entries(in: $0) }
      .first { $0.name.asciiLowercased.isIdentical(to: name) }
    guard let entry else {
      return unknown(name, "term", among: model.trail.fields.map(\.name), in: &model)
    }
    return refuse("\(entry.name): \(entry.meaning) (\(entry.source.short)).", &model)
  }
}
