import OpenID
import Presentation
import Redaction
import Session
import TextUI
@testable import HybridFlow

/// What laying out and drawing cost, without a terminal.
enum FrameBench {
  static func rows(_ bench: Bench) throws -> [Row] {
    var rows: [Row] = []
    let sizes = [(80, 24), (120, 36), (300, 100)].map { ScreenSize(columns: $0.0, rows: $0.1) }
    let usual = try model(tokenBytes: 0)
    for size in sizes {
      var row = Row("frames", "\(size) a frame of stage 8", "ms", draw(usual, size))
      if size.columns == 120 { row = row.atMost(1) }
      rows.append(row)
    }
    rows += typed(usual, sizes[0])
    let kibibytes = [64, 256, 1023]
    let large = try kibibytes.map { try model(tokenBytes: $0 << 10) }
    for size in sizes {
      rows.append(
        Row("frames", "\(size) a frame with a token of 1 MiB", "ms", draw(large[2], size)))
    }
    let drawn = large.map { draw($0, sizes[1]).median }
    rows.append(
      Row("frames", "a frame with 4 times the token (64 to 256 KiB)", "x", drawn[1] / drawn[0])
        .atMost(1.5))
    rows.append(
      Row("frames", "a frame with 4 times the token (256 to 1024 KiB)", "x", drawn[2] / drawn[1])
        .atMost(1.5))
    let laid = large.map { model in
      // A changed transcript is laid out anew.
      Clock.each(rounds: 5) { _ = ExplorerScreen(anew(model)).frame(size: sizes[1]) }
    }
    for (size, samples) in zip(kibibytes, laid) {
      rows.append(Row("frames", "the first frame with a token of \(size) KiB", "ms", samples))
    }
    rows.append(
      Row(
        "frames", "the first one, 4 times the token (64 to 256 KiB)", "x",
        laid[1].median / laid[0].median
      ).atMost(6))
    rows.append(
      Row(
        "frames", "the first one, 4 times the token (256 to 1024 KiB)", "x",
        laid[2].median / laid[1].median
      ).atMost(6))
    return rows
  }

  /// What opening the palette costs, and a key typed into it.
  private static func typed(_ model: ExplorerModel, _ size: ScreenSize) -> [Row] {
    var open = model
    _ = open.handle(.control("p"), at: open.now, size: size)
    let opened = Clock.each {
      var closed = model
      _ = closed.handle(.control("p"), at: closed.now, size: size)
    }
    let typed = Clock.each {
      var line = open
      _ = line.handle(.character("c"), at: line.now, size: size)
    }
    return [
      Row("frames", "opening the palette", "ms", opened),
      Row("frames", "a key typed into the palette", "ms", typed).atMost(5),
    ]
  }

  private static func draw(_ model: ExplorerModel, _ size: ScreenSize) -> Samples {
    let screen = ExplorerScreen(model)
    return Clock.each { _ = screen.frame(size: size) }
  }

  /// The same model with nothing remembered of earlier frames.
  private static func anew(_ model: ExplorerModel) -> ExplorerModel {
    var fresh = ExplorerModel(summary: model.summary, theme: model.theme)
    fresh.update(
      transcript: model.transcript, situation: model.situation, at: model.now,
      secrets: WireSecrets.all(in: model.transcript))
    return fresh
  }

  /// A run that stands at the end of stage 8, with an access token of so many bytes more.
  static func model(tokenBytes: Int) throws -> ExplorerModel {
    var run = try ScriptedRun()
    if tokenBytes > 0 {
      run.meddle = { purpose, response in
        guard purpose == .token, case .object(var members)? = try? JSONParser.parse(response.body)
        else { return response }
        members.removeAll { $0.name == "access_token" }
        members.append(
          JSONMember("access_token", .string(String(repeating: "a", count: tokenBytes))))
        var grown = response
        grown.body = Array(JSONValue.object(members).compactText.utf8)
        grown.headers.set("Content-Length", "\(grown.body.count)")
        return grown
      }
    }
    run.begin()
    while run.machine.transcript[.tokens].startedAt == nil, case .ready = run.machine.situation {
      run.advance()
    }
    let theme = try ThemeLibrary().theme(ThemeLibrary.darkID).theme
    var model = ExplorerModel(
      summary: RunSummary(run.configuration),
      theme: theme)
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
      secrets: WireSecrets.all(in: run.machine.transcript))
    return model
  }
}
