import HybridFlow
import Lab
import OpenID
import TextUI

/// Names that the controller knows: for the palette, which opens the things by them.
public struct KnownNames: Sendable, Equatable {
  /// The recordings, as the list of them has them.
  public var recordings: [RecordingEntry]
  /// The themes: their ids and names.
  public var themes: [(id: String, name: String)]

  /// Makes the names.
  public init(recordings: [RecordingEntry] = [], themes: [(id: String, name: String)] = []) {
    (self.recordings, self.themes) = (recordings, themes)
  }

  /// Two are equal when they hold the same names.
  public static func == (left: Self, right: Self) -> Bool {
    left.recordings == right.recordings && left.themes.elementsEqual(right.themes, by: ==)
  }
}

extension ExplorerModel {
  /// Everything that can be done or gone to, in the order of its groups.
  var paletteRows: [PaletteRow] {
    PaletteRow.grouped(everyRow)
  }

  private var everyRow: [PaletteRow] {
    actionRows + stageRows + viewRows + valueRows + checkRows + fieldRows + faultRows + rulesRows
      + lessonRows + nameRows + handRows + termRows
  }

  // MARK: - What can be done

  /// An action that has another name on the command line than in the settings, where the name
  /// cannot change.
  static let lineNames = ["follow": "to-the-run", "jump": "stage "]

  private var actionRows: [PaletteRow] {
    namedActions.map { binding in
      PaletteRow(
        .action, Self.lineNames[binding.action] ?? binding.action, binding.label,
        help: Self.brief(binding.help), key: binding.keys.first?.name ?? "",
        purpose: binding.purpose, refusal: refusal(of: binding))
    }
  }

  /// The first row of every action, of those in these contexts before the others.
  var namedActions: [KeyBinding] {
    let contexts = contexts
    var seen: Set<String> = []
    let here = keys.bindings.filter { !$0.contexts.isDisjoint(with: contexts) }
    return (here + keys.bindings).filter { seen.insert($0.action).inserted }
  }

  /// The first clause of a help text.
  static func brief(_ help: String) -> String {
    help.holds(anyOf: ".;:") ? help.before(anyOf: ".;:") + "." : help
  }

  private var handRows: [PaletteRow] {
    let refusal = exportUnavailable.map { "\($0.capitalized)." }
    return ExportFormat.allCases.map {
      PaletteRow(.export, "export \($0.rawValue) ", $0.rawValue, help: $0.help, refusal: refusal)
    }
      + copyEntries.map {
        PaletteRow(.copy, "copy \($0.id)", $0.title, help: "Copy it.")
      }
  }

  private var faultRows: [PaletteRow] {
    let refusal = labUnavailable.map { "\($0.capitalized)." }
    let honest = PaletteRow(
      .fault, "lab honest", "honest", help: "Start over without a fault.", refusal: refusal)
    return faults.map {
      PaletteRow(
        .fault, "lab \($0.id)", $0.id, help: "\($0.does) \($0.caughtBy), stage \($0.stage.number).",
        refusal: refusal)
    } + [honest]
  }

  private var rulesRows: [PaletteRow] {
    SecurityRules.allCases.map { rules in
      let help =
        switch rules {
        case .openID: "Start over as the connection asks by itself."
        case .fapi1Advanced: "Start over as banks demand it: signed, pushed, with a certificate."
        }
      return PaletteRow(
        .rules, "rules \(rules.rawValue)", rules.title, help: help,
        refusal: unavailable(rules).map { "\($0.capitalized)." })
    }
  }

  private var nameRows: [PaletteRow] {
    guard let knownNames else { return [] }
    let recordings = knownNames.recordings.filter { !$0.name.isEmpty }.map {
      PaletteRow(
        .recording, "recording \($0.name)", HarmlessText.line($0.name), help: $0.about,
        refusal: $0.fault.map { HarmlessText.line($0) })
    }
    return recordings
      + knownNames.themes.map {
        PaletteRow(
          .theme, "theme \($0.id)", HarmlessText.line($0.name),
          help: $0.id == theme.id ? "The theme in use." : "Look at this theme.")
      }
  }

  // MARK: - Where one can go

  private var stageRows: [PaletteRow] {
    let stages = Stage.allCases
    return stages.map { stage in
      PaletteRow(
        .stage, "stage \(stage.number)", stage.title, help: "\(stage.number). \(stage.sentence).",
        key: String(stage.number % 10))
    }
      + stages.map {
        PaletteRow(.stage, "stage \($0.id)", $0.title, help: $0.sentence + ".", isAlias: true)
      }
  }

  private var viewRows: [PaletteRow] {
    views(layout).map {
      PaletteRow(.view, "view \($0.id)", $0.title, help: $0.about)
    }
  }

  private var valueRows: [PaletteRow] {
    trail.followable.map { value in
      let places = FollowMenu.count(told(value))
      let meaning = Glossary.meaning(of: value.plainName)
      return PaletteRow(
        .value, "follow \(value.name)", value.name,
        help: "Follow it: \(places)." + (meaning.map { " \($0.capitalized)." } ?? ""))
    }
  }

  private var checkRows: [PaletteRow] {
    var stages: [CheckID: [Stage]] = [:]
    for record in transcript.stages where !conceals(record.stage) {
      for check in record.checks where stages[check.id]?.last != record.stage {
        stages[check.id, default: []].append(record.stage)
      }
    }
    let failed = transcript.stages.filter { !conceals($0.stage) }.flatMap(\.checks)
      .filter { $0.verdict == .fail }.map(\.id)
    return CheckID.allCases.map { id in
      let numbers = (stages[id] ?? []).map { String($0.number) }.joined(separator: ", ")
      let place = numbers.isEmpty ? "not run yet" : "stage \(numbers)"
      return PaletteRow(
        .check, "check \(id.rawValue)", id.rawValue,
        help: (failed.contains(id) ? "Failed, " : "") + "\(place): \(id.rule).")
    }
  }

  private var fieldRows: [PaletteRow] {
    trail.fields.filter { $0.name.utf8.count <= Self.longestName }.map { field in
      let place = field.place
      let kind: PaletteRow.Kind =
        switch place.kind {
        case .claim: .claim
        case .header: .header
        default: .field
        }
      let name = HarmlessText.line(field.name)
      let meaning = Glossary.meaning(of: field.name).map { " \($0.capitalized)." } ?? ""
      return PaletteRow(
        kind, "field \(name) \(place.stage.number) \(place.view.id)", name,
        help: "Stage \(place.stage.number), \(place.view.title)." + meaning)
    }
  }

  private static let longestName = 60

  private var lessonRows: [PaletteRow] {
    Stage.allCases.map { stage in
      let lesson = lesson(for: stage)
      return PaletteRow(
        .lesson, "explain \(stage.number)", lesson.title,
        help: "Stage \(stage.number). \(lesson.question)")
    }
  }

  /// What the glossary explains and the run does not have.
  private var termRows: [PaletteRow] {
    var seen = Set(trail.fields.map(\.name))
    return Glossary.Context.allCases.flatMap { Glossary.entries(in: $0) }.compactMap { entry in
      guard !entry.name.ends(with: "*"), seen.insert(entry.name).inserted else { return nil }
      return PaletteRow(
        .term, "term \(entry.name.asciiLowercased)", entry.name,
        help: entry.meaning.capitalized + ".")
    }
  }
}
