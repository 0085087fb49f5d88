import DemoTenant
import HybridFlow
import Lab
import OpenID
import TextUI
import Trial

/// What `test-app` prints for people.
struct TestAppText {
  let style: PrintStyle
  private var ink: Ink { style.ink }
  private static let columns = HelpText.columns
  /// The most faults with their lessons: more is no reading for a terminal.
  private static let mostLessons = 10

  private func mark(_ word: String) -> String {
    switch word {
    case "caught": ink(.pass, style.isASCII ? "+" : "✓")
    case "let_through": ink(.fail, style.isASCII ? "X" : "✗")
    case "unclear": ink(.warn, "?")
    default: ink(.muted, style.isASCII ? "-" : "–")
    }
  }

  /// How the application must be configured, before anything is asked.
  func opening(_ order: TestAppOrder, issuer: WebURL) -> String {
    let client = order.subject.client
    var rows = [("issuer", issuer.text), ("client id", client.id)]
    rows += client.redirectURIs.map { ("redirect URI", $0) }
    rows.append(("login begins", order.subject.start.text))
    if order.chromium != nil { rows.append(("browser", "Chromium, without a window")) }
    return rows.map { name, value in
      "\(ink(.muted, name.padded(to: 14)))\(HarmlessText.line(value))\n"
    }.joined() + "\n"
  }

  /// The honest logins.
  func honest(_ honest: HonestLogin) -> String {
    let seconds = honest.visits.first?.seconds ?? 0
    var lines = [
      "\(mark("caught")) honest login: signed in at \(honest.address), \(Self.tenths(seconds)) s"
    ]
    lines += indented("known by: \(honest.signs.words)")
    lines += indented("it asks for: \(uses(honest.traits))")
    return lines.joined(separator: "\n") + "\n\n"
  }

  private func uses(_ traits: ApplicationTraits) -> String {
    var words = [traits.type.rawValue]
    words.append(
      traits.takesFormPost ? "form_post" : traits.takesFragment ? "fragment" : "no form_post")
    words.append(traits.usesPKCE ? "PKCE" : "no PKCE")
    words.append(traits.asksUserinfo ? "userinfo" : "no userinfo")
    return words.joined(separator: ", ")
  }

  /// There was no honest login.
  func failure(_ error: HonestLoginError) -> String {
    var lines = ["\(mark("let_through")) no honest login: nothing else was tried", ""]
    lines += HelpText.wrapped(error.cause, width: Self.columns)
    lines += HelpText.wrapped(error.fix, width: Self.columns)
    if !error.seen.isEmpty {
      lines += ["", ink(.strong, "What was seen")]
      lines += error.seen.flatMap { indented($0) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The end: what was let through with its lesson, then the counts.
  func report(_ report: Trial.Report, seconds: Double, exit: Int32) -> String {
    var output = ""
    let library = LibraryAdvice.of(userAgent: report.honest.userAgent)
    let worst = report.mostSeriousFirst("let_through")
    for result in worst.prefix(Self.mostLessons) { output += full(result, library) + "\n" }
    for result in worst.dropFirst(Self.mostLessons) { output += short(result, details: false) }
    if worst.count > Self.mostLessons {
      output +=
        "\nThe first \(Self.mostLessons) have their lessons above; --markdown FILE has all.\n\n"
    }
    for result in report.results("unclear") { output += short(result, details: true) }
    if !report.results("unclear").isEmpty { output += "\n" }
    output += caught(report) + notApplicable(report)
    if let late = report.lateFailure {
      output +=
        HelpText.wrapped("\(late.cause) \(late.fix)", width: Self.columns)
        .joined(separator: "\n") + "\n\n"
    }
    return output + summary(report, seconds: seconds, exit: exit)
  }

  private func short(_ result: TrialResult, details: Bool) -> String {
    var lines = [
      "\(mark(result.verdict.word)) \(ink(.name, result.fault.id))  \(ink(.muted, result.fault.caughtBy))"
    ]
    lines += indented(result.verdict.why)
    if details { lines += result.seen.flatMap { indented("– " + $0, bullet: true) } }
    return lines.joined(separator: "\n") + "\n"
  }

  private func full(_ result: TrialResult, _ library: LibraryAdvice?) -> String {
    let fault = result.fault
    var output = short(result, details: true)
    var rows = [("the fault", fault.does), ("the gain", fault.gain), ("why", fault.lesson)]
    if let check = fault.check { rows.append(("the check", check.rule)) }
    rows.append(("section", fault.sections.map(\.description).joined(separator: "; ")))
    if let library, let advice = library.advice(for: fault) {
      rows.append((library.name, advice))
    }
    for (name, words) in rows {
      output += indented("\(name): \(words)").joined(separator: "\n") + "\n"
    }
    return output
  }

  private func caught(_ report: Trial.Report) -> String {
    let results = report.results("caught")
    guard !results.isEmpty else { return "" }
    let names = results.map(\.fault.id).joined(separator: ", ")
    return "\(mark("caught")) caught, \(results.count)\n"
      + indented(names).joined(separator: "\n") + "\n\n"
  }

  /// What was not tried, by reason, the most frequent first.
  private func notApplicable(_ report: Trial.Report) -> String {
    let results = report.results("not_applicable")
    guard !results.isEmpty else { return "" }
    var output = "\(mark("")) not applicable, \(results.count)\n"
    var reasons: [(why: String, names: [String])] = []
    for result in results {
      if let index = reasons.firstIndex(where: { $0.why == result.verdict.why }) {
        reasons[index].names.append(result.fault.id)
      } else {
        reasons.append((result.verdict.why, [result.fault.id]))
      }
    }
    for (why, names) in reasons.sorted(by: { $0.names.count > $1.names.count }) {
      output += indented("\(why): \(names.joined(separator: ", "))").joined(separator: "\n") + "\n"
    }
    return output + "\n"
  }

  private func summary(_ report: Trial.Report, seconds: Double, exit: Int32) -> String {
    let counts = ["caught", "let_through", "unclear", "not_applicable"].map {
      (word: $0.split(at: "_").joined(separator: " "), count: report.results($0).count)
    }
    let line = counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
    let title =
      switch exit {
      case ExitCode.success: "Everything that applies was caught."
      case ExitCode.person: "The application does not sign in any more."
      default:
        report.results("let_through").isEmpty
          ? "Not everything could be judged." : "Your application lets something through."
      }
    guard style.hasCards else { return "\(title)\n\(line), in \(Self.tenths(seconds)) s\n" }
    var card = Card(title, exit == ExitCode.success ? .pass : .fail)
    card.corner = "exit \(exit)"
    card.rows = counts.map { ($0.word, String($0.count)) }
    card.rows.append(("time", "\(Self.tenths(seconds)) s"))
    return card.text(columns: Self.columns, isASCII: style.isASCII, ink: ink)
  }

  private func indented(_ text: String, bullet: Bool = false) -> [String] {
    let lines = HelpText.wrapped(HarmlessText.line(text), width: Self.columns - 4)
    return lines.enumerated().map { (bullet && $0 > 0 ? "    " : "  ") + $1 }
  }

  /// Seconds with one digit after the point.
  static func tenths(_ seconds: Double) -> String {
    let tenths = Int64((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension Trial.Report {
  /// The results of a verdict, by what an attacker gains.
  func mostSeriousFirst(_ word: String) -> [TrialResult] {
    let ranked = results(word).enumerated().map { ($0, $1.fault.group.seriousness, $1) }
    return ranked.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.2)
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - unicodeScalars.count))
  }
}
