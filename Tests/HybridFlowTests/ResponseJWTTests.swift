import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// An answer that comes as one signed JWT; JARM.
@Suite struct ResponseJWTTests {
  private static func configuration(
    _ mode: ResponseMode = .formPostJWT, _ type: ResponseType = .codeIDTokenToken
  ) throws -> FlowConfiguration {
    var configuration = try Sample.configuration(type)
    configuration.responseMode = mode
    return configuration
  }

  private static func provider() throws -> HonestProvider {
    var provider = try HonestProvider()
    provider.editMetadata = {
      $0.set(
        "response_modes_supported", .array(ResponseMode.allCases.map { .string($0.rawValue) }))
    }
    return provider
  }

  @Test(
    arguments: [ResponseMode.formPostJWT, .fragmentJWT, .jwt], ResponseType.allCases)
  func `an honest answer goes through all ten stages`(
    mode: ResponseMode, type: ResponseType
  ) throws {
    let drive = try Drive.run(try Self.configuration(mode, type), try Self.provider())
    #expect(drive.complaints == [])
    #expect(drive.transcript.failure == nil)
    let stage = drive.transcript[.callback]
    // Encryption is judged only where it was registered.
    for id in ResponseJWTChecks.rules where id != .jarmEncryptedAsRegistered {
      #expect(stage.checks.first { $0.id == id }?.verdict == .pass, "\(id)")
    }
    #expect(stage.checks.count { $0.id == .responseModeExact } == 1, "delivery is judged once")
    #expect(stage.checks.first { $0.id == .stateMatch }?.verdict == .pass)
    #expect(stage.tokens.first?.use == .response)
    #expect(stage.values.first { $0.name == "code" }?.value == Sample.code)
  }

  @Test func `a number of seconds is read as a form would carry it`() throws {
    let drive = try Drive.run(try Self.configuration(), try Self.provider())
    let stage = drive.transcript[.callback]
    #expect(stage.tokens.first { $0.use == .accessToken }?.expiresIn == 7200)
    #expect(stage.checks.first { $0.id == .expiresIn }?.verdict == .pass)
  }

  @Test func `nothing of it is used before it is verified`() throws {
    var provider = try Self.provider()
    let kid = provider.responseKey.keyID
    provider.responseKey = try TestKeys.other()
    provider.editResponseHeader = { $0.set("kid", .string(kid)) }
    let drive = try Drive.run(try Self.configuration(), provider)
    let stage = drive.transcript[.callback]
    #expect(stage.values.map(\.name) == ["response"])
    #expect(stage.tokens.map(\.use) == [.response])
    #expect(!stage.checks.contains { $0.id == .stateMatch || $0.id == .responseTypeExact })
    #expect(drive.tokenRequests == [])
  }

  @Test func `an error in it is believed, and a plain one is not`() throws {
    var signed = try Self.provider()
    signed.editResponseClaims = { claims in
      for name in ["code", "id_token", "access_token", "token_type", "expires_in"] {
        claims.remove(name)
      }
      claims.set("error", "access_denied")
    }
    let told = try Drive.run(try Self.configuration(), signed)
    #expect(told.transcript.failure?.code == "person.declined")
    var plain = try Self.provider()
    plain.editSealed = {
      $0 = [FormField("error", "access_denied"), FormField("state", Sample.secrets.state)]
    }
    let refused = try Drive.run(try Self.configuration(), plain)
    #expect(refused.transcript.failure == .provider(.checksFailed([.jarmModeExact])))
    let check = try #require(refused.transcript[.callback].checks.last)
    #expect(check.why.contains("access_denied"))
  }

  @Test func `the keys are fetched once more, and once only`() throws {
    var provider = try Self.provider()
    provider.responseKey = try TestKeys.other()
    provider.publishedLater.append(try TestKeys.other().publicJWK.json)
    let drive = try Drive.run(try Self.configuration(), provider)
    #expect(drive.complaints == [])
    let fetches = drive.effects.filter {
      if case .fetch(.keysAgain, _) = $0 { true } else { false }
    }
    #expect(fetches.count == 1)
  }

  @Test func `a stranger's JWT is refused while a browser is away, and ends nothing`() throws {
    var drive = Drive(try Self.configuration(), try Self.provider())
    try drive.run { if case .browserAway = $0.situation { true } else { false } }
    drive.forgetQueue()
    var other = drive.authorizeRequest
    other.change("state") { _ in "of-another-run" }
    let fields = try drive.provider.answer(other, at: drive.now)
    let request = try drive.provider.callback(
      fields, redirectURI: drive.configuration.redirectURI)
    let before = drive.machine.situation
    let effects = try drive.deliver(.callbackArrived(CallbackNumber(7), request))
    #expect(effects == [.answerCallback(CallbackNumber(7), .notOurs)])
    #expect(drive.machine.situation == before)
    #expect(drive.transcript[.callback].checks.map(\.id) == [.jarmState])
    // A plain error without a state does not even shorten the wait.
    let plain = HTTPRequest(
      method: "POST", target: "/callback",
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array("error=access_denied".utf8))
    try drive.deliver(.callbackArrived(CallbackNumber(8), plain))
    #expect(drive.machine.situation == before)
  }

