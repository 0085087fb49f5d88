import HybridFlow
import OpenID
import Platform
import Settings

/// One finding of a check of a tenant.
public struct CheckFinding: Sendable, Equatable {
  /// How serious a finding is.
  public enum Severity: String, Sendable, CaseIterable {
    /// A login cannot work, or must not be trusted.
    case error
    /// A login may fail, or something is not as it should be.
    case warning
    /// All right, or worth knowing.
    case info
  }

  /// A stable name for scripts.
  public var id: String
  /// How serious it is.
  public var severity: Severity
  /// The finding in a sentence.
  public var message: String
  /// The text it is based on; the provider's part of it is not yet made harmless.
  public var evidence: String
  /// What to do; nil if nothing is to be done.
  public var fix: String?
  /// The specification of the rule; nil if no specification has it.
  public var spec: SpecReference?
  /// Who has to change something; nil when nobody has to.
  public var blame: Blame?
  /// Whether a document could not be read, so that the provider cannot be judged.
  public var isUnreadable: Bool

  /// Makes a finding; nobody is to blame for an information.
  public init(
    _ id: String, _ severity: Severity, _ message: String, evidence: String = "",
    fix: String? = nil, spec: SpecReference? = nil, blame: Blame? = .settings,
    isUnreadable: Bool = false
  ) {
    self.id = id
    self.severity = severity
    self.message = message
    self.evidence = evidence
    self.fix = fix
    self.spec = spec
    self.blame = severity == .info ? nil : blame
    self.isUnreadable = isUnreadable
  }
}

/// All findings of a check of a tenant.
public struct CheckReport: Sendable, Equatable {
  /// The issuer that was checked.
  public var issuer: String
  /// The findings in the order in which they were made.
  public var findings: [CheckFinding]

  /// The number of findings of a severity.
  public func count(_ severity: CheckFinding.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// 0 without errors, 5 when the first error is an unreadable document, otherwise 3.
  public var exitCode: Int32 {
    guard let first = findings.first(where: { $0.severity == .error }) else {
      return ExitCode.success
    }
    return first.isUnreadable ? ExitCode.unreadable : ExitCode.check
  }

  /// The result in a sentence.
  public var summary: String {
    let errors = count(.error)
    let warnings = count(.warning)
    let rest = warnings == 0 ? "" : warnings == 1 ? ", 1 warning" : ", \(warnings) warnings"
    switch errors {
    case 0: return "Nothing here keeps a login from working\(rest)."
    case 1: return "1 error\(rest)."
    default: return "\(errors) errors\(rest)."
    }
  }
}
