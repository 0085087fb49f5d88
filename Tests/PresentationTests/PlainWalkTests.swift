import Diagnosis
import Foundation
import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// The walk as it is read aloud.
///
/// `RECORD_GOLDENS=1 swift test --filter PlainWalkTests` writes the golden anew, and fails.
@Suite struct PlainWalkTests {
  private static func text(
    _ machine: FlowMachine, glyphs: GlyphSet = .unicode, reveals: Bool = false,
    isFull: Bool = true
  ) -> String {
    let transcript = machine.transcript
    let secrets = transcript.secrets + WireSecrets.all(in: transcript)
    let walk = PlainWalk(
      redactor: reveals ? .revealing : Redactor(secrets: secrets), glyphs: glyphs, isFull: isFull)
    var text = walk.opening(Sample.summary(), tenant: ScriptedRun.issuerText)
    for stage in Stage.allCases { text += walk.stage(stage, of: transcript) }
    return text + walk.ending(of: transcript, diagnosis: diagnosis(transcript))
  }

  private static func diagnosis(_ transcript: Transcript) -> RunDiagnosis? {
    (try? ScriptedRun()).flatMap { RunDiagnosis(transcript, $0.configuration) }
  }

  private static func lastMachine() throws -> FlowMachine {
    try #require(ScriptedRun.afterEachStage().last)
  }

  @Test(arguments: [("plain-walk", true), ("plain-story", false)])
  func `the walk reads as it did`(name: String, isFull: Bool) throws {
    let text = Self.text(try Self.lastMachine(), isFull: isFull)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent); look at the difference, then run again")
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    let lines = text.components(separatedBy: "\n")
    for (index, pair) in zip(golden, lines).enumerated() where pair.0 != pair.1 {
      Issue.record("line \(index + 1)\n- \(pair.0)\n+ \(pair.1)")
      return
    }
    #expect(golden.count == lines.count)
  }

  @Test(arguments: GlyphSet.allCases)
  func `no line is wider than 80 cells, and nothing moves a cursor or draws a box`(
    glyphs: GlyphSet
  ) throws {
    for line in Self.text(try Self.lastMachine(), glyphs: glyphs).components(separatedBy: "\n") {
      #expect(CellWidth.width(of: line) <= 80, "\(line)")
      #expect(!line.unicodeScalars.contains { (0x2500...0x259F).contains($0.value) }, "\(line)")
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(line)")
      if glyphs == .ascii { #expect(line.utf8.allSatisfy { $0 < 0x80 }, "\(line)") }
    }
  }

  @Test func `it holds every stage, message, header, field, claim and check`() throws {
    let machine = try Self.lastMachine()
    let text = Self.text(machine, reveals: true).replacing("\n  ", with: " ")
    for record in machine.transcript.stages {
      #expect(text.contains("## Stage \(record.stage.number) of 10: \(record.stage.title)"))
      for message in record.messages {
        for header in message.headers.lines { #expect(text.contains("- \(header.name): ")) }
      }
      for token in record.tokens {
        for member in (token.header?.members ?? []) + (token.claims?.members ?? []) {
          #expect(text.contains("- \(member.name)"), "\(member.name)")
        }
      }
      for check in record.checks {
        #expect(
          text.contains(": \(check.id.rawValue)\n")
            || text.contains(": \(check.id.rawValue) "), "\(check.id)")
      }
    }
  }

  @Test func `no secret of the run is in it`() throws {
    let machine = try Self.lastMachine()
    let joined = Self.text(machine).components(separatedBy: .whitespacesAndNewlines).joined()
    let secrets = machine.transcript.secrets + WireSecrets.all(in: machine.transcript)
    #expect(secrets.count > 5)
    #expect(Redactor(secrets: secrets).mask(joined) == joined)
    // The test can fail: unmasked, they are there.
    let open = Self.text(machine, reveals: true)
    #expect(Redactor(secrets: secrets).mask(open) != open)
  }

  @Test func `a failure puts the failed check first and says who is to blame`() throws {
    let machines = try ScriptedRun.afterEachStage { configuration in
      configuration.idTokenAlgorithm = .es256
    }
    let machine = try #require(machines.last)
    let failure = try #require(machine.transcript.failure)
    let text = Self.text(machine)
    let stage = try #require(machine.transcript.stages.first { $0.failure != nil }).stage
    let part = PlainWalk(redactor: .revealing, isFull: true).stage(stage, of: machine.transcript)
    let checks = try #require(part.range(of: "### Checks: "))
    let first = part[checks.upperBound...].components(separatedBy: "\n").first {
      $0.hasPrefix("- ")
    }
    #expect(first?.hasPrefix("- failed: ") == true)
    #expect(text.contains("## The flow failed"))
    #expect(text.contains("- To blame: "))
    #expect(text.contains("(\(failure.code))") && text.contains("--id-token-alg RS256"))
  }

  @Test func `without details it tells the story, and every rule that was broken`() throws {
    let machines = try ScriptedRun.afterEachStage { $0.idTokenAlgorithm = .es256 }
    let machine = try #require(machines.last)
    let text = Self.text(machine, isFull: false)
    #expect(text.contains("Why believe it?") && text.contains("- failed: id-token-alg-allowlist"))
    #expect(!text.contains("### Message") && !text.contains("- passed: id-token-structure"))
    #expect(text.count < Self.text(machine).count / 3)
  }
}
