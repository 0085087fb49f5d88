import Export
import Glibc
import HybridFlow
import Network
import OpenID
import Platform
import Preflight
import Session
import Settings
import TextUI

/// `hybrid-flow check`: checks a tenant and prints the findings.
public final class CheckCommand {
  private let check: TenantCheck
  private let loop: PollLoop
  private let sink: any TextSink
  private let isJSON: Bool
  private let ink: Ink
  private let issuer: String
  private let tenant: TenantHost?
  private let junit: JUnitOrder?
  private var findings: [CheckFinding] = []
  private var report: CheckReport?
  private var endingSignal: Int32?
  private var hasReaders = true

  /// Makes a command that has not started; the demo tenant lives as long as the command.
  public init(
    _ connection: Connection, tenant: TenantHost? = nil, loop: PollLoop, sink: any TextSink,
    isJSON: Bool, ink: Ink = Ink(), junit: JUnitOrder? = nil
  ) {
    self.junit = junit
    let configuration = connection.configuration
    check = TenantCheck(loop: loop, configuration: configuration, options: connection.session)
    tenant?.register(redirectURI: check.redirectURI, clientID: configuration.clientID)
    tenant?.enforce(configuration.rules)
    self.tenant = tenant
    self.loop = loop
    self.sink = sink
    self.isJSON = isJSON
    self.ink = ink
    issuer = configuration.issuer.text
  }

  /// Runs the check, and returns at its end.
  public func run() -> RunOutcome {
    let outcome = look()
    guard let junit else { return outcome }
    let report = JUnitReport(report?.findings ?? findings, issuer: issuer, isWhole: report != nil)
    return junit.write(report, of: outcome, complainingTo: sink)
  }

  private func look() -> RunOutcome {
    check.onFinding = { [weak self] in self?.tell($0) }
    check.onReport = { [weak self] in self?.report = $0 }
    if !isJSON { write("Looking at \(HarmlessText.line(issuer))\n\n") }
    check.start()
    while report == nil, endingSignal == nil, hasReaders { loop.turn() }
    if let endingSignal {
      check.cancel()
      return .signal(endingSignal)
    }
    guard hasReaders, let report else {
      check.cancel()
      return .signal(SIGPIPE)
    }
    write(isJSON ? CheckReport.json(report).compactText + "\n" : CheckText.summary(report))
    return .exit(report.exitCode)
  }

  /// Ends by a signal, in the next turn of the loop.
  public func stop(bySignal number: Int32) {
    endingSignal = number
    loop.post {}
  }

  private func tell(_ finding: CheckFinding) {
    findings.append(finding)
    write(isJSON ? CheckReport.json(finding).compactText + "\n" : CheckText.finding(finding, ink))
  }

  private func write(_ text: String) {
    if hasReaders, !sink.write(text) { hasReaders = false }
  }
}

/// The findings as text for people.
enum CheckText {
  static func finding(_ finding: CheckFinding, _ ink: Ink) -> String {
    let word = finding.severity == .info ? "ok" : finding.severity.rawValue
    let mark = word + String(repeating: " ", count: max(1, 9 - word.utf8.count))
    let tone: Ink.Tone =
      switch finding.severity {
      case .error: .fail
      case .warning: .warn
      case .info: .pass
      }
    var lines = [
      "\(ink(tone, mark))\(ink(.strong, finding.id)): "
        + folded(finding.message, behind: finding.id.utf8.count + 2)
    ]
    if !finding.evidence.isEmpty { lines.append(margin + folded(finding.evidence)) }
    if let blame = finding.blame {
      lines.append("\(margin)\(ink(.strong, "Who:")) " + folded("\(blame.words).", behind: 5))
    }
    if let fix = finding.fix {
      lines.append("\(margin)\(ink(.pass, "Fix:")) " + folded(fix, behind: 5))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static let columns = 80
  private static let margin = String(repeating: " ", count: 9)

  /// A text in lines of 80 columns, all of them behind the margin; a word is never broken, so that
  /// addresses can be copied.
  ///
  /// - Parameter behind: The columns that something before it takes of the first line.
  private static func folded(_ text: String, behind used: Int = 0) -> String {
    var output = ""
    var width = margin.utf8.count + used
    for word in HarmlessText.line(text).split(at: " ") {
      let size = CellWidth.width(of: String(word))
      if !output.isEmpty {
        let fits = width + 1 + size < columns
        output += fits ? " " : "\n" + margin
        width = fits ? width + 1 : margin.utf8.count
      }
      output += word
      width += size
    }
    return output
  }

  static func summary(_ report: CheckReport) -> String { "\n\(report.summary)\n" }
}

extension CheckReport {
  /// A finding as one object.
  static func json(_ finding: CheckFinding) -> JSONValue {
    [
      "type": "finding", "id": .string(finding.id),
      "severity": .string(finding.severity.rawValue),
      "message": .string(HarmlessText.line(finding.message)),
      "evidence": .string(HarmlessText.line(finding.evidence)),
      "fix": finding.fix.map { .string(HarmlessText.line($0)) } ?? .null,
      "blame": finding.blame.map { .string($0.rawValue) } ?? .null,
      "spec": finding.spec.map { .string($0.description) } ?? .null,
    ]
  }

  /// The end of the report as one object.
  static func json(_ report: CheckReport) -> JSONValue {
    [
      "type": "result",
      "status": .string(report.exitCode == ExitCode.success ? "passed" : "failed"),
      "exit": .number(JSONNumber(Int64(report.exitCode))), "issuer": .string(report.issuer),
      "errors": .number(JSONNumber(Int64(report.count(.error)))),
      "warnings": .number(JSONNumber(Int64(report.count(.warning)))),
      "message": .string(report.summary),
    ]
  }
}
