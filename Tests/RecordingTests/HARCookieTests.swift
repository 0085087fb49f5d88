import Diagnosis
import HybridFlow
import OpenID
import Testing

@testable import Recording

/// Why a cookie did not come back with an answer, rule by rule.
@Suite struct HARCookieTests {
  /// The cookie as it was set, the seconds until the answer, and the reason.
  static let rows: [(line: String, seconds: Int64, reason: LostCookie.Reason)] = [
    ("login=x; Path=/; Secure; SameSite=Strict", 1, .strict),
    ("login=x; Path=/; Secure; SameSite=Lax", 1, .lax),
    ("login=x; Path=/", 130, .laxByDefault),
    ("login=x; Path=/; SameSite=None", 1, .noneWithoutSecure),
    ("login=x; Path=/; Domain=other.example; Secure; SameSite=None", 1, .host),
    ("login=x; Path=/login; Secure; SameSite=None", 1, .path),
    ("login=x; Path=/; Max-Age=60; Secure; SameSite=None", 90, .expired),
    ("login=x; Path=/; Secure; SameSite=None", 1, .unexplained),
  ]

  @Test(arguments: Self.rows.indices)
  func `a cookie that was lost has its rule`(_ index: Int) throws {
    let row = Self.rows[index]
    var har = SmallHAR()
    har.click(cookie: row.line)
    har.signIn(seconds: row.seconds)
    har.post(SmallHAR.answer(), 400)
    let run = try har.run()
    guard case .application(.refusedAnswer(400, let lost)) = run.transcript[.callback].failure
    else {
      Issue.record("\(String(describing: run.transcript.failure))")
      return
    }
    #expect(lost == [LostCookie("login", row.reason)])
    let configuration = try #require(run.recording.configuration)
    let diagnosis = try #require(RunDiagnosis(run.transcript, configuration))
    #expect(diagnosis.blame == (row.reason == .unexplained ? nil : .application))
    #expect(diagnosis.stage == .callback)
    #expect(
      diagnosis.match.id
        == (row.reason == .unexplained ? "run-answer-refused-there" : "run-cookie-lost"))
  }

  @Test func `a cookie that came back is no cause, whatever the application answers`() throws {
    var har = SmallHAR()
    har.click(cookie: "login=x; Path=/; Secure; SameSite=None")
    har.signIn()
    har.post(SmallHAR.answer(), 400, cookie: "login=x")
    har.add("GET", SmallHAR.application + "/favicon.ico", sends: [("Cookie", "login=x")])
    let run = try har.run()
    #expect(run.transcript.failure == .application(.refusedAnswer(status: 400, lostCookies: [])))
    #expect(run.notes.contains { $0.holds("The cookie login came back with the answer.") })
  }

  @Test func `a favicon that carries the cookie does not bring it back`() throws {
    var har = SmallHAR()
    har.click(cookie: "login=x; Path=/; Secure; SameSite=Lax")
    har.signIn()
    har.post(SmallHAR.answer(), 400)
    har.add("GET", SmallHAR.application + "/favicon.ico", sends: [("Cookie", "login=x")])
    let run = try har.run()
    #expect(
      run.transcript.failure
        == .application(.refusedAnswer(status: 400, lostCookies: [LostCookie("login", .lax)])))
  }

  @Test func `Lax and POST within two minutes is told as luck`() throws {
    var har = SmallHAR()
    har.click(cookie: "login=x; Path=/")
    har.signIn()
    har.post(cookie: "login=x")
    let run = try har.run()
    #expect(run.transcript.failure == nil)
    #expect(run.notes.contains { $0.holds("for two minutes only") })
  }

  @Test func `without any cookie in the file nothing is said to be lost`() throws {
    var har = SmallHAR()
    har.click(cookie: nil)
    har.signIn()
    har.post(SmallHAR.answer(), 400)
    let run = try har.run()
    #expect(run.transcript.failure == .application(.refusedAnswer(status: 400, lostCookies: nil)))
    #expect(run.notes.contains { $0.holds("This file has no cookies at all") })
    #expect(!run.notes.contains { $0.holds("did not come back") })
  }
}
