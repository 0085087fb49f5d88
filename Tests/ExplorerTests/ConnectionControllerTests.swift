import Cryptography
import DemoTenant
import Foundation
import Network
import OpenID
import Testing
import TextUI

@testable import Commands
@testable import Explorer
@testable import Session
@testable import Settings
@testable import Presentation
@testable import HybridFlow

/// Connections over real sockets: using, testing, and giving up.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ConnectionControllerTests {
  private static let secret = "canary-secret-of-the-other"

  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "connections-\(UUID().uuidString)").path
  private let screen = ScriptedScreen(columns: 80, rows: 50)
  private let harness: Harness
  private let face: ExplorerController
  private let controller: ConnectionController
  /// Somebody else's tenant.
  private let other: TenantHost

  init() throws {
    harness = try Harness()
    let key = try Harness.key.get()
    other = try TenantHost(loop: harness.loop, keys: [key]) { port in
      TenantSettings.demo(
        issuer: "http://localhost:\(port)/", redirectURIs: ["http://localhost:8910/callback"],
        secret: Secret(Self.secret))
    }
    let environment = ["HOME": folder, "XDG_CONFIG_HOME": folder, "PATH": "/usr/bin:/bin"]
    let given = try Invocation.parse(["explore", "--no-browser"])
    let started = try Connection.read(given, secrets: ClientSecretSource(environment: [:]))
    controller = ConnectionController(
      given: given, started: started, environment: environment, loop: harness.loop)
    face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode, connections: controller)
    face.begin()
  }

  private func save(_ name: String, _ json: JSONValue) throws {
    var all: JSONValue = [
      "issuer": .string(other.issuer.text), "client_id": .string(TenantSettings.demoClientID),
      "redirect_uri": "http://localhost:0/callback",
    ]
    for member in json.members ?? [] { all.set(member.name, member.value) }
    try controller.file.save(Profile(name: name, json: all))
    face.perform(.connections(.list))
  }

  private func wait(_ what: Comment, _ until: () -> Bool) {
    let holds = harness.loop.run(withinMilliseconds: 20_000) {
      draw()
      return until()
    }
    #expect(holds, what)
  }

  private func press(_ keys: Key...) {
    for key in keys {
      for action in face.model.handle(key, at: harness.loop.now, size: screen.size) {
        face.perform(action)
      }
    }
    draw()
  }

  private func draw() {
    face.isStale = true
    face.draw()
  }

  @Test func `a profile is used: a new session there, with its secret, and nobody sees it`() throws
  {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(Self.secret.utf8).write(to: URL(filePath: folder + "/secret"))
    try save("file", ["client_secret": ["file": .string(folder + "/secret")]])
    let before = face.session
    face.perform(.connections(.use(.profile("file"))))
    #expect(face.session !== before && controller.inUse == .profile("file"))
    #expect(face.session.configuration?.issuer == other.issuer)
    #expect(face.session.configuration?.clientSecret == Secret(Self.secret))
    wait("stage 1 there") { face.session.machine.situation == .ready(next: .authorize) }
    // What is left of the run before must not come through.
    #expect(before.onChange == nil)
    #expect(screen.words.contains("localhost") && !screen.seen.contains(Self.secret))

    face.perform(.connections(.use(.demo)))
    wait("stage 1 at the demo") { face.session.machine.situation == .ready(next: .authorize) }
    #expect(face.session.configuration?.observesTenant == true && controller.inUse == .demo)
    face.session.close()
    face.session.tenant?.stop()
  }

  @Test func `a secret that is nowhere is asked for, and a wrong place is told`() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try save("asked", .object([]))
    try save("nowhere", ["client_secret": ["env": "NOT_SET"]])
    let before = face.session
    face.perform(.connections(.use(.profile("nowhere"))))
    draw()
    #expect(screen.words.contains("the variable NOT_SET is empty or not there"))
    #expect(face.session === before, "the connection in use stays")
    face.perform(.connections(.use(.profile("asked"))))
    press(.paste(Self.secret))
    #expect(screen.words.contains("Client secret of") && face.session === before)
    press(.enter)
    #expect(face.session.configuration?.clientSecret == Secret(Self.secret))
    #expect(!screen.seen.contains(Self.secret))
    face.session.close()
  }

  @Test func `a command's secret is waited for while the loop goes on, and can be given up`() throws
  {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try save("slow", ["client_secret": ["command": "sleep 600"]])
    try save("quick", ["client_secret": ["command": .string("printf \(Self.secret)")]])
    try save("failing", ["client_secret": ["command": "false"]])
    let before = face.session
    face.perform(.connections(.use(.profile("slow"))))
    draw()
    #expect(
      screen.words.contains("Waiting for the secret from sleep") && controller.resolver.isWaiting)
    press(.escape)
    #expect(!controller.resolver.isWaiting && face.session === before)
    #expect(screen.words.contains("Given up"))
    face.perform(.connections(.use(.profile("failing"))))
    wait("the failure") { screen.words.contains("it ended with a failure") }
    face.perform(.connections(.use(.profile("quick"))))
    wait("the other tenant") { face.session !== before }
    #expect(face.session.configuration?.clientSecret == Secret(Self.secret))
    face.session.close()
  }

  @Test func `a check says what hybrid-flow check says, live`() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try save(
      "slash",
      [
        "issuer": .string(String(other.issuer.text.dropLast())),
        "client_secret": ["command": .string("printf \(Self.secret)")],
      ])
    face.perform(.connections(.check(.profile("slash"))))
    draw()
    #expect(screen.words.contains("Looking at slash"))
    wait("the end of the look") { screen.words.contains("Check of slash") }
    #expect(screen.words.contains("The issuer differs by the slash at its end."))
    #expect(screen.words.contains("Use --issuer \(other.issuer.text)"))

    let prepared = try controller.prepare(.profile("slash"))
    var connection = prepared.connection
    connection.configuration.clientSecret = Secret(Self.secret)
    let sink = ListSink()
    _ = CheckCommand(connection, loop: harness.loop, sink: sink, isJSON: true).run()
    for line in try sink.lines() where line["type"]?.string == "finding" {
      let id = try #require(line["id"]?.string)
      #expect(screen.words.contains(id), "the screen misses \(id)")
    }
    press(.escape)
    #expect(controller.check == nil)
  }

  @Test func `the demo tenant can be looked at, in use or not`() throws {
    face.perform(.connections(.check(nil)))
    wait("the end") { screen.words.contains("Check of demo tenant") }
    #expect(screen.words.contains("Nothing here keeps a login from working"))
    controller.inUse = .commandLine
    face.perform(.connections(.check(.demo)))
    #expect(controller.checkedTenant != nil)
    wait("the end once more") { screen.words.contains("Check of demo tenant") }
    #expect(screen.words.contains("Nothing here keeps a login from working"))
    #expect(controller.checkedTenant == nil, "its tenant is gone with the look")
  }

  @Test func `a secret that cannot be had is an error of the look`() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try save("nowhere", ["client_secret": ["env": "NOT_SET"]])
    face.perform(.connections(.check(.profile("nowhere"))))
    wait("the end") { screen.words.contains("Check of nowhere") }
    #expect(screen.words.contains("The client secret cannot be had."))
    #expect(screen.words.contains("1 error") && screen.words.contains("authorize-probe"))
  }

  @Test func `a look at somebody who never answers is given up at once`() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let silent = HTTPServer(loop: harness.loop)
    let port = try silent.listen(host: "127.0.0.1", port: 0)
    var held: [Responder] = []
    silent.deferringHandler = { _, _, responder in held.append(responder) }
    try save("silent", ["issuer": .string("http://127.0.0.1:\(port)/")])
    face.perform(.connections(.check(.profile("silent"))))
    wait("the request") { !held.isEmpty }
    #expect(screen.words.contains("Esc gives up"))
    press(.escape)
    #expect(controller.check == nil && !screen.words.contains("Looking at"))
    silent.stop()
  }

  @Test func `a form is saved, refused with its reason, and saved once more as it is`() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    face.perform(.connections(.list))
    face.perform(.connections(.edit(nil)))
    press(.paste("mine"), .tab, .tab, .paste("https://tenant.example/"))
    press(.control("s"))
    #expect(screen.words.contains("client_id") && screen.words.contains("Save once more"))
    #expect(try controller.file.read().profiles.isEmpty)
    press(.tab, .paste("web"), .control("s"))
    #expect(screen.words.contains("Saved."))
    let saved = try #require(try controller.file.read().profile("mine"))
    #expect(saved.json == ["issuer": "https://tenant.example/", "client_id": "web"])
    // What could not log in now may be right tomorrow: it is kept when that is insisted on.
    face.perform(.connections(.edit("mine")))
    press(.control("u"), .control("s"), .control("s"))
    #expect(
      try controller.file.read().profile("mine")?.json == ["issuer": "https://tenant.example/"])
    face.perform(.connections(.delete("mine")))
    draw()
    #expect(try controller.file.read().profiles.isEmpty && screen.words.contains("is deleted"))
  }
}
