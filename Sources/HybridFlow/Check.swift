import OpenID

/// One verdict and the data that led to it.
public struct Check: Sendable, Equatable {
  /// The result of a check.
  public enum Verdict: String, Sendable, Equatable, CaseIterable {
    /// The rule holds.
    case pass
    /// An error-level rule is broken: the flow stops.
    case fail
    /// A warning-level rule is broken: the flow goes on.
    case warn
    /// The rule could not be applied; ``Check/why`` says why.
    case skip
  }
  /// Which rule.
  public var id: CheckID
  /// The result.
  public var verdict: Verdict
  /// What the rule requires.
  public var expected: String?
  /// What was seen.
  public var found: String?
  /// The reason in a sentence.
  public var why: String
  /// The specification of the rule.
  public var spec: SpecReference
  /// How the verdict was computed, step by step; empty when there is nothing to compute.
  public var derivation: [DerivationStep]
  /// A harmless reason for a broken rule that fits the values; nil when none was found.
  public var likeness: Likeness?
  /// Whether the check failed but was switched off in the lab, so that the run continued.
  public internal(set) var isOff = false
  /// Whether the check failed and the person sent the request anyway.
  public internal(set) var isOverruled = false
  /// Whether it failed in the login of another application, which decides itself what it makes of
  /// that: nothing stopped here.
  public internal(set) var isOfAnother = false
  /// Whether it judged a refused POST that was not for this run, while the run kept waiting.
  public internal(set) var isOfRefused = false

  /// Makes a verdict.
  public init(
    _ id: CheckID, _ verdict: Verdict, expected: String? = nil, found: String? = nil,
    why: String, spec: SpecReference? = nil, derivation: [DerivationStep] = []
  ) {
    self.id = id
    self.verdict = verdict
    self.expected = expected
    self.found = found
    self.why = why
    self.spec = spec ?? id.spec
    self.derivation = derivation
  }
}

/// One step of a computation, such as the digest of a code.
public struct DerivationStep: Sendable, Equatable {
  /// What the step does.
  public var label: String
  /// The result of the step.
  public var value: String
  /// How many leading characters of the value the next step keeps; 0 for all.
  public var keeps: Int
  /// Whether the value is to be masked.
  public var isSecret: Bool

  /// Makes a step.
  public init(_ label: String, _ value: String, keeps: Int = 0, isSecret: Bool = false) {
    self.label = label
    self.value = value
    self.keeps = keeps
    self.isSecret = isSecret
  }
}

/// What a broken rule does to the flow.
public enum Severity: String, Sendable, Equatable {
  /// Stops it.
  case error
  /// Is shown; the flow goes on.
  case warning
  /// Only informs.
  case information
}
