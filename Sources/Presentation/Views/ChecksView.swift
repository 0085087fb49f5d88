import HybridFlow
import OpenID
import Redaction
import TextUI

extension DetailView {
  /// The verdicts.
  public static let checks = DetailView(
    "checks", "Checks", isEmpty: hasNoVerdict,
    badge: { model, hasRoom in
      let checks = model.toldChecks(of: model.seenTranscript[model.shownStage])
      return hasRoom || checks.contains { $0.verdict == .fail } ? Tally(checks).spans : []
    }
  ) { $0.checks() }

  @Sendable private static func hasNoVerdict(_ model: ExplorerModel) -> Bool {
    let record = model.seenTranscript[model.shownStage]
    if model.coversVerdicts { return record.checks.isEmpty }
    return model.conceals(record.stage)
      || record.checks.isEmpty && (record.failure == nil || record.isAbsent)
  }
}

extension Reader {
  /// The verdicts of the stage: failed, warned, passed, not run.
  func checks() -> Document {
    if model.coversVerdicts { return coveredChecks() }
    var document = Document()
    if isConcealed {
      return nothing(
        "Which check catches this? \(model.keyName(of: .forward)) tells the verdict.")
    }
    if record.checks.isEmpty {
      if let absence { return nothing(absence) }
      addFailure(to: &document)
      if document.blocks.isEmpty {
        return nothing(
          stage == .verify
            ? "The application has nothing to check here: the tenant does. Its ledger is in the "
              + "view Decoded."
            : "The application has nothing to check in this stage.")
      }
      return document
    }
    let failed = record.failure?.failedChecks ?? []
    if isAction || !failed.isEmpty { addLab(to: &document) }
    if failed.isEmpty { addFailure(to: &document) }
    if isAction, !failed.isEmpty, let card { document.add(card) }
    let names = record.checks.map(\.id.rawValue.utf8.count).max() ?? 0
    for verdict in Check.Verdict.worstFirst {
      let group = record.checks.enumerated().filter { $0.element.verdict == verdict }
      guard !group.isEmpty else { continue }
      document.gap()
      document.add(.heading(Verdicts.count(group.count, verdict), note: []))
      for (index, check) in group { add(check, index, names, to: &document) }
    }
    return document
  }

  private func add(_ check: Check, _ index: Int, _ names: Int, to document: inout Document) {
    let id = "check:\(stage.id):\(index)"
    let isBad = check.verdict == .fail || check.verdict == .warn
    let open = isOpen(id)
    let told = CheckLine(check, redactor)
    // In a lab run every disabled check is marked, whatever its result.
    let isOff = transcript.checksOff.contains(check.id)
    let label = isOff ? "off (lab)" : check.isOfRefused ? "refused post" : nil
    document.add(
      .marked(
        MarkedRow(
          mark: Verdicts.span(check.verdict), isAlarming: isBad, name: told.id, nameWidth: names,
          value: check.verdict == .pass ? told.found : nil,
          said: isBad ? check.id.rule : told.why, label: label,
          source: isBad ? nil : told.source.short, isStrong: isBad || open,
          target: Target(id: id, copies: told.found ?? told.why))))
    guard isBad || open else { return }
    addComparison(told, to: &document)
    document.add(.paragraph([Span(told.why, isBad ? .textStrong : .text)], indent: 4))
    if isBad {
      // The advice about a failure says so too.
      if model.advice == nil {
        document.add(
          .paragraph([Span("It shows: \(check.id.shows).", .textMuted)], indent: 4))
      }
    } else {
      document.add(.paragraph([Span("Rule: \(check.id.rule).", .textMuted)], indent: 4))
    }
    document.add(
      .line(
        Line(
          [Span("    " + told.source.description, .textMuted)],
          note: check.derivation.isEmpty
            ? [] : [Span(open ? "Enter: close" : "Enter: derivation", .textMuted)])))
    if open { addDerivation(check, to: &document) }
    document.gap()
  }

  /// Adds expected and found value below each other, with the difference marked.
  private func addComparison(_ check: CheckLine, to document: inout Document) {
    let (expected, found) = (check.expected, check.found)
    let differs = expected != nil && found != nil && check.verdict != .pass
    let scalars = [expected, found].map { Array(($0 ?? "").unicodeScalars) }
    let (same, tail) = differs ? scalars[0].commonEnds(with: scalars[1]) : (0, 0)
    // Shows the differing part of long values by cutting the part before it.
    let longest = max(expected?.unicodeScalars.count ?? 0, found?.unicodeScalars.count ?? 0)
    let skipped = differs && longest > 56 && same > 20 ? same - 12 : 0
    for (name, text) in check.compared {
      let role: Role =
        name == "expected" ? .statusPass : check.verdict == .warn ? .statusWarn : .statusFail
      let scalars = Array(text.unicodeScalars)
      func part(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
      }
      let end = max(same, scalars.count - tail)
      var spans = [Span(CheckLine.column(name), .textMuted)]
      if differs {
        spans += [
          Span((skipped > 0 ? "\u{2026}" : "") + part(skipped..<same), .text),
          Span(part(same..<end), role, [.bold, .underline]),
          Span(part(end..<scalars.count), .text),
        ]
      } else {
        spans.append(Span(text, .text))
      }
      document.add(.paragraph(spans.filter { !$0.text.isEmpty }, indent: 4, hanging: 10))
    }
  }

  private func addDerivation(_ check: Check, to document: inout Document) {
    guard !check.derivation.isEmpty else { return }
    document.gap()
    document.add(.paragraph([Span("How it was computed", .textStrong, .bold)], indent: 4))
    for (index, step) in check.derivation.enumerated() {
      document.add(
        .paragraph([Span("\(index + 1)  \(shown(step.label))", .textMuted)], indent: 4))
      let text = HarmlessText.line(
        step.isSecret ? redactor.shorten(step.value) : redactor.mask(step.value))
      if step.keeps > 0, step.keeps < text.unicodeScalars.count {
        let cut = text.unicodeScalars.index(text.unicodeScalars.startIndex, offsetBy: step.keeps)
        document.add(
          .paragraph(
            [
              Span(String(text[..<cut]), .statusInfo, [.bold, .underline]),
              // A bar too: the split must be visible without colours and lines.
              Span(" \u{2502} ", .border), Span(String(text[cut...]), .textMuted),
            ], indent: 7))
      } else {
        document.add(.bytes(text, .text, indent: 7))
      }
    }
  }
}
