import HybridFlow
import Lab
import OpenID
import Testing

@testable import Presentation
@testable import TextUI

/// Documents are laid out once: whatever they read must make the old layout invalid.
struct FreshLayoutTests {
  private static let changes:
    [(name: String, change: @Sendable (inout ExplorerModel) throws -> Void)] =
      [
        (
          "summary",
          { model in
            let entries = Lab.entries(for: .codeIDToken)
            let entry = try #require(entries.first { $0.stage == model.shownStage })
            model.summary.lab = LabRun(entry: entry, isCheckOff: true)
          }
        ),
        ("keys", { $0.keys = KeyMap.reading([(action: "restart", keys: ["F5"])]).0 }),
      ]

  @Test(arguments: changes.indices)
  func `what a document reads makes it anew`(index: Int) throws {
    var model = try Sample.failed()
    model.show(index == 0 ? .explain : .checks)
    let before = model.lines(Sample.size)
    let stamp = model.stamp
    try Self.changes[index].change(&model)
    #expect(model.stamp !== stamp, "\(Self.changes[index].name)")
    // As if nothing had been laid out before.
    var fresh = model
    fresh.stamp = Stamp()
    #expect(model.lines(Sample.size) == fresh.lines(Sample.size))
    if index == 0 { #expect(model.lines(Sample.size) != before) }
  }
}
