/// A family of checks: those that look at the same thing, and stand in the same file.
public struct CheckFamily: Sendable, Identifiable {
  /// The name in commands.
  public let id: String
  /// What its checks look at, in a few words.
  public let title: String
  /// The checks, in the order of the flow.
  public let checks: [CheckID]

  /// The family with the most to say first: in the order of the flow.
  public static let all: [CheckFamily] = [
    CheckFamily(
      id: "configuration", title: "the provider's metadata and keys",
      checks: ConfigurationChecks.rules),
    CheckFamily(
      id: "request", title: "the authorization request", checks: RequestChecks.rules),
    CheckFamily(
      id: "callback", title: "the authorization response",
      checks: CallbackChecks.rules + UnsignedFieldChecks.rules),
    CheckFamily(
      id: "jarm", title: "the JWT that carries an authorization response",
      checks: ResponseJWTChecks.rules),
    CheckFamily(
      id: "encryption", title: "the encryption of an ID token", checks: EncryptionChecks.rules),
    CheckFamily(
      id: "signature", title: "header, key and signature of an ID token",
      checks: SignatureChecks.rules),
    CheckFamily(
      id: "claims", title: "issuer, subject and audience of an ID token",
      checks: ClaimChecks.rules + TextBooleanChecks.rules),
    CheckFamily(id: "times", title: "the times of an ID token", checks: TimeChecks.rules),
    CheckFamily(
      id: "login", title: "nonce, and how the person signed in",
      checks: LoginChecks.rules + LoginChecks.backRules),
    CheckFamily(
      id: "hashes", title: "c_hash, at_hash and s_hash",
      checks: HashChecks.frontRules + HashChecks.backRules),
    CheckFamily(
      id: "cookie", title: "the application\u{2019}s cookie around the login",
      checks: SessionCookieChecks.rules),
    CheckFamily(
      id: "exchange", title: "the token request",
      checks: ExchangeChecks.rules + AssertionChecks.rules),
    CheckFamily(
      id: "token-response", title: "the token response",
      checks: AnswerChecks.headerRules + AnswerChecks.lifetimeRules + TokenResponseChecks.rules
        + TokenResponseChecks.laterRules),
    CheckFamily(
      id: "second-token", title: "the second ID token beside the first",
      checks: SecondTokenChecks.rules),
    CheckFamily(
      id: "certificate", title: "the client\u{2019}s certificate, and tokens bound to it",
      checks: CertificateChecks.rules),
    CheckFamily(
      id: "dpop", title: "the proof of the client\u{2019}s key, and tokens bound to it",
      checks: ProofChecks.rules),
    CheckFamily(id: "api", title: "the call of the API, and its answer", checks: APIChecks.rules),
    CheckFamily(
      id: "fapi", title: "what FAPI 1.0 Advanced wants besides",
      checks: ProfileConnectionChecks.keyRules + ProfileRequestChecks.rules
        + ProfileTokenChecks.rules + ProfileConnectionChecks.rules + ProfileTokenChecks.answerRules),
    CheckFamily(
      id: "account", title: "the account that a login opens", checks: AccountChecks.rules),
    CheckFamily(
      id: "after", title: "refresh and logout",
      checks: RefreshExamination.rules + LogoutAction.rules),
  ]
}

extension CheckID {
  /// The family of the check; each has one.
  public var family: CheckFamily? { CheckFamily.all.first { $0.checks.contains(self) } }
}
