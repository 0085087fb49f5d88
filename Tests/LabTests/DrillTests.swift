import HybridFlow
import OpenID
import Platform
import Session
import Settings
import Testing

@testable import Commands
@testable import Lab

/// The drill, played by a script that knows the lab's table.
@Suite struct DrillTests {
  private static let start = UnixTime(seconds: 1_800_000_000)

  @Test(.timeLimit(.minutes(5)))
  func `two hundred rounds answered from the table are all right`() throws {
    let drill = Drill(seed: 7, count: 200)
    var game = DrillGame(drill, at: Self.start)
    for round in drill.rounds {
      let run = try round.run()
      let transcript = run.machine.transcript
      let complaints = round.complaints(in: transcript)
      if let expected = round.expected {
        #expect(complaints.contains(expected), "\(round.number) \(round.fault?.id ?? "")")
        #expect(transcript.firstFailure != nil)
      } else {
        #expect(complaints.isEmpty && transcript.firstFailure == nil, "\(round.number)")
      }
      let answer = try #require(DrillAnswer(round.expected ?? DrillAnswer.none))
      game.answer(answer, complaints: complaints, fields: [], at: Self.start)
      #expect(game.results.last?.points == 3 && game.results.last?.isRight == true)
      game.goOn(at: Self.start)
    }
    #expect(game.isOver && game.points == 600 && game.most == 600)
    let harmless = drill.rounds.count(where: \.isHarmless)
    #expect((35...65).contains(harmless), "\(harmless) of 200 are harmless")
    #expect(Set(drill.rounds.compactMap { $0.fault?.id }).count > 60)
  }

