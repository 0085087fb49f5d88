import Foundation
import OpenID
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1)))
struct ChildEnvironmentTests {
  private static let own = [
    "PATH": "/usr/bin:/bin", "SECRET": "canary-secret", "COPY": "canary-secret", "SHORT": "1",
    "OTHER": "1", "EMPTY": "", "NOTHING": "",
  ]

  @Test(arguments: [
    (["SECRET"], ["EMPTY", "NOTHING", "OTHER", "PATH", "SHORT"]),
    (["SHORT"], ["COPY", "EMPTY", "NOTHING", "OTHER", "PATH", "SECRET"]),
    (["EMPTY", "missing"], ["COPY", "NOTHING", "OTHER", "PATH", "SECRET", "SHORT"]),
    ([], ["COPY", "EMPTY", "NOTHING", "OTHER", "PATH", "SECRET", "SHORT"]),
  ])
  func `what is withheld is gone, and a long value under another name as well`(
    names: [String], left: [String]
  ) {
    let environment = ChildEnvironment(Self.own, without: Set(names))
    #expect(environment.variables.keys.sorted() == left)
    #expect(ChildEnvironment.ofSecretCommand(Self.own).variables == Self.own)
  }

  /// A program that writes its environment to a file.
  private static let recorder = """
    #!/bin/sh
    env > "$OUT/part" && mv "$OUT/part" "$OUT/environment"
    """

  @Test func `a browser and a clipboard program do not get what is withheld`() throws {
    for isBrowser in [true, false] {
      let folder = try TemporaryFolder()
      let program = try folder.write("fake", Self.recorder, executable: true)
      let environment = ChildEnvironment(
        Self.own.merging(["OUT": folder.path, "BROWSER": program]) { $1 }, without: ["SECRET"])
      let loop = PollLoop()
      var children: [Int32] = []
      var outcome: BrowserOutcome?
      if isBrowser {
        Browser.open(
          try WebURL("https://op.example/"), environment: environment, loop: loop, isWSL: false
        ) { outcome = $0 }
      } else {
        let taken = ClipboardTool.give(
          "text", to: [ClipboardTool(arguments: [program])], environment: environment,
          children: &children)
        #expect(taken == program)
      }
      loop.expect("the environment") { folder.read("environment") != nil }
      let seen = try #require(folder.read("environment"))
      #expect(seen.contains("OTHER=1\n"))
      #expect(!seen.contains("canary"), "\(seen)")
      // A child that nobody waits for would be taken for one of an exit test later.
      loop.expect("the end of the program") {
        if isBrowser { return outcome != nil }
        children.removeAll { if case .ended = ChildProcess.state(of: $0) { true } else { false } }
        return children.isEmpty
      }
    }
  }
}
