import HybridFlow
import OpenID
import TextUI

/// The state of a replay.
public struct ReplayStatus: Sendable, Equatable {
  /// The recording's name.
  public var name: String
  /// Whether its secrets were replaced when it was written.
  public var isMasked: Bool
  /// The time of the last replayed event.
  public var now: UnixTime
  /// The number of replayed events.
  public var position: Int
  /// The number of all events.
  public var count: Int
  /// Whether it is a login that a browser's file tells.
  public var isFromHAR = false
  /// Whether it is a login that is watched at the demo tenant.
  public var isWatched = false

  /// Makes a status.
  public init(name: String, isMasked: Bool, now: UnixTime, position: Int, count: Int) {
    self.name = HarmlessText.line(name)
    (self.isMasked, self.now) = (isMasked, now)
    (self.position, self.count) = (position, count)
  }

  /// Whether all events were replayed.
  public var isAtEnd: Bool { position >= count }
}

/// The file to which the run is recorded.
public struct RecordingStatus: Sendable, Equatable {
  /// The file's path.
  public var path: String
  /// Whether it contains secrets.
  public var keepsSecrets: Bool

  /// Makes a status.
  public init(path: String, keepsSecrets: Bool) {
    (self.path, self.keepsSecrets) = (HarmlessText.line(path), keepsSecrets)
  }
}

/// One recording of the list.
public struct RecordingEntry: Sendable, Equatable {
  /// The name that opens it; empty for the live run.
  public var name: String
  /// A description in one line.
  public var about: String
  /// Whether it is shipped with the program.
  public var isShipped: Bool
  /// Why it cannot be opened; nil if it can.
  public var fault: String?

  /// Makes an entry.
  public init(name: String, about: String, isShipped: Bool, fault: String? = nil) {
    self.name = name
    self.about = HarmlessText.line(about)
    (self.isShipped, self.fault) = (isShipped, fault)
  }
}

/// The list of recordings over the panes.
struct RecordingsMenu: Sendable, Equatable {
  var entries: [RecordingEntry]
  var index = 0
  /// The recording that is deleted if its key is pressed again.
  var doomed: String?

  var chosen: RecordingEntry? { entries.indices.contains(index) ? entries[index] : nil }
}

extension RecordingsMenu: Overlay {
  var context: KeyContext { .recordings }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: return chosen.map { .closes([.openRecording(name: $0.name)]) } ?? .stays()
    case .compare: return .stays(chosen.map { [.compareWith(name: $0.name)] } ?? [])
    case .delete:
      guard let chosen else { return .stays() }
      if doomed == chosen.name { return .stays([.deleteRecording(name: chosen.name)]) }
      doomed = chosen.name
      let key = model.keyName(of: "delete-recording")
      model.say("\(key) once more deletes \(HarmlessText.line(chosen.name)).")
    case .close: return .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .undo, .reset, .save, .check:
      return .notMine
    }
    return .stays()
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    switch command {
    case .accept: return chosen?.fault.map { "it cannot be read: \($0)" }
    case .compare:
      guard let chosen else { return "there is nothing to compare with" }
      if chosen.name.isEmpty { return "this is the run itself" }
      if model.transcript.startedAt == nil { return "there is no run to compare yet" }
      return chosen.fault.map { "it cannot be read: \($0)" }
    case .delete:
      guard let chosen else { return "there is nothing to delete" }
      return chosen.isShipped || chosen.name.isEmpty
        ? "only your own recordings can be deleted" : nil
    case .close, .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .undo, .reset, .save,
      .check:
      return nil
    }
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    mark(movement.from(index, page: model.overlayPage, last: max(0, entries.count - 1)))
  }

  private mutating func mark(_ index: Int) {
    guard index != self.index else { return }
    self.index = index
    doomed = nil
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    mark(item)
    return .stays()
  }

  func paint(_ painter: inout Painter) { RecordingsOverlay.paint(self, &painter) }
}

extension ExplorerModel {
  /// Opens the list; the answer to ``ExplorerAction/listRecordings``.
  public mutating func offer(recordings entries: [RecordingEntry]) {
    let index =
      overlays[RecordingsMenu.self]?.index ?? entries.firstIndex { $0.name == summary.replay?.name }
    overlays.push(
      RecordingsMenu(entries: entries, index: max(0, min(index ?? 0, entries.count - 1))))
  }

  /// The current time for the views: that of the recording, or of the clock.
  var moment: UnixTime { summary.replay?.now ?? now }

