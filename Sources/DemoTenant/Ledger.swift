import OpenID

/// The parts of the tenant that verify something.
public enum TenantEndpoint: String, Sendable, Hashable, CaseIterable {
  /// The authorization endpoint.
  case authorize
  /// The endpoint for pushed authorization requests.
  case pushed
  /// The login page.
  case login
  /// The consent page.
  case consent
  /// The token endpoint.
  case token
  /// The userinfo endpoint.
  case userinfo
  /// The revocation endpoint.
  case revocation
  /// The introspection endpoint.
  case introspection
  /// The logout endpoint.
  case logout
  /// The API.
  case api
}

/// One verification that the tenant has made, in its own words.
///
/// It contains no secrets: such values are masked.
public struct LedgerEntry: Sendable, Equatable {
  /// The number of the request, counted from 1.
  public var request: Int
  /// When it was made.
  public var time: UnixTime
  /// Where it was made.
  public var endpoint: TenantEndpoint
  /// The rule's name, such as `code-unused`.
  public var rule: String
  /// The rule in words.
  public var statement: String
  /// The expected value, masked if it is secret.
  public var expected: String
  /// The value found, masked if it is secret.
  public var found: String
  /// Whether it held.
  public var passed: Bool
  /// The specification of the rule.
  public var section: SpecReference
}

/// A verification that is not yet in the ledger.
struct Finding {
  var rule: String
  var statement: String
  var expected: String
  var found: String
  var passed: Bool
  var section: SpecReference

  init(
    _ rule: String, _ statement: String, expected: String, found: String, passed: Bool,
    _ section: SpecReference
  ) {
    self.rule = rule
    self.statement = statement
    self.expected = expected
    self.found = found
    self.passed = passed
    self.section = section
  }
}

/// A secret value as shown in the ledger: values can be compared, but not used.
func masked(_ text: String?) -> String {
  guard let text else { return "nothing" }
  let count = text.utf8.count
  guard count >= 16 else { return "a value of \(count) bytes" }
  return "\(text.unicodeScalars.prefix(4).map(String.init).joined())… (\(count) bytes)"
}

/// A text from outside, cut so that it cannot fill the ledger.
func shortened(_ text: String?) -> String {
  guard let text else { return "nothing" }
  return text.utf8.count > 200 ? text.prefix(bytes: 200) + "…" : text
}

extension DemoTenant {
  /// Records a verification and returns whether it passed.
  @discardableResult
  mutating func record(_ finding: Finding, at endpoint: TenantEndpoint, _ call: Call) -> Bool {
    if ledger.count >= TenantLimit.ledgerEntries {
      ledger.removeFirst(TenantLimit.ledgerEntries / 10)
    }
    ledger.append(
      LedgerEntry(
        request: call.number, time: call.now, endpoint: endpoint, rule: finding.rule,
        statement: finding.statement, expected: finding.expected, found: finding.found,
        passed: finding.passed, section: finding.section))
    return finding.passed
  }

  /// Records all verifications and returns the first that failed.
  mutating func record(
    _ findings: [Finding], at endpoint: TenantEndpoint, _ call: Call
  ) -> Finding? {
    for finding in findings { record(finding, at: endpoint, call) }
    return findings.first { !$0.passed }
  }
}
