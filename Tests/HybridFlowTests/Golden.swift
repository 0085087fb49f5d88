import Foundation
import Testing

/// Compares a text with a file of `Goldens`.
///
/// With `RECORD_GOLDENS=1` in the environment the file is written anew, and the test fails, so that
/// nobody records by accident.
func expectGolden(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens").appending(path: name)
  if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) was recorded", sourceLocation: sourceLocation)
    return
  }
  let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  guard kept != text else { return }
  let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
  let new = text.split(separator: "\n", omittingEmptySubsequences: false)
  let changes = new.difference(from: old).prefix(40).map { change in
    switch change {
    case .insert(let line, let text, _): "+\(line + 1) \(text)"
    case .remove(let line, let text, _): "-\(line + 1) \(text)"
    }
  }
  Issue.record(
    "\(name) is not what it was:\n\(changes.joined(separator: "\n"))",
    sourceLocation: sourceLocation)
}
