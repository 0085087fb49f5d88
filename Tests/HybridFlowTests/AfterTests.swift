import Cryptography
import OpenID
import Testing

@testable import HybridFlow
@testable import Redaction

/// What an application does with its tokens once the flow is over.
@Suite struct AfterTests {
  /// A provider that offers every endpoint, and gives a refresh token.
  static func generous() throws -> HonestProvider {
    var provider = try HonestProvider()
    provider.editMetadata = {
      for name in ["introspection", "revocation", "end_session"] {
        $0.set("\(name)_endpoint", .string(Sample.issuer + name))
      }
    }
    return provider
  }

  static func offline(
    _ agent: FlowConfiguration.UserAgent = .external
  ) throws -> FlowConfiguration {
    var configuration = try Sample.configuration(agent: agent)
    configuration.scope.append("offline_access")
    return configuration
  }

  private func finished(_ provider: HonestProvider) throws -> Drive {
    try Drive.run(try Self.offline(), provider)
  }

  private func act(_ drive: inout Drive, _ action: AfterAction) throws -> StageRecord {
    try drive.deliver(.actionRequested(action))
    try drive.run()
    #expect(drive.machine.situation == .finished)
    let last = try #require(drive.transcript.afterwards.last)
    #expect(last.action == action)
    #expect(last.isOver)
    return last.record
  }

  @Test func `a refresh is checked against the sign-in and replaces the tokens`() throws {
    var drive = try finished(try Self.generous())
    let before = drive.transcript
    let record = try act(&drive, .refresh)
    #expect(record.status == .passed)
    let form = try FormEncoding.decode(try #require(drive.refreshRequests.first).body)
    #expect(form["grant_type"] == "refresh_token")
    #expect(form["refresh_token"] == "refresh-8xLOxBtZp8-8xLOxBtZp8")
    #expect(drive.refreshRequests.first?.headers["Authorization"]?.hasPrefix("Basic ") == true)
    let verdicts = Dictionary(
      record.checks.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
    #expect(verdicts[.refreshSameIssSubAud] == .pass)
    #expect(verdicts[.refreshRotation] == .pass)
    #expect(verdicts[.idTokenSignature] == .pass)
    #expect(verdicts[.backAtHash] == .pass)
    #expect(verdicts[.nonceMatch] == .skip)
    #expect(!record.checks.contains { $0.verdict == .fail || $0.verdict == .warn })
    #expect(record.tokens.map(\.use) == [.accessToken, .idToken, .refreshToken])

    _ = try act(&drive, .userinfo)
    #expect(
      drive.apiRequests.last?.headers["Authorization"] == "Bearer " + Sample.refreshedAccessToken)
    _ = try act(&drive, .refresh)
    let second = try FormEncoding.decode(try #require(drive.refreshRequests.last).body)
    #expect(second["refresh_token"] == Sample.rotatedRefreshToken)

    #expect(drive.transcript.stages == before.stages, "the ten stages stay as they were")
    #expect(drive.transcript.failure == nil)
    let numbers = drive.transcript.records.flatMap(\.messages).map(\.id)
    #expect(numbers == Array(1...numbers.count))
    let redactor = drive.transcript.redactor()
    for token in [Sample.refreshedAccessToken, Sample.rotatedRefreshToken] {
      #expect(!redactor.mask("x \(token) y").contains(token))
    }
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let name: String
    let check: CheckID
    let claims: HonestProvider.Edit<JSONValue>
    var verdict = Check.Verdict.fail
    var testDescription: String { name }
  }

  @Test(arguments: [
    Wrong(name: "another sub", check: .refreshSameIssSubAud) { $0.set("sub", "auth0|user-2") },
    Wrong(name: "another iss", check: .refreshSameIssSubAud) {
      $0.set("iss", "https://tenant.example")
    },
    Wrong(name: "another aud", check: .refreshSameIssSubAud) { $0.set("aud", "client-2") },
    Wrong(name: "another sign-in", check: .refreshSameIssSubAud) {
      $0.set("auth_time", .number(JSONNumber(Sample.start.seconds + 5)))
    },
    Wrong(name: "made before the sign-in", check: .refreshSameIssSubAud) {
      $0.set("iat", .number(JSONNumber(Sample.start.seconds - 500)))
    },
    Wrong(name: "another nonce", check: .nonceMatch) { $0.set("nonce", "of another run") },
    Wrong(name: "expired", check: .idTokenExp) { $0.set("exp", 1_600_000_000) },
  ])
  func `a refreshed ID token that is not the person's is discarded`(wrong: Wrong) throws {
    var provider = try Self.generous()
    provider.editRefreshedClaims = wrong.claims
    var drive = try finished(provider)
    let record = try act(&drive, .refresh)
    #expect(record.checks.first { $0.id == wrong.check }?.verdict == .fail)
    #expect(record.failure?.failedChecks.contains(wrong.check) == true)
    #expect(drive.transcript.firstFailure?.exitCode == 3)
    let offers = drive.machine.afterActions
    #expect(
      offers.first { $0.action == .refresh }?.unavailable
        == "the answer to the last refresh was not believed")
    _ = try act(&drive, .userinfo)
    #expect(
      drive.apiRequests.last?.headers["Authorization"] == "Bearer " + Sample.backAccessToken)
  }

