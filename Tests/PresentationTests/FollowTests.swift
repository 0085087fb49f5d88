import OpenID
import TestSupport
import Testing

@testable import HybridFlow
@testable import Lab
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// A value followed through the run: where it stands, and the way from place to place.
struct FollowTests {
  private static func finished(_ type: ResponseType, fault: String? = nil) throws -> ExplorerModel {
    let fault = try fault.map { id in try #require(Lab.faults.first { $0.id == id }) }
    let run = try Lab.run(of: fault, type: type)
    return Sample.model(run.machine, at: Sample.moment(run.machine))
  }

  private static func value(_ name: String, in model: ExplorerModel) throws -> Trail.Value {
    try #require(model.trail.followable.first { $0.name == name }, "\(name)")
  }

  /// Whether a text has the value in any of its encodings, found without parsing.
  private static func has(_ value: String, _ text: String, depth: Int = 4) -> Bool {
    if text.utf8.count >= value.utf8.count, text.contains(value) { return true }
    guard depth > 0 else { return false }
    if text.contains("%"), let plain = text.removingPercents, plain != text,
      has(value, plain, depth: depth - 1)
    {
      return true
    }
    return text.split { !($0.isLetter || $0.isNumber || "-_".contains($0)) }
      .filter { $0.hasPrefix("ey") }.contains { segment in
        guard let bytes = try? Base64URL.decode(segment) else { return false }
        return has(value, String(decoding: bytes, as: UTF8.self), depth: depth - 1)
      }
  }

  private static func text(_ message: Message) -> String {
    let head = message.request.map { $0.target } ?? ""
    let lines = message.headers.lines.map(\.value).joined(separator: "\n")
    let url = message.request == nil ? "" : message.url
    return [head, url, lines, String(decoding: message.body, as: UTF8.self)]
      .joined(separator: "\n").replacing("&amp;", with: "&")
  }

  @Test(arguments: ResponseType.allCases)
  func `the messages that carry a value are those whose text has it in any encoding`(
    type: ResponseType
  ) throws {
    let model = try Self.finished(type)
    let messages = model.transcript.messages
    var names = ["nonce", "state", "code", "code_verifier", "code_challenge", "redirect_uri"]
    names += ["access_token", "refresh_token"].filter { name in
      model.trail.followable.contains { $0.name == name }
    }
    for name in names {
      let value = try Self.value(name, in: model)
      let found = Set(value.places.compactMap(\.message))
      let wanted = Set(messages.filter { Self.has(value.text, Self.text($0)) }.map(\.id))
      #expect(found == wanted, "\(name) of \(type)")
    }
  }

  @Test func `the nonce stands exactly at its places`() throws {
    let model = try Self.finished(.codeIDToken)
    let value = try Self.value("nonce", in: model)
    let places = model.told(value).map {
      "\($0.stage.number) \($0.view.id): \($0.words(of: "nonce"))"
    }
    #expect(
      places == [
        "1 decoded: value of this stage", "1 holders: held by application",
        "2 wire: URL parameter", "2 decoded: value of this stage",
        "2 holders: held by browser, application, tenant", "3 wire: URL parameter",
        "5 wire: id_token claim in the page", "5 wire: id_token claim", "5 decoded: id_token claim",
        "5 checks: nonce-match compares it",
        "8 wire: id_token claim", "8 decoded: id_token claim", "8 checks: nonce-match compares it",
        "8 checks: back-nonce-match compares it",
      ])
  }