  /// A run whose answer, and the ID token in it, are encrypted.
  static func encrypted(
    _ edit: (inout FlowConfiguration, inout HonestProvider) throws -> Void = { _, _ in }
  ) throws -> Drive {
    var configuration = try Self.configuration()
    configuration.decryption = try Encrypted.knowledge()
    var provider = try Self.provider()
    provider.editFrontToken = { $0 = try Encrypted.token($0) }
    provider.editBackToken = { $0 = try Encrypted.token($0) }
    provider.editResponseJWT = { $0 = try Encrypted.token($0) }
    try edit(&configuration, &provider)
    return try Drive.run(configuration, provider)
  }

  @Test func `one that came by fragment unasked stays in the browser, and the way is named`() throws
  {
    var provider = try Self.provider()
    provider.editCallback = { request in
      let all = (try? FormEncoding.decode(request.body)) ?? []
      let handed = FragmentRelay.fields(of: all, takesEverything: false)
      request = HTTPRequest(
        method: "POST", target: FragmentRelay.path(token: "AAAAAAAAAAAAAAAAAAAAAA"),
        headers: request.headers, body: Array(FormEncoding.encode(handed).utf8))
    }
    let drive = try Drive.run(try Self.configuration(), provider)
    #expect(Set(drive.complaints) == [.callbackMethod, .responseModeExact])
    #expect(drive.tokenRequests == [])
  }

  @Test func `an encrypted one is opened, and judged as ever`() throws {
    let drive = try Self.encrypted()
    #expect(drive.complaints == [])
    #expect(drive.transcript.failure == nil)
    let stage = drive.transcript[.callback]
    for id: CheckID in [.jarmStructure, .jarmSignature, .jarmState, .idTokenDecrypts] {
      #expect(stage.checks.first { $0.id == id }?.verdict == .pass, "\(id)")
    }
    let token = try #require(stage.tokens.first { $0.use == .response })
    #expect(token.claims?["code"]?.string == Sample.code)
  }

  @Test func `one for another key, or with claims that nobody signed, is refused`() throws {
    let stranger = try Encrypted.stranger()
    let foreign = try Self.encrypted { _, provider in
      provider.editResponseJWT = { $0 = try Encrypted.token($0, for: stranger) }
    }
    #expect(foreign.transcript.failure == .provider(.checksFailed([.jarmStructure])))
    let bare = try Self.encrypted { _, provider in
      provider.editResponseJWT = {
        $0 = try Encrypted.token(ResponseJWT.claims(in: $0)?.compactText ?? "")
      }
    }
    #expect(bare.transcript.failure == .provider(.checksFailed([.jarmStructure])))
    #expect(bare.tokenRequests == [] && foreign.tokenRequests == [])
  }

  @Test func `an encrypted one without a key is refused in clear words`() throws {
    var provider = try Self.provider()
    provider.editResponseJWT = { $0 = "eyJhbGciOiJSU0EtT0FFUCJ9.AA.AA.AA.AA" }
    let drive = try Drive.run(try Self.configuration(), provider)
    #expect(drive.transcript.failure == .provider(.checksFailed([.jarmStructure])))
    let check = drive.transcript[.callback].checks.first { $0.id == .jarmStructure }
    #expect(check?.why.contains("encrypted") == true)
  }

  @Test func `as registered it is encrypted, with the registered pair`() throws {
    let registered = try Self.encrypted { own, _ in
      own.decryption?.responses = Encrypted.registered
    }
    #expect(registered.complaints == [])
    let check = registered.transcript[.callback].checks.first {
      $0.id == .jarmEncryptedAsRegistered
    }
    #expect(check?.verdict == .pass)
    let other = try Self.encrypted { own, _ in
      own.decryption?.responses = TokenEncryption(.ecdhESA256KW, .a256GCM)
    }
    #expect(other.transcript.failure == .provider(.checksFailed([.jarmStructure])))
    #expect(other.tokenRequests == [])
  }

  @Test func `encrypted, it may stand in a query`() throws {
    let drive = try Self.encrypted { own, _ in
      own.responseMode = .queryJWT
      own.decryption?.responses = Encrypted.registered
    }
    let check = drive.transcript[.authorize].checks.first { $0.id == .requestModeNotQuery }
    #expect(check?.verdict == .pass)
  }

  @Test func `query with tokens is not asked for, signed or not`() throws {
    let drive = try Drive.run(try Self.configuration(.queryJWT), try Self.provider())
    #expect(drive.transcript.failure == .provider(.checksFailed([.requestModeNotQuery])))
    let check = drive.transcript[.authorize].checks.first { $0.id == .requestModeNotQuery }
    #expect(check?.why.contains("signature hides nothing") == true)
  }

  @Test func `a pasted one is told by the state in it`() throws {
    let drive = try Drive.run(try Self.configuration(), try Self.provider())
    let token = try #require(drive.transcript[.callback].tokens.first?.text)
    let pasted = PastedAnswer(
      carrier: .body, fields: [FormField("response", token)], source: "a form body")
    #expect(pasted.belongs(to: Sample.secrets.state))
    #expect(!pasted.belongs(to: "of-another-run"))
  }
}
