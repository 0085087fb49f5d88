import Foundation
import HybridFlow
import Lab
import OpenID
import Preflight
import Session
import TestSupport
import Testing
import TextUI

@testable import Commands
@testable import Export
@testable import Platform
@testable import Settings

/// JUnit’s XML, as a reader that is not ours understands it.
@Suite struct ExportJUnitTests {
  private static let python: String? = Script.pythons.first

  /// Prints every case of a report: suite, name, class, time, outcome, message, text, output.
  private static let reader = """
    import json, sys, xml.etree.ElementTree as tree
    root = tree.parse(sys.stdin.buffer).getroot()
    assert root.tag == "testsuites"
    totals = [0, 0, 0, 0]
    for suite in root:
        assert suite.tag == "testsuite"
        kinds = [[child.tag for child in case if child.tag != "system-out"] for case in suite]
        assert all(len(kind) < 2 for kind in kinds)
        counts = [len(suite)] + [kinds.count([k]) for k in ("failure", "error", "skipped")]
        names = ("tests", "failures", "errors", "skipped")
        assert counts == [int(suite.get(name)) for name in names]
        totals = [a + b for a, b in zip(totals, counts)]
        for case in suite:
            end = next((c for c in case if c.tag != "system-out"), None)
            out = case.find("system-out")
            print(json.dumps([suite.get("name"), case.get("name"), case.get("classname"),
                case.get("time"), "passed" if end is None else end.tag,
                "" if end is None else end.get("message"),
                "" if end is None else end.text or "", "" if out is None else out.text]))
    assert totals == [int(root.get(n)) for n in ("tests", "failures", "errors", "skipped")]
    float(root.get("time"))
    """

  private func read(_ report: JUnitReport) throws -> [[String]] {
    let python = try #require(Self.python)
    let output = try Script.run(
      python, ["-c", Self.reader], input: Data(report.text.utf8), showsErrors: true)
    return try String(decoding: output, as: UTF8.self).split(separator: "\n").map {
      try JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
  }

  @Test(.needs("python3", { python != nil }))
  func `another reader reads what was written, whatever stands in it`() throws {
    let hostile = "a\u{1B}[31m\u{0}\"'<&]]>\u{202E}\u{FFFE}\u{1F600}é &#0; <!ENTITY x>"
    let harmless = "a\u{241B}[31m\u{2400}\"'<&]]>⟨U+202E⟩\u{FFFD}\u{1F600}é &#0; <!ENTITY x>"
    let outcomes: [JUnitCase.Outcome] = [
      .passed, .failed(message: hostile + "\n\t", text: hostile + "\n\t" + hostile + "\r\nb"),
      .error(message: "", text: ""), .skipped(hostile),
    ]
    let report = JUnitReport(
      name: hostile,
      suites: [
        JUnitSuite(
          name: hostile,
          cases: outcomes.map {
            JUnitCase(
              name: hostile, className: "a.b", seconds: 1.0625, outcome: $0,
              output: $0 == .passed ? "" : hostile)
          }, seconds: .nan),
        JUnitSuite(name: "nothing", seconds: .infinity),
      ])
    let head = [harmless, harmless, "a.b", "1.063"]
    #expect(
      try read(report) == [
        head + ["passed", "", "", ""],
        head + [
          "failure", harmless + "\u{240A} ", "\(harmless)\n \(harmless)\nb", harmless,
        ],
        head + ["error", "", "", harmless], head + ["skipped", harmless, "", harmless],
      ])
  }

  @Test func `a run has a suite for each stage and a case for each check`() throws {
    let honest = try ExportSample.honest.get()
    let report = JUnitReport(honest)
    #expect(report.suites.count == 10)
    let ids = report.suites.map { $0.cases.map(\.name) }
    for (record, names) in zip(honest.transcript.stages, ids) {
      #expect(Set(names).isSuperset(of: record.checks.map(\.id.rawValue)))
      #expect(!names.isEmpty)
    }
    for item in report.suites.flatMap(\.cases) {
      switch item.outcome {
      case .passed, .skipped: break
      case .failed, .error: Issue.record("\(item)")
      }
    }
  }

