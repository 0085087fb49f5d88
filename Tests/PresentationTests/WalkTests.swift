import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Session
@testable import TextUI

struct WalkTests {
  @Test(arguments: [Key.right, .character(" "), .character("l")])
  func `forward runs the next stage only from the newest one`(key: Key) throws {
    var model = Sample.walk[4]
    #expect(model.press(key) == [.post(.advanced)])
    _ = model.press(.left, .left)
    #expect(model.shownStage == .prompt && model.newestStage == .callback)
    #expect(model.press(key) == [])
    #expect(model.shownStage == .authenticate)
    #expect(model.press(key) == [] && model.shownStage == .callback)
    #expect(model.press(key) == [.post(.advanced)])
  }

  @Test func `digits jump, and looking back stays while the run goes on`() throws {
    var model = Sample.walk[4]
    _ = model.press(.character("2"))
    #expect(model.shownStage == .authorize)
    let later = Sample.walk[6]
    model.update(transcript: later.transcript, situation: later.situation, at: later.now)
    #expect(model.shownStage == .authorize && model.newestStage == .verify)
    #expect(model.lines().contains { $0.contains("Looking at stage 2; the run stands at 7.") })
    _ = model.press(.character("0"))
    #expect(model.shownStage == .data)
    #expect(model.lines().contains { $0.contains("Not reached yet: the run stands at stage 7.") })
    _ = model.press(.character("7"))
    #expect(model.looking == nil)
  }

  @Test func `statuses come from the transcript`() throws {
    for (index, model) in Sample.walk.enumerated() {
      let strip = model.lines(ScreenSize(columns: 80, rows: 24))[1]
      for stage in Stage.allCases {
        let mark =
          stage.number < index + 1
          ? "\u{2713}" : stage.number == index + 1 ? "\u{25B6}" : "\u{25CB}"
        #expect(strip.contains("\(mark)\(stage.number)"), "\(strip)")
      }
    }
  }

  @Test func `a fresh model starts a run`() {
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    #expect(model.press(.character(" ")) == [.restart])
    #expect(model.press(.character("r")) == [.restart])
    #expect(model.press(.character("q")) == [.quit])
    #expect(model.press(.control("z")) == [.suspend])
    #expect(model.press(.control("l")) == [.redraw])
    #expect(model.press(.character("m")) == [.captureMouse(false)])
    #expect(model.press(.character("m")) == [.captureMouse(true)])
  }

