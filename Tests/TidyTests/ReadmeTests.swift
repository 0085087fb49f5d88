import Foundation
import Testing

/// What README.md promises, held against the program.
@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let readme: String =
    (try? String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)) ?? ""

  @Test func `it is short, and opens with what a stranger needs`() {
    let lines = Self.readme.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count < 310)
    let first = lines.prefix(20).joined(separator: "\n")
    for words in [
      "screenshots/attack.svg", ".ci/setup && swift run", ".ci/setup tests && .ci/test",
    ] { #expect(first.contains(words), "\(words)") }
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
    let command = ".ci/test"
    let run = try String(contentsOf: Self.root.appending(path: ".ci/run"), encoding: .utf8)
    #expect(Self.readme.contains(".ci/setup tests && \(command)\n"))
    // What it builds first, CI has built with the imports checked.
    #expect(run.contains("\n\(command) --skip-build 2>&1 | tee"))
    #expect(run.contains(".ci/setup tests"))
    let test = try String(contentsOf: Self.root.appending(path: command), encoding: .utf8)
    #expect(test.contains("--no-parallel") && test.contains("swift build --build-tests"))
  }
}
