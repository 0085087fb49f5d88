import Foundation
import Testing

@testable import Commands
@testable import Diagnosis
@testable import Inspection
@testable import OpenID
@testable import Platform
@testable import Session
@testable import Settings
@testable import TextUI

/// Each limit from both sides: at it accepted, one more refused by name.
@Suite struct `Limits on both sides` {
  private func text(_ count: Int) -> String { String(repeating: "a", count: count) }

  private func read(_ head: String, _ body: String = "") throws -> HTTPRequest? {
    var parser = HTTPRequestParser()
    parser.append(Array((head + "\r\n\r\n" + body).utf8))
    return try parser.next()?.request
  }

  @Test func `a URL`() throws {
    let base = "https://a.example/"
    let most = Limit.urlBytes - base.utf8.count
    #expect(try WebURL(base + text(most)).text.utf8.count == Limit.urlBytes)
    #expect(throws: WebURLError.tooLong(bytes: Limit.urlBytes + 1)) {
      try WebURL(base + text(most + 1))
    }
  }

  @Test func `the head of a request, in bytes`() throws {
    let base = "GET / HTTP/1.1\r\nHost: a\r\nX: "
    let most = Limit.requestHeadBytes - base.utf8.count
    #expect(try read(base + text(most)) != nil)
    #expect(throws: HTTPError.headTooLarge) { try read(base + text(most + 1)) }
  }

  @Test func `the head of a request, in lines`() throws {
    func head(_ lines: Int) -> String {
      "GET / HTTP/1.1\r\nHost: a" + String(repeating: "\r\nX: y", count: lines - 1)
    }
    #expect(try read(head(Limit.headerLines))?.headers.lines.count == Limit.headerLines)
    #expect(throws: HTTPError.headTooLarge) { try read(head(Limit.headerLines + 1)) }
  }

  @Test func `the body of a request, by length and in chunks`() throws {
    let most = Limit.requestBodyBytes
    let head = "POST / HTTP/1.1\r\nHost: a\r\n"
    #expect(try read(head + "Content-Length: \(most)", text(most))?.body.count == most)
    #expect(throws: HTTPError.bodyTooLarge) { try read(head + "Content-Length: \(most + 1)") }
    func chunks(_ count: Int) -> String {
      let half = count / 2
      let sizes = [half, count - half]
      return sizes.map { String($0, radix: 16) + "\r\n" + text($0) + "\r\n" }.joined()
        + "0\r\n\r\n"
    }
    let chunked = head + "Transfer-Encoding: chunked"
    #expect(try read(chunked, chunks(most))?.body.count == most)
    #expect(throws: HTTPError.bodyTooLarge) { try read(chunked, chunks(most + 1)) }
    #expect(HTTPError.bodyTooLarge.status == 413 && HTTPError.headTooLarge.status == 431)
  }

  @Test func `a JSON text, in bytes`() throws {
    let most = Limit.jsonBytes - 2
    #expect(try JSONParser.parse("\"" + text(most) + "\"").string?.utf8.count == most)
    #expect(throws: JSONError(reason: .tooLarge, offset: Limit.jsonBytes)) {
      try JSONParser.parse("\"" + text(most + 1) + "\"")
    }
  }

  @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
  func `a JSON text, in levels`(open: String, close: String) throws {
    func nested(_ levels: Int) -> String {
      String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
    }
    #expect(throws: Never.self) { try JSONParser.parse(nested(Limit.jsonDepth)) }
    let fault = JSONError(reason: .tooDeep, offset: open.utf8.count * Limit.jsonDepth)
    #expect(throws: fault) { try JSONParser.parse(nested(Limit.jsonDepth + 1)) }
  }

  @Test func `a token`() throws {
    // 20, 0 and the rest: groups of four, and one of three for the two full stops.
    let head = Base64URL.encode(Array(#"{"alg":"none" }"#.utf8)) + ".."
    let signature = text(Limit.tokenBytes - head.utf8.count - 2) + "AA"
    #expect((head + signature).utf8.count == Limit.tokenBytes)
    #expect(throws: Never.self) { try CompactJWS(head + signature) }
    #expect(throws: TokenError.tooLarge(bytes: Limit.tokenBytes + 1)) {
      try CompactJWS(head + signature + "A")
    }
  }

  @Test func `forms and their controls`() throws {
    let url = try WebURL("https://a.example/")
    func page(_ forms: Int, _ inputs: Int) throws -> HTMLPage {
      let html =
        String(repeating: "<form></form>", count: forms - 1) + "<form>"
        + String(repeating: "<input name=a>", count: inputs)
      return try HTMLPage(bytes: Array(html.utf8), url: url)
    }
    let most = Limit.formControls
    #expect(try page(most, 1).forms.count == most)
    #expect(try page(1, most).forms.first?.controls.count == most)
    #expect(throws: HTMLError.tooManyControls) { try page(most + 1, 1) }
    #expect(throws: HTMLError.tooManyControls) { try page(1, most + 1) }
    let most4MiB = [UInt8](repeating: 0x61, count: Limit.responseBodyBytes + 1)
    #expect(throws: Never.self) { try HTMLPage(bytes: Array(most4MiB.dropLast()), url: url) }
    #expect(throws: HTMLError.tooLarge(bytes: most4MiB.count)) {
      try HTMLPage(bytes: most4MiB, url: url)
    }
  }

  @Test func `the keys of a set`() {
    func set(_ count: Int) -> JSONValue {
      ["keys": .array(Array(repeating: ["kty": "RSA"], count: count))]
    }
    #expect((try? JSONWebKeySet(set(Limit.keysPerSet)))?.keys.count == Limit.keysPerSet)
    #expect(throws: KeySetError.tooMany(count: Limit.keysPerSet + 1)) {
      try JSONWebKeySet(set(Limit.keysPerSet + 1))
    }
  }

  @Test func `a theme and the profiles of the settings`() throws {
    let base = #"{"schema":1,"id":"a","appearance":"dark","roles":{}}"#
    let most = base + String(repeating: " ", count: ThemeFile.bytesMax - base.utf8.count)
    #expect(throws: Never.self) { try ThemeFile.decode(Array(most.utf8)) }
    #expect(throws: ThemeError.tooLarge(bytes: ThemeFile.bytesMax + 1)) {
      try ThemeFile.decode(Array((most + " ").utf8))
    }
    func settings(_ count: Int) throws -> Settings {
      let profiles = (0..<count).map { JSONMember("p\($0)", .object([])) }
      return try Settings(["profiles": .object(profiles)], path: "settings.json")
    }
    #expect(try settings(Settings.profilesMaximum).profiles.count == Settings.profilesMaximum)
    let message = #expect(throws: UsageError.self) {
      try settings(Settings.profilesMaximum + 1)
    }?.message
    #expect(message?.contains("more than \(Settings.profilesMaximum) profiles") == true)
  }

  @Test func `every file that is named to the program`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "file").path
    // Each of them is read by the same function, with a limit of its own.
    let limits = [
      ThemeFile.bytesMax, ClientSecretSource.secretBytes, ClientKeySetFile.bytesMax,
      SettingsFile.fileBytes, TenantOptions.settingsBytes, PastedReader.textBytes,
    ]
    for limit in limits {
      try Data(repeating: 0x61, count: limit).write(to: URL(filePath: path))
      #expect(try SystemFiles.read(path, option: "--x", limitBytes: limit).count == limit)
      try Data(repeating: 0x61, count: limit + 1).write(to: URL(filePath: path))
      let fault = #expect(throws: UsageError.self) {
        try SystemFiles.read(path, option: "--x", limitBytes: limit)
      }
      #expect(fault?.message == "--x \(path): the file is larger than \(limit) bytes.")
    }
  }

  @Test func `a cookie`() throws {
    let url = try WebURL("https://a.example/")
    func jar(_ line: String) -> String? {
      var jar = CookieJar()
      jar.take(["Set-Cookie": line], from: url)
      return jar.header(for: url, method: "GET", from: nil)
    }
    // Name and value count, attributes do not.
    let most = "n=" + text(CookieJar.cookieBytes - 1)
    #expect(jar(most + "; Path=/; Secure; HttpOnly; SameSite=None") == most)
    #expect(jar(most + "a; Path=/") == nil)
  }

  @Test func `actions after the flow`() throws {
    func plan(_ count: Int) -> String {
      Array(repeating: "refresh", count: count).joined(separator: ",")
    }
    #expect(try AfterPlan.read(plan(AfterPlan.actionsMax)).count == AfterPlan.actionsMax)
    let fault = #expect(throws: UsageError.self) {
      try AfterPlan.read(plan(AfterPlan.actionsMax + 1))
    }
    #expect(fault?.message.contains("20 are the most") == true)
  }

  @Test func `a text to explain`() throws {
    let words = "AADSTS50011"
    func finds(_ before: Int, _ after: Int) -> Bool {
      let all = String(repeating: " ", count: before) + words + String(repeating: " ", count: after)
      return !DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: all)).isEmpty
    }
    let most = TextUnwrapper.pastedBytes - words.utf8.count
    #expect(finds(most / 2, most - most / 2))
    // Of a longer one the two ends are read, and the middle is not.
    #expect(finds(0, most * 2) && finds(most * 2, 0))
    #expect(!finds(most, most))
  }

  @Test func `a pasted text`() throws {
    let most = "code=" + text(PastedReader.textBytes - 5)
    #expect(throws: Never.self) { try PastedReader.read(most) }
    let fault = #expect(throws: PastedError.self) { try PastedReader.read(most + "a") }
    #expect(fault?.message.contains("at most \(PastedReader.textBytes)") == true)
  }
}
