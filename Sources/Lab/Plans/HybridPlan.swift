import DemoTenant
import HybridFlow
import OpenID

/// The plans of OpenID Connect Core for the hybrid flow.
///
/// A value is made wrong as the suite does it: a 1 is added to the right one.
extension CertificationPlan {
  private static let test = "oidcc-client-test"

  /// Answers come as each response type has them by default: behind the `#`.
  static let hybrid = CertificationPlan(
    name: .hybrid, suiteName: "oidcc-client-hybrid-certification-test-plan", prefix: test,
    variants: variants(.fragment), modules: modules)

  /// The same modules with answers as form posts.
  static let formPost = CertificationPlan(
    name: .formPost, suiteName: "oidcc-client-formpost-hybrid-certification-test-plan",
    prefix: test, variants: variants(.formPost), modules: modules)

  private static func variants(_ mode: ResponseMode) -> [PlanVariant] {
    zip([ResponseType.codeIDToken, .codeToken, .codeIDTokenToken], ["i", "t", "b"] as [Character])
      .map { type, letter in
        PlanVariant(title: type.rawValue, letter: letter, type: type) {
          $0.responseMode = mode
          $0.clientAuthentication = .basic
        }
      }
  }

  /// A change of the ID tokens of both endpoints.
  private static func both(_ edit: JSONEdit) -> [TenantAction] {
    [.claims(.firstIDToken, [edit]), .claims(.secondIDToken, [edit])]
  }

  private static func bothHeaders(_ edit: JSONEdit) -> [TenantAction] {
    [.header(.firstIDToken, [edit]), .header(.secondIDToken, [edit])]
  }

  private static let modules = claimModules + keyModules + hashModules + signatureModules + rest

  private static let claimModules: [PlanModule] = [
    PlanModule(
      test, .accept, sections: [.core("3.3")],
      does: "The provider is honest."),
    PlanModule(
      test + "-invalid-iss", .rejectIDToken(.idTokenIss), both(.append("iss", "1")),
      sections: [.core("3.1.3.7")],
      does: "The ID token names another issuer."),
    PlanModule(
      test + "-missing-sub", .rejectIDToken(.idTokenSubPresent), both(.drop("sub")),
      sections: [.core("2")],
      does: "The ID token does not say who signed in."),
    PlanModule(
      test + "-invalid-aud", .rejectIDToken(.idTokenAud), both(.append("aud", "1")),
      sections: [.core("3.1.3.7")],
      does: "The ID token is for another client."),
    PlanModule(
      test + "-missing-iat", .rejectIDToken(.idTokenIatPresent), both(.drop("iat")),
      sections: [.core("2")],
      does: "The ID token does not say when it was issued."),
  ]

  private static let keyModules: [PlanModule] = [
    PlanModule(
      test + "-kid-absent-single-jwks", .accept, bothHeaders(.drop("kid")),
      sections: [.core("10.1")],
      does: "The ID token does not name its key, and one key is published."),
    PlanModule(
      test + "-kid-absent-multiple-jwks", .rejectOrTryKeys, [.keys(.unnamedAmongSeveral)],
      sections: [.core("10.1")],
      does: "The ID token does not name its key, and several keys are published."),
  ]

  private static let hashModules: [PlanModule] = [
    PlanModule(
      test + "-invalid-chash", .rejectIDToken(.cHashMatch), types: LabFault.withIDToken,
      both(.append("c_hash", "1")), sections: [.core("3.3.2.10")],
      does: "c_hash does not belong to the code."),
    PlanModule(
      test + "-missing-chash", .rejectIDToken(.cHashPresent), types: LabFault.withIDToken,
      both(.drop("c_hash")),
      sections: [.core("3.3.2.11")],
      does: "The first ID token has no c_hash."),
    PlanModule(
      test + "-invalid-athash", .rejectIDToken(.atHashMatch), types: [.codeIDTokenToken],
      both(.append("at_hash", "1")), sections: [.core("3.3.2.9")],
      does: "at_hash does not belong to the access token."),
    PlanModule(
      test + "-missing-athash", .rejectIDToken(.atHashPresent), types: [.codeIDTokenToken],
      both(.drop("at_hash")),
      sections: [.core("3.3.2.11")],
      does: "The first ID token has no at_hash, and an access token came beside it."),
  ]

  private static let signatureModules: [PlanModule] = [
    PlanModule(
      test + "-idtoken-sig-rs256", .accept, sections: [.core("2")],
      does: "The ID token is signed with RS256."),
    PlanModule(
      test + "-invalid-sig-rs256", .rejectIDToken(.idTokenSignature),
      [.signature(.firstIDToken, .flippedBit), .signature(.secondIDToken, .flippedBit)],
      sections: [.core("3.1.3.7")],
      does: "The signature of the ID token is wrong."),
  ]

  private static let rest: [PlanModule] = [
    PlanModule(
      test + "-userinfo-invalid-sub", .discardUserinfo,
      [.document(.userinfo, [.append("sub", "1")])], sections: [.core("5.3.2")],
      does: "Userinfo speaks of another person."),
    PlanModule(
      test + "-nonce-unless-code-flow", .accept, request: .nonce, sections: [.core("3.3.2.1")],
      does: "The application sends a nonce."),
    PlanModule(
      test + "-nonce-invalid", .rejectIDToken(.nonceMatch), both(.append("nonce", "1")),
      sections: [.core("3.1.3.7")],
      does: "The nonce of the ID token is another one."),
    PlanModule(
      test + "-scope-userinfo-claims", .accept, request: .profileScopes, sections: [.core("5.4")],
      does: "The application asks for claims by scopes."),
    PlanModule(
      test + "-client-secret-basic", .accept, request: .basicAuthentication,
      sections: [.core("9")],
      does: "The application authenticates with HTTP Basic."),
  ]
}
