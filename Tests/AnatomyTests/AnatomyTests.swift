import Anatomy
@testable import HybridFlow
import OpenID
import Session
import TestSupport
import Testing

struct AnatomyTests {
  /// The places that no part covers, or that two parts do.
  private static func gaps(_ anatomy: ByteAnatomy) -> [Int] {
    var next = 0
    var wrong: [Int] = []
    for part in anatomy.units.flatMap(\.parts) {
      if part.range.lowerBound != next || part.range.isEmpty { wrong.append(next) }
      next = part.range.upperBound
    }
    return next == anatomy.bytes.count ? wrong : wrong + [next]
  }

  private static func message(
    _ type: String, _ body: [UInt8], target: String = "/callback"
  ) throws -> Message {
    let url = try WebURL("http://localhost:8910/callback")
    var request = HTTPRequest(
      method: "POST", url: url, headers: ["Content-Type": type], body: body)
    request.target = target
    return Message(
      id: 1, stage: .callback, at: UnixTime(seconds: 0), from: .browser, to: .application,
      evidence: .received, content: .request(request), url: url.text, method: "POST")
  }

  private static func parts(_ anatomy: ByteAnatomy) -> [String] {
    anatomy.units.flatMap(\.parts).map { part in
      let text = String(decoding: anatomy.bytes[part.range], as: UTF8.self)
      return "\(part.kind.rawValue) \(text)" + (part.meaning.map { " = \($0)" } ?? "")
    }
  }

  @Test(arguments: ResponseType.allCases)
  func `every byte of every message of a run is one thing`(type: ResponseType) throws {
    let machines = try ScriptedRun.afterEachStage { $0.responseType = type }
    let messages = try #require(machines.last).transcript.messages
    #expect(messages.count > 15)
    for message in messages {
      let body = ByteAnatomy.body(of: message)
      #expect(body.bytes == message.body)
      #expect(Self.gaps(body).isEmpty, "\(message.method) \(message.url)")
      #expect(Self.gaps(ByteAnatomy.head(of: message)).isEmpty, "\(message.method) \(message.url)")
    }
  }

  @Test func `whatever stands in a body, no byte is left out`() throws {
    var random = SeededGenerator(seed: 16)
    let types = [
      "application/x-www-form-urlencoded", "application/json", "text/html", "text/plain",
    ]
    let letters = Array("%2+&=a.\"\\u00e9{}[]:,<> \r\n\u{E9}eyJ".utf8)
    for _ in 0..<4000 {
      let bytes = (0..<random.next(below: 40)).map { _ in letters[random.next(below: letters.count)]
      }
      for type in types {
        let anatomy = ByteAnatomy.body(of: try Self.message(type, bytes))
        #expect(Self.gaps(anatomy).isEmpty, "\(type): \(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test func `a form falls into names, values, escapes and marks`() throws {
    let anatomy = ByteAnatomy.body(
      of: try Self.message(
        "application/x-www-form-urlencoded",
        Array("redirect_uri=http%3A%2F%2Fa&scope=open+id&n=%C3%A9%FF%&&x".utf8)))
    #expect(
      Self.parts(anatomy) == [
        "fieldName redirect_uri", "mark =", "fieldValue http", "escape %3A = :", "escape %2F = /",
        "escape %2F = /", "fieldValue a", "mark &", "fieldName scope", "mark =", "fieldValue open",
        "escape + =  ", "fieldValue id", "mark &", "fieldName n", "mark =",
        "escape %C3%A9 = \u{E9}",
        "escape %FF = byte 255", "text %", "mark &", "mark &", "fieldName x",
      ])
    #expect(anatomy.units.map(\.name) == ["redirect_uri", "scope", "n", "", "x"])
  }

  @Test func `a request line falls into method, path, parameters and version`() throws {
    let head = ByteAnatomy.head(
      of: try Self.message("text/plain", [], target: "/callback?code=a%20b&state=c#d=e"))
    #expect(
      Self.parts(head).prefix(16) == [
        "method POST", "mark  ", "target /callback", "mark ?", "fieldName code", "mark =",
        "fieldValue a", "escape %20 =  ", "fieldValue b", "mark &", "fieldName state", "mark =",
        "fieldValue c", "mark #", "fieldName d", "mark =",
      ])
    #expect(head.units.map(\.kind) == [.requestLine, .header, .endOfHead])
  }

  @Test func `JSON falls into its members, and a string into its escapes`() throws {
    let anatomy = ByteAnatomy.body(
      of: try Self.message(
        "application/json", Array(#"{ "a": "x\n\ud83d\ude00", "b" : [1,{"c":null}] }"#.utf8)))
    #expect(anatomy.units.map(\.name) == ["", "a", "b", ""])
    #expect(
      Self.parts(anatomy).filter { !$0.hasPrefix("jsonMark") && !$0.hasPrefix("white") } == [
        "jsonName a", "jsonString x", "escape \\n = \n", "escape \\ud83d\\ude00 = \u{1F600}",
        "jsonName b", "jsonLiteral 1", "jsonName c", "jsonLiteral null",
      ])
  }

  @Test(arguments: ResponseType.allCases)
  func `each claim of a token stands in the characters that are named`(type: ResponseType) throws {
    let machines = try ScriptedRun.afterEachStage { $0.responseType = type }
    let tokens = try #require(machines.last).transcript.tokens.filter { $0.jws != nil }.map(\.text)
    #expect(!tokens.isEmpty)
    for text in tokens {
      let anatomy = try #require(TokenAnatomy(text))
      #expect(anatomy.segments.map(\.name) == ["header", "payload", "signature"])
      let joined = anatomy.segments.map { String(decoding: $0.characters, as: UTF8.self) }
      #expect(joined.joined(separator: ".") == text)
      for segment in anatomy.segments.prefix(2) {
        let json = try JSONParser.parse(segment.bytes)
        #expect(segment.members.map(\.name) == json.members?.map(\.name))
        for member in segment.members {
          // The characters alone give back bytes that hold the member and nothing of the others
          // but up to two bytes at each end.
          let slice = String(decoding: segment.characters[member.characters], as: UTF8.self)
          let bytes = try Base64URL.decode(slice)
          let start = member.bytes.lowerBound - member.characters.lowerBound / 4 * 3
          #expect((0..<3).contains(start))
          #expect(
            Array(bytes[start..<(start + member.bytes.count)]) == Array(segment.bytes[member.bytes])
          )
          #expect(bytes.count - start - member.bytes.count < 3)
          let alone = try JSONParser.parse([0x7B] + segment.bytes[member.bytes] + [0x7D])
          #expect(alone.members?.first?.value == json[member.name])
        }
      }
    }
  }
}
