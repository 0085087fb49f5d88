import Foundation
@testable import HybridFlow
@testable import Network
@testable import OpenID
import Testing

@testable import Explorer
@testable import TextUI
@testable import Export
@testable import Presentation
@testable import Session
@testable import Settings

/// The explorer hands on the run that it shows.
@Suite struct ExportControllerTests {
  @Test(.timeLimit(.minutes(1)))
  func `what is copied and written is masked, even while secrets are shown`() throws {
    let harness = try Harness()
    let screen = ScriptedScreen()
    let face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    face.begin()
    try harness.wait { harness.session.machine.situation == .ready(next: .authorize) }
    let verifier = try #require(
      harness.session.machine.transcript.stages[0].values.first { $0.name == "code_verifier" }?
        .value)
    _ = face.model.handle(.character("s"), at: harness.loop.now, size: screen.size)

    for format in ExportFormat.allCases { face.perform(.copyExport(format)) }
    #expect(screen.copied.count == ExportFormat.allCases.count)
    #expect(screen.copied.allSatisfy { $0.contains("Masked: ") && !$0.contains(verifier) })
    #expect(screen.copied[1].hasPrefix("# Hybrid flow: under way\n"))

    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "Run.md").path
    face.perform(.export(.markdown, path: file))
    face.perform(.redraw)
    face.draw()
    #expect(FileManager.default.contents(atPath: file) == Data(screen.copied[1].utf8))
    #expect(face.model.notice?.text == "\(file) is written, secrets masked.")
    face.perform(.export(.har, path: file))
    #expect(face.model.notice?.text.contains("stays as it is") == true)
    #expect(FileManager.default.contents(atPath: file) == Data(screen.copied[1].utf8))
    harness.session.close()
  }

  @Test func `a name is made from the moment of the run`() throws {
    let transcript = try ExportSample.honest.get().transcript
    #expect(ExplorerController.fileName(.har, transcript) == "hybrid-flow-20261123-090000.har")
  }
}