  @Test
  func `a stranger's signature on a refreshed ID token fails after one more look at the keys`()
    throws
  {
    var provider = try Self.generous()
    var drive = try finished(provider)
    provider.backKey = try TestKeys.other()
    drive.provider = provider
    let record = try act(&drive, .refresh)
    #expect(record.failure?.failedChecks.contains(.idTokenKidKnown) == true)
    #expect(drive.effects.count { if case .fetch(.keysAgain, _) = $0 { true } else { false } } == 1)
    provider.publishedLater.append(try TestKeys.other().publicJWK.json)
    var rotated = try finished(try Self.generous())
    rotated.provider = provider
    #expect(try act(&rotated, .refresh).status == .passed)
  }

  @Test func `a refresh token that somebody used before shows what the tenant says`() throws {
    var provider = try Self.generous()
    provider.editRefreshedResponse = {
      $0 = HonestProvider.json(
        ["error": "invalid_grant", "error_description": "Unknown or used refresh token"],
        status: 400)
    }
    var drive = try finished(provider)
    let record = try act(&drive, .refresh)
    guard case .provider(.refused(let error)) = record.failure else {
      Issue.record("\(String(describing: record.failure))")
      return
    }
    #expect(error.code == "invalid_grant" && error.endpoint == .token && error.status == 400)
    #expect(record.notes.count == 1)
    #expect(drive.transcript.firstFailure?.exitCode == 4)
  }

  @Test func `without rotation the old refresh token stays`() throws {
    for old in [nil, "refresh-8xLOxBtZp8-8xLOxBtZp8"] as [String?] {
      var provider = try Self.generous()
      provider.editRefreshed = {
        if let old { $0.set("refresh_token", .string(old)) } else { $0.remove("refresh_token") }
        $0.remove("id_token")
      }
      var drive = try finished(provider)
      let record = try act(&drive, .refresh)
      #expect(record.checks.first { $0.id == .refreshRotation }?.verdict == .skip)
      #expect(record.checks.first { $0.id == .refreshSameIssSubAud }?.verdict == .skip)
      _ = try act(&drive, .refresh)
      let form = try FormEncoding.decode(try #require(drive.refreshRequests.last).body)
      #expect(form["refresh_token"] == "refresh-8xLOxBtZp8-8xLOxBtZp8")
    }
  }

  @Test func `the tenant is asked about a token and takes one back`() throws {
    var drive = try finished(try Self.generous())
    let asked = try act(&drive, .introspect(.accessToken))
    let request = try #require(asked.messages.first?.request)
    #expect(request.url?.text == Sample.issuer + "introspection")
    let form = try FormEncoding.decode(request.body)
    #expect(form["token"] == Sample.backAccessToken && form["token_type_hint"] == "access_token")
    #expect(asked.notes.first?.text.contains("is active, for openid, until") == true)
    let revoked = try act(&drive, .revoke(.refreshToken))
    #expect(revoked.messages.first?.request?.url?.text == Sample.issuer + "revocation")
    #expect(revoked.failure == nil)
  }

  @Test func `an answer that is none ends the action, never the run`() throws {
    var provider = try Self.generous()
    provider.editRevocation = {
      $0 = HonestProvider.json(["error": "unsupported_token_type"], status: 400)
    }
    provider.editIntrospection = { $0 = HonestProvider.json(["active": "yes"]) }
    provider.editRefreshedResponse = {
      $0 = HTTPResponse(status: 502, mediaType: "text/html", text: "<p>no")
    }
    var drive = try finished(provider)
    #expect(try act(&drive, .revoke(.accessToken)).failure?.code == "provider.revocation_error")
    #expect(
      try act(&drive, .introspect(.refreshToken)).failure?.code == "provider.unreadable")
    #expect(try act(&drive, .refresh).failure?.exitCode == 5)
    provider.editUserinfo = { $0 = HonestProvider.json(["sub": "auth0|user-2"]) }
    drive.provider = provider
    #expect(try act(&drive, .userinfo).failure?.failedChecks == [.userinfoSub])
    provider.editUserinfo = { $0 = HTTPResponse(status: 401) }
    drive.provider = provider
    #expect(try act(&drive, .userinfo).failure?.code == "provider.userinfo_error")
    #expect(drive.transcript.failure == nil)
  }

