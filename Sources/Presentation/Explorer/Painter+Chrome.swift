import HybridFlow
import OpenID
import Redaction
import TextUI

extension Painter {
  mutating func paintHeader() {
    let stage = model.shownStage
    let isWide = layout.status != nil
    let left: [Span] =
      isWide
      ? [
        Span(" Hybrid Flow   ", .textMuted),
        Span("\(stage.number) of 10  ", .statusCurrent, .bold),
        Span(model.transcript[stage].sentence, .title, .bold),
      ]
      : [
        Span(" \(stage.number)/10 ", .statusCurrent, .bold),
        Span(model.transcript[stage].title, .title, .bold),
      ]
    let summary = model.summary
    var parts = [summary.tenantName, model.shownResponseType]
    if summary.responseMode != "form_post" || layout.size.columns >= 140 {
      parts.append(summary.responseMode)
    }
    parts.append(summary.pace)
    parts.removeAll(where: \.isEmpty)
    if let drill = model.drillParts { parts = drill }
    let size = layout.size.columns
    var right: [Span] = []
    let recording = model.recordingSpans
    let plain: [Span] =
      summary.plainHTTPHosts.isEmpty ? [] : [Span("PLAIN HTTP ", .statusFail, .bold)]
    let play =
      plain + recording
      + model.labSpans(room: size - left.width - plain.width - recording.width - 4)
      + model.editSpans
      + model.playSpans
    // Parts that do not fit beside the stage are dropped, the least important first.
    while !parts.isEmpty {
      right =
        play + [
          Span(parts.joined(separator: " \u{00B7} ") + " ", .textMuted),
          Span("\u{25CF} ", liveRole, .bold),
        ]
      if left.width + right.width + 2 <= size { break }
      parts.removeFirst()
      right = play
    }
    put(left.fitted(max(8, size - right.width)), column: 0, row: 0)
    if !right.isEmpty { put(right, column: size - right.width, row: 0) }
  }

  private var liveRole: Role {
    if model.coversVerdicts { return .statusCurrent }
    return switch model.situation {
    case .failed: model.modes.verdictAsked == nil ? .statusFail : .statusCurrent
    case .finished: model.transcript.failure == nil ? .statusPass : .statusFail
    case .idle: .statusPending
    case .ready, .busy, .pageShown, .browserAway: .statusCurrent
    }
  }

  mutating func paintStrip(_ rect: Rect) {
    var column = 1
    for record in model.transcript.stages {
      let isShown = record.stage == model.shownStage
      let mark = model.mark(of: record)
      let text = Span(
        "\(record.stage.number)", isShown ? .statusCurrent : .textMuted, isShown ? .bold : [])
      let end = put([mark, text], column: column, row: rect.row)
      paintFollowed(record.stage, column: column - 1, row: rect.row)
      hits.append(
        (
          Rect(column: column, row: rect.row, width: end - column + 1, height: 1),
          .stage(record.stage)
        ))
      column = end + 1
    }
    var right: [Span] = []
    if model.transcript.stages.contains(where: { model.staleRun(of: $0.stage) != nil }) {
      right += [Span("~", .statusWarn, .bold), Span(" stale  ", .textMuted)]
    }
    if let clock = model.codeClock {
      right += clock.spans(gap: " ", role: .text) + [Span("  ")]
    }
    var counts = Tally(model.toldChecks).spans
    if model.stopWithoutCheck != nil {
      counts.append(Span(" \u{2717} stopped", .statusFail, .bold))
    }
    if !counts.isEmpty { right += [Span("checks", .textMuted)] + counts + [Span(" ")] }
    if column + right.width + 2 <= rect.width {
      put(right, column: rect.width - right.width, row: rect.row)
    }
  }

  mutating func paintRail(_ rect: Rect) {
    let focused = isFocused(.stages)
    box(rect, isFocused: focused)
    paneTitle(Pane.stages.title, rect, isFocused: focused)
    let inside = rect.height - 2
    let step = inside >= 27 ? 2 : 1
    var row = rect.row + (inside >= 20 ? 2 : 1)
    let width = rect.width - 2
    for record in model.transcript.stages {
      guard row < rect.row + rect.height - 1 else { break }
      let isShown = record.stage == model.shownStage
      let mark = model.mark(of: record)
      let number = record.stage.number < 10 ? " \(record.stage.number)" : "10"
      let role: Role =
        isShown
        ? .statusCurrent
        : record.status == .pending || record.status == .skipped ? .textMuted : .text
      let spans = [
        Span(" "), mark, Span(" \(number) ", role, isShown ? .bold : []),
        Span(record.title, role, isShown ? .bold : []),
      ]
      let isStale = model.staleRun(of: record.stage) != nil
      // Without a row below for the word, it takes the end of this one.
      put(
        spans.fitted(isStale && step == 1 ? width - 6 : width), column: rect.column + 1, row: row)
      if isStale { paintStale(rect, row: row, step: step) }
      paintFollowed(record.stage, column: rect.column + 1, row: row)
      markPlaces(
        record.stage.number - 1, of: .stages,
        column: rect.column + (record.stage.number < 10 ? 5 : 4), screenRow: row,
        width: width - 4)
      if isShown, focused { frame.cursor = (rect.column + 2, row) }
      if step == 2, isShown, !isStale {
        paintSummary(record, rect, row: row + 1)
      }
      hits.append(
        (
          Rect(column: rect.column + 1, row: row, width: width, height: step),
          .stage(record.stage)
        ))
      row += step
    }
    paintRailFoot(rect, from: row)
  }

