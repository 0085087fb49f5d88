import TestSupport
import Testing

@testable import Redaction

@Suite struct SecretMatcherTests {
  private func matcher(_ values: [String]) -> SecretMatcher {
    var matcher = SecretMatcher()
    for value in values { _ = matcher.add(Array(value.utf8)) }
    return matcher
  }

  private func replaced(_ values: [String], in text: String) -> String {
    let bytes = matcher(values).replacing(in: Array(text.utf8)) { Array("<\($0)>".utf8) }
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  @Test func `values that overlap are replaced together`() {
    let values = ["abcdefgh", "efghijklm", "12345678"]
    #expect(replaced(values, in: "abcdefgh efghijklm") == "<0> <1>")
    #expect(replaced(values, in: "-abcdefghijklm-") == "-<1>-")
    #expect(replaced(values, in: "abcdefghabcdefgh12345678") == "<0><0><2>")
    #expect(replaced(values, in: "abcdefg") == "abcdefg")
    #expect(replaced(["abcdefgh", "xabcdefghx"], in: "xabcdefghx abcdefgh") == "<1> <0>")
  }

  @Test func `a value is known once, and a short one never`() {
    var matcher = SecretMatcher()
    let added = ["12345678", "12345678", "1234567", "123456789"].map {
      matcher.add(Array($0.utf8))
    }
    #expect(added == [true, false, false, true])
  }

  @Test func `every occurrence goes, and nothing else`() {
    var random = SeededGenerator(seed: 7)
    func word(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8(0x61 + random.next(below: 2)) }
    }
    for _ in 0..<400 {
      var matcher = SecretMatcher()
      var values: [[UInt8]] = []
      for _ in 0..<4 {
        let value = word(8 + random.next(below: 4))
        if matcher.add(value) { values.append(value) }
      }
      let text = word(random.next(below: 200))
      var isSecret = [Bool](repeating: false, count: text.count)
      for value in values {
        for start in 0..<max(0, text.count - value.count + 1)
        where text[start...].starts(with: value) {
          for index in start..<(start + value.count) { isSecret[index] = true }
        }
      }
      let output = matcher.replacing(in: text) { _ in [0x2E] } ?? text
      let left = output.split(separator: 0x2E)
      #expect(!left.contains { part in values.contains { String(part).contains(String($0)) } })
      #expect(output.count { $0 != 0x2E } >= isSecret.count { !$0 })
      #expect(Set(matcher.matches(in: text).map(\.value)).count <= values.count)
    }
  }
}

extension String {
  fileprivate init(_ bytes: some Sequence<UInt8>) {
    self.init(decoding: Array(bytes), as: UTF8.self)
  }
}
