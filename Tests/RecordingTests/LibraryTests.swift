import OpenID
import Recordings
import Testing
import TestSupport

@testable import Commands
@testable import Lab
@testable import Recording
@testable import HybridFlow

/// The recordings that come along.
@Suite(.serialized) struct LibraryTests {
  @Test func `each gives the verdicts that are stored in it`() throws {
    let store = RecordingStore(folder: "/nonexistent")
    #expect(store.shipped.count >= 15)
    for item in store.shipped {
      let recording = try store.open(item.name)
      var replay = ReplayRun(recording)
      while !replay.isAtEnd { replay.step() }
      #expect(replay.differences == [], "\(item.name)")
      let played = StoredVerdicts.all(in: replay.machine.transcript)
      for row in recording.verdicts { #expect(played.contains(row), "\(item.name): \(row.place)") }
      #expect(recording.verdicts.count >= 10 && !recording.header.keepsSecrets, "\(item.name)")
      #expect(item.header?.title.isEmpty == false, "\(item.name)")
      let isHonest = item.name.hasPrefix("honest-")
      #expect((replay.machine.transcript.failure == nil) == isHonest, "\(item.name)")
      // The check that the lab promises is the one that is seen.
      if let fault = Lab.fault(item.name), case .check(let id) = fault.catcher {
        let failed = replay.machine.transcript.checks.filter { $0.verdict == .fail }.map(\.id)
        #expect(failed.contains(id), "\(item.name)")
      }
    }
    let types = store.shipped.filter { $0.name.hasPrefix("honest-") }
      .compactMap { $0.header?["response_type"] }
    #expect(Set(types) == Set(ResponseType.allCases.map(\.rawValue)))
  }

  @Test func `made anew they are the same, to the last byte`() throws {
    let made = try RecordingLibrary.make()
    let embedded = EmbeddedRecordings.all()
    #expect(made.map(\.name) == embedded.map(\.name))
    for (new, old) in zip(made, embedded) {
      // Compared before, or a failure would print every byte.
      let isSame = new.bytes == old.bytes
      #expect(
        isSame,
        "\(new.name): hybrid-flow replay --make Sources/Recordings/recordings.pack makes them anew")
    }
  }

  @Test func `a pack gives back what went in, and bad bytes give nothing`() throws {
    var generator = SeededGenerator(seed: 1)
    let files: [(name: String, bytes: [UInt8])] = (0..<6).map { number in
      let word = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
      return ("file-\(number)", (0..<(number * 30)).flatMap { _ in word })
    }
    let packed = Pack.pack(files)
    let unpacked = Pack.unpack(packed)
    #expect(unpacked.map(\.name) == files.map(\.name))
    #expect(unpacked.map(\.bytes) == files.map(\.bytes))
    #expect(packed.count < files.reduce(0) { $0 + $1.bytes.count } / 10)
    for _ in 0..<2000 {
      var bytes = packed
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      _ = Pack.unpack(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
    }
  }
}
