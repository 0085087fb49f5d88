import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// ID tokens that are signed first and encrypted then.
@Suite struct EncryptedTokenTests {
  private static let encrypting: HonestProvider.Edit<String> = { $0 = try Encrypted.token($0) }

  /// A run whose ID tokens are all encrypted, also that of a refresh.
  static func run(
    _ type: ResponseType = .codeIDToken, offline: Bool = false,
    _ edit: (inout FlowConfiguration, inout HonestProvider) throws -> Void = { _, _ in }
  ) throws -> Drive {
    var configuration = try offline ? AfterTests.offline() : Sample.configuration(type)
    configuration.decryption = try Encrypted.knowledge()
    var provider = try HonestProvider()
    provider.editFrontToken = encrypting
    provider.editBackToken = encrypting
    provider.editRefreshed = { json in
      json.set("id_token", .string(try Encrypted.token(json["id_token"]?.string ?? "")))
    }
    try edit(&configuration, &provider)
    return try Drive.run(configuration, provider)
  }

  private static let names: [CheckID] = [
    .idTokenEncryptedAsRegistered, .idTokenEncAllowlist, .idTokenDecrypts, .idTokenNested,
  ]

  @Test(arguments: ResponseType.allCases)
  func `everything is checked in the token inside, as ever`(_ type: ResponseType) throws {
    let drive = try Self.run(type)
    #expect(drive.machine.situation == .finished)
    #expect(drive.complaints.isEmpty)
    for stage in [Stage.callback, .tokens] where stage == .tokens || type.hasIDToken {
      let checks = drive.transcript[stage].checks
      for name in Self.names + [.idTokenSignature, .nonceMatch] {
        #expect(checks.contains { $0.id == name && $0.verdict == .pass }, "\(stage) \(name)")
      }
      let token = try #require(drive.transcript[stage].tokens.first { $0.use == .idToken })
      #expect(token.envelope?.text == token.text)
      #expect(token.content == token.jws?.text)
      #expect(token.claims?["sub"]?.string == "auth0|user-1")
      #expect(token.opaqueBecause == nil)
    }
  }

  @Test func `a run without encryption has none of the checks`() throws {
    let drive = try Drive.run(try Sample.configuration())
    #expect(!drive.transcript.checks.contains { Self.names.contains($0.id) })
  }

