import OpenID

/// What FAPI 1.0 Advanced wants of the provider's keys, and of the connections; stages 1, 8 and 10.
///
/// They are judged only under ``SecurityRules/fapi1Advanced``.
enum ProfileConnectionChecks {
  // MARK: Keys

  /// The keys that the provider publishes.
  static func keys(_ set: JSONWebKeySet, _ configuration: FlowConfiguration) -> [Check] {
    guard configuration.rules == .fapi1Advanced else { return [] }
    let least = KeySetJudge.leastModulusBits
    let short = set.keys.compactMap { key in
      key.modulusBits.flatMap { $0 < least ? "\(name(key)): \($0) bits" : nil }
    }
    let repeated = repeatedNames(set.keys)
    let count = "\(set.keys.count) \(set.keys.count == 1 ? "key" : "keys")"
    let isGood = short.isEmpty && repeated.isEmpty
    return [
      Check(
        .keysProfile, isGood ? .pass : .fail,
        expected: "RSA with \(least) bits or more, and a kid for each key",
        found: isGood
          ? count
          : (short + repeated.map { "\($0): the kid of several keys" }).joined(separator: ", "),
        why: isGood
          ? "No key is short, and a kid says which one is meant."
          : short.isEmpty
            ? "Nothing tells keys of one kid, use and alg apart: a receiver may try the wrong one, "
              + "or any."
            : "A key of this length can be broken, and then everybody signs for the provider.")
    ]
  }

  private static func name(_ key: JSONWebKey) -> String { key.keyID ?? "a key without kid" }

  /// The names that several keys have, where neither their kind, their use nor their algorithm tells
  /// them apart.
  private static func repeatedNames(_ keys: [JSONWebKey]) -> [String] {
    var seen: Set<[String]> = []
    var repeated: [String] = []
    for key in keys {
      guard let name = key.keyID else { continue }
      let marks = [name, key.keyType, key.use ?? "", key.algorithmName ?? ""]
      if !seen.insert(marks).inserted, !repeated.contains(name) { repeated.append(name) }
    }
    return repeated
  }

  // MARK: Connections

  /// The connections over which these messages went.
  static func connections(_ messages: [Message], _ configuration: FlowConfiguration) -> [Check] {
    guard configuration.rules == .fapi1Advanced, configuration.witness == nil else { return [] }
    let requests = messages.compactMap { $0.from == .application ? $0.request : nil }
    let agreed = requests.compactMap(\.security).filter { !$0.version.isEmpty }
    guard !agreed.isEmpty else {
      let isPlain = requests.allSatisfy { $0.url?.isHTTPS != true }
      return [
        Check(
          .tlsProfile, .skip,
          why: isPlain
            ? "Everything went over plain http, which stays on this machine: there is no TLS to judge."
            : "No TLS connection was seen.")
      ]
    }
    let bad = agreed.filter { !FAPIAdvanced.allows($0) }
    var words: [String] = []
    for security in bad.isEmpty ? agreed : bad {
      let text =
        security.cipher.isEmpty ? security.version : "\(security.version), \(security.cipher)"
      if !words.contains(text) { words.append(text) }
    }
    return [
      Check(
        .tlsProfile, bad.isEmpty ? .pass : .warn,
        expected: "TLS 1.3, or TLS 1.2 with one of the four suites of section 8.5",
        found: words.joined(separator: "; "),
        why: bad.isEmpty
          ? "Version and suite are among those that these rules allow."
          : "The two sides agreed on what these rules do not allow. It is not broken for that: both "
            + "sides choose, so look at either.")
    ]
  }
}

extension FAPIAdvanced {
  /// The cipher suites for TLS 1.2, as OpenSSL and as the standards name them: section 8.5.
  private static let suites = [
    "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  ]

  /// Whether a connection is one that section 8.5 allows; a suite that is not known is not held
  /// against it.
  static func allows(_ security: RequestSecurity) -> Bool {
    switch security.version {
    case "TLSv1.3": true
    case "TLSv1.2": security.cipher.isEmpty || suites.contains(security.cipher)
    default: false
    }
  }
}

// The rules.
extension CheckID {
  package static let keysProfile = CheckID(
    "keys-profile", .error,
    rule: "under FAPI 1.0 Advanced no published key is short, and a kid names one key",
    shows: "a key that can be broken, or one that can be taken for another",
    next: "Tell the provider\u{2019}s operator: it must publish other keys.",
    spec: SpecReference("FAPI 1.0 Advanced", "8.9"))

  package static let tlsProfile = CheckID(
    "tls-profile", .warning,
    rule: "under FAPI 1.0 Advanced TLS is 1.3, or 1.2 with one of four suites",
    shows: "a server or a client that still agrees on older suites",
    next:
      "Look at Wire for the suite, and let the server offer the four suites of section 8.5 alone.",
    spec: SpecReference("FAPI 1.0 Advanced", "8.5"))
}

extension ProfileConnectionChecks {
  static let keyRules: [CheckID] = [.keysProfile]
  static let rules: [CheckID] = [.tlsProfile]
}
