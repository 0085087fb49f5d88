import Foundation
import OpenID
import Testing

@testable import Presentation
@testable import TextUI

/// Connections on the screen: the list, the form, what a check has found, and what is asked.
@Suite struct ConnectionMenuTests {
  static let sizes = [
    ScreenSize(columns: 60, rows: 16), ScreenSize(columns: 80, rows: 24), Sample.size,
    ScreenSize(columns: 200, rows: 50),
  ]

  static func list(fault: String? = nil) -> ConnectionList {
    ConnectionList(
      entries: [
        ConnectionEntry(
          id: .demo, name: "demo tenant", issuer: "part of this program",
          clientID: "hybrid-flow-explorer", responseType: "code id_token",
          secret: "made anew with each start"),
        ConnectionEntry(
          id: .profile("work"), name: "work", issuer: "https://tenant.example/", clientID: "web",
          responseType: "code id_token token", secret: "from the variable WORK_SECRET"),
        ConnectionEntry(
          id: .profile("bad"), name: "bad", issuer: "ftp://x", clientID: "web",
          responseType: "", secret: "",
          fault: "profiles.bad.issuer ftp://x: it does not begin with https:// or http://."),
      ], inUse: .demo, path: "~/.config/hybrid-flow/settings.json", fault: fault)
  }

  static func opened(fault: String? = nil) throws -> ExplorerModel {
    var model = try #require(Sample.walk.first)
    #expect(model.press(.character("c")) == [.connections(.list)])
    model.offer(connections: list(fault: fault))
    return model
  }

  static func form(isNew: Bool = true) -> ProfileForm {
    let rows = [
      ProfileForm.Row(
        id: "name", section: "Connection", kind: .text, help: "what --profile calls it",
        value: isNew ? "" : "work"),
      ProfileForm.Row(
        id: "preset", section: "Connection", kind: .choice(["", "auth0", "keycloak"]),
        help: "makes the issuer", placeholder: "none", value: ""),
      ProfileForm.Row(
        id: "issuer", section: "Connection", kind: .text, help: "the provider’s issuer",
        placeholder: "https://YOUR-TENANT/", value: isNew ? "" : "https://tenant.example/"),
      ProfileForm.Row(
        id: "client_secret", section: "Connection", kind: .choice(["", "env", "value"]),
        help: "where the secret comes from", placeholder: "asked for each time", value: "value"),
      ProfileForm.Row(
        id: "client_secret.value", section: "Connection", kind: .secret,
        help: "the secret itself", value: isNew ? "" : "canary-secret"),
      ProfileForm.Row(
        id: "pkce", section: "Request", kind: .choice(["", "true", "false"]),
        help: "send no code challenge", placeholder: "true", value: ""),
    ]
    return ProfileForm(original: isNew ? nil : "work", rows: rows)
  }

  static func filling(isNew: Bool = true) throws -> ExplorerModel {
    var model = try opened()
    #expect(model.press(.character("a")) == [.connections(.edit(nil))])
    model.edit(form(isNew: isNew))
    return model
  }

  static let findings = [
    FindingEntry(
      id: "discovery", severity: .info, message: "The discovery document is there.",
      evidence: "https://tenant.example/.well-known/openid-configuration, 900 bytes", fix: nil,
      source: "OpenID Connect Discovery 1.0, 4"),
    FindingEntry(
      id: "clock", severity: .warning, message: "The clocks differ by 40 s.", evidence: "Date",
      fix: "Set the clock.", source: nil),
    FindingEntry(
      id: "response-type", severity: .error, message: "'code id_token' is not offered.",
      evidence: "code, id_token", fix: "Switch the hybrid flow on.",
      source: "OpenID Connect Core 1.0, 3.3.2.1"),
  ]

  // MARK: The list

  @Test(arguments: sizes)
  func `the list marks the one in use and tells of the marked one`(size: ScreenSize) throws {
    var model = try Self.opened()
    var lines = model.lines(size)
    #expect(lines.contains { $0.contains("\u{25B8} \u{25CF} demo tenant") })
    _ = model.press(.down, size: size)
    lines = model.lines(size)
    #expect(lines.contains { $0.contains("\u{25B8}   work") })
    #expect(lines.contains { $0.contains("from the variable WORK_SECRET") })
    _ = model.press(.down, size: size)
    #expect(model.lines(size).joined().contains("cannot be used"))
  }

