import HybridFlow
import Lab
import OpenID
import TextUI

/// A workshop: entries with minutes, questions and answers, given one after the other.
public struct Workshop: Sendable, Equatable {
  /// What it is called.
  public var title: String
  /// The entries in order.
  public var entries: [WorkshopEntry]
  /// A number for its text, so that the notes can tell whether they are of the same list.
  public var fingerprint: String

  /// Makes a workshop.
  public init(title: String, entries: [WorkshopEntry], fingerprint: String) {
    (self.title, self.entries, self.fingerprint) = (title, entries, fingerprint)
  }

  /// The minutes of all entries.
  public var minutes: Int { entries.reduce(0) { $0 + $1.minutes } }

  /// The minute at which an entry begins, and the one at which it ends.
  public func span(of entry: Int) -> (from: Int, to: Int) {
    let from = entries.prefix(entry).reduce(0) { $0 + $1.minutes }
    return (from, from + (entries.indices.contains(entry) ? entries[entry].minutes : 0))
  }

  /// The minutes of an entry: `16–20`.
  public func spanText(of entry: Int) -> String {
    let span = span(of: entry)
    return "\(span.from)\u{2013}\(span.to)"
  }

  /// Every step, in the order of one key.
  public var steps: [WorkshopStep] {
    entries.enumerated().flatMap { index, entry in entry.steps(index) }
  }
}

/// One entry of a workshop.
public struct WorkshopEntry: Sendable, Equatable {
  /// How long it takes.
  public var minutes: Int
  /// What it is about, in a few words.
  public var title: String
  /// What the room is asked.
  public var question: String
  /// The answer, as it is shown.
  public var answer: String
  /// What the teacher says or does; empty for nothing.
  public var say: String
  /// The fault of the run; nil for an honest one.
  public var fault: String?
  /// Whether the check that catches it is switched off, and the run goes on to its end.
  public var isCheckOff: Bool
  /// The stages and views to show, in order; after the fault, if there is one.
  public var views: [WorkshopView]

  /// Makes an entry.
  public init(
    minutes: Int, title: String, question: String, answer: String, say: String = "",
    fault: String? = nil, isCheckOff: Bool = false, views: [WorkshopView] = []
  ) {
    (self.minutes, self.title, self.question) = (minutes, title, question)
    (self.answer, self.say, self.fault) = (answer, say, fault)
    (self.isCheckOff, self.views) = (isCheckOff, views)
  }

  /// The check or rule that must catch the fault.
  public var check: String? { fault.flatMap(Lab.fault)?.caughtBy }

  fileprivate func steps(_ index: Int) -> [WorkshopStep] {
    var kinds: [WorkshopStep.Kind] = [.question]
    if fault != nil {
      // With the check off there is no verdict to guess.
      kinds += isCheckOff ? [.verdict, .end] : [.puzzle, .verdict]
    }
    kinds += views.map(WorkshopStep.Kind.view)
    return kinds.enumerated().map { place, kind in
      WorkshopStep(
        entry: index, kind: kind, fault: fault, isCheckOff: isCheckOff,
        showsAnswer: place == kinds.count - 1 && place > 0,
        ahead: kinds.count > 1 ? kinds[1] : kind)
    }
  }
}

/// A view of a stage.
public struct WorkshopView: Sendable, Equatable {
  /// The stage.
  public var stage: Stage
  /// The view.
  public var view: DetailView

  /// Makes a place.
  public init(_ stage: Stage, _ view: DetailView) { (self.stage, self.view) = (stage, view) }
}

/// One step of a workshop: what the next key shows.
public struct WorkshopStep: Sendable, Equatable {
  /// The kinds of steps.
  public enum Kind: Sendable, Equatable {
    /// The question of the entry, alone on the screen.
    case question
    /// The message that the fault changed.
    case puzzle
    /// Which check has caught it.
    case verdict
    /// The end of a run that goes on although its check failed.
    case end
    /// A view of a stage.
    case view(WorkshopView)
  }

