import HybridFlow
import OpenID

@testable import Lab
@testable import Recording
@testable import Session

/// A key for placeholders that is always the same.
let testKey: [UInt8] = Array("a key for placeholders in tests".utf8)

extension Recording {
  /// The file of a run, with secrets when there is no key.
  static func file(
    of tape: [Stamped], key: [UInt8]? = testKey, replacesPersonal: Bool = true
  ) -> [UInt8] {
    var writer = RecordingWriter(key: key, replacesPersonal: replacesPersonal)
    var text = ""
    for item in tape { text += writer.lines(for: item.event, at: item.at).joined() }
    return Array(text.utf8)
  }
}

/// Runs the flow without sockets; the actions follow it.
func scriptedRun(
  fault: LabFault? = nil, type: ResponseType = .codeIDToken, then actions: [AfterAction] = []
) throws -> ScriptedRun {
  var run = try Lab.run(of: fault, type: type)
  for action in actions { run.post(.actionRequested(action)) }
  return run
}
