import HybridFlow
import Lab
import OpenID
import Session
import TextUI
import Testing

@testable import Presentation

/// The explorer on the logins of another application: before the first one, and the list.
@Suite struct WatchScreenTests {
  static let status = WatchStatus(
    issuer: "http://127.0.0.1:9000/",
    discovery: "http://127.0.0.1:9000/.well-known/openid-configuration",
    clients: [
      WatchStatus.Client(
        id: "web-shop", redirectURIs: ["https://shop.example/signin/callback"])
    ])

  /// Before the first login.
  static func waiting() -> ExplorerModel {
    var summary = Sample.summary()
    (summary.responseType, summary.pace) = ("", "watched")
    summary.watch = status
    return ExplorerModel(summary: summary, theme: Sample.theme)
  }

  /// Three logins, of which the second is on the screen.
  static func several() throws -> ExplorerModel {
    var model = Sample.walk[9]
    var watch = status
    let machines = try ScriptedRun.afterEachStage()
    watch.rows = [(3, 3), (2, 9), (1, 4)].map { number, stage in
      WatchStatus.Row(
        number, machines[stage].transcript, machines[stage].situation,
        typed: number == 3 ? "ada@demo.example" : nil)
    }
    watch.rows[2].failed = 2
    watch.shown = 2
    model.summary.watch = watch
    return model
  }

  @Test(arguments: ["80x24", "120x36"])
  func `the waiting screen and the list look as they did`(size: String) throws {
    try GoldenTests().compare(Self.waiting(), "watch-waiting", size)
    var model = try Self.several()
    _ = model.open(.logins)
    try GoldenTests().compare(model, "watch-logins", size)
  }

  @Test func `the waiting screen says what the application needs, and starts nothing`() {
    var model = Self.waiting()
    let text = model.lines().joined(separator: "\n")
    for value in [
      "http://127.0.0.1:9000/", "web-shop", "https://shop.example/signin/callback",
      "/.well-known/openid-configuration",
    ] { #expect(text.contains(value)) }
    // No key begins a run of our own.
    for key: Key in [.right, .character(" "), .character("r"), .character("b"), .character("e")] {
      #expect(model.press(key) == [])
    }
    #expect(model.press(.character("x")) == [.chooseFault])
  }

  @Test func `a login of the list is shown or compared, and the one on the screen is not compared`()
    throws
  {
    var model = try Self.several()
    #expect(model.press(.character("I")) == [])
    #expect(model.press(.character("c")) == [])
    #expect(model.press(.up) == [])
    #expect(model.press(.enter) == [.showLogin(3)])
    #expect(model.press(.character("I"), .up) == [])
    #expect(model.press(.character("c")) == [.compareLogin(3)])
    #expect(model.overlays.isEmpty)
  }

  @Test func `who signs in and what an application calls itself cannot disturb the screen`() throws
  {
    var model = try Self.several()
    model.summary.watch?.rows[0].person = HarmlessText.line("\u{1B}[2Jada\u{202E}")
    _ = model.open(.logins)
    #expect(!model.lines().joined().contains("\u{1B}"))
  }
}
