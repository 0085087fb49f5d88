import OpenID
import TestSupport
import Testing

@testable import HybridFlow

/// The answers that are printed in OpenID Connect Core 1.0, appendix A, and faulty ones made from
/// them.
@Suite struct PublishedExampleTests {
  /// What a stage 5 made of an answer.
  private struct Outcome {
    let machine: FlowMachine
    let complaints: Set<CheckID>
    let effects: [FlowEffect]
  }

  private let core: JSONValue
  private let now: UnixTime

  init() throws {
    core = try Fixture.vectors().at("oidc_core")
    now = UnixTime(seconds: try #require(try core.at("clock_for_valid").integer))
  }

  /// A machine whose browser is away with the request of the appendix.
  ///
  /// Its nonce has 12 characters, too few for the explorer's own requests, so the machine starts
  /// behind the check of stage 2.
  private func machine(_ type: ResponseType) throws -> FlowMachine {
    let issuer = try core.text("issuer")
    var configuration = FlowConfiguration(
      issuer: try WebURL(issuer), clientID: try core.text("client_id"), clientSecret: Secret("x"),
      redirectURI: try WebURL("https://client.example.org/cb"), responseType: type)
    configuration.usesPKCE = false
    let metadata = try #require(
      ProviderMetadata([
        "issuer": .string(issuer), "jwks_uri": .string(issuer + "/jwks"),
        "token_endpoint": .string(issuer + "/token"),
        "authorization_endpoint": .string(issuer + "/authorize"),
      ]))
    let secrets = FlowSecrets(
      state: try core.text("state"), nonce: try core.text("nonce"), codeVerifier: Secret(""),
      codeChallenge: "", tokenIdentifier: "jti")
    let prepared = Prepared(
      listening: Listening(
        begun: Begun(configuration: configuration, secrets: secrets, startedAt: now),
        redirectURI: configuration.redirectURI),
      metadata: metadata, keys: JSONWebKeySet(keys: [try core.key("public_jwk")]),
      authorizationEndpoint: try WebURL(issuer + "/authorize"),
      tokenEndpoint: try WebURL(issuer + "/token"), clientAuthentication: .basic)
    let request = AuthorizationRequest(
      endpoint: prepared.authorizationEndpoint, parameters: AuthorizeStage.parameters(prepared))
    return FlowMachine(
      state: .browserAway(
        BrowserAway(
          requested: Requested(prepared: prepared, request: request, url: try request.url()),
          since: now, until: now.adding(seconds: 300), signsIn: true)))
  }

  private func outcome(_ type: ResponseType, _ fields: [FormField]) throws -> Outcome {
    var machine = try machine(type)
    let request = HTTPRequest(
      method: "POST", target: "/cb",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array(FormEncoding.encode(fields).utf8))
    var effects = machine.handle(.callbackArrived(CallbackNumber(1), request), at: now)
    var all = effects
    for _ in 0..<2 {
      switch effects.first {
      case .fetch(.keysAgain, let request):
        let keys = HonestProvider.json(["keys": [try core.at("public_jwk")]])
        effects = machine.handle(.fetched(.keysAgain, request, keys), at: now)
      case .examine(let tasks):
        effects = machine.handle(.examined(tasks.map(CryptoWork.finding)), at: now)
      default: break
      }
      all += effects
    }
    let complaints = machine.transcript.checks
      .filter { $0.verdict == .fail || $0.verdict == .warn }.map(\.id)
    return Outcome(machine: machine, complaints: Set(complaints), effects: all)
  }

  private func example(_ id: String) throws -> JSONValue {
    try #require(try core.list("examples").first { $0["id"]?.string == id })
  }

  private func fields(_ example: JSONValue) throws -> [FormField] {
    (try example.at("params").members ?? []).map { FormField($0.name, $0.value.string ?? "") }
  }

