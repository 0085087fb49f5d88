import Diagnosis
import Settings

extension ProviderPreset {
  /// The help about the provider.
  public var help: String {
    var lines = ["\(title): --preset \(rawValue)", ""]
    let options = needs.map { " \($0.setting.name) \($0.example)" }.joined()
    lines += ["  hybrid-flow check --preset \(rawValue)\(options) \\", "    --client-id ID"]
    lines += ["", "Issuer"]
    lines += HelpText.wrapped(issuerShape, width: 76).map { "  " + $0 }
    lines += ["", "To switch on there"]
    for (number, step) in consoleSteps.enumerated() {
      let text = HelpText.wrapped(step, width: 72)
      for (index, line) in text.enumerated() {
        lines.append(index == 0 ? "  \(number + 1). \(line)" : "     \(line)")
      }
    }
    lines += ["", "Worth knowing"]
    for note in notes {
      for (index, line) in HelpText.wrapped(note, width: 74).enumerated() {
        lines.append((index == 0 ? "  - " : "    ") + line)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
