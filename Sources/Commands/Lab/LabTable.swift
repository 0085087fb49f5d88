import HybridFlow
import Lab
import OpenID
import TextUI

/// The matrix as a table of at most 80 columns: a row for each fault, a column for each response
/// type.
struct LabTable {
  let style: PrintStyle
  private var isASCII: Bool { style.isASCII }

  private static let columns = HelpText.columns
  /// Room for the place where it was caught, such as `5/8` or `end`.
  private static let placeWidth = 3
  private let nameWidth = (Lab.faults + Lab.harmless).map(\.id.count).max() ?? 0

  /// The legend of marks and letters.
  var opening: String {
    let (caught, missed, off, none) = (mark(.caught), mark(.missed), mark(.switchedOff), blank)
    return """
      i  code id_token    t  code token    b  both: code id_token token
      \(caught)  caught as it must be    \(missed)  missed, or a false alarm    end  after the flow
      \(off)  its check is switched off    \(none)  means nothing in this type

      """ + "\n" + row("", "itb", "at", "caught by")
  }

  /// A heading between the rows.
  func heading(_ group: LabFault.Group) -> String { "\n\(style.ink(.strong, group.rawValue))\n" }

  /// The row of the honest flows.
  func honest(_ outcomes: [LabOutcome]) -> String {
    row("honest flows", marks(outcomes), "", "nothing, as it must be") + details(outcomes)
  }

  /// The row of a fault, and below it all unexpected results.
  func row(_ fault: LabFault, _ outcomes: [LabOutcome]) -> String {
    let stages = Set(fault.types.map { fault.stage(for: $0).number }).sorted()
    let place = fault.then.isEmpty ? stages.map(String.init).joined(separator: "/") : "end"
    var caughtBy = fault.caughtBy
    if case .tenant = fault.catcher { caughtBy = "the tenant: " + caughtBy }
    if fault.group == .harmless {
      return row(fault.id, marks(outcomes), "", "nothing, as it must be") + details(outcomes)
    }
    return row(fault.id, marks(outcomes), place, caughtBy) + details(outcomes)
  }

  private func row(_ name: String, _ marks: String, _ place: String, _ caughtBy: String) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    return "  \(padded(name, nameWidth)) \(marks) \(padded(place, Self.placeWidth)) \(caughtBy)\n"
  }

  private func marks(_ outcomes: [LabOutcome]) -> String {
    [ResponseType.codeIDToken, .codeToken, .codeIDTokenToken].map { type in
      outcomes.first { $0.type == type }.map { style.ink($0.status.tone, mark($0.status)) } ?? blank
    }.joined()
  }

  private var blank: String { isASCII ? "." : "\u{00B7}" }

  private func mark(_ status: LabOutcome.Status) -> String {
    switch status {
    case .caught: isASCII ? "+" : "\u{2713}"
    case .missed, .falseAlarm: isASCII ? "X" : "\u{2717}"
    case .switchedOff: "!"
    }
  }

  private func details(_ outcomes: [LabOutcome]) -> String {
    let text = LabText(style: style)
    return outcomes.filter { $0.status != .caught }.flatMap { outcome in
      HelpText.wrapped(
        "\(outcome.type.rawValue): \(text.summary(outcome)).", width: Self.columns - 6
      )
      .map { "      \($0)\n" }
    }.joined()
  }
}
