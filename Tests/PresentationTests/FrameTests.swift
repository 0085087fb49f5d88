import OpenID
import Testing

@testable import Presentation
@testable import TextUI
@testable import HybridFlow

struct FrameTests {
  /// Models with everything that can stand on a screen.
  static func models() throws -> [ExplorerModel] {
    var models = [ExplorerModel(summary: Sample.summary(), theme: Sample.theme)]
    models.append(try #require(Sample.walk.last))
    models.append(try Sample.atLogin().model)
    models.append(try Sample.hostile())
    var help = try #require(Sample.walk.last)
    help.overlays[HelpMenu.self] = HelpMenu(index: 3)
    models.append(help)
    return models
  }

  @Test(.timeLimit(.minutes(1)), arguments: 0..<5)
  func `no size traps, whatever is shown`(index: Int) throws {
    var model = try Self.models()[index]
    for columns in Array(stride(from: 1, through: 220, by: 9)) + [59, 60, 79, 80, 99, 100, 160] {
      for rows in [1, 2, 3, 5, 15, 16, 17, 24, 30, 40, 46, 70] {
        let size = ScreenSize(columns: columns, rows: rows)
        model.focus = Pane.allCases[(columns + rows) % Pane.allCases.count]
        model.isZoomed = rows % 2 == 0
        let frame = ExplorerScreen(model).frame(size: size)
        #expect(frame.size == size)
        #expect(frame.lines.allSatisfy { CellWidth.width(of: $0) <= columns })
      }
    }
  }

  @Test(arguments: ["120x36", "100x30", "200x50", "80x24", "60x60", "160x40"])
  func `no text breaks a border`(text: String) throws {
    let parts = text.split(separator: "x").compactMap { Int($0) }
    let size = ScreenSize(columns: parts[0], rows: parts[1])
    let vertical: Set<String> = ["\u{2502}", "\u{2503}"]
    let horizontal: Set<String> = ["\u{2500}", "\u{2501}"]
    for var model in try Sample.walk + Self.models() {
      (model.modes, model.overlays) = (Modes(), OverlayStack())
      for view in DetailView.allCases {
        model.view = view
        let layout = Layout(size: size, focus: model.focus)
        let frame = ExplorerScreen(model).frame(size: size)
        for (pane, rect) in layout.panes where !(pane == .sequence && layout.sequenceIsBand) {
          let (right, bottom) = (rect.column + rect.width - 1, rect.row + rect.height - 1)
          for row in (rect.row + 1)..<bottom {
            #expect(vertical.contains(frame[rect.column, row].glyph), "\(pane) \(row)")
            #expect(vertical.contains(frame[right, row].glyph), "\(pane) \(row)")
          }
          let edge = ((rect.column + 1)..<right).map { frame[$0, bottom].glyph }.joined()
          // How much of the view is seen may stand there.
          let bare = pane == .detail ? edge.replacing(#/ \d+–\d+ of \d+ /#, with: "") : edge
          #expect(bare.allSatisfy { horizontal.contains(String($0)) }, "\(pane): \(edge)")
        }
      }
    }
  }

  @Test func `below the minimum a notice names both sizes, and q still quits`() throws {
    var model = try #require(Sample.walk.first)
    let size = ScreenSize(columns: 48, rows: 12)
    let lines = model.lines(size).joined(separator: "\n")
    #expect(lines.contains("needs 60 x 16") && lines.contains("now 48 x 12"))
    #expect(model.press(.character("q"), size: size) == [.quit])
    #expect(model.press(.character(" "), size: size) == [])
  }

  @Test func `in ASCII nothing else is drawn`() throws {
    for var model in try Sample.walk + [Sample.hostile()] {
      model.glyphs = .ascii
      for view in DetailView.allCases {
        model.view = view
        let frame = ExplorerScreen(model).frame(size: Sample.size)
        #expect(frame.cells.allSatisfy { $0.glyph.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } })
      }
    }
  }

  @Test func `text from outside is harmless wherever it stands`() throws {
    var model = try Sample.hostile()
    for view in DetailView.allCases {
      model.view = view
      for reveals in [false, true] {
        model.revealsSecrets = reveals
        let frame = ExplorerScreen(model).frame(size: ScreenSize(columns: 200, rows: 70))
        for scalar in frame.cells.lazy.flatMap(\.glyph.unicodeScalars) {
          let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
          let isBidi = (0x202A...0x202E).contains(scalar.value)
          #expect(!isControl && !isBidi, "U+\(String(scalar.value, radix: 16)) in \(view)")
        }
      }
    }
  }

  @Test func `every name of the demo flow has an explanation`() throws {
    for var model in Sample.walk {
      for view in DetailView.allCases {
        model.view = view
        let layout = Layout(size: Sample.size, focus: .detail, isZoomed: true)
        for line in model.lines(of: .detail, layout) {
          #expect(!line.text.contains("not standard"), "stage \(model.shownStage) \(line.text)")
        }
      }
    }
  }

  @Test func `no secret is seen before the person asks`() throws {
    let last = try #require(Sample.walk.last)
    let secrets =
      last.transcript.tokens.map(\.text)
      + last.transcript.stages.flatMap(\.values).filter(\.isSecret).map(\.value)
      .filter { $0.utf8.count >= 20 }
    #expect(secrets.count >= 5)
    for var model in Sample.walk {
      model.isZoomed = true
      for view in DetailView.allCases {
        model.view = view
        let text = model.everything()
        for secret in secrets { #expect(!text.contains(secret.prefix(20)), "\(view)") }
        #expect(!text.contains("password=hybrid"), "\(view)")
      }
    }
    var shown = Sample.walk[4]
    _ = shown.press(.character("s"))
    shown.view = .wire
    let code = try #require(shown.transcript[.callback].values.first { $0.name == "code" })
    #expect(shown.everything().contains(code.value))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a token of a mebibyte does not stall the screen`() throws {
    var model = try Sample.hugeToken()
    let clock = ContinuousClock()
    let first = clock.measure { _ = model.lines() }
    let scrolled = clock.measure {
      for _ in 0..<20 { _ = model.press(.character("j")); _ = model.lines() }
    }
    // Generous: an unoptimised build on a busy machine.
    #expect(first < .seconds(10))
    #expect(scrolled < .seconds(5))
  }
}
