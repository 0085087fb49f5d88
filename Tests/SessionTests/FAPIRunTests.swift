import Lab
import OpenID
import Testing

@testable import HybridFlow
@testable import Session

/// Runs under FAPI 1.0 Advanced, against the demo tenant that enforces it.
@Suite struct FAPIRunTests {
  private func run(
    _ change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> Transcript {
    var run = try ScriptedRun {
      $0.askAsFAPI()
      change(&$0)
    }
    run.runToEnd()
    return run.machine.transcript
  }

  private func standing(_ id: String, _ transcript: Transcript) throws -> FAPIRule.Standing {
    try #require(FAPIRule.all.first { $0.id == id }).standing(in: transcript)
  }

  @Test func `the honest run breaks no rule, and each is held or says why not`() throws {
    let transcript = try run()
    #expect(transcript.firstFailure == nil)
    let complaints = transcript.checks.filter { $0.verdict == .fail || $0.verdict == .warn }
    #expect(complaints.map(\.id.rawValue) == [])
    #expect(FAPIRule.all.map(\.id) == (1...22).map { "F\($0)" })
    let unjudged: Set<String> = ["F3", "F8", "F12", "F17", "F21"]
    for rule in FAPIRule.all {
      switch rule.standing(in: transcript) {
      case .held: #expect(!unjudged.contains(rule.id), "\(rule.id)")
      case .notJudged(let why):
        #expect(unjudged.contains(rule.id) && why.hasSuffix("."), "\(rule.id)")
      case .broken(let ids): Issue.record("\(rule.id) is broken by \(ids)")
      }
    }
  }

  @Test func `what a run has not is judged where its subject is there`() throws {
    let byValue = try run { $0.pushesRequest = .never }
    #expect(try standing("F3", byValue) == .held)
    guard case .notJudged = try standing("F4", byValue) else {
      Issue.record("F4 is judged without a pushed request")
      return
    }
    let encrypted = try run {
      $0.decryption = ClientDecryption(idTokens: TokenEncryption(.rsaOAEP, .a256GCM))
    }
    #expect(try standing("F12", encrypted) == .held)
    #expect(try standing("F17", encrypted) == .held)
    guard case .notJudged(let why) = try standing("F8", byValue) else {
      Issue.record("F8 is judged although http is excused")
      return
    }
    #expect(why.contains("https://localhost"))
  }

  /// Each rule of the checklist, and faults of the lab that break it.
  private static let breaches: [(rule: String, faults: [String])] = [
    ("F1", ["token-through-the-browser"]), ("F2", ["request-object-left-out"]),
    ("F3", ["outside-differs-by-value"]), ("F4", ["outside-differs"]),
    ("F5", ["request-object-for-another"]),
    ("F6", ["request-object-too-long", "nbf-missing"]), ("F7", ["pkce-left-out-of-par"]),
    ("F8", ["redirect-uri-not-https"]), ("F9", ["guessable-state", "no-nonce"]),
    ("F10", ["secret-instead-of-key"]), ("F11", ["ps256-replaced-by-rs256"]),
    ("F12", ["enc-rsa15"]), ("F13", ["forged-signature"]), ("F14", ["s-hash-missing"]),
    ("F15", ["swapped-code"]), ("F16", ["personal-data-in-front"]),
    ("F17", ["plain-though-encrypted", "enc-without-signature"]), ("F18", ["cnf-missing"]),
    ("F19", ["interaction-id-not-echoed"]),
    ("F20", ["short-key-published", "two-keys-one-kid"]), ("F21", ["tls-with-other-suite"]),
    ("F22", ["answer-by-query", "query-asked-for"]),
  ]

  @Test func `each rule of the checklist is broken by a fault, and its check says so`() throws {
    #expect(Self.breaches.map(\.rule) == FAPIRule.all.map(\.id))
    for (rule, faults) in Self.breaches {
      for fault in faults {
        let row = try #require(Lab.faults.first { $0.id == fault }, "\(fault)")
        let outcome = try Lab.outcome(of: row, type: row.shown(with: .codeIDToken))
        guard case .broken(let ids) = try standing(rule, outcome.transcript) else {
          Issue.record("\(rule) is not broken by \(fault)")
          continue
        }
        #expect(row.check.map(ids.contains) == true, "\(fault)")
      }
    }
  }

  @Test(arguments: [
    ("TLSv1.3", "TLS_AES_256_GCM_SHA384", true), ("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", true),
    ("TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", true), ("TLSv1.2", "", true),
    ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384", false), ("TLSv1.2", "AES128-SHA", false),
    ("TLSv1.1", "ECDHE-RSA-AES256-SHA", false),
  ])
  func `a connection is judged by its version and its suite`(
    version: String, cipher: String, isAllowed: Bool
  ) {
    #expect(FAPIAdvanced.allows(RequestSecurity(version: version, cipher: cipher)) == isAllowed)
  }

  @Test func `the browser carries a reference alone, and the object says the rest`() throws {
    let transcript = try run()
    let redirect = transcript[.authorize].messages.last?.response?.headers["Location"]
    let url = try WebURL(try #require(redirect))
    let names = try url.queryFields().map { $0.name }
    #expect(names == ["client_id", "request_uri"])
    let pushed = try #require(
      transcript[.authorize].messages.first { $0.url.hasSuffix("/oauth/par") })
    let form = try FormEncoding.decode(pushed.body)
    let object = try CompactJWS(try #require(form["request"]))
    #expect(object.algorithm == .ps256 && object.type == "oauth-authz-req+jwt")
    let claims = try object.claims()
    #expect(claims["aud"]?.string == ScriptedRun.issuerText)
    #expect(claims["code_challenge_method"]?.string == "S256")
    #expect(form["scope"] == nil && form["client_assertion"] != nil)
  }

  @Test(arguments: [KeyManagementAlgorithm.rsaOAEP, .ecdhES])
  func `a request object is encrypted for the key that the provider publishes`(
    algorithm: KeyManagementAlgorithm
  ) throws {
    let transcript = try run {
      $0.requestEncryption = TokenEncryption(algorithm, .a256GCM)
    }
    #expect(transcript.firstFailure == nil)
    let pushed = try #require(
      transcript[.authorize].messages.first { $0.url.hasSuffix("/oauth/par") })
    let object = try CompactJWE(
      try #require(try FormEncoding.decode(pushed.body)["request"]))
    #expect(object.algorithm == algorithm && object.header["cty"] == "JWT")
    #expect(object.keyID?.hasPrefix("tenant-enc-") == true)
  }

  @Test func `without a published key the request is not sent`() throws {
    var run = try ScriptedRun {
      $0.askAsFAPI()
      $0.requestEncryption = TokenEncryption(.rsaOAEP, .a256GCM)
    }
    run.meddle = { purpose, response in
      guard purpose == .keys, var keys = try? JSONParser.parse(response.body) else {
        return response
      }
      keys.set("keys", .array((keys["keys"]?.elements ?? []).filter { $0["use"] != "enc" }))
      var changed = response
      changed.body = Array(keys.compactText.utf8)
      return changed
    }
    run.runToEnd()
    let failure = try #require(run.machine.transcript[.authorize].failure)
    #expect(failure.message.contains("publishes no RSA key with use enc"), "\(failure.message)")
    #expect(run.machine.transcript[.authorize].messages.allSatisfy { $0.request == nil })
  }

  @Test func `each call has an id of its own, and it is a UUID`() throws {
    let transcript = try run()
    let sent = transcript[.api].messages.compactMap {
      $0.request?.headers["x-fapi-interaction-id"]
    }
    #expect(sent.count == 2 && Set(sent).count == 2)
    for id in sent {
      let groups = id.split(separator: "-")
      #expect(groups.map(\.count) == [8, 4, 4, 4, 12])
      #expect(groups[2].first == "4" && "89ab".contains(groups[3].first ?? "-"))
    }
    let plain = try ScriptedRun.afterEachStage().last?.transcript
    #expect(
      plain?[.api].messages.allSatisfy { $0.request?.headers["x-fapi-interaction-id"] == nil }
        == true)
  }

  @Test func `the same old token warns without the rules, and stops the run with them`() throws {
    let plain = try Lab.outcome(of: Lab.fault("issued-long-ago"), type: .codeIDToken).transcript
    #expect(plain.firstFailure == nil)
    #expect(plain[.callback].checks.first { $0.id == .idTokenIat }?.verdict == .warn)
    let strict = try Lab.outcome(
      of: Lab.fault("issued-a-week-ago"), type: .codeIDToken
    ).transcript
    #expect(strict[.callback].checks.first { $0.id == .idTokenIat }?.verdict == .fail)
    #expect(strict.failure?.failedChecks == [.idTokenIat])
  }

  @Test func `the tenant says by which rule it has refused a request`() throws {
    for (fault, rule, stage) in [
      ("par-left-out", "par-required", Stage.callback),
      ("request-object-expired", "object-unexpired", .authorize),
    ] {
      let transcript = try Lab.outcome(of: Lab.fault(fault), type: .codeIDToken).transcript
      let failed = transcript[stage].serverChecks.filter { $0.passed == false }.map(\.id)
      #expect(failed == [rule])
    }
  }
}
