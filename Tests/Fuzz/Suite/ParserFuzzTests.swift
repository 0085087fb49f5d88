import Foundation
import TestSupport
import Testing

/// Every parser against its corpus and what a seeded mutator makes of it.
@Suite struct `Parsers under mutation` {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Inputs for each parser: HYBRID_FLOW_FUZZ asks for more.
  static let count =
    ProcessInfo.processInfo.environment["HYBRID_FLOW_FUZZ"].flatMap(Int.init) ?? 300
  static let seed =
    ProcessInfo.processInfo.environment["HYBRID_FLOW_FUZZ_SEED"].flatMap(UInt64.init) ?? 7

  /// More than any input of 16 KiB takes, on a slow and busy machine with sanitizers, too.
  private static let longest = Duration.seconds(5)

  static func corpus(_ parser: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = folder.appending(path: "Corpus/\(parser)")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      ($0, Array(try Data(contentsOf: folder.appending(path: $0))))
    }
  }

  @Test func `every parser has a corpus and every corpus a parser`() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Self.folder.appending(path: "Corpus").path)
    #expect(Set(folders) == Set(FuzzParser.all.map(\.name)))
  }

  @Test(arguments: FuzzParser.all.map(\.name))
  func `what holds for the corpus`(name: String) throws {
    let parser = try #require(FuzzParser.named(name))
    let corpus = try Self.corpus(name)
    #expect(!corpus.isEmpty)
    for (file, bytes) in corpus {
      do {
        try parser.check(bytes)
      } catch {
        Issue.record("\(name)/\(file): \(error)")
      }
    }
  }

  @Test(arguments: FuzzParser.all.map(\.name))
  func `what holds for mutations of it`(name: String) throws {
    let parser = try #require(FuzzParser.named(name))
    var mutator = Mutator(
      seeds: try Self.corpus(name).map(\.bytes) + [[]], words: parser.words.map { Array($0.utf8) },
      random: SeededGenerator(seed: Self.seed))
    let clock = ContinuousClock()
    for number in 0..<Self.count {
      let bytes = mutator.next()
      let start = clock.now
      do {
        try parser.check(bytes)
      } catch {
        let text = Data(bytes).base64EncodedString()
        Issue.record("\(name), input \(number): \(error); base64 of the input: \(text)")
        return
      }
      let time = start.duration(to: clock.now)
      #expect(time < Self.longest, "\(name), input \(number) of \(bytes.count) bytes: \(time)")
    }
  }

  @Test func `a broken property is noticed`() {
    let parser = FuzzParser(name: "none", words: []) { bytes in
      try demand(!bytes.contains(0x7A), "a z")
    }
    #expect(throws: PropertyFault.self) { try parser.check(Array("xyz".utf8)) }
    #expect(throws: Never.self) { try parser.check(Array("xy".utf8)) }
  }
}
