import OpenID
import TestSupport
import Testing

@testable import Commands
@testable import Export
@testable import HybridFlow
@testable import Inspection
@testable import Presentation
@testable import Recording
@testable import Redaction
@testable import Session
@testable import TextUI

/// Codes under names that nobody has told us, planted in every carrier of a run and looked for in
/// everything that the program shows, prints, keeps and hands on.
@Suite struct SecretNamesTests {
  private static let names = [
    "\"code", "^\"code", " code", "code\"", "Code", "CODE", "code[]", "data[code]", "response",
    "device_secret", "deviceCode", "refreshToken", "my_token", "whatever", "x",
  ]

  /// A value for each name and carrier, long and random, with nothing in it that others share.
  private static func canary(_ carrier: Int, _ name: Int) -> String {
    let seed = UInt64(carrier * 100 + name + 1) &* 0x9E37_79B9_7F4A_7C15
    return "Cn\(carrier)x" + String(seed, radix: 36) + "Qz" + String(~seed, radix: 36)
  }

  private static func fields(_ carrier: Int) -> [FormField] {
    names.enumerated().map { FormField($1, canary(carrier, $0)) }
  }

  private static func json(_ carrier: Int) -> JSONValue {
    .object(fields(carrier).map { JSONMember($0.name, .string($0.value)) })
  }

  private static func jwt(_ carrier: Int) -> String {
    let claims = Base64URL.encode(Array(json(carrier).compactText.utf8))
    return "eyJhbGciOiJSUzI1NiJ9.\(claims).c2lnbmF0dXJl\(canary(carrier, 99))"
  }

  private static let form = "application/x-www-form-urlencoded"

  /// What carries the values of its number, as requests of the browser and as responses.
  static var contents: [(stage: Stage, content: Message.Content)] {
    func post(_ text: String) -> Message.Content {
      .request(
        HTTPRequest(
          method: "POST", target: "/callback", headers: ["Content-Type": form],
          body: Array(text.utf8)))
    }
    func get(_ target: String) -> Message.Content {
      .request(HTTPRequest(method: "GET", target: target))
    }
    func answer(_ type: String, _ text: String) -> Message.Content {
      .response(
        HTTPResponse(status: 200, headers: ["Content-Type": type], body: Array(text.utf8)))
    }
    let page = fields(4).map {
      let name = $0.name.replacing("\"", with: "&quot;")
      return "<input type=\"hidden\" name=\"\(name)\" value=\"\($0.value)\">"
    }.joined()
    let nested: JSONValue = [
      "token_type": "Bearer", "list": [["inner": json(6)]], "text": .string(json(7).compactText),
      "jwt": .string(jwt(8)),
    ]
    return [
      (.callback, post(FormEncoding.encode(fields(0)))),
      (.callback, get("/callback?" + FormEncoding.encode(fields(1)))),
      (.callback, get("/callback#" + FormEncoding.encode(fields(2)))),
      (
        .callback,
        .response(
          HTTPResponse(
            status: 302,
            headers: [
              "Location": "http://localhost:8910/callback?" + FormEncoding.encode(fields(3))
            ]
          ))
      ), (.callback, answer("text/html", "<form method=post>\(page)</form>")),
      (.callback, post("response=\(jwt(5))&broken=%zz")),
      (.tokens, answer("application/json", nested.compactText)),
      (.exchange, post("grant_type=authorization_code&" + FormEncoding.encode(fields(9)))),
      (.tokens, answer("application/json", json(10).compactText)),
    ]
  }

  private static var canaries: [(name: String, value: String)] {
    (0...10).flatMap { carrier in
      names.enumerated().map { ("\($1) in \(carrier)", canary(carrier, $0)) }
    }
  }

  private static func message(_ stage: Stage, _ content: Message.Content, _ id: Int) -> Message {
    var message = Message(
      id: id, stage: stage, at: ScriptedRun.start, from: .browser, to: .application,
      evidence: .received, content: content, url: "http://localhost:8910/callback", method: "POST")
    if case .request(let request) = content {
      message.url = "http://localhost:8910" + request.target
    }
    if case .response = content {
      (message.from, message.to) = (.authorizationServer, .application)
    }
    return message
  }

  private static func run() throws -> ExportedRun {
    var run = try ExportSample.honest.get()
    for (index, item) in contents.enumerated() {
      run.transcript[item.stage].messages.append(message(item.stage, item.content, 1000 + index))
    }
    // An ID token that repeats what came beside it.
    let index = try #require(run.transcript[.tokens].tokens.indices.first)
    run.transcript[.tokens].tokens[index].claims?.set("copied", .string(canary(0, 0)))
    run.secrets = WireSecrets.all(in: run.transcript)
    return run
  }

