import Foundation
import HybridFlow
import OpenID
import TestSupport
import Testing
@testable import Export

/// Hostile text before the eyes of readers that others wrote.
@Suite(.serialized) struct ExportReaderTests {
  private static let start = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Labs/readers/start").path

  private static func run(_ arguments: [String]) -> (status: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [start] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return (-1, "") }
    let data = (try? output.fileHandleForReading.readToEnd()) ?? nil
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data ?? Data(), as: UTF8.self))
  }

  private static let hasPython = run(["--install"]).status == 0
  private static let hasMermaid = run(["--install-mermaid"]).status == 0

  private static func withFiles<T>(_ texts: [String], _ body: ([String]) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = texts.indices.map { folder.appending(path: "\($0)").path }
    for (text, file) in zip(texts, files) { try Data(text.utf8).write(to: URL(filePath: file)) }
    return try body(files)
  }

  @Test(
    .timeLimit(.minutes(6)),
    .needs("markdown-it-py: no python3-venv, or no PyPI") { hasPython })
  func `markdown-it-py finds hostile text in code only`() throws {
    var run = try ExportTextTests.hostileRun()
    // What the program says itself of a failure may repeat what the provider said.
    let diagnosis = try #require(run.diagnosis)
    run.diagnosis = nil
    let text = try ExportSample.text(run, .markdown)
    let seen = try Self.withFiles([text]) { files in
      try JSONParser.parse(Array(Self.run(["markdown", files[0]]).output.utf8))
    }
    #expect(seen["code"]?.strings?.contains { $0.contains("PWNED") } == true)
    #expect(seen["links"]?.integer == 0 && seen["tables"]?.integer == 1)
    #expect(seen["text"]?.strings?.contains { $0.contains("PWNED") } == false)
    #expect(seen["headings"]?.strings?.contains { $0.contains("PWNED") } == false)
    for html in seen["html"]?.strings ?? [] {
      let isOurs = html.wholeMatch(
        of: /<details>\n<summary><code>[^<>]*<\/code><\/summary>\n|<\/details>\n/)
      #expect(isOurs != nil, "\(html)")
    }
    // In the words of the diagnosis it is text, and nothing but text.
    run.diagnosis = diagnosis
    let told = try Self.withFiles([try ExportSample.text(run, .markdown)]) { files in
      try JSONParser.parse(Array(Self.run(["markdown", files[0]]).output.utf8))
    }
    #expect(told["text"]?.strings?.contains { $0.contains("PWNED") } == true)
    #expect(told["links"]?.integer == 0)
    #expect(
      told["html"] == seen["html"]
        && told["headings"]?.strings?.count == (seen["headings"]?.strings?.count ?? 0) + 1)
  }

  @Test(
    .timeLimit(.minutes(6)),
    .needs("Mermaid: no node, no python3-venv, or no PyPI") { hasMermaid })
  func `Mermaid parses the diagram of every fault, and hostile text stays a label`() throws {
    let runs = try ExportSample.all.get() + [ExportTextTests.hostileRun()]
    let texts = try runs.map { try ExportSample.text($0, .mermaid) }
    let reports = try Self.withFiles(texts) { files in
      try Self.run(["mermaid"] + files).output.split(separator: "\n").map {
        try JSONParser.parse(Array($0.utf8))
      }
    }
    #expect(reports.count == runs.count)
    for (report, text) in zip(reports, texts) {
      #expect(report["error"] == nil, "\(report.compactText.prefix(400))\n\(text)")
      // An attacker has a lane of their own, between the two that they come between.
      let actors = report["actors"]?.strings ?? []
      #expect(actors.filter { $0 != "M" } == ["U", "A", "T", "R"])
      #expect(actors.contains("M") == text.contains("Mallory"))
      #expect(
        report["messages"]?.elements?.count == text.matches(of: /\n    (?:[UATRM]-|Note)/).count)
    }
  }
}