  /// Why a key that needs a live run does nothing; nil if it works.
  var replayRefusal: String? {
    if summary.watch != nil { return Self.watchRefusal }
    if summary.replay != nil { return "this is a recording: what happened has happened" }
    return modes.drill == nil ? nil : "a drill keeps its run; \(keyName(of: .endDrill)) ends it"
  }

  var restartUnavailable: String? {
    summary.watch != nil && summary.replay == nil ? "nobody has logged in yet" : nil
  }

  var recordUnavailable: String? {
    if summary.watch != nil, summary.replay == nil { return "nobody has logged in yet" }
    guard let replay = summary.replay, !replay.isFromHAR, !replay.isWatched else { return nil }
    return "this is a recording already"
  }

  var endUnavailable: String? {
    if summary.watch != nil, summary.replay == nil { return "nobody has logged in yet" }
    guard let replay = summary.replay else {
      return "this is a live run, and nothing is recorded ahead"
    }
    return replay.isAtEnd ? "this is the end of the recording" : nil
  }

  /// The header's note about a recording or replay.
  var recordingSpans: [Span] {
    if isWatching { return watchSpans }
    if let replay = summary.replay {
      guard !replay.isFromHAR else {
        return [Span(" FROM A HAR ", .statusInfo, [.bold, .reverse]), Span("  ")]
      }
      let words = replay.isMasked ? " REPLAY \u{00B7} MASKED " : " REPLAY \u{00B7} WITH SECRETS "
      return [
        Span(words, replay.isMasked ? .statusInfo : .statusWarn, [.bold, .reverse]), Span("  "),
      ]
    }
    guard let recording = summary.recording else { return [] }
    let words = recording.keepsSecrets ? " REC \u{00B7} WITH SECRETS " : " REC "
    return [Span(words, .statusFail, [.bold, .reverse]), Span("  ")]
  }

  /// The next step of a replay, in a sentence.
  var replayStatus: [Span]? {
    guard let replay = summary.replay, looking == nil else { return nil }
    let place = "\(replay.position) of \(replay.count) events"
    if replay.isAtEnd, replay.isWatched { return nil }
    if replay.isAtEnd {
      guard case .failed = situation else {
        return [Span("The end of the recording: \(place).", .textMuted)]
      }
      return nil
    }
    return [
      Span("\u{2192}", .footerKey, .bold), Span(" goes on in the recording: \(place).", .textMuted),
    ]
  }
}

/// Draws the list of recordings.
enum RecordingsOverlay {
  static func paint(_ menu: RecordingsMenu, _ painter: inout Painter) {
    var rows: [Int] = []
    var box = ListBox("Recordings", size: painter.layout.size, columnsMax: 120) { width in
      lines(menu, width, &rows)
    }
    if rows.indices.contains(menu.index) { box.reveal(rows[menu.index]..<(rows[menu.index] + 1)) }
    box.item = { row in rows.firstIndex(of: row) }
    box.paint(&painter)
  }

  private static func lines(
    _ menu: RecordingsMenu, _ width: Int, _ rows: inout [Int]
  ) -> [Line] {
    var lines: [Line] = []
    var heading = ""
    for (index, entry) in menu.entries.enumerated() {
      let wanted =
        entry.name.isEmpty ? "" : entry.isShipped ? "Shipped with the program" : "Your own"
      if wanted != heading {
        heading = wanted
        if !lines.isEmpty { lines.append(Line()) }
        lines.append(Line(heading, .textStrong, .bold))
      }
      rows.append(lines.count)
      let name = entry.name.isEmpty ? "the live run" : HarmlessText.line(entry.name)
      let nameWidth = min(width, max(30, min(54, width * 3 / 5)))
      var line = Line(TextFitting.pad(TextFitting.fit(name, nameWidth), nameWidth), .text)
      let isDoomed = menu.doomed == entry.name && !entry.name.isEmpty
      let about = isDoomed ? "deleted with the next D" : entry.fault ?? entry.about
      if width > nameWidth + 6 {
        line.spans.append(
          Span(
            "  " + TextFitting.fit(about, width - nameWidth - 2),
            isDoomed || entry.fault != nil ? .statusFail : .textMuted))
      }
      lines.append(line)
      // The marked row shows its full text.
      guard index == menu.index, !isDoomed, CellWidth.width(of: about) > width - nameWidth - 2
      else { continue }
      lines += TextFitting.wordWrap(about, max(8, width - 2)).map { Line("  " + $0, .textMuted) }
    }
    if !menu.entries.contains(where: { !$0.isShipped && !$0.name.isEmpty }) {
      lines += [Line(), Line("R records a run of your own.", .textMuted)]
    }
    return lines
  }
}
