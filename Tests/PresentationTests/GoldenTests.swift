import Foundation
import HybridFlow
import Lab
import OpenID
import Testing

@testable import Lab
@testable import Presentation
@testable import TextUI

/// Frames as text, with the role of every cell below: a change of colour is seen in a review too.
///
/// `RECORD_GOLDENS=1 swift test --filter GoldenTests` writes them anew, and fails;
/// `GOLDEN_PICTURES=FOLDER` draws them there as SVG as well.
struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens")
  private static let isRecording =
    ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1"

  @Test(arguments: Stage.allCases, ["80x24", "120x36", "200x50"])
  func `every stage looks as it did`(stage: Stage, size: String) throws {
    let model =
      stage == .authenticate ? try Sample.atLogin().model : Sample.walk[stage.number - 1]
    try compare(model, "stage-\(stage.number < 10 ? "0" : "")\(stage.number)-\(stage.id)", size)
  }

  @Test(arguments: [
    ("decoded", Stage.callback, DetailView.decoded), ("decoded", .tokens, .decoded),
    ("ledger", .verify, .decoded), ("checks", .callback, .checks), ("explain", .callback, .explain),
    ("data", .data, .decoded), ("compare", .tokens, .compare), ("holders", .tokens, .holders),
    ("holders", .callback, .holders),
  ])
  func `every view looks as it did`(name: String, stage: Stage, view: DetailView) throws {
    var model = Sample.walk[stage.number - 1]
    model.view = view
    try compare(model, "view-\(stage.id)-\(name)", "120x36")
  }

  @Test(arguments: [
    ("checks", Stage.callback, DetailView.checks), ("decoded", .callback, .decoded),
    ("compare", .tokens, .compare), ("holders", .tokens, .holders), ("ledger", .verify, .decoded),
    ("data", .data, .decoded), ("explain", .data, .explain),
  ])
  func `every view looks as it did in a small window`(
    name: String, stage: Stage, view: DetailView
  ) throws {
    var model = Sample.walk[stage.number - 1]
    model.view = view
    try compare(model, "view-\(stage.id)-\(name)", "80x24")
  }

  @Test(arguments: ["80x24", "120x36"])
  func `bytes look as they did`(size: String) throws {
    var model = Sample.walk[4]
    model.toggleBytes()
    model.notice = nil
    try compare(model, "view-callback-bytes", size)
  }

  @Test(arguments: ["80x24", "120x36"])
  func `waiting for the browser looks as it did`(size: String) throws {
    try compare(try Sample.browserAway(), "browser-away", size)
  }

  @Test func `a failure looks as it did`() throws {
    try compare(try Sample.failed(), "failed-callback", "120x36")
    try compare(try Sample.failed(), "failed-callback", "80x24")
  }

  @Test(arguments: ["80x24", "120x36", "200x50"])
  func `the help of three places looks as it did`(size: String) throws {
    var model = Sample.walk[4]
    _ = model.press(.character("?"))
    try compare(model, "help", size)
    model = Sample.walk[9]
    model.focus = .sequence
    _ = model.press(.character("?"))
    try compare(model, "help-sequence", size)
    model = try Sample.failed()
    _ = model.press(.character("?"))
    try compare(model, "help-checks", size)
  }

  @Test(arguments: ["80x24", "120x36", "200x50"])
  func `a followed value looks as it did`(size: String) throws {
    var model = Sample.walk[4]
    let parts = size.split(separator: "x").compactMap { Int($0) }
    model.size = ScreenSize(columns: parts[0], rows: parts[1])
    _ = model.follow(named: "nonce")
    try compare(model, "follow-nonce-callback", size)
    model = Sample.walk[7]
    model.size = ScreenSize(columns: parts[0], rows: parts[1])
    _ = model.follow(named: "nonce")
    try compare(model, "follow-nonce-tokens", size)
    model.overlays.push(FollowMenu(marking: "code", model.trail.followable))
    try compare(model, "follow-list", size)
  }

  @Test(arguments: ["80x24", "120x36", "200x50"], ["", "nonce", "swap", "who sees"])
  func `the palette looks as it did`(size: String, words: String) throws {
    var model = Sample.walk[7]
    model.faults = Lab.entries(for: .codeIDToken)
    _ = model.press(.control("p"))
    for character in words { _ = model.press(.character(character)) }
    let name = words.isEmpty ? "empty" : words.replacing(" ", with: "-")
    try compare(model, "palette-\(name)", size)
  }

  @Test(arguments: ["80x24", "120x36", "200x50"])
  func `the editors of both requests look as they did`(size: String) throws {
    var request = try EditorTests.atRequest("nonce")
    _ = request.press(.character("d"), .up, .up, .up, .enter, .character("x"))
    try compare(request, "edit-request", size)
    var exchange = try EditorTests.atExchange("code_verifier")
    _ = exchange.press(.enter, .character("x"), .enter)
    try compare(exchange, "edit-exchange", size)
  }

  @Test(arguments: ["80x24", "120x36", "200x50"])
  func `stages from before an edit look as they did`(size: String) throws {
    var model = try StaleTests.rerun(at: .authorize)
    try compare(model, "edited-authorize", size)
    model.looking = .tokens
    try compare(model, "stale-tokens", size)
  }

  @Test(arguments: ["80x24", "120x36", "200x50", "60x16"])
  func `connections look as they did`(size: String) throws {
    var list = try ConnectionMenuTests.opened()
    _ = list.press(.down)
    try compare(list, "connections", size)
    var form = try ConnectionMenuTests.filling(isNew: false)
    _ = form.press(.tab)
    try compare(form, "profile", size)
    list.beginFindings(of: "work", again: .check(nil))
    for finding in ConnectionMenuTests.findings { list.add(finding) }
    list.endFindings("1 error, 1 warning.")
    try compare(list, "findings", size)
  }

  @Test(arguments: ["80x24", "120x36"])
  func `a drill looks as it did`(size: String) throws {
    var model = try DrillScreenTests.model("swapped-code")
    try compare(model, "drill-covered", size)
    _ = model.open(.drillAnswer)
    try compare(model, "drill-question", size)
    _ = model.press(.character("h"), .character("a"), .character("s"), .character("h"))
    try compare(model, "drill-answers", size)
    try compare(try DrillScreenTests.told("swapped-code"), "drill-told", size)
    try compare(try DrillScreenTests.over(), "drill-score", size)
  }

  @Test(arguments: ["80x24", "120x36"])
  func `a workshop looks as it did`(size: String) throws {
    try compare(try WorkshopScreenTests.model(at: .question), "workshop-question", size)
    try compare(try WorkshopScreenTests.model(at: .verdict), "workshop-verdict", size)
  }

  @Test(arguments: ["60x16", "60x50", "48x12"])
  func `small screens look as they did`(size: String) throws {
    try compare(Sample.walk[4], "stage-05-callback", size)
  }

  @Test(arguments: ["swapped-code", "mix-up", "edited-claims"], ["80x24", "120x36"])
  func `attackers look as they did`(fault: String, size: String) throws {
    let item = try ForgedTests.Case(try #require(Lab.fault(fault)), .codeIDToken)
    var model = item.model()
    try compare(model, "attacker-\(fault)", size)
    model.view = .forged
    try compare(model, "forged-\(fault)", size)
  }

  @Test(arguments: ["80x24", "120x36"])
  func `the faults of the parties themselves look as they did`(size: String) throws {
    for (fault, type) in [
      ("second-token-missing", ResponseType.codeIDToken), ("no-pkce", .codeToken),
    ] {
      let item = try ForgedTests.Case(try #require(Lab.fault(fault)), type)
      try compare(item.model(), "faulty-\(fault)", size)
    }
  }

  func compare(_ model: ExplorerModel, _ name: String, _ sizeText: String) throws {
    let parts = sizeText.split(separator: "x").compactMap { Int($0) }
    let size = ScreenSize(columns: parts[0], rows: parts[1])
    let frame = ExplorerScreen(model).frame(size: size)
    if let folder = ProcessInfo.processInfo.environment["GOLDEN_PICTURES"] {
      let picture = URL(filePath: folder).appending(path: "\(name)-\(sizeText).svg")
      let text = SVGWriter.svg(frame, theme: model.theme, title: name)
      try Data(text.utf8).write(to: picture)
    }
    let lines = frame.lines + ["", "roles"] + Self.roles(of: frame)
    let file = Self.folder.appending(path: "\(name)-\(sizeText).txt")
    if Self.isRecording {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent); look at the difference, then run again")
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let difference = Self.difference(golden.dropLast(), lines)
    #expect(difference.isEmpty, "\(file.lastPathComponent)\n\(difference)")
  }

  /// One letter a cell; capital letters stand for cells on a surface of their own.
  private static func roles(of frame: Frame) -> [String] {
    (0..<frame.size.rows).map { row in
      var line = ""
      for column in 0..<frame.size.columns {
        let cell = frame[column, row]
        let isBlank = cell.glyph == " " && cell.surface == .background
        let letter = letters[cell.role.rawValue] ?? "?"
        line += isBlank ? " " : cell.surface == .background ? letter : letter.uppercased()
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// By the name of the role: a new one takes a letter that is free, and no golden changes.
  private static let letters: [String: String] = [
    "background": "a", "panel": "b", "overlay": "c", "selection": "d", "text": "e",
    "text.muted": "f", "text.strong": "g", "border": "h", "border.focus": "i", "title": "j",
    "cursor": "k", "link": "l", "status.pass": "m", "status.fail": "n", "status.warn": "o",
    "status.info": "p", "status.pending": "q", "status.current": "r", "seq.actor": "s",
    "seq.lifeline": "t", "seq.arrow": "u", "seq.arrow.current": "v", "seq.arrow.dim": "w",
    "seq.channel.front": "x", "seq.channel.back": "y", "wire.method": "z", "wire.status.ok": "0",
    "wire.status.redirect": "1", "wire.status.error": "2", "wire.url": "3", "wire.param": "4",
    "wire.header": "5", "wire.token": "6", "wire.masked": "7", "json.key": "8", "json.string": "9",
    "json.number": "+", "json.literal": "*", "json.punct": "=", "footer.key": "-",
    "footer.label": ":", "attacker": "!", "follow": "@",
  ]

  @Test func `every role has a letter of its own`() {
    #expect(Set(Self.letters.keys) == Set(Role.allCases.map(\.rawValue)))
    #expect(Set(Self.letters.values).count == Self.letters.count)
  }

  /// The rows that differ, the old over the new, with marks under what changed.
  private static func difference(_ old: ArraySlice<String>, _ new: [String]) -> String {
    let old = Array(old)
    var text = ""
    for row in 0..<max(old.count, new.count) {
      let left = row < old.count ? Array(old[row]) : []
      let right = row < new.count ? Array(new[row]) : []
      guard left != right else { continue }
      let marks = (0..<max(left.count, right.count)).map { index in
        index < left.count && index < right.count && left[index] == right[index] ? " " : "^"
      }
      text += "row \(row + 1)\n- \(String(left))\n+ \(String(right))\n  \(marks.joined())\n"
    }
    return text
  }
}
