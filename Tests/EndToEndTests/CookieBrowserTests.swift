import OpenID
import TestSupport
import Testing

extension EndToEnd {
  /// The application's session cookie in a browser that people use, with a form of another site.
  @Suite(.serialized, RealBrowser.isNeeded)
  struct CookieBrowserTests {
    @Test(
      .timeLimit(.minutes(2)),
      arguments: [
        ("none", "pass", "returned"), ("unset", "warn", "returned"), ("lax", "fail", "lost"),
        ("strict", "fail", "lost"),
      ])
    func `the browser keeps back what SameSite tells it to`(
      sameSite: String, verdict: String, status: String
    ) async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser", "--cookie", sameSite],
        environment: try RealBrowser.environment(in: folder), within: 60)
      if verdict == "fail" {
        report.expectFailed(exit: 3, blame: "application", code: "provider.check_failed", stage: 5)
      } else {
        report.expectPassed()
      }
      let callback = try #require(
        report.stages.first { $0["stage"] == 5 })
      let check = try #require(
        callback["checks"]?.elements?.first { $0["id"] == "session-cookie-returned" })
      #expect(check["status"]?.string == verdict, "\(check.compactText)")
      #expect(callback["cookie"]?["status"]?.string == status)
      #expect(callback["cookie"]?["cross_site"] == true)
      _ = try await RealBrowser.walk(in: folder)
    }
  }
}
