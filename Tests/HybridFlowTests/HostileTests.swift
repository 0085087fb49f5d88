import Cryptography
import OpenID
import TestSupport
import Testing

@testable import HybridFlow

/// What a stranger may try: bytes changed at random, values that only look alike, misplaced keys.
@Suite struct HostileTests {
  /// Which message is damaged.
  enum Target: String, CaseIterable, Sendable {
    case metadata, keys, callback, tokens, userinfo
  }

  /// Changes, removes or inserts a few bytes.
  private static func damage(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(generator.next() % 3) where !bytes.isEmpty {
      let index = Int(generator.next() % UInt64(bytes.count))
      let byte = UInt8(truncatingIfNeeded: generator.next())
      switch generator.next() % 4 {
      case 0: bytes[index] = byte
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(byte, at: index)
      default: bytes.removeSubrange(index..<min(index + 40, bytes.count))
      }
    }
    return bytes
  }

  @Test(.timeLimit(.minutes(1)), arguments: Target.allCases)
  func `damaged messages end the run one way or the other`(_ target: Target) throws {
    for round in 0..<60 {
      var generator = SeededGenerator(seed: UInt64(round) << 8 | UInt64(target.rawValue.utf8.count))
      let seed = generator.next()
      var provider = try HonestProvider()
      let editResponse: HonestProvider.Edit<HTTPResponse> = {
        var generator = SeededGenerator(seed: seed)
        $0.body = Self.damage($0.body, &generator)
      }
      let configuration = try Sample.configuration(
        ResponseType.allCases[round % 3], agent: round % 2 == 0 ? .builtIn : .external)
      var explicit = configuration
      switch target {
      case .metadata:
        var generator = SeededGenerator(seed: seed)
        let body = Self.damage(Array(try provider.metadata().compactText.utf8), &generator)
        guard let json = try? JSONParser.parse(body), let metadata = ProviderMetadata(json) else {
          continue
        }
        explicit.explicitMetadata = metadata
      case .keys: provider.editKeySet = editResponse
      case .callback:
        provider.editCallback = {
          var generator = SeededGenerator(seed: seed)
          $0.body = Self.damage($0.body, &generator)
        }
      case .tokens: provider.editTokenResponse = editResponse
      case .userinfo: provider.editUserinfo = editResponse
      }
      let drive = try Drive.run(explicit, provider)
      // Whatever was damaged: a code that a token vouches for is sent unchanged or not at all.
      if configuration.responseType.hasIDToken, let sent = drive.tokenRequests.first {
        #expect(try FormEncoding.decode(sent.body)["code"] == Sample.code)
      }
      if drive.machine.situation == .finished {
        #expect(drive.transcript.token(.idToken, .back)?.claims?["sub"] == "auth0|user-1")
      }
    }
  }

  @Test(arguments: ["state", "nonce", "client_id"])
  func `values that only look alike are different`(_ name: String) throws {
    // Swift's == takes a letter with an accent and the letter followed by an accent for equal.
    let one = "value-with-\u{E9}-0123456789012345678901234567"
    let other = "value-with-e\u{301}-0123456789012345678901234567"
    #expect(one == other)
    var configuration = try Sample.configuration()
    var provider = try HonestProvider()
    let expected: Set<CheckID>
    switch name {
    case "state":
      configuration.extraParameters = [FormField("state", one)]
      provider.editFields = { $0.change("state") { _ in other } }
      expected = [.stateMatch]
    case "nonce":
      configuration.extraParameters = [FormField("nonce", one)]
      provider.editFrontClaims = { $0.set("nonce", .string(other)) }
      expected = [.nonceMatch]
    default:
      configuration.clientID = one
      provider.editFrontClaims = { $0.set("aud", .string(other)) }
      expected = [.idTokenAud, .idTokenAudExtra]
    }
    let drive = try Drive.run(configuration, provider)
    #expect(Set(drive.complaints) == expected)
    #expect(drive.tokenRequests.isEmpty)
  }

  @Test func `a key that is for something else is not used`() throws {
    let changes: [(String, HonestProvider.Edit<JSONValue>)] = [
      ("for encryption", { $0.set("use", "enc") }),
      ("for signing, not verifying", { $0.set("key_ops", ["sign"]) }),
      ("for another algorithm", { $0.set("alg", "RS512") }),
      ("of another type", { $0.set("kty", "EC") }),
      ("for a use that is no text", { $0.set("use", 5) }),
      ("for operations that are no list", { $0.set("key_ops", "verify") }),
      ("for an algorithm that is no text", { $0.set("alg", ["RS256"]) }),
      ("named with a number", { $0.set("kid", 1) }),
      ("without its name", { $0.remove("kid") }),
    ]
    for (name, change) in changes {
      var provider = try HonestProvider()
      try change(&provider.published[0])
      provider.publishedLater = provider.published
      let drive = try Drive.run(try Sample.configuration(), provider)
      #expect(drive.complaints == [.idTokenKidKnown], "\(name)")
      #expect(drive.tokenRequests.isEmpty, "\(name)")
    }
    for change in [{ $0.remove("alg") }, { $0.remove("use") }] as [HonestProvider.Edit<JSONValue>] {
      var provider = try HonestProvider()
      try change(&provider.published[0])
      #expect(try Drive.run(try Sample.configuration(), provider).complaints.isEmpty)
    }
  }

  @Test func `a key that cannot be used is told from a forged signature`() throws {
    var provider = try HonestProvider()
    provider.published[0].set("n", "AQAB")
    let drive = try Drive.run(try Sample.configuration(), provider)
    #expect(drive.complaints == [.idTokenSignature])
    let check = try #require(drive.transcript.checks.first { $0.id == .idTokenSignature })
    #expect(check.why == "The issuer\u{2019}s key cannot be used for this.")
  }

  @Test func `of many keys without names only some are tried`() throws {
    var provider = try HonestProvider()
    provider.editFrontHeader = { $0.remove("kid") }
    let other = try TestKeys.other().publicJWK.json
    provider.published = Array(repeating: other, count: 30) + provider.published
    let drive = try Drive.run(try Sample.configuration(), provider)
    let tasks = drive.effects.compactMap { effect -> Int? in
      if case .examine(let tasks) = effect { tasks.count } else { nil }
    }
    // Two hash claims, each by the three digests of the family.
    #expect(tasks == [KeySelection.triedKeysMaximum + 2 * 3])
    #expect(drive.complaints == [.idTokenKidAbsentMultiple, .idTokenSignature])
  }

  @Test func `findings that are missing or in excess prove nothing`() throws {
    for findings: [CryptoFinding] in [
      [], [.signatureInvalid], [.digest([]), .signatureValid], [.unusable("no")],
      [.signatureValid], [.signatureValid, .signatureValid, .signatureValid],
      [.signatureValid, .digest([]), .digest([])],
    ] {
      for (name, last) in [("examiningAnswer", Stage.callback), ("examiningTokens", .tokens)] {
        var drive = Drive(try Sample.configuration(), try HonestProvider())
        try drive.run { $0.stateName == name }
        var machine = drive.machine
        _ = machine.handle(.examined(findings), at: drive.now)
        let isSigned = findings.first == .signatureValid
        // Hash claims of the second token only warn.
        if name == "examiningTokens" && isSigned { continue }
        guard case .failed(last, .provider(.checksFailed(let ids))) = machine.situation else {
          Issue.record("\(name) \(findings): \(machine.stateName)")
          continue
        }
        #expect(ids.contains(isSigned ? .cHashMatch : .idTokenSignature))
      }
    }
  }
}
