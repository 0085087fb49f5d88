import OpenID
import TestSupport
import Testing

@testable import HybridFlow
@testable import Inspection

/// HAR files that real browsers wrote: see `Tests/Labs/har/record.py`, and a `.truth.txt` beside each.
@Suite struct BrowserArchiveTests {
  struct Archive: Sendable, CustomStringConvertible {
    let name: String
    let kind: PastedMessage.Kind
    let names: [String]
    var description: String { name }

    init(_ name: String, _ kind: PastedMessage.Kind, _ names: String...) {
      (self.name, self.kind, self.names) = (name, kind, names)
    }
  }

  static let archives: [Archive] = [
    Archive("chromium-apache-lost-cookie", .formBody, "code", "id_token", "state", "iss"),
    Archive("chromium-apache-lost-cookie-sanitized", .formBody, "code", "id_token", "state"),
    Archive("chromium-provider-success-sanitized", .formBody, "code", "id_token", "state"),
    Archive("chromium-provider-none", .formBody, "error", "state"),
    Archive("chromium-tenant-wrong-uri", .authorizeURL, "client_id", "redirect_uri", "nonce"),
    Archive("playwright-apache-late", .formBody, "code", "id_token", "state"),
    Archive("playwright-apache-declined", .formBody, "error", "error_description", "state"),
    Archive("playwright-tenant-two-logins", .formBody, "code", "id_token", "state"),
    Archive("firefox-provider-fragment", .callback, "code", "id_token", "state"),
    Archive("firefox-provider-success", .formBody, "code", "id_token", "state"),
    Archive("firefox-tenant-wrong-uri", .authorizeURL, "client_id", "redirect_uri", "state"),
  ]

  @Test(arguments: archives)
  func `the answer in a browser's archive is found, and its code fits`(_ archive: Archive) throws {
    let text = String(
      decoding: try Fixture.bytes("har/\(archive.name).har"), as: UTF8.self)
    let message = try PastedReader.read(text)
    #expect(message.kind == archive.kind)
    for name in archive.names { #expect(message[name] != nil, "\(name)") }
    guard message["code"] != nil else { return }
    let checks = PastedExamination(
      message, now: UnixTime(seconds: 1_796_034_000), compute: CryptoWork.finding
    ).checks()
    #expect(checks.first { $0.id == "c-hash-match" }?.verdict == .pass)
  }
}

/// Objects of programs that were cut off while they were copied; found by the fuzzer.
@Suite struct CutObjectTests {
  @Test(
    arguments: [
      "{'code': 'ab", "{\"a\":\"\\", "{\"a\":\"\\u00", "x {\"a\":\"b", "{a: `", "['",
      "fetch(\"https://a.example/cb\", {\"body\": \"code=ab", "{\"a\": \"b\" + \"",
    ])
  func `an object that ends in the middle of a text is no end of the program`(_ text: String) {
    _ = ProgramObject.read(Array(text.utf8))
    _ = LooseText(text)
    _ = try? PastedReader.read(text)
  }
}