  @Test func `an action that cannot be done says why and does nothing`() throws {
    var drive = try Drive.run(try Sample.configuration())
    let reasons = drive.machine.afterActions.map(\.unavailable)
    #expect(drive.machine.afterActions.map(\.action) == AfterAction.all)
    #expect(reasons[0]?.contains("offline_access") == true)
    #expect(reasons[1] == nil)
    for reason in reasons[2...] { #expect(reason?.contains("_endpoint") == true) }
    for (action, reason) in zip(AfterAction.all, reasons) where reason != nil {
      #expect(try drive.deliver(.actionRequested(action)) == [])
    }
    #expect(drive.transcript.afterwards.isEmpty)

    var signOn = try Self.offline()
    signOn.signOnOnly = true
    let signedOn = try Drive.run(signOn, try Self.generous()).machine.afterActions
    #expect(signedOn.filter { $0.unavailable == nil }.map(\.action) == [.logout])
    #expect(FlowMachine().afterActions.isEmpty)
    #expect(AfterAction.all.map { AfterAction(id: $0.id) } == AfterAction.all)
    #expect(AfterAction(id: "destroy") == nil)
  }

  // MARK: - Logout

  private func logoutURL(_ effects: [FlowEffect]) throws -> WebURL {
    for effect in effects {
      if case .openBrowser(let url) = effect { return url }
      if case .navigate(let url) = effect { return url }
    }
    throw Unexpected("no browser was sent anywhere: \(effects.map(\.label))")
  }

  private func returning(_ state: String?) -> FlowEvent {
    let query = state.map { "?state=\($0)" } ?? ""
    return .loggedOut(HTTPRequest(method: "GET", target: "/logged-out" + query))
  }

  @Test func `a logout takes the browser to the tenant and waits for it to come back`() throws {
    var machine = try finished(try Self.generous()).machine
    let now = Sample.start.adding(seconds: 100)
    let url = try logoutURL(machine.handle(.actionRequested(.logout), at: now))
    #expect(url.text.hasPrefix(Sample.issuer + "end_session?id_token_hint=ey"))
    let fields = try url.queryFields()
    #expect(fields["post_logout_redirect_uri"] == "http://localhost:8931/logged-out")
    #expect(fields["state"] == Sample.secrets.logoutState)
    #expect(fields["client_id"] == Sample.clientID)
    guard case .browserAway(.data, now, let until) = machine.situation else {
      Issue.record("\(machine.situation)")
      return
    }
    #expect(until == now.adding(seconds: 300))
    #expect(machine.afterActions.allSatisfy { $0.unavailable == "still at work" })
    #expect(machine.handle(returning(Sample.secrets.logoutState), at: now) == [])
    #expect(machine.situation == .finished)
    let record = try #require(machine.transcript.afterwards.last?.record)
    #expect(record.checks.map(\.id) == [.logoutState])
    #expect(record.checks.first?.verdict == .pass)
    #expect(
      machine.afterActions.last?.unavailable == "the person was signed out already")
  }

