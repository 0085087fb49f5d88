import Presentation
import Export
import HybridFlow
import OpenID
import Platform
import Settings
import TextUI

/// The options of `hybrid-flow export`, read from the command line.
public struct ExportOrder: Sendable {
  /// The form.
  public var format: ExportFormat
  /// The file; nil for standard output.
  public var path: String?
  /// Whether an existing file is replaced.
  public var replaces: Bool
  /// Whether secrets are shown.
  public var reveals: Bool
  /// The recording, by its file or its name; nil for a run of the connection.
  public var recording: String?
  /// The fault of the lab; nil for a run of the connection.
  public var lab: LabExport?
  /// The size of the screen, for the formats with one.
  public var size: ScreenSize
  /// The theme of the screen, by name or file.
  public var themeName: String

  /// Reads the options of the command.
  ///
  /// - Throws: ``UsageError`` that names the option and what to do.
  public static func read(_ invocation: Invocation) throws(UsageError) -> ExportOrder {
    guard let name = invocation[.format] else {
      throw UsageError("\"export\" needs --format: one of \(ExportFormat.names).")
    }
    guard let format = ExportFormat(rawValue: name) else {
      let near = Spelling.nearest(to: name, among: ExportFormat.allCases.map(\.rawValue))
      throw UsageError(
        "--format \(name): it is one of \(ExportFormat.names)."
          + (near.map { " Did you mean \($0)?" } ?? ""))
    }
    var order = ExportOrder(
      format: format, path: invocation[.output].flatMap { $0.isIdentical(to: "-") ? nil : $0 },
      replaces: invocation.has(.force), reveals: invocation.has(.reveal),
      size: WalkFrames.usualSize, themeName: invocation[.theme] ?? ThemeLibrary.darkID)
    if let text = invocation[.size] { order.size = try size(text) }
    order.recording = invocation.operands.first
    if let name = order.recording, let vain = vainWithRecording(invocation) {
      throw UsageError(
        "\(vain) means nothing with the recording \(name), which is exported as it is: leave one "
          + "out.")
    }
    if let id = invocation[.lab] {
      order.lab = try LabExport.read(id, invocation)
    } else if invocation.has(.withoutCheck) {
      throw UsageError("--without-check needs --lab FAULT as well.")
    }
    if let path = order.path {
      // Stage 1 has a picture in every export.
      let first = order.isFolder ? path + WalkFrames.pictureName(.login) : path
      try ExportFile.check(first, replaces: order.replaces)
    }
    return order
  }

  /// The first option that only concerns a run, although a recording is exported.
  private static func vainWithRecording(_ invocation: Invocation) -> String? {
    // Those of a HAR stand in the group of the output.
    let counts: Set<Setting.Group> = [.export, .output, .general]
    return Setting.options(of: .export).first { option in
      invocation.has(option) && (!counts.contains(option.group) || option == .lab)
    }?.name
  }

  /// Whether pictures are written into a folder, one per stage.
  public var isFolder: Bool { format == .svg && path?.ends(with: "/") == true }

  private static func size(_ text: String) throws(UsageError) -> ScreenSize {
    let parts = text.split(at: "x", omittingEmptySubsequences: false).map { Int($0) }
    let (least, most) = (WalkFrames.smallest, WalkFrames.largest)
    guard parts.count == 2, let columns = parts[0], let rows = parts[1],
      (least.columns...most.columns).contains(columns), (least.rows...most.rows).contains(rows)
    else {
      throw UsageError(
        "--size \(text): give columns and rows from \(least) to \(most), like 110x32.")
    }
    return ScreenSize(columns: columns, rows: rows)
  }

  /// Writes the export and says where it is.
  ///
  /// - Returns: False when the reader of standard output has gone.
  /// - Throws: ``UsageError`` when a file cannot be written.
  public func deliver(
    _ run: ExportedRun, theme: Theme, to sink: any TextSink
  ) throws(UsageError) -> Bool {
    guard let path else {
      return sink.write(run.text(as: format, size: size, theme: theme))
    }
    if isFolder {
      let pictures = WalkFrames(run, theme: theme).pictures(size: size)
      for picture in pictures {
        try ExportFile.write(picture.svg, to: path + picture.name, replaces: replaces)
      }
      tell(sink, "\(pictures.count) pictures in \(path)")
      return true
    }
    let text = run.text(as: format, size: size, theme: theme)
    try ExportFile.write(text, to: path, replaces: replaces)
    tell(sink, "\(text.utf8.count) bytes of \(format.rawValue) in \(path)")
    return true
  }

  private func tell(_ sink: any TextSink, _ words: String) {
    let secrets = reveals ? "NOT masked" : "masked"
    sink.complain("hybrid-flow: \(HarmlessText.line(words)), secrets \(secrets).\n")
  }
}
