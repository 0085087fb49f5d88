import Foundation
import OpenID
import TestSupport
import Testing

/// Headless Chromium with a person at it, as `$BROWSER` has it.
enum RealBrowser {
  static let isNeeded: ConditionTrait = .needs("Chromium with python3") {
    Place.tool("python3") != nil
      && ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
        .contains { Place.tool($0) != nil }
  }

  /// Ready for the demo tenant, which needs no secret.
  static func environment(
    _ more: [String: String] = [:], in folder: TemporaryFolder
  ) throws -> [String: String] {
    let link = "\(folder.path)/chromium"
    if !FileManager.default.fileExists(atPath: link) {
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "\(Place.labs)/chromium")
    }
    // What a browser that is ended leaves behind goes with the folder.
    let base = ["BROWSER": link, "LAB_REPORT": report(in: folder), "TMPDIR": folder.path]
    return base.merging(more) { $1 }
  }

  private static func report(in folder: TemporaryFolder) -> String { "\(folder.path)/report" }

  /// What it saw, once it is through.
  static func walk(in folder: TemporaryFolder) async throws -> BrowserWalk {
    let data = try await waitFor("report of the browser", seconds: 55) {
      FileManager.default.contents(atPath: report(in: folder))
    }
    return BrowserWalk(report: try JSONParser.parse(Array(data)))
  }
}

/// What the real browser saw.
struct BrowserWalk {
  let report: JSONValue

  struct Page {
    let name: String
    let status: Int64?
    let title: String
    let text: String
    /// `METHOD /path status` for each request that led here.
    let requests: [String]
  }

  var pages: [Page] {
    (report["steps"]?.elements ?? []).map { step in
      Page(
        name: step["name"]?.string ?? "?", status: step["status"]?.integer,
        title: step["title"]?.string ?? "", text: step["text"]?.string ?? "",
        requests: (step["visits"]?.elements ?? []).map(Self.request))
    }
  }

  private static func request(_ visit: JSONValue) -> String {
    let path = visit["url"]?.string.flatMap { try? WebURL($0) }?.path ?? "?"
    let status = visit["status"]?.integer.map { "\($0)" } ?? "-"
    return "\(visit["method"]?.string ?? "?") \(path) \(status)"
  }

  /// Every request at the redirect URI, in order.
  var callbacks: [String] { pages.flatMap(\.requests).filter { $0.contains(" /callback ") } }

  /// Expects a walk to its end, without a complaint on the browser's console.
  ///
  /// It mentions every page with an error's status there; those may be what is tested.
  func expectWell(_ location: SourceLocation = #_sourceLocation) {
    #expect(report["why"] == .null, "\(report.compactText)", sourceLocation: location)
    let complaints = (report["console"]?.elements ?? []).compactMap { $0["text"]?.string }
      .filter { !$0.contains("responded with a status of 400") }
    #expect(complaints == [], sourceLocation: location)
  }
}

