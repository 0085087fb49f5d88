import OpenID

/// What an answer tells of the person beside its tokens: the field `user`, which nobody signs.
///
/// Apple sends it at the first consent only. Without the field there is nothing to check.
package enum UnsignedFieldChecks {
  /// The name of the field.
  package static let field = "user"

  /// Judges the field; empty when the answer has none.
  package static func all(_ evidence: AnswerEvidence) -> [Check] {
    guard let text = evidence[field] else { return [] }
    let json = try? JSONParser.parse(Array(text.utf8))
    guard let json, json.members != nil else {
      return [
        Check(
          .unsignedFieldNotUsed, .pass, expected: expected, found: "user, which is no JSON object",
          why: "The field is not signed, and nothing in it can be read: it is not used.")
      ]
    }
    return [judge(json, evidence)]
  }

  private static let expected = "the e-mail address of the ID token, or none"

  private static func judge(_ json: JSONValue, _ evidence: AnswerEvidence) -> Check {
    let unsigned = json["email"]?.string
    guard let unsigned, !unsigned.isEmpty else {
      return Check(
        .unsignedFieldNotUsed, .pass, expected: expected, found: "user, without an e-mail address",
        why: "The field is not signed: what it says may be shown, but no account is found by it.")
    }
    guard let claims = evidence.idTokenClaims, let signed = claims["email"]?.string else {
      return Check(
        .unsignedFieldNotUsed, .pass, expected: expected, found: unsigned,
        why:
          "The field is not signed, and no ID token says that this address is the person\u{2019}s: "
          + "it may be shown, but no account is found by it.")
    }
    let agrees = unsigned.asciiLowercased.isIdentical(to: signed.asciiLowercased)
    return Check(
      .unsignedFieldNotUsed, agrees ? .pass : .fail, expected: signed, found: unsigned,
      why: agrees
        ? "The field is not signed; its address is that of the ID token, which is the one that "
          + "counts. The name in it is proved by nothing."
        : "The field is not signed, and it names another address than the ID token: somebody "
          + "changed it on the way. The whole answer "
          + (evidence.judge == .application ? "is refused." : "is to be refused."))
  }

  static let rules: [CheckID] = [.unsignedFieldNotUsed]
}

/// Claims that are to be true or false and come as texts, as Apple may send them.
///
/// Without such a claim there is nothing to check.
package enum TextBooleanChecks {
  /// The claims of Core and of Apple that are booleans.
  static let names = [
    "email_verified", "phone_number_verified", "is_private_email", "nonce_supported",
  ]

  /// Judges the claims; empty when none of them is a text.
  package static func all(_ claims: JSONValue) -> [Check] {
    let texts = names.compactMap { name in claims[name]?.string.map { (name, $0) } }
    guard !texts.isEmpty else { return [] }
    let known = texts.allSatisfy { ["true", "false"].contains($0.1) }
    return [
      Check(
        .idTokenBooleans, known ? .pass : .warn, expected: "true or false",
        found: texts.map { "\($0.0): \"\($0.1)\"" }.joined(separator: ", "),
        why: known
          ? "It is a text instead of true or false, as Apple may send it. It is read as what it "
            + "says; where any text counts as true, \"false\" would count as well."
          : "It is a text, and neither \"true\" nor \"false\": it counts as false.")
    ]
  }

  static let rules: [CheckID] = [.idTokenBooleans]
}

// The rules.
extension CheckID {
  package static let unsignedFieldNotUsed = CheckID(
    "unsigned-field-not-used", .error,
    rule: "nothing of the person is taken from the field user, which is not signed",
    shows: "a field that was changed on its way through the browser",
    next: "Take e-mail address and subject from the ID token alone.",
    spec: .core("5.7"))

  package static let idTokenBooleans = CheckID(
    "id-token-booleans", .warning,
    rule: "claims that are true or false are no other texts than these two",
    shows: "an application that takes the text \"false\" for true",
    next: "Compare the claim with true and with \"true\", and take all else for false.",
    spec: .core("5.1"))
}
