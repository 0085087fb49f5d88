import HybridFlow
import Testing

@testable import Presentation
@testable import TextUI

struct LayoutTests {
  private static let sizes = (1...220).flatMap { columns in
    (1...70).map { ScreenSize(columns: columns, rows: $0) }
  }

  @Test(arguments: [
    (200, 50, LayoutClass.large), (160, 40, .large), (159, 40, .medium), (160, 39, .medium),
    (120, 36, .medium), (100, 30, .medium), (99, 30, .small), (100, 29, .small), (80, 24, .small),
    (79, 24, .extraSmall), (80, 23, .extraSmall), (99, 46, .portrait), (60, 46, .portrait),
    (60, 16, .extraSmall), (59, 16, .tooSmall), (60, 15, .tooSmall), (1, 1, .tooSmall),
  ])
  func `the size alone decides the arrangement`(
    columns: Int, rows: Int, wanted: LayoutClass
  ) {
    #expect(LayoutClass(ScreenSize(columns: columns, rows: rows)) == wanted)
  }

  @Test(.timeLimit(.minutes(1)), arguments: Pane.allCases, [false, true])
  func `every rectangle lies on the screen and on no other`(focus: Pane, isZoomed: Bool) {
    for size in Self.sizes {
      let layout = Layout(size: size, focus: focus, isZoomed: isZoomed)
      guard layout.layoutClass != .tooSmall else {
        #expect(layout.panes.isEmpty)
        continue
      }
      var rectangles = [layout.header, layout.footer] + layout.panes.values
      rectangles += [layout.strip, layout.status].compactMap { $0 }
      var rows = Array(repeating: [Range<Int>](), count: size.rows)
      for rect in rectangles {
        let isInside =
          rect.column >= 0 && rect.row >= 0 && rect.width > 0 && rect.height > 0
          && rect.column + rect.width <= size.columns && rect.row + rect.height <= size.rows
        guard isInside else {
          Issue.record("\(size) focus \(focus) zoom \(isZoomed): \(rect) is not on the screen")
          return
        }
        let columns = rect.column..<(rect.column + rect.width)
        for row in rect.row..<(rect.row + rect.height) {
          if rows[row].contains(where: { $0.overlaps(columns) }) {
            Issue.record("\(size) focus \(focus) zoom \(isZoomed): row \(row) is taken twice")
            return
          }
          rows[row].append(columns)
        }
      }
    }
  }

  @Test(arguments: Pane.allCases, [false, true])
  func `what has the focus is seen and big enough to read`(focus: Pane, isZoomed: Bool) {
    for size in Self.sizes {
      let first = Layout(size: size, focus: focus, isZoomed: isZoomed)
      guard first.layoutClass != .tooSmall else { continue }
      let pane = first.focus(focus)
      let layout = Layout(size: size, focus: pane, isZoomed: isZoomed)
      let content = layout.content(of: pane)
      let isBig = (content?.width ?? 0) >= 20 && (content?.height ?? 0) >= 5
      #expect(isBig, "\(size) \(pane): \(String(describing: content))")
      #expect(layout.footer.height == 1)
      guard isBig else { return }
    }
  }

  @Test func `Tab reaches every pane of an arrangement and no other`() {
    for size in [(200, 50), (120, 36), (80, 24), (60, 60), (60, 16)] {
      let layout = Layout(size: ScreenSize(columns: size.0, rows: size.1))
      #expect(Set(layout.focusOrder).count == layout.focusOrder.count)
      #expect(Set(layout.panes.keys).isSubset(of: layout.focusOrder))
    }
  }

  @Test func `a zoomed pane has the whole body`() {
    let layout = Layout(
      size: ScreenSize(columns: 120, rows: 36), focus: .sequence, isZoomed: true)
    #expect(layout.panes == [.sequence: Rect(column: 0, row: 1, width: 120, height: 33)])
  }
}

/// The diagram in panes of every height.
struct DiagramTests {
  @Test(arguments: Stage.allCases)
  func `the message of a stage is seen, however low the pane and however far the run`(
    stage: Stage
  ) throws {
    var model = try #require(Sample.walk.last)
    model.look(at: stage)
    for height in 3...20 {
      let diagram = SequenceDiagram(model, Rect(column: 0, row: 0, width: 78, height: height))
      let current = try #require(diagram.current)
      let row = current * diagram.rowsPerArrow - diagram.top
      #expect((0..<height - 2).contains(row), "\(height) rows")
    }
  }
}