  /// The word beside the mark of a stage that is shown from before an edit.
  private mutating func paintStale(_ rect: Rect, row: Int, step: Int) {
    if step == 2 {
      put(
        [Span("      stale", .statusWarn)].fitted(rect.width - 2), column: rect.column + 1,
        row: row + 1)
    } else {
      let word = " stale"
      put(
        [Span(word, .statusWarn)], column: rect.column + rect.width - 1 - word.utf8.count, row: row)
    }
  }

  private mutating func paintSummary(_ record: StageRecord, _ rect: Rect, row: Int) {
    var spans = [Span("      ")]
    let counts = Tally(model.toldChecks(of: record)).spans
    if !counts.isEmpty {
      spans += [Span("checks", .textMuted)] + counts
    } else if !record.messages.isEmpty {
      let count = record.messages.count
      spans.append(Span(count == 1 ? "1 message" : "\(count) messages", .textMuted))
    } else {
      return
    }
    put(spans.fitted(rect.width - 2), column: rect.column + 1, row: row)
  }

  private mutating func paintRailFoot(_ rect: Rect, from row: Int) {
    let tally = Tally(model.toldChecks)
    var lines: [[Span]] = model.coversVerdicts ? model.coveredTally : []
    for (verdict, word, count) in [
      (Check.Verdict.pass, "passed", tally.passed), (.fail, "failed", tally.failed),
      (.warn, "warned", tally.warned),
    ] where !model.coversVerdicts {
      if verdict == .fail, model.modes.verdictAsked != nil {
        lines.append([
          Span(" "), Span("?", .statusCurrent, .bold), Span(" failed     ?", .textMuted),
        ])
        continue
      }
      if verdict == .fail, let stage = model.stopWithoutCheck {
        lines.append([
          Span(" "), Verdicts.span(.fail), Span(" stopped at \(stage.number)", .statusFail, .bold),
        ])
        continue
      }
      let number = String(count)
      let padded = String(repeating: " ", count: max(0, 4 - number.utf8.count)) + number
      lines.append([
        Span(" "),
        count == 0 && verdict != .pass
          ? Span(Verdicts.span(verdict).text, .textMuted) : Verdicts.span(verdict),
        Span(" \(TextFitting.pad(word, 8))", .textMuted),
        Span(padded, count == 0 ? .textMuted : .text),
      ])
    }
    if let clock = model.codeClock {
      lines += [[], [Span(" ")] + clock.spans(gap: "  ", role: .textStrong)]
    }
    let bottom = rect.row + rect.height - 1
    let start = max(row + 1, bottom - 6)
    guard bottom - start >= 4 else { return }
    put(
      [Span(" " + String(repeating: "\u{2500}", count: rect.width - 4), .border)],
      column: rect.column + 1, row: start)
    for (index, line) in lines.enumerated() where start + 1 + index < bottom {
      put(line, column: rect.column + 1, row: start + 1 + index)
    }
  }

  mutating func paintStatus(_ rect: Rect) {
    var spans = [Span(" ")]
    if let notice = model.notice {
      spans.append(Span(notice.text, .statusInfo, .bold))
    } else {
      spans += model.followLine(rect.width - 2) ?? model.statusSpans
    }
    put(spans.fitted(rect.width - 1), column: rect.column, row: rect.row)
  }

  mutating func paintFooter() {
    let rect = layout.footer
    if paintPrompt() || paintWorkshopFooter() { return }
    if layout.status == nil, let notice = model.notice {
      put(
        [Span(" " + notice.text, .statusInfo, .bold)].fitted(rect.width - 1), column: 0,
        row: rect.row)
      return
    }
    let bindings = model.footerBindings
    let quit = bindings.first { $0.command == .pane(.quit) }
    // What leads to everything else is never left out.
    let last = [OpenCommand.commandLine, .help].compactMap { command in
      bindings.first { $0.command == .open(command) }
    }
    var others = bindings.filter { binding in
      binding.action != quit?.action && !last.contains { $0.action == binding.action }
    }.sorted { ($0.footer ?? 0) < ($1.footer ?? 0) }
    // More keys than these are not read: the help and the palette have the others.
    others.removeLast(max(0, others.count + last.count - Self.footerKeys))
    let gap = rect.width >= 100 ? 3 : 2
    func width(_ binding: KeyBinding) -> Int {
      CellWidth.width(of: binding.keyText) + 1 + CellWidth.width(of: binding.label)
    }
    let fixed = ([quit].compactMap(\.self) + last).map { width($0) + gap }.reduce(0, +)
    while others.map({ width($0) + gap }).reduce(0, +) + fixed + 1 > rect.width, !others.isEmpty {
      others.removeLast()
    }
    var column = rect.column + 1
    for binding in others + last {
      column = put(binding, column: column, row: rect.row) + gap
    }
    if let quit { put(quit, column: rect.width - width(quit) - 1, row: rect.row) }
  }

