import Diagnosis
import Foundation
import HybridFlow
import OpenID
import Testing

@testable import Recording

/// HARs that real browsers wrote, of logins whose truth is known: see Tests/Fixtures/har.
@Suite struct HARFixtureTests {
  struct Row: Sendable {
    let file: String
    /// The stage at which it stopped; nil for a login that went well.
    var stage: Stage?
    var code: String?
    var blame: Blame?
    var lost: LostCookie.Reason?
    /// Words of a note.
    var note: String?
  }

  static let rows: [Row] = [
    Row(
      file: "chromium-apache-lost-cookie", stage: .callback, code: "application.refused_answer",
      blame: .application, lost: .lax, note: "SameSite=Lax"),
    Row(
      file: "chromium-apache-lost-cookie-sanitized", stage: .callback,
      code: "application.refused_answer", note: "no cookies at all"),
    Row(file: "chromium-provider-none", stage: .callback, code: "provider.authorization_error"),
    Row(file: "chromium-provider-success-sanitized", note: "no cookies at all"),
    Row(
      file: "chromium-tenant-wrong-uri", stage: .prompt, code: "provider.page_error",
      blame: .settings),
    Row(file: "firefox-provider-fragment"),
    Row(file: "firefox-provider-success"),
    Row(
      file: "firefox-tenant-wrong-uri", stage: .prompt, code: "provider.page_error",
      blame: .settings),
    Row(
      file: "playwright-apache-declined", stage: .callback, code: "person.declined", blame: .person,
      note: "came back with the answer"),
    Row(
      file: "playwright-apache-late", stage: .callback, code: "application.refused_answer",
      blame: .application, lost: .laxByDefault),
  ]

  private func book(_ file: String) throws -> HARBook {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/har/\(file).har")
    return try HARBook([UInt8](Data(contentsOf: url)), named: file)
  }

  @Test(arguments: Self.rows)
  func `a file of a real browser is told as it was`(_ row: Row) throws {
    var run = ReplayRun(try book(row.file).recording())
    run.finish()
    let transcript = run.machine.transcript
    let stopped = transcript.stages.first { $0.failure != nil }
    #expect(stopped?.stage == row.stage)
    #expect(transcript.failure?.code == row.code)
    let configuration = try #require(run.recording.configuration)
    #expect(RunDiagnosis(transcript, configuration)?.blame == row.blame)
    if case .application(.refusedAnswer(_, let lost)) = transcript.failure {
      #expect(lost?.first?.reason == row.lost)
    }
    if let note = row.note { #expect(run.notes.contains { $0.holds(note) }, "\(run.notes)") }
    // Nothing is judged without what it needs, and nothing that was right is called wrong.
    #expect(run.verdict(.stateMatch) != .fail && run.verdict(.cHashMatch) != .fail)
    #expect(row.stage != nil || run.verdict(.cHashMatch) == .pass)
    #expect(row.stage != nil || run.verdict(.idTokenSignature) == .skip)
  }

  @Test func `two logins are told apart`() throws {
    let book = try book("playwright-tenant-two-logins")
    #expect(book.logins.count == 2)
    for login in book.logins {
      var run = ReplayRun(try book.recording(login: login.number))
      run.finish()
      #expect(run.machine.transcript.failure == nil)
      #expect(run.verdict(.stateMatch) == .pass && run.verdict(.nonceMatch) == .pass)
    }
  }
}
