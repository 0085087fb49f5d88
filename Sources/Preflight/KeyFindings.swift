import HybridFlow
import OpenID

/// Findings about a key set.
///
/// OpenID Connect Core 1.0, section 10.1; RFC 7517.
enum KeyFindings {
  /// RFC 7518, section 3.3.
  static let leastModulusBits = 2048

  static func all(_ set: JSONWebKeySet, _ configuration: FlowConfiguration) -> [CheckFinding] {
    let keys = set.keys
    var all: [CheckFinding] = []
    all.append(
      set.leaks.isEmpty
        ? CheckFinding(
          "jwks-private", .info, "The key set holds public keys only.",
          evidence: "\(keys.count) \(keys.count == 1 ? "key" : "keys")", spec: .discovery("3"))
        : CheckFinding(
          "jwks-private", .error, "The key set publishes a private key.",
          evidence: set.leaks
            .map { "\($0.keyID ?? "no kid"): \($0.members.joined(separator: " "))" }
            .joined(separator: "; "),
          fix: "Replace the key at once: anyone who has read it can sign tokens about anybody.",
          spec: .discovery("3"), blame: .provider))
    let short = keys.filter { ($0.modulusBits ?? leastModulusBits) < leastModulusBits }
    if !short.isEmpty {
      all.append(
        CheckFinding(
          "jwks-key-size", .error, "An RSA key is too short; its signatures are refused here.",
          evidence: short.map { "\(name($0)): \($0.modulusBits ?? 0) bits" }
            .joined(separator: "; "),
          fix: "Make a key of at least \(leastModulusBits) bits.", spec: .rfc(7518, "3.3"),
          blame: .provider))
    }
    let ids = keys.compactMap(\.keyID)
    let repeated = ids.enumerated().filter { ids[..<$0.offset].contains($0.element) }
      .map(\.element)
    if !repeated.isEmpty {
      all.append(
        CheckFinding(
          "jwks-kid", .warning, "Two keys have the same kid.",
          evidence: repeated.joined(separator: ", "), fix: "Give each key a kid of its own.",
          spec: .core("10.1"), blame: .provider))
    } else if keys.count > 1, ids.count < keys.count {
      all.append(
        CheckFinding(
          "jwks-kid", .warning, "Of several keys, not every one has a kid.",
          evidence: "\(keys.count) keys, \(ids.count) with kid", fix: "Give each key a kid.",
          spec: .core("10.1"), blame: .provider))
    }
    all += uses(keys)
    all.append(usable(keys, configuration, ignored: set.ignored))
    return all
  }

  private static func uses(_ keys: [JSONWebKey]) -> [CheckFinding] {
    let encrypts = keys.contains { $0.use == "enc" }
    let silent = keys.filter { $0.use == nil }
    guard encrypts, !silent.isEmpty else { return [] }
    return [
      CheckFinding(
        "jwks-use", .warning, "There are keys for encryption, but not every key says its use.",
        evidence: silent.map(name).joined(separator: ", "), fix: "Give each key its use.",
        spec: .discovery("3"), blame: .provider)
    ]
  }

  private static func usable(
    _ keys: [JSONWebKey], _ configuration: FlowConfiguration, ignored: Int
  ) -> CheckFinding {
    let algorithm = configuration.idTokenAlgorithm
    if algorithm.isSymmetric {
      return CheckFinding(
        "jwks-usable", .info, "\(algorithm.rawValue) is verified with the client secret.",
        spec: .core("10.1"))
    }
    let rest = ignored == 0 ? "" : ", \(ignored) entries that are no keys"
    guard !keys.isEmpty else {
      return CheckFinding(
        "jwks-usable", .error, "There are no keys in the set: no ID token could be verified.",
        evidence: "no keys" + rest,
        fix: "The provider has no active key for signing: switch one on there.",
        spec: .core("10.1"), blame: .provider)
    }
    let fitting = keys.filter { $0.fits(algorithm) }
    let readable = fitting.filter { unreadable($0) == nil }
    guard !fitting.isEmpty else {
      let others = SignatureAlgorithm.allCases.filter { other in
        !other.isSymmetric && keys.contains { $0.fits(other) && unreadable($0) == nil }
      }
      return CheckFinding(
        "jwks-usable", .error, "No key fits \(algorithm.rawValue): no ID token could be verified.",
        evidence: keys.map(name).joined(separator: ", ") + rest,
        fix: others.isEmpty
          ? "None of the keys is for signatures: the provider has to publish one that is."
          : "Name the algorithm that is really used with --id-token-alg: the keys would fit "
            + others.map(\.rawValue).joined(separator: ", ") + ".",
        spec: .core("10.1"), blame: others.isEmpty ? .provider : .settings)
    }
    guard !readable.isEmpty else {
      return CheckFinding(
        "jwks-usable", .error,
        "The key for \(algorithm.rawValue) cannot be used: no ID token could be verified.",
        evidence: fitting.map { "\(name($0)): \(unreadable($0) ?? "")" }.joined(separator: "; "),
        fix: "Let the provider publish the key as RFC 7518 writes it.", spec: .rfc(7518, "6"),
        blame: .provider)
    }
    return CheckFinding(
      "jwks-usable", .info, "A key for \(algorithm.rawValue) is there.",
      evidence: readable.map(name).joined(separator: ", ") + rest, spec: .core("10.1"))
  }

  /// Why the numbers of a key cannot be read; nil when they can.
  private static func unreadable(_ key: JSONWebKey) -> String? {
    let names = key.keyType == "RSA" ? ["n", "e"] : key.keyType == "EC" ? ["x", "y"] : ["x"]
    for name in names {
      guard let text = key.json[name]?.string else { return "\(name) is not there, or no text" }
      guard key.bytes(name) == nil else { continue }
      let isBase64 = text.holds(anyOf: "+/=")
      return "\(name) is \(isBase64 ? "ordinary base64, not base64url" : "not base64url")"
    }
    return nil
  }

  private static func name(_ key: JSONWebKey) -> String {
    let bits = key.modulusBits.map { " \($0)" } ?? key.curve.map { " \($0)" } ?? ""
    return "\(key.keyID ?? "no kid") (\(key.keyType)\(bits))"
  }
}
