import Foundation
import HybridFlow
import OpenID
import Redaction
import TestSupport
import Testing

@testable import Commands
@testable import Presentation
@testable import Recording
@testable import Session
@testable import TextUI
@testable import Explorer

/// Recordings in the explorer: going through one, the list, and two runs side by side.
@Suite struct RecordingsTests {
  private static let sizes = [
    ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 200, rows: 50),
  ]

  /// A model and a recording behind it, as the explorer joins them.
  private struct Desk {
    var replay: ReplayRun
    var model: ExplorerModel

    init(_ name: String) throws {
      replay = ReplayRun(try RecordingStore(folder: "/nonexistent").open(name))
      var summary = Sample.summary()
      summary.pace = "replay"
      model = ExplorerModel(summary: summary, theme: Sample.theme)
      replay.step()
      show()
    }

    mutating func show() {
      model.summary.replay = ReplayStatus(
        name: "one", isMasked: true, now: replay.now, position: replay.position,
        count: replay.recording.events.count)
      model.afterActions = replay.machine.afterActions.map {
        AfterOffer(action: $0.action, unavailable: "this is a recording")
      }
      model.update(
        transcript: replay.machine.transcript, situation: replay.machine.situation,
        at: UnixTime(seconds: 1_900_000_000))
    }

    /// Presses a key and does what the explorer does of it.
    mutating func press(_ key: Key) -> [ExplorerAction] {
      let actions = model.press(key)
      for action in actions {
        switch action {
        case .post(.advanced): replay.step()
        case .replayToEnd: replay.finish()
        case .restart:
          replay.rewind()
          replay.step()
        default: break
        }
      }
      show()
      return actions
    }
  }

  @Test func `the key forward goes through the whole recording, stage by stage`() throws {
    var desk = try Desk("honest-code-id_token")
    var stages: [Stage] = [desk.model.shownStage]
    var presses = 0
    while !desk.replay.isAtEnd, presses < 40 {
      presses += 1
      #expect(desk.press(.right) == [.post(.advanced)])
      if stages.last != desk.model.shownStage { stages.append(desk.model.shownStage) }
    }
    #expect(stages == Stage.allCases)
    // Ten stages, a sign-in, a consent, and three actions after the flow.
    #expect(presses == 14)
    #expect(desk.press(.right) == [])
    #expect(desk.model.forwardUnavailable?.contains("end of the recording") == true)
    #expect(desk.model.transcript.afterwards.count == 3)
    // Back in time, and from the beginning again.
    #expect(desk.press(.left) == [] && desk.model.shownStage == .api)
    #expect(desk.press(.character("r")) == [.restart])
    #expect(desk.model.shownStage == .login)
    #expect(desk.press(.character(">")) == [.replayToEnd])
    #expect(desk.replay.isAtEnd && desk.model.shownStage == .data)
  }

  @Test func `the page of the person is shown, and cannot be typed into`() throws {
    var desk = try Desk("honest-code-id_token")
    for _ in 0..<3 { _ = desk.press(.right) }
    #expect(desk.model.view == .page && desk.model.form == nil && !desk.model.isTyping)
    #expect(desk.model.lines().joined().contains("[ Sign in ]"))
    _ = desk.press(.enter)
    #expect(desk.model.shownStage == .authenticate)
    _ = desk.press(.right)
    #expect(desk.model.lines().joined().contains("[ Allow ]"))
    _ = desk.press(.right)
    _ = desk.press(.right)
    #expect(desk.model.shownStage == .callback && desk.model.view != .page)
  }

  @Test func `the title says so in every size, and keys of a live run give a reason`() throws {
    var desk = try Desk("swapped-code")
    for size in Self.sizes {
      #expect(desk.model.lines(size)[0].contains("REPLAY \u{B7} MASKED"), "\(size)")
    }
    for key: Key in [.character("o"), .escape, .character("x"), .character("s"), .character("R")] {
      #expect(desk.press(key) == [], "\(key)")
      #expect(desk.model.notice?.text.contains("recording") == true, "\(key)")
    }
    // What the clock says is nothing to a recording: its code was alive then.
    for _ in 0..<5 { _ = desk.press(.right) }
    #expect(desk.model.moment == desk.replay.now && desk.model.moment < desk.model.now)
  }

  @Test func `it plays by itself to its end`() throws {
    var desk = try Desk("honest-code-token")
    _ = desk.press(.character("p"))
    _ = desk.press(.character("P"))
    var model = desk.model
    #expect(model.modes.play != nil)
    var now = model.now
    var steps = 0
    while model.modes.play != nil, steps < 200 {
      steps += 1
      now = now.adding(seconds: Play.stageSeconds + 1)
      for action in model.pulse(at: now) where action == .post(.advanced) {
        desk.replay.step()
        desk.model = model
        desk.show()
        model = desk.model
      }
    }
    let isAtEnd = desk.replay.isAtEnd
    #expect(isAtEnd, "after \(steps) ticks")
    #expect(model.notice?.text == "Played to the end.")
  }

  private func list() throws -> ExplorerModel {
    var model = try #require(Sample.walk.last)
    #expect(model.press(.character("L")) == [.listRecordings])
    model.offer(recordings: [
      RecordingEntry(name: "mine.jsonl", about: "demo tenant", isShipped: false),
      RecordingEntry(name: "torn.jsonl", about: "", isShipped: false, fault: "no recording"),
      RecordingEntry(
        name: "swapped-code",
        about: "An attacker \u{1B}[31m" + String(repeating: "long ", count: 40),
        isShipped: true),
    ])
    return model
  }

  @Test func `the list opens one, deletes an own one when asked twice, and no other`() throws {
    var model = try list()
    for size in Self.sizes {
      let text = model.lines(size).joined(separator: "\n")
      #expect(text.contains("mine.jsonl") && text.contains("Shipped with the program"), "\(size)")
      #expect(!text.contains("\u{1B}"))
    }
    #expect(model.press(.character("D")) == [])
    #expect(model.notice?.text == "D once more deletes mine.jsonl.")
    #expect(model.press(.character("D")) == [.deleteRecording(name: "mine.jsonl")])
    // Moving away forgets the question.
    model = try list()
    #expect(model.press(.character("D"), .down, .up, .character("D")) == [])
    model = try list()
    #expect(model.press(.down, .enter) == [])
    #expect(model.notice?.text.contains("cannot be read") == true)
    #expect(model.press(.down, .character("D")) == [])
    #expect(model.notice?.text == "Only your own recordings can be deleted.")
    #expect(model.press(.enter) == [.openRecording(name: "swapped-code")])
    #expect(model.overlays[RecordingsMenu.self] == nil)
    model = try list()
    #expect(model.press(.escape) == [] && model.overlays[RecordingsMenu.self] == nil)
    #expect(model.press(.character(":"), .paste("recordings"), .enter) == [.listRecordings])
  }

  @Test func `what is being recorded stands in the title`() throws {
    var model = try #require(Sample.walk.first)
    #expect(model.press(.character("R")) == [.toggleRecording])
    model.summary.recording = RecordingStatus(path: "/x", keepsSecrets: false)
    for size in Self.sizes { #expect(model.lines(size)[0].contains(" REC ")) }
    model.summary.recording?.keepsSecrets = true
    #expect(model.lines(Sample.size)[0].contains("REC \u{B7} WITH SECRETS"))
  }

  // MARK: - Two runs

  private func side(_ name: String) throws -> RunComparison.Side {
    RunComparison.Side(try RecordingStore(folder: "/nonexistent").open(name), named: name)
  }

  @Test func `a run beside itself differs in nothing`() throws {
    let side = try side("honest-code-id_token-token")
    let comparison = RunComparison(side, side)
    #expect(comparison.rows.count > 150)
    #expect(comparison.rows.allSatisfy { $0.kind == .same })
    #expect(Set(comparison.rows.map(\.part)) == Set(RunComparison.Part.allCases))
  }

  @Test func `what the fault changed is what differs`() throws {
    let comparison = RunComparison(try side("honest-code-id_token"), try side("swapped-code"))
    let changed = comparison.rows.filter { $0.part == .verdicts && $0.kind == .differs }
    #expect(
      changed.first { $0.name == "c-hash-match" }.map { [$0.first, $0.second] } == ["pass", "fail"])
    #expect(changed.filter { $0.name != "stage" }.count == 1)
    let code = comparison.rows.filter { $0.part == .requests && $0.name == "code" }
    #expect(code.first?.kind == .fresh && code.first?.place == "5 POST /callback")
    let types = RunComparison(try side("honest-code-id_token"), try side("honest-code-token"))
    let asked = types.rows.first { $0.name == "response_type" }
    #expect(asked?.kind == .differs && asked?.second == "code token")
    #expect(
      types.rows.contains { $0.name == "access_token" && $0.kind == .onlySecond })
    #expect(types.rows.contains { $0.part == .tokens && $0.kind == .onlyFirst })
  }

  @Test func `requests of another tenant are found by what they are for`() throws {
    let store = RecordingStore(folder: "/nonexistent")
    var run = try ScriptedRun()
    run.runToEnd()
    var writer = RecordingWriter(key: nil, replacesPersonal: false)
    let file = run.tape.flatMap { writer.lines(for: $0.event, at: $0.at) }.joined()
    let other = try Recording.read(Array(file.replacing("/oauth/token", with: "/realm/token").utf8))
    let comparison = RunComparison(
      RunComparison.Side(try store.open("honest-code-id_token"), named: "one"),
      RunComparison.Side(other, named: "two"))
    let rows = comparison.rows.filter { $0.part == .requests && $0.place.hasPrefix("6 ") }
    let path = rows.first { $0.name == "path" }
    #expect(path.map { [$0.first, $0.second] } == ["/oauth/token", "/realm/token"])
    #expect(rows.contains { $0.name == "grant_type" && $0.kind == .same })
  }

  @Test func `it is drawn in every size, masked, and closed again`() throws {
    let comparison = RunComparison(try side("honest-code-id_token"), try side("mix-up"))
    var model = try #require(Sample.walk.last)
    #expect(model.press(.character("L")) == [.listRecordings])
    model.offer(recordings: [RecordingEntry(name: "mix-up", about: "", isShipped: true)])
    #expect(model.press(.character("c")) == [.compareWith(name: "mix-up")])
    model.offer(comparison: comparison)
    for size in Self.sizes {
      let text = model.lines(size).joined(separator: "\n")
      #expect(text.contains("Two runs side by side") && text.contains("response-iss"), "\(size)")
      for width in [50, size.columns - 10] {
        for line in comparison.lines(width: width) {
          #expect(CellWidth.width(of: line.text) <= width, "\(line.text)")
        }
      }
    }
    let top = model.lines(Sample.size)
    _ = model.press(.character("G"))
    #expect(model.lines(Sample.size) != top)
    #expect(model.press(.escape) == [] && model.overlays[ComparisonView.self] == nil)
    let ascii = comparison.text(width: 100, glyphs: .ascii)
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 } && ascii.contains("Verdicts"))
    #expect(!ascii.contains("?"))
  }

  @Test func `hostile texts of a recording are harmless on the screen`() throws {
    let evil = "\u{1B}]0;x\u{7}\u{202E}\nline"
    let run = try ScriptedRun { $0.extraParameters = [FormField("ui_locales", evil)] }
    var played = run
    played.runToEnd()
    let side = RunComparison.Side(
      name: evil, transcript: played.machine.transcript, redactor: Redactor(secrets: []))
    let text = RunComparison(side, try self.side("honest-code-id_token")).text(
      width: 80, glyphs: .unicode)
    for scalar in text.unicodeScalars where scalar != "\n" {
      #expect(scalar.properties.generalCategory != .control)
      #expect(scalar.properties.generalCategory != .format)
    }
    #expect(text.contains("ui_locales"))
  }
}

