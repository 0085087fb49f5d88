import OpenID
import Testing
import TestSupport
import TextUI

/// Files from anybody: read strictly, refused with the member that is wrong.
struct ThemeFileTests {
  private static func file(_ members: String) -> [UInt8] {
    Array(#"{"schema": 1, "id": "mine", "appearance": "dark", \#(members)}"#.utf8)
  }

  @Test(
    "a file that cannot be meant is refused with its reason",
    arguments: [
      (#"[]"#, "the file is not a JSON object"),
      (#"{"id": "x"}"#, "the member ‘schema’ is missing"),
      (#"{"schema": 2, "id": "x"}"#, "schema ‘2’ is not known; this program reads schema 1"),
      (#"{"schema": 1}"#, "the member ‘id’ is missing"),
      (
        #"{"schema": 1, "id": "../x"}"#,
        "‘id’ must be lower-case letters, digits and hyphens"
      ),
      (#"{"schema": 1, "id": "x", "roles": {}}"#, "the member ‘appearance’ is missing"),
      (#"{"schema": 1, "id": "x", "appearance": "dark"}"#, "the member ‘roles’ is missing"),
      (
        #"{"schema": 1, "id": "x", "appearance": "dim"}"#,
        "‘appearance’ must be ‘light’ or ‘dark’"
      ),
      (#"{"schema": 1,}"#, "not valid JSON at byte 13: unexpected ‘}’"),
      (#"{"schema": 1, "schema": 1}"#, "not valid JSON at byte 14: ‘schema’ stands twice"),
    ])
  func refuses(text: String, reason: String) {
    #expect(throws: ThemeError.self) { try ThemeFile.decode(Array(text.utf8)) }
    do {
      _ = try ThemeFile.decode(Array(text.utf8))
    } catch {
      #expect(error.description == reason)
    }
  }

  @Test(
    "a wrong colour is refused with its place",
    arguments: [
      (
        ##""palette": {"a": "#12345"}, "roles": {}"##,
        "‘palette.a’: ‘#12345’ is not a colour like #1B212B"
      ),
      (
        ##""palette": {"a": "#+12345"}, "roles": {}"##,
        "‘palette.a’: ‘#+12345’ is not a colour like #1B212B"
      ),
      (#""palette": {"a": {"c256": 20}}, "roles": {}"#, "the member ‘palette.a.hex’ is missing"),
      // Found by fuzzing: the name went to the terminal as it was.
      (
        #""palette": {"a\b\u001b[2J": {}}, "roles": {}"#,
        "the member ‘palette.a␈␛[2J.hex’ is missing"
      ),
      (
        ##""palette": {"a": {"hex": "#000000", "c256": 9}}, "roles": {}"##,
        "‘palette.a.c256’ must be a number from 16 to 255"
      ),
      (
        ##""palette": {"a": {"hex": "#000000", "c16": "gren"}}, "roles": {}"##,
        "‘palette.a.c16’: the palette has no ‘gren’; did you mean ‘green’?"
      ),
      (
        ##""palette": {"ocean": "#000088"}, "roles": {"text": "ocaen"}"##,
        "‘roles.text.fg’: the palette has no ‘ocaen’; did you mean ‘ocean’?"
      ),
      (
        ##""roles": {"text": "#GGGGGG"}"##,
        "‘roles.text.fg’: ‘#GGGGGG’ is not a colour like #1B212B"
      ),
      (#""roles": {"text": 7}"#, "‘text’ must be a colour or an object with ‘fg’, ‘bg’, ‘attrs’"),
      (#""roles": {"text": {"attrs": "bold"}}"#, "‘text.attrs’ must be a list of words"),
      (
        #""palette": {"a": "\u202e\u001b[2J"}, "roles": {}"#,
        "‘palette.a’: ‘⟨U+202E⟩␛[2J’ is not a colour like #1B212B"
      ),
    ])
  func refusesColors(members: String, reason: String) {
    do {
      _ = try ThemeLibrary().theme(checking: Self.file(members))
      Issue.record("accepted")
    } catch {
      #expect(error.description == reason)
    }
  }

  @Test("what is only unknown is left out and said, with the nearest name")
  func warns() throws {
    let bytes = Self.file(
      #""roles": {"text": {"fg": "white", "attrs": ["bold", "itallic"]}, "status.pas": "green"}, "#
        + #""glyphs": {}, "notes": "a comment""#)
    let loaded = try ThemeLibrary().theme(checking: bytes)
    #expect(
      loaded.warnings == [
        "unknown attribute ‘itallic’", "unknown role ‘status.pas’; did you mean ‘status.pass’?",
        "unknown member ‘glyphs’",
      ])
    #expect(loaded.theme.roles[.text]?.emphasis == .bold)
  }

  @Test("a file over the limit is refused before it is read")
  func refusesLargeFiles() {
    let bytes = [UInt8](repeating: 0x20, count: ThemeFile.bytesMax + 1)
    #expect(throws: ThemeError.tooLarge(bytes: bytes.count)) { try ThemeFile.decode(bytes) }
  }

  @Test("damaged bytes of a real file never trap", arguments: 1...200)
  func survivesDamage(seed: Int) throws {
    var walk = SeededGenerator(seed: UInt64(seed))
    var bytes = Array(
      ##"{"schema":1,"id":"m","appearance":"dark","palette":{"a":{"hex":"#112233","c256":20}},"##
        .utf8)
    bytes += Array(
      ##""roles":{"text":{"fg":"a","attrs":["bold"]},"panel":{"bg":"#445566"}}}"##.utf8)
    for _ in 0..<3 {
      let place = Int(walk.next() % UInt64(bytes.count))
      bytes[place] = UInt8(truncatingIfNeeded: walk.next())
    }
    do {
      _ = try ThemeLibrary().theme(checking: bytes)
    } catch {
      #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    }
  }
}

/// Names, ancestors, and a person's own files.
struct ThemeLibraryTests {
  private static func child(_ id: String, of parent: String) -> [UInt8] {
    Array(#"{"schema": 1, "id": "\#(id)", "inherits": "\#(parent)"}"#.utf8)
  }

  @Test("a palette alone makes a theme out of another one")
  func inheritsRoles() throws {
    let text = ##"{"schema": 1, "id": "mine", "inherits": "nord", "palette": {"pass": "#FFFFFF"}}"##
    let mine = try ThemeLibrary().theme(checking: Array(text.utf8))
    #expect(mine.lineage == ["mine", "nord", "calm-dark"])
    let style = mine.theme.style(for: .statusPass, on: .background)
    #expect(style.foreground.rgb == 0xFFFFFF)
    #expect(style.foreground.index256 == 231)
    #expect(style.emphasis == .bold)
    #expect(style.background.rgb == 0x2E3440)
    #expect(!mine.theme.isLight)
  }

  @Test("a role that changes its ink keeps the weight of its parent")
  func mergesParts() throws {
    let text = #"{"schema": 1, "id": "mine", "inherits": "nord", "roles": {"status.fail": "ink"}}"#
    let style = try ThemeLibrary().theme(checking: Array(text.utf8)).theme
      .style(for: .statusFail, on: .panel)
    #expect(style.foreground.rgb == 0xECEFF4)
    #expect(style.emphasis == .bold)
  }

  @Test("a colour without an index gets one that keeps the contrast of its role")
  func fitsColors() throws {
    // Its nearest index, 29, has 3.9:1 on white.
    let text = """
      {"schema": 1, "id": "mine", "inherits": "projector-light", \
      "roles": {"status.pass": "#00805A"}}
      """
    let loaded = try ThemeLibrary().theme(checking: Array(text.utf8))
    let color = loaded.theme.style(for: .statusPass, on: .background).foreground
    #expect(color.ansi == .green)
    let failures = ThemeLinter.report(on: loaded).failures
    #expect(!failures.contains { $0.contains("256") })
  }

  @Test("a circle is named, and so is a line that is too long")
  func refusesCircles() {
    var library = ThemeLibrary()
    library.add(id: "a", bytes: Self.child("a", of: "b"))
    library.add(id: "b", bytes: Self.child("b", of: "a"))
    #expect(throws: ThemeError.inheritanceCycle(["a", "b", "a"])) { try library.theme("a") }

    for step in 0..<6 {
      library.add(
        id: "s\(step)", bytes: Self.child("s\(step)", of: step < 5 ? "s\(step + 1)" : "calm-dark"))
    }
    #expect(throws: ThemeError.inheritanceTooDeep(["s0", "s1", "s2", "s3", "s4", "s5"])) {
      try library.theme("s0")
    }
    #expect(throws: Never.self) { try library.theme("s2") }
  }

  @Test("a person’s file may hide an embedded one and build on it")
  func hides() throws {
    var library = ThemeLibrary()
    library.add(id: "nord", bytes: Self.child("nord", of: "nord"))
    #expect(try library.theme("nord").lineage == ["nord", "nord", "calm-dark"])
    #expect(library.ids.count { $0 == "nord" } == 1)
    library.remove(id: "nord")
    #expect(try library.theme("nord").lineage == ["nord", "calm-dark"])
  }

  @Test("a file that inherits itself with nothing below it is refused")
  func refusesItself() {
    var library = ThemeLibrary()
    library.add(id: "alone", bytes: Self.child("alone", of: "alone"))
    #expect(throws: ThemeError.unknownTheme(id: "alone", nearest: "alone")) {
      try library.theme("alone")
    }
  }

  @Test("a misspelt theme brings the nearest one to mind")
  func suggests() {
    do {
      _ = try ThemeLibrary().theme("nrod")
      Issue.record("found")
    } catch {
      #expect(error.description == "unknown theme ‘nrod’; did you mean ‘nord’?")
    }
    #expect(throws: ThemeError.unknownTheme(id: "quite-other", nearest: nil)) {
      try ThemeLibrary().theme("quite-other")
    }
  }

  @Test("a file under another name keeps the name of the file, and says so")
  func noticesNames() throws {
    var library = ThemeLibrary()
    library.add(id: "here", bytes: Self.child("there", of: "nord"))
    let loaded = try library.theme("here")
    #expect(loaded.theme.id == "here")
    #expect(loaded.warnings == ["the file is named ‘here’, the theme ‘there’"])
    #expect(library.ids.contains("here"))
  }

  @Test("a replaced file is read anew")
  func replaces() throws {
    var library = ThemeLibrary()
    library.add(id: "mine", bytes: Self.child("mine", of: "nord"))
    library.add(id: "mine", bytes: Self.child("mine", of: "projector-light"))
    #expect(try library.theme("mine").theme.isLight)
  }

  @Test("the terminal’s own colours are its first sixteen, and mono has none")
  func builtIns() throws {
    let terminal = try ThemeLibrary().theme("terminal").theme
    let pass = terminal.style(for: .statusPass, on: .background)
    #expect(pass.foreground == ThemeColor(rgb: nil, index256: 2, ansi: .green))
    #expect(pass.background == .terminalDefault)
    let mono = try ThemeLibrary().theme("mono").theme
    for role in Role.allCases {
      for surface in Role.surfaces {
        let style = mono.style(for: role, on: surface)
        #expect(style.foreground == .terminalDefault)
        #expect(style.background == .terminalDefault)
        #expect(style.emphasis.contains(.reverse) || surface != .selection)
      }
    }
    let verdicts = [Role.statusPass, .statusFail, .statusWarn].map {
      mono.style(for: $0, on: .background).emphasis
    }
    #expect(Set(verdicts).count == 3)
  }
}
