import Foundation
import Testing

/// One piece of the language over and over: what is quadratic in the input shows here.
@Suite struct `Long and dull inputs` {
  /// The length of an input in bytes; far more than quadratic work allows in the time.
  private static let bytes =
    ProcessInfo.processInfo.environment["HYBRID_FLOW_FUZZ"] == nil ? 4 * 1024 : 32 * 1024
  private static let longest = Duration.seconds(20)

  @Test(arguments: FuzzParser.all.map(\.name))
  func `take a time in proportion`(name: String) throws {
    let parser = try #require(FuzzParser.named(name))
    let clock = ContinuousClock()
    let openings = try `Parsers under mutation`.corpus(name).prefix(1).map(\.bytes) + [[]]
    for word in parser.words {
      let word = Array(word.utf8)
      let body = (0..<(Self.bytes / word.count)).flatMap { _ in word }
      for opening in openings {
        let start = clock.now
        do {
          try parser.check(opening + body)
        } catch {
          Issue.record("\(name), \(String(decoding: word, as: UTF8.self)) repeated: \(error)")
        }
        let time = start.duration(to: clock.now)
        #expect(time < Self.longest, "\(name), \(word) repeated: \(time)")
        if ProcessInfo.processInfo.environment["HYBRID_FLOW_FUZZ"] != nil, time > .seconds(1) {
          print("\(name), \(String(decoding: word, as: UTF8.self).debugDescription): \(time)")
        }
      }
    }
  }
}
