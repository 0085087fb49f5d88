import Foundation
import FoundationXML
import Testing
import TextUI

/// Reads a picture back as XML.
final class PictureReader: NSObject, XMLParserDelegate {
  struct Element {
    var name: String, attributes: [String: String], text = ""
  }
  private(set) var elements: [Element] = []
  private var open: [Int] = []

  static func read(_ svg: String) throws -> [Element] {
    let reader = PictureReader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reader.elements
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { open.removeLast() }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let last = open.last { elements[last].text += string }
  }
}

struct PictureTests {
  /// A screen like the explorer's: furniture, verdicts, selection, wide letters, blocks.
  static func sample(stage: Int = 5) -> Frame {
    var frame = Frame(size: ScreenSize(columns: 80, rows: 18))
    frame.put("Hybrid Flow", column: 1, row: 0, role: .title, emphasis: .bold)
    frame.put("\(stage) of 10  Form post back", column: 20, row: 0)
    frame.put("demo · code id_token · live ●", column: 50, row: 0, role: .statusPass)
    frame.fill(Rect(column: 1, row: 2, width: 22, height: 15), surface: .panel)
    let light =
      ["┌─ Stages ───────────┐"] + Array(repeating: "│                    │", count: 12)
      + ["└────────────────────┘"]
    for (row, line) in light.enumerated() {
      frame.put(line, column: 1, row: row + 2, role: .border, surface: .panel)
    }
    let names = ["Login clicked", "To /authorize", "Login prompt", "Sign in", "Form post back"]
    for (index, name) in names.enumerated() {
      let isCurrent = index + 1 == stage
      let surface: Role = isCurrent ? .selection : .panel
      if isCurrent {
        frame.fill(Rect(column: 2, row: 4 + 2 * index, width: 20, height: 1), surface: surface)
      }
      frame.put(
        "\(isCurrent ? "▶" : "✓") \(index + 1)  \(name)", column: 3, row: 4 + 2 * index,
        role: isCurrent ? .statusCurrent : .statusPass, surface: surface)
    }
    frame.put("User       Application        Tenant", column: 28, row: 2, role: .sequenceActor)
    for row in 3...8 {
      for column in [30, 44, 60] {
        frame.put("│", column: column, row: row, role: .sequenceLifeline)
      }
    }
    frame.put("4 credentials", column: 46, row: 3, role: .sequenceArrow)
    frame.put("─────────────┼──────────────▶", column: 31, row: 4, role: .sequenceArrow)
    frame.put("5 POST /callback", column: 31, row: 5, role: .sequenceArrowCurrent)
    frame.put("━━━━━━━━━━━━▶", column: 31, row: 6, role: .sequenceArrowCurrent, emphasis: .bold)
    frame.put("◀┄┄┄┄┄┄┄┄┄┄┄┄┄┄", column: 45, row: 8, role: .sequenceBack)
    let heavy =
      ["┏━ Wire   Checks ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓"]
      + Array(repeating: "┃                                                      ┃", count: 6)
      + ["┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛"]
    for (row, line) in heavy.enumerated() {
      frame.put(line, column: 24, row: row + 9, role: .borderFocus)
    }
    frame.put("✗ c-hash-match", column: 26, row: 10, role: .statusFail)
    frame.put("expected LDktKdoQak3Pk0cnXxCltA", column: 44, row: 10)
    frame.put("<b>&\"quoted\" 日本語 e\u{301}", column: 26, row: 11, role: .wireToken)
    frame.put("\"alg\": \"RS256\"", column: 26, row: 12, role: .jsonString)
    frame.put("╭─╮ ╰─╯ ░▒▓█ ▲▼○●", column: 26, row: 13, role: .textMuted)
    frame.put("https://demo.tenant.example/", column: 26, row: 14, role: .link)
    frame.put(" → ", column: 1, row: 17, role: .footerKey)
    frame.put("next   q quit", column: 4, row: 17, role: .footerLabel)
    frame.cursor = (column: 26, row: 15)
    frame.cursorIsVisible = true
    return frame
  }

  private static func theme(_ id: String) throws -> Theme { try ThemeLibrary().theme(id).theme }

  @Test("every theme draws a picture that is well-formed XML", arguments: ThemeLibrary().ids)
  func isWellFormed(id: String) throws {
    let svg = SVGWriter.svg(Self.sample(), theme: try Self.theme(id), title: "Stage 5 <&>")
    let elements = try PictureReader.read(svg)
    #expect(elements.first?.name == "svg")
    #expect(elements.first?.attributes["width"] == "832")
    #expect(elements.first?.attributes["height"] == "392")
    #expect(elements.first { $0.name == "title" }?.text == "Stage 5 <&>")
    let spoken = elements.first { $0.name == "desc" }?.text
    #expect(spoken == Self.sample().lines.joined(separator: "\n"))
    if let folder = ProcessInfo.processInfo.environment["PICTURE_FOLDER"] {
      try svg.write(toFile: "\(folder)/\(id).svg", atomically: true, encoding: .utf8)
    }
  }

