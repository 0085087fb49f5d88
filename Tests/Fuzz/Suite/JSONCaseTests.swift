import OpenID
import Testing

@Suite struct `JSON by its grammar` {
  private func reads(_ bytes: [UInt8]) -> Bool {
    (try? JSONParser.parse(bytes)) != nil
  }

  @Test func `there are enough cases and none stands twice`() {
    let texts =
      (JSONCases.accepted + JSONCases.refused).flatMap(\.texts) + JSONCases.chosen.map(\.text)
    #expect(texts.count + JSONCases.notUTF8.count >= 150)
    let accepted = Set(JSONCases.accepted.flatMap(\.texts).map { Array($0.utf8) })
    let refused = Set(JSONCases.refused.flatMap(\.texts).map { Array($0.utf8) })
    #expect(accepted.isDisjoint(with: refused))
  }

  @Test func `what every reader accepts`() {
    for group in JSONCases.accepted {
      for text in group.texts {
        #expect(reads(Array(text.utf8)), "\(text.debugDescription): \(group.why)")
      }
    }
  }

  @Test func `what every reader refuses`() {
    for group in JSONCases.refused {
      for text in group.texts {
        #expect(!reads(Array(text.utf8)), "\(text.debugDescription): \(group.why)")
      }
    }
  }

  @Test func `what is left to the reader`() {
    for (text, accepts, why) in JSONCases.chosen {
      #expect(reads(Array(text.utf8)) == accepts, "\(text.debugDescription): \(why)")
    }
  }

  @Test func `what is not UTF-8 is refused`() {
    for (bytes, why) in JSONCases.notUTF8 { #expect(!reads(bytes), "\(bytes): \(why)") }
  }
}