  @Test func `without a registration the words say what to do`() throws {
    let drive = try Self.run { own, _ in own.decryption = nil }
    let check = try #require(
      drive.transcript.checks.first { $0.id == .idTokenEncryptedAsRegistered })
    #expect(check.verdict == .fail)
    #expect(check.why.contains("--encryption-key FILE"))
    #expect(check.why.contains("--id-token-encryption"))
    #expect(drive.complaints == [.idTokenEncryptedAsRegistered])
  }

  @Test func `with a key alone both forms are taken`() throws {
    let keys = ClientDecryption(keys: [try Encrypted.key().publicJWK])
    for isPlain in [false, true] {
      let drive = try Self.run { own, provider in
        own.decryption = keys
        if isPlain { (provider.editFrontToken, provider.editBackToken) = ({ _ in }, { _ in }) }
      }
      #expect(drive.complaints.isEmpty, "plain: \(isPlain)")
    }
  }

  @Test func `a refreshed token is opened before it is compared`() throws {
    var drive = try Self.run(offline: true)
    try drive.deliver(.actionRequested(.refresh))
    try drive.run()
    let record = try #require(drive.transcript.afterwards.last?.record)
    #expect(record.failure == nil)
    #expect(record.checks.contains { $0.id == .idTokenDecrypts && $0.verdict == .pass })
    #expect(record.tokens.contains { $0.content != nil })
  }

  @Test func `the keys are fetched again for the token inside`() throws {
    let drive = try Self.run { _, provider in
      provider.publishedLater = [try TestKeys.other().publicJWK.json]
      provider.frontKey = try TestKeys.other()
      provider.backKey = provider.frontKey
    }
    #expect(drive.complaints.isEmpty)
    #expect(drive.machine.situation == .finished)
  }

  @Test func `the client secret makes the key of the symmetric algorithms`() throws {
    for registered in [
      TokenEncryption(.direct, .a256CBCHS512), TokenEncryption(.a192KW, .a128GCM),
      TokenEncryption(.a256GCMKW, .a192CBCHS384),
    ] {
      let edit: HonestProvider.Edit<String> = {
        $0 = try JWE.encrypt(
          Array($0.utf8), registered, for: .shared(.clientSecret(Sample.clientSecret)),
          members: [JSONMember("cty", "JWT")])
      }
      let drive = try Self.run { own, provider in
        own.decryption = ClientDecryption(idTokens: registered)
        (provider.editFrontToken, provider.editBackToken) = (edit, edit)
      }
      #expect(drive.complaints.isEmpty, "\(registered.text)")
    }
  }

  @Test func `a hint for a logout is the token inside`() throws {
    let drive = try Self.run(offline: true)
    guard case .finished(let after?) = drive.machine.state else {
      Issue.record("the run is not over")
      return
    }
    #expect(after.newest.text.split(separator: ".").count == 3)
  }

  @Test func `giving up while a token is opened answers the browser`() throws {
    var drive = Drive(try Self.run().configuration, try HonestProvider())
    drive.provider.editFrontToken = Self.encrypting
    try drive.run { $0.stateKind == .decryptingAnswer }
    #expect(drive.machine.stateKind == .decryptingAnswer)
    let effects = drive.machine.handle(.abandoned, at: drive.now)
    #expect(effects.contains { if case .answerCallback = $0 { true } else { false } })
  }

  @Test(arguments: DeviationCase.all(EncryptionDeviations.all))
  func `a wrong encryption is refused, with one complaint`(_ deviation: DeviationCase) throws {
    try deviation.expectOutcome()
  }

  // MARK: - Which key

  private static func selected(
    _ header: JSONValue, _ keys: [JSONValue], secret: Secret? = nil, signing: String? = nil
  ) throws -> DecryptionKeySelection {
    let text = Base64URL.encode(header.compactText.utf8) + "..AAAA.AAAA.AAAA"
    return .select(
      for: try CompactJWE(text), from: keys.compactMap(JSONWebKey.init), clientSecret: secret,
      signingKeyID: signing)
  }

  private static func kids(_ selection: DecryptionKeySelection) -> [String]? {
    if case .own(let keys) = selection { keys.map { $0.keyID ?? "" } } else { nil }
  }

  @Test func `the key fits alg, kid, use, its own alg and the curve`() throws {
    let rsa: JSONValue = ["alg": "RSA-OAEP", "enc": "A128GCM"]
    let named: JSONValue = ["alg": "RSA-OAEP", "enc": "A128GCM", "kid": "b"]
    let one: JSONValue = ["kty": "RSA", "kid": "a"]
    let two: JSONValue = ["kty": "RSA", "kid": "b", "use": "enc", "alg": "RSA-OAEP"]
    #expect(Self.kids(try Self.selected(rsa, [one, two])) == ["a", "b"])
    #expect(Self.kids(try Self.selected(named, [one, two])) == ["b"])
    for wrong: JSONValue in [
      ["kty": "EC", "kid": "b"], ["kty": "RSA", "kid": "b", "use": "sig"],
      ["kty": "RSA", "kid": "b", "alg": "RSA-OAEP-256"], ["kty": "RSA", "kid": "b", "use": 1],
      ["kty": "RSA", "kid": "b", "key_ops": ["verify"]],
    ] { #expect(Self.kids(try Self.selected(named, [wrong])) == nil, "\(wrong.compactText)") }
    let curve: JSONValue = [
      "alg": "ECDH-ES", "enc": "A128GCM", "epk": ["kty": "EC", "crv": "P-384"],
    ]
    #expect(
      Self.kids(try Self.selected(curve, [["kty": "EC", "kid": "p", "crv": "P-256"]])) == nil)
    #expect(
      Self.kids(try Self.selected(curve, [["kty": "EC", "kid": "p", "crv": "P-384"]])) == ["p"])
  }

  @Test func `with dir the alg of the key is enc`() throws {
    let direct: JSONValue = ["alg": "dir", "enc": "A128GCM"]
    #expect(Self.kids(try Self.selected(direct, [["kty": "oct", "alg": "A128GCM"]])) == [""])
    #expect(Self.kids(try Self.selected(direct, [["kty": "oct", "alg": "dir"]])) == nil)
    #expect(
      try Self.selected(direct, [], secret: Secret("s")) == .clientSecret(Secret("s")))
    guard case .none = try Self.selected(direct, []) else {
      Issue.record("there is no secret")
      return
    }
  }

  @Test func `a token for the signing key is named as one`() throws {
    let header: JSONValue = ["alg": "RSA-OAEP", "enc": "A128GCM", "kid": "sig"]
    guard case .none(let why) = try Self.selected(header, [["kty": "RSA"]], signing: "sig") else {
      Issue.record("no key is for it")
      return
    }
    #expect(why.contains("signs"))
  }
}
