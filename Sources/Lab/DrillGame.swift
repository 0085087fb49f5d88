import HybridFlow
import OpenID

/// A hint of a round; each costs a point, and they come in this order.
public enum DrillHint: String, Sendable, CaseIterable {
  /// Where the run must be stopped.
  case stage
  /// The message to look at.
  case message
  /// The field in it.
  case field
}

/// What came of a round.
public struct DrillResult: Sendable, Equatable {
  /// Counted from 1.
  public let round: Int
  /// The fault's id; nil for a harmless run.
  public let fault: String?
  /// The response type.
  public let type: ResponseType
  /// The check or rule that must stop it; nil for a harmless run.
  public let expected: String?
  /// The answer.
  public let answer: DrillAnswer
  /// The field that was named with it; nil when none was.
  public let field: String?
  /// The fields that were changed.
  public let fields: [String]
  /// The hints that were taken.
  public let hints: [DrillHint]
  /// The points, hints taken off.
  public let points: Int
  /// How long it took.
  public let milliseconds: Int64

  /// Whether the named field is one that was changed; nil when none was named.
  public var isFieldRight: Bool? {
    field.map { named in
      fields.contains { $0.isIdentical(to: named) || $0.split(at: ".").contains { $0 == named } }
    }
  }

  /// Whether the check itself was named, or that nothing is wrong.
  public var isRight: Bool { worth == DrillGame.right }
  /// The points before the hints.
  public let worth: Int
}

/// A drill in progress: its rounds, hints, answers and points.
public struct DrillGame: Sendable, Equatable {
  /// The points for the right check, and for a right `none`.
  public static let right = 3
  /// The points for the right family.
  public static let family = 2

  /// The rounds.
  public let drill: Drill
  /// The rounds that were answered.
  public private(set) var results: [DrillResult] = []
  /// The hints of this round, with their texts.
  public private(set) var hints: [(hint: DrillHint, text: String)] = []
  /// Whether the answer of the round is shown.
  public private(set) var isTold = false
  /// Whether it has ended, with its last round or before.
  public private(set) var isOver = false
  private var roundStartedAt: UnixTime

  /// Begins a drill.
  public init(_ drill: Drill, at now: UnixTime) {
    self.drill = drill
    roundStartedAt = now
  }

  /// The round in progress, or the one that was just answered.
  public var round: DrillRound {
    drill.rounds[min(isTold ? results.count - 1 : results.count, drill.rounds.count - 1)]
  }
  /// All points so far.
  public var points: Int { results.reduce(0) { $0 + $1.points } }
  /// The most points there are.
  public var most: Int { drill.rounds.count * Self.right }
  /// Whether the round's verdicts are still hidden.
  public var isCovered: Bool { !isTold && !isOver }

  /// Takes the next hint; nil when there is none left.
  ///
  /// - Parameter fields: The changed fields; asked for only when they are told.
  public mutating func takeHint(fields: () -> [String]) -> String? {
    guard isCovered, hints.count < DrillHint.allCases.count else { return nil }
    let hint = DrillHint.allCases[hints.count]
    let text = round.text(of: hint, fields: fields)
    hints.append((hint, text))
    return text
  }

  /// Grades an answer.
  ///
  /// - Parameters:
  ///   - complaints: The checks and rules that are broken in this run: one that the fault breaks
  ///     besides the one it is about is as right.
  ///   - fields: The changed fields.
  public mutating func answer(
    _ answer: DrillAnswer, field: String? = nil, complaints: Set<String>, fields: [String],
    at now: UnixTime
  ) {
    guard isCovered else { return }
    let worth = round.worth(of: answer, complaints: complaints)
    results.append(
      DrillResult(
        round: round.number, fault: round.fault?.id, type: round.type, expected: round.expected,
        answer: answer, field: field, fields: fields, hints: hints.map(\.hint),
        points: max(0, worth - hints.count),
        milliseconds: max(0, now.milliseconds - roundStartedAt.milliseconds), worth: worth))
    isTold = true
  }

  /// Goes on to the next round, or to the end.
  public mutating func goOn(at now: UnixTime) {
    guard isTold, !isOver else { return }
    guard results.count < drill.rounds.count else { return end() }
    isTold = false
    hints = []
    roundStartedAt = now
  }

  /// Ends it; rounds without an answer have no points.
  public mutating func end() { isOver = true }

  /// Two games are the same when they stand at the same place.
  public static func == (left: DrillGame, right: DrillGame) -> Bool {
    left.drill == right.drill && left.results == right.results && left.isTold == right.isTold
      && left.isOver == right.isOver && left.hints.map(\.text) == right.hints.map(\.text)
  }

  /// The result to hand in: one object.
  public var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }
    func seconds(_ milliseconds: Int64) -> JSONValue {
      .number(JSONNumber(literal: "\(milliseconds / 1000).\(milliseconds % 1000 / 100)"))
    }
    let rounds = results.map { result in
      [
        "round": number(result.round), "fault": result.fault.map { .string($0) } ?? .null,
        "response_type": .string(result.type.rawValue),
        "expected": .string(result.expected ?? DrillAnswer.none),
        "answer": .string(result.answer.word),
        "field": result.field.map { .string($0) } ?? .null,
        "field_right": result.isFieldRight.map { .bool($0) } ?? .null,
        "hints": .array(result.hints.map { .string($0.rawValue) }),
        "points": number(result.points), "seconds": seconds(result.milliseconds),
      ] as JSONValue
    }
    return [
      "type": "drill", "seed": .number(JSONNumber(Int64(clamping: drill.seed))),
      "count": number(drill.rounds.count), "rounds": .array(rounds),
      "answered": number(results.count), "points": number(points), "most": number(most),
      "seconds": seconds(results.reduce(0) { $0 + $1.milliseconds }),
    ]
  }
}

extension DrillRound {
  fileprivate func worth(of answer: DrillAnswer, complaints: Set<String>) -> Int {
    guard let fault else { return answer == .nothing ? DrillGame.right : 0 }
    let family = DrillAnswer.family(of: fault.caughtBy)
    switch answer {
    case .nothing: return 0
    case .family(let id): return id == family ? DrillGame.family : 0
    case .check(let id):
      let broken = complaints.intersection(fault.companions.map(\.rawValue))
      if id == fault.caughtBy || broken.contains(id) { return DrillGame.right }
      return DrillAnswer.family(of: id) == family ? DrillGame.family : 0
    }
  }

  fileprivate func text(of hint: DrillHint, fields: () -> [String]) -> String {
    guard let fault else {
      return switch hint {
      case .stage: "There is no such stage: nothing is wrong in this run."
      case .message: "There is no such message."
      case .field: "There is no such field."
      }
    }
    switch hint {
    case .stage: return "The run must be stopped at \(fault.place(for: type))."
    case .message:
      guard let mark = fault.mark(for: type) else { return "No single message is wrong." }
      let path = mark.pathSuffix.isEmpty ? "" : " of \u{2026}\(mark.pathSuffix)"
      return "Look at what goes from the \(mark.from.drillWord) to the \(mark.to.drillWord) at "
        + "stage \(mark.stage.number)\(path)."
    case .field:
      let fields = fields()
      return fields.isEmpty
        ? "It is the whole message, not a field of it."
        : "Look at \(fields.joined(separator: ", "))."
    }
  }
}

extension Actor {
  fileprivate var drillWord: String {
    switch self {
    case .browser: "browser"
    case .application: "application"
    case .authorizationServer: "tenant"
    case .api: "API"
    }
  }
}
