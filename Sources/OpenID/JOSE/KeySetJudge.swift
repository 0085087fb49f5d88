/// One verdict on a published key set.
public struct KeySetFinding: Sendable, Equatable {
  /// What was looked at.
  public enum Rule: String, Sendable, CaseIterable {
    /// No private or shared part is published.
    case noPrivate = "jwks-private"
    /// RSA keys are long enough.
    case keySize = "jwks-key-size"
    /// A `kid` leads to one key.
    case keyID = "jwks-kid"
    /// Each key says what it is for, where that matters.
    case use = "jwks-use"
    /// Single keys that have a fault.
    case form = "jwks-key"
    /// There is a key with which tokens can be verified.
    case usable = "jwks-usable"
  }

  /// How much it matters.
  public enum Weight: Sendable, Equatable {
    /// A login fails, or must not be trusted.
    case harmful
    /// It may fail with some clients, or some tokens.
    case doubtful
    /// All right, or worth knowing.
    case harmless
  }

  /// What was looked at.
  public var rule: Rule
  /// How much it matters.
  public var weight: Weight
  /// The finding in a sentence.
  public var message: String
  /// Which keys, and what about them.
  public var evidence: String
  /// What to do; nil when nothing is to be done.
  public var remedy: String?
  /// The rule's place.
  public var spec: SpecReference
  /// Whether the settings are at fault, and not the publisher.
  public var isOurs = false

  init(
    _ rule: Rule, _ weight: Weight, _ message: String, _ evidence: String, _ remedy: String? = nil,
    _ spec: SpecReference
  ) {
    (self.rule, self.weight, self.message, self.evidence) = (rule, weight, message, evidence)
    (self.remedy, self.spec) = (remedy, spec)
  }
}

/// The one judge of published keys.
///
/// OpenID Connect Core 1.0, section 10.1; RFC 7517; RFC 7518, section 6. It reads the values of each
/// key and, where a calculation is needed, asks for a trial.
public struct KeySetJudge {
  /// RFC 7518, section 3.3.
  public static let leastModulusBits = 2048

  private struct Entry {
    let place: Int
    let key: JSONWebKey
    let faults: [KeyFault]
    let isShort: Bool
    var name: String
    var isUnusable: Bool { isShort || faults.contains { $0.weight == .unusable } }
    /// Whether its alg does not speak against it; an alg that cannot be its own says nothing.
    func isMeant(for algorithm: SignatureAlgorithm) -> Bool {
      guard let named = SignatureAlgorithm(rawValue: key.algorithmName ?? ""),
        named.keyType == key.keyType
      else { return true }
      return named == algorithm || named.curve != nil && named.curve != key.curve
    }
    /// Whether tokens could be signed with it.
    var signs: Bool { key.purpose == .signature || key.purpose == .unstated }
    var wholeWords: String { "\(name): " + faults.map(\.what).joined(separator: "; ") }
    /// Its kid, and its place where there are several.
    var title: String
    var words: String {
      "\(title): " + faults.map(\.what).joined(separator: "; ")
    }
  }

  private let set: JSONWebKeySet
  private let isSet: Bool
  private let algorithm: SignatureAlgorithm?
  private let entries: [Entry]

  /// Reads a set.
  ///
  /// - Parameters:
  ///   - isSet: Whether it stands in a set; false for one key that somebody has at hand.
  ///   - algorithm: The algorithm that tokens are expected with; nil when none is known.
  ///   - trial: Why the numbers of a key cannot be used, by calculating; nil when they can.
  public init(
    _ set: JSONWebKeySet, isSet: Bool = true, algorithm: SignatureAlgorithm? = nil,
    trial: (JSONWebKey) -> String?
  ) {
    (self.set, self.isSet, self.algorithm) = (set, isSet, algorithm)
    let places = (1...(set.keys.count + set.ignored + 1)).filter { !set.ignoredPlaces.contains($0) }
    entries = zip(places, set.keys).map { place, key in
      let isShort = Self.bits(key).map { $0 < Self.leastModulusBits } ?? false
      var faults = key.faults
      if !isShort, !faults.contains(where: { $0.weight == .unusable }), let reason = trial(key) {
        faults.append(
          KeyFault(.unusable, reason, "Publish the key anew.", .rfc(7518, "6")))
      }
      return Entry(
        place: place, key: key, faults: faults, isShort: isShort,
        name: Self.name(key, set.keys.count > 1 ? place : nil),
        title: (key.keyID ?? "no kid") + (set.keys.count > 1 ? " (no. \(place))" : ""))
    }
  }

  /// The size of an RSA key; nil for other keys, and where the number cannot be read.
  private static func bits(_ key: JSONWebKey) -> Int? {
    KeyMember(key, "n").numberFault == nil ? key.modulusBits : nil
  }

  /// A key for people: its kid, its place in the set, type and size.
  static func name(_ key: JSONWebKey, _ place: Int?) -> String {
    let size = bits(key).map { " \($0)" } ?? key.curve.map { " \($0)" } ?? ""
    let number = place.map { ", no. \($0)" } ?? ""
    return "\(key.keyID ?? "no kid") (\(key.keyType)\(size)\(number))"
  }

