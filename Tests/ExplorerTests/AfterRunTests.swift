import Commands
import DemoTenant
import HybridFlow
import Network
import OpenID
import Settings
import Testing
@testable import Platform
@testable import Session

/// The actions after the flow, over real sockets, at the demo tenant.
@Suite struct AfterRunTests {
  private func run(
    _ harness: Harness, _ list: String, json: Bool = true
  ) throws -> (outcome: RunOutcome, actions: [JSONValue]) {
    var style = RunStyle()
    style.isJSON = json
    let outcome = RunCommand(
      session: harness.session, configuration: harness.connection.configuration, style: style,
      sink: harness.sink, then: try AfterPlan.read(list)
    ).run()
    guard json else { return (outcome, []) }
    return (outcome, try harness.sink.lines().filter { $0["type"] == "action" })
  }

  @Test(.timeLimit(.minutes(1)))
  func `every action is done in its order, and the lines of the stages stay`() throws {
    let harness = try Harness()
    let (outcome, actions) = try run(
      harness, "refresh,userinfo,introspect,introspect-refresh,refresh,revoke-access,logout")
    #expect(outcome == .exit(0))
    let lines = try harness.sink.lines()
    #expect(lines.count == 18)
    #expect(lines.prefix(10).allSatisfy { $0["type"] == "stage" && $0["status"] == "passed" })
    #expect(
      actions.map { $0["action"]?.string } == [
        "refresh", "userinfo", "introspect", "introspect-refresh", "refresh", "revoke-access",
        "logout",
      ])
    #expect(actions.allSatisfy { $0["status"] == "passed" && $0["code"] == .null })
    #expect(lines.last?["type"] == "result" && lines.last?["status"] == "passed")
    let uses = actions[0]["tokens"]?.elements?.compactMap { $0["use"]?.string }
    #expect(uses == ["access_token", "id_token", "refresh_token"])
    let checks = actions[0]["checks"]?.elements ?? []
    let sameness = checks.first { $0["id"] == "refresh-same-iss-sub-aud" }
    #expect(sameness?["status"] == "pass")
    #expect(checks.first { $0["id"] == "refresh-rotation" }?["status"] == "pass")
    #expect(actions[1]["checks"]?.elements?.last?["id"] == "userinfo-sub")
    #expect(actions[2]["notes"]?.strings?.first?.contains("is active, for openid") == true)
    #expect(actions[6]["checks"]?.elements?.first?["status"] == "pass")
    let addresses = (actions[6]["messages"]?.elements ?? []).compactMap { $0["url"]?.string }
    #expect(addresses.contains { $0.contains("/oidc/logout?") })
    #expect(addresses.last?.contains("/logged-out?state=") == true)
    // Nothing that opens a door is printed.
    for action in harness.session.machine.transcript.afterwards {
      for token in action.record.tokens { #expect(!harness.sink.output.contains(token.text)) }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a revoked access token is refused at the userinfo endpoint`() throws {
    let harness = try Harness()
    let (outcome, actions) = try run(
      harness, "userinfo,revoke-access,introspect,userinfo,revoke,refresh")
    #expect(outcome == .exit(4))
    #expect(
      actions.map { $0["status"]?.string } == [
        "passed", "passed", "passed", "failed", "passed", "failed",
      ])
    #expect(actions[2]["notes"]?.strings?.first?.contains("not active") == true)
    #expect(actions[3]["code"] == "provider.userinfo_error")
    #expect(actions[3]["message"]?.string?.contains("invalid_token") == true)
    #expect(actions[5]["code"] == "provider.token_error")
    #expect(actions[5]["message"]?.string?.contains("invalid_grant") == true)
    let result = try #require(try harness.sink.lines().last)
    #expect(result["exit"] == 4 && result["code"] == "provider.userinfo_error")
    #expect(harness.session.machine.transcript.failure == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a refresh token that a thief used first is refused, and everything of its chain`() throws {
    let harness = try Harness()
    #expect(try run(harness, "userinfo").outcome == .exit(0))
    // The face has closed the application's port; the machine and the tenant are still there.
    let transcript = harness.session.machine.transcript
    let stolen = try #require(transcript.token(.refreshToken, .back)?.text)
    let configuration = harness.connection.configuration
    let request = TokenRequest(
      endpoint: try harness.tenant.issuer.resolving("/oauth/token"),
      fields: [
        FormField("grant_type", "refresh_token"), FormField("refresh_token", stolen),
      ], method: .basic, clientID: configuration.clientID,
      clientSecret: configuration.clientSecret
    ).httpRequest()
    #expect(try harness.send(request).status == 200)
    for action in [AfterAction.refresh, .userinfo] {
      let count = harness.session.machine.transcript.afterwards.count
      harness.session.post(.actionRequested(action))
      try harness.wait {
        let done = harness.session.machine.transcript.afterwards
        return done.count > count && done.last?.isOver == true
      }
      let record = harness.session.machine.transcript.afterwards.last?.record
      guard case .provider(.refused(let error)) = record?.failure else {
        Issue.record("\(action.id): \(String(describing: record?.failure))")
        continue
      }
      #expect(error.code == (action == .refresh ? "invalid_grant" : "invalid_token"))
    }
    harness.session.close()
  }

  @Test(.timeLimit(.minutes(1)))
  func `what cannot be done is left out, with the reason`() throws {
    let harness = try Harness(["--scope", "openid read:appointments"])
    let (outcome, actions) = try run(harness, "refresh,logout")
    #expect(outcome == .exit(0))
    #expect(actions.map { $0["status"]?.string } == ["skipped", "passed"])
    #expect(actions[0]["why"]?.string?.contains("offline_access") == true)
    let failing = try Harness(["--id-token-alg", "ES256"])
    let (failed, left) = try run(failing, "refresh")
    #expect(failed == .exit(3))
    #expect(left.map { $0["status"]?.string } == ["skipped"])
    #expect(try failing.sink.lines().last?["type"] == "result")
  }

  @Test(.timeLimit(.minutes(1)))
  func `people are told in words`() throws {
    let harness = try Harness()
    #expect(try run(harness, "refresh,logout", json: false).outcome == .exit(0))
    #expect(harness.sink.output.contains(" +  Refresh the tokens"))
    #expect(harness.sink.output.contains("Sign out at the tenant"))
    #expect(harness.sink.output.contains("Passed."))
  }

  @Test func `a list names actions that there are`() throws {
    #expect(try AfterPlan.read("refresh, logout") == [.refresh, .logout])
    for text in [
      "", "refresh,", "destroy", Array(repeating: "refresh", count: 21).joined(separator: ","),
    ] {
      #expect(throws: UsageError.self) { try AfterPlan.read(text) }
    }
  }
}
