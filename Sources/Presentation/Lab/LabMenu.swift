import HybridFlow
import OpenID

/// One fault that the demo tenant or an attacker can commit, as the explorer tells of it.
public struct LabEntry: Sendable, Equatable {
  /// The name, also on the command line.
  public var id: String
  /// The kind of fault.
  public var group: String
  /// Who commits it, in a word or two.
  public var who: String
  /// What is done, in a sentence.
  public var does: String
  /// What is gained where no check catches it, in a sentence.
  public var gain: String
  /// What there is to learn.
  public var lesson: String
  /// What must catch it: the id of a check, or of a rule of the tenant.
  public var caughtBy: String
  /// Where it must be caught.
  public var stage: Stage
  /// Where the rules stand.
  public var sections: [SpecReference]
  /// Whether the check can be switched off, to see what it is for.
  public var canSwitchOff: Bool
  /// The checks that are switched off with it, because the fault breaks their rules as well.
  public var companions: [String]
  /// What the application does after the flow, where the fault shows only there; in words.
  public var afterwards: [String]

  /// Where it must be caught, in words.
  public var place: String {
    guard let last = afterwards.last else { return "at stage \(stage.number)" }
    return "after the flow, \u{201C}\(last)\u{201D},"
  }

  /// What an application that listens to the check does.
  var rightReaction: String {
    let failed = "\(caughtBy) fails, and it "
    guard afterwards.isEmpty else {
      return failed
        + "discards the answer: the sign-in stays what it was, and no new token is used."
    }
    return switch stage {
    case .login:
      failed + "stops before the browser leaves: nobody signs in at a provider set up like this."
    case .authorize: failed + "does not send the request at all."
    case .prompt, .authenticate, .callback:
      failed + "refuses the answer: no token of it is used, and the code never leaves."
    case .exchange: failed + "does not send the request: the code stays at home."
    case .verify, .tokens:
      failed + "throws all tokens of the answer away: nobody is signed in, and no API is called."
    case .api: failed + "does not call the API like this."
    case .data: failed + "throws the answer away and shows nothing of it."
    }
  }

  /// Everything that is switched off with the check, the check itself first.
  public var switched: [String] { [caughtBy] + companions }

  /// Describes a fault.
  public init(
    id: String, group: String, who: String, does: String, gain: String, lesson: String,
    caughtBy: String, stage: Stage, sections: [SpecReference], canSwitchOff: Bool,
    companions: [String] = [], afterwards: [String] = []
  ) {
    (self.id, self.group, self.who, self.does) = (id, group, who, does)
    (self.gain, self.lesson, self.caughtBy, self.stage) = (gain, lesson, caughtBy, stage)
    (self.sections, self.canSwitchOff) = (sections, canSwitchOff)
    self.companions = companions
    self.afterwards = afterwards
  }
}

/// The fault of the run on the screen.
public struct LabRun: Sendable, Equatable {
  /// Which fault.
  public var entry: LabEntry
  /// Whether its check is switched off.
  public var isCheckOff: Bool

  /// Describes a run in the lab.
  public init(entry: LabEntry, isCheckOff: Bool) {
    (self.entry, self.isCheckOff) = (entry, isCheckOff)
  }
}

/// The list of faults over the panes; its first row is the honest flow.
struct LabMenu: Sendable, Equatable {
  var entries: [LabEntry]
  var index: Int
  /// Whether the check of the marked fault is to be switched off.
  var switchesOff = false

  var chosen: LabEntry? { index == 0 ? nil : entries[index - 1] }
  var count: Int { entries.count + 1 }
}

extension ExplorerModel {
  /// Opens the lab; what was asked for with ``ExplorerAction/chooseFault``.
  public mutating func offer(faults: [LabEntry]) {
    let here = summary.lab.flatMap { run in faults.firstIndex { $0.id == run.entry.id } }
    modes.lab = LabMenu(
      entries: faults, index: here.map { $0 + 1 } ?? min(1, faults.count),
      switchesOff: summary.lab?.isCheckOff ?? false)
  }

  var labUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    return summary.isDemo ? nil : "the lab breaks the demo tenant only, never a real one"
  }

  var switchUnavailable: String? {
    guard let entry = modes.lab?.chosen else { return "the honest flow has no check to switch off" }
    return entry.canSwitchOff
      ? nil : "the tenant itself catches this; there is no check of ours to switch off"
  }

  mutating func moveLab(to index: Int) {
    guard let menu = modes.lab, index != menu.index else { return }
    modes.lab?.index = index
    modes.lab?.switchesOff = false
  }

  /// Shows what is done after the flow, because the lab goes on there by itself.
  public mutating func followLab(doing title: String) {
    looking = nil
    focus = .detail
    view = .after
    say("The lab goes on after the flow: \(title).")
  }

  /// Starts over with the marked fault.
  mutating func commitFault() -> [ExplorerAction] {
    guard let menu = modes.lab else { return [] }
    modes.lab = nil
    return [
      .commitFault(
        id: menu.chosen?.id,
        switchesCheckOff: menu.switchesOff && menu.chosen?.canSwitchOff == true)
    ]
  }

  /// What the header says while a run is in the lab: never to be overlooked.
  ///
  /// - Parameter room: Cells that it may take; what is switched off is named as far as it fits.
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

