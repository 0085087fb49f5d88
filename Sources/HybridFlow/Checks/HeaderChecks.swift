import OpenID

/// What the header of a signed token says beside its algorithm: a key of its own, a `kid` that is
/// more than a name, claims that stand in the payload as well.
///
/// OpenID Connect Core 1.0, section 2; RFC 7515, section 4.1; RFC 7519, section 5.3.
enum HeaderChecks {
  static func all(
    _ jws: CompactJWS, _ claims: JSONValue?, _ selection: KeySelection, _ judge: Judge
  ) -> [Check] {
    let remote = ["jku", "jwk", "x5u", "x5c"].filter { jws.header[$0] != nil }
    let key =
      remote.isEmpty
      ? keyID(jws, selection, judge)
      : Check(
        .idTokenNoRemoteKey, .fail, expected: noKey, found: remote.joined(separator: " "),
        why: "A key that the token brings along proves nothing; it was not used.")
    return [key, repeated(jws.header, claims)]
  }

  private static let noKey = "none of jku jwk x5u x5c, and a kid that is a name"

  /// Whether `kid` is only a name: a careless program opens an address, a file or a key in it.
  ///
  /// RFC 7515, section 4.1.4, leaves its form open, so the name of a published key may look like
  /// anything.
  private static func keyID(
    _ jws: CompactJWS, _ selection: KeySelection, _ judge: Judge
  ) -> Check {
    let name = jws.keyID ?? ""
    guard let form = KeyIDForm(name) else {
      return Check(
        .idTokenNoRemoteKey, .pass, expected: noKey, found: "none",
        why: "The key comes from the issuer, not from the token.")
    }
    let found = "a kid that is \(form.words): \(name.prefix(bytes: 120))"
    if selection.candidates.contains(where: { $0.keyID?.isIdentical(to: name) == true }) {
      return Check(
        .idTokenNoRemoteKey, .pass, expected: noKey, found: found,
        why: "The issuer publishes a key of this name; it was taken from there, and nothing that "
          + "the name seems to point to was opened.")
    }
    let isUnknown = if case .none = selection { true } else { false }
    return Check(
      .idTokenNoRemoteKey, isUnknown || judge == .application ? .fail : .warn, expected: noKey,
      found: found,
      why: isUnknown
        ? "The issuer publishes no key of this name; it was not opened, fetched or used as a key."
        : "It is no more than a name: whatever it seems to point to must not be opened.")
  }

  /// The header's own parameters; everything else in it may repeat a claim.
  private static let parameters: Set<String> = [
    "alg", "typ", "cty", "kid", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "enc",
    "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c",
  ]

  /// Whether claims that the header repeats are those of the payload.
  private static func repeated(_ header: JSONValue, _ claims: JSONValue?) -> Check {
    let shared = (header.members ?? []).filter {
      !parameters.contains($0.name) && claims?[$0.name] != nil
    }
    guard let claims, !shared.isEmpty else {
      return Check(
        .idTokenHeaderClaims, .pass, expected: "no claim, or the same as in the payload",
        found: "no claim", why: "Only the payload counts, and nothing in the header contradicts it."
      )
    }
    let names = shared.map(\.name).joined(separator: ", ")
    let different = shared.filter { claims[$0.name] != $0.value }
    guard !different.isEmpty else {
      return Check(
        .idTokenHeaderClaims, .pass, expected: "the same as in the payload",
        found: "the same: \(names)", why: "The header repeats what the payload says.")
    }
    return Check(
      .idTokenHeaderClaims, .fail,
      expected: different.map { "\($0.name) \(text(claims[$0.name]))" }.joined(separator: ", "),
      found: different.map { "\($0.name) \(text($0.value))" }.joined(separator: ", "),
      why: "Header and payload say different things; nothing was taken from the header, and a "
        + "token with two answers is not believed.")
  }

  private static func text(_ value: JSONValue?) -> String {
    value.map { $0.string ?? $0.compactText } ?? "absent"
  }
}

/// What a `kid` is when it is more than a name.
enum KeyIDForm {
  case address, path, key, command

  /// Recognizes the form; nil for a mere name.
  init?(_ name: String) {
    if name.begins(with: "{") || name.holds("-----BEGIN") {
      self = .key
    } else if name.holds("://") || name.begins(with: "//") || name.begins(with: "data:") {
      self = .address
    } else if Self.isPath(name) {
      self = .path
    } else if ["'", "`", "$(", "|", ";"].contains(where: { name.holds($0) }) {
      self = .command
    } else {
      return nil
    }
  }

  /// A thumbprint in plain base64 may begin with a slash as well.
  private static func isPath(_ name: String) -> Bool {
    if ["../", "./", "~/", "..\\", "\\\\"].contains(where: name.begins(with:)) { return true }
    if name.holds("/../") || name.holds("\\..\\") { return true }
    guard name.begins(with: "/"), !name.holds("+"), !name.holds("=") else { return false }
    return name.split(at: "/").count > 1
  }

  var words: String {
    switch self {
    case .address: "an address"
    case .path: "a path"
    case .key: "a key"
    case .command: "a piece of a command or a query"
    }
  }
}

// The rules.
extension CheckID {
  package static let idTokenNoRemoteKey = CheckID(
    "id-token-no-remote-key", .error,
    rule: "the header brings no key of its own, and kid is a name",
    shows: "a token that vouches for itself, or a kid that is to be fetched or opened",
    next: "Let the provider name its key by kid alone.",
    spec: .core("2"))

  package static let idTokenHeaderClaims = CheckID(
    "id-token-header-claims", .error,
    rule: "claims that the header repeats are those of the payload",
    shows: "a token that says two things: one reader takes the header, another the payload",
    next: "Let the provider leave claims out of the header; only the payload counts.",
    spec: .rfc(7519, "5.3"))
}