  @Test func `Enter on the login page sends what the demo suggests`() throws {
    var (run, model) = try Sample.atLogin()
    #expect(model.context == .field)
    guard case .pageShown(_, let page) = run.machine.situation else {
      Issue.record("no page")
      return
    }
    var person = PersonAtKeyboard()
    let filled = person.fill(page)
    let wanted = try #require(filled)
    #expect(model.press(.enter) == [.post(.formFilled(wanted))])
    run.post(.formFilled(wanted))
    model.update(transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    // The consent page: its first button is Allow, the next is Decline.
    #expect(model.context == .button)
    let text = model.lines().joined(separator: "\n")
    #expect(text.contains("[ Allow ]") && text.contains("[ Decline ]"))
    #expect(text.contains("\u{2022} See your e-mail address email"))
    guard case .post(.formFilled(let accepted))? = model.press(.enter).first else {
      Issue.record("Enter does not press the button")
      return
    }
    #expect(accepted.fields["action"] == "accept")
    guard case .post(.formFilled(let declined))? = model.press(.tab, .enter).first else {
      Issue.record("Tab does not reach Decline")
      return
    }
    #expect(declined.fields["action"] == "decline")
  }

  @Test func `a wrong password shows the page again with its message`() throws {
    var (run, model) = try Sample.atLogin()
    _ = model.press(.character("x"))
    #expect(!model.lines().joined().contains("hybridx"))
    guard case .post(let event)? = model.press(.enter).first else {
      Issue.record("nothing was sent")
      return
    }
    run.post(event)
    model.update(transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    #expect(model.lines().contains { $0.contains("\u{2717} That is not the right name") })
    #expect(model.context == .field)
  }

  @Test func `letters are typed into a field, and Esc gives the keys back`() throws {
    var (_, model) = try Sample.atLogin()
    _ = model.press(.backTab, .control("u"), .character("q"), .character("?"), .paste("é\u{1B}z"))
    #expect(model.form?.focused?.value == "q?é\u{241B}z")
    _ = model.press(.left, .backspace, .home, .delete)
    #expect(model.form?.focused?.value == "?éz")
    #expect(model.press(.escape) == [] && model.context == .detail)
    #expect(model.press(.character("q")) == [.quit])
    #expect(model.press(.character("o")) == [.post(.browserRequested)])
    _ = model.press(.enter)
    #expect(model.context == .field)
  }

  @Test func `while the browser is away the screen says where, and Esc gives up`() throws {
    var model = try Sample.browserAway()
    guard case .browserAway = model.situation else {
      Issue.record("\(model.situation)")
      return
    }
    #expect(model.needsClock)
    let text = model.lines().joined(separator: "\n")
    #expect(text.contains("waiting 00:12 of 05:00"))
    #expect(text.contains("http://127.0.0.1:9000/authorize?response_type=code%20id_token"))
    #expect(text.contains("ssh -L 8910:localhost:8910 HOST"))
    #expect(model.press(.character("o")) == [.openBrowser])
    #expect(model.press(.escape) == [.post(.abandoned)])
  }

  @Test func `a failed check opens the checks with the failure on top`() throws {
    var model = Sample.walk[3]
    let machine = try #require(try ScriptedRun.afterEachStage().dropFirst(4).first)
    var transcript = machine.transcript
    let steps = [DerivationStep("SHA-256 of the code", "a1b2c3d4", keeps: 4)]
    transcript[.callback].checks.append(
      Check(
        .cHashMatch, .fail, expected: "LDktKdoQak3Pk0cnXxCltA", found: "LDktXXXXak3Pk0cnXxCltA",
        why: "A code was swapped in.", derivation: steps))
    let failure = FlowFailure.provider(.checksFailed([.cHashMatch]))
    transcript[.callback].failure = failure
    _ = model.press(.character("2"), .tab)
    model.update(
      transcript: transcript, situation: .failed(.callback, failure), at: Sample.moment(machine))
    #expect(model.shownStage == .callback && model.view == .checks && model.focus == .detail)
    let lines = model.lines(of: .detail, model.layout).map(\.text)
    #expect(lines.first?.hasPrefix("\u{2717} 1 failed") == true)
    #expect(lines.dropFirst().first?.hasPrefix("\u{2717} c-hash-match") == true)
    let expected = lines.first { $0.contains("expected") } ?? ""
    let found = lines.first { $0.contains("found") } ?? ""
    #expect(expected.firstRange(of: "LDkt")?.lowerBound == found.firstRange(of: "LDkt")?.lowerBound)
    #expect(model.lines().contains { $0.contains("\u{2717}  5 Form post back") })
    _ = model.press(.enter)
    #expect(model.lines().contains { $0.contains("SHA-256 of the code") })
  }

  @Test func `what differs is marked, what is the same is not`() {
    #expect(Array("abcXdef").commonEnds(with: Array("abcYYdef")) == (3, 3))
    #expect(Array("aaa").commonEnds(with: Array("aaaa")) == (3, 0))
    #expect(Array("").commonEnds(with: Array("x")) == (0, 0))
  }

  @Test func `the place in a document survives another width`() throws {
    var model = Sample.walk[4]
    model.view = .decoded
    _ = model.press(.pageDown)
    func topText(_ size: ScreenSize) -> String {
      let layout = Layout(size: size)
      let lines = model.lines(of: .detail, layout)
      let height = layout.content(of: .detail)?.height ?? 1
      let top = model.top(of: .detail, lines, height: height, layout)
      return String(lines[top].text.prefix(8))
    }
    let wide = topText(Sample.size)
    #expect(wide != String(model.lines(of: .detail, Layout(size: Sample.size))[0].text.prefix(8)))
    #expect(topText(ScreenSize(columns: 104, rows: 36)) == wide)
  }

  @Test func `the mouse selects stages, tabs and panes, and the wheel scrolls what lies below`()
    throws
  {
    var model = Sample.walk[4]
    let frame = ExplorerScreen(model).frame(size: Sample.size)
    let row = try #require(frame.lines.firstIndex { $0.contains("To /authorize") })
    _ = model.press(.mouse(.press, column: 8, row: row))
    #expect(model.shownStage == .authorize && model.focus == .stages)
    let tabs = try #require(frame.lines.firstIndex { $0.contains("Decoded") })
    let line = Array(frame.lines[tabs])
    let column = try #require(line.indices.first { String(line[$0...]).hasPrefix("Decoded") })
    _ = model.press(.mouse(.press, column: column, row: tabs))
    #expect(model.view == .decoded && model.focus == .detail)
    _ = model.press(.character("5"), .tab)
    let before = model.lines()
    _ = model.press(.mouse(.wheelDown, column: 60, row: 25))
    #expect(model.lines() != before && model.focus == .stages)
    let footer = try #require(model.lines().last)
    let quit = try #require(footer.firstRange(of: "q quit"))
    let place = footer.distance(from: footer.startIndex, to: quit.lowerBound)
    #expect(model.press(.mouse(.press, column: place, row: 35)) == [.quit])
  }

  @Test func `opening shows a long value whole, and copying takes it as it is shown`() throws {
    var model = Sample.walk[1]
    #expect(model.press(.character("y"), .enter).count == 1)
    model = Sample.walk[4]
    model.show(.wire)
    _ = model.press(.character("s"))
    let token = try #require(model.transcript.token(.idToken, .front)).text
    let rows = model.lines(of: .detail, model.layout)
    let row = try #require(rows.firstIndex { $0.text.hasPrefix("id_token") })
    let target = try #require(rows[row].target)
    model.place(top: row, .detail, rows, model.layout)
    model.select(target.id, model.layout)
    let closed = rows.count
    #expect(model.press(.character("y"), .character("y")) == [.copy(token)])
    _ = model.press(.enter)
    let open = model.lines(of: .detail, model.layout)
    #expect(open.count > closed)
    #expect(open.map { $0.text.filter { $0 != " " } }.joined().contains(token))
  }

  @Test func `the two ID tokens are laid side by side with the rule of each claim`() throws {
    var model = Sample.walk[7]
    _ = model.press(.character("]"), .character("]"), .character("]"))
    #expect(model.view == .compare)
    let lines = model.lines(of: .detail, model.layout).map(\.text)
    #expect(lines.contains { $0.hasPrefix("\u{2713} iss ") && $0.contains("both ") })
    #expect(lines.contains { $0.hasPrefix("\u{00B7} email ") && $0.contains("second  ada@") })
    let notes = model.lines(of: .detail, model.layout).map { $0.note.map(\.text).joined() }
    for rule in ["must be equal", "should agree", "may differ", "only in the second"] {
      #expect(notes.contains(rule), "\(rule)")
    }
    // Elsewhere there is nothing to compare, and the wish is kept for when there is.
    _ = model.press(.left)
    #expect(!model.lines().contains { $0.contains("Compare") })
    _ = model.press(.right)
    #expect(model.lines().contains { $0.contains("The two ID tokens") })
  }

  private static let pairs: [(String, String?, String?, Check.Verdict?)] = [
    ("iss", "a", "a", .pass), ("iss", "a", "b", .fail), ("sub", "a", nil, .fail),
    ("nonce", nil, "b", .fail), ("nonce", "a", "b", .fail), ("c_hash", "a", nil, nil),
    ("c_hash", "a", "a", .pass), ("c_hash", "a", "b", .fail), ("at_hash", "a", "b", nil),
    ("acr", "a", nil, .warn), ("iat", "a", "b", nil), ("email", nil, "b", nil),
    ("email", "a", "b", .warn), ("name", "a", "a", .pass),
  ]

  @Test(arguments: pairs)
  func `two ID tokens owe each other what the specification says`(
    claim: String, first: String?, second: String?, wanted: Check.Verdict?
  ) {
    let (one, two) = (first.map(JSONValue.string), second.map(JSONValue.string))
    #expect(PairRule(claim: claim).verdict(one, two) == wanted)
  }

  @Test func `the verifier and the client secret never reach the browser`() throws {
    let lines = Sample.walk[9].transcript.stages.flatMap(\.values)
    for value in lines where value.name == "code_verifier" || value.name == "client_secret" {
      #expect(!value.holders.contains(.browser), "\(value.name)")
    }
    var model = Sample.walk[5]
    model.view = .holders
    let text = model.lines().joined(separator: "\n")
    #expect(text.contains("code_verifier") && text.contains("\u{25CF} !"))
  }

  @Test func `a new run forgets the walk of the old one`() throws {
    var model = Sample.walk[9]
    _ = model.press(.character("3"), .character("j"), .enter)
    var run = try ScriptedRun()
    run.wait(milliseconds: 5000)
    run.begin()
    model.update(transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    #expect(model.shownStage == .login && model.toggled.isEmpty && model.scrolls.isEmpty)
  }
}