/// Draws the list of faults, and beside or below it what the marked one is about.
enum LabOverlay {
  static func paint(_ painter: inout Painter) {
    guard let menu = painter.model.modes.lab else { return }
    let size = painter.layout.size
    let isWide = size.columns >= 110
    let listSize =
      isWide
      ? ScreenSize(columns: size.columns * 2 / 5, rows: size.rows)
      : ScreenSize(columns: size.columns, rows: size.rows / 2 + 1)
    var rows: [Int] = []
    var box = ListBox("Lab: break it on purpose", size: listSize, columnsMax: 120) { width in
      lines(menu, width, &rows)
    }
    box.rect.height = listSize.rows - 2
    box.rect.row = 1
    box.reveal(rows[menu.index]..<(rows[menu.index] + 1))
    box.item = { row in rows.firstIndex(of: row) }
    box.paint(&painter)
    let side =
      isWide
      ? Rect(
        column: listSize.columns - 1, row: 1, width: size.columns - listSize.columns - 1,
        height: size.rows - 2)
      : Rect(
        column: box.rect.column, row: listSize.rows - 1, width: box.rect.width,
        height: size.rows - listSize.rows - 1)
    paintStory(menu, side, &painter)
  }

  /// The rows of the list; `rows` says at which row each item stands.
  private static func lines(_ menu: LabMenu, _ width: Int, _ rows: inout [Int]) -> [Line] {
    rows = [0]
    var lines = [Line("the honest flow", .text)]
    var group = ""
    for entry in menu.entries {
      if entry.group != group {
        group = entry.group
        lines.append(Line())
        lines.append(Line(TextFitting.fit(group, width), .textStrong, .bold))
      }
      rows.append(lines.count)
      let name = TextFitting.pad(TextFitting.fit(entry.id, width), min(width, 30))
      var line = Line(name, .text)
      if width > 44 {
        line.spans.append(
          Span(
            TextFitting.fit(
              "  \(entry.afterwards.isEmpty ? "\(entry.stage.number)" : "+")  \(entry.caughtBy)",
              width - 30), .textMuted))
      }
      lines.append(line)
    }
    return lines
  }

  private static func paintStory(_ menu: LabMenu, _ rect: Rect, _ painter: inout Painter) {
    guard rect.height > 2, rect.width > 20 else { return }
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: false, surface: .overlay)
    let title = menu.chosen?.id ?? "the honest flow"
    painter.frame.put(
      " \(TextFitting.fit(title, rect.width - 6)) ", column: rect.column + 2, row: rect.row,
      role: .title, surface: .overlay, emphasis: .bold)
    let rows = story(menu).laid(rect.width - 6)
    for (offset, line) in rows.prefix(rect.height - 2).enumerated() {
      painter.put(
        line.spans, column: rect.column + 3, row: rect.row + 1 + offset, surface: .overlay,
        width: rect.width - 6)
    }
  }

  private static func story(_ menu: LabMenu) -> Document {
    guard let entry = menu.chosen else {
      var document = Document()
      document.paragraph("Nobody lies and nobody listens in. Enter starts over without a fault.")
      return document
    }
    var document = Document()
    let names = entry.switched.joined(separator: ", ")
    if menu.switchesOff {
      document.paragraph("OFF for this run: \(names).", .statusFail)
      document.gap()
    }
    let offers = entry.canSwitchOff && !menu.switchesOff
    document.add(entry, hint: offers ? "Space switches off: \(names)." : nil)
    return document
  }
}

extension Document {
  /// What a fault is about: what is done, what catches it, what there is to learn.
  ///
  /// - Parameter hint: What can be done about it here.
  mutating func add(_ entry: LabEntry, hint: String? = nil) {
    paragraph(entry.does)
    gap()
    line("Caught \(entry.place) by \(entry.caughtBy)", .statusPass, .bold)
    if let hint { paragraph(hint, .textMuted) }
    gap()
    paragraph(entry.lesson)
    gap()
    line("Without the check", .textStrong, .bold)
    paragraph(entry.gain)
    gap()
    paragraph(entry.sections.map(\.description).joined(separator: " \u{00B7} "), .textMuted)
  }
}
