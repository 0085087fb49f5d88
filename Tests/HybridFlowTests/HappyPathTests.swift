import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// Runs in which everybody does what the specifications want.
@Suite struct HappyPathTests {
  struct Way: CustomTestStringConvertible, Sendable {
    var type: ResponseType
    var agent: FlowConfiguration.UserAgent
    var observes: Bool
    var testDescription: String {
      "\(type.rawValue), \(agent), \(observes ? "our tenant" : "a real tenant")"
    }

    static let all = ResponseType.allCases.flatMap { type in
      [
        Way(type: type, agent: .builtIn, observes: true),
        Way(type: type, agent: .builtIn, observes: false),
        Way(type: type, agent: .external, observes: true),
        Way(type: type, agent: .external, observes: false),
      ]
    }
  }

  @Test(arguments: Way.all)
  func `ten stages pass, and no check fails or warns`(_ way: Way) throws {
    let configuration = try Sample.configuration(
      way.type, agent: way.agent, observes: way.observes)
    let drive = try Drive.run(configuration)
    #expect(drive.machine.situation == .finished)
    #expect(drive.transcript.stages.map(\.status) == Array(repeating: .passed, count: 10))
    expectNoComplaint(drive)
    try expectComplete(drive, way)
    #expect(try turnsByState(drive) == Self.situations(way))
  }

  /// The situations in their order, without their data.
  static func situations(_ way: Way) -> [String] {
    let browser =
      way.agent == .builtIn
      ? [
        "busy prompt loadingPage", "ready authenticate", "pageShown authenticate",
        "busy authenticate submittingForm", "ready callback", "busy callback submittingForm",
      ]
      : way.observes
        ? [
          "browserAway prompt", "browserAway prompt", "browserAway prompt", "browserAway prompt",
          "browserAway authenticate",
        ]
        : ["browserAway prompt", "browserAway authenticate"]
    return [
      "busy login openingListener", "busy login fetchingMetadata", "busy login fetchingKeys",
      "ready authorize", "ready prompt",
    ] + browser + ["busy callback examiningCallback", "ready exchange"]
      + ["busy exchange exchangingCode", "ready verify"]
      + (way.observes ? ["busy verify readingLedger"] : []) + [
        "ready tokens", "busy tokens examiningTokens", "ready api", "busy api callingUserinfo",
        "ready data", "finished",
      ]
  }

  private func turnsByState(_ drive: Drive) throws -> [String] {
    drive.turns.map { turn in
      switch turn.after.situation {
      case .idle: "idle"
      case .ready(let next): "ready \(next)"
      case .busy(let stage, let work): "busy \(stage) \(work)"
      case .pageShown(let stage, _): "pageShown \(stage)"
      case .browserAway(let stage, _, _): "browserAway \(stage)"
      case .finished: "finished"
      case .failed(let stage, let failure): "failed \(stage) \(failure.code)"
      }
    }
  }

