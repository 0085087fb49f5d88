import Cryptography
import DemoTenant
import Lab
import OpenID
import Recording
import Redaction
import Testing
@testable import HybridFlow
@testable import Session

/// Runs at a demo tenant with the habits of Sign in with Apple.
@Suite struct AppleRunTests {
  private static let team = "DEF123GHIJ"

  private func run(
    then actions: [AfterAction] = [], _ change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> ScriptedRun {
    var run = try ScriptedRun {
      $0.askAsAtApple(team: Self.team)
      change(&$0)
    }
    run.runToEnd()
    run.act(actions)
    return run
  }

  private func secrets(_ run: ScriptedRun) throws -> [CompactJWS] {
    let transcript = run.machine.transcript
    let requests =
      (transcript.messages + transcript.afterwards.flatMap(\.record.messages)).compactMap(\.request)
    return try requests.compactMap { request in
      let fields = (try? FormEncoding.decode(request.body)) ?? []
      return fields.first { $0.name == "client_secret" }?.value
    }.map { try CompactJWS($0) }
  }

  @Test func `a run like one at Apple passes, and has nothing to fetch at its end`() throws {
    let run = try run()
    #expect(run.machine.situation == .finished)
    let transcript = run.machine.transcript
    let bad = transcript.checks.filter { $0.verdict == .fail || $0.verdict == .warn }
    #expect(bad.map(\.id) == [])
    #expect(transcript[.api].skippedBecause?.contains("that is right") == true)
    let type = try #require(transcript.checks.first { $0.id == .discoveryResponseType })
    #expect(type.verdict == .skip)
    #expect(type.why.contains("Apple lists only code"))
  }

  @Test func `the secret is a JWT of RFC 7519, signed by the team, for five minutes`() throws {
    let run = try run()
    let secret = try #require(secrets(run).first)
    #expect(secret.algorithmName == "ES256" && secret.keyID == "ABC123DEFG")
    #expect(secret.signature.count == 64, "RFC 7518, section 3.4: r and s side by side")
    let claims = try secret.claims()
    #expect(claims["iss"]?.string == Self.team)
    #expect(claims["sub"]?.string == run.configuration.clientID)
    #expect(claims["aud"]?.string == run.configuration.issuer.text)
    let (start, end) = (claims["iat"]?.integer ?? 0, claims["exp"]?.integer ?? 0)
    #expect(end - start == 300)
    // The public half of the key of RFC 7515, appendix A.3.
    let key = try #require(
      JSONWebKey([
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      ]))
    #expect(try Signature.verify(secret, algorithm: .es256, key: key))
  }

  @Test func `each use of the secret has one of its own, within its life`() throws {
    var run = try run()
    run.wait(milliseconds: 1_000_000)
    run.act([.refresh, .revoke(.refreshToken)])
    let all = try secrets(run)
    #expect(all.count == 1 + run.machine.transcript.afterwards.count)
    #expect(all.count == 3)
    let issued = try all.map { try $0.claims()["iat"]?.integer ?? 0 }
    #expect(issued[1] - issued[0] >= 1000)
    #expect(run.machine.transcript.afterwards.allSatisfy { $0.record.failure == nil })
  }

  @Test func `the field user comes the first time only, and is judged`() throws {
    let first = try run()
    let check = try #require(
      first.machine.transcript[.callback].checks.first { $0.id == .unsignedFieldNotUsed })
    #expect(check.verdict == .pass && check.found == "ada@demo.example")
    let texts = first.machine.transcript.checks.filter { $0.id == .idTokenBooleans }
    #expect(texts.count == 2 && texts.allSatisfy { $0.verdict == .pass })
    #expect(texts.first?.found?.contains("email_verified: \"true\"") == true)
  }

  @Test(arguments: [
    (#"{"email":"eve@demo.example"}"#, Check.Verdict.fail),
    (#"{"email":"ADA@demo.example"}"#, .pass), (#"{"name":{"firstName":"Eve"}}"#, .pass),
    (#"{"email":7}"#, .pass), ("no JSON", .pass), ("[]", .pass), (#"{"email":""}"#, .pass),
  ])
  func `only an e-mail address that the ID token does not have is refused`(
    _ text: String, _ verdict: Check.Verdict
  ) throws {
    var run = try ScriptedRun { $0.askAsAtApple(team: Self.team) }
    run.attack = .edit([.set("user", text)])
    run.runToEnd()
    let check = try #require(
      run.machine.transcript[.callback].checks.first { $0.id == .unsignedFieldNotUsed })
    #expect(check.verdict == verdict, "\(check)")
    #expect((run.machine.situation == .finished) == (verdict == .pass))
  }

  @Test func `a field that stands twice is refused`() throws {
    var run = try ScriptedRun { $0.askAsAtApple(team: Self.team) }
    run.attack = .edit([.add("user", "{}")])
    run.runToEnd()
    #expect(run.machine.transcript.failure?.failedChecks.contains(.callbackNoDuplicates) == true)
  }

  @Test func `with name or email the answer comes by form_post alone`() throws {
    let run = try run { $0.responseMode = .fragment }
    let pages = run.machine.transcript.messages.filter { $0.response != nil }
    #expect(
      pages.contains {
        String(decoding: $0.body, as: UTF8.self).contains("response_mode must be form_post")
      })
    #expect(run.machine.situation != .finished)
  }

  @Test func `key and secret stand in no masked event`() throws {
    let run = try run(then: [.refresh])
    let signatures = try secrets(run).map { Base64URL.encode($0.signature) }
    #expect(signatures.count == 2)
    var mask = EventMask(replacesPersonal: true) { _ in Array(repeating: 7, count: 32) }
    var bodies: [String] = []
    for stamped in run.tape {
      switch mask.mask(stamped.event) {
      case .fetched(_, let request, _): bodies.append(String(decoding: request.body, as: UTF8.self))
      case .signed(_, .token(let token)): bodies.append(token.reveal())
      default: break
      }
    }
    #expect(bodies.contains { $0.contains("client_secret=eyJ") }, "the claims may stay")
    for signature in signatures { #expect(!bodies.contains { $0.contains(signature) }) }
  }
}
