import Diagnosis
import HybridFlow
import OpenID
import Presentation
import TextUI

/// The explorer\u{2019}s frames of a run, from stage to stage.
public struct WalkFrames {
  /// The default size of a walk.
  public static let usualSize = ScreenSize(
    columns: ExportFormat.usualColumns, rows: ExportFormat.usualRows)
  /// The smallest and the largest size allowed.
  public static let smallest = ScreenSize(columns: 60, rows: 20)
  package static let largest = ScreenSize(columns: 300, rows: 100)

  /// A frame and how long it is shown.
  typealias Step = AnimatedSVG.Step

  let run: ExportedRun
  let theme: Theme

  package init(_ run: ExportedRun, theme: Theme) { (self.run, self.theme) = (run, theme) }

  /// The frames: each stage on the wire, then in its most informative view.
  func steps(size: ScreenSize) -> [Step] {
    begun.flatMap { stage -> [Step] in
      let isLast = stage == begun.last
      let best = bestView(of: stage)
      var steps: [Step] = []
      for view in best == .wire ? [.wire] : [DetailView.wire, best] {
        var model = model(at: stage, size: size)
        model.show(view)
        let frame = ExplorerScreen(model).frame(size: size)
        steps.append(Step(frame: frame, milliseconds: view == .wire ? 2000 : 2600))
      }
      if isLast { steps[steps.count - 1].milliseconds += 2000 }
      return steps
    }
  }

  /// The stages in which something happened.
  private var begun: [Stage] {
    let begun = run.transcript.stages.filter { $0.startedAt != nil }.map(\.stage)
    return begun.isEmpty ? [.login] : begun
  }

  /// The most informative view of a stage.
  package static func view(of stage: Stage) -> DetailView {
    switch stage {
    case .prompt, .authenticate: .page
    case .callback: .checks
    case .tokens: .decoded
    case .login, .authorize, .exchange, .verify, .api, .data: .wire
    }
  }

  private func bestView(of stage: Stage) -> DetailView {
    if run.transcript[stage].checks.contains(where: { $0.verdict == .fail }) { return .checks }
    return Self.view(of: stage) == .page ? .wire : Self.view(of: stage)
  }

  private func model(at stage: Stage, size: ScreenSize) -> ExplorerModel {
    var summary = run.summary
    if case .replay = run.origin { summary.pace = "REPLAY" }
    var model = ExplorerModel(summary: summary, theme: theme)
    let record = run.transcript[stage]
    let moment = record.endedAt ?? record.startedAt ?? UnixTime(milliseconds: 0)
    model.advice = run.diagnosis.map(CauseDocument.init)
    model.update(
      transcript: run.transcript.asOf(stage), situation: run.transcript.situation(asOf: stage),
      at: moment, secrets: run.secrets)
    if run.reveals {
      // A key's notice stays until the next key.
      _ = model.handle(.character("s"), at: moment, size: size)
      _ = model.handle(.resize, at: moment, size: size)
    }
    return model
  }

  /// One animated picture.
  func animatedSVG(size: ScreenSize) -> String {
    AnimatedSVG.svg(
      steps(size: size), theme: theme, title: run.title,
      description: ([run.maskingNotice] + words).joined(separator: "\n"))
  }

  /// One picture per stage, with its file name.
  public func pictures(size: ScreenSize) -> [(name: String, svg: String)] {
    begun.map { stage in
      var model = model(at: stage, size: size)
      model.show(bestView(of: stage))
      let frame = ExplorerScreen(model).frame(size: size)
      let title = "\(run.title). Stage \(stage.number) of 10: \(run.transcript[stage].sentence)"
      let description = ([run.maskingNotice] + frame.lines).joined(separator: "\n")
      return (
        Self.pictureName(stage),
        SVGWriter.svg(frame, theme: theme, title: title, description: description)
      )
    }
  }

  /// The file of a stage: `05-callback.svg`.
  public static func pictureName(_ stage: Stage) -> String {
    "\(stage.number < 10 ? "0" : "")\(stage.number)-\(stage.id).svg"
  }

  private var words: [String] { begun.map { "\($0.number). \($0.sentence)." } }
}

/// The walk as an asciicast, version 2, which asciinema plays.
///
/// https://docs.asciinema.org/manual/asciicast/v2/: a header, then one line per event.
struct AsciicastExport {
  private let run: ExportedRun
  private let size: ScreenSize
  private let theme: Theme

  init(_ run: ExportedRun, size: ScreenSize, theme: Theme) {
    (self.run, self.size, self.theme) = (run, size, theme)
  }

  /// How long the title is shown before the first frame, in milliseconds.
  private static let headMilliseconds = 1500

  /// The header and the events.
  var text: String {
    let moment = run.transcript.startedAt?.seconds ?? 0
    let header: JSONValue = [
      "version": 2, "width": .number(JSONNumber(Int64(size.columns))),
      "height": .number(JSONNumber(Int64(size.rows))), "timestamp": .number(JSONNumber(moment)),
      "title": .string("\(run.title). \(run.maskingNotice)"),
      "env": ["TERM": "xterm-256color", "SHELL": "/bin/sh"],
    ]
    var lines = [RunJSON.text(of: header)]
    var clock = 0
    func write(_ output: String) { lines.append(event(clock, output)) }
    write("\(run.title)\r\n\(run.maskingNotice)\r\n")
    clock = Self.headMilliseconds
    write(ANSIWriter.opening)
    var last: Frame?
    for step in WalkFrames(run, theme: theme).steps(size: size) {
      write(ANSIWriter.text(step.frame, after: last, theme: theme))
      last = step.frame
      clock += step.milliseconds
    }
    write("\u{1B}[\(size.rows);1H" + ANSIWriter.closing)
    return lines.joined()
  }

  private func event(_ milliseconds: Int, _ output: String) -> String {
    let rest = String(milliseconds % 1000)
    let digits = String(repeating: "0", count: 3 - rest.utf8.count) + rest
    let time = JSONValue.number(JSONNumber(literal: "\(milliseconds / 1000).\(digits)"))
    let event: JSONValue = [time, "o", .string(output)]
    return RunJSON.text(of: event)
  }
}
