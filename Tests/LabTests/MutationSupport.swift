import DemoTenant
import Foundation
import HybridFlow
import OpenID
import TestSupport
import Testing

@testable import Lab
@testable import Session

/// How a value is changed.
enum Mutation: String, CaseIterable, Sendable {
  /// One bit of one byte is another.
  case flip
  /// One character is another digit.
  case digit
  /// It is not there.
  case drop
  /// It is there twice, the second time changed.
  case duplicate
  /// It is there twice, both times unchanged.
  case repeated
  /// It has another JSON type.
  case retype
  /// A character more, at the end or at the beginning.
  case append, prepend
  /// The end is missing.
  case truncate
  /// Nothing is left of it.
  case empty
  /// Two characters have changed places.
  case reorder
  /// Capital letters are small and the other way round.
  case recase
  /// The segments of a token stand in another order, or one is missing or empty.
  case segments
  /// That of another flow stands in its place.
  case swap

  /// Whether a seed changes what it does.
  var isRandom: Bool {
    switch self {
    case .flip, .digit, .append, .prepend, .truncate, .reorder, .segments: true
    case .drop, .duplicate, .repeated, .retype, .empty, .recase, .swap: false
    }
  }
}

extension Mutation {
  /// The changed text; nil where the mutation is not about the text, or changes nothing.
  func text(of value: String, _ numbers: inout SeededGenerator) -> String? {
    var bytes = Array(value.utf8)
    guard !bytes.isEmpty else { return nil }
    let index = numbers.next(below: bytes.count)
    switch self {
    case .flip: bytes[index] ^= 1 << UInt8(numbers.next(below: 8))
    case .digit: bytes[index] = UInt8(0x30 + numbers.next(below: 10))
    case .append: bytes.append(Self.strange[numbers.next(below: Self.strange.count)])
    case .prepend: bytes.insert(Self.strange[numbers.next(below: Self.strange.count)], at: 0)
    case .truncate: bytes.removeLast(1 + numbers.next(below: max(1, bytes.count - 1)))
    case .empty: bytes = []
    case .reorder:
      guard bytes.count > 1 else { return nil }
      bytes.swapAt(index, (index + 1) % bytes.count)
    case .recase:
      bytes = bytes.map { byte in
        let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        return isLetter ? byte ^ 0x20 : byte
      }
    case .segments: return segments(of: value, &numbers)
    case .drop, .duplicate, .repeated, .retype, .swap: return nil
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.isIdentical(to: value) ? nil : text
  }

  /// Digits, letters, what encodes, and what ends a text elsewhere.
  private static let strange = Array("01aZ-_.=+ %&\n\u{0}".utf8)

  private func segments(of value: String, _ numbers: inout SeededGenerator) -> String? {
    var parts = value.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0].hasPrefix("ey") else { return nil }
    switch numbers.next(below: 5) {
    case 0: parts.swapAt(0, 1)
    case 1: parts.swapAt(1, 2)
    case 2: parts.removeLast()
    case 3: parts[2] = ""
    default: parts.append(parts[2])
    }
    return parts.joined(separator: ".")
  }
}

/// An honest run, held at the moments at which somebody could change something.
struct HeldRun {
  /// Before the answer goes to the application, before the code is sent, before the API is called,
  /// and at the end.
  let beforeAnswer, beforeExchange, beforeAPI, atEnd: ScriptedRun
  let fields: [FormField]
  let tokens: JSONValue
  let userinfo: JSONValue

  init(_ type: ResponseType) throws {
    var run = try ScriptedRun { $0.responseType = type }
    run.begin()
    func go(to stage: Stage) -> ScriptedRun {
      while case .ready(let next) = run.machine.situation, next != stage { run.advance() }
      return run
    }
    beforeAnswer = go(to: .callback)
    beforeExchange = go(to: .exchange)
    beforeAPI = go(to: .api)
    run.runOn()
    atEnd = run
    let transcript = run.machine.transcript
    let post = try #require(
      transcript[.callback].messages.first { $0.from == .browser && $0.to == .application })
    fields = try FormEncoding.decode(post.body)
    let answer = try #require(transcript[.tokens].messages.first { $0.response != nil })
    tokens = try JSONParser.parse(answer.body)
    let profile = try #require(
      transcript[.data].messages.first { $0.from == .authorizationServer })
    userinfo = try JSONParser.parse(profile.body)
  }

  /// The honest value of a row.
  func value(_ row: LabProtection) -> JSONValue? {
    func claim(_ token: String?) -> JSONValue? {
      token.flatMap { try? CompactJWS($0).claims() }?[row.name]
    }
    return switch row.carrier {
    case .answer: fields[row.name].map(JSONValue.string)
    case .tokens: tokens[row.name]
    case .userinfo: userinfo[row.name]
    case .firstIDToken: claim(fields["id_token"])
    case .secondIDToken, .refreshedIDToken: claim(tokens["id_token"]?.string)
    }
  }
}

extension ScriptedRun {
  /// Goes on to the end from wherever the run is held.
  mutating func runOn() {
    while case .ready = machine.situation { advance() }
  }
}
