import OpenID
import TextUI

/// A report in JUnit’s XML, as continuous integration reads it.
///
/// Texts may come from outside: what a terminal or XML cannot carry is made visible. Secrets are
/// masked before they come here.
public struct JUnitReport: Sendable, Equatable {
  /// What was tested.
  public var name: String
  /// The suites, in order.
  public var suites: [JUnitSuite]

  /// Makes a report.
  public init(name: String, suites: [JUnitSuite] = []) { (self.name, self.suites) = (name, suites) }

  /// XML 1.0 in UTF-8.
  public var text: String {
    let all = suites.flatMap(\.cases)
    let seconds = suites.reduce(0) { $0 + $1.seconds }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites\(XML.attributes([("name", name)] + JUnitSuite.counts(all, seconds)))>\n"
      + suites.map(\.text).joined() + "</testsuites>\n"
  }
}

/// One suite of a report.
public struct JUnitSuite: Sendable, Equatable {
  /// What its cases have in common.
  public var name: String
  /// The cases, in order.
  public var cases: [JUnitCase]
  /// How long it took, in seconds.
  public var seconds: Double

  /// Makes a suite.
  public init(name: String, cases: [JUnitCase] = [], seconds: Double = 0) {
    (self.name, self.cases, self.seconds) = (name, cases, seconds)
  }

  fileprivate var text: String {
    let counts = Self.counts(cases, seconds)
    return "  <testsuite\(XML.attributes([("name", name)] + counts))>\n"
      + cases.map(\.text).joined() + "  </testsuite>\n"
  }

  fileprivate static func counts(_ cases: [JUnitCase], _ seconds: Double) -> [(String, String)] {
    var (failures, errors, skipped) = (0, 0, 0)
    for item in cases {
      switch item.outcome {
      case .passed: break
      case .failed: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
    return [
      ("tests", "\(cases.count)"), ("failures", "\(failures)"), ("errors", "\(errors)"),
      ("skipped", "\(skipped)"), ("time", XML.seconds(seconds)),
    ]
  }
}

/// One case of a suite.
public struct JUnitCase: Sendable, Equatable {
  /// How a case ended.
  public enum Outcome: Sendable, Equatable {
    /// As it should.
    case passed
    /// What was tested is wrong: in a sentence, and at length.
    case failed(message: String, text: String)
    /// It could not be tested, because something else went wrong.
    case error(message: String, text: String)
    /// It was not tested, for this reason.
    case skipped(String)
  }

  /// What was tested.
  public var name: String
  /// The group under which readers list it, with dots between its parts.
  public var className: String
  /// How long it took, in seconds.
  public var seconds: Double
  /// How it ended.
  public var outcome: Outcome
  /// What is worth knowing besides; empty when nothing is.
  public var output: String

  /// Makes a case.
  public init(
    name: String, className: String, seconds: Double = 0, outcome: Outcome, output: String = ""
  ) {
    self.name = name
    self.className = className
    self.seconds = seconds
    self.outcome = outcome
    self.output = output
  }

  fileprivate var text: String {
    let inside = ending + (output.isEmpty ? "" : XML.element("system-out", [], output))
    let head =
      "    <testcase"
      + XML.attributes([
        ("name", name), ("classname", className), ("time", XML.seconds(seconds)),
      ])
    return inside.isEmpty ? head + "/>\n" : head + ">\n\(inside)    </testcase>\n"
  }

  private var ending: String {
    switch outcome {
    case .passed: ""
    case .failed(let message, let text): XML.element("failure", [("message", message)], text)
    case .error(let message, let text): XML.element("error", [("message", message)], text)
    case .skipped(let why): XML.element("skipped", [("message", why)], "")
    }
  }
}

/// The little of XML that a report needs.
private enum XML {
  /// Attributes, each behind a space, each value one line.
  static func attributes(_ pairs: [(String, String)]) -> String {
    pairs.map { " \($0.0)=\"\(SVGText.escaped($0.1))\"" }.joined()
  }

  /// An element of a case on lines of its own.
  static func element(_ name: String, _ pairs: [(String, String)], _ text: String) -> String {
    let head = "      <\(name)\(attributes(pairs))"
    guard !text.isEmpty else { return head + "/>\n" }
    let body = HarmlessText.lines(text).map(SVGText.escaped).joined(separator: "\n")
    return head + ">\(body)</\(name)>\n"
  }

  /// Seconds with three digits after the point.
  static func seconds(_ seconds: Double) -> String {
    let most = 1e12
    let milliseconds = Int64((min(max(seconds.isNaN ? 0 : seconds, 0), most) * 1000).rounded())
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }
}
