import OpenID
import Testing

@testable import HybridFlow
@testable import Lab
@testable import Presentation
@testable import Redaction
@testable import TextUI

struct FuzzyTests {
  private static func score(_ word: String, _ name: String) -> Int? {
    Fuzzy.score(Array(word.utf8), in: Array(name.utf8))
  }

  @Test(arguments: [
    ("secrets", "secrets", "copy secrets"), ("sec", "secrets", "the second"),
    ("nm", "nonce-match", "name"), ("chm", "c-hash-match", "checkmate"),
    ("swap", "swapped-code", "show a page"),
  ])
  func `the first fits better than the second`(word: String, first: String, second: String) throws {
    let better = try #require(Self.score(word, first))
    #expect(better > Self.score(word, second) ?? Int.min)
  }

  @Test(arguments: [
    ("xyz", "secrets"), ("sekrets", "secrets"), ("stes", "secrets"), ("longer", "long"),
    ("", "x"), ("ei", "the first of his kind"),
  ])
  func `letters that only happen to stand there do not fit`(word: String, name: String) {
    #expect(Self.score(word, name) == nil)
  }

  @Test func `any bytes are compared`() {
    #expect(Self.score("\u{E9}", "caf\u{E9}") != nil)
    #expect(Fuzzy.score([0x61], in: []) == nil)
  }
}

struct PaletteTests {
  private static func open(_ words: String, _ start: ExplorerModel? = nil) -> ExplorerModel {
    var model = start ?? Sample.walk[7]
    model.faults = Lab.entries(for: .codeIDToken)
    _ = model.press(.control("p"))
    for character in words { _ = model.press(.character(character)) }
    return model
  }

  @Test func `every action is found by each word of its label`() {
    let rows = Self.open("").completions
    for binding in Sample.walk[7].namedActions {
      let text = ExplorerModel.lineNames[binding.action] ?? binding.action
      for word in binding.label.lowercased().split(separator: " ") where word.count > 1 {
        let found = Palette.rows(for: String(word), among: rows)
        #expect(found.contains { $0.kind == .action && $0.text == text }, "\(text) by \(word)")
      }
    }
  }

  @Test(arguments: [
    ("zoom", "zoom"), ("who sees", "view holders"), ("nonce-match", "check nonce-match"),
    ("nm", "check nonce-match"), ("c_hash", "follow c_hash"), ("swapped code", "lab swapped-code"),
    ("tenant verifies", "stage 7"), ("follow nonce", "follow nonce"), ("har", "export har "),
    ("second id token and", "explain 8"), ("quit", "quit"),
  ])
  func `words find the thing`(words: String, wanted: String) {
    let found = Self.open(words).completions.prefix(6).map(\.text)
    #expect(found.contains(wanted), "\(words): \(found)")
  }

  @Test func `every row is a line that the command line knows`() {
    let model = Self.open("")
    #expect(model.completions.count > 400)
    for row in model.completions where row.refusal == nil {
      var line = model
      _ = line.press(.paste(row.text.trimmingBlanks), .enter)
      let said = line.notice?.text ?? ""
      #expect(!said.hasPrefix("There is no "), "\(row.text): \(said)")
      #expect(!said.contains("takes no further words"), "\(row.text): \(said)")
    }
  }

  @Test func `the manual has an example of every verb`() {
    let verbs = KeyDocument.lines.compactMap { Palette.verb(of: $0.line) }
    #expect(Set(verbs) == Set(Palette.verbs) && verbs.count == Palette.verbs.count)
  }

  @Test func `every kind is there, and each row names its kind`() throws {
    var model = Sample.walk[7]
    model.offersNames = true
    #expect(model.press(.control("p")) == [.tellNames])
    model.know(
      KnownNames(
        recordings: [RecordingEntry(name: "mix-up", about: "caught", isShipped: true)],
        themes: [(id: "nord", name: "Nord")]))
    model.faults = Lab.entries(for: .codeIDToken)
    _ = model.press(.escape, .control("p"))
    let kinds = Set(model.completions.map(\.kind))
    #expect(kinds == Set(PaletteRow.Kind.allCases), "\(kinds)")
    for character in "mix-up" { _ = model.press(.character(character)) }
    #expect(model.completions.contains { $0.text == "recording mix-up" })
    let screen = model.lines().joined(separator: "\n")
    #expect(screen.contains("recording") && screen.contains("fault"), "\(screen)")
  }

