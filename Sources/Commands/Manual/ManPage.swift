import HybridFlow
import OpenID
import Platform
import Presentation
import Settings

/// The manual page in section 1, made from the tables of the parser, the keys and the exit codes.
public enum ManPage {
  /// The page in the language of man(7), plain ASCII.
  public static var text: String {
    var lines = [
      ".\\\" Made by: hybrid-flow man",
      ".TH HYBRID\\-FLOW 1 \(ProgramVersion.date) \"hybrid\\-flow \(ProgramVersion.text)\" "
        + "\"User commands\"",
      ".SH NAME",
      "hybrid\\-flow \\- walk through the OpenID Connect hybrid flow, stage by stage",
      ".SH SYNOPSIS",
    ]
    for command in Subcommand.listed {
      let operands = command.operands.isEmpty ? "" : " " + escaped(command.operands)
      if command != .explore { lines.append(".br") }
      lines.append("\\fBhybrid\\-flow \(command.rawValue)\\fR [\\fIoptions\\fR]\(operands)")
    }
    lines += description + commands + options + exitCodes + environment + files + security + keys
    lines += [
      ".SH SEE ALSO", ".BR curl (1),", ".BR openssl (1)", ".PP",
      "OpenID Connect Core 1.0, section 3.3: authentication using the hybrid flow.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let description = [
    ".SH DESCRIPTION",
    "Shows every message of a login on the wire, every token decoded, and every check with what",
    "was expected and what was found. It brings its own tenant, so it needs no account and no",
    "network; with an issuer and a client id it walks through yours.",
    ".PP",
    "Without a command it starts the explorer. Secrets, codes and tokens are masked until they",
    "are asked for. Plain http is for this machine only, and certificates are always verified.",
  ]

  private static var commands: [String] {
    var lines = [".SH COMMANDS"]
    for (purpose, commands) in HelpText.groups {
      lines.append(".SS \(escaped(purpose.title))")
      for command in commands {
        lines += [".TP", "\\fB\(command.rawValue)\\fR \(escaped(command.operands))".trimmed]
        lines.append(sentence(command.summary))
        for example in command.examples {
          lines += [".RS", ".PP", sentence(example.what), ".br"]
          lines += ["\\fB\(escaped(example.line))\\fR", ".RE"]
        }
      }
    }
    return lines
  }

  private static var options: [String] {
    var lines = [".SH OPTIONS"]
    for group in Setting.Group.allCases {
      lines.append(".SS \(escaped(group.rawValue))")
      for option in Setting.listed where option.group == group {
        lines.append(".TP")
        let argument = option.argument.map { " \\fI\(escaped($0))\\fR" } ?? ""
        lines.append("\\fB\(escaped(option.name))\\fR\(argument)")
        lines.append(sentence(option.help))
        let owners = Subcommand.listed.filter(option.commands.contains)
        if owners.count < Subcommand.listed.count {
          lines.append("Of: \(owners.map(\.rawValue).joined(separator: ", ")).")
        }
      }
    }
    return lines
  }

  private static var exitCodes: [String] {
    var lines = [".SH EXIT STATUS"]
    for meaning in ExitMeaning.all {
      lines += [".TP", ".B \(meaning.code)", escaped(meaning.text)]
    }
    return lines + [
      ".PP", "Where several hold, the first failure in the order of the flow decides.",
      "A signal kills the program by that signal, after the terminal was put back.",
    ]
  }

  private static var environment: [String] {
    var lines = [".SH ENVIRONMENT"]
    for variable in EnvironmentVariable.all {
      lines += [".TP", ".B \(escaped(variable.names.joined(separator: ", ")))"]
      lines.append(escaped(variable.text))
    }
    return lines
  }

  private static var files: [String] {
    let paths = ProgramPaths(environment: ["HOME": "~"])
    var lines = [".SH FILES"]
    for (path, text) in [
      (paths.settingsFile, "Profiles, keys, theme and glyphs. It must be yours alone (mode 0600)."),
      (paths.themes, "Your own themes, one JSON file each."),
      (paths.recordings, "Recordings, one JSON object a line."),
      (
        paths.workshop,
        "Position and clock of a workshop while it is given; in $XDG_RUNTIME_DIR if there is one."
      ),
    ] {
      lines += [".TP", ".I \(escaped(path))", escaped(text)]
    }
    return lines + [".PP", "\\fBhybrid\\-flow paths\\fR says where they are for you."]
  }

  private static let security = [
    ".SH SECURITY",
    "The client secret is never an argument, and no browser or clipboard program gets its",
    "variable. A profile\\(aqs secret and key are used at the profile\\(aqs own issuer only: with",
    "another \\fB\\-\\-issuer\\fR beside \\fB\\-\\-profile\\fR they stay where they are.",
    ".PP",
    "A provider\\(aqs document is somebody else\\(aqs text. An issuer elsewhere that names an endpoint",
    "on this machine or in a private network is refused before anything is sent there, in every",
    "spelling of the address; names are not looked up. What is typed, such as \\fB\\-\\-api\\fR, is",
    "the person\\(aqs word. An endpoint with a byte that no URI has is refused. Whatever opens the",
    "browser gets the address with everything percent\\-encoded that a shell would read.",
  ]

  private static var keys: [String] {
    var lines = [
      ".SH KEYS", "In the explorer, ? shows what is on the screen and the keys that matter for it;",
      ": or Ctrl\\-P finds everything by a part of its name.",
    ]
    for row in KeyDocument.rows {
      lines += [".TP", ".B \(escaped(row.keys))", escaped(row.help)]
    }
    lines.append(".SS Lines behind the colon")
    for row in KeyDocument.lines {
      lines += [".TP", ".B \(escaped(row.line))", escaped(row.help)]
    }
    return lines
  }

  private static func sentence(_ text: String) -> String {
    let isName = text.before(anyOf: " ,").holds(anyOf: "0123456789_")
    let end = text.suffix(bytes: 1).holds(anyOf: ".?!") ? "" : "."
    return escaped((isName ? text : text.capitalized) + end)
  }

  /// Text with the characters escaped that have a meaning in the language.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "\"": result += "\\(dq"
      case "\n": result += " "
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let hex = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - hex.utf8.count)))\(hex)]"
      }
    }
    // A line that begins with a point is a command.
    return result.begins(with: ".") ? "\\&" + result : result
  }
}

extension String {
  fileprivate var trimmed: String { dropping(suffix: " ").map { String($0) } ?? self }
}
