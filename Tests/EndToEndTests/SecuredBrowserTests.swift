import Foundation
import OpenID
import Testing

extension EndToEnd {
  /// An https redirect URI on this machine, with the built-in browser and with one that people use.
  @Suite(.serialized)
  struct SecuredRunTests {
    private static let anyPort = "https://localhost:0/callback"

    @Test(
      .timeLimit(.minutes(1)),
      arguments: [
        ["--redirect-uri", anyPort], ["--redirect-uri", "https://127.0.0.1:0/cb"],
        ["--redirect-uri", "https://[::1]:0/cb", "--response-type", "code id_token token"],
        ["--redirect-uri", "https://app.example.com:0/signin-oidc", "--tls-self-signed"],
      ])
    func `the built-in browser trusts the certificate of the run`(options: [String]) async throws {
      let folder = try TemporaryFolder()
      let file = "\(folder.path)/run.jsonl"
      let report = try await RunReport.of(options + ["--record", file])
      report.expectPassed()
      let certificate = report.stages.first?["certificate"]
      let fingerprint = try #require(certificate?["sha256"]?.string)
      #expect(certificate?["made_for_this_run"] == .bool(true))
      #expect(fingerprint.utf8.count == 95)
      // It is shown and kept nowhere, and the recording plays as the run went.
      let recording = try String(contentsOfFile: file, encoding: .utf8)
      #expect(!recording.contains(fingerprint))
      let program = try RunningProgram(Place.program, ["replay", file, "--json"])
      #expect(try await program.end(within: 20) == .exit(0))
      #expect(!program.output.contains(fingerprint))
    }

    @Test(.timeLimit(.minutes(1))) func `the browser comes back from a logout by https as well`()
      async throws
    {
      let program = try RunningProgram(
        Place.program, ["run", "--redirect-uri", Self.anyPort, "--then", "logout"])
      #expect(try await program.end(within: 40) == .exit(0))
      #expect(program.output.contains(/GET https:\/\/localhost:\d+\/logged-out/))
    }

    @Test(.timeLimit(.minutes(1))) func `no byte of one's own key is found in any place`()
      async throws
    {
      let folder = try TemporaryFolder()
      let (certificate, key) = try Self.makeCertificate(in: folder)
      let file = "\(folder.path)/run.jsonl"
      let report = try await RunReport.of([
        "--redirect-uri", Self.anyPort, "--tls-cert", certificate, "--tls-key", key, "--record",
        file, "--record-secrets", "--reveal",
      ])
      report.expectPassed()
      #expect(report.stages.first?["certificate"]?["made_for_this_run"] == .bool(false))
      let places = [
        report.output, report.errors, try String(contentsOfFile: file, encoding: .utf8),
      ]
      let lines = try String(contentsOfFile: key, encoding: .utf8).split(separator: "\n")
      for line in lines where !line.hasPrefix("---") {
        #expect(!places.contains { $0.contains(line) })
      }
    }

    @Test(.timeLimit(.minutes(2)), RealBrowser.isNeeded)
    func `a real browser goes on with the certificate of the run`() async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser", "--redirect-uri", Self.anyPort],
        environment: try RealBrowser.environment(["LAB_FINGERPRINT": "any"], in: folder),
        within: 60)
      report.expectPassed()
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(walk.pages.last?.title == "The answer has arrived")
      #expect(walk.report["fingerprint"] == report.stages.first?["certificate"]?["sha256"])
    }

    @Test(.timeLimit(.minutes(2)), RealBrowser.isNeeded)
    func `a real browser goes on with a certificate of openssl`() async throws {
      let folder = try TemporaryFolder()
      let (certificate, key) = try Self.makeCertificate(in: folder)
      let report = try await RunReport.of(
        [
          "--browser", "--redirect-uri", Self.anyPort, "--tls-cert", certificate, "--tls-key",
          key, "--response-type", "code id_token token",
        ],
        environment: try RealBrowser.environment(["LAB_FINGERPRINT": "any"], in: folder),
        within: 60)
      report.expectPassed()
      try await RealBrowser.walk(in: folder).expectWell()
    }

    @Test(.timeLimit(.minutes(2)), RealBrowser.isNeeded)
    func `a browser that does not trust the certificate is named as the cause`() async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser", "--redirect-uri", Self.anyPort, "--wait", "12"],
        environment: try RealBrowser.environment(in: folder), within: 60)
      report.expectFailed(
        exit: 5, blame: "environment", code: "environment.answer_refused", stage: 5)
      #expect(report.errors.contains("does not trust the certificate"))
      let cause = report.result["diagnosis"]?["cause"]?.string ?? ""
      #expect(cause.contains("The browser does not trust the certificate"), "\(cause)")
    }

    private static func makeCertificate(
      in folder: TemporaryFolder
    ) throws -> (certificate: String, key: String) {
      let (certificate, key) = ("\(folder.path)/own.pem", "\(folder.path)/own.key")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
      process.arguments = [
        "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-subj", "/CN=own",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      return (certificate, key)
    }
  }

  /// The explorer at an https redirect URI: the certificate is seen before the browser leaves.
  @Suite(.serialized, TerminalUnderTest.isNeeded)
  struct SecuredExplorerTests {
    @Test(.timeLimit(.minutes(1)))
    func `the fingerprint is on the screen before the browser leaves and while it is away`()
      async throws
    {
      let explorer = ExplorerDriver(try await TerminalUnderTest())
      try await explorer.terminal.start(
        ["explore", "--browser", "--redirect-uri", "https://localhost:0/callback"],
        environment: ["BROWSER": "/bin/true"])
      try await explorer.walk(to: 2)
      let print = /[0-9A-F]{2}(:[0-9A-F]{2}){15}/
      let before = try await explorer.wait("the certificate") { $0.matches(of: print).count == 2 }
      try await explorer.terminal.press("Right")
      let away = try await explorer.wait("the wait") {
        ExplorerDriver.shows(3, $0) && $0.contains("The real browser has the flow now")
      }
      #expect(
        away.matches(of: print).map { "\($0.0)" } == before.matches(of: print).map { "\($0.0)" })
      try await explorer.terminal.press("Escape")
      try await explorer.terminal.press("q")
    }
  }
}