  /// How many keys stand in the footer besides the one that quits.
  private static let footerKeys = 8

  @discardableResult
  private mutating func put(_ binding: KeyBinding, column: Int, row: Int) -> Int {
    let end = put(
      [
        Span(binding.keyText, .footerKey, .bold), Span(" "),
        Span(binding.label, .footerLabel),
      ], column: column, row: row)
    hits.append(
      (
        Rect(column: column, row: row, width: end - column, height: 1),
        .command(binding.command)
      ))
    return end
  }
}

extension ExplorerModel {
  /// The bindings for the footer: those that work now, under their own keys.
  var footerBindings: [KeyBinding] {
    let contexts = contexts
    var seen: Set<String> = []
    return keys.bindings.filter { binding in
      guard binding.footer != nil, !binding.contexts.isDisjoint(with: contexts),
        let key = binding.keys.first, binding.unavailable(self) == nil,
        keys.binding(for: key, in: contexts)?.action == binding.action
      else { return false }
      return seen.insert(binding.action).inserted
    }
  }

  /// The next step, in a sentence.
  var statusSpans: [Span] {
    if looking != nil {
      return [
        Span(
          "Looking at stage \(shownStage.number); the run stands at \(newestStage.number). ",
          .textMuted),
        Span("\u{2192}", .footerKey, .bold), Span(" looks on, ", .textMuted),
        Span(keyName(of: .follow), .footerKey, .bold), Span(" goes back there", .textMuted),
      ]
    }
    if let drillStatus { return drillStatus }
    if modes.verdictAsked != nil { return verdictQuestion }
    if let replayStatus { return replayStatus }
    if let watchStatus { return watchStatus }
    switch situation {
    case .idle: return [Span("\u{2192} starts the flow", .textMuted)]
    case .ready(let next):
      var spans = [
        Span("next  ", .textMuted),
        Span("\(next.number) \(transcript[next].sentence)", .text),
      ]
      if next == .exchange, case .over? = codeClock {
        spans.append(Span("   the code ran out: expect invalid_grant", .statusWarn, .bold))
      }
      return spans
    case .busy(_, let work): return [Span(work.words + "\u{2026}", .statusCurrent)]
    case .pageShown: return [Span("The page waits for the person.", .statusCurrent)]
    case .browserAway(_, let since, let until):
      return [
        Span(
          "The browser is away: \(Distance.clock(seconds: moment.seconds - since.seconds)) of "
            + "\(Distance.clock(seconds: until.seconds - since.seconds)), until "
            + CivilTime(until).clock, .statusCurrent)
      ]
    case .finished where transcript.checks.contains { $0.verdict == .fail }:
      let failed = transcript.checks.count { $0.verdict == .fail }
      return [
        Verdicts.span(.fail),
        Span(" At its end, and not to be trusted: ", .statusFail, .bold),
        Span(failed == 1 ? "one check failed." : "\(failed) checks failed."),
      ]
    case .finished:
      let warned = transcript.checks.count { $0.verdict == .warn }
      let off = transcript.checks.count(where: \.isOff)
      if off > 0 {
        return [
          Verdicts.span(.fail),
          Span(" Complete, although ", .statusFail, .bold),
          Span("\(off) \(off == 1 ? "check" : "checks") failed: switched off in the lab."),
        ]
      }
      return [
        Verdicts.span(.pass),
        Span(
          " Complete: no check failed"
            + (warned == 0 ? "." : warned == 1 ? ", one warned." : ", \(warned) warned.")),
      ]
    case .failed(let stage, let failure):
      let text = HarmlessText.line(redactor.mask(failure.message))
      return [
        Verdicts.span(.fail),
        Span(" Stopped at stage \(stage.number): ", .statusFail, .bold), Span(text),
      ]
    }
  }
}

extension Situation.Work {
  /// The current activity, in words.
  var words: String {
    switch self {
    case .openingListener: "Opening the listener"
    case .fetchingMetadata: "Fetching the tenant\u{2019}s metadata"
    case .fetchingKeys: "Fetching the tenant\u{2019}s keys"
    case .openingBrowser: "Opening the browser"
    case .loadingPage: "Loading the page"
    case .submittingForm: "Sending the form"
    case .examiningCallback: "Verifying signature and hashes"
    case .exchangingCode: "Asking the token endpoint"
    case .readingLedger: "Reading the tenant\u{2019}s ledger"
    case .examiningTokens: "Verifying the tokens"
    case .callingAPI: "Calling the API"
    case .callingUserinfo: "Calling the userinfo endpoint"
    case .signing: "Signing with the client\u{2019}s key"
    case .pushingRequest: "Pushing the request to the tenant"
    case .refreshing: "Refreshing the tokens"
    case .introspecting: "Asking about the token"
    case .revoking: "Giving the token back"
    case .signingOut: "Signing out at the tenant"
    }
  }
}