  @Test func `enter uses, and what cannot be used says why`() throws {
    var model = try Self.opened()
    #expect(model.press(.down, .enter) == [.connections(.use(.profile("work")))])
    #expect(model.press(.down, .enter).isEmpty)
    #expect(model.lines().joined().contains("does not begin with"))
    #expect(model.lines().joined().contains("This one cannot be used as it is; e edits it."))
    #expect(model.press(.character("t")).isEmpty, "nor can it be looked at")
  }

  @Test func `the keys of profiles are refused at the demo tenant`() throws {
    var model = try Self.opened()
    for key in [Key.character("e"), .character("d")] {
      #expect(model.press(key).isEmpty)
      #expect(model.lines().joined().contains("The demo tenant is built in"))
    }
    #expect(model.press(.down, .character("e")) == [.connections(.edit("work"))])
  }

  @Test func `a profile is deleted only after a yes`() throws {
    for (key, expected) in [
      (Key.escape, []), (.character("n"), []), (.character("d"), []), (.enter, []),
      (.character("y"), [ExplorerAction.connections(.delete("work"))]),
    ] {
      var model = try Self.opened()
      #expect(model.press(.down, .character("d")).isEmpty)
      #expect(model.lines().joined().contains("Delete the profile"))
      #expect(model.press(key) == expected, "\(key)")
    }
  }

  @Test(arguments: sizes)
  func `broken settings are told with the place, and nothing is added to them`(
    size: ScreenSize
  ) throws {
    var model = try Self.opened(fault: "~/s.json: profiles.work.client_idd is no setting.")
    #expect(model.lines(size).joined().contains("client_idd is no setting"))
    #expect(model.press(.character("a"), size: size).isEmpty)
    #expect(model.press(.enter, size: size) == [.connections(.use(.demo))])
  }

