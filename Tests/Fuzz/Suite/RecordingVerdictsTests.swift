import Foundation
import TestSupport
import Testing

@testable import OpenID
@testable import Presentation
@testable import Recording

/// Found while fuzzing: every line of verdicts was compared with all before it.
@Suite struct `Verdicts of a recording` {
  private func recording(_ verdicts: [(place: String, status: String)]) throws -> [UInt8] {
    let corpus = try `Parsers under mutation`.corpus("recording")
    let seed = try #require(corpus.first).bytes
    // The header and the event that starts the run.
    var bytes = Array(seed.split(separator: 0x0A).prefix(2).joined(separator: [0x0A])) + [0x0A]
    for (place, status) in verdicts {
      let line: JSONValue = [
        "verdicts": .string(place), "status": .string(status), "checks": .array([]),
      ]
      bytes += Array((line.compactText + "\n").utf8)
    }
    return bytes
  }

  @Test func `what was written last counts, in its place`() throws {
    let bytes = try recording([("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")])
    let verdicts = try Recording.read(bytes).verdicts
    #expect(verdicts.map(\.place) == ["a", "c", "b"])
    #expect(verdicts.map(\.status) == ["3", "4", "5"])
  }

  @Test func `many lines take a time in proportion`() throws {
    func time(_ count: Int) throws -> Duration {
      let bytes = try recording((0..<count).map { ("place \($0)", "done") })
      let start = ProcessorClock.now
      #expect(try Recording.read(bytes).verdicts.count == count)
      return ProcessorClock.now - start
    }
    // Ten times the lines: ten times the time, where looking back made it up to a hundred times.
    let few = try time(4000)
    let many = try time(40000)
    #expect(many < few * 25, "\(few), then \(many)")
  }
}
