import OpenID
import Testing
import TextUI

@testable import Commands
@testable import Lab
@testable import Platform
@testable import Settings

/// Keeps what a face writes.
final class Paper: TextSink {
  var output = ""
  var complaints = ""
  func write(_ text: String) -> Bool {
    output += text
    return true
  }
  func complain(_ text: String) { complaints += text }

  var lines: [JSONValue] {
    output.split(separator: "\n").compactMap { try? JSONParser.parse(Array($0.utf8)) }
  }
}

extension LabTests {
  /// `hybrid-flow lab`, over real connections where it is asked for single faults.
  @Suite struct LabCommandTests {
    private func lab(_ words: [String]) throws -> (Paper, RunOutcome) {
      let invocation = try Invocation.parse(["lab"] + words)
      let paper = Paper()
      let face = LabCommand(
        order: try LabOrder.read(invocation), isJSON: invocation.has(.json),
        style: PrintStyle(isASCII: invocation.has(.ascii)), sink: paper)
      return (paper, face.run())
    }

    @Test(
      .timeLimit(.minutes(2)),
      arguments: [
        "swapped-code", "login-csrf", "double-post", "mix-up", "hs256-confusion", "replaced-keys",
        "second-token-of-another-person", "token-answer-html", "header-in-token",
        "userinfo-forged", "answer-in-url", "metadata-of-another-issuer", "sends-code-twice",
        "stolen-state-without-id-token", "refreshed-token-of-another-person",
        "refreshed-token-forged", "old-refresh-token-kept", "userinfo-later-of-another-person",
        "logout-without-state", "same-access-token-twice", "access-token-expired",
      ])
    func `a single fault is caught over real connections`(_ id: String) throws {
      let (paper, outcome) = try lab([id, "--json"])
      #expect(outcome == .exit(0))
      let run = try #require(paper.lines.first)
      #expect(run["id"]?.string == id)
      #expect(run["status"] == "caught", "\(paper.output)")
      #expect(paper.lines.last?["type"] == "result")
      #expect(paper.lines.last?["missed"] == 0)
    }

    @Test func `what is switched off is said loudly, and the command fails`() throws {
      let (paper, outcome) = try lab([
        "swapped-code", "--ascii", "--without-check", "c-hash-match", "--no-pkce",
      ])
      #expect(outcome == .exit(3))
      #expect(paper.complaints.contains("SWITCHED OFF"))
      #expect(paper.output.contains("SWITCHED OFF"))
      #expect(paper.output.contains("Another defence held at stage 8"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: [[], ["--ascii"]])
    func `the whole matrix is a table of eighty columns with its totals`(
      _ more: [String]
    ) throws {
      let (paper, outcome) = try lab(["--all"] + more)
      #expect(outcome == .exit(0))
      let lines = paper.output.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
      for fault in Lab.faults {
        let rows = lines.filter { $0.hasPrefix("  \(fault.id) ") }
        #expect(rows.count == 1 && rows[0].hasSuffix(fault.caughtBy), "\(fault.id)")
      }
      if !more.isEmpty { #expect(paper.output.utf8.allSatisfy { $0 < 0x80 }) }
      for oddity in Lab.harmless {
        let rows = lines.filter { $0.hasPrefix("  \(oddity.id) ") }
        #expect(rows.count == 1 && rows[0].hasSuffix("nothing, as it must be"), "\(oddity.id)")
      }
      #expect(paper.output.contains("\(Lab.faults.count) faults in \(FaultCase.all.count) runs"))
      #expect(paper.output.contains("\n\(Lab.harmless.count) harmless oddities in "))
      #expect(lines.last == "0 missed, 0 false alarms, 0 switched off.")
    }

    @Test func `a row that does not hold says what happened`() throws {
      let (paper, outcome) = try lab([
        "--all", "--without-check", "c-hash-match", "--response-type", "code id_token", "--ascii",
      ])
      #expect(outcome == .exit(3))
      let row = paper.output.split(separator: "\n").first { $0.hasPrefix("  swapped-code ") }
      #expect(row?.hasSuffix(" !.. 5   c-hash-match") == true)
      #expect(paper.output.contains("code id_token: c-hash-match (switched off) at stage 5"))
    }

    @Test func `machines get the totals in the last line`() throws {
      let (paper, _) = try lab(["--all", "--json", "--response-type", "code token"])
      let last = try #require(paper.lines.last)
      #expect(last["type"] == "result" && last["status"] == "passed" && last["missed"] == 0)
      #expect(last["honest"] == 1 && last["false_alarms"] == 0)
      #expect(last["faults"]?.integer == Int64(Lab.faults.count))
      let runs = FaultCase.all.count { $0.type == .codeToken }
      let harmless = Lab.harmless.count { $0.types.contains(.codeToken) }
      #expect(last["runs"]?.integer == Int64(runs + harmless + 1))
      #expect(last["harmless"]?.integer == Int64(harmless))
      let oddities = paper.lines.filter { $0["type"] == "harmless" }
      #expect(oddities.count == harmless && oddities.allSatisfy { $0["status"] == "passed" })
      #expect(last["seconds"] != nil)
    }

    @Test func `the table is listed for people and for machines`() throws {
      let (text, _) = try lab(["--list"])
      for fault in Lab.faults { #expect(text.output.contains("  \(fault.id) ")) }
      let (paper, outcome) = try lab(["--list", "--json"])
      #expect(outcome == .exit(0))
      let faults = paper.lines.filter { $0["type"] == "fault" }
      #expect(faults.map { $0["id"]?.string } == Lab.faults.map(\.id))
      #expect(faults.allSatisfy { $0["lesson"]?.string != nil && $0["caught_by"] != nil })
      let harmless = paper.lines.filter { $0["type"] == "harmless" }
      #expect(harmless.map { $0["id"]?.string } == Lab.harmless.map(\.id))
      #expect(harmless.allSatisfy { $0["why"]?.string != nil && $0["caught_by"] == nil })
      for oddity in Lab.harmless { #expect(text.output.contains("  \(oddity.id) ")) }
    }

    @Test(arguments: [
      [], ["no-such-fault"], ["swapped-cod"], ["--all", "--list"], ["swapped-code", "--all"],
      ["swapped-code", "--without-check", "c-hash"],
      ["swapped-code", "--response-type", "code token"],
    ])
    func `what makes no sense is refused with advice`(_ words: [String]) {
      #expect(throws: UsageError.self) { try lab(words) }
    }

    @Test func `a slip of the finger is understood`() {
      #expect(UsageError.unknownFault("swapped-cod").message.contains("mean swapped-code,"))
      #expect(UsageError.unknownCheck("c-hash-mach").message.contains("c-hash-match"))
    }
  }
}