  @Test(arguments: ResponseType.allCases)
  func `what is derived is told as such`(type: ResponseType) throws {
    let model = try Self.finished(type)
    let digests = [
      ("code", "c_hash"), ("code_verifier", "code_challenge"),
      (type == .codeIDToken ? "access_token" : "access_token", "at_hash"),
    ]
    for (name, hash) in digests {
      let value = try Self.value(name, in: model)
      let derived = model.told(value).filter { $0.relation == .digest }
      guard !derived.isEmpty else {
        // Without an ID token in front, the first access token has no hash.
        #expect(name == "access_token" && type == .codeToken, "\(name) of \(type)")
        continue
      }
      #expect(value.digests.map(\.name) == [hash], "\(name) of \(type)")
      #expect(
        derived.allSatisfy { $0.words(of: name).contains("a hash of it") }, "\(name) of \(type)")
    }
  }

  @Test func `of a swapped code the honest one ends where the forged one begins`() throws {
    let model = try Self.finished(.codeIDToken, fault: "swapped-code")
    let codes = model.trail.followable.filter { $0.plainName == "code" }
    #expect(codes.count == 2)
    let honest = try #require(codes.first { !$0.isForged })
    let forged = try #require(codes.first { $0.isForged })
    let carried = honest.places.compactMap(\.message)
    let taken = try #require(forged.places.compactMap(\.message).min())
    #expect(!carried.isEmpty && carried.allSatisfy { $0 < taken })
    #expect(honest.places.allSatisfy { $0.stage <= .callback })
    let check = try #require(
      forged.places.first { $0.view == .checks && $0.name == "c-hash-match" })
    #expect(check.stage == .callback)
    #expect(model.transcript[.exchange].messages.isEmpty)
    var shown = model
    _ = shown.follow(named: honest.name)
    let line = shown.followLine(200)?.map(\.text).joined() ?? ""
    #expect(line.hasSuffix("then \(forged.name), forged"), "\(line)")
  }

  @Test(arguments: ResponseType.allCases, [ScreenSize(columns: 80, rows: 24), Sample.size])
  func `n goes to every place once, over stages and views, and marks it`(
    type: ResponseType, size: ScreenSize
  ) throws {
    for name in ["nonce", "code", "state", "id_token", "access_token"] {
      var model = try Self.finished(type)
      model.size = size
      model.look(at: .login)
      guard model.follow(named: name) else {
        Issue.record("no \(name) of \(type)")
        continue
      }
      let places = model.followedPlaces
      for index in places.indices {
        let place = places[index]
        #expect(model.shownStage == place.stage && model.view == place.view)
        let line = model.followLine(200)?.map(\.text).joined() ?? ""
        #expect(
          line.contains("following \(name) \u{00B7} place \(index + 1) of \(places.count)"),
          "\(line)")
        let frame = ExplorerScreen(model).frame(size: size)
        let content = try #require(model.layout.content(of: .detail))
        let marks = (content.row..<(content.row + content.height)).filter {
          ["\u{25C6}", "#"].contains(frame[content.column, $0].glyph)
            && frame[content.column, $0].emphasis.contains(.reverse)
        }
        // A row inside what is closed is told by the row that opens it, which has no place.
        if place.kind != .member { #expect(marks.count == 1, "\(name) of \(type): \(line)") }
        #expect(frame.lines.joined().contains("following \(name)"), "\(line)")
        _ = model.press(.character("n"), size: size)
      }
      #expect(model.shownStage == places[0].stage && model.view == places[0].view)
      _ = model.press(.character("N"), size: size)
      #expect(model.shownStage == places.last?.stage)
      _ = model.press(.escape, size: size)
      #expect(model.modes.follow == nil && model.followLine(80) == nil)
    }
  }

  @Test func `f in a story follows the value at the marker`() {
    var model = Sample.walk[4]
    model.select("story:callback:state", model.layout)
    _ = model.press(.character("f"))
    #expect(model.modes.follow?.name == "state" && model.overlays.isEmpty)
    #expect(model.shownStage == .callback && model.view != .story)
  }

  @Test func `f takes the value at the marker, and the list the second time`() throws {
    var model = Sample.walk[4]
    model.show(.wire)
    let layout = model.layout
    let lines = model.lines(of: .detail, layout)
    let row = try #require(
      lines.firstIndex { $0.target?.id.hasSuffix(":state") == true && $0.text.hasPrefix("state") })
    model.bring(row: row, of: .detail, layout)
    let before = (model.shownStage, model.view)
    _ = model.press(.character("f"))
    #expect(model.modes.follow?.name == "state" && model.overlays.isEmpty)
    #expect(model.shownStage == before.0 && model.view == before.1)
    _ = model.press(.character("f"))
    #expect(model.context == .values)
    let screen = model.lines().joined(separator: "\n")
    #expect(screen.contains("places, 1 2 3 5"), "\(screen)")
    _ = model.press(.character("g"), .down, .enter)
    #expect(model.context == .detail && model.modes.follow?.name == "nonce")
  }

  @Test func `following has n and Esc before the search and the lab`() throws {
    var model = try OverlayTests.model(in: .caught)
    _ = model.press(.character("/"), .character("c"), .character("o"), .enter)
    _ = model.follow(named: "nonce")
    #expect(model.contexts.first == .following)
    let places = model.followedPlaces
    _ = model.press(.character("n"))
    #expect(places.contains { $0.isSameRow(as: model.modes.follow?.place ?? places[0]) })
    #expect(model.modes.search != nil)
    _ = model.press(.escape)
    #expect(model.modes.follow == nil && model.modes.search != nil)
    _ = model.press(.escape)
    #expect(model.modes.search == nil)
  }

  @Test func `masked values are followed and stay masked`() throws {
    var model = try Self.finished(.codeIDToken)
    let code = try Self.value("code", in: model).text
    _ = model.follow(named: "code")
    for _ in model.followedPlaces {
      #expect(!model.lines().joined().contains(code.dropFirst(8).prefix(12)))
      _ = model.press(.character("n"))
    }
    _ = model.press(.character("f"))
    for size in [ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 200, rows: 50)] {
      let screen = model.lines(size).joined()
      for secret in model.transcript.secrets where secret.value.utf8.count >= 20 {
        #expect(!screen.contains(secret.value.dropFirst(8).prefix(12)))
      }
    }
  }

  @Test func `a new run goes on with the value of the same name`() throws {
    var model = try Self.finished(.codeIDToken)
    _ = model.follow(named: "code")
    let begun = Sample.walk[0]
    model.update(transcript: Transcript(), situation: .idle, at: model.now)
    model.update(transcript: begun.transcript, situation: begun.situation, at: model.now)
    #expect(model.lines().joined().contains("following code \u{00B7} not in this run yet"))
    let end = Sample.walk[4]
    model.update(transcript: end.transcript, situation: end.situation, at: end.now)
    #expect(!model.followedPlaces.isEmpty)
  }

  @Test func `arrows and stages that carry the value are marked besides their colour`() throws {
    var model = try Self.finished(.codeIDToken)
    _ = model.follow(named: "code_verifier")
    let size = ScreenSize(columns: 200, rows: 50)
    model.size = size
    let content = try #require(model.layout.content(of: .sequence))
    model.look(at: .exchange)
    let frame = ExplorerScreen(model).frame(size: size)
    var marked: [String] = []
    for row in content.row..<(content.row + content.height)
    where ["\u{25C7}", "#"].contains(frame[content.column + 3, row].glyph) {
      marked.append(frame.lines[row])
    }
    #expect(marked.contains { $0.contains("POST") && $0.contains("/token") }, "\(marked)")
    #expect(!marked.contains { $0.contains("appointments") }, "\(marked)")
  }
}

extension String {
  /// The text with percent signs decoded; nil when one is no escape.
  fileprivate var removingPercents: String? {
    (try? FormEncoding.decode(Array(("a=" + replacing("&", with: "%26")).utf8)))?.first?.value
  }
}