  /// The entry, counted from 0.
  public var entry: Int
  /// What it shows.
  public var kind: Kind
  /// The fault of the run that it needs.
  public var fault: String?
  /// Whether the check is switched off in that run.
  public var isCheckOff: Bool
  /// Whether the answer stands below.
  public var showsAnswer: Bool
  /// What the entry shows first: its run is made ready behind the question.
  var ahead: Kind

  /// How far the run must have come.
  public func goal(for type: ResponseType) -> Stage {
    Self.goal(of: kind == .question ? ahead : kind, fault, type)
  }

  private static func goal(of kind: Kind, _ fault: String?, _ type: ResponseType) -> Stage {
    switch kind {
    case .view(let place): return place.stage
    case .end: return .data
    case .question, .puzzle, .verdict:
      guard let fault = fault.flatMap(Lab.fault) else { return .login }
      return fault.then.isEmpty ? fault.stage(for: fault.shown(with: type)) : .data
    }
  }

  /// What it shows, in a few words for the notes.
  public var words: String {
    switch kind {
    case .question: "the question"
    case .puzzle: "the message that was changed"
    case .verdict:
      isCheckOff ? "the check that failed, and that nobody listened to" : "the check that stops it"
    case .end: "how far the run comes without the check"
    case .view(let place): "stage \(place.stage.number), \(place.view.title)"
    }
  }
}

/// The clock of a workshop: it can be paused.
public struct WorkshopClock: Sendable, Equatable {
  /// What had passed when it was last started or stopped.
  public var passedMilliseconds: Int64
  /// Since when it runs; nil while it is paused.
  public var since: UnixTime?

  /// Makes a clock.
  public init(passedMilliseconds: Int64 = 0, since: UnixTime?) {
    (self.passedMilliseconds, self.since) = (passedMilliseconds, since)
  }

  /// What has passed, in seconds.
  public func seconds(at now: UnixTime) -> Int64 {
    let running = since.map { max(0, now.milliseconds - $0.milliseconds) } ?? 0
    return (passedMilliseconds + running) / 1000
  }

  /// Stops it, or lets it go on.
  public mutating func toggle(at now: UnixTime) {
    if let since {
      passedMilliseconds += max(0, now.milliseconds - since.milliseconds)
      self.since = nil
    } else {
      since = now
    }
  }
}

/// A workshop that is being given.
public struct WorkshopState: Sendable, Equatable {
  /// What is given.
  public let workshop: Workshop
  /// Every step.
  public let steps: [WorkshopStep]
  /// The step on the screen.
  public var index: Int
  /// The time that has passed.
  public var clock: WorkshopClock

  /// Begins a workshop, or shows it at a step; nil without any step.
  public init?(_ workshop: Workshop, index: Int = 0, clock: WorkshopClock) {
    steps = workshop.steps
    guard steps.indices.contains(index) else { return nil }
    self.workshop = workshop
    self.index = index
    self.clock = clock
  }

  /// The step on the screen.
  public var step: WorkshopStep { steps[index] }
  /// The entry on the screen.
  public var entry: WorkshopEntry { workshop.entries[step.entry] }
  /// The step after it; nil at the end.
  public var next: WorkshopStep? { steps.indices.contains(index + 1) ? steps[index + 1] : nil }

  /// `on time`, `2 min behind`, `1 min ahead`: by where the entry should be.
  public func pace(at now: UnixTime) -> String {
    let seconds = clock.seconds(at: now)
    let span = workshop.span(of: step.entry)
    let (from, to) = (Int64(span.from) * 60, Int64(span.to) * 60)
    let late = (seconds - to + 30) / 60
    if seconds > to, late > 0 { return "\(late) min behind" }
    if from - seconds >= 60 { return "\((from - seconds) / 60) min ahead" }
    return "on time"
  }

  /// `16–20 of 45 min · 12:30 · 2 min behind`.
  public func clockText(at now: UnixTime) -> String {
    let time = Distance.clock(seconds: clock.seconds(at: now))
    return "\(workshop.spanText(of: step.entry)) of \(workshop.minutes) min \u{00B7} \(time)"
      + (clock.since == nil ? " paused" : " \u{00B7} " + pace(at: now))
  }
}
