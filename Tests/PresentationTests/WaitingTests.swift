import OpenID
import Testing

@testable import Diagnosis
@testable import HybridFlow
@testable import Inspection
@testable import Presentation
@testable import Session
@testable import TextUI
@testable import Explorer

/// What the person can do while the browser is away, and with the code that it brings.
struct WaitingTests {
  private static let sizes = [(80, 24), (120, 36), (200, 50)]

  /// A run whose browser is away, and the body of the post that it would send.
  private func away(
    _ change: (inout RunSummary) -> Void = { _ in }
  ) throws -> (run: ScriptedRun, model: ExplorerModel, body: String) {
    var run = try ScriptedRun { $0.userAgent = .external }
    run.begin()
    run.advance()
    run.advance()
    var model = Sample.model(run.machine, at: run.now)
    change(&model.summary)
    let machine = try #require(try ScriptedRun.afterEachStage().dropFirst(4).first)
    let posted = try #require(
      machine.transcript[.callback].messages.first { $0.to == .application }?.request)
    return (run, model, posted.bodyText)
  }

  /// Everything that the view says, whatever fits on the screen.
  private func text(_ model: ExplorerModel) -> String {
    Reader(model).document(.wire).laid(100)
      .map { $0.text + "  " + $0.note.map(\.text).joined() }.joined(separator: "\n")
  }

  private func box(_ model: ExplorerModel) throws -> String {
    PasteOverlay.story(try #require(model.overlays[PasteBox.self]), model).laid(80).map(\.text)
      .joined(separator: "\n")
  }

  // MARK: The waiting screen

  @Test func `it says since when, until when, what is seen there, and what can be done`() throws {
    var (_, model, _) = try away { $0.isDemo = false }
    let said = text(model)
    #expect(said.contains("waiting 00:0") && said.contains("of 05:00, until "))
    #expect(said.contains("The person sees the sign-in page of"))
    for words in ["Esc gives up", "o opens", "v pastes the answer", "u copies the address"] {
      #expect(said.contains(words), "\(words)")
    }
    #expect(said.contains("ssh -L 8910:localhost:8910 HOST"))
    #expect(model.press(.character("u")).count == 1)
    guard case .copy(let url)? = model.press(.character("u")).first else {
      Issue.record("u copies nothing")
      return
    }
    #expect(url.hasPrefix("http") && url.contains("response_type=code%20id_token"))
    #expect(model.press(.escape) == [.post(.abandoned)])
  }

  @Test func `at the built-in tenant it knows which page the person sees`() throws {
    var (run, _, _) = try away()
    for title in ["Sign in", "Allow <this>?"] {
      let url = try WebURL("http://localhost:9000/login")
      run.post(
        .browserExchanged(
          HTTPRequest(method: "GET", url: url),
          HTTPResponse(
            status: 200, mediaType: "text/html",
            text: "<title>\(title.replacing("<", with: "&lt;"))</title>")))
      let said = text(Sample.model(run.machine, at: run.now))
      #expect(said.contains("The person sees there: \u{201C}\(title)\u{201D}"))
    }
  }

  @Test(arguments: [BrowserReach.overSSH, .noDisplay], sizes)
  func `without a browser here the ways out are on the first screen`(
    reach: BrowserReach, size: (Int, Int)
  ) throws {
    let (_, model, _) = try away { $0.reach = reach }
    let screen = model.lines(ScreenSize(columns: size.0, rows: size.1)).joined(separator: "\n")
    #expect(screen.contains("ssh -L 8910:localhost:8910 HOST"))
    #expect(screen.contains("Copy as cURL"))
    #expect(screen.contains(reach == .overSSH ? "came by SSH" : "no display"))
  }

  @Test func `a tunnel to an address of version 6 is written with brackets`() throws {
    let (_, model, _) = try away { $0.redirectURI = "http://[::1]:8910/callback" }
    #expect(text(model).contains("ssh -L 8910:[::1]:8910 HOST"))
  }

  @Test(arguments: [
    (["SSH_CONNECTION": "1"], BrowserReach.overSSH), (["SSH_TTY": "x", "DISPLAY": ":1"], .overSSH),
    ([:], .noDisplay), (["DISPLAY": ""], .noDisplay), (["DISPLAY": ":0"], .here),
    (["WAYLAND_DISPLAY": "w"], .here), (["BROWSER": "firefox"], .here),
  ])
  func `where the browser is, the environment says`(
    environment: [String: String], reach: BrowserReach
  ) {
    #expect(BrowserReach(environment: environment, isWSL: false) == reach)
    #expect(BrowserReach(environment: [:], isWSL: true) == .here)
  }

  @Test func `strays at the redirect URI are told while the wait goes on`() throws {
    var (run, _, _) = try away()
    run.post(.callbackArrived(CallbackNumber(7), HTTPRequest(method: "GET", target: "/callback")))
    run.post(
      .callbackArrived(
        CallbackNumber(8), HTTPRequest(method: "GET", target: "/callback?error=server_error")))
    run.post(.answerMisplaced(HTTPRequest(method: "POST", target: "/other?code=hidden")))
    let said = text(Sample.model(run.machine, at: run.now))
    #expect(said.contains("stands behind the #"))
    #expect(said.contains("A GET came with server_error, and without state."))
    #expect(said.contains("came to /other, which is not the redirect URI"))
    #expect(!said.contains("hidden"))
    #expect(said.contains("The real browser has the flow now"))
  }

  // MARK: The paste box

  @Test func `a pasted form body is shown masked, and Enter hands it to the run`() throws {
    var (run, model, body) = try away()
    // The state of this very run.
    let state = try #require(model.sentState)
    #expect(body.contains("state=\(state)"))
    #expect(model.press(.character("v")) == [])
    #expect(try box(model).contains("Paste now"))
    #expect(model.press(.paste(body)) == [])
    let shown = try box(model)
    #expect(shown.contains("Recognised: a form body"))
    #expect(!shown.contains("!"), "no warning")
    let token = try #require(try FormEncoding.decode(body)["id_token"])
    #expect(!shown.contains(token) && !model.lines().joined().contains(String(token.suffix(20))))
    let actions = model.press(.enter)
    guard case .post(let event)? = actions.first else {
      Issue.record("\(actions)")
      return
    }
    run.post(event)
    #expect(run.machine.situation == .ready(next: .exchange))
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    #expect(model.overlays[PasteBox.self] == nil)
    #expect(text(model).contains("pasted by the person"))
  }

  @Test func `the command line knows the actions by name, and their reasons`() throws {
    var (_, model, _) = try away()
    for name in ["paste", "copy-address", "exchange-now", "other-authentication"] {
      _ = model.press(.character(":"), .paste(name))
      #expect(model.completions.first?.text == name)
      let actions = model.press(.enter)
      switch name {
      case "paste": #expect(model.overlays[PasteBox.self] != nil)
      case "copy-address": #expect(actions.count == 1)
      case "exchange-now": #expect(actions == [.post(.exchangeRequested)])
      default:
        #expect(model.lines().contains { $0.contains("The tenant has not refused the client.") })
      }
      _ = model.press(.escape)
      model.overlays[CommandEntry.self] = nil
    }
  }

  @Test func `who pastes without opening the box gets it opened`() throws {
    var (_, model, body) = try away()
    #expect(model.press(.paste("\n" + body + "\n")) == [])
    #expect(try box(model).contains("Recognised"))
    #expect(model.press(.escape) == [])
    #expect(model.overlays[PasteBox.self] == nil)
    #expect(model.isWaitingForBrowser)
  }

  @Test func `what is wrong is said before it is taken`() throws {
    var (_, model, body) = try away()
    for (pasted, words) in [
      (body.replacing("state=", with: "state=x"), "another sign-in"),
      ("code: abc", "no state in it"),
      ("http://localhost:8910/callback?" + body, "response-mode-exact will fail"),
      ("http://localhost:8910/callback#" + body, "response-mode-exact will fail"),
      ("curl 'http://localhost:1/cb' --data-raw '\(body)'", "waits at http://localhost:8910"),
    ] {
      _ = model.press(.control("u"), .paste(pasted))
      let said = try box(model).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(said.contains(words), "\(words) in \(said)")
    }
    _ = model.press(.character("v"), .paste("hello"))
    #expect(try box(model).contains("Nothing of an answer"))
    #expect(model.press(.enter) == [])
    #expect(model.overlays[PasteBox.self] != nil, "the box stays open")
    #expect(
      model.lines().last?.contains("no answer") == true
        || model.lines().contains { $0.contains("This is no answer") })
    #expect(model.press(.control("u"), .enter) == [])
    #expect(model.lines().contains { $0.contains("Nothing was pasted yet") })
  }

  @Test func `a terminal that does not mark pastes may hand the lines over as keys`() throws {
    var (_, model, _) = try away()
    _ = model.press(.character("v"))
    for character in "code=abc\nstate=def" {
      _ = model.press(character == "\n" ? .enter : .character(character))
    }
    #expect(model.overlays[PasteBox.self]?.answer?.fields.map(\.name) == ["code", "state"])
    // A person's Enter comes later.
    let later = UnixTime(milliseconds: model.now.milliseconds + 500)
    #expect(model.handle(.enter, at: later, size: Sample.size).count == 1)
  }

  @Test func `the box closes when the answer arrives by itself`() throws {
    var (run, model, body) = try away()
    _ = model.press(.character("v"))
    run.post(.answerPasted(try PastedAnswer(body)))
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    #expect(model.overlays[PasteBox.self] == nil)
    #expect(model.press(.character("v")) == [])
    #expect(model.lines().contains { $0.contains("No answer of a browser is waited for now") })
  }

  @Test(arguments: sizes) func `a megabyte is taken and drawn at once`(size: (Int, Int)) throws {
    var (_, model, _) = try away()
    let begin = "curl 'http://localhost:8910/callback' -b '"
    let end = "' --data-raw 'state=s&code=c'"
    // A terminal hands over so much; its last character may lack three bytes of four.
    let most = Key.pasteBytesMax - 4
    let body =
      begin + String(repeating: "a", count: most - begin.utf8.count - end.utf8.count) + end
    _ = model.press(.paste(body))
    #expect(model.overlays[PasteBox.self]?.answer != nil)
    #expect(model.lines(ScreenSize(columns: size.0, rows: size.1)).count == size.1)
    _ = model.press(.paste(body + " "))
    #expect(try box(model).contains("longer than 1 MiB"))
    #expect(model.press(.enter) == [])
    #expect(model.overlays[PasteBox.self]?.fault != nil)
  }

  // MARK: The code's clock

  private func atCallback(age: Int64, lifetime: Int64?) throws -> ExplorerModel {
    let machine = try #require(try ScriptedRun.afterEachStage().dropFirst(4).first)
    var model = ExplorerModel(summary: Sample.summary(codeSeconds: lifetime), theme: Sample.theme)
    let arrived = try #require(machine.transcript[.callback].startedAt)
    model.update(
      transcript: machine.transcript, situation: machine.situation,
      at: arrived.adding(seconds: age))
    return model
  }

  @Test(arguments: sizes) func `it counts down, up, or says that it is over, in every layout`(
    size: (Int, Int)
  ) throws {
    let size = ScreenSize(columns: size.0, rows: size.1)
    func screen(_ age: Int64, _ lifetime: Int64?) throws -> String {
      try atCallback(age: age, lifetime: lifetime).lines(size).joined(separator: "\n")
    }
    #expect(try screen(12, 60).contains(/code lives +00:48/))
    #expect(try screen(12, nil).contains(/code age +00:12/))
    let over = try screen(75, 60)
    #expect(over.contains(/code ran out +\+00:15/))
    #expect(over.contains("invalid_grant") && over.contains("--exchange-at-once"))
    #expect(try screen(12, nil).contains("! exchanges it now") || size.columns == 80)
    #expect(try atCallback(age: 75, lifetime: 60).needsClock)
  }

  @Test func `an answer without a code has no clock`() throws {
    var run = try ScriptedRun { $0.userAgent = .external }
    run.begin()
    run.advance()
    run.advance()
    run.post(.answerPasted(try PastedAnswer("error=access_denied&state=x")))
    #expect(Sample.model(run.machine, at: run.now).codeClock == nil)
  }

  // MARK: Exchange now, explain later

  @Test func `one key runs on to the tokens, and stage 5 stays on the screen`() throws {
    var run = try ScriptedRun()
    run.begin()
    for _ in 0..<4 { run.advance() }
    var model = Sample.model(run.machine, at: run.now)
    #expect(model.shownStage == .callback)
    #expect(model.press(.character("!")) == [.post(.exchangeRequested)])
    run.post(.exchangeRequested)
    model.exchangesAtOnce = run.machine.exchangesAtOnce
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    #expect(run.machine.situation == .ready(next: .api))
    #expect(model.shownStage == .callback)
    #expect(model.transcript[.tokens].status == .passed)
    for stage in [Stage.exchange, .verify, .tokens] {
      #expect(model.press(.right) == [], "looking only")
      #expect(model.shownStage == stage)
    }
    #expect(model.press(.right) == [.post(.advanced)])
  }

  @Test func `ordered before, it keeps stage 5 on the screen as well`() throws {
    var run = try ScriptedRun { $0.exchangesAtOnce = true }
    run.begin()
    var model = Sample.model(run.machine, at: run.now)
    model.exchangesAtOnce = true
    for _ in 0..<4 {
      run.advance()
      model.update(
        transcript: run.machine.transcript, situation: run.machine.situation, at: run.now)
    }
    #expect(run.machine.situation == .ready(next: .api))
    #expect(model.shownStage == .callback)
  }

  @Test func `the key says why it does nothing`() throws {
    var first = Sample.walk[0]
    #expect(first.press(.character("!")) == [])
    #expect(first.lines().contains { $0.contains("No answer is on its way yet.") })
    var last = try #require(Sample.walk.last)
    #expect(last.press(.character("!")) == [])
    #expect(last.lines().contains { $0.contains("The code was sent already.") })
  }

  // MARK: The other way to send the secret

  @Test func `a refused client can start over with the other method`() throws {
    var model = try Sample.failed()
    #expect(model.press(.character("A")) == [])
    #expect(model.lines().contains { $0.contains("did not fail over how") })
    var run = try ScriptedRun { $0.clientSecret = Secret("wrong +secret") }
    run.begin()
    for _ in 0..<6 { run.advance() }
    let retry = try #require(
      AuthenticationRetry(run.machine.transcript, run.configuration))
    #expect(retry.used == .basic && retry.other == .post)
    #expect(retry.isOffered == true && retry.secretIsChangedByEncoding)
    model = Sample.model(run.machine, at: run.now)
    model.authenticationRetry = retry
    model.advice = RunDiagnosis(run.machine.transcript, run.configuration)
      .map(CauseDocument.init)
    let said = text(model)
    #expect(said.contains("try again with client_secret_post, which the metadata list"))
    #expect(said.contains("The trap") && !said.contains("wrong +secret"))
    #expect(model.press(.character("A")) == [.authenticate(.post)])
  }
}
