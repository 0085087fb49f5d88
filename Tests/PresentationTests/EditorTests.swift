import HybridFlow
import OpenID
import Testing

@testable import Presentation
@testable import TextUI

/// The editor of the two requests, by its keys.
@Suite struct EditorTests {
  static let sizes = [
    ScreenSize(columns: 60, rows: 16), ScreenSize(columns: 80, rows: 24), Sample.size,
    ScreenSize(columns: 200, rows: 50),
  ]

  /// The editor of stage 2, with the marker at a parameter.
  static func atRequest(_ name: String = "response_type") throws -> ExplorerModel {
    var model = Sample.walk[1]
    #expect(model.press(.character("e")).isEmpty)
    try mark(name, &model)
    return model
  }

  /// The editor of stage 6, opened at the end of stage 5.
  static func atExchange(_ name: String = "grant_type") throws -> ExplorerModel {
    var model = Sample.walk[4]
    #expect(model.press(.character("e")).isEmpty)
    try mark(name, &model)
    return model
  }

  private static func mark(_ name: String, _ model: inout ExplorerModel) throws {
    let editor = try #require(model.overlays[RequestEditor.self])
    let index = try #require(editor.rows.firstIndex { $0.name == name })
    for _ in 0..<index { _ = model.press(.down) }
    #expect(model.overlays[RequestEditor.self]?.row?.name == name)
  }

  private func type(_ text: String, _ model: inout ExplorerModel) {
    for character in text { _ = model.press(.character(character)) }
  }

  private func screen(_ model: ExplorerModel, _ size: ScreenSize = Sample.size) -> String {
    model.lines(size).joined(separator: "\n")
  }

  private func made(_ stage: Stage) throws -> [FormField] {
    try #require(Sample.walk[4].transcript[stage].draft).made
  }

  /// The parameters of the edit that a model posts.
  private func applied(_ model: inout ExplorerModel, _ keys: Key...) throws -> [FormField] {
    let actions = keys.isEmpty ? model.press(.control("s")) : keys.flatMap { model.press($0) }
    #expect(actions.count == 1)
    switch actions.first {
    case .post(.requestEdited(let edit))?: return edit.applied(to: try made(.authorize))
    case .post(.exchangeEdited(let edit))?: return edit.applied(to: try made(.exchange))
    default:
      Issue.record("\(actions)")
      return []
    }
  }

  // MARK: When it opens

  @Test func `it opens where a request is, and says why it does not elsewhere`() throws {
    let reasons: [(Int, String)] = [
      (0, "Nothing to edit at this stage; stages 2 and 6 have requests."),
      (2, "Nothing to edit at this stage"), (9, "Nothing to edit at this stage"),
    ]
    for (index, reason) in reasons {
      var model = Sample.walk[index]
      _ = model.press(.character("e"))
      #expect(model.overlays[RequestEditor.self] == nil)
      #expect(screen(model).contains(reason), "\(index)")
    }
    var early = Sample.walk[0]
    _ = early.press(.character("2"), .character("e"))
    #expect(screen(early).contains("The request has not been written yet."))
    var before = Sample.walk[1]
    _ = before.press(.character("6"), .character("e"))
    #expect(screen(before).contains("The token request is known when stage 5 is done."))
    var replay = Sample.walk[1]
    replay.summary.replay = ReplayStatus(
      name: "a", isMasked: true, now: replay.now, position: 1, count: 9)
    _ = replay.press(.character("e"))
    #expect(screen(replay).contains("This is a recording: what happened has happened."))
  }

  @Test func `the command line opens it as well`() throws {
    var model = Sample.walk[1]
    _ = model.press(.character(":"))
    type("edit", &model)
    #expect(screen(model).contains("Change the request before it is sent"))
    _ = model.press(.enter)
    #expect(model.overlays[RequestEditor.self] != nil)
  }

