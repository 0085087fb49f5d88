import HybridFlow
import OpenID
import Presentation

/// `hybrid-flow compare`: two recordings side by side.
public struct CompareFace {
  private let comparison: RunComparison

  /// Goes through both to their ends.
  public init(_ first: (Recording, String), _ second: (Recording, String)) {
    comparison = RunComparison(Self.side(first.0, first.1), Self.side(second.0, second.1))
  }

  /// A recording at its end, as it may be shown.
  static func side(_ recording: Recording, _ name: String) -> RunComparison.Side {
    var replay = ReplayRun(recording)
    replay.finish()
    let transcript = replay.machine.transcript
    var secrets = transcript.secrets + WireSecrets.all(in: transcript)
    if let secret = recording.configuration?.clientSecret {
      secrets.append(KnownSecret(secret.reveal(), keepsEnds: false))
    }
    return RunComparison.Side(name: name, transcript: transcript, masker: Masker(secrets: secrets))
  }

  /// For people.
  public func text(isASCII: Bool) -> String {
    comparison.text(width: 100, glyphs: isASCII ? .ascii : .unicode)
  }

  /// A line for each row.
  public var json: String {
    comparison.rows.map { row in
      RunJSON.text(
        of: [
          "part": .string(row.part.rawValue), "place": .string(row.place),
          "name": .string(row.name), "kind": .string(row.kind.rawValue),
          "first": row.first.map(JSONValue.string) ?? .null,
          "second": row.second.map(JSONValue.string) ?? .null,
        ])
    }.joined()
  }
}

extension ExplorerFace {
  /// Lays the run on the screen beside a recording.
  func compare(with name: String) {
    guard let shelf else { return }
    do throws(UsageFault) {
      let recording = try shelf.open(shelf.own.first { $0.name == name }?.path ?? name)
      let transcript = session.machine.transcript
      var secrets = transcript.secrets + WireSecrets.all(in: transcript)
      if let secret = session.configuration?.clientSecret {
        secrets.append(KnownSecret(secret.reveal(), keepsEnds: false))
      }
      let this = RunComparison.Side(
        name: session.replay == nil ? "this run" : replayName ?? "this recording",
        transcript: transcript, masker: Masker(secrets: secrets))
      model.offer(comparison: RunComparison(this, CompareFace.side(recording, name)))
    } catch {
      model.tell(HarmlessText.line(error.message))
    }
  }
}
