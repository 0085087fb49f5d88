import Foundation
import HybridFlow
import Inspection
import Network
import OpenID
import Testing
import TextUI

@testable import Explorer
@testable import Session
@testable import Commands
@testable import Settings
@testable import Presentation

/// What comes to the application's port in place of the form post, over real sockets.
///
/// What the browser is shown, and what the run makes of it.
@Suite(.serialized) struct AnswerArrivalTests {
  /// A sign-in as far as the page with the answer.
  private func answered(
    _ arguments: [String] = []
  ) throws -> (harness: Harness, uri: WebURL, form: FormSubmission) {
    let (harness, uri) = try Harness.away(arguments)
    let form = try harness.signIn(at: try #require(harness.authorizationURL))
    return (harness, uri, form)
  }

  private func notes(_ harness: Harness) -> String {
    harness.session.machine.transcript.stages.flatMap(\.notes).map(\.text).joined(separator: "\n")
  }

  @Test(.timeLimit(.minutes(1))) func `a GET with nothing is explained, and the wait goes on`()
    throws
  {
    let (harness, uri) = try Harness.away()
    let page = try harness.get(uri.text)
    #expect(page.status == 200)
    for words in ["behind the #", "Their values stay here", "paste it here", "location.hash"] {
      #expect(page.bodyText.contains(words), "\(words)")
    }
    #expect(notes(harness).contains("it stands behind the #"))
    #expect(harness.isAway)
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a code in the query is refused, and both sides are told why`() throws {
    let (harness, uri, form) = try answered()
    let response = try harness.get(uri.text + "?" + FormEncoding.encode(form.fields))
    let page = try harness.page(after: response)
    #expect(page.bodyText.contains("The answer came in the address"))
    #expect(
      harness.session.machine.transcript.failure
        == .provider(.checksFailed([.callbackMethod, .responseModeExact])))
    let code = try #require(form.fields["code"])
    #expect(!page.bodyText.contains(code))
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["GET", "POST"])
  func `an error is told as an error, whichever way it came`(method: String) throws {
    let (harness, uri, form) = try answered()
    let state = try #require(form.fields["state"])
    let fields = [
      FormField("error", "login_required"), FormField("error_description", "<b>no</b>"),
      FormField("state", state), FormField("iss", try #require(form.fields["iss"])),
    ]
    let response =
      method == "GET"
      ? try harness.get(uri.text + "?" + FormEncoding.encode(fields))
      : try harness.post(FormSubmission(action: uri, method: "POST", fields: fields))
    let page = try harness.page(after: response)
    #expect(
      page.bodyText.contains(
        method == "GET" ? "The answer came in the address" : "answered with an error"))
    #expect(!page.bodyText.contains("<b>"))
    guard case .provider(.refused(let error))? = harness.session.machine.transcript.failure else {
      Issue.record("\(String(describing: harness.session.machine.transcript.failure))")
      return
    }
    #expect(error.code == "login_required")
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)), arguments: CallbackRefusal.allCases)
  func `each refusal has a page of its own that may be closed`(refusal: CallbackRefusal) throws {
    var site = ApplicationSite(redirectURI: try WebURL("http://localhost:8910/callback"))
    #expect(site.answer(.refused(refusal), token: "").status == 303)
    let page = site.donePage()
    #expect(page.status == 200 && page.bodyText.contains("This window may be closed."))
    let titles = Set(
      CallbackRefusal.allCases.map { CallbackPages.done(.refused($0)).bodyText.prefix(300) })
    #expect(titles.count == CallbackRefusal.allCases.count)
  }

  @Test(.timeLimit(.minutes(1))) func `an error without our state is told and ignored`() throws {
    let (harness, uri) = try Harness.away()
    let page = try harness.get(uri.text + "?error=temporarily_unavailable")
    #expect(page.status == 400)
    #expect(page.bodyText.contains("state is missing or not ours"))
    #expect(notes(harness).contains("came with temporarily_unavailable, and without state"))
    #expect(harness.isAway)
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `an answer at another path is no answer, and both sides are told`() throws {
    let (harness, uri, form) = try answered()
    var lost = form
    lost.action = try WebURL("\(uri.origin)/login/callback")
    let page = try harness.post(lost)
    #expect(page.status == 404)
    #expect(page.bodyText.contains("This is not the redirect URI"))
    try harness.wait { notes(harness).contains("came to /login/callback") }
    let code = try #require(form.fields["code"])
    #expect(!notes(harness).contains(code))
    #expect(harness.isAway)
    // What any browser asks for by itself is nothing to tell.
    #expect(try harness.get("\(uri.origin)/favicon.ico").bodyText == "Nothing is here.\n")
    // The right one still counts.
    #expect(try harness.page(after: harness.post(form)).bodyText.contains("The answer has arrived"))
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1))) func `another sign-in's answer is told as such, and a second one`()
    throws
  {
    let (harness, _, form) = try answered()
    var other = form
    other.fields = form.fields.map { $0.name == "state" ? FormField("state", "other") : $0 }
    let page = try harness.page(after: harness.post(other))
    #expect(page.bodyText.contains("belongs to another sign-in"))
    #expect(harness.isAway)
    let refused = harness.session.machine.transcript[.callback].checks
    #expect(refused.filter { $0.verdict == .fail }.map(\.id) == [.stateMatch])
    let own = try harness.page(after: harness.post(form))
    #expect(own.bodyText.contains("The answer has arrived"))
    let second = try harness.post(form)
    #expect(second.bodyText.contains("had already arrived"))
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a pasted answer goes to the end of the flow, with nobody at the port`() throws {
    let (harness, _, form) = try answered()
    let curl = "curl '\(form.action)' --data-raw '\(FormEncoding.encode(form.fields))'"
    harness.session.post(.answerPasted(try PastedAnswer(curl)))
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    let message = harness.session.machine.transcript[.callback].messages
      .first { $0.to == .application }
    #expect(message?.evidence == .pasted)
    // The tunnel came up after all: the browser's own post is one too many.
    let late = try harness.post(form)
    #expect(late.bodyText.contains("had already arrived"))
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `without a browser here, run prints the way for the answer`() throws {
    let harness = try Harness(["--browser", "--no-browser", "--wait", "1"])
    #expect(harness.run(json: false) == .exit(6))
    let lines = harness.sink.output.split(separator: "\n")
    let command = lines.first { $0.contains("ssh -L") }
    #expect(command?.contains(/^ +ssh -L (\d+):localhost:\1 HOST$/) == true)
  }

  @Test(.timeLimit(.minutes(1))) func `run exchanges at once as well, and tells every stage`()
    throws
  {
    let harness = try Harness(["--exchange-at-once"])
    #expect(harness.run() == .exit(0))
    let lines = try harness.sink.lines()
    #expect(lines.dropLast().map { $0["status"]?.string } == Array(repeating: "passed", count: 10))
  }
}

/// The other way to send the secret, at a tenant that refuses it.
@Suite(.serialized) struct OtherMethodTests {
  /// A secret that the tenant does not know.
  private func harness(_ secret: String, _ more: [String] = []) throws -> Harness {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "hybrid-flow-secret-\(UInt64.random(in: .min ... .max))")
    try Data(secret.utf8).write(to: file)
    // It is read at once.
    defer { try? FileManager.default.removeItem(at: file) }
    return try Harness(["--client-secret-file", file.path] + more)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [("wrong secret/with+more", true), ("plain", false)], ["basic", "post"])
  func `run says what else to try, and the trap only where there is one`(
    secret: (String, Bool), method: String
  ) throws {
    let harness = try harness(secret.0, ["--client-auth", method])
    #expect(harness.run(json: false) == .exit(4))
    let text = harness.sink.output
    let other = method == "basic" ? "post" : "basic"
    #expect(text.contains("Or:    Run again with --client-auth \(other) to try again with"))
    #expect(text.contains("characters") == secret.1)
    #expect(!text.contains(secret.0) && !harness.sink.errors.contains(secret.0))
    let isDecodingBlamed = text.contains("some servers forget to decode it")
    #expect(isDecodingBlamed == (secret.1 && method == "basic"))
  }

  @Test(.timeLimit(.minutes(1))) func `the explorer starts over with the other method`() throws {
    let harness = try harness("not the secret")
    let screen = ScriptedScreen(rows: 50)
    let face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    var person = PersonAtKeyboard()
    func walk() throws {
      while true {
        try harness.wait {
          if case .busy = harness.session.machine.situation { return false }
          return harness.session.machine.situation != .idle && harness.session.isIdle
        }
        switch harness.session.machine.situation {
        case .ready: harness.session.post(.advanced)
        case .pageShown(_, let page):
          harness.session.post(person.fill(page).map(FlowEvent.formFilled) ?? .abandoned)
        default: return
        }
        harness.loop.turn(maximumMilliseconds: 10)
      }
    }
    func header() -> String? {
      harness.session.machine.transcript[.exchange].messages.lazy.compactMap(\.request).last?
        .headers["Authorization"]
    }
    face.begin()
    try walk()
    #expect(harness.session.machine.transcript[.verify].failure != nil)
    #expect(header()?.hasPrefix("Basic ") == true)
    face.draw()
    #expect(screen.text.contains("A: try again with client_secret_post"))
    screen.keys = [.character("A")]
    face.readKeys()
    person = PersonAtKeyboard()
    try harness.wait { harness.session.machine.situation == .ready(next: .authorize) }
    try walk()
    #expect(header() == nil)
    let body = harness.session.machine.transcript[.exchange].messages.lazy.compactMap(\.request)
      .last?.bodyText
    #expect(body?.contains("client_secret=") == true)
    face.draw()
    #expect(screen.text.contains("A: try again with client_secret_basic"))
    harness.session.close()
  }
}