  private static func expectNone(_ text: String, _ place: String) {
    let marks = [" ", "\n", "\r", "\t", "\u{2502}", "\u{2503}", "\""]
    let joined = marks.reduce(text) { $0.replacing(bytes: $1, with: "") }
    let places = [ByteSearch(text), ByteSearch(joined)]
    for (name, value) in canaries {
      let isThere = places.contains { $0.holds(value) }
      #expect(!isThere, "\(name) in \(place)")
    }
  }

  @Test func `run in words and as JSON`() throws {
    let run = try Self.run()
    for record in run.transcript.stages {
      let json = RunJSON.stage(record, redactor: run.redactor)
      Self.expectNone(json.compactText, "--json, \(record.stage)")
      let text = RunText(redactor: run.redactor).stage(record)
      Self.expectNone(text, "plain, \(record.stage)")
    }
    let revealed = try #require(run.transcript.stages.last { $0.stage == .callback })
    let text = RunJSON.stage(revealed, redactor: .revealing).compactText
    #expect(text.contains(Self.canary(1, 14)), "the search would find it")
  }

  @Test(.timeLimit(.minutes(2)), arguments: ExportFormat.allCases)
  func `every export`(format: ExportFormat) throws {
    let size = ScreenSize(columns: 300, rows: 100)
    Self.expectNone(try ExportSample.text(try Self.run(), format, size: size), "\(format)")
  }

  @Test func `the screen, read and byte by byte`() throws {
    let run = try Self.run()
    for stage in [Stage.callback, .exchange, .tokens] {
      for view in DetailView.allCases {
        for bytes in [false, true] {
          var model = ExplorerModel(summary: run.summary, theme: try ExportSample.theme.get())
          model.update(
            transcript: run.transcript, situation: run.transcript.situation(asOf: .data),
            at: ScriptedRun.start, secrets: run.secrets)
          model.look(at: stage)
          model.show(view)
          if bytes { model.toggleBytes() }
          let frame = ExplorerScreen(model).frame(size: ScreenSize(columns: 300, rows: 900))
          Self.expectNone(frame.cells.map(\.glyph).joined(), "\(stage), \(view)")
          Self.expectNone(frame.lines.joined(separator: "\n"), "\(stage), \(view)")
        }
      }
    }
  }

  @Test func `a recording`() throws {
    var writer = RecordingWriter(key: Array("a key for tests".utf8), replacesPersonal: true)
    var lines: [String] = []
    for (index, item) in Self.contents.enumerated() {
      let event: FlowEvent
      switch (item.content, item.stage) {
      case (.request(let request), .exchange):
        event = .fetched(.token, request, HTTPResponse(status: 200))
      case (.request(let request), _): event = .callbackArrived(CallbackNumber(index), request)
      case (.response(let response), .tokens):
        event = .fetched(.token, HTTPRequest(method: "POST", target: "/"), response)
      case (.response(let response), _):
        event = .browserExchanged(HTTPRequest(method: "GET", target: "/"), response)
      }
      lines += writer.lines(for: event, at: ScriptedRun.start)
    }
    let text = lines.joined(separator: "\n")
    Self.expectNone(text + Self.decoded(text), "recording")
  }

  /// What stands in base64url in a text, such as the claims of its tokens.
  private static func decoded(_ text: String) -> String {
    let words = text.utf8.split {
      !(0x30...0x39).contains($0) && !(0x41...0x5A).contains($0) && !(0x61...0x7A).contains($0)
        && $0 != 0x2D && $0 != 0x5F
    }
    return words.filter { $0.count > 16 }
      .compactMap { try? Base64URL.decode(String(decoding: $0, as: UTF8.self)) }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }

  @Test(arguments: contents.indices) func `a text that is pasted`(index: Int) throws {
    let text: String
    switch Self.contents[index].content {
    case .request(let request):
      text =
        request.body.isEmpty
        ? "http://localhost:8910" + request.target + "&error=x"
        : String(decoding: request.body, as: UTF8.self) + "&error=x"
    case .response(let response):
      text = response.headers["Location"].map { $0 + "&error=x" } ?? response.bodyText
    }
    let pasted = Redactor(secrets: WireSecrets.all(inPasted: text))
    if index != 4 { Self.expectNone(pasted.mask(text), "explain") }
    guard let message = try? PastedReader.read(text) else { return }
    let redactor = Redactor(secrets: message.secrets)
    let report = DecodeReport(
      message: message, tokens: message.tokens, checks: [], redactor: redactor,
      now: ScriptedRun.start)
    Self.expectNone(DecodeJSON.value(report).compactText, "decode --json")
    Self.expectNone(DecodeText(report, PrintStyle()).text(), "decode")
  }
}
