import HybridFlow
import OpenID
import TextUI

/// What is known about the lifetime of a code that waits to be exchanged.
enum CodeClock: Sendable, Equatable {
  /// It does not expire: the demo tenant's clock stands still while people read.
  case waits
  /// The seconds until it expires.
  case left(Int64)
  /// The seconds since it expired.
  case over(Int64)
  /// Its age in seconds, if its lifetime is unknown.
  case age(Int64)

  /// The label and the time, for the strip of stages or the bottom of the rail.
  func spans(gap: String, role: Role) -> [Span] {
    switch self {
    case .waits: [Span("code" + gap, .textMuted), Span("waits for you", role)]
    case .left(let seconds):
      [
        Span("code lives" + gap, .textMuted),
        Span(Distance.clock(seconds: seconds), seconds < 15 ? .statusWarn : role, .bold),
      ]
    case .over(let seconds):
      [
        Span("code ran out" + gap, .statusFail, .bold),
        Span("+" + Distance.clock(seconds: seconds), .statusFail, .bold),
      ]
    case .age(let seconds):
      [
        Span("code age" + gap, .textMuted),
        Span(Distance.clock(seconds: seconds), seconds > 45 ? .statusWarn : role, .bold),
      ]
    }
  }
}

extension ExplorerModel {
  /// The clock of the code, from the callback until the code is sent.
  var codeClock: CodeClock? {
    // Another application decides when to send its code.
    guard !isWatching, let arrived = transcript[.callback].startedAt,
      transcript[.exchange].endedAt == nil,
      transcript.stop == nil, transcript[.exchange].skippedBecause == nil,
      transcript[.callback].values.contains(where: { $0.name == "code" })
    else { return nil }
    // The lab's late code does expire.
    if summary.codesWait { return summary.lab?.entry.breaksCodeClock == true ? nil : .waits }
    let age = max(0, moment.seconds - arrived.seconds)
    guard let lifetime = summary.codeLifetimeSeconds else { return .age(age) }
    return age < lifetime ? .left(lifetime - age) : .over(age - lifetime)
  }

  var exchangeUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    if transcript[.exchange].startedAt != nil { return "the code was sent already" }
    if let reason = transcript[.exchange].skippedBecause {
      return "there is no exchange in this run. \(HarmlessText.line(reason))"
    }
    switch situation {
    case .idle: return "nothing has begun"
    case .finished, .failed: return "the flow is over; \(keyName(of: .restart)) starts over"
    case .ready(.callback), .ready(.exchange), .busy(.callback, _), .pageShown, .browserAway:
      return exchangesAtOnce ? "the code is exchanged as soon as the answer is trusted" : nil
    case .ready, .busy: return "no answer is on its way yet"
    }
  }

  /// Runs stages 6 to 8, and stays at the stage on the screen.
  mutating func exchangeNow() -> [ExplorerAction] {
    if case .ready(.exchange) = situation {
      looking = shownStage
      say("Stages 6 to 8 run now; \(keyName(of: .forward)) walks through them at leisure.")
    } else {
      say("As soon as the answer is trusted, stages 6 to 8 run by themselves.")
    }
    return [.post(.exchangeRequested)]
  }

  /// Keeps the callback on the screen while the run continues to the tokens.
  mutating func stayAtCallback(before: Stage, after: Stage) {
    guard exchangesAtOnce, looking == nil, before <= .callback, after > .callback else { return }
    looking = .callback
  }
}

extension Reader {
  /// Adds what to do about a code that expired or whose lifetime is unknown; at stage 5 only.
  func addCodeClock(to document: inout Document) {
    guard stage == .callback, let clock = model.codeClock else { return }
    let now = model.keyName(of: .exchangeNow)
    let again = model.keyName(of: .runAgain)
    switch clock {
    case .left: return
    case .waits:
      document.paragraph(
        "The demo\u{2019}s clock for codes waits while you read (lab: expired-code).", .textMuted)
    case .age(let seconds):
      document.add(
        .paragraph(
          [
            Span("The code is \(Distance.length(seconds: seconds)) old. ", .text),
            Span(
              "How long codes live here is not known: mostly between 60 s and 10 min. \(now) "
                + "exchanges it now and stays at this stage.", .textMuted),
          ], indent: 0))
    case .over(let seconds):
      let life = model.summary.codeLifetimeSeconds.map { Distance.length(seconds: $0) } ?? ""
      document.add(
        .paragraph(
          [
            Verdicts.span(.warn),
            Span(
              " The code ran out \(Distance.length(seconds: seconds)) ago", .statusWarn, .bold),
            Span(
              " (it lives \(life)). Sent now, it is most likely refused with invalid_grant. "
                + "When it has failed, \(again) runs again to here; \(now) exchanges the code at once "
                + "while you explain, and --exchange-at-once does so always."),
          ], indent: 0, hanging: 2))
    }
    document.gap()
  }
}
