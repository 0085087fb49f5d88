import HybridFlow
import OpenID
import Redaction
import TextUI

/// Turns a stage of the transcript into documents.
///
/// All text from outside passes through ``HarmlessText`` here, and every secret through the
/// redactor.
struct Reader {
  let model: ExplorerModel
  let transcript: Transcript
  let stage: Stage
  let record: StageRecord
  let redactor: Redactor
  let now: UnixTime
  /// Whether it reads an action after the flow instead of a stage.
  let isAction: Bool

  init(_ model: ExplorerModel, of record: StageRecord? = nil) {
    self.model = model
    transcript = model.seenTranscript
    stage = record?.stage ?? model.shownStage
    isAction = record != nil
    self.record = record ?? model.seenTranscript[stage]
    redactor = model.redactor
    now = model.moment
  }

  func document(_ view: DetailView) -> Document {
    let card = view.tellsOfRun ? card : nil
    guard card != nil || model.staleRun(of: stage) != nil, view.tellsOfRun else {
      return view.document(self)
    }
    var document = Document()
    addStaleness(to: &document)
    if let card {
      document.add(card)
      document.gap()
    }
    document.append(view.document(self))
    // The text at the top must stay visible.
    document.opening = nil
    return document
  }

  /// Whether a target is open.
  func isOpen(_ id: String, byItself: Bool = false) -> Bool {
    model.toggled.contains(id) != byItself
  }

  /// Text from outside, redacted and harmless, on one line.
  func shown(_ text: String) -> String { redactor.line(text) }

  /// What there is to say about the stage.
  var told: StageDocument { StageDocument(record, redactor) }

  /// The mark of a check of this stage, for the value that it checked.
  func mark(_ ids: CheckID...) -> [Span] { mark(ids) }

  /// The mark of the worst of these checks of this stage.
  func mark(_ ids: [CheckID]) -> [Span] {
    guard !isConcealed, let verdict = record.verdict(of: ids), verdict != .skip else { return [] }
    return [Verdicts.span(verdict), Span(" ")]
  }

  /// The authorize URL of stage 2.
  var authorizeURL: WebURL? { transcript.authorizeURL }

  /// A paragraph about why there is nothing to show.
  func nothing(_ reason: String) -> Document {
    var document = Document()
    document.paragraph(reason, .textMuted)
    return document
  }

  /// The text for a stage that was not reached or was left out.
  var absence: String? {
    if let reason = told.leftOut { return "Left out. \(reason)" }
    guard record.startedAt == nil else { return nil }
    if let failure = transcript.stop {
      return "Not reached: the flow stopped before. \(shown(failure.message))"
    }
    return "Not reached yet: the run stands at stage \(model.newestStage.number). "
      + "\(model.keyName(of: .follow)) goes back there, and then \u{2192} and Space run the next "
      + "stage; Explain says what will happen here."
  }

  static func formTarget(_ index: Int) -> String { "form:\(index)" }
  static func formIndex(_ id: String) -> Int? {
    id.dropping(prefix: "form:").flatMap { Int($0) }
  }
}

/// The look of verdicts and statuses: a glyph and a role each, never a colour alone.
enum Verdicts {
  static func span(_ verdict: Check.Verdict) -> Span {
    switch verdict {
    case .pass: Span(verdict.mark, .statusPass, .bold)
    case .fail: Span(verdict.mark, .statusFail, .bold)
    case .warn: Span(verdict.mark, .statusWarn, .bold)
    case .skip: Span(verdict.mark, .statusPending)
    }
  }

  /// The number of checks with a verdict, for a heading.
  static func count(_ count: Int, _ verdict: Check.Verdict) -> [Span] {
    [span(verdict), Span(" \(count) \(verdict.word)", .title, .bold)]
  }

  /// The mark of a stage on rail and strip.
  static func span(_ status: StageRecord.Status, isShown: Bool) -> Span {
    switch status {
    case .failed: Span("\u{2717}", .statusFail, .bold)
    case .skipped: Span("\u{2013}", .statusPending)
    case .running: Span("\u{25B6}", .statusCurrent, .bold)
    case .passed:
      isShown ? Span("\u{25B6}", .statusCurrent, .bold) : Span("\u{2713}", .statusPass)
    case .pending:
      isShown ? Span("\u{25B6}", .statusCurrent, .bold) : Span("\u{25CB}", .statusPending)
    }
  }
}

extension Actor {
  /// The actor's name in a sentence.
  var word: String {
    switch self {
    case .browser: "browser"
    case .application: "application"
    case .authorizationServer: "tenant"
    case .api: "API"
    }
  }
}

/// The path of a URL, if it can be parsed.
enum WebURLPath {
  static func of(_ text: String) -> String {
    guard let url = try? WebURL(text) else { return text }
    return url.path.isEmpty ? "/" : url.path
  }
}

/// The distance of a time from now, in words.
enum Distance {
  static func text(from now: UnixTime, to moment: UnixTime) -> String {
    let difference = moment.seconds.subtractingReportingOverflow(now.seconds)
    guard !difference.overflow else { return "far away" }
    if difference.partialValue == 0 { return "now" }
    let length = length(seconds: Int64(clamping: difference.partialValue.magnitude))
    return difference.partialValue > 0 ? "in \(length)" : "\(length) ago"
  }

  static func length(seconds: Int64) -> String {
    let (days, hours, minutes) = (seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60)
    if days >= 1 { return hours == 0 ? "\(days) d" : "\(days) d \(hours) h" }
    if hours >= 1 { return minutes == 0 ? "\(hours) h" : "\(hours) h \(minutes) m" }
    if minutes >= 1 { return seconds % 60 == 0 ? "\(minutes) m" : "\(minutes) m \(seconds % 60) s" }
    return "\(seconds) s"
  }

  /// Minutes and seconds of a running clock.
  static func clock(seconds: Int64) -> String {
    let rest = max(0, seconds)
    let tail = String(rest % 60)
    let head = String(rest / 60)
    return (head.utf8.count < 2 ? "0" + head : head) + ":"
      + (tail.utf8.count < 2 ? "0" + tail : tail)
  }
}
