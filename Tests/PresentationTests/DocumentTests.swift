import HybridFlow
import OpenID
import Testing

@testable import Presentation
@testable import Redaction
@testable import TextUI

/// One document of a stage, and the texts that are printed from it.
struct DocumentTests {
  @Test func `verdicts are counted in the order of the text`() {
    let tally = Tally([.pass, .skip, .fail, .pass, .warn])
    #expect(tally.counts(Check.Verdict.worstFirst) == "1 failed, 1 warned, 2 passed, 1 not run")
    #expect(tally.counts(Check.Verdict.passedFirst) == "2 passed, 1 failed, 1 warned, 1 not run")
    #expect(Tally([Check]()).counts(Check.Verdict.worstFirst) == nil)
    for order in [Check.Verdict.worstFirst, Check.Verdict.passedFirst] {
      #expect(Set(order) == Set(Check.Verdict.allCases))
    }
  }

  @Test func `what was compared stands below each other, as far as it is known`() {
    func line(_ expected: String?, _ found: String?) -> CheckLine {
      CheckLine(
        id: "x", verdict: .fail, why: "It does not fit.", expected: expected, found: found,
        source: .core("2"), Redactor(secrets: []))
    }
    #expect(line("a", "b").comparison == ["expected  a", "found     b"])
    #expect(line(nil, "b").comparison == ["found     b"])
    #expect(line(nil, nil).comparison.isEmpty)
  }

  @Test func `view and plain text say of a failed stage what its document says`() throws {
    let model = try Sample.failed()
    let told = Reader(model).told
    let view = model.lines(of: Reader(model).document(.checks))
    let plain = Self.solid(
      PlainWalk(redactor: model.redactor).stage(.callback, of: model.transcript))
    let failed = told.checks(.fail)
    #expect(failed.count == 1)
    for check in failed {
      for text in [check.id, check.why, check.found ?? "", check.source.description] {
        #expect(view.contains(Self.solid(text)), "\(text)")
        #expect(plain.contains(Self.solid(text)), "\(text)")
      }
    }
    let failure = try #require(told.failure)
    #expect(plain.contains(Self.solid(failure)))
    for token in told.tokens {
      #expect(plain.contains(Self.solid(token.value)))
      let decoded = model.lines(of: Reader(model).document(.decoded))
      #expect(decoded.contains(Self.solid(token.value)))
    }
  }

  @Test func `views have names of their own, and every one can be asked for`() {
    let all = DetailView.allCases
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(Set(all.map(\.title)).count == all.count)
    #expect(all.contains(.wire), "the view of a stage that lacks the wanted one")
    #expect(all.allSatisfy { $0.id.utf8.allSatisfy { (0x61...0x7A).contains($0) } })
  }

  fileprivate static func solid(_ text: String) -> String {
    text.filter { !$0.isWhitespace }
  }
}

extension ExplorerModel {
  fileprivate func lines(of document: Document) -> String {
    DocumentTests.solid(document.laid(120).map(\.text).joined())
  }
}
