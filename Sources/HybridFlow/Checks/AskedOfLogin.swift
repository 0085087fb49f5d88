import OpenID

/// What the authorization request asked of the login, beside `max_age` and `acr_values`, which have
/// checks of their own.
///
/// Between application and tenant the request is an address in the browser: a page, a script or an
/// extension there can change it. A signed or a pushed request cannot be changed there (RFC 9101 and RFC 9126,
/// section 1); else only the answer shows whether the wish arrived.
struct AskedOfLogin: Sendable {
  /// `prompt=login` or `max_age=0`: the person must sign in now.
  let wantsFreshLogin: Bool
  /// The parameter that says so.
  let freshness: String
  /// The `sub` of the `id_token_hint`.
  let hintedSubject: String?
  /// The `login_hint`, when it is an e-mail address.
  let hintedEmail: String?
  /// Values of the `claims` parameter that the ID token must have.
  let claims: [(name: String, values: [JSONValue])]

  /// Reads the parameters that were sent.
  init(_ sent: (String) -> String?) {
    let prompt = sent("prompt") ?? ""
    let isFreshByPrompt = prompt.split(at: " ").contains { $0 == "login" }
    wantsFreshLogin = isFreshByPrompt || sent("max_age") == "0"
    freshness = isFreshByPrompt ? "prompt=login" : "max_age=0"
    hintedSubject =
      sent("id_token_hint").flatMap { try? CompactJWS($0) }
      .flatMap { try? $0.claims() }?["sub"]?.string
    hintedEmail = sent("login_hint").flatMap { $0.holds("@") ? $0 : nil }
    let asked = sent("claims").flatMap { try? JSONParser.parse($0) }?["id_token"]?.members ?? []
    claims = asked.compactMap { member in
      let wanted = member.value["value"].map { [$0] } ?? member.value["values"]?.elements ?? []
      return wanted.isEmpty ? nil : (member.name, wanted)
    }
  }

  /// One wish, and what the token says to it.
  private struct Reply {
    let asked: String
    let found: String
    let isRight: Bool
  }

  /// Judges what the token answers to it.
  func check(_ claims: JSONValue, _ evidence: TokenEvidence) -> Check {
    let replies =
      [freshLogin(claims, evidence), subject(claims), email(claims)].compactMap(\.self)
      + self.claims.map { reply(to: $0.name, $0.values, claims) }
    guard !replies.isEmpty else {
      return Check(
        .requestAsSent, .skip,
        why: "Nothing was asked that this token answers, beside max_age and acr_values.")
    }
    let wrong = replies.filter { !$0.isRight }
    let told = wrong.isEmpty ? replies : wrong
    return Check(
      .requestAsSent, wrong.isEmpty ? .pass : .warn,
      expected: told.map(\.asked).joined(separator: ", "),
      found: told.map(\.found).joined(separator: ", "),
      why: wrong.isEmpty
        ? "What was asked of the login arrived."
        : "The login is not the one that was asked for: the request was changed in the browser, or "
          + "the provider takes no notice.")
  }

  private func freshLogin(_ claims: JSONValue, _ evidence: TokenEvidence) -> Reply? {
    guard wantsFreshLogin, let began = evidence.loginStartedAt?.seconds,
      let time = claims["auth_time"]?.integer
    else { return nil }
    let earliest = TimeChecks.saturatingSubtract(began, evidence.clockSkewSeconds)
    return Reply(
      asked: "\(freshness): a login after \(TimeChecks.date(earliest))",
      found: "auth_time \(TimeChecks.date(time))", isRight: time >= earliest)
  }

  private func subject(_ claims: JSONValue) -> Reply? {
    guard let hintedSubject, let found = claims["sub"]?.string else { return nil }
    return Reply(
      asked: "id_token_hint: sub \(hintedSubject)", found: "sub \(found)",
      isRight: found.isIdentical(to: hintedSubject))
  }

  private func email(_ claims: JSONValue) -> Reply? {
    guard let hintedEmail, let found = claims["email"]?.string else { return nil }
    return Reply(
      asked: "login_hint: \(hintedEmail)", found: "email \(found)",
      isRight: found.isIdentical(toIgnoringCase: hintedEmail))
  }

  private func reply(to name: String, _ wanted: [JSONValue], _ claims: JSONValue) -> Reply {
    let found = claims[name]
    return Reply(
      asked: "claims: \(name) " + wanted.map(Self.text).joined(separator: " or "),
      found: "\(name) " + (found.map(Self.text) ?? "absent"),
      isRight: found.map(wanted.contains) ?? false)
  }

  private static func text(_ value: JSONValue) -> String { value.string ?? value.compactText }
}

// The rule.
extension CheckID {
  package static let requestAsSent = CheckID(
    "request-as-sent", .warning,
    rule: "the login answers prompt, hints and claims as they were asked for",
    shows: "a request that was changed in the browser",
    next: "Sign the request or push it, so that nobody can change it on its way.",
    spec: .rfc(9101, "1"))
}
