import HybridFlow
import Lab
import OpenID
import Recording
import Recordings
import Session

/// The recordings shipped with the program: made by the program itself, always the same.
public enum RecordingLibrary {
  /// The faults with a recording, in the order of the list.
  static let faults = [
    "swapped-code", "swapped-code-unsigned", "swapped-access-token", "replayed-id-token",
    "login-csrf", "mix-up", "edited-claims", "alg-none", "hs256-confusion",
    "aud-of-another-client", "expired", "redirect-uri-changed", "second-token-of-another-person",
    "userinfo-of-another-person", "metadata-of-another-issuer",
  ]

  /// The key of the placeholders.
  ///
  /// It is published here: the runs are of the demo tenant, and their secrets are worthless.
  private static let key = Array("placeholders of the recordings that come along".utf8)

  /// Makes every recording: name and file.
  ///
  /// - Throws: When the fixed key or the settings of the tenant cannot be used.
  public static func make() throws -> [(name: String, bytes: [UInt8])] {
    var files: [(name: String, bytes: [UInt8])] = []
    for type in ResponseType.allCases {
      var run = try Lab.run(of: nil, type: type)
      for action in [AfterAction.refresh, .userinfo, .logout] {
        run.post(.actionRequested(action))
      }
      let words = type.rawValue.split(at: " ").joined(separator: "-")
      files.append(
        ("honest-" + words, file(run, "The honest flow with \(type.rawValue), and what follows.")))
    }
    for id in faults {
      guard let fault = Lab.fault(id) else { continue }
      let run = try Lab.run(of: fault, type: fault.shown(with: .codeIDToken))
      files.append((id, file(run, fault.does)))
    }
    return files
  }

  private static func file(_ run: ScriptedRun, _ title: String) -> [UInt8] {
    var writer = RecordingWriter(key: key, replacesPersonal: false, title: title)
    var text = ""
    for item in run.tape { text += writer.lines(for: item.event, at: item.at).joined() }
    return Array(text.utf8)
  }

  /// All recordings in one file, as built into the program.
  ///
  /// - Throws: When it cannot be made.
  public static func pack() throws -> [UInt8] { Pack.pack(try make()) }
}
