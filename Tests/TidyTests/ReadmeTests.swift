import Foundation
import Presentation
import Testing

/// What README.md promises, held against the program.
@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let readme: String =
    (try? String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)) ?? ""

  @Test func `the table of keys is the key map's`() throws {
    let start = try #require(Self.readme.range(of: "<!-- keys -->\n"))
    let end = try #require(Self.readme.range(of: "<!-- /keys -->"))
    let table = String(Self.readme[start.upperBound..<end.lowerBound])
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1", table != KeyDocument.markdown {
      let text = Self.readme.replacingCharacters(
        in: start.upperBound..<end.lowerBound, with: KeyDocument.markdown)
      try Data(text.utf8).write(to: Self.root.appending(path: "README.md"))
      Issue.record(
        "README.md has the table of keys now; look at it, then run without RECORD_GOLDENS")
      return
    }
    #expect(
      table == KeyDocument.markdown,
      "run the tests with RECORD_GOLDENS=1 to write the table of keys into README.md")
  }

  @Test func `every picture and file it names is there`() throws {
    var links: [String] = []
    for part in Self.readme.components(separatedBy: "](").dropFirst() {
      let link = part.prefix { $0 != ")" }
      if !link.hasPrefix("http"), !link.hasPrefix("#") { links.append(String(link)) }
    }
    #expect(links.count >= 3)
    for link in links {
      let path = Self.root.appending(path: link).path
      #expect(FileManager.default.fileExists(atPath: path), "README.md names \(link)")
    }
  }

  @Test func `CI runs the very test command that it opens with`() throws {
    let command = "swift test --disable-xctest --no-parallel"
    let run = try String(contentsOf: Self.root.appending(path: ".ci/run"), encoding: .utf8)
    #expect(Self.readme.contains(".ci/setup tests && \(command)\n"))
    #expect(run.contains("exec \(command)\n"))
    #expect(run.contains(".ci/setup tests"))
  }
}
