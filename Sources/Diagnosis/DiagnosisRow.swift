import OpenID

/// One line of the table: what is seen, why it happens, and what to do.
public struct DiagnosisRow: Sendable, Equatable, Identifiable {
  /// A stable id, such as `auth0-callback-mismatch`.
  public let id: String
  /// Whose words these are.
  public let provider: Provider
  /// Where it is seen; empty when it may be anywhere.
  public let places: [DiagnosisPlace]
  /// Any of these is enough.
  public let patterns: [DiagnosisPattern]
  /// Why it happens, in one or two sentences.
  public let cause: String
  /// What to do, and where in the provider's console.
  public let fix: String
  /// What the row rests on.
  public let source: DiagnosisSource

  init(
    _ id: String, _ provider: Provider, _ places: [DiagnosisPlace] = [],
    _ patterns: DiagnosisPattern..., cause: String, fix: String, source: DiagnosisSource
  ) {
    self.id = id
    self.provider = provider
    self.places = places
    self.patterns = patterns
    self.cause = cause
    self.fix = fix
    self.source = source
  }
}

/// Where something was said or seen.
public enum DiagnosisPlace: String, Sendable, Hashable, CaseIterable {
  /// Discovery and keys, before anyone logs in.
  case metadata
  /// A page of the provider on which the browser ended.
  case page
  /// The answer at the redirect URI.
  case callback
  /// The token endpoint.
  case token
  /// The API or the userinfo endpoint.
  case api
}

/// What a row rests on.
public struct DiagnosisSource: Sendable, Equatable, CustomStringConvertible {
  /// How it is known.
  public enum Basis: String, Sendable, Equatable, CaseIterable {
    /// A specification or the provider's documentation was read.
    case document
    /// The product's source code was read.
    case code
    /// A public issue or pull request tells of it.
    case thread
    /// A support page or a forum of the provider tells of it.
    case support
    /// Known from use, not looked up again.
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

/// What must be seen for a row to apply; everything in it must hold.
public struct DiagnosisPattern: Sendable, Equatable {
  /// How much the words alone prove.
  public enum Strength: Int, Sendable, Equatable, CaseIterable {
    /// Several causes look like this.
    case hint = 1
    /// The words fit, but others could say them too.
    case wording = 2
    /// Nobody says this for another reason.
    case literal = 3
  }
  /// How much the words alone prove.
  public private(set) var strength: Strength
  /// Phrases that all must occur.
  ///
  /// Case, spaces, punctuation and line breaks do not count. An ellipsis stands for a gap of up to
  /// a few hundred characters; a star at the end lets the last word go on.
  public private(set) var phrases: [String]
  /// Facts of a run that all must hold.
  public private(set) var facts: [DiagnosisFact]
  /// Error codes of which one supports the row.
  public private(set) var codes: [String] = []
  /// Whether one of the codes must be there.
  public private(set) var needsCode = false
  /// HTTP statuses of which one supports the row.
  public private(set) var statuses: [Int] = []
  /// Whether the row's provider must be known to be the one.
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
  /// What a run showed, without any words of the provider.
  static func seen(_ strength: Strength, _ facts: DiagnosisFact...) -> Self {
    Self(strength, [], facts)
  }

  /// The same, supported by one of these codes.
  func with(_ codes: String...) -> Self {
    var copy = self
    copy.codes = codes
    return copy
  }
  /// The same, only together with one of these codes.
  func needing(_ codes: String...) -> Self {
    var copy = self
    copy.codes = codes
    copy.needsCode = true
    return copy
  }
  /// The same, supported by one of these statuses.
  func status(_ statuses: Int...) -> Self {
    var copy = self
    copy.statuses = statuses
    return copy
  }
  /// The same, only where these facts hold.
  func when(_ facts: DiagnosisFact...) -> Self {
    var copy = self
    copy.facts += facts
    return copy
  }
  /// The same, only at the row's own provider.
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

/// A row that fits what was seen.
public struct DiagnosisMatch: Sendable, Equatable, Identifiable {
  /// The row's id.
  public var id: String
  /// How sure it is.
  public var confidence: DiagnosisConfidence
  /// Whose words these are.
  public var provider: Provider
  /// Why it happens.
  public var cause: String
  /// What to do.
  public var fix: String
  /// What it rests on.
  public var source: String
}