  @Test(arguments: ["another-state", nil] as [String?])
  func `a return with another state proves no logout`(state: String?) throws {
    var machine = try finished(try Self.generous()).machine
    let now = Sample.start.adding(seconds: 100)
    _ = machine.handle(.actionRequested(.logout), at: now)
    _ = machine.handle(returning(state), at: now)
    let check = try #require(machine.transcript.afterwards.last?.record.checks.first)
    #expect(check.id == .logoutState && check.verdict == .warn)
    #expect(check.found == state ?? "absent")
    #expect(machine.afterActions.last?.unavailable == nil, "it may be tried again")
    let before = machine
    #expect(machine.handle(returning(Sample.secrets.logoutState), at: now) == [])
    #expect(machine.situation == before.situation, "nobody waits any more")
    #expect(machine.afterActions == before.afterActions)
    #expect(
      machine.transcript.afterwards.map(\.record.checks)
        == before.transcript.afterwards.map(\.record.checks))
  }

  @Test func `a browser that does not come back ends the wait`() throws {
    for event in [FlowEvent.clockAdvanced, .abandoned] {
      var machine = try finished(try Self.generous()).machine
      _ = machine.handle(.actionRequested(.logout), at: Sample.start)
      _ = machine.handle(event, at: Sample.start.adding(seconds: 300))
      #expect(machine.situation == .finished)
      #expect(machine.transcript.firstFailure?.exitCode == 6)
      #expect(machine.transcript.failure == nil)
    }
  }

  @Test func `the built-in browser shows the tenant's question, or its refusal`() throws {
    let provider = try Self.generous()
    let machine = try Drive.run(try Self.offline(.builtIn), provider).machine
    var asking = machine
    let effects = asking.handle(.actionRequested(.logout), at: Sample.start)
    #expect(effects == [.navigate(try logoutURL(effects))])
    #expect(asking.situation == .busy(.data, .signingOut))
    let page = try Pages.login("Sign out?")
    #expect(asking.handle(.pageArrived(page), at: Sample.start) == [])
    #expect(asking.situation == .pageShown(.data, page))
    let form = FormSubmission(action: page.url, method: "POST", fields: [])
    #expect(asking.handle(.formFilled(form), at: Sample.start) == [.submit(form)])
    _ = asking.handle(returning(Sample.secrets.logoutState), at: Sample.start)
    #expect(asking.transcript.firstFailure == nil)

    var refused = machine
    _ = refused.handle(.actionRequested(.logout), at: Sample.start)
    var error = page
    error.status = 400
    _ = refused.handle(.pageArrived(error), at: Sample.start)
    #expect(refused.transcript.firstFailure?.code == "provider.page_error")
    var lost = machine
    _ = lost.handle(.actionRequested(.logout), at: Sample.start)
    _ = lost.handle(
      .pageFailed(TransportFailure(kind: .reset, message: "Gone.")), at: Sample.start)
    #expect(lost.transcript.firstFailure?.exitCode == 5)
  }

  @Test func `a run has room for a hundred actions`() throws {
    var drive = try finished(try Self.generous())
    for _ in 0..<Afterwards.actionsMaximum { _ = try act(&drive, .userinfo) }
    #expect(drive.machine.afterActions.allSatisfy { $0.unavailable != nil })
    #expect(try drive.deliver(.actionRequested(.userinfo)) == [])
    #expect(drive.transcript.afterwards.count == Afterwards.actionsMaximum)
  }

  @Test func `whatever comes during an action, the run stays finished`() throws {
    let finished = try finished(try Self.generous())
    for action in AfterAction.all {
      for event in try EventWalkTests.samples() {
        var machine = finished.machine
        _ = machine.handle(.actionRequested(action), at: Sample.start)
        _ = machine.handle(event, at: Sample.start)
        #expect(machine.transcript.stages == finished.transcript.stages, "\(event.label)")
        _ = machine.handle(.abandoned, at: Sample.start)
        #expect(machine.situation == .finished, "\(action.id) + \(event.label)")
      }
    }
  }
}
