import HybridFlow
import OpenID
import Testing
import TextUI

@testable import Export
@testable import Lab
@testable import Session

/// Runs to export, each made once: time and chance are fixed.
enum ExportSample {
  static let honest = Result { try of(nil, .codeIDToken) }

  /// Every fault of the lab once, and an honest run of each response type.
  static let all = Result {
    try ResponseType.allCases.map { try of(nil, $0) }
      + Lab.faults.map { try of($0, $0.types[0]) }
  }

  static func of(_ fault: LabFault?, _ type: ResponseType) throws -> ExportedRun {
    var configuration: FlowConfiguration?
    let scene = ScriptedRun.Scene(fault: fault?.tenantFault, attack: fault?.attack)
    var run = try ScriptedRun(scene: scene) {
      $0.responseType = type
      fault?.configure(&$0, type: type)
      configuration = $0
    }
    run.runToEnd()
    return ExportedRun(
      transcript: run.machine.transcript, configuration: try #require(configuration),
      password: Secret("hybrid"), origin: fault.map { .lab(fault: $0.id) } ?? .live)
  }

  static let theme = Result { try ThemeLibrary().theme(ThemeLibrary.darkID).theme }

  static func text(
    _ run: ExportedRun, _ format: ExportFormat, size: ScreenSize = WalkFrames.usualSize
  ) throws -> String {
    run.text(as: format, size: size, theme: try theme.get())
  }
}
