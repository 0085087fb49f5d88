import OpenID
import Platform
import Settings

/// One thing that a look at a tenant has found.
public struct CheckFinding: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// A login cannot work, or must not be trusted.
    case error
    /// A login may fail, or something is not as it should be.
    case warning
    /// As it should be, or worth knowing.
    case info
  }

  /// A stable name for scripts.
  public var id: String
  /// How bad it is.
  public var severity: Severity
  /// What was found, in a sentence.
  public var message: String
  /// What it was read from; text of the provider in it is not yet made harmless.
  public var evidence: String
  /// What to do; nil where nothing is to be done.
  public var fix: String?
  /// Where the rule stands; nil where it is no specification's.
  public var spec: SpecReference?
  /// Whether nothing could be read, so that the provider cannot be judged.
  public var isUnreadable: Bool

  /// Describes a finding.
  public init(
    _ id: String, _ severity: Severity, _ message: String, evidence: String = "",
    fix: String? = nil, spec: SpecReference? = nil, isUnreadable: Bool = false
  ) {
    self.id = id
    self.severity = severity
    self.message = message
    self.evidence = evidence
    self.fix = fix
    self.spec = spec
    self.isUnreadable = isUnreadable
  }
}

/// Everything that a look at a tenant has found.
public struct CheckReport: Sendable, Equatable {
  /// What was looked at.
  public var issuer: String
  /// The findings in the order in which they were made.
  public var findings: [CheckFinding]

  /// How many are this bad.
  public func count(_ severity: CheckFinding.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// 0 when nothing is wrong, 5 when the first error is that something could not be read, else 3.
  public var exitCode: Int32 {
    guard let first = findings.first(where: { $0.severity == .error }) else {
      return ExitCode.success
    }
    return first.isUnreadable ? 5 : 3
  }

  /// The whole in a sentence.
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
