import OpenID
import Testing

@testable import HybridFlow

/// Which account a login opens, by each key, as a table.
@Suite struct AccountTests {
  private static let ada = Account(
    owner: "Ada", issuer: "https://one.example/", subject: "ada", email: "ada@mail.example",
    isEmailProven: true)

  private static func row(
    _ issuer: String?, _ subject: String?, _ email: String?, isProven: Bool = true
  ) -> Account {
    Account(
      owner: "Somebody", issuer: issuer, subject: subject, email: email, isEmailProven: isProven)
  }

  @Test(arguments: [
    (AccountKey.issuerAndSubject, AccountOpening.Outcome.new(2)),
    (.subject, .other(1)), (.email, .new(2)),
  ])
  func `a sub of another issuer`(key: AccountKey, outcome: AccountOpening.Outcome) {
    let rows = [Self.row("https://two.example/", "ada", "other@mail.example")]
    let opening = AccountChecks.judge(
      Self.ada, AccountBook(key: key, rows: rows), key: key, links: false
    ).opening
    #expect(opening.outcome == outcome)
    #expect(opening.sharing("sub") == [1] && opening.sharing("email") == [])
  }

  @Test(arguments: [
    (AccountKey.issuerAndSubject, AccountOpening.Outcome.own(2)), (.subject, .own(2)),
    (.email, .other(1)),
  ])
  func `the person's own account, behind one with the same address`(
    key: AccountKey, outcome: AccountOpening.Outcome
  ) {
    let rows = [
      Self.row("https://two.example/", "x", "ADA@mail.example"),
      Self.row("https://one.example/", "ada", nil),
    ]
    let opening = AccountChecks.judge(
      Self.ada, AccountBook(key: key, rows: rows), key: key, links: false
    ).opening
    #expect(opening.outcome == outcome)
    #expect(opening.sharing("email") == [1] && opening.sharing("sub") == [])
  }

  @Test func `a person without an address opens nothing by it`() {
    var person = Self.ada
    person.email = nil
    let opening = AccountChecks.judge(
      person, AccountBook(key: .email), key: .email, links: false
    ).opening
    #expect(opening.outcome == .none && opening.number == nil)
  }

  @Test(arguments: [
    (true, true, "no sign-in to account 1"), (true, false, "email_verified is not true here"),
    (false, true, "nobody proved the address of account 1"),
  ])
  func `a link by an address is refused, and says what is missing`(
    ofRow: Bool, ofPerson: Bool, found: String
  ) throws {
    var person = Self.ada
    person.isEmailProven = ofPerson
    let book = AccountBook(rows: [Self.row(nil, nil, "ada@mail.example", isProven: ofRow)])
    let (checks, opening) = AccountChecks.judge(
      person, book, key: .issuerAndSubject, links: true)
    #expect(opening.outcome == .linked(1))
    let check = try #require(checks.last)
    #expect(check.id == .accountLinkProof && check.verdict == .fail && check.found == found)
  }
}
