import Cryptography
import HybridFlow
import OpenID
import Testing

/// The OpenID Foundation's tests of a relying party, hybrid and form-post hybrid plans, under the
/// Foundation's names.
///
/// The plans say what the provider does wrong: it appends the character 1 to the right value, or
/// leaves the claim out. Where a token comes twice, both are wrong, as in the Foundation's suite.
@Suite struct ConformanceTests {
  struct Module: CustomTestStringConvertible, Sendable {
    let name: String
    let types: [ResponseType]
    /// The check that refuses; nil when the run must succeed.
    let refuses: CheckID?
    let change: Deviation.Change
    var testDescription: String { name }

    init(
      _ name: String, _ types: [ResponseType] = ResponseType.allCases, refuses: CheckID? = nil,
      _ change: @escaping Deviation.Change = { _, _ in }
    ) {
      self.name = "oidcc-client-test" + name
      self.types = types
      self.refuses = refuses
      self.change = change
    }
  }

  static let front: [ResponseType] = [.codeIDToken, .codeIDTokenToken]

  private static func claims(
    _ name: String, _ types: [ResponseType] = ResponseType.allCases, refuses: CheckID,
    _ edit: @escaping HonestProvider.Edit<JSONValue>
  ) -> Module {
    Module(name, types, refuses: refuses) { _, provider in
      provider.editFrontClaims = edit
      provider.editBackClaims = edit
    }
  }

  private static func withoutKeyID(_ provider: inout HonestProvider) {
    provider.editFrontHeader = { $0.remove("kid") }
    provider.editBackHeader = { $0.remove("kid") }
  }

  static let modules: [Module] = [
    Module(""),
    claims("-invalid-iss", refuses: .idTokenIss) { $0.append("iss", "1") },
    claims("-missing-sub", refuses: .idTokenSubPresent) { $0.remove("sub") },
    claims("-invalid-aud", refuses: .idTokenAud) { $0.append("aud", "1") },
    claims("-missing-aud", refuses: .idTokenAudPresent) { $0.remove("aud") },
    claims("-missing-iat", refuses: .idTokenIatPresent) { $0.remove("iat") },
    Module("-kid-absent-single-jwks") { _, provider in withoutKeyID(&provider) },
    Module("-kid-absent-multiple-jwks") { _, provider in
      withoutKeyID(&provider)
      // The right key comes last, so that trying only the first would refuse.
      provider.published.insert(try TestKeys.other().publicJWK.json, at: 0)
    },
    claims("-invalid-chash", front, refuses: .cHashMatch) { $0.append("c_hash", "1") },
    claims("-missing-chash", front, refuses: .cHashPresent) { $0.remove("c_hash") },
    claims("-invalid-athash", [.codeIDTokenToken], refuses: .atHashMatch) {
      $0.append("at_hash", "1")
    },
    claims("-missing-athash", [.codeIDTokenToken], refuses: .atHashPresent) {
      $0.remove("at_hash")
    },
    Module("-idtoken-sig-rs256"),
    Module("-invalid-sig-rs256", refuses: .idTokenSignature) { _, provider in
      provider.editFrontToken = { $0 = TokenDeviations.flipped($0) }
      provider.editBackToken = { $0 = TokenDeviations.flipped($0) }
    },
    Module("-idtoken-sig-none", refuses: .idTokenAlgNone) { _, provider in
      provider.editFrontToken = { $0 = try TokenDeviations.unsigned($0, header: ["alg": "none"]) }
      provider.editBackToken = { $0 = try TokenDeviations.unsigned($0, header: ["alg": "none"]) }
    },
    Module("-invalid-sig-es256", refuses: .idTokenSignature) { own, provider in
      own.idTokenAlgorithm = .es256
      provider = try HonestProvider(.es256)
      provider.editFrontToken = { $0 = TokenDeviations.flipped($0) }
      provider.editBackToken = { $0 = TokenDeviations.flipped($0) }
    },
    Module("-invalid-sig-hs256", refuses: .idTokenSignature) { own, provider in
      own.idTokenAlgorithm = .hs256
      provider = try HonestProvider(.hs256)
      provider.editFrontToken = { $0 = TokenDeviations.flipped($0) }
      provider.editBackToken = { $0 = TokenDeviations.flipped($0) }
    },
    Module("-userinfo-invalid-sub", refuses: .userinfoSub) { _, provider in
      provider.editUserinfo = { $0 = HonestProvider.json(["sub": "auth0|user-11"]) }
    },
    Module("-userinfo-signed") { _, provider in
      provider.editUserinfo = { $0 = try HonestProvider.signedUserinfo(TestKeys.key(.rs256)) }
    },
    Module("-nonce-unless-code-flow"),
    claims("-nonce-invalid", refuses: .nonceMatch) { $0.append("nonce", "1") },
    Module("-scope-userinfo-claims"),
    Module("-client-secret-basic"),
    Module("-userinfo-bearer-header"),
    Module("-discovery-issuer-mismatch", refuses: .discoveryIssuerMatch) { _, provider in
      provider.editMetadata = { $0.append("issuer", "1") }
    },
    Module("-signing-key-rotation") { _, provider in
      provider.publishedLater = [try TestKeys.other().publicJWK.json]
      provider.frontKey = try TestKeys.other()
      provider.backKey = provider.frontKey
    },
    Module("-signing-key-rotation-just-before-signing") { _, provider in
      provider.publishedLater = [try TestKeys.other().publicJWK.json]
      provider.backKey = try TestKeys.other()
    },
  ]