  @Test(.timeLimit(.minutes(5)), arguments: Drill.faults.map(\.id))
  func `a harmless run in the form of any fault has nothing wrong`(_ id: String) throws {
    let fault = try #require(Lab.fault(id))
    let round = DrillRound(number: 1, like: fault, isHarmless: true)
    let transcript = try round.run().machine.transcript
    #expect(transcript.firstFailure == nil && round.complaints(in: transcript).isEmpty)
    let all = transcript.checks + transcript.afterwards.flatMap(\.record.checks)
    #expect(all.contains { $0.verdict == .pass })
    #expect(!all.contains { $0.verdict == .fail || $0.verdict == .warn })
    #expect(!transcript.messages.contains { $0.tamperedBy != nil } && transcript.tampering == nil)
    // It stands where the other would be stopped.
    let forged = try DrillRound(number: 1, like: fault, isHarmless: false).run().machine.transcript
    #expect(transcript.afterwards.map(\.action) == forged.afterwards.map(\.action))
    #expect(
      transcript.stages.last { $0.startedAt != nil }?.stage
        == forged.stages.last { $0.startedAt != nil }?.stage)
  }

  @Test func `fifty harmless rounds have no fault`() throws {
    let rounds = Drill(seed: 11, count: 200).rounds + Drill(seed: 12, count: 200).rounds
    let harmless = rounds.filter(\.isHarmless).prefix(50)
    #expect(harmless.count == 50)
    for round in harmless {
      #expect(round.fault == nil && round.expected == nil)
      let transcript = try round.run().machine.transcript
      #expect(transcript.checks.allSatisfy { $0.verdict == .pass || $0.verdict == .skip })
    }
  }

  @Test func `a seed chooses the same rounds everywhere, and another one others`() {
    func names(_ seed: UInt64, _ count: Int) -> [String] {
      Drill(seed: seed, count: count).rounds.map { $0.fault?.id ?? "none" }
    }
    #expect(names(7, 20) == names(7, 20) && names(7, 20) != names(8, 20))
    #expect(Array(names(7, 200).prefix(10)) == names(7, 10))
    // SplitMix64 as published, so that no machine and no version has other numbers.
    var numbers = SplitMix64(seed: 1_234_567)
    #expect(numbers.next() == 6_457_827_717_110_365_317)
    #expect(numbers.next() == 3_203_168_211_198_807_973)
  }

  @Test func `the right family is worth two, anything else nothing, and a hint costs one`() throws {
    let fault = try #require(Lab.fault("swapped-code"))
    // Whichever drill has it: new faults change what a seed chooses.
    let drills = (1...20).map { Drill(seed: UInt64($0), count: 400) }
    let drill = try #require(
      drills.first { $0.rounds.contains { $0.fault?.id == fault.id } })
    let (number, round) = try #require(
      drill.rounds.enumerated().first { $0.element.fault?.id == fault.id })
    func points(_ word: String, hints: Int = 0) throws -> Int {
      var game = DrillGame(drill, at: Self.start)
      for _ in 0..<number {
        game.answer(.nothing, complaints: [], fields: [], at: Self.start)
        game.goOn(at: Self.start)
      }
      for _ in 0..<hints { _ = game.takeHint { round.changedFields } }
      let answer = try #require(DrillAnswer(word))
      game.answer(answer, complaints: ["c-hash-match"], fields: [], at: Self.start)
      return try #require(game.results.last).points
    }
    for (word, worth) in [
      ("c-hash-match", 3), ("C-Hash-Match", 3), ("hashes", 2), ("at-hash-match", 2),
      ("state-match", 0), ("signature", 0), ("none", 0),
    ] {
      #expect(try points(word) == worth, "\(word)")
      #expect(try points(word, hints: 1) == max(0, worth - 1), "\(word)")
      #expect(try points(word, hints: 5) == 0, "\(word)")
    }
    #expect(
      DrillAnswer("nonsense") == nil && DrillAnswer.nearest(to: "nonce-mach") == "nonce-match")
  }

  @Test func `every check has one family, and every rule that catches a fault can be answered`() {
    for check in CheckID.allCases {
      #expect(CheckFamily.all.count { $0.checks.contains(check) } == 1, "\(check)")
    }
    for fault in Lab.faults { #expect(DrillAnswer(fault.caughtBy) != nil, "\(fault.id)") }
    let words = DrillAnswer.families.flatMap { $0.checks + [$0.id] } + [DrillAnswer.none]
    #expect(Set(words).count == words.count)
  }

  @Test(.timeLimit(.minutes(5)), arguments: Drill.faults.map(\.id))
  func `the three hints lead to the place, and name nothing else`(_ id: String) throws {
    let fault = try #require(Lab.fault(id))
    let round = DrillRound(number: 1, like: fault, isHarmless: false)
    let fields = round.changedFields
    #expect(fields.count <= 8, "\(id): \(fields)")
    #expect(!fields.contains("nonce") || fault.caughtBy.contains("nonce"), "\(id): \(fields)")
    if let mark = fault.mark(for: round.type) { #expect(mark.stage <= round.goal) }
  }

  // MARK: Line by line

  private final class Lines: TextSink {
    var output = ""
    var errors = ""
    func write(_ text: String) -> Bool {
      output += text
      return true
    }
    func complain(_ text: String) { errors += text }
  }

  private func play(
    _ arguments: [String], _ answers: [String]
  ) throws -> (sink: Lines, outcome: RunOutcome) {
    let order = try DrillOrder.read(Invocation.parse(["drill"] + arguments))
    let sink = Lines()
    var left = answers[...]
    let command = DrillCommand(order, sink: sink, now: { Self.start }) { left.popFirst() }
    return (sink, command.run())
  }

  @Test(.timeLimit(.minutes(2))) func `a script plays it through a pipe`() throws {
    let drill = Drill(seed: 7, count: 6)
    let answers = drill.rounds.flatMap { ["nonsense", "hint", $0.expected ?? "none"] }
    let (sink, outcome) = try play(["--seed", "7", "--count", "6", "--json"], answers)
    #expect(outcome == .exit(0))
    let result = try JSONParser.parse(Array(sink.output.utf8))
    #expect(result["type"]?.string == "drill" && result["seed"]?.integer == 7)
    #expect(result["points"]?.integer == 12 && result["most"]?.integer == 18)
    #expect(result["rounds"]?.elements?.count == 6)
    for (json, round) in zip(result["rounds"]?.elements ?? [], drill.rounds) {
      #expect(json["fault"]?.string == round.fault?.id)
      #expect(json["expected"]?.string == round.expected ?? "none")
      #expect(json["hints"]?.strings == ["stage"])
    }
    // Up to its answer, no round tells what is wrong.
    let rounds = sink.errors.split(separator: "# Drill: round ")
    for (text, round) in zip(rounds, drill.rounds) {
      let asked = text.components(upTo: "## Which check must stop this run?")
      #expect(asked.contains("Message 1") && !asked.contains("LAB"))
      for word in ["This stage failed", "passed:", "failed:", "It stops here", "To blame"] {
        let isTold = asked.contains(word)
        #expect(!isTold, "\(round.number) \(word)")
      }
      let names = CheckID.allCases.reduce(String(asked)) {
        $0.replacing(bytes: $1.rawValue, with: "")
      }
      if let id = round.fault?.id { #expect(!names.holds(id)) }
    }
    #expect(sink.errors.contains("is no check and no family"))
  }

  @Test func `it ends early with what was answered`() throws {
    let (sink, outcome) = try play(["--seed", "7", "--count", "3", "--plain"], ["none"])
    #expect(outcome == .exit(6))
    #expect(sink.output.contains("in 1 of 3 rounds"))
    #expect(sink.output.contains("hybrid-flow drill --seed 7 --count 3"))
  }

  @Test(arguments: [["--seed", "x"], ["--count", "0"], ["--count", "201"], ["--seed", "-1"]])
  func `a number that is none says what it can be`(_ arguments: [String]) throws {
    #expect {
      _ = try DrillOrder.read(Invocation.parse(["drill"] + arguments))
    } throws: { error in
      let error = error as? UsageError
      return error?.place?.keys == [arguments[0]]
        && error?.message.contains("give a whole number from") == true
    }
  }
}

extension Substring {
  fileprivate func components(upTo end: String) -> Substring {
    firstRange(of: end).map { self[..<$0.lowerBound] } ?? self
  }
}
