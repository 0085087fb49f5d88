import OpenID
import Testing

@testable import Lab
@testable import Presentation
@testable import Session
@testable import TextUI
@testable import HybridFlow

/// Small things that catch the eye of a room: stray cells, punctuation, columns that touch.
struct TidyScreenTests {
  private static let sizes = [(60, 16), (80, 24), (84, 30), (120, 36), (200, 50)]

  private static func opened(_ key: Character, _ size: ScreenSize) throws -> ExplorerModel {
    var model = try #require(Sample.walk.dropFirst(7).first)
    _ = model.press(.character(key), size: size)
    if key == "x" { model.offer(faults: Lab.entries(for: .codeIDToken)) }
    return model
  }

  @Test(arguments: Self.sizes, ["x", "?", "y", "t"] as [Character])
  func `no stray cells stand beside a box that covers nearly all of the width`(
    size: (Int, Int), key: Character
  ) throws {
    let size = ScreenSize(columns: size.0, rows: size.1)
    let frame = ExplorerScreen(try Self.opened(key, size)).frame(size: size)
    for row in 0..<size.rows {
      let isBox = (0..<size.columns).contains { frame[$0, row].surface == .overlay }
      guard isBox,
        let first = (0..<size.columns).first(where: { frame[$0, row].surface != .background }),
        first <= 4
      else { continue }
      for column in 0..<first {
        #expect(frame[column, row].glyph == " ", "row \(row): \(frame.lines[row])")
      }
    }
  }

  @Test func `what a number means stands behind the comma`() throws {
    let model = try #require(Sample.walk.dropFirst(9).first)
    let text = model.everything()
    #expect(text.firstMatch(of: /[0-9]{2}Z? +,/) == nil, "a moment, and then a comma")
    var rows = JSONRows(Reader(model), owner: "test")
      .blocks(try JSONParser.parse(Array(#"{"exp":1764000000,"a":1}"#.utf8)))
      .compactMap { block -> String? in if case .line(let line) = block { line.text } else { nil } }
    rows.removeAll { !$0.contains("exp") }
    #expect(rows.count == 1 && rows[0].hasPrefix("  \"exp\": 1764000000,   2025-11-24"), "\(rows)")
  }

  @Test func `a long text is cut only where there is no room for it`() throws {
    let scope = "openid profile email read:appointments offline_access"
    let model = try #require(Sample.walk.last)
    var document = Document()
    document.blocks = JSONRows(Reader(model), owner: "test")
      .blocks(try JSONParser.parse(Array("{\"scope\":\"\(scope)\",\"a\":1}".utf8)))
    func row(_ width: Int) -> String? {
      document.laid(width).map(\.text).first { $0.contains("scope") }
    }
    #expect(row(76) == "  \"scope\": \"\(scope)\",")
    let cut = try #require(row(50))
    #expect(cut.contains("\u{2026}") && cut.hasSuffix("_access\",") && cut.utf8.count <= 52)
  }

  @Test(arguments: Self.sizes.map(\.0))
  func `the columns of the ledger do not touch`(width: Int) throws {
    let model = try #require(Sample.walk.dropFirst(6).first)
    var document = Document()
    Reader(model).addLedger(to: &document)
    for line in document.laid(width - 4).map(\.text) {
      for mark in ["\u{00B7}", "\u{2713}"] {
        #expect(line.firstMatch(of: try Regex("[a-z]\(mark)")) == nil, "\(line)")
      }
    }
  }

  @Test func `what can be done after the flow has one marker, not two`() throws {
    var model = try #require(Sample.walk.last)
    model.view = .after
    let rows = model.lines(ScreenSize(columns: 80, rows: 24))
    #expect(!rows.contains { $0.contains("\u{25B8}\u{25B6}") })
  }

  @Test func `nothing is said of a browser that is away when the answer has come`() throws {
    var run = try ScriptedRun { $0.userAgent = .external }
    run.begin()
    run.advance()
    run.advance()
    var model = Sample.model(run.machine, at: run.now)
    _ = model.press(.right)
    #expect(model.lines().contains { $0.contains("browser is away; Esc gives up") })
    let answered = try #require(try ScriptedRun.afterEachStage().dropFirst(4).first)
    #expect(answered.transcript[.callback].startedAt != nil)
    model.update(
      transcript: answered.transcript, situation: answered.situation, at: run.now)
    #expect(!model.lines().contains { $0.contains("is away") })
  }
}
