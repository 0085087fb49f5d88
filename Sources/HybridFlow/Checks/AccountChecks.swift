import OpenID

/// Which account a login opens; stage 10.
///
/// OpenID Connect Core 1.0, section 5.7: `sub` and `iss` together are the only claims by which an
/// application can know a person again.
enum AccountChecks {
  /// Looks the person up as the application does, and judges how.
  static func judge(
    _ person: Account, _ book: AccountBook, key: AccountKey, links: Bool
  ) -> (checks: [Check], opening: AccountOpening) {
    var opening = AccountOpening(
      key: key, before: book.rows, person: person, outcome: .none)
    if let number = person.found(by: key, in: book.rows) {
      opening.outcome = book.rows[number - 1].isOf(person) ? .own(number) : .other(number)
    } else if links, let number = person.found(by: .email, in: book.rows) {
      opening.outcome = .linked(number)
    } else if person.has(key) {
      opening.outcome = .new(book.rows.count + 1)
    }
    return ([keyCheck(opening), linkCheck(opening)], opening)
  }

  private static func keyCheck(_ opening: AccountOpening) -> Check {
    let key = opening.key
    func check(_ verdict: Check.Verdict, _ why: String) -> Check {
      Check(
        .accountKey, verdict, expected: AccountKey.issuerAndSubject.words, found: key.words,
        why: why)
    }
    if key == .issuerAndSubject {
      return check(.pass, "No other issuer can name this person, and the two never change.")
    }
    if case .other(let number) = opening.outcome, let owner = opening.owner {
      return check(
        .fail,
        "It leads to account \(number), which is \(owner)\u{2019}s: whoever runs another issuer writes "
          + (key == .email ? "any address into its tokens." : "any sub into its tokens."))
    }
    return check(
      .fail,
      key == .email
        ? "An issuer writes any address into its tokens, and people change theirs."
        : "Another issuer may give the same sub to somebody else.")
  }

  private static func linkCheck(_ opening: AccountOpening) -> Check {
    guard case .linked(let number) = opening.outcome, let owner = opening.owner else {
      let same = opening.sharing("email")
      guard let first = same.first else {
        return Check(.accountLinkProof, .skip, why: "No other account has this e-mail address.")
      }
      return Check(
        .accountLinkProof, .pass, expected: "no link without proof", found: "no link",
        why: "Account \(first) has the same e-mail address; without signing in to it nothing links "
          + "the two.")
    }
    let row = opening.before[number - 1]
    let isProven = row.isEmailProven && opening.person.isEmailProven
    return Check(
      .accountLinkProof, .fail,
      expected: "an address proved on both sides, and a sign-in to that account",
      found: isProven
        ? "no sign-in to account \(number)"
        : row.isEmailProven
          ? "email_verified is not true here"
          : "nobody proved the address of account \(number)",
      why: "The login was linked to account \(number), which \(owner) opened and can still enter.")
  }
}

extension FlowStep {
  /// Opens the person's account, as the application does it; returns the checks that stop it.
  mutating func openAccount(
    _ answered: Answered, _ examination: UserinfoExamination?
  ) -> [CheckID] {
    let configuration = answered.authorized.configuration
    guard configuration.witness == nil, let book = configuration.accounts else { return [] }
    let mistakes = configuration.experiment.mistakes
    let key: AccountKey =
      mistakes.contains(.accountByEmail)
      ? .email : mistakes.contains(.accountBySubject) ? .subject : book.key
    let (checks, made) = AccountChecks.judge(
      person(answered, examination), book, key: key, links: mistakes.contains(.linksByEmail))
    let failed = check(.data, checks)
    var opening = made
    opening.isStopped = !failed.isEmpty
    transcript[.data].account = opening
    return failed
  }

  /// Who has signed in: by the verified ID token, and for the address by the userinfo as well.
  private func person(
    _ answered: Answered, _ examination: UserinfoExamination?
  ) -> Account {
    let token = answered.authorized.idToken.claims
    let userinfo =
      examination?.claims
      ?? answered.answers.first { $0.purpose == .userinfo }
      .flatMap { try? JSONParser.parse($0.response.body) }
    func claim(_ name: String) -> JSONValue? { token[name] ?? userinfo?[name] }
    let issuer = token["iss"]?.string
    return Account(
      owner: claim("name")?.string ?? "", issuer: issuer, subject: token["sub"]?.string,
      email: claim("email")?.string,
      isEmailProven: claim("email_verified") == .bool(true))
  }
}

// The rules.
extension CheckID {
  package static let accountKey = CheckID(
    "account-key", .error,
    rule: "the account is looked up by iss and sub together",
    shows: "an account that another issuer\u{2019}s person can open",
    next: "Store iss and sub of the ID token with the account, and look up by both.",
    spec: .core("5.7"))

  package static let accountLinkProof = CheckID(
    "account-link-proof", .error,
    rule: "no account is linked by an e-mail address alone",
    shows: "an account that somebody opened before in the person\u{2019}s name",
    next: "Let the person sign in to the old account first, and link only then.",
    spec: .core("5.7"))
}

extension AccountChecks {
  static let rules: [CheckID] = [.accountKey, .accountLinkProof]
}