  private func expectNoComplaint(
    _ drive: Drive, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for check in drive.transcript.checks {
      #expect(
        check.verdict == .pass || check.verdict == .skip,
        "\(check.id.rawValue): \(check.why) expected \(check.expected ?? "") found \(check.found ?? "")",
        sourceLocation: sourceLocation)
      #expect(!check.why.isEmpty, sourceLocation: sourceLocation)
    }
  }

  /// Every message with its body, every value with its holders, every token decoded.
  private func expectComplete(_ drive: Drive, _ way: Way) throws {
    let transcript = drive.transcript
    #expect(transcript[.login].messages.map(\.method) == ["GET", "GET", "GET", "GET"])
    #expect(
      transcript[.login].messages[1].body == Array(try drive.provider.metadata().compactText.utf8))
    let callback = try #require(transcript[.callback].messages.first { $0.to == .application })
    let posted = drive.turns.compactMap { turn -> HTTPRequest? in
      if case .callbackArrived(_, let request) = turn.event { request } else { nil }
    }
    #expect([callback.request] == posted)
    #expect(callback.url == "http://localhost:8931/callback")
    #expect(callback.channel == .front)
    let token = try #require(drive.tokenRequests.first)
    #expect(transcript[.exchange].messages.map(\.request) == [token])
    let tokenAnswer = try #require(transcript[.tokens].messages.first)
    let sentBack = drive.turns.compactMap { turn -> HTTPResponse? in
      if case .fetched(.token, _, let response) = turn.event { response } else { nil }
    }
    #expect([tokenAnswer.response] == sentBack)
    #expect(tokenAnswer.channel == .back)
    #expect(transcript[.data].messages.first?.body == (try drive.provider.userinfo()).body)

    let code = try #require(transcript[.callback].values.first { $0.name == "code" })
    #expect(code.value == Sample.code)
    #expect(code.isSecret)
    #expect(code.holders == [.authorizationServer, .browser, .application])
    let access = try #require(transcript[.tokens].values.first { $0.name == "access_token" })
    #expect(access.holders == [.authorizationServer, .application])
    #expect(access.value == Sample.backAccessToken)

    let first = transcript.token(.idToken, .front)
    #expect((first != nil) == way.type.hasIDToken)
    #expect(first?.claims?["sub"] ?? "auth0|user-1" == "auth0|user-1")
    #expect(first?.header?["kid"] ?? "key-1" == "key-1")
    let second = try #require(transcript.token(.idToken, .back))
    #expect(second.claims?["picture"]?.string == "https://tenant.example/jane.png")
    let front = transcript.token(.accessToken, .front)
    #expect(front?.text == (way.type.hasAccessToken ? Sample.frontAccessToken : nil))
    #expect(front?.expiresIn == (way.type.hasAccessToken ? 7200 : nil))
    let back = try #require(transcript.token(.accessToken, .back))
    #expect(back.expiresIn == 86400)
    #expect(back.opaqueBecause != nil)
    #expect(transcript[.prompt].observed == (way.observes || way.agent == .builtIn))
    #expect(transcript[.verify].serverChecks.map(\.observed).allSatisfy { $0 == way.observes })
    #expect(!transcript[.verify].serverChecks.isEmpty)
    expectHonestDrawing(transcript, way)
  }

  /// A real browser is handed the URL: no redirect was sent, and no request of its own was seen.
  private func expectHonestDrawing(_ transcript: Transcript, _ way: Way) {
    let isReal = way.agent == .external
    #expect(transcript[.authorize].messages.map(\.evidence) == [isReal ? .drawn : .sent])
    let asked = transcript[.prompt].messages.filter { $0.evidence == .drawn }
    #expect(asked.count == (isReal && !way.observes ? 1 : 0))
    // Tokens show that the code was known, and nothing else.
    guard !way.observes else { return }
    let shown = transcript[.verify].serverChecks.filter { $0.passed != nil }
    #expect(shown.map(\.id) == ["code-known"])
    #expect(transcript[.verify].serverChecks.contains { $0.id == "pkce" && $0.passed == nil })
  }

  @Test(arguments: ResponseType.allCases)
  func `the token request is the one that the registration asks for`(_ type: ResponseType) throws {
    let cases: [(ClientAuthenticationMethod?, String?, [String])] = [
      (nil, "Basic", []), (.basic, "Basic", []), (.post, nil, ["client_id", "client_secret"]),
      (ClientAuthenticationMethod.none, nil, ["client_id"]),
    ]
    for (method, scheme, extra) in cases {
      var configuration = try Sample.configuration(type)
      configuration.clientAuthentication = method
      if method == ClientAuthenticationMethod.none { configuration.clientSecret = nil }
      let drive = try Drive.run(configuration)
      expectNoComplaint(drive)
      let request = try #require(drive.tokenRequests.first)
      let fields = try FormEncoding.decode(request.body)
      #expect(
        fields.map(\.name) == ["grant_type", "code", "redirect_uri", "code_verifier"] + extra)
      #expect(fields["code"] == Sample.code)
      #expect(fields["redirect_uri"] == "http://localhost:8931/callback")
      #expect(fields["code_verifier"] == Sample.secrets.codeVerifier.reveal())
      #expect(fields["client_secret"] == (method == .post ? Sample.clientSecret.reveal() : nil))
      let header = request.headers["Authorization"]
      #expect(header?.hasPrefix(scheme ?? "-") == (scheme == nil ? nil : true))
      if let header {
        let read = try #require(ClientAuthentication.readBasicHeader(header))
        #expect(read.clientID == Sample.clientID)
        #expect(read.secret == Sample.clientSecret)
      }
    }
  }

  @Test(arguments: ResponseType.allCases)
  func `without PKCE no verifier appears anywhere, and that is worth a warning`(
    _ type: ResponseType
  ) throws {
    var configuration = try Sample.configuration(type)
    configuration.usesPKCE = false
    let drive = try Drive.run(configuration)
    #expect(drive.machine.situation == .finished)
    #expect(drive.complaints == [.requestPKCE])
    #expect(drive.authorizeRequest["code_challenge"] == nil)
    let body = try FormEncoding.decode(try #require(drive.tokenRequests.first).body)
    #expect(body["code_verifier"] == nil)
    #expect(!drive.transcript.stages.flatMap(\.values).contains { $0.name == "code_verifier" })
  }

  @Test(arguments: [ResponseType.codeIDToken, .codeIDTokenToken])
  func `signing on only ends after stage 5`(_ type: ResponseType) throws {
    var configuration = try Sample.configuration(type)
    configuration.signOnOnly = true
    let drive = try Drive.run(configuration)
    #expect(drive.machine.situation == .finished)
    expectNoComplaint(drive)
    #expect(drive.tokenRequests.isEmpty)
    #expect(
      drive.transcript.stages.map(\.status)
        == Array(repeating: .passed, count: 5) + Array(repeating: .skipped, count: 5))
    #expect(drive.transcript[.exchange].skippedBecause?.isEmpty == false)
  }

  @Test func `without an ID token in the browser nobody is signed on after stage 5`() throws {
    var configuration = try Sample.configuration(.codeToken)
    configuration.signOnOnly = true
    let drive = try Drive.run(configuration)
    #expect(drive.transcript[.tokens].status == .passed)
    #expect(drive.transcript.token(.idToken, .back) != nil)
    #expect(drive.transcript[.callback].notes.count == 1)
  }

  @Test(arguments: ResponseType.allCases)
  func `explicit metadata take the place of discovery`(_ type: ResponseType) throws {
    var configuration = try Sample.configuration(type)
    let provider = try HonestProvider()
    configuration.explicitMetadata = ProviderMetadata(try provider.metadata())
    let drive = try Drive.run(configuration, provider)
    expectNoComplaint(drive)
    #expect(drive.machine.situation == .finished)
    #expect(
      !drive.effects.contains {
        if case .fetch(.metadata, _) = $0 { true } else { false }
      })
    #expect(drive.transcript[.login].notes.count == 1)
  }

  @Test(
    arguments: [SignatureAlgorithm.rs256, .rs512, .ps256, .es256, .es384, .edDSA, .hs256],
    ResponseType.allCases)
  func `tokens are verified whatever they are signed with`(
    _ algorithm: SignatureAlgorithm, _ type: ResponseType
  ) throws {
    var configuration = try Sample.configuration(type)
    configuration.idTokenAlgorithm = algorithm
    let drive = try Drive.run(configuration)
    expectNoComplaint(drive)
    #expect(drive.machine.situation == .finished)
  }

  @Test func `hash claims of an Ed448 token are half of 114 bytes`() throws {
    var configuration = try Sample.configuration(.codeIDTokenToken)
    configuration.idTokenAlgorithm = .edDSA
    let drive = try Drive.run(configuration, HonestProvider(.edDSA, ed448: true))
    expectNoComplaint(drive)
    let first = try #require(drive.transcript.token(.idToken, .front))
    #expect(first.claims?["c_hash"]?.string?.utf8.count == 76)
  }

  @Test func `an API of its own is called, and the userinfo endpoint as well when asked`() throws {
    for also in [false, true] {
      var configuration = try Sample.configuration()
      configuration.apiURL = try Sample.url("https://api.example/appointments")
      configuration.audience = Sample.audience
      configuration.alsoUserinfo = also
      let drive = try Drive.run(configuration)
      expectNoComplaint(drive)
      #expect(drive.apiRequests.map(\.path) == ["/appointments"] + (also ? ["/userinfo"] : []))
      #expect(
        drive.apiRequests.allSatisfy {
          $0.headers.all("Authorization") == ["Bearer " + Sample.backAccessToken]
            && $0.query.isEmpty
        })
      #expect(drive.authorizeRequest["audience"] == Sample.audience)
    }
  }

  @Test func `without any API the last two stages are left out`() throws {
    var provider = try HonestProvider()
    provider.editMetadata = { $0.remove("userinfo_endpoint") }
    let drive = try Drive.run(try Sample.configuration(), provider)
    expectNoComplaint(drive)
    #expect(drive.machine.situation == .finished)
    #expect(drive.transcript[.api].status == .skipped)
    #expect(drive.transcript[.data].status == .skipped)
  }

  @Test func `every id has its rule`() {
    for id in CheckID.allCases {
      #expect(!id.rule.isEmpty, "\(id.rawValue)")
      #expect(!id.shows.isEmpty, "\(id.rawValue)")
      #expect(!id.spec.document.isEmpty, "\(id.rawValue)")
    }
  }
}

extension Drive {
  /// The checks that failed or warned, in order, each once.
  var complaints: [CheckID] {
    var ids: [CheckID] = []
    for check in transcript.checks where check.verdict == .fail || check.verdict == .warn {
      if !ids.contains(check.id) { ids.append(check.id) }
    }
    return ids
  }

  /// The exit code that `run` would have.
  var exitCode: Int32 { transcript.failure?.exitCode ?? 0 }
}
