import Cryptography
import HybridFlow
import OpenID
import Redaction

/// Turns the events of one run into the lines of its recording.
///
/// It runs the machine along twice, over what happened and over what is written: the first says
/// what was decided, the second how that may be said, for it never saw a secret.
public struct RecordingWriter: Sendable {
  private var mask: EventMask?
  private let title: String
  private var real = FlowMachine()
  private var shadow = FlowMachine()
  private var written: [StoredVerdicts] = []

  /// Makes a scribe for one run.
  ///
  /// - Parameter key: What placeholders are made with; forgotten with the scribe. Nil keeps every
  ///   secret.
  public init(key: [UInt8]?, replacesPersonal: Bool, title: String = "") {
    self.title = title
    mask = key.map { key in
      EventMask(replacesPersonal: replacesPersonal) { bytes in
        // Without libcrypto all placeholders would be alike, and would still hide everything.
        (try? MessageAuthentication.code(bytes, key: key)) ?? []
      }
    }
  }

  /// Makes a scribe for a run with this configuration; the key is drawn.
  ///
  /// - Throws: `CryptoError` when there is no randomness.
  init(_ configuration: FlowConfiguration, keepsSecrets: Bool) throws(CryptoError) {
    self.init(
      key: keepsSecrets ? nil : try Randomness.bytes(32),
      replacesPersonal: !configuration.observesTenant)
  }

  /// A text of the program without the secrets that have been seen.
  func mask(_ text: String) -> String { mask?.mask(text) ?? text }

  /// The lines for an event, each with its line break; the header comes before the first.
  public mutating func lines(for event: FlowEvent, at: UnixTime) -> [String] {
    var lines: [JSONValue] = []
    if case .started(let configuration, _) = event, real.transcript.startedAt == nil {
      let header = RecordingHeader(
        configuration, at: at, keepsSecrets: mask == nil, title: title)
      lines.append(header.json)
    }
    let kept = mask?.mask(event) ?? event
    let (name, data) = EventCoder.json(kept)
    var line: JSONValue = ["at": .number(JSONNumber(at.milliseconds)), "event": .string(name)]
    for (name, value) in data {
      if let value { line.set(name, value) }
    }
    lines.append(line)
    _ = real.handle(event, at: at)
    _ = shadow.handle(kept, at: at)
    lines += verdicts().map(\.json)
    return lines.map { $0.compactText + "\n" }
  }

  /// What was decided since the last event.
  private mutating func verdicts() -> [StoredVerdicts] {
    let decided = StoredVerdicts.all(in: real.transcript)
    let said = StoredVerdicts.all(in: shadow.transcript)
    var new: [StoredVerdicts] = []
    for (index, row) in decided.enumerated() {
      let twin = said.indices.contains(index) ? said[index] : nil
      let safe = row.worded(as: twin) { mask?.mask($0) ?? $0 }
      if written.indices.contains(index), written[index] == safe { continue }
      if written.indices.contains(index) { written[index] = safe } else { written.append(safe) }
      new.append(safe)
    }
    return new
  }
}

extension StoredVerdicts {
  /// The verdicts of the run, in the words of the run without secrets.
  func worded(as twin: StoredVerdicts?, mask: (String) -> String) -> StoredVerdicts {
    var output = self
    let fits = twin?.checks.map(\.id) == checks.map(\.id)
    for index in checks.indices {
      let other = fits ? twin?.checks[index] : nil
      if let other, other.status == checks[index].status {
        output.checks[index] = other
      } else {
        output.checks[index].expected = checks[index].expected.map(mask)
        output.checks[index].found = checks[index].found.map(mask)
      }
    }
    return output
  }
}
