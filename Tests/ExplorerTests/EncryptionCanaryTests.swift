import Cryptography
import Foundation
import HybridFlow
import OpenID
import Platform
import Testing

@testable import Commands
@testable import Export
@testable import Lab
@testable import Recording
@testable import Session
@testable import Settings

/// The client's private key for encrypted ID tokens, looked for in everything that a run leaves, in
/// what `decode` tells, and in what is said of bad files.
@Suite(.serialized) struct EncryptionCanaryTests {
  /// The private number of the key of RFC 7517, appendix A.2.
  private static let number = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"
  private static let key: JSONValue = [
    "kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "d": .string(number), "use": "enc",
    "kid": "canary",
  ]
  /// Its forms in base64url, base64 and hexadecimal; a part of each is enough.
  private static let canaries: [String] = {
    let bytes = (try? Base64URL.decode(number)) ?? []
    let digits = bytes.map { String(format: "%02x", $0) }.joined()
    return [
      String(number.dropFirst(4).prefix(24)),
      String(Data(bytes).base64EncodedString().dropFirst(4).prefix(24)),
      String(digits.prefix(32)), String(digits.uppercased().prefix(32)),
    ]
  }()

  private static func expectNone(_ texts: [String], _ what: String) {
    for text in texts {
      for canary in canaries { #expect(!text.contains(canary), "\(what)") }
      #expect(!text.contains("PRIVATE KEY-----"), "\(what)")
    }
  }

  /// A folder for one test.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [(nil, true), (nil, false), ("enc-tag-flipped", true), ("enc-unknown-kid", false)])
  func `no run shows the private key`(_ fault: String?, _ isJSON: Bool) throws {
    try withFolder { folder in
      try Self.key.compactText.write(
        toFile: folder + "/key.json", atomically: true, encoding: .utf8)
      var harness = try Harness([
        "--id-token-encryption", "ECDH-ES+A256GCM", "--encryption-key", folder + "/key.json",
      ])
      if let fault {
        let fault = try #require(Lab.fault(fault))
        fault.configure(&harness.connection.configuration, switchesCheckOff: false)
        harness.tenant.commit(fault.tenantFault)
      }
      let recorder = Recorder(folder: folder, keepsSecrets: true)
      try recorder.record(to: folder + "/run.jsonl")
      harness.session.recorder = recorder
      let outcome = harness.run(json: isJSON)
      #expect((outcome == .exit(0)) == (fault == nil), "\(harness.sink.errors)")
      let transcript = harness.session.machine.transcript
      let run = ExportedRun(
        transcript: transcript, configuration: try #require(harness.session.configuration),
        password: Secret("hybrid"), origin: .live, reveals: true)
      var texts = [harness.sink.output, harness.sink.errors, String(reflecting: transcript)]
      texts.append(try String(contentsOfFile: folder + "/run.jsonl", encoding: .utf8))
      for format in ExportFormat.allCases where format != .svg {
        texts.append(try ExportSample.text(run, format))
      }
      Self.expectNone(texts, fault ?? "honest")
      // The token was for this key, so the key was used where it fits.
      #expect(texts[2].contains("canary"))
    }
  }

  @Test func `decode opens with the key, and shows nothing of it`() throws {
    try withFolder { folder in
      let file = folder + "/key.json"
      try Self.key.compactText.write(toFile: file, atomically: true, encoding: .utf8)
      let jwk = try #require(JSONWebKey(Self.key))
      let opener = try DecryptionKey(privateJWK: jwk)
      let inner = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzaGVsbCJ9."
      let token = try JWE.encrypt(
        Array(inner.utf8), TokenEncryption(.ecdhES, .a256GCM), for: .publicKey(opener.publicJWK),
        members: [JSONMember("kid", "canary")])
      for (name, text) in [("good", token), ("altered", String(token.dropLast(4)) + "AAAA")] {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        for form in [["--reveal"], ["--reveal", "--json"]] {
          let outcome = try DecodeCommand(
            Invocation.parse(["decode", "--key", file] + form + [path])
          ).run()
          #expect(outcome.text.contains("shell") == (name == "good"), "\(outcome.text)")
          Self.expectNone([outcome.text, outcome.complaint ?? ""], name)
        }
      }
    }
  }

  @Test func `no error about a file of keys quotes it`() throws {
    let pem = try ThrowAwayAuthority.selfSigned("client").withKey {
      String(decoding: $0, as: UTF8.self)
    }
    var mixed = Self.key
    mixed.set("x", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
    var other = Self.key
    other.set("kty", "OKP")
    var curve = Self.key
    curve.set("crv", "P-384")
    var bare = Self.key
    bare.remove("kty")
    var published = Self.key
    published.remove("d")
    let whole = Self.key.compactText
    let body = pem.split(separator: "\n").dropFirst().first.map(String.init) ?? ""
    let files = [
      ("two halves", mixed.compactText), ("another type", other.compactText),
      ("another curve", curve.compactText), ("no type", bare.compactText),
      ("a public one", published.compactText), ("cut off", String(whole.dropLast(12))),
      ("text behind", whole + " and more"), ("a set with text", "{\"keys\":[\(whole),\"text\"]}"),
      ("a set with a bad one", "{\"keys\":[\(whole),\(mixed.compactText)]}"),
      ("PEM without its end", String(pem.dropLast(30))),
      ("PEM with another letter", pem.replacing("MI", with: "NI")),
    ]
    try withFolder { folder in
      for (name, text) in files {
        let path = folder + "/key"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: UsageError.self, "\(name)") {
          _ = try DecryptionKeyFile.read(path, option: Setting.encryptionKey.place)
        }
        let said = String(reflecting: error)
        #expect(said.contains("--encryption-key"), "\(name): \(said)")
        Self.expectNone([said], name)
        #expect(!said.contains(String(body.suffix(16))), "\(name)")
      }
    }
  }
}
