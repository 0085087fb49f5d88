import Testing

@testable import HybridFlow
@testable import Presentation
@testable import TextUI

/// What is explained is told whole: an ellipsis stands only in the middle of a masked or long value.
struct WholeWordsTests {
  private static let sizes = ["80x24", "100x30", "120x36", "200x50"]

  @Test(arguments: Stage.allCases, sizes)
  func `no explanation ends in an ellipsis`(stage: Stage, size: String) throws {
    let parts = size.split(separator: "x").compactMap { Int($0) }
    let size = ScreenSize(columns: parts[0], rows: parts[1])
    for view in DetailView.allCases where view != .page {
      var model = Sample.walk[stage.number - 1]
      model.view = view
      let layout = Layout(size: size, focus: .detail)
      for line in model.lines(of: .detail, layout) {
        // A member of a document on the wire is no explanation, and its name may be long.
        if view == .wire, line.text.drop(while: { $0 == " " }).hasPrefix("\"") { continue }
        let cut = Self.cut(line.text + " ") || Self.cut(line.note.map(\.text).joined() + " ")
        #expect(!cut, "\(stage.id), \(view.id): \(line.text)")
      }
    }
  }

  @Test(arguments: sizes)
  func `no arrow of the diagram is cut short`(size: String) throws {
    let parts = size.split(separator: "x").compactMap { Int($0) }
    let size = ScreenSize(columns: parts[0], rows: parts[1])
    for model in Sample.walk {
      let layout = Layout(size: size, focus: .detail)
      let content = try #require(layout.content(of: .sequence))
      let rows = ExplorerScreen(model).frame(size: size).lines[
        content.row..<content.row + content.height]
      for row in rows {
        let columns = Array(row)
        let text = String(
          columns[
            min(columns.count, content.column)..<min(columns.count, content.column + content.width)]
        )
        #expect(!Self.cut(text + " "), "\(text)")
      }
    }
  }

  /// Whether an ellipsis stands at the end of something, and not inside a value or a path.
  private static func cut(_ text: String) -> Bool {
    text.indices.contains { index in
      guard text[index] == "\u{2026}" else { return false }
      let next = text[text.index(after: index)]
      let goesOn = next.isLetter || next.isNumber || "-_/\u{00B7}.".contains(next)
      // The tenant's ledger shows the beginning of a secret and how long it is.
      return !goesOn && !text[index...].hasPrefix("\u{2026} (")
        && !text[index...].hasPrefix("\u{2026}\"")
    }
  }
}