  @Test(
    arguments: zip(
      ["core-A.4", "core-A.5", "core-A.6"],
      [ResponseType.codeIDToken, .codeToken, .codeIDTokenToken]))
  func `the printed answers are accepted`(_ id: String, _ type: ResponseType) throws {
    let example = try example(id)
    #expect(try ResponseType(words: example.text("response_type")) == type)
    let outcome = try outcome(type, try fields(example))
    #expect(outcome.complaints == [])
    #expect(outcome.machine.situation == .ready(next: .exchange))
    #expect(outcome.effects.last == .answerCallback(CallbackNumber(1), .accepted))
    let passed = outcome.machine.transcript[.callback].checks.filter { $0.verdict == .pass }
    #expect(passed.contains { $0.id == .idTokenSignature } == type.hasIDToken)
    #expect(passed.contains { $0.id == .cHashMatch } == type.hasIDToken)
    #expect(passed.contains { $0.id == .atHashMatch } == (type == .codeIDTokenToken))
  }

  @Test(
    arguments: zip(
      ["core-A.4", "core-A.5", "core-A.6"],
      [ResponseType.codeIDToken, .codeToken, .codeIDTokenToken]))
  func `the answer of one type is none of another`(_ id: String, _ type: ResponseType) throws {
    for other in ResponseType.allCases where other != type {
      let outcome = try outcome(other, try fields(try example(id)))
      #expect(outcome.complaints.contains(.responseTypeExact))
      #expect(outcome.machine.transcript.failure?.exitCode == 3)
    }
  }

  @Test func `each faulty variant breaks exactly its one rule`() throws {
    let cases = try Fixture.vectors().list("derived_negative.cases")
    #expect(cases.count == 17)
    for item in cases {
      let id = try item.text("id")
      var fields = try fields(try example("core-A.6"))
      let token = try item.text("id_token")
      fields.change("id_token") { _ in token }
      let outcome = try outcome(.codeIDTokenToken, fields)
      let rule = try item.text("fails_check")
      if rule == "(must pass)" {
        #expect(outcome.complaints == [], "\(id)")
        #expect(outcome.machine.situation == .ready(next: .exchange), "\(id)")
        continue
      }
      var expected: Set<CheckID> = [try #require(CheckID(rawValue: rule), "\(id)")]
      // A token for somebody else has, by that, an audience that nobody trusts.
      if rule == "id-token-aud" { expected.insert(.idTokenAudExtra) }
      #expect(outcome.complaints == expected, "\(id)")
      #expect(
        outcome.effects.suffix(2)
          == [.answerCallback(CallbackNumber(1), .refused(.checks)), .stopListening])
      #expect(outcome.machine.transcript.failure?.exitCode == 3, "\(id)")
      let looksAgain = outcome.effects.contains {
        if case .fetch(.keysAgain, _) = $0 { true } else { false }
      }
      #expect(looksAgain == (rule == "id-token-kid-known"), "\(id)")
    }
  }

  @Test func `the printed tokens expire like any other`() throws {
    let fields = try fields(try example("core-A.4"))
    for (seconds, expected): (Int64, Set<CheckID>) in [
      (1_311_282_029, []), (1_311_282_030, [.idTokenExp]), (1_311_280_910, []),
      (1_311_280_909, [.idTokenIat]),
    ] {
      var machine = try machine(.codeIDToken)
      let request = HTTPRequest(
        method: "POST", target: "/cb",
        headers: ["Content-Type": "application/x-www-form-urlencoded"],
        body: Array(FormEncoding.encode(fields).utf8))
      let time = UnixTime(seconds: seconds)
      guard
        case .examine(let tasks) = machine.handle(
          .callbackArrived(CallbackNumber(1), request), at: time
        ).first
      else {
        Issue.record("nothing is examined")
        continue
      }
      _ = machine.handle(.examined(tasks.map(CryptoWork.finding)), at: time)
      let complaints = machine.transcript.checks
        .filter { $0.verdict == .fail || $0.verdict == .warn }.map(\.id)
      #expect(Set(complaints) == expected, "\(seconds)")
    }
  }
}
