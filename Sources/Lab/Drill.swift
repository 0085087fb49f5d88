import HybridFlow
import OpenID

/// Numbers that look random and are the same on every machine: SplitMix64.
///
/// Sebastiano Vigna's public-domain generator; for choosing rounds, never for secrets.
struct SplitMix64: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number below a bound that is not 0; the bound is small, so that no number is preferred.
  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// A drill: runs that hide one fault each, or none, chosen by a seed.
public struct Drill: Sendable, Equatable {
  /// The most rounds.
  public static let roundsMax = 200
  /// How many rounds there are unless another number is given.
  public static let usualRounds = 10
  /// The greatest seed: short enough to be read out to a class.
  public static let seedMax: UInt64 = 999_999_999
  /// One round in so many is harmless.
  static let harmlessOneIn = 4

  /// What the rounds were chosen by.
  public let seed: UInt64
  /// The rounds in order.
  public let rounds: [DrillRound]

  /// The faults that a round can hide: a check, or the tenant, must stop them.
  public static let faults: [LabFault] = Lab.faults.filter(\.stops)

  /// Chooses the rounds: the same for the same seed and count, and a longer drill begins like a
  /// shorter one.
  public init(seed: UInt64, count: Int) {
    self.seed = seed
    var numbers = SplitMix64(seed: seed)
    var left: [LabFault] = []
    rounds = (1...max(1, min(count, Self.roundsMax))).map { number in
      let isHarmless = numbers.next(below: Self.harmlessOneIn) == 0
      // No fault comes twice before all came once.
      if left.isEmpty { left = Self.faults }
      let like = left.remove(at: numbers.next(below: left.count))
      return DrillRound(number: number, like: like, isHarmless: isHarmless)
    }
  }

  /// Two drills with the same seed and length are the same.
  public static func == (left: Drill, right: Drill) -> Bool {
    left.seed == right.seed && left.rounds.count == right.rounds.count
  }
}

/// One round of a drill.
public struct DrillRound: Sendable {
  /// Counted from 1.
  public let number: Int
  /// The fault that gives the run its form: a harmless run ends where this one would be stopped.
  private let like: LabFault
  /// Whether the run is honest.
  public let isHarmless: Bool

  init(number: Int, like: LabFault, isHarmless: Bool) {
    (self.number, self.like, self.isHarmless) = (number, like, isHarmless)
  }

  /// The hidden fault; nil when nothing is wrong.
  public var fault: LabFault? { isHarmless ? nil : like }
  /// The response type of the run.
  public var type: ResponseType { like.shown(with: .codeIDToken) }
  /// The last stage of the run.
  public var goal: Stage { like.then.isEmpty ? like.stage(for: type) : .data }
  /// What is done after the flow.
  public var then: [AfterAction] { like.then }
  /// The id of the check or rule that must stop the run; nil when nothing is wrong.
  public var expected: String? { fault?.caughtBy }

  /// Sets the round in a configuration for the demo tenant.
  ///
  /// A harmless one asks for the same, unless asking for that is the fault itself.
  public func configure(_ configuration: inout FlowConfiguration) {
    guard isHarmless else { return like.configure(&configuration, type: type) }
    let usesPKCE = configuration.usesPKCE
    configuration.responseType = type
    if case .application = like.deed {} else { like.prepare(&configuration) }
    configuration.usesPKCE = usesPKCE
  }
}

/// An answer to a round.
public enum DrillAnswer: Sendable, Equatable {
  /// Nothing is wrong.
  case nothing
  /// This check of the application, or rule of the tenant.
  case check(String)
  /// Some check of this family.
  case family(String)

  /// How answers are written.
  public static let none = "none"
  /// The family of the tenant's own rules.
  public static let tenantFamily = "tenant"

  /// The families by name, and what they look at; the tenant's own rules are the last.
  public static let families: [(id: String, title: String, checks: [String])] =
    CheckFamily.all.map { (id: $0.id, title: $0.title, checks: $0.checks.map(\.rawValue)) }
    + [(id: tenantFamily, title: "what the tenant itself refuses", checks: tenantRules)]

  /// The tenant's rules that catch a fault of the lab.
  private static let tenantRules: [String] = {
    var rules: [String] = []
    for case .tenant(let rule) in Lab.faults.map(\.catcher) where !rules.contains(rule) {
      rules.append(rule)
    }
    return rules
  }()

  /// Reads an answer; nil for a word that is none.
  public init?(_ word: String) {
    let word = word.asciiLowercased
    if word == Self.none {
      self = .nothing
    } else if Self.families.contains(where: { $0.checks.contains(word) }) {
      self = .check(word)
    } else if Self.families.contains(where: { $0.id == word }) {
      self = .family(word)
    } else {
      return nil
    }
  }

  /// The answer as it is written.
  public var word: String {
    switch self {
    case .nothing: Self.none
    case .check(let id), .family(let id): id
    }
  }

  /// The family of a check or rule.
  static func family(of check: String) -> String? {
    families.first { $0.checks.contains(check) }?.id
  }

  /// The nearest answer to a word that is none.
  public static func nearest(to word: String) -> String? {
    Spelling.nearest(
      to: word.asciiLowercased, among: families.flatMap { $0.checks + [$0.id] } + [none])
  }
}
