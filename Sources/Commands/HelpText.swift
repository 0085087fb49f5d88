import Diagnosis
import HybridFlow
import OpenID
import Settings

/// The help, printed from the tables: examples first, no line over 80 columns.
public enum HelpText {
  static let columns = 80

  /// The help of the whole program: with the prompt below it, one screen of 24 rows.
  public static var program: String {
    var lines = ["hybrid-flow: the ten stages of the OpenID Connect hybrid flow, step by step."]
    for (purpose, commands) in groups {
      if purpose == .housekeeping {
        lines.append("\(purpose.title): \(commands.map(\.rawValue).joined(separator: ", "))")
        continue
      }
      lines.append(purpose.title)
      for command in commands {
        lines += row(command.rawValue, command.summary, indent: 2, at: 16)
      }
    }
    lines += [
      "Your own tenant: hybrid-flow explore --issuer URL --client-id ID",
      "A command's examples and options: hybrid-flow help COMMAND",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The commands by what people want, as every list of them shows them.
  static var groups: [(purpose: Purpose, commands: [Subcommand])] {
    Purpose.allCases.map { purpose in
      (purpose, Subcommand.listed.filter { $0.purpose == purpose })
    }
  }

  /// The help of a command.
  public static func command(_ command: Subcommand) -> String {
    var usage = "hybrid-flow \(command.rawValue)"
    if !command.operands.isEmpty { usage += " \(command.operands)" }
    var lines = ["\(usage) [options]: \(command.summary).", "", "Examples"]
    lines = wrapped(lines[0], width: columns) + lines.dropFirst()
    for (line, what) in command.examples { lines += example(line, what) }
    for group in Setting.Group.allCases {
      let options = Setting.listed(for: command).filter { $0.group == group }
      if options.isEmpty { continue }
      lines += ["", group.rawValue]
      for option in options {
        let left = option.name + (option.argument.map { " " + $0 } ?? "")
        lines += row(left, option.help, indent: 2, at: 28)
      }
    }
    if command == .check {
      lines += [
        "", "Exit codes: 0 nothing is wrong, 1 machine, 2 usage, 3 something is wrong,",
        "5 network or protocol. Nothing is ever written to the tenant.",
      ]
    }
    if command == .export {
      lines += [
        "", "Secrets, codes and tokens are masked, and every export says so at its head.", "",
        "Exit codes: 0 exported, however the run ended; 1 machine, 2 usage or a file that",
        "cannot be written.",
      ]
    }
    if command == .drill { lines += DrillOrder.help }
    if command == .workshop { lines += WorkshopRequest.help }
    if command == .help {
      lines += [
        "", "'hybrid-flow help presets' lists the presets of providers and of frameworks;",
        "'hybrid-flow help NAME' says what to switch on at one of them.",
      ]
    }
    if command == .run || command == .explore || command == .export {
      lines += [
        "", "The client secret is never an argument: HYBRID_FLOW_CLIENT_SECRET, a file, a",
        "command, or the answer to a question. $BROWSER names the browser.",
      ]
    }
    if command == .run {
      lines += [
        "", "Exit codes: 0 passed, 1 machine, 2 usage, 3 a check failed, 4 the provider",
        "refused, 5 network or protocol, 6 the person declined or did not come back.",
      ]
    }
    if command == .decode {
      lines += [
        "", "Exit codes: 0 nothing failed, 2 nothing recognised or usage, 3 a check failed,",
        "5 the keys of --issuer could not be fetched.",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The commands as a table in Markdown; the first of a group stands beside the group's name.
  public static var markdown: String {
    let rows = groups.flatMap { purpose, commands in
      commands.enumerated().map { index, command in
        // A vertical bar would end the table cell.
        let operands = command.operands.split(at: "|").joined(separator: "\\|")
        return "| \(index == 0 ? "**\(purpose.title)** " : "")"
          + "| `hybrid-flow \(command.rawValue)\(operands.isEmpty ? "" : " " + operands)` "
          + "| \(command.summary) |"
      }
    }
    return (["| | command | what it does |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
  }

  private static func example(_ line: String, _ what: String) -> [String] {
    // If they do not fit side by side, the explanation is below.
    line.count + what.count + 6 <= columns
      ? ["  \(line)  # \(what)"] : ["  # \(what)", "  \(line)"]
  }

  private static func row(
    _ left: String, _ right: String, indent: Int, at column: Int
  ) -> [String] {
    let start = String(repeating: " ", count: indent) + left
    let text = wrapped(right, width: columns - column)
    let margin = String(repeating: " ", count: column)
    guard start.count + 1 < column, let first = text.first else {
      return [start] + text.map { margin + $0 }
    }
    let padded = start + String(repeating: " ", count: column - start.count) + first
    return [padded] + text.dropFirst().map { margin + $0 }
  }

  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(at: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
