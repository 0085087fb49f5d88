import Diagnosis
import Export
import HybridFlow
import OpenID
import Platform
import Presentation
import Recording
import Redaction
import TextUI
import Settings

/// `hybrid-flow replay` without a screen: prints the output of `run`.
public final class ReplayCommand {
  private var replay: ReplayRun
  private let style: RunStyle
  private let sink: any TextSink
  private var told = 0
  private var wireSecrets = WireSecretReader()
  private var toldActions = 0

  /// Makes a command that replays a recording.
  public init(_ recording: Recording, style: RunStyle, sink: any TextSink) {
    replay = ReplayRun(recording)
    self.style = style
    self.sink = sink
  }

  /// Prints everything; its outcome is that of the run.
  public func run() -> RunOutcome {
    guard let configuration = replay.recording.configuration else {
      return .exit(ExitCode.usage)
    }
    if !style.isJSON { write(opening(configuration)) }
    while replay.advance() {
      // A file tells of a stage what only comes after its verdict.
      if !isFromHAR { tell(all: false) }
      if !replay.isAtEnd { tellLeftOut() }
    }
    tell(all: isOver)
    tellLeftOut()
    let transcript = replay.machine.transcript
    let exit = isOver ? transcript.firstFailure?.exitCode ?? ExitCode.success : ExitCode.machine
    if !isOver {
      writeBreak(configuration)
    } else if style.isJSON {
      write(
        RunJSON.text(of: RunJSON.result(transcript, configuration, exit: exit, redactor: redactor)))
    } else if style.isPlain {
      let diagnosis = RunDiagnosis(transcript, configuration)
      write(plain.ending(of: transcript, diagnosis: diagnosis))
    } else {
      write(RunText(style.print, redactor: redactor).result(transcript, configuration))
    }
    for text in replay.remarks { sink.complain("hybrid-flow: \(text)\n") }
    return .exit(exit)
  }

  /// Whether the run ended while it was recorded.
  private var isOver: Bool {
    switch replay.machine.situation {
    case .finished, .failed: true
    // An action after the flow does not change the flow's result.
    case .idle, .ready, .busy, .pageShown, .browserAway:
      replay.machine.transcript[.data].endedAt != nil
    }
  }

  private var isFromHAR: Bool { replay.recording.isFromHAR }

  /// Writes the result of a run whose end was not recorded.
  private func writeBreak(_ configuration: FlowConfiguration) {
    let transcript = replay.machine.transcript
    let last = transcript.stages.last { $0.startedAt != nil }?.stage ?? .login
    let text =
      "The recording breaks off in stage \(last.number), \(last.id): what came after it is not "
      + "known."
    guard style.isJSON else { return write("\n\(text)\n") }
    var line = RunJSON.result(transcript, configuration, exit: ExitCode.machine, redactor: redactor)
    line.set("status", "failed")
    line.set("code", "recording.incomplete")
    line.set("message", .string(text))
    write(RunJSON.text(of: line))
  }

  private func opening(_ configuration: FlowConfiguration) -> String {
    let header = replay.recording.header
    if isFromHAR {
      let told =
        "\(HarmlessText.line(header.title.capitalized)), read from what the browser wrote. What is not in "
        + "the file says so.\n\n"
      guard style.isPlain else { return RunText.heading(configuration) + told }
      return plain.opening(RunSummary(configuration), tenant: configuration.issuer.text) + told
    }
    let secrets = header.keepsSecrets ? "it keeps secrets" : "its secrets are masked"
    let replayed = "A recording of \(CivilTime(header.at).text); \(secrets).\n\n"
    guard style.isPlain else { return RunText.heading(configuration) + replayed }
    return plain.opening(RunSummary(configuration), tenant: configuration.issuer.text) + replayed
  }

  private var redactor: Redactor {
    if style.reveals { return .revealing }
    let transcript = replay.machine.transcript
    let own = replay.recording.configuration.map { WireSecrets.configured($0) } ?? []
    return Redactor(secrets: transcript.secrets + wireSecrets.all(in: transcript) + own)
  }

  private var walk: WalkText { WalkText(style: style, redactor: redactor) }

  private var plain: PlainWalk { walk.plain }

  private func tell(all: Bool) {
    let transcript = replay.machine.transcript
    while told < transcript.stages.count {
      let record = transcript.stages[told]
      guard all || [.passed, .failed, .skipped].contains(record.status) else { break }
      told += 1
      write(walk.stage(record, of: transcript))
    }
    while toldActions < transcript.afterwards.count {
      let action = transcript.afterwards[toldActions]
      guard action.isOver else { return }
      toldActions += 1
      write(walk.action(action, of: transcript))
    }
  }

  private func tellLeftOut() {
    for row in replay.recording.leftOut where row.position == replay.position {
      if style.isJSON {
        write(RunJSON.text(of: RunJSON.leftOut(row.action, why: row.why)))
      } else if style.isPlain {
        write(plain.leftOut(row.action, why: row.why))
      } else {
        write(RunText(style.print, redactor: redactor).leftOut(row.action, why: row.why))
      }
    }
  }

  private func write(_ text: String) { sink.write(text) }
}
