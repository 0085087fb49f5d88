import OpenID
import Testing

@testable import Export
@testable import HybridFlow
@testable import Lab
@testable import Session
@testable import Diagnosis

/// What strangers wrote stays text, in whichever form it is handed on.
@Suite struct ExportTextTests {
  /// Text that would like to be more: each piece holds the marker.
  static let hostile = [
    "PWNED ``` \n```\n# PWNED\n", "PWNED</code></summary></details><script>PWNED</script>",
    "`` PWNED `", "[PWNED](javascript:PWNED) ![PWNED](http://x.example/)",
    "@PWNED www.PWNED.example",
    "PWNED; participant X\nX->>X: PWNED", "%%{init: PWNED}%%", "PWNED #35; end \"quote\"",
    "$(touch PWNED) `touch PWNED` ${PWNED} 'PWNED' \\", "PWNED\u{1B}]0;PWNED\u{7}\u{202E}\u{0}\r\n",
    "| PWNED | a\\| |", "~~~\nPWNED", "    PWNED", "- PWNED\n> PWNED", "&lt;PWNED&gt; <!-- PWNED",
  ]

  /// The honest run with hostile text wherever strangers can put some.
  static func hostileRun() throws -> ExportedRun {
    var run = try ExportSample.of(Lab.fault("swapped-code"), .codeIDToken)
    for (index, stage) in Stage.allCases.enumerated() {
      let text = hostile[index % hostile.count]
      let all = hostile.joined(separator: "\n")
      run.transcript[stage].notes.append(Note(at: ScriptedRun.start, text: text))
      for number in run.transcript[stage].messages.indices {
        var message = run.transcript[stage].messages[number]
        switch message.content {
        case .request(var request):
          request.method = "GET \(text)"
          request.headers.add("X-\(text)", all)
          request.body += Array(all.utf8)
          message.content = .request(request)
        case .response(var response):
          response.reason = text
          response.headers.add("X-\(text)", all)
          response.body = Array(all.utf8)
          message.content = .response(response)
        }
        message.url += "/" + text
        run.transcript[stage].messages[number] = message
      }
      for number in run.transcript[stage].checks.indices {
        run.transcript[stage].checks[number].found = all
        run.transcript[stage].checks[number].why = text
      }
    }
    run.issuer = hostile[1]
    run.transcript[.callback].failure = .provider(
      .refused(
        OAuthError(endpoint: .token, code: hostile[0], description: hostile.joined())))
    run.diagnosis?.match.cause = hostile.joined(separator: " ")
    return run
  }