  @Test func `the mouse marks, and the footer does what it says`() throws {
    var model = try Self.opened()
    let lines = model.lines()
    let row = try #require(lines.firstIndex { $0.contains("tenant.example") })
    #expect(model.press(.mouse(.press, column: 10, row: row)).isEmpty)
    #expect(model.overlays[ConnectionMenu.self]?.index == 1)
    let footer = try #require(lines.last)
    let column = try #require(footer.range(of: "enter use")).lowerBound
    let place = footer.distance(from: footer.startIndex, to: column)
    #expect(
      model.press(.mouse(.press, column: place, row: lines.count - 1))
        == [.connections(.use(.profile("work")))])
    #expect(model.press(.mouse(.wheelUp, column: 10, row: row)).isEmpty)
    #expect(model.overlays[ConnectionMenu.self]?.index == 0)
  }

  @Test func `without other connections the key says so`() throws {
    var model = try #require(Sample.walk.first)
    model.offersConnections = false
    #expect(model.press(.character("c")).isEmpty && model.press(.character("C")).isEmpty)
    #expect(model.lines().joined().contains("one connection only"))
  }

  // MARK: The secret

  @Test(arguments: sizes)
  func `a secret that is typed is never seen`(size: ScreenSize) throws {
    var model = try Self.opened()
    model.askSecret(of: "web")
    for character in "canary" { #expect(model.press(.character(character), size: size).isEmpty) }
    #expect(model.press(.paste("-secret"), size: size).isEmpty)
    let lines = model.lines(size)
    #expect(lines.joined().contains("Client secret of web"))
    #expect(lines.joined().contains(String(repeating: "\u{2022}", count: 13)))
    #expect(!lines.joined().contains("canary"))
    let frame = ExplorerScreen(model).frame(size: size)
    #expect(frame.cursorIsVisible)
    #expect(model.press(.enter, size: size) == [.connections(.secret(Secret("canary-secret")))])
    #expect(model.overlays[ConnectionMenu.self]?.wait == nil)
  }

  @Test func `a secret is taken as it was copied, but for the line end`() throws {
    var model = try Self.opened()
    model.askSecret(of: "web")
    _ = model.press(.paste("pa\u{200B}ss wörd \n"))
    #expect(model.press(.enter) == [.connections(.secret(Secret("pa\u{200B}ss wörd ")))])
    #expect(!model.lines().joined().contains("rd"))
  }

  @Test func `waiting for a program can be given up, and takes no other key`() throws {
    var model = try Self.opened()
    model.awaitSecret(of: "pass")
    #expect(model.lines().joined().contains("Waiting for the secret from pass"))
    #expect(model.press(.enter, .character("x"), .down).isEmpty)
    #expect(model.press(.escape) == [.connections(.giveUp)])
  }

  @Test func `another connection begins masked and with nothing lying open`() throws {
    var model = try Self.opened()
    model.revealsSecrets = true
    model.connect(to: Sample.summary())
    #expect(!model.revealsSecrets && model.overlay == nil)
  }

  // MARK: The form

  @Test func `each key is judged, and choices turn`() throws {
    var model = try Self.filling()
    let typed = model.press(.character("w"))
    guard case .connections(.judge(let form))? = typed.first else {
      Issue.record("no judgement: \(typed)")
      return
    }
    #expect(form.value("name") == "w")
    // Files are read once a changed field is left.
    let left = model.press(.tab)
    #expect(left == [.connections(.judgeFiles(try #require(model.overlays[ProfileForm.self])))])
    _ = model.press(.character(" "))
    #expect(model.overlays[ProfileForm.self]?.value("preset") == "auth0")
    _ = model.press(.left, .left)
    _ = model.press(.tab, .paste("https://t.example/\n"))
    #expect(model.overlays[ProfileForm.self]?.value("issuer") == "https://t.example/")
    _ = model.press(.backTab)
    #expect(model.overlays[ProfileForm.self]?.value("preset") == "keycloak")
  }

  @Test(arguments: sizes)
  func `the form shows the setting, its help and what is wrong`(size: ScreenSize) throws {
    var model = try Self.filling(isNew: false)
    var form = Self.form(isNew: false)
    form.fault = ProfileForm.Fault(row: "issuer", message: "issuer: use https.", isStrict: false)
    form.focus(2)
    model.judge(form)
    let text = model.lines(size).joined(separator: "\n")
    #expect(text.contains("\u{25B8} \u{2717} issuer"))
    #expect(text.contains("The provider\u{2019}s issuer."))
    #expect(text.contains("issuer: use https."))
    #expect(!text.contains("canary-secret"))
  }

  @Test func `a row that counts only beside others is left out and stepped over`() throws {
    var model = try Self.filling()
    var form = Self.form()
    form.rows[1].isShown = false
    model.judge(form)
    #expect(!model.lines().joined().contains("preset"))
    _ = model.press(.down)
    #expect(model.overlays[ProfileForm.self]?.focused?.id == "issuer")
    _ = model.press(.up)
    #expect(model.overlays[ProfileForm.self]?.focused?.id == "name")
  }

  @Test func `saving, testing, and the button at the end`() throws {
    var model = try Self.filling(isNew: false)
    let form = try #require(model.overlays[ProfileForm.self])
    #expect(model.press(.control("s")) == [.connections(.save(form))])
    #expect(model.press(.control("t")) == [.connections(.checkForm(form))])
    for _ in form.rows { _ = model.press(.tab) }
    while model.overlays[ProfileForm.self]?.isAtButton == false { _ = model.press(.tab) }
    guard case .connections(.save)? = model.press(.enter).first else {
      Issue.record("the button saves nothing")
      return
    }
  }

  @Test func `changes are not lost by Esc or a click beside`() throws {
    var model = try Self.filling(isNew: false)
    #expect(model.press(.escape).isEmpty)
    #expect(model.overlays[ProfileForm.self] == nil, "nothing was changed")
    model = try Self.filling(isNew: false)
    _ = model.press(.character("x"))
    _ = model.press(.mouse(.press, column: 1, row: 0))
    #expect(model.overlays[ProfileForm.self] != nil)
    _ = model.press(.escape)
    #expect(model.lines().joined().contains("Throw the changes away?"))
    _ = model.press(.escape)
    #expect(model.overlays[ProfileForm.self]?.isChanged == true)
    _ = model.press(.escape, .character("y"))
    #expect(model.overlays[ProfileForm.self] == nil && model.overlay == .connections)
  }

  @Test func `a click fills in there, a second one turns a choice`() throws {
    var model = try Self.filling(isNew: false)
    let lines = model.lines()
    for (name, expected) in [("pkce", ""), ("pkce", "true"), ("issuer", ""), ("issuer", "")] {
      let row = try #require(lines.firstIndex { $0.contains("  \(name) ") })
      _ = model.press(.mouse(.press, column: 20, row: row))
      #expect(model.overlays[ProfileForm.self]?.focused?.id == name)
      if name == "pkce" { #expect(model.overlays[ProfileForm.self]?.value("pkce") == expected) }
    }
    let button = try #require(lines.firstIndex { $0.contains("[ Save ]") })
    guard case .connections(.save)? = model.press(.mouse(.press, column: 6, row: button)).first
    else {
      Issue.record("the button saves nothing")
      return
    }
  }

  @Test func `a long value keeps its caret in sight`() throws {
    let size = ScreenSize(columns: 60, rows: 16)
    var model = try Self.filling()
    _ = model.press(.tab, .tab, size: size)
    _ = model.press(
      .paste("https://tenant.example/" + String(repeating: "a/", count: 60) + "END"), size: size)
    let frame = ExplorerScreen(model).frame(size: size)
    let line = try #require(frame.lines.first { $0.contains("issuer") })
    #expect(line.contains("END") && line.contains("\u{2026}"))
    let cursor = try #require(frame.cursor)
    #expect(cursor.column < size.columns - 2)
    let characters = Array(frame.lines[cursor.row])
    #expect(String(characters[(cursor.column - 3)..<cursor.column]) == "END")
  }

  // MARK: What was found

  @Test(arguments: sizes)
  func `the worst comes first and stands open`(size: ScreenSize) throws {
    var model = try Self.opened()
    model.beginFindings(of: "work", again: .check(.profile("work")))
    #expect(model.lines(size).joined().contains("Looking at work"))
    for finding in Self.findings { model.add(finding) }
    model.endFindings("1 error, 1 warning.")
    let text = model.lines(size).joined(separator: "\n")
    let places = ["response-type", "clock", "discovery"].compactMap { text.range(of: $0) }
    #expect(places.count == 3 && places.map(\.lowerBound) == places.map(\.lowerBound).sorted())
    #expect(text.contains("Fix  Switch the hybrid flow on."))
    #expect(!text.contains("Set the clock."))
    _ = model.press(.down, .enter, size: size)
    #expect(model.lines(size).joined().contains("Set the clock."))
    _ = model.press(.enter, .up, .enter, size: size)
    let closed = model.lines(size).joined()
    #expect(!closed.contains("Set the clock.") && !closed.contains("Switch the hybrid flow on."))
  }

  @Test func `the marker stays at its finding while worse ones arrive`() throws {
    var model = try Self.opened()
    model.beginFindings(of: "work", again: .check(nil))
    model.add(Self.findings[0])
    model.add(Self.findings[1])
    _ = model.press(.down)
    #expect(model.overlays[FindingList.self]?.marked == 0)
    model.add(Self.findings[2])
    #expect(model.overlays[FindingList.self]?.index == 2)
  }

  @Test func `looking again and going back`() throws {
    var model = try #require(Sample.walk.first)
    #expect(model.press(.character("C")) == [.connections(.check(nil))])
    model.beginFindings(of: "demo tenant", again: .check(nil))
    #expect(model.press(.character("r")) == [.connections(.check(nil))])
    #expect(model.press(.enter).isEmpty)
    #expect(model.lines().joined().contains("Nothing was found yet"))
    #expect(model.press(.escape) == [.connections(.endCheck)])
    #expect(model.overlay == nil)
  }

  @Test(arguments: [(":check", "check"), (":connections", "connections")])
  func `the command line knows them`(line: String, name: String) throws {
    var model = try #require(Sample.walk.first)
    for character in line { _ = model.press(.character(character)) }
    #expect(model.completions.contains { $0.text == name })
    let expected: ConnectionOrder = name == "check" ? .check(nil) : .list
    #expect(model.press(.enter) == [.connections(expected)])
  }

  // MARK: Hostile text

  @Test func `nothing that comes from a file or a provider moves the cursor`() throws {
    let nasty = "a\u{1B}[2J\u{7}\u{9B}31m\u{202E}b\nc"
    var model = try #require(Sample.walk.first)
    model.offer(
      connections: ConnectionList(
        entries: [
          ConnectionEntry(
            id: .profile(nasty), name: nasty, issuer: nasty, clientID: nasty, responseType: nasty,
            secret: nasty, fault: nasty)
        ], inUse: .demo, path: nasty, fault: nasty))
    var screens = model.lines()
    _ = model.press(.character("d"))
    screens += model.lines()
    _ = model.press(.escape)
    model.edit(
      ProfileForm(
        original: nasty,
        rows: [
          ProfileForm.Row(
            id: "issuer", section: "S", kind: .text, help: "h", placeholder: nasty, value: nasty)
        ]))
    model.refuseProfile(nasty)
    screens += model.lines()
    model.beginFindings(of: nasty, again: .check(nil))
    model.add(
      FindingEntry(
        id: "x", severity: .error, message: nasty, evidence: nasty, fix: nasty, source: nasty))
    model.endFindings(nasty)
    screens += model.lines()
    for line in screens {
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) })
      #expect(!line.unicodeScalars.contains("\u{202E}"))
    }
  }
}