  @Test func `what fails in a run fails in its report, as often as there`() throws {
    var stopped = 0
    for run in try ExportSample.all.get() {
      guard let failure = run.transcript.failure else { continue }
      let cases = JUnitReport(run).suites.flatMap(\.cases)
      let failed = cases.filter { if case .failed = $0.outcome { true } else { false } }.map(\.name)
      let errors = cases.filter { if case .error = $0.outcome { true } else { false } }
      if failure.failedChecks.isEmpty {
        #expect(errors.count == 1, "\(run.origin)")
      } else {
        #expect(Set(failed).isSuperset(of: failure.failedChecks.map(\.rawValue)), "\(run.origin)")
        #expect(errors.isEmpty, "\(run.origin)")
      }
      stopped += 1
    }
    #expect(stopped > 40)
  }

  @Test(.timeLimit(.minutes(1)))
  func `no report of any fault holds a secret, a cookie, a code or a token`() throws {
    var count = 0
    for var run in try ExportSample.all.get() {
      // Not even where the person asked to see them elsewhere.
      run.reveals = true
      let text = JUnitReport(run).text
      var values = ["demo-client-secret-for-pictures-only"]
      for record in run.transcript.stages {
        values += record.tokens.map(\.text) + record.values.filter(\.isSecret).map(\.value)
        for message in record.messages {
          let fields = (try? FormEncoding.decode(message.body)) ?? []
          values += fields.filter { ["code", "id_token", "access_token"].contains($0.name) }
            .map(\.value)
        }
      }
      for canary in Set(values.filter { $0.utf8.count >= 20 }) {
        count += 1
        let isThere = text.contains(canary)
        #expect(!isThere, "\(canary.prefix(8)) in \(run.origin)")
      }
    }
    #expect(count > 500)
  }

  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "report.xml").path)
  }

  @Test(.timeLimit(.minutes(1)))
  func `run writes its report also when it fails, and replaces an old one`() throws {
    try withFile { path in
      try Data("old".utf8).write(to: URL(filePath: path))
      let harness = try Harness()
      var configuration = harness.connection.configuration
      configuration.clientSecret = Secret("wrong-secret-wrong-secret")
      let outcome = RunCommand(
        session: harness.session, configuration: configuration, style: RunStyle(),
        sink: harness.sink,
        junit: try JUnitOrder.read(Invocation.parse(["run", "--junit", path]))
      ).run()
      #expect(outcome == .exit(ExitCode.provider))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.hasSuffix("</testsuites>\n") && text.contains("<error message="))
      #expect(!text.contains("wrong-secret-wrong-secret"))
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect((mode as? Int ?? 0) & 0o400 == 0o400)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `lab has a suite for each group and a case for each fault and type`() throws {
    try withFile { path in
      let words = ["lab", "alg-none", "swapped-code", "--junit", path]
      let invocation = try Invocation.parse(words)
      let outcome = LabCommand(
        order: try LabOrder.read(invocation), isJSON: false, style: PrintStyle(), sink: ListSink(),
        junit: try JUnitOrder.read(invocation)
      ).run()
      #expect(outcome == .exit(0))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.components(separatedBy: "<testsuite ").count == 3)
      #expect(text.contains("name=\"swapped-code (code id_token)\""))
    }
  }

  @Test func `check has a case for each finding`() {
    let findings = [
      CheckFinding("tls", .info, "fine"), CheckFinding("pkce", .warning, "hm", fix: "do"),
      CheckFinding("issuer-exact", .error, "no", evidence: "seen"),
      CheckFinding("discovery", .error, "not JSON", isUnreadable: true),
    ]
    let report = JUnitReport(findings, issuer: "https://t.example/", isWhole: false)
    #expect(report.suites.map(\.name) == ["https://t.example/"])
    #expect(
      report.suites[0].cases.map(\.outcome) == [
        .passed, .passed, .failed(message: "no", text: "seen"),
        .error(message: "not JSON", text: ""),
        .error(message: "The check was ended before it was done.", text: ""),
      ])
    #expect(report.suites[0].cases[1].output == "warning: hm\ndo")
  }

  @Test func `a place where no report can be made is refused before anything runs`() throws {
    for (words, part) in [
      (["run", "--junit", "/tmp"], "folder"), (["run", "--junit", "/dev/null"], "ordinary"),
      (["check", "--junit", "/does/not/exist.xml"], "/does/not"), (["run", "--junit", ""], "name"),
      (["lab", "--list", "--junit", "/tmp/x.xml"], "--list"),
    ] {
      do throws(UsageError) {
        _ = try JUnitOrder.read(try Invocation.parse(words))
        Issue.record("\(words) was taken")
      } catch {
        #expect(error.message.contains(part), "\(error.message)")
      }
    }
  }
}
