import HybridFlow
import Lab
import OpenID
import Testing

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
    let unjudged: Set<String> = ["F3", "F12", "F17", "F21"]
    for rule in FAPIRule.all {
      switch rule.standing(in: transcript) {
      case .held: #expect(!unjudged.contains(rule.id), "\(rule.id)")
      case .notJudged(let why):
        #expect(unjudged.contains(rule.id) && why.hasSuffix("."), "\(rule.id)")
      case .broken(let ids): Issue.record("\(rule.id) is broken by \(ids)")
      }
    }
  }

  @Test(arguments: [
    ("request-object-left-out", "F2"), ("outside-differs", "F4"),
    ("request-object-for-another", "F5"), ("request-object-too-long", "F6"),
    ("nbf-missing", "F6"), ("pkce-left-out-of-par", "F7"), ("secret-instead-of-key", "F10"),
    ("token-through-the-browser", "F1"), ("ps256-replaced-by-rs256", "F11"),
    ("s-hash-missing", "F14"), ("personal-data-in-front", "F16"),
    ("interaction-id-not-echoed", "F19"),
  ])
  func `a fault of the lab breaks its rule on the checklist`(fault: String, rule: String) throws {
    let row = try #require(Lab.faults.first { $0.id == fault })
    let outcome = try Lab.outcome(of: row, type: .codeIDToken)
    guard case .broken(let ids) = try standing(rule, outcome.transcript) else {
      Issue.record("\(rule) is not broken")
      return
    }
    #expect(row.check.map(ids.contains) == true)
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
