import DemoTenant
import HybridFlow
import OpenID

/// What the plan of FAPI 2.0 Message Signing for relying parties says of answers that come as one
/// JWT.
///
/// The suite runs these modules with `code`; here they run with `code id_token` and `form_post.jwt`.
/// Their names begin as those of the Security Profile do, whose own plan leaves them out. What else
/// the plan has is not about such answers.
extension CertificationPlan {
  private static let final = "fapi2-security-profile-final-client-test"

  static let jarm = CertificationPlan(
    name: .jarm, suiteName: "fapi2-message-signing-final-client-test-plan (only JARM)",
    prefix: final,
    variants: [
      PlanVariant(title: "code id_token, form_post.jwt", letter: "j", type: .codeIDToken) {
        $0.responseMode = .formPostJWT
      }
    ],
    modules: [
      PlanModule(
        final + "-happy-path", .accept, need: .responseJWT, sections: [.jarm("2.4")],
        does: "The provider is honest."),
      module(
        "without-iss-fails", .jarmIss, .claims(.response, [.drop("iss")]),
        "The answer does not say who made it."),
      module(
        "with-invalid-iss-fails", .jarmIss, .claims(.response, [.append("iss", "1")]),
        "The answer names another issuer."),
      module(
        "without-aud-fails", .jarmAud, .claims(.response, [.drop("aud")]),
        "The answer does not say for whom it is."),
      module(
        "with-invalid-aud-fails", .jarmAud, .claims(.response, [.append("aud", "1")]),
        "The answer is for another client."),
      module(
        "without-exp-fails", .jarmExp, .claims(.response, [.drop("exp")]),
        "The answer does not say until when it is good."),
      module(
        "with-expired-exp-fails", .jarmExp,
        .claims(.response, [.moment("exp", seconds: -3600)]), "The answer has expired."),
      module(
        "with-invalid-sig-fails", .jarmSignature, .signature(.response, .flippedBit),
        "The signature of the answer is wrong."),
      module(
        "signature-is-not-none", .jarmAlg, .signature(.response, .unsigned("none")),
        "The answer is not signed, and says alg none."),
    ])

  private static func module(
    _ name: String, _ check: CheckID, _ action: TenantAction, _ does: String
  ) -> PlanModule {
    PlanModule(
      final + "-ensure-jarm-" + name, .rejectAnswer(check), [action], need: .responseJWT,
      sections: [.jarm("2.4")], does: does)
  }
}
