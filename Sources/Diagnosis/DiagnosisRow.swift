import HybridFlow
import OpenID

/// One row of the table: the symptom, its cause, and what to do.
public struct DiagnosisRow: Sendable, Equatable, Identifiable {
  /// A stable id, such as `auth0-callback-mismatch`.
  public let id: String
  /// Whose messages these are.
  public let provider: Provider
  /// Where it occurs; empty when it can occur anywhere.
  public let places: [DiagnosisPlace]
  /// Who has to change something; nil when nothing is set up wrongly.
  public let blame: Blame?
  /// The patterns; one match is enough.
  public let patterns: [DiagnosisPattern]
  /// Why it happens, in one or two sentences.
  public let cause: String
  /// What to do, and where in the provider's console.
  public let fix: String
  /// The source of the row.
  public let source: DiagnosisSource

  init(
    _ id: String, _ provider: Provider, _ places: [DiagnosisPlace] = [],
    _ patterns: DiagnosisPattern..., blame: Blame? = .settings, cause: String, fix: String,
    source: DiagnosisSource
  ) {
    self.id = id
    self.provider = provider
    self.places = places
    self.blame = blame
    self.patterns = patterns
    self.cause = cause
    self.fix = fix
    self.source = source
  }
}

/// Where a message or symptom occurred.
public enum DiagnosisPlace: String, Sendable, Hashable, CaseIterable {
  /// Discovery and keys, before anyone signs in.
  case metadata
  /// A page of the provider at which the browser ended.
  case page
  /// The authorization response at the redirect URI.
  case callback
  /// The token endpoint.
  case token
  /// The API or the userinfo endpoint.
  case api
}

/// The source of a row.
public struct DiagnosisSource: Sendable, Equatable, CustomStringConvertible {
  /// How it is known.
  public enum Basis: String, Sendable, Equatable, CaseIterable {
    /// A specification or the provider's documentation was read.
    case document
    /// The product's source code was read.
    case code
    /// A public issue or pull request mentions it.
    case thread
    /// A support page or a forum of the provider mentions it.
    case support
    /// Known from use, without a source.
    case experience
  }
  /// How it is known.
  public let basis: Basis
  /// The document, file or thread.
  public let reference: String

  static func document(_ reference: String) -> Self { Self(basis: .document, reference: reference) }
  static func code(_ reference: String) -> Self { Self(basis: .code, reference: reference) }
  static func thread(_ reference: String) -> Self { Self(basis: .thread, reference: reference) }
  static func support(_ reference: String) -> Self { Self(basis: .support, reference: reference) }
  static func experience(_ reference: String) -> Self {
    Self(basis: .experience, reference: reference)
  }

  /// The reference and how it is known.
  public var description: String {
    switch basis {
    case .document: "\(reference) (documentation)"
    case .code: "\(reference) (source code)"
    case .thread: "\(reference) (public thread)"
    case .support: "\(reference) (support page)"
    case .experience: "\(reference) (known from use)"
    }
  }
}

/// The conditions for a row to match; all of them must hold.
public struct DiagnosisPattern: Sendable, Equatable {
  /// How much the words alone prove.
  public enum Strength: Int, Sendable, Equatable, CaseIterable {
    /// Several causes have these words.
    case hint = 1
    /// The words fit, but other products could use them too.
    case wording = 2
    /// These words have no other cause.
    case literal = 3
  }
  /// How much the words alone prove.
  public private(set) var strength: Strength
  /// Phrases that all must occur.
  ///
  /// Case, spaces, punctuation and line breaks are ignored. An ellipsis stands for a gap of up to a
  /// few hundred characters; a star at the end makes the last word a prefix.
  public private(set) var phrases: [String]
  /// Facts of a run that all must hold.
  public private(set) var facts: [DiagnosisFact]
  /// Error codes, any of which supports the row.
  public private(set) var codes: [String] = []
  /// Whether one of the codes is required.
  public private(set) var needsCode = false
  /// HTTP statuses, any of which supports the row.
  public private(set) var statuses: [Int] = []
  /// Whether the provider must be known to be the row's own.
  public private(set) var needsProvider = false

  private init(_ strength: Strength, _ phrases: [String], _ facts: [DiagnosisFact] = []) {
    self.strength = strength
    self.phrases = phrases
    self.facts = facts
  }

  static func literal(_ phrases: String...) -> Self { Self(.literal, phrases) }
  static func wording(_ phrases: String...) -> Self { Self(.wording, phrases) }
  static func hint(_ phrases: String...) -> Self { Self(.hint, phrases) }
  /// A code alone, which several causes share.
  static func code(_ codes: String...) -> Self {
    var pattern = Self(.hint, [])
    pattern.codes = codes
    pattern.needsCode = true
    return pattern
  }
  /// Facts of a run, without any words of the provider.
  static func seen(_ strength: Strength, _ facts: DiagnosisFact...) -> Self {
    Self(strength, [], facts)
  }

  /// From what a match is known, in words that complete "sure, because …".
  func basis(_ provider: Provider) -> String {
    if phrases.isEmpty {
      return facts.isEmpty
        ? "the error code says so"
        : strength == .hint ? "other causes look the same in a run" : "this run showed it"
    }
    return switch strength {
    case .literal:
      provider == .generic
        ? "these words have no other cause" : "these are words of \(provider.title)"
    case .wording: "the words fit"
    case .hint: "the words fit, and other causes have them too"
    }
  }

  /// The same pattern, supported by any of these codes.
  func with(_ codes: String...) -> Self {
    var copy = self
    copy.codes = codes
    return copy
  }
  /// The same pattern, with one of these codes required.
  func needing(_ codes: String...) -> Self {
    var copy = self
    copy.codes = codes
    copy.needsCode = true
    return copy
  }
  /// The same pattern, supported by any of these statuses.
  func status(_ statuses: Int...) -> Self {
    var copy = self
    copy.statuses = statuses
    return copy
  }
  /// The same pattern, with these facts required.
  func when(_ facts: DiagnosisFact...) -> Self {
    var copy = self
    copy.facts += facts
    return copy
  }
  /// The same pattern, only at the row's own provider.
  var atThisProvider: Self {
    var copy = self
    copy.needsProvider = true
    return copy
  }
}

/// How sure a diagnosis is.
public enum DiagnosisConfidence: Int, Sendable, Hashable, Comparable, CaseIterable {
  case low = 1
  case medium
  case high

  /// `low`, `medium` or `high`.
  public var word: String { String(describing: self) }
  /// Orders from low to high.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One of two values that should agree.
public struct ComparedValue: Sendable, Equatable {
  /// What it is, such as `sent` or `expected`.
  public var name: String
  /// The value: untrusted text.
  public var text: String

  /// Makes a value.
  public init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
}

/// A row that fits the evidence.
public struct DiagnosisMatch: Sendable, Equatable, Identifiable {
  /// The row's id.
  public var id: String
  /// How sure it is.
  public var confidence: DiagnosisConfidence
  /// Whose messages these are.
  public var provider: Provider
  /// Who has to change something; nil when nothing is set up wrongly.
  public var blame: Blame?
  /// Why it happens.
  public var cause: String
  /// What to do, and where.
  public var fix: String
  /// Values that should agree, such as the expected and the found one; empty without any.
  public var values: [ComparedValue] = []
  /// From what it is known, in words that complete "sure, because …".
  public var basis: String
  /// The source of the row.
  public var source: String
  /// Whether a row fits; otherwise it is general advice by the kind of failure.
  public var isRecognized = true
}
