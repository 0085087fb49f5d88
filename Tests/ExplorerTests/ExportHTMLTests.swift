import Foundation
import HybridFlow
import OpenID
import Redaction
import TestSupport
import Testing

@testable import Export
@testable import Lab

/// The run as a page: before the eyes of a browser, and byte for byte.
struct ExportHTMLTests {
  private static let looker = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Labs/page").path

  private static var hasBrowser: Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
    return !Script.pythons.isEmpty
      && folders.contains { folder in
        names.contains { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
      }
  }

  private static func seen(_ text: String) throws -> JSONValue {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "run.html")
    try Data(text.utf8).write(to: file)
    let python = try #require(Script.pythons.first)
    let output = try Script.run(python, [looker, file.path], input: Data(), showsErrors: true)
    return try JSONParser.parse(Array(output))
  }

  private static func runs() throws -> [ExportedRun] {
    [
      try ExportSample.honest.get(), try ExportSample.of(Lab.fault("swapped-code"), .codeIDToken),
      try ExportTextTests.hostileRun(),
    ]
  }

  @Test(.timeLimit(.minutes(3)), .needs("Chromium with python3") { hasBrowser }, arguments: 0..<3)
  func `a browser asks nobody, runs nothing, shows it in 400 pixels and prints it`(
    index: Int
  ) throws {
    let seen = try Self.seen(try ExportSample.text(try Self.runs()[index], .html))
    #expect(seen["requests"] == .array([]))
    #expect(seen["console"] == .array([]))
    #expect(seen["scripts"]?.integer == 0 && seen["handlers"]?.integer == 0)
    #expect((seen["width"]?.integer ?? 999) <= 400)
    #expect((1...60).contains(seen["sheets"]?.integer ?? 0))
    #expect(seen["title"]?.string?.hasPrefix("Hybrid flow: ") == true)
    let text = seen["text"]?.string ?? ""
    #expect(text.contains("10 The API answers"))
    if index == 1 { #expect(text.contains("Changed by the lab: swapped-code")) }
    // What strangers wrote is read as it was written.
    if index == 2 { #expect(text.contains("</code></summary></details><script>PWNED</script>")) }
  }

  /// Every tag of a page: its name, and whether it closes.
  private static func tags(_ page: String) -> [(name: String, closes: Bool)] {
    page.split(at: "<", omittingEmptySubsequences: false).dropFirst().compactMap { part in
      let closes = part.begins(with: "/")
      let bytes = part.utf8.dropFirst(closes ? 1 : 0)
      let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
      guard let first = bytes.first, letters.contains(first | 0x20) else { return nil }
      let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
      let name = bytes.prefix { letters.contains($0 | 0x20) || digits.contains($0) }
      return (String(decoding: name, as: UTF8.self), closes)
    }
  }

  @Test func `whatever strangers wrote, every tag is one of ours`() throws {
    let ours: Set<String> = [
      "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "dl", "dt", "dd",
      "nav", "ol", "li", "span", "a", "div", "section", "article", "details", "summary", "table",
      "tr", "td", "th", "code", "pre", "br", "footer",
    ]
    for run in try ExportSample.all.get() + [ExportTextTests.hostileRun()] {
      let text = try ExportSample.text(run, .html)
      let tags = Self.tags(text)
      #expect(tags.count > 100 && Set(tags.map(\.name)).subtracting(ours) == [])
      // A link leads to a place of the page: not to javascript:, nor anywhere else.
      let links = text.split(at: "href=\"", omittingEmptySubsequences: false).dropFirst()
      #expect(!links.isEmpty && links.allSatisfy { $0.begins(with: "#") })
      // What is opened is closed.
      for name in ["details", "table", "article", "section", "pre", "tr", "td", "span"] {
        let those = tags.filter { $0.name == name }
        #expect(those.filter(\.closes).count * 2 == those.count, "\(name)")
      }
    }
  }

  @Test func `with secrets shown, every byte of every body stands in the page`() throws {
    var run = try ExportSample.honest.get()
    run.reveals = true
    let page = try ExportSample.text(run, .html)
    // Parts put together again, without the tags between them.
    let plain = page.replacing(/<[^>]*>/, with: "")
    for message in run.transcript.messages
    where message.headers.mediaType == "application/x-www-form-urlencoded" {
      let body = String(decoding: message.body, as: UTF8.self)
      let rows = body.split(separator: "&").map { HTMLEntities.encode(String($0)) }
      for row in rows { #expect(plain.contains(row), "\(message.stage)") }
    }
  }
}
