import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Recording
@testable import Session

/// Requests that any web page can send to the application's port, one after the other.
@Suite(.serialized) struct StrangerTests {
  private static let posts = 340
  private static let padding = String(repeating: "a", count: 200_000)

  @Test(.timeLimit(.minutes(2)))
  func `hundreds of large foreign posts end neither the sign-in nor its recording`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/run.jsonl"
    let recorder = Recorder(folder: folder)
    var trouble: [String] = []
    recorder.onTrouble = { trouble.append($0) }
    try recorder.record(to: path)
    let (harness, uri) = try Harness.away(recorder: recorder)
    let before = recorder.kept
    for number in 0..<Self.posts {
      let answer = try harness.post(
        FormSubmission(
          action: uri, method: "POST",
          fields: [FormField("state", "of-\(number)"), FormField("pad", Self.padding)]))
      #expect(answer.status == 400)
    }
    #expect(harness.isAway)
    // Ten are kept, and of the others a number.
    #expect(recorder.kept == before + StrayRequests.keptMaximum)
    let refused = harness.session.machine.transcript[.callback].messages
    #expect(refused.count == StrayRequests.keptMaximum)
    #expect(refused.allSatisfy { ($0.request?.body.count ?? 0) <= 4096 })

    let form = try harness.signIn(at: try #require(harness.authorizationURL))
    #expect(try harness.post(form).status == 303)
    try harness.wait { harness.session.isOver && harness.session.isIdle }
    #expect(harness.session.machine.situation == .finished)
    recorder.stop()
    harness.session.close()
    #expect(trouble == [])

    let file = Array(try Data(contentsOf: URL(filePath: path)))
    #expect(file.count < 4 * 1024 * 1024, "\(file.count) bytes")
    var replay = ReplayRun(try Recording.read(file))
    replay.finish()
    #expect(replay.machine.situation == .finished)
    let more = StrayRequests(
      .refused, count: Self.posts - StrayRequests.keptMaximum, reasons: [.stateMatch])
    #expect(harness.session.machine.transcript.strays == [more])
    #expect(replay.machine.transcript.strays == [more])
    #expect(replay.differences.isEmpty, "\(replay.differences)")
  }

  @Test(.timeLimit(.minutes(1)))
  func `other requests by the thousand leave the recording as small`() throws {
    let recorder = Recorder(folder: "/nonexistent")
    let (harness, uri) = try Harness.away(recorder: recorder)
    let before = recorder.kept
    for _ in 0..<300 {
      _ = try harness.get(uri.text + "?code=x")
      _ = try harness.get("\(uri.origin)/elsewhere?code=x")
      _ = try harness.get("\(uri.origin)/logged-out")
    }
    #expect(harness.isAway)
    #expect(recorder.kept <= before + 3 * StrayRequests.keptMaximum)
    #expect(harness.session.machine.transcript.stages.flatMap(\.notes).count < 60)
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `nobody at the application's port is told the state or the nonce of a run`() throws {
    let (harness, uri) = try Harness.away()
    let values = harness.session.machine.transcript[.login].values
      .filter { ["state", "nonce", "code_challenge"].contains($0.name) }.map(\.value)
    #expect(values.count == 3)
    for path in ["/login", "/", "/done", "/callback", "/logged-out", "/favicon.ico", "/login/"] {
      let answer = try harness.get(uri.origin + path)
      #expect(answer.headers["Location"] == nil, "\(path)")
      let text = answer.head + answer.bodyText
      for value in values { #expect(!text.contains(value), "\(path) tells it") }
    }
    #expect(try harness.get("\(uri.origin)/login").status == 404)
    harness.session.close()
  }
}
