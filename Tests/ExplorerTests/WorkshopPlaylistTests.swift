import Foundation
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Session
import Settings
import Testing

@testable import Commands
@testable import Explorer
@testable import Export
@testable import Presentation
@testable import TextUI

/// The workshop that runs itself: its list, its two keys, its clock, its notes and handouts.
@Suite(.serialized) struct WorkshopPlaylistTests {
  private static let folder = FileManager.default.temporaryDirectory
    .appending(path: "workshop-\(UUID().uuidString)").path

  @Test func `the built-in list has the minutes and the faults of the guide`() throws {
    let workshop = try WorkshopFile.builtIn()
    #expect(workshop.minutes == 45 && workshop.entries.count == 12)
    let faults = workshop.entries.compactMap(\.fault)
    #expect(
      faults == [
        "swapped-code", "replayed-id-token", "login-csrf", "alg-none", "hs256-confusion",
        "swapped-code", "userinfo-of-another-person",
      ])
    #expect(workshop.entries.map(\.isCheckOff).filter { $0 }.count == 1)
    // The guide's minutes: 0, 5, 10, 16, 20, 23, 26 (two), 30, 34, 39, 42.
    #expect(
      workshop.entries.indices.map { workshop.span(of: $0).from }
        == [0, 5, 10, 16, 20, 23, 26, 28, 30, 34, 39, 42])
    let known = WorkshopTests.rows.map(\.fault)
    for entry in workshop.entries {
      if let fault = entry.fault { #expect(known.contains(fault)) }
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: ScreenSize.three)
  func `two keys give the whole workshop, and what each entry says stands on the screen`(
    _ size: ScreenSize
  ) throws {
    let workshop = try WorkshopFile.builtIn()
    let run = try PressedRun(
      columns: size.columns, rows: size.rows, begin: { $0.begin(with: workshop) })
    try settle(run)
    for (index, entry) in workshop.entries.enumerated() {
      let question = run.screen.text
      #expect(words(question).contains(words(entry.title)), "\(entry.title)")
      #expect(words(question).contains(words(entry.question)), "\(question)")
      #expect(run.says("\(index + 1)/12"))
      while run.face.model.workshop?.next?.entry == index {
        try run.press(.right)
        try settle(run)
        try expectStep(run)
      }
      #expect(run.says(" Answer "))
      #expect(words(run.screen.text).contains(words(String(entry.answer.prefix(20)))))
      if index + 1 < workshop.entries.count {
        try run.press(.pageDown)
        try settle(run)
      }
    }
    // It is the end, and one key leads back to where the last entry began.
    try run.press(.right)
    #expect(run.says("end of the workshop"))
    try run.press(.left)
    try settle(run)
    #expect(run.face.model.workshop?.step.kind == .question)
  }

  private func expectStep(_ run: PressedRun) throws {
    let state = try #require(run.face.model.workshop)
    let check = state.entry.check ?? ""
    switch state.step.kind {
    case .question: Issue.record("a question is not an answer")
    case .puzzle: #expect(run.says("Which check catches this?"), "\(run.screen.text)")
    case .verdict:
      #expect(!run.says("Which check catches this?"))
      #expect(run.says(check), "\(check): \(run.screen.text)")
    case .end:
      #expect(run.face.model.shownStage == .verify && run.tells("another defence held"))
    case .view(let place):
      #expect(run.face.model.shownStage == place.stage)
      let layout = Layout(size: run.screen.size, focus: .detail)
      #expect(run.face.model.shownView(layout) == place.view, "\(place)")
    }
  }

  @Test(.timeLimit(.minutes(2))) func `back is back, over the border of a run too`() throws {
    let workshop = try WorkshopFile.builtIn()
    let run = try PressedRun(columns: 120, rows: 36, begin: { $0.begin(with: workshop) })
    try settle(run)
    let first = try #require(
      run.face.model.workshop?.steps.firstIndex { $0.kind == .verdict })
    for _ in 0..<first {
      try run.press(.right)
      try settle(run)
    }
    #expect(run.says("c-hash-match") && run.transcript.failure != nil)
    try run.press(.left)
    try settle(run)
    #expect(run.says("Which check catches this?"))
    try run.press(.left, .left)
    try settle(run)
    // The entry before is of an honest run.
    #expect(run.transcript.failure == nil && run.face.model.shownStage == .callback)
    #expect(run.face.model.summary.lab == nil)
  }

  @Test(.timeLimit(.minutes(1))) func `the clock tells how far one is, and can be stopped`() throws
  {
    let workshop = try WorkshopFile.builtIn()
    let run = try PressedRun(columns: 120, rows: 36, begin: { $0.begin(with: workshop) })
    try settle(run)
    #expect(run.says("0–5 of 45 min") && run.says("on time"))
    try run.read(seconds: 7 * 60)
    #expect(run.says("07:0") && run.says("2 min behind"), "\(run.screen.text)")
    try run.press(.character("P"))
    #expect(run.says("paused"))
    try run.read(seconds: 600)
    try run.press(.character("P"))
    #expect(run.says("07:0"))
    var state = try #require(run.face.model.workshop)
    state.index = state.steps.count - 1
    #expect(state.pace(at: run.face.model.now).hasSuffix("min ahead"))
    // W ends it, and leaves the run.
    try run.press(.character("W"))
    #expect(run.face.model.workshop == nil)
  }

  @Test func `the notes follow by a file that tells nothing else`() throws {
    let workshop = try WorkshopFile.builtIn()
    let path = Self.folder + "/run/workshop.json"
    let file = WorkshopStatusFile(path: path)
    #expect(file.read() == nil)
    let sink = ListSink()
    func notes(_ workshop: Workshop) -> RunOutcome {
      WorkshopNotes(
        workshop, file: file, sink: sink, loop: .init(), follows: false,
        now: { UnixTime(seconds: 1_800_000_750) }
      ).run()
    }
    #expect(notes(workshop) == .exit(2) && sink.errors.contains("No workshop is given now"))
    let step = try #require(workshop.steps.firstIndex { $0.entry == 3 })
    let clock = WorkshopClock(since: UnixTime(seconds: 1_800_000_000))
    let position = WorkshopPosition(
      fingerprint: workshop.fingerprint, step: step, clock: clock)
    try file.write(position)
    #expect(file.read() == position)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(notes(workshop) == .exit(0))
    for text in [
      "4 of 12: A swapped code", "16–20 of 45 min · 12:30 · 3 min ahead", "the question",
      "c-hash-match", "Next key    the message that was changed",
    ] {
      #expect(sink.output.contains(text), "\(text): \(sink.output)")
    }
    #expect(sink.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    var other = workshop
    other.fingerprint = "another"
    #expect(notes(other) == .exit(2) && sink.errors.contains("--script"))
    file.remove()
    #expect(file.read() == nil)
    // A file that was left behind by a process that is gone counts for nothing.
    try file.write(
      WorkshopPosition(fingerprint: "x", step: 0, clock: clock, process: 0x3FFF_FFF0))
    #expect(file.read() == nil)
  }

  @Test func `handouts ask, and answer only when they are to`() throws {
    let workshop = try WorkshopFile.builtIn()
    for tellsAnswers in [false, true] {
      let paths = try WorkshopHandout(workshop, tellsAnswers: tellsAnswers).write(to: Self.folder)
      #expect(paths.count == 2)
      for path in paths {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("The ID token is genuine"))
        #expect(text.contains("c-hash-match") == tellsAnswers)
        #expect(!text.contains("<script") && !text.contains("src="))
      }
    }
    var hostile = workshop
    hostile.entries[0].question = "<script>alert(1)</script> [x](http://evil)"
    let page = WorkshopHandout(hostile, tellsAnswers: false)
    #expect(!page.html.contains("<script>") && !page.markdown.contains("<script>"))
  }

  @Test(arguments: [
    ("{\n \"entries\": [\n  {\"minutes\": 0}\n ]\n}", "line 3: entries.1.minutes", "whole number"),
    ("{\n\"entries\": [{}\n", "line 3", "is not JSON"),
    ("{\"entries\": []}", "line 1: entries", "at least one entry"),
    ("{\"entrys\": []}", "line 1: entrys", "is not known"),
    (
      "{\"entries\": [\n {\"minutes\": 1, \"show\": [\"11 wire\"]}]}", "line 2: entries.1.show",
      "from 1 to 10"
    ),
    (
      "{\"entries\": [\n\n {\"minutes\": 1, \"fault\": \"swaped-code\"}]}",
      "line 3: entries.1.fault", "swapped-code"
    ),
    (
      "{\"entries\": [{\"minutes\": 1, \"fault\": \"alg-none\", \"check\": \"nonce-match\"}]}",
      "line 1: entries.1.check", "id-token-alg-none"
    ),
    (
      "{\"entries\": [{\"minutes\": 1, \"show\": [\"1 wire\"], \"title\": \"t\"}]}",
      "line 1: entries.1.question", "is a text"
    ),
  ])
  func `an error in a list names file, line and what to do`(
    _ text: String, _ place: String, _ words: String
  ) {
    #expect {
      _ = try WorkshopFile(path: "mine.json", bytes: Array(text.utf8)).read()
    } throws: { error in
      let message = (error as? UsageError)?.message ?? ""
      return message.contains("mine.json, " + place) && message.contains(words)
        && message.contains("--print-script")
    }
  }

  @Test func `the printed list can be read again, and options that fight are refused`() throws {
    let path = Self.folder + "-mine.json"
    try Data(BuiltInWorkshop.text.utf8).write(to: URL(filePath: path))
    #expect(try WorkshopFile.read(path) == WorkshopFile.builtIn())
    func request(_ arguments: [String]) throws -> WorkshopRequest {
      try WorkshopRequest.read(Invocation.parse(["workshop"] + arguments))
    }
    #expect(try request(["--list"]).listing.contains("16–20  A swapped code  (swapped-code)"))
    #expect(throws: UsageError.self) { try request(["--list", "--notes"]) }
    #expect(throws: UsageError.self) { try request(["--answers"]) }
    #expect(throws: UsageError.self) { try request(["--script", "/nonexistent"]) }
  }

  /// Words without the breaks of lines, and without the frame around them.
  private func words(_ text: String) -> String {
    text.split { $0.isWhitespace || "┃│║|".contains($0) }.joined(separator: " ")
  }

  /// Waits until the step on the screen is reached.
  private func settle(_ run: PressedRun) throws {
    let isStill = run.harness.loop.run(withinMilliseconds: 20_000) {
      run.face.rerun == nil && run.harness.session.isIdle
    }
    try #require(isStill)
    run.face.draw()
  }
}