  /// Every verdict, in the order of the rules.
  public var findings: [KeySetFinding] {
    [noPrivate, keySize, keyID, use].compactMap { $0 } + form + [usable].compactMap { $0 }
  }

  // MARK: What must not be there

  private var noPrivate: KeySetFinding? {
    let spec = SpecReference.discovery("3")
    guard let leak = set.leaks.first else {
      guard !entries.isEmpty else { return nil }
      return KeySetFinding(
        .noPrivate, .harmless,
        isSet ? "The key set holds public keys only." : "It is a public key.",
        "\(set.keys.count) \(set.keys.count == 1 ? "key" : "keys")", nil, spec)
    }
    let isShared = set.leaks.allSatisfy { $0.members == ["k"] }
    let list = set.leaks
      .map { "\($0.keyID ?? "no kid") (no. \($0.place)): \($0.members.joined(separator: " "))" }
      .joined(separator: "; ")
    guard isSet else {
      return KeySetFinding(
        .noPrivate, .harmful,
        isShared
          ? "This is a shared secret, not a public key: who has it can sign."
          : "This key holds its private part: who has it can sign in its owner\u{2019}s name.",
        leak.members.joined(separator: " "),
        "Give it to nobody; if others have seen it, replace it. What may be published is the rest "
          + "of the members.", .rfc(7517, "9.2"))
    }
    return KeySetFinding(
      .noPrivate, .harmful,
      isShared
        ? "The key set publishes a shared secret." : "The key set publishes a private key.", list,
      "Replace the key at once: anyone who has read it can sign tokens about anybody.", spec)
  }

  private var keySize: KeySetFinding? {
    guard entries.contains(where: { Self.bits($0.key) != nil }) else { return nil }
    let short = entries.filter(\.isShort)
    guard !short.isEmpty else {
      return KeySetFinding(
        .keySize, .harmless, "No RSA key is too short to be trusted.",
        "\(Self.leastModulusBits) bits or more", nil, .rfc(7518, "3.3"))
    }
    let hurts = short.contains { entry in entry.signs && !candidates.contains { !$0.isUnusable } }
    return KeySetFinding(
      .keySize, hurts ? .harmful : .doubtful,
      "An RSA key is too short; its signatures are refused here.",
      short.map { "\($0.key.keyID ?? "no kid"): \($0.key.modulusBits ?? 0) bits" }
        .joined(separator: "; "),
      "Make a key of at least \(Self.leastModulusBits) bits.", .rfc(7518, "3.3"))
  }

  // MARK: Names and uses

  private var keyID: KeySetFinding? {
    let spec = SpecReference.core("10.1")
    guard isSet, !entries.isEmpty else { return nil }
    var twins: [String] = []
    var copies: [String] = []
    for (index, entry) in entries.enumerated() {
      guard let id = entry.key.keyID else { continue }
      for other in entries[..<index] where other.key.keyID?.isIdentical(to: id) == true {
        // Of two keys of other types or uses only one can be meant.
        let isOther =
          other.key.keyType != entry.key.keyType || other.signs != entry.signs
        let isCopy = other.key.thumbprintInput == entry.key.thumbprintInput
        if isOther || isCopy { copies.append(id) } else { twins.append(id) }
      }
    }
    if !twins.isEmpty {
      return KeySetFinding(
        .keyID, .doubtful, "Two keys have the same kid.", Self.list(twins),
        "Give each key a kid of its own: a client may take the wrong one.", spec)
    }
    let ids = entries.filter { $0.key.keyID != nil }.count
    if entries.count > 1, ids < entries.count {
      return KeySetFinding(
        .keyID, .doubtful, "Of several keys, not every one has a kid.",
        "\(entries.count) keys, \(ids) with kid", "Give each key a kid.", spec)
    }
    if !copies.isEmpty {
      return KeySetFinding(
        .keyID, .harmless, "A kid stands at two entries, and still leads to one key.",
        Self.list(copies), nil, spec)
    }
    // A kid of another type is told as a fault of the key.
    guard ids > 0 || entries.allSatisfy({ $0.key.json["kid"] == nil }) else { return nil }
    return KeySetFinding(
      .keyID, .harmless,
      ids == 0 ? "The one key has no kid, and needs none." : "A kid leads to one key.",
      "\(ids) with kid", nil, spec)
  }

  private static func list(_ ids: [String]) -> String {
    var once: [String] = []
    for id in ids where !once.contains(where: { $0.isIdentical(to: id) }) { once.append(id) }
    return once.joined(separator: ", ")
  }

  private var use: KeySetFinding? {
    let encrypts = entries.contains { $0.key.use == "enc" }
    let silent = entries.filter { $0.key.json["use"] == nil }
    guard isSet, encrypts, !silent.isEmpty else { return nil }
    return KeySetFinding(
      .use, .doubtful, "There are keys for encryption, but not every key says its use.",
      silent.map(\.name).joined(separator: ", "), "Give each key its use.", .discovery("3"))
  }

  // MARK: Single keys

