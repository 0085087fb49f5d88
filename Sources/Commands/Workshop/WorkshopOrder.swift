import Explorer
import OpenID
import Platform
import Presentation
import Settings

/// The options of `hybrid-flow workshop`, read from the command line.
public struct WorkshopRequest: Sendable {
  /// What is wanted.
  public enum Purpose: Sendable, Equatable {
    /// Give it in the explorer.
    case give
    /// Print the entries with their minutes.
    case list
    /// Print the built-in list.
    case printScript
    /// Show the notes, and follow the workshop that is given.
    case notes
    /// Write the pages to hand out into this folder.
    case handout(folder: String, answers: Bool)
  }

  /// What is wanted.
  public var purpose: Purpose
  /// The workshop.
  public var workshop: Workshop

  /// Reads the options of the command.
  ///
  /// - Throws: ``UsageError`` that names the option, or file and line, and what to do.
  public static func read(_ invocation: Invocation) throws(UsageError) -> WorkshopRequest {
    let purposes: [Setting] = [.list, .printScript, .notes, .handout]
    let given = purposes.filter(invocation.has)
    guard given.count < 2 else {
      throw UsageError(
        "\(given[0].name) and \(given[1].name) are two things to do: leave one out.")
    }
    if invocation.has(.answers), !invocation.has(.handout) {
      throw UsageError("--answers says what a handout tells: give --handout DIR as well.")
    }
    let workshop: Workshop
    if let path = invocation[.script] {
      workshop = try WorkshopFile.read(path)
    } else {
      workshop = try WorkshopFile.builtIn()
    }
    return WorkshopRequest(purpose: purpose(invocation, given.first), workshop: workshop)
  }

  private static func purpose(_ invocation: Invocation, _ option: Setting?) -> Purpose {
    switch option {
    case Setting.list?: .list
    case Setting.printScript?: .printScript
    case Setting.notes?: .notes
    case Setting.handout?:
      .handout(folder: invocation[.handout] ?? "", answers: invocation.has(.answers))
    default: .give
    }
  }

  /// The entries with their minutes, one a line.
  public var listing: String {
    let spans = workshop.entries.indices.map { workshop.spanText(of: $0) }
    let width = spans.map(\.count).max() ?? 0
    let lines = zip(spans, workshop.entries).map { span, entry in
      let gap = String(repeating: " ", count: width - span.count + 2)
      let fault = entry.fault.map { id in
        "  (\(id)" + (entry.isCheckOff ? ", check off)" : ")")
      }
      return "  \(span)\(gap)\(entry.title)\(fault ?? "")\n"
    }
    return "\(workshop.title)\n\n" + lines.joined()
      + "\n\(workshop.entries.count) entries, \(workshop.minutes) minutes.\n"
  }

  /// The end of the command's help.
  static var help: [String] {
    let keys =
      "Two keys give it: Right, Space or PgDn for the next step, Left or PgUp for the one before, "
      + "as a remote control for slides sends them. P stops the clock, q leaves."
    let codes =
      "Exit codes: 0 given, listed or written; 1 machine; 2 usage, a list that cannot be read, or "
      + "--notes where no workshop is given."
    return [""] + HelpText.wrapped(keys, width: HelpText.columns) + [
      "", "A list of your own is JSON: \"title\", and \"entries\", an array of objects with",
      "  minutes        a whole number",
      "  title          a few words",
      "  question       what the room is asked, alone on the screen",
      "  answer         what stands below when it is answered",
      "  say            for the notes; may be left out",
      "  show           stages and views, such as [\"5 wire\", \"5 checks\"]",
      "  fault          a fault of the lab, in place of an honest run; then show",
      "  check          what must catch it; may be left out, and must be right",
      "  without_check  true: the check is off, and the run goes on to its end",
      "--print-script prints the built-in list, to be changed.", "",
    ] + HelpText.wrapped(codes, width: HelpText.columns)
  }
}