  @Test(arguments: sizes)
  func `every parameter can be reached and is told with its meaning`(size: ScreenSize) throws {
    var model = Sample.walk[1]
    _ = model.press(.character("e"), size: size)
    let rows = try #require(model.overlays[RequestEditor.self]?.rows)
    #expect(rows.count == 11, "ten that are sent, and prompt")
    for row in rows {
      let text = screen(model, size)
      #expect(text.contains(row.name), "\(row.name) at \(size)")
      let meaning = try #require(Glossary.entry(row.name, in: .authorizationRequest)?.meaning)
      #expect(
        text.contains(meaning.prefix(size.columns > 70 ? 40 : 20)), "\(row.name) at \(size)")
      _ = model.press(.down, size: size)
      if row.name == "code_challenge_method" { break }
    }
  }

  // MARK: Changing

  @Test func `the URL is written anew with every key`() throws {
    var model = try Self.atRequest("scope")
    let before = try #require(model.overlays[RequestEditor.self]?.fields["scope"])
    _ = model.press(.enter)
    type(" phone", &model)
    let redirect = try #require(Sample.walk[1].transcript[.authorize].messages.last?.response)
    let length = try #require(redirect.headers["Location"]?.utf8.count)
    #expect(screen(model).contains("\(length + 8) characters, +8"))
    #expect(model.overlays[RequestEditor.self]?.fields["scope"] == before + " phone")
    _ = model.press(.backspace, .enter)
    #expect(try applied(&model)["scope"] == before + " phon")
    #expect(model.overlays[RequestEditor.self] == nil)
  }

  @Test func `escape forgets what was typed, and then asks before it drops changes`() throws {
    var model = try Self.atRequest("state")
    let before = model.overlays[RequestEditor.self]?.fields
    _ = model.press(.enter)
    type("xyz", &model)
    _ = model.press(.escape)
    #expect(model.overlays[RequestEditor.self]?.fields == before)
    _ = model.press(.enter)
    type("xyz", &model)
    _ = model.press(.enter, .escape)
    #expect(model.overlays[RequestEditor.self] != nil)
    #expect(screen(model).contains("Esc again drops the changes"))
    #expect(model.press(.escape).isEmpty)
    #expect(model.overlays[RequestEditor.self] == nil)
  }

  @Test func `the response type has three choices and takes any other`() throws {
    var model = try Self.atRequest()
    var seen: [String] = []
    for _ in 0..<3 {
      _ = model.press(.character(" "))
      seen.append(model.overlays[RequestEditor.self]?.fields["response_type"] ?? "")
    }
    #expect(seen == ["code token", "code id_token token", "code id_token"])
    _ = model.press(.enter, .control("u"))
    type("code", &model)
    #expect(screen(model).contains("This is no type of the hybrid flow"))
    #expect(try applied(&model)["response_type"] == "code")
  }

  @Test func `prompt is offered with its values and sent once chosen`() throws {
    var model = try Self.atRequest("prompt")
    #expect(screen(model).contains("(not sent)"))
    var seen: [String] = []
    for _ in 0..<4 {
      _ = model.press(.character(" "))
      seen.append(model.overlays[RequestEditor.self]?.fields["prompt"] ?? "")
    }
    #expect(seen == ["login", "consent", "select_account", "none"])
    #expect(try applied(&model).last == FormField("prompt", "none"))
  }

  @Test func `a parameter is added by name and value, its name completed`() throws {
    var model = try Self.atRequest()
    _ = model.press(.character("a"))
    type("login_h", &model)
    _ = model.press(.tab, .enter)
    type("ada@demo.example", &model)
    #expect(screen(model).contains("login_hint=ada%40demo.example"))
    #expect(try applied(&model).last == FormField("login_hint", "ada@demo.example"))
  }

  @Test func `a parameter without a name is none, and a taken-out one comes back by name`() throws {
    var model = try Self.atRequest("nonce")
    let made = model.overlays[RequestEditor.self]?.fields
    _ = model.press(.character("a"), .enter)
    #expect(screen(model).contains("A parameter needs a name."))
    #expect(model.overlays[RequestEditor.self]?.row?.name == "nonce", "the marker is where it was")
    #expect(model.overlays[RequestEditor.self]?.fields == made)
    _ = model.press(.character("a"))
    type("prompt", &model)
    _ = model.press(.enter)
    #expect(
      model.overlays[RequestEditor.self]?.rows.count == 11,
      "the row that was there is the one meant")
    #expect(model.overlays[RequestEditor.self]?.fields["prompt"] == "login")
  }

  @Test func `a removed nonce says at once which check will fail, and u brings it back`() throws {
    var model = try Self.atRequest("nonce")
    _ = model.press(.character("d"))
    #expect(model.overlays[RequestEditor.self]?.fields["nonce"] == nil)
    for size in Self.sizes {
      #expect(screen(model, size).contains("request-nonce will fail"), "\(size)")
      #expect(!screen(model, size).contains("&nonce="), "\(size)")
    }
    _ = model.press(.character("u"))
    #expect(model.overlays[RequestEditor.self]?.isChanged == false)
    _ = model.press(.character("d"), .up, .character("d"), .character("U"))
    #expect(model.overlays[RequestEditor.self]?.isChanged == false)
  }

  @Test func `what breaks a rule is sent by the second Ctrl-S, and any change asks again`() throws {
    var model = try Self.atRequest("nonce")
    _ = model.press(.character("d"))
    #expect(model.press(.control("s")).isEmpty)
    #expect(screen(model).contains("Ctrl-S again sends it anyway"))
    _ = model.press(.up, .up, .character("a"))
    type("x", &model)
    _ = model.press(.enter, .enter)
    #expect(model.press(.control("s")).isEmpty)
    let actions = model.press(.control("s"))
    guard case .post(.requestEdited(let edit))? = actions.first else {
      Issue.record("\(actions)")
      return
    }
    #expect(edit.goesAnyway)
  }

  @Test func `PKCE goes and comes as one`() throws {
    var model = try Self.atRequest("client_id")
    _ = model.press(.character("p"))
    let names = model.overlays[RequestEditor.self]?.fields.map(\.name) ?? []
    #expect(!names.contains("code_challenge") && !names.contains("code_challenge_method"))
    #expect(screen(model).contains("request-pkce will warn"))
    _ = model.press(.character("p"))
    #expect(model.overlays[RequestEditor.self]?.isChanged == false)
  }

  @Test func `a redirect URI where nobody listens is warned of`() throws {
    var model = try Self.atRequest("redirect_uri")
    _ = model.press(.enter)
    type("/other", &model)
    for size in Self.sizes {
      #expect(screen(model, size).contains("Nobody listens there"), "\(size)")
    }
  }

  @Test func `pasted text takes the place of the marked value, or goes in where one types`() throws
  {
    var model = try Self.atRequest("audience")
    _ = model.press(.paste("https://a.example/\u{1B}[2J"))
    let value = try #require(model.overlays[RequestEditor.self]?.fields["audience"])
    #expect(value.hasPrefix("https://a.example/") && !value.contains("\u{1B}"))
    _ = model.press(.paste("more"))
    #expect(model.overlays[RequestEditor.self]?.fields["audience"]?.hasSuffix("more") == true)
  }

  @Test func `a URL that no server reads is refused before it is sent`() throws {
    var model = try Self.atRequest("audience")
    for name in ["a", "b", "c", "d", "e", "f"] {
      _ = model.press(.character("a"), .character(Character(name)), .enter)
      _ = model.press(.paste(String(repeating: "%", count: 4000)), .enter)
    }
    #expect(model.press(.control("s")).isEmpty)
    #expect(screen(model).contains("longer than any server reads"))
    #expect(model.overlays[RequestEditor.self] != nil)
  }

  @Test func `nothing changed is nothing sent`() throws {
    var model = try Self.atRequest()
    #expect(model.press(.control("s")).isEmpty)
    #expect(model.overlays[RequestEditor.self] == nil)
    #expect(screen(model).contains("Nothing was changed."))
  }

  @Test func `the mouse marks a row, opens it, and presses the buttons`() throws {
    let size = Sample.size
    var model = try Self.atRequest()
    func click(_ text: String, _ model: inout ExplorerModel) throws -> [ExplorerAction] {
      let lines = model.lines(size)
      let row = try #require(lines.firstIndex { $0.contains(text) })
      return model.press(.mouse(.press, column: 8, row: row), size: size)
    }
    _ = try click(" audience ", &model)
    #expect(model.overlays[RequestEditor.self]?.row?.name == "audience")
    _ = try click(" audience ", &model)
    #expect(model.overlays[RequestEditor.self]?.isTyping == true)
    type("x", &model)
    #expect(try click("[ Add a parameter ]", &model).isEmpty)
    type("max_age", &model)
    _ = model.press(.enter)
    type("60", &model)
    let actions = try click("[ Apply ]", &model)
    guard case .post(.requestEdited(let edit))? = actions.first else {
      Issue.record("\(actions)")
      return
    }
    let fields = edit.applied(to: try made(.authorize))
    #expect(fields["audience"]?.hasSuffix("x") == true)
    #expect(fields.last == FormField("max_age", "60"))
  }

  // MARK: The token request

  @Test func `secrets of the token request stay masked, also while they are typed`() throws {
    var model = try Self.atExchange("client_secret")
    let secret = try #require(model.overlays[RequestEditor.self]?.fields["client_secret"])
    let code = try #require(model.overlays[RequestEditor.self]?.fields["code"])
    for size in Self.sizes {
      #expect(!screen(model, size).contains(secret) && !screen(model, size).contains(code))
    }
    _ = model.press(.enter)
    type("typed-secret", &model)
    #expect(!screen(model).contains("typed-secret"))
    _ = model.press(.enter)
    #expect(!screen(model).contains("typed-secret"))
    #expect(screen(model).contains("expect invalid_client"))
    _ = model.press(.character("s"))
    #expect(screen(model).contains("typed-secret") && screen(model).contains(code))
    #expect(try applied(&model)["client_secret"] == "typed-secret")
  }

  @Test func `a masked value that is opened and left alone stays what it was`() throws {
    var model = try Self.atExchange("code_verifier")
    let before = model.overlays[RequestEditor.self]?.fields
    _ = model.press(.enter, .enter)
    #expect(model.overlays[RequestEditor.self]?.fields == before)
  }

  @Test func `the way the client proves itself is a choice that moves its secret`() throws {
    var model = try Self.atExchange(RequestDraft.methodName)
    #expect(screen(model).contains("Authorization: Basic"))
    _ = model.press(.character(" "))
    #expect(
      model.overlays[RequestEditor.self]?.fields[RequestDraft.methodName] == "client_secret_post")
    #expect(!screen(model).contains("Authorization: Basic"))
    #expect(screen(model).contains("client_secret=\u{2022}"))
    #expect(model.press(.character("d")).isEmpty)
    #expect(screen(model).contains("The client must be named"))
    #expect(try applied(&model)[RequestDraft.methodName] == "client_secret_post")
  }

  @Test func `ASCII has a way to draw every part of it`() throws {
    var model = try Self.atRequest("nonce")
    model.glyphs = .ascii
    _ = model.press(.character("d"))
    var unicode = model
    unicode.glyphs = .unicode
    for size in Self.sizes {
      for (line, wanted) in zip(model.lines(size), unicode.lines(size)) {
        #expect(line.utf8.allSatisfy { $0 < 0x80 }, "\(line)")
        // What has no way to be drawn becomes a question mark.
        #expect(line.count { $0 == "?" } == wanted.count { $0 == "?" }, "\(line)")
      }
    }
  }
}
