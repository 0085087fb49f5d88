import Cryptography
import HybridFlow
import OpenID
import Session
import TestSupport
import Testing

/// A token of the vectors for encrypted tokens that the project Wycheproof publishes.
struct EncryptionVector: Sendable, CustomTestStringConvertible {
  let name: String
  let token: String
  let key: JSONWebKey
  /// What is inside; nil for a token that must not open.
  let text: String?
  var testDescription: String { name }

  static func all() throws -> [EncryptionVector] {
    try Fixture.vectors().list("wycheproof_jwe_subset.groups").flatMap { group in
      let key = try group.key("key")
      return try group.list("tests").map { test in
        EncryptionVector(
          name: "\(try test.at("tcId").integer ?? 0) \(try test.text("comment"))",
          token: try test.text("jwe"), key: key,
          text: try test.text("result") == "valid" ? try test.text("text") : nil)
      }
    }
  }
}

/// Tokens that others have made: what opens, what must not, and what is refused on purpose (zip).
struct PublishedEncryptionTests {
  @Test func `both kinds are there`() throws {
    let vectors = try EncryptionVector.all()
    #expect(vectors.count == 70)
    #expect(vectors.filter { $0.text != nil }.count == 17)
  }

  @Test(arguments: try EncryptionVector.all())
  func `a key opens its tokens, and nothing else`(_ vector: EncryptionVector) throws {
    let key = try DecryptionKey(privateJWK: vector.key)
    let opening = TokenOpening(vector.token, keys: [key.publicJWK]) { task in
      DecryptionOutcome(task, keys: [key])
    }
    #expect(opening.content == vector.text)
  }
}
