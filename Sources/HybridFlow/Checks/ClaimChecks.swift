import OpenID

/// The claims of a token, in the order of OpenID Connect Core 1.0, section 3.1.3.7.
public enum ClaimChecks: Sendable {
  /// Judges the claims of an ID token, or what every signed token may have of them.
  package static func all(_ claims: JSONValue, _ evidence: TokenEvidence) -> [Check] {
    guard evidence.isIDToken else {
      return issuer(claims, evidence).filter { $0.id == .idTokenIss && $0.verdict != .skip }
        + TimeChecks.all(claims, evidence)
    }
    return issuer(claims, evidence) + subject(claims) + audience(claims, evidence)
      + TimeChecks.all(claims, evidence) + LoginChecks.all(claims, evidence)
      + TextBooleanChecks.all(claims)
  }

  private static func issuer(_ claims: JSONValue, _ evidence: TokenEvidence) -> [Check] {
    guard let value = claims["iss"] else { return [absent(.idTokenIssPresent, "iss")] }
    guard let found = value.string else { return [mistyped(.idTokenIssPresent, "string", value)] }
    let present = Check(
      .idTokenIssPresent, .pass, expected: "a string", found: "a string",
      why: "The token says who issued it.")
    switch evidence.issuer {
    case .unknown(let why):
      return [present, .undecided(.idTokenIss, found: found, "which issuer was asked", why)]
    case .known(let expected):
      let matches = found.isIdentical(to: expected)
      var check = Check(
        .idTokenIss, matches ? .pass : .fail, expected: expected, found: found,
        why: matches
          ? "The token comes from the tenant that was asked."
          : "The token comes from somebody else.")
      if !matches {
        check.explain(
          Likeness.issuer(found, to: expected, document: evidence.documentIssuer.value ?? nil))
      }
      return [present, check]
    }
  }

  private static func subject(_ claims: JSONValue) -> [Check] {
    guard let value = claims["sub"] else { return [absent(.idTokenSubPresent, "sub")] }
    guard let found = value.string else { return [mistyped(.idTokenSubPresent, "string", value)] }
    let fits = !found.isEmpty && found.utf8.count <= 255 && found.utf8.allSatisfy { $0 < 0x80 }
    return [
      Check(
        .idTokenSubPresent, fits ? .pass : .fail, expected: "1 to 255 ASCII characters",
        found: found.isEmpty ? "empty" : found,
        why: fits ? "The token says who signed in." : "No subject looks like this.")
    ]
  }

  private static func audience(_ claims: JSONValue, _ evidence: TokenEvidence) -> [Check] {
    guard let value = claims["aud"] else { return [absent(.idTokenAudPresent, "aud")] }
    guard let audiences = value.string.map({ [$0] }) ?? value.strings, !audiences.isEmpty else {
      return [mistyped(.idTokenAudPresent, "string or array of strings", value)]
    }
    return [
      Check(
        .idTokenAudPresent, .pass, expected: "a string or an array", found: value.typeName,
        why: "The token says whom it is for."),
      ours(audiences, evidence.clientID), extra(audiences, evidence.clientID),
      authorizedParty(claims["azp"], audiences, evidence),
    ]
  }

  private static func ours(_ audiences: [String], _ clientID: Known<String>) -> Check {
    let found = audiences.joined(separator: ", ")
    switch clientID {
    case .unknown(let why): return .undecided(.idTokenAud, found: found, "the client id", why)
    case .known(let clientID):
      let isOurs = audiences.contains { $0.isIdentical(to: clientID) }
      var check = Check(
        .idTokenAud, isOurs ? .pass : .fail, expected: clientID, found: found,
        why: isOurs ? "It is for this application." : "It is for another application.")
      if !isOurs {
        check.explain(audiences.lazy.compactMap { Likeness.text($0, to: clientID) }.first)
      }
      return check
    }
  }

