import Explorer
import Glibc
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Presentation

/// `hybrid-flow workshop --notes`: what the teacher needs, in a second terminal.
public final class WorkshopNotes {
  static let pollMilliseconds = 500
  private static let columns = 80

  private let workshop: Workshop
  private let file: WorkshopStatusFile
  private let sink: any TextSink
  private let loop: PollLoop
  private let now: () -> UnixTime
  /// Whether it follows the workshop; otherwise it is printed once.
  private let follows: Bool
  private var shown = ""
  private var outcome: RunOutcome?

  /// Makes the notes of a workshop that is given elsewhere.
  public init(
    _ workshop: Workshop, file: WorkshopStatusFile, sink: any TextSink, loop: PollLoop,
    follows: Bool, now: @escaping () -> UnixTime = { .now }
  ) {
    (self.workshop, self.file, self.sink, self.loop) = (workshop, file, sink, loop)
    (self.follows, self.now) = (follows, now)
  }

  /// Shows the notes until the workshop is over.
  public func run() -> RunOutcome {
    guard file.read() != nil else {
      sink.complain(
        "hybrid-flow: No workshop is given now. Begin one in another terminal: "
          + "hybrid-flow workshop\n")
      return .exit(ExitCode.usage)
    }
    refresh()
    while outcome == nil { loop.turn() }
    return outcome ?? .exit(ExitCode.success)
  }

  private func refresh() {
    guard let position = file.read() else {
      if !sink.write("\nThe workshop is over.\n") { outcome = .signal(SIGPIPE) }
      return outcome = outcome ?? .exit(ExitCode.success)
    }
    guard position.fingerprint == workshop.fingerprint,
      let state = WorkshopState(workshop, index: position.step, clock: position.clock)
    else {
      sink.complain(
        "hybrid-flow: The workshop is given from another list: give its file with --script here "
          + "too.\n")
      return outcome = .exit(ExitCode.usage)
    }
    let text = Self.text(state, at: now())
    if text != shown {
      shown = text
      // The cursor home, and everything below it cleared.
      guard sink.write(follows ? "\u{1B}[H\u{1B}[J" + text : text) else {
        return outcome = .signal(SIGPIPE)
      }
    }
    guard follows else { return outcome = .exit(ExitCode.success) }
    _ = loop.after(milliseconds: Self.pollMilliseconds) { [weak self] in self?.refresh() }
  }

  /// The notes of a step.
  public static func text(_ state: WorkshopState, at now: UnixTime) -> String {
    let entry = state.entry
    var lines = [
      "\(state.step.entry + 1) of \(state.workshop.entries.count): \(entry.title)",
      state.clockText(at: now), "",
    ]
    func part(_ name: String, _ text: String) {
      guard !text.isEmpty else { return }
      let name = name + String(repeating: " ", count: max(1, 12 - name.count))
      let rows = HelpText.wrapped(text, width: columns - 12)
      for (index, row) in rows.enumerated() {
        lines.append((index == 0 ? name : String(repeating: " ", count: 12)) + row)
      }
      lines.append("")
    }
    part("On screen", state.step.words)
    part("Ask", entry.question)
    part("Say", entry.say)
    part("Answer", entry.answer)
    if let fault = entry.fault.flatMap(Lab.fault) {
      part("Fault", "\(fault.id): \(fault.does)")
      part("Caught by", fault.caughtBy)
      part("Lesson", fault.lesson)
    }
    if let next = state.next {
      let isNew = next.entry != state.step.entry
      let title = state.workshop.entries[next.entry].title
      part(
        "Next key",
        isNew
          ? "\(title) (minutes \(state.workshop.spanText(of: next.entry))): \(next.words)"
          : next.words)
    } else {
      part("Next key", "nothing: this was the last step.")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