  @Test("nothing in a picture runs or is fetched")
  func isSelfContained() throws {
    let svg = SVGWriter.svg(Self.sample(), theme: try Self.theme("calm-dark"), title: "t")
    let allowed: Set = ["svg", "title", "desc", "style", "path", "g", "rect", "text"]
    for element in try PictureReader.read(svg) {
      #expect(allowed.contains(element.name))
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") || $0.hasSuffix("href") })
    }
    #expect(!svg.contains("url(") && !svg.contains("@import") && !svg.contains("@font-face"))
  }

  @Test("text stands in its own column, as wide as its cells")
  func keepsColumns() throws {
    let frame = Self.sample()
    let svg = SVGWriter.svg(frame, theme: try Self.theme("nord"), title: "t")
    let texts = try PictureReader.read(svg).filter { $0.name == "text" }
    let value = try #require(texts.first { $0.text == "expected LDktKdoQak3Pk0cnXxCltA" })
    #expect(value.attributes["x"] == "440")
    #expect(value.attributes["textLength"] == "310")
    // Wide letters and signs of other fonts stand alone, in the middle of their cells.
    let wide = try #require(texts.first { $0.text == "本" })
    #expect(wide.attributes["text-anchor"] == "middle")
    #expect(wide.attributes["x"] == "420")
    #expect(texts.contains { $0.text == "<b>&\"quoted\"" })
    #expect(!texts.contains { $0.text.contains("─") || $0.text.contains("▶") })
  }

  @Test("the same frame gives the same bytes, another theme others")
  func isDeterministic() throws {
    let theme = try Self.theme("calm-dark")
    let first = SVGWriter.svg(Self.sample(), theme: theme, title: "t")
    #expect(first == SVGWriter.svg(Self.sample(), theme: theme, title: "t"))
    #expect(first != SVGWriter.svg(Self.sample(stage: 4), theme: theme, title: "t"))
    #expect(first != SVGWriter.svg(Self.sample(), theme: try Self.theme("nord"), title: "t"))
  }

  @Test("hostile glyphs are shown, not obeyed")
  func escapes() throws {
    var frame = Frame(size: ScreenSize(columns: 20, rows: 1))
    frame[0, 0] = Cell("\u{1B}")
    frame[1, 0] = Cell("\u{202E}")
    frame[2, 0] = Cell("\u{FFFF}")
    frame[3, 0] = Cell("]]></text><script>")
    let svg = SVGWriter.svg(
      frame, theme: try Self.theme("nord"), title: "a\u{0}</title>", description: "\u{8}")
    let elements = try PictureReader.read(svg)
    #expect(!elements.contains { $0.name == "script" })
    #expect(svg.contains("␛") && svg.contains("⟨U+202E⟩"))
  }

  @Test("a row of one line is one stroke, and its ends meet the corners")
  func joinsLines() throws {
    var frame = Frame(size: ScreenSize(columns: 6, rows: 2))
    frame.put("┌────┐", column: 0, row: 0, role: .border)
    frame.put("│    │", column: 0, row: 1, role: .border)
    let svg = SVGWriter.svg(frame, theme: try Self.theme("nord"), title: "t")
    let strokes = try PictureReader.read(svg).filter { $0.name == "path" }.dropFirst()
    #expect(strokes.compactMap { $0.attributes["d"] } == ["M5 10H55", "M5 9.3V40M55 9.3V40"])
  }

  @Test("a walk shows each frame in its turn, and rests on the last")
  func animates() throws {
    let steps = (1...5).map { AnimatedSVG.Step(frame: Self.sample(stage: $0), milliseconds: 1500) }
    let theme = try Self.theme("calm-dark")
    let svg = AnimatedSVG.svg(steps, theme: theme, title: "A walk", description: "Five stages")
    let elements = try PictureReader.read(svg)
    #expect(elements.filter { $0.attributes["class"]?.hasPrefix("f f") == true }.count == 5)
    #expect(svg.contains(".f4{visibility:visible}"))
    #expect(svg.contains(".f0{animation:k0 7500ms step-end infinite}"))
    #expect(
      svg.contains("@keyframes k1{0%{visibility:hidden}20.000%{visibility:visible}40.000%"))
    // Rows that stay the same are kept once.
    let single = SVGWriter.svg(steps[0].frame, theme: theme, title: "", description: "Five stages")
    #expect(svg.utf8.count < 3 * single.utf8.count)
    let names = elements.compactMap { $0.attributes["id"] }
    for use in elements where use.name == "use" {
      #expect(names.contains(String((use.attributes["href"] ?? "").dropFirst())))
    }
    if let folder = ProcessInfo.processInfo.environment["PICTURE_FOLDER"] {
      try svg.write(toFile: "\(folder)/walk.svg", atomically: true, encoding: .utf8)
    }
    #expect(AnimatedSVG.svg([], theme: theme, title: "", description: "").hasSuffix("</svg>\n"))
  }
}
