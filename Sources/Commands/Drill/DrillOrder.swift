import Cryptography
import Export
import Lab
import OpenID
import Platform
import Settings

/// The options of `hybrid-flow drill`, read from the command line.
public struct DrillOrder: Sendable {
  /// The rounds.
  public var drill: Drill
  /// Whether the result is printed as one JSON object.
  public var isJSON: Bool
  /// Whether it is played line by line, also at a terminal.
  public var isPlain: Bool
  /// Whether only ASCII is written.
  public var isASCII: Bool

  /// Reads the options of the command.
  ///
  /// - Throws: ``UsageError`` that names the option and what to do.
  public static func read(_ invocation: Invocation) throws(UsageError) -> DrillOrder {
    let seed = try number(invocation, .seed, 0...Drill.seedMax)
    let count = try number(invocation, .count, 1...UInt64(Drill.roundsMax))
    return DrillOrder(
      drill: Drill(
        seed: seed ?? UInt64.random(in: 1...9999), count: count.map(Int.init) ?? Drill.usualRounds),
      isJSON: invocation.has(.json), isPlain: invocation.has(.plain),
      isASCII: invocation.has(.ascii))
  }

  private static func number(
    _ invocation: Invocation, _ option: Setting, _ range: ClosedRange<UInt64>
  ) throws(UsageError) -> UInt64? {
    guard let text = invocation[option] else { return nil }
    guard let number = UInt64(text), range.contains(number) else {
      throw UsageError(
        at: UsageError.Place([option.name]),
        " \(text): give a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// What is printed when a drill in the explorer is over.
  public func farewell(_ game: DrillGame) -> String {
    isJSON
      ? RunJSON.text(of: game.json)
      : "\(game.points) of \(game.most) points in \(game.results.count) of "
        + "\(game.drill.rounds.count) rounds. The same rounds again: hybrid-flow drill --seed "
        + "\(game.drill.seed) --count \(game.drill.rounds.count)\n"
  }

  /// The end of the command's help.
  static var help: [String] {
    let paragraphs = [
      "The right check, or none where nothing is wrong: 3 points. A check of the right family, or "
        + "the family itself: 2. Each hint takes 1 off: stage, message, field. One round in four is "
        + "harmless, on average.",
      "Without a terminal, or with --plain, it prints the messages of each run and reads a line: a "
        + "check, a family, none or hint. The field may stand behind the check.",
      "With --json standard output has one object when the drill is over, and everything else goes "
        + "to standard error: type (drill), seed, count, answered, points, most, seconds, and "
        + "rounds: an array of round, fault (null for none), response_type, expected, answer, field, "
        + "field_right, hints, points, seconds.",
      "Exit codes: 0 played to the end, whatever the score; 1 machine, 2 usage, 6 it ended before "
        + "the last answer.",
    ]
    return ["", "Families"]
      + DrillAnswer.families.map { "  \($0.id): \($0.title)" }
      + paragraphs.flatMap { [""] + HelpText.wrapped($0, width: HelpText.columns) }
  }
}
