import Foundation
import OpenID
import TestSupport
import Testing

/// JSON, forms and URLs read here and by Python's library; `decoders.py` lists what differs.
@Suite struct `Decoders agree with Python` {
  static let python = Script.pythons.first

  /// What a reader of this program says, in the words of `decoders.py`; nil where the program has
  /// a limit that Python has not.
  private static func ours(_ kind: String, _ bytes: [UInt8]) throws -> JSONValue? {
    switch kind {
    case "json":
      do throws(JSONError) {
        var out: [String] = []
        canonical(try JSONParser.parse(bytes), into: &out)
        return ["ok": true, "value": .string(out.joined(separator: " "))]
      } catch {
        return error.reason == .tooDeep ? nil : ["ok": false]
      }
    case "form":
      guard let fields = try? FormEncoding.decode(bytes) else { return ["ok": false] }
      let rows = fields.map { JSONValue.array([.string(hex($0.name)), .string(hex($0.value))]) }
      return ["ok": true, "value": .array(rows)]
    default:
      guard let text = String(validating: bytes, as: UTF8.self), let url = try? WebURL(text) else {
        return ["ok": false]
      }
      let value: JSONValue = [
        "scheme": .string(url.scheme), "host": .string(url.host),
        "port": .number(JSONNumber(Int64(url.explicitPort ?? -1))), "path": .string(url.path),
        "query": url.query.map(JSONValue.string) ?? .null,
        "fragment": url.fragment.map(JSONValue.string) ?? .null,
      ]
      return ["ok": true, "value": value]
    }
  }

  private static func hex(_ text: some Sequence<UInt8>) -> String {
    text.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func hex(_ text: String) -> String { hex(text.utf8) }

  private static func canonical(_ value: JSONValue, into out: inout [String]) {
    switch value {
    case .null: out.append("n")
    case .bool(let flag): out.append(flag ? "t" : "f")
    case .number(let number): out.append("#" + number.literal)
    case .string(let text): out.append("s" + hex(text))
    case .array(let elements):
      out.append("[")
      for element in elements { canonical(element, into: &out) }
      out.append("]")
    case .object(let members):
      out.append("{")
      for member in members {
        out.append("s" + hex(member.name))
        canonical(member.value, into: &out)
      }
      out.append("}")
    }
  }

  /// Whole texts of the language, so that most of what is compared is accepted.
  private static func invented(_ kind: String, _ random: inout SeededGenerator) -> [UInt8] {
    let letters = ["a", "B", "7", "-", "_", ".", "é", "😀", "\u{301}", " ", "\"", "\\", "\n", "\0"]
    func text() -> String {
      (0..<Int.random(in: 0...6, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? ""
      }.joined()
    }
    func value(_ depth: Int) -> JSONValue {
      switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &random) {
      case 0: .string(text())
      case 1: .number(JSONNumber(Int64.random(in: .min ... .max, using: &random)))
      case 2: .number(JSONNumber(literal: String(Double.random(in: -9e9...9e9, using: &random))))
      case 3: [.null, true, false].randomElement(using: &random) ?? .null
      case 4: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth + 1) })
      default:
        .object(
          (0..<Int.random(in: 0...4, using: &random)).map { index in
            JSONMember("\(index % 4 == 3 ? 0 : index)" + text(), value(depth + 1))
          })
      }
    }
    switch kind {
    case "json":
      let value = value(0)
      return Array((Bool.random(using: &random) ? value.compactText : value.prettyText).utf8)
    case "form":
      let fields = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        FormField(text(), text())
      }
      let isForm = Bool.random(using: &random)
      return Array((isForm ? FormEncoding.encode(fields) : PercentEncoding.query(fields)).utf8)
    default:
      let hosts = ["a.example", "[::1]", "127.0.0.1", "A-b.C", "[1:2:3:4:5:6:7:8]", "[::1.2.3.4]"]
      let tails = ["", "/", "/a/../b", "?", "?a=b", "#", "/c#d?e", "?x#y", "/[z]", "/%2F;p"]
      let ports = ["", "", ":443", ":0", ":65535", ":65536", ":08"]
      let parts = [["http://", "HTTPS://"], hosts, ports, tails]
      return Array(parts.compactMap { $0.randomElement(using: &random) }.joined().utf8)
    }
  }

  @Test(
    .needs("python3", { python != nil }), .timeLimit(.minutes(5)),
    arguments: ["json", "form", "url"])
  func `thousands of texts are read alike`(kind: String) throws {
    let python = try #require(Self.python)
    let parser = try #require(FuzzParser.named(kind))
    let count = max(4000, `Parsers under mutation`.count)
    var random = SeededGenerator(seed: `Parsers under mutation`.seed)
    let seeds = try `Parsers under mutation`.corpus(kind).map(\.bytes)
    let known = (0..<200).map { _ in Self.invented(kind, &random) }
    var mutator = Mutator(
      seeds: seeds + known, words: parser.words.map { Array($0.utf8) }, random: random)
    var texts = seeds
    if kind == "json" {
      texts += (JSONCases.accepted + JSONCases.refused).flatMap(\.texts).map { Array($0.utf8) }
      texts += JSONCases.chosen.map { Array($0.text.utf8) } + JSONCases.notUTF8.map(\.bytes)
    }
    while texts.count < count {
      texts.append(texts.count % 2 == 0 ? mutator.next() : Self.invented(kind, &random))
    }
    var compared: [(text: [UInt8], ours: JSONValue)] = []
    var input = ""
    for text in texts {
      guard let ours = try Self.ours(kind, text) else { continue }
      compared.append((text, ours))
      input += #"{"kind":"\#(kind)","hex":"\#(Self.hex(text))"}"# + "\n"
    }
    let script = `Parsers under mutation`.folder.appending(path: "decoders.py").path
    let theirs = try Script.run(
      python, [script], input: Data(input.utf8), showsErrors: true
    )
    .split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    try #require(theirs.count == compared.count)
    let disagreements = zip(compared, theirs).filter { $0.ours != $1 }
    for (own, other) in disagreements.prefix(10) {
      let text = String(decoding: own.text.prefix(200), as: UTF8.self).debugDescription
      Issue.record("\(text): ours \(own.ours.compactText), Python's \(other.compactText)")
    }
    #expect(disagreements.isEmpty, "\(disagreements.count) of \(compared.count)")
    // Neither side may have refused everything.
    let accepted = compared.count { $0.ours["ok"] == true }
    #expect(accepted > compared.count / 4 && accepted < compared.count, "\(accepted) accepted")
  }
}