  /// Faults of keys that keep no token from being verified; the others are told by ``usable``.
  private var form: [KeySetFinding] {
    let told = !candidates.contains { !$0.isUnusable } ? Set(candidates.map(\.place)) : []
    var found: [KeySetFinding] = []
    for weight in [KeyFault.Weight.unusable, .doubtful, .harmless] {
      let such = entries.filter { entry in
        !told.contains(entry.place) && entry.faults.map(\.weight).max() == weight
      }
      guard let first = such.first else { continue }
      let message =
        switch weight {
        case .unusable:
          such.count == 1 ? "A key cannot be used." : "\(such.count) keys cannot be used."
        case .doubtful:
          such.count == 1
            ? "A key is not as it should be." : "\(such.count) keys are not as they should be."
        case .harmless:
          such.count == 1
            ? "A key is for something else than tokens."
            : "\(such.count) keys are for other things."
        }
      let fault = first.faults.first { $0.weight == weight }
      found.append(
        KeySetFinding(
          .form, weight == .harmless ? .harmless : .doubtful, message,
          such.map(\.words).joined(separator: "; "), weight == .harmless ? nil : fault?.remedy,
          fault?.spec ?? .rfc(7517, "4")))
    }
    let nameless = set.ignored
    if nameless > 0 {
      found.append(
        KeySetFinding(
          .form, .doubtful,
          nameless == 1 ? "An entry of the set is no key." : "\(nameless) entries are no keys.",
          "no kty in entry \(set.ignoredPlaces.map(String.init).joined(separator: ", "))",
          "Give every key its type, kty: clients skip such entries.", .rfc(7517, "4.1")))
    }
    return found
  }

  // MARK: Whether tokens can be verified

  /// The keys with which a token might be signed, sound or not.
  private var candidates: [Entry] {
    entries.filter { entry in
      guard entry.signs, entry.key.keyType != "oct" else { return false }
      guard let algorithm else { return true }
      return entry.key.keyType == algorithm.keyType
        && (algorithm.curve == nil || entry.key.curve == nil || entry.key.curve == algorithm.curve
          || KeyAlgorithm.curves[entry.key.curve ?? ""] == nil)
        && entry.isMeant(for: algorithm)
    }
  }

  private var usable: KeySetFinding? {
    if let algorithm, algorithm.isSymmetric {
      return KeySetFinding(
        .usable, .harmless, "\(algorithm.rawValue) is verified with the client secret.", "", nil,
        .core("10.1"))
    }
    guard !entries.isEmpty else {
      guard set.leaks.isEmpty else { return nil }
      return KeySetFinding(
        .usable, .harmful, "There are no keys in the set: no ID token could be verified.",
        "no keys" + (set.ignored == 0 ? "" : ", \(set.ignored) entries that are no keys"),
        "The provider has no active key for signing: switch one on there.", .core("10.1"))
    }
    let candidates = candidates
    guard !candidates.isEmpty else { return isSet ? unfit : nil }
    let sound = candidates.filter { entry in
      !entry.isUnusable && (algorithm.map(entry.key.fits) ?? true)
    }
    if !sound.isEmpty {
      return KeySetFinding(
        .usable, .harmless,
        isSet
          ? "A key for \(algorithm?.rawValue ?? "signatures") is there." : "The key can be used.",
        sound.map(\.name).joined(separator: ", "), nil, .core("10.1"))
    }
    // What is only too short has been told.
    guard candidates.contains(where: { !$0.faults.isEmpty }) else {
      return candidates.allSatisfy(\.isShort) ? nil : unfit
    }
    let faulty = candidates.filter { !$0.faults.isEmpty }
    let fault = faulty.first?.faults.max { $0.weight < $1.weight }
    return KeySetFinding(
      .usable, .harmful,
      isSet
        ? "\(faulty.count == 1 ? "The key" : "No key") for "
          + "\(algorithm?.rawValue ?? "signatures") \(faulty.count == 1 ? "cannot" : "can") be "
          + "used: no ID token could be verified."
        : "The key cannot be used.",
      faulty.map(\.wholeWords).joined(separator: "; "), fault?.remedy,
      fault?.spec ?? .rfc(7518, "6"))
  }

  /// No key is for the algorithm.
  private var unfit: KeySetFinding {
    let others = SignatureAlgorithm.allCases.filter { other in
      !other.isSymmetric && entries.contains { $0.key.fits(other) && !$0.isUnusable }
    }
    let isOurs = !others.isEmpty && algorithm != nil
    var finding = KeySetFinding(
      .usable, .harmful,
      algorithm.map { "No key fits \($0.rawValue): no ID token could be verified." }
        ?? "No key is for signatures: no token could be verified.",
      entries.map(\.name).joined(separator: ", "),
      isOurs
        ? "Name the algorithm that is really used with --id-token-alg: the keys would fit "
          + others.map(\.rawValue).joined(separator: ", ") + "."
        : entries.contains(where: \.signs)
          ? "The provider has to publish a key that can be used, or name another algorithm."
          : "None of the keys is for signatures: the provider has to publish one that is.",
      .core("10.1"))
    finding.isOurs = isOurs
    return finding
  }
}
