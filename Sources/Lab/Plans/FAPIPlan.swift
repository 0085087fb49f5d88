import DemoTenant
import HybridFlow
import OpenID

/// The plan of FAPI 1.0 Advanced for relying parties, with answers as plain responses.
extension CertificationPlan {
  private static let test = "fapi1-advanced-final-client-test"

  static let fapi1Advanced = CertificationPlan(
    name: .fapi1Advanced, suiteName: "fapi1-advanced-final-client-test-plan", prefix: test,
    variants: [
      variant("private_key_jwt, pushed", "p") { $0.pushesRequest = .always },
      variant("private_key_jwt, by value", "v") { $0.pushesRequest = .never },
      variant("mutual TLS, pushed", "m") { $0.clientAuthentication = .tlsClientAuth },
      variant("mutual TLS, by value", "w") {
        $0.clientAuthentication = .tlsClientAuth
        $0.pushesRequest = .never
      },
    ],
    modules: fapiAnswers + fapiTokens + fapiTimes + fapiAbsences + fapiAllowed + fapiElsewhere)

  private static func variant(
    _ title: String, _ letter: Character,
    _ prepare: @escaping @Sendable (inout FlowConfiguration) -> Void
  ) -> PlanVariant {
    PlanVariant(title: title, letter: letter, type: .codeIDToken) {
      $0.askAsFAPI()
      prepare(&$0)
    }
  }

  /// The client has registered encrypted ID tokens, as Brazil has them.
  private static let encrypting: @Sendable (inout FlowConfiguration) -> Void = {
    $0.decryption = ClientDecryption(idTokens: TokenEncryption(.rsaOAEP, .a256GCM))
  }

  private static func section(_ number: String) -> SpecReference {
    SpecReference("FAPI 1.0 Advanced", number)
  }

  /// A module whose ID tokens, of both endpoints, have a wrong claim.
  private static func claims(
    _ name: String, _ edit: JSONEdit, by check: CheckID, _ sections: [SpecReference],
    does: String
  ) -> PlanModule {
    PlanModule(
      test + name, .rejectIDToken(check),
      [.claims(.firstIDToken, [edit]), .claims(.secondIDToken, [edit])], sections: sections,
      does: does)
  }

  private static let fapiAnswers: [PlanModule] = [
    PlanModule(test, .accept, sections: [section("5.2.3")], does: "The provider is honest."),
    PlanModule(
      test + "-encrypted-idtoken", .accept, need: .encryptedIDTokens,
      sections: [section("5.2.3.1")], prepare: encrypting,
      does: "The ID tokens are signed and encrypted, as registered."),
    PlanModule(
      test + "-discovery-issuer-mismatch", .stopAfterDiscovery,
      [.document(.metadata, [.append("issuer", "1")])],
      sections: [SpecReference("OpenID Connect Discovery 1.0", "4.3")],
      does: "The discovery document speaks for another issuer."),
    PlanModule(
      test + "-encrypted-idtoken-usingrsa15", .rejectIDToken(.idTokenEncAllowlist),
      [.encryption(.firstIDToken, .rsa15)], need: .encryptedIDTokens,
      sections: [section("8.6.1")], prepare: encrypting,
      does: "The ID token is encrypted with RSA1_5."),
    claims(
      "-invalid-shash", .append("s_hash", "1"), by: .sHashMatch, [section("5.2.3.1")],
      does: "s_hash does not belong to state."),
    claims(
      "-invalid-chash", .append("c_hash", "1"), by: .cHashMatch, [.core("3.3.2.10")],
      does: "c_hash does not belong to the code."),
    claims(
      "-invalid-nonce", .append("nonce", "1"), by: .nonceMatch, [.core("3.1.3.7")],
      does: "The nonce of the ID token is another one."),
    claims(
      "-invalid-iss", .append("iss", "1"), by: .idTokenIss, [.core("3.1.3.7")],
      does: "The ID token names another issuer."),
    claims(
      "-invalid-aud", .append("aud", "1"), by: .idTokenAud, [.core("3.1.3.7")],
      does: "The ID token is for another client."),
    claims(
      "-invalid-secondary-aud", .join("aud", "another-application"), by: .idTokenAudExtra,
      [.core("3.1.3.7")],
      does: "The ID token is for another client as well, and names no authorized party."),
  ]