  private static func extra(_ audiences: [String], _ clientID: Known<String>) -> Check {
    // Without the client id, one audience is taken to be the client.
    let others = clientID.value.map { id in audiences.filter { !$0.isIdentical(to: id) } }
    let broken = others ?? (audiences.count > 1 ? audiences : [])
    guard !broken.isEmpty else {
      return Check(
        .idTokenAudExtra, .pass, expected: "nobody else", found: "nobody else",
        why: "It is for nobody else.")
    }
    return Check(
      .idTokenAudExtra, others == nil ? .warn : .fail, expected: "nobody else",
      found: broken.joined(separator: ", "),
      why: others == nil
        ? "Others could use this token as well: each of them must be trusted."
        : "Others could use this token as well, and nothing says that they may be trusted.")
  }

  private static func authorizedParty(
    _ claim: JSONValue?, _ audiences: [String], _ evidence: TokenEvidence
  ) -> Check {
    guard let claim else {
      // The application refuses every other audience; a reader may trust some of them.
      guard evidence.judge == .reader, audiences.count > 1 else {
        return Check(.idTokenAzp, .skip, why: "The token has no azp, and need not have one.")
      }
      return Check(
        .idTokenAzp, .warn, expected: "azp beside several audiences", found: "absent",
        why: "Nothing says to which of them it was issued.")
    }
    let found = claim.string ?? claim.compactText
    guard case .known(let clientID) = evidence.clientID else {
      let isAudience = claim.string.map { azp in audiences.contains { $0.isIdentical(to: azp) } }
      return Check(
        .idTokenAzp, isAudience == true ? .pass : .warn, expected: "one of the audiences",
        found: found,
        why: isAudience == true
          ? "It was issued to one of those that it is for."
          : "It was issued to a party that it is not for.")
    }
    let matches = claim.string?.isIdentical(to: clientID) == true
    return Check(
      .idTokenAzp, matches ? .pass : .warn, expected: clientID, found: found,
      why: matches ? "It was issued to this application." : "It was issued to another party.")
  }

  static func absent(_ id: CheckID, _ name: String) -> Check {
    Check(
      id, .fail, expected: "the claim \(name)", found: "absent",
      why: "Every ID token must have it.")
  }

  static func mistyped(_ id: CheckID, _ type: String, _ value: JSONValue) -> Check {
    Check(
      id, .fail, expected: type, found: "\(value.typeName): \(value.compactText)",
      why: "The claim is of the wrong type.")
  }
}

// The rules.
extension CheckID {
  package static let idTokenIss = CheckID(
    "id-token-iss", .error,
    rule: "iss is the issuer, byte for byte",
    shows: "the token of another tenant; mix-up",
    next: "Compare iss in the claims with the configured issuer.",
    spec: .core("3.1.3.7 (2)"))

  package static let idTokenIssPresent = CheckID(
    "id-token-iss-present", .error,
    rule: "iss is there and a string",
    shows: "a token nobody answers for",
    next: "Compare iss in the claims with the configured issuer.",
    spec: .core("2"))

  package static let idTokenSubPresent = CheckID(
    "id-token-sub-present", .error,
    rule: "sub is a string of 1 to 255 ASCII characters",
    shows: "a token about nobody",
    next: "Look at sub in the claims, and at mappings of the provider.",
    spec: .core("2"))

  package static let idTokenAudPresent = CheckID(
    "id-token-aud-present", .error,
    rule: "aud is there",
    shows: "a token for anybody",
    next: "Compare aud in the claims with the client id.",
    spec: .core("2"))

  package static let idTokenAud = CheckID(
    "id-token-aud", .error,
    rule: "aud contains our client id",
    shows: "a token made for another application",
    next: "Compare aud in the claims with the client id.",
    spec: .core("3.1.3.7 (3)"))

  package static let idTokenAudExtra = CheckID(
    "id-token-aud-extra", .error,
    rule: "aud names nobody we do not trust",
    shows: "a token shared with another application",
    next: "Look who else is in aud, and why.",
    spec: .core("3.1.3.7 (3)"))

  package static let idTokenAzp = CheckID(
    "id-token-azp", .warning,
    rule: "azp, if there, is our client id",
    shows: "a token issued to another party",
    next: "Compare azp in the claims with the client id.",
    spec: .core("3.1.3.7 (5)"))
}

extension ClaimChecks {
  static let rules: [CheckID] = [
    .idTokenIss, .idTokenIssPresent, .idTokenSubPresent, .idTokenAudPresent, .idTokenAud,
    .idTokenAudExtra, .idTokenAzp,
  ]
}