  @Test func `without words everything stands in the groups that the commands have`() throws {
    var model = Self.open("")
    let rows = model.completions
    // A group stands together, and its name once.
    var headings: [String] = []
    for row in rows where headings.last != row.heading { headings.append(row.heading) }
    #expect(Set(headings).count == headings.count, "\(headings)")
    for purpose in Purpose.allCases {
      #expect(headings.contains(purpose.title) || purpose == .test, "\(purpose) \(headings)")
      let found = Palette.rows(for: purpose.title.lowercased(), among: rows)
      #expect(!found.isEmpty && found.allSatisfy { $0.purpose == purpose }, "\(purpose)")
    }
    let lines = model.lines()
    let heading = try #require(lines.firstIndex { $0.contains("See a login") })
    #expect(lines[heading + 1].contains(rows[0].title), "\(lines)")
    // The name of a group is no row: a click on it does nothing.
    _ = model.press(.mouse(.press, column: 10, row: heading))
    #expect(model.context == .command)
    // Every row is reached, and the marked one is seen.
    for row in rows.prefix(80) {
      _ = model.press(.down)
      #expect(
        model.lines().contains {
          $0.contains("\u{25B8} \(row.kind.rawValue)") && $0.contains(row.title)
        }, "\(row.text)")
    }
  }

  @Test func `Enter takes the best row, arrows another, and a whole line stays a line`() {
    var model = Self.open("decod")
    _ = model.press(.enter)
    #expect(model.view == .decoded && model.overlays.isEmpty)
    model = Self.open("nonce")
    let second = model.completions[1]
    _ = model.press(.down)
    #expect(model.overlays[CommandEntry.self]?.entry.text == second.text)
    model = Self.open("stage 5")
    _ = model.press(.enter)
    #expect(model.shownStage == .callback)
  }

  @Test func `what does not work now says why, and the palette stays`() throws {
    var model = Self.open("delete-recording")
    let row = try #require(model.completions.first)
    #expect(row.refusal?.contains("list of recordings") == true)
    _ = model.press(.down, .enter)
    #expect(model.context == .command && model.notice?.text.contains("for another place") == true)
  }

  @Test func `a check is gone to where it ran, or told when it will`() {
    var model = Self.open("check back-nonce-match")
    _ = model.press(.enter)
    #expect(model.shownStage == .tokens && model.view == .checks)
    #expect(model.selectedTarget?.id.hasPrefix("check:tokens:") == true)
    model = Self.open("check userinfo-sub")
    _ = model.press(.enter)
    #expect(model.notice?.text.contains("stage 10") == true, "\(model.notice?.text ?? "")")
  }

  @Test func `a claim is gone to where it stands, with its meaning`() {
    var model = Self.open("field c_hash 5 decoded")
    _ = model.press(.enter)
    #expect(model.shownStage == .callback && model.view == .decoded)
    #expect(model.selectedTarget?.id == "member:callback:id_token:claims:c_hash")
    #expect(model.notice?.text.hasPrefix("c_hash: ") == true)
  }

  @Test func `secrets are in no row`() {
    let model = Self.open("")
    let text = model.completions.map { $0.text + $0.title + $0.help }.joined()
    for secret in model.transcript.secrets where secret.value.utf8.count >= 20 {
      #expect(!text.contains(secret.value.dropFirst(8).prefix(12)))
    }
  }

  @Test(arguments: [
    ScreenSize(columns: 60, rows: 16), ScreenSize(columns: 80, rows: 24),
    ScreenSize(columns: 200, rows: 50),
  ])
  func `a click does its row, at every size`(size: ScreenSize) throws {
    var model = Self.open("view checks")
    let lines = model.lines(size)
    let row = try #require(lines.firstIndex { $0.contains("view ") && $0.contains("Checks") })
    _ = model.press(.mouse(.press, column: 10, row: row), size: size)
    #expect(model.view == .checks && model.overlays.isEmpty, "\(lines)")
  }

  @Test func `only ASCII is drawn where only ASCII may be`() {
    var model = Self.open("nonce")
    model.glyphs = .ascii
    #expect(model.lines().joined().utf8.allSatisfy { $0 < 0x80 })
    model = Sample.walk[7]
    model.glyphs = .ascii
    _ = model.follow(named: "nonce")
    let lines = model.lines()
    #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 })
    #expect(lines.contains { $0.contains("* following nonce") })
  }

  @Test func `own keys of a person still load, and the palette keeps one`() {
    let (map, faults) = KeyMap.reading([
      ("command-line", ["Ctrl-K"]), ("future", ["f"]), ("follow-value", ["F"]),
    ])
    let (older, none) = KeyMap.reading([("next-pane", ["Ctrl-P"]), ("restart", ["F"])])
    #expect(none.isEmpty, "\(none)")
    #expect(older.binding(for: .control("p"), in: .detail)?.action == "next-pane")
    #expect(older.binding(for: .character("F"), in: .detail)?.action == "restart")
    #expect(older.binding(for: .character(":"), in: .detail)?.action == "command-line")
    #expect(faults.isEmpty, "\(faults)")
    #expect(map.binding(for: .control("k"), in: .detail)?.action == "command-line")
    #expect(map.binding(for: .character("f"), in: .detail)?.action == "future")
    #expect(map.binding(for: .character("F"), in: .detail)?.action == "follow-value")
  }
}