extension EndToEnd {
  /// `hybrid-flow run` on the demo tenant with a browser that people use.
  @Suite(.serialized, RealBrowser.isNeeded)
  struct RealBrowserTests {
    @Test(
      .timeLimit(.minutes(2)), arguments: ["code id_token", "code token", "code id_token token"])
    func `every response type arrives, posted by the page's own script`(
      responseType: String
    ) async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser", "--response-type", responseType],
        environment: try RealBrowser.environment(in: folder), within: 60)
      report.expectPassed()
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(walk.pages.map(\.name) == ["login", "consent", "end"])
      let last = try #require(walk.pages.last)
      #expect(last.title == "The answer has arrived")
      #expect(last.text.contains("This window may be closed"))
      #expect(
        last.requests == [
          "POST /u/consent 303", "GET /authorize/resume 200", "POST /callback 303",
          "GET /done 200",
        ])
    }

    @Test(
      .timeLimit(.minutes(2)), arguments: ["code id_token", "code token", "code id_token token"])
    func `every response type arrives by fragment, handed over by our page`(
      responseType: String
    ) async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser", "--response-mode", "fragment", "--response-type", responseType],
        environment: try RealBrowser.environment(in: folder), within: 60)
      report.expectPassed()
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      let last = try #require(walk.pages.last)
      #expect(last.title == "The answer has arrived")
      #expect(walk.callbacks == ["GET /callback 200"])
      #expect(last.requests.contains { $0.hasPrefix("POST /fragment/") && $0.hasSuffix(" 303") })
    }

    @Test(.timeLimit(.minutes(2)))
    func `without scripts the address is pasted into the page`() async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser", "--response-mode", "fragment"],
        environment: try RealBrowser.environment(["LAB_SCRIPTS": "off"], in: folder), within: 60)
      report.expectPassed()
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(walk.pages.map(\.name) == ["login", "consent", "relay", "end"])
      #expect(walk.pages.last?.title == "The answer has arrived")
    }

    @Test(.timeLimit(.minutes(2))) func `without scripts the button posts the answer`()
      async throws
    {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser"],
        environment: try RealBrowser.environment(["LAB_SCRIPTS": "off"], in: folder), within: 60)
      report.expectPassed()
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(walk.pages.map(\.name) == ["login", "consent", "callback", "end"])
      #expect(walk.pages.dropLast().last?.text.contains("Without scripts the button") == true)
      #expect(walk.pages.last?.requests == ["POST /callback 303", "GET /done 200"])
    }

    @Test(.timeLimit(.minutes(2))) func `who declines is told so at both ends`() async throws {
      let folder = try TemporaryFolder()
      let report = try await RunReport.of(
        ["--browser"],
        environment: try RealBrowser.environment(["LAB_DECISION": "decline"], in: folder),
        within: 60)
      report.expectFailed(exit: 6, blame: "person", code: "person.declined", stage: 5)
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(walk.pages.last?.title == "The tenant said no")
      #expect(walk.callbacks == ["POST /callback 303"])
    }
  }

  /// The explorer, which is still there when somebody presses reload and back.
  @Suite(
    .serialized, TerminalUnderTest.isNeeded,
    RealBrowser.isNeeded)
  struct RealBrowserAtExplorerTests {
    @Test(.timeLimit(.minutes(2)))
    func `reload, back and forward show pages and process nothing twice`() async throws {
      let (explorer, folder) = try await explorer(
        ["LAB_AFTER": "reload back forward reload back press"])
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(
        walk.pages.map(\.name) == [
          "login", "consent", "end", "reload", "back", "forward", "reload", "back", "press",
        ])
      let moves = walk.pages.suffix(6)
      for page in moves where ["reload", "forward"].contains(page.name) {
        #expect(page.title == "The answer has arrived", "after \(page.name)")
      }
      // Post, redirect, get: what is loaded again is the page, not the post.
      #expect(moves.first?.requests == ["GET /done 200"])
      // Behind it is the consent page, in the browser's memory; its sign-in is over.
      #expect(moves.last?.title == "This sign-in is over · Demo tenant")
      #expect(walk.callbacks == ["POST /callback 303"])
      try await expectOneCallback(explorer)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a second tab with the same sign-in is told that the answer is there`() async throws {
      let (explorer, folder) = try await explorer(["LAB_TABS": "2"])
      let walk = try await RealBrowser.walk(in: folder)
      walk.expectWell()
      #expect(walk.pages.filter { $0.name == "end" }.first?.title == "The answer has arrived")
      #expect(walk.pages.last?.title == "The answer had already arrived")
      #expect(walk.pages.last?.text.contains("This window may be closed") == true)
      #expect(walk.callbacks == ["POST /callback 303", "POST /callback 200"])
      try await expectOneCallback(explorer)
    }

    /// Starts the explorer on the demo tenant and goes to stage 5, which the browser brings.
    private func explorer(
      _ person: [String: String]
    ) async throws -> (ExplorerDriver, TemporaryFolder) {
      let folder = try TemporaryFolder()
      let explorer = ExplorerDriver(try await TerminalUnderTest())
      try await explorer.terminal.start(
        ["explore", "--browser"], environment: try RealBrowser.environment(person, in: folder))
      try await explorer.walk(to: 2)
      try await explorer.terminal.press("Right")
      try await explorer.terminal.wait("the answer", seconds: 55) {
        ExplorerDriver.shows(5, $0) && ExplorerDriver.canGoOn($0)
      }
      return (explorer, folder)
    }

    /// Expects one processed callback in the transcript, and a flow that ends well behind it.
    private func expectOneCallback(_ explorer: ExplorerDriver) async throws {
      try await explorer.waitForEnd(of: 5)
      // The wire of stage 5, from its first line to its last.
      try await explorer.turn("]", to: "POST /callback HTTP")
      let wire = try await explorer.document()
      #expect(wire.matches(of: /POST \/callback HTTP/).count == 1, "\(wire)")
      try await explorer.walk(from: 6, to: 10)
      try await explorer.terminal.press("q")
      #expect(try await explorer.terminal.expectShell() == 0)
    }
  }
}
