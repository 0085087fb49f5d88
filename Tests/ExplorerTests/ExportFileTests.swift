import Foundation
import OpenID
import Testing

@testable import Commands
@testable import Export
@testable import Settings
@testable import Platform
@testable import HybridFlow

/// Files that are handed on.
@Suite final class ExportFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }
  private func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }
  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test func `a file is new, whole, and its owner's alone`() throws {
    try ExportFile.write("one", to: path("a.har"))
    #expect(text("a.har") == "one" && names == ["a.har"])
    let mode = try FileManager.default.attributesOfItem(atPath: path("a.har"))[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func `what is there stays, unless it is to be replaced`() throws {
    try ExportFile.write("one", to: path("a"))
    let fault = #expect(throws: UsageError.self) { try ExportFile.write("two", to: self.path("a")) }
    #expect(fault?.message.contains("--force") == true)
    #expect(fault?.message.contains(path("a")) == true)
    #expect(text("a") == "one" && names == ["a"])
    try ExportFile.write("two", to: path("a"), replaces: true)
    #expect(text("a") == "two" && names == ["a"])
  }

  @Test func `a link is never written through`() throws {
    try ExportFile.write("mine", to: path("target"))
    let link = path("link")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: path("target"))
    #expect(throws: UsageError.self) { try ExportFile.write("two", to: link) }
    try ExportFile.write("two", to: link, replaces: true)
    #expect(text("target") == "mine" && text("link") == "two")
    // A link to nothing is something, too.
    try FileManager.default.createSymbolicLink(
      atPath: path("dangling"), withDestinationPath: path("nowhere"))
    #expect(throws: UsageError.self) { try ExportFile.write("x", to: self.path("dangling")) }
    #expect(text("nowhere") == nil)
  }

  @Test(arguments: [("", "name"), (".", "folder"), ("no/such/x", "No such file"), ("/", "folder")])
  func `a place where no file can be is named`(name: String, part: String) throws {
    let place = name.isEmpty || name == "/" ? name : path(name)
    let fault = #expect(throws: UsageError.self) { try ExportFile.write("x", to: place) }
    #expect(fault?.message.contains(part) == true, "\(fault?.message ?? "")")
    #expect(names == [])
  }

  @Test(arguments: [
    (["--format", "hra"], "Did you mean har?"), ([], "needs --format"),
    (["--format", "har", "--lab", "swaped-code"], "Did you mean swapped-code?"),
    (["--format", "svg", "--size", "10x10"], "--size 10x10"),
    (["--format", "svg", "--size", "100"], "--size 100"),
    (["--format", "har", "--output", "/no/such/folder/x"], "/no/such/folder"),
    (["--format", "svg", "--output", "/no/such/folder/"], "/no/such/folder"),
    (["--format", "har", "--lab", "swapped-code", "--issuer", "https://x/"], "--issuer means"),
    (["--format", "har", "--lab", "swapped-code", "--then", "logout"], "--then means nothing"),
    (
      ["--format", "har", "--lab", "swapped-code", "--response-type", "code token"], "swapped-code"
    ),
    (["--format", "har", "--without-check", "c-hash-match"], "needs --lab"),
    (
      ["--format", "har", "--lab", "swapped-code", "--without-check", "c-hash-mach"], "Did you mean"
    ),
  ])
  func `a mistake is named before anything runs`(arguments: [String], part: String) throws {
    let fault = #expect(throws: UsageError.self) {
      try ExportOrder.read(Invocation.parse(["export"] + arguments))
    }
    #expect(fault?.message.contains(part) == true, "\(fault?.message ?? "")")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a run of the lab says at its head what was done to it`() throws {
    let order = try ExportOrder.read(
      Invocation.parse([
        "export", "--format", "mermaid", "--lab", "swapped-code", "--without-check",
        "c-hash-match", "--no-pkce",
      ]))
    let run = try #require(try order.lab?.run(reveals: false))
    #expect(
      run.title.hasSuffix("with the lab\u{2019}s fault swapped-code, SWITCHED OFF: c-hash-match"))
    let text = try ExportSample.text(run, .mermaid)
    #expect(text.hasPrefix("%% \(run.title)\n"))
    #expect(text.contains("\u{2717} c-hash-match (switched off)"))
    let report = try ExportSample.text(run, .markdown)
    #expect(report.contains("(SWITCHED OFF in the lab: the run went on):\n\n```text\nexpected "))
  }

  @Test func `an order is delivered, and standard error says where it is`() throws {
    let sink = ListSink()
    let run = try ExportSample.honest.get()
    let theme = try ExportSample.theme.get()
    var order = try ExportOrder.read(
      Invocation.parse(["export", "--format", "har", "--output", path("run.har")]))
    let isRead = try order.deliver(run, theme: theme, to: sink)
    #expect(isRead && sink.output == "")
    #expect(sink.errors.contains("bytes of har in \(path("run.har")), secrets masked."))
    #expect(throws: UsageError.self) { _ = try order.deliver(run, theme: theme, to: sink) }
    order.path = nil
    _ = try order.deliver(run, theme: theme, to: sink)
    #expect(sink.output == text("run.har"))
    order.format = .svg
    order.path = folder.path + "/"
    _ = try order.deliver(run, theme: theme, to: sink)
    #expect(names.count == 11 && names.contains("05-callback.svg"))
  }
}