  private static let fapiTokens: [PlanModule] = [
    PlanModule(
      test + "-invalid-signature", .rejectIDToken(.idTokenSignature),
      [.signature(.firstIDToken, .flippedBit), .signature(.secondIDToken, .flippedBit)],
      sections: [.core("3.1.3.7")], does: "The signature of the ID token is wrong."),
    PlanModule(
      test + "-invalid-null-alg", .rejectIDToken(.idTokenAlgNone),
      [
        .signature(.firstIDToken, .unsigned("none")), .signature(.secondIDToken, .unsigned("none")),
      ],
      sections: [section("8.6")], does: "The ID token is not signed, and says alg none."),
    PlanModule(
      test + "-invalid-alternate-alg", .rejectIDToken(.idTokenAlgProfile),
      [.signature(.firstIDToken, .otherAlgorithm), .signature(.secondIDToken, .otherAlgorithm)],
      sections: [section("8.6")], does: "The ID token is signed with RS256 in place of PS256."),
  ]

  private static let fapiTimes: [PlanModule] = [
    claims(
      "-invalid-expired-exp", .moment("exp", seconds: -305), by: .idTokenExp, [.core("3.1.3.7")],
      does: "The ID token has expired five minutes ago."),
    claims(
      "-invalid-missing-exp", .drop("exp"), by: .idTokenExpPresent, [.core("2")],
      does: "The ID token does not say until when it is good."),
    claims(
      "-iat-is-week-in-past", .moment("iat", seconds: -604_800), by: .idTokenIat,
      [.core("3.1.3.7")], does: "The ID token was issued a week ago."),
  ]

  private static let fapiAbsences: [PlanModule] = [
    claims(
      "-invalid-missing-aud", .drop("aud"), by: .idTokenAudPresent, [.core("2")],
      does: "The ID token does not say for whom it is."),
    claims(
      "-invalid-missing-iss", .drop("iss"), by: .idTokenIssPresent, [.core("2")],
      does: "The ID token does not say who issued it."),
    claims(
      "-invalid-missing-nonce", .drop("nonce"), by: .noncePresent, [.core("3.3.2.11")],
      does: "The ID token has no nonce."),
    claims(
      "-invalid-missing-shash", .drop("s_hash"), by: .sHashPresent, [section("5.2.3.1")],
      does: "The first ID token has no s_hash, and a state was sent."),
  ]

  private static let fapiAllowed: [PlanModule] = [
    PlanModule(
      test + "-valid-aud-as-array", .accept,
      [.claims(.firstIDToken, [.wrap("aud")]), .claims(.secondIDToken, [.wrap("aud")])],
      sections: [.rfc(7519, "4.1.3")], does: "The audience of the ID token is a list of one."),
    PlanModule(
      test + "-no-scope-in-token-endpoint-response", .accept,
      [.document(.tokens, [.drop("scope"), .drop("expires_in")])], sections: [.rfc(6749, "5.1")],
      does: "The token endpoint says neither scope nor lifetime."),
    PlanModule(
      test + "-missing-athash", .accept, [.claims(.secondIDToken, [.drop("at_hash")])],
      sections: [.core("3.1.3.6")], does: "No ID token has at_hash."),
  ]

  /// What belongs to one country, or to another kind of registration.
  private static let fapiElsewhere: [PlanModule] = [
    PlanModule(
      test + "-invalid-openbanking-intent-id", .rejectIDToken(.intentIDMatch),
      [.claims(.firstIDToken, [.append("openbanking_intent_id", "1")])], need: .intentID,
      sections: [.core("5.5.1")],
      prepare: {
        $0.extraParameters.append(
          FormField(
            "claims",
            #"{"id_token":{"openbanking_intent_id":{"value":"urn:bank:intent:58923"}}}"#))
      }, does: "The ID token names another consent than the one asked for."),
    PlanModule(
      "fapi1-advanced-final-client-refresh-token-test", .accept,
      notRun: "Brazil and KSA only: an API that answers 401 until the client has refreshed. Here a "
        + "refresh follows a key, and no answer of an API.",
      sections: [.rfc(6749, "6")], does: "The API wants a refreshed access token."),
    PlanModule(
      "fapi1-advanced-final-client-brazildcr-happypath-test", .accept,
      notRun: "Brazil only: the client registers itself, and this program registers nothing.",
      sections: [.rfc(7591, "3")], does: "The client registers itself."),
    PlanModule(
      test + "-payment-consent-response-valid-aud-as-array", .accept,
      notRun: "payments in Brazil only: it is about the answer of a payment API.",
      sections: [.rfc(7519, "4.1.3")], does: "The audience of a payment’s answer is a list."),
  ]
}