  struct Run: CustomTestStringConvertible, Sendable {
    let module: Module
    let type: ResponseType
    /// `fragment` is the plan's default: a page of ours posts it.
    let mode: ResponseMode
    var testDescription: String { "\(module.name) (\(type.rawValue), \(mode.rawValue))" }

    static let all = modules.flatMap { module in
      module.types.flatMap { type in
        [ResponseMode.formPost, .fragment].map { Run(module: module, type: type, mode: $0) }
      }
    }
  }

  @Test(arguments: Run.all)
  func `the Foundation's modules end as the plans want`(_ run: Run) throws {
    var configuration = try Sample.configuration(run.type)
    var provider = try HonestProvider()
    try run.module.change(&configuration, &provider)
    configuration.responseMode = run.mode
    let drive = try Drive.run(configuration, provider)
    let refused = drive.transcript.failure?.failedChecks.map(\.rawValue) ?? []
    print(
      "\(run.testDescription): "
        + (refused.isEmpty ? "accepted" : "refused by \(refused.joined(separator: ", "))"))
    // What the plans look at in every request.
    if let stops = drive.transcript.failure?.failedChecks {
      let refuses = try #require(run.module.refuses)
      #expect(stops.contains(refuses))
      let isFront = run.type.hasIDToken && drive.transcript[.callback].failure != nil
      if isFront { #expect(drive.tokenRequests.isEmpty, "no token call after a bad first token") }
      if refuses != .userinfoSub { #expect(drive.apiRequests.isEmpty) }
      return
    }
    #expect(run.module.refuses == nil)
    #expect(drive.machine.situation == .finished)
    #expect(drive.authorizeRequest["nonce"] == Sample.secrets.nonce)
    #expect(drive.authorizeRequest["scope"] == "openid profile email")
    let token = try #require(drive.tokenRequests.first)
    #expect(token.headers["Authorization"]?.hasPrefix("Basic ") == true)
    #expect(try FormEncoding.decode(token.body)["client_secret"] == nil)
    let userinfo = try #require(drive.apiRequests.first)
    #expect(userinfo.headers["Authorization"] == "Bearer " + Sample.backAccessToken)
    #expect(userinfo.query.isEmpty)
  }

  @Test(arguments: ResponseType.allCases)
  func `oidcc-client-test-form-post-error shows the error that was posted`(
    _ type: ResponseType
  ) throws {
    var configuration = try Sample.configuration(type)
    configuration.maxAgeSeconds = 0
    configuration.extraParameters = [FormField("prompt", "none")]
    var provider = try HonestProvider()
    provider.editFields = {
      $0 = [FormField("error", "login_required"), FormField("state", $0["state"] ?? "")]
    }
    let drive = try Drive.run(configuration, provider)
    #expect(drive.authorizeRequest["max_age"] == "0")
    #expect(drive.authorizeRequest["prompt"] == "none")
    #expect(
      drive.transcript.failure
        == .provider(.refused(OAuthError(endpoint: .authorization, code: "login_required"))))
    #expect(drive.exitCode == 4)
  }

  struct RefreshModule: CustomTestStringConvertible, Sendable {
    let name: String
    let refuses: [CheckID]
    let edit: HonestProvider.Edit<JSONValue>
    var testDescription: String { "oidcc-client-test-refresh-token" + name }
  }

  @Test(arguments: [
    RefreshModule(name: "", refuses: []) { _ in },
    RefreshModule(name: "-invalid-issuer", refuses: [.idTokenIss, .refreshSameIssSubAud]) {
      $0.append("iss", "1")
    },
    RefreshModule(name: "-invalid-sub", refuses: [.refreshSameIssSubAud]) { $0.append("sub", "1") },
  ])
  func `the Foundation's modules of the refresh end as they want`(_ module: RefreshModule) throws {
    for type in ResponseType.allCases {
      var configuration = try Sample.configuration(type)
      configuration.scope.append("offline_access")
      var provider = try HonestProvider()
      provider.editTokens = { $0.set("refresh_token", "refresh-8xLOxBtZp8-8xLOxBtZp8") }
      provider.editRefreshedClaims = module.edit
      var drive = try Drive.run(configuration, provider)
      try drive.deliver(.actionRequested(.refresh))
      try drive.run {
        if case .finished = $0.situation {
          $0.transcript.afterwards.last?.isOver == true
        } else {
          false
        }
      }
      let record = try #require(drive.transcript.afterwards.last).record
      #expect(record.failure?.failedChecks ?? [] == module.refuses)
      let refused = module.refuses.map(\.rawValue).joined(separator: ", ")
      print(
        "\(module.testDescription) (\(type.rawValue)): "
          + (refused.isEmpty ? "accepted" : "refused by \(refused)"))
    }
  }

  @Test func `every module of the two plans is here under its name`() {
    let plan = [
      "", "-invalid-iss", "-missing-sub", "-invalid-aud", "-missing-iat",
      "-kid-absent-single-jwks", "-kid-absent-multiple-jwks", "-invalid-chash", "-missing-chash",
      "-invalid-athash", "-missing-athash", "-idtoken-sig-rs256", "-invalid-sig-rs256",
      "-userinfo-invalid-sub", "-nonce-unless-code-flow", "-nonce-invalid",
      "-scope-userinfo-claims", "-client-secret-basic",
    ].map { "oidcc-client-test" + $0 }
    #expect(Set(plan).isSubset(of: Set(Self.modules.map(\.name))))
    let ofTwo: Set<String> = ["oidcc-client-test-invalid-chash", "oidcc-client-test-missing-chash"]
    let ofOne: Set<String> = [
      "oidcc-client-test-invalid-athash", "oidcc-client-test-missing-athash",
    ]
    for module in Self.modules where plan.contains(module.name) {
      let types =
        ofTwo.contains(module.name)
        ? Self.front : ofOne.contains(module.name) ? [.codeIDTokenToken] : ResponseType.allCases
      #expect(module.types == types, "\(module.name)")
    }
  }

  @Test(arguments: front)
  func `which of several keys verified is said`(_ type: ResponseType) throws {
    var provider = try HonestProvider()
    Self.withoutKeyID(&provider)
    provider.published.append(try TestKeys.other().publicJWK.json)
    let drive = try Drive.run(try Sample.configuration(type), provider)
    #expect(drive.complaints == [.idTokenKidAbsentMultiple])
    let signature = try #require(
      drive.transcript[.callback].checks.first { $0.id == .idTokenSignature })
    #expect(signature.found == "RS256, key key-1, 2048 bits")
  }
}
