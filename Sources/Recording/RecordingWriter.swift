import Cryptography
import HybridFlow
import OpenID
import Redaction

/// Turns the events of one run into the lines of its recording.
///
/// It runs two machines: one on the real events, one on the redacted events. The first gives the
/// verdicts; the second gives their wording, because it never saw a secret.
public struct RecordingWriter: Sendable {
  private var mask: EventMask?
  private let title: String
  private var real = FlowMachine()
  private var shadow = FlowMachine()
  private var written: [StoredVerdicts] = []

  /// Makes a writer for one run.
  ///
  /// - Parameter key: The key for placeholders; forgotten with the writer. Nil keeps all secrets.
  public init(key: [UInt8]?, replacesPersonal: Bool, title: String = "") {
    self.title = title
    mask = key.map { key in
      EventMask(replacesPersonal: replacesPersonal) { bytes in
        // Without libcrypto all placeholders would be equal, and would still hide everything.
        (try? MessageAuthentication.code(bytes, key: key)) ?? []
      }
    }
  }

  /// Makes a writer for a run with this configuration and a random key.
  ///
  /// - Throws: `CryptoError` when there is no randomness.
  init(_ configuration: FlowConfiguration, keepsSecrets: Bool) throws(CryptoError) {
    self.init(
      key: keepsSecrets ? nil : try Randomness.bytes(32),
      replacesPersonal: !configuration.observesTenant)
  }

  /// A text of the program without the secrets seen so far.
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

  /// The verdicts since the last event.
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
  /// The verdicts of the run, in the wording of the redacted run.
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
