import HybridFlow
import OpenID
import TestSupport
import Testing

@testable import Inspection

/// Pasted keys and metadata, judged as `check` judges them.
struct DocumentTests {
  static func verdicts(_ text: String) throws -> [PastedCheck] {
    PastedExamination(
      try PastedReader.read(text), now: UnixTime(seconds: 1_764_000_000),
      compute: CryptoWork.finding
    ).checks()
  }

  @Test func `a public key or certificate in PEM is read as a key, and judged`() throws {
    for sample in try #require(try Fixture.json("certificates.json").elements) {
      for (label, member) in [("CERTIFICATE", "certificate"), ("PUBLIC KEY", "spki")] {
        let base64 = try sample.text(member)
        let lines = stride(from: 0, to: base64.utf8.count, by: 64).map {
          String(base64.dropFirst($0).prefix(64))
        }
        let body = lines.joined(separator: "\n")
        let text = "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
        let message = try PastedReader.read(text)
        #expect(message.kind == .keySet && message.json == sample["jwk"])
        #expect(message.notes.isEmpty == (label == "PUBLIC KEY"))
        #expect(message.notes.allSatisfy { $0.contains(".example, issued by itself") })
        #expect(try Self.verdicts(text).allSatisfy { $0.verdict == .pass })
      }
    }
    #expect(throws: PastedError.self) {
      try PastedReader.read("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ\n-----END PRIVATE KEY-----")
    }
  }

  @Test func `a point off its curve is found by calculating`() throws {
    let samples = try #require(try Fixture.json("certificates.json").elements)
    for sample in samples where sample["jwk"]?["kty"]?.string == "EC" {
      var key = try #require(sample["jwk"])
      let (x, y) = (key["x"], key["y"])
      key.set("x", try #require(y))
      key.set("y", try #require(x))
      let failed = try Self.verdicts(key.compactText).filter { $0.verdict == .fail }
      #expect(failed.map(\.id) == ["jwks-usable"])
      #expect(failed.first?.found?.contains("is not on the curve") == true)
    }
  }

  @Test func `what a document of a provider lacks is said without an order to switch it on`()
    throws
  {
    let text = #"""
      {"issuer":"https://a.example","authorization_endpoint":"https://a.example/a",
      "response_types_supported":["code"],"scopes_supported":"openid"}
      """#
    let warnings = try Self.verdicts(text).filter { $0.verdict == .warn }
    let ids = warnings.map(\.id)
    for id in ["discovery-types", "discovery-complete", "discovery-hybrid"] {
      #expect(ids.contains(id), "\(ids)")
    }
    let types = try #require(warnings.first { $0.id == "discovery-types" })
    #expect(types.found == "scopes_supported is a string, where a list of texts is wanted")
  }
}
