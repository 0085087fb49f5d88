import Glibc
import OpenID
import Presentation
import Redaction
import Session
import Testing
import TextUI
@testable import HybridFlow

/// What grows with its input grows no faster, and what is not seen costs nothing.
///
/// Only ratios, of processor time, and the least of several: a busy machine changes them little.
@Suite(.serialized) struct GrowthTests {
  private static func least(_ work: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<5 {
      let start = now()
      work()
      least = min(least, now() - start)
    }
    return least
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
  }

  private static func model(tokenBytes: Int) throws -> ExplorerModel {
    // Its at_hash does not fit such a token, and that is not what is measured.
    var run = try ScriptedRun { $0.checksOff = [.backAtHash] }
    run.meddle = { purpose, response in
      guard purpose == .token, case .object(var members)? = try? JSONParser.parse(response.body)
      else { return response }
      members.removeAll { $0.name == "access_token" }
      members.append(
        JSONMember("access_token", .string(String(repeating: "a", count: tokenBytes))))
      var grown = response
      grown.body = Array(JSONValue.object(members).compactText.utf8)
      return grown
    }
    run.begin()
    while run.machine.transcript[.tokens].startedAt == nil, case .ready = run.machine.situation {
      run.advance()
    }
    let theme = try ThemeLibrary().theme("mono").theme
    var model = ExplorerModel(summary: RunSummary(run.configuration), theme: theme)
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
      secrets: WireSecrets.all(in: run.machine.transcript))
    return model
  }

  @Test func `four times the JSON takes about four times as long`() throws {
    func document(_ count: Int) -> [UInt8] {
      let entry = #"{"name":"a \u00e9","values":[1,2.5,true,null],"text":"some words"}"#
      let list = Array(repeating: entry, count: count).joined(separator: ",")
      return Array(("[" + list + "]").utf8)
    }
    let (small, large) = (document(100), document(400))
    #expect(throws: Never.self) { try JSONParser.parse(large) }
    let times = [small, large].map { text in Self.least { _ = try? JSONParser.parse(text) } }
    #expect(times[1] / times[0] < 8, "\(times)")
  }

  @Test func `four times the token is laid out in about four times, and drawn as fast`() throws {
    let size = ScreenSize(columns: 120, rows: 36)
    let models = try [32, 128].map { try Self.model(tokenBytes: $0 << 10) }
    let first = models.map { model in
      Self.least {
        var fresh = ExplorerModel(summary: model.summary, theme: model.theme)
        fresh.update(
          transcript: model.transcript, situation: model.situation, at: model.now,
          secrets: WireSecrets.all(in: model.transcript))
        _ = ExplorerScreen(fresh).frame(size: size)
      }
    }
    #expect(first[1] / first[0] < 8, "\(first)")
    let again = models.map { model in
      Self.least { for _ in 0..<5 { _ = ExplorerScreen(model).frame(size: size) } }
    }
    #expect(again[1] / again[0] < 2, "\(again)")
  }

  /// Bodies this long are shown in part; half a token is none that the redactor knows.
  @Test(arguments: [1, 300, 900]) func `a long token is masked in a long body`(
    kibibytes: Int
  ) throws {
    let model = try Self.model(tokenBytes: kibibytes << 10)
    let frame = ExplorerScreen(model).frame(size: ScreenSize(columns: 400, rows: 400))
    let text = frame.cells.map(\.glyph).joined()
    #expect(text.contains("aaaaaa\u{2026}aaaa"))
    #expect(!text.contains("aaaaaaaaaaa"))
  }
}
