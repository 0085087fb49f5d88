import Cryptography
import OpenID
import Testing

@testable import HybridFlow

/// One thing goes wrong in each run: exactly its check complains, and nothing later runs.
@Suite struct DeviationTests {
  @Test(arguments: DeviationCase.all(FrontDeviations.configuration))
  func `a flaw of the set-up or the request is found before anybody logs in`(
    _ item: DeviationCase
  ) throws {
    try item.expectOutcome()
  }

  @Test(
    arguments: DeviationCase.all(
      FrontDeviations.callback + ResponseJWTDeviations.all + FrontDeviations.hashes
        + OwnStateDeviations.cookie))
  func `a flaw of the answer is found before the code is sent`(_ item: DeviationCase) throws {
    try item.expectOutcome()
  }

  @Test(arguments: DeviationCase.all(TokenDeviations.first))
  func `a flaw of the first ID token is found before the code is sent`(
    _ item: DeviationCase
  ) throws {
    try item.expectOutcome()
  }

  @Test(arguments: DeviationCase.all(TokenDeviations.second))
  func `a flaw of the second ID token is found before the API is called`(
    _ item: DeviationCase
  ) throws {
    try item.expectOutcome()
  }

  @Test(arguments: DeviationCase.all(BackDeviations.tokens))
  func `a flaw of the token response is found before the API is called`(
    _ item: DeviationCase
  ) throws {
    try item.expectOutcome()
  }

  @Test(arguments: DeviationCase.all(BackDeviations.userinfo + OwnStateDeviations.account))
  func `a flaw of the userinfo is found before anybody believes it`(_ item: DeviationCase) throws {
    try item.expectOutcome()
  }

  /// Checks that state what the application itself did, or only inform: nobody else can break them.
  private static let cannotFail: Set<CheckID> = [
    .callbackSingleUse, .idTokenKidAbsentSingle, .noExchangeBeforeFrontOK, .codeExchangeOnce,
    .redirectURISame, .issuerBoundEndpoint, .accessTokensCompare, .useSecondAccessToken,
    .bearerHeaderOnly, .apiWWWAuthenticate,
  ]
  /// Checks of what may follow the flow.
  private static let afterTheFlow: Set<CheckID> = [
    .refreshSameIssSubAud, .refreshRotation, .logoutState,
  ]
  /// Have tests of their own: whether one warns depends on the keys, one is tried on purpose, one is
  /// about a client with a key, five about one with a certificate, four about one with proofs of
  /// possession, and two need a mistake of the lab.
  private static let elsewhere: Set<CheckID> = [
    .mtlsAliasUsed, .accessTokenFrontUnbound, .accessTokenCnfCertificate,
    .boundTokenWithCertificate, .cnfSameInIntrospection,
    .dpopTokenType, .dpopCnf, .dpopNonceHonoured, .dpopRetryOnce,
    .idTokenKidAbsentMultiple, .pkceEnforced, .assertionAudience, .accountLinkProof,
    .errorPageClean,
  ]

  /// Judged under FAPI 1.0 Advanced alone, or with the consent that it knows, where the lab breaks
  /// each.
  private static let profile = Set(
    ProfileConnectionChecks.keyRules + ProfileRequestChecks.rules + ProfileTokenChecks.rules
      + ProfileConnectionChecks.rules + ProfileTokenChecks.answerRules
      + [.discoveryClaimsParameter])

  @Test func `every rule is broken by some deviation`() {
    let all =
      FrontDeviations.configuration + FrontDeviations.callback + FrontDeviations.hashes
      + ResponseJWTDeviations.all + TokenDeviations.first + TokenDeviations.second
      + BackDeviations.tokens
      + BackDeviations.userinfo + OwnStateDeviations.cookie + OwnStateDeviations.account
      + EncryptionDeviations.all
    let broken = all.reduce(into: Set<CheckID>()) { $0.formUnion($1.complaints) }
    let excused = Self.cannotFail.union(Self.afterTheFlow).union(Self.elsewhere)
      .union(Self.profile)
    #expect(broken.union(excused) == Set(CheckID.allCases))
    #expect(broken.isDisjoint(with: excused))
  }

  @Test func `without a nonce in the request of code token only a warning stands`() throws {
    var configuration = try Sample.configuration(.codeToken)
    configuration.extraParameters = [FormField("nonce", "")]
    let drive = try Drive.run(configuration)
    #expect(drive.complaints == [.requestNonce])
    #expect(drive.machine.situation == .finished)
  }

  @Test func `limits of time and skew do not overflow`() throws {
    for age in ["-9223372036854775808", "9223372036854775807", "x", ""] {
      for skew in [Int64.max, Int64.min, 60] {
        var configuration = try Sample.configuration()
        configuration.extraParameters = [FormField("max_age", age)]
        configuration.clockSkewSeconds = skew
        configuration.callbackWaitSeconds = skew
        var provider = try HonestProvider()
        provider.editFrontClaims = {
          $0.set("nbf", .number(JSONNumber(.max)))
          $0.set("iat", .number(JSONNumber(.min)))
          $0.set("exp", .number(JSONNumber(.max)))
          $0.set("auth_time", .number(JSONNumber(.min)))
        }
        _ = try Drive.run(configuration, provider)
      }
    }
  }
}
