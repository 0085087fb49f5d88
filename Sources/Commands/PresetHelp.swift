import Diagnosis
import Settings

/// The help about all presets together.
public enum PresetHelp: Sendable {
  /// The topic's name.
  public static let name = "presets"
  /// What the topic is about.
  static let summary = "the presets of providers and frameworks"

  /// The topics about presets.
  public static var topics: [String] {
    [name] + ProviderPreset.allCases.map(\.rawValue) + FrameworkPreset.allCases.map(\.rawValue)
  }

  /// The list of all presets, in groups.
  public static var list: String {
    let all = ProviderPreset.allCases
    var lines = [
      "Providers: --preset NAME makes the issuer and sets what the provider demands", "",
    ]
    lines += all.filter { $0.withoutHybrid == nil }.map(row)
    lines += ["", "Providers without the hybrid flow: what to do there instead", ""]
    lines += all.filter { $0.withoutHybrid != nil }.map(row)
    lines += [
      "", "Frameworks: --framework NAME sends what an application of them sends by default,",
      "beside --issuer, --preset or the demo tenant", "",
    ]
    lines += FrameworkPreset.allCases.map { line($0.rawValue, $0.title) }
    lines += ["", "'hybrid-flow help NAME' says what to register, what to switch on, what fails."]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ preset: ProviderPreset) -> String {
    let options = preset.needs.filter { !$0.hasDefault }.map(\.setting.name)
    let needs = options.isEmpty ? "" : "; needs " + options.joined(separator: ", ")
    return line(preset.rawValue, preset.title + needs)
  }

  private static func line(_ name: String, _ text: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, 17 - name.utf8.count)) + text
  }

  /// Points, each wrapped at its mark.
  static func points(_ texts: [String], numbered: Bool = false) -> [String] {
    texts.enumerated().flatMap { number, text in
      let mark = numbered ? "\(number + 1). " : "- "
      let rest = String(repeating: " ", count: mark.utf8.count)
      return HelpText.wrapped(text, width: 76 - mark.utf8.count).enumerated().map { index, line in
        "  " + (index == 0 ? mark : rest) + line
      }
    }
  }
}

extension ProviderPreset {
  /// The help about the provider.
  public var help: String {
    var lines = ["\(title): --preset \(rawValue)", ""]
    if let withoutHybrid {
      let text = "No hybrid flow here: \(withoutHybrid) \(Self.insteadOfHybrid)"
      lines += HelpText.wrapped(text, width: 78) + [""]
    }
    let options = needs.map { " \($0.setting.name) \($0.example)" }.joined()
    let command = "hybrid-flow check --preset \(rawValue)\(options)"
    lines += HelpText.wrapped(command, width: 74).map { "  " + $0 + " \\" }
    lines += ["    --client-id ID" + moreOptions]
    lines += ["", "Issuer"]
    lines += HelpText.wrapped(issuerShape, width: 76).map { "  " + $0 }
    lines += ["", "To switch on there"] + PresetHelp.points(consoleSteps, numbered: true)
    lines += ["", "Worth knowing"] + PresetHelp.points(notes)
    return lines.joined(separator: "\n") + "\n"
  }

  /// What a run needs besides.
  private var moreOptions: String {
    switch self {
    case .apple: " --apple-key AuthKey_ID.p8 --apple-team ID"
    case .auth0FAPI, .openBankingUK: " --client-key FILE"
    case .auth0FAPIMutualTLS: " --client-key FILE --client-cert FILE"
    case .openFinanceBrazil: " --client-key FILE --encryption-key FILE"
    default: ""
    }
  }
}

extension FrameworkPreset {
  /// The help about the framework.
  public var help: String {
    var lines = ["\(title): --framework \(rawValue)", ""]
    lines += [
      "  hybrid-flow run --framework \(rawValue)",
      "  hybrid-flow run --framework \(rawValue) --preset entra --tenant ID \\",
      "    --client-id ID", "",
      "The first of the two runs at the demo tenant.",
    ]
    lines += ["", "What it sends"] + PresetHelp.points(facts)
    lines += ["", "What follows"] + PresetHelp.points(consequences)
    lines += [
      "", "An application of it waits at \(callbackPath).",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
