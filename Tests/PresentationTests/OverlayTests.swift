import HybridFlow
import OpenID
import Testing

@testable import Explorer
@testable import Presentation
@testable import TextUI
@testable import Lab
@testable import Recording
@testable import Commands

/// Every overlay answers for its rows of the key table.
@Suite struct OverlayTests {
  /// Small, so that everything that scrolls has something to scroll.
  static let size = ScreenSize(columns: 60, rows: 16)

  /// A model in which the keys of a context are looked up.
  static func model(in context: KeyContext) throws -> ExplorerModel {
    var model = Sample.walk[4]
    model.size = size
    switch context {
    case .stages: model.focus = .stages
    case .sequence: model.focus = .sequence
    case .detail: break
    case .explain:
      model.size = ScreenSize(columns: 200, rows: 50)
      model.focus = .explain
    case .field: model = try Sample.atLogin().model
    case .button:
      model = try Sample.atLogin().model
      while model.form?.focused?.isText == true { model.form?.move(by: 1) }
    case .following: _ = model.follow(named: "nonce")
    case .found: model.modes.search = Search()
    case .caught, .held:
      model = try Sample.failed()
      let entry = try #require(
        Lab.entries(for: .codeIDToken).first { $0.id == "swapped-code" })
      model.summary.lab = LabRun(entry: entry, isCheckOff: false)
    case .presenting: model.present()
    case .workshop: model = try WorkshopScreenTests.model(at: .view(WorkshopView(.login, .wire)))
    case .drilling: model = try DrillScreenTests.model("swapped-code")
    case .watching: model = WatchScreenTests.waiting()
    case .away: model.look(at: .authorize)
    case .help, .search, .command, .copy, .notes, .blank, .card, .themes, .lab, .editor, .value,
      .connections, .confirm, .secret, .profile, .findings, .paste, .recordings, .comparison,
      .values, .drillAnswer, .drillCard, .workshopCard, .logins:
      try lay(context, over: &model)
    }
    return model
  }

  private static func lay(_ context: KeyContext, over model: inout ExplorerModel) throws {
    switch context {
    case .help: _ = model.open(.help)
    case .search: _ = model.open(.search)
    case .command: _ = model.open(.commandLine)
    case .copy: _ = model.open(.copy)
    case .notes: _ = model.open(.notes)
    case .blank: _ = model.open(.blank)
    case .card: model.overlays.push(QuestionCard(stage: .exchange))
    case .themes:
      let themes = ThemeLibrary()
      model.offer(themes: themes.ids.compactMap { try? themes.theme($0).theme })
    case .lab: model.offer(faults: Lab.entries(for: .codeIDToken))
    case .editor, .value:
      _ = model.open(.edit)
      if context == .value { _ = model.press(.enter) }
    case .connections, .confirm, .secret:
      model.offer(connections: ConnectionMenuTests.list(), marking: .profile("work"))
      _ = model.press(.down)
      if context == .confirm { _ = model.press(.character("d")) }
      if context == .secret { model.askSecret(of: "client") }
    case .profile: model.edit(ConnectionMenuTests.form())
    case .findings:
      model.beginFindings(of: "work", again: .check(nil))
      for finding in ConnectionMenuTests.findings { model.add(finding) }
    case .paste: model.openPasteBox("code=1")
    case .workshopCard:
      model = try WorkshopScreenTests.model(at: .question)
      model.size = size
    case .drillAnswer:
      model = try DrillScreenTests.model("swapped-code")
      model.size = size
      _ = model.open(.drillAnswer)
    case .drillCard:
      model = try DrillScreenTests.told("swapped-code")
      model.size = size
    case .recordings:
      model.offer(recordings: [
        RecordingEntry(name: "own", about: "", isShipped: false),
        RecordingEntry(name: "mix-up", about: "", isShipped: true),
      ])
    case .logins:
      model = try WatchScreenTests.several()
      model.size = size
      _ = model.open(.logins)
    case .values:
      model.overlays.push(FollowMenu(marking: nil, model.trail.followable))
    case .comparison:
      let store = RecordingStore(folder: "/nonexistent")
      let sides = try ["honest-code-id_token", "mix-up"].map {
        RunComparison.Side(try store.open($0), named: $0)
      }
      model.offer(comparison: RunComparison(sides[0], sides[1]))
    case .stages, .sequence, .detail, .explain, .field, .button, .found, .following, .caught,
      .held, .presenting, .away, .drilling, .workshop, .watching:
      break
    }
  }

  @Test(arguments: KeyContext.allCases)
  func `every command of a context is handled where the context holds`(
    context: KeyContext
  ) throws {
    let model = try Self.model(in: context)
    #expect(model.contexts.contains(context))
    for binding in KeyMap.all where binding.contexts.contains(context) {
      switch binding.command {
      case .overlay(let command):
        var (overlay, below) = (try #require(model.overlays.top), model)
        _ = below.overlays.takeTop()
        #expect(overlay.perform(command, &below) != .notMine, "\(binding.action)")
      case .move where model.overlays.isEmpty: break
      case .move:
        let moved = Movement.allCases.map { movement in
          var moved = model
          _ = moved.perform(.move(movement), moved.layout)
          return moved.overlays
        }
        #expect(moved.contains { $0 != model.overlays }, "\(binding.action)")
      // Their switches have no default.
      case .pane, .open: break
      }
    }
  }

  @Test func `the uppermost has the keys, and closing brings back the one below`() throws {
    var model = try Self.model(in: .connections)
    model.edit(ConnectionMenuTests.form())
    model.beginFindings(of: "work", again: .check(nil))
    #expect(model.overlay == .findings && model.overlays.seen.count == 2)
    #expect(model.press(.escape) == [.connections(.endCheck)] && model.overlay == .profile)
    #expect(model.press(.function(1)) == [] && model.overlay == .help)
    #expect(model.press(.escape, .escape) == [] && model.overlay == .connections)
    #expect(model.press(.escape) == [] && model.overlays.isEmpty)
  }

  @Test func `one of a kind is enough, and a question slips below what is open`() {
    var model = Sample.walk[4]
    model.overlays.push(NotesBox(top: 3))
    model.overlays.push(CopyMenu())
    model.overlays.push(NotesBox())
    #expect(model.overlays.all.count == 2 && model.overlays[NotesBox.self]?.top == 0)
    model.overlays.slip(QuestionCard(stage: .exchange))
    #expect(model.overlay == .copy && model.overlays.all.first is QuestionCard)
  }

  @Test func `what is about a run goes with it`() throws {
    var model = try Self.model(in: .editor)
    model.overlays.push(CopyMenu())
    model.overlays.push(HelpMenu())
    let begun = Sample.walk[0]
    model.update(transcript: Transcript(), situation: .idle, at: model.now)
    model.update(transcript: begun.transcript, situation: begun.situation, at: model.now)
    #expect(model.overlay == .help && model.overlays.all.count == 1)
  }

  /// What people may have written in their settings.
  private static let names = """
    add-parameter add-profile apply-edit back blank bottom browser bytes check check-again
    check-profile clear-search close-card close-comparison close-connections close-copy close-editor
    close-findings close-help close-lab close-line close-notes close-paste close-profile
    close-recordings close-values command-line commit-fault compare-recording complete-back complete-line confirm
    connections copy copy-address copy-all decline delete-profile delete-recording down drop-check
    edit edit-profile edit-value empty-paste enter-setting exchange-now export filter-help filter-lab
    follow follow-value forward future give-up help jump keep-search keep-theme keep-value lab leave-form
    leave-secret leave-themes mouse next-choice next-fault next-field next-match next-pane
    next-place next-setting next-view notes open open-finding open-recording other-authentication page-down
    page-up paste play present press previous-choice previous-field previous-match previous-pane
    previous-place previous-setting previous-view quit quit-now record recordings redraw remove-parameter
    reset-parameter reset-request restart reveal revert-value run-again run-help run-line save-profile
    search secrets stop-following suspend switch-check take-choice take-copy take-paste take-secret take-value themes to-end
    toggle-box toggle-p-k-c-e top unblank up use-connection zoom
    close-question close-round drill drill-answer drill-hint end-drill give-answer next-round
    workshop workshop-back workshop-next workshop-pause
    close-logins compare-login logins show-login
    """.split { $0 == " " || $0 == "\n" }.map(String.init)

  @Test func `the names of actions stay, because settings hold them`() {
    #expect(KeyMap.actions.sorted() == Self.names.sorted())
    for name in Self.names {
      let rows = KeyMap.all.filter { $0.action == name }
      #expect(Set(rows.map(\.command)).count == 1, "\(name) means one thing")
      let (map, faults) = KeyMap.reading([(name, rows[0].keys.map(\.name))])
      #expect(!faults.contains { if case .unknownAction = $0 { true } else { false } })
      #expect(map.overrides[name] == rows[0].keys || !faults.isEmpty, "\(name)")
    }
  }

  @Test func `a place that only its key leads out of keeps one`() {
    for binding in KeyMap.all where binding.command == .overlay(.close) {
      let (_, faults) = KeyMap.reading([(binding.action, [])])
      #expect(faults == [.unbound(binding.action)], "\(binding.action)")
    }
  }
}
