import HybridFlow
import OpenID
import Testing
import TextUI

@testable import Export
@testable import Lab
@testable import Session

/// The walk as frames: asciicast and pictures.
@Suite struct ExportWalkTests {
  private static let size = ScreenSize(columns: 100, rows: 30)

  private func events(_ text: String) throws -> (header: JSONValue, events: [JSONValue]) {
    let lines = try text.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    return (try #require(lines.first), Array(lines.dropFirst()))
  }

  @Test func `an asciicast has its header, and events whose times never go back`() throws {
    let run = try ExportSample.honest.get()
    let text = run.text(as: .asciicast, size: Self.size, theme: try ExportSample.theme.get())
    let (header, events) = try events(text)
    #expect(header["version"]?.integer == 2)
    #expect(header["width"]?.integer == 100 && header["height"]?.integer == 30)
    #expect(header["timestamp"]?.integer == ScriptedRun.start.seconds)
    #expect(header["title"]?.string?.contains("Masked: ") == true)
    let times = events.compactMap { $0.elements?[0].number.flatMap { Double($0.literal) } }
    #expect(times.count == events.count && times == times.sorted())
    #expect(try #require(times.last) > 20)
    #expect(events.allSatisfy { $0.elements?[1] == "o" && $0.elements?[2].string != nil })
    #expect(events.first?.elements?[2].string?.contains("Masked: ") == true)
  }

  @Test(arguments: ["calm-dark", "projector-light", "mono"])
  func `what is written is what the frames show`(themeID: String) throws {
    let run = try ExportSample.honest.get()
    let theme = try ThemeLibrary().theme(themeID).theme
    let steps = WalkFrames(run, theme: theme).steps(size: Self.size)
    #expect(steps.count >= 12)
    var terminal = SmallTerminal(Self.size)
    terminal.write(ANSIWriter.opening)
    var last: Frame?
    for step in steps {
      terminal.write(ANSIWriter.text(step.frame, after: last, theme: theme))
      last = step.frame
      #expect(terminal.lines == step.frame.lines)
      #expect(terminal.faults == [])
    }
  }

  @Test func `each stage is shown as it was then, and a failure stops the walk`() throws {
    let theme = try ExportSample.theme.get()
    let run = try ExportSample.of(Lab.fault("swapped-code"), .codeIDToken)
    let steps = WalkFrames(run, theme: theme).steps(size: Self.size)
    let first = steps[0].frame.lines.joined(separator: "\n")
    let last = try #require(steps.last).frame.lines.joined(separator: "\n")
    #expect(!first.contains("c-hash-match") && last.contains("c-hash-match"))
    let pictures = WalkFrames(run, theme: theme).pictures(size: Self.size)
    #expect(pictures.map(\.name).last == "05-callback.svg" && pictures.count == 5)
    #expect(pictures.allSatisfy { $0.svg.contains("Masked: ") && $0.svg.hasPrefix("<svg ") })
  }

  @Test func `the past of a transcript knows nothing of what came later`() throws {
    let transcript = try ExportSample.honest.get().transcript
    for stage in Stage.allCases {
      let past = transcript.asOf(stage)
      #expect(past.messages.allSatisfy { $0.stage <= stage })
      #expect(past.stages.filter { $0.stage > stage }.allSatisfy { $0.status == .pending })
      #expect(past[stage] == transcript[stage])
    }
    #expect(transcript.asOf(.data) == transcript)
    #expect(transcript.situation(asOf: .data) == .finished)
    #expect(transcript.situation(asOf: .login) == .ready(next: .authorize))
  }
}

/// A terminal that knows what the writer may use, and complains about the rest.
private struct SmallTerminal {
  private var cells: [[String]]
  private var place = (row: 0, column: 0)
  private(set) var faults: [String] = []

  init(_ size: ScreenSize) {
    cells = Array(repeating: Array(repeating: " ", count: size.columns), count: size.rows)
  }

  var lines: [String] {
    cells.map { row in
      var line = row.joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  mutating func write(_ text: String) {
    var rest = Substring(text)
    while let character = rest.first {
      if character == "\u{1B}" {
        guard let match = rest.prefixMatch(of: /\u{1B}\[(\??[0-9;]*)([A-Za-z])/) else {
          faults.append("a sequence that nobody knows: \(rest.prefix(8).debugDescription)")
          return
        }
        control(match.1, match.2)
        rest = rest[match.range.upperBound...]
      } else {
        let glyphs = CellWidth.glyphs(of: String(character))
        for glyph in glyphs {
          cells[place.row][place.column] = glyph.text
          if glyph.width == 2 { cells[place.row][place.column + 1] = "" }
          place.column += glyph.width
        }
        rest = rest.dropFirst()
      }
    }
  }

  private mutating func control(_ parameters: Substring, _ final: Substring) {
    let numbers = parameters.split(separator: ";").compactMap { Int($0) }
    switch final {
    case "H": place = (numbers[0] - 1, numbers[1] - 1)
    case "J": cells = cells.map { $0.map { _ in " " } }
    case "m": break
    case "l", "h": if parameters != "?25" { faults.append("mode \(parameters)") }
    default: faults.append("sequence \(parameters)\(final)")
    }
  }
}
