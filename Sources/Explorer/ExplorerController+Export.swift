import Export
import HybridFlow
import Lab
import OpenID
import Platform
import Presentation
import Session
import Settings

extension ExplorerController {
  /// The current run, always redacted: secrets shown on the screen must not stay in a file or on a
  /// clipboard.
  var exportedRun: ExportedRun {
    var run = ExportedRun(
      transcript: session.machine.transcript, configuration: configuration,
      redirectURI: session.redirectURI)
    if let lab = model.summary.lab {
      run.summary.lab = lab
      run.origin = .lab(fault: lab.entry.id)
    }
    if session.replay != nil { run.origin = .replay(of: replayName ?? "") }
    return run
  }

  /// Exports the run, and says where it is.
  ///
  /// - Parameter path: The file; nil for a generated name in the current folder.
  func export(_ format: ExportFormat, to path: String?) {
    let run = exportedRun
    let path = path.map(expanded) ?? Self.fileName(format, run.transcript)
    do throws(UsageError) {
      try ExportFile.write(run.text(as: format, theme: model.theme), to: path)
      model.tell("\(HarmlessText.line(path)) is written, secrets masked.")
    } catch {
      // `--force` exists on the command line only.
      model.tell(
        HarmlessText.line(
          error.kind == .fileExists
            ? "\(path) is there already: it stays as it is. Name another file." : error.message))
    }
  }

  /// A name with the start time of the run: `hybrid-flow-20261123-090000.har`.
  static func fileName(_ format: ExportFormat, _ transcript: Transcript) -> String {
    let text = transcript.startedAt.map { CivilTime($0).text } ?? ""
    let digits = String(decoding: text.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self)
    return
      "hybrid-flow-\(digits.prefix(bytes: 8))-\(digits.suffix(bytes: 6)).\(format.fileExtension)"
  }

  /// A path with `~` replaced by the person\u{2019}s home folder.
  private func expanded(_ path: String) -> String {
    guard path.begins(with: "~/"), let home = session.options.environment["HOME"] else {
      return path
    }
    return home + path.dropFirst(bytes: 1)
  }
}
