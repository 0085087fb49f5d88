import OpenID

/// By what an application finds the account of the person who has signed in.
public enum AccountKey: String, Sendable, Equatable, CaseIterable {
  /// By `iss` and `sub` together: the only names that are unique and never change.
  ///
  /// OpenID Connect Core 1.0, section 5.7.
  case issuerAndSubject = "iss-sub"
  /// By `sub` alone, which every issuer gives as it likes.
  case subject = "sub"
  /// By the e-mail address, which an issuer may write as it likes.
  case email = "email"

  /// The claims of the key.
  public var claims: [String] {
    switch self {
    case .issuerAndSubject: ["iss", "sub"]
    case .subject: ["sub"]
    case .email: ["email"]
    }
  }

  /// In words, for a sentence.
  public var words: String {
    switch self {
    case .issuerAndSubject: "iss and sub"
    case .subject: "sub alone"
    case .email: "the e-mail address"
    }
  }
}

/// An account of the application.
public struct Account: Sendable, Equatable {
  /// Whose it is: the one who loses it when somebody else opens it.
  public var owner: String
  /// The issuer by which it was opened; nil for an account with a password of the application.
  public var issuer: String?
  /// The subject there; nil for an account with a password.
  public var subject: String?
  /// The e-mail address in it.
  public var email: String?
  /// Whether somebody has proved that the address is theirs.
  public var isEmailProven: Bool

  /// Makes an account.
  public init(
    owner: String, issuer: String?, subject: String?, email: String?, isEmailProven: Bool
  ) {
    (self.owner, self.issuer, self.subject, self.email) = (owner, issuer, subject, email)
    self.isEmailProven = isEmailProven
  }
}

/// The accounts of an application before a login, and by what it finds one.
public struct AccountBook: Sendable, Equatable {
  /// By what an account is found.
  public var key: AccountKey
  /// The accounts in the order of their numbers, from 1.
  public var rows: [Account]

  /// Makes a book.
  public init(key: AccountKey = .issuerAndSubject, rows: [Account] = []) {
    (self.key, self.rows) = (key, rows)
  }

  /// The book of the demo application: two people who came by other providers.
  ///
  /// One has the e-mail address, the other the `sub` of the first person at the demo tenant.
  public static func demo(key: AccountKey = .issuerAndSubject) -> AccountBook {
    AccountBook(
      key: key,
      rows: [
        Account(
          owner: "Ada Lovelace", issuer: "https://id.family.example/", subject: "ada",
          email: "ada@demo.example", isEmailProven: true),
        Account(
          owner: "Charles Babbage", issuer: "https://id.club.example/",
          subject: "auth0|6743f0a1c0ffee0000000001", email: "charles@club.example",
          isEmailProven: true),
      ])
  }

  /// The same, where Mallory came first: an account with a password and an address that nobody proved.
  public static func claimedBefore() -> AccountBook {
    var book = demo()
    book.rows[0] = Account(
      owner: "Mallory", issuer: nil, subject: nil, email: "ada@demo.example", isEmailProven: false)
    return book
  }
}

/// Which account a login opened.
public struct AccountOpening: Sendable, Equatable {
  /// What the application did.
  public enum Outcome: Sendable, Equatable {
    /// Nobody was found: a new account, with this number.
    case new(Int)
    /// The person's own account was found.
    case own(Int)
    /// Somebody else's account was found by a weak key.
    case other(Int)
    /// The login was linked to the account with the same address.
    case linked(Int)
    /// None: a check stopped it before, or the claim of the key is missing.
    case none
  }
  /// By what it was looked up.
  public internal(set) var key: AccountKey
  /// The accounts before.
  public internal(set) var before: [Account]
  /// Who signed in.
  public internal(set) var person: Account
  /// What the look-up leads to.
  public internal(set) var outcome: Outcome
  /// Whether a check stopped it, so that nothing was opened.
  public internal(set) var isStopped = false

  /// The number of the account that the look-up leads to; nil for none.
  public var number: Int? {
    switch outcome {
    case .new(let number), .own(let number), .other(let number), .linked(let number): number
    case .none: nil
    }
  }

  /// Who owns that account; nil for none or a new one.
  public var owner: String? {
    number.flatMap { before.indices.contains($0 - 1) ? before[$0 - 1].owner : nil }
  }

  /// The numbers of the accounts that share a claim with the person, and are not theirs.
  public func sharing(_ claim: String) -> [Int] {
    before.indices.filter { index in
      let row = before[index]
      if row.isOf(person) { return false }
      switch claim {
      case "sub": return row.hasSubject(of: person)
      case "email": return row.hasEmail(of: person)
      default: return false
      }
    }.map { $0 + 1 }
  }
}

extension Account {
  func hasSubject(of other: Account) -> Bool {
    guard let subject, let its = other.subject else { return false }
    return subject.isIdentical(to: its)
  }

  func hasEmail(of other: Account) -> Bool {
    guard let email, let its = other.email, !email.isEmpty else { return false }
    return email.isIdentical(toIgnoringCase: its)
  }

  /// Whether it is the same person at the same issuer.
  func isOf(_ other: Account) -> Bool {
    guard let issuer, let its = other.issuer else { return false }
    return issuer.isIdentical(to: its) && hasSubject(of: other)
  }

  /// The numbers of the accounts that a key finds.
  func found(by key: AccountKey, in rows: [Account]) -> Int? {
    rows.firstIndex { row in
      switch key {
      case .issuerAndSubject: row.isOf(self)
      case .subject: row.hasSubject(of: self)
      case .email: row.hasEmail(of: self)
      }
    }.map { $0 + 1 }
  }

  /// Whether it has what a key is made of.
  func has(_ key: AccountKey) -> Bool {
    key == .email ? !(email ?? "").isEmpty : !(subject ?? "").isEmpty
  }
}

extension AccountOpening {
  /// Where the same login would lead with another key, and without a link.
  public func lookedUp(by key: AccountKey) -> AccountOpening {
    AccountChecks.judge(person, AccountBook(key: key, rows: before), key: key, links: false).opening
  }
}
