import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// A client that proves its key with each request: what it sends, and what it wants back (RFC 9449).
@Suite struct ProofTests {
  static func key() throws -> SigningKey { try TestKeys.key(.es256) }

  static func proofKey() throws -> ProofKey {
    let key = try key()
    let input = try #require(key.publicJWK.thumbprintInput)
    return ProofKey(
      algorithm: key.algorithm, publicKey: try JSONParser.parse(input),
      thumbprint: try #require(try Thumbprint.sha256(key.publicJWK)))
  }

  static func configuration(_ type: ResponseType = .codeIDToken) throws -> FlowConfiguration {
    var configuration = try Sample.configuration(type)
    configuration.proofAlgorithm = .es256
    configuration.proofKey = try proofKey()
    return configuration
  }

  /// A provider that binds its tokens to this thumbprint; nil leaves them unbound.
  static func provider(
    binding thumbprint: String?, type: String = "DPoP", lists: Bool = true
  ) throws -> HonestProvider {
    var provider = try HonestProvider()
    provider.editMetadata = { json in
      if lists { json.set(DPoP.algorithmsMember, ["ES256", "PS256"]) }
      json.set("pushed_authorization_request_endpoint", .string(Sample.issuer + "par"))
      json.set("introspection_endpoint", .string(Sample.issuer + "introspect"))
    }
    let key = provider.backKey
    var claims: JSONValue = ["sub": "s", "aud": .string(Sample.audience)]
    if let thumbprint { claims.set("cnf", ["jkt": .string(thumbprint)]) }
    let token = try key.compactJWS(header: key.header(), payload: Array(claims.compactText.utf8))
    provider.editTokens = {
      $0.set("access_token", .string(token))
      $0.set("token_type", .string(type))
    }
    let hash = try provider.hash(token, key)
    provider.editBackClaims = { $0.set("at_hash", .string(hash)) }
    return provider
  }

  static func drive(
    _ configuration: FlowConfiguration, _ provider: HonestProvider,
    interrupts: @escaping (FetchPurpose, HTTPRequest) throws -> HTTPResponse? = { _, _ in nil }
  ) throws -> Drive {
    var drive = Drive(configuration, provider)
    drive.clientKey = try key()
    drive.interrupts = interrupts
    try drive.run()
    return drive
  }

  private static func claims(_ request: HTTPRequest?) throws -> JSONValue {
    let proof = try #require(request?.headers[DPoP.header])
    return try CompactJWS(proof).claims()
  }

  private func verdict(of id: CheckID, _ drive: Drive) -> Check? {
    drive.transcript.checks.last { $0.id == id }
  }

  @Test func `each request that a token comes from or goes with has a proof of its own`() throws {
    var configuration = try Self.configuration()
    configuration.pushesRequest = .always
    let thumbprint = try Self.proofKey().thumbprint
    let drive = try Self.drive(configuration, try Self.provider(binding: thumbprint))
    #expect(drive.machine.situation == .finished)
    let requests = drive.pushedRequests + drive.tokenRequests + drive.apiRequests
    let proofs = try requests.map(Self.claims)
    #expect(proofs.compactMap { $0["htm"]?.string } == ["POST", "POST", "GET"])
    #expect(
      proofs.compactMap { $0["htu"]?.string }
        == ["par", "oauth/token", "userinfo"].map { Sample.issuer + $0 })
    #expect(Set(proofs.compactMap { $0["jti"]?.string }).count == 3)
    for request in requests {
      let jws = try CompactJWS(try #require(request.headers[DPoP.header]))
      #expect(jws.header["typ"] == "dpop+jwt")
      #expect(jws.header["jwk"] == configuration.proofKey?.publicKey)
      #expect(jws.header["jwk"]?["d"] == nil)
    }
    // What is pushed has a proof: the parameter would say the same once more.
    #expect(drive.authorizeRequest[DPoP.keyParameter] == nil)
    let call = try #require(drive.apiRequests.last)
    #expect(call.headers["Authorization"]?.hasPrefix("DPoP ") == true)
    #expect(drive.signings.last?.boundToken?.isWellWritten == true)
    #expect(drive.signings.filter { $0.boundToken != nil }.count == 1)
    let documents = drive.transcript[.login].messages.compactMap(\.request)
    #expect(documents.allSatisfy { $0.headers[DPoP.header] == nil })
    for id: CheckID in [.dpopTokenType, .dpopCnf] {
      #expect(verdict(of: id, drive)?.verdict == .pass, "\(id)")
    }
    #expect(verdict(of: .tokenTypeBack, drive) == nil)
  }

  @Test func `without a pushed request the code is bound by a parameter`() throws {
    let thumbprint = try Self.proofKey().thumbprint
    let drive = try Self.drive(
      try Self.configuration(), try Self.provider(binding: thumbprint))
    #expect(drive.authorizeRequest[DPoP.keyParameter] == thumbprint)
  }

  @Test func `a client without a key for proofs sends none`() throws {
    let drive = try Drive.run(try Sample.configuration())
    #expect(drive.transcript.messages.allSatisfy { $0.request?.headers[DPoP.header] == nil })
    #expect(!drive.transcript.checks.contains { ProofChecks.rules.contains($0.id) })
  }

  struct Answer: Sendable, CustomTestStringConvertible {
    var type: String
    var isBound: Bool?
    var failed: [CheckID]
    var says: String
    var testDescription: String { "\(type), \(isBound.map { "\($0)" } ?? "no cnf")" }
  }

  @Test(arguments: [
    Answer(type: "dpop", isBound: true, failed: [], says: ""),
    Answer(type: "Bearer", isBound: true, failed: [.dpopTokenType], says: "did not bind"),
    Answer(type: "mac", isBound: true, failed: [.dpopTokenType], says: "another type"),
    Answer(type: "DPoP", isBound: nil, failed: [.dpopCnf], says: "does not learn"),
    Answer(type: "DPoP", isBound: false, failed: [.dpopCnf], says: "another key"),
  ])
  func `a token that is not bound to this key is not used`(_ row: Answer) throws {
    let own = try Self.proofKey().thumbprint
    let thumbprint = row.isBound.map {
      $0 ? own : "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    }
    let drive = try Self.drive(
      try Self.configuration(), try Self.provider(binding: thumbprint, type: row.type))
    let failed = drive.transcript.checks.filter { $0.verdict == .fail }
    #expect(failed.map(\.id) == row.failed)
    if let check = failed.first { #expect(check.why.contains(row.says), "\(check.why)") }
    #expect(drive.apiRequests.isEmpty == !row.failed.isEmpty)
  }

  // MARK: Nonces

  /// Refuses a proof without the nonce of its server, as RFC 9449, sections 8 and 9, want it.
  private static func demanding(
    _ nonces: [FetchPurpose: String], gives: Bool = true, always: Bool = false
  ) -> (FetchPurpose, HTTPRequest) throws -> HTTPResponse? {
    { purpose, request in
      guard let wanted = nonces[purpose] else { return nil }
      let found = try claims(request)["nonce"]?.string
      if found == wanted, !always { return nil }
      var response = HonestProvider.json(["error": "use_dpop_nonce"], status: 400)
      if purpose == .userinfo || purpose == .api {
        response = HTTPResponse(
          status: 401,
          headers: ["WWW-Authenticate": "DPoP error=\"use_dpop_nonce\", algs=\"ES256\""])
      }
      if gives { response.headers.set(DPoP.nonceHeader, wanted) }
      return response
    }
  }

  @Test func `a server that wants a nonce gets it with the second try, which is the last`() throws {
    let thumbprint = try Self.proofKey().thumbprint
    var configuration = try Self.configuration()
    configuration.pushesRequest = .always
    let drive = try Self.drive(
      configuration, try Self.provider(binding: thumbprint),
      interrupts: Self.demanding([.pushedRequest: "as-1", .token: "as-1", .userinfo: "rs-1"]))
    #expect(drive.machine.situation == .finished)
    // The token endpoint belongs to the same server, whose nonce is known by then.
    #expect(drive.pushedRequests.count == 2)
    #expect(drive.tokenRequests.count == 1)
    #expect(drive.apiRequests.count == 2)
    let proofs = try (drive.pushedRequests + drive.tokenRequests + drive.apiRequests)
      .map(Self.claims)
    #expect(proofs.map { $0["nonce"]?.string } == [nil, "as-1", "as-1", nil, "rs-1"])
    #expect(Set(proofs.compactMap { $0["jti"]?.string }).count == 5)
    #expect(verdict(of: .dpopNonceHonoured, drive)?.verdict == .pass)
    #expect(verdict(of: .dpopRetryOnce, drive)?.verdict == .pass)
  }

  @Test func `a nonce that comes with a good answer replaces the one before`() throws {
    let thumbprint = try Self.proofKey().thumbprint
    var provider = try Self.provider(binding: thumbprint)
    provider.editTokenResponse = { $0.headers.set(DPoP.nonceHeader, "as-2") }
    var configuration = try Self.configuration()
    configuration.scope.append("offline_access")
    var drive = Drive(configuration, provider)
    drive.clientKey = try Self.key()
    drive.interrupts = Self.demanding([.token: "as-1"])
    try drive.run()
    try drive.deliver(.actionRequested(.refresh))
    try drive.run()
    #expect(try Self.claims(drive.tokenRequests.last)["nonce"] == "as-1")
    #expect(try Self.claims(drive.refreshRequests.last)["nonce"] == "as-2")
  }

  /// RFC 7523, section 3 (7): a server may have taken the assertion before it asked for a nonce.
  @Test func `a request that goes out once more has a new client assertion too`() throws {
    var configuration = try Self.configuration()
    configuration.clientSecret = nil
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: "client")
    configuration.pushesRequest = .always
    var provider = try Self.provider(binding: try Self.proofKey().thumbprint)
    let edit = provider.editMetadata
    provider.editMetadata = { json in
      try edit(&json)
      json.set("token_endpoint_auth_methods_supported", ["private_key_jwt"])
    }
    let drive = try Self.drive(
      configuration, provider,
      interrupts: Self.demanding([.pushedRequest: "as-1", .token: "as-2"]))
    #expect(drive.machine.situation == .finished)
    for requests in [drive.pushedRequests, drive.tokenRequests] {
      let forms = try requests.map { try FormEncoding.decode($0.body) }
      let assertions = try forms.map { try CompactJWS($0["client_assertion"] ?? "").claims() }
      #expect(assertions.count == 2)
      #expect(Set(assertions.compactMap { $0["jti"]?.string }).count == 2)
      #expect(Set(assertions.compactMap { $0["aud"]?.string }).count == 1)
      #expect(requests.map { $0.headers["Content-Length"] } == requests.map { "\($0.body.count)" })
      // The rest of the request is the same.
      let others = forms.map { $0.filter { $0.name != "client_assertion" } }
      #expect(others[0] == others[1])
    }
    let told = drive.transcript[.exchange].values.filter { $0.name == "client_assertion" }
    #expect(told.count == 2 && told.allSatisfy(\.isSecret))
  }

  struct Stubborn: Sendable {
    var gives: Bool
    var tries: Int
    var says: String
  }

  @Test(arguments: [
    Stubborn(gives: true, tries: 2, says: "More tries would not end"),
    Stubborn(gives: false, tries: 1, says: "gives none"),
  ])
  func `a server that is never content is asked no third time`(_ row: Stubborn) throws {
    let drive = try Self.drive(
      try Self.configuration(), try Self.provider(binding: try Self.proofKey().thumbprint),
      interrupts: Self.demanding([.token: "as-1"], gives: row.gives, always: true))
    #expect(drive.tokenRequests.count == row.tries)
    let check = try #require(verdict(of: .dpopRetryOnce, drive))
    #expect(check.verdict == .fail)
    #expect(check.why.contains(row.says))
    #expect(drive.transcript.failure != nil)
  }

  @Test(arguments: [ApplicationMistake.ignoresProofNonce, .mixesProofNonces])
  func `a client that does not heed the nonce is stopped before it asks again`(
    _ mistake: ApplicationMistake
  ) throws {
    var configuration = try Self.configuration()
    configuration.observesTenant = true
    configuration.mistakes = [mistake]
    let drive = try Self.drive(
      configuration, try Self.provider(binding: try Self.proofKey().thumbprint),
      interrupts: Self.demanding([.token: "as-1", .userinfo: "rs-1"]))
    let check = try #require(verdict(of: .dpopNonceHonoured, drive))
    #expect(check.verdict == .fail)
    #expect(check.found == (mistake == .ignoresProofNonce ? "no nonce" : "as-1"))
  }

  @Test func `a front access token is bound to nothing, and the run says so`() throws {
    let drive = try Self.drive(
      try Self.configuration(.codeIDTokenToken),
      try Self.provider(binding: try Self.proofKey().thumbprint))
    #expect(verdict(of: .accessTokenFrontUnbound, drive)?.verdict == .warn)
  }

  @Test func `metadata that know no proofs are told of before anything is sent`() throws {
    let drive = try Self.drive(
      try Self.configuration(), try Self.provider(binding: nil, type: "Bearer", lists: false))
    let notes = drive.transcript[.login].notes.map(\.text)
    #expect(notes.contains { $0.contains(DPoP.algorithmsMember) })
  }
}
