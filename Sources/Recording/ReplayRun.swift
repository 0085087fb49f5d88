import HybridFlow
import OpenID
import Platform

/// Replays a recording: the machine handles the events again, in steps.
public struct ReplayRun: Sendable {
  /// The recording that is replayed.
  public let recording: Recording
  /// The machine in its current state.
  public private(set) var machine = FlowMachine()
  /// How many events were replayed.
  public private(set) var position = 0

  /// Makes a replay that is before the first event.
  public init(_ recording: Recording) { self.recording = recording }

  /// The time of the last event.
  public var now: UnixTime {
    position == 0 ? recording.header.at : recording.events[position - 1].at
  }

  /// Whether every event was replayed.
  public var isAtEnd: Bool { position == recording.events.count }

  /// Replays one event; false at the end.
  @discardableResult
  public mutating func advance() -> Bool {
    guard !isAtEnd else { return false }
    let next = recording.events[position]
    position += 1
    _ = machine.handle(next.event, at: next.at)
    return true
  }

  /// Replays the next action of the person and all events that follow from it.
  public mutating func step() {
    advance()
    while !isAtEnd, !Self.isOfPerson(recording.events[position].event) { advance() }
  }

  /// Replays all events.
  public mutating func finish() { while advance() {} }

  /// Goes back to before the first event.
  public mutating func rewind() {
    machine = FlowMachine()
    position = 0
  }

  /// Whether a person's action causes the event.
  private static func isOfPerson(_ event: FlowEvent) -> Bool {
    switch event {
    case .started, .advanced, .abandoned, .browserRequested, .formFilled, .actionRequested,
      .answerPasted, .requestEdited, .exchangeEdited, .exchangeRequested:
      true
    case .listenerReady, .listenerFailed, .fetched, .fetchFailed, .browserOpened,
      .browserExchanged, .pageArrived, .pageFailed, .callbackArrived, .examined, .signed,
      .decrypted,
      .ledgerRead, .clockAdvanced, .loggedOut, .answerMisplaced, .straysCounted, .requestRefused,
      .originalKnown, .remarked, .authorizeRefused, .witnessed, .loginOpened:
      false
    }
  }

  /// Where today's verdicts differ from the recorded ones; empty when all agree.
  public var differences: [String] {
    let now = StoredVerdicts.all(in: machine.transcript)
    var output: [String] = []
    for then in recording.verdicts {
      guard let row = now.first(where: { $0.place == then.place }) else {
        if isAtEnd { output.append("\(then.place): it was \(then.status), and is not over now") }
        continue
      }
      if row.status != then.status {
        output.append("\(then.place): it was \(then.status), and is \(row.status) now")
      }
      let ids = row.checks.map { "\($0.id) \($0.status)" }
      for check in then.checks where !ids.contains("\(check.id) \(check.status)") {
        output.append("\(then.place): \(check.id) was \(check.status), and is not now")
      }
    }
    return output
  }
}

extension ReplayRun {
  /// Warnings about a recording, for example that verdicts differ.
  public var remarks: [String] {
    var remarks = recording.warnings
    if let first = differences.first {
      let more = differences.count > 1 ? " (and \(differences.count - 1) more)" : ""
      remarks.append(
        "This program (\(ProgramVersion.text)) decides otherwise than the one that recorded "
          + "(\(recording.header.program)): \(first)\(more).")
    }
    return remarks.map { HarmlessText.line($0) }
  }
}
