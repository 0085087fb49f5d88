import HybridFlow
import OpenID
import Session
import TestSupport
import Testing

@testable import Lab
@testable import Recording
@testable import Session

/// No secret of a run stands in its recording, and what stands there still teaches.
@Suite(.serialized) struct MaskTests {
  /// Every secret that passed by in a run, and how many of them there are.
  private func secrets(of run: ScriptedRun) -> [String] {
    var found: Set<String> = []
    let transcript = run.machine.transcript
    let records = transcript.stages + transcript.afterwards.map(\.record)
    for value in records.flatMap(\.values) where value.isSecret && value.name != "password" {
      found.insert(value.value)
    }
    for token in records.flatMap(\.tokens) {
      found.insert(token.text)
      if let signature = token.text.split(separator: ".").dropFirst(2).first {
        found.insert(String(signature))
      }
    }
    for header in records.flatMap(\.messages).flatMap(\.headers.lines) {
      let value = header.value
      switch header.name.lowercased() {
      case "cookie":
        for pair in value.split(separator: ";") {
          found.insert(String(pair.drop { $0 != "=" }.dropFirst()))
        }
      case "set-cookie":
        found.insert(String(value.prefix { $0 != ";" }.drop { $0 != "=" }.dropFirst()))
      case "authorization":
        found.insert(String(value.drop { $0 != " " }.dropFirst()))
      default: break
      }
    }
    if case .started(let configuration, let secrets)? = run.tape.first?.event {
      if let secret = configuration.clientSecret { found.insert(secret.reveal()) }
      found.insert(secrets.codeVerifier.reveal())
    }
    // A shorter one, made up by a fault, is no secret; nor is an unsigned token's signature.
    return found.filter { $0.utf8.count >= 8 }.sorted()
  }

  private func leaks(_ run: ScriptedRun, key: [UInt8]?) -> (planted: Int, found: [String]) {
    let text = ByteSearch(String(decoding: Recording.file(of: run.tape, key: key), as: UTF8.self))
    let planted = secrets(of: run)
    let found = planted.filter { secret in
      [
        secret, PercentEncoding.encode(secret), FormEncoding.encode(secret),
        String(JSONValue.string(secret).compactText.dropFirst().dropLast()),
      ].contains { text.holds($0) }
    }
    return (planted.count, found)
  }

  @Test(.timeLimit(.minutes(5)))
  func `no secret of any run is found, and with secrets every one is`() async throws {
    var planted = 0
    for type in ResponseType.allCases {
      let run = try scriptedRun(type: type, then: AfterAction.all)
      let masked = leaks(run, key: testKey)
      #expect(masked.found == [], "\(type.rawValue)")
      // The same search finds what is there: each secret, and not a few of them.
      let kept = leaks(run, key: nil)
      #expect(kept.found.count == kept.planted && kept.planted >= 12, "\(kept)")
      planted += masked.planted
    }
    for type in ResponseType.allCases {
      var run = try ScriptedRun {
        $0.responseType = type
        $0.responseMode = .fragment
      }
      run.runToEnd()
      #expect(run.machine.transcript.failure == nil)
      #expect(leaks(run, key: testKey).found == [], "\(type.rawValue), fragment")
    }
    for fault in Lab.faults {
      for type in fault.types {
        await Task.yield()
        let run = try scriptedRun(fault: fault, type: type)
        let masked = leaks(run, key: testKey)
        // A token that nobody signed opens nothing.
        let isUnsigned =
          fault.id.hasPrefix("alg-none") || fault.id == "empty-signature"
          || fault.id == "second-token-unsigned"
        let found = masked.found.filter { !(isUnsigned && $0.hasSuffix(".")) }
        #expect(found == [], "\(fault.id) (\(type.rawValue))")
        planted += masked.planted
      }
    }
    #expect(planted > 2000, "\(planted) secrets were looked for")
  }

  @Test func `a password is not kept, not even a wrong one`() throws {
    let canary = "canary-password-7391"
    var run = try ScriptedRun(person: PersonAtKeyboard(password: Secret(canary)))
    run.runToEnd()
    #expect(run.tape.contains { if case .formFilled = $0.event { true } else { false } })
    let masked = String(decoding: Recording.file(of: run.tape), as: UTF8.self)
    let kept = String(decoding: Recording.file(of: run.tape, key: nil), as: UTF8.self)
    #expect(kept.contains(canary) && !masked.contains(canary))
    #expect(!masked.contains("canary"))
  }

  @Test func `what tells of a person goes from everything the application was told`() throws {
    let run = try scriptedRun(type: .codeIDTokenToken, then: [.userinfo, .refresh])
    var replay = ReplayRun(try Recording.read(Recording.file(of: run.tape)))
    replay.finish()
    let transcript = replay.machine.transcript
    let told =
      transcript.tokens.compactMap { $0.claims?.compactText }
      + transcript[.data].messages.map { String(decoding: $0.body, as: UTF8.self) }
      + transcript.afterwards.flatMap(\.record.messages).map {
        String(decoding: $0.body, as: UTF8.self)
      }
    #expect(told.count >= 8)
    let person = try #require(run.machine.transcript.token(.idToken, .back)?.claims)
    for name in ["sub", "email", "name"] {
      let value = try #require(person[name]?.string)
      for text in told { #expect(!text.contains(value), "\(name) in \(text.prefix(80))") }
    }
  }
}
