import OpenID

/// A check of a careful relying party: its name, and the rule that it applies.
///
/// Each stands beside the function that judges it, in the file of its family.
public struct CheckID: RawRepresentable, Sendable, CaseIterable {
  /// The name that screens, `--json`, recordings and tests use.
  public let rawValue: String
  /// What a broken rule does to the flow.
  public let severity: Severity
  /// The rule in words.
  public let rule: String
  /// The attack or error that a failure reveals.
  public let shows: String
  /// Where to look after a failure that nothing else explains.
  public let next: String
  /// The specification of the rule.
  public let spec: SpecReference

  /// Declares a check.
  package init(
    _ rawValue: String, _ severity: Severity, rule: String, shows: String, next: String,
    spec: SpecReference
  ) {
    self.rawValue = rawValue
    self.severity = severity
    self.rule = rule
    self.shows = shows
    self.next = next
    self.spec = spec
  }

  /// The check of this name; nil when there is none.
  public init?(rawValue: String) {
    guard let known = Self.byName[rawValue] else { return nil }
    self = known
  }

  private static let byName = [String: CheckID](
    allCases.map { ($0.rawValue, $0) }, uniquingKeysWith: { first, _ in first })

  /// All checks of a run, by family, in the order of the flow.
  public static let allCases: [CheckID] = [
    ConfigurationChecks.rules,
    ProfileConnectionChecks.keyRules,
    AnswerChecks.headerRules,
    RequestChecks.rules,
    ProfileRequestChecks.rules,
    CallbackChecks.rules,
    ResponseJWTChecks.rules,
    UnsignedFieldChecks.rules,
    AnswerChecks.lifetimeRules,
    EncryptionChecks.rules,
    SignatureChecks.rules,
    ClaimChecks.rules, TextBooleanChecks.rules, TimeChecks.rules, LoginChecks.rules,
    HashChecks.frontRules,
    ProfileTokenChecks.rules,
    SessionCookieChecks.rules,
    ExchangeChecks.rules,
    AssertionChecks.rules,
    TokenResponseChecks.rules,
    SecondTokenChecks.rules,
    LoginChecks.backRules,
    HashChecks.backRules,
    TokenResponseChecks.laterRules,
    CertificateChecks.rules,
    ProofChecks.rules,
    ProfileConnectionChecks.rules,
    APIChecks.rules,
    ProfileTokenChecks.answerRules,
    AccountChecks.rules,
    RefreshExamination.rules,
    LogoutAction.rules,
  ].flatMap { $0 }
}

extension CheckID: Hashable, CustomStringConvertible {
  /// Two checks are the same when they have the same name.
  public static func == (left: CheckID, right: CheckID) -> Bool {
    left.rawValue == right.rawValue
  }

  /// Only the name counts.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  /// The name.
  public var description: String { rawValue }
}