extension RecordingsTests {
  /// Whoever sends a recording chooses every byte of it: the screen must bear that too.
  @Test(.timeLimit(.minutes(3)))
  func `hostile recordings are drawn without a trap`() async throws {
    var played = try ScriptedRun()
    played.runToEnd()
    var writer = RecordingWriter(key: nil, replacesPersonal: false)
    let lines = played.tape.flatMap { writer.lines(for: $0.event, at: $0.at) }
    let pieces = [
      "\\u0000", "\\u001b[2J", "\\u202e", "9007199254740993", "\\ud83d\\udc64", "%00", "\\n\\n",
      "<form>",
    ]
    var generator = SeededGenerator(seed: 42)
    func random(_ bound: Int) -> Int { generator.next(below: bound) }
    var drawn = 0
    for round in 0..<180 {
      await Task.yield()
      var changed = lines
      for _ in 0..<3 {
        let index = 1 + random(changed.count - 1)
        // At the beginning of some text of the line.
        var parts = changed[index].components(separatedBy: "\":\"")
        let place = 1 + random(max(1, parts.count - 1))
        guard parts.indices.contains(place) else { continue }
        parts[place] = pieces[random(pieces.count)] + parts[place]
        changed[index] = parts.joined(separator: "\":\"")
      }
      if round % 2 == 1 { changed.swapAt(2 + random(8), 10 + random(8)) }
      let bytes = Array(changed.joined().utf8)
      guard let recording = try? Recording.read(bytes), recording.configuration != nil else {
        continue
      }
      var replay = ReplayRun(recording)
      replay.finish()
      var model = Sample.model(replay.machine, at: replay.now)
      for view in DetailView.allCases {
        model.show(view)
        #expect(model.lines(ScreenSize(columns: 80, rows: 24)).count == 24)
      }
      drawn += 1
    }
    #expect(drawn > 15, "\(drawn) could be read")
  }
}
