import OpenID

/// One verdict with everything that led to it.
public struct Check: Sendable, Equatable {
  /// What came out.
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
  /// What came out.
  public var verdict: Verdict
  /// What the rule wants to see.
  public var expected: String?
  /// What was seen.
  public var found: String?
  /// The reason in a sentence.
  public var why: String
  /// Where the rule stands.
  public var spec: SpecReference
  /// How the verdict was computed, step by step; empty when there is nothing to compute.
  public var derivation: [DerivationStep]
  /// Whether the check failed and was switched off in the laboratory, so that the run went on.
  public internal(set) var isOff = false
  /// Whether the check failed and the person sent the request all the same.
  public internal(set) var isOverruled = false
  /// Whether it judged a post that was refused as none of ours, while the run went on waiting.
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
    self.spec = spec ?? id.rule.spec
    self.derivation = derivation
  }
}

/// One step of a computation, such as the digest of a code.
public struct DerivationStep: Sendable, Equatable {
  /// What the step does.
  public var label: String
  /// What it gave.
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
  /// Informs.
  case information
}

/// The rule behind a check.
public struct CheckRule: Sendable, Equatable {
  /// What a broken rule does to the flow.
  public var severity: Severity
  /// The rule in words.
  public var rule: String
  /// The attack or fault that it shows.
  public var shows: String
  /// Where it stands.
  public var spec: SpecReference
}