  /// The lines of a report outside its fenced blocks.
  private static func outside(_ text: String) -> (lines: [Substring], fences: Int) {
    var lines: [Substring] = []
    var fence: Substring?
    var count = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let ticks = line.prefix { $0 == "`" }
      if let open = fence {
        if ticks.count >= open.count, line == ticks { fence = nil }
      } else if ticks.count >= 3 {
        fence = ticks
        count += 1
      } else {
        lines.append(line)
      }
    }
    #expect(fence == nil, "a block that never ends")
    return (lines, count)
  }

  @Test func `nothing breaks out of the report`() throws {
    let text = try ExportSample.text(Self.hostileRun(), .markdown)
    #expect(text.contains("PWNED"))
    let (lines, fences) = Self.outside(text)
    #expect(fences > 20)
    let headings = lines.filter { $0.hasPrefix("#") }
    #expect(!headings.contains { $0.contains("PWNED") })
    let tags = lines.filter { $0.contains("<") && !$0.contains("\\<") }
    for line in tags {
      let isOurs =
        line == "<details>" || line == "</details>"
        || line.hasPrefix("<summary><code>") && line.hasSuffix("</code></summary>")
        // In a code span nothing is a tag.
        || line.hasPrefix("- ")
      #expect(isOurs, "\(line)")
      let summary = line.dropFirst("<summary><code>".count).dropLast("</code></summary>".count)
      if line.hasPrefix("<summary>") { #expect(!summary.contains { "<>`@*_[\"".contains($0) }) }
    }
    #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("\r"))
  }

  @Test(arguments: [
    ("a", "`a`"), ("", "`  `"), ("`", "`` ` ``"), ("a``b", "```a``b```"), (" a ", "`  a  `"),
    ("a\nb", "`a\u{240A}b`"),
  ])
  func `a code span holds any text`(text: String, wanted: String) {
    #expect(MarkdownText.code(text) == wanted)
  }

  // MARK: Mermaid

  /// The lines of the language that are used.
  private static func isOfTheGrammar(_ line: Substring) -> Bool {
    let actors = "[UMATR]"
    let label = #"(?:[A-Za-z0-9 /.,_():✗…’→-]|#\d+;)+"#
    let forms = [
      #"%% [^{}]*"#, "sequenceDiagram", "    participant \(actors) as (?:\u{2620} )?[A-Za-z]+",
      "    \(actors)-?->>\(actors): \(label)",
      "    Note over \(actors)(?:,\(actors))?: \(label)(?:<br/>\(label))*",
    ]
    return forms.contains { form in
      guard let pattern = try? Regex(form) else { return false }
      return (try? pattern.wholeMatch(in: line)) != nil
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `every diagram is of the grammar, line by line`() throws {
    var runs = try ExportSample.all.get()
    runs.append(try Self.hostileRun())
    for run in runs {
      let text = try ExportSample.text(run, .mermaid)
      let lines = text.split(separator: "\n")
      #expect(lines.count > 8)
      for line in lines { #expect(Self.isOfTheGrammar(line), "\(run.origin): \(line)") }
      let lanes = lines.prefix(8).dropFirst(2).filter { !$0.contains(" M as ") }
      #expect(
        lanes.prefix(5).map(String.init) == [
          "sequenceDiagram", "    participant U as User", "    participant A as Application",
          "    participant T as Tenant", "    participant R as API",
        ])
    }
    #expect(!Self.isOfTheGrammar("    A->>B: x"))
    #expect(!Self.isOfTheGrammar("    A->>T: x; y"))
  }

  @Test func `front is solid, back is dotted, and a failed check is marked`() throws {
    let run = try ExportSample.of(Lab.fault("swapped-code"), .codeIDToken)
    let text = try ExportSample.text(run, .mermaid)
    #expect(text.contains("    A-->>T: 1 GET /.well-known/openid-configuration\n"))
    #expect(
      text.contains(
        "    U->>M: 5 POST /callback\n    M->>A: 5 POST /callback #91;changed: swapped-code#93;\n"))
    #expect(text.contains("1 failed, 10 not run<br/>\u{2717} c-hash-match\n"))
    #expect(text.contains("Note over U,R: 5 the run stopped here: provider.check_failed"))
    #expect(!text.contains(">>T: 6 "))
  }

  // MARK: The report

  @Test func `the report shows both values of the failed check under each other`() throws {
    let run = try ExportSample.of(Lab.fault("swapped-code"), .codeIDToken)
    let text = try ExportSample.text(run, .markdown)
    let check = try #require(
      run.transcript.checks.first { $0.id == .cHashMatch && $0.verdict == .fail })
    let (expected, found) = (try #require(check.expected), try #require(check.found))
    #expect(text.contains("```text\nexpected  \(expected)\nfound     \(found)\nwhy "))
    #expect(text.hasPrefix("# Hybrid flow: failed at stage 5\n\n> Masked: "))
    #expect(text.contains("- **Exit code**: 3\n"))
    #expect(text.contains("## Diagnosis\n\n- **Cause**: "))
    let passed = run.transcript[.callback].checks.count { $0.verdict == .pass }
    #expect(
      text.contains(
        "| 5 | The tenant answers by form post | **failed** | \(passed) passed, 1 failed"))
  }

  @Test(.timeLimit(.minutes(2)))
  func `a report of any run fits into a ticket, and says at its head what is masked`() throws {
    for run in try ExportSample.all.get() {
      let text = try ExportSample.text(run, .markdown)
      #expect(text.count < 65_536, "\(run.origin): \(text.count)")
      #expect(text.split(separator: "\n").dropFirst().first?.hasPrefix("> Masked: ") == true)
      #expect(text.contains("passed") == true)
    }
  }

  @Test func `a report of a talkative tenant is cut until it fits`() throws {
    var run = try ExportSample.honest.get()
    for stage in Stage.allCases {
      for number in run.transcript[stage].messages.indices {
        guard case .response(var response) = run.transcript[stage].messages[number].content
        else { continue }
        response.headers.add("X-Long", String(repeating: "h", count: 5000))
        response.body = Array(String(repeating: "b", count: 50_000).utf8)
        let more = Array(repeating: run.transcript[stage].messages[number], count: 3)
        run.transcript[stage].messages[number].content = .response(response)
        run.transcript[stage].messages += more.map { message in
          var message = message
          message.content = .response(response)
          return message
        }
      }
    }
    let text = try ExportSample.text(run, .markdown)
    #expect(text.count < 65_536)
    #expect(text.contains("[cut here: 50000 bytes in all; the HAR export has them]"))
  }

  @Test func `a run that is under way is called so, and has no exit code`() throws {
    var run = try ExportSample.honest.get()
    #expect(try ExportSample.text(run, .markdown).contains("# Hybrid flow: passed\n"))
    run.transcript = run.transcript.asOf(.prompt)
    let text = try ExportSample.text(run, .markdown)
    #expect(text.hasPrefix("# Hybrid flow: under way\n"))
    #expect(!text.contains("Exit code") && text.contains("**Outcome**: under way; 3 of 10"))
  }

  @Test func `a replay is named as one everywhere`() throws {
    var run = try ExportSample.honest.get()
    run.origin = .replay(of: "lesson\u{1B}.jsonl")
    for format in ExportFormat.allCases {
      let text = try ExportSample.text(run, format)
      #expect(text.contains("REPLAY"), "\(format)")
      #expect(format == .asciicast || !text.contains("\u{1B}"))
    }
  }
}
