import Export
import Glibc
import HybridFlow
import Lab
import OpenID
import Platform
import Presentation
import Redaction
import Session
import Settings

/// `hybrid-flow drill` without a screen: prints each run, reads a line, and says what was right.
public final class DrillCommand {
  /// The longest line that is read.
  static let lineBytesMax = 4096

  private let order: DrillOrder
  private let sink: any TextSink
  private let nextLine: () -> String?
  private let now: () -> UnixTime
  private var hasReaders = true

  /// Makes a command.
  ///
  /// - Parameters:
  ///   - now: The time.
  ///   - nextLine: The next line that was typed; nil at the end.
  public init(
    _ order: DrillOrder, sink: any TextSink, now: @escaping () -> UnixTime = { .now },
    nextLine: @escaping () -> String? = DrillCommand.readLine
  ) {
    (self.order, self.sink, self.now, self.nextLine) = (order, sink, now, nextLine)
  }

  /// Plays to the end, or to the end of the input.
  public func run() -> RunOutcome {
    var game = DrillGame(order.drill, at: now())
    do {
      while !game.isOver, hasReaders {
        guard try play(&game) else {
          game.end()
          break
        }
        game.goOn(at: now())
      }
    } catch {
      sink.complain("hybrid-flow: \(HarmlessText.line("\(error)"))\n")
      return .exit(ExitCode.machine)
    }
    if order.isJSON {
      if hasReaders { hasReaders = sink.write(RunJSON.text(of: game.json)) }
    } else {
      say("# The drill is over\n\n" + order.farewell(game))
    }
    guard hasReaders else { return .signal(SIGPIPE) }
    let isWhole = game.results.count == order.drill.rounds.count
    return .exit(isWhole ? ExitCode.success : ExitCode.person)
  }

  /// Plays a round; false when no answer came.
  private func play(_ game: inout DrillGame) throws -> Bool {
    let round = game.round
    let run = try round.run()
    let transcript = run.machine.transcript
    let redactor = Redactor(
      secrets: transcript.secrets + WireSecrets.beside(transcript, run.configuration))
    var walk = PlainWalk(redactor: redactor, glyphs: order.isASCII ? .ascii : .unicode)
    walk.coversVerdicts = true
    say(
      "# Drill: round \(round.number) of \(order.drill.rounds.count), seed \(order.drill.seed), "
        + "\(game.points) points\n\n"
        + "Response type: \(round.type.rawValue). One fault, or none.\n\n")
    let covered = transcript.covered(redirectPath: run.configuration.redirectURI.path)
    for stage in Stage.allCases where covered[stage].startedAt != nil {
      say(walk.stage(stage, of: covered))
    }
    for action in covered.afterwards { say(walk.action(action, of: covered)) }
    return ask(&game, round, transcript, redactor)
  }

  private func ask(
    _ game: inout DrillGame, _ round: DrillRound, _ transcript: Transcript, _ redactor: Redactor
  ) -> Bool {
    say("## Which check must stop this run?\n\n")
    while hasReaders {
      say("A check, a family, none, or hint: ")
      guard let line = nextLine() else {
        say("\n")
        return false
      }
      let words = line.split(atAnyOf: " \t").map(String.init).filter { !$0.isEmpty }
      guard let word = words.first else { continue }
      if word.asciiLowercased == "hint" {
        let hint = game.takeHint { round.changedFields }
        say(hint.map { "Hint, 1 point off: \($0)\n" } ?? "There is no further hint.\n")
        continue
      }
      guard let answer = DrillAnswer(word) else {
        let near = DrillAnswer.nearest(to: word).map { " Did you mean \($0)?" } ?? ""
        say(
          "\"\(HarmlessText.line(String(word.prefix(80))))\" is no check and no family.\(near)\n")
        continue
      }
      game.answer(
        answer, field: words.count > 1 ? words[1] : nil,
        complaints: round.complaints(in: transcript), fields: round.changedFields, at: now())
      if let result = game.results.last {
        say(PlainDrill.text(of: result, round, in: transcript, redactor, isASCII: order.isASCII))
      }
      return true
    }
    return false
  }

  private func say(_ text: String) {
    guard hasReaders else { return }
    if order.isJSON { sink.complain(text) } else { hasReaders = sink.write(text) }
  }

  /// Reads a line of standard input; nil at its end.
  ///
  /// A longer line than ``lineBytesMax`` is cut.
  public static func readLine() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      if bytes.count < lineBytesMax { bytes.append(byte) }
    }
  }
}
