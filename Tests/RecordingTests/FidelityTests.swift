import Cryptography
import HybridFlow
import OpenID
import Testing

@testable import Lab
@testable import Recording
@testable import Session

/// What was decided is decided again, on a recording without its secrets.
@Suite(.serialized) struct FidelityTests {
  /// Plays a file and returns what differs from the run.
  func differences(
    _ run: ScriptedRun, _ name: String, replacesPersonal: Bool
  ) throws -> [String] {
    let recording = try Recording.read(
      Recording.file(of: run.tape, replacesPersonal: replacesPersonal))
    var replay = ReplayRun(recording)
    replay.finish()
    let stored = StoredVerdicts.all(in: run.machine.transcript)
    let played = StoredVerdicts.all(in: replay.machine.transcript)
    #expect(recording.verdicts.count == stored.count, "\(name)")
    var output = replay.differences
    // Word for word what the file says, and rule by rule what the run said.
    for row in recording.verdicts where !played.contains(row) {
      output.append("\(row.place) is worded otherwise")
    }
    func rows(_ list: [StoredVerdicts]) -> [String] {
      list.flatMap { place in
        ["\(place.place) \(place.status) \(place.failure ?? "")"]
          + place.checks.map { "\(place.place) \($0.id) \($0.status)" }
      }
    }
    let (then, now) = (rows(stored), rows(played))
    output += then.filter { !now.contains($0) }.map { "lost: " + $0 }
    output += now.filter { !then.contains($0) }.map { "new: " + $0 }
    return output
  }

  @Test(arguments: ResponseType.allCases, [true, false])
  func `the honest flow and what follows it`(type: ResponseType, personal: Bool) throws {
    let run = try scriptedRun(type: type, then: AfterAction.all)
    #expect(run.machine.transcript.failure == nil)
    #expect(run.machine.transcript.afterwards.count == AfterAction.all.count)
    #expect(try differences(run, type.rawValue, replacesPersonal: personal) == [])
  }

  @Test(.timeLimit(.minutes(5))) func `every fault of the lab`() async throws {
    for fault in Lab.faults {
      for type in fault.types {
        await Task.yield()
        let run = try scriptedRun(fault: fault, type: type)
        let name = "\(fault.id) (\(type.rawValue))"
        #expect(try differences(run, name, replacesPersonal: true) == [], "\(name)")
      }
    }
  }

  @Test(arguments: ["swapped-code", "second-token-missing", "double-post", "no-pkce"])
  func `what a fault has changed is known from the file too, masked`(id: String) throws {
    let fault = try #require(Lab.fault(id))
    let run = try scriptedRun(fault: fault, type: fault.shown(with: .codeIDToken))
    let secrets = run.machine.transcript.tokens.map(\.text)
    let file = Recording.file(of: run.tape, replacesPersonal: true)
    var replay = ReplayRun(try Recording.read(file))
    replay.finish()
    let (then, now) = (
      run.machine.transcript.changedMessages, replay.machine.transcript.changedMessages
    )
    #expect(!then.isEmpty && then.count == now.count)
    for (old, new) in zip(then, now) {
      #expect(new.original != nil && (old.honest == nil) == (new.honest == nil))
      let body = new.honest.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
      #expect(!secrets.contains { $0.utf8.count >= 20 && body.contains($0) })
    }
  }

  @Test func `with secrets everything is as it was`() throws {
    let run = try scriptedRun(type: .codeIDTokenToken, then: [.refresh, .logout])
    let recording = try Recording.read(Recording.file(of: run.tape, key: nil))
    #expect(recording.events == run.tape)
    var replay = ReplayRun(recording)
    replay.finish()
    #expect(replay.machine == run.machine)
    #expect(recording.header.keepsSecrets)
  }
}

extension FidelityTests {
  /// A test that cannot fail proves nothing: what is found is part of the recording.
  @Test func `with other findings other verdicts come out, and that is told`() throws {
    let run = try scriptedRun()
    let text = String(decoding: Recording.file(of: run.tape), as: UTF8.self)
    for (old, new) in [
      ("\"findings\":[\"valid\",", "\"findings\":[\"invalid\","),
      ("\"digest\":\"", "\"digest\":\"AAAA"),
    ] {
      #expect(text.contains(old))
      var replay = ReplayRun(try Recording.read(Array(text.replacing(old, with: new).utf8)))
      replay.finish()
      #expect(replay.differences.contains { $0.contains("callback") }, "\(new)")
    }
  }
}

extension FidelityTests {
  @Test(arguments: [SignatureAlgorithm.es256, .es384, .ps512, .edDSA])
  func `other signatures and other digests`(algorithm: SignatureAlgorithm) throws {
    let key = try SigningKey.generate(algorithm, keyID: "other")
    var run = try ScriptedRun(scene: ScriptedRun.Scene(keys: [key])) {
      $0.responseType = .codeIDTokenToken
    }
    run.runToEnd()
    run.post(.actionRequested(.refresh))
    #expect(run.machine.transcript.firstFailure == nil)
    #expect(try differences(run, algorithm.rawValue, replacesPersonal: true) == [])
  }

  @Test(.timeLimit(.minutes(5))) func `faults whose check is switched off`() async throws {
    var wentOn = 0
    for fault in Lab.faults {
      guard case .check(let id) = fault.catcher, fault.stops, let type = fault.types.first else {
        continue
      }
      await Task.yield()
      let run = try Lab.run(of: fault, type: type, checksOff: fault.companions.union([id]))
      if run.machine.transcript.failure == nil { wentOn += 1 }
      #expect(try differences(run, fault.id, replacesPersonal: true) == [], "\(fault.id)")
    }
    #expect(wentOn > 40, "\(wentOn) went on to the end")
  }
}
